"""The smallest call that shows a failing function wrong: its own inputs, as code to paste, expected beside got.

Asks the submission itself, live, about the examples of tests/hidden/<a>/examples.py in their order, then about the
same examples in other modes: called twice, back-propagated, in the other dtype, its parameters listed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from grader import values
from grader.assignments import Assignment
from grader.diagnose import inlined, show
from grader.diagnose.examples import Example
from grader.diagnose.expected import ExpectedAnswers
from grader.diagnose.match import same_answers
from grader.diagnose.mistakes import load_hidden
from grader.diagnose.stored import Store
from grader.errors import CourseError
from grader.problems import UNWRITTEN
from grader.records import Counterexample
from grader.subject import operations as ops
from grader.subject.harness import PAGE, Harness

#: Asks batches one after the other; None for what was not answered.
Ask = Callable[[Sequence[ops.Batch]], Sequence[Sequence[ops.Answer] | None]]

FIRST = 1  # question that is asked at first: often it shows it, and the child need not answer the others
_T = TypeVar("_T")
HANDLE = 999_000_000  # objects of counterexamples: beyond any number that a test's objects have


@dataclass(frozen=True)
class Question:
    """One way to ask about an example: the batch, and the mode in which the example is used ("call", "twice", …)."""

    example: Example
    mode: str
    batch: ops.Batch
    number: int  # of the example


Expectation = tuple[Question, Sequence[ops.Answer]]  # with what the reference answers


class Counterexamples:
    """The examples of one assignment, with the reference's answers to them."""

    def __init__(
        self, assignment: Assignment, source: str, harness: Harness | None = None, store: Store | None = None
    ) -> None:
        """`store` may hold what the reference has answered in an earlier run."""
        self._assignment, self._harness = assignment, harness
        self._reference = ExpectedAnswers(assignment.name, source, assignment.harness_source, store)
        self._examples: dict[str, list[Example]] = {}
        self._questions: dict[tuple[str, bool], list[Expectation]] = {}

    def find(self, exercise: str, ask: Ask, explained: show.Explain) -> Counterexample | None:
        """The first question that the submission answers otherwise than the reference, or None.

        `explained` puts an exception into words. What is still to be written needs no counterexample.
        """
        parts = (self._calls, self._other_modes)
        for group in itertools.chain.from_iterable(_growing(part(exercise)) for part in parts):
            answers = ask([question.batch for question, _ in group])
            for (question, expected), answer in zip(group, answers):
                if answer is None or not same_answers(answer, expected):
                    if (
                        answer
                        and isinstance(answer[-1], ops.Raised)
                        and _is_unwritten(answer[-1], question, explained)
                    ):
                        return None
                    return show.counterexample(
                        question.example,
                        question.mode,
                        expected,
                        answer,
                        explained,
                        exercise,
                        self._harness,
                        self._assignment.axes,
                    )
        return None

    def questions(self, exercise: str) -> list[Expectation]:
        """Every question about its examples, the smallest first, with the reference's answers."""
        both = [*self._calls(exercise), *self._other_modes(exercise)]
        return sorted(
            both, key=lambda entry: entry[0].number
        )  # the call of an example before its other modes

    def _calls(self, exercise: str) -> list[Expectation]:
        """Each example called once: mostly that shows what is wrong, and the reference need not answer the rest."""
        return self._known_expectations(exercise, is_call=True)

    def _other_modes(self, exercise: str) -> list[Expectation]:
        return self._known_expectations(exercise, is_call=False)

    def _known_expectations(self, exercise: str, *, is_call: bool) -> list[Expectation]:
        if (exercise, is_call) not in self._questions:
            self._questions[exercise, is_call] = list(self._expectations(exercise, is_call))
        return self._questions[exercise, is_call]

    def _examples_of(self, exercise: str) -> list[Example]:
        if exercise not in self._examples:
            examples = getattr(self._module, "examples", None)
            self._examples[exercise] = [] if examples is None else list(examples(exercise))
        return self._examples[exercise]

    @cached_property
    def _module(self) -> object:
        return load_hidden(self._assignment, "examples")

    def _expectations(self, exercise: str, is_call: bool) -> Iterator[Expectation]:
        for number, example in enumerate(self._examples_of(exercise)):
            if is_call:
                self._check_lines(example, number, exercise)
            for mode, batch in self._modes(example, HANDLE + number, is_call):
                expected = self._reference.ask(batch)
                failed = [answer for answer in expected if isinstance(answer, ops.Raised)]
                if failed and mode in ("float32", "float64"):  # not every contract is for any dtype
                    continue
                if failed:
                    raise CourseError(
                        f"{self._assignment.hidden / 'examples.py'}: example {number} of {exercise}:"
                        f" the reference raises {failed[0].kind}: {failed[0].text}"
                    )
                yield Question(example, mode, batch, number), expected

    def _check_lines(self, example: Example, number: int, exercise: str) -> None:
        """Raise CourseError for an example of the harness that cannot be shown in the student's own names."""
        if self._harness is None or example.exercise not in self._harness.functions:
            return
        try:
            inlined.lines(self._harness, example)
        except inlined.NotStraight as error:
            raise CourseError(
                f"{self._assignment.hidden / 'examples.py'}: example {number} of {exercise}: what {example.exercise} of"
                f" {self._assignment.harness.name} does cannot be shown in the student's own names: {error}.",
                next_step='Say in the example what a student would type: Example(…, lines="…"). See '
                + PAGE
                + ".",
            ) from None

    def _about(self, example: Example) -> tuple[str, ...]:
        function = self._harness.functions.get(example.exercise) if self._harness is not None else None
        return () if function is None else function.exercises

    def _modes(self, example: Example, handle: int, is_call: bool) -> Iterator[tuple[str, ops.Batch]]:
        """The example called once, or else in every other mode."""
        if not example.exercise[0].isupper():
            about = self._about(example)
            call64, call32 = _call(example, np.float64, about), _call(example, np.float32, about)
            yield from (
                [("call", (call64,))] if is_call else [("twice", (call64, call64)), ("float32", (call32,))]
            )
            return
        start = self._start(example, handle, np.float32)
        call = _invoke(example, handle, np.float32)
        if is_call:
            yield "call", (*start, call)
            return
        yield "twice", (*start, call, call)
        yield "float64", (*self._start(example, handle, np.float64), _invoke(example, handle, np.float64))
        yield "parameters", (start[0], ops.ListParameters(handle))
        cotangents = self._cotangents(example, handle)
        yield "gradients", (*start, _invoke(example, handle, np.float32, cotangents))

    def _start(self, example: Example, handle: int, dtype: Any) -> tuple[ops.Operation, ...]:
        weights = {name: np.asarray(array, dtype) for name, array in example.weights.items()}
        make = ops.Make(handle, example.exercise, example.make, {}, self._about(example))
        return make, ops.Load(handle, weights)

    def _cotangents(self, example: Example, handle: int) -> tuple[Any, ...]:
        """The loss of a gradient counterexample is the sum of all outputs."""
        batch = (*self._start(example, handle, np.float32), _invoke(example, handle, np.float32))
        last = self._reference.ask(batch)[-1]
        assert isinstance(last, ops.Value)
        outputs = last.value if isinstance(last.value, (tuple, list)) else (last.value,)
        return tuple(values.map_leaves(_ones_like, output) for output in outputs)


