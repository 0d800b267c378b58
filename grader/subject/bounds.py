"""What an answer may hold, and how much of it: the checks of a message that was decoded.

Whatever else a child sends is a WireError, and the child's fault.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grader import values
from grader.subject import operations as ops
from grader.subject.frames import WireError

MAX_TEXT = 300  # characters of one text in an answer: of a string, a key, a name, an exception, a description
MAX_TEXTS = 50  # of one list of names
MAX_FRAMES = 10  # places that an exception tells about
MAX_BASES = 4  # classes that an exception's own is made from
MAX_ITEMS = 20_000  # of one list or map, and of lists and maps in one answer: even an empty one takes memory
MAX_DIMENSIONS = 8
MAX_DEPTH = 20  # of containers in containers in an answer
MAX_SHAPES, MAX_SHAPE_DIMENSIONS, MAX_NAME = 8, 6, 80  # of the arrays an exception tells about
MAX_NESTING = 5  # of records in records; each level is a copy of its bytes, so depth is memory


def is_count(value: Any) -> bool:
    """Whether a value is a whole number that counts something."""
    return type(value) is int and 0 <= value < 2**31


def _text(value: Any, limit: int = MAX_TEXT) -> bool:
    return isinstance(value, str) and len(value) <= limit


def _texts(values: Any) -> bool:
    return isinstance(values, tuple) and len(values) <= MAX_TEXTS and all(map(_text, values))


def _are_gradients(value: Any) -> bool:
    """A tree of arrays and None."""
    return _is_data(value) and all(
        leaf is None or isinstance(leaf, np.ndarray) for leaf in values.flatten(value)[1]
    )


def check_value(answer: ops.Value) -> None:
    """Raise WireError for a value with other fields, or with parts that no answer has."""
    inputs, parameters = answer.input_gradients, answer.parameter_gradients
    fits = (
        _texts(answer.changed)
        and _texts(answer.watched)
        and (inputs is None or (isinstance(inputs, tuple) and _are_gradients(inputs)))
        and (parameters is None or (_is_flat(parameters) and _are_gradients(parameters)))
        and _is_data(answer.value)
    )
    if not fits:
        raise WireError("a value with other fields")


def _is_flat(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and values.kind(part) == "leaf" for name, part in value.items()
    )


def _is_data(value: Any, depth: int = 0) -> bool:
    """Containers of numbers, arrays and texts; a Parameter with an array and a bool; no other record."""
    cls = type(value)
    if cls in _LEAVES:
        return True
    if cls is str:
        return _text(value)
    if cls is ops.Parameter:
        return isinstance(value.trainable, bool) and isinstance(value.value, (np.ndarray, ops.Opaque))
    if cls not in (tuple, list, dict) or depth > MAX_DEPTH:
        return False
    if cls is dict:
        if not all(map(_is_key, value)):
            return False
        value = value.values()
    return all(_is_data(part, depth + 1) for part in value)


_LEAVES = frozenset({type(None), bool, int, float, np.ndarray, ops.Opaque})


def _is_key(key: Any, depth: int = 0) -> bool:
    if isinstance(key, tuple):
        return (
            depth < MAX_NESTING
            and len(key) <= MAX_DIMENSIONS
            and all(_is_key(part, depth + 1) for part in key)
        )
    return key is None or isinstance(key, (bool, int, float)) or _text(key)


def _is_named_shape(entry: Any) -> bool:
    """("self.w_input", (3, 4)): a dotted name and a few sizes."""
    return (
        isinstance(entry, tuple)
        and len(entry) == 2
        and isinstance(entry[0], str)
        and len(entry[0]) <= MAX_NAME
        and all(part.isidentifier() for part in entry[0].split("."))
        and isinstance(entry[1], tuple)
        and len(entry[1]) <= MAX_SHAPE_DIMENSIONS
        and all(type(size) is int and 0 <= size < 2**32 for size in entry[1])
    )


def check_raised(answer: ops.Raised) -> None:
    """Raise WireError for an exception that says more, or other things, than it may."""
    fits = (
        _texts((answer.text, answer.stage))
        and _text(answer.kind, MAX_NAME)
        and answer.stage in ops.STAGES
        and isinstance(answer.frames, tuple)
        and len(answer.frames) <= MAX_FRAMES
        and all(
            isinstance(frame, ops.Frame)
            and _text(frame.label)
            and _text(frame.function, MAX_NAME)
            and isinstance(frame.line, int)
            for frame in answer.frames
        )
        and isinstance(answer.shapes, tuple)
        and len(answer.shapes) <= MAX_SHAPES
        and all(map(_is_named_shape, answer.shapes))
        and isinstance(answer.lines, tuple)
        and len(answer.lines) <= MAX_FRAMES
        and all(map(is_count, answer.lines))
        and _text(answer.missing, MAX_NAME)
        and isinstance(answer.bases, tuple)
        and len(answer.bases) <= MAX_BASES
        and all(_text(base, MAX_NAME) for base in answer.bases)
    )
    if not fits:
        raise WireError("an exception with other fields")
