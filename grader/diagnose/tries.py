"""What sets of mistakes answer to the questions of one submission: computed once each, counted, and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from grader.diagnose.edited import Edited, Edits
from grader.diagnose.effects import Effects
from grader.diagnose.evidence import Evidence
from grader.diagnose.mistakes import Variant
from grader.diagnose.stored import Answers
from grader.diagnose.traces import Matrix, Trace, numbers_near
from grader.subject import operations as ops

MOST_ASKED = 1500  # answers that are computed for one exercise of one submission
OBJECT = 1.5  # answers for which one of an object counts: it is made, given its weights, and asked
MORE_ASKED = 400  # beyond these, when a set explains everything: to see which others do
AT_ONCE = 4000  # numbers of an answer, beyond which sets are held against it one by one
NEAR = 1e-2  # numbers that are further apart are not compared closely


class Enough(Exception):
    """So many answers were computed that the search ends."""


class Tries:
    """The programs that are tried for one exercise of one submission."""

    def __init__(
        self,
        effects: Effects,
        tried: Callable[[Edits], Edited | None],
        evidence: Evidence,
        most: float = MOST_ASKED,
    ) -> None:
        self.effects, self._tried, self._evidence = effects, tried, evidence
        self._programs: dict[frozenset[Variant], Edited | None] = {}
        self._traces: dict[tuple[int, frozenset[Variant]], Trace | None] = {}
        self._traced: dict[
            tuple[int, int], tuple[Answers, Trace]
        ] = {}  # by the answers, which many sets share
        self._own: dict[int, Trace] = {}
        self._apart: dict[
            tuple[int, int, bool], tuple[Trace, int]
        ] = {}  # by the trace, which is kept with it
        self._fits: dict[tuple[int, frozenset[Variant]], bool] = {}
        self.cost = 0.0
        self._most = most

    def program(self, edits: Edits) -> Edited | None:
        """The reference with some mistakes; None when they cannot be made together."""
        key = frozenset(edits)
        if key not in self._programs:
            self._programs[key] = self._tried(edits)
        return self._programs[key]

    def ask_more(self, more: float) -> None:
        """Let so many answers more be computed."""
        self._most = self.cost + more

    def submission(self, number: int) -> Trace:
        """What the submission answered to a question."""
        if number not in self._own:
            self._own[number] = self.effects.layout(number).trace(self._evidence.answers(number))
        return self._own[number]

    def trace(self, number: int, edits: Edits) -> Trace | None:
        """What a set answers to a question; None when its mistakes cannot be made together. Raises Enough."""
        if not edits:
            return self.effects.layout(number).reference
        if len(edits) == 1:
            return self.effects.trace(number, edits[0])
        key = number, frozenset(edits)
        if key not in self._traces:
            if self.cost >= self._most:
                raise Enough
            program = self.program(edits)
            self.cost += self._cost(number) if program else 0
            self._traces[key] = None if program is None else self._compute(number, program)
        return self._traces[key]

    def _cost(self, number: int) -> float:
        return OBJECT if isinstance(self.effects.sessions[number].batches[0][0], ops.Make) else 1

    def _compute(self, number: int, program: Edited) -> Trace:
        answers = program.answers(number, self.effects.sessions[number])
        if (number, id(answers)) not in self._traced:
            self._traced[number, id(answers)] = answers, self.effects.layout(number).trace(answers)
        return self._traced[number, id(answers)][1]

    def fits(self, number: int, edits: Edits) -> bool:
        """Whether a set answers a question as the submission did. Raises Enough."""
        key = number, frozenset(edits)
        if key not in self._fits:
            self._fits[key] = self._compare(number, edits)
        return self._fits[key]

    def fitting(self, number: int, sets: Sequence[Edits]) -> list[Edits]:
        """Those of some sets that answer a question as the submission did. Raises Enough."""
        far = self._far(number, sets)
        return [edits for edits in sets if edits not in far and self.fits(number, edits)]

    def _far(self, number: int, sets: Sequence[Edits]) -> set[Edits]:
        """Of some sets such as have other numbers: most have, and are held against the submission all at once."""
        got = self.submission(number)
        if got.numbers.size > AT_ONCE:
            return set()
        traces = {edits: self.trace(number, edits) for edits in sets}
        rows = {
            edits: trace.numbers
            for edits, trace in traces.items()
            if trace is not None
            and trace.form == got.form
            and trace.numbers.size == got.numbers.size
            and not any(variant.mistake.drawn for variant in edits)
        }
        if not rows:
            return set()
        near: Matrix = np.all(numbers_near(np.stack([*rows.values()]), got.numbers, NEAR), axis=1)
        return {edits for edits, is_near in zip(rows, near.tolist(), strict=True) if not is_near}

    def _compare(self, number: int, edits: Edits) -> bool:
        trace, program = self.trace(number, edits), self.program(edits)
        if trace is None or program is None:
            return False
        if not program.drawn and not trace.is_near(self.submission(number), NEAR):
            return False
        return self._evidence.fits(program, number)

    def apart(self, number: int, trace: Trace, *, reshaped: bool = False) -> int:
        """How far what was answered to a question is from the submission in the kinds of its parts; see `Trace`.

        Many sets answer alike, and each search and effort asks about them anew.
        """
        key = number, id(trace), reshaped
        if key not in self._apart:
            self._apart[key] = trace, trace.apart(self.submission(number), reshaped=reshaped)
        return self._apart[key][1]

    def run_by_question(self) -> dict[int, list[Trace]]:
        """What the sets answered that were run, by question."""
        traces: dict[int, list[Trace]] = {}
        for (number, _), trace in self._traces.items():
            if trace is not None:
                traces.setdefault(number, []).append(trace)
        return traces

    def distance(self, number: int, edits: Edits, *, reshaped: bool = False) -> float:
        """How far a set is from the submission on a question; see `off`."""
        trace = self.trace(number, edits)
        return np.inf if trace is None else self.off(number, trace, reshaped=reshaped)

    def off(self, number: int, trace: Trace, *, reshaped: bool = False) -> float:
        """How far an answer is from the submission's: in the kinds of its parts, then in numbers."""
        got = self.submission(number)
        parts = float(self.apart(number, trace, reshaped=reshaped))
        if trace.form != got.form or not got.numbers.size:
            return parts
        with np.errstate(all="ignore"):
            far = np.minimum(np.abs(trace.numbers - got.numbers), 1.0)
        return round(parts + float(np.nan_to_num(far, nan=1.0).mean()), 6)
