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

# Numbers that need all digits of float64: states 0.3, and in both directions w_input 0.7, w_hidden 0.5, bias 0.1.
DIGITS = np.array([[[0.1], [0.2], [0.3]]]), np.full((2, 1, 1), 0.3)
DIGITS_WEIGHTS = (np.array([[0.7]]), np.array([[0.5]]), np.array([0.1]))
EXACT = np.array(
    [
        [
            [0.30950692121263845, 0.36532503107993214],
            [0.37545089440293344, 0.4260347894014823],
            [0.46032646123793125, 0.43008421140197944],
        ]
    ]
)
EXPECTED_PADDED = np.concatenate([EXPECTED, EXPECTED * [[1.0], [1.0], [0.0]]])
EXPECTED_PADDED_HIDDEN = np.array([[[0.1797], [0.3634]], [[0.7616], [0.7616]]])

# Two samples with two units; both directions and everything else differ. The first sample has two real steps, then 9s.
X = np.array([[[-1.0, 0.5], [0.25, -0.5], [9.0, 9.0]], [[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0]]])
H0 = np.array([[[-0.6, 0.3], [0.4, -0.2]], [[0.5, -0.7], [-0.1, 0.8]]])
FORWARD = np.array([[0.6, -0.4], [-0.5, 0.8]]), np.array([[0.3, 1.0], [0.7, -0.6]]), np.array([0.1, -0.3])
BACKWARD = np.array([[-0.9, 0.2], [0.7, 0.5]]), np.array([[-0.4, 0.6], [1.1, 0.3]]), np.array([0.4, 0.2])
STATES = np.array(
    [
        [[-0.6169, -0.2729, 0.969, -0.2096], [0.1233, -0.8492, -0.8161, 0.0898], [0, 0, 0, 0]],
        [
            [0.7064, -0.6527, 0.1322, 0.191],
            [0.3185, 0.5357, 0.2151, 0.8809],
            [-0.6227, 0.9046, 0.9965, 0.8565],
        ],
    ]
)
HIDDEN = np.array([[[0.1233, -0.8492], [-0.6227, 0.9046]], [[0.969, -0.2096], [0.1322, 0.191]]])
# The weight and the bias of each linear layer.
LINEARS = [
    (np.array([[1.5, 0.25], [-0.5, 2.0]]), np.array([0.2, -0.1])),
    (np.array([[-0.8, 0.4], [0.6, 1.2]]), np.array([-0.3, 0.7])),
]


def as_array(value, what):
    """`value` as a numpy array. A numpy array or a tensor is asked for, whichever you computed with."""
    kind = type(value).__name__
    assert isinstance(value, (np.ndarray, torch.Tensor)), f"{what}: got {kind}, expected an array or a tensor"
    return np.asarray(value.detach() if torch.is_tensor(value) else value)


def check_close(got, expected, what):
    """Fail with a message that says where `got` is farthest from `expected`."""
    got = as_array(got, what)
    assert got.shape == expected.shape, f"{what}: the shape is {got.shape}, expected {expected.shape}"
    where = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    place = ", ".join(str(i) for i in where)
    is_close = np.allclose(got, expected, atol=2e-4)
    assert is_close, f"{what}: at [{place}] got {got[where]:.4f}, expected {expected[where]:.4f}"


def check_shapes(pair, *expected):
    """Fail unless `pair`, a tuple or a list, is two results of the expected shapes."""
    assert isinstance(pair, (tuple, list)), f"expected two results, got {type(pair).__name__}"
    got = tuple(as_array(part, "a result").shape for part in pair)
    assert got == expected, f"the shapes are {got}, expected {expected}"


def check_dtypes(pair, expected):
    """Fail unless both results have the expected dtype, the one of the input."""
    got = [as_array(part, "a result").dtype.name for part in pair]
    assert got == [expected] * 2, f"the input is {expected}, but the results are {got[0]} and {got[-1]}"


