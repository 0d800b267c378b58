"""Put the counting of steps into the text of an edit, so that it is compiled once and no syntax tree is made.

Edits that operators make are compiled one by one, up to 2,000 for an exercise, and so is each mistake of a table alone:
this halves what that takes. Only plain text is taken: each header on a line of its own, no comprehension. For any other
`compiled` gives None, and `bounded` makes a tree. The code counts the same steps and has the same line numbers either
way.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Sequence
from types import CodeType

from grader.diagnose.compiling import compiled_silently

_HEADER = re.compile(r"( *)(def|for|while)\b.*:\s*(#.*)?$")
_OTHER = re.compile(r"\t|\\\n|^ *(?:async|match|case)\b", re.MULTILINE)  # of these the tree knows more
_WORDS = re.compile(r"\bfor\b|^ *(?:def|while)\b|\"{3}|'{3}", re.MULTILINE)  # what is looked at
_FOR = re.compile(r"\bfor\b")
_CONTINUED = re.compile(r" *(else|elif|except|finally)\b")
_QUOTES = re.compile(r"\"{3}|'{3}")


def compiled(text: str, filename: str, flags: int, first: str, step: str) -> CodeType | None:
    """The code of a statement with `first` before it and a `step` in each round and call; None where that is not sure.

    A step stands where one of the tree does: first in each function and loop, and after each loop.
    """
    lines = text.split("\n")
    placed = None if _OTHER.search(text) else _steps_by_line(text, lines, step)
    if placed is None:
        return None
    stepped, numbers = [first], [1]
    for number, line in enumerate([*lines, ""], 1):
        more = [*placed.get(number - 1, ()), line]
        stepped += more
        numbers += [number] * len(more)
    try:
        code = compiled_silently("\n".join(stepped), filename, flags)
    except SyntaxError:  # of the edit, or of a step in the midst of something: the tree tells
        return None
    return _renumbered(code, numbers)


def _steps_by_line(text: str, lines: Sequence[str], step: str) -> dict[int, list[str]] | None:
    """The steps that stand before each line, by its place; None for text that is not plain."""
    placed: dict[int, list[str]] = {}
    starts = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
    is_quoted = False
    for match in _WORDS.finditer(text):
        if match[0][0] in "\"'":
            is_quoted = not is_quoted
            continue
        number = bisect.bisect(starts, match.start()) - 1
        line = lines[number]
        header = _HEADER.match(line)
        if is_quoted or header is None or "lambda" in line:
            return None
        indent, deeper = (
            len(header[1]),
            _depth(next((more for more in lines[number + 1 :] if more.strip()), "")),
        )
        if len(_FOR.findall(line)) != (header[2] == "for") or deeper <= indent:
            return None
        placed.setdefault(number + 1, []).append(" " * deeper + step)
        if header[2] != "def":
            # Of loops that end at one line the inner one's step stands first.
            placed.setdefault(_end(lines, number, indent), []).insert(0, " " * indent + step)
    return placed


def _end(lines: Sequence[str], start: int, indent: int) -> int:
    """The place of the first line after a block, its `else` among the block."""
    for number in range(start + 1, len(lines)):
        depth = _depth(lines[number])
        if 0 <= depth < indent or (depth == indent and not _CONTINUED.match(lines[number])):
            return number
    return len(lines)


def _depth(line: str) -> int:
    """How far a line is indented; -1 for one without code."""
    text = line.lstrip()
    return len(line) - len(text) if text and not text.startswith("#") else -1


def _renumbered(code: CodeType, numbers: Sequence[int]) -> CodeType:
    """The same code, where each function and class begins at the line at which it stands in the text as it was."""
    constants = tuple(
        _renumbered(constant, numbers) if isinstance(constant, CodeType) else constant
        for constant in code.co_consts
    )
    return code.replace(co_consts=constants, co_firstlineno=numbers[code.co_firstlineno - 1])
