"""GitHub Actions: annotations for standard output, and a job summary where $GITHUB_STEP_SUMMARY points.

Of each kind, GitHub shows ten annotations of a step, so there are at most ten errors. Text from submissions cannot
become another command: the runner reads commands at the beginning of a line, and no line break is left.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath

from grader.errors import UsageError
from grader.export.base import ExportOptions
from grader.messages import examples, repairs
from grader.messages.advice import next_step, why
from grader.messages.cost import lost_points
from grader.messages.page import diagnosis_groups, headline, undefined
from grader.problems import Problem
from grader.records import Result
from grader.run.store import GradedClass
from grader.summary import tally
from grader.text import clean, points

FOR_STUDENTS = True

MOST = 10  # annotations of a kind that are shown
LARGEST = 1000 * 1024  # bytes: a summary above 1024 KiB is dropped as a whole


def export(graded: GradedClass, options: ExportOptions) -> str:
    """The annotations. Appends the summary itself; UsageError when that cannot be written."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        _append(Path(place), _summary(graded))
    else:
        options.say("GITHUB_STEP_SUMMARY is not set, so there is no job summary.")
    errors: list[str] = []
    count = 0
    for result in graded.results:
        lines = _errors(graded, result)
        count += len(lines)
        errors += lines[: MOST - len(errors)]
    if count > MOST:
        left = count - MOST + 1
        errors = [
            *errors[: MOST - 1],
            _command("error", f"and {left} more: see the summary", title=graded.assignment),
        ]
    notices = [
        _command("notice", _title(result, graded), title=graded.assignment)
        for result in graded.results[:MOST]
    ]
    return "".join(f"{line}\n" for line in [*notices, *errors])


def _title(result: Result, graded: GradedClass) -> str:
    return (
        headline(result) if len(graded.results) == 1 else f"{clean(result.student, 60)}: {headline(result)}"
    )


def _errors(graded: GradedClass, result: Result) -> list[str]:
    """What keeps one submission from full marks, an annotation each: mistakes first, then the tests."""
    errors: list[tuple[str, str, Problem | None]] = []
    for lead, members in diagnosis_groups(result.diagnoses):
        errors += [
            (clean(diagnosis.title, 200), f"{lead} {clean(diagnosis.hint, 400)}", None)
            for diagnosis in members
        ]
    for repair in result.repairs[:1]:
        place = Problem("other", repair.exercise, label=repair.label, number=repair.line)
        errors.append(("One change here", repairs.sentence(repair), place))
    lost = lost_points(result)
    if result.message and result.status != "graded":
        errors.append((result.status, clean(result.message, 900), result.problem))
    for group in lost.groups if lost else ():
        message = group.message or "This does not hold."
        errors += [(sentence, message, group.problem) for sentence in group.sentences]
    return [
        _command("error", message, title=title, **_where(result, problem))
        for title, message, problem in errors
    ]


def _where(result: Result, problem: Problem | None) -> dict[str, str]:
    """File and line, where a problem has a line of a file (not of a notebook's cell)."""
    if not result.file:
        return {}
    answer = PurePath(result.file)
    if problem is None or not problem.number:
        return {"file": answer.as_posix()}
    if problem.label.endswith(".py"):  # another file of the student's, which the answer imports
        return {"file": (answer.parent / problem.label).as_posix(), "line": str(problem.number)}
    if problem.label:
        return {"file": answer.as_posix()}
    return {"file": answer.as_posix(), "line": str(problem.number)}


def _command(kind: str, message: str, **properties: str) -> str:
    """A workflow command: `::kind name=value,…::message`."""
    listed = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items() if value)
    return f"::{kind} {listed}::{_escaped_message(message)}"


def _escaped_message(text: str) -> str:
    return clean(text, 2000).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped_message(text).replace(":", "%3A").replace(",", "%2C")


def _summary(graded: GradedClass) -> str:
    """The job summary, as Markdown."""
    if len(graded.results) == 1:
        text = _summary_of_student(graded, graded.results[0])
    else:
        lines = [f"## {_markdown(graded.assignment)}", "", f"{_markdown(tally(graded.results))}", ""]
        lines += ["| student | score | status | why |", "| --- | ---: | --- | --- |"]
        for result in graded.results:
            earned = "–" if result.score is None else f"{points(result.score)} of {points(result.max_score)}"
            reason = _markdown(clean(why(result), 200))
            lines.append(
                f"| {_markdown(clean(result.student, 60))} | {earned} | {_markdown(result.status)} | {reason} |"
            )
        text = "\n".join(lines) + "\n"
    if len(text.encode()) > LARGEST:
        text = text.encode()[:LARGEST].decode(errors="ignore").rpartition("\n")[0] + "\n\n… and more\n"
    return text


def _summary_of_student(graded: GradedClass, result: Result) -> str:
    lines = [f"## {_markdown(graded.assignment)}", "", f"**{_markdown(headline(result))}**", ""]
    lines += [f"{_markdown(text)}\n" for text in result.adjustments]
    if result.message and (result.status != "not_attempted" or not result.file):
        lines += [_markdown(clean(result.message, 900)), ""]
    lines += [f"{_markdown(text)}\n" for text in undefined(result)]
    for lead, members in diagnosis_groups(result.diagnoses):
        lines += [_markdown(lead), ""]
        lines += [
            f"- **{_markdown(diagnosis.title)}**<br>{_markdown(diagnosis.hint)}" for diagnosis in members
        ]
        lines.append("")
    lines += [f"{_markdown(text)}\n" for text in repairs.sentences(result)]
    for example in result.counterexamples[:1]:
        title = examples.title(example) + ("" if example.explanation else ":")
        lines += [_markdown(" ".join([title, *examples.cause(example)])), ""]
        code = [f"    {line[:300]}" for line in examples.call(example)]
        lines += [*code, ""] if code else []
    lost = lost_points(result)
    if lost:
        lines += [f"### {_markdown(lost.lead)}", ""]
        for group in lost.groups:
            lines += [f"- {_markdown(sentence)}" for sentence in group.sentences]
            lines[-1] += f"<br>{_markdown(group.message)}" if group.message else ""
        lines += [f"- {_markdown(lost.more)}"] if lost.more else []
        lines.append("")
    return "\n".join([*lines, f"Next: {_markdown(next_step(result))}"]) + "\n"


def _markdown(text: str) -> str:
    """Text that Markdown shows as it is: every sign is a character reference. What backticks enclose is code."""
    pieces = clean(text, 2000).split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    escaped = [re.sub(r"[^\w\s,']|_", lambda sign: f"&#{ord(sign[0])};", piece) for piece in pieces]
    return "".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(escaped))


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"The job summary {path} cannot be written: {error.strerror or error}.") from error
