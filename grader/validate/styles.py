"""What suites written as other courses write theirs would let through: our mistakes against a style.

A style belongs to the course: `styles(assignment)` of tests/hidden/shared/styles.py gives each by its name, a function
of `student` and `reference` that raises where an answer does not pass.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.assignments import Assignment, Course, load
from grader.diagnose.mistakes import apply, load_mistakes, load_shared
from grader.errors import CourseError
from grader.subject.harness import read
from grader.subject.proxy import Module
from grader.subject.reference import ReferenceSubject
from grader.subject.subjects import LocalSubject
from grader.suite.inputs import use_course_seed
from grader.validate.single import variants_by_label

Style = Callable[[Any, Any], None]


@dataclass(frozen=True)
class LetThrough:
    """Which ways of an assignment's mistakes pass a suite of one style; `ways` counts all of them, by mistake."""

    assignment: str
    style: str
    ways: Mapping[str, int]
    passing: Mapping[str, int]

    @property
    def unseen(self) -> list[str]:
        """The mistakes of which no way is seen."""
        return [name for name, count in self.ways.items() if self.passing.get(name, 0) == count]


def let_through(course: Course, names: Sequence[str], kinds: Sequence[str]) -> Iterator[LetThrough]:
    """Run every way of every mistake of the assignments against the styles named.

    Raises CourseError when the course has no styles, has none of a name, or when one fails the reference.
    """
    for name in names:
        assignment = load(course, name)
        use_course_seed(course.seed)
        measured = _styles(assignment)
        for style in kinds:
            if style not in measured:
                raise CourseError(
                    f"{assignment.shared / 'styles.py'} has no style {style!r}.",
                    next_step=f"Styles: {', '.join(measured)}.",
                )
        yield from _against(assignment, {style: measured[style] for style in kinds})


def show(results: Sequence[LetThrough]) -> None:
    """Print how many mistakes each style lets through, and which of them it sees in no way."""
    widths = [max(map(len, column)) for column in zip(*((row.assignment, row.style) for row in results))]
    for row in results:
        total, passing = sum(row.ways.values()), sum(row.passing.values())
        print(
            f"{row.assignment:{widths[0]}}  {row.style:{widths[1]}}  lets through {passing} of {total} ways;"
            f" {len(row.unseen)} of {len(row.ways)} mistakes whole"
        )
    for row in results:
        print(f"\n{row.assignment} as {row.style} lets through whole:")
        print(
            textwrap.fill(
                ", ".join(row.unseen) or "nothing", 100, initial_indent="  ", subsequent_indent="  "
            )
        )


def _styles(assignment: Assignment) -> Mapping[str, Style]:
    module = load_shared(assignment, "styles")
    styles = getattr(module, "styles", None)
    if styles is None:
        raise CourseError(
            f"There is no function styles in {assignment.shared / 'styles.py'}.",
            next_step="Write styles(assignment): a dict of functions of student and reference, by name.",
        )
    measured: Mapping[str, Style] = styles(assignment.name)
    return measured


def _against(assignment: Assignment, styles: Mapping[str, Style]) -> Iterator[LetThrough]:
    text = assignment.solution.read_text(encoding="utf-8")
    harness = read(assignment)
    reference = Module(ReferenceSubject(assignment.name, text, assignment.harness_source), harness)
    variants = variants_by_label(load_mistakes(assignment)).values()
    counts: dict[str, int] = {}
    passing: dict[str, dict[str, int]] = {style: {} for style in styles}
    for style, check in styles.items():
        fault = _fault(check, _subject(assignment, text), reference)
        if fault is not None:
            raise CourseError(f"{assignment.shared / 'styles.py'}: {style} fails the reference: {fault!r}")
    for variant in variants:
        name = variant.mistake.id
        counts[name] = counts.get(name, 0) + 1
        source = apply(text, [variant])
        for style, check in styles.items():
            if _fault(check, _subject(assignment, source), reference) is None:
                passing[style][name] = passing[style].get(name, 0) + 1
    for style in styles:
        yield LetThrough(assignment.name, style, counts, passing[style])


def _subject(assignment: Assignment, source: str) -> Module:
    """A program of the course's own, in this process: the reference or a mistake, never a submission."""
    return Module(LocalSubject(assignment.name, source, assignment.harness_source), read(assignment))


def _fault(check: Style, student: Module, reference: Module) -> Exception | None:
    """What a style raises for an answer that does not pass; None when it passes."""
    for module in (student, reference):
        module.start_item(0)
    try:
        check(student, reference)
    # Whatever a mistake raises fails the suite, as it does in pytest.
    except Exception as error:
        return error
    return None
