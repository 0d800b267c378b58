"""The claim that two mistakes at once are diagnosed as the pair or as one of its members.

The pairs are a sample, the same at every run: all pairs in the order of a digest of their names, so that a new
mistake adds some pairs and leaves the others. Half of them are two mistakes in one exercise, half in two.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from grader.assignments import Assignment
from grader.diagnose.mistakes import Variant, apply, load_mistakes
from grader.errors import CourseError
from grader.records import Result
from grader.validate.explained import ExplainedSet, explained_pairs
from grader.validate.proofs import Proof, is_full, outcome
from grader.validate.single import names_of, variants_by_label

SAMPLED = {"in one exercise": 90, "in two exercises": 70}

Labels = tuple[str, str]


class Pairs:
    """A sample of pairs of variants that apply together. Raises CourseError when the explanations cannot be read."""

    def __init__(self, assignment: Assignment, reference: str) -> None:
        self._assignment = assignment
        self._mistakes = load_mistakes(assignment)
        self._variants = variants_by_label(self._mistakes)
        self._explained = explained_pairs(assignment)
        self._where: dict[Labels, str] = {}
        self.sources: dict[str, str] = {}
        for where, most in SAMPLED.items():
            for pair, source in itertools.islice(self._compatible_pairs(where, reference), most):
                self._where[pair] = where
                self.sources[_name(pair)] = source

    def proofs(self, results: Mapping[str, Result]) -> list[Proof]:
        """That pairs of mistakes are named, for each way in which two can stand, from the results by name."""
        proofs = []
        for where in SAMPLED:
            if not any(self._is_in(where, pair) for pair in itertools.combinations(self._variants, 2)):
                continue  # one exercise, or one mistake: there is no such pair
            pairs = [pair for pair, place in self._where.items() if place == where]
            kinds = {pair: self._kind(pair, results) for pair in pairs}
            excused = {pair for pair in pairs if not kinds[pair] and self._explanation_of(pair)}
            problems = [
                f"{_name(pair)}: {outcome(results[_name(pair)])}"
                for pair in pairs
                if not kinds[pair] and pair not in excused
            ]
            problems += [
                f"{self._explained[0].path}: {_name(pair)} is explained there, but it is diagnosed:"
                f" {outcome(results[_name(pair)])}"
                for pair in pairs
                if kinds[pair] and self._explanation_of(pair)
            ]
            counts = Counter(
                kinds[pair] or ("explained" if pair in excused else "not named") for pair in pairs
            )
            remark = f"pairs {where}: " + ", ".join(f"{many} {kind}" for kind, many in counts.most_common())
            proofs.append(
                Proof(
                    self._assignment.name,
                    f"two mistakes {where} are both named, or one of them",
                    len(pairs),
                    tuple(problems),
                    (remark,) if pairs else (),
                )
            )
        return proofs

    def _compatible_pairs(self, where: str, reference: str) -> Iterator[tuple[Labels, str]]:
        """The pairs that can be made together, in the order of the sample, with their sources."""

        def place_in_sample(pair: Labels) -> str:
            return hashlib.sha256("\x1f".join((self._assignment.name, *pair)).encode()).hexdigest()

        for pair in sorted(itertools.combinations(self._variants, 2), key=place_in_sample):
            source = self._is_in(where, pair) and source_with(
                reference, [self._variants[label] for label in pair]
            )
            if source:
                yield pair, source

    def _is_in(self, where: str, pair: Labels) -> bool:
        """Whether these are two mistakes, in one exercise or in two as `where` says."""
        first, second = (self._variants[label] for label in pair)
        in_one = first.exercise == second.exercise
        return first.mistake.id != second.mistake.id and in_one == (where == "in one exercise")

    def _kind(self, pair: Labels, results: Mapping[str, Result]) -> str:
        """In which acceptable way a pair was diagnosed; "" when in none. `results` hold every mistake alone, too."""
        result = results[_name(pair)]
        if result.score is None or result.status == "unreadable":
            return ""
        if is_full(result):
            return "" if result.diagnoses else "right after all: one mistake undoes the other"
        if not result.diagnoses:
            return ""
        members = [self._variants[label] for label in pair]
        if all(diagnosis.certainty == "seen" for diagnosis in result.diagnoses):
            # That answers change is so, and is said, where one of the two draws at random.
            return "seen to change" if any(member.mistake.drawn for member in members) else ""
        allowed = [names_of(member.mistake, self._mistakes) for member in members]
        offered = [diagnosis for diagnosis in result.diagnoses if diagnosis.certainty == "one of"]
        sure = [diagnosis.id for diagnosis in result.diagnoses if diagnosis.certainty != "one of"]
        hit = [any(id in names for id in sure) for names in allowed]
        if all(id in names_ for id in sure for names_ in [allowed[0] | allowed[1]]):
            if all(hit):
                return "both named"
            if any(hit):
                return "one named"
            if any(diagnosis.id in allowed[0] | allowed[1] for diagnosis in offered):
                return "one named among others that answer alike"
        if self._is_as_alone(result, results):
            return "the same as another single mistake"
        return ""

    def _is_as_alone(self, result: Result, results: Mapping[str, Result]) -> bool:
        """Whether the one mistake that is named, made alone, ends in every test as the pair does, to the words."""
        if len(result.diagnoses) != 1 or result.diagnoses[0].certainty != "exact":
            return False
        (named,) = result.diagnoses
        alone = [
            results[label]
            for label, variant in self._variants.items()
            if variant.mistake.id == named.id and variant.exercise in named.functions
        ]
        return any(how_tests_ended(other) == how_tests_ended(result) for other in alone)

    def _explanation_of(self, pair: Labels) -> ExplainedSet | None:
        return next((entry for entry in self._explained if set(entry.labels) == set(pair)), None)


def how_tests_ended(result: Result) -> list[tuple[str, str, str]]:
    """How every test ended, with what the student reads: which entries are off and by how much."""
    return [(test.name, test.outcome, test.message) for test in result.tests]


def _name(pair: Labels) -> str:
    return " + ".join(pair)


def source_with(reference: str, edits: Sequence[Variant]) -> str | None:
    """The reference with some edits; None when they do not go together."""
    try:
        source = apply(reference, edits)
        compile(source, "several", "exec")
    except (CourseError, SyntaxError):
        return None
    return source
