"""What a notebook's JSON holds: its cells, with their numbers and sources, as far as it is a notebook in Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from grader.submissions.magics import drop_magics
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse
from grader.text import clean

_PYTHON = re.compile(r"i?python|xpython|sage|micropython|pyodide", re.IGNORECASE)
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_SURROGATES = re.compile("[\ud800-\udfff]")


def load(text: str, name: str) -> dict[str, Any]:
    """The document of a notebook. Raises Unreadable, which says what it is instead and what to do."""
    try:
        # No number matters here, and a very long one would cost quadratic time.
        # A control character within a text, such as a line end that was typed there, can mean nothing else.
        notebook = json.loads(text, strict=False, parse_int=_no_number, parse_float=_no_number)
    except json.JSONDecodeError as error:
        if _CONFLICT.search(text):
            why = "a merge conflict was left in it; choose one side in Jupyter and save"
        elif _ends_too_soon(text, error) or error.msg.startswith("Unterminated string"):
            why = "it breaks off before its end; save it in Jupyter and hand it in again"
        else:
            why = f"its JSON is broken in line {error.lineno} ({error.msg}); save it in Jupyter again"
        raise Unreadable(f"{name} is not a complete notebook: {why}.") from None
    except (RecursionError, ValueError, MemoryError):
        raise Unreadable(
            f"{name} is not a notebook that can be read; save it in Jupyter and try again."
        ) from None
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise Unreadable(
            f"{name} is JSON but no notebook: it has no cells. Save it in Jupyter and try again."
        )
    return notebook


def _ends_too_soon(text: str, error: json.JSONDecodeError) -> bool:
    """Whether it is the end of the text that is wrong, and not a sign that closes what was open."""
    text = text.rstrip()
    return error.pos >= len(text) or (error.pos == len(text) - 1 and text[-1] not in "]}")


def _no_number(digits: str) -> int:
    return 0


def check_language(notebook: dict[str, Any], name: str) -> None:
    """Raise Unreadable for a notebook that says that it is in another language."""
    metadata = notebook.get("metadata")
    if not isinstance(metadata, dict):
        return
    languages: list[str] = []
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(section)
        if isinstance(part, dict) and isinstance(part.get(key), str) and part[key]:
            languages.append(part[key])
    if languages and not any(_PYTHON.match(language) for language in languages):
        raise Unreadable(
            f"{name} is a notebook in {clean(languages[0], 40)}; this exercise is in Python. "
            "Choose a Python kernel and save."
        )


def cells(notebook: dict[str, Any], name: str) -> Iterator[tuple[int, bool, str]]:
    """Number, whether it is code, and source of each cell; the number counts all cells of the document."""
    cells = notebook.get("cells")
    if cells is None:
        sheets = [sheet for sheet in _list(notebook.get("worksheets")) if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets for cell in _list(sheet.get("cells"))]
    if not isinstance(cells, list):
        raise Unreadable(
            f"{name} is no notebook: its cells are not a list. Save it in Jupyter and try again."
        )
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and isinstance(kind := cell.get("cell_type"), str):
            # nbformat 3 and older call it "input".
            yield number, kind == "code", _source(cell.get("source", cell.get("input", "")))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _join(parts: list[str]) -> str:
    """A source that is kept as a list of its lines; some tools leave out the ends of the lines."""
    whole = "".join(parts)
    if len(parts) < 2 or any("\n" in part for part in parts):
        return whole
    lines = "\n".join(parts)
    return lines if is_code(lines) else whole


def _source(value: Any) -> str:
    if isinstance(value, list):
        value = _join([part for part in value if isinstance(part, str)])
    if not isinstance(value, str):
        return ""
    value = value.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return _SURROGATES.sub("\ufffd", value)


def is_code(source: str) -> bool:
    """Whether a text is code through and through: one that speaks of code is none."""
    try:
        return bool(parse(drop_magics(source).source).body)
    except Unreadable:
        return False
