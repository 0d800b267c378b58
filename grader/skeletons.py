"""What is between BEGIN SOLUTION and END SOLUTION, and a source without it.

`### BEGIN SOLUTION` and `### END SOLUTION` stand on lines of their own, at the indent of the code between
them, inside a function. `### BEGIN SOLUTION: your turn: add both` says what the student reads in its place.
This module works on text alone: it reads no file, runs no line, and imports nothing but the errors.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from grader.errors import CourseError

BEGIN = re.compile(r"^([ \t]*)### BEGIN SOLUTION(?:[ \t]*:[ \t]*(.*?))?[ \t]*$")
END = re.compile(r"^([ \t]*)### END SOLUTION[ \t]*$")
MARKER_LIKE = re.compile(r"#.*\b(BEGIN|END)[ _-]*SOLUTIONS?\b", re.IGNORECASE)
# Lines that give nothing away, so they may stand in a solution and in a hand-out.
TRIVIAL = re.compile(
    r"[\W_]*|return|pass|break|continue|else:|try:|finally:|super\(\)\.__init__\(\)|return (?:self|None)"
)
SHORT = 10  # a line up to this long is searched for as a whole line only: `h = x` is a part of too much else


def skeleton(source: str, file: str = "the source") -> str:
    """`source` with every solution region replaced by one `raise NotImplementedError("…")` at its indent.

    Raises CourseError (naming `file` and the line) when BEGIN and END do not pair, when a marker is
    misspelt, or when the result would not load: a region must lie inside a function.
    """
    lines: list[str] = []
    inserted: set[int] = set()
    for kind, indent, line in _parts(source, file):
        if kind == "begin":
            lines.append(
                f"{indent}raise NotImplementedError({json.dumps(line or 'your turn', ensure_ascii=False)})"
            )
            inserted.add(len(lines))
        elif kind == "text":
            lines.append(line)
    text = "\n".join(lines) + "\n"
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(
            f"{file}: the skeleton would not parse: {error.msg} (line {error.lineno} of the skeleton: "
            f"{(error.text or '').strip()!r}).",
            next_step="Put BEGIN and END SOLUTION around whole statements, at the statements' indent.",
        ) from error
    for owner in ast.walk(tree):
        if isinstance(owner, ast.Module | ast.ClassDef):
            for statement in owner.body:
                if isinstance(statement, ast.Raise) and statement.lineno in inserted:
                    raise CourseError(
                        f"{file}: a solution region lies outside any function, so the skeleton could not be "
                        f"imported (line {statement.lineno} of it: {lines[statement.lineno - 1].strip()}).",
                        next_step="Move BEGIN and END SOLUTION inside the function they belong to.",
                    )
    return text


def solution_lines(source: str, file: str = "the source") -> list[tuple[int, str]]:
    """(line number, text) of every line of a solution region that would give something away."""
    lines = []
    for number, (kind, _, line) in enumerate(_parts(source, file), 1):
        if kind == "solution" and not TRIVIAL.fullmatch(line.strip()):
            lines.append((number, line.strip()))
    return lines


def _parts(source: str, file: str) -> list[tuple[str, str, str]]:
    """One (kind, indent, text) per line; kind is text, begin, solution or end. Refuses what does not pair."""
    parts: list[tuple[str, str, str]] = []
    opened: tuple[int, str] | None = None
    for number, line in enumerate(source.splitlines(), 1):
        begin, end = BEGIN.match(line), END.match(line)
        fault = _marker_fault(line, opened)
        if fault:
            raise CourseError(f"{file}, line {number}: {fault[0]}.", next_step=fault[1])
        if begin:
            opened = (number, begin[1])
            parts.append(("begin", begin[1], begin[2] or ""))
        elif end:
            opened = None
            parts.append(("end", end[1], ""))
        else:
            parts.append(("solution" if opened else "text", "", line))
    if opened:
        raise CourseError(
            f"{file}, line {opened[0]}: BEGIN SOLUTION without an END.",
            next_step="Add ### END SOLUTION after the solution.",
        )
    return parts


def _marker_fault(line: str, opened: tuple[int, str] | None) -> tuple[str, str] | None:
    """What is wrong with a line and what to do about it, where `opened` is the line and indent of an open BEGIN."""
    begin, end = BEGIN.match(line), END.match(line)
    if begin and opened:
        return (
            f"BEGIN SOLUTION inside the region that begins in line {opened[0]}",
            "End the first region with ### END SOLUTION before the next begins.",
        )
    if end and not opened:
        return "END SOLUTION without a BEGIN", "Add ### BEGIN SOLUTION, or remove this line."
    if end and opened and end[1] != opened[1]:
        return (
            f"END SOLUTION is indented otherwise than its BEGIN in line {opened[0]}",
            "Give both the indent of the code between them.",
        )
    if begin or end:
        return None
    if MARKER_LIKE.search(line):
        return (
            f"{line.strip()!r} looks like a marker but is none",
            "Write exactly ### BEGIN SOLUTION or ### END SOLUTION on a line of its own.",
        )
    if opened and line.strip() and not line.startswith(opened[1]):
        return (
            f"this line is indented less than the BEGIN SOLUTION in line {opened[0]}",
            "Give the markers the indent of the code between them.",
        )
    return None


def leaks(lines: list[tuple[int, str]], text: str) -> Iterator[tuple[int, str]]:
    """Those of `lines` (see `solution_lines`) that stand in `text`, whatever their indent there."""
    text_lines = [line.strip() for line in text.splitlines()]
    for number, line in lines:
        if line in text_lines or (len(line) > SHORT and any(line in other for other in text_lines)):
            yield number, line
