"""`python -m tests.kit.run_text TEXT` runs a text as a program: for tests that need a process of their own for it."""

import sys

if __name__ == "__main__":
    exec(compile(sys.argv[1], "<text>", "exec"), {"__name__": "__main__"})
