"""Error carried forward: a wrong step costs the points of the step, and what is right around it keeps its own.

In rnn it is a loop around a cell, in bptt a loop around a step backwards, and pieces around the loop.
"""

from __future__ import annotations

import sys

import pytest

from grader.assignments import find_course, load
from grader.records import StudentSource
from grader.suite.collect import with_suite

from .loading import ROOT
from .local_subject import Local

SOLUTION = (ROOT / "solutions" / "rnn" / "rnn.py").read_text(encoding="utf-8")
CELL, LOOP = SOLUTION.index("class RNNCell"), SOLUTION.index("class RNN(")
TANH, SUM = "torch.tanh(pre_activation)", "from_input + from_state + self.bias"
OF_THE_CELL = {
    "test_cell_follows_the_formula",
    "test_cell_begins_at_zero_without_a_state",
    "test_cell_keeps_the_dtype",  # its points need a right number of the cell
}
OF_GRADIENTS = {
    "test_rnn_passes_gradients_to_its_inputs",
    "test_rnn_passes_gradients_to_its_parameters",
    "test_rnn_passes_no_gradient_to_padding",
}

#: What is changed in the cell -> the tests that cost points.
CELLS = {
    "bias_twice": ((SUM, "from_input + from_state + 2 * self.bias"), OF_THE_CELL),
    "bias_unused": ((SUM, "from_input + from_state"), OF_THE_CELL),
    "sigmoid": ((TANH, "torch.sigmoid(pre_activation)"), OF_THE_CELL),
    "transposed": (
        ("hidden_state @ self.w_hidden", "hidden_state @ self.w_hidden.T"),
        {"test_cell_follows_the_formula"},
    ),
    # What the cell cuts off is not carried: no test of the cell has charged it.
    "detached": ((TANH, "torch.tanh(pre_activation).detach()"), OF_GRADIENTS),
    "sigmoid_and_weight_detached": (
        (
            TANH,
            "torch.sigmoid(x @ self.w_input + hidden_state @ self.w_hidden.detach() + self.bias)",
        ),
        OF_THE_CELL | OF_GRADIENTS,
    ),
    # Right to the eye of the cell's own tests; what it adds up to is the loop's to lose.
    "drifting": ((SUM, "from_input + from_state + self.bias + 2e-5"), None),
    # A cell that does not look at the state proves nothing about a loop.
    "state_ignored": ((SUM, "from_input + self.bias"), None),
}
#: A wrong loop around a wrong cell: nothing is carried to it.
WRONG_LOOP = ("h_next = self.cell(x_t, state)", "h_next = self.cell(x_t, hidden_state)")


@pytest.fixture(scope="module")
def lost():
    """The names of the tests that fail, by what is wrong; the suite is collected once for all of them."""
    course = find_course(ROOT)
    losses: dict[str, set[str]] = {}

    def work(suite):
        for name, (change, _) in CELLS.items():
            losses[name] = failed(suite, changed(change))
        losses["wrong loop"] = failed(suite, changed(CELLS["sigmoid"][0], WRONG_LOOP))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", list(sys.path))
        with_suite(course, load(course, "rnn"), work)
    return losses


def changed(of_the_cell, of_the_loop=("", "")):
    cell, loop = SOLUTION[CELL:LOOP], SOLUTION[LOOP:]
    for part, (old, _) in ((cell, of_the_cell), (loop, of_the_loop)):
        assert not old or part.count(old) == 1, old
    return (
        SOLUTION[:CELL]
        + cell.replace(*of_the_cell)
        + (loop.replace(*of_the_loop) if of_the_loop[0] else loop)
    )


def failed(suite, source):
    results = suite.run(Local(source), StudentSource("rnn.py", ()))
    return {result.name.partition("[")[0] for result in results if result.outcome != "passed"}


@pytest.mark.parametrize("name", [name for name, (_, costs) in CELLS.items() if costs is not None])
def test_a_wrong_cell_costs_its_points_once(lost, name):
    assert lost[name] == CELLS[name][1]


def test_a_cell_that_ignores_the_state_carries_nothing(lost):
    assert "test_cell_follows_the_formula" in lost["state_ignored"]
    assert lost["state_ignored"] >= OF_GRADIENTS
    assert "test_rnn_stays_accurate_over_long_sequences" in lost["state_ignored"]


def test_a_cell_that_is_right_carries_nothing(lost):
    assert "test_cell_follows_the_formula" not in lost["drifting"]
    assert "test_rnn_projects_the_state_of_every_step" in lost["drifting"]


