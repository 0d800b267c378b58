"""Visible checks for birnn. Run them with: python -m pytest test_birnn.py

They are a first look, not the grading: the hidden tests ask more.
"""

import numpy as np
import torch
from torch import nn

from birnn import BiRNN, birnn_forward

# The example by hand of the hand-out: w_input 1, w_hidden 0.5, bias 0, and a knock followed by silence.
KNOCK = np.array([[[1.0], [0.0], [0.0]]])
WEIGHTS = (np.array([[1.0]]), np.array([[0.5]]), np.array([0.0]))
EXPECTED = np.array([[[0.7616, 0.7616], [0.3634, 0.0], [0.1797, 0.0]]])
EXPECTED_HIDDEN = np.array([[[0.1797]], [[0.7616]]])

# Two samples; the second has two real steps, and a 9 as padding.
PADDED = np.array([[[1.0], [0.0], [0.0]], [[1.0], [0.0], [9.0]]])
LENGTHS = [3, 2]
EXPECTED_PADDED = np.concatenate([EXPECTED, EXPECTED * [[1.0], [1.0], [0.0]]])
EXPECTED_PADDED_HIDDEN = np.array([[[0.1797], [0.3634]], [[0.7616], [0.7616]]])


def check_close(got, expected, what):
    """Fail with a message that says where `got` is farthest from `expected`."""
    got = np.asarray(got.detach() if torch.is_tensor(got) else got)
    assert got.shape == expected.shape, f"{what}: the shape is {got.shape}, expected {expected.shape}"
    where = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    place = ", ".join(str(i) for i in where)
    is_close = np.allclose(got, expected, atol=2e-4)
    assert is_close, f"{what}: at [{place}] got {got[where]:.4f}, expected {expected[where]:.4f}"


def check_shapes(pair, *expected):
    """Fail unless `pair` is two results of the expected shapes."""
    assert isinstance(pair, tuple), f"expected two results, got {type(pair).__name__}"
    got = tuple(tuple(part.shape) for part in pair)
    assert got == expected, f"the shapes are {got}, expected {expected}"


def network_of_the_example():
    """A BiRNN with the weights of the example by hand in both cells; its linears add 0.1 to each state."""
    birnn = BiRNN(1, 1)
    with torch.no_grad():
        for cell in (birnn.forward_cell, birnn.backward_cell):
            for parameter, value in zip(cell.parameters(), (1.0, 0.5, 0.0, 0.0)):
                parameter.fill_(value)
        for linear in (birnn.forward_linear, birnn.backward_linear):
            linear.weight.fill_(1.0)
            linear.bias.fill_(0.1)
    return birnn.double()


def test_numpy_shapes():
    """birnn_forward gives 2H numbers per step and two last states when N, L, I and H all differ."""
    weights = (np.ones((4, 5)), np.ones((5, 5)), np.ones(5))
    check_shapes(
        birnn_forward(np.ones((2, 3, 4)), np.ones((2, 2, 5)), weights, weights), (2, 3, 10), (2, 2, 5)
    )


def test_numpy_gives_the_numbers_of_the_example():
    """birnn_forward gives the numbers of the example by hand, the backward half in the order of the steps."""
    outputs, hidden = birnn_forward(KNOCK, np.zeros((2, 1, 1)), WEIGHTS, WEIGHTS)
    check_close(outputs, EXPECTED, "outputs")
    check_close(hidden, EXPECTED_HIDDEN, "hidden")


def test_numpy_directions_have_their_own_weights():
    """Without any input weights in the backward direction, only the backward half of the outputs is zero."""
    deaf = (np.zeros((1, 1)), *WEIGHTS[1:])
    outputs, _ = birnn_forward(KNOCK, np.zeros((2, 1, 1)), WEIGHTS, deaf)
    check_close(outputs, EXPECTED * [1.0, 0.0], "outputs")


def test_numpy_ignores_padding():
    """With lengths, the 9 in the padding changes nothing in either direction, and outputs there are zero."""
    outputs, hidden = birnn_forward(PADDED, np.zeros((2, 2, 1)), WEIGHTS, WEIGHTS, LENGTHS)
    check_close(outputs, EXPECTED_PADDED, "outputs")
    check_close(hidden, EXPECTED_PADDED_HIDDEN, "hidden")


def test_network_parts():
    """BiRNN owns two cells and two linear layers of the right kinds."""
    birnn = BiRNN(3, 4)
    kinds = {
        "forward_cell": nn.RNNCell,
        "backward_cell": nn.RNNCell,
        "forward_linear": nn.Linear,
        "backward_linear": nn.Linear,
    }
    for name, kind in kinds.items():
        part = getattr(birnn, name, None)
        assert isinstance(part, kind), f"{name} is {type(part).__name__}, expected nn.{kind.__name__}"


def test_network_shapes():
    """x = randn(5, 3, 10) through BiRNN(10, 20) gives (5, 3, 40) and (2, 5, 20)."""
    check_shapes(BiRNN(10, 20)(torch.randn(5, 3, 10)), (5, 3, 40), (2, 5, 20))


def test_network_gives_the_numbers_of_the_example():
    """BiRNN gives the numbers of the example plus the 0.1 of its linears; the last states have no 0.1."""
    outputs, hidden = network_of_the_example()(torch.tensor(KNOCK))
    check_close(outputs, EXPECTED + 0.1, "outputs")
    check_close(hidden, EXPECTED_HIDDEN, "hidden")


def test_network_backward_half_knows_only_what_comes_later():
    """Changing the input of step 0 changes the backward half of the outputs at step 0 and nowhere else."""
    birnn, x = BiRNN(2, 3), torch.randn(1, 4, 2)
    other = x.clone()
    other[:, 0] += 1.0
    difference = (birnn(x)[0] - birnn(other)[0])[0, :, 3:].abs().amax(dim=1)
    changed = [t for t in range(4) if difference[t] > 1e-6]
    assert changed == [0], f"the backward half changed at steps {changed}, expected [0]"


def test_network_ignores_padding():
    """With lengths, the 9 in the padding changes nothing, and outputs there are zero, without the 0.1."""
    outputs, hidden = network_of_the_example()(torch.tensor(PADDED), lengths=LENGTHS)
    is_real = np.array([[[1.0], [1.0], [1.0]], [[1.0], [1.0], [0.0]]])
    check_close(outputs, (EXPECTED_PADDED + 0.1) * is_real, "outputs")
    check_close(hidden, EXPECTED_PADDED_HIDDEN, "hidden")
