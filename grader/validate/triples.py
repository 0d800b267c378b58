"""The claim that of three mistakes at once no other one is named; how many of the three are is told beside it.

A sample, the same at every run: with each mistake go the two of the same exercise that come next by a digest of their
names, and those whose own digests are smallest are tried. So a new mistake changes few of them. Where a name is given
that none of the three has, a program with exactly the mistakes that are named is graded as well: the name is right if
every test ends alike, or if the author says why it is given (`explained`).
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping

from grader.assignments import Assignment
from grader.diagnose.mistakes import Variant, load_mistakes
from grader.records import Result
from grader.validate.explained import explained_triples
from grader.validate.pairs import how_tests_ended, source_with
from grader.validate.proofs import Proof, is_full, outcome
from grader.validate.single import names_of, variants_by_label

SAMPLED = 40
WAYS = 8  # in which the mistakes that are named may be made: so many programs are graded to see whether one ends alike
COUNTS = ("none of them named", "one of them named", "two of them named", "all three named")

Labels = tuple[str, ...]


class Triples:
    """A sample of three mistakes in one exercise that apply together; one set for each mistake with `every`."""

    def __init__(self, assignment: Assignment, reference: str, every: bool = False) -> None:
        self._assignment, self._reference = assignment, reference
        self._explained = explained_triples(assignment)
        self._mistakes = load_mistakes(assignment)
        self._variants = variants_by_label(self._mistakes)
        sets = self._sets() if every else itertools.islice(self._sets(), SAMPLED)
        self._sources = dict(sets)
        self.sources: dict[str, str] = {_name(labels): source for labels, source in self._sources.items()}

    def programs_as_named(self, results: Mapping[str, Result]) -> dict[str, str]:
        """Programs with the mistakes that were named where none of the three is called so, by their names."""
        sources: dict[str, str] = {}
        for labels in self._sources:
            if self._names_another(labels, results[_name(labels)]):
                for group in self._ways_named(results[_name(labels)]):
                    source = source_with(self._reference, [self._variants[label] for label in group])
                    if source:
                        sources[_name(group)] = source
        return sources

    def proofs(self, results: Mapping[str, Result]) -> list[Proof]:
        """The proof from the results of all programs with those of `programs_as_named`; none without three mistakes."""
        if not self._sources:
            return []
        problems, counts = [], Counter[str]()
        for labels in self._sources:
            result = results[_name(labels)]
            kind = self._kind(labels, result, results)
            excuse = next(
                (chosen_label for chosen_label in self._explained if set(chosen_label.labels) == set(labels)),
                None,
            )
            counts[kind or ("explained" if excuse else "named wrongly")] += 1
            if excuse and kind:
                problems.append(
                    f"{excuse.path}: {_name(labels)} is explained there, but {kind}: {outcome(result)}"
                )
            if not kind and not excuse:
                problems.append(f"{_name(labels)}: {outcome(result)}")
        remark = "three at once: " + ", ".join(f"{many} {kind}" for kind, many in counts.most_common())
        claim = "of three mistakes in one exercise, no other one is named"
        return [Proof(self._assignment.name, claim, len(self._sources), tuple(problems), (remark,))]

    def _sets(self) -> Iterator[tuple[Labels, str]]:
        """Three mistakes each, in the order of the sample, with their sources."""
        sets = {tuple(sorted(self._with_two_others(label))) for label in self._variants}
        for labels in sorted(sets, key=self._place_in_sample):
            source = len(labels) == 3 and source_with(
                self._reference, [self._variants[chosen_label] for chosen_label in labels]
            )
            if source:
                yield labels, source

    def _with_two_others(self, label: str) -> Labels:
        """A mistake and two of the same exercise with other names, those that come next by a digest."""
        mine, chosen = self._variants[label], [label]
        others = [
            chosen_label
            for chosen_label, variant in self._variants.items()
            if variant.exercise == mine.exercise
        ]
        for other in sorted(others, key=lambda other: self._place_in_sample((label, other))):
            ids = {self._variants[chosen_label].mistake.id for chosen_label in chosen}
            if len(chosen) < 3 and self._variants[other].mistake.id not in ids:
                chosen.append(other)
        return tuple(chosen)

    def _place_in_sample(self, labels: Labels) -> str:
        return hashlib.sha256("\x1f".join((self._assignment.name, *labels)).encode()).hexdigest()

    def _kind(self, labels: Labels, result: Result, results: Mapping[str, Result]) -> str:
        """How many of three are named; "" where another one is, or where the program does not run."""
        if result.score is None or result.status == "unreadable":
            return ""
        if is_full(result):
            return "" if result.diagnoses else "right after all"
        if self._names_another(labels, result):
            alike = (results.get(_name(group)) for group in self._ways_named(result))
            right = any(
                other is not None and how_tests_ended(other) == how_tests_ended(result) for other in alike
            )
            return "the same as other mistakes" if right else ""
        sure = _ids_for_sure(result)
        return COUNTS[sum(bool(sure & names) for names in self._allowed_names(labels))]

    def _allowed_names(self, labels: Labels) -> list[set[str]]:
        return [names_of(self._variants[label].mistake, self._mistakes) for label in labels]

    def _names_another(self, labels: Labels, result: Result) -> bool:
        """Whether a mistake is named that none of these is called."""
        return not _ids_for_sure(result) <= set().union(*self._allowed_names(labels))

    def _ways_named(self, result: Result) -> list[Labels]:
        """The ways of making exactly the mistakes that are named."""
        diagnoses = [
            (chosen_label.id, function)
            for chosen_label in result.diagnoses
            for function in chosen_label.functions
            if chosen_label.certainty not in ("one of", "seen")
        ]
        choices = [
            [label for label, variant in self._variants.items() if _label(variant) == name]
            for name in diagnoses
        ]
        return list(itertools.islice(itertools.product(*choices), WAYS))


def _label(variant: Variant) -> tuple[str, str]:
    return variant.mistake.id, variant.exercise


def _ids_for_sure(result: Result) -> set[str]:
    return {
        chosen_label.id
        for chosen_label in result.diagnoses
        if chosen_label.certainty not in ("one of", "seen")
    }


def _name(labels: Labels) -> str:
    return " + ".join(labels)
