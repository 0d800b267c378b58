"""Whether the same submissions get the same verdicts and words: by one worker or more, in any order, again and again.

    python -m benchmarks.determinism rnn_cell --workers 1 2 8 --repeats 10
    python -m benchmarks.determinism rnn_cell --python /venvs/3.10/bin/python /venvs/3.13/bin/python

The sample class of an assignment (without whom it waits for, unless --all) is graded once by one worker. Then it is
graded with each number of workers, shuffled in each repeat; and by other interpreters, each with the grader installed.
Everything that a result holds must be the same, but the seconds and the digests of what it was made by. Exit status 1
where something differs; the first differences of each way are printed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.assignments import find_course, load
from grader.records import Submission
from grader.run.path import Options, grade
from grader.submissions import read_submissions

ROOT = Path(__file__).parent.parent
MOST_SHOWN = 5
#: What belongs to a run, or to the versions that it was made by, and not to a verdict.
LEFT_OUT = ("seconds", "key", "suite")

Words = dict[str, dict[str, Any]]


def sample(assignment: str, everybody: bool) -> list[Submission]:
    """The sample class; without those that end by time, which is the machine's word, unless `everybody`."""
    folder = ROOT / "tests" / "sample_class" / assignment
    read = read_submissions(folder, assignment)
    if everybody:
        return read
    return [one for one in read if _status(folder / one.student) != "timeout"]


def _status(folder: Path) -> str:
    return str(json.loads((folder / "expected.json").read_text(encoding="utf-8"))["status"])


def words(assignment: str, submissions: Sequence[Submission], workers: int) -> Words:
    """All that the results say, by student."""
    course = find_course(ROOT)
    results = grade(course, load(course, assignment), submissions, None, Options(workers))
    by_student = {}
    for result in results:
        entry = result.to_json()
        by_student[result.student] = {name: value for name, value in entry.items() if name not in LEFT_OUT}
    return json.loads(json.dumps(by_student))  # type: ignore[no-any-return]


def differences(expected: Words, actual: Words) -> list[str]:
    """What differs, in lines: whose, where, and both values."""
    lines = []
    for student in sorted({*expected, *actual}):
        lines += _differences(expected.get(student), actual.get(student), student)
    return lines


def _differences(expected: Any, actual: Any, place: str) -> list[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        keys = sorted({*expected, *actual})
        return [
            line
            for key in keys
            for line in _differences(expected.get(key), actual.get(key), f"{place}.{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [line for at, (one, other) in pairs for line in _differences(one, other, f"{place}[{at}]")]
    return [] if expected == actual else [f"{place}: {str(expected)[:200]!r} and {str(actual)[:200]!r}"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each way; exit status 1 where one of them differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2], metavar="N")
    parser.add_argument(
        "--repeats", type=int, default=1, help="of each number of workers, shuffled anew each time"
    )
    parser.add_argument("--python", nargs="*", default=[], metavar="PATH", help="other interpreters")
    parser.add_argument("--all", action="store_true", help="also submissions that end by time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--print", action="store_true", help="print what one worker says, as JSON, and end")
    options = parser.parse_args(arguments)
    submissions = sample(options.assignment, options.all)
    expected = words(options.assignment, submissions, 1)
    if options.print:
        json.dump(expected, sys.stdout)
        return 0
    print(f"{options.assignment}: {len(submissions)} submissions", flush=True)
    different = 0
    drawn = random.Random(options.seed)
    for workers in options.workers:
        for repeat in range(options.repeats):
            shuffled = [dataclasses.replace(one) for one in submissions]
            drawn.shuffle(shuffled)
            actual = words(options.assignment, shuffled, workers)
            different += report(f"{workers} workers, shuffled, repeat {repeat + 1}", expected, actual)
    for python in options.python:
        different += under(python, options.assignment, options.all, expected)
    return int(different > 0)


def under(python: str, assignment: str, with_timeouts: bool, expected: Words) -> bool:
    """Grade with another interpreter and print what differs; whether something does, or it could not grade."""
    command = [python, "-m", "benchmarks.determinism", assignment, "--print"]
    command += ["--all"] if with_timeouts else []
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode:
        print(f"{python}: exit status {finished.returncode}\n{finished.stderr[-2000:]}")
        return True
    return report(python, expected, json.loads(finished.stdout))


def report(way: str, expected: Words, actual: Words) -> bool:
    """Print what differs; whether something does."""
    lines = differences(expected, actual)
    print(
        f"{way}: {f'{len(lines)} differences' if lines else 'the same'}",
        *lines[:MOST_SHOWN],
        sep="\n    ",
        flush=True,
    )
    return bool(lines)


if __name__ == "__main__":
    raise SystemExit(main())