def check_exact(got, expected, what):
    """Fail unless float64 numbers are right to all their digits, as they are when float64 is kept all the way."""
    got = as_array(got, what)
    assert got.shape == expected.shape, f"{what}: the shape is {got.shape}, expected {expected.shape}"
    off = np.abs(got - expected).max()
    is_exact = off < 1e-12 or off > 1e-4  # by more than that it is no matter of digits: another check tells
    assert is_exact, f"{what}: float64 goes in, but the numbers are only right to {off:.0e}, as float32 is"


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


def network_of_two_directions():
    """A BiRNN whose cells hold FORWARD and BACKWARD, and whose linears hold LINEARS."""
    birnn = BiRNN(2, 2)
    with torch.no_grad():
        for cell, (w_input, w_hidden, bias) in (
            (birnn.forward_cell, FORWARD),
            (birnn.backward_cell, BACKWARD),
        ):
            for parameter, value in zip(cell.parameters(), (w_input.T, w_hidden.T, bias, 0 * bias)):
                parameter.copy_(torch.tensor(value))
        for linear, (weight, bias) in zip((birnn.forward_linear, birnn.backward_linear), LINEARS):
            linear.weight.copy_(torch.tensor(weight))
            linear.bias.copy_(torch.tensor(bias))
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


def test_numpy_tells_everything_apart():
    """With two samples, two units and directions that differ in everything, birnn_forward gives the right numbers."""
    outputs, hidden = birnn_forward(X, H0, FORWARD, BACKWARD, [2, 3])
    check_close(outputs, STATES, "outputs")
    check_close(hidden, HIDDEN, "hidden")


def test_numpy_ignores_padding():
    """With lengths, the 9 in the padding changes nothing in either direction, and outputs there are zero."""
    outputs, hidden = birnn_forward(PADDED, np.zeros((2, 2, 1)), WEIGHTS, WEIGHTS, LENGTHS)
    check_close(outputs, EXPECTED_PADDED, "outputs")
    check_close(hidden, EXPECTED_PADDED_HIDDEN, "hidden")


def test_numpy_keeps_the_dtype():
    """birnn_forward gives float32 back for float32 and float64 for float64, with lengths and without."""
    for dtype in ("float32", "float64"):
        x, h0, *weights = [array.astype(dtype) for array in (PADDED, np.zeros((2, 2, 1)), *WEIGHTS)]
        check_dtypes(birnn_forward(x, h0, tuple(weights), tuple(weights)), dtype)
        check_dtypes(birnn_forward(x, h0, tuple(weights), tuple(weights), LENGTHS), dtype)
    outputs, hidden = birnn_forward(*DIGITS, DIGITS_WEIGHTS, DIGITS_WEIGHTS)
    check_exact(outputs, EXACT, "outputs")
    check_exact(hidden, np.array([EXACT[:, 2, :1], EXACT[:, 0, 1:]]), "hidden")


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


def test_network_tells_everything_apart():
    """With two samples, two units and directions that differ in everything, BiRNN gives the right numbers."""
    outputs, hidden = network_of_two_directions()(torch.tensor(X), torch.tensor(H0), [2, 3])
    halves = [
        half @ weight.T + bias for half, (weight, bias) in zip((STATES[..., :2], STATES[..., 2:]), LINEARS)
    ]
    is_real = np.array([[[1.0], [1.0], [0.0]], [[1.0], [1.0], [1.0]]])
    check_close(outputs, np.concatenate(halves, axis=2) * is_real, "outputs")
    check_close(hidden, HIDDEN, "hidden")


def test_network_keeps_the_dtype():
    """BiRNN gives float32 back for float32 and float64 for float64, with lengths and without."""
    for dtype in ("float32", "float64"):
        x, birnn = torch.tensor(PADDED.astype(dtype)), network_of_the_example()
        birnn = birnn.to(x.dtype)
        check_dtypes(birnn(x), dtype)
        check_dtypes(birnn(x, x.new_zeros(2, 2, 1), LENGTHS), dtype)
