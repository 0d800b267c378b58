"""The references proved by others: torch.nn.RNN, ONNX's reference evaluator, and finite differences.

Every expected value of the hidden suites comes from solutions/<a>/<a>.py, so nothing here may use the engine
or the suites: the references are imported by path and compared in float64 with programs of other authors.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import rnn as pack

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
CLOSE = {"rtol": 1e-12, "atol": 1e-12}
SIZES = [(1, 1, 1, 1), (3, 4, 2, 5), (2, 3, 3, 3), (4, 50, 3, 2)]
LENGTHS = [2, 5, 1, 4]  # of PADDED_SIZES: neither sorted nor equal
PADDED_SIZES = (4, 5, 2, 3)
STEP = ("w_input", "w_hidden", "bias")


def load(name: str) -> ModuleType:
    """The reference of an assignment, imported by path under a name of its own."""
    spec = importlib.util.spec_from_file_location(f"oracle_{name}", SOLUTIONS / name / f"{name}.py")
    assert spec is not None and spec.loader is not None  # noqa: PT018
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


rnn_cell, rnn, birnn = load("rnn_cell"), load("rnn"), load("birnn")


class Numbers:
    """Random inputs and weights of one size; the first of two is for networks of one direction."""

    def __init__(self, n: int, length: int, i: int, h: int) -> None:
        draw = np.random.default_rng([n, length, i, h])
        self.x = draw.normal(size=(n, length, i))
        self.h0 = draw.uniform(-0.9, 0.9, size=(2, n, h))
        self.weights = [
            (
                draw.normal(size=(i, h)) / np.sqrt(i),
                0.7 * draw.normal(size=(h, h)) / np.sqrt(h),
                draw.uniform(0.1, 0.6, size=h),
            )
            for _ in range(2)
        ]
        self.linears = [(draw.normal(size=(h, h)), draw.normal(size=h)) for _ in range(2)]
        self.w_output = draw.normal(size=(h, h))
        self.sizes = i, h


def torch_rnn(numbers: Numbers, directions: int) -> nn.RNN:
    """torch.nn.RNN in float64 with these weights."""
    i, h = numbers.sizes
    network = nn.RNN(i, h, batch_first=True, bidirectional=directions == 2, dtype=torch.float64)
    with torch.no_grad():
        for suffix, (w_input, w_hidden, bias) in zip(
            ["", "_reverse"][:directions], numbers.weights, strict=False
        ):
            getattr(network, f"weight_ih_l0{suffix}").copy_(torch.tensor(w_input.T))
            getattr(network, f"weight_hh_l0{suffix}").copy_(torch.tensor(w_hidden.T))
            getattr(network, f"bias_ih_l0{suffix}").copy_(torch.tensor(bias))
            getattr(network, f"bias_hh_l0{suffix}").zero_()
    return network


def run_torch(network: nn.RNN, x: torch.Tensor, h0: torch.Tensor, lengths: list[int] | None):
    """Outputs and final states of torch.nn.RNN, packed when there are lengths."""
    if lengths is None:
        return network(x, h0)
    packed = pack.pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    outputs, final = network(packed, h0)
    return pack.pad_packed_sequence(outputs, batch_first=True, total_length=x.shape[1])[0], final


def fill(module: nn.Module, weights) -> nn.Module:
    """`module` in float64 with these (dotted name, array) in place of what it started with."""
    module.double()
    with torch.no_grad():
        for name, array in weights:
            module.get_parameter(name).copy_(torch.tensor(array))
    return module


def reference_rnn(numbers: Numbers) -> nn.Module:
    """The reference's RNN with these weights."""
    names = [f"cell.{name}" for name in STEP]
    weights = [*zip(names, numbers.weights[0], strict=True), ("w_output", numbers.w_output)]
    return fill(rnn.RNN(*numbers.sizes), weights)


def reference_birnn(numbers: Numbers) -> nn.Module:
    """The reference's BiRNN with these weights."""
    weights = {}
    for k, direction in enumerate(("forward", "backward")):
        w_input, w_hidden, bias = numbers.weights[k]
        weights[f"{direction}_cell.weight_ih"] = w_input.T
        weights[f"{direction}_cell.weight_hh"] = w_hidden.T
        weights[f"{direction}_cell.bias_ih"] = bias
        weights[f"{direction}_cell.bias_hh"] = 0 * bias
        weights[f"{direction}_linear.weight"], weights[f"{direction}_linear.bias"] = numbers.linears[k]
    return fill(birnn.BiRNN(*numbers.sizes), weights.items())


