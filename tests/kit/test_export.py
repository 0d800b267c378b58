"""Exports: the rules that each format's own documentation gives, a golden file for each, and what must not happen.

After a change that is meant: pytest tests/kit/test_export.py --rewrite-snapshots, and read the difference.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader import export as exports
from grader.errors import GraderError, UsageError
from grader.export.base import Options
from grader.tables import harmless

from . import graded_factory as factory

GOLDEN = Path(__file__).parent / "export_golden"
RUNNER = {
    "CLASSROOM": "rnn-2026",
    "ASSIGNMENT": "birnn",
    "SUBMISSION_TAG": "submit/2026-01-05T10-30-00Z-abc1234",
    "COMMIT_URL": "https://github.invalid/o/r/commit/abc1234",
    "RELEASE_URL": "https://github.invalid/o/r/releases/tag/submit",
}
ROSTERS = {"canvas": GOLDEN / "canvas_roster.csv", "moodle": GOLDEN / "moodle_roster.csv"}
ENDINGS = {
    "gradescope": "json",
    "classroom50": "json",
    "junit": "xml",
    "github": "txt",
    "prairielearn": "json",
}
ONE_ONLY = ("gradescope", "classroom50", "prairielearn")
FORMATS = ("canvas", "classroom50", "csv", "github", "gradescope", "junit", "moodle", "prairielearn")


@pytest.fixture(autouse=True)
def runner(monkeypatch):
    """The environment of a runner, and of no other."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("REVIEW_URL", raising=False)
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)


class Exported:
    """What an export gave, and what it said."""

    def __init__(self, graded, format_, **options):
        self.said: list[str] = []
        self.missing: list[str] = []
        given = {"roster": ROSTERS.get(format_), **options}
        made = exports.export(
            graded, format_, Options(say=self.said.append, incomplete=self.missing.append, **given)
        )
        self.text = None if made is None else b"".join(exports.pieces(made)).decode("utf-8")

    @property
    def rows(self):
        return list(csv.DictReader(io.StringIO(self.text.removeprefix("\ufeff"))))


@pytest.fixture
def exported(tmp_path):
    def make(format_, results=None, **options):
        return Exported(factory.graded(tmp_path / "results", results), format_, **options)

    return make


def without_dates(text: str) -> str:
    return re.sub(r'"datetime": "[^"]+"', '"datetime": "…"', text)


@pytest.mark.parametrize("format_", FORMATS)
def test_the_golden_file(exported, golden, format_):
    student = {"student": "ben_okafor"} if format_ in ONE_ONLY else {}
    text = without_dates(exported(format_, **student).text)
    golden.check(GOLDEN / f"{format_}.{ENDINGS.get(format_, 'csv')}", text)


# Which formats there are


def test_formats_are_found_by_their_names():
    assert set(FORMATS) <= set(exports.formats())
    assert not {"base", "_roster", "__init__"} & set(exports.formats())


