"""`grader release`: the zip of one assignment that students get.

It is built from an allow-list: what `grader build` makes of the sources, and how to start. Nothing is copied from
a folder, so no file that happens to lie about can get in; and before anything is written, every text in it is searched
for lines of the references, the hidden suite and its mistakes. The same sources always give the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path

from grader.archive import ArchiveFile, write_zip
from grader.assignments import Assignment
from grader.build import how_it_is_read, outputs
from grader.errors import CourseError
from grader.secrets import find_leaks, secrets

START = """{title}

1. python -m venv .venv      (then: source .venv/bin/activate, on Windows: .venv\\Scripts\\activate)
2. python -m pip install -r requirements.txt      (README.md, "How to start", has a line that saves several GB on Linux)
3. Open {name}.py or {name}.ipynb and replace each `raise NotImplementedError(...)`. README.md explains all of it.
4. python -m pytest          (or, where the course's grader is installed: grader check)

{reading}"""


def release(assignment: Assignment, to: Path) -> list[str]:
    """Write the zip of an assignment to `to`; give the names of what is in it.

    Raises CourseError when a secret line would get out, UsageError when `to` cannot be written.
    """
    files = contents(assignment)
    for leak in find_leaks(secrets(assignment), readable_texts(files)):
        raise CourseError(
            f"{leak.secret.file}, line {leak.secret.number}: this line would get out in {leak.found_in}: "
            f"{leak.secret.line}",
            next_step="Reword it there or in the hand-out, then type: grader build",
        )
    return write_zip(to, (ArchiveFile(name, content) for name, content in files.items()))


def contents(assignment: Assignment) -> dict[str, bytes]:
    """Everything that is released, by its name in the zip."""
    files = {
        f"{assignment.name}/{path.relative_to(assignment.handout).as_posix()}": content
        for path, content in outputs(assignment).items()
    }
    reading = how_it_is_read(assignment)
    start = START.format(title=assignment.title, name=assignment.name, reading=reading)
    return {**files, f"{assignment.name}/START.txt": start.encode()}


def readable_texts(files: dict[str, bytes]) -> dict[str, str]:
    """What can be read in the files: a notebook's cells are JSON strings, so its lines are those of its sources."""
    by_name = {}
    for name, content in files.items():
        try:
            text = content.decode()
        except UnicodeDecodeError:  # a picture
            continue
        if name.endswith(".ipynb"):
            text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        by_name[name] = text
    return by_name
