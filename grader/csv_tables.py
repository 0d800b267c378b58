"""CSV for people: text that a spreadsheet would take for a formula stays text. Standard library only.

What came from a learning platform and goes back to it must not pass through `harmless`: it would no longer match.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from grader.text import clean

#: What a table for people begins with: Excel reads UTF-8 by it.
BOM = "\ufeff"

# Excel, LibreOffice and Google Sheets take a cell for a formula by its first character, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def harmless(text: str, limit: int = 2000) -> str:
    """`text`, clean, with an apostrophe before it if a spreadsheet would take it for a formula."""
    cleaned = clean(text, limit)
    return f"'{cleaned}" if cleaned.startswith(_FORMULA) else cleaned


def csv_text(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Rows as CSV (RFC 4180, but with line feeds alone), every cell as it is."""
    written = StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return written.getvalue()
