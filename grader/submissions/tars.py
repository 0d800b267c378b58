"""Tar files, packed by gzip, bzip2, xz or not at all, as `Item`s. Nothing is unpacked to disk.

The headers are read here and not by `tarfile`, whose patterns take time that grows with the square of a header that
somebody wrote for that. Of a header count its path, size, type and date; links and devices are refused by their type.
Formats: POSIX.1-1988 (ustar), the long names of GNU tar, and the `path` and `size` of POSIX.1-2001 (pax).
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from grader.submissions.contents import kind_of_data
from grader.submissions.filenames import kind_of, without_ending
from grader.submissions.files import Item, refuse, too_large
from grader.submissions.packed import MOST_ENTRIES, MOST_ENTRIES_CLASS, ONLY, PackedEntry, placed
from grader.submissions.problems import Unreadable
from grader.text import clean, size

STUDENT = 100_000_000  # bytes that a student's archive may hold, all together
CLASS = 500_000_000  # bytes of a class's, which is held in memory
_BLOCK = 512
_MAGIC = slice(257, 262)
_DICTIONARY = 200_000_000  # bytes of memory that unpacking xz may take
_BAD_DATA = (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError)

_REGULAR, _FOLDERS, _LINKS = b"0\0007", b"5D", b"12"
_LONG_NAME, _PAX = b"L", b"x"
_NO_FILE = b"KgXVMN"  # names of links, what holds for all entries, labels of volumes


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


@dataclass(frozen=True)
class _Entry:
    path: str
    type: bytes
    start: int
    size: int
    date: float


def is_tar(data: bytes) -> bool:
    """Whether the bytes begin like a tar file, or like something that a tar file is packed in."""
    return data[_MAGIC] == b"ustar" or _unpacker(data) is not None


def class_items(data: bytes, name: str) -> list[Item]:
    """The items of a class's tar file. Raises Unreadable."""
    return _items(data, name, (), MOST_ENTRIES_CLASS, CLASS)


def student_items(data: bytes, name: str, parts: tuple[str, ...]) -> list[Item]:
    """The items of a student's tar file, which lies at `parts`. Raises Unreadable for a bomb or a broken one."""
    return _items(data, name, parts, MOST_ENTRIES, STUDENT)


def _items(
    data: bytes, name: str, parts: tuple[str, ...], most_entries: int, most_unpacked: int
) -> list[Item]:
    cleaned = clean(name, 80)
    plain = _unpacked(data, cleaned, most_unpacked)
    if _unpacker(data) is not None and not _begins_as_tar(plain):
        return [_single(plain, name, parts)]
    packed: list[PackedEntry] = []
    for entry in _entries(plain, cleaned):
        if len(packed) == most_entries:
            raise Unreadable(f"{cleaned} holds more than {most_entries} files; pack {ONLY}")
        folder = entry.type in _FOLDERS or (entry.type in _REGULAR and entry.path.endswith("/"))
        packed.append(PackedEntry(entry.path, folder, partial(_item, plain, entry)))
    return placed(packed, cleaned, parts, "archive")


def _begins_as_tar(data: bytes) -> bool:
    return data[_MAGIC] == b"ustar" or b"\0" in data[:_BLOCK] or not data


def _single(data: bytes, name: str, parts: tuple[str, ...]) -> Item:
    """What is packed by itself, as `gzip rnn.py` does it, called as the packed file without what was added to that."""
    stem, _, ending = name.rpartition(".")
    kind = kind_of(stem)
    if kind is None or not kind.sure:
        stem = name if ending in ("py", "ipynb") else without_ending(name)
        stem = f"{stem.partition('.')[0]}.{'ipynb' if data.lstrip()[:1] == b'{' else 'py'}"

    def read(limit: int) -> bytes:
        if len(data) > limit:
            raise too_large(stem, len(data), limit)
        return data

    return Item((*parts, stem), read)


def _unpacker(data: bytes) -> _Unpacker | None:
    if data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=31)
    if data.startswith(b"BZh"):
        return bz2.BZ2Decompressor()
    if data.startswith(b"\xfd7zXZ"):
        return lzma.LZMADecompressor(memlimit=_DICTIONARY)
    return None


