"""adjustments.toml: what an instructor decides is applied in report and export, shown as what it is, and kept."""

from __future__ import annotations

import csv
import io
import json

import pytest

from grader import adjustments
from grader import export as exports
from grader.errors import CourseError, GraderError, UsageError
from grader.export import nbgrader as to_nbgrader
from grader.export.base import ExportOptions
from grader.messages.page import feedback
from grader.report import write_site
from grader.run.store import read

from . import adjusting, graded_factory
from .adjusting import CLASS, scores
from .graded_factory import result

adjust = adjusting.adjust


@pytest.fixture
def adjusted(tmp_path):
    """The class as it is read with a text as adjustments.toml."""
    graded_factory.graded(tmp_path, CLASS)
    before = (tmp_path / "results.json").read_bytes()

    def with_(text: str):
        (tmp_path / adjustments.FILE).write_text(text, encoding="utf-8")
        graded = read(tmp_path)
        assert (tmp_path / "results.json").read_bytes() == before
        assert (tmp_path / adjustments.FILE).read_text(encoding="utf-8") == text
        return graded

    return with_


def test_without_the_file_nothing_changes(tmp_path):
    graded = graded_factory.graded(tmp_path, CLASS)
    assert scores(graded) == {"ann": 10.0, "bob": 6.0, "cem": 5.25, "dot": 0.0}
    assert (graded.adjusted, graded.max_score) == ((), 10.0)


@pytest.mark.parametrize(
    ("entry", "score", "sentence"),
    [
        ("score = 8.5\nreason = 'oral exam'", 8.5, "The score is 8.5, not 6 (set by the instructor): oral exam."),
        ("score = 0", 0.0, "The score is 0, not 6 (set by the instructor)."),
        ("add = 2", 8.0, "The score is 8, not 6 (+2 by the instructor)."),
        ("add = -9.5", 0.0, "The score is 0, not 6 (−9.5 by the instructor)."),
        ("add = 5", 11.0, "The score is 11, not 6 (+5 by the instructor)."),  # more than all is allowed
        ("times = 0.9\nreason = 'late.'", 5.4, "The score is 5.4, not 6 (multiplied by 0.9): late."),
        ("times = 0.5\nadd = 1", 4.0, "The score is 4, not 6 (multiplied by 0.5, +1 by the instructor)."),
        ("score = 6\nreason = 'looked at again'", 6.0, "The score stays 6: looked at again."),
        ("comment = 'well argued'", 6.0, "Comment: well argued."),
        ("score = 9\ncomment = 'see me'", 9.0, "The score is 9, not 6 (set by the instructor). Comment: see me."),
        ("excused = true\nreason = 'ill'", None, "Excused: there is no score: ill."),
    ],
)  # fmt: skip
def test_a_change_for_one_student_changes_nobody_else(adjusted, entry, score, sentence):
    graded = adjusted(f"[students.bob]\n{entry}\n")
    assert scores(graded) == {"ann": 10.0, "bob": score, "cem": 5.25, "dot": 0.0}
    bob = graded.results[1]
    assert bob.adjustments == (sentence,)
    assert bob.excused == (score is None)
    assert graded.adjusted == (f"bob: {sentence}",)
    assert sentence in " ".join(feedback(bob).split())


def test_more_time_alone_is_nothing_to_tell(adjusted):
    graded = adjusted("[students.bob]\nmore_time = 2\n")
    assert graded.adjusted == ()
    assert graded.results[1].adjustments == ()


def test_everybody_gets_the_points_of_a_test(adjusted):
    graded = adjusted("[tests.test_order]\ngive = 'all'\nreason = 'it was ambiguous'\n")
    assert scores(graded) == {"ann": 10.0, "bob": 10.0, "cem": 5.25, "dot": 4.0}
    assert graded.max_score == 10.0
    (text,) = graded.results[1].adjustments
    assert text.startswith("Everybody gets the 4 points of “outputs[:, t] holds")
    assert text.endswith("”: it was ambiguous.")
    assert "test_order" not in text, "students are not told names of hidden tests"
    assert graded.results[1].lost == ()


