"""Clusters: students whose answers are alike and explained by no mistake, and the names that an instructor gives them.

`clusters.toml`, beside results.json, is the instructor's and never written by the grader:

    [BiRNN-3f2a91c0]
    name = "The lengths are those of the neighbour"
    sentence = "Which sample does each of the lengths belong to?"

Everybody in the cluster is told, on pages and in exports, as of any mistake. The file survives every regrading: answers
that are the same have the same cluster.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import CourseError
from grader.lazy_sequences import each
from grader.records import Counterexample, Diagnosis, Result
from grader.toml_table import Table, read

FILE = "clusters.toml"
BY_HAND = "by hand"


@dataclass(frozen=True)
class Cluster:
    """Students whose answers in one exercise are alike, and a counterexample that is good for all of them."""

    id: str
    exercise: str
    members: tuple[Result, ...]
    example: Counterexample | None


def clusters(results: Iterable[Result]) -> list[Cluster]:
    """The clusters of a class that have no name, the largest first; without what hung or ended the program."""
    members: dict[str, list[Result]] = {}
    for result in results:
        named = {
            function
            for diagnosis in result.diagnoses
            if diagnosis.certainty == BY_HAND
            for function in diagnosis.functions
        }
        for cluster in result.unexplained if result.status == "graded" else ():
            if cluster.rpartition("-")[0] not in named:
                members.setdefault(cluster, []).append(result)
    ranked = sorted(members, key=lambda cluster: (-len(members[cluster]), cluster))
    return [_cluster(id_, members[id_]) for id_ in ranked]


def _cluster(id_: str, members: Sequence[Result]) -> Cluster:
    exercise = id_.rpartition("-")[0]
    examples = [
        example for result in members for example in result.counterexamples if example.function == exercise
    ]
    return Cluster(id_, exercise, tuple(members), examples[0] if examples else None)


def entry(cluster: Cluster) -> str:
    """A proved repair of somebody in a cluster as an entry for mistakes.py, without its words; "" where there is none.

    The change is turned round: what the repair puts there is right, and what it takes away is the mistake. One that
    could be made in the reference comes first: it works as it stands. Nothing of a student's text can end a string or
    a comment: this is pasted into a program.
    """
    repairs = [
        repair
        for result in cluster.members
        for repair in result.repairs
        if repair.exercise == cluster.exercise and repair.side("+")
    ]
    for repair in repairs:
        if repair.edit:
            place, right, wrong = repair.edit
            return _entry(("`grader validate` proves the entry.",), cluster.exercise, place, right, wrong)
    for repair in repairs:
        comments = (
            "The two lines are a student's: write both as the reference does.",
            "Then `grader validate` proves the entry.",
        )
        right, wrong = (_without_idle_brackets(repair.side(sign)) for sign in "+-")
        return _entry(comments, cluster.exercise, cluster.exercise, right, wrong)
    return ""


def _entry(comments: Sequence[str], exercise: str, place: str, right: str, wrong: str) -> str:
    """A mistake as Python, to be pasted into a list."""
    rows = [
        *(f"# {comment}" for comment in comments),
        "Mistake(  # from grader.diagnose import Mistake",
        '    "a_name_of_your_own",',
        '    title="What the code does",',
        '    hint="What would you ask whoever wrote it?",',
        f"    edits={{{_quoted(place)}: ({_quoted(right)}, {_quoted(wrong)})}},",
    ]
    if place.split(".")[0] != exercise:
        rows.append(f"    exercise={{{_quoted(place)}: {_quoted(exercise)}}},")
    return "\n".join([*rows, "),"])


def _quoted(text: str) -> str:
    """A text as a program writes it, in double quotes where it holds none."""
    literal = ascii(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text else literal


def _without_idle_brackets(text: str) -> str:
    """A statement without brackets that change nothing, as an edit may have left them."""
    try:
        plain = ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return text
    return plain if re.sub(r"[()]", "", plain) == re.sub(r"[()]", "", text) else text


def with_given_names(folder: Path, results: Sequence[Result]) -> tuple[Sequence[Result], tuple[str, ...]]:
    """The results with the names of clusters.toml, and what to say of names that nobody is told.

    Raises CourseError when clusters.toml in `folder` is not as it must be.
    """
    path = folder / FILE
    names = _read(path)
    if not names:
        return results, ()
    present = {cluster for result in results for cluster in result.unexplained}
    gone = [cluster for cluster in names if cluster not in present]
    cautions = (
        (
            f"{path} names {', '.join(gone)}, in which nobody is now: answers or hidden tests have changed since, or "
            "what stands in brackets is mistyped. The class page (grader report) lists the clusters without a name.",
        )
        if gone
        else ()
    )
    return each(results, lambda result: _with_names(result, names)), cautions


def _with_names(result: Result, names: Mapping[str, Diagnosis]) -> Result:
    diagnoses: dict[str, Diagnosis] = {}
    for diagnosis in (names[cluster] for cluster in result.unexplained if cluster in names):
        before = diagnoses.get(diagnosis.id)
        functions = diagnosis.functions if before is None else (*before.functions, *diagnosis.functions)
        diagnoses[diagnosis.id] = replace(diagnosis, functions=functions)
    return replace(result, diagnoses=(*result.diagnoses, *diagnoses.values())) if diagnoses else result


def _read(path: Path) -> dict[str, Diagnosis]:
    if not path.exists():
        return {}
    table = Table(path, "", read(path))
    names: dict[str, Diagnosis] = {}
    first: dict[tuple[str, str], str] = {}  # the first cluster of those that are told the same: one mistake
    for cluster in table.values:
        exercise = cluster.rpartition("-")[0]
        if not exercise:
            raise CourseError(
                f"{path}: [{cluster}] is no cluster.",
                next_step="Copy the name of one from the class page, where it stands in the example of an entry.",
            )
        entry = table.table(cluster)
        name, sentence = entry.text("name"), entry.text("sentence")
        entry.nothing_left()
        id_ = first.setdefault((name, sentence), cluster)
        names[cluster] = Diagnosis(id_, name, sentence, (exercise,), BY_HAND)
    return names
