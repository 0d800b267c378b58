"""What a notebook's JSON holds: its cells, with their numbers and sources, as far as it is a notebook in Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from grader.submissions.broken_json import BrokenDocument, decoded, mended
from grader.submissions.magics import drop_magics
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse
from grader.text import clean

_PYTHON = re.compile(r"i?python|xpython|sage|micropython|pyodide", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")


def load(text: str, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The document of a notebook, and notes on how it was read.

    Raises Unreadable, which says what it is instead and what to do.
    """
    notes: tuple[str, ...] = ()
    try:
        notebook = decoded(text)
    except json.JSONDecodeError as error:
        found = mended(text, error, _code_of)
        if isinstance(found, BrokenDocument):
            raise Unreadable(f"{name} is not a complete notebook: {found.why}.") from None
        notebook, notes = found.document, (f"{name}: {found.note}",)
    except (RecursionError, ValueError, MemoryError):
        raise Unreadable(
            f"{name} is not a notebook that can be read; save it in Jupyter and try again."
        ) from None
    notebook = _unwrapped(notebook)
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise Unreadable(
            f"{name} is JSON but no notebook: it has no cells. Save it in Jupyter and try again."
        )
    return notebook, notes


def _unwrapped(document: Any) -> Any:
    """The notebook in what Jupyter's server sends of one, or of which somebody kept the cells alone."""
    if isinstance(document, list) and any(
        isinstance(cell, dict) and "cell_type" in cell for cell in document
    ):
        return {"cells": document}
    if isinstance(document, dict) and document.get("type") == "notebook" and "cells" not in document:
        return document.get("content", document)
    return document


def _code_of(document: Any) -> list[tuple[bool, str]] | None:
    """What two versions of a notebook must agree in, to be the same work."""
    document = _unwrapped(document)
    if not isinstance(document, dict) or "cells" not in document:
        return None
    try:
        return [(is_code, source) for _, is_code, source in cells(document, "")]
    except Unreadable:
        return None


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
        if isinstance(cell, dict) and isinstance(kind := cell.get("cell_type", _kind_of(cell)), str):
            # nbformat 3 and older call it "input".
            yield number, kind.lower() == "code", _source(cell.get("source", cell.get("input", "")))


def _kind_of(cell: dict[str, Any]) -> str:
    """What a cell must be that does not say it: only code has outputs and is counted when it is run."""
    return "code" if "outputs" in cell or "execution_count" in cell else "unknown"


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
        if len(value) == 1 and isinstance(value[0], list):
            value = value[0]
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
