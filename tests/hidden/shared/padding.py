"""A check that suites share: an array over sequences is zero on padding. Its messages are read by students."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.suite import Difference
from grader.suite.differences import describe, no_array


def assert_zero_on_padding(array: Any, real: Any, what: str) -> None:
    """Raise Difference unless `array` (N, L, F) is zero where `real` (N, L) is False, and not zero where it is True.

    >>> assert_zero_on_padding(np.array([[[2.0], [0.0]]]), np.array([[True, False]]), what="outputs")
    """
    if not isinstance(array, np.ndarray) or array.ndim != 3 or array.shape[:2] != real.shape:
        n, length = real.shape
        expected = f"an array ({n}, {length}, …)"
        is_array = isinstance(array, np.ndarray)
        message = f"{what} should be {expected}; got {describe(array)}."
        raise Difference(message, "shape", what) if is_array else no_array(what, array, expected)
    if array[~real].any():
        raise Difference(f"{what} is not zero on some steps that are padding.", "zeros", what)
    if not array[real].any(axis=-1).all():
        raise Difference(f"{what} is zero on some steps that are no padding.", "zeros", what)
