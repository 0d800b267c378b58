"""Visible checks for rnn. Run them with: python -m pytest test_rnn.py

They are a first look, not the grading: the hidden tests ask more.
"""

import numpy as np
import torch

from rnn import RNN, rnn_forward

# The example by hand of the hand-out: w_input 1, w_hidden 0.5, bias 0, and a knock followed by silence.
KNOCK = np.array([[[1.0], [0.0], [0.0]]])
WEIGHTS = (np.array([[1.0]]), np.array([[0.5]]), np.array([0.0]))
EXPECTED = np.array([[[0.7616], [0.3634], [0.1797]]])

# Two samples; the second has two real steps, and a 9 as padding.
PADDED = np.array([[[1.0], [0.0], [0.0]], [[1.0], [0.0], [9.0]]])
LENGTHS = [3, 2]

# Numbers that need all digits of float64: h0 0.3, w_input 0.7, w_hidden 0.5, bias 0.1.
DIGITS = [np.array(values) for values in ([[[0.1], [0.2], [0.3]]], [[0.3]], [[0.7]], [[0.5]], [0.1])]
EXACT = np.array([[[0.30950692121263845], [0.37545089440293344], [0.46032646123793125]]])
EXPECTED_PADDED = np.array([[[0.7616], [0.3634], [0.1797]], [[0.7616], [0.3634], [0.0]]])
EXPECTED_LAST = np.array([[0.1797], [0.3634]])

# Two samples with two units; everything differs from everything. The first sample has two real steps, then 9s.
X = np.array([[[-1.0, 0.5], [0.25, -0.5], [9.0, 9.0]], [[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0]]])
H0 = np.array([[-0.6, 0.3], [0.4, -0.2]])
ALL = (np.array([[0.6, -0.4], [-0.5, 0.8]]), np.array([[0.3, 1.0], [0.7, -0.6]]), np.array([0.1, -0.3]))
W_OUTPUT = np.array([[1.5, -0.5], [0.25, 2.0]])
STATES = np.array(
    [
        [[-0.6169, -0.2729], [0.1233, -0.8492], [0, 0]],
        [[0.7064, -0.6527], [0.3185, 0.5357], [-0.6227, 0.9046]],
    ]
)
OUTPUTS = np.array(
    [[[-0.9936, -0.2374], [-0.0274, -1.76], [0, 0]], [[0.8965, -1.6586], [0.6117, 0.912], [-0.708, 2.1206]]]
)
LAST = np.array([[0.1233, -0.8492], [-0.6227, 0.9046]])


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


def network(*weights):
    """An RNN in float64 that holds these weights: w_input, w_hidden, bias and w_output."""
    rnn = RNN(*weights[0].shape)
    names = ("cell.w_input", "cell.w_hidden", "cell.bias", "w_output")
    rnn.load_state_dict({name: torch.tensor(value) for name, value in zip(names, weights)})
    return rnn.double()


def network_of_the_example():
    """An RNN that holds the weights of the example by hand, and w_output = 2."""
    return network(*WEIGHTS, np.array([[2.0]]))


def test_numpy_shapes():
    """rnn_forward gives a state per step and a last state when N, L, I and H all differ."""
    weights = (np.ones((4, 5)), np.ones((5, 5)), np.ones(5))
    check_shapes(rnn_forward(np.ones((2, 3, 4)), np.ones((2, 5)), *weights), (2, 3, 5), (2, 5))


def test_numpy_gives_the_numbers_of_the_example():
    """rnn_forward gives the numbers of the example by hand."""
    hidden_states, h_last = rnn_forward(KNOCK, np.zeros((1, 1)), *WEIGHTS)
    check_close(hidden_states, EXPECTED, "hidden_states")
    check_close(h_last, EXPECTED[:, 2], "h_last")


def test_numpy_can_stop_and_go_on():
    """Reading two steps and then the third, from the state in between, is reading all three."""
    first, between = rnn_forward(KNOCK[:, :2], np.array([[0.3]]), *WEIGHTS)
    second, last = rnn_forward(KNOCK[:, 2:], np.asarray(between), *WEIGHTS)
    hidden_states, h_last = rnn_forward(KNOCK, np.array([[0.3]]), *WEIGHTS)
    parts = [np.asarray(part) for part in (first, second)]
    check_close(np.concatenate(parts, axis=1), np.asarray(hidden_states), "hidden_states in two parts")
    check_close(last, np.asarray(h_last), "h_last after two parts")


