"""A run over part of a class adds to its results: whoever is not in it stays, and nobody appears twice."""

from __future__ import annotations

import dataclasses
import errno
import json
import unicodedata
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.records import Member
from grader.run import path as main_path
from grader.run.earlier_results import earlier_results
from grader.run.store import ClassFolder, read

from . import course_factory, graded_factory
from .graded_factory import not_graded, result

CLASS = [result("ann"), result("bob", ("test_order",)), result("李小明")]


@pytest.fixture
def folder(tmp_path):
    """Where a class of three was graded: every result in its own file, and all in results.json."""
    write(tmp_path / "out", CLASS)
    return tmp_path / "out"


def write(folder, results, suite="old", finish=True, max_score=10.0):
    """What a run over `results` leaves."""
    store = ClassFolder(folder, "birnn", suite, max_score)
    written = [
        dataclasses.replace(entry, suite=suite, key=entry.key or f"key of {suite}") for entry in results
    ]
    for entry in written:
        store.save(entry)
    if finish:
        store.finish(written)
    return written


def scores(folder):
    return {result.student: result.score for result in read(folder).results}


def test_a_part_is_added(folder):
    write(folder, [result("bob"), result("zoe")])
    assert scores(folder) == {"ann": 10.0, "bob": 10.0, "zoe": 10.0, "李小明": 10.0}
    assert [entry.student for entry in read(folder).results] == ["ann", "bob", "zoe", "李小明"], (
        "in their order"
    )


def test_a_run_over_everyone_keeps_nothing_and_its_order(folder):
    write(folder, list(reversed(CLASS)))
    assert [result.student for result in read(folder).results] == ["李小明", "bob", "ann"]
    assert earlier_results(folder, "birnn", {result.student for result in CLASS}).results == ()


def test_everything_of_a_result_that_is_kept_is_kept(folder):
    group = (Member("Ann", "s1", "ann@example.org"), Member("Bob"))
    late = result("late", late=True, members=group, notes=("n",), diagnoses=(graded_factory.REVERSED,))
    (before,) = write(folder, [late])
    write(folder, [result("ann")], suite="new")
    (after,) = [entry for entry in read(folder).results if entry.student == "late"]
    assert after == before


def test_what_another_suite_has_judged_is_told_from_the_rest(folder):
    write(folder, [result("bob", max_score=12.0)], suite="new", max_score=12.0)
    graded = read(folder)
    assert (graded.suite, graded.max_score) == ("new", 12.0)
    assert [entry.student for entry in graded.outdated] == ["ann", "李小明"]
    there = earlier_results(folder, "birnn", {"ann"})
    assert [entry.student for entry in there.outdated("new")] == ["李小明"]
    assert (
        "2 of 3 were graded with an earlier version of the hidden tests (ann, 李小明)" in graded.cautions[0]
    )


def test_results_that_name_no_suite_are_of_the_one_of_their_file(folder):
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    for entry in document["submissions"]:
        del entry["suite"]
    (folder / "results.json").write_text(json.dumps(document), encoding="utf-8")
    assert read(folder).outdated == ()
    write(folder, [result("bob")], suite="new")
    assert [outdated.student for outdated in read(folder).outdated] == ["ann", "李小明"]


# Runs that were stopped


def test_a_run_that_was_stopped_adds_what_it_had(folder):
    write(folder, [result("bob"), result("zoe")], suite="new", finish=False)
    assert read(folder).unfinished, "results.json is older than what is beside it"
    assert "grading was stopped before its end, or goes on" in read(folder).cautions[0]
    assert scores(folder)["bob"] == 6.0
    write(folder, [result("cem")], suite="new")
    assert not read(folder).unfinished
    assert scores(folder) == {"ann": 10.0, "bob": 10.0, "cem": 10.0, "zoe": 10.0, "李小明": 10.0}
    assert [entry.student for entry in read(folder).outdated] == ["ann", "李小明"]


def test_files_alone_are_enough(folder):
    (folder / "results.json").unlink()
    write(folder, [result("cem")])
    assert set(scores(folder)) == {"ann", "bob", "cem", "李小明"}


def test_a_failure_of_the_grader_does_not_take_a_score_away(folder):
    write(folder, [not_graded("ann")], finish=False)
    write(folder, [result("cem")])
    assert scores(folder)["ann"] == 10.0