def _unpacked(data: bytes, archive: str, most: int) -> bytes:
    unpacker = _unpacker(data)
    if unpacker is None:
        if kind := kind_of_data(data[:8]):
            raise Unreadable(
                f"{archive} is {kind}, whatever its name says, and not opened here; "
                "hand in the file itself, or a .zip of it."
            )
        return data
    try:
        plain = unpacker.decompress(data, most + 1)
    except _BAD_DATA as error:
        raise _broken(archive, str(error)) from None
    if len(plain) > most:
        raise Unreadable(f"{archive} would unpack to more than {size(most)}; pack {ONLY}")
    if not unpacker.eof:
        raise _broken(archive, "it breaks off before its end")
    return plain


def _entries(data: bytes, archive: str) -> Iterator[_Entry]:
    place = 0
    long_name = ""
    pax: dict[str, str] = {}
    while place + _BLOCK <= len(data):
        header = data[place : place + _BLOCK]
        if not header.strip(b"\0"):
            return  # a block of zeros is the end
        start = place + _BLOCK
        try:
            if _number(header[148:156]) != sum(header[:148]) + 8 * ord(" ") + sum(header[156:]):
                raise ValueError
            length = int(pax["size"]) if "size" in pax else _number(header[124:136])
            date = float(_number(header[136:148]))
        except ValueError:
            raise _broken(archive, "no tar file is in it, or it is damaged") from None
        if not 0 <= length <= len(data) - start:
            raise _broken(archive, "it breaks off before its end")
        kind = header[156:157]
        content = data[start : start + length]
        if kind == _LONG_NAME:
            long_name = _text(content)
        elif kind == _PAX:
            pax = dict(_records(content))
        elif kind not in _NO_FILE:
            path = pax.get("path") or long_name or _path(header)
            if any(key.startswith("GNU.sparse.") for key in pax):
                kind = b"S"
            yield _Entry(path, kind, start, length, date)
            long_name, pax = "", {}
        place = start + -(-length // _BLOCK) * _BLOCK
    if place == 0:
        raise _broken(archive, "no tar file is in it")


def _path(header: bytes) -> str:
    name, before = _text(header[:100]), _text(header[345:500])
    # GNU tar's own headers keep other things where those of POSIX keep the beginning of a long path.
    return f"{before}/{name}" if before and header[257:263] == b"ustar\0" else name


def _records(content: bytes) -> Iterator[tuple[str, str]]:
    """The `path` and `size` in a header of pax: records of `<length> <key>=<value>`, each with a line feed."""
    place = 0
    while place < len(content):
        digits = content[place : place + 12].partition(b" ")[0]
        if not digits.isdigit() or not 0 < int(digits) <= len(content) - place:
            return
        record = content[place + len(digits) + 1 : place + int(digits)].rstrip(b"\n")
        key, _, value = record.partition(b"=")
        if key == b"path" or (key == b"size" and value.isdigit() and len(value) < 20):
            yield key.decode(), _text(value)
        elif key.startswith(b"GNU.sparse."):
            yield "GNU.sparse.", ""
        place += int(digits)


def _number(field: bytes) -> int:
    """A number in octal digits, or in binary where the first bit is set. Raises ValueError."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.split(b"\0")[0].strip()
    return int(digits, 8) if digits else 0


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("utf-8", "replace")


def _item(data: bytes, entry: _Entry, where: tuple[str, ...]) -> Item:
    name = where[-1]
    cleaned = clean(name, 80)
    if entry.type in _LINKS:
        return refuse(where, f"{cleaned} is a link inside the archive, not a file; hand in the file itself.")
    if entry.type not in _REGULAR:
        return refuse(
            where, f"{cleaned} is a special file inside the archive, not a file; hand in the file itself."
        )

    def read(limit: int) -> bytes:
        if entry.size > limit:
            raise too_large(name, entry.size, limit)
        return data[entry.start : entry.start + entry.size]

    return Item(where, read, entry.date)


def _broken(archive: str, why: str) -> Unreadable:
    return Unreadable(
        f"{archive} is not a complete tar file ({clean(why, 80)}); pack it again, or hand in the file itself."
    )
