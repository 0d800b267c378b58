"""Mistakes against which a submission's answers speak: alone they change what it got right."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

from grader.diagnose.effects import Effects
from grader.diagnose.evidence import Evidence
from grader.diagnose.mistakes import Variant
from grader.diagnose.traces import numbers_near
from grader.diagnose.tries import Tries

RIGHT = 4  # questions answered rightly that speak against what shows there
PARTLY_RIGHT = 6  # questions answered wrongly in some numbers, the others of which do


def contradicted(effects: Effects, evidence: Evidence, candidates: Sequence[Variant]) -> set[Variant]:
    """Mistakes that show alone where the submission is right."""
    wrong = set(evidence.wrong)
    chosen: dict[Hashable, int] = {}
    for number in evidence.numbers:
        if number not in wrong:
            chosen.setdefault(effects.sessions[number].kind, number)
    right = list(chosen.values())[:RIGHT]
    return {variant for variant in candidates if effects.shows_in_any(right, variant)}


def contradicted_in_part(tries: Tries, evidence: Evidence, candidates: Sequence[Variant]) -> set[Variant]:
    """Mistakes that alone change numbers which are right in an answer that is wrong: in every answer they change.

    In some, two mistakes may undo each other. What changes the form of an answer is not judged.
    """
    changes, against = Counter[Variant](), Counter[Variant]()
    compared = [variant for variant in candidates if not variant.mistake.drawn]
    for number in _partly_right(tries, evidence):
        got, right = tries.submission(number), tries.effects.layout(number).reference
        stays = numbers_near(got.numbers, right.numbers, right.close)
        traces = {variant: tries.effects.trace(number, variant) for variant in compared}
        alike = [variant for variant, trace in traces.items() if trace.form == right.form]
        if not alike:
            continue
        rows = np.stack([traces[variant].numbers for variant in alike])
        moved = ~numbers_near(rows, right.numbers, right.close)
        changes.update(itertools.compress(alike, np.any(moved, axis=1).tolist()))
        against.update(itertools.compress(alike, np.any(moved & stays, axis=1).tolist()))
    return {variant for variant, count in against.items() if count == changes[variant]}


def _partly_right(tries: Tries, evidence: Evidence) -> list[int]:
    """Wrong questions, one of each sort, in which some numbers are right and nothing is of another form."""
    chosen: dict[Hashable, int] = {}
    for number in evidence.wrong:
        sort = tries.effects.sessions[number].sort
        if sort in chosen:
            continue
        got, right = tries.submission(number), tries.effects.layout(number).reference
        if got.form == right.form and numbers_near(got.numbers, right.numbers, right.close).any():
            chosen[sort] = number
        if len(chosen) == PARTLY_RIGHT:
            break
    return [*chosen.values()]
