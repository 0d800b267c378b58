"""Two small arrays side by side, for a check that failed: what was expected and what came, differences marked.

Runs in the child. It must not fail on whatever a student's function gave back: then it has nothing to show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

MOST_ENTRIES = 24
CLOSE = 2e-4  # what the four decimals of the checks can tell apart


def side_by_side(expected: Any, answer: Any) -> list[str]:
    """Two lines, with >…< around entries of `answer` that are off; empty unless both are small arrays of one shape."""
    try:
        want, have = np.asarray(expected, dtype=float), np.asarray(answer, dtype=float)
    except Exception:  # not numbers, or an object of the student's that refuses
        return []
    if want.shape != have.shape or not 0 < want.ndim <= 3 or not 1 < want.size <= MOST_ENTRIES:
        return []
    off = ~(np.abs(want - have) <= CLOSE)  # NaN is off
    if not off.any():
        return []
    texts = [[f"{number:.4f}" for number in array.ravel()] for array in (want, have)]
    width = max(len(text) for row in texts for text in row)
    marked = [
        f"{'>' + text:>{width + 1}}<" if wrong else f" {text:>{width}} "
        for text, wrong in zip(texts[1], off.ravel())
    ]
    return [
        "expected " + _brackets(want.shape, iter([f" {text:>{width}} " for text in texts[0]])),
        "got      " + _brackets(want.shape, iter(marked)),
    ]


def _brackets(shape: tuple[int, ...], entries: Iterator[str]) -> str:
    if not shape:
        return next(entries)
    return "[" + " ".join(_brackets(shape[1:], entries) for _ in range(shape[0])) + "]"
