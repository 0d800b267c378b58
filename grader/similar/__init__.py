"""`grader similar`: who handed in the same, or nearly the same, code. A place to look, and no verdict.

    programs       a submission → a program: its lines, and the tokens of each function that say what it does
    tokens         a parsed source → tokens without names, layout, comments, docstrings and annotations
    fingerprints   tokens → the few numbers that stand for them (winnowing)
    compare        a class of programs → matches: equal files, equal code, much of the same code
    numbers        results → pairs that share wrong numbers which no mistake explains
    passages       two programs → the lines that are the same in both
    pages, written the same as web pages, CSV and JSON
    command        what `grader similar` does, from top to bottom

Nothing of a student's is run: sources are read by `grader.submissions` and parsed. No numpy, no torch.
"""
