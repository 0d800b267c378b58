"""A number of full answers for each day: beyond it the total alone is told, wherever students read."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from grader import full_answers
from grader.assignments import load
from grader.errors import CourseError, UsageError
from grader.export import formats
from grader.report import write_site
from grader.run.store import ClassFolder, read

from . import course_factory
from . import graded_factory as factory
from .exporting import RUNNER, ExportOutput
from .test_export_graders import gradescope_faults, prairielearn_faults

DAY, NEXT = "2026-03-01", "2026-03-02"


def a_store(folder: Path) -> ClassFolder:
    return ClassFolder(folder, factory.ASSIGNMENT, "a suite", factory.MAX_SCORE)


@pytest.fixture(autouse=True)
def today(monkeypatch) -> list[str]:
    """The day, which a test may set."""
    days = [DAY]
    monkeypatch.setattr(full_answers, "today", lambda: days[-1])
    return days


def in_full(folder: Path, digest: str, before: str = "") -> bool:
    """Hand in a file and be graded, with two full answers a day; gives whether everything is told."""
    store = a_store(folder)
    result = factory.wrong("ada", sha256=digest)
    store.finish([result])
    store.count_answers([result], 2, before)
    (entry,) = read(folder).results
    return not entry.withheld


def test_a_student_gets_so_many_full_answers_on_a_day_and_new_ones_on_the_next(tmp_path, today):
    assert [in_full(tmp_path, digest) for digest in ("1", "2", "3", "4")] == [True, True, False, False]
    assert in_full(tmp_path, "2"), "the same file is answered as before"
    assert not in_full(tmp_path, "3")
    today.append(NEXT)
    assert [in_full(tmp_path, digest) for digest in ("3", "5", "6")] == [True, True, False]


def test_a_clock_that_is_set_back_gives_nothing_anew(tmp_path, today):
    today.append(NEXT)
    assert [in_full(tmp_path, digest) for digest in ("1", "2", "3")] == [True, True, False]
    today.append(DAY)
    assert [in_full(tmp_path, digest) for digest in ("4", "1")] == [False, True]


def test_what_the_host_knows_of_before_counts(tmp_path):
    assert [
        in_full(tmp_path / n, "1", before=before) for n, before in (("a", "1"), ("b", "2"), ("c", "9"))
    ] == [*(True, False, False)]


def test_others_and_what_could_not_be_read_cost_nothing(tmp_path):
    store = a_store(tmp_path)
    first = [factory.wrong("ada", sha256="1"), factory.unreadable("ben", "No Python.")]
    store.count_answers(first, 1)
    second = [
        factory.wrong("ada", sha256="2"),
        factory.wrong("ben", sha256="2"),
        factory.wrong("cy", sha256="2"),
    ]
    store.finish(second)
    store.count_answers(second, 1)
    assert [bool(result.withheld) for result in read(tmp_path).results] == [True, False, False]


def test_results_json_stays_whole_and_a_broken_record_withholds_nothing(tmp_path):
    for digest in "123":
        in_full(tmp_path, digest)
    assert "withheld" not in (tmp_path / "results.json").read_text("utf-8")
    assert read(tmp_path).results[0].withheld
    (tmp_path / full_answers.FILE).write_text("[", encoding="utf-8")
    assert read(tmp_path).results[0].withheld == ""


ENTRY = {"day": DAY, "full": [], "total": ["1"], "most": 1}


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        "[]",
        "\udcff",
        json.dumps({"ada": {**ENTRY, "most": float("inf")}}),
        json.dumps({"ada": {**ENTRY, "day": 3, "full": [[]]}}),
        json.dumps({"ada": {**ENTRY, "total": [{}]}, "ben": ENTRY}),
        json.dumps({"ada": []}),
    ],
)
def test_a_record_that_cannot_be_read_is_told_and_begun_anew(tmp_path, content):
    in_full(tmp_path, "1")
    (tmp_path / full_answers.FILE).write_text(content, encoding="utf-8", errors="surrogateescape")
    assert not read(tmp_path).results[0].withheld
    caution = a_store(tmp_path).count_answers([factory.wrong("ada", sha256="2")], 2)
    assert f"{tmp_path / full_answers.FILE} is not as `grade` writes it" in caution
    assert a_store(tmp_path).count_answers([factory.wrong("ada", sha256="2")], 2) == "", "it is whole again"


@pytest.fixture
def graded(tmp_path):
    """Ada is told the total alone, Ben everything."""
    store = a_store(tmp_path / "results")
    results = [factory.wrong("ada", sha256="1"), factory.wrong("ben", sha256="1")]
    store.finish(results)
    store.count_answers(results[:1], 1, "1")
    store.count_answers(results[1:], 1)
    return read(tmp_path / "results")


#: What a full answer says of this result, and the total does not.
SECRETS = (factory.REVERSED.title, "outputs has the shape", "birnn_forward", factory.MESSAGE, "shapes")


@pytest.mark.parametrize("format_", ["gradescope", "classroom50", "prairielearn", "github", "junit"])
def test_exports_that_students_read_hold_the_total_alone(graded, format_, monkeypatch, tmp_path):
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    texts = {}
    for student in ("ada", "ben"):
        (tmp_path / "summary").write_text("", encoding="utf-8")
        export = ExportOutput(graded, format_, student=student)
        texts[student] = export.text + (tmp_path / "summary").read_text("utf-8")
    assert not [secret for secret in SECRETS if secret in texts["ada"]]
    assert [secret for secret in SECRETS if secret in texts["ben"]]
    assert (
        "The total of all hidden tests" if format_ == "classroom50" else "this is the score alone"
    ) in texts["ada"]
    assert "4.75" in texts["ada"] or "0.475" in texts["ada"] or format_ == "classroom50"


def test_the_total_alone_keeps_the_rules_of_its_format(graded):
    gradescope = json.loads(ExportOutput(graded, "gradescope", student="ada").text)
    assert gradescope_faults(gradescope) == []
    assert (gradescope["score"], len(gradescope["tests"])) == (4.75, 1)
    prairielearn = json.loads(ExportOutput(graded, "prairielearn", student="ada").text)
    assert prairielearn_faults(prairielearn) == []
    assert prairielearn["score"] == 0.475


def test_the_instructor_sees_everything_and_students_their_total(graded, tmp_path):
    assert len({row["why"] for row in ExportOutput(graded, "csv").rows}) == 1
    pages = {path.name: path.read_text("utf-8") for path in write_site(graded).folder.glob("students/*.html")}
    assert factory.REVERSED.title in pages["ada.html"]
    for path in write_site(graded, for_students=True).folder.glob("*.html"):
        text = path.read_text("utf-8")
        is_ada = path.name.startswith("ada")
        assert (factory.REVERSED.title in text) is not is_ada
        assert ("this is the score alone" in text) is is_ada
        assert "4.75" in text


def test_every_format_says_whether_students_read_it():

    readers = {
        name
        for name in formats()
        if getattr(importlib.import_module(f"grader.export.{name}"), "FOR_STUDENTS", False)
    }
    assert readers == {*formats()} - {"canvas", "csv", "nbgrader"}, (
        "these go to the instructor's gradebook or table"
    )


def test_gradescopes_list_of_previous_submissions_is_counted(tmp_path):
    metadata = tmp_path / "submission_metadata.json"
    # The second and third are of the day after in UTC.
    times = [
        "2026-03-01T14:24:48.087023-07:00",
        "2026-02-28T23:30:00.000000-01:00",
        "2026-03-01T20:00:00.000000-07:00",
    ]
    metadata.write_text(json.dumps({"previous_submissions": [{"submission_time": time} for time in times]}))
    assert full_answers.earlier_answers(str(metadata), DAY) == 2
    assert full_answers.earlier_answers(str(metadata), NEXT) == 1
    assert full_answers.earlier_answers("7", DAY) == 7
    far = tmp_path / "far.json"
    far.write_text('{"previous_submissions": [{"submission_time": "0001-01-01T00:00:00+14:00"}]}')
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 100_000)
    for wrong in ("many", "-1", "1" * 5000, str(tmp_path), str(far), str(deep)):
        with pytest.raises(UsageError, match="neither a number nor"):
            full_answers.earlier_answers(wrong, DAY)


@pytest.mark.parametrize(
    "line", ["full_per_day = 0", "full_per_day = 1.5", 'full_per_day = "x"', "full_a_day = 3"]
)
def test_a_wrong_limit_is_an_error(tmp_path, line):
    course, assignment = course_factory.make_course(tmp_path)
    path = assignment.hidden / "assignment.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[answers]\n{line}\n", encoding="utf-8")
    with pytest.raises(CourseError, match="answers"):
        load(course, assignment.name)


def test_what_is_no_number_of_answers_is_told_before_anything_is_graded(typed, tmp_path):
    (tmp_path / "rnn_cell.py").write_text("x = 1\n", encoding="utf-8")
    words = ("grade", tmp_path / "rnn_cell.py", "-a", "rnn_cell", "--out", tmp_path / "out")
    status, _, err = typed(*words, "--answers-before", "two")
    assert status == 2
    assert "--answers-before two is neither a number nor" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_command_tells_the_total_alone_beyond_the_limit(tmp_path, warm):
    course, assignment = course_factory.make_course(tmp_path / "course")
    path = assignment.hidden / "assignment.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[answers]\nfull_per_day = 1\n", encoding="utf-8")
    lines = []
    for number, source in enumerate((course_factory.WRONG, f"{course_factory.WRONG}\n# again\n")):
        file = tmp_path / str(number) / f"{assignment.name}.py"
        file.parent.mkdir()
        file.write_text(source, encoding="utf-8")
        out = ["--student", "ada", "--course", course.root, "--out", tmp_path / "out"]
        done = warm.run("grade", file, "--assignment", assignment.name, *out)
        assert done.returncode == 0, done.stderr
        lines.append((done.stdout, done.stderr))
    assert "Every number is multiplied" in lines[0][0]
    assert "holds none of before" in " ".join(lines[0][1].split())
    assert "Every number is multiplied" not in lines[1][0]
    assert "4 of 10 points" in lines[1][0]
    assert "this is the score alone" in " ".join(lines[1][0].split())
    assert "holds none of before" not in lines[1][1]
