"""Visible checks for lstm. Run them with: python -m pytest test_lstm.py

They are a first look, not the grading: the hidden tests ask more.
"""

import numpy as np
import torch
from torch import nn

from lstm import LSTM, lstm_cell_forward

# The example by hand of the hand-out: a knock followed by silence, and the weights of its table (i, f, g, o).
KNOCK = np.array([[[1.0], [0.0], [0.0]]])
WEIGHTS = (
    np.array([[2.0, 0.0, 1.0, 1.0]]),
    np.array([[0.0, 0.0, 0.5, -1.0]]),
    np.array([-1.0, 3.0, 0.0, 0.5]),
)
EXPECTED = np.array([[[0.4133], [0.2746], [0.2963]]])
EXPECTED_MEMORY = np.array([[[0.5568], [0.5852], [0.5941]]])

# Two samples with two units; everything differs from everything. The second sample has two real steps, then 9s.
X = np.array([[[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0]], [[-1.0, 0.5], [0.25, -0.5], [9.0, 9.0]]])
H0 = np.array([[0.4, -0.2], [-0.6, 0.3]])
C0 = np.array([[-0.5, 0.8], [1.2, -0.3]])
W_INPUT = np.array([[0.6, -0.4, 0.9, 0.3, -0.7, 1.1, 0.2, -0.8], [-0.5, 0.8, 0.1, -1.0, 0.4, 0.7, -0.3, 1.2]])
W_HIDDEN = np.array(
    [[0.3, 1.0, -0.6, 0.5, 0.8, -0.2, -0.9, 0.4], [0.7, -0.3, 0.2, 1.1, -0.4, 0.6, 0.5, -1.2]]
)
BIAS = np.array([0.1, -0.3, 0.9, 0.4, 0.2, -0.1, -0.6, 0.5])
LENGTHS = [3, 2]
# After the first step, to all digits of float64.
H_NEXT = np.array([[-0.14870421659525285, 0.1611537302865238], [0.309662196184894, -0.26372147976569216]])
C_NEXT = np.array([[-0.4677949990481356, 0.5303878259541979], [0.88975442224894, -0.34911896703083806]])
# After each step, and at the end.
OUTPUTS = np.array(
    [
        [[-0.1487, 0.1612], [-0.2774, 0.2419], [-0.0924, 0.5512]],
        [[0.3097, -0.2637], [0.1911, -0.2004], [0, 0]],
    ]
)
H_LAST = np.array([[-0.0924, 0.5512], [0.1911, -0.2004]])
C_LAST = np.array([[-0.3389, 0.6648], [0.7267, -0.3936]])


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


def check_shapes(results, *expected):
    """Fail unless the results have the expected shapes."""
    got = tuple(as_array(part, "a result").shape for part in results)
    assert got == expected, f"the shapes are {got}, expected {expected}"


def check_dtypes(results, expected):
    """Fail unless all results have the expected dtype, the one of the input."""
    got = [as_array(part, "a result").dtype.name for part in results]
    assert got == [expected] * len(got), f"the input is {expected}, but the results are {', '.join(got)}"


def check_exact(got, expected, what):
    """Fail unless float64 numbers are right to all their digits, as they are when float64 is kept all the way."""
    got = as_array(got, what)
    assert got.shape == expected.shape, f"{what}: the shape is {got.shape}, expected {expected.shape}"
    off = np.abs(got - expected).max()
    is_exact = off < 1e-12 or off > 1e-4  # by more than that it is no matter of digits: another check tells
    assert is_exact, f"{what}: float64 goes in, but the numbers are only right to {off:.0e}, as float32 is"


def pair(value, names):
    """`value`, which has to be two things in a tuple or a list."""
    is_pair = isinstance(value, (tuple, list)) and len(value) == 2
    assert is_pair, f"expected two things, {names}; got {type(value).__name__}"
    return value


def three(answer):
    """outputs, h_last and c_last, of what an LSTM returns."""
    outputs, state = pair(answer, "outputs and (h_last, c_last)")
    return (outputs, *pair(state, "h_last and c_last"))


def network(w_input, w_hidden, bias):
    """An LSTM in float64 that holds these weights."""
    lstm = LSTM(w_input.shape[0], w_hidden.shape[0])
    weights = {"w_input": w_input, "w_hidden": w_hidden, "bias": bias}
    lstm.load_state_dict({name: torch.tensor(array) for name, array in weights.items()})
    return lstm.double()


def tensors(*arrays):
    """The arrays as tensors."""
    return tuple(torch.tensor(array) for array in arrays)


def torch_lstm(lstm):
    """torch's own LSTM with the weights of yours: its matrices are transposed, and it has a second bias, zero here."""
    i, h = lstm.w_input.shape[0], lstm.w_hidden.shape[0]
    theirs = nn.LSTM(i, h, batch_first=True).to(lstm.w_input.dtype)
    weights = {"weight_ih_l0": lstm.w_input.T, "weight_hh_l0": lstm.w_hidden.T, "bias_ih_l0": lstm.bias}
    theirs.load_state_dict({**weights, "bias_hh_l0": torch.zeros_like(lstm.bias)})
    return theirs


def test_cell_shapes():
    """lstm_cell_forward gives h_next (N, H) and c_next (N, H) when N, I and H all differ."""
    answer = lstm_cell_forward(
        np.ones((2, 3)), *np.ones((2, 2, 5)), np.ones((3, 20)), np.ones((5, 20)), np.ones(20)
    )
    check_shapes(pair(answer, "h_next and c_next"), (2, 5), (2, 5))