def _growing(whole: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """A sequence in parts, each with twice as many as the one before.

    >>> list(_growing("abcdefghijkl"))
    ['a', 'bc', 'defg', 'hijkl']
    """
    begin, size = 0, FIRST
    while begin < len(whole):
        yield whole[begin : begin + size]
        begin, size = begin + size, 2 * size


def _is_unwritten(raised: ops.Raised, question: Question, explained: show.Explain) -> bool:
    return explained(raised, question.example.exercise, question.example.weights).kind in UNWRITTEN


def _call(example: Example, dtype: Any, about: tuple[str, ...]) -> ops.Call:
    args, kwargs = arguments(example, dtype)
    return ops.Call(example.exercise, args, kwargs, about)


def _invoke(
    example: Example, handle: int, dtype: Any, cotangents: tuple[Any, ...] | None = None
) -> ops.Invoke:
    args, kwargs = arguments(example, dtype)
    return ops.Invoke(handle, args, kwargs, cotangents)


def _ones_like(leaf: Any) -> Any:
    return np.ones_like(leaf) if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f" else None


def arguments(example: Example, dtype: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Positional and keyword arguments of an example, its arrays in `dtype`."""
    named = {name: _as(value, dtype) for name, value in example.arguments.items()}
    keywords = {name: value for name, value in named.items() if name in example.keywords}
    return tuple(value for name, value in named.items() if name not in keywords), keywords


def _as(value: Any, dtype: Any) -> Any:
    """The same value with its arrays of floats in `dtype`."""
    return values.map_leaves(
        lambda leaf: leaf.astype(dtype) if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f" else leaf,
        value,
    )
