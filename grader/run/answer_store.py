"""Answers of the reference and of single mistakes, kept on disk, so that the first failing submission waits for none.

    <cache>/answers/<assignment>-<digest>/<segment>      made by this user's runs; <cache> as `folder` says
    <course>/tests/hidden/.answers/<assignment>-<digest>/  shipped with a bundle or computed ahead, only read by runs

No score depends on them: what is right is computed anew in every run, and they are only compared with to name mistakes.
The digest is that of suite and engine, so what another suite or engine computed is never found. A segment is written
beside its place and renamed, begins with a checksum, and holds bytes of the wire's format. What is damaged, foreign or
cannot be read is as if it were not there, and what cannot be written is not kept: it is computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.assignments import Assignment, Course
from grader.errors import JailError
from grader.run.answer_segments import (
    encode_segment,
    is_ours,
    list_segments,
    make_folder,
    make_room,
    note_use,
    read_folder,
    read_segment,
    write_segment,
)
from grader.subject import jail
from grader.text import clean

VARIABLE = "GRADER_CACHE"
OFF = "off"
SHIPPED = ".answers"  # in tests/hidden/
MOST_BYTES = 64 << 20  # of one assignment under one suite and engine; what comes after is not kept
MOST_SEGMENTS = 16  # then they are written as one
SAVE_FROM = 128 << 10  # bytes that are written before a worker ends: the others of its run find them
LONGEST_KEY = 255  # bytes
ALL = b"all"  # the key under which something stands once all is kept that can be computed ahead


@dataclass(frozen=True)
class AnswerFolders:
    """Where a worker finds answers, and where it keeps them: the folders called `name`, or None.

    `caution` says why nothing can be kept in the folder that $GRADER_CACHE names (it is empty for the default one), or
    that what was computed ahead is of no use.
    """

    name: str = ""
    own: Path | None = None
    shipped: Path | None = None
    caution: str = ""


def folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The cache of this user: $GRADER_CACHE, or rnn-grader in $XDG_CACHE_HOME or ~/.cache; None when it is "off"."""
    named = environment.get(VARIABLE, "")
    if named:
        return None if named == OFF else Path(named).absolute()
    base = environment.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):
        return Path(base) / "rnn-grader"
    home = environment.get("HOME", "")
    return Path(home) / ".cache" / "rnn-grader" if os.path.isabs(home) else None


def place(
    course: Course,
    assignment: Assignment,
    suite: str,
    engine: str,
    readable: Iterable[str | Path],
    skip: Iterable[str] = (),
) -> AnswerFolders:
    """Where the answers of an assignment are kept.

    Nowhere that submissions can read: not below `readable`, and not at all when both layers of the jail that keep
    files away are left out.
    """
    name = f"{assignment.name}-{hashlib.sha256(f'{suite} {engine}'.encode()).hexdigest()[:32]}"
    shipped = course.root / "tests" / "hidden" / SHIPPED / name
    shipped_folder = shipped if shipped.is_dir() else None
    cache = folder()
    if cache is None:
        return AnswerFolders(name, shipped=shipped_folder, caution=_useless(shipped, assignment))
    if {"landlock", "seccomp"} <= set(skip):
        return AnswerFolders(
            name, None, shipped_folder, _caution("without landlock and seccomp, submissions can read files")
        )
    try:
        jail.check_secrets([cache], [Path(path) for path in readable])
    except JailError:
        return AnswerFolders(name, None, shipped_folder, _caution("submissions can read what is there"))
    own = cache / "answers" / name
    caution = _caution(obstacle(own)) or ("" if own.is_dir() else _useless(shipped, assignment))
    return AnswerFolders(name, own, shipped_folder, caution)


def _caution(why: str, environment: Mapping[str, str] = os.environ) -> str:
    """A sentence about $GRADER_CACHE, if somebody set it and there is a reason why nothing is kept in it."""
    named = environment.get(VARIABLE, "")
    if not named or not why:
        return ""
    return (
        f"{VARIABLE}={clean(named, 300)}: nothing is kept there, because {why}. Grading goes on without."
        f" Name a folder of your own that can be written, or {VARIABLE}={OFF}."
    )


def _useless(shipped: Path, assignment: Assignment) -> str:
    """A sentence about answers that were computed ahead, and not of this suite and engine; "" where there are none."""
    with contextlib.suppress(OSError):
        if not shipped.is_dir() and any(shipped.parent.glob(f"{assignment.name}-*")):
            return (
                f"What was computed ahead for {assignment.name} is of another suite, grader, Python or numpy, and is"
                f" not used: the first wrong file takes longer. To compute it again: grader prepare {assignment.name}"
            )
    return ""


