"""Inside the child: an exception that the student's file or a check raised, as data for the process that reports it."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping
from types import FrameType, TracebackType
from typing import Any

from grader.check import nothing

MOST_TEXT = 2_000  # characters


class Missing:
    """Stands where the checks want a name that the student's file does not define; using it says so."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        raise MissingNameError(self.name)

    def __getattr__(self, attribute: str) -> Any:
        raise MissingNameError(self.name)


class MissingNameError(Exception):
    """A check used a name that the student's file does not define."""


def raised(error: BaseException, labels: Mapping[str, str], checks_file: str, check: str) -> dict[str, Any]:
    """An exception as data: what it is, the student's and the check's lines, and the arrays in sight."""
    student: list[tuple[str, int, str]] = []
    check_line, innermost = 0, ""
    arrays: dict[str, Any] = {}
    of_checks: list[tuple[FrameType, int]] = []
    shapes: tuple[Any, ...] = ()
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename in labels:
            student.append((labels[code.co_filename], trace.tb_lineno, code.co_name))
            innermost, shapes = "student", _shapes(trace)
        elif code.co_filename == checks_file:
            innermost = "check"
            if code.co_name == check:
                check_line = trace.tb_lineno
            arrays = dict(trace.tb_frame.f_locals)
            of_checks.append((trace.tb_frame, trace.tb_lineno))
        trace = trace.tb_next
    outcome = _outcome(error, innermost)
    compared, came_nothing = [], False
    if isinstance(error, AssertionError) and outcome == "failed":
        came_nothing = nothing.came_back("".join(linecache.getlines(checks_file)), of_checks)
        from grader.check.arrays import side_by_side  # numpy is there by now

        compared = side_by_side(arrays.get("expected"), arrays.get("got"))
    return {
        "outcome": outcome,
        "kind": type(error).__name__,
        "text": _text(error),
        "frames": student[-1:],
        "entered": student[:1],
        "check_line": check_line,
        "shapes": shapes,
        "compared": compared,
        "bare": isinstance(error, AssertionError) and not error.args,
        "nothing": came_nothing,
    }


def _outcome(error: BaseException, innermost: str) -> str:
    """What an exception says of a check, by whose code raised it: "student" or "check"."""
    if isinstance(error, MissingNameError):
        return "missing"
    if isinstance(error, SystemExit):
        return "exit"
    if isinstance(error, NotImplementedError) and innermost == "student":
        return "todo"
    return "error" if innermost == "student" else "failed"


def _text(error: BaseException) -> str:
    try:
        return (str(error.msg) if isinstance(error, SyntaxError) else str(error))[:MOST_TEXT]
    except Exception:  # a student's own exception class
        return ""


def _shapes(trace: TracebackType) -> tuple[Any, ...]:
    from grader.subject.operands import shapes

    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    kinds = [numpy.ndarray] if numpy else []
    if torch:
        kinds += [torch.Tensor, torch.nn.Parameter]
    return tuple((name, tuple(shape)) for name, shape in shapes(trace, kinds))
