"""Exports and people: gradebooks as Canvas and spreadsheets leave them, groups, lateness, and nobody lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.export.nbgrader import _result_of_each_member
from grader.records import Member
from grader.run.store import ClassFolder, read

from . import canvas_gradebooks
from . import graded_factory as factory
from .canvas_gradebooks import GROUP, gradebook, last_cells, table
from .exporting import ExportOutput

canvas = canvas_gradebooks.canvas

CLASS = ("Ann Kim", "Bo Lee", "Cy Ray")
PEOPLE = ('"Kim, Ann",1,sis1,ak,Mon', '"Lee, Bo",2,sis2,bo,Mon', '"Ray, Cy",3,sis3,cy,Tue')
HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"


# Canvas


def test_who_is_excused_stays_excused(canvas):
    export = canvas(gradebook("birnn (7)", "EX", "3.00", " ex "))
    assert last_cells(export) == ["birnn (7)", "10.00", "EX", "10.00", "EX"]
    assert "Excused in Canvas, and left so: Kim, Ann, Ray, Cy." in export.said


def test_names_in_two_columns(canvas):
    text = (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,birnn (7)\n"
        "Points Possible,,,,,,10\nKim,Ann,1,,ak,Mon,\nLee,Bo,2,,bo,Mon,EX\nRay,Cy,3,,cy,Tue,\n"
    )
    export = canvas(text)
    assert export.missing == []
    assert table(export)[0] == text.splitlines()[0].split(",")
    assert table(export)[2] == ["Kim", "Ann", "1", "", "ak", "Mon", "10.00"]
    assert last_cells(export)[2:] == ["10.00", "EX", "10.00"]


def test_rows_about_posting_are_kept_where_they_are_about_this_column(canvas):
    rows = gradebook("Essay (1),birnn (7)", "1,", "2,", "3,", possible="5,10").splitlines()
    of_ours = [rows[0], ",,,,,,Manual Posting", *rows[1:]]
    assert last_cells(canvas("\n".join(of_ours)))[:3] == ["birnn (7)", "Manual Posting", "10"]
    of_another = [rows[0], ",,,,,Manual Posting,", *rows[1:]]
    assert last_cells(canvas("\n".join(of_another)))[:2] == ["birnn (7)", "10"]


TWO = gradebook("birnn (7),Birnn (12)", "1,", "2,", "3,EX", possible="20,10")


def test_two_columns_of_one_name_are_asked_about(canvas):
    with pytest.raises(UsageError, match=r"has 2 columns for 'birnn': birnn \(7\); Birnn \(12\)") as caught:
        canvas(TWO)
    assert caught.value.next_step == "Say which one: --column 'birnn (7)' or --column 'Birnn (12)'"
    assert caught.value.exit_status == 2
    assert last_cells(canvas(TWO, column="birnn (7)")) == ["birnn (7)", "20", "20.00", "20.00", "20.00"]
    assert last_cells(canvas(TWO, column="Birnn (12)")) == ["Birnn (12)", "10", "10.00", "10.00", "EX"]


def test_a_column_that_is_there_twice_altogether_is_nobodys(canvas):
    with pytest.raises(UsageError, match="has 2 columns for") as caught:
        canvas(gradebook("birnn (7),birnn (7)", "1,", "2,", "3,", possible="1,1"), column="birnn (7)")
    assert "--column" not in caught.value.next_step  # it could not tell them apart
    assert "out of the file" in caught.value.next_step


def test_an_assignment_that_ends_in_a_number_is_found_by_its_whole_title(canvas):
    text = gradebook("birnn (2),birnn (2) (77)", "1,", "2,", "3,", possible="10,20")
    assert last_cells(canvas(text, column="birnn (2) (77)"))[:3] == ["birnn (2) (77)", "20", "20.00"]
    assert last_cells(canvas(text, column="birnn (2)"))[:3] == ["birnn (2)", "10", "10.00"]


@pytest.mark.parametrize(
    "title",
    [
        "Week 3, BiRNN",
        'the "BiRNN"',
        "a;b;c;d;e;f;g",
        "tab\there\tand\tthere\tand\tthere",
        "two\nlines",
        "=1+1",
    ],
)
def test_a_title_may_hold_anything_that_is_quoted(canvas, title):
    quoted = '"' + title.replace('"', '""') + ' (7)"'
    export = canvas(gradebook(quoted, "EX", "", ""), column=title)
    assert table(export)[0][-1] == f"{title} (7)"
    assert last_cells(export)[2:] == ["EX", "10.00", "10.00"]


def test_a_title_with_a_comma_that_is_not_quoted_is_refused(canvas):
    with pytest.raises(UsageError, match="has 7 titles, and 6 cells in every row") as caught:
        canvas(gradebook("Week 3, birnn (7)", "EX", "", ""))
    assert "put that title in quotes" in caught.value.next_step


def test_a_cell_with_a_comma_that_is_not_quoted_is_refused(canvas):
    text = gradebook("birnn (7)", "1.00", "2.00", "3.00").replace('"Lee, Bo"', "Lee, Bo")
    with pytest.raises(UsageError, match="has 6 columns, and 7 cells in row 4"):
        canvas(text)


def test_rows_that_a_spreadsheet_has_cut_short_are_whole_again(canvas):
    text = gradebook("birnn (7),Total", "1.00,1", "2.00,2", "3.00,3", possible="10,").replace(",2.00,2", "")
    assert last_cells(canvas(text))[2:] == ["10.00", "10.00", "10.00"]


def test_no_points_possible_are_said(canvas):
    export = canvas(gradebook("birnn (7)", "", "", "", possible=""))
    assert last_cells(export)[2:] == ["10.00", "10.00", "10.00"]
    assert any("says no points possible of birnn (7): scores are out of 10" in line for line in export.said)


def test_names_go_back_to_canvas_as_they_came(canvas):
    """An apostrophe before a name would make somebody else of it."""
    export = canvas(
        gradebook("birnn (7)", "", "", "").replace("Kim, Ann", "=Kim, Ann"), [factory.result("ak")]
    )
    assert table(export)[2][0] == "=Kim, Ann"


def test_scores_of_another_version_of_the_tests_are_brought_to_the_same_points(canvas, tmp_path):
    half = replace(factory.result("Bo Lee"), score=10.0, max_score=20.0, suite="an old suite")
    export = canvas(gradebook("birnn (7)", "", "", "", possible="40"), [factory.result("Ann Kim"), half])
    assert last_cells(export)[2:] == ["40.00", "20.00"]
    export = canvas(f"{HEAD}\n" + "\n".join(PEOPLE), [factory.result("Ann Kim"), half])
    assert last_cells(export) == ["birnn", "10.00", "10.00", "5.00"]


# Groups


# The table for people


def test_a_table_has_a_row_for_each_member_and_says_who_was_late(tmp_path):
    results = [factory.result("alone", late=True), factory.wrong("Ann Kim & others", members=GROUP)]
    export = ExportOutput(factory.graded(tmp_path, results), "csv")
    assert [(row["student"], row["late"], row["member"], row["member_id"]) for row in export.rows] == [
        ("alone", "late", "", ""),
        ("Ann Kim & others", "", "Ann Kim", "sis1"),
        ("Ann Kim & others", "", "B. Lee", ""),
        ("Ann Kim & others", "", "Cy Ray", ""),
    ]
    assert {row["score"] for row in export.rows[1:]} == {"4.75"}
    assert list(export.rows[0])[-5:] == ["late", "member", "member_id", "member_email", "adjustments"]


def test_nothing_about_members_is_a_formula(tmp_path):
    member = Member("=1+1", "+1", "@SUM(A1)")
    (row,) = ExportOutput(factory.graded(tmp_path, [factory.result("x", members=(member,))]), "csv").rows
    assert [row["member"], row["member_id"], row["member_email"]] == ["'=1+1", "'+1", "'@SUM(A1)"]


def test_groups_of_tests_are_no_formulas_in_the_header(tmp_path):
    result = factory.result("x")
    tests = tuple(replace(test, group="=cmd()") for test in result.tests)
    (row,) = ExportOutput(factory.graded(tmp_path, [replace(result, tests=tests)]), "csv").rows
    assert "'=cmd() points" in row


def test_tables_for_people_begin_with_a_byte_order_mark_and_those_for_machines_do_not(tmp_path, canvas):
    graded = factory.graded(tmp_path)
    assert ExportOutput(graded, "csv").text.startswith("\ufeffstudent,")
    for format_ in ("junit", "github"):
        assert not ExportOutput(graded, format_).text.startswith("\ufeff")
    text = gradebook("birnn (7)", "", "", "")
    assert not canvas(text).text.startswith("\ufeff"), "Canvas wrote none, so it gets none"
    assert canvas(("\ufeff" + text).encode()).text.startswith("\ufeffStudent,")


# Nobody is lost on the way


@pytest.mark.parametrize(
    ("name", "like"), [("ben okafor", "ben_okafor"), ("Chen", "chen"), ("xx", "ada lovelace")]
)
@pytest.mark.parametrize("option", ["student", "leave_out"])
def test_a_misspelt_name_is_told_with_those_near_it(tmp_path, option, name, like):
    with pytest.raises(UsageError, match=f"has no student '{name}'") as caught:
        ExportOutput(factory.graded(tmp_path), "csv", **{option: name if option == "student" else (name,)})
    assert like in caught.value.next_step


def test_an_export_of_nobody_is_refused(tmp_path):
    graded = factory.graded(tmp_path, [factory.result("ann")])
    with pytest.raises(UsageError, match=r"Nobody of .* is left to export"):
        ExportOutput(graded, "csv", leave_out=("ann",))


def test_many_who_could_not_be_graded_are_counted(tmp_path):
    results = [factory.not_graded(f"s{number:02}") for number in range(40)]
    with pytest.raises(Exception, match=r"40 in .* nothing is exported: s00, .*, s09 and 30 more\."):
        ExportOutput(factory.graded(tmp_path, results), "csv")


def test_who_was_kept_from_before_is_exported_and_said_to_be_of_another_suite(tmp_path):
    ClassFolder(tmp_path, "birnn", "old", 10.0).finish([factory.result("ann"), factory.result("bob")])
    ClassFolder(tmp_path, "birnn", "new", 10.0).finish([replace(factory.result("bob"), suite="new")])
    graded = read(tmp_path)
    assert [row["student"] for row in ExportOutput(graded, "csv").rows] == ["ann", "bob"]
    assert "1 of 2 was graded with an earlier version of the hidden tests (ann)" in graded.cautions[0]
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["suite"] == "new"


def test_each_of_a_group_is_a_student_of_a_gradebook_by_the_id_that_is_known():

    assert [
        member.student for member in _result_of_each_member(factory.result("a group", members=GROUP))
    ] == [
        "sis1",
        "bo@x.edu",
        "Cy Ray",
    ]
    alone = factory.result("ann", members=GROUP[:1])
    assert _result_of_each_member(alone) == [alone]


def test_report_and_export_say_what_is_not_of_one_whole_run(typed, tmp_path):
    store = ClassFolder(tmp_path, "birnn", "new", 10.0)
    store.finish([replace(factory.result("ann"), suite="old"), replace(factory.result("bob"), suite="new")])
    for command in (("report", tmp_path), ("export", tmp_path, "--format", "junit")):
        status, _, err = typed(*command)
        assert status == 0
        assert "1 of 2 was graded with an earlier version of the hidden tests (ann)" in err
        assert "grading was stopped" not in err
    store.save(factory.result("cem"))
    for command in (("report", tmp_path), ("export", tmp_path, "--format", "junit")):
        assert "grading was stopped before its end, or goes on" in typed(*command)[2]
