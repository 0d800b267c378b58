"""What the student's own code says or asks for: checks and exceptions of its own, and what grading has not."""

from __future__ import annotations

from grader.messages.causes.row import Cause

_CLOSED = "Your code is graded without files, network and other programs: it gets all it needs as arguments."
_ARGUMENTS = "Your code is imported, not started with arguments of its own: the functions get all they need."
_DEBUGGER = "A debugger has stopped here, and nobody is there to steer it: take it out before you hand in."
_EXIT = "This ends the whole program, not only the function: what is graded after it would be lost as well."
_OWN_CHECK = "An `assert` of your own does not hold. Does it expect one certain size?"
_OWN_RAISE = "Your own code raises this. Does it refuse something that the hand-out allows?"

CAUSES = (
    # what the student's code says itself
    Cause(r"AssertionError", r"^(?!Torch not compiled)", _OWN_CHECK, look="own", line=r"(?:^|[:;] ?)assert\b"),
    Cause(r"(?!NotImplementedError|SystemExit)\w+", r"", _OWN_RAISE, look="own", line=r"(?:^|[:;] ?)raise\b"),
    # what cannot be had in grading, told by the line: the exceptions of these vary
    Cause(r"BdbQuit", r"", _DEBUGGER, look="debugger"),
    Cause(r"IndexError|ValueError", r"", _ARGUMENTS, look="closed", line=r"\bsys\.argv\b"),
    Cause(r"SystemExit", r"", _ARGUMENTS, look="closed", line=r"\bparse_(?:known_)?args\b"),
    Cause(r"SystemExit|KeyboardInterrupt", r"", _EXIT, look="closed"),
    Cause(r"KeyError", r"", _CLOSED, look="closed", line=r"\benviron\b"),
    Cause(
        r"PermissionError|FileNotFoundError|FileExistsError|IsADirectoryError|NotADirectoryError|BlockingIOError"
        r"|OSError|URLError|HTTPError|gaierror|Connection\w*Error|TimeoutError|CalledProcessError|TimeoutExpired"
        r"|BrokenProcessPool|UnsupportedOperation|TclError",
        r"",
        _CLOSED,
        look="closed",
    ),
    Cause(r"RuntimeError|OSError", r"^can't start new thread", _CLOSED, look="closed"),
    Cause(r"RuntimeError", r"", _CLOSED, look="closed", line=r"\btorch\.(?:save|load)\b"),
    Cause(r"OperationalError", r"^unable to open database file", _CLOSED, look="closed"),
)  # fmt: skip
