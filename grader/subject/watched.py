"""Notes which of some library functions and classes student code calls: those that an exercise asks to write oneself.

The names come from `[watch]` in assignment.toml. It runs beside the submission, which can undo it: what it tells is
a hint for people and for honest code, never a proof.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Collection, Sequence
from types import FrameType
from typing import Any

from grader.subject.adapted import FILENAME

_LIBRARIES = ("torch", "numpy", "grader", "functools")


class WatchedCalls:
    """The calls of watched names since they were last taken; one in the course of another is not counted.

    `others` are files whose own calls are nobody's: the course's code, not the student's.
    """

    def __init__(self, others: Collection[str] = (FILENAME,)) -> None:
        self.others = others
        self._names: list[str] = []
        self._depth = 0

    def take(self) -> tuple[str, ...]:
        """The names that were called since the last time, each once, and forget them."""
        names, self._names, self._depth = self._names, [], 0
        return tuple(names)

    def watch(self, dotted: str) -> None:
        """Note calls of this function from now on; of a class, calls of its `forward`, else that it is made.

        A name that is not there (in this version of the library) is passed over.
        """
        owner, last = _owner(dotted)
        target = getattr(owner, last, None)
        if isinstance(target, type):
            method = "forward" if hasattr(target, "forward") else "__init__"
            setattr(target, method, self._noting(getattr(target, method), dotted))
        elif callable(target):
            setattr(owner, last, _NotedFunction(self, target, dotted))

    def _noting(self, function: Any, dotted: str) -> Any:
        @functools.wraps(function)
        def noted(*args: Any, **kwargs: Any) -> Any:
            return self.call(function, dotted, args, kwargs)

        return noted

    def call(self, function: Any, dotted: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function and note it under this name."""
        if not self._depth and dotted not in self._names and not self._is_of_others(sys._getframe(1)):
            self._names.append(dotted)
        self._depth += 1
        try:
            return function(*args, **kwargs)
        finally:
            self._depth = max(0, self._depth - 1)

    def _is_of_others(self, frame: FrameType | None) -> bool:
        """Whether it is the course's code that calls: the nearest frame that is no library's is its."""
        while frame is not None:
            if str(frame.f_globals.get("__name__")).partition(".")[0] not in _LIBRARIES:
                return frame.f_code.co_filename in self.others
            frame = frame.f_back
        return False


class _NotedFunction:
    """A function, or an object with variants of it as attributes, each call of which is noted."""

    def __init__(self, watched: WatchedCalls, target: Any, dotted: str) -> None:
        self._watched, self._target, self._dotted = watched, target, dotted
        self.__doc__, self.__name__ = getattr(target, "__doc__", None), dotted.rpartition(".")[2]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._watched.call(self._target, self._dotted, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._target, name)
        if callable(part) and not name.startswith("_"):
            return _NotedFunction(self._watched, part, self._dotted)
        return part


def _owner(dotted: str) -> tuple[Any, str]:
    """What holds a dotted name, and its last part. The first part is imported, and modules on the way."""
    first, *path = dotted.split(".")
    value: Any = importlib.import_module(first)
    name = first
    for part in path[:-1]:
        name = f"{name}.{part}"
        if not hasattr(value, part):
            try:
                importlib.import_module(name)
            except ImportError:
                return None, path[-1]
        value = getattr(value, part, None)
    return value, path[-1] if path else ""


#: What the host of this process reports and empties after each operation.
CALLS = WatchedCalls()
