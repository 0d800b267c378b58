"""The gradients of the reference of bptt proved by others: torch's autograd, and central differences.

As in test_oracles, nothing here uses the engine or the suites. The alternatives are held against the reference here as
well: three functions of numpy, and no module.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from .loading import ROOT, load_module
from .test_oracles import CLOSE, SIZES, load

bptt = load("bptt")
CHUNKS = (1, 2, 3, 7, 1000)
TOLERANCES = {np.float32: 3e-5, np.float64: 1e-12}
ALTERNATIVES = sorted((ROOT / "solutions" / "bptt" / "alternatives").glob("*.py"))


class Numbers:
    """Random inputs, weights and gradients of all outputs, and the states that a forward pass gives."""

    def __init__(self, n: int, length: int, i: int, h: int) -> None:
        draw = np.random.default_rng([n, length, i, h])
        self.x = draw.normal(size=(n, length, i))
        self.h0 = draw.uniform(-0.9, 0.9, size=(n, h))
        self.w_input = draw.normal(size=(i, h)) / np.sqrt(i)
        self.w_hidden = 0.7 * draw.normal(size=(h, h)) / np.sqrt(h)
        self.bias = draw.uniform(-0.6, 0.6, size=h)
        self.cotangent = draw.normal(size=(n, length, h))
        self.states = forward(np, *self.leaves)

    @property
    def leaves(self) -> tuple[np.ndarray, ...]:
        """What has a gradient, in the order of the answers."""
        return self.x, self.h0, self.w_input, self.w_hidden, self.bias

    def arguments(self, dtype=np.float64) -> list[np.ndarray]:
        """The arguments of rnn_backward."""
        arguments_ = (self.cotangent, self.x, self.h0, self.states, self.w_input, self.w_hidden)
        return [array.astype(dtype) for array in arguments_]


def forward(library, x, h0, w_input, w_hidden, bias, chunk=None):
    """All states (N, L, H); no gradient goes from a piece of `chunk` steps to the one before it."""
    state, states = h0, []
    for t in range(x.shape[1]):
        if chunk is not None and t and t % chunk == 0:
            state = state.detach()
        state = library.tanh(x[:, t] @ w_input + state @ w_hidden + bias)
        states.append(state)
    return library.stack(states, 1)


def autograd(numbers: Numbers, chunk: int | None = None) -> list[np.ndarray]:
    """The five gradients by torch."""
    leaves = [torch.tensor(array, requires_grad=True) for array in numbers.leaves]
    (forward(torch, *leaves, chunk) * torch.tensor(numbers.cotangent)).sum().backward()
    return [leaf.grad.numpy() for leaf in leaves]


def assert_five(answer, expected, **close) -> None:
    assert len(answer) == len(expected) == 5
    for gradient, other in zip(answer, expected, strict=True):
        assert gradient.shape == other.shape
        np.testing.assert_allclose(gradient, other, **(close or CLOSE))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_a_sequence_backwards_is_torchs(sizes):
    numbers = Numbers(*sizes)
    assert_five(bptt.rnn_backward(*numbers.arguments()), autograd(numbers))


@pytest.mark.parametrize("chunk", CHUNKS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_pieces_backwards_are_torchs_with_states_detached(sizes, chunk):
    numbers = Numbers(*sizes)
    assert_five(bptt.truncated_backward(*numbers.arguments(), chunk), autograd(numbers, chunk))


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_one_step_backwards_is_torchs(sizes):
    numbers = Numbers(sizes[0], 1, *sizes[2:])
    dx, *rest = autograd(numbers)
    step = (numbers.cotangent[:, 0], numbers.x[:, 0], numbers.h0, numbers.states[:, 0])
    answer = bptt.rnn_cell_backward(*step, numbers.w_input, numbers.w_hidden)
    assert_five(answer, (dx[:, 0], *rest))


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (2, 3, 2, 3)], ids=str)
def test_a_sequence_backwards_is_the_slope_of_the_loss(sizes):
    """Each entry of each array moved a little both ways: no library of gradients is asked."""
    numbers = Numbers(*sizes)
    expected = []
    for number, array in enumerate(numbers.leaves):
        slopes = np.empty_like(array)
        for place in np.ndindex(array.shape):
            losses = []
            for move in (1e-6, -1e-6):
                leaves = [leaf.copy() for leaf in numbers.leaves]
                leaves[number][place] += move
                losses.append((forward(np, *leaves) * numbers.cotangent).sum())
            slopes[place] = (losses[0] - losses[1]) / 2e-6
        expected.append(slopes)
    assert_five(bptt.rnn_backward(*numbers.arguments()), expected, rtol=1e-6, atol=1e-8)


def test_an_oracle_notices_a_gradient_that_is_not_handed_on():
    numbers = Numbers(2, 4, 2, 2)
    whole, cut = autograd(numbers), autograd(numbers, chunk=2)
    # All but the second half of dx differ, far outside the tolerance.
    assert min(np.abs(gradient - other).max() for gradient, other in zip(whole, cut, strict=True)) > 1e-3
    np.testing.assert_allclose(whole[0][:, 2:], cut[0][:, 2:], **CLOSE)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("path", ALTERNATIVES, ids=lambda path: path.stem)
def test_an_alternative_agrees_with_the_reference(path, dtype):
    """In every function, for many sizes and lengths of pieces; arguments are read only, and stay as they are."""
    module = load_module(path)
    for sizes in (*SIZES[:3], (4, 1, 3, 2), (5, 6, 1, 3)):
        d, x, h0, states, *weights = arguments_ = Numbers(*sizes).arguments(dtype)
        step = [np.ascontiguousarray(array) for array in (d[:, 0], x[:, 0], h0, states[:, 0])] + weights
        calls = [("rnn_cell_backward", step), ("rnn_backward", arguments_)]
        calls += [("truncated_backward", [*arguments_, chunk]) for chunk in CHUNKS]
        for array in (*arguments_, *step):
            array.flags.writeable = False
        for name, arguments in calls:
            expected = getattr(bptt, name)(*arguments)
            for _ in range(2):  # nothing is kept from the call before
                answer = getattr(module, name)(*arguments)
                assert {array.dtype for array in answer} == {np.dtype(dtype)}
                assert_five(answer, expected, rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype])


def test_bptt_has_alternatives_enough():
    assert len(ALTERNATIVES) >= 7
