"""What students check their own work with: references agree with torch, mistakes are shown where they begin.

What is not written, or cannot be called, is said in a sentence.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from grader.assignments import find_course, load

from .loading import ROOT, load_module

COURSE = find_course(ROOT)
GIVEN = ROOT / "tests" / "hidden" / "shared" / "given"
WITH_LENGTHS = {"rnn_forward", "RNN", "birnn_forward", "BiRNN", "LSTM", "GRU"}
WITHOUT_GRADIENTS = {name for name in WITH_LENGTHS if name.islower()} | {
    *("rnn_cell_forward", "lstm_cell_forward", "gru_cell_forward")
}
EXERCISES = [(name, exercise) for name in COURSE.names() for exercise in load(COURSE, name).exercises]


@pytest.fixture(scope="module")
def helpers():
    """The helpers, as they can be imported beside a hand-out."""
    sys.path.insert(0, str(GIVEN))
    yield load_module(GIVEN / "self_check.py")
    sys.path.remove(str(GIVEN))
    sys.modules.pop("in_torch", None)


def written(name, exercise, folder="solutions"):
    return getattr(load_module(ROOT / folder / name / f"{name}.py"), exercise)


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_a_reference_agrees_with_torch(name, exercise, helpers, capsys):
    yours = written(name, exercise)
    assert helpers.compare_with_torch(yours)
    assert helpers.compare_with_torch(yours, N=1, L=1, I=1, H=1, chunk=1)
    if exercise in WITH_LENGTHS:
        assert helpers.compare_with_torch(yours, lengths=[2, 5, 3])
    lines = capsys.readouterr().out.splitlines()
    assert "with the same weights" in lines[0]
    assert all(line.endswith(("agrees", "with the same weights:")) for line in lines)


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_the_gradients_of_a_reference_are_the_slopes(name, exercise, helpers, capsys):
    yours = written(name, exercise)
    if exercise in WITHOUT_GRADIENTS:
        assert helpers.check_gradients(yours) is False
        assert f"{exercise} gives no gradients" in capsys.readouterr().out
    else:
        assert helpers.check_gradients(yours)


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_a_skeleton_is_told_to_be_unwritten(name, exercise, helpers, capsys):
    yours = written(name, exercise, "assignments")
    for helper in (helpers.compare_with_torch, helpers.check_gradients):
        assert helper(yours) is False
        out = capsys.readouterr().out
        assert f"{exercise} is not written yet" in out or f"{exercise} gives no gradients" in out


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_a_number_that_is_off_is_shown_where_it_is(name, exercise, helpers, capsys):
    """Whatever the exercise: with 0.5 more in the first of its results, that one is shown, with both numbers."""
    right = written(name, exercise)

    def off(answer):
        if not isinstance(answer, (tuple, list)):
            return answer + 0.5
        return (off(answer[0]), *answer[1:])

    if isinstance(right, type):

        class Yours(right):
            def forward(self, *arguments):
                return off(super().forward(*arguments))

        wrong = Yours
    else:

        def wrong(*arguments):
            return off(right(*arguments))

    wrong.__name__ = exercise
    assert helpers.compare_with_torch(wrong) is False
    differing = [line for line in capsys.readouterr().out.splitlines() if "differs" in line]
    assert "differs by up to 0.5" in differing[0]
    assert "torch's" in differing[0]


def test_the_first_step_that_is_off_is_named(helpers, capsys):
    right = written("rnn", "rnn_forward")

    def rnn_forward(x, *more):
        states, last = right(x, *more)
        states = states.copy()
        states[1, 3:] += 1
        states[0, 4] += 7
        return states, last

    assert helpers.compare_with_torch(rnn_forward, L=5) is False
    out = capsys.readouterr().out
    assert "differs by up to 7; first at [1, 3, " in out
    assert "h_last         agrees" in out


def test_a_gradient_that_is_cut_off_is_shown(helpers, capsys):
    right = written("lstm", "LSTM")

    class LSTM(right):
        def forward(self, x, state, lengths):
            return super().forward(x, (state[0].detach(), state[1]), lengths)

    for helper in (helpers.compare_with_torch, helpers.check_gradients):
        assert helper(LSTM) is False
        out = capsys.readouterr().out
        assert "gradient of h0        no gradient reaches it" in out
        assert "gradient of c0        agrees" in out

    class Numpy(right):
        def forward(self, x, state, lengths):
            with torch.no_grad():
                return super().forward(x, state, lengths)

    Numpy.__name__ = "LSTM"
    assert helpers.check_gradients(Numpy) is False
    assert "No gradient comes back from LSTM" in capsys.readouterr().out


def test_a_network_of_ones_own_weights_can_be_compared(helpers):
    network = written("gru", "GRU")(3, 2)
    before = {name: value.clone() for name, value in network.named_parameters()}
    assert helpers.compare_with_torch(network, I=3, H=2)
    assert all(torch.equal(value, before[name]) for name, value in network.named_parameters())
    assert next(network.parameters()).dtype == torch.float32, "what is yours stays as it is"


def RNN(*_):
    raise AssertionError("never called: its name is what counts")


class RNNCell(torch.nn.Module):
    """Its weights have names of its own."""

    def __init__(self, i, h):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(i, h))


def rnn_forward(*_):
    return 1


def gru_cell_forward(*_):
    return [1.0]


def rnn_cell_forward(*arguments):
    return np.ones((2, 2))


def lstm_cell_forward(x, *_):
    return x @ x, x


@pytest.mark.parametrize(
    ("yours", "options", "sentence"),
    [
        (RNNCell, {}, "RNNCell has no parameter w_input; it has weight."),
        (rnn_forward, {}, "rnn_forward should return hidden_states, h_last; it returned 1 things."),
        (gru_cell_forward, {}, "gru_cell_forward: h_next should be an array or a tensor; it is a float."),
        (rnn_cell_forward, {}, "has the shape (2, 2); torch's has (3, 4)"),
        (lstm_cell_forward, {}, "lstm_cell_forward raised ValueError at line "),
        (rnn_cell_forward, {"lengths": [1]}, "rnn_cell_forward takes no lengths."),
        (np.tanh, {}, "tanh is none of rnn_cell_forward, "),
        (np.array(1), {}, "ndarray is none of rnn_cell_forward, "),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(yours, options, sentence, helpers, capsys):
    assert helpers.compare_with_torch(yours, **options) is False
    out, err = capsys.readouterr()
    assert sentence in out
    assert "Traceback" not in out + err


def test_what_is_cut_off_cannot_be_measured(helpers, capsys):
    assert helpers.check_gradients(written("bptt", "truncated_backward"), L=3, chunk=2) is False
    assert "give a chunk of at least L" in capsys.readouterr().out


def test_slopes_are_measured(helpers):
    array = np.array([[1.0, 3.0], [-2.0, 0.5]])
    slopes = helpers.numerical_gradient(lambda a: (a**2).sum(), array)
    np.testing.assert_allclose(slopes, 2 * array, atol=1e-8)
    assert array.tolist() == [[1.0, 3.0], [-2.0, 0.5]]


@pytest.mark.parametrize("name", COURSE.names())
def test_every_hand_out_has_them_and_says_how_to_call_them(name):
    assignment = load(COURSE, name)
    assert {"self_check", "in_torch"} <= {path.stem for path in assignment.given}
    readme = (assignment.handout / "README.md").read_text(encoding="utf-8")
    assert "from self_check import check_gradients, compare_with_torch" in readme
    for exercise in set(assignment.exercises) - {"RNNCell"}:
        assert f"({exercise}" in readme
