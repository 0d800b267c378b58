"""One student's result as plain text: what it is, where it shows, which points it costs, and what to do next.

Made from a Result alone, so it reads the same in a terminal, a mail or a page. It holds nothing that is not in
results.json, and everything in it that came from a submission has gone through `clean`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from grader.records import Diagnosis, Result, TestResult
from grader.text import clean

WIDTH = 100
MOST_DIAGNOSES, MOST_EXAMPLES, MOST_TESTS, MOST_NOTES = 4, 4, 4, 4
MOST_LINES = 24  # of a counterexample's code, and of its differences
SEEN_AT_ONCE = 3  # lines of a picture that tell no more than the marks between > and < do
ROOM = 26  # lines for counterexamples; one that does not fit any more is told in a sentence

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
        titles = list(dict.fromkeys(diagnosis.title for diagnosis in result.diagnoses))
        return joint.join(titles[:3]) + ("; …" if len(titles) > 3 else "")
    if result.message:
        return _first_sentence(result.message.splitlines()[0])
    lost = [test for test in result.tests if test.outcome != "passed"]
    if not lost:
        return ""
    # What only waits for a right number is no mistake of its own.
    wrong = [test for test in lost if (test.problem or {}).get("kind") != "withheld"]
    if names := _unwritten(wrong):
        return f"{_listed(names)} {'is' if len(names) == 1 else 'are'} still to be written"
    for example in result.counterexamples:
        if problem := example.get("problem"):
            place = f" ({problem['where']})" if problem["where"] else ""
            return f"{problem['said']}{place}"
        if not no_answer(example) and example["differs"]:
            way = f" ({example['way']})" if example["way"] else ""
            return f"{example['function']}: {example['differs'][0]}{way}"
    worst = max(lost, key=lambda test: test.max_points)
    others = len(lost) - 1
    more = f" (and {others} more test{'s' * (others > 1)})" if others else ""
    return f"{(_first_sentence(worst.message) or worst.sentence).rstrip('.')}{more}"


def _kind(test: TestResult) -> str:
    """What kept the student's code from answering a test; "" where it answered."""
    return test.problem["kind"] if test.problem else ""


def _unwritten(lost: Sequence[TestResult]) -> list[str]:
    """The functions that are still to be written, where that is all that points were lost for."""
    if any(_kind(test) != "unwritten" for test in lost):
        return []
    return list(dict.fromkeys(f"`{clean(test.problem['about'], 80)}`" for test in lost if test.problem))


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def feedback(result: Result, *, tests: bool = True) -> str:
    """The page of one student, ready to print; without `tests` it leaves out which tests cost points."""
    blocks = [
        _head(result),
        [line for text in undefined(result) for line in _wrapped(text, rest="  ")],
        *_diagnoses(result.diagnoses),
        *_examples(result),
        _lost(result) if tests else [],
        _notes(result.notes),
        _wrapped(next_step(result), "Next: ", "      "),
    ]
    lines = [line for block in blocks if block for line in [*block, ""]]
    return "\n".join(lines).rstrip()


def group_feedback(result: Result, group: str) -> str:
    """The sentences and messages of the tests of one group that cost points; "" when none did."""
    return "\n".join(
        _lost(replace(result, tests=tuple(test for test in result.tests if test.group == group)))
    )


def headline(result: Result) -> str:
    """The file, the score, and what became of it if that was no ordinary end."""
    name = clean(PurePath(result.file).name, 80) or "Your submission"
    if result.score is None:
        return f"{name}: {_STATUS[result.status]}"
    title = f"{name}: {points(result.score)} of {points(result.max_score)} points"
    return f"{title} ({_STATUS[result.status]})" if result.status in _STATUS else title


def _head(result: Result) -> list[str]:
    title = headline(result)
    message = "" if result.status == "not_attempted" else result.message
    return [title, *_wrapped(clean(message, 900), "  ")]