def test_what_a_stopped_run_could_grade_at_last_counts(folder):
    write(folder, [not_graded("ann")])
    write(folder, [result("ann")], finish=False)
    write(folder, [result("cem")])
    assert scores(folder)["ann"] == 10.0


def test_half_written_files_of_a_run_that_was_killed_are_nobody(folder):
    (folder / "submissions" / ".x1y2.tmp").write_text("{")
    (folder / "submissions" / ".ann.json").write_text("{")
    there = earlier_results(folder, "birnn", ())
    assert (len(there.results), there.unread) == (3, ())


# Files that are damaged


@pytest.mark.parametrize("damage", ["", "{", "[]", "7", '{"student": "ann"}'])
def test_a_damaged_file_does_not_matter_where_results_json_is_whole(folder, damage):
    (folder / "submissions" / "ann.json").write_text(damage)
    write(folder, [result("cem")])
    assert scores(folder)["ann"] == 10.0


@pytest.mark.parametrize("damage", ["", "{", "[]", "7"])
def test_a_damaged_file_of_nobody_knows_whom_is_named_and_left(folder, damage):
    (folder / "submissions" / "gone.json").write_text(damage)
    assert earlier_results(folder, "birnn", ()).unread == ("submissions/gone.json",)
    write(folder, [result("cem")])
    assert (folder / "submissions" / "gone.json").read_text() == damage
    assert len(scores(folder)) == 4


@pytest.mark.parametrize("damage", ["", "{", "[]", "7", '{"assignment": "birnn", "max_score": NaN}'])
def test_a_damaged_results_json_is_made_again_from_the_files_and_kept_aside(folder, damage):
    (folder / "results.json").write_text(damage)
    assert earlier_results(folder, "birnn", ()).unread == ("results.json",)
    write(folder, [result("cem")])
    assert set(scores(folder)) == {"ann", "bob", "cem", "李小明"}
    assert (folder / "results.json.broken").read_text() == damage


def test_a_results_json_that_cannot_be_read_is_not_taken_for_a_damaged_one(folder, monkeypatch):
    """Its rights were wrong: it was moved away, and whoever was in no other file had no result any more."""
    content = (folder / "results.json").read_bytes()

    def refuse(path, look):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr("grader.run.earlier_results.Document", refuse)
        with pytest.raises(UsageError, match=r"results\.json cannot be read \(Permission denied\)"):
            earlier_results(folder, "birnn", ())
    assert (folder / "results.json").read_bytes() == content


@pytest.mark.parametrize("change", [{"status": "lost"}, {"score": None}, {"surprise": 1}, {"tests": 3}])
def test_an_entry_that_would_be_lost_stops_the_run_before_it_begins(folder, change):
    path = folder / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["submissions"][0].update(change)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert scores_after_part(folder)["ann"] == 10.0, "its own file has it"
    path.write_text(json.dumps(document), encoding="utf-8")
    (folder / "submissions" / "ann.json").unlink()
    content = path.read_bytes()
    with pytest.raises(UsageError, match=r"is not as `grade` writes it \('ann'.*; nothing was changed"):
        scores_after_part(folder)
    assert path.read_bytes() == content
    write(folder, [result("ann"), result("cem")])
    assert scores(folder)["ann"] == 10.0, "whoever is graded again is not lost"


def scores_after_part(folder):
    write(folder, [result("cem")])
    return scores(folder)


