"""A regular expression matched step by step, as a backtracking engine does, with its steps counted."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
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
