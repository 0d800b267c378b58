"""What is done before the command line is imported: streams are opened, and a warm process is started for `grade`.

Loading torch is most of what one file waits for, and to import typer and make the command takes a tenth of that.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.subject.keeper import Keeper

#: What `grade` is typed with where nothing is run on this machine.
_ELSEWHERE = ("-h", "--help", "--cluster")
_launched: list[Keeper] = []


def grades_here(typed: Sequence[str]) -> bool:
    """Whether what was typed will need a warm process.

    >>> grades_here(["grade", "ada.py", "-a", "rnn"]), grades_here(["grade", "-h"]), grades_here(["report", "out"])
    (True, False, False)
    """
    is_grade = sys.platform.startswith("linux") and [*typed[:1]] == ["grade"]
    return is_grade and not any(word.startswith(_ELSEWHERE) for word in typed)


def launch() -> None:
    """Start a warm process, for `take_keeper`."""
    from grader.subject.keeper import Keeper

    with contextlib.suppress(OSError):  # whoever needs it tries again, and says what is the matter
        _launched.append(Keeper.launch())


def take_keeper() -> Keeper | None:
    """The keeper of the process that was started, for whoever asks first: it is theirs to close."""
    return _launched.pop() if _launched else None


def open_standard_streams() -> None:
    """Open what is closed of the descriptors 0 to 2 on nothing.

    Else the next socket or file would become one of them, and whoever writes to standard output would write into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest that is free, which is this one