def test_a_new_module_is_a_new_format(exported, tmp_path, monkeypatch):
    (tmp_path / "shout.py").write_text(
        '"""Shouts."""\ndef export(graded, options):\n    return " ".join(r.student.upper() for r in graded.results)\n'
    )
    monkeypatch.setattr(exports, "__path__", [*exports.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "grader.export.shout", raising=False)
    assert exported("shout", leave_out=("chen",)).text.startswith("ADA LOVELACE BEN_OKAFOR DORA")


@pytest.mark.parametrize("name", ["base", "_roster", "nope", "../csv", "", "os"])
def test_what_is_no_format_is_refused(exported, name):
    with pytest.raises(UsageError, match="There is no format") as caught:
        exported(name)
    assert "csv" in caught.value.next_step


# Who is exported


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_is_exported_while_someone_is_not_graded(exported, format_):
    results = [*factory.usual(), factory.not_graded("zoe"), factory.not_graded("the yeti")]
    with pytest.raises(GraderError, match=r"2 in .* could not be graded.*: zoe, the yeti") as caught:
        exported(format_, results)
    assert caught.value.exit_status == 1
    assert "grader grade SUBMISSIONS --assignment birnn --out" in caught.value.next_step
    assert "--leave-out zoe" in caught.value.next_step


def test_unless_they_are_left_out(exported):
    results = [*factory.usual(), factory.not_graded("zoe")]
    made = exported("csv", results, leave_out=("zoe", "chen"))
    assert [row["student"] for row in made.rows] == ["ada lovelace", "ben_okafor", "dora", "emil", "李小明"]


def test_one_student_is_not_held_up_by_another(exported):
    results = [*factory.usual(), factory.not_graded("zoe")]
    assert json.loads(exported("gradescope", results, student="chen").text)["score"] == 6.5


@pytest.mark.parametrize("options", [{"leave_out": ("nobody",)}, {"student": "nobody"}])
def test_a_student_there_is_none_of(exported, options):
    with pytest.raises(UsageError, match="has no student 'nobody'"):
        exported("csv", **options)


@pytest.mark.parametrize("format_", ONE_ONLY)
def test_formats_of_one_submission_ask_which(exported, format_):
    with pytest.raises(UsageError, match="holds 6") as caught:
        exported(format_)
    assert "--student" in caught.value.next_step
    assert exported(format_, [factory.result("only")]).text


# CSV


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u202e=1", "＝1+1", "|calc", "%0A"]
)
def test_a_formula_becomes_text(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["ann", "李小明", "a=b", "1-2", ""])
def test_other_text_stays(text):
    assert harmless(text) == text


def test_no_cell_of_a_hostile_class_is_a_formula(exported):
    results = factory.hostile()
    made = exported("csv", results, leave_out=("not graded",))
    assert len(made.rows) == len(results) - 1
    for row in made.rows:
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)
            assert "\x1b" not in cell
            assert "\n" not in cell


@pytest.mark.parametrize("group", ["=1+1", "@SUM(A1)", "-2", "＝1"])
def test_the_name_of_a_group_is_no_formula_either(exported, group):
    test = replace(factory.result("ann").tests[0], group=group)
    made = exported("csv", [replace(factory.result("ann"), tests=(test,))])
    head = next(csv.reader(io.StringIO(made.text.removeprefix("\ufeff"))))
    assert f"'{group} points" in head


def test_points_of_groups_add_up(exported):
    for row in exported("csv").rows:
        parts = [float(row[f"{group} points"]) for group in ("shapes", "numerics", "lengths")]
        if row["status"] == "graded":
            assert sum(parts) == float(row["score"])


# Gradescope


def gradescope_faults(document) -> list[str]:
    """What breaks the rules of Gradescope's results.json."""
    faults = []
    top = {
        "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
        "stdout_visibility", "extra_data", "tests", "leaderboard",
    }  # fmt: skip
    keys = {
        "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags",
        "visibility", "extra_data",
    }  # fmt: skip
    visibilities = {"hidden", "after_due_date", "after_published", "visible"}
    formats = {"text", "simple_format", "html", "md", "ansi"}
    faults += [f"unknown: {key}" for key in document.keys() - top]
    if "score" not in document and not document.get("tests"):
        faults.append("neither a score nor tests")
    for part in (document, *document.get("tests", ())):
        for key in ("visibility", "stdout_visibility"):
            if part.get(key, "visible") not in visibilities:
                faults.append(f"{key}: {part[key]}")
        for key in ("output_format", "name_format", "test_output_format", "test_name_format"):
            if part.get(key, "text") not in formats:
                faults.append(f"{key}: {part[key]}")
        for key in ("score", "max_score", "execution_time"):
            value = part.get(key, 0)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
                faults.append(f"{key} is no number from 0: {value!r}")
    for test in document.get("tests", ()):
        faults += [f"unknown: {key}" for key in test.keys() - keys]
        if test.get("status", "passed") not in ("passed", "failed"):
            faults.append(f"status: {test['status']}")
        if test.get("score", 0) > test.get("max_score", 0):
            faults.append("a score above its maximum")
        if test.get("visibility", "visible") != "visible":
            faults.append("a hidden test hides the student's total")
        if not isinstance(test.get("tags", []), list) or not isinstance(test.get("number", ""), str):
            faults.append("tags or number of another type")
    return faults


