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
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from grader.assignments import Assignment, Course, load
from grader.build.notebook import checks_as_cells, notebook, percent_cells
from grader.check import guide as guides
from grader.errors import CourseError
from grader.skeletons import leaks, skeleton, solution_lines

__all__ = [
    "FIGURES",
    "build",
    "exercises_of_checks",
    "how_it_is_read",
    "outputs",
    "read",
    "skeleton",
    "with_points",
]

POINTS = re.compile(r"\{points (?:of (\w+)|in all)\}")

FIGURES = {".png", ".svg", ".jpg", ".jpeg", ".gif"}
NOTEBOOK_ONLY = "notebook"  # tag of markdown cells that make no sense in the README
TAGGED = re.compile(r'^(# %% \[markdown\]) tags=\["notebook"\]$', re.MULTILINE)

START = """## How to start

1. In this folder: `python -m venv .venv`, then `source .venv/bin/activate` (Windows: `.venv\\Scripts\\activate`).
2. On Linux, PyTorch comes with several GB for graphics cards, and nothing here needs them. To leave them out, type
   the line that PyTorch's page "Get Started" gives for *Pip* and *CPU*.
3. `python -m pip install -r requirements.txt` ({requirements}), and `jupyterlab` if you like
   notebooks.
4. Open `{name}.py` or `{name}.ipynb`, as you like, and replace each `raise NotImplementedError(...)`.
5. Check yourself: `python -m pytest` checks the `.py`; in the notebook, run the cells below what you have written, or
   the last cell for all.

Where the course's `grader` is installed, `grader check` says more: what is wrong first, lines to try it with, and
what to do next. `grader check --watch` looks again at every save, `grader check --hint` gives a hint.

Then hand in the file you worked in, under the name it has.
"""

READING = """How your file is read

{imports}
* Statements outside functions and classes run one by one. One that fails, asks for input or takes more than
  {statement:g} s is passed over in the same way.
* Put training, plots and trials under `if __name__ == "__main__":`. They run for you and not when you are graded.
* One call of your code may take {call:g} s, and all of them {total:g} s. The tests are small: far less is enough.
"""

#: pytest for students: short tracebacks, and nothing collected but the checks that lie here.
SETTINGS = """[pytest]
addopts = --tb=short
testpaths = test_{name}.py
"""

#: What an exercise needs from elsewhere, with the oldest version that will do: those of pyproject.toml.
REQUIRED = {"numpy": "numpy>=1.26", "torch": "torch>=2.6", "pytest": "pytest>=8.2"}


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
    pictures = sorted((source.parent / "figures").glob("*"))
    figures = {path.name: path.read_bytes() for path in pictures if path.suffix in FIGURES}
    course_modules = assignment.given_sources
    texts = {
        f"{name}.py": TAGGED.sub(r"\1", start),
        f"test_{name}.py": checks,
        "requirements.txt": _requirements(assignment),
        "pytest.ini": SETTINGS.format(name=name),
        "README.md": _readme(cells, _how_to_start(assignment)),
        **{f"{module}.py": source for module, source in course_modules.items()},
    }
    guide = source.parent / guides.NAME
    if guide.is_file():
        texts[guides.NAME] = guides.shipped(
            read(guide),
            guide,
            assignment.groups,
            assignment.exercises,
            _names_of_checks(checks),
            _rules_of_grading(assignment),
        )
    exercises = exercises_of_checks(assignment)
    texts[f"{name}.ipynb"] = notebook(
        cells, _how_to_start(assignment), check_cells, exercises, figures, course_modules
    )
    plain = {**texts, f"{name}.ipynb": "\n".join(str(cell.source) for cell in cells) + "\n".join(check_cells)}
    _refuse_leaks(solution_lines(text, file=str(source)), plain, assignment)
    files = {assignment.handout / file: content.encode() for file, content in texts.items()}
    for figure, content in figures.items():
        files[assignment.handout / "figures" / figure] = content
    return files


def exercises_of_checks(assignment: Assignment) -> dict[str, str]:
    """Which exercise each visible check looks at, as the author's checks.toml says; empty where there is none."""
    guide = guides.read(assignment.solution.parent / guides.NAME)
    return {name: entry.exercise for name, entry in guide.checks.items()}


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
    """The text of requirements.txt: what is there in grading, pytest for the checks, and what given modules need."""
    tops = dict.fromkeys(module.partition(".")[0] for module in (*assignment.preload, "pytest"))
    lines = [REQUIRED.get(name, name) for name in tops if name not in sys.stdlib_module_names]
    return "".join(f"{line}\n" for line in (*lines, *assignment.requires))


def _rules_of_grading(assignment: Assignment) -> guides.Grading:
    """What `grader check` must know of the grading to load a file alike."""
    return guides.Grading(
        tuple(name for name in assignment.imports if name not in ("numpy", "torch")),
        tuple(assignment.given_sources),
        assignment.limits.statement_seconds,
        assignment.watch.calls,
        assignment.watch.rule,
        assignment.watch.costs,
    )


def _names_of_checks(text: str) -> list[str]:
    return [
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def _how_to_start(assignment: Assignment) -> str:
    """How to start, and how a submission is read."""
    lines = _requirements(assignment).splitlines()
    required = [re.split(r"[^\w.-]", line.strip(), maxsplit=1)[0] for line in lines]
    start = START.format(name=assignment.name, requirements=", ".join(required))
    return f"{start}\n## {how_it_is_read(assignment)}"


def how_it_is_read(assignment: Assignment) -> str:
    """The rules of grading, with the limits of the assignment: what may be imported, how long what may take."""
    files = ", ".join(f"`{name}.py`" for name in assignment.given_sources)
    imports = (
        f"* What you import may be part of Python, {', '.join(f'`{name}`' for name in assignment.imports)}, "
        f"{f'what comes with this exercise ({files}), ' if files else ''}or a `.py` file of your own that you hand in "
        "beside it. Anything else is passed over with a note, and what does not need it still counts."
    )
    limits = assignment.limits
    return READING.format(
        imports=textwrap.fill(imports, 116, subsequent_indent="  ", break_long_words=False),
        statement=limits.statement_seconds,
        call=limits.call_seconds,
        total=limits.total_seconds,
    )


def _readme(cells: Sequence[Any], start: str) -> str:
    parts = [
        cell.source.strip()
        for cell in cells
        if cell.cell_type == "markdown" and NOTEBOOK_ONLY not in cell.metadata.get("tags", ())
    ]
    return "\n\n".join([*parts, start])


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
