"""Zip files as `Item`s. Nothing is unpacked to disk, and no size that a zip claims is believed.

Two kinds of zip come here: the class's download, made by a platform, and a student's own. The second is
hostile until shown otherwise, so its table of contents is bounded before it is read.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from datetime import datetime
from functools import partial
from typing import BinaryIO

from grader.submissions.contents import A_ZIP, is_web_page, kind_of_data
from grader.submissions.files import Item, refuse, too_large
from grader.submissions.packed import MOST_ENTRIES, MOST_ENTRIES_CLASS, ONLY, PackedEntry, placed
from grader.submissions.problems import Unreadable
from grader.text import clean, size

_MOST_UNPACKED = 500_000_000  # bytes a student's zip may claim to hold
_HIGHEST_RATIO = 250  # a bomb: real sources and notebooks stay under 50
_RATIO_FROM = 2_000_000  # bytes; below it a high ratio harms nobody
_CONTENTS = 2_000_000  # bytes of table of contents in a student's zip
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others allow requests for gigabytes of memory

_BAD_DATA = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, KeyError, IndexError)
_BROKEN = (*_BAD_DATA, NotImplementedError, RuntimeError, OverflowError, OSError)


def class_items(file: BinaryIO, name: str) -> list[Item]:
    """The items of a class's zip. `file` must stay open while they are read. Raises Unreadable."""
    return _items(file, name, (), MOST_ENTRIES_CLASS)


def student_items(data: bytes, name: str, parts: tuple[str, ...]) -> list[Item]:
    """The items of a student's own zip, which lies at `parts`. Raises Unreadable for a bomb or a broken
    zip.
    """
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if end >= 0 and len(data) >= end + 22:
        contents = struct.unpack_from("<I", data, end + 12)[0]
        # zip64 (its locator stands right before the end record) is for archives beyond every limit here.
        if contents > _CONTENTS or data[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
            raise Unreadable(f"{clean(name, 80)} holds too many files; zip {ONLY}")
    return _items(io.BytesIO(data), name, parts, MOST_ENTRIES)


def _items(file: BinaryIO, name: str, prefix: tuple[str, ...], most: int) -> list[Item]:
    cleaned = clean(name, 80)
    file.seek(0)
    kind = kind_of_data((start := file.read(300))[:8])
    if kind and kind != A_ZIP:
        raise Unreadable(
            f"{cleaned} is {kind}, whatever its name says, and not opened here; "
            "hand in the file itself, or a real .zip of it."
        )
    if not kind and not file.seek(0, io.SEEK_END):
        raise Unreadable(f"{cleaned} is empty; zip your files again, or hand in the file itself.")
    if is_web_page(start):
        raise Unreadable(f"{cleaned} is a web page; download the file itself, and hand that in.")
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    except _BROKEN as error:
        raise Unreadable(
            f"{cleaned} is not a complete zip file ({clean(str(error), 80)}); "
            "zip it again, or hand in the file itself."
        ) from None
    if len(entries) > most:
        raise Unreadable(f"{cleaned} holds {len(entries)} files, the limit is {most}; zip {ONLY}")
    if most == MOST_ENTRIES and (claimed := sum(entry.file_size for entry in entries)) > _MOST_UNPACKED:
        raise Unreadable(f"{cleaned} would unpack to {size(claimed)}; zip {ONLY}")
    packed = (
        PackedEntry(_name(entry), entry.filename.endswith(("/", "\\")), partial(_item, archive, entry))
        for entry in entries
    )
    return placed(packed, cleaned, prefix, "zip")


def _item(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: tuple[str, ...]) -> Item:
    name = where[-1]
    cleaned = clean(name, 80)
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        kind = "a link" if stat.S_ISLNK(mode) else "a special file"
        return refuse(where, f"{cleaned} is {kind} inside the zip, not a file; hand in the file itself.")
    if entry.flag_bits & 0x1:
        sentence = f"{cleaned} is locked with a password inside the zip; make the zip without one."
        return refuse(where, sentence, packing=True)
    if entry.compress_type not in _METHODS:
        sentence = f"{cleaned} is packed in an unusual way inside the zip; make an ordinary zip, or none."
        return refuse(where, sentence, packing=True)

    def read(limit: int) -> bytes:
        if entry.file_size > _RATIO_FROM and entry.file_size > _HIGHEST_RATIO * max(entry.compress_size, 1):
            raise Unreadable(
                f"{cleaned} unpacks to {size(entry.file_size)} from next to nothing; it was not read."
            )
        if entry.file_size > limit:
            raise too_large(name, entry.file_size, limit)
        try:
            with archive.open(entry) as file:
                data = file.read(limit + 1)
        except _BROKEN as error:
            raise Unreadable(
                f"{cleaned} is damaged inside the zip ({clean(str(error), 80)}); "
                "zip it again, or hand in the file itself.",
                packing=True,
            ) from None
        if len(data) > limit:
            raise too_large(name, None, limit)
        return data

    return Item(where, read, _date(entry))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry. Tools that do not set the UTF-8 flag write UTF-8 all the same, or GB 2312."""
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb2312"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _date(entry: zipfile.ZipInfo) -> float:
    try:
        return datetime(*entry.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
