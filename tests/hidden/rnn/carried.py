"""Error carried forward: what `RNN` should answer if the student's own, wrong RNNCell were right.

The loop is the suite's, only the cell is the student's, one step at a time. Nothing is carried for a cell
that is right, that raises, or whose answers do not depend on both the input and the state: a loop around
such a cell proves nothing about the loop.
"""

from __future__ import annotations

import numpy as np

from grader.suite import StudentRaised, assert_close

from .answers import assert_alive
from .cases import Case, frozen


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
        answer = _unroll(cell, case, given)
    except (StudentRaised, AssertionError):
        return None
    return answer if part is None else answer[part]


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
    """The loop of `RNN` with `cell` as its step."""
    state = case.h0 if given else None
    outputs = []
    for t in range(case.x.shape[1]):
        new = cell(frozen(case.x[:, t].copy()), state)
        assert_alive(new, case.h0.shape, what="the cell's answer")
        real = case.real[:, t, None]
        state = frozen(np.where(real, new, 0 if state is None else state).astype(case.x.dtype))
        outputs.append(np.where(real, state @ case.w_output, 0).astype(case.x.dtype))
    return np.stack(outputs, axis=1), state
