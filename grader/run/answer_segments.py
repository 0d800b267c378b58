"""Segments: the files of kept answers. Each is written whole or not at all, and believed only as it was written.

A segment is written beside its place and renamed, begins with a checksum, and holds bytes of the wire's format.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.subject import frames

HEAD = b"grader answers 2\n"
LARGEST = 128 << 20  # bytes of a file that is read
MOST_IN_ALL = 256 << 20  # bytes of the whole cache; the digests that were not used for longest go first
MOST_DIGESTS = 12
_SUM = hashlib.sha256().digest_size


def make_folder(own: Path) -> None:
    """Make the folder, for this user alone."""
    for path in (own.parent.parent, own.parent, own):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_ours(own.stat()):
        raise PermissionError(f"{own} belongs to somebody else")


def is_ours(status: os.stat_result) -> bool:
    """Whether nobody but this user can have written it."""
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def list_segments(path: Path) -> list[Path]:
    """The segments in a folder, not those that are being written. Raises OSError."""
    return sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))


def read_folder(path: Path | None, owned: bool) -> dict[bytes, bytes]:
    """All that the whole segments in a folder hold; of folders and files that are `owned`, only those of this user."""
    entries: dict[bytes, bytes] = {}
    if path is None:
        return entries
    with contextlib.suppress(OSError):
        if owned and not is_ours(path.stat()):
            return entries
        for segment in list_segments(path):
            with contextlib.suppress(OSError):
                entries.update(read_segment(segment, owned))
        if owned:
            note_use(path)
    return entries


def note_use(own: Path | None) -> None:
    """Note by its time that a folder of this user is in use."""
    with contextlib.suppress(OSError):
        if own is not None and is_ours(own.stat()):
            os.utime(own)


def read_segment(path: Path, owned: bool) -> Mapping[bytes, bytes]:
    """What one segment holds; nothing where it is not as it was written. Raises OSError."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or (owned and not is_ours(status)) or status.st_size > LARGEST:
            return {}
        data = file.read()
    begin = len(HEAD) + _SUM
    if not data.startswith(HEAD) or hashlib.sha256(data[begin:]).digest() != data[len(HEAD) : begin]:
        return {}
    try:
        return dict(_by_key(frames.decode_table(data[begin:])))
    except frames.WireError:
        return {}


def _by_key(by_keys: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each key with its answers; all keys of the same answers have the same object."""
    for keys, answers in by_keys.items():
        start = 0
        while start < len(keys):
            end = start + 1 + keys[start]
            yield keys[start + 1 : end], answers
            start = end


def write_segment(path: Path, answers: Mapping[bytes, bytes]) -> Path:
    """Write a segment beside its place and rename it there; gives its place. Raises OSError."""
    descriptor, temporary = tempfile.mkstemp(dir=path, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(encode_segment(answers))
        segment = path / secrets.token_hex(8)
        os.replace(temporary, segment)
        return segment
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def encode_segment(answers: Mapping[bytes, bytes]) -> bytes:
    """The bytes of a segment that holds these answers, by their keys."""
    # Most mistakes answer many questions as the reference does, so that the same answers stand under several keys.
    by_answers: dict[bytes, list[bytes]] = {}
    for key, same in answers.items():
        by_answers.setdefault(same, []).append(key)
    by_keys = {b"".join(bytes([len(key)]) + key for key in keys): same for same, keys in by_answers.items()}
    data = frames.encode_table(by_keys)
    return HEAD + hashlib.sha256(data).digest() + data


def make_room(own: Path) -> None:
    """Remove the digests that were not used for longest, but `own`, until few and small enough are left."""
    digests = []
    for path in own.parent.iterdir():
        with contextlib.suppress(OSError):
            size = sum(file.stat().st_size for file in path.iterdir())
            digests.append((path != own, -path.stat().st_mtime, path, size))
    total = 0
    for number, (_, _, path, size) in enumerate(sorted(digests)):
        total += size
        if number and (number >= MOST_DIGESTS or total > MOST_IN_ALL):
            shutil.rmtree(path, ignore_errors=True)
