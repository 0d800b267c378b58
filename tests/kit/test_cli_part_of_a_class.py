"""`grader grade` on a part of a class: nobody is dropped, added or renamed unseen."""

from __future__ import annotations

import json
import signal

import pytest

from grader.records import Result
from grader.run import path as main_path

from . import commanding
from . import course_factory as factory
from .commanding import STUDENTS

course, folder, graded, grading = commanding.course, commanding.folder, commanding.graded, commanding.grading


# A run over part of a class


@pytest.fixture
def part(typed, graded, course, folder, tmp_path):
    """`grader grade` on a path of one's own, into the results of the whole class."""

    def run(path, *options, results=("--out", tmp_path / "out"), **scores):
        graded[0].update(scores)
        return typed("grade", path, "-a", course[1].name, "--course", course[0].root, *results, *options)

    return run


def scores_in(results):
    document = json.loads((results / "results.json").read_text(encoding="utf-8"))
    return {entry["student"]: entry["score"] for entry in document["submissions"]}


def test_one_of_a_class_is_added_and_who_stays_is_said(grading, part, folder, tmp_path):
    grading()
    before = scores_in(tmp_path / "out")
    status, output, err = part(folder / "s2", "--fresh", s2=3.0)
    assert (status, err) == (0, "")
    assert scores_in(tmp_path / "out") == {**before, "s2": 3.0}
    assert "Kept from before, not in this run: 6 (=1+1, ann [red]x[bold], broken, s10, two  words" in output
    assert "New in the results" not in output


def test_who_is_new_is_said(grading, part, course, folder, tmp_path):
    grading()
    other = factory.hand_in(tmp_path / "other", course[1], {"zoe": factory.RIGHT, "s2": factory.RIGHT})
    _, output, _ = part(other)
    assert "New in the results: 1 (zoe)" in output
    assert len(scores_in(tmp_path / "out")) == 8


def test_only_some_are_graded_again(grading, part, graded, folder, tmp_path):
    grading()
    graded[1].clear()
    status, output, _ = part(folder, "--only", "s2", "--only", "李小明", s2=1.0)
    assert status == 0
    assert graded[1] == [["s2", "李小明"]], "again, although nothing has changed"
    assert len(scores_in(tmp_path / "out")) == 7
    assert scores_in(tmp_path / "out")["s2"] == 1.0
    assert "2 submissions: 2 graded" in output


def test_a_name_in_another_encoding_is_the_same_name(part, course, tmp_path):
    import unicodedata

    folder = factory.hand_in(tmp_path / "e", course[1], {"Zoé": factory.RIGHT, "ann": factory.RIGHT})
    assert part(folder, "--only", unicodedata.normalize("NFD", "Zoé"))[0] == 0


@pytest.mark.parametrize(
    ("name", "like"), [("s1", "s10"), ("S2", "s2"), ("two words", "two  words"), ("zz", "=1+1")]
)
def test_a_name_that_nobody_has_is_refused_with_those_near_it(part, graded, folder, tmp_path, name, like):
    status, _, err = part(folder, "--only", "s2", "--only", name)
    assert status == 2
    assert f"has no student '{name}'" in err
    assert like.split()[0] in err.splitlines()[-1]
    assert graded[1] == []
    assert not (tmp_path / "out").exists()


def test_who_has_left_the_folder_is_told_from_a_name_that_is_misspelt(
    grading, part, course, folder, tmp_path
):
    grading()
    other = factory.hand_in(tmp_path / "other", course[1], {"zoe": factory.RIGHT, "yan": factory.RIGHT})
    _, _, err = part(other, "--only", "s2")
    assert "has no student 's2'; " in err
    assert "out holds a result from an earlier run" in err


def test_somebody_can_be_taken_out_on_purpose(grading, part, course, folder, tmp_path):
    grading()
    other = factory.hand_in(tmp_path / "other", course[1], {"zoe": factory.RIGHT, "s2": factory.RIGHT})
    assert part(other, "--drop", "s10")[0] == 0
    assert set(scores_in(tmp_path / "out")) == {*STUDENTS, "broken", "zoe"} - {"s10"}
    status, _, err = part(other, "--drop", "s1O")
    assert (status, "has no result of 's1O' to drop" in err) == (2, True)
    status, _, err = part(other, "--drop", "zoe")
    assert (status, "would be graded again" in err) == (2, True)
    assert "zoe" in scores_in(tmp_path / "out")