def test_cell_gives_the_numbers_of_the_example():
    """lstm_cell_forward, three times, gives the numbers of the example by hand."""
    h, c = np.zeros((1, 1)), np.zeros((1, 1))
    for t in range(3):
        answer = lstm_cell_forward(KNOCK[:, t], h, c, *WEIGHTS)
        h, c = (np.asarray(part) for part in pair(answer, "h_next and c_next"))
        check_close(c, EXPECTED_MEMORY[:, t], f"c_next at step {t}")
        check_close(h, EXPECTED[:, t], f"h_next at step {t}")


def test_cell_tells_gates_and_states_apart():
    """With two samples and two units, where everything differs, lstm_cell_forward gives the right numbers."""
    h_next, c_next = pair(lstm_cell_forward(X[:, 0], H0, C0, W_INPUT, W_HIDDEN, BIAS), "h_next and c_next")
    check_close(c_next, C_NEXT, "c_next")
    check_close(h_next, H_NEXT, "h_next")


def test_cell_keeps_the_dtype():
    """lstm_cell_forward gives float32 back for float32 and float64 for float64."""
    for dtype in ("float32", "float64"):
        arrays = [array.astype(dtype) for array in (X[:, 0], H0, C0, W_INPUT, W_HIDDEN, BIAS)]
        h_next, c_next = pair(lstm_cell_forward(*arrays), "h_next and c_next")
        check_dtypes((h_next, c_next), dtype)
    check_exact(h_next, H_NEXT, "h_next")
    check_exact(c_next, C_NEXT, "c_next")


def test_network_parameters():
    """LSTM has the three parameters, with the right shapes."""
    got = {name: tuple(value.shape) for name, value in LSTM(2, 3).named_parameters()}
    expected = {"w_input": (2, 12), "w_hidden": (3, 12), "bias": (12,)}
    assert got == expected, f"the parameters of LSTM(2, 3) are {got}, expected {expected}"


def test_network_shapes():
    """x = randn(5, 3, 10) through LSTM(10, 20) gives (5, 3, 20), and twice (5, 20)."""
    check_shapes(three(LSTM(10, 20)(torch.randn(5, 3, 10))), (5, 3, 20), (5, 20), (5, 20))


def test_network_gives_the_numbers_of_the_example():
    """LSTM gives the numbers of the example by hand, from zeros when no state is given."""
    outputs, h_last, c_last = three(network(*WEIGHTS)(torch.tensor(KNOCK)))
    check_close(outputs, EXPECTED, "outputs")
    check_close(h_last, EXPECTED[:, 2], "h_last")
    check_close(c_last, EXPECTED_MEMORY[:, 2], "c_last")


def test_network_begins_at_the_given_states():
    """LSTM begins at (h0, c0): two samples, two units, other numbers in each."""
    lstm = network(W_INPUT, W_HIDDEN, BIAS)
    outputs, h_last, c_last = three(lstm(torch.tensor(X[:, :1]), tensors(H0, C0)))
    check_close(outputs, H_NEXT[:, None], "outputs")
    check_close(h_last, H_NEXT, "h_last")
    check_close(c_last, C_NEXT, "c_last")


def test_network_ignores_padding():
    """With lengths, the 9s change nothing; outputs there are zero, and both states are those of the last real step."""
    lstm = network(W_INPUT, W_HIDDEN, BIAS)
    outputs, h_last, c_last = three(lstm(torch.tensor(X), tensors(H0, C0), lengths=LENGTHS))
    check_close(outputs, OUTPUTS, "outputs")
    check_close(h_last, H_LAST, "h_last")
    check_close(c_last, C_LAST, "c_last")


def test_network_keeps_the_dtype():
    """LSTM gives float32 back for float32 and float64 for float64, with lengths and without."""
    for dtype in ("float32", "float64"):
        x, *state = tensors(*(array.astype(dtype) for array in (X, H0, C0)))
        lstm = network(W_INPUT, W_HIDDEN, BIAS).to(x.dtype)
        check_dtypes(three(lstm(x)), dtype)
        check_dtypes(three(lstm(x, tuple(state), LENGTHS)), dtype)


def test_network_forgets_between_calls():
    """The same call twice gives the same numbers."""
    lstm, x = LSTM(2, 4), torch.randn(3, 5, 2)
    once, twice = three(lstm(x))[0], three(lstm(x))[0]
    check_close(twice, as_array(once, "outputs"), "outputs of the second call")


def answer_and_gradients(module, layers=()):
    """outputs, h_last and c_last of a module, and the gradients of x, h0 and c0; `layers`: axes before the states."""
    x, h0, c0 = (tensor.requires_grad_() for tensor in tensors(X, H0, C0))
    outputs, h_last, c_last = three(module(x, (h0.reshape(*layers, 2, 2), c0.reshape(*layers, 2, 2))))
    (outputs.cumsum(1).sum() + 2 * h_last.sum() - c_last.sum()).backward()
    results = {"outputs": outputs, "h_last": h_last.reshape(2, 2), "c_last": c_last.reshape(2, 2)}
    return results, {"x": x.grad, "h0": h0.grad, "c0": c0.grad}


def test_network_agrees_with_torch():
    """LSTM gives the numbers and the gradients of torch.nn.LSTM with the same weights."""
    lstm = network(W_INPUT, W_HIDDEN, BIAS)
    results, gradients = answer_and_gradients(lstm)
    expected_results, expected_gradients = answer_and_gradients(torch_lstm(lstm), layers=(1,))
    for name, expected in expected_results.items():
        check_close(results[name], as_array(expected, name), name)
    for name, expected in expected_gradients.items():
        assert gradients[name] is not None, f"no gradient reaches {name}"
        check_close(gradients[name], as_array(expected, name), f"the gradient of {name}")
