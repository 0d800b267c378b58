"""A list of people as a CSV, as a learning platform wrote it or a person did: read as it is, and written back so."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.csv_tables import csv_text
from grader.errors import UsageError
from grader.submissions.contents import kind_of_data
from grader.text import clean

_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Roster:
    """The file: its header, its rows (all as wide as the header), and how it was written."""

    path: Path
    head: list[str]
    rows: list[list[str]]
    delimiter: str
    bom: bool

    def column(self, name: str) -> int | None:
        """The place of a column, whatever its case."""
        columns = [place for place, title in enumerate(self.head) if plain(title) == plain(name)]
        return columns[0] if columns else None

    def cell(self, row: int, name: str) -> str:
        """What stands in a row under a title; "" where there is no such column."""
        place = self.column(name)
        return self.rows[row][place].strip() if place is not None else ""

    def text(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """Rows as the platform wrote them: the same delimiter, the same byte order mark."""
        return ("\ufeff" if self.bom else "") + csv_text([head, *rows], self.delimiter)


def read(path: Path, layouts: Sequence[Sequence[str]], step: str) -> Roster:
    """The list in a file; UsageError when it is not what a platform writes. `step`: how to get one, for the error.

    `layouts` are the columns that it must have, one way or another.
    """
    try:
        data = path.read_bytes()
        if kind := kind_of_data(data):
            raise UsageError(
                f"{path} is {kind}, as spreadsheets are, and no CSV; save it as CSV in UTF-8.", next_step=step
            )
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", next_step=step) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is no CSV in UTF-8, as a spreadsheet may have saved it; save it as CSV in UTF-8.",
            next_step=step,
        ) from error
    rows, delimiter = _table(text, path, layouts, step)
    head, rest = rows[0] if rows else [], rows[1:]
    _refuse_what_is_shifted(path, head, rest)
    width = len(head)
    bom = data.startswith(b"\xef\xbb\xbf")
    return Roster(path, head, [[*row, *[""] * width][:width] for row in rest], delimiter, bom)


def _table(text: str, path: Path, layouts: Sequence[Sequence[str]], step: str) -> tuple[list[list[str]], str]:
    """The rows, and the delimiter under which the header has the columns of a layout. Titles may hold the others."""
    problem: csv.Error | None = None
    heads: list[list[str]] = []
    for delimiter in _DELIMITERS:
        # Not by str.splitlines: what it takes for an end of a line may stand in a name.
        lines = io.StringIO(text, newline="")
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter, strict=True) if row]
        except csv.Error as error:
            problem = problem or error
            continue
        heads.append(rows[0] if rows else [])
        if any(
            {plain(name) for name in layout} <= {plain(title) for title in heads[-1]} for layout in layouts
        ):
            return rows, delimiter
    if problem is not None and not any(len(head) > 1 for head in heads):
        raise UsageError(f"{path} is no CSV: {problem}.", next_step=step) from problem
    head = max(heads, key=len)
    missing = [name for name in layouts[0] if plain(name) not in {plain(title) for title in head}]
    raise UsageError(
        f"{path} has no column {', '.join(map(repr, missing))}; its columns are"
        f" {clean(', '.join(head), 200) or 'none'}.",
        next_step=step,
    )


def _refuse_what_is_shifted(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Raise UsageError where cells stand under other titles than theirs: a score would go to another column."""
    count = len(head)
    for number, row in enumerate(rows, 2):
        if any(cell.strip() for cell in row[count:]):
            raise UsageError(
                f"{path} has {count} columns, and {len(row)} cells in row {number}: a cell with a comma in it is not"
                " in quotes.",
                next_step="Download it again, and do not change it on the way.",
            )
    lengths = {len(row) for row in rows}
    if len(lengths) == 1 and max(lengths) < count:
        raise UsageError(
            f"{path} has {count} titles, and {max(lengths)} cells in every row: a title with a comma in it is not in"
            " quotes, so nobody can say which column is whose.",
            next_step="Download it again, and do not change it on the way; or put that title in quotes.",
        )


def plain(text: str) -> str:
    """A text as it is compared: case, width and spaces at its ends do not count."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
