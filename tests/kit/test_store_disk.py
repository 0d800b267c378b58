"""Writing results where the disk is full, where others write too, and as one text."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import fcntl
import json
import os
import tempfile

from grader.errors import UsageError
from grader.run import store as stores
from grader.run.shared import SharedParts
from grader.run.store import ClassFolder, read

from . import storing
from .storing import RESULT, saved

store = storing.store


class Full:
    """A disk that is full at the n-th thing that is written to it, and at each that comes after."""

    def __init__(self, monkeypatch, after: int) -> None:
        self.left = after
        self._fdopen, self._replace, self._mkstemp = os.fdopen, os.replace, tempfile.mkstemp
        for module, name in ((os, "fdopen"), (os, "replace"), (tempfile, "mkstemp")):
            monkeypatch.setattr(module, name, getattr(self, name))

    def _written(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    def mkstemp(self, **options):
        self._written()
        return self._mkstemp(**options)

    def replace(self, *paths):
        self._written()
        return self._replace(*paths)

    def fdopen(self, descriptor, *arguments, **options):
        file = self._fdopen(descriptor, *arguments, **options)
        write = file.write

        def written(text):
            self._written()
            return write(text)

        file.write = written
        return file


def test_a_disk_that_is_full_at_any_write_loses_nothing(tmp_path, monkeypatch):
    """The same run again, with room, leaves what a run without trouble leaves; nothing half-written is a result."""
    students = ("ann", "bob", "cem")

    def run(folder):
        store = ClassFolder(folder, "birnn", "digest", 4.0)
        results = []
        for student in students:
            there = store.stored(student, "k")
            results.append(there or saved(store, student=student))
        store.finish(results)

    def content(folder):
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    run(tmp_path / "undisturbed")
    steps = 0
    while True:
        folder = tmp_path / f"full{steps}"
        with monkeypatch.context() as patched:
            disk = Full(patched, steps)
            with contextlib.suppress(UsageError):
                run(folder)
        if disk.left >= 0:
            break
        run(folder)
        assert content(folder) == content(tmp_path / "undisturbed"), steps
        steps += 1
    assert steps >= 3 * 5, "each of five files, at least, is made, written and put in its place"


def test_nobody_can_save_while_the_results_are_put_together(store, monkeypatch):
    """So what a second run into the folder writes is in results.json: of this one, or of its own."""
    attempts = []

    def write(path, text):
        descriptor = os.open(store.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            attempts.append((path.name, "can be saved"))
        except BlockingIOError:
            attempts.append((path.name, "waits"))
        finally:
            os.close(descriptor)

    monkeypatch.setattr(stores, "write_whole", write)
    store.save(RESULT)
    store.finish([RESULT])
    assert attempts == [(".grading", "can be saved"), ("s1.json", "can be saved"), ("results.json", "waits")]


def test_two_runs_into_one_folder_leave_everybody(tmp_path):
    """Whoever ends last has all that was saved before; the folder is unfinished as long as one of them goes on."""
    first, other = (ClassFolder(tmp_path / "out", "birnn", "digest", 4.0) for _ in range(2))
    ann, bob, cem = saved(first, student="ann"), saved(other, student="bob"), saved(first, student="cem")
    first.finish([ann, cem])
    dan = saved(other, student="dan")
    assert read(tmp_path / "out").unfinished
    other.finish([bob, dan])
    graded = read(tmp_path / "out")
    assert [result.student for result in graded.results] == ["ann", "bob", "cem", "dan"]
    assert not graded.unfinished


def test_results_json_is_written_as_one_text_would_be(store, monkeypatch):
    """Though it is never in memory as a whole."""
    results = [saved(store, student=student) for student in ("ann", "bob", "李小明")]
    pieces = []
    write_whole = stores.write_whole

    def recorded(path, text):
        pieces.extend([] if isinstance(text, str) else (text := list(text)))
        write_whole(path, text)

    monkeypatch.setattr(stores, "write_whole", recorded)
    text = store.finish(results).read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False) + "\n"
    assert len(pieces) == 5
    assert max(map(len, pieces)) < len(text) / 2


def test_what_results_have_in_common_is_held_once():
    """And what is only equal to it (1 and 1.0) is written as it was."""
    shared = SharedParts()
    first, other = (
        dataclasses.replace(RESULT, student=student, tests=(dataclasses.replace(RESULT.tests[0]),))
        for student in ("ann", "bob")
    )
    assert first.tests[0] is not other.tests[0]
    first, other = shared.result(first), shared.result(other)
    assert first.tests[0] is other.tests[0]
    assert (first.student, other.student) == ("ann", "bob")
    whole = dataclasses.replace(RESULT, tests=(dataclasses.replace(RESULT.tests[0], points=3),))
    assert type(shared.result(whole).tests[0].points) is int
    assert type(first.tests[0].points) is float
