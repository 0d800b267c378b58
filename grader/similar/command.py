"""What `grader similar` does: read the classes, compare, write the pages. It decides nothing about anybody."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import assignments
from grader.assignments import Assignment, Course
from grader.csv_tables import BOM, csv_text
from grader.errors import UsageError
from grader.handouts import handout
from grader.records import Chunk, Submission
from grader.report.site import kind_of_pages, replace_pages
from grader.run.store import GradedClass, read_of
from grader.similar.compare import ComparedPrograms
from grader.similar.findings import NOTE, Similarities
from grader.similar.numbers import SharedNumbers, shared_numbers
from grader.similar.pages import MOST_PAGES, pair_page, summary_page
from grader.similar.programs import HandoutParts, StudentProgram, given_by, program
from grader.submissions import Handout, read_submissions
from grader.text import clean

KIND = "pages on similar code"


@dataclass(frozen=True)
class SimilarRequest:
    """What was typed."""

    course: Course
    assignment: str
    submissions: Path
    against: tuple[Path, ...] = ()
    results: Path | None = None
    to: Path | None = None


def run(request: SimilarRequest, say: Callable[[str], None]) -> Similarities:
    """Carry out the command; `say` writes a line to standard error. Raises UsageError and CourseError."""
    assignment = assignments.load(request.course, request.assignment)
    to = request.to or Path("similar") / assignment.name
    kind = kind_of_pages(to)
    if kind not in ("", KIND):
        raise UsageError(
            f"{to} holds other pages: {clean(kind, 60)}.", next_step="Name another folder: --to DIR"
        )
    graded = None if request.results is None else read_of(request.results, assignment.name)
    findings = similarities(request, assignment, graded)
    if not findings.compared:
        raise UsageError(
            f"{request.submissions} holds no program of {assignment.name} that could be compared.",
            next_step=f"Name what was handed in: grader similar SUBMISSIONS --assignment {assignment.name}",
        )
    pages = [f"pairs/{number:03}.html" for number in range(1, min(len(findings.matches), MOST_PAGES) + 1)]
    pages += [""] * (len(findings.matches) - len(pages))

    def fill(folder: Path) -> None:
        (folder / "index.html").write_text(summary_page(findings, pages), encoding="utf-8", newline="\n")
        (folder / "pairs").mkdir()
        for match, page in zip(findings.matches, pages):
            if page:
                (folder / page).write_text(pair_page(findings, match), encoding="utf-8", newline="\n")
        document = json.dumps(findings.to_json(pages), ensure_ascii=False, indent=1)
        (folder / "similar.json").write_text(document + "\n", encoding="utf-8", newline="\n")
        (folder / "similar.csv").write_text(
            BOM + csv_text(findings.rows(pages)), encoding="utf-8", newline="\n"
        )

    replace_pages(to, KIND, fill)
    for line in _summary(findings, to):
        print(line)
    if graded is not None:
        for caution in graded.cautions:
            say(caution)
    return findings


def similarities(request: SimilarRequest, assignment: Assignment, graded: GradedClass | None) -> Similarities:
    """Read the classes and compare; writes nothing."""
    given_out = handout(request.course, assignment)
    known_code = given_by(given_out, tuple(_handed_out(assignment)))
    programs: list[StudentProgram] = []
    for path, name in _classes(request):
        programs += [
            program(submission, name, known_code.names)
            for submission in _submissions(path, name, assignment.name, given_out)
        ]
    of_the_class = ComparedPrograms(programs, known_code, _usual(assignment, known_code))
    numbers: tuple[SharedNumbers, ...] | None = None
    if graded is not None:
        numbers = tuple(shared_numbers(graded.results))
    compared = [entry for entry in programs if entry.units]
    return Similarities(
        assignment=assignment.name,
        against=tuple(name for _, name in _classes(request) if name),
        compared=sum(not entry.course for entry in compared),
        older=sum(bool(entry.course) for entry in compared),
        matches=tuple(of_the_class.matches()),
        numbers=numbers,
        left_out=tuple(entry for entry in programs if not entry.units and not entry.course),
        given=known_code,
    )


def _submissions(path: Path, older: str, assignment: str, given_out: Handout) -> list[Submission]:
    """What a class handed in. Raises UsageError, with what to type for this command, where a path is of no use."""
    try:
        return read_submissions(path, assignment, given_out)
    except UsageError as error:
        a_class = "<folder, file or zip of submissions>"
        place = f"SUBMISSIONS --assignment {assignment} --against {a_class}"
        if not older:
            place = f"{a_class} --assignment {assignment}"
        raise UsageError(error.message, next_step=f"Next: grader similar {place}") from error


def _classes(request: SimilarRequest) -> Iterator[tuple[Path, str]]:
    """The class that is looked at, called "", and the older ones by the names of their folders, each once."""
    yield request.submissions, ""
    names: set[str] = set()
    for path in request.against:
        real = Path(os.path.realpath(path))
        name = clean(real.name, 60) or "older"
        if name in names or not name:
            name = f"{clean(real.parent.name, 40)}/{name}"
        count, free = 1, name
        while free in names:
            count += 1
            free = f"{name} ({count})"
        names.add(free)
        yield path, free


def _handed_out(assignment: Assignment) -> Iterator[str]:
    """The sources that students get beside the skeleton: visible checks and given modules."""
    for path in (assignment.visible_checks, assignment.handout / assignment.visible_checks.name):
        if path.is_file():
            yield path.read_text(encoding="utf-8")
    yield from assignment.given_sources.values()


def _usual(assignment: Assignment, known_code: HandoutParts) -> list[StudentProgram]:
    """The course's own solutions."""
    return [
        program(
            Submission(path.stem, path.name, "", (Chunk(path.read_text(encoding="utf-8")),)),
            "",
            known_code.names,
        )
        for path in (assignment.solution, *assignment.alternatives)
    ]


def _summary(findings: Similarities, to: Path) -> Iterator[str]:
    """What is printed at the end."""
    against = f", and {findings.older} older ones" if findings.against else ""
    if findings.compared + findings.older == 1:
        yield "There is one program only, and no other to compare it with. Name the folder of the class, or --against"
    else:
        count, several = len(findings.matches), "s" * (findings.compared != 1)
        pairs = "pair or group" if count == 1 else "pairs or groups"
        yield f"{findings.compared} program{several} compared{against}: {count} {pairs} with much the same code"
    for match in findings.matches[:10]:
        names = ", ".join(clean(entry.title, 60) for entry in match.programs[:5])
        more = f" and {len(match.programs) - 5} more" if len(match.programs) > 5 else ""
        yield f"  {names}{more}: {match.kind} ({round(100 * match.shared)} %)"
    if len(findings.matches) > 10:
        yield f"  and {len(findings.matches) - 10} more"
    if findings.numbers is not None:
        pairs = "pair shares" if len(findings.numbers) == 1 else "pairs share"
        yield f"{len(findings.numbers)} {pairs} wrong numbers that no mistake explains"
    if findings.left_out:
        names = ", ".join(clean(entry.title, 60) for entry in findings.left_out[:5])
        more = f" and {len(findings.left_out) - 5} more" if len(findings.left_out) > 5 else ""
        yield f"Not compared, for want of code that can be read: {names}{more}"
    yield f"{NOTE} Open: {to / 'index.html'}"