def test_another_version_of_the_format_is_refused(folder):
    path = folder / "results.json"
    path.write_text(path.read_text(encoding="utf-8").replace("results/v1", "results/v9"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds grader/results/v9; expected grader/results/v1"):
        write(folder, CLASS)


def test_a_student_who_is_twice_in_results_json_is_told(folder):
    path = folder / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["submissions"].append(document["submissions"][0])
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(UsageError, match="'ann' is in it 2 times"):
        read(folder)


# Other assignments


def test_what_a_stopped_run_of_another_assignment_left_is_refused(folder):
    (folder / "results.json").unlink()
    with pytest.raises(UsageError, match=r"submissions holds the results of 'birnn'; nothing was changed"):
        ClassFolder(folder, "rnn", "suite", 4.0)


# Names


@pytest.mark.parametrize("names", [("Ann", "ann"), ("é", unicodedata.normalize("NFD", "é")), ("a/b", "a_b")])
def test_students_of_similar_names_stay_two(tmp_path, names):
    first, second = names
    write(tmp_path, [result(first)])
    write(tmp_path, [result(second, ("test_order",))])
    assert scores(tmp_path) == {first: 10.0, second: 6.0}


# Taking somebody out on purpose


def test_who_is_dropped_is_gone_for_good(folder):
    ClassFolder(folder, "birnn", "new", 10.0).drop(["ann"])
    assert set(scores(folder)) == {"bob", "李小明"}
    assert read(folder).suite == "old", "nothing was graded"
    write(folder, [result("cem")])
    assert set(scores(folder)) == {"bob", "cem", "李小明"}


# The main path


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course whose grading is replaced: everybody is right."""
    tiny = course_factory.make_course(tmp_path / "course")

    def instead(pending, *_):
        for index in pending.places:
            submission = pending.submissions[index]
            pending.keep(index, result(submission.student, file=submission.file, sha256=submission.sha256))

    monkeypatch.setattr(main_path, "_grade_pending", instead)
    return tiny


def test_the_main_path_keeps_and_tells(course, tmp_path):
    ann, bob = (course_factory.submission(name, course_factory.RIGHT) for name in ("ann", "bob"))
    out, runs = tmp_path / "out", []
    main_path.grade(*course, [ann, bob], out, on_kept=runs.append)
    main_path.grade(*course, [bob], out, on_kept=runs.append)
    assert set(scores(out)) == {"ann", "bob"}
    assert [[result.student for result in run.results] for run in runs] == [[], ["ann"]]
    assert [sorted(run.students) for run in runs] == [[], ["ann", "bob"]]


def test_starting_anew_is_for_those_of_the_run(course, tmp_path):
    ann, bob = (course_factory.submission(name, course_factory.RIGHT) for name in ("ann", "bob"))
    main_path.grade(*course, [ann, bob], tmp_path / "out")
    before = (tmp_path / "out" / "submissions" / "ann.json").stat().st_mtime_ns
    main_path.grade(*course, [bob], tmp_path / "out", main_path.Options(fresh=True))
    assert (tmp_path / "out" / "submissions" / "ann.json").stat().st_mtime_ns == before
    assert set(scores(tmp_path / "out")) == {"ann", "bob"}


@pytest.mark.parametrize("after", [0, 1, 2])
def test_whenever_it_ends_results_json_is_the_old_one_or_the_new_one(course, tmp_path, after, monkeypatch):
    """An end by force after each result: nobody is lost, and the next run goes on."""
    submissions = [course_factory.submission(name, course_factory.RIGHT) for name in ("ann", "bob", "cem")]
    out = tmp_path / "out"
    main_path.grade(*course, submissions[:1], out)
    before = (out / "results.json").read_bytes()
    sizes = []

    def die(result):
        if len(sizes) == after:
            raise SystemExit
        sizes.append(result)

    with pytest.raises(SystemExit):
        main_path.grade(*course, submissions, out, main_path.Options(fresh=True), die)
    assert (out / "results.json").read_bytes() == before
    main_path.grade(*course, submissions[2:], out)
    assert set(scores(out)) == {"ann", "cem"} | ({"bob"} if after else set())


def test_what_a_file_of_another_version_says_to_type_is_not_refused(folder):
    path = folder / "results.json"
    path.write_text('{"schema": "grader/results/v9", "submissions": []}')
    with pytest.raises(UsageError) as refused:
        earlier_results(folder, "birnn", ())
    with pytest.raises(UsageError) as unread:
        read(folder)
    place = refused.value.next_step.rpartition("--out ")[2]
    assert place == unread.value.next_step.rpartition("--out ")[2] != str(folder)
    assert earlier_results(Path(place), "birnn", ()).results == ()


def test_results_without_their_list_are_told_in_a_sentence_that_makes_sense(folder):
    (folder / "results.json").write_text('{"schema": "grader/results/v1", "submissions": {}}')
    with pytest.raises(
        UsageError, match=r"holds grader/results/v1 without a list of results; expected .* with one"
    ):
        earlier_results(folder, "birnn", ())
