"""The least that aims of speed can come to: what each step takes where nothing else is done, in processor time.

    python -m benchmarks.least birnn --runs 15

- `import torch`, and `import nbgrader.api`, each in an interpreter of its own
- the calls that the hidden suite makes of the right files, called in this process: the floor of docs/performance.md
- the same calls in a child that is forked for each file and ends: no jail, no wire, no comparison, no answer
- an empty child: forked, and ended at once; as in a run, from memory in huge pages
- a gradebook of nbgrader with 100 students, written once, with points that are made up

Nothing that gives each submission a process of its own can be below the third of these.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import floor
from benchmarks.arguments import assignment_name, whole_number
from benchmarks.grade import ROOT, sample_class
from grader import assignments
from grader.records import Result
from grader.subject import warmup
from grader.subject.zygote import collapse
from grader.suite.collect import with_suite

STUDENTS = 100


def imported(module: str) -> float:
    """The processor seconds of an interpreter that imports a module and ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, cwd="/", stderr=subprocess.DEVNULL)
    return _seconds(resource.getrusage(resource.RUSAGE_CHILDREN)) - _seconds(before)


def forked(work: Callable[[], object]) -> float:
    """The processor seconds of a forked process that does some work and ends, with those of forking it."""
    before = time.process_time()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    assert status == 0
    return _seconds(usage) + time.process_time() - before


def in_process(work: Callable[[], object]) -> float:
    """The processor seconds of some work."""
    before = time.process_time()
    work()
    return time.process_time() - before


def gradebook(name: str, groups: dict[str, float]) -> float:
    """The processor seconds in which made-up points are written for a class; nbgrader is imported before."""
    from grader.nbgrader_plugin import gradebook as book

    maximum = sum(groups.values())
    results = [
        Result(f"s{number}", "file", "", "graded", maximum, maximum, 0.0) for number in range(STUDENTS)
    ]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'gradebook.db'}"
        book.check(url)
        return in_process(lambda: book.write(results, url, name, groups))


def planned(name: str) -> list[Any]:
    """The calls that a hidden suite makes."""
    course = assignments.find_course(ROOT)
    batches: list[Any] = []
    with_suite(course, assignments.load(course, name), lambda suite: batches.extend(suite.plan.batches))
    return batches


def compare(sources: Sequence[str], plan: Sequence[Any], runs: int) -> None:
    """Print what the calls take in this process, in a child, and what a child takes that does nothing."""
    gc.freeze()
    collapse()
    rows = []
    for number in range(runs + len(sources)):

        def calls(source: str = sources[number % len(sources)]) -> None:
            floor.run(source, plan)

        rows.append((in_process(calls), forked(calls), forked(lambda: None)))
    counted = rows[len(sources) :]  # each file was called once before
    alone, child, empty = (1000 * statistics.median(column) for column in zip(*counted))
    ratio = statistics.median(row[1] / row[0] for row in counted)
    print(f"the calls alone {alone:.1f} ms, in a forked child {child:.1f} ms: {ratio:.2f} times")
    print(f"an empty child {empty:.1f} ms", flush=True)


def _seconds(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--runs", type=whole_number, default=15)
    options = parser.parse_args()
    warmup.settle()
    course = assignments.find_course(ROOT)
    assignment = assignments.load(course, options.assignment)
    sources = [
        path.read_text("utf-8") for path in sample_class(assignment.name, right=True) if path.suffix == ".py"
    ]

    for module in ("torch", "nbgrader.api"):
        print(f"import {module}: {statistics.median(imported(module) for _ in range(3)):.2f} s", flush=True)
    with multiprocessing.get_context("spawn").Pool(
        1
    ) as pool:  # torch starts threads there, after which none may fork
        plan = pool.apply(planned, (options.assignment,))
    compare(sources, plan, options.runs)
    print(f"a gradebook of {STUDENTS}: {gradebook(assignment.name, dict(assignment.groups)):.2f} s")


if __name__ == "__main__":
    main()
