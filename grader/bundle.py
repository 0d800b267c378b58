"""Private bundles: everything that a grading machine needs, and nothing that it does not.

A bundle holds the engine, and of each assignment named its reference and its hidden suite. It is a course by itself:
`bash .ci/setup` beside it installs the engine, and `grader grade … --course BUNDLE` grades. It holds the secrets of
the course, so it goes to the machine that grades and never to students (for them: `grader release`).

What the reference and each mistake alone answer (run/answer_store.py) goes with it: the first failing submission on the
other machine waits for none of it, if its Python and libraries are the same. This module only collects files and must
not run anything of the course: whoever calls it says where the answers come from; else it is what runs have kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader.archive import ArchiveFile, check_place, write_zip
from grader.assignments import SHARED, Assignment, Course, load
from grader.errors import UsageError
from grader.run import answer_store, digests
from grader.subject import jail

PACKAGE = Path(__file__).parent
_BESIDE = ("pyproject.toml", "README.md", "LICENSE", ".ci/setup", ".ci/constraints.txt")
_LEFT_OUT = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".DS_Store"})

GRADESCOPE_SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image.
set -euo pipefail
AUTOGRADER=${AUTOGRADER:-/autograder}

apt-get update -q
apt-get install -y -q python3 python3-venv
VENV=$AUTOGRADER/venv bash "$AUTOGRADER/source/.ci/setup"
# What known mistakes answer, so that the first wrong upload need not wait for it: already there if it was computed with
# the same Python and libraries.
"$AUTOGRADER/venv/bin/grader" prepare --course "$AUTOGRADER/source"
"""

GRADESCOPE_RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for every submission. Whatever was handed in is one student's: where the file is missing, the
# result says so. When the grader could not judge it, no results.json is written: Gradescope then reports a fault of
# the autograder, and the student gets no zero.
set -euo pipefail
AUTOGRADER=${{AUTOGRADER:-/autograder}}
results=$(mktemp -d)
trap 'rm -rf -- "$results"' EXIT
# Gradescope itself keeps what a limit of full answers for each day asks for: when this student handed in before.
before=()
metadata=$AUTOGRADER/submission_metadata.json
[[ ! -f $metadata ]] || before=(--answers-before "$metadata")

"$AUTOGRADER/venv/bin/grader" grade "$AUTOGRADER/submission" --student student "${{before[@]}}" \\
    --course "$AUTOGRADER/source" --assignment {assignment} --workers 1 --out "$results"{unsafe} \\
    >"$results/log" 2>&1 || {{
    cat -- "$results/log"
    exit 1
}}
mkdir -p -- "$AUTOGRADER/results"
"$AUTOGRADER/venv/bin/grader" export "$results" --format gradescope --to "$AUTOGRADER/results/results.json"
"""


Shipment = Callable[
    [Course, Assignment], tuple[str, bytes]
]  # the path in a course, and the bytes; none where empty


def kept_answers(course: Course, assignment: Assignment) -> tuple[str, bytes]:
    """What this user's runs have kept of the answers of an assignment's mistakes."""
    suite, engine = digests.suite_digest(course, assignment), digests.engine_digest()
    place = answer_store.place(course, assignment, suite, engine, jail.readable_paths())
    return answer_store.shipped_as(place), answer_store.shipment(place)


def bundle_course(
    course: Course, names: Sequence[str], to: Path, shipment: Shipment = kept_answers
) -> list[str]:
    """Write the bundle of some assignments (all when none is named); gives the paths in it.

    Raises UsageError when there is no source of the engine to put into it, or `to` is no .zip.
    """
    check_place(to)
    chosen = [load(course, name) for name in names or course.names()]
    return write_zip(to, [*_engine(), *course_files(course, chosen, shipment)])


def bundle_gradescope(
    course: Course,
    assignment: Assignment,
    to: Path,
    allow_unsafe: Sequence[str] = (),
    shipment: Shipment = kept_answers,
) -> list[str]:
    """Write an autograder zip for one assignment on Gradescope; gives the paths in it. Raises as `bundle_course`."""
    check_place(to)
    unsafe = "".join(f" --allow-unsafe {layer}" for layer in allow_unsafe)
    run = GRADESCOPE_RUN.format(assignment=assignment.name, unsafe=unsafe)
    entries = [
        ArchiveFile("setup.sh", GRADESCOPE_SETUP.encode(), executable=True),
        ArchiveFile("run_autograder", run.encode(), executable=True),
    ]
    return write_zip(to, [*entries, *_engine(), *course_files(course, [assignment], shipment)])


def _engine() -> Iterator[ArchiveFile]:
    root = PACKAGE.parent
    missing = [name for name in _BESIDE if not (root / name).is_file()]
    if missing:
        raise UsageError(
            f"A bundle holds the source of the engine, but there is no {missing[0]} beside {PACKAGE}.",
            next_step="Make it in a checkout of the kit, installed with: bash .ci/setup",
        )
    for name in _BESIDE:
        yield ArchiveFile(name, (root / name).read_bytes(), executable=name == ".ci/setup")
    yield from _files_below(PACKAGE, root)


def course_files(
    course: Course, assignments: Sequence[Assignment], shipment: Shipment = kept_answers
) -> Iterator[ArchiveFile]:
    """What grading these assignments needs of a course, without the engine."""
    hidden = course.root / "tests" / "hidden"
    beside = [*hidden.glob("*.toml"), *hidden.glob("*.py")]
    yield from (ArchiveFile(_path_below(path, course.root), path.read_bytes()) for path in sorted(beside))
    yield from _files_below(hidden / SHARED, course.root)
    for assignment in assignments:
        yield ArchiveFile(_path_below(assignment.solution, course.root), assignment.solution.read_bytes())
        yield from _files_below(assignment.hidden, course.root)
        path, segment = shipment(course, assignment)
        if segment:
            yield ArchiveFile(path, segment)


def _files_below(folder: Path, root: Path) -> Iterator[ArchiveFile]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _LEFT_OUT.intersection(path.relative_to(root).parts):
            yield ArchiveFile(_path_below(path, root), path.read_bytes())


def _path_below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
