"""Counts the steps of a call, so that a test can say how its work grows with its input. No clock is involved.

Three things are counted: lines of Python that are carried out, the length of the text or list on which a method written
in C is called (`text.split` in a loop looks at the text again and again), and the steps of regular expressions. As the
engine of `re` cannot be asked for those, each pattern is also matched by a plain backtracking matcher, which tries what
the engine tries.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from . import counted_matching
from .counted_matching import Matcher, Steps

_SIZED = (str, bytes, bytearray, list, tuple, dict, set, frozenset)


class CountedPattern:
    """A compiled pattern that answers as `re` does, and counts what a backtracking engine does for it."""

    def __init__(self, real: re.Pattern[Any], steps: Steps) -> None:
        self._real, self._steps = real, steps
        self._matcher = Matcher(real.pattern, real.flags) if isinstance(real.pattern, str) else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def _tried(self, text: str, place: int, *, anywhere: bool) -> None:
        if self._matcher is None or not isinstance(text, str):
            self._steps.add(len(text))  # bytes: patterns for the first lines of a file
            return
        for begin in range(place, len(text) + 1 if anywhere else place + 1):
            if self._matcher.match(text, begin, self._steps) is not None:
                return

    def match(self, text: str, *places: int) -> Any:
        self._tried(text, places[0] if places else 0, anywhere=False)
        return self._real.match(text, *places)

    def fullmatch(self, text: str, *places: int) -> Any:
        if self._matcher is not None:
            ended = CountedPattern.__new__(CountedPattern)
            ended._real, ended._steps = self._real, self._steps
            ended._matcher = Matcher(rf"(?:{self._real.pattern})\Z", self._real.flags)
            ended._tried(text, 0, anywhere=False)
        return self._real.fullmatch(text, *places)

    def search(self, text: str, *places: int) -> Any:
        self._tried(text, places[0] if places else 0, anywhere=True)
        return self._real.search(text, *places)

    def finditer(self, text: str) -> Iterator[Any]:
        place = 0
        for match in self._real.finditer(text):
            self._tried(text, place, anywhere=True)
            place = max(match.end(), place + 1)
            yield match
        self._tried(text, place, anywhere=True)

    def findall(self, text: str) -> list[Any]:
        list(self.finditer(text))
        return self._real.findall(text)

    def sub(self, replacement: Any, text: str, count: int = 0) -> str:
        list(self.finditer(text))
        return self._real.sub(replacement, text, count)

    def split(self, text: str) -> list[Any]:
        list(self.finditer(text))
        return self._real.split(text)


class CountedModule:
    """Stands for the module `re` in a module: its functions count."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        if name in ("match", "fullmatch", "search", "finditer", "findall", "sub", "split"):
            return lambda pattern, *arguments, flags=0, **more: self._call(
                name, pattern, arguments, flags, more
            )
        return getattr(re, name)

    def _call(
        self, name: str, pattern: Any, arguments: tuple[Any, ...], flags: int, more: dict[str, Any]
    ) -> Any:
        texts = 2 if name == "sub" else 1
        if len(arguments) > texts and name != "sub":
            flags, arguments = arguments[texts], arguments[:texts]
        return getattr(CountedPattern(re.compile(pattern, flags), self._steps), name)(*arguments, **more)


@contextmanager
def counted_patterns(modules: list[types.ModuleType], steps: Steps) -> Iterator[None]:
    """While it lasts, the patterns of these modules count."""
    before: list[tuple[types.ModuleType, str, Any]] = []
    for module in modules:
        for name, value in list(vars(module).items()):
            new = CountedModule(steps) if value is re else _counted(value, steps)
            if new is not value:
                before.append((module, name, value))
                setattr(module, name, new)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def _counted(value: Any, steps: Steps) -> Any:
    if isinstance(value, re.Pattern):
        return CountedPattern(value, steps)
    if type(value) in (tuple, list):
        parts = [_counted(part, steps) for part in value]
        return type(value)(parts) if any(new is not old for new, old in zip(parts, value)) else value
    return value


def steps_of(call: Callable[[], object], modules: list[types.ModuleType], most: int = 20_000_000) -> int:
    """How many steps a call takes. Raises TooManySteps beyond `most`."""
    steps = Steps(most)
    own = {__file__, counted_matching.__file__}  # what counts is not counted

    def lines(frame: types.FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename in own:
            return None
        if event == "line":
            steps.add()
        return lines

    def calls(frame: types.FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and frame.f_code.co_filename not in own:
            owner = getattr(argument, "__self__", None)
            if isinstance(owner, _SIZED) and argument.__name__ not in _CONSTANT:
                steps.add(len(owner))

    with counted_patterns(modules, steps):
        tracing, profiling = sys.gettrace(), sys.getprofile()
        sys.settrace(lines)
        sys.setprofile(calls)
        try:
            call()
        finally:
            sys.setprofile(profiling)
            sys.settrace(tracing)
    return steps.count


#: Methods that do not look through what they belong to.
_CONSTANT = frozenset(
    (
        "append",
        "pop",
        "add",
        "get",
        "setdefault",
        "startswith",
        "endswith",
        "items",
        "keys",
        "values",
        "isdecimal",
    )
)