CALLS = [
    *((sizes, None) for sizes in SIZES),
    (PADDED_SIZES, LENGTHS),
    ((2, 4, 2, 2), [3, 3]),
    ((2, 3, 1, 2), [1, 1]),
]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_one_step_is_torchs(sizes):
    numbers = Numbers(*sizes)
    x, h_prev = numbers.x[:, 0], numbers.h0[0]
    expected = torch_rnn(numbers, 1)(torch.tensor(x[:, None]), torch.tensor(h_prev[None]))[0][:, 0]
    answer = rnn_cell.rnn_cell_forward(x, h_prev, *numbers.weights[0])
    np.testing.assert_allclose(answer, expected.detach(), **CLOSE)
    for source in (rnn_cell, rnn):
        cell = fill(source.RNNCell(*numbers.sizes), zip(STEP, numbers.weights[0], strict=True))
        answer = cell(torch.tensor(x), torch.tensor(h_prev))
        torch.testing.assert_close(answer, expected, **CLOSE)
        zeros = torch.zeros(h_prev.shape, dtype=torch.float64)
        torch.testing.assert_close(cell(torch.tensor(x), None), cell(torch.tensor(x), zeros), **CLOSE)


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
def test_one_direction_is_torchs(sizes, lengths):
    numbers = Numbers(*sizes)
    x, h0 = torch.tensor(numbers.x), torch.tensor(numbers.h0[0])
    states, final = run_torch(torch_rnn(numbers, 1), x, h0[None], lengths)
    for source in (rnn, birnn):
        answer = source.rnn_forward(numbers.x, numbers.h0[0], *numbers.weights[0], lengths)
        np.testing.assert_allclose(answer[0], states.detach(), **CLOSE)
        np.testing.assert_allclose(answer[1], final[0].detach(), **CLOSE)
    outputs, hidden_state = reference_rnn(numbers)(x, h0, lengths)
    torch.testing.assert_close(outputs, states @ torch.tensor(numbers.w_output), **CLOSE)
    torch.testing.assert_close(hidden_state, final[0], **CLOSE)


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
def test_both_directions_are_torchs(sizes, lengths):
    numbers = Numbers(*sizes)
    x, h0 = torch.tensor(numbers.x), torch.tensor(numbers.h0)
    states, final = run_torch(torch_rnn(numbers, 2), x, h0, lengths)
    answer = birnn.birnn_forward(numbers.x, numbers.h0, *numbers.weights, lengths)
    np.testing.assert_allclose(answer[0], states.detach(), **CLOSE)
    np.testing.assert_allclose(answer[1], final.detach(), **CLOSE)
    outputs, hidden = reference_birnn(numbers)(x, h0, lengths)
    torch.testing.assert_close(outputs, projected(numbers, states, lengths), **CLOSE)
    torch.testing.assert_close(hidden, final, **CLOSE)


def projected(numbers: Numbers, states: torch.Tensor, lengths: list[int] | None) -> torch.Tensor:
    """What BiRNN's linear layers make of both directions' states, zero on padding."""
    halves = [
        half @ torch.tensor(weight).T + torch.tensor(bias)
        for half, (weight, bias) in zip(states.chunk(2, dim=2), numbers.linears, strict=True)
    ]
    outputs = torch.cat(halves, dim=2)
    for sample, end in enumerate(lengths or ()):
        outputs[sample, end:] = 0
    return outputs


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
@pytest.mark.parametrize("directions", [1, 2])
def test_gradients_are_torchs(directions, sizes, lengths):
    numbers = Numbers(*sizes)
    start = numbers.h0[0] if directions == 1 else numbers.h0
    reference = reference_rnn(numbers) if directions == 1 else reference_birnn(numbers)
    network = torch_rnn(numbers, directions)

    x, h0 = (torch.tensor(array, requires_grad=True) for array in (numbers.x, start))
    outputs, final = reference(x, h0, lengths)
    draw = np.random.default_rng(7)
    weigh = [torch.tensor(draw.normal(size=part.shape)) for part in (outputs, final)]
    ((outputs * weigh[0]).sum() + (final * weigh[1]).sum()).backward()

    x_t, h0_t = (torch.tensor(array, requires_grad=True) for array in (numbers.x, start))
    states, final_t = run_torch(network, x_t, h0_t[None] if directions == 1 else h0_t, lengths)
    if directions == 1:
        outputs_t, final_t = states @ torch.tensor(numbers.w_output), final_t[0]
    else:
        outputs_t = projected(numbers, states, lengths)
    ((outputs_t * weigh[0]).sum() + (final_t * weigh[1]).sum()).backward()

    torch.testing.assert_close(x.grad, x_t.grad, **CLOSE)
    torch.testing.assert_close(h0.grad, h0_t.grad, **CLOSE)
    for sample, end in enumerate(lengths or ()):
        assert not x.grad[sample, end:].any()
    if directions == 1:
        mine = {"weight_ih_l0": "cell.w_input", "weight_hh_l0": "cell.w_hidden", "bias_ih_l0": "cell.bias"}
    else:
        mine = {
            f"{kind}_l0{suffix}": f"{direction}_cell.{kind}"
            for direction, suffix in (("forward", ""), ("backward", "_reverse"))
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        }
    for theirs, name in mine.items():
        expected = network.get_parameter(theirs).grad
        expected = expected.T if name in ("cell.w_input", "cell.w_hidden") else expected
        # Sums over up to 50 steps, added up in another order.
        torch.testing.assert_close(reference.get_parameter(name).grad, expected, rtol=1e-11, atol=1e-11)


