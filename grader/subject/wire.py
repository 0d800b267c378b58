"""Operations and answers to bytes and back: MessagePack with white-listed arrays, everything bounded.

Never pickle, never eval. An array is one byte of dtype code, one of dimensions, its shape as unsigned 32-bit
integers and its raw little-endian bytes in C order. Every way in which a peer's bytes can be wrong ends in
WireError; a decoded answer holds only None, bool, int, float, str, tuple, list, dict, numpy arrays and Opaque.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

import msgpack
import numpy as np

from grader import values
from grader.subject import operations as ops
from grader.subject.frames import MAX_FRAME
from grader.subject.frames import FrameReader as FrameReader
from grader.subject.frames import WireError as WireError
from grader.subject.frames import frame as frame

MAX_TEXT = 300  # characters of one text in an answer: of a string, a key, a name, an exception, a description
MAX_TEXTS = 50  # of one list of names
MAX_FRAMES = 10  # places that an exception tells about
MAX_ITEMS = 20_000  # of one list or map, and of lists and maps in one answer: even an empty one takes memory
MAX_DIMENSIONS = 8
MAX_DEPTH = 20  # of containers in containers in an answer
MAX_SHAPES, MAX_SHAPE_DIMENSIONS, MAX_NAME = 8, 6, 80  # of the arrays an exception tells about
MAX_NESTING = 5  # of records in records; each level is a copy of its bytes, so depth is memory

_DTYPES = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]
_CODES = {np.dtype(name): code for code, name in enumerate(_DTYPES)}
_BY_CODE = [np.dtype(name).newbyteorder("<") for name in _DTYPES]
_ARRAY, _OPAQUE = 1, 2
_TUPLE_MARK = b"()"  # MessagePack knows lists alone: this comes first in a tuple, and no data are bytes

_RECORDS: list[type] = [
    ops.Call,
    ops.Make,
    ops.Load,
    ops.Invoke,
    ops.ListParameters,
    ops.Value,
    ops.Raised,
    ops.Frame,
    ops.Loaded,
    ops.Parameter,
    ops.Passed,
]
_RECORD_BASE = 16
_RECORD_CODES = {cls: _RECORD_BASE + index for index, cls in enumerate(_RECORDS)}
_RECORD_FIELDS = {cls: tuple(cls.__dataclass_fields__) for cls in _RECORDS}  # type: ignore[attr-defined]


def is_plain(dtype: np.dtype[Any]) -> bool:
    """Whether arrays of this dtype may travel."""
    return dtype in _CODES


def may_travel(node: Any) -> bool:
    """Whether a part of an operation can be sent: a container (whatever it holds), a leaf, or one of our records."""
    if isinstance(node, np.ndarray):
        return node.dtype in _CODES
    return node is None or isinstance(node, _SENT) or type(node) in _RECORD_CODES


_SENT = (bool, int, float, str, bytes, np.generic, tuple, list, dict, ops.Opaque)


def _pack_extra(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_TUPLE_MARK, *value]
    if isinstance(value, np.ndarray):
        code = _CODES[value.dtype]
        header = struct.pack(f"<BB{value.ndim}I", code, value.ndim, *value.shape)
        return msgpack.ExtType(_ARRAY, header + value.tobytes())
    if isinstance(value, ops.Opaque):
        return msgpack.ExtType(_OPAQUE, value.description[:MAX_TEXT].encode("utf-8", "replace"))
    code = _RECORD_CODES.get(type(value))  # type: ignore[assignment]
    if code is not None:
        fields = [getattr(value, name) for name in _RECORD_FIELDS[type(value)]]
        return msgpack.ExtType(code, encode(fields))
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"cannot send a {type(value).__name__}")


def encode(value: Any) -> bytes:
    """The bytes of a value. Raises TypeError or KeyError for what may not travel."""
    packed: bytes = msgpack.packb(
        value, default=_pack_extra, use_bin_type=True, unicode_errors="replace", strict_types=True
    )
    return packed


def _array(data: bytes) -> np.ndarray[Any, Any]:
    code, dimensions = data[0], data[1]
    if dimensions > MAX_DIMENSIONS:
        raise WireError(f"an array of {dimensions} dimensions")
    dtype = _BY_CODE[code]
    end = 2 + 4 * dimensions
    shape = struct.unpack(f"<{dimensions}I", data[2:end])
    if math.prod(shape) * dtype.itemsize != len(data) - end:
        raise WireError("an array's bytes do not fit its shape")
    # A copy, so that the array is aligned, writable and owns its memory.
    array: np.ndarray[Any, Any] = np.frombuffer(data, dtype, offset=end).reshape(shape).copy()
    return array


class _Bounds:
    """What one message may hold: an answer little, a message between our own processes whatever fits a frame."""

    def __init__(self, text: int = MAX_FRAME, containers: float = math.inf) -> None:
        self.text = text
        self._left = containers

    def count(self, container: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise WireError("too many lists and maps")
        return container

    def sequence(self, items: list[Any]) -> Any:
        """A list, or the tuple that it stands for."""
        self.count(items)
        return tuple(items[1:]) if items and type(items[0]) is bytes and items[0] == _TUPLE_MARK else items


def _unpack_extra(code: int, data: bytes, bounds: _Bounds, depth: int) -> Any:
    if code == _ARRAY:
        return _array(data)
    if code == _OPAQUE:
        if len(description := data.decode("utf-8", "replace")) > MAX_TEXT:
            raise WireError("a long description")
        return ops.Opaque(description)
    if _RECORD_BASE <= code < _RECORD_BASE + len(_RECORDS):
        cls = _RECORDS[code - _RECORD_BASE]
        if depth >= MAX_NESTING:
            raise WireError("records nested too deeply")
        fields = _unpack(data, bounds, depth + 1)
        if not isinstance(fields, list) or len(fields) != len(_RECORD_FIELDS[cls]):
            raise WireError(f"a {cls.__name__} with other fields")
        return cls(*fields)
    raise WireError(f"extension {code}")


def _unpack(data: bytes, bounds: _Bounds, depth: int = 0) -> Any:
    return msgpack.unpackb(
        data,
        ext_hook=lambda code, inner: _unpack_extra(code, inner, bounds, depth),
        list_hook=bounds.sequence,
        object_hook=bounds.count,
        raw=False,
        use_list=True,
        strict_map_key=False,  # `_is_data` says which keys an answer may have
        max_str_len=bounds.text,
        max_bin_len=len(data),  # a plan's batches; in an answer `_is_data` refuses them
        max_array_len=MAX_ITEMS,
        max_map_len=MAX_ITEMS,
        max_ext_len=len(data),
    )


def decode(data: bytes) -> Any:
    """The value of bytes from a process of ours. Raises WireError, and nothing else, when they are not one."""
    return _decode(data, _Bounds())


def _decode(data: bytes, bounds: _Bounds) -> Any:
    try:
        return _unpack(data, bounds)
    except WireError:
        raise
    # A fuzz run found that hostile bytes can raise nearly anything (KeyError, numpy's ValueError,
    # RecursionError): whatever it is, it is the sender's doing.
    except Exception as error:
        raise WireError(f"not an answer: {type(error).__name__}") from None


def decode_answers(data: bytes) -> tuple[ops.Answer, ...]:
    """The answers to one batch. Raises WireError when the bytes are anything else."""
    answers = _decode(data, _Bounds(4 * MAX_TEXT, MAX_ITEMS))
    if not isinstance(answers, list):
        raise WireError("answers are not a list")
    for answer in answers:
        if isinstance(answer, ops.Value):
            _check_value(answer)
        elif isinstance(answer, ops.Raised):
            _check_raised(answer)
        else:
            raise WireError(f"{type(answer).__name__} is no answer")
    return tuple(answers)


def decode_loading(data: bytes) -> ops.Loaded | tuple[int, int]:
    """What a child says while it loads a source: the place of the statement that it begins, or that it is done.

    Raises WireError when the bytes are anything else.
    """
    said = _decode(data, _Bounds(4 * MAX_TEXT, MAX_ITEMS))
    if isinstance(said, tuple) and len(said) == 2 and all(map(_is_count, said)):
        return said[0], said[1]
    if not isinstance(said, ops.Loaded) or not isinstance(said.passed, tuple) or not _is_count(said.more):
        raise WireError("not the answer to a source")
    for one in said.passed:
        fits = isinstance(one, ops.Passed) and _is_count(one.file) and _is_count(one.number)
        if not fits or not isinstance(one.raised, ops.Raised):
            raise WireError("a failure that is none")
        _check_raised(one.raised)
    return said


def _is_count(value: Any) -> bool:
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


def _check_value(answer: ops.Value) -> None:
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


def _check_raised(answer: ops.Raised) -> None:
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
        and all(map(_is_count, answer.lines))
        and _text(answer.missing, MAX_NAME)
    )
    if not fits:
        raise WireError("an exception with other fields")


def encode_batch(batch: Sequence[ops.Operation]) -> bytes:
    """The bytes of a batch; equal batches have equal bytes, so they serve as a key as well."""
    return encode(tuple(batch))
