"""`grader build`: from the one source of an assignment, everything students get.

solutions/<a>/<a>.py is a jupytext percent script: hand-out (markdown cells), skeleton, and reference (between
`### BEGIN SOLUTION` and `### END SOLUTION`). From it and test_<a>.py come the skeleton as .py and .ipynb, the
visible checks, and a README. The same source always gives the same bytes.

It must not run a line of the source and must let no line of a solution out: every output is searched.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from grader.assignments import Assignment, Course, load
from grader.check import guide as guides
from grader.errors import CourseError
from grader.skeletons import leaks, skeleton, solution_lines

__all__ = [
    "CHECKS",
    "FIGURES",
    "build",
    "checks_as_cells",
    "outputs",
    "percent_cells",
    "read",
    "skeleton",
    "with_points",
]

POINTS = re.compile(r"\{points (?:of (\w+)|in all)\}")

FIGURES = {".png", ".svg", ".jpg", ".jpeg", ".gif"}
NOTEBOOK_ONLY = "notebook"  # tag of markdown cells that make no sense in the README
TAGGED = re.compile(r'^(# %% \[markdown\]) tags=\["notebook"\]$', re.MULTILINE)

START = """## How to start

1. In this folder: `python -m pip install -r requirements.txt`, and `jupyterlab` if you like notebooks.
2. Open `{name}.py` or `{name}.ipynb`, as you like, and replace each `raise NotImplementedError(...)`.
3. Check yourself: `python -m pytest` checks the `.py`; in the notebook, run its last section.

Where the course's `grader` is installed, `grader check` says more: what is wrong first, lines to try it with, and
what to do next. `grader check --watch` looks again at every save, `grader check --hint` gives a hint.

Then hand in the file you worked in, under the name it has.
"""

#: What an exercise needs from elsewhere, with the oldest version that will do: those of pyproject.toml.
REQUIRED = {"numpy": "numpy>=1.26", "torch": "torch>=2.6", "pytest": "pytest>=8.2"}

CHECKS = """## Visible checks

