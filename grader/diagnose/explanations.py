"""What explains a submission, and the diagnoses that are made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from grader.diagnose.edited import Edits
from grader.diagnose.mistakes import Mistake, Variant
from grader.records import Diagnosis

OFFERED = "one of"  # the certainty of mistakes of which one was made


@dataclass(frozen=True)
class Explanation:
    """Sets of edits with which the reference answers as a submission did; how sure they are, and of which questions."""

    sets: list[Edits]
    certainty: str
    scope: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether all answers of exercises that use this one follow from it as well."""
        return self.certainty in ("exact", "pair", "several")


Explained = list[Explanation]


def narrowed(explained: Iterable[Explanation], fitting: Collection[Variant]) -> Explained:
    """The explanations of an exercise, where of mistakes that are offered together only the `fitting` ones are left.

    What is offered without any of them stays. A mistake that is left alone is as sure as what is named beside it: no
    other one explains the exercise and what uses it.
    """
    explained = list(explained)
    beside = next((settled.certainty for settled in explained if settled.is_sure), "exact")
    for place, explanation in enumerate(explained):
        left = [edits for edits in explanation.sets if any(variant in fitting for variant in edits)]
        if explanation.certainty == OFFERED and left:
            certainty = OFFERED if len(mistakes_in(left)) > 1 else beside
            explained[place] = replace(explanation, sets=left, certainty=certainty)
    return explained


def diagnoses(explanations: Iterable[Explanation]) -> list[Diagnosis]:
    """The mistakes of some explanations as they are told: each once for each certainty, what is seen first."""
    named: list[tuple[Diagnosis, frozenset[str]]] = []
    for explanation in explanations:
        places = mistakes_in(explanation.sets)
        together = frozenset(mistake.id for mistake in places) if explanation.scope else frozenset()
        named += [
            (
                Diagnosis(
                    mistake.id,
                    mistake.title,
                    mistake.hint,
                    (place,),
                    explanation.certainty,
                    explanation.scope,
                ),
                together,
            )
            for mistake, place in places.items()
        ]
    named.sort(key=lambda entry: entry[0].certainty != "seen")
    return _merged(named)


def mistakes_in(sets: Iterable[Edits]) -> dict[Mistake, str]:
    """The mistakes of some sets, each once, in order, and the exercise that each is made in."""
    return {variant.mistake: variant.exercise for edits in sets for variant in edits}


def _merged(diagnoses: Sequence[tuple[Diagnosis, frozenset[str]]]) -> list[Diagnosis]:
    """One diagnosis for one mistake made in several exercises with the same certainty.

    Beside each are the mistakes with which alone it explains a part: in another exercise they must be the same.
    """
    merged: dict[tuple[str, str, str, frozenset[str]], Diagnosis] = {}
    for diagnosis, together in diagnoses:
        key = (diagnosis.id, diagnosis.certainty, diagnosis.scope, together)
        functions = merged[key].functions if key in merged else ()
        merged[key] = replace(diagnosis, functions=(*functions, *diagnosis.functions))
    return list(merged.values())
