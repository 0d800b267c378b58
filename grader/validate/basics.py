"""The first claims: references get full marks, skeletons nothing, correct alternatives full marks and no diagnosis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grader.assignments import Assignment
from grader.records import Result
from grader.secrets import in_harness
from grader.skeletons import skeleton
from grader.validate.proofs import Proof, is_full, outcome

REFERENCE, SKELETON = "the reference", "the skeleton"


class Basics:
    """Reference, skeleton, alternatives, and every alternative once more with one exercise taken out.

    The last are there because only a program that loses points is diagnosed at all: what is right in them
    must not be given a name.
    """

    def __init__(self, assignment: Assignment, reference: str) -> None:
        self._assignment = assignment
        alternatives = {path.name: path.read_text(encoding="utf-8") for path in assignment.alternatives}
        self._alternatives = tuple(alternatives)
        self._unfinished = {
            f"{name} without {exercise}": source + _raising(exercise)
            for name, source in alternatives.items()
            for exercise in assignment.exercises
            if len(assignment.exercises) > 1
        }
        self.sources: Mapping[str, str] = {
            REFERENCE: reference,
            SKELETON: skeleton(reference),
            **alternatives,
            **self._unfinished,
        }

    def proofs(self, results: Mapping[str, Result]) -> list[Proof]:
        """What holds of the reference, the skeleton and the alternatives, from the results by name."""
        name = self._assignment.name
        alternatives = [results[name] for name in self._alternatives]
        unfinished = [results[name] for name in self._unfinished]
        return [
            Proof(name, "the reference gets full marks", 1, tuple(_not_full([results[REFERENCE]]))),
            Proof(name, "the skeleton scores nothing", 1, tuple(_not_untouched(results[SKELETON]))),
            Proof(
                name,
                "correct alternatives get full marks and no diagnosis",
                len(alternatives) + len(unfinished),
                (*_not_full(alternatives), *_false_diagnoses(alternatives), *_false_diagnoses(unfinished)),
            ),
        ]


def harness_tells_nothing(assignment: Assignment) -> list[Proof]:
    """The claim that harness.py, which submissions can read, holds no line of the solution or the tests."""
    if not assignment.harness_source:
        return []
    problems = tuple(
        f"{assignment.harness}: submissions can read it, and it holds this line of {secret.file},"
        f" line {secret.number}: {secret.line}"
        for secret in in_harness(assignment)
    )
    lines = len(assignment.harness_source.splitlines())
    return [Proof(assignment.name, "the harness holds no answer and no test", lines, problems)]


def _raising(exercise: str) -> str:
    """Code that takes an exercise back to where the skeleton has it."""
    if exercise[0].isupper():
        head = f"class {exercise}:\n    def __init__(self, *args, **kwargs):\n        "
    else:
        head = f"def {exercise}(*args, **kwargs):\n    "
    return f"\n\n\n{head}raise NotImplementedError('your turn')\n"


def _not_full(results: Iterable[Result]) -> Iterable[str]:
    for result in results:
        if not is_full(result):
            yield f"{result.student}: {outcome(result)}"
            failed = [f"  {test.name}: {test.message}" for test in result.tests if test.outcome != "passed"]
            yield from failed or [f"  {result.message}"]


def _false_diagnoses(results: Iterable[Result]) -> Iterable[str]:
    for result in results:
        if result.diagnoses:
            yield f"{result.student}: it is right, but {outcome(result)}"
        elif is_full(result) and result.counterexamples:
            yield f"{result.student}: it is right, but it was given a counterexample"


def _not_untouched(result: Result) -> Iterable[str]:
    if result.status == "not_attempted" and result.score == 0:
        return
    yield f"status {result.status}, score {result.score}: {result.message}"
    yield from (f"  {test.name} passes" for test in result.tests if test.points > 0)


def claim_of_reports(assignment: str, results: Mapping[str, Result]) -> Proof:
    """The claim that every test is in every result, whatever became of the program."""
    tests = {test.name for test in results[REFERENCE].tests}
    problems = []
    for result in results.values():
        reported = {test.name for test in result.tests}
        if reported != tests or not reported:
            problems.append(f"{result.student}: not reported: {', '.join(sorted(tests - reported))}")
    return Proof(assignment, "every test is reported", len(results), tuple(problems))