OTHER = factory.RIGHT + "\n# by another\n"


@pytest.mark.parametrize(
    ("old", "now", "work"),
    [
        ("Ann", "ann", OTHER),
        ("Ann Kim", "Ann Kim (12)", OTHER),
        ("ann_kim", "Ann Kim", factory.RIGHT + "\n# Ann\n"),
    ],
    ids=["another case", "two of one name", "renamed"],
)
def test_who_may_be_the_same_person_under_two_names_is_pointed_at(part, course, tmp_path, old, now, work):
    ann = factory.RIGHT + "\n# Ann\n"
    part(factory.hand_in(tmp_path / "one", course[1], {old: ann, "bob": factory.RIGHT}))
    _, output, _ = part(factory.hand_in(tmp_path / "two", course[1], {now: work, "bob": factory.RIGHT}))
    quoted = f"'{old}'" if " " in old else old
    assert f"'{old}' may be '{now}' of this run; to take the old result out: --drop {quoted}" in output
    _, output, _ = part(factory.hand_in(tmp_path / "three", course[1], {"bob": factory.RIGHT, "cem": OTHER}))
    assert f"'{old}' may be" not in output


def test_a_changed_suite_is_said_of_those_who_are_kept(part, course, folder, tmp_path):
    part(folder)
    suite = next(course[1].hidden.glob("test_*.py"))
    before = suite.read_bytes()
    suite.write_bytes(before + b"\n# changed\n")
    try:
        _, output, _ = part(folder / "s2")
        assert "by an earlier version of the hidden tests: 6 (" in output
    finally:
        suite.write_bytes(before)


@pytest.fixture
def lone(tmp_path, course, monkeypatch):
    """A file in folders whose names say nothing, and the working folder with a class's results in it."""
    place = tmp_path / "Downloads"
    place.mkdir()
    monkeypatch.chdir(tmp_path)
    (place / f"{course[1].name}.py").write_text(factory.RIGHT)
    return place / f"{course[1].name}.py"


def test_a_file_of_nobody_does_not_become_somebody_in_a_class(part, graded, folder, lone, tmp_path):
    part(folder, results=("--out", "results"))
    graded[1].clear()
    before = scores_in(tmp_path / "results")
    for option in ((), ("--out", "results")):
        status, _, err = part(lone, results=option)
        assert status == 2
        assert "results holds the results of 7 students, and nothing says whose" in err
        assert "--student NAME" in err
        assert "--out FOLDER" in err
    assert graded[1] == []
    assert part(lone, "--student", "s2", results=(), s2=5.0)[0] == 0
    assert scores_in(tmp_path / "results") == {**before, "s2": 5.0}


def test_a_file_of_somebody_else_gets_into_a_class_only_where_its_folder_is_named(
    part, folder, lone, tmp_path
):
    part(folder, results=("--out", "results"))
    other = tmp_path / "look at this"
    lone.parent.rename(other)
    status, _, err = part(other / lone.name, results=())
    assert (status, "is read as that of 'look at this', who is none of them" in err) == (2, True)
    assert part(other / lone.name, results=("--out", "results"))[0] == 0
    assert "look at this" in scores_in(tmp_path / "results")


def test_a_file_alone_needs_no_name_and_can_be_graded_again(part, lone, tmp_path):
    for _ in range(2):
        assert part(lone, results=())[0] == 0
    assert list(scores_in(tmp_path / "results")) == ["student"]


def test_one_student_is_whoever_is_named_whatever_was_handed_in(part, course, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "notes.txt").write_text("later")
    status, output, err = part(tmp_path / "work", "--student", "mia")
    assert (status, err) == (0, "")
    assert scores_in(tmp_path / "out") == {"mia": 0.0}
    assert "found only notes.txt" in " ".join(output.split())
    assert output.startswith("Your submission: 0 of 10 points")
    assert part(tmp_path / "work", "--student", "mia", "--only", "mia")[0] == 2
    assert part(tmp_path / "work", "--student", "\x1b")[0] == 2


def test_an_empty_folder_is_one_students_who_handed_in_nothing(part, tmp_path):
    (tmp_path / "mia").mkdir()
    status, output, _ = part(tmp_path / "mia")
    assert (status, "nothing was handed in" in output) == (0, True)
    assert scores_in(tmp_path / "out") == {"mia": 0.0}


