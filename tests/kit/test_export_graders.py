"""Exports for graders and hosts of code: the rules of their documentation, and proofs that these can be broken."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from grader.errors import UsageError

from . import exporting
from . import graded_factory as factory
from .exporting import RUNNER

exported, runner = exporting.exported, exporting.runner


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
def test_gradescope_gets_tests_that_add_up_to_the_score(exported, student):
    document = json.loads(exported("gradescope", student=student).text)
    assert gradescope_faults(document) == []
    result = next(other for other in factory.usual() if other.student == student)
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
def test_prairielearn_holds_the_rules_of_its_format(exported, student):
    document = json.loads(exported("prairielearn", student=student).text)
    assert prairielearn_faults(document) == []
    result = next(other for other in factory.usual() if other.student == student)
    if result.status == "unreadable":
        assert (document["gradable"], document["format_errors"]) == (False, [result.message])
    else:
        assert document["score"] == pytest.approx(result.score / result.max_score)
        assert sum(test["points"] for test in document["tests"]) == pytest.approx(result.score)
        assert sum(test["max_points"] for test in document["tests"]) == pytest.approx(result.max_score)


def test_prairielearn_takes_no_more_than_all_points_and_a_megabyte(exported):
    above = factory.result("x", score=12.0)
    assert json.loads(exported("prairielearn", [above]).text)["score"] == 1
    result = factory.unreadable("x", "It cannot be read.")
    assert json.loads(exported("prairielearn", [replace(result, score=5.0)]).text)["score"] == 0.5
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
def test_classroom50_holds_the_rules_of_its_format(exported, student):
    export = exported("classroom50", student=student)
    document = json.loads(export.text)
    assert classroom50_faults(document) == []
    assert document["max-score"] == 1000, "the same for everyone, whatever became of their submission"
    assert "all points are multiplied by 100 (10 are 1000)" in export.said[0]
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
    names = set()
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
            if not all(key) or key in names:
                faults.append(f"GitLab would drop {key}")
            names.add(key)
            float(case.get("time", ""))
            if len(case) > 1:
                faults.append("two ends of one test case")
    for name in ("tests", "failures", "errors", "skipped"):
        if int(root.get(name, "-1")) != sum(int(suite.get(name, "0")) for suite in root):
            faults.append(f"{name} of all is wrong")
    return faults


def test_junit_holds_the_rules_of_its_schema(exported):
    export = exported("junit")
    assert junit_faults(export.text) == []
    root = ElementTree.fromstring(export.text.encode())
    assert root.find("testsuite[@name='emil']/testcase/error").get("type") == "unreadable"
    assert root.find("testsuite[@name='ada lovelace']").get("failures") == "0"
    assert root.find("testsuite[@name='ben_okafor']").get("failures") == "2"


def test_junit_of_a_hostile_class_and_of_sentences_that_are_the_same(exported):
    same = tuple(replace(test, sentence="The same.") for test in factory.result("x").tests)
    export = exported("junit", [*factory.hostile()[:-2], factory.result("same", tests=same)])
    assert junit_faults(export.text) == []
    assert "<failure/>" not in export.text


def test_the_validator_of_junit_finds_faults():
    case = '<testcase classname="a" name="b" time="0"/>'
    assert (
        len(junit_faults(f'<testsuites tests="9"><testsuite tests="1">{case}{case}</testsuite></testsuites>'))
        > 4
    )


# GitHub
