"""The sample class gets the results it must get: status, score, failed tests and diagnoses, as in expected.json.

The class is graded once for a whole run (conftest.py). Must never load a submission itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import CLASS, Results
from .golden import Golden

STUDENTS = sorted(folder for folder in CLASS.glob("*/*") if folder.is_dir())
ASSIGNMENTS = sorted({folder.parent.name for folder in STUDENTS})
STATUSES = {"graded", "not_attempted", "unreadable", "timeout", "crashed"}
EVERY_TEST = ["*"]


def expected_of(folder: Path) -> dict[str, Any]:
    """The result that the submission in `folder` must get."""
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return expected


def submitted(folder: Path) -> list[str]:
    """The names of the files a student handed in."""
    return sorted(path.name for path in folder.iterdir() if path.name != "expected.json")


def failed_tests(result: dict[str, Any], results: Results) -> list[str]:
    """Names of the tests that did not pass in every case, in the suite's order; `["*"]` when none passed.

    What was never run (an unreadable file has no outcomes) did not pass.
    """
    longest = max((other["tests"] for other in results.values()), key=len)
    outcomes: dict[str, list[str]] = {test["name"]: [] for test in longest}
    for test in result["tests"]:
        outcomes[test["name"]].append(test["outcome"])
    if all(per_case != ["passed"] for per_case in outcomes.values()):
        return EVERY_TEST
    failed = [name for name, per_case in outcomes.items() if per_case != ["passed"]]
    return list(dict.fromkeys(name.partition("[")[0] for name in failed))


def named(diagnosis: dict[str, Any]) -> str:
    """A mistake by its id, and how sure that is where it is not exact: "no_bias", "no_tanh (pair)"."""
    sure = diagnosis["certainty"]
    return str(diagnosis["id"]) if sure == "exact" else f"{diagnosis['id']} ({sure})"


@pytest.mark.parametrize("folder", STUDENTS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_submission_gets_its_golden_result(
    folder: Path, results_of: Callable[[str], Results], golden: Golden
) -> None:
    results = results_of(folder.parent.name)
    expected, result = expected_of(folder), results[folder.name]
    actual = {
        "status": result["status"],
        "score": round(result["score"], 6),
        "failed": failed_tests(result, results),
        "diagnoses": [named(diagnosis) for diagnosis in result["diagnoses"]],
    }
    if golden.rewriting and {**actual, "why": expected["why"]} != expected:
        text = json.dumps({**actual, "why": expected["why"]}, indent=1, ensure_ascii=False)
        golden.write(folder / "expected.json", text + "\n")
    explanation = f"{expected['why']}\nThe grader said: {result['message'] or 'nothing'}"
    assert actual["status"] == expected["status"], explanation
    assert actual["failed"] == expected["failed"], explanation
    assert actual["score"] == pytest.approx(expected["score"]), explanation
    assert actual["diagnoses"] == expected["diagnoses"], explanation


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_student_has_one_result(assignment: str, results_of: Callable[[str], Results]) -> None:
    assert sorted(results_of(assignment)) == sorted(
        path.name for path in STUDENTS if path.parent.name == assignment
    )


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_unreadable_submissions_say_why_and_score_nothing(
    assignment: str, results_of: Callable[[str], Results]
) -> None:
    unreadable = [result for result in results_of(assignment).values() if result["status"] == "unreadable"]
    assert unreadable
    assert all(result["score"] == 0 and result["message"] for result in unreadable)


@pytest.mark.parametrize("folder", STUDENTS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_golden_results_are_consistent(folder: Path) -> None:
    assignment = folder.parent.name
    assert submitted(folder) in ([f"{assignment}.py"], [f"{assignment}.ipynb"])
    expected = expected_of(folder)
    assert set(expected) == {"status", "score", "failed", "diagnoses", "why"}
    assert expected["status"] in STATUSES
    assert expected["why"].strip()
    if expected["status"] in ("unreadable", "not_attempted"):
        assert expected["score"] == 0
        assert expected["failed"] == EVERY_TEST
    if not expected["failed"]:
        assert expected["status"] == "graded"
        assert not expected["diagnoses"]


def test_every_submission_has_a_golden_result() -> None:
    submissions = [path for path in CLASS.glob("*/**/*") if path.is_file() and path.name != "expected.json"]
    assert len(submissions) >= 90
    assert [path for path in submissions if not (path.parent / "expected.json").is_file()] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_class_holds_every_kind_of_submission(assignment: str) -> None:
    folders = [folder for folder in STUDENTS if folder.parent.name == assignment]
    expected = [expected_of(folder) for folder in folders]
    assert {entry["status"] for entry in expected} == STATUSES
    assert sum(not entry["failed"] for entry in expected) >= 8, "too few that are right"
    assert sum(submitted(folder)[0].endswith(".ipynb") for folder in folders) >= 6, "too few notebooks"
