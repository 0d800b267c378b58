"""All that was found in a class, and how it is said: as sentences, as JSON, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.csv_tables import harmless
from grader.similar.compare import Match
from grader.similar.numbers import SharedNumbers
from grader.similar.programs import HandoutParts, StudentProgram

SCHEMA = "grader/similar/v1"
NOTE = "A place to look, and no verdict."


@dataclass(frozen=True)
class Similarities:
    """What was found. `numbers` is None where there are no results to look at.

    `compared` and `older` count the programs of the class and of older classes; `left_out` could not be compared.
    """

    assignment: str
    against: tuple[str, ...]
    compared: int
    older: int
    matches: tuple[Match, ...]
    numbers: tuple[SharedNumbers, ...] | None
    left_out: tuple[StudentProgram, ...]
    given: HandoutParts

    def wrong_numbers_of(self, match: Match) -> str:
        """The wrong numbers that the first two of a match share as well, in words; "" where there are none."""
        students = {program.student for program in match.programs[:2] if not program.course}
        shared = [pair for pair in self.numbers or () if set(pair.students) == students]
        return "; ".join(map(wrong_numbers, shared))

    def to_json(self, pages: Sequence[str]) -> dict[str, Any]:
        """The document similar.json. `pages`: for each match the file of its page, or ""."""
        return {
            "schema": SCHEMA,
            "note": NOTE,
            "assignment": self.assignment,
            "against": list(self.against),
            "compared": self.compared,
            "older": self.older,
            "matches": [
                {
                    "kind": match.kind,
                    "students": [
                        {"student": program.student, "class": program.course, "file": program.file}
                        for program in match.programs
                    ],
                    "shared": round(match.shared, 4),
                    "bits": round(match.bits, 1),
                    "page": page,
                }
                for match, page in zip(self.matches, pages, strict=True)
            ],
            "wrong_numbers": None
            if self.numbers is None
            else [
                {
                    "students": list(pair.students),
                    "clusters": [{"id": cluster, "students": count} for cluster, count in pair.clusters],
                    "bits": round(pair.bits, 1),
                }
                for pair in self.numbers
            ],
            "not_compared": [
                {"student": program.student, "class": program.course, "why": program.why_not}
                for program in self.left_out
            ],
        }

    def rows(self, pages: Sequence[str]) -> list[Sequence[str]]:
        """The table similar.csv: a row for each two."""
        rows: list[Sequence[str]] = [("student", "other", "kind", "shared", "bits", "page")]
        for match, page in zip(self.matches, pages, strict=True):
            first = match.programs[0]
            rows += [
                (
                    *(harmless(first.title), harmless(program.title), match.kind),
                    *(f"{match.shared:.2f}", f"{match.bits:.1f}", page),
                )
                for program in match.programs[1:]
            ]
        for pair in self.numbers or ():
            a, b = map(harmless, pair.students)
            rows.append((a, b, "the same wrong numbers", "", f"{pair.bits:.1f}", ""))
        return rows


def wrong_numbers(pair: SharedNumbers) -> str:
    """ "BiRNN-3f2a91c0 (2 of 300)"."""
    return ", ".join(f"{cluster} ({count} of {pair.of})" for cluster, count in pair.clusters)
