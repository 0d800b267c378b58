"""What torch has in the place of each exercise, for `self_check.py`. Nothing here is graded."""

from typing import NamedTuple

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def of_torch(network, x, states, weights, lengths=None):
    """What torch's own network gives, as a list: its outputs and its last states.

    `weights` has w_input, w_hidden and one bias or two for each direction, in the shapes of the exercises. torch keeps
    its matrices transposed, and has two biases each; where there is one, the other is zero here.
    """
    theirs = {}
    for (w_input, w_hidden, bias, *second), direction in zip(weights, ("", "_reverse")):
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        values = (w_input.T, w_hidden.T, bias, second[0] if second else torch.zeros_like(bias))
        theirs.update({name + direction: value for name, value in zip(names, values)})
    count = len(weights)
    sizes = (weights[0][0].shape[0], weights[0][1].shape[0])
    layer = network(*sizes, batch_first=True, bidirectional=count == 2, dtype=torch.float64)
    shapes = [state.shape for state in states]
    begin = [state.reshape(count, x.shape[0], -1) for state in states]
    begin = tuple(begin) if network is nn.LSTM else begin[0]
    if lengths:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        packed, last = functional_call(layer, theirs, (packed, begin))
        outputs, _ = pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    else:
        outputs, last = functional_call(layer, theirs, (x, begin))
    last = last if isinstance(last, tuple) else (last,)
    return [outputs, *(state.reshape(shape) for state, shape in zip(last, shapes))]


class Kind(NamedTuple):
    """An exercise, and what torch has in its place."""

    network: type  # torch's
    states: tuple  # the names of the states that it begins with
    results: tuple  # the names of what it returns
    weights: tuple  # the names of its weights or parameters, for each direction
    layers: int = 1  # how many lie side by side in a matrix
    is_step: bool = False  # one step, and no sequence


ONE = ("w_input", "w_hidden", "bias")
TWO = ("w_input", "w_hidden", "bias_input", "bias_hidden")
PARTS = (
    "weight_ih",
    "weight_hh",
    "bias_ih",
    "bias_hh",
)  # of an nn.RNNCell, which keeps its matrices transposed
DIRECTIONS = ("forward", "backward")
FUNCTIONS = {
    "rnn_cell_forward": Kind(nn.RNN, ("h_prev",), ("h_next",), (ONE,), is_step=True),
    "rnn_forward": Kind(nn.RNN, ("h0",), ("hidden_states", "h_last"), (ONE,)),
    "birnn_forward": Kind(
        nn.RNN,
        ("h0",),
        ("outputs", "hidden"),
        tuple(tuple(f"{name} ({way})" for name in ONE) for way in DIRECTIONS),
    ),
    "lstm_cell_forward": Kind(nn.LSTM, ("h_prev", "c_prev"), ("h_next", "c_next"), (ONE,), 4, is_step=True),
    "gru_cell_forward": Kind(nn.GRU, ("h_prev",), ("h_next",), (TWO,), 3, is_step=True),
}
CLASSES = {
    "RNNCell": Kind(nn.RNN, ("hidden_state",), ("the next state",), (ONE,), is_step=True),
    "RNN": Kind(
        nn.RNN, ("hidden_state",), ("outputs", "the last state"), (tuple(f"cell.{name}" for name in ONE),)
    ),
    "BiRNN": Kind(
        nn.RNN,
        ("hidden",),
        ("outputs", "the last states"),
        tuple(tuple(f"{way}_cell.{name}" for name in PARTS) for way in DIRECTIONS),
    ),
    "LSTM": Kind(nn.LSTM, ("h0", "c0"), ("outputs", "h_last", "c_last"), (ONE,), 4),
    "GRU": Kind(nn.GRU, ("hidden_state",), ("outputs", "h_last"), (TWO,), 3),
}
#: Functions that give gradients: the names of the five.
BACKWARD = {
    "rnn_cell_backward": ("dx", "dh_prev", "dw_input", "dw_hidden", "dbias"),
    "rnn_backward": ("dx", "dh0", "dw_input", "dw_hidden", "dbias"),
    "truncated_backward": ("dx", "dh0", "dw_input", "dw_hidden", "dbias"),
}
KINDS = {**FUNCTIONS, **dict.fromkeys(BACKWARD, FUNCTIONS["rnn_forward"]), **CLASSES}


def parameters_of(name):
    """The names of the parameters that a class of the exercises must have."""
    names = [name for names in CLASSES[name].weights for name in names]
    linears = [f"{way}_linear.{part}" for way in DIRECTIONS for part in ("weight", "bias")]
    return names + {"RNN": ["w_output"], "BiRNN": linears}.get(name, [])


def results_of_torch(name, given, lengths=None):
    """What torch's network gives in the place of an exercise, from tensors by name: its results by theirs."""
    kind = KINDS[name]
    x, states = given["x"], [given[state] for state in kind.states]
    weights = [[given[weight] for weight in names] for names in kind.weights]
    if name == "BiRNN":
        weights = [[part.T if part.ndim == 2 else part for part in parts] for parts in weights]
    outputs, *last = of_torch(kind.network, x, states, weights, lengths)
    if name == "RNN":
        outputs = outputs @ given["w_output"]
    if name == "BiRNN":
        halves = zip(DIRECTIONS, outputs.chunk(2, dim=2))
        linears = [(half, given[f"{way}_linear.weight"], given[f"{way}_linear.bias"]) for way, half in halves]
        outputs = torch.cat([nn.functional.linear(*linear) for linear in linears], dim=2)
        if lengths is not None:
            is_real = torch.arange(x.shape[1]) < torch.tensor(lengths)[:, None]
            outputs = outputs * is_real[:, :, None]
    return dict(zip(kind.results, last if kind.is_step else [outputs, *last]))


def states_of_torch(given, chunk):
    """The states (N, L, H) of a plain network in pieces of `chunk` steps, each from a state that no gradient leaves."""
    state, pieces = given["h0"], []
    for piece in given["x"].split(chunk, dim=1):
        outputs, state = of_torch(nn.RNN, piece, [state], [[given[name] for name in ONE]])
        state = state.detach()
        pieces.append(outputs)
    return torch.cat(pieces, dim=1)
