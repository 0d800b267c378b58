"""Requests to end a program: Ctrl-C, and the signals of a batch system or of a terminal that is closed.

Imports nothing beyond the standard library: it is asked before anything else is imported.
"""

from __future__ import annotations

import contextlib
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

_INTERRUPTED = 130  # what a shell gives for Ctrl-C
_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class EndSignal(KeyboardInterrupt):
    """A signal that asks the program to end; it ends a run as Ctrl-C does."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextlib.contextmanager
def signals_to_end() -> Iterator[None]:
    """Let a request to end, of a batch system or a closed terminal, be told from a fault: it raises EndSignal.

    One that is ignored on purpose, as `nohup` does, stays ignored.
    """

    def end(number: int, frame: FrameType | None) -> None:
        for other in taken:
            signal.signal(
                other, signal.SIG_IGN
            )  # what is begun, such as a file half written, is ended in peace
        raise EndSignal(number)

    taken: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        taken = {number: signal.getsignal(number) for number in _ENDING}
        taken = {number: before for number, before in taken.items() if before == signal.SIG_DFL}
    for number in taken:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, before in taken.items():
            signal.signal(number, before)


def exit_status(stop: KeyboardInterrupt) -> int:
    """The exit status of a program that was asked to end, as a shell gives it.

    >>> exit_status(EndSignal(15)), exit_status(KeyboardInterrupt())
    (143, 130)
    """
    return 128 + stop.number if isinstance(stop, EndSignal) else _INTERRUPTED


def command_again(typed: Sequence[str]) -> str:
    """The command to type in order to go on: without --fresh, which would begin anew.

    >>> command_again(["grade", "my class", "--fresh"])
    "grader grade 'my class'"
    """
    return shlex.join(["grader", *(word for word in typed if word != "--fresh")])


def say_stopped(typed: Sequence[str]) -> None:
    """Say on standard error that a command was stopped before it could say so itself, and what to type."""
    what = "Stopped before anything was graded." if [*typed[:1]] == ["grade"] else "Stopped."
    with contextlib.suppress(OSError):
        print(f"\n{what} To begin again: {command_again(typed)}", file=sys.stderr)
