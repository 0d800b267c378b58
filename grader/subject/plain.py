"""A value that student code gave back, as plain data that may be sent: numbers, texts, arrays, containers of them.

Whatever is none of these becomes a description in words (`Opaque`), and nothing is larger than may be sent.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grader import values
from grader.subject import operations as ops
from grader.subject.bounds import MAX_TEXT
from grader.subject.wire import is_plain

MAX_BYTES = 8 * 1024 * 1024  # of one array in an answer
MAX_DEPTH = 8
MAX_CONTAINER = 20_000
MAX_DIMENSIONS = 8


def plain(value: Any) -> Any:
    """The value as plain data: tensors become arrays, containers plain ones, anything else an Opaque description."""
    return values.map_leaves(
        _plain_leaf, value, key=_plain_key, records=False, deepest=MAX_DEPTH, longest=MAX_CONTAINER
    )


def _plain_key(key: Any) -> Any:
    """A dict's key as it may travel: texts, numbers, None and tuples of them as they are, anything else in words."""
    if type(key) is tuple and len(key) <= MAX_DIMENSIONS:
        return tuple(map(_plain_key, key))
    if key is None or type(key) in (bool, int, float):
        return key if _bounded(key) is key else str(key)[:MAX_TEXT]
    return int(key) if isinstance(key, np.integer) else str(key)[:MAX_TEXT]


def _plain_leaf(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        try:
            return array(value.detach().cpu().numpy())
        except (TypeError, RuntimeError, NotImplementedError):
            return ops.Opaque(f"a tensor of {value.dtype} ({value.layout})")
    if value is None or type(value) in (bool, int, float, str):
        return value[:MAX_TEXT] if isinstance(value, str) else _bounded(value)
    if isinstance(value, np.ndarray):
        return array(value)
    if isinstance(value, np.generic):
        return array(np.asarray(value))
    name = type(value).__name__
    return ops.Opaque(f"{'an' if name[:1] in 'aeiou' else 'a'} {name}")


def _bounded(value: Any) -> Any:
    if type(value) is int and not -(2**63) <= value < 2**63:
        return ops.Opaque("an int beyond 64 bits")
    return value


def array(value: Any) -> Any:
    """An array as it is, or a description of one that may not be sent."""
    array = np.asarray(value)
    if not array.dtype.isnative and array.dtype.kind in "iuf":
        array = array.astype(array.dtype.newbyteorder("="))
    if not is_plain(array.dtype):
        return ops.Opaque(f"an array of {array.dtype}")
    if array.nbytes > MAX_BYTES or any(size >= 2**32 for size in array.shape):
        return ops.Opaque(f"an array of shape {array.shape}, too large to send")
    if array.ndim > MAX_DIMENSIONS:
        return ops.Opaque(f"an array of {array.ndim} dimensions")
    return array
