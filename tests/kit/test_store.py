"""Results on disk: each under its own name, whole or not at all, and never mixed with another class's."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest

from grader.assignments import Course
from grader.errors import UsageError
from grader.records import Chunk, Diagnosis, Member, Submission
from grader.run.digests import JUDGING_NOTHING, engine_digest, file_digest, key, suite_digest
from grader.run.store import ClassFolder, GradedClass, read
from grader.run.whole import write_whole

from . import course_factory as factory
from . import storing
from .storing import RESULT, saved
from .test_architecture import PACKAGE, imports

store = storing.store


def test_what_was_saved_is_known_under_its_key(store):
    result = saved(store, diagnoses=(Diagnosis("d", "t", "h", ("f",)),), notes=("n",))
    assert store.stored("s1", "k") == result
    assert store.stored("s1", "other") is None
    assert store.stored("s2", "k") is None


def test_what_was_not_graded_is_not_known(store):
    saved(store, status="not_graded", score=None)
    assert store.stored("s1", "k") is None


SIMILAR = [
    ("ann", "Ann"),
    ("a/b", "a_b"),
    ("é", "e\u0301"),
    ("李小明", "李小红"),
    ("..", "."),
    ("con", "CON"),
]


@pytest.mark.parametrize("students", [*SIMILAR, ("", " ")])
def test_students_of_similar_names_do_not_share_a_file(store, students):
    for student in students:
        saved(store, student=student)
    for student in students:
        assert store.stored(student, "k").student == student
    names = os.listdir(store.folder / "submissions")
    assert len({name.casefold() for name in names}) == 2
    assert all((store.folder / "submissions" / name).is_file() for name in names)


def test_nothing_is_ever_half_written(store, monkeypatch):
    """A write that fails leaves what was there, and no rubbish."""
    before = saved(store)
    path = store.folder / "submissions" / "s1.json"
    content = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match=r"s1\.json cannot be written: No space left on device"):
        saved(store, score=1.0)
    monkeypatch.undo()
    assert path.read_bytes() == content
    assert os.listdir(path.parent) == ["s1.json"]
    assert store.stored("s1", "k") == before


def test_a_folder_in_the_way_of_a_result_is_told(store):
    (store.folder / "submissions" / "s1.json").mkdir()
    with pytest.raises(UsageError, match=r"s1\.json cannot be written"):
        saved(store)
    assert store.stored("s1", "k") is None


def test_numbers_that_json_has_not_are_never_written(store):
    with pytest.raises(ValueError, match="JSON compliant"):
        saved(store, score=float("nan"))
    assert os.listdir(store.folder / "submissions") == []


def test_text_of_students_is_written_as_it_is(store):
    result = saved(store, student="李小明 [red]", message="é\u2028\x1b")
    assert store.stored("李小明 [red]", "k") == result
    document = json.loads(store.finish([result]).read_text(encoding="utf-8"))
    assert document["submissions"][0]["student"] == "李小明 [red]"
    assert list(document)[:4] == ["schema", "assignment", "suite", "max_score"]


def test_results_can_be_read_by_others(store):
    saved(store)
    assert (store.folder / "submissions" / "s1.json").stat().st_mode & 0o444 == 0o444


def test_the_results_of_another_assignment_are_refused_and_left(store):
    path = store.finish([RESULT])
    content = path.read_bytes()
    with pytest.raises(UsageError, match=r"holds the results of 'birnn'; nothing was changed") as caught:
        ClassFolder(store.folder, "rnn", "digest", 4.0)
    assert f"--out {store.folder}-rnn" in caught.value.next_step
    assert path.read_bytes() == content
    ClassFolder(store.folder, "birnn", "another digest", 5.0)


@pytest.mark.parametrize("content", ["", "{", "[]", "3"])
def test_a_file_that_is_no_result_does_not_stop_anyone(store, content):
    (store.folder / "results.json").write_text(content, encoding="utf-8")
    ClassFolder(store.folder, "birnn", "digest", 4.0).finish([RESULT])
    assert json.loads((store.folder / "results.json").read_text(encoding="utf-8"))["assignment"] == "birnn"


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nowhere/at/all"])
def test_where_nothing_can_be_written_is_told(tmp_path, place):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be written") as caught:
        ClassFolder(tmp_path / place, "birnn", "digest", 4.0)
    assert "--out" in caught.value.next_step


def test_the_key_depends_on_everything_that_decides():
    submission = Submission("s", "a.py", "abc", ())
    keys = [
        key(submission, "suite", "engine", "full"),
        key(submission, "other", "engine", "full"),
        key(submission, "suite", "other", "full"),
        key(submission, "suite", "engine", "none"),
        key(dataclasses.replace(submission, sha256="abd"), "suite", "engine", "full"),
        key(dataclasses.replace(submission, student="t"), "suite", "engine", "full"),
        key(dataclasses.replace(submission, file="b.py"), "suite", "engine", "full"),
        key(dataclasses.replace(submission, problem="p"), "suite", "engine", "full"),
        key(dataclasses.replace(submission, late=True), "suite", "engine", "full"),
        key(dataclasses.replace(submission, members=(Member("Ann"),)), "suite", "engine", "full"),
        key(dataclasses.replace(submission, members=(Member("Ben"),)), "suite", "engine", "full"),
    ]
    # The other file of a student is graded too, and the modules that an answer imports decide what it does.
    for other in (("b.ipynb", "abc"), ("c.ipynb", "abc"), ("b.ipynb", "abd")):
        beside = Submission("s", *other, ())
        keys.append(key(dataclasses.replace(submission, other=beside), "suite", "engine", "full"))
    for module in (("x = 1", "utils.py"), ("x = 2", "utils.py"), ("x = 1", "layers/utils.py")):
        beside = dataclasses.replace(submission, modules=(Chunk(*module),))
        keys.append(key(beside, "suite", "engine", "full"))
    assert len(set(keys)) == len(keys)
    assert keys[0] == key(submission, "suite", "engine", "full")
    assert key(dataclasses.replace(submission, student="\ud800"), "s", "e", "full")


def test_the_suites_digest_changes_with_whatever_decides_a_score(tmp_path):
    course, assignment = factory.make_course(tmp_path / "course")
    first = suite_digest(course, assignment)
    assert suite_digest(course, assignment) == first
    (assignment.hidden / "__pycache__").mkdir()
    (assignment.hidden / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert suite_digest(course, assignment) == first, "what Python keeps for itself changes nothing"
    (assignment.hidden / "more").mkdir()
    for path in (
        assignment.hidden / "more.csv",
        assignment.hidden / "more" / "deep.csv",
        assignment.hidden / "cases.py",
        assignment.hidden / "conftest.py",
        assignment.hidden / "assignment.toml",
        next(assignment.hidden.glob("test_*.py")),
        assignment.hidden.parent / "conftest.py",
        assignment.hidden.parent / "shared_by_suites.py",
        course.root / "conftest.py",
        course.root / "tests" / "conftest.py",
        assignment.solution,
    ):
        before = suite_digest(course, assignment)
        path.write_text("x = 1")
        assert suite_digest(course, assignment) != before, path
    assert suite_digest(Course(course.root, "another seed"), assignment) != suite_digest(course, assignment)
    assert len(engine_digest()) == 64


def test_a_digest_tells_names_and_borders_apart(tmp_path):
    digests = set()
    for number, files in enumerate(
        [{"a": "xy", "b": ""}, {"a": "x", "b": "y"}, {"a": "xy"}, {"c": "xy", "b": ""}, {"a": "xyb"}]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
        digests.add(file_digest(folder.iterdir(), folder))
    assert len(digests) == 5
    assert Path(tmp_path).is_dir()


def test_what_was_finished_can_be_read(store):
    other = dataclasses.replace(RESULT, student="s2", status="not_graded", score=None)
    path = store.finish([RESULT, other])
    for place in (store.folder, path):
        graded = read(place)
        assert graded == GradedClass(
            path, "birnn", "digest", 4.0, (RESULT, other), unadjusted=(RESULT, other)
        )
        assert graded.missing == (other,)


A_TEST = {
    "name": "test_a",
    "sentence": "It holds.",
    "group": "a",
    "points": 4.0,
    "max_points": 4.0,
    "outcome": "passed",
}


def broken(**changes):
    """A results.json whose one entry is not as it should be."""
    head = {"schema": "grader/results/v1", "assignment": "a", "suite": "", "max_score": 4.0}
    return json.dumps({**head, "submissions": [{**RESULT.to_json(), "tests": [], **changes}]})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "nothing was graded into this folder"),
        ("{", "it is no JSON that can be read"),
        ("[]", "holds no results; expected grader/results/v1"),
        ('{"schema": "grader/results/v9"}', "holds grader/results/v9; expected grader/results/v1"),
        ('{"schema": "grader/results/v1"}', "'submissions'"),
        (broken(status="lost"), "'s1' has the status 'lost'"),
        (broken(score=None), "'s1' is graded with the score None"),
        (broken(surprise=1), "there is no field 'surprise'"),
        (broken().replace('"seconds"', '"second"'), "'seconds' is missing"),
        (broken(diagnoses=[{"functions": []}]), "'id' is missing"),
        (broken(score="4"), "'s1': score is '4'; expected a number"),
        (broken(score=float("nan")), "'s1': score is nan; expected a number"),
        (broken(max_score=10**400), "'s1': max_score is 1000"),
        (broken(score=True), "'s1': score is True; expected a number"),
        (broken(late=1), "'s1': late is 1; expected true or false"),
        (broken(notes=[["x"]]), "'s1': notes[0] is ['x']; expected a text"),
        (broken(message="\ud800"), "'s1': message is '\\ud800'; expected a text of whole characters"),
        (broken(tests=[{**A_TEST, "name": 0}]), "'s1': tests[0].name is 0; expected a text"),
        (
            broken(problem={"kind": "raised", "number": 1.5}),
            "'s1': problem.number is 1.5; expected a whole number",
        ),
        ('{"submissions": ' + "[" * 100_000, "it is no JSON that can be read"),
    ],
)
def test_results_that_cannot_be_read_are_told_in_words(tmp_path, content, message):
    if content is not None:
        (tmp_path / "results.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"results\.json") as caught:
        read(tmp_path)
    assert message in caught.value.message
    assert f"--out {tmp_path}" in caught.value.next_step


def test_a_file_that_was_closed_to_others_stays_closed(tmp_path):
    path = tmp_path / "adjustments.toml"
    write_whole(path, "open")
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    write_whole(path, "closed")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8") == "closed"


def test_a_run_that_was_stopped_is_told_from_none(store):
    saved(store)
    with pytest.raises(UsageError, match="grading was stopped before its end"):
        read(store.folder)


def test_the_engine_is_all_that_grading_imports():
    """What may change without grading again is nothing that the main path or a worker reaches."""
    begun = ("run/path.py", "run/judge.py", "subject/zygote.py")
    reached, todo = set(), [PACKAGE / name for name in begun]
    while todo:
        path = todo.pop()
        if path in reached:
            continue
        reached.add(path)
        package = ".".join(("grader", *path.relative_to(PACKAGE).parts[:-1]))
        for name in imports(path.read_text(encoding="utf-8"), package):
            place = PACKAGE.parent.joinpath(*name.split("."))
            todo += [file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()]
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in reached}
    assert {"run", "suite", "diagnose", "subject", "submissions"} <= parts
    assert not parts & JUDGING_NOTHING
    there = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if not path.name.startswith("__")}
    assert there >= JUDGING_NOTHING, "a part that is named there is gone"
    # What is no part of it and counts all the same: another door into grading, and how programs are begun.
    counted = {"nbgrader_plugin", "safe_path"}
    assert there - parts - JUDGING_NOTHING <= counted, "a change there would grade everybody again"


def test_a_folder_that_is_not_there_is_named_in_the_next_step(tmp_path):
    with pytest.raises(UsageError, match=rf"results\.json is not there.*\n.*--out {tmp_path}/week3$"):
        read(tmp_path / "week3")
