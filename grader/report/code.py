"""The submitted program as a page shows it: numbered lines, marked where it raised, where something was passed over
and where one change is enough.

It is a text that a student wrote: it is bounded, what would not be seen of it is made visible, and the templates escape
it. It must not parse or run it, and no mark says what a change is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.messages import repairs
from grader.problems import Problem
from grader.records import Chunk, PassedOver, Result, StudentSource
from grader.text import clean, counted, source_lines, where

MOST_LINES = 1500  # shown of a program from its beginning
AROUND = 4  # lines shown around a marked one beyond these
MOST_MARKED = 60  # lines that are marked
LONGEST_LINE = 300  # characters
_PLACE = re.compile(r"(?:(.*), )?line (\d+)", re.DOTALL)
_KEPT_FORMATS = "\u200c\u200d"  # scripts and emoji need them

Place = tuple[str, int]
"""A chunk's label, and a line in it."""


@dataclass(frozen=True)
class Line:
    """A line: `left_out` characters at its end are not shown; `marks` are sentences about it."""

    number: int
    text: str
    left_out: int
    marks: tuple[str, ...]
    anchor: str


@dataclass(frozen=True)
class Gap:
    """Lines that are not shown."""

    first: int
    last: int


@dataclass(frozen=True)
class ListingPart:
    """A file, or a cell of a notebook: `label` as in `Chunk`, and what it is called."""

    label: str
    name: str
    rows: tuple[Line | Gap, ...]


@dataclass(frozen=True)
class ProgramListing:
    """A program on a page. `marked`: anchors of the marked lines, with their places in words."""

    parts: tuple[ListingPart, ...]
    marked: tuple[tuple[str, str], ...]
    lines: int
    shown: int


def code(source: StudentSource, result: Result) -> ProgramListing:
    """The program that was graded to `result`."""
    marks = dict(list(marks_of(result).items())[:MOST_MARKED])
    parts, room = [], MOST_LINES
    for number, chunk in enumerate(source.files):
        part = _part(chunk, source.name, number, marks, room)
        room = max(room - sum(isinstance(row, Line) for row in part.rows), 0)
        parts.append(part)
    lines = [(part, row) for part in parts for row in part.rows if isinstance(row, Line)]
    hidden = sum(row.last - row.first + 1 for part in parts for row in part.rows if isinstance(row, Gap))
    marked = [(row.anchor, where(clean(part.label, 120), row.number)) for part, row in lines if row.marks]
    return ProgramListing(tuple(parts), tuple(marked), len(lines) + hidden, len(lines))


def _part(
    chunk: Chunk, name: str, number: int, marks: Mapping[Place, Sequence[str]], room: int
) -> ListingPart:
    texts = source_lines(chunk.source)
    if texts and not texts[-1]:
        del texts[-1]  # what follows the last line's end is no line
    line_numbers = set(range(1, min(room, len(texts)) + 1))
    for label, line in marks:
        if label == chunk.label:
            line_numbers.update(range(max(line - AROUND, 1), min(line + AROUND, len(texts)) + 1))
    rows: list[Line | Gap] = []
    before = 0
    for place in sorted(line_numbers):
        if place > before + 1:
            rows.append(Gap(before + 1, place - 1))
        rows.append(_line(texts[place - 1], place, marks.get((chunk.label, place), ()), number))
        before = place
    if before < len(texts):
        rows.append(Gap(before + 1, len(texts)))
    return ListingPart(chunk.label, clean(chunk.label or name, 120), tuple(rows))


def _line(text: str, number: int, marks: Sequence[str], part: int) -> Line:
    return Line(
        number,
        visible(text[:LONGEST_LINE]),
        max(len(text) - LONGEST_LINE, 0),
        tuple(marks),
        f"code-{part + 1}-{number}",
    )


def visible(text: str) -> str:
    r"""A line of code with everything in it to be seen: what has no shape of its own is shown by its number.

    >>> visible("a\u202eb\x1b[31m")
    'a⟨U+202E⟩b␛[31m'
    """
    if text.isascii() and text.replace("\t", "").isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character == "\t" or character in _KEPT_FORMATS:
        return character
    if character < " ":
        return chr(0x2400 + ord(character))
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"⟨U+{ord(character):04X}⟩"
    return character


def marks_of(result: Result) -> dict[Place, list[str]]:
    """What is to be said of single lines, the most useful first."""
    marks: dict[Place, list[str]] = {}

    def mark(label: str, line: int, sentence: str) -> None:
        sentences = marks.setdefault((label, line), [])
        if line > 0 and sentence not in sentences:
            sentences.append(sentence)

    # Each is read by itself here, in the order of lines.
    for repair in result.repairs[: repairs.MOST]:
        mark(repair.label, repair.line, repairs.sentence(repair))
    for (label, line), sentence in _problems(result):
        mark(label, line, sentence)
    for statement in result.passed_over:
        mark(statement.label, statement.line, _passed_over(statement))
        follows = f"Passed over too: it needs what {where(statement.label, statement.line)} makes."
        along = f"Passed over along with {where(statement.label, statement.line)}."
        for texts, sentence in ((statement.follows, follows), (statement.along, along)):
            for text in texts:
                if match := _PLACE.fullmatch(text):
                    mark(match[1] or "", int(match[2]), sentence)
    return {place: sentences for place, sentences in marks.items() if sentences}


def _problems(result: Result) -> Iterable[tuple[Place, str]]:
    """What tests and counterexamples say of lines, once for each line and kind."""
    sentences: dict[Place, str] = {}
    for example in result.counterexamples:
        why = example.explanation
        if why is not None and why.number and why.said:
            sentences.setdefault((why.label, why.number), f"{clean(why.said, 300).rstrip('.')}.")
    counts: dict[tuple[Place, str], int] = {}
    for problem in (result.problem, *(test.problem for test in result.tests)):
        if problem is not None and problem.number > 0:
            sentence = _about(problem)
            counts[(problem.label, problem.number), sentence] = (
                counts.get(((problem.label, problem.number), sentence), 0) + 1
            )
    for (place, sentence), count in counts.items():
        tests = f" It cost points in {counted(count, 'test')}." if result.tests else ""
        yield place, f"{sentences.pop(place, sentence)}{tests}"
    yield from sentences.items()


def _about(problem: Problem) -> str:
    if problem.kind == "raised":
        return "This line raised an exception."
    if problem.kind == "unwritten":
        return "This is still to be written."
    if problem.kind == "unloaded":
        return "Python cannot read the file beyond this line."
    return "A test is about this line."


def _passed_over(entry: PassedOver) -> str:
    because = f": {clean(entry.because, 200)}" if entry.because else ""
    if entry.kind == "setting":
        return "This setting is put back before the functions are used."
    if entry.kind == "base":
        return f"Graded without {clean(entry.because, 200)}."
    if entry.kind == "module":
        return f"Passed over: there is no module `{clean(entry.because, 60)}` here."
    if entry.kind == "timeout":
        return f"Passed over: it was stopped after {entry.seconds:g} s."
    return f"Passed over{because}."
