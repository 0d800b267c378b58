"""One student's result as plain text: what it is, where it shows, which points it costs, and what to do next.

Made from a Result alone, so it reads the same in a terminal, a mail or a page. It holds nothing that is not in
results.json, and everything in it that came from a submission has gone through `clean`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from grader.records import Diagnosis, Result, TestResult
from grader.text import clean

WIDTH = 100
MOST_DIAGNOSES, MOST_EXAMPLES, MOST_TESTS, MOST_NOTES = 4, 3, 6, 4
MOST_LINES = 24  # of a counterexample's code, and of its differences

_STATUS = {
    "not_attempted": "nothing is filled in yet",
    "unreadable": "it could not be loaded, so nothing could be tested",
    "timeout": "it did not answer in time",
    "crashed": "it ended the program",
    "not_graded": "not graded: the grader failed, not you",
}


def points(value: float) -> str:
    """A number of points with at most two decimals and no idle zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def why(result: Result) -> str:
    """One short line: what keeps this submission from full marks; empty when nothing does."""
    if result.diagnoses:
        joint = " or: " if result.diagnoses[0].certainty == "one of" else "; "
        titles = joint.join(diagnosis.title for diagnosis in result.diagnoses[:3])
        return titles + ("; …" if len(result.diagnoses) > 3 else "")
    if result.message:
        return _first_sentence(result.message.splitlines()[0])
    lost = [test for test in result.tests if test.outcome != "passed"]
    if not lost:
        return ""
    for example in result.counterexamples:
        if not _failed(example) and example["differs"]:
            way = f" ({example['way']})" if example["way"] else ""
            return f"{example['function']}: {example['differs'][0]}{way}"
    worst = max(lost, key=lambda test: test.max_points)
    more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
    return f"{_first_sentence(worst.message) or worst.sentence}{more}"


def feedback(result: Result) -> str:
    """The page of one student, ready to print."""
    blocks = [
        _head(result),
        *_diagnoses(result.diagnoses),
        *(_example(example, result) for example in result.counterexamples[:MOST_EXAMPLES]),
        _lost(result),
        _notes(result.notes),
        _next(result),
    ]
    lines = [line for block in blocks if block for line in [*block, ""]]
    return "\n".join(lines).rstrip()


def _head(result: Result) -> list[str]:
    name = clean(PurePath(result.file).name, 80)
    if result.score is None:
        title = f"{name}: {_STATUS[result.status]}"
    else:
        title = f"{name}: {points(result.score)} of {points(result.max_score)} points"
        if result.status in _STATUS:
            title += f" ({_STATUS[result.status]})"
    message = "" if result.status == "not_attempted" else result.message
    return [title, *_wrapped(clean(message, 900), "  ")]


def _diagnoses(diagnoses: Sequence[Diagnosis]) -> Iterator[list[str]]:
    """What it most likely is: a block for each certainty and place."""
    groups: dict[tuple[str, tuple[str, ...]], list[Diagnosis]] = {}
    for one in diagnoses[:MOST_DIAGNOSES]:
        groups.setdefault((one.certainty, one.functions), []).append(one)
    for (certainty, functions), members in groups.items():
        where = " and ".join(f"`{name}`" for name in functions)
        if certainty == "one of":
            lines = [f"In {where}, one of these (they give the same numbers):"]
        elif certainty == "pair" and len(members) > 1:
            lines = [f"In {where}, both of these:"]
        elif certainty == "pair":
            lines = [f"In {where}, this and something else:"]
        else:
            lines = [f"In {where}:"]
        for member in members:
            lines += _wrapped(clean(member.title, 200), "  ! ", "    ")
            lines += _wrapped(clean(member.hint, 400), "    ")
        yield lines
    if len(diagnoses) > MOST_DIAGNOSES:
        yield [f"and {len(diagnoses) - MOST_DIAGNOSES} more"]


def _example(example: Mapping[str, Any], result: Result) -> list[str]:
    """A counterexample: the call to paste, then what came and what should have come."""
    way = f" ({example['way']})" if example["way"] else ""
    lines = _cut([f"    {_kept(line)}" for line in str(example["call"]).splitlines()])
    if not _failed(example):
        lines += _cut([f"  {_kept(line)}" for line in example["differs"]])
    else:
        lines += _wrapped(clean(str(example["got"]), 700), "  ")
        if " raised " in str(example["got"]):
            lines += _expected(example["expected"])
    if example["picture"] and example is result.counterexamples[0]:
        lines += _cut([f"  {_kept(line)}" for line in str(example["picture"]).splitlines()])
    return [f"The smallest call of `{example['function']}` that goes wrong{way}:", *lines]


