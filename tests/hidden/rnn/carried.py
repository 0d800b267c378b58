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

from .cases import MAIN, Case, frozen

SINGLE = MAIN.astype(np.float32)


def with_own_cell(student, reference, case: Case, *, given: bool = True, part: int | None = None):
    """(outputs, hidden_state) of the case, or one `part`, around the student's cell; None if not allowed.

    `given=False` begins without a state, as a call of RNN without one does.
    """
    _, _, i, h = case.sizes
    cell = student.RNNCell(i, h).load(case.cell_weights)
    right_cell = reference.RNNCell(i, h).load(case.cell_weights)
    try:
        if not _is_wrong(cell, right_cell, case, given) or not _is_alive(cell, case):
            return None
        states, outputs = _unroll(cell, case, given)
    except (StudentRaised, AssertionError):
        return None
    answer = outputs, states[-1]
    return answer if part is None else answer[part]


def inputs_with_own_cell(student, reference, case: Case, cotangents, *, part: int | None = None):
    """(gradient of x, gradient of hidden_state), or one `part`, around the student's cell; None if not allowed."""
    found = _gradients(student, reference, case, cotangents)
    if found is None:
        return None
    return found["inputs"] if part is None else found["inputs"][part]


def parameters_with_own_cell(student, reference, case: Case, cotangents, names):
    """The gradients of the parameters of these names, around the student's cell; None if not allowed."""
    found = _gradients(student, reference, case, cotangents)
    return None if found is None else tuple(found["parameters"][name] for name in names)


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
        _, _, i, h = case.sizes
        x = frozen(case.x[:, 0].copy())
        for state in (case.h0, None):
            cell, right_cell = (
                module.RNNCell(i, h).load(case.cell_weights) for module in (student, reference)
            )
            try:
                got, want = cell(x, state), right_cell(x, state)
            except StudentRaised as error:
                if speaks_of_dtype(error.raised):
                    return False
                continue
            if difference(got, want, any_dtype=True) is None and difference(got, want) is not None:
                return False
            if isinstance(got, np.ndarray) and got.dtype != want.dtype:
                return False
    return True


def _gradients(student, reference, case: Case, cotangents):
    """Back-propagation through the suite's loop around the student's cell, from sum(outputs * a) + sum(state * b)."""
    _, _, i, h = case.sizes
    cell = student.RNNCell(i, h).load(case.cell_weights)
    right_cell = reference.RNNCell(i, h).load(case.cell_weights)
    try:
        if not _is_wrong(cell, right_cell, case, given=True) or not _is_alive(cell, case):
            return None
        states, _ = _unroll(cell, case, given=True)
        return _back(cell, case, [case.h0, *states], cotangents)
    except (StudentRaised, AssertionError):
        return None


def _back(cell, case: Case, states, cotangents):
    """The chain rule, from the last step to the first; `states` begin with the initial one."""
    of_outputs, of_state = cotangents
    dx, dw_output = np.zeros_like(case.x), np.zeros_like(case.w_output)
    dweights: dict[str, np.ndarray | None] = dict.fromkeys(case.cell_weights)
    for t in reversed(range(case.x.shape[1])):
        real = case.real[:, t, None]
        of_output = np.where(real, of_outputs[:, t], 0)
        dw_output += states[t + 1].T @ of_output
        of_state = of_state + of_output @ case.w_output.T
        step = cell.gradients(
            frozen(case.x[:, t].copy()), states[t], cotangents=(frozen(np.where(real, of_state, 0)),)
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
                assert_shape(gradient, case.cell_weights[name].shape, what=f"gradient of {name}")
                dweights[name] = gradient + (0 if dweights[name] is None else dweights[name])
    named = {f"cell.{name}": gradient for name, gradient in dweights.items()}
    return {"inputs": (dx, of_state), "parameters": {**named, "w_output": dw_output}}


def _assert_unused(cell, case: Case, name: str, state) -> None:
    """Without a gradient may only be a weight that plays no part in the cell's answer; any other is cut off."""
    x = frozen(case.x[:, 0].copy())
    before = cell(x, state)
    after = cell.load({name: frozen(case.cell_weights[name] + 0.5)})(x, state)
    cell.load({name: case.cell_weights[name]})
    assert_close(after, before, what="the cell's answer")


def _probes(case: Case):
    """Two inputs and two states of one step that differ everywhere."""
    h1 = np.linspace(-0.8, 0.7, case.h0.size, dtype=case.h0.dtype).reshape(case.h0.shape)
    x1 = case.x[:, 0]
    return frozen(x1.copy()), frozen(0.3 - x1), frozen(h1), frozen(0.2 - h1)


def _is_wrong(cell, right_cell, case: Case, given: bool) -> bool:
    """Whether the cell's answers are not the reference's, with a state or, if none is given, without."""
    x1, _, h1, _ = _probes(case)
    return any(
        not _same(cell(x1, state), right_cell(x1, state)) for state in ((h1,) if given else (h1, None))
    )


def _is_alive(cell, case: Case) -> bool:
    """Whether the answers are finite, of the right shape, and depend on the input and on the state."""
    x1, x2, h1, h2 = _probes(case)
    answers = [cell(x1, h1), cell(x2, h1), cell(x1, h2)]
    for answer in answers:
        assert_alive(answer, case.h0.shape, what="the cell's answer")
    return not any(np.allclose(answers[0], other) for other in answers[1:])


def _same(got, expected) -> bool:
    try:
        assert_close(got, expected, what="the cell's answer")
    except AssertionError:
        return False
    return True


def _unroll(cell, case: Case, given: bool):
    """The loop of `RNN` with `cell` as its step: the states after each step, and outputs (N, L, H)."""
    state = case.h0 if given else None
    states, outputs = [], []
    for t in range(case.x.shape[1]):
        new = cell(frozen(case.x[:, t].copy()), state)
        assert_alive(new, case.h0.shape, what="the cell's answer")
        real = case.real[:, t, None]
        state = frozen(np.where(real, new, 0 if state is None else state).astype(case.x.dtype))
        states.append(state)
        outputs.append(np.where(real, state @ case.w_output, 0).astype(case.x.dtype))
    return states, np.stack(outputs, axis=1)
