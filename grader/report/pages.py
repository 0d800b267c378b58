"""Records → HTML. What is shown is chosen here; how it looks is in templates/, which escape everything.

Words for students come from `grader.messages`. A page for students holds nothing of anyone else, no name of a
hidden test and nothing that the machinery said about itself.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import jinja2
from markupsafe import Markup, escape

from grader.clusters import Cluster, clusters, entry
from grader.messages import advice, examples, page, repairs
from grader.messages.cost import lost_points
from grader.messages.layout import as_it_is
from grader.records import Counterexample, Result, StudentSource, TestResult
from grader.report import measures
from grader.report.code import Line, code
from grader.report.grid import grids
from grader.report.outlines import outlines
from grader.report.roll import NOTHING, UNCERTAIN, Roll, RollRow, without_roster
from grader.run.store import GradedClass
from grader.summary import tally
from grader.text import clean, points

TEMPLATES = Path(__file__).parent / "templates"
MOST_TESTS = 6  # sentences under what points were lost for; the table below them has all
MOST_DIFF = 40  # lines of a change
MANY = 12  # names in one place that are folded away
LONGEST_WHY = 140
BAR_WIDTH, BAR_HEIGHT = 56, 120  # of the histogram, in its own units

#: Where a list of tests would be a list of nothing but failures, none of which says anything.
UNTESTED = ("unreadable", "not_attempted", "not_graded")
#: What an outcome is called on a page, with a sign that does not need colour.
OUTCOMES = {
    "passed": "✓ holds",
    "failed": "✗ does not hold",
    "error": "✗ no answer",
    "skipped": "– not asked",
}


def class_page(graded: GradedClass, links: Mapping[str, str], roll: Roll | None = None) -> str:
    """The page of the class. `links`: from a student to the file of their page, relative to this one."""
    results = outlines(graded)
    reasons = {result.student: _why(result) for result in graded.results}
    roll = roll or without_roster(results)
    values = measures.scores(results)
    tests = measures.tests(results)
    places = {test.name: place for place, test in enumerate(tests)}
    lost = {result.student: _lost_tests(result, places) for result in results}
    return _render(
        "class.html",
        title=f"{graded.assignment}: the class",
        graded=graded,
        results=results,
        links=links,
        tally=tally(results),
        spread=measures.spread(values),
        full=sum(value >= graded.max_score - 1e-9 for value in values),
        scored=len(values),
        bars=_bars(measures.distribution(values, graded.max_score)),
        rows=list(_rows(roll, reasons, lost)),
        statuses=_statuses(results, roll),
        roll=roll,
        names=roll.names,
        nothing=NOTHING,
        uncertain=UNCERTAIN,
        tests=tests,
        groups=measures.groups(results),
        tested=len(measures.tested(results)),
        adjusted=_adjusted_students(graded, results),
        few=measures.FEW,
        many=MANY,
        mistakes=measures.mistakes(results),
        unnamed=measures.unnamed(results),
        clusters=[_cluster(cluster) for cluster in clusters(results)],
        script=_script(),
    )


def _rows(
    roll: Roll, reasons: Mapping[str, str], lost: Mapping[str, str]
) -> Iterator[tuple[RollRow, Result | None, str, str]]:
    """Everyone of the course with their result, why it is what it is, and the tests that lost points."""
    for person in roll.entries:
        student = person.result.student if person.result is not None else ""
        yield person, person.result, reasons.get(student, ""), lost.get(student, "")


def _statuses(results: Sequence[Result], roll: Roll) -> list[str]:
    """What the table of the class can be narrowed to."""
    unseen = [NOTHING] if any(entry.result is None for entry in roll.absent) else []
    return [*sorted({result.status for result in results}), *unseen, *([UNCERTAIN] if roll.uncertain else [])]


def _adjusted_students(graded: GradedClass, results: Sequence[Result]) -> set[str]:
    """The students whose score the instructor's adjustments have changed."""
    pairs = zip(graded.unadjusted, results) if graded.adjusted else ()
    return {before.student for before, after in pairs if before.score != after.score}


def student_page(
    graded: GradedClass,
    result: Result,
    source: StudentSource | None = None,
    *,
    name: str = "",
    back: str = "",
    before: str = "",
    after: str = "",
    for_students: bool,
) -> str:
    """The page of one student. `source`: the program that was graded, where it is kept; `name`: the real one, if it is
    known; `back`, `before`, `after`: links to the class and to neighbours, or "".
    """
    silent = result.status == "not_attempted" or (for_students and result.status == "not_graded")
    return _render(
        "student.html",
        title=f"{name or shown_name(result.student)}: {graded.assignment}",
        name=name,
        graded=graded,
        result=result,
        back=back,
        before=before,
        after=after,
        for_students=for_students,
        headline=page.headline(result),
        message="" if silent else result.message,
        undefined=page.undefined(result),
        diagnoses=list(page.diagnosis_groups(result.diagnoses)),
        examples=list(map(_example, result.counterexamples)),
        lines=repairs.sentences(result),
        changes=[]
        if for_students
        else [(clean(fix.exercise, 80), diff_lines(fix.diff)) for fix in result.repairs if fix.diff],
        next_step=advice.next_step(result),
        lost=lost_points(result, MOST_TESTS),
        groups=_groups(result.tests) if result.status not in UNTESTED else {},
        outcomes=OUTCOMES,
        code=code(source, result) if source is not None and source.chunks else None,
        is_kept=source is not None,
        file=PurePath(result.file).name if for_students else result.file,
    )


