"""Laws of sequences of several lengths in one batch: what stands on padding, and which state comes back."""

from __future__ import annotations

from typing import Any

from grader.suite import assert_alive, assert_close, points

from .cases import Case
from .exercises import Exercise
from .making_tests import made_test
from .padding import assert_zero_on_padding


def zero_on_padding(
    exercise: Exercise, case: Case, worth: float, group: str = "lengths", says: str = ""
) -> Any:
    """Make a test that, with lengths, the first result is zero on padding, and only there.

    >>> test_rnn_is_zero_on_padding = laws.zero_on_padding(RNN, PADDED, worth=1)
    """
    name = exercise.first

    def check(student, case):
        array = exercise.parts(exercise.answer(student, case))[name]
        assert_alive(array, exercise.shapes(case)[name], what=name)
        assert_zero_on_padding(array, case.real, what=name)

    says = says or f"With lengths, {name} are zero on padding, and only there."
    return made_test(check, case, points(worth, group=group, needs="number"), says)


def last_real_state(
    exercise: Exercise, case: Case, worth: float, group: str = "lengths", says: str = ""
) -> Any:
    """Make a test that, with lengths, the state that comes back is the one at each sample's last real step.

    The state is the first array of the last result; it is compared with what the first result (N, L, H) holds at that
    step.

    >>> test_forward_returns_the_last_real_state = laws.last_real_state(FORWARD, PADDED, worth=1)
    """
    name = exercise.first

    def check(student, case):
        answer = exercise.leaves(exercise.answer(student, case))
        states = answer[name]
        assert_alive(states, exercise.shapes(case)[name], what=name)
        last = list(answer)[1]
        ends = [length - 1 for length in case.lengths]
        assert_close(answer[last], states[range(len(ends)), ends], what=last)

    says = (
        says or f"With lengths, the state that comes back repeats what {name} holds at each last real step."
    )
    return made_test(check, case, points(worth, group=group, needs="number"), says)
