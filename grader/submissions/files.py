"""What lies below a path, on disk, as plain `Item`s; and reading one of them without being led astray.

Nothing is followed: no symbolic link, no device, no FIFO (opened without blocking, checked on the open
file). Only the path that was typed may itself be a link. Nothing is ever written or unpacked.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.submissions.filenames import ARCHIVES
from grader.submissions.junk import junk
from grader.submissions.problems import Unreadable
from grader.text import clean, size

DEEPEST = 6  # folders below the path
MOST_PER_FOLDER = 2000  # entries looked at in the folder of one student
MOST_AT_TOP = 100_000
MOST_BEYOND = 100  # files beyond these, if they may be answers
MOST_PASSED = 20  # names of what is passed over, kept for one folder
TOO_DEEP = f"folders that lie more than {DEEPEST} deep"

PAGES = ".grader-pages"  # lies in every folder of pages that `grader report` has written
ENVIRONMENT = "pyvenv.cfg"  # lies in the folder of every virtual environment

_ANSWERS = (".py", ".ipynb", *ARCHIVES)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_BENEATH = os.open in os.supports_dir_fd and _NOFOLLOW != 0


@dataclass(frozen=True)
class Item:
    """A file, or an empty folder, below the path given.

    `parts` is where it lies. `read(limit)` gives its bytes and raises Unreadable when they are more than
    `limit` or cannot be had. A folder has `read` None. `date` is in seconds, for comparing the files of one
    student only. One that is `passed` over is known for what it is, and nobody's answer; it has `read` None.
    """

    parts: tuple[str, ...]
    read: Callable[[int], bytes] | None
    date: float = 0.0
    refused: bool = False  # `read` raises whatever the file holds: a link, a pipe, a locked entry of a zip
    fault: bool = False  # it is refused because this machine failed, as for a folder that cannot be listed
    passed: str = ""  # what is passed over: "Jupyter's own copies"


def refuse(parts: tuple[str, ...], sentence: str, *, fault: bool = False, packing: bool = False) -> Item:
    """An item that is there and will not be read, for the reason in `sentence`."""

    def read(limit: int) -> bytes:
        raise Unreadable(sentence, fault=fault, packing=packing)

    return Item(parts, read, refused=True, fault=fault)


def too_large(name: str, bytes_read: int | None, limit: int) -> Unreadable:
    """The refusal of a file over its limit; `bytes_read` is its size, or None when it was not read to the end."""
    amount = f"is {size(bytes_read)}" if bytes_read is not None else f"is more than {size(limit)}"
    kind = "notebook" if name.endswith(".ipynb") else "file of this kind"
    advice = "; clear the outputs of all cells, save, and hand it in again" if kind == "notebook" else ""
    return Unreadable(f"{clean(name, 80)} {amount}; the limit for a {kind} is {size(limit)}{advice}.")


def walk(root: Path, deepest: int = DEEPEST, most_at_top: int = MOST_AT_TOP) -> list[Item]:
    """Everything below the folder `root`, folder by folder, nearest first; nothing of what is passed over is opened.

    A folder that holds nothing is an item itself. Raises OSError when `root` cannot be listed.
    """
    every_item: list[Item] = []
    level: list[tuple[str, ...]] = [()]
    budgets: dict[str, int] = {}
    for _ in range(deepest):
        below: list[tuple[str, ...]] = []
        for parts in level:
            most = budgets.get(parts[0], MOST_PER_FOLDER) if parts else most_at_top
            listed = _list(root, parts, most)
            if listed is None:
                continue
            items, folders = listed
            if parts:
                counted = sum(not item.passed for item in items)
                budgets[parts[0]] = max(0, most - counted - len(folders))
            every_item += items
            below += folders
            if parts and not items and not folders:
                every_item.append(Item(parts, None))
        level = below
    # What lies deeper is not looked at, but whose it is must not be forgotten.
    return every_item + [Item((*parts, "…"), None, passed=TOO_DEEP) for parts in level]


def _list(root: Path, parts: tuple[str, ...], most: int) -> tuple[list[Item], list[tuple[str, ...]]] | None:
    """The files and folders of one folder; None for one of the grader's own pages, which is nobody's."""
    items: list[Item] = []
    folders: list[tuple[str, ...]] = []
    passed: list[Item] = []
    try:
        with os.scandir(root.joinpath(*parts)) as entries:
            for entry in entries:
                if entry.name == PAGES and parts:
                    return None
                where = (*parts, entry.name)
                if kind := junk(entry.name):
                    passed.append(Item(where, None, passed=kind))
                    continue
                # Which entries a folder lists first is the file system's choice: what may be the answer is kept.
                beyond = len(items) + len(folders) - most
                if beyond >= 0 and (beyond >= MOST_BEYOND or not entry.name.casefold().endswith(_ANSWERS)):
                    continue
                if entry.is_symlink():
                    sentence = f"{clean(entry.name, 80)} is a link, not a file; hand in the file itself."
                    items.append(refuse(where, sentence))
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(where)
                elif entry.is_file(follow_symlinks=False):
                    items.append(
                        Item(where, _reader(root, where), entry.stat(follow_symlinks=False).st_mtime)
                    )
                else:
                    items.append(refuse(where, special(entry.name)))
    except OSError as error:
        if not parts:
            raise
        sentence = f"the folder {clean(parts[-1], 80)} cannot be listed ({error.strerror or error})."
        items.append(refuse((*parts, "?"), sentence, fault=True))
    # The order of a folder is the file system's; make the answer the same everywhere.
    passed = sorted(passed, key=lambda item: item.parts)[:MOST_PASSED]
    return sorted(items, key=lambda item: item.parts) + passed, sorted(folders)


def special(name: str) -> str:
    """The sentence about a pipe, socket or device in the place of a file."""
    return f"{clean(name, 80)} is not an ordinary file (a pipe, socket or device); hand in the file itself."


def _reader(root: Path, parts: tuple[str, ...]) -> Callable[[int], bytes]:
    return lambda limit: read_beneath(root, parts, limit)


def read_beneath(root: Path, parts: tuple[str, ...], limit: int) -> bytes:
    """The bytes of the file `parts` below `root`, at most `limit`; raises Unreadable.

    Every step is opened relative to the one before without following links, so a folder that is swapped for
    a link after it was listed leads nowhere.
    """
    opened: list[int] = []
    try:
        if _BENEATH:
            opened.append(os.open(root, os.O_RDONLY | os.O_DIRECTORY))
            for part in parts[:-1]:
                opened.append(os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=opened[-1]))
            opened.append(os.open(parts[-1], _FLAGS, dir_fd=opened[-1]))
        else:
            opened.append(os.open(root.joinpath(*parts), _FLAGS | getattr(os, "O_BINARY", 0)))
        return _read_open(opened[-1], parts[-1], limit)
    except OSError as error:
        name = clean(parts[-1], 80)
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Unreadable(f"{name} is a link, not a file; hand in the file itself.") from None
        if error.errno == errno.ENXIO:
            raise Unreadable(special(parts[-1])) from None
        # Missing rights, a failing disk, a file that went away: whoever wrote it did nothing wrong.
        raise Unreadable(f"{name} cannot be opened ({error.strerror or error}).", fault=True) from None
    finally:
        for descriptor in reversed(opened):
            os.close(descriptor)


def _read_open(descriptor: int, name: str, limit: int) -> bytes:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable(f"{clean(name, 80)} is a folder, not a file; hand in the file that is in it.")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(special(name))
    if status.st_size > limit:
        raise too_large(name, status.st_size, limit)
    pieces: list[bytes] = []
    left = limit + 1
    while left > 0 and (piece := os.read(descriptor, left)):
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        raise too_large(name, None, limit)
    return b"".join(pieces)
