"""What each mistake does alone to the sessions that are looked at closely, as rows of booleans.

A row has a column for each part of an answer (a shape, an exception, "changed its argument") and for a sample of the
numbers. `shows` says where a mistake changes the reference's answers, `off` where its answers are not the submission's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.diagnose.edited import Edited, Edits
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Variant
from grader.diagnose.stored import Answers
from grader.diagnose.traces import Layout, Matrix, Trace

PART, ENTRY = 1.0, 0.2  # what a part that is off weighs, and all its numbers together
ENTRIES = 160  # of the numbers of a session, so many are looked at, evenly spread


class Effects:
    """What the reference and each mistake alone answer to a session, computed when first needed and kept."""

    def __init__(self, sessions: Sequence[Session], edited: Callable[[Edits], Edited]) -> None:
        self.sessions, self._edited = sessions, edited
        self._layouts: dict[int, Layout] = {}
        self._traces: dict[tuple[int, Variant], Trace] = {}
        self._shows: dict[tuple[int, Variant], Matrix] = {}

    def layout(self, number: int) -> Layout:
        """The columns of a session."""
        if number not in self._layouts:
            session = self.sessions[number]
            self._layouts[number] = Layout(session, self._edited(()).answers(number, session))
        return self._layouts[number]

    def alone(self, number: int, variants: Sequence[Variant]) -> tuple[list[Trace], Matrix]:
        """The answers of some mistakes to a session, and where each differs from the reference."""
        layout, session = self.layout(number), self.sessions[number]
        new = [variant for variant in variants if (number, variant) not in self._traces]
        for variant in new:
            self._traces[number, variant] = layout.trace(self._edited((variant,)).answers(number, session))
        if new:
            traces = [self._traces[number, variant] for variant in new]
            for variant, row in zip(new, layout.differences(traces, layout.reference), strict=True):
                self._shows[number, variant] = row
        return (
            [self._traces[number, variant] for variant in variants],
            np.stack([self._shows[number, variant] for variant in variants]),
        )


@dataclass(frozen=True)
class Probe:
    """One session that is looked at closely, with what the submission and every candidate alone answered to it."""

    number: int
    session: Session
    layout: Layout
    got: Trace
    shows: Matrix  # (candidates, columns)
    off: Matrix  # (candidates, columns)
    entries: Matrix  # the columns that are looked at
    alike: list[bytes]  # the same for candidates that answer it alike
    known: dict[Edits, tuple[Trace, tuple[Matrix, Matrix, float]]] = field(
        default_factory=dict
    )  # see `node.Node`

    @classmethod
    def of(cls, effects: Effects, number: int, candidates: Sequence[Variant], answers: Answers) -> Probe:
        """The probe of a session, for candidates and a submission's answers."""
        layout = effects.layout(number)
        traces, shows = effects.alone(number, candidates)
        got = layout.trace(answers)
        columns = shows.shape[1]
        kinds = columns - layout.numbers
        step = max(1, layout.numbers // ENTRIES)
        entries = np.concatenate([np.arange(kinds), np.arange(kinds, columns, step)])
        off = layout.differences(traces, got)
        alike = [trace.alike for trace in traces]
        return cls(number, effects.sessions[number], layout, got, shows, off, entries, alike)

    def compared(self, trace: Trace) -> tuple[Matrix, Matrix]:
        """The submission's numbers and those of a trace: all of them where both have the same parts."""
        alike = bool((trace.kinds == self.got.kinds).all()) and trace.flat.size == self.got.flat.size
        return (self.got.flat, trace.flat) if alike else (self.got.numbers, trace.numbers)

    def weigh(self, off: Matrix) -> Matrix:
        """(rows,): how much is off in each row of columns, booleans or degrees between 0 and 1."""
        weights: Matrix = PART * self.layout.by_part(off).mean(axis=1) + ENTRY * off.mean(axis=1)
        return weights

    def contradictions(self, both: float) -> Matrix:
        """(candidates, candidates): how much speaks against two mistakes at once, judged by what each does alone.

        Where only one of two shows, a program with both answers as with that one; where none shows, as the reference.
        Where both show nothing is known: it counts as `both`.
        """
        part_shows, part_off = self.layout.by_part(self.shows), self.layout.by_part(self.off)
        against = PART * _shares(~part_shows, part_off)
        against += ENTRY * _shares(~self.shows[:, self.entries], self.off[:, self.entries])
        whole: Matrix = against + against.T + both * PART * _shares(part_shows, part_shows)
        return whole


def _shares(hidden: Matrix, off: Matrix) -> Matrix:
    """(rows, rows): the share of columns where the first does not show and the second is off."""
    # Whole numbers in float32: exact, so that the order is the same on every machine.
    counts: Matrix = hidden.astype(np.float32) @ off.T.astype(np.float32)
    shares: Matrix = counts.astype(np.float64) / off.shape[1]
    return shares
