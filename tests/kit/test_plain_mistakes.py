"""The plain mistakes of an LSTM and of back-propagation by hand, planted in programs of a student's own style.

Suites with equal weights, zero states and one printed example let most of them pass. Here each costs points, and
each is named for what it is. The programs are not made from the references.
"""

from __future__ import annotations

import pytest

from .programs import graded_programs

LSTM = '''
import numpy as np
import torch
from torch import nn


def squash(z, lib):
    return 1 / (1 + lib.exp(-z))


def layer(k, x, h, weights):
    """One of the four, from its own columns."""
    w, u, b = weights
    H = u.shape[0]
    mine = slice(k * H, (k + 1) * H)
    return x @ w[:, mine] + h @ u[:, mine] + b[mine]


def one_step(x, h, c, weights, lib):
    write = squash(layer(0, x, h, weights), lib)
    forget = squash(layer(1, x, h, weights), lib)
    new = lib.tanh(layer(2, x, h, weights))
    show = squash(layer(3, x, h, weights), lib)
    memory = forget * c + write * new
    state = show * lib.tanh(memory)
    return state, memory


def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    return one_step(x, h_prev, c_prev, (w_input, w_hidden, bias), np)


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.H = hidden_size
        limit = hidden_size**-0.5
        self.w_input = nn.Parameter(limit * (2 * torch.rand(input_size, 4 * hidden_size) - 1))
        self.w_hidden = nn.Parameter(limit * (2 * torch.rand(hidden_size, 4 * hidden_size) - 1))
        self.bias = nn.Parameter(limit * (2 * torch.rand(4 * hidden_size) - 1))

    def forward(self, x, state=None, lengths=None):
        N, L, _ = x.shape
        weights = (self.w_input, self.w_hidden, self.bias)
        if state is None:
            state = (torch.zeros(N, self.H, dtype=x.dtype), torch.zeros(N, self.H, dtype=x.dtype))
        h, c = state
        ends = torch.as_tensor([L] * N if lengths is None else list(lengths))
        rows = []
        for t in range(L):
            goes_on = (ends > t)[:, None]
            state_t, memory_t = one_step(x[:, t], h, c, weights, torch)
            h = torch.where(goes_on, state_t, h)
            c = torch.where(goes_on, memory_t, c)
            rows.append(h * goes_on)
        return torch.stack(rows, 1), (h, c)
'''

