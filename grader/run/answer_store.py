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
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.assignments import Assignment, Course
from grader.errors import JailError
from grader.subject import frames, jail
from grader.text import clean

VARIABLE = "GRADER_CACHE"
OFF = "off"
SHIPPED = ".answers"  # in tests/hidden/
HEAD = b"grader answers 2\n"
MOST_BYTES = 64 << 20  # of one assignment under one suite and engine; what comes after is not kept
MOST_IN_ALL = 256 << 20  # of the whole cache; the digests that were not used for longest go first
MOST_DIGESTS = 12
MOST_SEGMENTS = 8  # then they are written as one
SAVE_FROM = 4 << 20  # bytes that are written before a worker ends
LONGEST_KEY = 255  # bytes
ALL = b"all"  # the key under which something stands once all is kept that can be computed ahead
_SUM = hashlib.sha256().digest_size


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
        if path == own and not _is_ours(status):
            return f"others than you can write {path}"
        return "" if os.access(path, os.W_OK | os.X_OK) else f"{path} cannot be written"
    return ""


NOWHERE = AnswerFolders()


def shipped_as(place: AnswerFolders) -> str:
    """The path in a course of what is shipped of a place."""
    return f"tests/hidden/{SHIPPED}/{place.name}/answers"


def shipment(place: AnswerFolders) -> bytes:
    """All that is kept at a place, as one segment for `shipped`; the same bytes for the same answers."""
    files = {**_read(place.shipped, owned=False), **_read(place.own, owned=True)}
    return _segment(dict(sorted(files.items()))) if files else b""


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
    """The answers at one place, by key; read when first asked for, written by `save`. Never raises for a file."""

    def __init__(self, place: AnswerFolders) -> None:
        self._place = place
        self._known: dict[bytes, bytes] | None = None
        self._new: dict[bytes, bytes] = {}
        self._size = self._unsaved = 0

    def get(self, key: bytes) -> bytes | None:
        """The bytes that were kept under a key."""
        if self._known is None:
            self._known = {}
            for path in (self._place.shipped, self._place.own):
                self._known.update(_read(path, owned=path is self._place.own))
            self._size = sum(map(len, self._known.values()))
        return self._known.get(key)

    def put(self, key: bytes, data: bytes) -> None:
        """Keep bytes under a key, on disk at the next `save`; a key has at most LONGEST_KEY bytes."""
        if self._place.own is None or self.get(key) is not None or self._size + len(data) > MOST_BYTES:
            return
        assert self._known is not None
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
            _make(own)
            segments = _segments(own)
            if len(segments) >= MOST_SEGMENTS:
                new = {**_read(own, owned=True), **new}
            _write(own, new)
            for path in segments if len(segments) >= MOST_SEGMENTS else ():
                path.unlink(missing_ok=True)
            _make_room(own)


def _make(own: Path) -> None:
    """Make the folder, for this user alone."""
    for path in (own.parent.parent, own.parent, own):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_ours(own.stat()):
        raise PermissionError(f"{own} belongs to somebody else")


def _is_ours(status: os.stat_result) -> bool:
    """Whether nobody but this user can have written it."""
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _segments(path: Path) -> list[Path]:
    return sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))


def _read(path: Path | None, owned: bool) -> dict[bytes, bytes]:
    """All that the whole segments in a folder hold; of folders and files that are `owned`, only those of this user."""
    entries: dict[bytes, bytes] = {}
    if path is None:
        return entries
    with contextlib.suppress(OSError):
        if owned and not _is_ours(path.stat()):
            return entries
        for segment in _segments(path):
            with contextlib.suppress(OSError):
                entries.update(_read_segment(segment, owned))
        if owned:
            os.utime(path)  # it is in use
    return entries


def _read_segment(path: Path, owned: bool) -> Mapping[bytes, bytes]:
    """What one segment holds; nothing where it is not as it was written. Raises OSError."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if (
            not stat.S_ISREG(status.st_mode)
            or (owned and not _is_ours(status))
            or status.st_size > 2 * MOST_BYTES
        ):
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


def _write(path: Path, answers: Mapping[bytes, bytes]) -> None:
    """Write a segment beside its place and rename it there. Raises OSError."""
    descriptor, temporary = tempfile.mkstemp(dir=path, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_segment(answers))
        os.replace(temporary, path / secrets.token_hex(8))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _segment(answers: Mapping[bytes, bytes]) -> bytes:
    # Most mistakes answer many questions as the reference does, so that the same answers stand under several keys.
    by_answers: dict[bytes, list[bytes]] = {}
    for key, same in answers.items():
        by_answers.setdefault(same, []).append(key)
    by_keys = {b"".join(bytes([len(key)]) + key for key in keys): same for same, keys in by_answers.items()}
    data = frames.encode_table(by_keys)
    return HEAD + hashlib.sha256(data).digest() + data


def _make_room(own: Path) -> None:
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