def undefined(result: Result) -> list[str]:
    """What the file does not define, or not yet: nothing else can be said of it, so it comes first."""
    found: dict[str, str] = {}
    for test in result.tests if result.status != "not_attempted" else ():
        if test.problem and _kind(test) in ("missing", "unwritten"):
            about = test.problem["about"]
            found[about] = max(found.get(about, ""), test.message, key=len)  # the one that says who calls it
    return [clean(message, 400) for message in found.values()][:MOST_TESTS]


def diagnosis_groups(diagnoses: Sequence[Diagnosis]) -> Iterator[tuple[str, list[Diagnosis]]]:
    """Diagnoses of one certainty and place together, each group with the words that introduce it."""
    groups: dict[tuple[str, tuple[str, ...]], list[Diagnosis]] = {}
    for one in diagnoses:
        groups.setdefault((one.certainty, one.functions), []).append(one)
    for (certainty, functions), members in groups.items():
        where = " and ".join(f"`{clean(name, 80)}`" for name in functions)
        if certainty == "one of":
            lead = f"In {where}, one of these (they give the same numbers):"
        elif certainty == "pair" and len(members) > 1:
            lead = f"In {where}, both of these:"
        elif certainty == "pair":
            lead = f"In {where}, this and something else:"
        else:
            lead = f"In {where}:"
        yield lead, members


def _diagnoses(diagnoses: Sequence[Diagnosis]) -> Iterator[list[str]]:
    """What it most likely is: a block for each certainty and place."""
    for lead, members in diagnosis_groups(diagnoses[:MOST_DIAGNOSES]):
        lines = [lead]
        for member in members:
            lines += _wrapped(clean(member.title, 200), "  ! ", "    ")
            lines += _wrapped(clean(member.hint, 400), "    ")
        yield lines
    if len(diagnoses) > MOST_DIAGNOSES:
        yield [f"and {len(diagnoses) - MOST_DIAGNOSES} more"]


def example_title(example: Mapping[str, Any]) -> str:
    """What a counterexample is: a call that gives a wrong answer, or what the student's code raised."""
    way = f" ({clean(str(example['way']), 120)})" if example["way"] else ""
    if problem := example.get("problem"):
        return f"{clean(problem['said'], 400)}{way}{'' if problem['where'] else '.'}"
    return f"The smallest call of `{clean(str(example['function']), 80)}` that goes wrong{way}:"


def example_cause(example: Mapping[str, Any]) -> list[str]:
    """Where the student's code raised, and what is likely behind it, each in a sentence; [] where it did not raise."""
    problem = example.get("problem")
    if not problem:
        return []
    place = f"{problem['where']}: `{problem['line']}`" if problem["line"] else str(problem["where"])
    return [
        part for part in (f"at {clean(place, 160)}" if place else "", clean(problem["cause"], 600)) if part
    ]


def example_call(example: Mapping[str, Any]) -> list[str]:
    """The call to paste, in lines; [] where it shows no more than the line that is named: of a misspelt name, say."""
    problem = example.get("problem")
    wanted = problem is None or problem["needs_call"]
    return [_kept(line, 2000) for line in str(example["call"]).splitlines()] if wanted else []


def example_outcome(example: Mapping[str, Any]) -> list[str]:
    """What came of a counterexample's call and what should have come, in lines with their indentation."""
    if problem := example.get("problem"):
        return _expected(example["expected"]) if problem["kind"] == "raised" and example_call(example) else []
    if no_answer(example):
        return [line[2:] for line in _wrapped(clean(str(example["got"]), 700), "  ")]
    return _cut([_kept(line) for line in example["differs"]])


def _examples(result: Result) -> Iterator[list[str]]:
    """The first counterexample opened up; another one too if it is about something else and there is room."""
    short: list[str] = []
    room = ROOM
    for example in result.counterexamples[:MOST_EXAMPLES]:
        lines = _example(example)
        alike = example is not result.counterexamples[0] and _same_mistake(result, example)
        if example is result.counterexamples[0] or (len(lines) <= room and not alike):
            room -= len(lines)
            yield lines
        else:
            short += _in_short(example, "in the same way" if alike else "as well")
    yield short


