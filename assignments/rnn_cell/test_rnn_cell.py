"""Visible checks for rnn_cell. Run them with: python -m pytest test_rnn_cell.py

They are a first look, not the grading: the hidden tests ask more.
"""

import numpy as np
import torch

from rnn_cell import RNNCell, rnn_cell_forward

# The example by hand of the hand-out.
X = np.array([[1.0, 2.0]])
H_PREV = np.array([[1.0, -1.0]])
W_INPUT = np.array([[0.1, 0.2], [0.3, 0.4]])
W_HIDDEN = np.array([[0.5, 0.1], [0.2, 0.3]])
BIAS = np.array([0.1, -0.3])
EXPECTED = np.array([[0.8005, 0.4621]])
EXACT = np.array([[0.7894612209549805, 0.47770001216849795]])  # with 0.1 more in X, and 0.1 less in H_PREV


def check_array(value, what):
    """Fail unless `value` is a numpy array or a tensor, whichever you computed with. Returns a numpy array."""
    kind = type(value).__name__
    assert isinstance(value, (np.ndarray, torch.Tensor)), f"{what}: got {kind}, expected an array or a tensor"
    return np.asarray(value.detach() if torch.is_tensor(value) else value)


def check_dtype(value, expected, what):
    """Fail unless `value` has the expected dtype, the one of the input."""
    got = check_array(value, what).dtype.name
    assert got == expected, f"{what}: the input is {expected}, but the result is {got}"


def check_exact(got, expected, what):
    """Fail unless float64 numbers are right to all their digits, as they are when float64 is kept all the way."""
    got = check_array(got, what)
    assert got.shape == expected.shape, f"{what}: the shape is {got.shape}, expected {expected.shape}"
    off = np.abs(got - expected).max()
    is_exact = off < 1e-12 or off > 1e-4  # by more than that it is no matter of digits: another check tells
    assert is_exact, f"{what}: float64 goes in, but the numbers are only right to {off:.0e}, as float32 is"


def check_close(got, expected, what):
    """Fail with a message that says where `got` is farthest from `expected`."""
    assert got is not None, f"{what}: got None. Is there a return at the end?"
    got = check_array(got, what)
    assert got.shape == expected.shape, f"{what}: the shape is {got.shape}, expected {expected.shape}"
    where = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    place = ", ".join(str(i) for i in where)
    is_close = np.allclose(got, expected, atol=2e-4)
    assert is_close, f"{what}: at [{place}] got {got[where]:.4f}, expected {expected[where]:.4f}"


def cell_of_the_example():
    """An RNNCell that holds the weights of the example by hand."""
    cell = RNNCell(2, 2)
    values = {"w_input": W_INPUT, "w_hidden": W_HIDDEN, "bias": BIAS}
    cell.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    return cell.double()


def test_numpy_gives_the_numbers_of_the_example():
    """rnn_cell_forward gives the numbers of the example by hand."""
    check_close(rnn_cell_forward(X, H_PREV, W_INPUT, W_HIDDEN, BIAS), EXPECTED, "h_next")


def test_numpy_shape():
    """rnn_cell_forward gives one state per sample when N, I and H all differ."""
    h_next = rnn_cell_forward(np.ones((3, 2)), np.ones((3, 4)), np.ones((2, 4)), np.ones((4, 4)), np.ones(4))
    check_array(h_next, "h_next")
    assert np.shape(h_next) == (3, 4), f"h_next: the shape is {tuple(np.shape(h_next))}, expected (3, 4)"


def test_numpy_keeps_the_dtype():
    """rnn_cell_forward gives float32 back for float32 and float64 for float64."""
    for dtype in ("float32", "float64"):
        arrays = [a.astype(dtype) for a in (X, H_PREV, W_INPUT, W_HIDDEN, BIAS)]
        check_dtype(rnn_cell_forward(*arrays), dtype, "h_next")
    check_exact(rnn_cell_forward(X + 0.1, H_PREV - 0.1, W_INPUT, W_HIDDEN, BIAS), EXACT, "h_next")


def test_numpy_leaves_its_arguments_alone():
    """rnn_cell_forward does not write into the arrays it is given."""
    arguments = {"x": X, "h_prev": H_PREV, "w_input": W_INPUT, "w_hidden": W_HIDDEN, "bias": BIAS}
    copies = {name: value.copy() for name, value in arguments.items()}
    rnn_cell_forward(*copies.values())
    for name, value in arguments.items():
        assert np.array_equal(copies[name], value), f"{name} was changed by the call"


def test_cell_parameters():
    """RNNCell has exactly the parameters w_input, w_hidden and bias, with the right shapes."""
    got = {name: tuple(value.shape) for name, value in RNNCell(2, 4).named_parameters()}
    expected = {"w_input": (2, 4), "w_hidden": (4, 4), "bias": (4,)}
    assert got == expected, f"the parameters of RNNCell(2, 4) are {got}, expected {expected}"


def test_cell_gives_the_numbers_of_the_example():
    """RNNCell gives the numbers of the example by hand."""
    check_close(cell_of_the_example()(torch.tensor(X), torch.tensor(H_PREV)), EXPECTED, "the next state")


def test_cell_without_a_state():
    """RNNCell gives the same without a state as with a state of zeros."""
    cell = cell_of_the_example()
    with_zeros = cell(torch.tensor(X), torch.zeros(1, 2, dtype=torch.float64))
    check_close(cell(torch.tensor(X)), with_zeros.detach().numpy(), "the next state, none given")


def test_cell_takes_any_batch_size():
    """One RNNCell serves a batch of three, then a batch of one."""
    cell = RNNCell(2, 4)
    for num_samples in (3, 1):
        shape = tuple(cell(torch.randn(num_samples, 2)).shape)
        assert shape == (num_samples, 4), f"a batch of {num_samples}: the shape is {shape}"


def test_cell_keeps_the_dtype():
    """RNNCell gives float32 back for float32 and float64 for float64, with a state and without one."""
    for dtype in ("float32", "float64"):
        x, h_prev = torch.tensor(X.astype(dtype)), torch.tensor(H_PREV.astype(dtype))
        cell = cell_of_the_example().to(x.dtype)
        check_dtype(cell(x, h_prev), dtype, "the next state")
        check_dtype(cell(x), dtype, "the next state, none given")
