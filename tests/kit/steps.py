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

if sys.version_info >= (3, 11):
    from re import _constants as sre  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_constants as sre
    import sre_parse as parser

_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    sre.CATEGORY_DIGIT: str.isdecimal,
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
}
_CATEGORIES |= {
    sre.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdecimal(),
    sre.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    sre.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}
_SIZED = (str, bytes, bytearray, list, tuple, dict, set, frozenset)


class TooManySteps(Exception):
    """A call has gone so far that nothing linear can explain it."""


class Steps:
    """What has been counted so far. `most` stops a call that goes on and on."""

    def __init__(self, most: int) -> None:
        self.count, self.most = 0, most

    def add(self, count: int = 1) -> None:
        self.count += count
        if self.count > self.most:
            raise TooManySteps


class Matcher:
    """A pattern as a program for a backtracking machine: one step for each instruction that is tried."""

    def __init__(self, pattern: str, flags: int) -> None:
        tree = parser.parse(pattern, flags)
        self.flags = flags | tree.state.flags
        self.code: list[tuple[Any, ...]] = []
        self._compile(tree)
        self.code.append(("done",))

    def match(self, text: str, place: int, steps: Steps, begin: int = 0) -> int | None:
        """Where a match from `place` on ends; None when there is none."""
        waiting = [(begin, place)]
        while waiting:
            at, place = waiting.pop()
            while True:
                steps.add()
                kind, *rest = self.code[at]
                if kind == "done":
                    return place
                if kind == "one":
                    if place >= len(text) or not rest[0](text[place]):
                        break
                    at, place = at + 1, place + 1
                elif kind == "split":
                    waiting.append((rest[1], place))
                    at = rest[0]
                elif kind == "jump":
                    at = rest[0]
                elif kind == "at":
                    if not rest[0](text, place):
                        break
                    at += 1
                else:  # looking ahead or behind
                    inner, must_match, width = rest
                    begin_at = place - width
                    fits = begin_at >= 0 and inner.match(text, begin_at, steps) is not None
                    if fits != must_match:
                        break
                    at += 1
        return None

    def _compile(self, tree: Any) -> None:
        for kind, argument in tree:
            self._instruction(kind, argument)

    def _instruction(self, kind: Any, argument: Any) -> None:
        if kind in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            self.code.append(("one", self._character(kind, argument)))
        elif kind is sre.SUBPATTERN:
            self._compile(argument[3])
        elif kind is sre.BRANCH:
            self._branch(argument[1])
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            self._repeat(*argument, lazy=kind is sre.MIN_REPEAT)
        elif kind is sre.AT:
            self.code.append(("at", self._position(argument)))
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            inner = Matcher.__new__(Matcher)
            inner.flags, inner.code = self.flags, []
            inner._compile(argument[1])
            inner.code.append(("done",))
            width = argument[1].getwidth()[0] if argument[0] < 0 else 0
            self.code.append(("look", inner, kind is sre.ASSERT, width))
        else:
            raise NotImplementedError(f"{kind} is not counted yet")

    def _branch(self, branches: Any) -> None:
        jumps = []
        for branch in branches[:-1]:
            split = len(self.code)
            self.code.append(())
            self._compile(branch)
            jumps.append(len(self.code))
            self.code.append(())
            self.code[split] = ("split", split + 1, len(self.code))
        self._compile(branches[-1])
        for jump in jumps:
            self.code[jump] = ("jump", len(self.code))

    def _repeat(self, least: int, most: Any, body: Any, *, lazy: bool) -> None:
        for _ in range(least):
            self._compile(body)
        if most is sre.MAXREPEAT:
            if body.getwidth()[0] == 0:
                raise NotImplementedError("a repetition of what may be empty is not counted yet")
            split = len(self.code)
            self.code.append(())
            self._compile(body)
            self.code.append(("jump", split))
            self.code[split] = self._split(split + 1, len(self.code), lazy)
            return
        splits = []
        for _ in range(most - least):
            splits.append(len(self.code))
            self.code.append(())
            self._compile(body)
        for split in splits:
            self.code[split] = self._split(split + 1, len(self.code), lazy)

    def _split(self, on: int, out: int, lazy: bool) -> tuple[Any, ...]:
        return ("split", out, on) if lazy else ("split", on, out)

    def _character(self, kind: Any, argument: Any) -> Callable[[str], bool]:
        fold = str.lower if self.flags & re.IGNORECASE else str
        if kind is sre.ANY:
            return lambda letter: bool(self.flags & re.DOTALL) or letter != "\n"
        if kind is sre.IN:
            return self._set(argument, fold)
        letter_wanted = fold(chr(argument))
        return lambda letter: (fold(letter) == letter_wanted) == (kind is sre.LITERAL)

    def _set(self, members: Any, fold: Callable[[str], str]) -> Callable[[str], bool]:
        positive = members[0][0] is not sre.NEGATE
        tests: list[Callable[[str], bool]] = []
        for kind, argument in members if positive else members[1:]:
            if kind is sre.LITERAL:
                tests.append(_same(fold(chr(argument)), fold))
            elif kind is sre.RANGE:
                tests.append(lambda letter, low=argument[0], high=argument[1]: low <= ord(letter) <= high)
            else:
                tests.append(_CATEGORIES[argument])
        return lambda letter: any(test(letter) for test in tests) == positive

    def _position(self, argument: Any) -> Callable[[str, int], bool]:
        many = bool(self.flags & re.MULTILINE)
        word = _CATEGORIES[sre.CATEGORY_WORD]

        def boundary(text: str, place: int) -> bool:
            before = place > 0 and word(text[place - 1])
            return before != (place < len(text) and word(text[place]))

        return {
            sre.AT_BEGINNING: lambda text, place: place == 0 or (many and text[place - 1] == "\n"),
            sre.AT_BEGINNING_STRING: lambda text, place: place == 0,
            sre.AT_END: lambda text, place: (
                place == len(text) or (text[place] == "\n" and (many or place == len(text) - 1))
            ),
            sre.AT_END_STRING: lambda text, place: place == len(text),
            sre.AT_BOUNDARY: boundary,
            sre.AT_NON_BOUNDARY: lambda text, place: not boundary(text, place),
        }[argument]


def _same(letter_wanted: str, fold: Callable[[str], str]) -> Callable[[str], bool]:
    return lambda letter: fold(letter) == letter_wanted


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
    own = __file__

    def lines(frame: types.FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename == own:
            return None
        if event == "line":
            steps.add()
        return lines

    def calls(frame: types.FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and frame.f_code.co_filename != own:
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
