"""The references with gates proved by others: torch.nn.LSTM and torch.nn.GRU, and ONNX's reference evaluator.

As in test_oracles, nothing here uses the engine or the suites. All gates, states and biases hold other numbers, so
that no two of them can be exchanged unseen.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import rnn as pack

from .test_oracles import CALLS, CLOSE, SIZES, fill, load

lstm, gru = load("lstm"), load("gru")
LSTM_NAMES = ("w_input", "w_hidden", "bias")
GRU_NAMES = ("w_input", "w_hidden", "bias_input", "bias_hidden")
THEIR_NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


class Numbers:
    """Random inputs, two states and the weights of a cell with so many gates."""

    def __init__(self, gates: int, n: int, length: int, i: int, h: int) -> None:
        draw = np.random.default_rng([gates, n, length, i, h])
        self.x = draw.normal(size=(n, length, i))
        self.h0, self.c0 = draw.uniform(-0.9, 0.9, size=(2, n, h))
        self.w_input = draw.normal(size=(i, gates * h)) / np.sqrt(i)
        self.w_hidden = 0.7 * draw.normal(size=(h, gates * h)) / np.sqrt(h)
        self.bias, self.bias_hidden = draw.uniform(-0.6, 0.6, size=(2, gates * h))
        self.sizes = i, h

    def into(self, network: nn.Module) -> nn.Module:
        """torch's own network with these weights: both matrices transposed."""
        arrays = (self.w_input.T, self.w_hidden.T, self.bias, self.bias_hidden)
        return fill(network, zip(THEIR_NAMES, arrays, strict=True))

    def into_cell(self, cell: nn.Module) -> nn.Module:
        """torch's own cell with these weights."""
        arrays = (self.w_input.T, self.w_hidden.T, self.bias, self.bias_hidden)
        return fill(cell, zip((name.removesuffix("_l0") for name in THEIR_NAMES), arrays, strict=True))


def lstm_numbers(*sizes: int) -> Numbers:
    """Numbers of an LSTM; it has one bias, so that torch's second one is zero."""
    numbers = Numbers(4, *sizes)
    numbers.bias_hidden = np.zeros_like(numbers.bias)
    return numbers


def reference_lstm(numbers: Numbers) -> nn.Module:
    """The reference's LSTM with these weights."""
    return fill(lstm.LSTM(*numbers.sizes), {name: getattr(numbers, name) for name in LSTM_NAMES}.items())


def reference_gru(numbers: Numbers) -> nn.Module:
    """The reference's GRU with these weights."""
    arrays = (numbers.w_input, numbers.w_hidden, numbers.bias, numbers.bias_hidden)
    return fill(gru.GRU(*numbers.sizes), zip(GRU_NAMES, arrays, strict=True))


def run_torch(network: nn.Module, x: torch.Tensor, state, lengths: list[int] | None):
    """Outputs and final states of torch's network, packed when there are lengths; states without the layers' axis."""
    state = tuple(part[None] for part in state) if isinstance(state, tuple) else state[None]
    if lengths is None:
        outputs, final = network(x, state)
    else:
        packed = pack.pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        outputs, final = network(packed, state)
        outputs, _ = pack.pad_packed_sequence(outputs, batch_first=True, total_length=x.shape[1])
    return outputs, tuple(part[0] for part in final) if isinstance(final, tuple) else final[0]


def flat(answer) -> list[torch.Tensor]:
    """The tensors of an answer, in order."""
    return [answer] if torch.is_tensor(answer) else [tensor for part in answer for tensor in flat(part)]


