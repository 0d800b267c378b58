"""A roster on the pages: real names, late, nothing handed in; nobody is guessed, and nobody is left out."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.records import Member
from grader.report import call, write_site

from . import graded_factory as factory
from .exporting import ROSTERS
from .test_report import pages, parsed, text_of

NAMES = "Name,Username,Email\nAda Lovelace,al,ada@uni.example\nOkafor; Ben,ben_okafor,b@uni.example\nNever Here,,\n"


def called(tmp_path, text, results):
    roster = tmp_path / "roster.csv"
    roster.write_text(text, encoding="utf-8")
    return call(results, roster)


def rows(page):
    table = page.partition('<table id="class"')[2].partition("</table>")[0].partition("<tbody>")[2]
    return [" ".join(parsed(row).text).split() for row in table.split("<tr")[1:]]


@pytest.mark.parametrize(
    "text",
    [
        "Name\nAda Lovelace\nBen Okafor\nNever Here\n",
        "name;id\nLovelace, Ada;7\nOkafor, Ben;8\nHere, Never;9\n",
        "First Name,Last Name,SID,Email\nAda,Lovelace,1,\nBen,Okafor,2,\nNever,Here,3,\n",
        "Full name\tUsername\nLovelace Ada\tx\nB. Okafor\tben_okafor\nNever Here\ty\n",
        "Student,E-mail\nA. L.,ada lovelace@uni.example\nB. O.,ben_okafor@uni.example\nN. H.,n@uni.example\n",
    ],
)
def test_any_csv_of_names_is_a_roster(tmp_path, text):
    roll = called(tmp_path, text, [factory.result("ada lovelace"), factory.wrong("ben_okafor")])
    assert [entry.result and entry.result.student for entry in roll.entries] == [
        "ada lovelace",
        "ben_okafor",
        None,
    ]
    assert (roll.listed, len(roll.absent), roll.unfound) == (3, 1, ())


@pytest.mark.parametrize("inside", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_ends_of_lines_end_a_row(tmp_path, inside, end):
    """A name with another character that ends lines elsewhere is no two people, one of whom handed nothing in."""
    text = end.join(["Name,ID", f"Ada{inside}Lovelace,ada lovelace", "Ben Okafor,ben_okafor", ""])
    (tmp_path / "list.csv").write_bytes(text.encode("utf-8"))
    roll = call([factory.result("ada lovelace"), factory.wrong("ben_okafor")], tmp_path / "list.csv")
    assert (roll.listed, roll.absent, roll.unfound) == (2, (), ())


@pytest.mark.parametrize("platform", ["canvas", "moodle"])
def test_what_platforms_export_is_a_roster(platform):
    roll = call(factory.usual(), ROSTERS[platform])
    assert "ada lovelace" in roll.names
    assert all("Test" not in entry.name and "Points" not in entry.name for entry in roll.entries)
    assert roll.absent


def test_moodle_says_who_was_late(tmp_path):
    text = ROSTERS["moodle"].read_text(encoding="utf-8")
    late = text.replace(
        "ada@uni.example,Submitted for grading", "ada@uni.example,Submitted for grading - 2 days late"
    )
    roll = called(tmp_path, late, factory.usual())
    assert [entry.name for entry in roll.entries if entry.result and entry.result.late] == ["Ada Lovelace"]
    assert roll.late == 1


def test_everybody_has_a_row_in_the_order_of_the_roster(tmp_path):
    results = [
        factory.result("stranger"),
        factory.result("ben_okafor", late=True),
        factory.result("ada lovelace"),
    ]
    graded = factory.graded(tmp_path / "r", results)
    roll = called(tmp_path, NAMES, graded.results)
    page = pages(write_site(graded, tmp_path / "site", roll=roll).folder)["index.html"]
    ada, ben, never, stranger = (" ".join(row) for row in rows(page))
    assert "Ada Lovelace ada lovelace 10 graded" in ada
    assert "Okafor; Ben ben_okafor 10 graded, late" in ben
    assert "Never Here – nothing handed in" in never
    assert "stranger not on the roster 10 graded" in stranger
    text = text_of(page)
    assert "On the roster3 of roster.csv" in text
    assert "Handed nothing in1" in text
    assert "stranger (fits nobody)" in text
    assert "<option>nothing handed in</option>" in page


def test_names_are_real_wherever_somebody_is_named(tmp_path):
    graded = factory.graded(tmp_path / "r", [factory.wrong("ben_okafor")])
    roll = called(tmp_path, NAMES, graded.results)
    texts = pages(write_site(graded, tmp_path / "site", roll=roll).folder)
    assert re.search(
        r'class="names">\s*<li><a href="students/ben_okafor.html"><bdi>Okafor; Ben</bdi>', texts["index.html"]
    )
    assert "<h1><bdi>Okafor; Ben</bdi></h1>" in texts["students/ben_okafor.html"]


def test_who_might_be_one_of_two_has_not_handed_in_nothing(tmp_path):
    text = "Name\nBen Okafor\nBen Okafor\nAda Lovelace\n"
    results = [factory.result("ben_okafor"), factory.result("ada lovelace"), factory.result("lovelace ada")]
    graded = factory.graded(tmp_path / "r", results)
    roll = called(tmp_path, text, graded.results)
    assert roll.absent == ()
    assert [entry.name for entry in roll.uncertain] == ["Ben Okafor", "Ben Okafor", "Ada Lovelace"]
    assert len(roll.unfound) == 3
    page = pages(write_site(graded, tmp_path / "site", roll=roll).folder)["index.html"]
    assert "nothing handed in" not in page
    assert page.count("A result may be theirs") == 3


def test_whose_folder_is_empty_has_handed_nothing_in(tmp_path):
    """A platform makes a folder for everybody: there is a result, and it says so."""
    empty = factory.result("ben_okafor", file="", sha256="", status="not_attempted", score=0.0, tests=())
    skeleton = replace(empty, student="ada lovelace", file="rnn.py")
    graded = factory.graded(tmp_path / "r", [empty, skeleton, replace(empty, student="stranger")])
    roll = called(tmp_path, NAMES, graded.results)
    assert [entry.name for entry in roll.absent] == ["Okafor; Ben", "Never Here"]
    text = text_of(pages(write_site(graded, tmp_path / "site", roll=roll).folder)["index.html"])
    assert "Handed in1" in text
    assert "Handed nothing in2" in text


def test_members_of_a_group_have_a_row_each(tmp_path):
    group = (Member("Ada Lovelace"), Member("Never Here"), Member("Somebody Else"))
    graded = factory.graded(tmp_path / "r", [factory.result("group 1", members=group)])
    roll = called(tmp_path, NAMES, graded.results)
    page = pages(write_site(graded, tmp_path / "site", roll=roll).folder)["index.html"]
    assert ["Ada" in " ".join(row) and "graded" in row for row in rows(page)] == [True, False, False]
    assert "nothing handed in" in " ".join(rows(page)[1])
    assert roll.unfound == ("Somebody Else of group 1 (fits nobody)",)
    assert roll.names == {"group 1": "Ada Lovelace; Never Here"}


def test_the_list_of_pages_has_names_and_addresses(tmp_path):
    graded = factory.graded(tmp_path / "r", [factory.wrong("ben_okafor"), factory.result("stranger")])
    site = write_site(graded, for_students=True, roll=called(tmp_path, NAMES, graded.results))
    listed = list(csv.DictReader(io.StringIO(site.listed.read_text(encoding="utf-8-sig"))))
    assert [(row["student"], row["member"], row["email"]) for row in listed] == [
        ("ben_okafor", "Okafor; Ben", "b@uni.example"),
        ("stranger", "", ""),
    ]
    texts = [path.read_text(encoding="utf-8") for path in site.folder.glob("*.html")]
    assert sum("Okafor; Ben" in text for text in texts) == 1


def test_a_name_on_a_roster_is_only_text(tmp_path):
    text = "Name\n" + "".join(f'"{name.replace(chr(34), "")}"\n' for name in factory.HOSTILE)
    graded = factory.graded(tmp_path / "r")
    roll = called(tmp_path, text.replace("\x00", ""), graded.results)
    page = pages(write_site(graded, tmp_path / "site", roll=roll).folder)["index.html"]
    assert not re.search(r"<(img|svg onload|b |iframe)|<script>window|[\u202a-\u202e\x1b]", page)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "has no column 'Name'; its columns are a, b"),
        ("", "has no column 'Name'"),
        ("PK\x03\x04 and so on", "is a zip file, as spreadsheets are, and no CSV"),
        ("\u00d0", "has no column 'Name'"),
        ('a,"b; c"\n"x; y",2\n', "has no column 'Name'; its columns are a, b; c"),
        ('a,"b" c\n', "is no CSV"),
    ],
)
def test_a_file_without_names_is_refused_in_words(tmp_path, text, message):
    with pytest.raises(UsageError, match=message) as caught:
        called(tmp_path, text, factory.usual())
    assert "--roster FILE" in caught.value.next_step


def test_the_command_says_who_is_not_on_the_roster(typed, tmp_path):
    factory.graded(tmp_path / "r")
    (tmp_path / "names.csv").write_text(NAMES, encoding="utf-8")
    status, _, err = typed("report", tmp_path / "r", "--roster", tmp_path / "names.csv")
    assert status == 0
    assert "3 on the roster; 1 of them handed nothing in, 0 were late." in err
    assert "chen (fits nobody)" in err
    assert typed("report", tmp_path / "r", "--roster", tmp_path / "nowhere.csv")[0] == 2


def test_without_a_roster_everybody_is_called_as_their_files(tmp_path):
    graded = factory.graded(tmp_path / "r")
    page = pages(write_site(graded).folder)["index.html"]
    assert len(rows(page)) == len(graded.results)
    assert "roster" not in text_of(page)