@pytest.mark.parametrize("student", [result.student for result in factory.usual()])
def test_gradescope(exported, student):
    document = json.loads(exported("gradescope", student=student).text)
    assert gradescope_faults(document) == []
    result = next(one for one in factory.usual() if one.student == student)
    assert document["score"] == result.score
    if result.status == "graded":
        assert sum(test["score"] for test in document["tests"]) == pytest.approx(document["score"])


def test_the_validator_of_gradescope_finds_faults():
    assert (
        len(gradescope_faults({"tests": [{"status": "ok", "visibility": "secret", "score": -1}], "x": 1}))
        >= 4
    )
    assert gradescope_faults({}) == ["neither a score nor tests"]


# PrairieLearn


def prairielearn_faults(document) -> list[str]:
    """What breaks the rules of PrairieLearn's results.json; more fields than those it shows are allowed."""
    faults = []
    gradable = document.get("gradable", True)
    score = document.get("score")
    if not isinstance(gradable, bool):
        faults.append("gradable is no boolean")
    if gradable and (isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= 1):
        faults.append(f"score is no number from 0 to 1: {score!r}")
    errors = document.get("format_errors", [])
    if not isinstance(errors, (str, list)) or not all(isinstance(error, str) for error in errors):
        faults.append("format_errors is neither a text nor a list of texts")
    if errors and gradable:
        faults.append("format errors of something that is gradable")
    for part in (document, *document.get("tests", ())):
        faults += [
            f"{key} is no text"
            for key in ("message", "output", "name", "description")
            if not isinstance(part.get(key, ""), str)
        ]
    for test in document.get("tests", ()):
        # Where one of them is missing, PrairieLearn shows no points at all.
        values = [test.get("points"), test.get("max_points")]
        if not all(
            isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 for value in values
        ):
            faults.append(f"points: {values}")
        if not test.get("name"):
            faults.append("a test without a name")
    if len(json.dumps(document, ensure_ascii=False).encode()) > 1_000_000:
        faults.append("above 1 MB")
    return faults


@pytest.mark.parametrize("student", [result.student for result in factory.usual()])
def test_prairielearn(exported, student):
    document = json.loads(exported("prairielearn", student=student).text)
    assert prairielearn_faults(document) == []
    result = next(one for one in factory.usual() if one.student == student)
    if result.status == "unreadable":
        assert (document["gradable"], document["format_errors"]) == (False, [result.message])
    else:
        assert document["score"] == pytest.approx(result.score / result.max_score)
        assert sum(test["points"] for test in document["tests"]) == pytest.approx(result.score)
        assert sum(test["max_points"] for test in document["tests"]) == pytest.approx(result.max_score)


def test_prairielearn_takes_no_more_than_all_points_and_a_megabyte(exported):
    above = factory.result("x", score=12.0)
    assert json.loads(exported("prairielearn", [above]).text)["score"] == 1
    given = factory.unreadable("x", "It cannot be read.")
    assert json.loads(exported("prairielearn", [replace(given, score=5.0)]).text)["score"] == 0.5
    many = tuple(
        replace(test, name=f"t{n}", outcome="failed", message="m " * 400)
        for n in range(1800)
        for test in above.tests[:2]
    )
    document = json.loads(exported("prairielearn", [factory.result("x", tests=many)]).text)
    assert prairielearn_faults(document) == []
    assert document["tests"] == []


def test_the_validator_of_prairielearn_finds_faults():
    broken = {"score": 40, "format_errors": [1], "tests": [{"name": "", "points": True, "message": 3}]}
    assert len(prairielearn_faults(broken)) >= 5
    assert prairielearn_faults({"gradable": False}) == []


# Classroom 50


