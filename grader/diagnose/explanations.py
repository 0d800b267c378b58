"""What explains a submission, and the diagnoses that are made of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader.diagnose.edited import Edits
from grader.diagnose.mistakes import Mistake, Variant
from grader.records import Diagnosis

OFFERED = "one of"  # the certainty of mistakes of which one was made
MOST_OFFERED = 3  # mistakes offered as "one of": more would be a guess
MOST_CARRIED = 24  # sets of offered mistakes that are tried in an exercise which uses theirs


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


def settled_alone(sets: list[Edits]) -> Explained:
    """What is said where each of some sets alone explains everything; nothing where they are too many."""
    ids = {mistake.id for mistake in mistakes_in(sets)}
    twins = {twin for mistake in mistakes_in(sets) for twin in mistake.twins}
    if len(ids) == 1 or ids <= twins:
        return [Explanation(sets[:1], "exact")]
    return [Explanation(sets, OFFERED)] if len(ids) <= MOST_OFFERED else []


def settled_together(sets: list[Edits], in_order: Callable[[Edits], Edits]) -> Explained:
    """What the sets that fit have in common; beside it, where one mistake more is in each, one of those."""
    ids = {frozenset(variant.mistake.id for variant in edits) for edits in sets}
    if not ids:
        return []
    certainty = "pair" if max(map(len, ids)) <= 2 else "several"
    shared = frozenset.intersection(*ids)
    common = in_order(tuple(variant for variant in sets[0] if variant.mistake.id in shared))
    settled = [Explanation([common], certainty)] if common else []
    varying = frozenset().union(*ids) - shared
    if 1 < len(varying) <= MOST_OFFERED and all(len(members - shared) == 1 for members in ids):
        others = dict.fromkeys(
            variant for edits in sets for variant in edits if variant.mistake.id in varying
        )
        settled.append(Explanation([(variant,) for variant in others], OFFERED))
    return settled


def offered_together(every: Iterable[Explained], matters: Callable[[Variant], bool]) -> list[Edits]:
    """Of what is offered in some exercises and `matters` in another, one mistake of each offer together, in every way.

    None where these are too many: of some alone nothing follows, another one may fit as well.
    """
    offers = [
        [variant for edits in explanation.sets for variant in edits if matters(variant)]
        for explained in every
        for explanation in explained
        if explanation.certainty == OFFERED
    ]
    choices = itertools.product(*filter(None, offers))
    some = list(itertools.islice(choices, MOST_CARRIED + 1)) if any(offers) else []
    return some if len(some) <= MOST_CARRIED else []


def made_by_operators(explained: Explained) -> Iterator[Variant]:
    """The edits of explanations that operators made."""
    for explanation in explained:
        for edits in explanation.sets:
            yield from (variant for variant in edits if variant.mistake.is_made)


def strictest(sets: list[Edits]) -> list[Edits]:
    """Without those of which fewer numbers were compared, if others fit as well."""
    compared = [edits for edits in sets if not any(variant.mistake.drawn for variant in edits)]
    return compared or sets


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
    return _merge(named)


def mistakes_in(sets: Iterable[Edits]) -> dict[Mistake, str]:
    """The mistakes of some sets, each once, in order, and the exercise that each is made in."""
    return {variant.mistake: variant.exercise for edits in sets for variant in edits}


def _merge(diagnoses: Sequence[tuple[Diagnosis, frozenset[str]]]) -> list[Diagnosis]:
    """One diagnosis for one mistake made in several exercises with the same certainty.

    Beside each are the mistakes with which alone it explains a part: in another exercise they must be the same.
    """
    merged: dict[tuple[str, str, str, frozenset[str]], Diagnosis] = {}
    for diagnosis, together in diagnoses:
        key = (diagnosis.id, diagnosis.certainty, diagnosis.scope, together)
        functions = merged[key].functions if key in merged else ()
        merged[key] = replace(diagnosis, functions=(*functions, *diagnosis.functions))
    return list(merged.values())
