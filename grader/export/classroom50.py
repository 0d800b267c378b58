"""Classroom 50: the result.json that its runner reads from an autograder.

Its scores are whole numbers: they are hundredths of our points, and that is said. The factor is the same for everyone,
so that a submission that could not be loaded has the same maximum as any other. Which classroom, assignment and commit
it is comes from the environment in which the runner starts an autograder; owner, type and submitter are stamped by the
runner itself.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from typing import Any

from grader.errors import UsageError
from grader.export.base import ExportOptions, only_result, score, tests
from grader.records import Result
from grader.run.store import GradedClass
from grader.text import points

FOR_STUDENTS = True

SCHEMA = "classroom50/result/v1"
FACTOR = 100

#: Field → the variables of the runner that hold it, the first one that is set.
FIELDS = {
    "classroom": ("CLASSROOM",),
    "assignment": ("ASSIGNMENT",),
    "submission": ("SUBMISSION_TAG",),
    "commit": ("COMMIT_URL",),
    "release": ("RELEASE_URL",),
    "review": ("REVIEW_URL", "COMMIT_URL"),
}


def export(graded: GradedClass, options: ExportOptions) -> str:
    """One submission as JSON; UsageError outside of the runner, or when the class has more and none is named."""
    result = only_result(graded, "Classroom 50's result.json")
    rows = _rows(result)
    options.say(
        f"Classroom 50 takes whole points only: all points are multiplied by {FACTOR}"
        f" ({points(result.max_score)} are {round(result.max_score * FACTOR)})."
    )
    document: dict[str, Any] = {
        "schema": SCHEMA,
        **_fields_of_runner(),
        "datetime": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        # What the instructor has adjusted is no test's: the rows say what passed, the score what counts.
        "score": round(score(result) * FACTOR) if result.adjustments else sum(row["score"] for row in rows),
        "max-score": sum(row["max-score"] for row in rows),
        "tests": rows,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _fields_of_runner() -> dict[str, str]:
    fields = {
        field: next((os.environ[name] for name in names if os.environ.get(name)), "")
        for field, names in FIELDS.items()
    }
    missing = [FIELDS[field][0] for field, value in fields.items() if not value]
    if missing:
        raise UsageError(
            f"Not set: {', '.join(missing)}. Classroom 50's runner sets them for an autograder.",
            next_step=f"To try it elsewhere: {missing[0]}=x … grader export DIR --format classroom50",
        )
    return fields


def _rows(result: Result) -> list[dict[str, Any]]:
    """The tests with whole points, which add up to the whole maximum."""
    parts = [(test.sentence, test.passed, test.points, test.max_points) for test in tests(result)]
    if not parts:
        # Nothing could be tested, so there is one line: what became of the submission.
        parts = [(f"The submission is {result.status}", False, score(result), result.max_score)]
    names: dict[str, int] = {}
    rows = []
    total = 0.0
    for sentence, passed, earned, most in parts:
        names[sentence] = names.get(sentence, 0) + 1
        # Sums are rounded, not parts: three thirds of a point are one point.
        whole = round((total + most) * FACTOR) - round(total * FACTOR)
        total += most
        rows.append(
            {
                "test-name": sentence if names[sentence] == 1 else f"{sentence} ({names[sentence]})",
                "passed": passed,
                "score": whole if passed else min(round(earned * FACTOR), whole),
                "max-score": whole,
            }
        )
    return rows
