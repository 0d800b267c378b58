"""Messages on a stream, and what the warm process and its keeper say to each other.

Without numpy, so that the main process of a run loads none. A frame is a message's length as four bytes, then the
message. Control messages are plain data (texts, numbers, bytes, lists, dicts) between our own processes; operations
and answers are the wire's.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import msgpack

MAX_FRAME = 16 * 1024 * 1024  # bytes; a longer message is refused before it is read
#: All that the warm process finds in its environment.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",  # sets of strings have one order, so the same submission gets the same verdict
    "PYTHONUTF8": "1",
    "PYTHONSAFEPATH": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
READ_SIZE = 1 << 16  # a larger buffer is mapped and unmapped for every read
LOCKED = b"locked"  # a child's first word


class WireError(Exception):
    """The peer's bytes are not an answer. Always the peer's fault, whatever was wrong with them."""


def frame(data: bytes) -> bytes:
    """A message as it goes over a stream: its length as four bytes, then itself."""
    return struct.pack("<I", len(data)) + data


class FrameReader:
    """Cuts a stream of bytes back into messages. Raises WireError for one that is too long."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._buffer = bytearray()
        self._limit = limit

    def feed(self, data: bytes) -> None:
        """Take bytes that have come."""
        self._buffer += data

    def next(self) -> bytes | None:
        """The next whole message, or None until more bytes have come."""
        if len(self._buffer) < 4:
            return None
        (length,) = struct.unpack_from("<I", self._buffer)
        if length > self._limit:
            raise WireError(f"a message of {length} bytes")
        if len(self._buffer) < 4 + length:
            return None
        message = bytes(self._buffer[4 : 4 + length])
        del self._buffer[: 4 + length]
        return message


def encode_table(table: Mapping[bytes, bytes]) -> bytes:
    """The bytes of a table of bytes."""
    packed: bytes = msgpack.packb(dict(table))
    return packed


def decode_table(data: bytes) -> dict[bytes, bytes]:
    """The table that some bytes hold. Raises WireError when they hold none."""
    try:
        table = msgpack.unpackb(data, strict_map_key=False)
    except Exception as error:
        raise WireError(f"not a table: {type(error).__name__}") from None
    if not isinstance(table, dict) or not all(type(part) is bytes for pair in table.items() for part in pair):
        raise WireError("not a table of bytes")
    return table


def send(control: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    """Send one control message, with descriptors beside its first bytes."""
    data = frame(msgpack.packb(dict(message)))
    if descriptors:
        sent = socket.send_fds(control, [data], list(descriptors))
        data = data[sent:]
    control.sendall(data)


def decode_control(data: bytes) -> dict[str, Any]:
    """A control message from its bytes; sequences come back as lists."""
    message: dict[str, Any] = msgpack.unpackb(data, max_bin_len=len(data))
    return message
