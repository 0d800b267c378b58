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

from grader.subject import operations as ops
from grader.subject.bounds import (
    MAX_DIMENSIONS,
    MAX_ITEMS,
    MAX_NESTING,
    MAX_TEXT,
    check_raised,
    check_value,
    is_count,
)
from grader.subject.frames import MAX_FRAME
from grader.subject.frames import FrameReader as FrameReader
from grader.subject.frames import WireError as WireError
from grader.subject.frames import frame as frame

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
    ops.Rewrite,
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
    if value is ops.NOTHING:
        return _NOTHING  # half of all answers
    code = _RECORD_CODES.get(type(value))  # type: ignore[assignment]
    if code is not None:
        return _record(code, value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"cannot send a {type(value).__name__}")


def _record(code: int, value: Any) -> msgpack.ExtType:
    return msgpack.ExtType(code, encode([getattr(value, name) for name in _RECORD_FIELDS[type(value)]]))


def encode(value: Any) -> bytes:
    """The bytes of a value. Raises TypeError or KeyError for what may not travel."""
    packed: bytes = msgpack.packb(
        value, default=_pack_extra, use_bin_type=True, unicode_errors="replace", strict_types=True
    )
    return packed


_NOTHING = _record(_RECORD_CODES[ops.Value], ops.NOTHING)


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
        """The same container, counted. Raises WireError at one more than is allowed."""
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
            check_value(answer)
        elif isinstance(answer, ops.Raised):
            check_raised(answer)
        else:
            raise WireError(f"{type(answer).__name__} is no answer")
    return tuple(answers)


def decode_loading(data: bytes) -> ops.Loaded | tuple[int, int]:
    """What a child says while it loads a source: the place of the statement that it begins, or that it is done.

    Raises WireError when the bytes are anything else.
    """
    report = _decode(data, _Bounds(4 * MAX_TEXT, MAX_ITEMS))
    if isinstance(report, tuple) and len(report) == 2 and all(map(is_count, report)):
        return report[0], report[1]
    if (
        not isinstance(report, ops.Loaded)
        or not isinstance(report.passed, tuple)
        or not is_count(report.more)
    ):
        raise WireError("not the answer to a source")
    for statement in report.passed:
        fits = isinstance(statement, ops.Passed) and is_count(statement.file) and is_count(statement.number)
        if not fits or not isinstance(statement.raised, ops.Raised):
            raise WireError("a failure that is none")
        check_raised(statement.raised)
    return report


def encode_batch(batch: Sequence[ops.Operation] | tuple[ops.Rewrite]) -> bytes:
    """The bytes of a batch; equal batches have equal bytes, so they serve as a key as well."""
    return encode(tuple(batch))
