"""What it costs to read the results of a class: each command that does, in a process of its own."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.grade import ROOT
from grader.lazy_sequences import LazySequence
from grader.records import Chunk, Result, StudentSource
from grader.run.store import ClassFolder, read


def made_up(folder: Path, count: int) -> None:
    """Write the results of a class that nobody has graded, and its programs."""
    real = read(ROOT / "tests" / "kit" / "graded_class")
    store = ClassFolder(folder, real.assignment, real.suite, real.max_score)
    results = LazySequence(count, lambda number: _one(real.results, number))
    store.finish(results)
    program = StudentSource("birnn.py", (Chunk("hidden = previous @ weights + bias\n" * 60),))
    for result in results:
        store.keep_source(result, program)


def _one(real: Sequence[Result], number: int) -> Result:
    result = real[number % len(real)]
    tests = tuple(
        replace(test, message=f"{test.message} ({number})") if test.message else test for test in result.tests
    )
    unexplained = (f"BiRNN-{number // 300:08x}",) if number % 10 == 0 and result.lost else ()
    student = f"s{number:05d}"
    return replace(result, student=student, tests=tests, unexplained=unexplained, key=f"{number:064x}")


def write_rosters(folder: Path, names: Iterable[str]) -> None:
    """Write what two platforms export of a course in which these are: their names are their ID numbers there."""
    canvas = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]]
    moodle = [["Identifier", "Full name", "ID number", "Grade", "Maximum Grade", "Feedback comments"]]
    for number, name in enumerate(names):
        canvas.append([f"Student {number}", str(number), name, name, "1"])
        moodle.append([f"Participant {number}", f"Student {number}", name, "", "40", ""])
    for platform, rows in (("canvas", canvas), ("moodle", moodle)):
        with (folder / f"{platform}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def commands(folder: Path, student: str) -> Iterator[tuple[str, list[str]]]:
    """What reads results: a name, and the words to type. `student` is for those that are about one of them."""
    yield "report", ["report", str(folder)]
    yield "report --for-students", ["report", str(folder), "--for-students"]
    for name in ("csv", "junit", "github", "canvas", "moodle"):
        roster = ["--roster", str(folder / f"{name}.csv")] if name in ("canvas", "moodle") else []
        to = ["--to", str(folder / f"exported.{name}")]
        yield f"export --format {name}", ["export", str(folder), "--format", name, *roster, *to]
    gradebook = f"sqlite:///{folder / 'gradebook.db'}"
    yield "export --format nbgrader", ["export", str(folder), "--format", "nbgrader", "--to", gradebook]
    for name in ("gradescope", "prairielearn"):
        yield f"export --format {name}", ["export", str(folder), "--format", name, "--student", student]
    yield "adjust", ["adjust", str(folder), "--student", student, "--add", "1"]
    yield "adjust --clear", ["adjust", str(folder), "--student", student, "--clear"]


def cost(words: Sequence[str]) -> tuple[float, float]:
    """Processor time in seconds and the most memory in MB of a command in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    output = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"grader {' '.join(words)}: exit status {process.returncode}\n{output[-2000:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def costs(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """Run each command over the results in `folder`, which are of these students; what it took, in words."""
    write_rosters(folder, names)
    cells = {}
    for name, words in commands(folder, names[len(names) // 2]):
        seconds, memory = cost(words)
        cells[name] = f"{seconds:.1f} s, {memory:.0f} MB"
        print(f"    {name}: {cells[name]}", flush=True)
    return cells


def compare(sizes: Sequence[int]) -> None:
    """Print what each command takes for made-up classes of these sizes."""
    rows: dict[str, list[str]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="grader-scale-") as place:
            folder = Path(place)
            made_up(folder, size)
            written = (folder / "results.json").stat().st_size / 1e6
            print(f"{size}: results.json has {written:.0f} MB", flush=True)
            for name, cell in costs(folder, [f"s{number:05d}" for number in range(size)]).items():
                rows.setdefault(name, []).append(cell)
    print(f"| | {' | '.join(map(str, sizes))} |\n|---|{'---|' * len(sizes)}")
    for name, cells in rows.items():
        print(f"| `{name}` | {' | '.join(cells)} |")