@pytest.mark.parametrize("how", ["give = 'drop'", "drop = true"])
def test_a_test_counts_for_nobody(adjusted, how):
    graded = adjusted(f"[tests.test_order]\n{how}\n")
    assert scores(graded) == {"ann": 6.0, "bob": 6.0, "cem": 1.25, "dot": 0.0}
    assert {result.max_score for result in graded.results} == {6.0} == {graded.max_score}
    assert graded.dropped == {"numerics": 4.0}
    assert [test.name for test in graded.results[0].tests if test.name == "test_order"] == []


def test_all_cases_of_a_test_or_one(adjusted):
    assert scores(adjusted("[tests.test_shapes]\ngive = 'drop'\n"))["cem"] == 4.0
    graded = adjusted("[tests.'test_shapes[one]']\ngive = 'drop'\n")
    assert (scores(graded)["cem"], scores(graded)["ann"], graded.max_score) == (5.25, 8.75, 8.75)


def test_tests_come_before_students(adjusted):
    graded = adjusted(
        "[tests.test_order]\ngive = 'all'\n[students.bob]\ntimes = 0.5\n[students.ann]\nscore = 1\n"
    )
    assert (scores(graded)["bob"], scores(graded)["ann"]) == (5.0, 1.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[students.bop]\nscore = 1\n", "[students.bop] is about nobody"),
        ("[tests.test_ordr]\ngive = 'all'\n", "[tests.test_ordr] is about no test"),
        (
            "[tests.test_shapes]\ndrop = true\n[tests.'test_shapes[one]']\ndrop = true\n",
            "is a case of test_shapes",
        ),
        ("[tests.test_order]\ngive = 'some'\n", "tests.test_order.give is 'some'"),
        ("[tests.test_order]\nreason = 'x'\n", "tests.test_order.give is None"),
        ("[tests.test_order]\ngive = 'all'\ndrop = true\n", "tests.test_order.give is 'all'"),
        ("[students.bob]\nscore = 'high'\n", "students.bob.score is 'high'; expected a number"),
        ("[students.bob]\nscore = -1\n", "students.bob.score is -1"),
        ("[students.bob]\nscore = nan\n", "students.bob.score is nan"),
        ("[students.bob]\ntimes = -1\n", "students.bob.times is -1"),
        ("[students.bob]\nscore = 1\nadd = 1\n", "students.bob.score is 1; expected nothing beside"),
        ("[students.bob]\nexcused = true\nscore = 1\n", "students.bob.excused is True"),
        ("[students.bob]\nexcused = 'yes'\n", "students.bob.excused is 'yes'"),
        ("[students.bob]\nmore_time = 0\n", "students.bob.more_time is 0"),
        ("[students.bob]\nmore_time = 1e6\n", "students.bob.more_time is 1000000.0"),
        ("[students.bob]\nscroe = 1\n", "Did you mean score?"),
        ("[student.bob]\nscore = 1\n", "the key student is not known. Did you mean students?"),
        ("[students]\nbob = 3\n", "expected a table"),
        ("[students.bob\n", "is not valid TOML"),
    ],
)
def test_what_is_wrong_in_it_is_an_error_with_its_place(adjusted, tmp_path, text, message):
    with pytest.raises(CourseError) as raised:
        adjusted(text)
    assert message in str(raised.value)
    assert str(tmp_path / adjustments.FILE) in str(raised.value)
    assert raised.value.next_step


# Pages and exports


EVERYTHING = """\
[tests.test_order]
give = "drop"
reason = "it was ambiguous"
[students.bob]
score = 4.5
reason = "oral exam"
[students.cem]
excused = true
"""


def exported(graded, format_, **options):
    lines: list[str] = []
    export = exports.export(
        graded, format_, ExportOptions(say=lines.append, incomplete=lines.append, **options)
    )
    return b"".join(exports.pieces(export)).decode("utf-8"), lines


def test_a_table_has_what_counts_and_why(adjusted):
    text, _ = exported(adjusted(EVERYTHING), "csv")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert [(rows[name]["score"], rows[name]["max_score"]) for name in rows] == [
        ("6", "6"), ("4.5", "6"), ("", "6"), ("0", "6"),
    ]  # fmt: skip
    assert rows["bob"]["percent"] == "75"
    assert "oral exam" in rows["bob"]["adjustments"]
    assert "Excused" in rows["cem"]["adjustments"]


