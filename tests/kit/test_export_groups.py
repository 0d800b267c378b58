"""Exports and groups: every member gets the result, wherever the groups come from."""

from __future__ import annotations

from grader.export.nbgrader import _result_of_each_member
from grader.records import Member
from grader.report.roll import call
from grader.roster import with_members
from grader.submissions import read_submissions

from . import canvas_gradebooks
from . import graded_factory as factory
from .canvas_gradebooks import GROUP, gradebook, last_cells, table
from .exporting import ExportOutput

canvas = canvas_gradebooks.canvas

CLASS = ("Ann Kim", "Bo Lee", "Cy Ray")

PEOPLE = ('"Kim, Ann",1,sis1,ak,Mon', '"Lee, Bo",2,sis2,bo,Mon', '"Ray, Cy",3,sis3,cy,Tue')

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"


def test_every_member_of_a_group_gets_the_result(canvas):
    text = gradebook("birnn (7)", "", "EX", "").replace(",bo,", ",bo@x.edu,")
    export = canvas(text, [factory.wrong("Ann Kim & others", members=GROUP)])
    assert export.missing == []
    assert last_cells(export)[2:] == ["4.75", "EX", "4.75"]


def test_a_member_who_is_not_on_the_list_is_told_by_name(canvas):
    export = canvas(gradebook("birnn (7)", "", "", ""), [factory.result("Ann Kim & others", members=GROUP)])
    assert [row[0] for row in table(export)[2:]] == ["Kim, Ann", "Ray, Cy"]
    assert "B. Lee of Ann Kim & others (fits nobody)" in export.missing[0]


def test_a_member_of_two_groups_is_told(canvas):
    results = [factory.result("one", members=GROUP[:1] + GROUP[2:]), factory.result("two", members=GROUP[2:])]
    export = canvas(gradebook("birnn (7)", "", "", ""), results)
    assert [row[0] for row in table(export)[2:]] == ["Kim, Ann"]
    assert "Cy Ray of one (fits Ray, Cy, as another does)" in export.missing[0]


def test_an_id_is_surer_than_a_name(canvas):
    export = canvas(
        gradebook("birnn (7)", "", "", ""), [factory.result("x", members=(Member("Ann Kim", "sis2"),))]
    )
    assert [row[0] for row in table(export)[2:]] == ["Lee, Bo"]


def test_one_submitter_without_an_id_is_found_as_before(canvas):
    export = canvas(gradebook("birnn (7)", "", "", ""), [factory.result("cy", members=(Member("Cyrus"),))])
    assert [row[0] for row in table(export)[2:]] == ["Ray, Cy"]


def test_groups_reach_every_member_in_moodle(tmp_path):
    roster = tmp_path / "worksheet.csv"
    head = (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments"
    )
    people = ("Ann Kim,ann@x.edu", "Bo Lee,bo@x.edu", "Cy Ray,cy@x.edu")
    rows = [f"Participant {number},{who},,,10.00,Yes," for number, who in enumerate(people)]
    roster.write_text("\n".join([head, *rows]), encoding="utf-8")
    graded = factory.graded(tmp_path / "results", [factory.wrong("a group", members=GROUP)])
    export = ExportOutput(graded, "moodle", roster=roster)
    assert [row["Grade"] for row in export.rows] == ["4.75", "4.75", "4.75"]
    assert all(row["Feedback comments"] for row in export.rows)


WORKSHEET_OF_GROUPS = """\
Identifier,Full name,Email address,Status,Group,Grade,Maximum Grade,Grade can be changed,Feedback comments
Participant 17,Zoe Fox,zoe@x.edu,,Group B,,10.00,Yes,
Participant 18,Ann Kim,ann@x.edu,,Group A,,10.00,Yes,
Participant 19,Bo Lee,bo@x.edu,,Group A,,10.00,Yes,
Participant 20,Cy Ray,cy@x.edu,,Default group,,10.00,Yes,
"""


def moodle_groups(tmp_path):
    """Two groups of Moodle's, read from a download as it names them. The number of a group is that of a stranger."""
    roster = tmp_path / "worksheet.csv"
    roster.write_text(WORKSHEET_OF_GROUPS, encoding="utf-8")
    download = tmp_path / "download"
    for folder in ("Group A_17_assignsubmission_file", "Default group_assignsubmission_file"):
        (download / folder).mkdir(parents=True)
        (download / folder / "birnn.py").write_text("x = 1\n", encoding="utf-8")
    there = read_submissions(download, "birnn")
    results = [factory.wrong(submission.student, file=submission.file) for submission in there]
    return factory.graded(tmp_path / "results", results), roster


def test_moodles_groups_reach_their_members_and_nobody_by_the_groups_number(tmp_path):
    graded, roster = moodle_groups(tmp_path)
    assert [result.student for result in graded.results] == ["Default group", "Group A"]
    export = ExportOutput(graded, "moodle", roster=roster)
    assert [(row["Full name"], row["Grade"]) for row in export.rows] == [
        *(("Zoe Fox", ""), ("Ann Kim", "4.75"), ("Bo Lee", "4.75"), ("Cy Ray", "4.75"))
    ]
    assert export.missing == []


def test_moodles_groups_reach_their_members_in_the_table_and_the_gradebook_too(tmp_path):
    graded, roster = moodle_groups(tmp_path)
    rows = ExportOutput(graded, "csv", roster=roster).rows
    assert [(row["student"], row["member"], row["member_email"], row["score"]) for row in rows] == [
        ("Default group", "Cy Ray", "cy@x.edu", "4.75"),
        ("Group A", "Ann Kim", "ann@x.edu", "4.75"),
        ("Group A", "Bo Lee", "bo@x.edu", "4.75"),
    ]
    in_gradebook = [
        member.student
        for result in with_members(graded.results, roster)
        for member in _result_of_each_member(result)
    ]
    assert in_gradebook == ["cy@x.edu", "ann@x.edu", "bo@x.edu"]


def test_moodles_groups_reach_their_members_on_the_class_page(tmp_path):
    graded, roster = moodle_groups(tmp_path)
    entries = {
        entry.name: entry.result.student if entry.result else ""
        for entry in call(graded.results, roster).entries
    }
    assert entries == {"Zoe Fox": "", "Ann Kim": "Group A", "Bo Lee": "Group A", "Cy Ray": "Default group"}


def test_a_roster_without_groups_changes_nobody(tmp_path):
    graded, roster = moodle_groups(tmp_path)
    roster.write_text(WORKSHEET_OF_GROUPS.replace("Group,", "Team,"), encoding="utf-8")
    assert with_members(graded.results, roster) == graded.results
    assert with_members(graded.results, None) == graded.results
