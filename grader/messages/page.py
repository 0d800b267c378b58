"""One student's result as plain text: what it is, where it shows, which points it costs, and what to do next.

Made from a Result alone, so it reads the same in a terminal, a mail or a page. It holds nothing that is not in
results.json, and everything in it that came from a submission has gone through `clean`. The parts of the page are
`examples`, `cost`, `repairs` and `advice`; what is on it follows from statuses and kinds of problems, never from a
sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from grader.messages import cost, examples, repairs
from grader.messages.advice import next_step
from grader.messages.layout import words, wrapped
from grader.problems import UNWRITTEN
from grader.records import Diagnosis, Result
from grader.text import clean, points

MOST_DIAGNOSES, MOST_UNDEFINED, MOST_NOTES = 4, 4, 4
MOST_WORDS = 160  # of a page: what is below is left out, beginning with the cheapest tests

_STATUS = {
    "not_attempted": "nothing is filled in yet",
    "unreadable": "it could not be loaded, so nothing could be tested",
    "timeout": "it did not answer in time",
    "crashed": "it ended the program",
    "not_graded": "not graded: the grader failed, not you",
}


def feedback(result: Result, *, tests: bool = True) -> str:
    """The page of one student, ready to print; without `tests` it leaves out which tests cost points."""
    if result.withheld:
        return "\n".join([headline(result), *wrapped(result.withheld, "  ")])
    above = [
        _head(result),
        [line for text in undefined(result) for line in wrapped(text, rest="  ")],
        *_diagnoses(result.diagnoses),
        [line for text in repairs.sentences(result) for line in wrapped(text, rest="  ")],
    ]
    example_blocks = [*examples.blocks(result)]
    below = [_notes(result.further_notes), wrapped(next_step(result), "Next: ", "      ")]
    # Code and numbers of a counterexample are no prose.
    prose = [line for block in example_blocks for line in block if not line.startswith("    ")]
    prose += [line for block in (*above, *below) for line in block]
    lost = _cost(result, MOST_WORDS - words(prose)) if tests else []
    blocks = [*above, *example_blocks, lost, *below]
    lines = [line for block in blocks if block for line in [*block, ""]]
    return "\n".join(lines).rstrip()


def _cost(result: Result, room: int) -> list[str]:
    """What tests have cost, in as many sentences as there is room for; in none only where the mistakes are named."""
    least = 0 if result.diagnoses else 1
    for most in range(cost.MOST_TESTS, least, -1):
        block = cost.block(result, most)
        if words(block) <= room:
            return block
    return cost.block(result, least)


def group_feedback(result: Result, group: str) -> str:
    """The sentences and messages of the tests of one group that cost points; "" when none did."""
    of_group = tuple(test for test in result.tests if test.group == group)
    return "\n".join(cost.block(replace(result, tests=of_group)))


def headline(result: Result) -> str:
    """The file, the score, and what became of it if that was no ordinary end."""
    name = clean(PurePath(result.file).name, 80) or "Your submission"
    if result.excused:
        return f"{name}: excused"
    if result.score is None:
        return f"{name}: {_STATUS[result.status]}"
    title = f"{name}: {points(result.score)} of {points(result.max_score)} points"
    if result.status == "not_attempted" and not result.file:
        return title  # the message says that nothing was handed in
    return f"{title} ({_STATUS[result.status]})" if result.status in _STATUS else title


def _head(result: Result) -> list[str]:
    title = headline(result)
    message = "" if result.status == "not_attempted" and result.file else result.message
    changed = [line for text in result.adjustments for line in wrapped(clean(text, 900), "  ")]
    return [title, *changed, *wrapped(clean(message, 900), "  ")]


def undefined(result: Result) -> list[str]:
    """What the file does not define, or not yet: nothing else can be said of it, so it comes first."""
    if result.status == "not_attempted":
        return []
    first: dict[str, tuple[str, str]] = {}  # name -> who calls it, and the message
    for test in result.lost:
        # Of several messages about one name, the first that says who calls it.
        problem = test.problem if test.kind in UNWRITTEN else None
        if problem and (problem.about not in first or (problem.caller and not first[problem.about][0])):
            first[problem.about] = problem.caller, test.message
    return [clean(message, 400) for _, message in first.values()][:MOST_UNDEFINED]


def diagnosis_groups(diagnoses: Sequence[Diagnosis]) -> Iterator[tuple[str, list[Diagnosis]]]:
    """Diagnoses of one certainty and place together, each group with the words that introduce it."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Diagnosis]] = {}
    for diagnosis in diagnoses:
        groups.setdefault((diagnosis.certainty, diagnosis.scope, diagnosis.functions), []).append(diagnosis)
    for (certainty, scope, functions), members in groups.items():
        places = " and ".join(f"`{clean(name, 80)}`" for name in functions)
        if certainty == "one of":
            lead = f"In {places}, one of these (they give the same numbers):"
        elif certainty == "pair" and len(members) > 1:
            lead = f"In {places}, both of these:"
        elif certainty == "several" and len(members) > 1:
            lead = f"In {places}, all of these:"
        elif certainty in ("pair", "several"):
            lead = f"In {places}, this and something else:"
        elif certainty == "partly":
            which = "this mistake" if len(members) == 1 else "these mistakes together"
            lead = f"In {places}, {clean(scope, 80)} it answers as with {which} (elsewhere it differs):"
        else:
            lead = f"In {places}:"
        yield lead, members


def _diagnoses(diagnoses: Sequence[Diagnosis]) -> Iterator[list[str]]:
    """What it most likely is: a block for each certainty and place."""
    for lead, members in diagnosis_groups(diagnoses[:MOST_DIAGNOSES]):
        lines = [lead]
        for member in members:
            lines += wrapped(clean(member.title, 200), "  ! ", "    ")
            lines += wrapped(clean(member.hint, 400), "    ")
        yield lines
    if len(diagnoses) > MOST_DIAGNOSES:
        yield [f"and {len(diagnoses) - MOST_DIAGNOSES} more"]


def _notes(notes: Sequence[str]) -> list[str]:
    if not notes:
        return []
    lines = ["Notes:"]
    for note in notes[:MOST_NOTES]:
        lines += wrapped(clean(note, 400), "  - ", "    ")
    if len(notes) > MOST_NOTES:
        lines.append(f"  and {len(notes) - MOST_NOTES} more")
    return lines
