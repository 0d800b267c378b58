"""The notebook of a hand-out: the cells of its source with the figures inside, and checks below each exercise."""

from __future__ import annotations

import ast
import base64
import json
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import CourseError
from grader.syntax import FUNCTIONS
from grader.text import listed

GUARD = 'if __name__ == "__main__":'

CHECKS = """## Visible checks

Below each function stand its checks. Run them when you have written it. They are a first look and give no points: the
hidden tests ask more. A check that stops with an error says what differs and where.

The next cell holds what the checks share. Run it as well; there is nothing to write in it."""

GIVEN = """## Files of this exercise

The next cell writes {files} beside this notebook, unless they are there already.
Run it; there is nothing to write in it."""

FURTHER = "## Further checks"
IN_ALL = "## How far you are"

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

#: Writes the given modules, for a notebook that lies alone; what lies beside it already stays as it is.
WRITE = """# What this exercise comes with, one file in each line
if __name__ == "__main__":
    from pathlib import Path

    for file, text in {{
{files}
    }}.items():
        if not Path(file).exists():
            Path(file).write_text(text, encoding="utf-8")
            print(file, "is now beside this notebook")"""

_FIGURE = re.compile(r"\]\(figures/([\w.-]+)\)")


def percent_cells(text: str) -> list[Any]:
    """The cells of a jupytext percent script, with `cell_type`, `source` and `metadata`."""
    import jupytext  # heavy, and only needed here

    library: Any = jupytext
    return list(library.reads(text, fmt="py:percent").cells)


@dataclass(frozen=True)
class Checks:
    """The visible checks as cells: what they share, and each by its name, with a call of it."""

    shared: str
    cells: Mapping[str, str]

    def __iter__(self) -> Iterator[str]:
        yield from filter(None, [self.shared, *self.cells.values()])


@dataclass(frozen=True)
class NotebookCell:
    """A cell of a notebook that is being made: `check` names the check that it is; `is_shared`: what checks share.

    `is_folded`: it is shown folded, because there is nothing in it to read or to write.
    """

    kind: str
    source: str
    check: str = ""
    is_shared: bool = False
    is_folded: bool = False


def with_checks(cells: Sequence[NotebookCell], checks: Checks, exercises: Mapping[str, str]) -> list[NotebookCell]:
    """The cells of a hand-out with its checks, each right below the cell that defines its exercise.

    `exercises` says which exercise a check looks at; a check of which it does not, or whose exercise is not there,
    comes at the end. What checks share comes first, and the last cell has a line for each check.
    """
    places = {
        name: number
        for number, cell in enumerate(cells)
        if cell.kind == "code"
        for name in _definitions(cell.source)
    }
    first = next(number for number, cell in enumerate(cells) if cell.kind == "code")
    begin = max([first, *(places[name] for name in _names_read_on_loading(checks.shared) if name in places)])
    below: dict[int, list[NotebookCell]] = {}
    further = []
    for name, source in checks.cells.items():
        part = NotebookCell("code", source, check=name)
        if exercises.get(name) in places:
            below.setdefault(max(begin, places[exercises[name]]), []).append(part)
        else:
            further.append(part)
    shared = [NotebookCell("code", checks.shared, is_shared=True, is_folded=True)] if checks.shared else []
    parts = []
    for number, cell in enumerate(cells):
        parts.append(cell)
        if number == begin:
            parts += [NotebookCell("markdown", CHECKS), *shared]
        parts += below.get(number, [])
    parts += [NotebookCell("markdown", FURTHER), *further] if further else []
    return [*parts, NotebookCell("markdown", IN_ALL), NotebookCell("code", SUMMARY)]


def with_given(cells: Sequence[NotebookCell], modules: Mapping[str, str]) -> list[NotebookCell]:
    """The cells with one that writes the given modules, sources by name, before the first cell of code."""
    if not modules:
        return list(cells)
    named = listed(f"`{name}.py`" for name in modules)
    lines = "\n".join(f"        {f'{name}.py'!r}: {source!r}," for name, source in modules.items())
    writing = [
        NotebookCell("markdown", GIVEN.format(files=named)),
        NotebookCell("code", WRITE.format(files=lines), is_folded=True),
    ]
    first = next(number for number, cell in enumerate(cells) if cell.kind == "code")
    return [*cells[:first], *writing, *cells[first:]]


