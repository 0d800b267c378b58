"""Error carried forward: what the longer functions should answer if the student's own, wrong shorter one were right.

`rnn_backward` may be a right loop around a wrong `rnn_cell_backward`, and `truncated_backward` may give right pieces to
a wrong `rnn_backward`. Loop and pieces are the suite's here, and only what is in them is the student's. Nothing is
carried for a function that is right, that raises, or whose gradients do not all depend on the gradient that it is
handed: what is put around such a one proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.suite import StudentRaised, assert_alive, assert_shape
from grader.suite.compare import difference
from grader.suite.naming import split

from ..shared.cases import Case, frozen
from ..shared.exercises import Function
from .spec import BACKWARD, CELL, SMALL, SMALL_STEP, TRUNCATED

Gradients = dict[str, np.ndarray]
SUMMED = ("dw_input", "dw_hidden", "dbias")


def around_own_cell(student, reference, case: Case, part: str):
    """The results, or `part` of them, of a right rnn_backward around the student's cell; None if not allowed."""
    if not _may_be_carried(CELL, student, reference, SMALL_STEP, "dh_next"):
        return None
    return _carried(part or BACKWARD.what, lambda: _loop(student, case))


def around_own_sequence(student, reference, case: Case, part: str):
    """The results, or `part` of them, of right pieces around the student's rnn_backward; None if not allowed."""
    if not _may_be_carried(BACKWARD, student, reference, SMALL, "dhidden_states"):
        return None
    return _carried(part or TRUNCATED.what, lambda: _pieces(student, case))


def _carried(names: str, compute: Callable[[], Gradients]):
    """The results of these names; None where the student's function does not get through."""
    try:
        gradients = compute()
    except (StudentRaised, AssertionError):
        return None
    named = tuple(gradients[name] for name in split(names))
    return named if len(named) > 1 else named[0]


def _may_be_carried(exercise: Function, student, reference, case: Case, handed: str) -> bool:
    """Whether the student's answer to a probe is wrong, and each part of it depends on the gradient `handed` to it."""
    other = case.instead(**{handed: 0.3 - 2 * case[handed]})
    try:
        answer = exercise.answer(student, case)
        if difference(answer, exercise.answer(reference, case), exercise.what, case.steps) is None:
            return False
        first, second = (
            _checked(exercise, case, answer),
            _checked(exercise, other, exercise.answer(student, other)),
        )
    except (StudentRaised, AssertionError):
        return False
    return not any(np.allclose(first[name], second[name]) for name in first)


def _checked(exercise: Function, case: Case, answer) -> Gradients:
    """The parts of an answer by name. Raises Difference where one is not alive."""
    parts = exercise.leaves(answer)
    for name, shape in exercise.shapes(case).items():
        assert_alive(parts[name], shape, what=name)
    return parts


def _answered(exercise: Function, case: Case, student) -> Gradients:
    """What the student answers, by name. Raises Difference where a shape is wrong: sums of it could not be made."""
    parts = exercise.leaves(exercise.answer(student, case))
    for name, shape in exercise.shapes(case).items():
        assert_shape(parts[name], shape, what=name)
    return parts


def _loop(student, case: Case) -> Gradients:
    """From the last step to the first, each by the student's rnn_cell_backward."""
    later = np.zeros_like(case["h0"])
    dx, sums = [], None
    for t in reversed(range(case.steps)):
        step = case.step(t).instead(
            dh_next=(case["dhidden_states"][:, t] + later).astype(later.dtype),
            h_next=case["hidden_states"][:, t].copy(),
            h0=case["hidden_states"][:, t - 1].copy() if t else case["h0"],
        )
        gradients = _answered(CELL, step, student)
        later = gradients["dh_prev"]
        dx.insert(0, gradients["dx"])
        sums = _added(sums, gradients)
    return {"dx": np.stack(dx, axis=1), "dh0": later, **sums}


def _pieces(student, case: Case) -> Gradients:
    """Each piece by the student's rnn_backward."""
    chunk = case.sizes["K"]
    dx, first, sums = [], None, None
    for begin in range(0, case.steps, chunk):
        end = min(begin + chunk, case.steps)
        pieces = {name: case[name][:, begin:end].copy() for name in ("dhidden_states", "x", "hidden_states")}
        before = {"h0": case["hidden_states"][:, begin - 1].copy()} if begin else {}
        part = Case(case.name, {**case.sizes, "L": end - begin}, case.arrays).instead(**pieces, **before)
        gradients = _answered(BACKWARD, part, student)
        dx.append(gradients["dx"])
        first = gradients if first is None else first
        sums = _added(sums, gradients)
    return {"dx": np.concatenate(dx, axis=1), "dh0": first["dh0"], **sums}


def _added(sums: Gradients | None, gradients: Gradients) -> Gradients:
    return {name: frozen(gradients[name] + (0 if sums is None else sums[name])) for name in SUMMED}
