"""The law that most of the others are made of: the numbers are the reference's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.suite import assert_close, points

from .cases import Case
from .exercises import Exercise
from .making_tests import Several, made_test

#: Gives another right answer, or the part of it, when an earlier mistake is carried forward; None when it is not.
Carried = Callable[[Any, Any, Case, str], Any]


def agrees(
    exercise: Exercise,
    cases: Several,
    worth: float,
    group: str = "numerics",
    says: str = "",
    *,
    part: str = "",
    take: Callable[[Any, Case], Any] | None = None,
    carried: Carried | None = None,
) -> Any:
    """Make a test that the numbers are the reference's, within the tolerance of `assert_close`.

    All results are compared, or the one named `part`, or what `take(answer, case)` makes of the answer; then `part` is
    what messages call that. `carried(student, reference, case, part)` may give another answer to accept, as in
    `assert_close`.

    >>> test_forward_gives_the_last_state = laws.agrees(FORWARD, [MAIN, SMALL], worth=2, part="h_last")
    """
    what = part or exercise.what

    def of(module, case):
        answer = exercise.answer(module, case)
        return take(answer, case) if take is not None else exercise.part(answer, part)

    def check(student, reference, case):
        other = None if carried is None else (lambda: carried(student, reference, case, part))
        assert_close(of(student, case), of(reference, case), what=what, length=case.steps, carried=other)

    return made_test(check, cases, points(worth, group=group), says, compares=True)
