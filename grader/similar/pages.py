"""Matches → HTML: a summary, and for each match the two sources side by side with the passages that both have.

How pages look is in templates/ and in those of `grader.report`, which escape everything. No script runs in them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from grader.messages.layout import as_it_is
from grader.report import pages as report
from grader.similar.compare import MUCH_THE_SAME, Match
from grader.similar.findings import Similarities, wrong_numbers
from grader.similar.passages import passages
from grader.similar.programs import StudentProgram
from grader.text import clean

TEMPLATES = Path(__file__).parent / "templates"
MOST_PAGES = 300
MOST_LINES = 2000
_WIDEST = 300


def summary_page(findings: Similarities, links: Sequence[str]) -> str:
    """The page to begin with. `links`: for each match the file of its page, or "" where it has none."""
    return _render(
        "summary.html",
        title=f"{findings.assignment}: similar code",
        found=findings,
        matches=[
            {
                "names": [program.title for program in match.programs],
                "kind": match.kind,
                "percent": round(100 * match.shared),
                "bits": round(match.bits),
                "wrong": findings.wrong_numbers_of(match),
                "page": link,
            }
            for match, link in zip(findings.matches, links, strict=True)
        ],
        unpaged=sum(not link for link in links),
        most=MOST_PAGES,
        graded=findings.numbers is not None,
        numbers=[
            {"students": pair.students, "clusters": wrong_numbers(pair), "bits": round(pair.bits)}
            for pair in findings.numbers or ()
        ],
        left_out=[(program.title, program.why_not) for program in findings.left_out],
    )


def pair_page(findings: Similarities, match: Match) -> str:
    """The page of a match: its first two programs."""
    left, right = match.programs[:2]
    same = passages(left, right, findings.given)
    sentence = f"{match.kind[:1].upper()}{match.kind[1:]}."
    if match.kind == MUCH_THE_SAME:
        sentence = (
            f"{round(100 * match.shared)} % of the smaller program stands in the other as well. What was handed out is"
            " left out, and what is unusual counts more."
        )
    return _render(
        "pair.html",
        title=f"{left.title} and {right.title}",
        sentence=sentence,
        others=[program.title for program in match.programs[2:]],
        wrong=findings.wrong_numbers_of(match),
        sides=[
            _side(left, [program.left for program in same], "a", "b"),
            _side(right, [program.right for program in same], "b", "a"),
        ],
    )


def _side(program: StudentProgram, same: Sequence[tuple[int, int]], mine: str, other: str) -> dict[str, Any]:
    """A program as its page shows it: each line with the passage that it is in."""
    passage_of: dict[int, int] = {}
    for number, (first, last) in enumerate(same):
        for line in range(first, last + 1):
            passage_of.setdefault(line, number)
    begins = {first: number for number, (first, _) in reversed([*enumerate(same)])}
    heads = dict(program.heads)
    rows = []
    number = 0
    for place, text in enumerate(program.lines[:MOST_LINES]):
        number = 1 if place in heads else number + 1
        passage = passage_of.get(place)
        begun = begins.get(place)
        rows.append(
            {
                "head": heads.get(place, ""),
                "number": number,
                "text": as_it_is(text, _WIDEST),
                "kind": "" if passage is None else "same" if passage % 2 == 0 else "same even",
                "id": "" if begun is None else f"{mine}{begun}",
                "to": "" if begun is None else f"{other}{begun}",
                "passage": "" if begun is None else _letters(begun),
            }
        )
    return {
        "title": program.title,
        "file": program.file,
        "lines": rows,
        "more": max(0, len(program.lines) - MOST_LINES),
    }


def _letters(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES, report.TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "".join(
        path.read_text(encoding="utf-8")
        for path in (report.TEMPLATES / "style.css", TEMPLATES / "similar.css")
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.filters.update(prose=report.prose, name=report.shown_name, clean=clean)
    # A page without a script allows none: this is the hash of an empty one.
    nothing = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    environment.globals.update(
        style=Markup(style), style_hash=f"sha256-{digest}", script_hash=f"sha256-{nothing}"
    )
    return environment