def _same_mistake(result: Result, example: Mapping[str, Any]) -> bool:
    """Whether one named mistake is behind this counterexample and the first."""
    both = {example["function"], result.counterexamples[0]["function"]}
    return any(both <= {*diagnosis.functions} for diagnosis in result.diagnoses)


def _in_short(example: Mapping[str, Any], how: str) -> list[str]:
    heads = [line for line in example["differs"] if not line.startswith(" ")]
    way = f" ({example['way']})" if example["way"] else ""
    if problem := example.get("problem"):
        place = f" ({problem['where']})" if problem["where"] else ""
        heads = [f"{problem['said']}{place}. {problem['cause']}".strip()]
    told = clean("; ".join(heads), 500)
    return _wrapped(f"`{example['function']}` goes wrong {how}{way}: {told}", rest="  ")


def _example(example: Mapping[str, Any]) -> list[str]:
    """A counterexample: what was raised, the call to paste, then what came and what should have come."""
    lines = _wrapped(example_title(example))
    for sentence in example_cause(example):
        lines += _wrapped(sentence, "  ")
    lines += _cut([f"    {line}" for line in example_call(example)])
    lines += [f"  {line}" for line in example_outcome(example)]
    picture = str(example["picture"]).splitlines()
    if len(picture) > SEEN_AT_ONCE:
        lines += _cut([f"  {_kept(line)}" for line in picture])
    return lines


def no_answer(example: Mapping[str, Any]) -> bool:
    """Whether the call ended without an answer; else `differs` tells more than `got`."""
    return list(example["differs"]) == [example["got"]]


