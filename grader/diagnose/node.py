"""One set of mistakes, held against a submission on the sessions that are looked at closely.

A session that at most one of the mistakes changes is not asked: what each answers alone is known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.diagnose.edited import OTHER_DRAWS, Edited, Edits
from grader.diagnose.effects import Effects, Probe
from grader.diagnose.traces import Matrix, Trace

DRAWN = 0.9  # how much numbers that are drawn, and therefore not compared, count as off


class Node:
    """A set of mistakes: where it is off and where it shows, on each probe that it was asked."""

    def __init__(self, edits: Edits, edited: Edited, effects: Effects) -> None:
        self.edits, self.edited, self._effects = edits, edited, effects
        self.ids = frozenset(variant.mistake.id for variant in edits)
        self.places = frozenset(edits)
        self._on: dict[int, tuple[Matrix, Matrix, float]] = {}
        self.traces: dict[int, Trace] = {}
        self.asked = 0  # probes of which its answers had to be computed
        self.misses = False  # whether a number that is not drawn is off on a probe that it was asked

    def on(self, probe: Probe) -> tuple[Matrix, Matrix, float]:
        """How much each column of a probe is off, where the set shows, and how much is off together."""
        if probe.number not in self._on:
            alone = self._alone(probe)
            if alone is None:
                self.asked += 1
                trace = probe.layout.trace(self.edited.answers(probe.number, probe.session))
                judged = self._judged(probe, trace)
            else:
                if alone not in probe.known:
                    traces = (
                        self._effects.alone(probe.number, alone)[0] if alone else [probe.layout.reference]
                    )
                    probe.known[alone] = traces[0], self._judged(probe, traces[0])
                trace, judged = probe.known[alone]
            self.misses = self.misses or bool((judged[0] == 1).any())
            self.traces[probe.number], self._on[probe.number] = trace, judged
        return self._on[probe.number]

    def _alone(self, probe: Probe) -> Edits | None:
        """Which mistake of the set answers a probe as all do, or none as the reference; None where it must be asked.

        Where at most one shows, the others are taken to change nothing. Two that show together only are misjudged;
        what is named is asked for all its answers.
        """
        if self.edited.drawn:
            return None
        if not self.edits:
            return ()
        showing = np.flatnonzero(self._effects.alone(probe.number, self.edits)[1].any(axis=1))
        if showing.size > 1:
            return None
        return tuple(self.edits[place] for place in showing)

    def _judged(self, probe: Probe, trace: Trace) -> tuple[Matrix, Matrix, float]:
        layout = probe.layout
        off = layout.differences([trace], probe.got)[0].astype(float)
        if self.edited.drawn:
            other = layout.trace(self.edited.answers(probe.number, probe.session, OTHER_DRAWS))
            off[layout.differences([trace], other)[0]] *= DRAWN
        shows = layout.differences([trace], layout.reference)[0]
        return off, shows, round(float(probe.weigh(off[None])[0]), 9)

    def weight(self, probes: Sequence[Probe]) -> float:
        """How much is off on some probes."""
        return round(sum(self.on(probe)[2] for probe in probes), 9)

    def is_below(self, most: float, probes: Sequence[Probe]) -> bool:
        """Whether less than `most` is off; what is beyond it is asked no further."""
        whole = 0.0
        for probe in probes:
            whole += self.on(probe)[2]
            if whole >= most:
                return False
        return True

    def seen(self, probes: Sequence[Probe]) -> bytes:
        """The same for sets that answer all probes alike."""
        return b"".join(self.traces[probe.number].alike for probe in probes if self.on(probe))
