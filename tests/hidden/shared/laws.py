"""Tests that hold for every recurrent exercise, whatever its formula: each function here makes one, for one exercise.

A suite gives it a name, what it is worth, and the cases that it is asked about:

>>> test_forward_keeps_the_dtype = laws.dtype_kept(FORWARD, [MAIN, SINGLE], worth=1)
>>> test_forward_takes_any_lengths = laws.agrees(FORWARD, SPECIAL, worth=1, group="lengths", says="lengths may …")

`cases` is one case, or a list or dict of them, for a test with parameters. `says` is the sentence that students read;
where it is left out, one is made from the names of the exercise. A test that an answer of the right shape passes,
whatever its numbers, counts only with a right number of the same exercise (see `grader.suite.points`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any

import numpy as np

from grader.suite import (
    assert_alive,
    assert_close,
    assert_differs,
    assert_dtype_kept,
    assert_shape,
    assert_unchanged,
    is_alive,
    points,
)

from .agreement import agrees
from .cases import Case
from .exercises import Exercise, Module
from .laws_of_learning import (
    cotangents,
    good_start,
    input_gradients,
    no_gradient_on_padding,
    parameter_gradients,
    registered,
    weights_used,
)
from .laws_of_lengths import last_real_state, zero_on_padding
from .laws_of_sequences import begins_at_zero, each_layer, reads_real_steps, stays_accurate, takes_any_lengths
from .making_tests import Several, each, listed, made_test
from .sizes import Lengths, Sequences

__all__ = [
    "agrees",
    "arguments_unchanged",
    "begins_at_zero",
    "cotangents",
    "dtype_kept",
    "dtype_of_sequences",
    "each_layer",
    "goes_on",
    "good_start",
    "input_gradients",
    "last_real_state",
    "no_gradient_on_padding",
    "nothing_kept",
    "parameter_gradients",
    "reads_real_steps",
    "registered",
    "shapes",
    "stays_accurate",
    "takes_any_lengths",
    "weights_used",
    "zero_on_padding",
]


def shapes(
    exercise: Exercise, cases: Several, worth: float, group: str = "shapes", says: str = "", whole: str = ""
) -> Any:
    """Make a test that every result has the shape that its axes say, whatever the sizes.

    A function must also answer with finite numbers that are not all the same; a module is asked with the weights that
    it starts with, in float32. `whole` names the results that hold whole numbers, such as indices, separated by blanks.

    >>> test_forward_has_shapes = laws.shapes(FORWARD, [ALL_DIFFERENT, ONE_SAMPLE, ALL_ONE], worth=1)
    """
    fresh = each(cases, lambda case: case.astype(np.float32)) if isinstance(exercise, Module) else cases

    def check(student, case):
        arguments, named = exercise.call(case)
        answer = exercise.leaves(exercise.fresh(student, case)(*arguments, **named))
        expected = exercise.shapes(case)
        if not isinstance(exercise, Module):
            for name, array in answer.items():
                (assert_shape if name in whole.split() else assert_alive)(array, expected[name], what=name)
            return
        for name, array in answer.items():
            assert_shape(array, expected[name], what=name)
        first = next(iter(answer))
        if not is_alive(answer[first], expected[first]):
            # As with weights that start as zeros, which cost points of their own.
            assert_alive(exercise.leaves(exercise.answer(student, case))[first], expected[first], what=first)

    says = says or f"{exercise.name} gives {_results(exercise)}, whatever the sizes."
    return made_test(check, fresh, points(worth, group=group), says)


def dtype_kept(
    exercise: Exercise,
    cases: Iterable[Case] | Mapping[str, Iterable[Case]],
    worth: float,
    group: str = "numerics",
    says: str = "",
    *,
    fresh: Case | None = None,
    around: Callable[[Any, Any], Any] | None = None,
) -> Any:
    """Make a test that float32 comes back as float32, and float64 as float64, in all of these cases.

    This test alone charges for a lost dtype (`points(about="dtype")`). `cases` is a list of cases that are asked in one
    test, or a dict of such lists, each a test of its own. A module is asked about `fresh`, a case in float32, with the
    weights that it starts with as well. `around(student, reference)` gives a context manager in which answers are
    compared.

    >>> test_forward_keeps_the_dtype = laws.dtype_kept(FORWARD, [MAIN, SINGLE], worth=1)
    """

    def check(student, reference, case):
        calls = []
        for single in case:
            arguments, named = exercise.call(single)
            call = partial(exercise.made(student, single), *arguments, **named)
            calls.append((call, exercise.answer(reference, single)))
        if fresh is not None and any(single.lengths is not None for single in case) == (
            fresh.lengths is not None
        ):
            arguments, named = exercise.call(fresh)
            calls.append((lambda: exercise.fresh(student, fresh)(*arguments, **named), "float32"))
        with around(student, reference) if around is not None else nullcontext():
            assert_dtype_kept(calls, what=exercise.what, length=max(single.steps for single in case))

    also = "; with lengths and without" if isinstance(cases, Mapping) else ""
    says = says or f"float32 arrays in, float32 numbers out; float64 likewise{also}."
    mark = points(worth, group=group, about="dtype", needs="number")
    return made_test(
        check, dict(cases) if isinstance(cases, Mapping) else tuple(cases), mark, says, compares=True
    )


def dtype_of_sequences(
    exercise: Module,
    sequences: Sequences,
    lengths: Lengths,
    worth: float,
    group: str = "numerics",
    says: str = "",
) -> Any:
    """Make the test of `dtype_kept` for a module that reads sequences, with and without a state and lengths.

    >>> everything = sizes.of_sequences(make), sizes.of_lengths(make)
    >>> test_rnn_keeps_the_dtype = laws.dtype_of_sequences(RNN, *everything, worth=1)
    """
    main, single = sequences.main, sequences.single
    cases = {
        "all_steps": [main, main.no_state(), single, single.no_state()],
        "lengths": [lengths.padded, lengths.single],
    }
    return dtype_kept(exercise, cases, worth, group, says, fresh=sequences.fewer)


def arguments_unchanged(
    exercise: Exercise, case: Case, worth: float, group: str = "behaviour", says: str = ""
) -> Any:
    """Make a test that a call changes none of its arguments in place.

    A module is asked with the weights that it starts with, so give it a case in float32.

    >>> test_rnn_leaves_its_arguments_alone = laws.arguments_unchanged(RNN, SINGLE, worth=0.5)
    """

    def check(student, case):
        arguments, named = exercise.call(case)
        observed = exercise.fresh(student, case).observe(*arguments, **named)
        name, first = next(iter(exercise.leaves(observed.value).items()))
        assertion = assert_shape if isinstance(exercise, Module) else assert_alive
        assertion(first, exercise.shapes(case)[name], what=name)
        assert_unchanged(observed, exercise.names)

    also = ", lengths too," if exercise.lengths else ""
    says = says or f"{exercise.name} reads its arguments{also} and changes none of them."
    return made_test(check, case, points(worth, group=group, needs="number"), says)


def nothing_kept(
    exercise: Exercise,
    case: Case,
    other: Case,
    worth: float,
    group: str = "behaviour",
    says: str = "",
) -> Any:
    """Make a test that the same call gives the same answer twice, and that `other` is answered after it.

    `other` has other sizes. A module is made once, with the weights of `case`, so for a module `other` must have the
    same I and H.

    >>> test_forward_keeps_nothing = laws.nothing_kept(FORWARD, MAIN, SMALL, worth=0.5)
    """

    def check(student, case):
        subject = exercise.made(student, case)

        def ask(which):
            arguments, named = exercise.call(which)
            return next(iter(exercise.leaves(subject(*arguments, **named)).items()))

        name, first = ask(case)
        assert_alive(first, exercise.shapes(case)[name], what=name)
        assert_close(ask(case)[1], first, what=f"{name} the second time", length=case.steps)
        assert_alive(ask(other)[1], exercise.shapes(other)[name], what=name)

    sizes = "batch size and length" if exercise.lengths else "batch size"
    says = says or (
        f"One network gives the same answer a second time, and then takes another {sizes}."
        if isinstance(exercise, Module)
        else f"The same call gives the same answer a second time; another {sizes} may follow it."
    )
    return made_test(check, case, points(worth, group=group, needs="number"), says)


def goes_on(
    exercise: Exercise, case: Case, at: int, worth: float, group: str = "numerics", says: str = ""
) -> Any:
    """Make a test that a sequence read in two pieces, `at` steps and the rest, gives the outputs of reading it at once.

    The state that the first piece returns goes into the second one. It is the last result of the exercise, and the
    argument beside x. The case must have no lengths.

    >>> test_rnn_goes_on = laws.goes_on(RNN, SINGLE, at=2, worth=0.5)
    """
    outputs, state = exercise.results
    argument = list(exercise.arguments)[1]
    key = exercise.arguments[argument]
    begin, end = case.cut("begin", 0, at), case.cut("end", at, case.steps)

    def check(student, case):
        subject = exercise.made(student, case)

        def ask(which, name):
            arguments, named = exercise.call(which)
            return exercise.parts(subject(*arguments, **named))[name]

        def alive(which, result, answer):
            for name, array in exercise.leaves(answer, of=result).items():
                assert_alive(array, exercise.shapes(which)[name], what=name)

        whole = ask(case, outputs)
        alive(case, outputs, whole)
        arguments, named = exercise.call(begin)
        parts = exercise.parts(subject(*arguments, **named))
        first, last = parts[outputs], parts[state]
        alive(begin, state, last)
        second = ask(end.instead(**_filled(key, last)), outputs)
        assert_close(
            (first, second),
            (whole[:, :at], whole[:, at:]),
            what=f"{outputs} of the first piece, {outputs} of the second piece",
            length=case.steps,
        )
        afresh = ask(end, outputs)
        alive(end, outputs, afresh)
        assert_differs(second, afresh, what=outputs, on=argument)
        assert_differs(first, afresh, what=outputs, on="x")

    says = (
        says
        or f"Reading a sequence in two pieces, {state} handed on, gives the {outputs} of reading it at once."
    )
    return made_test(check, case, points(worth, group=group, gives="number"), says)


def _filled(key: Any, value: Any) -> dict[str, np.ndarray]:
    """An answer as arrays of a case, by their keys."""
    if isinstance(key, tuple):
        return {
            name: array
            for part, inner in zip(key, value, strict=True)
            for name, array in _filled(part, inner).items()
        }
    return {key: value}


def _results(exercise: Exercise) -> str:
    """The results with their axes: "outputs (N, L, H) and hidden_state (N, H)"."""
    axes = exercise.axes()
    return listed(
        f"{name} ({', '.join(text.split())}{',' * (' ' not in text)})" for name, text in axes.items()
    )
