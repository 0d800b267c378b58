"""Functions in which nothing is written yet: which mistakes may be named in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.messages import lookup
from grader.records import Chunk, Diagnosis

_TOGETHER = ("pair", "several", "partly")


def without_guesses(diagnoses: Sequence[Diagnosis], chunks: Sequence[Chunk]) -> Iterator[Diagnosis]:
    """The diagnoses without what only several mistakes together explain, where the function is still empty.

    A class of which `forward` is `pass` answers as one that returns nothing, does not own its weights, and more.

    >>> several = [Diagnosis("no_cell", "No cell", "Is there one?", ("RNN",), "several")]
    >>> list(without_guesses(several, [Chunk("class RNN:\\n    def forward(self, x): pass")]))
    []
    """
    for diagnosis in diagnoses:
        written = tuple(name for name in diagnosis.functions if lookup.gap(name, chunks) is None)
        if diagnosis.certainty not in _TOGETHER:
            yield diagnosis
        elif written:
            yield replace(diagnosis, functions=written)