def _failed(example: Mapping[str, Any]) -> bool:
    """Whether the call ended without an answer; else `differs` tells more than `got`."""
    return list(example["differs"]) == [example["got"]]


def _kept(line: str) -> str:
    """A line, clean, with its indentation."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line, 300)


def _expected(expected: Mapping[str, Any]) -> list[str]:
    """What should have come, where nothing did."""
    lines = [f"  expected {name}: {value}" for name, value in expected.items()]
    return [line for line in lines if len(line) < WIDTH][:3]


def _lost(result: Result) -> list[str]:
    """The tests that cost points: their sentences, each message said once."""
    if result.status in ("unreadable", "not_attempted", "not_graded"):
        return []
    lost = [test for test in result.tests if test.outcome != "passed"]
    if not lost:
        return []
    carried = sum(test.carried_forward for test in result.tests)
    cases: dict[str, list[TestResult]] = {}
    for test in lost:
        cases.setdefault(test.name.partition("[")[0], []).append(test)
    by_message: dict[str, list[list[TestResult]]] = {}
    for tests in sorted(cases.values(), key=lambda tests: -sum(test.max_points for test in tests)):
        by_message.setdefault(_alike(tests[0].message), []).append(tests)
    said = {_alike(str(example["got"])) for example in result.counterexamples} | {_alike(result.message)}
    lines, shown = [f"What this costs ({_points(lost)}):"], 0
    for key, group in by_message.items():
        room = max(MOST_TESTS - shown, 0)
        for tests in group[:room]:
            lines += _wrapped(f"{clean(tests[0].sentence, 300)} ({_points(tests)})", "  - ", "    ")
            lost = [test for test in lost if test not in tests]
        shown += len(group[:room])
        if room and key.strip() and key not in said:
            lines += _wrapped(clean(group[0][0].message, 400), "      ")
    if len(cases) > shown:
        lines.append(f"  and {len(cases) - shown} more ({_points(lost)})")
    if carried:
        lines += _wrapped(
            f"{carried} tests count although an earlier step is wrong: it has cost its points already.", "  "
        )
    return lines


def _alike(message: str) -> str:
    """A message without its numbers and names: tests that are off in the same way are told once."""
    if " is off in " in message:
        return "off"
    return re.sub(r"[\d.,\[\]()e+-]+|\s", " ", message)


def _points(tests: Iterable[TestResult]) -> str:
    total = points(sum(test.max_points for test in tests))
    return f"{total} point{'s' * (total != '1')}"


def _notes(notes: Sequence[str]) -> list[str]:
    if not notes:
        return []
    lines = ["Notes:"]
    for note in notes[:MOST_NOTES]:
        lines += _wrapped(clean(note, 400), "  - ", "    ")
    if len(notes) > MOST_NOTES:
        lines.append(f"  and {len(notes) - MOST_NOTES} more")
    return lines


def _next(result: Result) -> list[str]:
    """One thing to do now."""
    file = clean(PurePath(result.file).name, 80)
    lost = [test for test in result.tests if test.outcome != "passed"]
    if result.status == "not_graded":
        todo = "Nothing for you to do: it will be graded again."
    elif result.status == "unreadable":
        todo = f"Put that right, run {file} once by itself, and hand it in again: most of it may be fine."
    elif result.status == "not_attempted":
        todo = "Begin with the first exercise of the hand-out; its worked example tells when it is right."
    elif result.status == "timeout":
        todo = "Look for a loop whose condition never changes, or a function that calls itself."
    elif result.status == "crashed":
        todo = f"Run {file} by itself with the hand-out's example: where does it end?"
    elif result.counterexamples:
        todo = _with_call(result.counterexamples[0], file)
    elif lost and all("still to be written" in test.message for test in lost):
        todo = "What is written is right so far: go on with the next exercise of the hand-out."
    elif lost:
        todo = "Take the first sentence above: which line of yours makes sure of it?"
    else:
        todo = "Nothing is left to do: all of it is right."
    return _wrapped(todo, "Next: ", "      ")


def _with_call(example: Mapping[str, Any], file: str) -> str:
    """What to do with a counterexample."""
    place = f"in a new cell of {file}" if file.endswith(".ipynb") else f"at the end of {file}"
    if _failed(example):
        return f"Paste the call above {place}, run it, and print what goes into the line that fails."
    if any(" is off" in line for line in example["differs"]):
        return f"Paste the call above {place} and follow it by hand: where do you first differ?"
    return f"Paste the call above {place} and run it: it shows what is meant, and when it is right."


def _first_sentence(text: str) -> str:
    return text.split(". ", 1)[0] + ("." if ". " in text else "")


def _cut(lines: Sequence[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return list(lines)
    return [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]


def _wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
