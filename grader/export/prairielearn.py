"""PrairieLearn: the results.json that an external grader leaves in /grade/results.

`score` is the share of all points, from 0 to 1. What cannot be read is not gradable there: the student is told why, and
no attempt is used up. All of the file is below the 1 MB that PrairieLearn takes.
"""

from __future__ import annotations

import json
from typing import Any

from grader.export.base import ExportOptions, Test, only_result, score, tests
from grader.messages.page import feedback, headline
from grader.records import Result
from grader.run.store import GradedClass
from grader.text import clean

FOR_STUDENTS = True

LARGEST = 1_000_000  # bytes
_UNREADABLE = "unreadable"


def export(graded: GradedClass, options: ExportOptions) -> str:
    """One submission as JSON; UsageError when the class has more and none is named."""
    result = only_result(graded, "PrairieLearn's results.json")
    document = _document(result, graded)
    text = _text(document)
    if len(text.encode()) > LARGEST:
        # The page of one student says all that the tests say.
        text = _text(
            {**document, "tests": [], "output": clean(document.get("output", ""), 100_000, multiline=True)}
        )
    return text


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _document(result: Result, graded: GradedClass) -> dict[str, Any]:
    extra = {"status": result.status, "suite": graded.suite, "sha256": result.sha256}
    if result.status == _UNREADABLE and not score(result):
        return {"gradable": False, "format_errors": [clean(result.message, 900)], "extra_data": extra}
    share = score(result) / result.max_score if result.max_score else 0.0
    return {
        "gradable": True,
        "score": round(min(share, 1.0), 6),
        "message": headline(result),
        "output": feedback(result),
        "tests": [_test(test) for test in tests(result)],
        "extra_data": extra,
    }


def _test(test: Test) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": test.sentence,
        "description": test.group,
        "points": test.points,
        "max_points": test.max_points,
    }
    if test.message:
        entry["message"] = test.message
    return entry
