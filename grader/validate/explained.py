"""What an author says about the exceptions: tests/hidden/<a>/surviving.toml and tests/hidden/<a>/unnamed_pairs.toml.

    [[mutant]]                         # surviving.toml
    in = "RNNCell.__init__"
    line = "bound = 1 / math.sqrt(hidden_size)"
    mutated = ["bound = 2 / math.sqrt(hidden_size)"]
    why = "…"

    [[pair]]                           # unnamed_pairs.toml
    mistakes = ["no_tanh in rnn_cell_forward", "no_bias in rnn_cell_forward (2)"]
    why = "…"

    [[triple]]                         # the same with three mistakes

Every exception has its reason, and `grader validate` fails on one that is an exception no more.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.assignments import Assignment
from grader.errors import CourseError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class ExplainedMutant:
    """A mutated line that the suite does not fail, and why that is right."""

    path: Path
    place: str
    line: str
    mutated: str
    why: str


@dataclass(frozen=True)
class ExplainedSet:
    """Two or three mistakes, by their names in the printed table, that are not named together, and why."""

    path: Path
    labels: tuple[str, ...]
    why: str


def explained_mutants(assignment: Assignment) -> list[ExplainedMutant]:
    """The entries of surviving.toml. Raises CourseError when it is not as it must be."""
    path = assignment.hidden / "surviving.toml"
    entries = []
    for entry in _entries(path, "mutant", {"in": str, "line": str, "mutated": list, "why": str}):
        entries += [
            ExplainedMutant(path, entry["in"], entry["line"], mutated, entry["why"])
            for mutated in entry["mutated"]
        ]
    return entries


def explained_pairs(assignment: Assignment) -> list[ExplainedSet]:
    """The pairs of unnamed_pairs.toml. Raises CourseError when it is not as it must be."""
    return _explained_sets(assignment, "pair", 2)


def explained_triples(assignment: Assignment) -> list[ExplainedSet]:
    """The sets of three of unnamed_pairs.toml. Raises CourseError when it is not as it must be."""
    return _explained_sets(assignment, "triple", 3)


def _explained_sets(assignment: Assignment, name: str, size: int) -> list[ExplainedSet]:
    path = assignment.hidden / "unnamed_pairs.toml"
    entries = []
    for entry in _entries(path, name, {"mistakes": list, "why": str}, beside=("pair", "triple")):
        if len(entry["mistakes"]) != size:
            raise CourseError(
                f"{path}: a {name} has {len(entry['mistakes'])} mistakes ({entry['mistakes']}); expected {size}.",
                next_step=f"Correct {path}.",
            )
        entries.append(ExplainedSet(path, tuple(map(str, entry["mistakes"])), entry["why"]))
    return entries


def _entries(
    path: Path, name: str, kinds: dict[str, type], beside: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """The tables [[name]] of a file, checked; none when there is no file. Those `beside` may be in it as well."""
    if not path.exists():
        return
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}.", next_step=f"Correct {path}.") from error
    expected = f"[[{name}]] with {', '.join(kinds)}"
    if set(whole) - {name, *beside}:
        raise CourseError(
            f"{path}: {', '.join(sorted(set(whole) - {name, *beside}))} found, {expected} expected."
        )
    for entry in whole.get(name, []):
        right = isinstance(entry, dict) and set(entry) == set(kinds)
        if not right or not all(isinstance(entry[key], kind) and entry[key] for key, kind in kinds.items()):
            raise CourseError(f"{path}: {entry} found, {expected}, none of them empty, expected.")
        yield entry
