"""The notebook of a hand-out: the cells of its source, the figures inside, and the visible checks at the end."""

from __future__ import annotations

import ast
import base64
import json
import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.errors import CourseError

GUARD = 'if __name__ == "__main__":'

CHECKS = """## Visible checks

Run these cells when you have written something. They are a first look and give no points: the hidden tests
ask more. A check that stops with an error says what differs and where."""

#: The last cell: a line for each check, so that one look tells how far the work is.
SUMMARY = """# How far you are, a line for each check
if __name__ == "__main__":
    for check in [value for name, value in globals().items() if name.startswith("test_")]:
        try:
            check()
            print("passed   ", check.__doc__)
        except NotImplementedError:
            print("to write ", check.__doc__)
        except Exception as error:
            print("not yet  ", check.__doc__, f"({type(error).__name__})")"""

_FIGURE = re.compile(r"\]\(figures/([\w.-]+)\)")


def percent_cells(text: str) -> list[Any]:
    """The cells of a jupytext percent script, with `cell_type`, `source` and `metadata`."""
    import jupytext  # heavy, and only needed here

    library: Any = jupytext
    return list(library.reads(text, fmt="py:percent").cells)


def notebook(
    cells: Sequence[Any], start: str, check_cells: Sequence[str], figures: Mapping[str, bytes]
) -> str:
    """The notebook as JSON: fixed cell ids, no outputs, and nothing of the machine it was made on.

    `start`, how to start, stands before the first cell of code; `figures` are kept inside, so that the notebook is
    enough by itself.
    """
    import nbformat  # heavy, and only needed here; it has no types worth the name

    library: Any = nbformat
    v4 = library.v4

    def text(source: str) -> Any:
        return v4.new_markdown_cell(**_with_figures(source, figures))

    def code(source: str) -> Any:
        # "Run all" goes on after what is not written yet.
        goes_on = {"metadata": {"tags": ["raises-exception"]}} if GUARD in source else {}
        return v4.new_code_cell(source, **goes_on)

    notebook_cells = [
        text(cell.source) if cell.cell_type == "markdown" else code(cell.source) for cell in cells
    ]
    first = next(number for number, cell in enumerate(notebook_cells) if cell.cell_type == "code")
    notebook_cells.insert(first, text(start.strip()))
    notebook_cells += [text(CHECKS), *map(code, check_cells), code(SUMMARY)]
    for number, cell in enumerate(notebook_cells):
        cell["id"] = f"cell-{number:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = v4.new_notebook(
        cells=notebook_cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    document.nbformat_minor = 5
    library.validate(document)
    written = json.loads(library.writes(document))
    for cell in written["cells"]:
        for pictures in cell.get("attachments", {}).values():
            for kind, lines in pictures.items():
                pictures[kind] = "".join(
                    lines
                )  # not every program that shows notebooks joins the lines of a picture
    return json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _with_figures(source: str, figures: Mapping[str, bytes]) -> dict[str, Any]:
    """A text as the source of a cell to which its pictures are attached."""
    attached = {
        name: {mimetypes.guess_type(name)[0] or "image/png": base64.b64encode(figures[name]).decode()}
        for name in _FIGURE.findall(source)
        if name in figures
    }

    def place(match: re.Match[str]) -> str:
        return f"](attachment:{match[1]})" if match[1] in attached else match[0]

    return {"source": _FIGURE.sub(place, source), **({"attachments": attached} if attached else {})}


def checks_as_cells(text: str, name: str, file: Path) -> list[str]:
    """The visible checks as cells: what comes before and between the tests, and each test with a call of it.

    The call is guarded, because a notebook that is handed in is loaded cell by cell, checks included.
    """
    lines = text.splitlines()
    cells: list[str] = []
    pending: list[str] = []
    position = 0
    for node in ast.parse(text).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        between, source = lines[position : first - 1], lines[first - 1 : node.end_lineno]
        position = node.end_lineno or position
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_own_import = isinstance(node, ast.ImportFrom) and node.module == name
        if is_docstring or is_own_import:
            pending += between
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            sentence = ast.get_docstring(node)
            if not sentence or node.args.args or node.decorator_list:
                raise CourseError(
                    f"{file}, line {node.lineno}: {node.name} must be a plain function with a docstring "
                    "and without arguments or decorators, because the notebook calls it as it stands.",
                    next_step="Write one small function for each check.",
                )
            if "".join(pending).strip():
                cells.append("\n".join(pending).strip("\n"))
            pending = []
            call = [
                "",
                "",
                GUARD,
                f"    {node.name}()",
                f"    print({'passed: ' + sentence!r})",
            ]
            cells.append("\n".join([*between, *source, *call]).strip("\n"))
        else:
            pending += between + source
    if "".join(pending).strip():
        cells.append("\n".join(pending).strip("\n"))
    return cells
