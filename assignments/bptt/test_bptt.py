"""Visible checks for bptt. Run them with: python -m pytest test_bptt.py

They are a first look, not the grading: the hidden tests ask more. `self_check.py` compares with numbers of your choice.
"""

import numpy as np
import torch
from torch import nn

from bptt import rnn_backward, rnn_cell_backward, truncated_backward

NAMES = ("dx", "dh0", "dw_input", "dw_hidden", "dbias")
CELL_NAMES = ("dx", "dh_prev", "dw_input", "dw_hidden", "dbias")

# The example by hand of the hand-out: w_input 1, w_hidden 0.5, bias 0, a knock, then silence; the loss is the sum.
KNOCK = (
    np.ones((1, 3, 1)),
    np.array([[[1.0], [0.0], [0.0]]]),
    np.zeros((1, 1)),
    np.array([[[0.7616], [0.3634], [0.1797]]]),
    np.array([[1.0]]),
    np.array([[0.5]]),
)
EXPECTED = (
    np.array([[[0.6904], [1.2879], [0.9677]]]),
    np.array([[0.3452]]),
    np.array([[0.6904]]),
    np.array([[1.3325]]),
    np.array([2.9460]),
)

# Two samples, five steps, two inputs, two units: everything differs from everything.
DRAW = np.random.default_rng(0)
X = DRAW.normal(size=(2, 5, 2)).round(1)
H0 = np.array([[0.4, -0.2], [-0.6, 0.3]])
W_INPUT = np.array([[0.6, -0.4], [-0.5, 0.8]])
W_HIDDEN = np.array([[0.3, 1.0], [0.7, -0.9]])
BIAS = np.array([0.1, -0.3])
DHIDDEN = DRAW.normal(size=(2, 5, 2)).round(1)


def torch_network(w_input, w_hidden, bias):
    """torch's own network with these weights: its matrices are transposed, and it has a second bias, zero here."""
    network = nn.RNN(*w_input.shape, batch_first=True, dtype=torch.float64)
    weights = {
        "weight_ih_l0": w_input.T,
        "weight_hh_l0": w_hidden.T,
        "bias_ih_l0": bias,
        "bias_hh_l0": 0 * bias,
    }
    network.load_state_dict({name: torch.tensor(array) for name, array in weights.items()})
    return network


def forward(x, h0, w_input, w_hidden, bias):
    """All states (N, L, H) of torch's network, as numpy."""
    states, _ = torch_network(w_input, w_hidden, bias)(torch.tensor(x), torch.tensor(h0[None]))
    return states.detach().numpy()


def torch_gradients(dhidden_states, x, h0, w_input, w_hidden, bias):
    """What torch's own backward gives for x, h0, w_input, w_hidden and bias, as numpy arrays."""
    network = torch_network(w_input, w_hidden, bias)
    x, h0 = (torch.tensor(array, requires_grad=True) for array in (x, h0))
    states, _ = network(x, h0[None])
    (states * torch.tensor(dhidden_states)).sum().backward()
    of_weights = (network.weight_ih_l0.grad.T, network.weight_hh_l0.grad.T, network.bias_ih_l0.grad)
    return [gradient.numpy() for gradient in (x.grad, h0.grad, *of_weights)]


def as_array(value, what):
    """`value` as a numpy array. A numpy array or a tensor is asked for, whichever you computed with."""
    kind = type(value).__name__
    assert isinstance(value, (np.ndarray, torch.Tensor)), f"{what}: got {kind}, expected an array or a tensor"
    return np.asarray(value.detach() if torch.is_tensor(value) else value)


def five(value, names):
    """`value`, which has to be five arrays in a tuple or a list, by name."""
    count = len(value) if isinstance(value, (tuple, list)) else type(value).__name__
    assert count == 5, f"expected five things, {', '.join(names)}; got {count}"
    return {name: as_array(part, name) for name, part in zip(names, value)}


def check_close(got, expected, what):
    """Fail with a message that says where `got` is farthest from `expected`."""
    assert got.shape == expected.shape, f"{what}: the shape is {got.shape}, expected {expected.shape}"
    where = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    place = ", ".join(str(i) for i in where)
    is_close = np.allclose(got, expected, atol=3e-4)
    assert is_close, f"{what}: at [{place}] got {got[where]:.4f}, expected {expected[where]:.4f}"


def check_all(answer, expected, names=NAMES):
    """Fail unless the five gradients are the expected ones."""
    answer = five(answer, names)
    for name, array in zip(names, expected):
        check_close(answer[name], array, name)


def arguments(n, length, i, h):
    """Arguments of rnn_backward of these sizes."""
    draw = np.random.default_rng(1)
    shapes = ((n, length, h), (n, length, i), (n, h), (n, length, h), (i, h), (h, h))
    return [draw.uniform(-0.9, 0.9, size=shape) for shape in shapes]


def test_cell_shapes():
    """rnn_cell_backward gives five gradients, each with the shape of what it is the gradient of."""
    dhidden, x, h0, states, *weights = arguments(2, 3, 4, 5)
    got = five(rnn_cell_backward(dhidden[:, 0], x[:, 0], h0, states[:, 0], *weights), CELL_NAMES)
    got = {name: array.shape for name, array in got.items()}
    expected = dict(zip(CELL_NAMES, ((2, 4), (2, 5), (4, 5), (5, 5), (5,))))
    assert got == expected, f"the shapes are {got}, expected {expected}"