def classroom50_faults(document) -> list[str]:
    """What breaks the rules of Classroom 50's result.json (version 1), before the runner adds its own fields."""
    faults = []
    texts = ("schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime")
    if set(document) != {*texts, "score", "max-score", "tests"}:
        faults.append(f"fields: {sorted(document)}")
    faults += [name for name in texts if not isinstance(document.get(name), str) or not document.get(name)]
    if document.get("schema") != "classroom50/result/v1":
        faults.append("another schema")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(document.get("datetime"))):
        faults.append("datetime is not in UTC")
    for part in (document, *document.get("tests", ())):
        for name in ("score", "max-score"):
            if type(part.get(name)) is not int or part[name] < 0:
                faults.append(f"{name} is no whole number from 0: {part.get(name)!r}")
        if not faults and part["score"] > part["max-score"]:
            faults.append("a score above its maximum")
    for name in ("score", "max-score"):
        if not faults and document[name] != sum(test[name] for test in document["tests"]):
            faults.append(f"the {name} is not the sum of the tests")
    for test in document.get("tests", ()):
        if set(test) != {"test-name", "passed", "score", "max-score"} or not isinstance(test["passed"], bool):
            faults.append("a test with other fields")
    names = [test.get("test-name") for test in document.get("tests", ())]
    if len(set(names)) != len(names) or not all(names):
        faults.append("test names that are missing or not different")
    return faults


@pytest.mark.parametrize("student", [result.student for result in factory.usual()])
def test_classroom50(exported, student):
    made = exported("classroom50", student=student)
    document = json.loads(made.text)
    assert classroom50_faults(document) == []
    assert document["max-score"] == 1000, "the same for everyone, whatever became of their submission"
    assert "all points are multiplied by 100 (10 are 1000)" in made.said[0]
    assert document["review"] == RUNNER["COMMIT_URL"]


def test_thirds_of_a_point_add_up_in_classroom50(exported):
    third = factory.result("a").tests[0]
    tests = tuple(
        replace(third, name=f"t{place}", sentence=f"s{place}", points=1 / 3, max_points=1 / 3)
        for place in range(3)
    )
    document = json.loads(
        exported("classroom50", [factory.result("a", tests=tests, score=1.0, max_score=1.0)]).text
    )
    assert (document["score"], document["max-score"]) == (100, 100)
    assert classroom50_faults(document) == []


def test_classroom50_outside_of_its_runner(exported, monkeypatch):
    monkeypatch.delenv("COMMIT_URL")
    with pytest.raises(UsageError, match="Not set: COMMIT_URL"):
        exported("classroom50", student="chen")


def test_the_validator_of_classroom50_finds_faults(exported):
    document = json.loads(exported("classroom50", student="chen").text)
    for change in ({"score": 6.5}, {"schema": "v2"}, {"tests": []}, {"extra": 1}, {"commit": ""}):
        assert classroom50_faults({**document, **change})


# JUnit


def junit_faults(text: str) -> list[str]:
    """What breaks the rules of JUnit XML, and of GitLab's reader of it."""
    root = ElementTree.fromstring(text.encode("utf-8"))
    faults = [] if root.tag == "testsuites" else ["the root is no testsuites"]
    seen = set()
    for suite in root:
        if suite.tag != "testsuite":
            faults.append(f"{suite.tag} among the suites")
        order = [child.tag for child in suite]
        if order != sorted(order, key=["properties", "testcase", "system-out", "system-err"].index):
            faults.append("children in another order")
        cases = suite.findall("testcase")
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if int(suite.get(name, "-1")) != sum(case.find(tag) is not None for case in cases):
                faults.append(f"{name} is wrong")
        if int(suite.get("tests", "-1")) != len(cases):
            faults.append("tests is wrong")
        for case in cases:
            key = (case.get("classname"), case.get("name"))
            if not all(key) or key in seen:
                faults.append(f"GitLab would drop {key}")
            seen.add(key)
            float(case.get("time", ""))
            if len(case) > 1:
                faults.append("two ends of one test case")
    for name in ("tests", "failures", "errors", "skipped"):
        if int(root.get(name, "-1")) != sum(int(suite.get(name, "0")) for suite in root):
            faults.append(f"{name} of all is wrong")
    return faults


