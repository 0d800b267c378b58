"""`grader new NAME`: a new assignment that works at once, for its author to change bit by bit.

It writes a tiny exercise (scale and shift an array) with everything an assignment has: hand-out, skeleton and
reference in one, visible checks, a correct alternative, a hidden suite, mistakes with their names, examples. It never
writes over a file.
"""

from __future__ import annotations

import importlib.util
import keyword
import sys
from pathlib import Path

from grader.assignments import SHARED, Course, load
from grader.errors import UsageError
from grader.new.solution import SOLUTIONS
from grader.new.suite import ALONE, ON_SHARED


def new_assignment(course: Course, name: str) -> list[Path]:
    """Write the folders of the assignment `name`; give the files, in the order one would read them.

    Raises UsageError when the name cannot be the name of a Python module of one's own, or is taken.
    """
    _refuse_bad(name)
    solutions, hidden = course.root / "solutions" / name, course.root / "tests" / "hidden" / name
    for folder in (solutions, hidden):
        if folder.exists():
            raise UsageError(
                f"{folder} exists already.", next_step="Choose another name, or go on with what is there."
            )
    orders = [load(course, other).order for other in course.names()]
    words = {
        "@name@": name,
        "@title@": name.replace("_", " ").capitalize(),
        "@order@": str(max(orders, default=0) + 1),
    }
    shared = hidden.parent / SHARED
    suite = ON_SHARED if (shared / "laws.py").is_file() else ALONE
    templates = {
        **{solutions / file: text for file, text in SOLUTIONS.items()},
        **{hidden / file: text for file, text in suite.items()},
    }
    if suite is ON_SHARED and not (hidden.parent / "__init__.py").exists():
        templates[hidden.parent / "__init__.py"] = ""  # `from ..shared` needs a package around both
    written = []
    for path, template in templates.items():
        for word, text in words.items():
            template = template.replace(word, text)
            path = Path(str(path).replace(word, text))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _refuse_bad(name: str) -> None:
    if (
        not (name.isidentifier() and name.isascii())
        or keyword.iskeyword(name)
        or name.startswith(("_", "test_"))
    ):
        is_word = f", and {name!r} is a word of Python's own" if keyword.iskeyword(name) else ""
        raise UsageError(
            f"{name!r} cannot be the name of an assignment: students hand in NAME.py, and it is imported{is_word}.",
            next_step="Use letters, digits and _, a letter first, and no test_ in front: grader new gru_cell",
        )
    if name == SHARED:
        raise UsageError(
            f"tests/hidden/{SHARED} is for what the hidden suites share; no assignment can have that name.",
            next_step="Choose another name: grader new shared_weights",
        )
    if name in sys.stdlib_module_names or importlib.util.find_spec(name) is not None:
        raise UsageError(
            f"{name!r} is the name of a module that is there already; {name}.py would hide it, or be hidden.",
            next_step=f"Choose a name of its own: grader new {name}_exercise",
        )