def obstacle(own: Path) -> str:
    """Why a folder cannot be made or written; nothing is made to find out."""
    for path in (own, *own.parents):
        try:
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            if path.is_symlink():
                return f"the link {path} leads nowhere"
            continue
        except OSError as error:
            return f"{path} cannot be read ({error.strerror})"
        if not stat.S_ISDIR(status.st_mode):
            return f"{path} is not a folder"
        if path == own and not is_ours(status):
            return f"others than you can write {path}"
        return "" if os.access(path, os.W_OK | os.X_OK) else f"{path} cannot be written"
    return ""


NOWHERE = AnswerFolders()


def shipped_as(place: AnswerFolders) -> str:
    """The path in a course of what is shipped of a place."""
    return f"tests/hidden/{SHIPPED}/{place.name}/answers"


def shipment(place: AnswerFolders) -> bytes:
    """All that is kept at a place, as one segment for `shipped`; the same bytes for the same answers."""
    files = {**read_folder(place.shipped, owned=False), **read_folder(place.own, owned=True)}
    return encode_segment(dict(sorted(files.items()))) if files else b""


def ship(path: Path, segment: bytes, assignment: str) -> None:
    """Put a shipment into a course, and take away what was shipped of the assignment before. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for older in path.parents[1].glob(f"{assignment}-*"):
        if older != path.parent:
            shutil.rmtree(older, ignore_errors=True)
    beside = path.with_name(f".{path.name}")
    beside.write_bytes(segment)
    os.replace(beside, path)


class Answers:
    """The answers at one place, by key; read when first asked for, written by `save`. Never raises for a file.

    What other workers of the run have written since is found as well.
    """

    def __init__(self, place: AnswerFolders) -> None:
        self._place = place
        self._known: dict[bytes, bytes] | None = None
        self._seen: set[Path] = set()  # segments that were read, or written here
        self._changed = -1  # when the folder was, as it was read last, in nanoseconds
        self._new: dict[bytes, bytes] = {}
        self._size = self._unsaved = 0

    def get(self, key: bytes) -> bytes | None:
        """The bytes that were kept under a key."""
        if self._known is None:
            self._known = read_folder(self._place.shipped, owned=False)
            note_use(self._place.own)
        data = self._known.get(key)
        return self._known.get(key) if data is None and self._read_more() else data

    def _read_more(self) -> bool:
        """Read the segments that were not there before; whether there were any."""
        own = self._place.own
        assert self._known is not None
        try:
            if own is None or (status := own.stat()).st_mtime_ns == self._changed or not is_ours(status):
                return False
            self._changed = status.st_mtime_ns
            new = [segment for segment in list_segments(own) if segment not in self._seen]
        except OSError:  # not there yet
            return False
        for segment in new:
            self._seen.add(segment)
            with contextlib.suppress(OSError):  # two were made one meanwhile
                self._known.update(read_segment(segment, owned=True))
        self._size = sum(map(len, self._known.values()))
        return bool(new)

    def put(self, key: bytes, data: bytes) -> None:
        """Keep bytes under a key, on disk at the next `save`; a key has at most LONGEST_KEY bytes."""
        if self._place.own is None or self._size + len(data) > MOST_BYTES:
            return
        if self._known is None:
            self.get(key)
        assert self._known is not None
        if key in self._known:
            return
        self._known[key] = self._new[key] = data
        self._size += len(data)
        self._unsaved += len(data)
        if self._unsaved >= SAVE_FROM:
            self.save()

    def save(self) -> None:
        """Write what is new, and make room. What cannot be written stays unsaved."""
        own = self._place.own
        if own is None or not self._new:
            return
        new, self._new, self._unsaved = self._new, {}, 0
        with contextlib.suppress(OSError):  # full, or not ours to write: computed again in the next run
            make_folder(own)
            segments = list_segments(own)
            if len(segments) >= MOST_SEGMENTS:
                new = {**read_folder(own, owned=True), **new}
            written = write_segment(own, new)
            if len(segments) < MOST_SEGMENTS:
                self._seen.add(written)  # else it holds what others wrote as well
            for path in segments if len(segments) >= MOST_SEGMENTS else ():
                path.unlink(missing_ok=True)
            make_room(own)