#: What is planted: the ids that name it rightly, and what is replaced by what.
OF_LSTM = {
    "input and forget gate exchanged": (
        {"input_and_forget_exchanged"},
        [
            ("write = squash(layer(0,", "write = squash(layer(1,"),
            ("forget = squash(layer(1,", "forget = squash(layer(0,"),
        ],
    ),
    "candidate and output gate exchanged": (
        {"gates_in_another_order"},
        [
            ("new = lib.tanh(layer(2,", "new = lib.tanh(layer(3,"),
            ("show = squash(layer(3,", "show = squash(layer(2,"),
        ],
    ),
    "the output gate is the forget gate": (
        {"gate_used_twice"},
        [("show = squash(layer(3,", "show = squash(layer(1,")],
    ),
    "the input gate is the forget gate": (
        {"gate_used_twice"},
        [("write = squash(layer(0,", "write = squash(layer(1,")],
    ),
    "the forget gate is the input gate": (
        {"gate_used_twice"},
        [("forget = squash(layer(1,", "forget = squash(layer(0,")],
    ),
    "the forget gate is one minus the input gate": (
        {"gates_coupled"},
        [("forget = squash(layer(1, x, h, weights), lib)", "forget = 1 - write")],
    ),
    "one gate for all": (
        {"one_gate_for_all"},
        [
            ("forget = squash(layer(1,", "forget = squash(layer(0,"),
            ("show = squash(layer(3,", "show = squash(layer(0,"),
        ],
    ),
    "the candidate goes through the sigmoid": (
        {"other_activation_of_the_candidate"},
        [("new = lib.tanh(layer(2, x, h, weights))", "new = squash(layer(2, x, h, weights), lib)")],
    ),
    "the candidate goes through nothing": (
        {"other_activation_of_the_candidate"},
        [("new = lib.tanh(layer(2, x, h, weights))", "new = layer(2, x, h, weights)")],
    ),
    "the memory is shown without tanh": (
        {"memory_shown_without_tanh"},
        [("state = show * lib.tanh(memory)", "state = show * memory")],
    ),
    "the memory is shown through the sigmoid": (
        {"everything_is_sigmoid"},
        [("state = show * lib.tanh(memory)", "state = show * squash(memory, lib)")],
    ),
    "the output gate is left out": (
        {"gate_missing"},
        [("state = show * lib.tanh(memory)", "state = lib.tanh(memory)")],
    ),
    "the forget gate is left out": ({"gate_missing"}, [("memory = forget * c +", "memory = c +")]),
    "the input gate is left out": ({"gate_missing"}, [("+ write * new", "+ new")]),
    "the old memory is left out": ({"memory_ignored"}, [("memory = forget * c + write", "memory = write")]),
    "the old memory is shown": ({"old_memory_shown"}, [("lib.tanh(memory)", "lib.tanh(c)")]),
    "the old state is kept, not the old memory": ({"state_taken_for_memory"}, [("forget * c", "forget * h")]),
    "no bias": ({"no_bias"}, [(" + b[mine]", "")]),
    "the old state is not used": ({"state_ignored"}, [(" + h @ u[:, mine]", "")]),
    "w_hidden is transposed in each gate": (
        {"layers_transposed"},
        [("h @ u[:, mine]", "h @ u[:, mine].T")],
    ),
    "the memory given is not used": (
        {"initial_memory_ignored"},
        [("h, c = state\n", "h, c = state[0], 0 * state[1]\n")],
    ),
    "the state given is not used": (
        {"initial_h_ignored"},
        [("h, c = state\n", "h, c = 0 * state[0], state[1]\n")],
    ),
    "neither is used": (
        {"initial_state_ignored"},
        [("h, c = state\n", "h, c = 0 * state[0], 0 * state[1]\n")],
    ),
    "they are taken in the other order": ({"initial_states_swapped"}, [("h, c = state\n", "c, h = state\n")]),
    "outputs are memories": (
        {"outputs_are_memories"},
        [("rows.append(h * goes_on)", "rows.append(c * goes_on)")],
    ),
    "the memory is returned as the state": ({"memory_returned_for_state"}, [("1), (h, c)", "1), (c, c)")]),
    "the state is returned as the memory": ({"state_returned_for_memory"}, [("1), (h, c)", "1), (h, h)")]),
    "both are returned in the other order": ({"state_and_memory_swapped"}, [("1), (h, c)", "1), (c, h)")]),
    "the state is not carried": (
        {"state_not_carried"},
        [("one_step(x[:, t], h, c,", "one_step(x[:, t], state[0], c,")],
    ),
    "the memory is not carried": (
        {"state_not_carried"},
        [("one_step(x[:, t], h, c,", "one_step(x[:, t], h, state[1],")],
    ),
    "only the last output": (
        {"only_last_output"},
        [("return torch.stack(rows, 1), (", "return rows[-1], (")],
    ),
    "time comes before the batch": ({"time_axis_first"}, [("torch.stack(rows, 1)", "torch.stack(rows, 0)")]),
}

BPTT = """
import numpy as np


def rnn_cell_backward(dh_next, x, h_prev, h_next, w_input, w_hidden):
    inner = (1 - h_next * h_next) * dh_next
    into_x = inner.dot(w_input.T)
    into_h = inner.dot(w_hidden.T)
    of_input = x.T.dot(inner)
    of_hidden = h_prev.T.dot(inner)
    of_bias = inner.sum(0)
    return into_x, into_h, of_input, of_hidden, of_bias


def rnn_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden):
    N, L, I = x.shape
    before = np.concatenate([h0[:, None], hidden_states[:, :-1]], axis=1)
    dx, later = np.zeros_like(x), np.zeros_like(h0)
    of_input, of_hidden, of_bias = np.zeros_like(w_input), np.zeros_like(w_hidden), np.zeros_like(w_input[0])
    for back in range(L):
        t = L - 1 - back
        both = dhidden_states[:, t] + later
        arrays = x[:, t], before[:, t], hidden_states[:, t], w_input, w_hidden
        dx[:, t], later, a, b, c = rnn_cell_backward(both, *arrays)
        of_input = of_input + a
        of_hidden = of_hidden + b
        of_bias = of_bias + c
    return dx, later, of_input, of_hidden, of_bias


def truncated_backward(dhidden_states, x, h0, hidden_states, w_input, w_hidden, chunk):
    pieces, start = [], h0
    for k in range(0, x.shape[1], chunk):
        cut = slice(k, k + chunk)
        pieces.append(rnn_backward(dhidden_states[:, cut], x[:, cut], start, hidden_states[:, cut], w_input, w_hidden))
        start = hidden_states[:, cut][:, -1]
    sums = [np.sum([piece[k] for piece in pieces], axis=0) for k in (2, 3, 4)]
    return np.concatenate([piece[0] for piece in pieces], axis=1), pieces[0][1], *sums
"""

