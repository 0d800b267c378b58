"""Every alternative is correct: it agrees with the reference in both dtypes, for many sizes and lengths, with
its gradients, and leaves its arguments alone. (That it gets full marks is for `grader validate` to prove.)
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from .loading import ROOT, load_module

SIZES = [(1, 1, 1, 1), (3, 4, 2, 5), (4, 1, 3, 2), (2, 2, 2, 2), (5, 6, 1, 3)]  # N, L, I, H
TOLERANCES = {np.float32: 2e-5, np.float64: 1e-12}
FUNCTIONS = {
    "rnn_cell": "rnn_cell_forward",
    "rnn": "rnn_forward",
    "birnn": "birnn_forward",
    "lstm": "lstm_cell_forward",
    "gru": "gru_cell_forward",
}
MODULES = {"rnn_cell": "RNNCell", "rnn": "RNN", "birnn": "BiRNN", "lstm": "LSTM", "gru": "GRU"}
REFERENCES = {name: load_module(ROOT / "solutions" / name / f"{name}.py") for name in FUNCTIONS}


def alternatives(name):
    paths = sorted((ROOT / "solutions" / name / "alternatives").glob("*.py"))
    return [pytest.param(name, path, id=f"{name}-{path.stem}") for path in paths]


ALTERNATIVES = [param for name in REFERENCES for param in alternatives(name)]


def draw(rng, dtype, *shape):
    return rng.normal(size=shape).astype(dtype)


def weights(rng, dtype, i, h, gates=1):
    w_hidden = draw(rng, dtype, h, gates * h) / np.sqrt(h).astype(dtype)
    return draw(rng, dtype, i, gates * h), w_hidden, draw(rng, dtype, gates * h)


def given_lengths(rng, n, length):
    """No lengths; unsorted ones as a list of int, a tuple of numpy ints, and an array; all the shortest."""
    first, other = rng.integers(1, length + 1, size=(2, n))
    return [None, first.tolist(), tuple(first), other, [1] * n]


def arguments(name, rng, dtype, sizes):
    """Every call of the numpy function that is compared."""
    n, length, i, h = sizes
    if name == "rnn_cell":
        return [(draw(rng, dtype, n, i), draw(rng, dtype, n, h), *weights(rng, dtype, i, h))]
    if name == "lstm":
        return [(draw(rng, dtype, n, i), *draw(rng, dtype, 2, n, h), *weights(rng, dtype, i, h, gates=4))]
    if name == "gru":
        arrays = weights(rng, dtype, i, h, gates=3)
        return [(draw(rng, dtype, n, i), draw(rng, dtype, n, h), *arrays, draw(rng, dtype, 3 * h))]
    x = draw(rng, dtype, n, length, i)
    if name == "rnn":
        arrays = (x, draw(rng, dtype, n, h), *weights(rng, dtype, i, h))
    else:
        arrays = (x, draw(rng, dtype, 2, n, h), weights(rng, dtype, i, h), weights(rng, dtype, i, h))
    return [(*arrays, lengths) for lengths in given_lengths(rng, n, length)]


def arrays(value):
    """All arrays and tensors in `value`, in order, as numpy."""
    if isinstance(value, np.ndarray):
        return [value]
    if torch.is_tensor(value):
        return [value.detach().numpy()]
    return [a for part in value for a in arrays(part)] if isinstance(value, tuple | list) else []


def tensors(value):
    """All tensors in `value`, in order."""
    return [value] if torch.is_tensor(value) else [tensor for part in value for tensor in tensors(part)]


def assert_same(answer, expected, dtype):
    answer, expected = arrays(answer), arrays(expected)
    assert len(answer) == len(expected) > 0
    for array, other in zip(answer, expected, strict=True):
        assert array.dtype == dtype
        np.testing.assert_allclose(array, other, rtol=TOLERANCES[dtype], atol=TOLERANCES[dtype])


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("name", "path"), ALTERNATIVES)
def test_numpy_function_agrees_with_the_reference(name, path, dtype):
    function = getattr(load_module(path), FUNCTIONS[name])
    for sizes in SIZES:
        for call in arguments(name, np.random.default_rng(sizes), dtype, sizes):
            before = [array.copy() for array in arrays(call)]
            for array in arrays(call):
                array.flags.writeable = False
            expected = getattr(REFERENCES[name], FUNCTIONS[name])(*call)
            assert_same(function(*call), expected, dtype)
            assert_same(function(*call), expected, dtype)  # nothing is kept from the call before
            for array, copy in zip(arrays(call), before, strict=True):
                np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("name", "path"), ALTERNATIVES)
def test_module_agrees_with_the_reference(name, path, dtype):
    """One module per size serves all its calls: given and missing state, every kind of lengths."""
    modules = {"alternative": load_module(path), "reference": REFERENCES[name]}
    for sizes in SIZES:
        n, length, i, h = sizes
        rng = np.random.default_rng(sizes)
        both = {who: getattr(module, MODULES[name])(i, h) for who, module in modules.items()}
        state = {key: torch.randn_like(value) for key, value in both["reference"].state_dict().items()}
        assert {key: v.shape for key, v in both["alternative"].state_dict().items()} == {
            key: v.shape for key, v in state.items()
        }
        for module in both.values():
            module.load_state_dict(state)
            module.to(torch.float32 if dtype is np.float32 else torch.float64)
        x = draw(rng, dtype, *((n, i) if name == "rnn_cell" else (n, length, i)))
        hidden = draw(rng, dtype, *((2, n, h) if name in ("birnn", "lstm") else (n, h)))
        hidden = tuple(hidden) if name == "lstm" else hidden
        lengths = [None] if name == "rnn_cell" else given_lengths(rng, n, length)
        for number, some_lengths in enumerate(lengths):
            for h0 in (hidden, None):
                answers = {
                    who: run(name, module, x, h0, some_lengths, number) for who, module in both.items()
                }
                assert_same(answers["alternative"], answers["reference"], dtype)


def run(name, module, x, h0, lengths, seed):
    """The module's outputs, and the gradients of a random sum of them: to the inputs and every parameter."""
    module.zero_grad()
    inputs = [torch.tensor(array, requires_grad=True) for array in arrays((x, h0))]
    copies = [tensor.detach().clone() for tensor in inputs]
    state = None if h0 is None else tuple(inputs[1:]) if name == "lstm" else inputs[1]
    call = (inputs[0], state)
    value = module(*call) if name == "rnn_cell" else module(*call, lengths)
    outputs = tensors(value)
    torch.manual_seed(seed)
    # The hidden suites compare gradients through outputs and hidden state: both get a cotangent here.
    sum((out * torch.randn(out.shape, dtype=torch.float64).to(out.dtype)).sum() for out in outputs).backward()
    assert all(torch.equal(tensor, copy) for tensor, copy in zip(inputs, copies, strict=True))
    gradients = [tensor.grad for tensor in inputs]
    gradients += [
        p.grad if p.grad is not None else torch.zeros_like(p) for _, p in sorted(module.named_parameters())
    ]
    return (*outputs, *gradients)


def test_each_assignment_has_alternatives_enough():
    for name in REFERENCES:
        assert len(alternatives(name)) >= 7, name


def test_hundreds_of_steps_stay_accurate():
    """Long sequences: a recursion or a badly conditioned tanh would show here."""
    rng = np.random.default_rng(0)
    for name in ("rnn", "birnn"):
        for param in alternatives(name):
            function = getattr(load_module(param.values[1]), f"{name}_forward")
            for call in arguments(name, rng, np.float32, (2, 200, 2, 3))[:2]:
                answer, expected = function(*call), getattr(REFERENCES[name], f"{name}_forward")(*call)
                for array, other in zip(arrays(answer), arrays(expected), strict=True):
                    np.testing.assert_allclose(array, other, atol=1e-3)