def plain_page(graded: GradedClass, result: Result, *, name: str = "", back: str = "") -> str:
    """The page of a student whose own one cannot be made: the score, and that it stands."""
    return _render(
        "plain.html",
        title=f"{name or shown_name(result.student)}: {graded.assignment}",
        graded=graded,
        result=result,
        name=name,
        back=back,
    )


def _example(example: Counterexample) -> dict[str, Any]:
    """A counterexample as a student's page shows it; `sentences` where its outcome need not keep its columns."""
    outcome = examples.outcome(example)
    return {
        "title": examples.title(example),
        "cause": examples.cause(example),
        "call": "\n".join(examples.call(example)),
        "outcome": "\n".join(outcome),
        "sentences": [] if examples.is_aligned(example) else outcome,
        "grids": grids(example),
    }


def _cluster(cluster: Cluster) -> dict[str, Any]:
    """A cluster as the class page shows it: who is in it, and the small call that shows what they have in common."""
    example = cluster.example
    return {
        "id": cluster.id,
        "exercise": cluster.exercise,
        "members": cluster.members,
        "made": sorted(
            {
                diagnosis.title
                for member in cluster.members
                for diagnosis in member.diagnoses
                if cluster.exercise in diagnosis.functions
            }
        ),
        "entry": entry(cluster),
        "title": examples.title(example) if example else "",
        "call": "\n".join(examples.call(example)) if example else "",
        "outcome": "\n".join(examples.outcome(example)) if example else "",
    }


def diff_lines(diff: str) -> list[tuple[str, str]]:
    """The lines of a change, each with what it is: "out", "in", "head" or "" for one that stays."""
    kinds = {"-": "out", "+": "in", "@": "head"}
    return [(kinds.get(line[:1], ""), as_it_is(line, 200)) for line in diff.splitlines()[:MOST_DIFF]]


def shown_name(student: str) -> str:
    """A student's name, fit to be shown."""
    return clean(student, 80) or "(a name without letters)"


def _why(result: Result) -> str:
    return clean(advice.why(result), LONGEST_WHY)


def _lost_tests(result: Result, places: Mapping[str, int]) -> str:
    """The places of the tests that cost this student points, for the script that shows who they are."""
    lost = {test.name.partition("[")[0] for test in result.tests if test.points < test.max_points - 1e-9}
    return " ".join(str(places[name]) for name in places if name in lost)


def _bars(bins: Sequence[measures.Bin]) -> list[dict[str, Any]]:
    """The histogram's bars: where each stands in the picture, and what it says."""
    most = max((bar.count for bar in bins), default=0)
    return [
        {
            "x": number * BAR_WIDTH,
            "height": round(BAR_HEIGHT * bar.count / most, 1) if most else 0,
            "low": points(bar.low),
            "high": points(bar.high),
            "last": number == len(bins) - 1,
            "count": bar.count,
        }
        for number, bar in enumerate(bins)
    ]


def _groups(tests: Sequence[TestResult]) -> dict[str, list[dict[str, Any]]]:
    """The tests by group, each with its cases together."""
    groups: dict[str, dict[str, list[TestResult]]] = {}
    for test in tests:
        groups.setdefault(test.group, {}).setdefault(test.name.partition("[")[0], []).append(test)
    return {
        group: [
            {
                "name": name,
                "sentence": cases[0].sentence,
                "outcome": next((case.outcome for case in cases if case.outcome != "passed"), "passed"),
                "passed": sum(case.outcome == "passed" for case in cases),
                "cases": len(cases),
                "points": sum(case.points for case in cases),
                "max_points": sum(case.max_points for case in cases),
                "carried": any(case.carried_forward for case in cases),
                "failing": [case.name for case in cases if case.outcome != "passed"],
            }
            for name, cases in members.items()
        ]
        for group, members in groups.items()
    }


def prose(text: str, limit: int = 900) -> Markup:
    """A text as HTML: what stands between backticks is code; everything is escaped."""
    pieces = clean(text, limit).split("`")
    if len(pieces) % 2 == 0:  # a backtick without its partner is only a backtick
        pieces[-2:] = ["`".join(pieces[-2:])]
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def marked(text: str) -> Markup:
    """Lines with >these< entries marked: the signs stay, for who sees no colour."""
    pieces = re.split(r"(>-?(?:[\d.]+|nan|inf)<)", text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests.update(line=lambda row: isinstance(row, Line))
    environment.filters.update(points=points, prose=prose, marked=marked, name=shown_name, clean=clean)
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment.globals.update(style=Markup(style), style_hash=_hash(style), script_hash=_hash(_script()))
    return environment


@cache
def _script() -> Markup:
    return Markup((TEMPLATES / "class.js").read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    """A source as Content-Security-Policy names it: nothing else of a page is applied or run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
