"""Exports into the gradebooks of Canvas and Moodle: whose row it is, and what is told where that is not certain."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from grader.errors import UsageError

from . import exporting
from . import graded_factory as factory
from .exporting import ROSTERS

exported, runner = exporting.exported, exporting.runner


# Canvas


def test_canvas_gets_its_gradebook_with_this_column_filled_in(exported):
    export = exported("canvas")
    header, *rows = csv.reader(io.StringIO(export.text))
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "birnn (4711)"]
    assert "Essay" not in export.text, "a stale score of another assignment would overwrite the new one"
    possible = next(row for row in rows if row[0] == "    Points Possible")
    assert possible[-1] == "20.00"
    scores = {row[1]: row[-1] for row in rows if row[1]}
    assert scores == {
        "101": "13.00",
        "102": "20.00",
        "103": "9.50",
        "104": "2.50",
        "105": "0.00",
        "106": "0.00",
    }
    assert any("scaled from 10 to the 20 points of birnn (4711)" in text for text in export.said)
    assert export.missing == []
    assert any("No result for 2 on the roster: Okafor, Benita, Student, Test" in text for text in export.said)


def test_canvas_without_the_assignment_makes_a_new_column_and_says_so(exported):
    export = exported("canvas", column="Week 3")
    header, possible, *rows = csv.reader(io.StringIO(export.text))
    assert header[-1] == "Week 3"
    assert possible[-1] == "10.00"
    assert rows[0][-1] == "6.50"
    assert any("makes a new assignment" in text for text in export.said)
    assert exported("canvas", column="birnn (4711)").text == exported("canvas").text


def test_students_of_canvas_are_found_by_the_number_in_the_file(exported):
    """What Canvas packs has the person's number in its name; it is surer than a name that two people share."""
    file = "okaforben_LATE_107_5_birnn-1.py"
    export = exported("canvas", [factory.result("okaforben", file=file)])
    assert [row["ID"] for row in export.rows if row["birnn (4711)"] == "20.00" and row["ID"]] == ["107"]


def test_a_number_of_another_platform_is_not_taken(exported):
    export = exported(
        "canvas", [factory.result("Somebody", file="Somebody_101_assignsubmission_file_/birnn.py")]
    )
    assert not any(row["ID"] for row in export.rows)
    assert "Somebody (fits nobody)" in export.missing[0]


def test_nobody_is_guessed(exported, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        '"Kim, Ann",1,,ak1,A\n"Kim, Ann",2,,ak2,A\n"Lee, Bo",3,,bo,A\n"Ray, Cy",4,,cy,A\n',
        encoding="utf-8",
    )
    results = [factory.result(name) for name in ("Ann Kim", "bo", "Lee Bo", "dee", "cy")]
    export = exported("canvas", results, roster=roster)
    assert [row["ID"] for row in export.rows if row["ID"]] == ["4"]
    for remark in (
        "Ann Kim (fits Kim, Ann, Kim, Ann)",
        "dee (fits nobody)",
        "bo (fits Lee, Bo, as another does)",
    ):
        assert remark in export.missing[0]


# Moodle


def test_moodle_gets_its_worksheet_with_grades_and_feedback_filled_in(exported):
    export = exported("moodle")
    before = list(csv.reader(io.StringIO(ROSTERS["moodle"].read_text(encoding="utf-8"))))
    after = list(csv.reader(io.StringIO(export.text)))
    assert after[0] == before[0]
    assert len(after) == len(before)
    changed = {after[0].index("Grade"), after[0].index("Feedback comments")}
    for old, new in zip(before, after):
        assert [cell for place, cell in enumerate(old) if place not in changed] == [
            cell for place, cell in enumerate(new) if place not in changed
        ]
    grades = {row["Identifier"]: row["Grade"] for row in export.rows}
    assert grades["Participant 501"] == "100.00"
    assert grades["Participant 502"] == "47.50"
    assert grades["Participant 507"] == "", "who handed nothing in is left as they are"
    assert any("scaled from 10 to a maximum grade of 100" in text for text in export.said)
    assert export.missing == []


def test_feedback_in_moodle_is_html_in_which_nothing_of_a_student_is(exported, tmp_path):
    rows = ROSTERS["moodle"].read_text(encoding="utf-8").splitlines()[:1]
    results = factory.hostile()[:-2]
    rows += [f"Participant {place},x,{place}@x,,,10.00,Yes,-,-," for place in range(len(results))]
    roster = tmp_path / "roster.csv"
    roster.write_text("\n".join(rows), encoding="utf-8")
    renamed = [
        replace(result, file=f"x_{place}_assignsubmission_file_/birnn.py")
        for place, result in enumerate(results)
    ]
    export = exported("moodle", renamed, roster=roster)
    assert export.missing == []
    for row in export.rows:
        assert row["Feedback comments"].startswith("<pre>")
        inside = row["Feedback comments"].removeprefix("<pre>").removesuffix("</pre>")
        assert not re.search("[<>\x00-\x08\x1b\u202e]", inside)


def test_a_grade_that_moodle_has_locked_is_told(exported, tmp_path):
    roster = tmp_path / "roster.csv"
    text = ROSTERS["moodle"].read_text(encoding="utf-8")
    roster.write_text(text.replace(",55.00,100.00,Yes", ",55.00,100.00,No"), encoding="utf-8")
    export = exported("moodle", roster=roster)
    assert export.rows[1]["Grade"] == "55.00"
    assert "cannot be changed" in export.missing[0]
    assert "Ben Okafor" in export.missing[0]


@pytest.mark.parametrize("format_", ["canvas", "moodle"])
def test_how_a_roster_was_written_is_kept(exported, tmp_path, format_):
    text = ROSTERS[format_].read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows)
    roster = tmp_path / "roster.csv"
    roster.write_bytes(b"\xef\xbb\xbf" + written.getvalue().encode())
    export = exported(format_, roster=roster)
    assert export.text.startswith("\ufeff")
    assert ";" in export.text.splitlines()[0]
    plain = csv.reader(io.StringIO(exported(format_).text))
    assert list(csv.reader(io.StringIO(export.text.removeprefix("\ufeff")), delimiter=";")) == list(plain)


@pytest.mark.parametrize("format_", ["canvas", "moodle"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "fills in a list"),
        (b"", "has no column"),
        (b"a,b\n1,2\n", "its columns are a, b"),
        (b"\xff\xfe\x00", "no CSV in UTF-8"),
        (b'"a,b\n1', "no CSV"),
    ],
)
def test_a_roster_that_is_none_is_told_in_words(exported, tmp_path, format_, content, message):
    roster = None
    if content is not None:
        roster = tmp_path / "roster.csv"
        roster.write_bytes(content)
    with pytest.raises(UsageError, match=message) as caught:
        exported(format_, roster=roster)
    assert "In Canvas" in caught.value.next_step or "In Moodle" in caught.value.next_step
    assert caught.value.next_step.endswith("Then: --roster FILE")


def test_a_roster_that_is_not_there(exported, tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        exported("canvas", roster=tmp_path / "nowhere.csv")
