"""Looks for garbage seldom while a search runs.

A search makes some thousand programs, answers and rows of numbers that it keeps, and hardly anything that refers to
itself. To look at all of them again and again took a tenth to a fifth of it.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

OBJECTS = 50_000  # that are made, and not freed, before it is looked at them


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for garbage seldom, until this ends."""
    before = gc.get_threshold()
    if before[0]:  # 0: it never looks
        gc.set_threshold(max(OBJECTS, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
