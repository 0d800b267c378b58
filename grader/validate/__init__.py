"""Proves the suites: each claim about an assignment is tried on programs graded through the main path.

1. The reference gets full marks, the skeleton nothing, correct alternatives full marks and no diagnosis.
2. Every mistake of mistakes.py loses points and is diagnosed as itself.
3. Two mistakes at once are diagnosed as the pair, or as one of them.
4. Of three mistakes at once no other one is named.
5. Every mutant of the reference is failed, or explained as equivalent in surviving.toml.
6. Without the table, mistakes are named from the reference alone; how many, is printed where it is asked for.

It grades real programs as `grader grade` does, so it proves the engine as well. It judges nothing by itself and
runs no program but in the jail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.assignments import Assignment, Course, load
from grader.errors import MachineryError
from grader.records import Result
from grader.run.path import Options, grade
from grader.validate.basics import Basics, claim_of_reports, harness_tells_nothing
from grader.validate.mutants import Mutants, is_installed, not_proved
from grader.validate.pairs import Pairs
from grader.validate.proofs import ClaimGroup, Proof, show, submission
from grader.validate.single import Mistakes
from grader.validate.triples import Triples
from grader.validate.without_table import FoundShares, TablelessClaims

__all__ = ["Proof", "found_without_table", "show", "validate"]


def validate(
    course: Course,
    names: Sequence[str],
    *,
    quick: bool = False,
    triples: bool = False,
    without_table: bool = False,
) -> list[Proof]:
    """Return the proofs of every named assignment; with `quick`, none of pairs, sets of three and mutants.

    With `triples` three mistakes at once are tried for every mistake, and not for a sample. `without_table` counts as
    well how much is named from the reference alone, which takes some minutes;
    with `quick`, mistakes are named there by one edit alone.

    Raises CourseError when one cannot be tried at all: an edit that does not apply, a file that cannot be read.
    """
    return [
        proof
        for name in names
        for proof in _validate(course, load(course, name), quick, triples, without_table)
    ]


def _validate(course: Course, assignment: Assignment, quick: bool, triples: bool, alone: bool) -> list[Proof]:
    reference = assignment.solution.read_text(encoding="utf-8")
    parts: list[ClaimGroup] = [Basics(assignment, reference), Mistakes(assignment, reference)]
    three = None if quick else Triples(assignment, reference, every=triples)
    if three is not None:
        parts += [Pairs(assignment, reference), three]
    sources = {name: source for part in parts for name, source in part.sources.items()}
    results = _grade_all(course, assignment, sources)
    if three is not None and (again := three.programs_as_named(results)):
        results = {**_grade_all(course, assignment, again, diagnose=False), **results}
    proofs = [proof for part in parts for proof in part.proofs(results)]
    if not quick and is_installed():
        mutants = Mutants(assignment, reference)
        mutated = _grade_all(course, mutants.graded_with, mutants.sources, diagnose=False)
        proofs += mutants.proofs(mutated)
        results = {**results, **mutated}
    elif not quick:
        proofs.append(not_proved(assignment))
    if alone and parts[1].sources:
        part = TablelessClaims(course, assignment, reference)
        proofs.append(part.proof(*_without_table(course, assignment, part, quick)))
    return [*proofs, *harness_tells_nothing(assignment), claim_of_reports(assignment.name, results)]


def found_without_table(course: Course, name: str) -> FoundShares:
    """How much of an assignment's table is found again without it, and of its sample class truly named."""
    assignment = load(course, name)
    part = TablelessClaims(course, assignment, assignment.solution.read_text(encoding="utf-8"))
    return part.found(*_without_table(course, assignment, part, quick=False))


def _without_table(
    course: Course, assignment: Assignment, part: TablelessClaims, quick: bool
) -> tuple[list[Result], list[Result]]:
    """The results of all ways, and of the sample class; with `quick`, no sets of edits are looked for in ways."""
    alone = grade(course, assignment, part.ways, options=Options(table=False, several=False))
    again = [] if quick else part.open_ways(alone)
    results = grade(course, assignment, [*again, *part.samples], options=Options(table=False))
    by_way = dict(zip([submission.student for submission in again], results))
    per_way = [
        by_way.get(submission.student, result) for submission, result in zip(part.ways, alone, strict=True)
    ]
    return per_way, results[len(again) :]


def _grade_all(
    course: Course, assignment: Assignment, sources: Mapping[str, str], diagnose: bool = True
) -> dict[str, Result]:
    """The result of every program, by its name."""
    submissions = [submission(*pair) for pair in sources.items()]
    results = grade(course, assignment, submissions, options=Options(diagnose=diagnose))
    if len(results) != len(sources):
        raise MachineryError(f"{len(sources)} programs were graded, but {len(results)} results came back.")
    return dict(zip(sources, results))
