"""Which two mistakes could together explain a submission, the likeliest first, judged by what each does alone.

Where only one of two mistakes shows, a program with both answers as with that one; so where the submission does
not, the pair is the less likely, the more so where the other leaves the whole array or part alone. This holds for
most pairs and not for all (one may permute what the other changed), so it only orders them: `search` runs the first
ones and lets the answers decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from grader.diagnose.edited import Edited
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Variant
from grader.diagnose.stored import Answers
from grader.diagnose.traces import Layout, Matrix, Trace

PROBES = 8  # sessions on which the mistakes are looked at alone
KEPT = 3000  # of the pairs, the likeliest so far: a mistake in none of them is looked at no further
MOST = 500  # pairs worth running for one exercise of one submission
MOST_CONTRADICTED = 300  # of them, when something speaks against them
PART, ENTRY = 1.0, 0.2  # what a contradiction in a whole part and in single entries weighs
# A session with a shape or an exception that no mistake alone gives is called foreign. In one or two of them the
# mistakes may have met; a program that is foreign in most of them, or in the first few, is something else.
MEETING = 0.1  # what a contradiction there weighs
FOREIGN, ALL_FOREIGN = 0.5, 3
FEW = 100  # pairs worth running for such a program


class Effects:
    """What each mistake does alone to each session, computed when first needed and kept."""

    def __init__(self, sessions: Sequence[Session], edited: Callable[[tuple[Variant, ...]], Edited]) -> None:
        self._sessions, self._edited = sessions, edited
        self._layouts: dict[int, Layout] = {}
        self._traces: dict[tuple[int, Variant], Trace] = {}
        self._shows: dict[tuple[int, Variant], Matrix] = {}

    def likeliest(
        self, mine: Sequence[Variant], probes: Sequence[int], got: Callable[[int], Answers]
    ) -> list[tuple[float, tuple[Variant, Variant]]]:
        """The pairs of variants of two mistakes that are worth running, with what contradicts each, the least first.

        `probes` are numbers of sessions; `got` gives the submission's answers to one.
        """
        ids = list(dict.fromkeys(variant.mistake.id for variant in mine))
        if len(ids) < 2:
            return []
        alive = np.arange(len(mine))
        first = second = worth = np.zeros(0, int)
        score = np.zeros((len(mine), len(mine)))
        mistake = np.array([ids.index(variant.mistake.id) for variant in mine])
        seen = foreign = 0
        for number in probes:
            against, is_foreign = self._against(number, [mine[int(one)] for one in alive], got(number))
            score[np.ix_(alive, alive)] += against
            first, second, worth = _ranked(score, alive, mistake)
            alive = np.unique(np.concatenate([first, second]))
            seen, foreign = seen + 1, foreign + is_foreign
            if len(alive) < 2 or foreign == seen == ALL_FOREIGN:
                break
        most = FEW if foreign > FOREIGN * seen else MOST
        pairs = zip(first[:most].tolist(), second[:most].tolist(), worth[:most].tolist(), strict=True)
        return [
            (value, (mine[one], mine[other]))
            for rank, (one, other, value) in enumerate(pairs)
            if value == 0 or rank < MOST_CONTRADICTED
        ]

    def _against(self, number: int, mine: Sequence[Variant], got: Answers) -> tuple[Matrix, bool]:
        """(variants, variants): how much of one session's answers speaks against each pair.

        Also whether there is something in them that no mistake alone gives.
        """
        layout, traces, shows = self._alone(number, mine)
        one = layout.trace(got)
        off = layout.differences(traces, one)
        part_shows, part_off = layout.by_part(shows), layout.by_part(off)
        against = PART * _shares(~part_shows, part_off) + ENTRY * _shares(~shows, off)
        foreign = layout.is_news(traces, one)
        return (against + against.T) * (MEETING if foreign else 1.0), foreign

    def _alone(self, number: int, mine: Sequence[Variant]) -> tuple[Layout, list[Trace], Matrix]:
        session = self._sessions[number]
        if number not in self._layouts:
            self._layouts[number] = Layout(session, self._edited(()).answers(number, session))
        layout = self._layouts[number]
        new = [variant for variant in mine if (number, variant) not in self._traces]
        for variant in new:
            self._traces[number, variant] = layout.trace(self._edited((variant,)).answers(number, session))
        if new:
            traces = [self._traces[number, variant] for variant in new]
            for variant, row in zip(new, layout.differences(traces, layout.reference), strict=True):
                self._shows[number, variant] = row
        return (
            layout,
            [self._traces[number, variant] for variant in mine],
            np.stack([self._shows[number, variant] for variant in mine]),
        )


def _shares(hidden: Matrix, off: Matrix) -> Matrix:
    """(variants, variants): the share of columns where the first does not show and the second is off."""
    # Whole numbers in float32: exact, so that the order is the same on every machine.
    counts: Matrix = hidden.astype(np.float32) @ off.T.astype(np.float32)
    shares: Matrix = counts.astype(np.float64) / off.shape[1]
    return shares


def _ranked(score: Matrix, alive: Matrix, mistake: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """The pairs (first, second, score) of different mistakes, the lowest scores first, then in the table's order."""
    one, other = np.triu_indices(len(alive), 1)
    first, second = alive[one], alive[other]
    different = mistake[first] != mistake[second]
    first, second = first[different], second[different]
    worth = np.round(score[first, second], 9)
    order = np.argsort(worth, kind="stable")[:KEPT]
    return first[order], second[order], worth[order]
