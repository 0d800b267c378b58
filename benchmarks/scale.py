"""Whether a large class costs its last submission what it cost its first, in time and in memory. See docs/scale.md.

    python -m benchmarks.scale rnn_cell --submissions 10000
    python -m benchmarks.scale --made 1000 10000

The class is the honest files of the sample class, each with a comment of its own. While the command grades them, the
memory of the main process and of its largest worker is read each time another tenth is on disk. Then the same command
is typed again, which grades nothing.

`--made` grades nobody: results are made up for classes of these sizes, from tests/kit/graded_class, each with words of
its own, a tenth with answers that nothing explains. Then what reads results is run over them, each command in a process
of its own: processor time and the most memory that it had.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.faults import tree
from benchmarks.grade import ROOT
from benchmarks.undisturbed import Class, cheap_class
from grader.lazily import Lazily
from grader.records import Chunk, Result, StudentSource
from grader.run.store import Store, read


def memory_mb(pid: int) -> float:
    """What a process has in memory, in MB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def watch(process: subprocess.Popen[bytes], class_: Class, out: Path, marks: int) -> None:
    """Print a line for each tenth: when it was there, what each submission took since the last, the memory."""
    begun = last = time.monotonic()
    before = 0
    for mark in range(1, marks + 1):
        target = class_.files * mark // marks
        while process.poll() is None and class_.graded(out) < target:
            time.sleep(0.2)
        now, graded = time.monotonic(), class_.graded(out)
        levels = tree(process.pid)
        largest = max(map(memory_mb, levels["helper"]), default=0.0)
        each = (now - last) / max(1, graded - before) * 1000
        print(
            f"| {graded} | {now - begun:.0f} s | {each:.0f} ms | {memory_mb(process.pid):.0f} MB | {largest:.0f} MB |",
            flush=True,
        )
        last, before = now, graded


def made_up(folder: Path, count: int) -> None:
    """Write the results of a class that nobody has graded, its programs, and the rosters of two platforms."""
    real = read(ROOT / "tests" / "kit" / "graded_class")
    store = Store(folder, real.assignment, real.suite, real.max_score)
    results = Lazily(count, lambda number: _one(real.results, number))
    store.finish(results)
    program = StudentSource("birnn.py", (Chunk("hidden = previous @ weights + bias\n" * 60),))
    for result in results:
        store.keep_source(result, program)
    canvas = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]]
    canvas += [
        [f"Student {number}", str(number), _name(number), _name(number), "1"] for number in range(count)
    ]
    moodle = [["Identifier", "Full name", "ID number", "Grade", "Maximum Grade", "Feedback comments"]]
    moodle += [
        [f"Participant {number}", f"Student {number}", _name(number), "", "40", ""] for number in range(count)
    ]
    for name, rows in (("canvas", canvas), ("moodle", moodle)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def _name(number: int) -> str:
    return f"s{number:05d}"


def _one(real: Sequence[Result], number: int) -> Result:
    result = real[number % len(real)]
    tests = tuple(
        replace(test, message=f"{test.message} ({number})") if test.message else test for test in result.tests
    )
    unexplained = (f"BiRNN-{number // 300:08x}",) if number % 10 == 0 and result.lost else ()
    return replace(result, student=_name(number), tests=tests, unexplained=unexplained, key=f"{number:064x}")


def commands(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What reads results: a name, and the words to type."""
    yield "report", ["report", str(folder)]
    yield "report --for-students", ["report", str(folder), "--for-students"]
    for name in ("csv", "junit", "github", "canvas", "moodle"):
        roster = ["--roster", str(folder / f"{name}.csv")] if name in ("canvas", "moodle") else []
        to = ["--to", str(folder / f"exported.{name}")]
        yield f"export --format {name}", ["export", str(folder), "--format", name, *roster, *to]
    gradebook = f"sqlite:///{folder / 'gradebook.db'}"
    yield "export --format nbgrader", ["export", str(folder), "--format", "nbgrader", "--to", gradebook]
    yield (
        "export --format gradescope",
        ["export", str(folder), "--format", "gradescope", "--student", _name(7)],
    )
    yield "adjust", ["adjust", str(folder), "--student", _name(7), "--add", "1"]


def cost(words: Sequence[str]) -> tuple[float, float]:
    """Processor time in seconds and the most memory in MB of a command in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"grader {' '.join(words)}: exit status {process.returncode}\n{said[-2000:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def reading(sizes: Sequence[int]) -> None:
    """Print what each command takes for classes of these sizes."""
    costs: dict[str, list[str]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="grader-scale-") as place:
            folder = Path(place)
            made_up(folder, size)
            print(
                f"{size}: results.json has {(folder / 'results.json').stat().st_size / 1e6:.0f} MB",
                flush=True,
            )
            for name, words in commands(folder):
                seconds, memory = cost(words)
                costs.setdefault(name, []).append(f"{seconds:.1f} s, {memory:.0f} MB")
                print(f"    {name}: {costs[name][-1]}", flush=True)
    print(f"| | {' | '.join(map(str, sizes))} |\n|---|{'---|' * len(sizes)}")
    for name, cells in costs.items():
        print(f"| `{name}` | {' | '.join(cells)} |")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; exit status 1 where the command fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", nargs="?", default="rnn_cell")
    parser.add_argument(
        "--made", type=int, nargs="+", default=[], metavar="N", help="sizes of made-up classes"
    )
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--marks", type=int, default=10)
    options = parser.parse_args(arguments)
    if options.made:
        reading(options.made)
        return 0
    with tempfile.TemporaryDirectory(prefix="grader-scale-") as folder:
        out = Path(folder) / "out"
        large = cheap_class(options.assignment, options.submissions, Path(folder) / "class")
        print("| graded | after | each since the last line | main process | largest worker or zygote |")
        print("|---|---|---|---|---|", flush=True)
        process = large.start(out, stderr=sys.stderr)
        watch(process, large, out, options.marks)
        status = process.wait()
        begun = time.monotonic()
        again = large.start(out).wait()
        print(f"exit status {status}; the same command again: {again}, {time.monotonic() - begun:.1f} s")
    return int(bool(status or again))


if __name__ == "__main__":
    raise SystemExit(main())
