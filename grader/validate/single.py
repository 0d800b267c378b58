"""The claim that every way of every mistake loses points and is diagnosed as that mistake, or as a declared twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from grader.assignments import Assignment
from grader.diagnose.mistakes import Mistake, Variant, apply, load_mistakes, variants
from grader.records import Result
from grader.validate.proofs import Proof, outcome


def variants_by_label(mistakes: Sequence[Mistake]) -> dict[str, Variant]:
    """Every variant under a name of its own: "no_tanh in rnn_forward", "no_bias in RNNCell.forward (2)"."""
    of_assignment: dict[str, Variant] = {}
    sources: Counter[str] = Counter()
    for variant in variants(mistakes):
        sources[variant.name] += 1
        number = sources[variant.name]
        of_assignment[variant.name if number == 1 else f"{variant.name} ({number})"] = variant
    return of_assignment


def names_of(mistake: Mistake, mistakes: Sequence[Mistake]) -> set[str]:
    """The ids under which a mistake may be diagnosed: its own and its twins', whoever declared them."""
    declared = {other.id for other in mistakes if mistake.id in other.twins}
    return {mistake.id, *mistake.twins, *declared}


class Mistakes:
    """Every variant of every mistake, on its own. Raises CourseError for an edit that does not apply."""

    def __init__(self, assignment: Assignment, reference: str) -> None:
        self._assignment = assignment
        self._mistakes = load_mistakes(assignment)
        self._variants = variants_by_label(self._mistakes)
        self.sources: Mapping[str, str] = {
            label: apply(reference, [variant]) for label, variant in self._variants.items()
        }

    def proofs(self, results: Mapping[str, Result]) -> list[Proof]:
        """That every mistake loses points and is named, from the results by name."""
        problems: list[str] = []
        for label, variant in self._variants.items():
            problems += self._against(label, variant, results[label])
        ideas = f"{len(self._mistakes)} mistakes, in every way, lose points and are named"
        return [Proof(self._assignment.name, ideas, len(self._variants), tuple(problems))]

    def _against(self, label: str, variant: Variant, result: Result) -> Iterable[str]:
        if result.score is None or result.status == "unreadable":
            yield f"{label}: it does not run: {outcome(result)}: {result.message}"
        elif result.score == result.max_score:
            yield f"{label}: it loses no points"
        elif not (
            len(result.diagnoses) == 1
            and result.diagnoses[0].certainty == "exact"
            and result.diagnoses[0].id in names_of(variant.mistake, self._mistakes)
            and variant.exercise in result.diagnoses[0].functions
        ):
            yield f"{label}: {outcome(result)}"
        if result.fault:  # else the author learns of it from the first student who makes the mistake
            yield f"{label}: {result.fault}"