@pytest.mark.parametrize("held", ["", "notes.txt"])
def test_a_wrong_path_does_not_become_somebody_in_a_class(part, folder, tmp_path, held):
    part(folder)
    before = scores_in(tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    if held:
        (tmp_path / "elsewhere" / held).write_text("x")
    status, _, err = part(tmp_path / "elsewhere")
    assert status == 2
    assert "holds the results of 7 students" in err
    assert scores_in(tmp_path / "out") == before


def test_a_misspelt_student_is_said_to_be_new_with_those_like_it(part, folder, course):
    part(folder)
    status, output, _ = part(folder / "s2" / f"{course[1].name}.py", "--student", "two word")
    assert status == 0
    assert "New in the results: 1 (two word)\n  names like it that were there before: two  words" in output


def test_a_folder_of_nobody_does_not_become_somebody_in_a_class(part, graded, folder, lone):
    part(folder)
    graded[1].clear()
    status, _, err = part(lone.parent)
    assert (status, "nothing says whose Downloads is" in err) == (2, True)
    assert graded[1] == []


def test_a_preview_of_a_part_counts_nobody_as_gone(grading, part, folder, tmp_path):
    grading()
    before = (tmp_path / "out" / "results.json").read_bytes()
    status, output, _ = part(folder, "--only", "s2", "--preview", tmp_path / "out", results=(), s2=2.0)
    assert status == 0
    assert "0 would gain, 1 would lose, 0 would not change" in output
    assert "kept from the earlier run, not in this one: 6 (" in output
    assert (tmp_path / "out" / "results.json").read_bytes() == before
    assert part(folder, "--drop", "s2", "--preview", tmp_path / "out", results=())[0] == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_so_does_one_that_a_batch_system_or_a_closed_terminal_ends(part, folder, monkeypatch, number):
    before = signal.signal(number, signal.SIG_DFL)
    monkeypatch.setattr(main_path, "_grade_pending", lambda *_: signal.raise_signal(number))
    status, _, err = part(folder)
    assert status == 128 + number
    assert "Stopped: 1 of 7 are graded, and kept in " in err
    assert err.rstrip().splitlines()[-1].startswith("To go on where it was: grader grade ")
    assert signal.getsignal(number) == signal.SIG_DFL
    signal.signal(number, before)


def test_a_signal_that_is_ignored_on_purpose_stays_ignored(part, folder, monkeypatch):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    handlers = []
    monkeypatch.setattr(
        main_path, "_grade_pending", lambda *_: handlers.append(signal.getsignal(signal.SIGHUP)) or 1 / 0
    )
    assert part(folder)[0] != 0
    signal.signal(signal.SIGHUP, before)
    assert handlers == [signal.SIG_IGN]


def test_a_class_is_not_taken_for_the_work_of_one_of_it(part, folder):
    status, _, err = part(folder, "--student", "s2")
    assert status == 2
    assert "all of it is by 's2'" in err
    assert "--only s2 --out " in err


def test_many_copies_in_the_folder_of_one_student_are_theirs_with_a_word(part, folder, tmp_path, monkeypatch):
    """A push may hold drafts in folders of their own: whoever says whose it is is believed."""
    monkeypatch.chdir(tmp_path)  # results go into the current folder
    status, _, err = part(folder, "--student", "zoe", results=(), zoe=5.0)
    assert status == 0
    assert "all of it is by 'zoe'. One file of it is graded, as theirs." in err


def test_a_run_that_is_interrupted_says_what_is_kept_and_how_to_go_on(part, folder, tmp_path, monkeypatch):
    def instead(pending, *_):
        for index in pending.places[:2]:
            submission = pending.submissions[index]
            pending.keep(
                index,
                Result(submission.student, submission.file, submission.sha256, "graded", 1.0, 10.0, 0.1),
            )
        raise KeyboardInterrupt

    monkeypatch.setattr(main_path, "_grade_pending", instead)
    status, output, err = part(folder, "--fresh", "--workers", "1")
    assert status == 130
    place = tmp_path / "out" / "submissions"
    assert f"Stopped: 3 of 7 are graded, and kept in {place}." in err, "one was known to be unreadable"
    assert len(list(place.glob("*.json"))) == 3
    again = err.rstrip().splitlines()[-1]
    assert again.startswith("To go on where it was: grader grade ")
    assert again.endswith("--workers 1"), "without --fresh, which would grade them again"
    assert "Traceback" not in output + err
    status, _, err = part(folder, "--preview", tmp_path / "nothing", results=())
    assert status == 2