def test_cell_gives_the_slopes_of_one_step():
    """rnn_cell_backward gives what torch's backward gives for one step, in which everything differs."""
    expected = torch_gradients(DHIDDEN[:, :1], X[:, :1], H0, W_INPUT, W_HIDDEN, BIAS)
    expected[0] = expected[0][:, 0]
    h_next = forward(X[:, :1], H0, W_INPUT, W_HIDDEN, BIAS)[:, 0]
    answer = rnn_cell_backward(DHIDDEN[:, 0], X[:, 0], H0, h_next, W_INPUT, W_HIDDEN)
    check_all(answer, expected, CELL_NAMES)


def test_sequence_shapes():
    """rnn_backward gives five gradients of the right shapes when N, L, I and H all differ."""
    got = {name: array.shape for name, array in five(rnn_backward(*arguments(2, 3, 4, 5)), NAMES).items()}
    expected = dict(zip(NAMES, ((2, 3, 4), (2, 5), (4, 5), (5, 5), (5,))))
    assert got == expected, f"the shapes are {got}, expected {expected}"


def test_sequence_gives_the_numbers_of_the_example():
    """rnn_backward gives the numbers of the example by hand."""
    check_all(rnn_backward(*KNOCK), EXPECTED)


def test_sequence_agrees_with_torch():
    """rnn_backward gives what torch's backward gives: two samples, other numbers everywhere, a state to begin with."""
    expected = torch_gradients(DHIDDEN, X, H0, W_INPUT, W_HIDDEN, BIAS)
    states = forward(X, H0, W_INPUT, W_HIDDEN, BIAS)
    check_all(rnn_backward(DHIDDEN, X, H0, states, W_INPUT, W_HIDDEN), expected)


def test_sequence_takes_a_loss_of_the_last_output():
    """rnn_backward goes back to step 0 when only the last output has a gradient."""
    last = DHIDDEN * np.array([0.0, 0.0, 0.0, 0.0, 1.0])[:, None]
    expected = torch_gradients(last, X, H0, W_INPUT, W_HIDDEN, BIAS)
    states = forward(X, H0, W_INPUT, W_HIDDEN, BIAS)
    check_all(rnn_backward(last, X, H0, states, W_INPUT, W_HIDDEN), expected)


def test_pieces_as_long_as_the_sequence():
    """truncated_backward with chunk = L or more cuts nothing off: it agrees with torch's backward."""
    expected = torch_gradients(DHIDDEN, X, H0, W_INPUT, W_HIDDEN, BIAS)
    states = forward(X, H0, W_INPUT, W_HIDDEN, BIAS)
    for chunk in (5, 8):
        check_all(truncated_backward(DHIDDEN, X, H0, states, W_INPUT, W_HIDDEN, chunk), expected)


def test_pieces_of_two():
    """truncated_backward with chunk = 2 and five steps gives what torch gives for steps 0-1, 2-3, and 4."""
    states = forward(X, H0, W_INPUT, W_HIDDEN, BIAS)
    starts = {(0, 1): H0, (2, 3): states[:, 1].copy(), (4,): states[:, 3].copy()}
    parts = [
        torch_gradients(DHIDDEN[:, steps], X[:, steps], start, W_INPUT, W_HIDDEN, BIAS)
        for steps, start in starts.items()
    ]
    sums = (sum(part[k] for part in parts) for k in (2, 3, 4))
    expected = (np.concatenate([part[0] for part in parts], axis=1), parts[0][1], *sums)
    check_all(truncated_backward(DHIDDEN, X, H0, states, W_INPUT, W_HIDDEN, 2), expected)


def check_manners(function, given, names, *more):
    """Fail unless `function` keeps the dtype of the arrays `given`, and leaves them as they are."""
    for dtype in ("float32", "float64"):
        arrays = [array.astype(dtype) for array in given]
        before = [array.copy() for array in arrays]
        answer = five(function(*arrays, *more), names)
        got = {name: array.dtype.name for name, array in answer.items()}
        expected = dict.fromkeys(names, dtype)
        assert got == expected, f"the arguments are {dtype}, but the results are {got}"
        for number, (got, expected) in enumerate(zip(arrays, before), start=1):
            check_close(got, expected, f"argument {number} after the call")


def test_cell_keeps_dtype_and_arguments():
    """rnn_cell_backward gives float32 for float32 and float64 for float64, and writes into none of its arguments."""
    dhidden, x, h0, states, *weights = arguments(2, 3, 2, 2)
    check_manners(rnn_cell_backward, [dhidden[:, 0], x[:, 0], h0, states[:, 0], *weights], CELL_NAMES)


def test_sequence_keeps_dtype_and_arguments():
    """rnn_backward gives float32 for float32 and float64 for float64, and writes into none of its arguments."""
    check_manners(rnn_backward, arguments(2, 3, 2, 2), NAMES)


def test_pieces_keep_dtype_and_arguments():
    """truncated_backward gives float32 for float32 and float64 for float64, and writes into none of its arguments."""
    check_manners(truncated_backward, arguments(2, 3, 2, 2), NAMES, 2)
