"""Notebooks as nbgrader wants them: an assignment's source notebook, and a student's, whatever state it is in.

`source_notebook` is made from solutions/<a>/<a>.py: the reference stands in it between its markers, for nbgrader to
take out; nothing of tests/hidden/ but the names and points of its groups. `mended` makes of any file a notebook that
nbgrader's own steps can work on. Neither runs a line of it, nor decides what it is worth.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.assignments import Assignment
from grader.build import exercises_of_checks, read, with_points
from grader.build.notebook import SUMMARY, NotebookCell, checks_as_cells, percent_cells, with_checks
from grader.nbgrader_plugin import cells as grade_cells
from grader.skeletons import BEGIN
from grader.submissions.reading import NOTEBOOK_LIMIT

HIDDEN = """## Hidden tests

The cells below are filled in after you hand in: with your points, and with what could be better."""

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def source_notebook(assignment: Assignment) -> str:
    """The source notebook of an assignment, as JSON: the same text for the same course, with fixed ids."""
    text = with_points(read(assignment.solution), assignment)
    checks = checks_as_cells(read(assignment.visible_checks), assignment.name, assignment.visible_checks)
    own = [NotebookCell(cell.cell_type, cell.source) for cell in percent_cells(text)]
    cells, numbers = [], {name: number for number, name in enumerate(checks.cells, 1)}
    for part in with_checks(own, checks, exercises_of_checks(assignment)):
        cell = _cell(part.kind, part.source)
        cells.append(cell)
        if part.check:
            cell["metadata"]["nbgrader"] = _nbgrader(f"check_{numbers[part.check]}", locked=True)
        elif part.is_shared:
            cell["metadata"]["nbgrader"] = _nbgrader("checks_shared", locked=True)
        elif part.source == SUMMARY:
            cell["metadata"]["nbgrader"] = _nbgrader("checks_in_short", locked=True)
        elif part.kind == "code" and any(BEGIN.match(line) for line in part.source.split("\n")):
            cell["metadata"]["nbgrader"] = _nbgrader(_solution_id(part.source), solution=True)
    cells.append(_cell("markdown", HIDDEN))
    for group, worth in assignment.groups.items():
        cells.append(_cell("code", grade_cells.source(group, worth)))
        cells[-1]["metadata"].update(grade_cells.metadata(group, worth))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:02d}"
    return _dump(cells)


def _cell(kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": "", "metadata": {}, "source": source}
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell


def _nbgrader(name: str, *, solution: bool = False, locked: bool = False) -> dict[str, Any]:
    return {
        "grade": False,
        "grade_id": name,
        "locked": locked,
        "schema_version": grade_cells.SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }


def _solution_id(source: str) -> str:
    """The name of what the student writes in a cell."""
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return f"solution_{names[0]}"  # a solution region lies inside a function: there is one


def _dump(cells: list[dict[str, Any]], minor: int = 5) -> str:
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": minor,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Master:
    """A cell that nbgrader knows of: the one that was released, as the gradebook keeps it."""

    name: str
    kind: str  # code or markdown
    source: str
    nbgrader: Mapping[str, Any]
    """its metadata for nbgrader"""

    @property
    def is_test(self) -> bool:
        """Whether nothing in it is the student's, and points come from it."""
        return self.kind == "code" and bool(self.nbgrader["grade"]) and not self.nbgrader["solution"]


def mended(path: Path, masters: Sequence[Master]) -> str:
    """The notebook at `path` as valid JSON of nbformat 4: its cells in their order, without outputs.

    A cell is one of `masters` if it says so; of several that do, the last, as with nbgrader. Cells with points that
    the student has deleted are there again at the end. What cannot be read at all becomes a notebook that says so:
    what it is worth is decided elsewhere, from the file itself. Raises OSError when the file cannot be opened.
    """
    with path.open("rb") as file:
        data = file.read(NOTEBOOK_LIMIT + 1)
    try:
        cells = _cells_of(json.loads(data[:NOTEBOOK_LIMIT].decode("utf-8-sig", "replace")))
    except (ValueError, RecursionError, MemoryError):
        cells = None
    unreadable = [_cell("markdown", "This file could not be read as a notebook.")]
    return _with_masters(
        unreadable if cells is None else [_mended_cell(cell) for cell in cells], cells or [], masters
    )


def written_as_notebook(title: str, sources: Sequence[str], masters: Sequence[Master]) -> str:
    """What was handed in as something else, as a notebook: a title, a cell for each source, the cells with points."""
    cells = [_cell("markdown", title), *(_cell("code", source) for source in sources)]
    return _with_masters(cells, [], masters)


def _with_masters(cells: list[dict[str, Any]], originals: Sequence[Any], masters: Sequence[Master]) -> str:
    """The cells `made` of a student's `found`, marked as nbgrader's where they are, and with all that give points."""
    missing = {master.name: master for master in masters}
    for cell, original in reversed(list(zip(cells, originals))):
        master = missing.get(_grade_id(original))
        if master is not None and master.kind == cell["cell_type"]:
            cell["metadata"]["nbgrader"] = dict(missing.pop(master.name).nbgrader)
    for master in masters:
        if master.is_test and master.name in missing:
            cells.append(_cell(master.kind, master.source))
            cells[-1]["metadata"]["nbgrader"] = dict(master.nbgrader)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return _dump(cells)


def _cells_of(notebook: Any) -> list[Any] | None:
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return list(notebook["cells"])
    sheets = notebook.get("worksheets")  # nbformat 2 and 3
    if not isinstance(sheets, list):
        return None
    inner = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in inner if isinstance(cells, list) for cell in cells]


def _mended_cell(cell: Any) -> dict[str, Any]:
    cell = cell if isinstance(cell, dict) else {}
    kind = cell.get("cell_type")
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    text = source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""
    if kind == "heading":  # of nbformat 3
        text, kind = f"# {text}", "markdown"
    return _cell(kind if kind in ("code", "markdown") else "raw", text)


def _grade_id(cell: Any) -> str:
    """The id that nbgrader gave to a cell; "" when it has none."""
    for key in ("metadata", "nbgrader", "grade_id"):
        cell = cell.get(key) if isinstance(cell, dict) else None
    return cell if isinstance(cell, str) else ""