def test_junit(exported):
    made = exported("junit")
    assert junit_faults(made.text) == []
    root = ElementTree.fromstring(made.text.encode())
    assert root.find("testsuite[@name='emil']/testcase/error").get("type") == "unreadable"
    assert root.find("testsuite[@name='ada lovelace']").get("failures") == "0"
    assert root.find("testsuite[@name='ben_okafor']").get("failures") == "2"


def test_junit_of_a_hostile_class_and_of_sentences_that_are_the_same(exported):
    same = tuple(replace(test, sentence="The same.") for test in factory.result("x").tests)
    made = exported("junit", [*factory.hostile()[:-2], factory.result("same", tests=same)])
    assert junit_faults(made.text) == []
    assert "<failure/>" not in made.text


def test_the_validator_of_junit_finds_faults():
    case = '<testcase classname="a" name="b" time="0"/>'
    assert (
        len(junit_faults(f'<testsuites tests="9"><testsuite tests="1">{case}{case}</testsuite></testsuites>'))
        > 4
    )


# GitHub


COMMAND = re.compile(
    r"::(error|notice) (?:(?:title|file|line)=(?:[^,:%\r\n]|%25|%0D|%0A|%3A|%2C)*,?)*"
    r"::(?:[^%\r\n]|%25|%0D|%0A)*"
)


def test_github(exported):
    lines = exported("github").text.splitlines()
    assert [line for line in lines if not COMMAND.fullmatch(line)] == []
    assert any("title=The backward outputs are still in reversed time order" in line for line in lines)
    (emil,) = [line for line in lines if "emil" in line and line.startswith("::error")]
    assert "file=emil/birnn.py,line=11" in emil


def test_no_more_annotations_than_are_shown(exported):
    lines = exported("github", factory.crowd(50)).text.splitlines()
    assert sum(line.startswith("::error") for line in lines) == 10
    assert sum(line.startswith("::notice") for line in lines) == 10
    assert re.search(r"and \d+ more: see the summary", lines[-1])


def test_text_of_students_is_no_command(exported):
    for line in exported("github", factory.hostile()[:-2]).text.splitlines():
        assert COMMAND.fullmatch(line), line


def test_the_pattern_of_commands_tells_them_from_others():
    assert not COMMAND.fullmatch("::error file=a,b::x")
    assert not COMMAND.fullmatch("::set-output name=a::b")
    assert not COMMAND.fullmatch("::error file=a::100%")


@pytest.mark.parametrize("student", ["ben_okafor", "emil", ""])
def test_the_job_summary(exported, golden, tmp_path, monkeypatch, student):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert exported("github", student=student).said == []
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n## ")
    golden.check(GOLDEN / f"github_{student or 'class'}.md", text.removeprefix("before\n"))


def test_no_text_of_students_is_markdown(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "all.md"))
    exported("github", factory.hostile()[:-2])
    for place, result in enumerate(factory.hostile()[:-2]):
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / f"{place}.md"))
        exported("github", factory.hostile()[:-2], student=result.student)
    for path in tmp_path.glob("*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("    "):  # code is shown as it is
                assert not re.search(r"<(?!br>|/?code>)|javascript:|https?:|\]\(|\{\{", line), line


def test_a_summary_that_is_too_large_is_cut(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "s.md"))
    monkeypatch.setattr("grader.export.github.LARGEST", 5000)
    exported("github", factory.crowd(200))
    assert 4000 < (tmp_path / "s.md").stat().st_size < 5100
    assert (tmp_path / "s.md").read_text(encoding="utf-8").endswith("… and more\n")


# Canvas


def test_canvas(exported):
    made = exported("canvas")
    header, *rows = csv.reader(io.StringIO(made.text))
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "birnn (4711)"]
    assert "Essay" not in made.text, "a stale score of another assignment would overwrite the new one"
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
    assert any("scaled from 10 to the 20 points of birnn (4711)" in text for text in made.said)
    assert made.missing == []
    assert any("No result for 2 on the roster: Okafor, Benita, Student, Test" in text for text in made.said)