def test_a_wrong_loop_is_charged_beside_a_wrong_cell(lost):
    assert lost["wrong loop"] > OF_THE_CELL
    assert "test_rnn_projects_the_state_of_every_step" in lost["wrong loop"]
    assert "test_rnn_passes_gradients_to_its_parameters" in lost["wrong loop"]
    assert "test_rnn_stays_accurate_over_long_sequences" in lost["wrong loop"]


BPTT = (ROOT / "solutions" / "bptt" / "bptt.py").read_text(encoding="utf-8")
HEAD = BPTT[: BPTT.index("def rnn_cell_backward")]
STEP = BPTT[BPTT.index("def rnn_cell_backward") : BPTT.index("def rnn_backward")]
PIECES = BPTT[BPTT.index("def truncated_backward") :].partition('if __name__ == "__main__":')[0]
#: A loop that calls the step, as most people write it.
AROUND = """
def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    dx, sums, later = [], None, np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        old = hidden_states[:, t - 1] if t else h0
        dx_t, later, *shares = rnn_cell_backward(
            dhidden_states[:, t] + later, x[:, t], old, hidden_states[:, t], w_input, w_hidden
        )
        dx.insert(0, dx_t)
        sums = shares if sums is None else [a + b for a, b in zip(sums, shares)]
    return np.stack(dx, 1), later, *sums


"""
OF_THE_STEP = {
    f"test_cell_gives_the_gradient_of_{name}"
    for name in ("the_input", "the_old_state", "w_input", "w_hidden", "the_bias")
}
SUMS = {"test_cell_multiplies_as_the_formulas_say", "test_cell_gives_the_gradient_of_the_bias"}
OF_ALL = "return dx, dh_prev, dw_input, dw_hidden, dbias"
#: What is changed in the step -> the tests that cost points when loop and pieces around it are right.
STEPS = {
    "slope": (("1 - h_next**2", "1 - h_next"), OF_THE_STEP),
    "mean": (("da.sum(axis=0)", "da.mean(axis=0)"), SUMS),
    # Its parts have the shapes of others: the suite must bear it, and nothing can be added up around it.
    "another order": ((OF_ALL, "return dx, dw_input, dw_hidden, dh_prev, dbias"), None),
    # A step that hands nothing back proves nothing about a loop.
    "hands nothing back": ((OF_ALL, "return dx, 0 * dh_prev, dw_input, dw_hidden, dbias"), None),
}


@pytest.fixture(scope="module")
def lost_backwards():
    """The names of the tests of bptt that fail, by what is wrong in the step, or around a step with a wrong slope."""
    course = find_course(ROOT)
    losses: dict[str, set[str]] = {}
    slope = STEP.replace(*STEPS["slope"][0])

    def work(suite):
        for name, (change, _) in STEPS.items():
            assert STEP.count(change[0]) == 1
            losses[name] = failed(suite, HEAD + STEP.replace(*change) + AROUND + PIECES)
        loop = AROUND.replace("old = hidden_states[:, t - 1] if t else h0", "old = h0")
        losses["wrong loop"] = failed(suite, HEAD + slope + loop + PIECES)
        pieces = PIECES.replace("dh0 = parts[0][1]", "dh0 = parts[-1][1]")
        losses["wrong pieces"] = failed(suite, HEAD + slope + AROUND + pieces)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", list(sys.path))
        with_suite(course, load(course, "bptt"), work)
    return losses


@pytest.mark.parametrize("name", [name for name, (_, costs) in STEPS.items() if costs is not None])
def test_a_wrong_step_backwards_costs_its_points_once(lost_backwards, name):
    assert lost_backwards[name] == STEPS[name][1]


@pytest.mark.parametrize("name", [name for name, (_, costs) in STEPS.items() if costs is None])
def test_a_step_that_proves_nothing_carries_nothing(lost_backwards, name):
    assert "test_sequence_gives_the_gradient_of_the_inputs" in lost_backwards[name]


def test_what_is_wrong_around_a_wrong_step_is_charged_beside_it(lost_backwards):
    assert "test_sequence_gives_the_gradient_of_w_hidden" in lost_backwards["wrong loop"]
    assert "test_sequence_gives_the_gradient_of_the_inputs" not in lost_backwards["wrong loop"]
    # The pieces are right around a wrong loop.
    assert not any(name.startswith("test_pieces") for name in lost_backwards["wrong loop"])
    assert lost_backwards["wrong pieces"] - OF_THE_STEP == {
        "test_pieces_give_the_gradient_of_the_first_state"
    }
