"""Gradescope: the results.json that an autograder leaves in /autograder/results.

Every test is visible: a single hidden one would hide the student's total. `score` is given and wins over the sum of
the tests, so that a status without tests (unreadable, not_attempted) has its score as well.
"""

from __future__ import annotations

import json
from typing import Any

from grader.export.base import ExportOptions, Test, only_result, score, tests
from grader.messages.page import feedback
from grader.run.store import GradedClass

FOR_STUDENTS = True


def export(graded: GradedClass, options: ExportOptions) -> str:
    """One submission as JSON; UsageError when the class has more and none is named."""
    result = only_result(graded, "Gradescope's results.json")
    document: dict[str, Any] = {
        "score": score(result),
        "execution_time": round(result.seconds, 3),
        "output": feedback(result),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(number, test) for number, test in enumerate(tests(result), 1)],
        "extra_data": {"status": result.status, "suite": graded.suite, "sha256": result.sha256},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _test(number: int, test: Test) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": test.sentence,
        "number": str(number),
        "score": test.points,
        "max_score": test.max_points,
        "status": "passed" if test.passed else "failed",
        "tags": [test.group],
        "visibility": "visible",
    }
    if test.message:
        entry["output"] = test.message
    return entry