def test_one_who_is_excused_is_left_out_where_there_is_no_word_for_it(adjusted):
    graded = adjusted(EVERYTHING)
    text, remarks = exported(graded, "junit")
    assert "cem" not in text
    assert remarks == ["Excused, and left out: cem."]
    with pytest.raises(UsageError, match="cem: excused, so there is no score to export"):
        exported(graded, "gradescope", student="cem")


def test_one_who_is_excused_needs_no_grade(tmp_path):
    graded_factory.graded(tmp_path, [result("ann"), graded_factory.not_graded("eve")])
    with pytest.raises(GraderError, match="could not be graded"):
        exported(read(tmp_path), "csv")
    (tmp_path / adjustments.FILE).write_text("[students.eve]\nexcused = true\n", encoding="utf-8")
    assert "eve" in exported(read(tmp_path), "csv")[0]


def test_gradescope_and_classroom50_get_the_score_that_counts(adjusted, monkeypatch):
    graded = adjusted(EVERYTHING)
    document = json.loads(exported(graded, "gradescope", student="bob")[0])
    assert document["score"] == 4.5
    assert "The score is 4.5, not 6" in " ".join(document["output"].split())
    for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"):
        monkeypatch.setenv(name, "x")
    document = json.loads(exported(graded, "classroom50", student="bob")[0])
    assert (document["score"], document["max-score"]) == (450, 600)


def test_canvas_is_told_of_excuses(adjusted, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS Login ID,Section,birnn (7)\n    Points Possible,,,,12\n"
        "\"A, Ann\",1,ann,x,\n\"B, Bob\",2,bob,x,3\n\"C, Cem\",3,cem,x,1\n\"D, Dot\",4,dot,x,\n"
    )  # fmt: skip
    text, _ = exported(adjusted(EVERYTHING), "canvas", roster=roster)
    rows = {row["Student"]: row["birnn (7)"] for row in csv.DictReader(io.StringIO(text))}
    assert rows["B, Bob"] == "9.00", "4.5 of 6 is 9 of 12"
    assert (rows["A, Ann"], rows["C, Cem"], rows["D, Dot"]) == ("12.00", "EX", "0.00")


GROUPS = {"shapes": 2.5, "numerics": 4.0, "lengths": 3.5}


@pytest.mark.parametrize(
    ("text", "student", "share"),
    [
        ("[students.bob]\nscore = 9\n", "bob", 0.9),
        ("[students.bob]\nscore = 1\n", "bob", 0.1),
        ("[students.ann]\nadd = 5\n", "ann", 1.0),  # no cell holds more than its points
        ("[students.dot]\nscore = 5\n", "dot", 0.5),  # there are no tests
        ("[students.bob]\nscore = 0\n", "bob", 0.0),
        ("[tests.test_order]\ndrop = true\n", "cem", 1.25 / 6),
        ("[tests.test_order]\ngive = 'all'\n", "bob", 1.0),
        ("[tests.test_shapes]\ndrop = true\n[students.cem]\nadd = 1\n", "cem", 5 / 7.5),
    ],
)
def test_grade_cells_hold_the_same_share(adjusted, text, student, share):
    graded = adjusted(text)
    (result,) = [result for result in graded.results if result.student == student]
    reduced = {group: most - graded.dropped.get(group, 0.0) for group, most in GROUPS.items()}
    cells = {test.group: test.points for test in to_nbgrader._in_cells(result, GROUPS, reduced).tests}
    assert all(-1e-9 <= cells[group] <= most + 1e-9 for group, most in GROUPS.items())
    assert sum(cells.values()) == pytest.approx(10 * share, abs=1e-5)


def test_pages_show_what_was_changed(adjusted, tmp_path):
    graded = adjusted(EVERYTHING)
    site = write_site(graded)
    page = site.start.read_text(encoding="utf-8")
    assert "Adjusted by hand" in page
    assert "bob: The score is 4.5, not 6 (set by the instructor): oral exam." in page
    assert "graded, excused" in page
    bob = (site.folder / "students" / "bob.html").read_text(encoding="utf-8")
    assert "4.5 of 6 points" in bob
    assert "oral exam" in bob
    own = write_site(graded, tmp_path / "own", for_students=True)
    for path in own.folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "test_order" not in text
        assert ("oral exam" in text) == path.name.startswith("bob-"), "nobody reads of another"


# Regrading