def test_canvas_without_the_assignment_makes_a_new_column_and_says_so(exported):
    made = exported("canvas", column="Week 3")
    header, possible, *rows = csv.reader(io.StringIO(made.text))
    assert header[-1] == "Week 3"
    assert possible[-1] == "10.00"
    assert rows[0][-1] == "6.50"
    assert any("makes a new assignment" in text for text in made.said)
    assert exported("canvas", column="birnn (4711)").text == exported("canvas").text


def test_students_of_canvas_are_found_by_the_number_in_the_file(exported):
    """What Canvas packs has the person's number in its name; it is surer than a name that two people share."""
    file = "okaforben_LATE_107_5_birnn-1.py"
    made = exported("canvas", [factory.result("okaforben", file=file)])
    assert [row["ID"] for row in made.rows if row["birnn (4711)"] == "20.00" and row["ID"]] == ["107"]


def test_a_number_of_another_platform_is_not_taken(exported):
    made = exported(
        "canvas", [factory.result("Somebody", file="Somebody_101_assignsubmission_file_/birnn.py")]
    )
    assert not any(row["ID"] for row in made.rows)
    assert "Somebody (fits nobody)" in made.missing[0]


def test_nobody_is_guessed(exported, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        '"Kim, Ann",1,,ak1,A\n"Kim, Ann",2,,ak2,A\n"Lee, Bo",3,,bo,A\n"Ray, Cy",4,,cy,A\n',
        encoding="utf-8",
    )
    results = [factory.result(name) for name in ("Ann Kim", "bo", "Lee Bo", "dee", "cy")]
    made = exported("canvas", results, roster=roster)
    assert [row["ID"] for row in made.rows if row["ID"]] == ["4"]
    for told in (
        "Ann Kim (fits Kim, Ann, Kim, Ann)",
        "dee (fits nobody)",
        "bo (fits Lee, Bo, as another does)",
    ):
        assert told in made.missing[0]


# Moodle


def test_moodle(exported):
    made = exported("moodle")
    before = list(csv.reader(io.StringIO(ROSTERS["moodle"].read_text(encoding="utf-8"))))
    after = list(csv.reader(io.StringIO(made.text)))
    assert after[0] == before[0]
    assert len(after) == len(before)
    changed = {after[0].index("Grade"), after[0].index("Feedback comments")}
    for old, new in zip(before, after):
        assert [cell for place, cell in enumerate(old) if place not in changed] == [
            cell for place, cell in enumerate(new) if place not in changed
        ]
    grades = {row["Identifier"]: row["Grade"] for row in made.rows}
    assert grades["Participant 501"] == "100.00"
    assert grades["Participant 502"] == "47.50"
    assert grades["Participant 507"] == "", "who handed nothing in is left as they are"
    assert any("scaled from 10 to a maximum grade of 100" in text for text in made.said)
    assert made.missing == []


def test_feedback_in_moodle_is_html_in_which_nothing_of_a_student_is(exported, tmp_path):
    rows = ROSTERS["moodle"].read_text(encoding="utf-8").splitlines()[:1]
    results = factory.hostile()[:-2]
    rows += [f"Participant {place},x,{place}@x,,,10.00,Yes,-,-," for place in range(len(results))]
    roster = tmp_path / "roster.csv"
    roster.write_text("\n".join(rows), encoding="utf-8")
    found = [
        replace(result, file=f"x_{place}_assignsubmission_file_/birnn.py")
        for place, result in enumerate(results)
    ]
    made = exported("moodle", found, roster=roster)
    assert made.missing == []
    for row in made.rows:
        assert row["Feedback comments"].startswith("<pre>")
        inside = row["Feedback comments"].removeprefix("<pre>").removesuffix("</pre>")
        assert not re.search("[<>\x00-\x08\x1b\u202e]", inside)


