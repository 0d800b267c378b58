"""Where the milliseconds of one submission go: processor time of the worker, of the child, and of the calls alone.

    python -m benchmarks.parts birnn --runs 25

The reference is graded again and again in one process, with a real jail, and its calls are made without any of that
(benchmarks.floor) in between. Processor time, so other work on the machine matters less than for a clock.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time

import torch

from benchmarks import floor
from benchmarks.arguments import assignment_name, whole_number
from benchmarks.grade import ROOT
from grader import assignments
from grader.records import Chunk, Submission
from grader.run.path import ONE_THREAD, confine
from grader.run.pool import confinement_for
from grader.run.session import Order, opened
from grader.subject.keeper import Keeper
from grader.subject.stream import Child
from grader.suite.bench import Suite
from grader.suite.collect import with_suite

WARM = 3  # rounds that are not counted


class CountingKeeper:
    """A keeper that adds up the processor seconds of the children it has ended."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.seconds = 0.0

    def __getattr__(self, name: str) -> object:
        return getattr(self._keeper, name)

    def end(self, child: Child) -> dict[str, object]:
        """End a child as a keeper does."""
        usage = self._keeper.end(child)
        self.seconds += float(usage["cpu"])
        return usage


def main() -> None:
    """Print the medians, in milliseconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--runs", type=whole_number, default=25)
    options = parser.parse_args()
    os.environ.update(ONE_THREAD)
    torch.set_num_threads(1)  # loaded by now
    course = assignments.find_course(ROOT)
    assignment = assignments.load(course, options.assignment)
    source = assignment.solution.read_text(encoding="utf-8")
    submission = Submission("reference", assignment.solution.name, "", (Chunk(source),))
    keeper = Keeper.launch(confinement_for(confine(course, assignment, ()), [submission]))

    def measure(suite: Suite) -> None:
        keeper.wait()
        planned, unplanned = CountingKeeper(keeper.clone()), keeper.clone()
        rows = []
        with opened(suite, Order(course, assignment, "full", False), planned, unplanned) as judge:  # type: ignore[arg-type]
            for _ in range(WARM + options.runs):
                planned.seconds, begun = 0.0, time.process_time()
                result = judge.judge(submission)
                worker = time.process_time() - begun
                begun = time.process_time()
                floor.run(source, suite.plan.batches)
                rows.append((worker, planned.seconds, time.process_time() - begun))
        assert result.score == result.max_score
        worker, child, alone = (1000 * statistics.median(column) for column in zip(*rows[WARM:]))
        each = statistics.median((row[0] + row[1]) / row[2] for row in rows[WARM:])
        print(
            f"worker {worker:.1f} ms, child {child:.1f} ms, the calls alone {alone:.1f} ms: {each:.2f} times that"
        )

    with_suite(course, assignment, measure)
    keeper.close()


if __name__ == "__main__":
    main()
