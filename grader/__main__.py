"""`python -m grader`: the same command line as `grader`."""

from grader.cli import main

if __name__ == "__main__":
    main()
