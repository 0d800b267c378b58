"""A number of full answers for each day: what is told beyond it is the total alone.

Every answer says which hidden tests pass, so that many of them say what the tests ask. `full_per_day` under [answers]
of assignment.toml is how many a student gets; whoever has had them is told the score and no more until the next day
(UTC). What counts is another file: the same one is answered in the same way, and what could not be read costs nothing.

Who was told what stands in full-answers.json, beside results.json. results.json itself holds everything: it is the
instructor's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.lazy_sequences import each
from grader.problems import Problem
from grader.records import Result, TestResult
from grader.records.field_types import misfit
from grader.text import clean, counted

FILE = "full-answers.json"
_COUNTED = ("graded", "timeout", "crashed")
_DIGITS = 9  # of a number that is typed
#: What reading a file raises that something else has written.
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Day:
    """What one student was told on the last day that there was something to tell: digests of files."""

    day: str
    full: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    most: int = 0


def updated_days(
    folder: Path, results: Iterable[Result], most: int, day: str, before: int = 0
) -> dict[str, Day]:
    """Who is told what, with those who were told something before.

    `before`: how many full answers the host knows to have been given on this day, where the folder is a new one.
    """
    days = _read(folder)
    for result in results:
        if result.status not in _COUNTED:
            continue
        entry = days.get(result.student)
        if entry is None or entry.day < day:
            entry = Day(day)
        elif entry.day > day:  # the clock was set back: what was told stays told, and counts for this day
            entry = replace(entry, day=day)
        if result.sha256 in entry.full:
            pass
        elif len(entry.full) + before < most:
            rest = tuple(other for other in entry.total if other != result.sha256)
            entry = replace(entry, full=(*entry.full, result.sha256), total=rest)
        else:
            entry = replace(entry, total=(*entry.total, result.sha256))
        days[result.student] = replace(entry, most=most)
    return days


def document(days: Mapping[str, Day]) -> str:
    """What full-answers.json holds."""
    return (
        json.dumps({student: vars(entry) for student, entry in days.items()}, ensure_ascii=False, indent=1)
        + "\n"
    )


def today() -> str:
    """The day that answers are counted on."""
    return datetime.now(timezone.utc).date().isoformat()


def with_totals_alone(folder: Path, results: Sequence[Result]) -> Sequence[Result]:
    """The results, those of which the total alone is told with the sentence that says so."""
    days = _read(folder)
    return each(results, lambda result: _marked(result, days.get(result.student))) if days else results


def total_alone(result: Result) -> Result:
    """What a student is told where something is withheld: the score, in the place of tests one line."""
    if not result.withheld or result.score is None:
        return result
    full = result.score >= result.max_score
    total = TestResult(
        *(
            "total",
            "The total of all hidden tests: the full answers of this day are given.",
            "total",
            result.score,
            result.max_score,
        ),
        outcome="passed" if full else "failed",
        message="" if full else result.withheld,
        problem=None if full else Problem("other"),
    )
    nothing: dict[str, Any] = dict.fromkeys(
        ("notes", "diagnoses", "counterexamples", "passed_over", "unexplained", "repairs"), ()
    )
    return replace(result, status="graded", tests=(total,), message="", problem=None, fault="", **nothing)


def caution_of_no_count(assignment: str, most: int, folder: Path) -> str:
    """What to say where nothing is known of earlier answers; "" where something is."""
    if (folder / FILE).is_file():
        return ""
    return (
        f"{assignment} gives {most} full answers for each day, and {folder} holds none of before. Where it is new for"
        " every run, and without --answers-before, nothing is withheld."
    )


def caution_of_damage(folder: Path) -> str:
    """What to say where earlier answers were counted, and the file cannot be read; "" where it can, or is not there."""
    path = folder / FILE
    if not path.is_file() or _entries(folder) is not None:
        return ""
    return (
        f"{path} is not as `grade` writes it, so earlier full answers are forgotten, and counting begins anew: nobody"
        " is told less than is their right."
    )


def earlier_answers(typed: str, day: str) -> int:
    """How many answers were given on a day: a number, or a file in which Gradescope lists the previous submissions.

    Raises UsageError for anything else.
    """
    if typed.isdecimal() and len(typed) <= _DIGITS:
        return int(typed)
    try:
        previous = json.loads(Path(typed).read_text(encoding="utf-8"))["previous_submissions"]
        times = [
            datetime.fromisoformat(entry["submission_time"].replace("Z", "+00:00")) for entry in previous
        ]
        days = [time.astimezone(timezone.utc).date().isoformat() for time in times]
    except (OSError, *_MALFORMED) as error:
        raise UsageError(
            f"--answers-before {clean(typed, 200)} is neither a number nor Gradescope's submission_metadata.json.",
            next_step="Type how many full answers were given today: --answers-before 2",
        ) from error
    return days.count(day)


def _marked(result: Result, day: Day | None) -> Result:
    if day is None or result.sha256 not in day.total or result.sha256 in day.full:
        return result
    answers = counted(day.most, "full answer")
    sentence = (
        f"You have had {answers} on {day.day} (UTC): this is the score alone. The next day there are more."
    )
    return replace(result, withheld=sentence)


def _read(folder: Path) -> dict[str, Day]:
    """What the file holds; nothing where there is none, or one that cannot be read: nobody is told less by a fault."""
    return _entries(folder) or {}


def _entries(folder: Path) -> dict[str, Day] | None:
    """What the file holds; None where there is none, or one that cannot be read."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        days = {
            student: Day(str(entry["day"]), tuple(entry["full"]), tuple(entry["total"]), int(entry["most"]))
            for student, entry in data.items()
        }
    except (OSError, *_MALFORMED):
        return None
    return None if any(map(misfit, days.values())) else days
