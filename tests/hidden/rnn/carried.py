"""Error carried forward: what `RNN` should answer if the student's own, wrong RNNCell were right.

The loop is the suite's, only the cell is the student's, one step at a time; its gradients too are asked for one
step at a time, and chained here. Nothing is carried for a cell that is right, that raises, or whose answers do not
depend on both the input and the state: a loop around such a cell proves nothing about the loop. Nor is a gradient
carried that such a cell itself cuts off: that is another mistake, which no test of the cell alone has charged.
"""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np

from grader.suite import (
    Difference,
    StudentRaised,
    assert_alive,
    assert_close,
    assert_shape,
    carried_forward,
    speaks_of_dtype,
)
from grader.suite.compare import difference

from ..shared.cases import GIVEN, Case, frozen
from .spec import CELL, MAIN, RNN, SINGLE


def with_own_cell(student, reference, case: Case, part: str):
    """(outputs, hidden_state) of the case, or one `part`, around the student's cell; None if not allowed.

    A case without a state begins without one, as a call of RNN does.
    """
    has_state = case.state == GIVEN
    cell, right_cell = CELL.made(student, case), CELL.made(reference, case)
    try:
        if not _is_wrong(cell, right_cell, case, has_state) or not _is_alive(cell, case):
            return None
        states, outputs = _unroll(cell, case, has_state)
    except (StudentRaised, AssertionError):
        return None
    return RNN.part((outputs, states[-1]), part)


def inputs_with_own_cell(student, reference, case: Case, cotangents):
    """(gradient of x, gradient of hidden_state) around the student's cell; None if not allowed."""
    gradients = _gradients(student, reference, case, cotangents)
    return None if gradients is None else gradients["inputs"]


def parameters_with_own_cell(student, reference, case: Case, cotangents):
    """The gradients of the parameters around the student's cell; None if not allowed."""
    gradients = _gradients(student, reference, case, cotangents)
    return None if gradients is None else tuple(gradients["parameters"][name] for name in RNN.parameters)


@contextmanager
def charged_to_the_cell(student, reference):
    """What fails in here has cost its points already when the student's cell does not keep the dtype by itself."""
    try:
        yield
    except (StudentRaised, Difference) as error:
        is_other = isinstance(error, StudentRaised) and not speaks_of_dtype(error.raised)
        if is_other or _keeps_the_dtype(student, reference):
            raise
        carried_forward.set(True)


def _keeps_the_dtype(student, reference) -> bool:
    """Whether the cell answers in the dtype of its input and, around right numbers, in its precision."""
    for case in (MAIN, SINGLE):
        for step in (case.step(0), case.step(0).no_state()):
            try:
                answer, expected = CELL.answer(student, step), CELL.answer(reference, step)
            except StudentRaised as error:
                if speaks_of_dtype(error.raised):
                    return False
                continue
            if (
                difference(answer, expected, any_dtype=True) is None
                and difference(answer, expected) is not None
            ):
                return False
            if isinstance(answer, np.ndarray) and answer.dtype != expected.dtype:
                return False
    return True


def _gradients(student, reference, case: Case, cotangents):
    """Back-propagation through the suite's loop around the student's cell, from sum(outputs * a) + sum(state * b)."""
    cell, right_cell = CELL.made(student, case), CELL.made(reference, case)
    try:
        if not _is_wrong(cell, right_cell, case, has_state=True) or not _is_alive(cell, case):
            return None
        states, _ = _unroll(cell, case, has_state=True)
        return _back(cell, case, [case["h0"], *states], cotangents)
    except (StudentRaised, AssertionError):
        return None


def _back(cell, case: Case, states, cotangents):
    """The chain rule, from the last step to the first; `states` begin with the initial one."""
    of_outputs, of_state = cotangents
    dx, dw_output = np.zeros_like(case["x"]), np.zeros_like(case["w_output"])
    dweights: dict[str, np.ndarray | None] = dict.fromkeys(CELL.weights(case))
    for t in reversed(range(case["x"].shape[1])):
        real = case.real[:, t, None]
        of_output = np.where(real, of_outputs[:, t], 0)
        dw_output += states[t + 1].T @ of_output
        of_state = of_state + of_output @ case["w_output"].T
        step = cell.gradients(
            frozen(case["x"][:, t].copy()), states[t], cotangents=(frozen(np.where(real, of_state, 0)),)
        )
        dx_t, dstate = step.inputs
        assert_shape(dx_t, dx[:, t].shape, what="gradient of x")
        assert_shape(dstate, of_state.shape, what="gradient of hidden_state")
        dx[:, t] = dx_t
        of_state = np.where(real, 0, of_state) + dstate
        for name in dweights:
            gradient = step.parameters.get(name)
            if gradient is None:
                _assert_unused(cell, case, name, states[t])
            else:
                assert_shape(gradient, CELL.weights(case)[name].shape, what=f"gradient of {name}")
                dweights[name] = gradient + (0 if dweights[name] is None else dweights[name])
    named = {f"cell.{name}": gradient for name, gradient in dweights.items()}
    return {"inputs": (dx, of_state), "parameters": {**named, "w_output": dw_output}}


def _assert_unused(cell, case: Case, name: str, state) -> None:
    """Without a gradient may only be a weight that plays no part in the cell's answer; any other is cut off."""
    x = frozen(case["x"][:, 0].copy())
    before = cell(x, state)
    after = cell.load({name: frozen(CELL.weights(case)[name] + 0.5)})(x, state)
    cell.load({name: CELL.weights(case)[name]})
    assert_close(after, before, what="the cell's answer")


def _probes(case: Case):
    """Two inputs and two states of one step that differ everywhere."""
    h1 = np.linspace(-0.8, 0.7, case["h0"].size, dtype=case["h0"].dtype).reshape(case["h0"].shape)
    x1 = case["x"][:, 0]
    return frozen(x1.copy()), frozen(0.3 - x1), frozen(h1), frozen(0.2 - h1)


def _is_wrong(cell, right_cell, case: Case, has_state: bool) -> bool:
    """Whether the cell's answers are not the reference's, with a state or, if none is given, without."""
    x1, _, h1, _ = _probes(case)
    return any(
        not _same(cell(x1, state), right_cell(x1, state)) for state in ((h1,) if has_state else (h1, None))
    )


def _is_alive(cell, case: Case) -> bool:
    """Whether the answers are finite, of the right shape, and depend on the input and on the state."""
    x1, x2, h1, h2 = _probes(case)
    answers = [cell(x1, h1), cell(x2, h1), cell(x1, h2)]
    for answer in answers:
        assert_alive(answer, case["h0"].shape, what="the cell's answer")
    return not any(np.allclose(answers[0], other) for other in answers[1:])


def _same(answer, expected) -> bool:
    try:
        assert_close(answer, expected, what="the cell's answer")
    except AssertionError:
        return False
    return True


def _unroll(cell, case: Case, has_state: bool):
    """The loop of `RNN` with `cell` as its step: the states after each step, and outputs (N, L, H)."""
    state = case["h0"] if has_state else None
    states, outputs = [], []
    for t in range(case["x"].shape[1]):
        new = cell(frozen(case["x"][:, t].copy()), state)
        assert_alive(new, case["h0"].shape, what="the cell's answer")
        real = case.real[:, t, None]
        state = frozen(np.where(real, new, 0 if state is None else state).astype(case["x"].dtype))
        states.append(state)
        outputs.append(np.where(real, state @ case["w_output"], 0).astype(case["x"].dtype))
    return states, np.stack(outputs, axis=1)