OF_BPTT = {
    "only what comes from the output": (
        {"later_steps_ignored"},
        [("both = dhidden_states[:, t] + later", "both = dhidden_states[:, t]")],
    ),
    "only what comes from the next step": (
        {"outputs_ignored"},
        [
            (
                "both = dhidden_states[:, t] + later",
                "both = later + (dhidden_states[:, t] if back == 0 else 0)",
            )
        ],
    ),
    "the derivative without the square": ({"slope_not_squared"}, [("(1 - h_next * h_next)", "(1 - h_next)")]),
    "the derivative left out": ({"slope_missing"}, [("(1 - h_next * h_next) * dh_next", "dh_next")]),
    "tanh taken again": ({"tanh_taken_again"}, [("(1 - h_next * h_next)", "(1 - np.tanh(h_next) ** 2)")]),
    "the derivative of the sigmoid": (
        {"slope_of_another_function"},
        [("(1 - h_next * h_next)", "h_next * (1 - h_next)")],
    ),
    "the mean over the samples": (
        {"mean_over_samples"},
        [
            ("x.T.dot(inner)", "x.T.dot(inner) / len(x)"),
            ("h_prev.T.dot(inner)", "h_prev.T.dot(inner) / len(x)"),
            ("inner.sum(0)", "inner.mean(0)"),
        ],
    ),
    "the bias is not summed": ({"bias_not_summed"}, [("of_bias = inner.sum(0)", "of_bias = inner")]),
    "the bias is summed over the units": ({"bias_summed_over_units"}, [("inner.sum(0)", "inner.sum(1)")]),
    "overwritten, not accumulated": (
        {"overwritten_not_added"},
        [("= of_input + a", "= a"), ("= of_hidden + b", "= b"), ("= of_bias + c", "= c")],
    ),
    "h_next for h_prev": ({"h_next_for_h_prev"}, [("h_prev.T.dot", "h_next.T.dot")]),
    "weights not transposed": (
        {"weights_not_transposed"},
        [("inner.dot(w_hidden.T)", "inner.dot(w_hidden)")],
    ),
    "from the first step to the last": ({"goes_forwards"}, [("t = L - 1 - back", "t = back")]),
    "not cut between the pieces": (
        {"not_cut"},
        [("    pieces, start = [], h0\n", "    chunk = x.shape[1]\n    pieces, start = [], h0\n")],
    ),
    "only the last piece": (
        {"only_the_first_piece"},
        [("np.sum([piece[k] for piece in pieces], axis=0)", "pieces[-1][k]")],
    ),
}
PLANTED = {"lstm": (LSTM, OF_LSTM), "bptt": (BPTT, OF_BPTT)}


def planted(assignment: str, name: str) -> str:
    """The program with one mistake in it."""
    source, mistakes = PLANTED[assignment]
    for old, new in mistakes[name][1]:
        assert source.count(old) == 1, f"{name}: {old}"
        source = source.replace(old, new)
    return source


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.slow) for name in PLANTED])
def graded(request, warm, tmp_path_factory):
    """An assignment, and the results of its programs by what is planted in them; the right one by an empty name."""
    assignment = request.param
    folder = tmp_path_factory.mktemp(assignment)
    sources = {
        "": PLANTED[assignment][0],
        **{name: planted(assignment, name) for name in PLANTED[assignment][1]},
    }
    results = graded_programs(warm, folder, assignment, [*sources.values()])
    return assignment, dict(zip(sources, results, strict=True))


def test_the_program_without_a_mistake_gets_all_points(graded):
    _, results = graded
    assert results[""]["score"] == results[""]["max_score"]
    assert results[""]["diagnoses"] == []


def test_each_plain_mistake_costs_points_and_is_named(graded):
    assignment, results = graded
    unnamed = {}
    for name, (ids, _) in PLANTED[assignment][1].items():
        named = {diagnosis["id"] for diagnosis in results[name]["diagnoses"]}
        if results[name]["score"] == results[name]["max_score"] or not named or not named <= ids:
            unnamed[name] = sorted(named)
    assert unnamed == {}
