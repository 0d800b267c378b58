"""Runs changed functions on the small examples that students are shown, many of them in one locked child (`lanes`).

A child never held a hidden input, and holds nothing of the answers: numbers come back, and are compared here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from grader import values
from grader.diagnose.counterexample import Question
from grader.diagnose.match import same_value
from grader.repair.lanes import Lanes
from grader.repair.program import Candidate
from grader.subject import operations as ops

Expectation = tuple[Question, Sequence[ops.Answer]]  # a question, and the reference's answers
Agreement = tuple[bool, ...]  # for each part of the answers, whether it is right

MOST_FAILING, MOST_RIGHT = 5, 3  # questions that a change is tried on
#: How often a change is asked all of them before it is said to give everything back, and how many questions at least.
TIMES, LEAST_ASKED = 3, 16
FIRST = 1  # of the failing ones, that all are tried on


@dataclass(frozen=True)
class ChosenQuestions:
    """The questions that changes are tried on: those answered wrongly, and some answered rightly."""

    failing: tuple[tuple[Expectation, Agreement], ...]
    right: tuple[Expectation, ...]

    def wrong_and_right(self) -> tuple[frozenset[int], frozenset[int]]:
        """The places of a tuple of results that are wrong in some answer, and those that are right in each."""
        wrong: set[int] = set()
        every: set[int] = set()
        for (_, expected), agreed in self.failing:
            if not expected:
                continue
            names = [name for name, _ in _parts(expected[-1])]
            of_last = agreed[-len(names) :]
            if not any(of_last):  # an exception, or something else altogether: none of them is told
                continue
            results = [(int(name), is_right) for name, is_right in zip(names, of_last) if name.isdecimal()]
            every |= {place for place, _ in results}
            wrong |= {place for place, is_right in results if not is_right}
        return frozenset(wrong), frozenset(every - wrong)


class Trials:
    """One submission's children for trying changes. `close` it at the end."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes

    def close(self) -> None:
        """End the children."""
        self._lanes.close()

    @property
    def is_at_an_end(self) -> bool:
        """Whether so many changes hung, or ended their child, that one of the children tries no more."""
        return self._lanes.is_at_an_end

    def choose(self, questions: Sequence[Expectation]) -> Callable[[], ChosenQuestions]:
        """Ask the submission as it is; what comes back waits for it, and chooses the questions that tell most."""
        asked = self._lanes.ask([question.batch for question, _ in questions])
        return lambda: _chosen(questions, asked())

    def gains(self, candidates: Sequence[Candidate], chosen: ChosenQuestions) -> list[int]:
        """For each change how many parts of answers it turns right; 0 when it turns any of them wrong."""
        gained = [0] * len(candidates)
        promising = [*range(len(candidates))]
        rest = [*chosen.failing[FIRST:], *((question, None) for question in chosen.right)]
        # Most changes are no help on the first question, and are asked no more.
        for group in (chosen.failing[:FIRST], rest):
            questions = [question for question, _ in group]
            before = [parts or (True,) * len(agreement(None, question[1])) for question, parts in group]
            if not questions or not promising:
                continue
            after = self._agreements([candidates[place] for place in promising], questions)
            for place, agreements in zip(promising, after):
                gain = _gain(before, agreements)
                gained[place] = 0 if gain is None else gained[place] + gain
            promising = [place for place in promising if gained[place]]
        return gained

    def stay(self, candidates: Sequence[Candidate], chosen: ChosenQuestions) -> list[bool]:
        """For each change whether all that is answered rightly stays right."""
        staying = [True] * len(candidates)
        for question in chosen.right:
            places = [place for place, stays in enumerate(staying) if stays]
            after = self._agreements([candidates[place] for place in places], [question])
            for place, (agreed,) in zip(places, after):
                staying[place] = all(agreed)
        return staying

    def repeats(self, candidate: Candidate, chosen: ChosenQuestions) -> bool:
        """Whether a change answers the same questions as rightly when they are asked again and again.

        What counts its calls, or draws, may be right as often as the suite asks, and no more often.
        """
        questions = [*(question for question, _ in chosen.failing), *chosen.right]
        rounds = max(TIMES, LEAST_ASKED // max(len(questions), 1))
        # Every other time from the last one to the first: what counts calls may have the period of one round.
        orders = [[*range(len(questions))][:: -1 if number % 2 else 1] for number in range(rounds)]
        places = [place for order in orders for place in order]
        (agreements,) = self._agreements([candidate], [questions[place] for place in places])
        return all(agreed == agreements[place] for place, agreed in zip(places, agreements))

    def _agreements(
        self, candidates: Sequence[Candidate], questions: Sequence[Expectation]
    ) -> list[list[Agreement]]:
        """For each change, and each question, which parts of its answers are right."""
        results = self._lanes.try_all(candidates, [question.batch for question, _ in questions])
        return [
            [agreement(answer, expected) for answer, (_, expected) in zip(answers, questions)]
            for answers in results
        ]


def _chosen(
    questions: Sequence[Expectation], answers: Sequence[Sequence[ops.Answer] | None]
) -> ChosenQuestions:
    agreed = [agreement(answer, expected) for answer, (_, expected) in zip(answers, questions)]
    # Where something is still to be written, any change could only go around it.
    wrong = [
        place
        for place, parts in enumerate(agreed)
        if not all(parts) and not any(map(_is_unwritten, answers[place] or ()))
    ]
    right = [place for place, parts in enumerate(agreed) if all(parts)]
    failing = _spread(questions, wrong, MOST_FAILING)
    return ChosenQuestions(
        tuple((questions[place], agreed[place]) for place in failing),
        tuple(questions[place] for place in _spread(questions, right, MOST_RIGHT)),
    )


def _is_unwritten(answer: ops.Answer) -> bool:
    return isinstance(answer, ops.Raised) and answer.is_unwritten


def _spread(questions: Sequence[Expectation], places: Sequence[int], most: int) -> list[int]:
    """Some places: of each mode of asking the first, then of each the last (the largest); plain calls before all else.

    What goes wrong in another mode alone, as in another dtype, may be what the suite never asks.
    """
    by_way: dict[str, list[int]] = (
        {"call": []} if any(questions[at][0].mode == "call" for at in places) else {}
    )
    for place in places:
        by_way.setdefault(questions[place][0].mode, []).append(place)
    firsts, lasts = [group[0] for group in by_way.values()], [group[-1] for group in by_way.values()]
    return [*dict.fromkeys([*firsts[:1], *lasts[:1], *firsts, *lasts])][:most]


def _gain(before: Sequence[Agreement], after: Sequence[Agreement]) -> int | None:
    """How many parts turned right; None when one turned wrong."""
    gained = 0
    for old, new in zip(before, after, strict=True):
        if any(was and not now for was, now in zip(old, new)):
            return None
        gained += sum(now and not was for was, now in zip(old, new))
    return gained


def agreement(answers: Sequence[ops.Answer] | None, expected: Sequence[ops.Answer]) -> Agreement:
    """For each part of the answers to a batch, whether it is as it should be."""
    parts = [part for answer in expected for part in _parts(answer)]
    answered = [part for answer in answers or () for part in _parts(answer)]
    if len(answered) != len(parts):
        return (False,) * len(parts)
    return tuple(
        name == other and (_same_gradient if _is_gradient(name) else same_value)(value, expected_value)
        for (name, value), (other, expected_value) in zip(answered, parts)
    )


def _is_gradient(name: str) -> bool:
    return name.startswith(("input ", "weight "))


def _same_gradient(value: Any, expected: Any) -> bool:
    """Whether two gradients are the same. One that is missing is as good as one that is zero, as in a suite."""
    if value is None or expected is None:
        present = expected if value is None else value
        return all(leaf is None or not leaf.any() for _, leaf in values.leaves(present))
    return values.agree(_same_part, value, expected)


def _same_part(value: Any, expected: Any) -> bool:
    return (
        _same_gradient(value, expected) if value is None or expected is None else same_value(value, expected)
    )


def _parts(answer: ops.Answer) -> list[tuple[str, Any]]:
    if isinstance(answer, ops.Raised):
        return []
    steps = values.parts(answer.value) if values.kind(answer.value) in ("tuple", "list", "dict") else []
    parts = sorted(((str(step), part) for step, part in steps), key=lambda named: named[0])
    parts = parts or [("", answer.value)]
    parts.append(("changed", tuple(answer.changed)))
    parts += [(f"input {number}", gradient) for number, gradient in enumerate(answer.input_gradients or ())]
    gradients = sorted((answer.parameter_gradients or {}).items())
    return parts + [(f"weight {name}", gradient) for name, gradient in gradients]