def assert_gradients_agree(reference: nn.Module, network: nn.Module, x, state, lengths, pairs) -> None:
    """Gradients of one random sum of all results, to inputs, states and the parameters in `pairs` (ours, theirs)."""
    inputs = [[torch.tensor(array, requires_grad=True) for array in (x, *state)] for _ in range(2)]
    draw = np.random.default_rng(7)
    answers = []
    for module, (x_, *state_) in zip((reference, network), inputs, strict=True):
        state_given = tuple(state_) if len(state_) == 2 else state_[0]
        answers.append(
            flat(
                module(x_, state_given, lengths)
                if module is reference
                else run_torch(module, x_, state_given, lengths)
            )
        )
    weigh = [torch.tensor(draw.normal(size=part.shape)) for part in answers[0]]
    for answer in answers:
        sum((part * weight).sum() for part, weight in zip(answer, weigh, strict=True)).backward()
    for ours, theirs in zip(*inputs, strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, **CLOSE)
    for sample, end in enumerate(lengths or ()):
        assert not inputs[0][0].grad[sample, end:].any()
    for name, theirs in pairs.items():
        gradient, expected = reference.get_parameter(name).grad, network.get_parameter(theirs).grad
        expected = expected.T if expected.ndim == 2 else expected
        torch.testing.assert_close(gradient, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
def test_lstm_is_torchs(sizes, lengths):
    numbers = lstm_numbers(*sizes)
    network = numbers.into(nn.LSTM(*numbers.sizes, batch_first=True))
    x, h0, c0 = map(torch.tensor, (numbers.x, numbers.h0, numbers.c0))
    for state in ((h0, c0), None):
        answer = reference_lstm(numbers)(x, state, lengths)
        zeros = (0 * h0, 0 * c0)
        expected = run_torch(network, x, state or zeros, lengths)
        for ours, theirs in zip(flat(answer), flat(expected), strict=True):
            torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
def test_gradients_of_lstm_are_torchs(sizes, lengths):
    numbers = lstm_numbers(*sizes)
    network = numbers.into(nn.LSTM(*numbers.sizes, batch_first=True))
    pairs = dict(zip(LSTM_NAMES, THEIR_NAMES, strict=False))
    state = (numbers.h0, numbers.c0)
    assert_gradients_agree(reference_lstm(numbers), network, numbers.x, state, lengths, pairs)


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
def test_gru_is_torchs(sizes, lengths):
    numbers = Numbers(3, *sizes)
    network = numbers.into(nn.GRU(*numbers.sizes, batch_first=True))
    x, h0 = map(torch.tensor, (numbers.x, numbers.h0))
    for state in (h0, None):
        answer = reference_gru(numbers)(x, state, lengths)
        expected = run_torch(network, x, 0 * h0 if state is None else state, lengths)
        for ours, theirs in zip(flat(answer), flat(expected), strict=True):
            torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
def test_gradients_of_gru_are_torchs(sizes, lengths):
    numbers = Numbers(3, *sizes)
    network = numbers.into(nn.GRU(*numbers.sizes, batch_first=True))
    pairs = dict(zip(GRU_NAMES, THEIR_NAMES, strict=True))
    assert_gradients_agree(reference_gru(numbers), network, numbers.x, (numbers.h0,), lengths, pairs)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_one_step_of_either_is_torchs(sizes):
    numbers = lstm_numbers(*sizes)
    x = numbers.x[:, 0]
    cell = numbers.into_cell(nn.LSTMCell(*numbers.sizes))
    answer = lstm.lstm_cell_forward(
        x, numbers.h0, numbers.c0, numbers.w_input, numbers.w_hidden, numbers.bias
    )
    expected = cell(torch.tensor(x), (torch.tensor(numbers.h0), torch.tensor(numbers.c0)))
    for ours, theirs in zip(answer, expected, strict=True):
        np.testing.assert_allclose(ours, theirs.detach(), **CLOSE)
    numbers = Numbers(3, *sizes)
    x = numbers.x[:, 0]
    cell = numbers.into_cell(nn.GRUCell(*numbers.sizes))
    weights = numbers.w_input, numbers.w_hidden, numbers.bias, numbers.bias_hidden
    expected = cell(torch.tensor(x), torch.tensor(numbers.h0))
    np.testing.assert_allclose(gru.gru_cell_forward(x, numbers.h0, *weights), expected.detach(), **CLOSE)


def regrouped(array: np.ndarray, order: list[int]) -> np.ndarray:
    """The array's gates, along its last axis, in another order."""
    return np.concatenate([np.split(array, len(order), axis=-1)[k] for k in order], axis=-1)


def run_onnx(operator: str, numbers: Numbers, order: list[int], states: dict[str, np.ndarray], **options):
    """ONNX's operator by its reference evaluator: its outputs. `order` says where its gates stand among ours."""
    helper, reference = pytest.importorskip("onnx.helper"), pytest.importorskip("onnx.reference")
    w_input, w_hidden, bias, bias_hidden = (
        regrouped(array, order)
        for array in (numbers.w_input, numbers.w_hidden, numbers.bias, numbers.bias_hidden)
    )
    feeds = {
        "X": numbers.x.transpose(1, 0, 2),
        "W": w_input.T[None],
        "R": w_hidden.T[None],
        "B": np.concatenate([bias, bias_hidden])[None],
        **{name: state[None] for name, state in states.items()},
    }
    outputs = ["Y", "Y_h", "Y_c"][: 1 + len(states)]
    inputs = ["X", "W", "R", "B", "", *states]
    node = helper.make_node(operator, inputs, outputs, hidden_size=numbers.sizes[1], **options)
    infos = [helper.make_tensor_value_info(name, 11, None) for name in (*feeds, *outputs)]  # 11: double
    graph = helper.make_graph([node], operator, infos[: -len(outputs)], infos[-len(outputs) :])
    return reference.ReferenceEvaluator(helper.make_model(graph)).run(None, feeds)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_lstm_is_onnxs(sizes):
    """ONNX orders the gates input, output, forget, cell. Its evaluator gives the states after the last step."""
    numbers = lstm_numbers(*sizes)
    states = {"initial_h": numbers.h0, "initial_c": numbers.c0}
    _, h_last, *_ = run_onnx("LSTM", numbers, [0, 3, 1, 2], states)
    h, c = numbers.h0, numbers.c0
    for t in range(sizes[1]):
        h, c = lstm.lstm_cell_forward(numbers.x[:, t], h, c, numbers.w_input, numbers.w_hidden, numbers.bias)
    np.testing.assert_allclose(h, h_last[0], **CLOSE)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_gru_is_onnxs(sizes):
    """ONNX orders the gates update, reset, new; with linear_before_reset the product comes before the reset gate."""
    numbers = Numbers(3, *sizes)
    options = {"linear_before_reset": 1}
    _, h_last = run_onnx("GRU", numbers, [1, 0, 2], {"initial_h": numbers.h0}, **options)
    h = numbers.h0
    weights = numbers.w_input, numbers.w_hidden, numbers.bias, numbers.bias_hidden
    for t in range(sizes[1]):
        h = gru.gru_cell_forward(numbers.x[:, t], h, *weights)
    np.testing.assert_allclose(h, h_last[0], **CLOSE)


def test_an_oracle_notices_gates_that_are_exchanged():
    """These oracles can fail: i and f exchanged are far outside their tolerance, from non-zero states."""
    numbers = lstm_numbers(2, 3, 2, 2)
    x = numbers.x[:, 0]
    weights = numbers.w_input, numbers.w_hidden, numbers.bias
    right = lstm.lstm_cell_forward(x, numbers.h0, numbers.c0, *weights)
    wrong = lstm.lstm_cell_forward(
        x, numbers.h0, numbers.c0, *(regrouped(array, [1, 0, 2, 3]) for array in weights)
    )
    assert min(np.abs(a - b).max() for a, b in zip(right, wrong, strict=True)) > 1e-2