def run_onnx(numbers: Numbers, directions: int, x, h0):
    """ONNX's RNN operator by its reference evaluator: states (N, L, D, H) and final states (D, N, H).

    The evaluator ignores sequence_lens, so x holds whole sequences only. x (N, L, I), h0 (D, N, H).
    """
    helper, reference = pytest.importorskip("onnx.helper"), pytest.importorskip("onnx.reference")
    weights = numbers.weights[:directions]
    feeds = {
        "X": x.transpose(1, 0, 2),
        "W": np.stack([w_input.T for w_input, _, _ in weights]),
        "R": np.stack([w_hidden.T for _, w_hidden, _ in weights]),
        "B": np.stack([np.concatenate([bias, 0 * bias]) for _, _, bias in weights]),
        "initial_h": h0,
    }
    node = helper.make_node(
        "RNN",
        ["X", "W", "R", "B", "", "initial_h"],
        ["Y", "Y_h"],
        hidden_size=numbers.sizes[1],
        direction="forward" if directions == 1 else "bidirectional",
    )
    infos = [helper.make_tensor_value_info(name, 11, None) for name in (*feeds, "Y", "Y_h")]  # 11: double
    graph = helper.make_graph([node], "rnn", infos[:-2], infos[-2:])
    states, final = reference.ReferenceEvaluator(helper.make_model(graph)).run(None, feeds)
    return states.transpose(2, 0, 1, 3), final


@pytest.mark.parametrize(("sizes", "lengths"), CALLS, ids=str)
def test_numpy_functions_are_onnxs(sizes, lengths):
    numbers = Numbers(*sizes)
    ours = rnn.rnn_forward(numbers.x, numbers.h0[0], *numbers.weights[0], lengths)
    two = birnn.birnn_forward(numbers.x, numbers.h0, *numbers.weights, lengths)
    for sample, end in enumerate(lengths or [sizes[1]] * sizes[0]):  # one by one, cut to their lengths
        x, h0 = numbers.x[sample : sample + 1, :end], numbers.h0[:, sample : sample + 1]
        states, final = run_onnx(numbers, 1, x, h0[:1])
        np.testing.assert_allclose(ours[0][sample, :end], states[0, :, 0], **CLOSE)
        np.testing.assert_allclose(ours[1][sample], final[0, 0], **CLOSE)
        assert not ours[0][sample, end:].any()
        states, final = run_onnx(numbers, 2, x, h0)
        np.testing.assert_allclose(two[0][sample, :end], states[0].reshape(end, -1), **CLOSE)
        np.testing.assert_allclose(two[1][:, sample], final[:, 0], **CLOSE)
        assert not two[0][sample, end:].any()


@pytest.mark.parametrize(
    ("sizes", "lengths"), [((2, 3, 2, 3), None), (PADDED_SIZES, LENGTHS)], ids=["whole", "padded"]
)
@pytest.mark.parametrize("directions", [1, 2])
def test_gradients_are_finite_differences(directions, sizes, lengths):
    """The slope of the loss, measured by moving every input and every weight a little both ways."""
    numbers = Numbers(*sizes)
    module = reference_rnn(numbers) if directions == 1 else reference_birnn(numbers)
    x = torch.tensor(numbers.x, requires_grad=True)
    h0 = torch.tensor(numbers.h0[0] if directions == 1 else numbers.h0, requires_grad=True)
    draw = np.random.default_rng(11)
    weigh = [torch.tensor(draw.normal(size=part.shape)) for part in module(x, h0, lengths)]

    def loss() -> torch.Tensor:
        outputs, final = module(x, h0, lengths)
        return (outputs * weigh[0]).sum() + (final * weigh[1]).sum()

    loss().backward()
    step = 1e-5
    for tensor in (x, h0, *module.parameters()):
        flat = tensor.data.view(-1)
        slopes = []
        for k, here in enumerate(flat.tolist()):
            flat[k] = here + step
            above = loss().item()
            flat[k] = here - step
            slopes.append((above - loss().item()) / (2 * step))
            flat[k] = here
        measured = torch.tensor(slopes, dtype=torch.float64).view_as(tensor)
        torch.testing.assert_close(tensor.grad, measured, rtol=1e-7, atol=1e-8)


def test_an_oracle_notices_backward_outputs_left_in_reversed_order():
    """These oracles can fail: the best-known mistake is far outside their tolerance."""
    numbers = Numbers(2, 3, 2, 2)
    outputs, _ = birnn.birnn_forward(numbers.x, numbers.h0, *numbers.weights)
    states, _ = run_torch(torch_rnn(numbers, 2), torch.tensor(numbers.x), torch.tensor(numbers.h0), None)
    outputs[..., 2:] = outputs[:, ::-1, 2:].copy()
    assert np.abs(outputs - states.detach().numpy()).max() > 1e-2