def test_numpy_ignores_padding():
    """With lengths, the 9 in the padding changes nothing, and the state there is shown as zero."""
    hidden_states, h_last = rnn_forward(PADDED, np.zeros((2, 1)), *WEIGHTS, lengths=LENGTHS)
    check_close(hidden_states, EXPECTED_PADDED, "hidden_states")
    check_close(h_last, EXPECTED_LAST, "h_last")


def test_numpy_tells_samples_and_units_apart():
    """With two samples and two units, where everything differs, rnn_forward gives the right numbers."""
    hidden_states, h_last = rnn_forward(X, H0, *ALL, lengths=[2, 3])
    check_close(hidden_states, STATES, "hidden_states")
    check_close(h_last, LAST, "h_last")


def test_numpy_keeps_the_dtype():
    """rnn_forward gives float32 back for float32 and float64 for float64, with lengths and without."""
    for dtype in ("float32", "float64"):
        arrays = [array.astype(dtype) for array in (PADDED, np.zeros((2, 1)), *WEIGHTS)]
        check_dtypes(rnn_forward(*arrays), dtype)
        check_dtypes(rnn_forward(*arrays, lengths=LENGTHS), dtype)
    hidden_states, h_last = rnn_forward(*DIGITS)
    check_exact(hidden_states, EXACT, "hidden_states")
    check_exact(h_last, EXACT[:, 2], "h_last")


def test_network_parameters():
    """RNN has the parameters of its cell and w_output, with the right shapes."""
    got = {name: tuple(value.shape) for name, value in RNN(2, 4).named_parameters()}
    expected = {"cell.w_input": (2, 4), "cell.w_hidden": (4, 4), "cell.bias": (4,), "w_output": (4, 4)}
    assert got == expected, f"the parameters of RNN(2, 4) are {got}, expected {expected}"


def test_network_shapes():
    """x = randn(5, 3, 10) through RNN(10, 20) gives (5, 3, 20) and (5, 20)."""
    check_shapes(RNN(10, 20)(torch.randn(5, 3, 10)), (5, 3, 20), (5, 20))


def test_network_gives_the_numbers_of_the_example():
    """RNN gives the states of the example times w_output = 2; the last state is not multiplied."""
    outputs, hidden_state = network_of_the_example()(torch.tensor(KNOCK))
    check_close(outputs, 2 * EXPECTED, "outputs")
    check_close(hidden_state, EXPECTED[:, 2], "hidden_state")


def test_network_ignores_padding():
    """With lengths, the 9 in the padding changes nothing, and the outputs there are zero."""
    outputs, hidden_state = network_of_the_example()(torch.tensor(PADDED), lengths=LENGTHS)
    check_close(outputs, 2 * EXPECTED_PADDED, "outputs")
    check_close(hidden_state, EXPECTED_LAST, "hidden_state")


def test_network_tells_samples_and_units_apart():
    """With two samples and two units, where everything differs, RNN gives the right numbers."""
    outputs, hidden_state = network(*ALL, W_OUTPUT)(torch.tensor(X), torch.tensor(H0), lengths=[2, 3])
    check_close(outputs, OUTPUTS, "outputs")
    check_close(hidden_state, LAST, "hidden_state")


def test_network_keeps_the_dtype():
    """RNN and its cell give float32 back for float32 and float64 for float64, with lengths and without."""
    for dtype in ("float32", "float64"):
        x, rnn = torch.tensor(PADDED.astype(dtype)), network_of_the_example()
        rnn = rnn.to(x.dtype)
        check_dtypes(rnn(x), dtype)
        check_dtypes(rnn(x, x.new_zeros(2, 1), LENGTHS), dtype)
        state = rnn.cell(x[:, 0])
        check_dtypes((state, state), dtype)


def test_network_forgets_between_calls():
    """The same call twice gives the same numbers."""
    rnn, x = RNN(2, 4), torch.randn(3, 5, 2)
    once, twice = rnn(x)[0], rnn(x)[0]
    check_close(twice, as_array(once, "outputs"), "outputs of the second call")
