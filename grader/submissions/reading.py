"""One file that was handed in → a `Reading`: its chunks, or why it has none. What it holds counts, not its
name.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
from dataclasses import dataclass

from grader.records import Chunk
from grader.submissions.files import Item, too_large
from grader.submissions.magics import drop_magics
from grader.submissions.notebooks import looks_like_notebook, read_notebook
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import decode, parse
from grader.text import clean

PYTHON_LIMIT = 1_000_000  # bytes of a .py file
NOTEBOOK_LIMIT = 20_000_000  # bytes of a notebook: its pictures are in it


@dataclass(frozen=True)
class Reading:
    """What became of one file. `problem` is "" exactly when there are chunks."""

    item: Item
    sha256: str = ""
    chunks: tuple[Chunk, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    fault: bool = False  # the problem is this machine's, not the student's


def read(item: Item) -> Reading:
    """Read one file. Never raises for what is in it."""
    name = clean(item.parts[-1], 80)
    notebook = name.lower().removesuffix(".txt").removesuffix(".json").endswith(".ipynb")
    sha256 = ""
    notes: tuple[str, ...] = ()
    try:
        if item.read is None:
            raise Unreadable(f"{name} is a folder, not a file.")
        data = item.read(NOTEBOOK_LIMIT if notebook else PYTHON_LIMIT)
        sha256 = hashlib.sha256(data).hexdigest()
        text, notes = decode(data, name)
        chunks, more = _chunks(text, name, notebook)
    except Unreadable as why:
        return Reading(item, sha256, problem=str(why), notes=notes, fault=why.fault)
    return Reading(item, sha256, chunks, notes=notes + more)


def _chunks(text: str, name: str, notebook: bool) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    if looks_like_notebook(text):
        chunks, notes = read_notebook(text, name)
        if not notebook:
            notes = (f"{name} is really a notebook; it was read as one.", *notes)
        return chunks, notes
    if notebook:
        if text.lstrip()[:1] in ("{", "["):
            return read_notebook(text, name)  # says what is wrong with the JSON
        if len(text) > PYTHON_LIMIT:
            raise too_large(name.removesuffix(".ipynb") + ".py", None, PYTHON_LIMIT)
        try:
            chunks, notes = _python(text, name)
        except Unreadable:
            raise Unreadable(
                f"{name} is not a notebook: it is not JSON. Save it in Jupyter and hand it in again."
            ) from None
        return chunks, (f"{name} is really a Python file; it was read as one.", *notes)
    return _python(text, name)


def _python(text: str, name: str) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    try:
        parse(text)
    except Unreadable as why:
        # A notebook that was pasted into a .py file brings its magics along.
        stripped = drop_magics(text)
        if not stripped.dropped:
            raise Unreadable(f"{name} cannot be read, {why}") from None
        try:
            parse(stripped.source)
        except Unreadable:
            raise Unreadable(f"{name} cannot be read, {why}") from None
        number = stripped.dropped[0]
        line = clean(text.split("\n")[number - 1], 40)
        note = f"notebook commands are not Python and were passed over (line {number}: {line})."
        return (Chunk(stripped.source),), (note,)
    return (Chunk(text),), ()


def better_of(first: Reading, second: Reading, names: tuple[str, str]) -> tuple[Reading, Reading | None]:
    """Which of two files of one student counts, and the other one if both must be graded to know.

    `first` is the .py file. THE ONLY PLACE where this is decided. The same definitions: the file with all of them,
    or `first`, silently. Only one that can be read: that one, and its notes say so. Otherwise both are graded, and
    of two that score the same the one with fewer exercises still open counts, then the newer, then `first`.
    One that this machine failed to read might have been the better: then there is no choice, and nothing is graded.
    """
    for reading in (first, second):
        if reading.fault:
            return reading, None
    if bool(first.problem) != bool(second.problem):
        winner, loser = (second, first) if first.problem else (first, second)
        taken, left = (names[1], names[0]) if first.problem else names
        why = loser.problem.rstrip(".")
        note = f"both {taken} and {left} were handed in; {taken} was taken, {left} cannot be read ({why})."
        return dataclasses.replace(winner, notes=(note, *winner.notes)), None
    if first.problem:
        return first, None
    codes = _code(first), _code(second)
    if all(codes[0][name] == codes[1][name] for name in codes[0].keys() & codes[1].keys()):
        # The same code, but one may hold more of it.
        if codes[0].keys() >= codes[1].keys():
            return first, None
        if codes[0] and codes[0].keys() < codes[1].keys():
            return second, None
    if (_open(second), -second.item.date) < (_open(first), -first.item.date):
        return second, first
    return first, second


def _definitions(reading: Reading) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    return [
        statement
        for chunk in reading.chunks
        for statement in parse(chunk.source).body
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]


def _code(reading: Reading) -> dict[str, str]:
    """The last definition of every name, without regard to layout and comments, imports and trials."""
    try:
        return {definition.name: ast.dump(definition) for definition in _definitions(reading)}
    except RecursionError:
        return {definition.name: reading.sha256 for definition in _definitions(reading)}


def _open(reading: Reading) -> int:
    """How many exercises still raise NotImplementedError, as the hand-outs do."""
    return sum(
        isinstance(node, ast.Raise) and any(_names_it(part) for part in ast.walk(node))
        for definition in _definitions(reading)
        for node in ast.walk(definition)
    )


def _names_it(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "NotImplementedError"
