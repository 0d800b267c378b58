"""Visible checks for gru. Run them with: python -m pytest test_gru.py

They are a first look, not the grading: the hidden tests ask more.
"""

import numpy as np
import torch
from torch import nn

from gru import GRU, gru_cell_forward

# The example by hand of the hand-out: a knock followed by silence, and the weights of its table (r, z, n).
KNOCK = np.array([[[1.0], [0.0], [0.0]]])
MATRICES = np.array([[1.0, -3.0, 2.0]]), np.array([[-1.0, 0.0, 0.5]])
WEIGHTS = (*MATRICES, np.array([0.0, 2.0, 0.0]), np.array([0.5, 0.0, 1.0]))
EXPECTED = np.array([[[0.7259], [0.7038], [0.6845]]])

# Two samples with two units; everything differs from everything. The first sample has two real steps, then 9s.
X = np.array([[[-1.0, 0.5], [0.25, -0.5], [9.0, 9.0]], [[0.5, -1.0], [1.0, 0.25], [-0.5, 2.0]]])
H0 = np.array([[-0.6, 0.3], [0.4, -0.2]])
W_INPUT = np.array([[0.6, -0.4, 0.9, 0.3, -0.7, 1.1], [-0.5, 0.8, 0.1, -1.0, 0.4, 0.7]])
W_HIDDEN = np.array([[0.3, 1.0, -0.6, 0.5, 0.8, -1.2], [0.7, -0.3, 0.2, 1.1, -0.9, 0.6]])
BIASES = np.array([0.1, -0.3, 0.9, 0.4, 0.2, -0.1]), np.array([-0.6, 0.5, 0.3, -0.2, 0.7, -0.8])
ALL = (W_INPUT, W_HIDDEN, *BIASES)
LENGTHS = [2, 3]
# After the first step, to all digits of float64.
H_NEXT = np.array([[-0.15797976146108578, -0.31303155117843445], [0.34138569043344535, -0.30073529317250924]])
# After each step, and at the end.
OUTPUTS = np.array(
    [
        [[-0.158, -0.313], [-0.0928, -0.3753], [0, 0]],
        [[0.3414, -0.3007], [0.3195, -0.0041], [0.5062, -0.2735]],
    ]
)
H_LAST = np.array([[-0.0928, -0.3753], [0.5062, -0.2735]])


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


def network(*weights):
    """A GRU in float64 that holds these weights."""
    gru = GRU(weights[0].shape[0], weights[1].shape[0])
    names = ("w_input", "w_hidden", "bias_input", "bias_hidden")
    gru.load_state_dict({name: torch.tensor(array) for name, array in zip(names, weights)})
    return gru.double()


def torch_gru(gru):
    """torch's own GRU with the weights of yours: its matrices are transposed."""
    theirs = nn.GRU(gru.w_input.shape[0], gru.w_hidden.shape[0], batch_first=True).to(gru.w_input.dtype)
    weights = {"weight_ih_l0": gru.w_input.T, "weight_hh_l0": gru.w_hidden.T}
    theirs.load_state_dict({**weights, "bias_ih_l0": gru.bias_input, "bias_hh_l0": gru.bias_hidden})
    return theirs


def test_cell_shapes():
    """gru_cell_forward gives h_next (N, H) when N, I and H all differ."""
    h_next = gru_cell_forward(
        np.ones((2, 3)), np.ones((2, 5)), np.ones((3, 15)), np.ones((5, 15)), *np.ones((2, 15))
    )
    check_shapes([h_next], (2, 5))


def test_cell_gives_the_numbers_of_the_example():
    """gru_cell_forward, three times, gives the numbers of the example by hand."""
    h = np.zeros((1, 1))
    for t in range(3):
        h = np.asarray(gru_cell_forward(KNOCK[:, t], h, *WEIGHTS))
        check_close(h, EXPECTED[:, t], f"h_next at step {t}")


def test_cell_tells_gates_and_biases_apart():
    """With two samples and two units, where everything differs, gru_cell_forward gives the right numbers."""
    check_close(gru_cell_forward(X[:, 0], H0, *ALL), H_NEXT, "h_next")


def test_cell_keeps_the_dtype():
    """gru_cell_forward gives float32 back for float32 and float64 for float64."""
    for dtype in ("float32", "float64"):
        h_next = gru_cell_forward(*(array.astype(dtype) for array in (X[:, 0], H0, *ALL)))
        check_dtypes([h_next], dtype)
    check_exact(h_next, H_NEXT, "h_next")


