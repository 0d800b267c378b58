"""Proves the suites: references get full marks, skeletons nothing, correct alternatives full marks.

It grades real files through the main path, so it proves the engine as well. Prints a table; any row that fails
fails the command.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from grader.assignments import Assignment, Course, load
from grader.grade import grade
from grader.records import Chunk, Result, Submission
from grader.skeletons import skeleton


@dataclass(frozen=True)
class Proof:
    """One claim about an assignment, and what speaks against it (nothing, when it holds)."""

    assignment: str
    claim: str
    count: int
    problems: tuple[str, ...] = ()


def validate(course: Course, names: Sequence[str]) -> list[Proof]:
    """The proofs of every named assignment. Raises CourseError when one cannot be run at all."""
    return [proof for name in names for proof in _validate(course, load(course, name))]


def _validate(course: Course, assignment: Assignment) -> list[Proof]:
    reference = assignment.solution.read_text(encoding="utf-8")
    sources = {"the reference": reference, "the skeleton": skeleton(reference)}
    sources |= {path.name: path.read_text(encoding="utf-8") for path in assignment.alternatives}
    results = dict(zip(sources, grade(course, assignment, [_submission(*pair) for pair in sources.items()])))
    alternatives = [results[path.name] for path in assignment.alternatives]
    return [
        Proof(assignment.name, "the reference gets full marks", 1, _not_full([results["the reference"]])),
        Proof(assignment.name, "the skeleton scores nothing", 1, _not_untouched(results["the skeleton"])),
        Proof(
            assignment.name, "correct alternatives get full marks", len(alternatives), _not_full(alternatives)
        ),
        Proof(assignment.name, "every test is reported", len(results), _unreported(list(results.values()))),
    ]


def _submission(name: str, source: str) -> Submission:
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Submission(student=name, file=name, sha256=digest, chunks=(Chunk(source),))


def _not_full(results: Sequence[Result]) -> tuple[str, ...]:
    problems = []
    for result in results:
        if result.status != "graded" or result.score != result.max_score:
            problems.append(f"{result.student}: {result.status}, {result.score} of {result.max_score:g}")
            problems += [
                f"  {test.name}: {test.message}" for test in result.tests if test.outcome != "passed"
            ] or [f"  {result.message}"]
    return tuple(problems)


def _not_untouched(result: Result) -> tuple[str, ...]:
    if result.status == "not_attempted" and result.score == 0:
        return ()
    passed = [f"  {test.name} passes" for test in result.tests if test.points > 0]
    return (f"status {result.status}, score {result.score}: {result.message}", *passed)


def _unreported(results: Sequence[Result]) -> tuple[str, ...]:
    names = [{test.name for test in result.tests} for result in results]
    return tuple(
        f"{result.student}: not reported: {', '.join(sorted(names[0] - reported))}"
        for result, reported in zip(results, names)
        if reported != names[0] or not reported
    )


def show(proofs: Sequence[Proof]) -> bool:
    """Print the proofs as a table; True when all hold."""
    from rich.markup import escape
    from rich.table import Table

    from grader.summary import output

    console = output()
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("assignment", "claim", "of", "holds"):
        rows.add_column(column)
    for proof in proofs:
        holds = "[green]yes[/]" if not proof.problems else "[bold red]no[/]"
        rows.add_row(proof.assignment, proof.claim, str(proof.count), holds)
    console.print(rows)
    for proof in proofs:
        for problem in proof.problems:
            console.print(f"{proof.assignment}: {escape(problem)}")
    return not any(proof.problems for proof in proofs)
