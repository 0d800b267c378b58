"""What all claims share: the proof of a claim, a part of the run, and the table that is printed at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.records import Chunk, Result, Submission


@dataclass(frozen=True)
class Proof:
    """One claim about an assignment, and what speaks against it (nothing, when it holds).

    `count` is how many programs or tests the claim was tried on; `remarks` are said even when it holds.
    """

    assignment: str
    claim: str
    count: int
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the claim was tried at all, and nothing speaks against it."""
        return self.count > 0 and not self.problems


class ClaimGroup(Protocol):
    """Some claims: the programs they need graded, and the proofs that the results give."""

    @property
    def sources(self) -> Mapping[str, str]:
        """The programs by name."""

    def proofs(self, results: Mapping[str, Result]) -> list[Proof]:
        """The proofs, from the result of every program of `sources` by its name."""


def submission(name: str, source: str) -> Submission:
    """A program as if a student called `name` had handed it in."""
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Submission(student=name, file=name, sha256=digest, chunks=(Chunk(source),))


def is_full(result: Result) -> bool:
    """Whether a result has full marks."""
    return result.status == "graded" and result.score == result.max_score


def outcome(result: Result) -> str:
    """What became of a program, in a few words."""
    named = ", ".join(
        f"{diagnosis.id} ({diagnosis.certainty}) in {' and '.join(diagnosis.functions)}"
        for diagnosis in result.diagnoses
    )
    score = "no score" if result.score is None else f"{result.score:g} of {result.max_score:g}"
    outcome = f"diagnosed as {named}" if named else "not diagnosed"
    return f"{result.status}, {score}, {outcome}{f'. {result.fault}' if result.fault else ''}"


def show(proofs: Sequence[Proof]) -> bool:
    """Print the proofs as a table; True when all hold."""
    from rich.markup import escape
    from rich.table import Table

    from grader.summary import output

    console = output()
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("assignment", "claim", "of", "holds"):
        rows.add_column(column)
    for proof in proofs:
        holds = "[green]yes[/]" if proof.holds else "[bold red]no[/]"
        rows.add_row(proof.assignment, proof.claim, str(proof.count), holds)
    console.print(rows)
    for proof in proofs:
        untried = () if proof.count else (f"{proof.claim}: there was nothing to try it on",)
        for line in (*proof.remarks, *untried, *proof.problems):
            console.print(f"{proof.assignment}: {escape(line)}", soft_wrap=True)
    return all(proof.holds for proof in proofs)