def _kept(line: str, limit: int = 300) -> str:
    """A line, clean, with its indentation."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line, limit)


def _expected(expected: Mapping[str, Any]) -> list[str]:
    """What should have come, where nothing did."""
    lines = [f"expected {name}: {value}" for name, value in expected.items()]
    return [line for line in lines if len(line) < WIDTH - 2][:3]


@dataclass(frozen=True)
class Lost:
    """What tests have cost, the dearest first: (sentences with points, what they have in common) and the rest."""

    lead: str
    groups: tuple[tuple[tuple[str, ...], str], ...]
    more: str
    carried: str


def lost_points(result: Result, most: int = MOST_TESTS) -> Lost | None:
    """The tests that cost points: at most `most` sentences, each message said once. None when nothing was lost."""
    if result.status in ("unreadable", "not_attempted", "not_graded"):
        return None
    lost = [test for test in result.tests if test.outcome != "passed"]
    if not lost or all(test.message == result.message for test in result.tests):
        return None  # in the second case nothing could be run: the reason stands above
    lead = f"What this costs ({_points(lost)}):"
    cases: dict[str, list[TestResult]] = {}
    for test in lost:
        cases.setdefault(test.name.partition("[")[0], []).append(test)
    by_message: dict[str, list[list[TestResult]]] = {}
    for tests in sorted(cases.values(), key=lambda tests: -sum(test.max_points for test in tests)):
        by_message.setdefault(_alike(tests[0].message), []).append(tests)
    said = {_alike(result.message)}
    said |= {_alike(test.message) for test in lost if _kind(test) in ("missing", "unwritten")}
    for example in result.counterexamples[:MOST_EXAMPLES]:
        said |= {_alike(str(line)) for line in (*example["differs"], example["got"])}
    groups: list[tuple[tuple[str, ...], str]] = []
    shown = 0
    for key, group in by_message.items():
        told = group[: max(most - shown, 0)]
        for tests in told:
            lost = [test for test in lost if test not in tests]
        shown += len(told)
        sentences = tuple(f"{clean(tests[0].sentence, 300)} ({_points(tests)})" for tests in told)
        if sentences:
            new = key.strip() and key not in said
            groups.append((sentences, clean(group[0][0].message, 400) if new else ""))
    more = f"and {len(cases) - shown} more ({_points(lost)})" if len(cases) > shown else ""
    carried = sum(test.carried_forward for test in result.tests)
    tests_count = "1 test counts" if carried == 1 else f"{carried} tests count"
    count = f"{tests_count} although an earlier step is wrong: it has cost its points already."
    return Lost(lead, tuple(groups), more, count if carried else "")


def _lost(result: Result) -> list[str]:
    """The block of what tests have cost."""
    lost = lost_points(result, MOST_TESTS - (len(result.diagnoses) > 1))
    if lost is None:
        return []
    lines = [lost.lead]
    for sentences, message in lost.groups:
        for sentence in sentences:
            lines += _wrapped(sentence, "  - ", "    ")
        lines += _wrapped(message, "      ")
    lines += [f"  {lost.more}"] if lost.more else []
    return lines + _wrapped(lost.carried, "  ")


#: What a message is about, whatever its numbers and names: a counterexample and the tests tell it in other words.
_ABOUT = (
    *(" is off", "nan", "infinite", "got none", "things back", "has shape", "should be an array"),
    *("expected an array", "keep the dtype", "as the inputs are", "not registered", "more registered"),
    *("no gradient reaches", "changed", "has no weight called", " in time"),
)
_SAME = {"as the inputs are": "keep the dtype", "expected an array": "should be an array"}


def _alike(message: str) -> str:
    """A message without its numbers and names: what is wrong in the same way is told once."""
    lowered = message.lower()
    for about in _ABOUT:
        if about in lowered:
            return _SAME.get(about, about)
    return re.sub(r"[\d.,\[\]()e+-]+|\s", " ", lowered)


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


def next_step(result: Result) -> str:
    """One thing to do now."""
    file = clean(PurePath(result.file).name, 80)
    lost = [test for test in result.tests if test.outcome != "passed"]
    if result.status == "not_graded":
        return "Nothing for you to do: it will be graded again."
    if result.status == "unreadable" and not file:
        return "Hand in the file that is asked for: look that it is the right one, and all of it."
    if result.status == "unreadable":
        return f"Put that right, run {file} once by itself, and hand it in again: most of it may be fine."
    if result.status == "not_attempted":
        return "Begin with the first exercise of the hand-out; its worked example tells when it is right."
    if result.status == "timeout":
        return "Run the hand-out's example and interrupt it: the last line of yours that Python shows is the busy one."
    if result.status == "crashed":
        return f"Run {file} by itself with the hand-out's example: where does it end?"
    if result.counterexamples:
        return _with_call(result.counterexamples[0], file)
    # What only waits for a right number is no mistake of its own.
    wrong = [test for test in lost if (test.problem or {}).get("kind") != "withheld"]
    if names := _unwritten(wrong):
        right = any(test.outcome == "passed" or test not in wrong for test in result.tests)
        return f"{'What is written is right so far: go on' if right else 'Begin'} with {names[0]}."
    if any(_kind(test) == "missing" for test in lost):
        return "Give what is missing the name that the hand-out gives it, with the same arguments."
    if result.diagnoses:
        return "Look for the line of yours that the question above asks about."
    if lost:
        return "Take the first sentence above: which line of yours makes sure of it?"
    return "Nothing is left to do: all of it is right."


def _with_call(example: Mapping[str, Any], file: str) -> str:
    """What to do with a counterexample."""
    place = f"in a new cell of {file}" if file.endswith(".ipynb") else f"at the end of {file}"
    problem = example.get("problem")
    if problem and problem["next"]:
        paste = f" The call above, pasted {place}, brings you there." if example_call(example) else ""
        return f"{problem['next']}{paste}"
    if any(" is off" in line for line in example["differs"]):
        return f"Paste the call above {place} and follow it by hand: where do you first differ?"
    return f"Paste the call above {place} and run it: it shows what is meant, and when it is right."


def _first_sentence(text: str) -> str:
    return text.split(". ", 1)[0] + ("." if ". " in text else "")


def _cut(lines: Sequence[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return list(lines)
    return [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more lines"]


_COUNT = re.compile(r"(?<=\d) (?=points?\b)")  # a number and what it counts stay on one line


def _wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    if not text:
        return []
    lines = textwrap.wrap(
        _COUNT.sub("\N{NO-BREAK SPACE}", text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
