"""`grader check`: a student's own look at their own file, with the visible checks that lie beside it.

    folder    a path → the exercise: which file, which checks
    guide     checks.toml: what each check stands for, and its hints
    session   THE MAIN PATH: one look at the file → a `Report`
    process   the processes that student code runs in: started warm, asked, stopped
    child     such a process from the inside: serves, forks where it may
    perform   in there: loads the file, runs the checks, says what happened
    arrays    in there: two small arrays side by side
    paste     a failing check → the lines that show it, to paste
    words     what happened, in words, and the next thing to do
    screen    a report as it is printed
    hints     the ladder of hints, and how far up it one is
    watch     a new look at every save

It needs a hand-out's folder and nothing of a course. It grades nothing and knows no hidden test. It runs on Linux,
macOS and Windows: there is no jail (the code is the student's own, on the student's own machine), and nothing
on its path may need fork, signals or a POSIX terminal. Nothing is imported here: the child pays for every import.
"""
