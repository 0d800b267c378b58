"""The grade cells of a notebook: one for each group of a hidden suite, locked, with the group's points.

Knows their ids, their source and what is written under them once a submission is graded. Plain data: it imports
neither nbgrader nor a notebook library. What a group of a result is worth is decided here, for autograde and for
the gradebook alike.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from typing import Any

from grader.errors import MachineryError
from grader.messages.page import feedback, group_feedback
from grader.records import Result
from grader.text import points

SCHEMA_VERSION = 3  # of nbgrader's metadata
PREFIX = "hidden_"
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")

# nbgrader takes a code cell that prints nothing for full marks. So that nobody is graded by mistake with another
# nbgrader_config.py, the cell then claims more than its points, which nbgrader refuses: no grade, and an error.
SOURCE = """\
# {group}: {points} of the points. Tests that are not shown here give them after you hand in.
# Nothing is to be written in this cell. Running it does nothing.
import os

float("inf") if os.environ.get("NBGRADER_EXECUTION") == "autograde" else None"""


def grade_id(group: str) -> str:
    """The id of a group's grade cell: the same in every notebook that was ever made."""
    fit = _UNFIT.sub("_", group)
    return PREFIX + (fit if fit == group else f"{fit}-{hashlib.sha256(group.encode()).hexdigest()[:6]}")


def source(group: str, worth: float) -> str:
    """What stands in a grade cell."""
    return SOURCE.format(group=group, points=points(worth))


def metadata(group: str, worth: float) -> dict[str, Any]:
    """What makes a cell the grade cell of a group."""
    nbgrader = {
        "grade": True,
        "grade_id": grade_id(group),
        "locked": True,
        "points": worth,
        "schema_version": SCHEMA_VERSION,
        "solution": False,
        "task": False,
    }
    return {"nbgrader": nbgrader, "deletable": False, "editable": False}


def scores(result: Result, groups: Mapping[str, float]) -> dict[str, float]:
    """The points of `result` in each of `groups`; what was never run, such as an unreadable file, has none.

    Raises MachineryError for a result that has no score, and for one of another suite.
    """
    if result.score is None:
        raise MachineryError(
            f"{result.student} could not be graded: {result.message}",
            next_step="Nothing was written for this student. Run it again.",
        )
    earned: dict[str, list[float]] = {group: [] for group in groups}
    for test in result.tests:
        if test.group not in earned:
            raise MachineryError(
                f"{result.student}: the test {test.name} belongs to the group {test.group}, which is none of "
                f"the assignment's: {', '.join(groups)}.",
                next_step="Grade again: the hidden suite has changed since.",
            )
        earned[test.group].append(test.points)
    # Not more than the cell's points, which nbgrader refuses: shares of thirds do not add up exactly.
    return {group: min(math.fsum(parts), groups[group]) for group, parts in earned.items()}


def outputs(result: Result, groups: Mapping[str, float]) -> dict[str, list[dict[str, Any]]]:
    """The outputs of every group's grade cell: words for the student, and the number that nbgrader saves.

    The first cell begins with what concerns the whole submission. Raises as `scores` does.
    """
    scores_by_group = scores(result, groups)
    written: dict[str, list[dict[str, Any]]] = {}
    for number, (group, score) in enumerate(scores_by_group.items()):
        title = f"{group}: {points(score)} of {points(groups[group])} points"
        overview = feedback(result, tests=False) if number == 0 else ""
        text = "\n\n".join(
            filter(None, [overview, "\n".join(filter(None, [title, group_feedback(result, group)]))])
        )
        written[group] = [
            {"output_type": "stream", "name": "stdout", "text": text + "\n"},
            {
                "output_type": "execute_result",
                "execution_count": None,
                "metadata": {},
                "data": {"text/plain": repr(score)},
            },
        ]
    return written
