"""Whether the same submissions get the same verdicts and words: by one worker or more, in any order, again and again.

    python -m benchmarks.determinism --workers 1 2 8 --repeats 10
    python -m benchmarks.determinism rnn_cell bptt --workers --python /venvs/3.10/bin/python /venvs/3.13/bin/python

The sample class of each assignment (all of them where none is named; without whom it waits for, unless --all) is
graded once by one worker. Then it is graded with each number of workers, shuffled in each repeat; and by other
interpreters, each with the grader installed. Everything that a result holds must be the same, but the seconds and the
digests of what it was made by. The first time each interpreter computes what mistakes answer; after that it uses what
it has kept, so both are compared. What differs is counted as verdicts (status, score, points), names (of mistakes) or
words (all else), and the first differences of each way are printed. Exit status 1 where something differs.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.arguments import assignment_name, whole_number
from grader.assignments import find_course, load
from grader.records import Submission
from grader.run.answer_store import VARIABLE
from grader.run.digests import versions
from grader.run.path import Options, grade
from grader.submissions import read_submissions

ROOT = Path(__file__).parent.parent
MOST_SHOWN = 5
#: What belongs to a run, or to the versions that it was made by, and not to a verdict.
LEFT_OUT = ("seconds", "key", "suite")
#: Fields of a result, by what it means when they differ; all others are words.
KINDS = {
    "verdicts": {"status", "score", "max_score", "points", "max_points", "outcome", "carried_forward"},
    "names": {"diagnoses", "unexplained"},
}

Words = dict[str, dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class Difference:
    """Where two results differ, the path to it in them, and both values."""

    path: tuple[str | int, ...]
    expected: Any
    actual: Any

    @property
    def kind(self) -> str:
        """What it is that differs: verdicts, names or words."""
        return next((kind for kind, fields in KINDS.items() if fields & {*self.path}), "words")

    def __str__(self) -> str:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return f"{place.lstrip('.')}: {str(self.expected)[:200]!r} and {str(self.actual)[:200]!r}"


def sample(assignment: str, everybody: bool) -> list[Submission]:
    """The sample class; without those that end by time, which is the machine's word, unless `everybody`."""
    folder = ROOT / "tests" / "sample_class" / assignment
    read = read_submissions(folder, assignment)
    if everybody:
        return read
    return [submission for submission in read if _status(folder / submission.student) != "timeout"]


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


def differences(expected: Any, actual: Any, path: tuple[str | int, ...] = ()) -> list[Difference]:
    """All that differs in two trees of plain data."""
    pairs: list[tuple[str | int, Any, Any]] | None = None
    if isinstance(expected, dict) and isinstance(actual, dict):
        pairs = [(key, expected.get(key), actual.get(key)) for key in sorted({*expected, *actual})]
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = [(at, first, other) for at, (first, other) in enumerate(zip(expected, actual, strict=True))]
    if pairs is None:
        return [] if expected == actual else [Difference(path, expected, actual)]
    return [
        difference for key, first, other in pairs for difference in differences(first, other, (*path, key))
    ]


def compare(assignment: str, options: argparse.Namespace) -> Counter[str]:
    """Grade one sample class in all ways and print a line for each; how many ways there were, and what differed."""
    submissions = sample(assignment, options.all)
    expected = words(assignment, submissions, 1)
    counts: Counter[str] = Counter(submissions=len(submissions), texts=texts(expected))
    print(f"{assignment}: {len(submissions)} submissions, {counts['texts']} values and sentences", flush=True)
    drawn = random.Random(options.seed)
    for workers in options.workers:
        for repeat in range(options.repeats):
            shuffled = [dataclasses.replace(submission) for submission in submissions]
            drawn.shuffle(shuffled)
            setting = f"{workers} workers, shuffled, repeat {repeat + 1}"
            counts += report(setting, expected, words(assignment, shuffled, workers))
    for python in options.python:
        counts += under(python, assignment, options.all, expected)
    return counts


def texts(tree: Any) -> int:
    """How many values that can differ are in a tree of plain data."""
    if isinstance(tree, (dict, list)):
        return sum(map(texts, tree.values() if isinstance(tree, dict) else tree))
    return 1


def under(python: str, assignment: str, with_timeouts: bool, expected: Words) -> Counter[str]:
    """Grade with another interpreter and print what differs."""
    command = [python, "-m", "benchmarks.determinism", assignment, "--print"]
    command += ["--all"] if with_timeouts else []
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode:
        print(f"  {python}: exit status {finished.returncode}\n{finished.stderr[-2000:]}", flush=True)
        return Counter(ways=1, failures=1)
    document = json.loads(finished.stdout)
    return report(", ".join(document["versions"]), expected, document["words"])


def report(setting: str, expected: Words, actual: Words) -> Counter[str]:
    """Print what differs in one way to grade; how much of each kind it is."""
    places = differences(expected, actual)
    kinds = Counter(difference.kind for difference in places)
    summary = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(
        f"  {setting}: {summary + ' differ' if summary else 'the same'}",
        *places[:MOST_SHOWN],
        sep="\n    ",
        flush=True,
    )
    return kinds + Counter(ways=1)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "assignments", nargs="*", type=assignment_name, metavar="ASSIGNMENT", help="all where none is named"
    )
    parser.add_argument("--workers", type=whole_number, nargs="*", default=[1, 2], metavar="N")
    parser.add_argument(
        "--repeats", type=whole_number, default=1, help="of each number of workers, shuffled anew each time"
    )
    parser.add_argument("--python", nargs="*", default=[], metavar="PATH", help="other interpreters")
    parser.add_argument("--all", action="store_true", help="also submissions that end by time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--print", action="store_true", help="print what one worker says, as JSON, and end")
    options = parser.parse_args(arguments)
    folders = [path for path in (ROOT / "tests" / "sample_class").iterdir() if path.is_dir()]
    options.assignments = options.assignments or sorted(folder.name for folder in folders)
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each way; exit status 1 where one of them differs."""
    options = parsed(arguments)
    with tempfile.TemporaryDirectory(prefix="grader-answers-") as answers:
        os.environ[VARIABLE] = answers
        if options.print:
            (assignment,) = options.assignments
            expected = words(assignment, sample(assignment, options.all), 1)
            json.dump({"versions": versions(), "words": expected}, sys.stdout)
            return 0
        print(f"compared with {', '.join(versions())}, one worker", flush=True)
        counts: Counter[str] = Counter()
        for assignment in options.assignments:
            counts += compare(assignment, options)
    different = {kind: counts[kind] for kind in (*KINDS, "words", "failures")}
    summary = ", ".join(f"{count} {kind}" for kind, count in different.items())
    print(
        f"{counts['submissions']} submissions, {counts['texts']} values, {counts['ways']} ways; different: {summary}"
    )
    return int(any(different.values()))


if __name__ == "__main__":
    raise SystemExit(main())