def test_a_grade_that_moodle_has_locked_is_told(exported, tmp_path):
    roster = tmp_path / "roster.csv"
    text = ROSTERS["moodle"].read_text(encoding="utf-8")
    roster.write_text(text.replace(",55.00,100.00,Yes", ",55.00,100.00,No"), encoding="utf-8")
    made = exported("moodle", roster=roster)
    assert made.rows[1]["Grade"] == "55.00"
    assert "cannot be changed" in made.missing[0]
    assert "Ben Okafor" in made.missing[0]


@pytest.mark.parametrize("format_", ["canvas", "moodle"])
def test_how_a_roster_was_written_is_kept(exported, tmp_path, format_):
    text = ROSTERS[format_].read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows)
    roster = tmp_path / "roster.csv"
    roster.write_bytes(b"\xef\xbb\xbf" + written.getvalue().encode())
    made = exported(format_, roster=roster)
    assert made.text.startswith("\ufeff")
    assert ";" in made.text.splitlines()[0]
    plain = csv.reader(io.StringIO(exported(format_).text))
    assert list(csv.reader(io.StringIO(made.text.removeprefix("\ufeff")), delimiter=";")) == list(plain)


@pytest.mark.parametrize("format_", ["canvas", "moodle"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "fills in a list"),
        (b"", "has no column"),
        (b"a,b\n1,2\n", "its columns are a, b"),
        (b"\xff\xfe\x00", "no CSV in UTF-8"),
        (b'"a,b\n1', "no CSV"),
    ],
)
def test_a_roster_that_is_none_is_told_in_words(exported, tmp_path, format_, content, told):
    roster = None
    if content is not None:
        roster = tmp_path / "roster.csv"
        roster.write_bytes(content)
    with pytest.raises(UsageError, match=told) as caught:
        exported(format_, roster=roster)
    assert "In Canvas" in caught.value.next_step or "In Moodle" in caught.value.next_step
    assert caught.value.next_step.endswith("Then: --roster FILE")


def test_a_roster_that_is_not_there(exported, tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        exported("canvas", roster=tmp_path / "nowhere.csv")


# The command


def test_to_standard_output_and_to_a_file(typed, tmp_path):
    factory.graded(tmp_path)
    status, out, err = typed("export", tmp_path, "--format", "csv")
    assert (status, err) == (0, "")
    status, silent, err = typed("export", tmp_path, "--format", "csv", "--to", tmp_path / "grades.csv")
    assert (status, silent) == (0, "")
    assert f"Written to {tmp_path / 'grades.csv'}" in err
    assert (tmp_path / "grades.csv").read_text(encoding="utf-8") == out


def test_what_is_incomplete_ends_with_1_and_is_written_all_the_same(typed, tmp_path):
    factory.graded(tmp_path, [*factory.usual(), factory.result("stranger")])
    to = tmp_path / "c.csv"
    status, _, err = typed("export", tmp_path, "-f", "canvas", "--roster", ROSTERS["canvas"], "--to", to)
    assert status == 1
    assert "stranger (fits nobody)" in err
    assert "20.00" in to.read_text(encoding="utf-8")
    leave = ("--leave-out", "stranger")
    assert typed("export", tmp_path, "-f", "canvas", "--roster", ROSTERS["canvas"], *leave)[0] == 0


def test_someone_who_is_not_graded_ends_it_with_1(typed, tmp_path):
    factory.graded(tmp_path, [*factory.usual(), factory.not_graded("zoe")])
    status, out, err = typed("export", tmp_path, "-f", "csv", "--to", tmp_path / "x.csv")
    assert (status, out) == (1, "")
    assert "zoe" in err
    assert not (tmp_path / "x.csv").exists()
    assert typed("export", tmp_path, "-f", "csv", "--leave-out", "zoe")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-f", "nope"], "There is no format"),
        ([], "--format"),
        (["-f", "csv", "--to", "/proc/nowhere/x.csv"], "cannot be written"),
        (["-f", "gradescope"], "--student"),
    ],
)
def test_wrong_usage_is_told_in_words(typed, tmp_path, arguments, told):
    factory.graded(tmp_path)
    status, out, err = typed("export", tmp_path, *arguments)
    assert status == 2
    assert told in err
    assert "Traceback" not in out + err
