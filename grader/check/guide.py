"""checks.toml beside the visible checks: which points each check stands for, and its ladder of hints.

`grader build` writes it from solutions/<a>/checks.toml and the points of assignment.toml. The checks run without it;
then there is no progress in points and no hint. A file that a student has damaged is a note, never a failure.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.assignments import Limits
from grader.errors import CourseError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAME = "checks.toml"
USUAL_SECONDS = Limits.statement_seconds
KEYS = {"group", "exercise", "hints"}


@dataclass(frozen=True)
class CheckEntry:
    """One check: the group of points and the exercise it looks at, and its hints, from vague to plain."""

    group: str
    exercise: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Grading:
    """How a file is graded, where that is not the usual.

    `modules` may be imported beside Python's own, numpy and torch; `given` come with the hand-out; a statement at the
    top may take `statement_seconds`. `watch` are names of libraries that the exercise asks to write oneself, `rule`
    says so, and calling them costs points of `costs`.
    """

    modules: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    statement_seconds: float = USUAL_SECONDS
    watch: tuple[str, ...] = ()
    rule: str = ""
    costs: tuple[str, ...] = ()

    def to_toml(self) -> str:
        """The table [grading], of what is not the usual; empty where all of it is."""
        rows = {
            "modules": list(self.modules),
            "given": list(self.given),
            "statement_seconds": None if self.statement_seconds == USUAL_SECONDS else self.statement_seconds,
            "watch": list(self.watch),
            "rule": self.rule,
            "costs": list(self.costs),
        }
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in rows.items() if value]
        return f"\n[grading]\n{''.join(lines)}" if lines else ""


@dataclass(frozen=True)
class Guide:
    """What is known of the checks. `points` are those of the groups; `problem` says why it is empty."""

    points: Mapping[str, float] = field(default_factory=dict)
    checks: Mapping[str, CheckEntry] = field(default_factory=dict)
    problem: str = ""
    grading: Grading = field(default_factory=Grading)

    def stands_for(self, passed: Collection[str]) -> float:
        """The points that these checks stand for: a group's are shared out evenly over the checks that look at it."""
        total = 0.0
        for group, points in self.points.items():
            looking = [name for name, entry in self.checks.items() if entry.group == group]
            if looking:
                total += points * sum(name in passed for name in looking) / len(looking)
        return total

    @property
    def unseen(self) -> tuple[str, ...]:
        """The groups that no visible check looks at."""
        reached = {entry.group for entry in self.checks.values()}
        return tuple(group for group in self.points if group not in reached)


def read(path: Path) -> Guide:
    """The guide at `path`; an empty one, with its problem, where there is none that can be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Guide()
    except (OSError, UnicodeDecodeError) as error:
        return Guide(
            problem=f"{path.name} cannot be read ({type(error).__name__}), so points and hints are left out."
        )
    try:
        table = tomllib.loads(text)
        points = {str(group): float(value) for group, value in table.get("points", {}).items()}
        return Guide(points, entries(table), grading=_grading(table.get("grading", {})))
    except (ValueError, TypeError, AttributeError, KeyError):
        return Guide(problem=f"{path.name} is damaged, so points and hints are left out.")


def _grading(table: Mapping[str, Any]) -> Grading:
    return Grading(
        tuple(map(str, table.get("modules", ()))),
        tuple(map(str, table.get("given", ()))),
        float(table.get("statement_seconds", Grading.statement_seconds)),
        tuple(map(str, table.get("watch", ()))),
        str(table.get("rule", "")),
        tuple(map(str, table.get("costs", ()))),
    )


def entries(table: Mapping[str, Any]) -> dict[str, CheckEntry]:
    """The checks of a table as it stands in the file; raises KeyError, TypeError or AttributeError if it is none."""
    return {
        name: CheckEntry(str(value["group"]), str(value["exercise"]), tuple(map(str, value["hints"])))
        for name, value in table["checks"].items()
    }


def shipped(
    text: str,
    file: Path,
    points: Mapping[str, float],
    exercises: Collection[str],
    checks: Collection[str],
    grading: Grading | None = None,
) -> str:
    """Return what students get of an author's checks.toml.

    `text` is what the author wrote in `file`. The `points` of assignment.toml are put before it, and after them
    how grading loads a file. Raises CourseError unless it holds exactly the visible `checks`, each with a group of
    `points`, one of the `exercises`, and hints.
    """
    table, entry_of = _parse(text, file)
    for name, entry in entry_of.items():
        unknown = set(table["checks"][name]) - KEYS
        if name not in checks:
            raise _fault(file, f"there is no visible check {name}", f"The checks are: {', '.join(checks)}.")
        if unknown:
            keys = f"The keys are: {', '.join(sorted(KEYS))}."
            raise _fault(file, f"{name} has the key {min(unknown)}", keys)
        if entry.group not in points:
            groups = f"The groups are: {', '.join(points)}."
            raise _fault(file, f"{name} names the group {entry.group!r}", groups)
        if entry.exercise not in exercises:
            names = f"They are: {', '.join(exercises)}."
            raise _fault(file, f"{name} names the exercise {entry.exercise!r}", names)
        if not entry.hints or not all(hint.strip() for hint in entry.hints):
            next_step = "Write at least one: what to look at first."
            raise _fault(file, f"{name} has an empty hint, or none", next_step)
    for name in checks:
        if name not in entry_of:
            raise _fault(file, f"nothing is said about the check {name}", f"Add [checks.{name}].")
    head = (
        "# Read by `grader check`: what each visible check stands for, and its hints (grader check --hint).\n"
    )
    rows = "".join(f"{group} = {value:g}\n" for group, value in points.items())
    own = text[text.index("[checks.") :]  # what the author says before it is not for students
    return f"{head}\n[points]\n{rows}{(grading or Grading()).to_toml()}\n{own.strip()}\n"


def _parse(text: str, file: Path) -> tuple[dict[str, Any], dict[str, CheckEntry]]:
    """The table of an author's checks.toml, and its entries by check. Raises CourseError for what is none."""
    try:
        table = tomllib.loads(text)
        entry_of = entries(table)
    except tomllib.TOMLDecodeError as error:
        raise _fault(file, f"not valid TOML: {error}", f"Correct {file}.") from error
    except (KeyError, TypeError, AttributeError) as error:
        example = '[checks.test_name], then group = "…", exercise = "…", hints = ["…"]'
        fault = f"an entry is not as it must be ({error!r})"
        raise _fault(file, fault, f"Write for each check: {example}.") from error
    if set(table) != {"checks"}:
        fault = f"it holds {', '.join(table)}; expected nothing but checks"
        raise _fault(file, fault, "Points are taken from assignment.toml.")
    return table, entry_of


def _fault(file: Path, fault: str, next_step: str) -> CourseError:
    return CourseError(f"{file}: {fault}.", next_step=next_step)
