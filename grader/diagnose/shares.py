"""How much of what is wrong in a submission's answer to a question a set of mistakes gives as well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.diagnose.traces import Matrix, Place, Trace, numbers_near

FORM = 0.5  # the share of a part of another kind that counts for its kind; the rest is for its numbers


@dataclass(frozen=True)
class _Part:
    """A part of an answer that is wrong: its kind, where its numbers are, which of them are wrong."""

    place: Place
    kind: int
    start: int
    end: int
    wrong: Matrix
    form: float  # of its share, what its kind counts for


class Wrong:
    """What is wrong in an answer, held against the right one."""

    def __init__(self, submission: Trace, right: Trace) -> None:
        self._submission = submission
        self._parts: list[_Part] = []
        for place, (kind, start, end) in submission.parts.items():
            numbers = submission.numbers[start:end]
            wrong = np.ones(end - start, dtype=bool)
            theirs = right.parts.get(place)
            is_of_another_form = theirs is None or theirs[0] != kind or theirs[2] - theirs[1] != end - start
            if not is_of_another_form and theirs is not None:
                wrong = ~numbers_near(right.numbers[theirs[1] : theirs[2]], numbers, submission.close)
            if is_of_another_form or wrong.any():
                form = (FORM if start < end else 1.0) if is_of_another_form else 0.0
                self._parts.append(_Part(place, kind, start, end, wrong, form))

    def __bool__(self) -> bool:
        return bool(self._parts)

    def share(self, trace: Trace) -> float:
        """How much of it another answer has as well, from 0 to 1."""
        shares = [self._of(part, trace) for part in self._parts]
        return sum(shares) / len(shares)

    def _of(self, part: _Part, trace: Trace) -> float:
        mine = trace.parts.get(part.place)
        if mine is None or mine[0] != part.kind or mine[2] - mine[1] != part.end - part.start:
            return 0.0
        if part.start == part.end:
            return part.form
        alike = numbers_near(
            trace.numbers[mine[1] : mine[2]], self._submission.numbers[part.start : part.end], trace.close
        )
        return part.form + (1.0 - part.form) * float(alike[part.wrong].sum() / part.wrong.sum())
