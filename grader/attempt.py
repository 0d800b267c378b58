"""Whether a submission is work at all: `not_attempted` is for what answers like the hand-out, or nothing, everywhere.

Decided on the trusted side from the answers to the plan and from the parsed source. One exercise that is written, and
wrong, is work; so is anything that the source does not show but the answers do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from grader.assignments import Assignment, Course
from grader.handouts import handout
from grader.records import Submission
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.plan import Plan, used
from grader.subject.subjects import LocalSubject

RAISES, MISSING, NOTHING, EMPTY = (
    "still raises NotImplementedError",
    "is not there",
    "gives nothing back",
    "has nothing in it",
)
_NOTHINGS = ("an ellipsis", "a NotImplementedType")  # as the host describes what it cannot send


class Attempts:
    """The hand-out of an assignment, and what it answers; asked about every submission of which no test passes."""

    def __init__(self, assignment: Assignment, plan: Plan) -> None:
        self._assignment, self._plan = assignment, plan
        self._handout = handout(Course(assignment.hidden.parents[2], ""), assignment)

    def why_not_attempted(self, submission: Submission, transcript: Mapping[tuple[int, int], bytes]) -> str:
        """Why a submission of which no test passed is no attempt, in a sentence; empty where it is one."""
        if self._handout.wrote_something(submission.source.files):
            return ""
        kinds_by_exercise: dict[str, set[str]] = {}
        for position, exercises, answers in self._answers(transcript):
            kind = _kind_of_nothing(answers[-1]) if answers else EMPTY
            if not kind and wire.encode(answers[-1]) != self._answers_of_handout.get(position):
                return ""
            for name in exercises:
                kinds_by_exercise.setdefault(name, set()).add(kind or EMPTY)
        return f"Nothing has been filled in yet: {_sentence(kinds_by_exercise)}." if kinds_by_exercise else ""

    def _answers(
        self, transcript: Mapping[tuple[int, int], bytes]
    ) -> Iterator[tuple[tuple[int, int], set[str], Sequence[ops.Answer]]]:
        """(position, exercises that it asks, answers) of all that was answered."""
        names: dict[int, set[str]] = {}
        for position in sorted(transcript):
            item, index = position
            names[item] = set(used(self._plan.batches[item][index])) or names.get(item, set())
            try:
                yield position, names[item], wire.decode_answers(transcript[position])
            except wire.WireError:
                yield position, names[item], (ops.Value(True),)  # not nothing, whatever it is

    @cached_property
    def _answers_of_handout(self) -> dict[tuple[int, int], bytes]:
        """The last answer of the hand-out to every batch, by its position, as bytes."""
        if not self._handout.skeletons:
            return {}
        skeleton = self._handout.skeletons[0]
        skeleton_subject = LocalSubject(self._assignment.name, skeleton, self._assignment.harness_source)
        return {
            (item, index): wire.encode(skeleton_subject.ask(batch)[-1])
            for item, batches in enumerate(self._plan.batches)
            for index, batch in enumerate(batches)
        }


def _kind_of_nothing(answer: ops.Answer) -> str:
    """Which kind of nothing an answer is; empty where it is something."""
    if isinstance(answer, ops.Raised):
        if answer.kind == "NotImplementedError":
            return RAISES
        # Without code of the student's own, an exception is what comes of asking for what is not there.
        return MISSING if answer.kind == "Missing" else EMPTY
    return NOTHING if _is_nothing(answer.value) else ""


def _is_nothing(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(map(_is_nothing, value))
    if isinstance(value, ops.Opaque):
        return value.description in _NOTHINGS
    return value is None or (isinstance(value, dict) and not value)


def _sentence(kinds_by_exercise: Mapping[str, set[str]]) -> str:
    """ "`scale` gives nothing back and `Scaler` is not there"; one phrase where all are alike."""
    phrases = {name: _words_of_kinds(kinds) for name, kinds in kinds_by_exercise.items()}
    if len({*phrases.values()}) == 1:
        (phrase,) = {*phrases.values()}
        if len(phrases) == 1 or phrase == RAISES:
            return f"every exercise {phrase}"
        if phrase == MISSING:
            return f"no exercise is there ({', '.join(f'`{name}`' for name in phrases)})"
        return f"every exercise {phrase} ({', '.join(f'`{name}`' for name in phrases)})"
    *first, last = (f"`{name}` {phrase}" for name, phrase in phrases.items())
    comma = "," if len(first) > 1 else ""
    return f"{', '.join(first)}{comma} and {last}"


def _words_of_kinds(kinds: set[str]) -> str:
    return next(phrase for phrase in (RAISES, MISSING, NOTHING, EMPTY) if phrase in kinds)