Run these cells when you have written something. They are a first look and give no points: the hidden tests
ask more. A check that stops with an error says what differs and where."""


def build(course: Course, names: Iterable[str] = (), check: bool = False) -> list[Path]:
    """Generate assignments/<name>/ for the named assignments (none named: all); give the files that differed.

    With `check` nothing is written. Raises CourseError when a source is not as it must be, when a line of a
    solution would survive, or when the folder holds a file that no source generates.
    """
    changed = []
    for name in tuple(names) or course.names():
        assignment = load(course, name)
        files = outputs(assignment)
        for path, content in sorted(files.items()):
            if path.is_file() and path.read_bytes() == content:
                continue
            changed.append(path)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        _refuse_strangers(assignment, files)
    return changed


def outputs(assignment: Assignment) -> dict[Path, bytes]:
    """Every file of assignments/<name>/ with its content; no output holds a line of a solution."""
    name, source = assignment.name, assignment.solution
    text = with_points(read(source), assignment)
    checks = read(assignment.visible_checks)
    start = skeleton(text, file=str(source))
    cells = percent_cells(start)
    check_cells = checks_as_cells(checks, name, assignment.visible_checks)
    texts = {
        f"{name}.py": TAGGED.sub(r"\1", start),
        f"test_{name}.py": checks,
        "requirements.txt": _requirements(assignment),
        "README.md": _readme(cells, name),
        **{f"{module}.py": source for module, source in assignment.given_sources.items()},
        f"{name}.ipynb": _notebook(cells, check_cells),
    }
    guide = source.parent / guides.NAME
    if guide.is_file():
        texts[guides.NAME] = guides.shipped(
            read(guide),
            guide,
            assignment.groups,
            assignment.exercises,
            _names_of_checks(checks),
            _grading(assignment),
        )
    plain = {**texts, f"{name}.ipynb": "\n".join(str(cell.source) for cell in cells) + "\n".join(check_cells)}
    _refuse_leaks(solution_lines(text, file=str(source)), plain, assignment)
    files = {assignment.handout / file: content.encode() for file, content in texts.items()}
    for figure in sorted((source.parent / "figures").glob("*")):
        if figure.suffix in FIGURES:
            files[assignment.handout / "figures" / figure.name] = figure.read_bytes()
    return files


def with_points(text: str, assignment: Assignment) -> str:
    """Fill in {points of GROUP} and {points in all}, so that the hand-out cannot promise other points."""
    noted: set[str] = set()

    def points(match: re.Match[str]) -> str:
        group = match[1]
        if group is None:
            return f"{assignment.max_score:g}"
        if group not in assignment.groups:
            raise CourseError(
                f"{assignment.solution}: {match[0]} names a group that assignment.toml does not have.",
                next_step=f"Its groups are: {', '.join(assignment.groups)}.",
            )
        noted.add(group)
        return f"{assignment.groups[group]:g}"

    filled = POINTS.sub(points, text)
    for group in assignment.groups:
        if group not in noted:
            raise CourseError(
                f"{assignment.solution}: the hand-out does not say what the group {group} is worth.",
                next_step=f"Write {{points of {group}}} where the hand-out tells what is graded.",
            )
    return filled


def _requirements(assignment: Assignment) -> str:
    """requirements.txt: the modules that are there when a submission is graded, and pytest for the checks."""
    tops = dict.fromkeys(module.partition(".")[0] for module in (*assignment.preload, "pytest"))
    return "".join(f"{REQUIRED.get(name, name)}\n" for name in tops if name not in sys.stdlib_module_names)


def _grading(assignment: Assignment) -> guides.Grading:
    """What `grader check` must know of the grading to load a file alike."""
    return guides.Grading(
        tuple(name for name in assignment.imports if name not in ("numpy", "torch")),
        tuple(assignment.given_sources),
        assignment.limits.statement_seconds,
    )


def _names_of_checks(text: str) -> list[str]:
    return [
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def percent_cells(text: str) -> list[Any]:
    """The cells of a jupytext percent script, with `cell_type`, `source` and `metadata`."""
    import jupytext  # heavy, and only needed here

    library: Any = jupytext
    return list(library.reads(text, fmt="py:percent").cells)


def _readme(cells: Sequence[Any], name: str) -> str:
    parts = [
        cell.source.strip()
        for cell in cells
        if cell.cell_type == "markdown" and NOTEBOOK_ONLY not in cell.metadata.get("tags", ())
    ]
    return "\n\n".join([*parts, START.format(name=name)])


def _notebook(cells: Sequence[Any], check_cells: Sequence[str]) -> str:
    """The notebook as JSON: fixed cell ids, no outputs, and nothing of the machine it was made on."""
    import nbformat  # heavy, and only needed here; it has no types worth the name

    library: Any = nbformat
    v4 = library.v4

    notebook_cells = [
        v4.new_markdown_cell(cell.source) if cell.cell_type == "markdown" else v4.new_code_cell(cell.source)
        for cell in cells
    ]
    notebook_cells.append(v4.new_markdown_cell(CHECKS))
    notebook_cells += [v4.new_code_cell(source) for source in check_cells]
    for number, cell in enumerate(notebook_cells):
        cell["id"] = f"cell-{number:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(
        cells=notebook_cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    notebook.nbformat_minor = 5
    library.validate(notebook)
    return str(library.writes(notebook)).rstrip("\n") + "\n"


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
                'if __name__ == "__main__":',
                f"    {node.name}()",
                f"    print({'passed: ' + sentence!r})",
            ]
            cells.append("\n".join([*between, *source, *call]).strip("\n"))
        else:
            pending += between + source
    if "".join(pending).strip():
        cells.append("\n".join(pending).strip("\n"))
    return cells


def _refuse_leaks(lines: list[tuple[int, str]], texts: dict[str, str], assignment: Assignment) -> None:
    for file, text in texts.items():
        for number, line in leaks(lines, text):
            raise CourseError(
                f"{assignment.solution}, line {number}: this line of the solution would also stand in "
                f"assignments/{assignment.name}/{file}: {line}",
                next_step="Reword it in the hand-out or the checks, or take it out of the solution region.",
            )


def _refuse_strangers(assignment: Assignment, files: dict[Path, bytes]) -> None:
    for path in sorted(assignment.handout.rglob("*")):
        parts = path.relative_to(assignment.handout).parts
        if path.is_file() and path not in files and not any(part.startswith((".", "__")) for part in parts):
            raise CourseError(
                f"{path} is not generated from anything: assignments/ holds only what `grader build` makes.",
                next_step=f"Move it to {assignment.solution.parent} (pictures: figures/), or delete it.",
            )


def read(path: Path) -> str:
    """A source of the course as text; raises CourseError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.", next_step=f"Write {path} in UTF-8.") from error