def test_network_parameters():
    """GRU has the four parameters, with the right shapes."""
    got = {name: tuple(value.shape) for name, value in GRU(2, 3).named_parameters()}
    expected = {"w_input": (2, 9), "w_hidden": (3, 9), "bias_input": (9,), "bias_hidden": (9,)}
    assert got == expected, f"the parameters of GRU(2, 3) are {got}, expected {expected}"


def test_network_shapes():
    """x = randn(5, 3, 10) through GRU(10, 20) gives (5, 3, 20) and (5, 20)."""
    check_shapes(pair(GRU(10, 20)(torch.randn(5, 3, 10)), "outputs and h_last"), (5, 3, 20), (5, 20))


def test_network_gives_the_numbers_of_the_example():
    """GRU gives the numbers of the example by hand, from zeros when no state is given."""
    outputs, h_last = pair(network(*WEIGHTS)(torch.tensor(KNOCK)), "outputs and h_last")
    check_close(outputs, EXPECTED, "outputs")
    check_close(h_last, EXPECTED[:, 2], "h_last")


def test_network_begins_at_the_given_state():
    """GRU begins at the given state: two samples, two units, other numbers in each."""
    outputs, h_last = pair(network(*ALL)(torch.tensor(X[:, :1]), torch.tensor(H0)), "outputs and h_last")
    check_close(outputs, H_NEXT[:, None], "outputs")
    check_close(h_last, H_NEXT, "h_last")


def test_network_ignores_padding():
    """With lengths, the 9s change nothing; outputs there are zero, and the state is that of the last real step."""
    answer = network(*ALL)(torch.tensor(X), torch.tensor(H0), lengths=LENGTHS)
    outputs, h_last = pair(answer, "outputs and h_last")
    check_close(outputs, OUTPUTS, "outputs")
    check_close(h_last, H_LAST, "h_last")


def test_network_keeps_the_dtype():
    """GRU gives float32 back for float32 and float64 for float64, with lengths and without."""
    for dtype in ("float32", "float64"):
        x, h0 = (torch.tensor(array.astype(dtype)) for array in (X, H0))
        gru = network(*ALL).to(x.dtype)
        check_dtypes(pair(gru(x), "outputs and h_last"), dtype)
        check_dtypes(pair(gru(x, h0, LENGTHS), "outputs and h_last"), dtype)


def test_network_forgets_between_calls():
    """The same call twice gives the same numbers."""
    gru, x = GRU(2, 4), torch.randn(3, 5, 2)
    once, twice = (pair(gru(x), "outputs and h_last")[0] for _ in range(2))
    check_close(twice, as_array(once, "outputs"), "outputs of the second call")


def answer_and_gradients(module, layers=()):
    """outputs and h_last of a module, and the gradients of x and the state; `layers` are axes before the state."""
    x, h0 = (torch.tensor(array, requires_grad=True) for array in (X, H0))
    outputs, h_last = pair(module(x, h0.reshape(*layers, 2, 2)), "outputs and h_last")
    (outputs.cumsum(1).sum() + 2 * h_last.sum()).backward()
    return {"outputs": outputs, "h_last": h_last.reshape(2, 2)}, {"x": x.grad, "hidden_state": h0.grad}


def gradients_of_weights(gru, theirs):
    """The gradients of your weights and of torch's, by your names."""
    names = ("w_input", "w_hidden", "bias_input", "bias_hidden")
    yours = {name: getattr(gru, name).grad for name in names}
    torchs = (
        theirs.weight_ih_l0.grad.T,
        theirs.weight_hh_l0.grad.T,
        theirs.bias_ih_l0.grad,
        theirs.bias_hh_l0.grad,
    )
    return yours, dict(zip(names, torchs))


def test_network_agrees_with_torch():
    """GRU gives the numbers and the gradients of torch.nn.GRU with the same weights."""
    gru = network(*ALL)
    theirs = torch_gru(gru)
    results, gradients = answer_and_gradients(gru)
    expected_results, expected_gradients = answer_and_gradients(theirs, layers=(1,))
    for name, expected in expected_results.items():
        check_close(results[name], as_array(expected, name), name)
    of_weights, expected_of_weights = gradients_of_weights(gru, theirs)
    gradients, expected_gradients = gradients | of_weights, expected_gradients | expected_of_weights
    for name, expected in expected_gradients.items():
        assert gradients[name] is not None, f"no gradient reaches {name}"
        check_close(gradients[name], as_array(expected, name), f"the gradient of {name}")