def _definitions(source: str) -> list[str]:
    """The functions and classes at the top of a cell."""
    return [node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]


def _names_read_on_loading(source: str) -> set[str]:
    """The names that some code reads when it is loaded, and not only when one of its functions is called."""
    names = set()
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            names.add(node.id)
        if isinstance(node, FUNCTIONS):
            waiting += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        else:
            waiting += ast.iter_child_nodes(node)
    return names


def notebook(
    cells: Sequence[Any],
    start: str,
    checks: Checks,
    exercises: Mapping[str, str],
    figures: Mapping[str, bytes],
    modules: Mapping[str, str],
) -> str:
    """The notebook as JSON: fixed cell ids, no outputs, and nothing of the machine it was made on.

    `start`, how to start, stands before the first cell of code. `figures` and the course's `modules` are kept inside,
    so the notebook is enough by itself. `exercises` says which exercise a check looks at.
    """
    import nbformat  # heavy, and only needed here; it has no types worth the name

    library: Any = nbformat
    v4 = library.v4

    def text(source: str) -> Any:
        return v4.new_markdown_cell(**_with_figures(source, figures))

    def code(part: NotebookCell) -> Any:
        return v4.new_code_cell(part.source, metadata=_cell_metadata(part))

    own = [NotebookCell(cell.cell_type, cell.source) for cell in cells]
    first = next(number for number, part in enumerate(own) if part.kind == "code")
    own.insert(first, NotebookCell("markdown", start.strip()))
    parts = with_given(with_checks(own, checks, exercises), modules)
    notebook_cells = [text(part.source) if part.kind == "markdown" else code(part) for part in parts]
    for number, cell in enumerate(notebook_cells):
        cell["id"] = f"cell-{number:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = v4.new_notebook(
        cells=notebook_cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    document.nbformat_minor = 5
    library.validate(document)
    content = json.loads(library.writes(document))
    _join_pictures(content)
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _cell_metadata(part: NotebookCell) -> dict[str, Any]:
    """What a notebook says of a cell of code beside its source."""
    metadata: dict[str, Any] = {}
    if GUARD in part.source:  # "Run all" goes on after what is not written yet
        metadata["tags"] = ["raises-exception"]
    if part.is_folded:
        metadata["jupyter"] = {"source_hidden": True}
    return metadata


def _join_pictures(content: Mapping[str, Any]) -> None:
    """Make each picture one text: not every program that shows notebooks joins their lines."""
    for cell in content["cells"]:
        for pictures in cell.get("attachments", {}).values():
            for kind, lines in pictures.items():
                pictures[kind] = "".join(lines)


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


def checks_as_cells(text: str, name: str, file: Path) -> Checks:
    """The visible checks as cells: what stands before and between the tests, and each test with a call of it.

    The call is guarded, because a notebook that is handed in is loaded cell by cell, checks included.
    """
    lines = text.splitlines()
    cells: dict[str, str] = {}
    shared: list[str] = []
    position = 0
    for node in ast.parse(text).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        between, source = lines[position : first - 1], lines[first - 1 : node.end_lineno]
        position = node.end_lineno or position
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_own_import = isinstance(node, ast.ImportFrom) and node.module == name
        if is_docstring or is_own_import:
            shared += between
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            sentence = ast.get_docstring(node)
            if not sentence or node.args.args or node.decorator_list:
                raise CourseError(
                    f"{file}, line {node.lineno}: {node.name} must be a plain function with a docstring "
                    "and without arguments or decorators, because the notebook calls it as it stands.",
                    next_step="Write one small function for each check.",
                )
            call = [
                "",
                "",
                GUARD,
                f"    {node.name}()",
                f"    print({'passed: ' + sentence!r})",
            ]
            cells[node.name] = "\n".join([*between, *source, *call]).strip("\n")
        else:
            shared += between + source
    return Checks("\n".join(shared).strip("\n"), cells)
