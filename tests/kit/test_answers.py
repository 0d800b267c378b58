"""Answers that are kept from one run to the next: found again, never believed when they are damaged or foreign."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from grader.run import answer_segments, answer_store
from grader.run.answer_store import NOWHERE, AnswerFolders, Answers, folder, place
from grader.subject import jail

from . import course_factory as factory
from . import keeping

course = keeping.course


def here(root: Path, name: str = "tiny-0") -> AnswerFolders:
    return AnswerFolders(name, root / "cache" / "answers" / name)


def saved_answers(place: AnswerFolders, **more: bytes) -> Answers:
    answers = Answers(place)
    for key, data in more.items():
        answers.put(key.encode(), data)
    answers.save()
    return answers


def segments(place: AnswerFolders) -> list[Path]:
    assert place.own is not None
    return sorted(place.own.iterdir())


def test_what_one_run_keeps_the_next_one_finds(tmp_path):
    saved_answers(here(tmp_path), a=b"1", b=b"2")
    answers = Answers(here(tmp_path))
    assert (answers.get(b"a"), answers.get(b"b"), answers.get(b"c")) == (b"1", b"2", None)


def test_workers_share_what_they_keep(tmp_path):
    first, other = Answers(here(tmp_path)), Answers(here(tmp_path))
    for number, worker in enumerate((first, other)):
        worker.put(b"%d" % number, b"data")
    first.save()
    other.save()
    answers = Answers(here(tmp_path))
    assert answers.get(b"0") == answers.get(b"1") == b"data"


def test_a_worker_finds_what_another_one_writes_while_it_runs(tmp_path):
    first, other = Answers(here(tmp_path)), Answers(here(tmp_path))
    for number in range(3 * answer_store.MOST_SEGMENTS):  # with the times at which many become one
        key, data = b"%d" % number, b"data %d" % number
        assert other.get(key) is None
        first.put(key, data)
        assert other.get(key) is None, "not written yet"
        first.save()
        os.utime(here(tmp_path).own, ns=(number, number))  # a clock that is too coarse tells nothing
        assert other.get(key) == data
    assert other.get(b"0") == b"data 0"


def test_what_another_worker_wrote_is_not_written_again(tmp_path):
    first, other = Answers(here(tmp_path)), Answers(here(tmp_path))
    first.put(b"a", b"1")
    first.save()
    assert other.get(b"a") == b"1"
    other.put(b"a", b"1")
    other.save()
    assert len(segments(here(tmp_path))) == 1


def test_what_was_computed_ahead_for_another_python_is_said_to_be_of_no_use(course, monkeypatch, tmp_path):
    """It costs no grade and only time: until this user has answers of their own, the command to type is named."""
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    shipped = course[0].root / "tests" / "hidden" / answer_store.SHIPPED
    other = shipped / f"{course[1].name}-0123"
    other.mkdir(parents=True)
    now = place(*course, "suite", "engine", ())
    assert now.caution.endswith(f"grader prepare {course[1].name}")
    assert now.shipped is None
    saved_answers(now, a=b"1")
    assert place(*course, "suite", "engine", ()).caution == ""
    monkeypatch.setenv("GRADER_CACHE", answer_store.OFF)
    assert "grader prepare" in place(*course, "suite", "engine", ()).caution
    (shipped / now.name).mkdir()
    assert place(*course, "suite", "engine", ()).caution == ""


def test_nobody_else_can_read_it(tmp_path):
    saved_answers(here(tmp_path), a=b"1")
    (segment,) = segments(here(tmp_path))
    assert segment.stat().st_mode & 0o077 == 0
    for folder_ in segment.parents[:3]:
        assert folder_.stat().st_mode & 0o077 == 0


def test_what_is_known_is_not_written_again(tmp_path):
    saved_answers(here(tmp_path), a=b"1")
    saved_answers(here(tmp_path), a=b"1")
    assert len(segments(here(tmp_path))) == 1


DAMAGE = {
    "empty": lambda data: b"",
    "cut short": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
    "a bit flipped in the data": lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
    "a bit flipped in the sum": lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:],
    "another format": lambda data: b"x" + data[1:],
    "text": lambda data: b"hello",
    "no table": lambda data: _summed(b"\x93\x01\x02\x03"),
    "a table of others": lambda data: _summed(b"\x81\x01\x02"),
    "no message": lambda data: _summed(b"\xc1"),
}


def _summed(data: bytes) -> bytes:
    return answer_segments.HEAD + answer_segments.hashlib.sha256(data).digest() + data


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_as_if_it_were_not_there(tmp_path, how):
    saved_answers(here(tmp_path), a=b"1" * 100)
    (segment,) = segments(here(tmp_path))
    segment.write_bytes(DAMAGE[how](segment.read_bytes()))
    saved_answers(here(tmp_path), b=b"2")
    answers = Answers(here(tmp_path))
    assert (answers.get(b"a"), answers.get(b"b")) == (None, b"2")
    saved_answers(here(tmp_path), a=b"3")
    assert Answers(here(tmp_path)).get(b"a") == b"3"


def test_what_is_no_file_is_passed_over(tmp_path):
    saved_answers(here(tmp_path), a=b"1")
    (segment,) = segments(here(tmp_path))
    (tmp_path / "elsewhere").write_bytes(segment.read_bytes())
    segment.unlink()
    segment.symlink_to(tmp_path / "elsewhere")
    os.mkfifo(segment.with_name("pipe"))
    segment.with_name("folder").mkdir()
    assert Answers(here(tmp_path)).get(b"a") is None


@pytest.mark.parametrize("whose", ["folder", "file"])
def test_what_others_may_have_written_is_not_believed(tmp_path, whose):
    saved_answers(here(tmp_path), a=b"1")
    (segment,) = segments(here(tmp_path))
    os.chmod(segment if whose == "file" else segment.parent, 0o777)
    assert Answers(here(tmp_path)).get(b"a") is None


def test_what_belongs_to_another_user_is_not_believed(tmp_path, monkeypatch):
    saved_answers(here(tmp_path), a=b"1")
    user = os.geteuid() + 1
    monkeypatch.setattr(answer_segments.os, "geteuid", lambda: user)
    later = saved_answers(here(tmp_path), b=b"2")
    assert later.get(b"a") is None
    assert len(segments(here(tmp_path))) == 1, "nothing is written there"


def test_a_place_that_cannot_be_made_is_no_error(tmp_path):
    (tmp_path / "cache").write_text("a file")
    answers = saved_answers(here(tmp_path), a=b"1")
    assert answers.get(b"a") == b"1", "this run has it all the same"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_full_disk_is_no_error_and_leaves_nothing_half(tmp_path, monkeypatch, number):
    def full(source, target):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(answer_segments.os, "replace", full)
    saved_answers(here(tmp_path), a=b"1")
    assert segments(here(tmp_path)) == []


def test_one_course_keeps_no_more_than_the_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_store, "MOST_BYTES", 1000)
    stored = saved_answers(here(tmp_path), a=b"1" * 900, b=b"2" * 200, c=b"3" * 50)
    assert [stored.get(key) is not None for key in (b"a", b"b", b"c")] == [True, False, True]


def test_much_is_written_before_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_store, "SAVE_FROM", 100)
    Answers(here(tmp_path)).put(b"a", b"1" * 200)
    assert Answers(here(tmp_path)).get(b"a")


def test_many_segments_become_one(tmp_path):
    for number in range(answer_store.MOST_SEGMENTS + 1):
        saved_answers(here(tmp_path), **{f"k{number}": b"%d" % number})
    assert len(segments(here(tmp_path))) == 1
    joined = Answers(here(tmp_path))
    assert [joined.get(b"k%d" % number) for number in range(17)] == [b"%d" % number for number in range(17)]


def test_digests_that_are_not_used_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_segments, "MOST_DIGESTS", 3)
    for number in range(3):
        there = here(tmp_path, f"tiny-{number}")
        saved_answers(there, a=b"1")
        os.utime(there.own, (number, number))
    Answers(here(tmp_path, "tiny-0")).get(b"a")  # from now on it is the newest but one
    saved_answers(here(tmp_path, "tiny-3"), a=b"1")
    names = sorted(path.name for path in (tmp_path / "cache" / "answers").iterdir())
    assert names == ["tiny-0", "tiny-2", "tiny-3"]


def test_the_whole_stays_small(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_segments, "MOST_IN_ALL", 1500)
    for number in range(3):
        there = here(tmp_path, f"tiny-{number}")
        saved_answers(there, a=b"1" * 600)
        os.utime(there.own, (number, number))
    names = sorted(path.name for path in (tmp_path / "cache" / "answers").iterdir())
    assert names == ["tiny-1", "tiny-2"]


def test_kept_answers_are_where_the_environment_says():
    assert folder({"GRADER_CACHE": "/a", "HOME": "/h"}) == Path("/a")
    assert folder({"GRADER_CACHE": "off", "HOME": "/h"}) is None
    assert folder({"XDG_CACHE_HOME": "/c", "HOME": "/h"}) == Path("/c/rnn-grader")
    assert folder({"XDG_CACHE_HOME": "relative", "HOME": "/h"}) == Path("/h/.cache/rnn-grader")
    assert folder({}) is None


def test_never_where_a_submission_can_read(tmp_path, monkeypatch):
    course, assignment = factory.make_course(tmp_path / "course")
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))

    def of(readable=(), skip=()):
        return place(course, assignment, "suite", "engine", readable, skip).own

    assert of() is not None
    assert of(jail.readable_paths()) is not None
    assert of([str(tmp_path)]) is None
    assert of([str(tmp_path / "cache" / "lib")]) is None
    assert of(skip=["landlock"]) is not None, "the filter forbids to open files"
    assert of(skip=["landlock", "seccomp"]) is None
    monkeypatch.setenv(
        "GRADER_CACHE", str(next(path for path in jail.readable_paths() if path.is_dir()) / "x")
    )
    assert of(jail.readable_paths()) is None


def test_another_suite_or_engine_has_a_place_of_its_own(tmp_path, monkeypatch):
    course, assignment = factory.make_course(tmp_path / "course")
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    pairs = [("a", "b"), ("a", "c"), ("b", "b"), ("a b", ""), ("", "a b")]
    names = {place(course, assignment, *pair, ()).name for pair in pairs}
    assert len(names) == len(pairs)
    assert answer_store.Answers(NOWHERE).get(b"a") is None
