"""What naming mistakes adds to grading, and whether memory stays flat. See docs/performance.md.

    python -m benchmarks.diagnose birnn --submissions 500

The class is the sample class of an assignment, repeated; submissions that hang, crash or cannot be read are left
out. It is graded twice, with and without diagnosis (which includes the counterexample), on every processor.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.processes import most_memory_mb, with_all_below
from grader.assignments import find_course, load
from grader.records import Result, Submission
from grader.run.path import Options, grade
from grader.submissions import read_submissions

ROOT = Path(__file__).parent.parent


def repeated_class(assignment: str, count: int) -> list[Submission]:
    """`count` submissions: those of the sample class that are graded in the ordinary way, in turn."""
    folder = ROOT / "tests" / "sample_class" / assignment
    read = [
        submission
        for submission in read_submissions(folder, assignment)
        if json.loads((folder / submission.student / "expected.json").read_text(encoding="utf-8"))["status"]
        == "graded"
    ]
    turns = itertools.islice(itertools.cycle(read), count)
    return [
        replace(submission, student=f"{number:04d} {submission.student}")
        for number, submission in enumerate(turns)
    ]


class Memory:
    """The most memory that any process of the run has used when so many results are there."""

    def __init__(self, marks: Sequence[int]) -> None:
        self._marks, self._seen = marks, 0
        self.peaks: dict[int, float] = {}

    def note(self, result: Result) -> None:
        """Count a result, and measure the processes where a mark is reached."""
        self._seen += 1
        if self._seen in self._marks:
            _, *below = with_all_below(os.getpid())
            self.peaks[self._seen] = max(map(most_memory_mb, below))


def main() -> None:
    """Grade both ways and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--submissions", type=whole_number, default=500)
    options = parser.parse_args()
    course = find_course(ROOT)
    assignment = load(course, options.assignment)
    submissions = repeated_class(options.assignment, options.submissions)
    graded, walls = {}, {}
    memory = Memory((options.submissions // 5, options.submissions))
    for diagnose in (False, True):
        begun = time.perf_counter()
        keep = memory.note if diagnose else lambda result: None
        graded[diagnose] = grade(
            course, assignment, submissions, options=Options(diagnose=diagnose), on_result=keep
        )
        walls[diagnose] = time.perf_counter() - begun
    failing = [
        1000 * (named.seconds - plain.seconds)
        for plain, named in zip(graded[False], graded[True], strict=True)
        if named.score != named.max_score
    ]
    cuts = statistics.quantiles(failing, n=20)
    print(f"{options.assignment}: {options.submissions} submissions, {len(failing)} of them failing")
    print(f"  added to a failing one: median {statistics.median(failing):6.1f} ms, mean", end=" ")
    print(f"{statistics.mean(failing):.1f} ms, nineteen in twenty below {cuts[-1]:.0f} ms")
    print(f"  whole class:            {walls[False]:6.1f} s without diagnosis, {walls[True]:.1f} s with it")
    for mark, peak in memory.peaks.items():
        print(f"  largest process after {mark} submissions: {peak:.0f} MB")


if __name__ == "__main__":
    main()
