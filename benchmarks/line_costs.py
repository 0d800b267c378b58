"""What looking for the line costs: processor time of the grader and its children, which a busy machine changes little.

    python -m benchmarks.line_costs gru --kind operators --most 14 --skip 60

Programs are those of `benchmarks.lines`, graded one after the other in this process with the command's own Judge. For
each: whether the line told first is the planted one, the seconds that the search alone took, how many changes were
tried, and how often the whole suite was run.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.lines import KINDS, ROOT, PlantedMistake, chosen, submission
from benchmarks.processes import processor_seconds
from grader.assignments import Assignment, find_course, load
from grader.repair.lines import Lines
from grader.repair.search import Search
from grader.repair.trials import Trials
from grader.run import path
from grader.run.judge import Judge
from grader.run.session import Order, with_judge
from grader.subject.keeper import Keeper


@dataclass
class Cost:
    """One program: what was told of it, and what the search for its line took."""

    name: str
    told: str = "nothing"  # or "planted", "other"
    seconds: float = 0.0
    tried: int = 0
    proofs: int = 0


def spent() -> float:
    """What this process, and all that descend from it, have computed."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    own = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in own} - own:
        own |= more
    return processor_seconds(own)


def costs(judge: Judge, assignment: Assignment, planted: Sequence[PlantedMistake]) -> list[Cost]:
    """Grade programs one after the other; those that lose points, with what their lines took."""
    records: list[Cost] = []

    def noting(act: Callable[..., Any], note: Callable[[Any], None]) -> Callable[..., Any]:
        def noted(*args: Any, **others: Any) -> Any:
            note(args)
            return act(*args, **others)

        return noted

    def tries(args: Any) -> None:
        records[-1].tried += len(args[1])

    def proves(args: Any) -> None:
        records[-1].proofs += 1

    find = Lines.find

    def timed(*args: Any, **others: Any) -> Any:
        begun = spent()
        repairs = find(*args, **others)
        records[-1].seconds = spent() - begun
        return repairs

    with (
        mock.patch.object(Lines, "find", timed),
        mock.patch.object(Trials, "gains", noting(Trials.gains, tries)),
        mock.patch.object(Trials, "stay", noting(Trials.stay, tries)),
        mock.patch.object(Search, "_proof", noting(Search._proof, proves)),
    ):
        for program in planted:
            records.append(Cost(program.name))
            result = judge.judge(submission(assignment, program.name, program.source))
            if result.status != "graded" or result.score == result.max_score:
                records.pop()
            elif result.repairs:
                records[-1].told = "planted" if result.repairs[0].line in program.lines else "other"
    return records


def measured(assignment: Assignment, planted: Sequence[PlantedMistake]) -> list[Cost]:
    """The same with a Judge made as a worker makes it."""
    course = find_course(ROOT)
    confinement = path.confine(course, assignment, ())
    keeper = Keeper.launch(confinement)
    results: list[Cost] = []
    try:
        keeper.wait()
        order = Order(course, assignment, confinement.stamp, True, changes=path.MOST_CHANGES)
        with_judge(
            *(order, keeper.clone(), keeper.clone()),
            lambda judge: results.extend(costs(judge, assignment, planted)),
        )
    finally:
        keeper.close()
    return results


def main() -> None:
    """Print what each program took, and the medians of those that are told a line and of the others."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--kind", choices=[*KINDS], default="operators")
    parser.add_argument("--most", type=whole_number, default=10)
    parser.add_argument("--skip", type=whole_number, default=0)
    options = parser.parse_args()
    assignment = load(find_course(ROOT), options.assignment)
    results = measured(assignment, chosen(assignment, options.kind, options.most, skip=options.skip))
    for cost in results:
        print(
            f"{cost.name:56} {cost.told:8} {cost.seconds:5.2f} s {cost.tried:5} tried {cost.proofs:3} proofs"
        )
    for label, group in (
        ("told", [cost for cost in results if cost.told != "nothing"]),
        ("not told", [cost for cost in results if cost.told == "nothing"]),
    ):
        if group:
            seconds = [cost.seconds for cost in group]
            print(
                f"{len(group)} {label}: median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s"
            )


if __name__ == "__main__":
    main()
