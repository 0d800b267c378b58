"""Numbers made of all that came in, without the formula, earn the points of shapes alone."""

from __future__ import annotations

import pytest

from grader.assignments import find_course, load
from grader.run.path import Options, grade

from . import course_factory as factory
from .loading import ROOT

#: What makes numbers of `parts` (all that came in, x first) for an array of a shape; `base` is a ramp of that shape.
MAKERS = {
    "zeros": "torch.zeros_like(base)",
    "ones": "torch.ones_like(base)",
    "ramp": "base",
    "random": "torch.rand_like(base)",
    "the old state": "fitting(parts[1].reshape(-1), shape)",
    "the input": "fitting(parts[0].reshape(-1), shape)",
    "sum": "base + sum(part.sum() for part in parts)",
    "sum of squares": "base + sum((part**2).sum() for part in parts)",
    "product of sums": "base * math.prod(part.sum() for part in parts)",
    "products of means": "base * sum(part.mean() for part in parts[1:]) * parts[0].mean()",
    "tanh of a product": "torch.tanh(base * parts[0].sum() * math.prod(1 + part.sum() for part in parts[1:]))",
    "numbers in another order": "fitting(torch.cat([part.reshape(-1) for part in parts]).flip(0), shape)",
    "sums of those before": "fitting(torch.cumsum(torch.cat([part.reshape(-1) for part in parts]), 0), shape)",
    "weights times a sum": "fitting(torch.cat([part.reshape(-1) for part in parts[1:]]), shape) * parts[0].sum()",
    "x times a sum": "fitting(parts[0].reshape(-1), shape) * sum(part.sum() for part in parts[1:])",
    "a number for each sample": "rows(parts[0], shape) * sum(part.sum() for part in parts[1:]) * (1 + base)",
}
#: Copies that are right where nothing else than a copy is: with z = 1 a GRU keeps its old state.
RIGHT = {("gru", "the old state")}
TOOLS = """
import math

import numpy as np
import torch
from torch import nn


def flat(parts):
    for part in parts:
        if isinstance(part, (tuple, list)):
            yield from flat(part)
        else:
            yield torch.as_tensor(np.array(part)) if isinstance(part, np.ndarray) else part


def fitting(numbers, shape):
    size = math.prod(shape)
    return numbers.repeat(size // len(numbers) + 1)[:size].reshape(shape)


def rows(x, shape):
    sums = torch.tanh(x.reshape(len(x), -1)).mean(1)
    axis = next((axis for axis, size in enumerate(shape) if size == len(x)), None)
    return sums.sum() if axis is None else sums.reshape([-1 if at == axis else 1 for at in range(len(shape))])


def made(given, shape):
    parts = list(flat(given))
    size = math.prod(shape)
    base = (torch.arange(size, dtype=parts[0].dtype).reshape(shape) + 1) / (10 + size)
    return (MAKER) + 0 * base


def masked(outputs, lengths):
    if lengths is None:
        return outputs
    real = torch.arange(outputs.shape[1])[None, :, None] < torch.as_tensor(list(lengths))[:, None, None]
    return torch.where(real, outputs, torch.zeros_like(outputs))


def weights(module, inputs, size, gates=1):
    shapes = {"w_input": (inputs, gates * size), "w_hidden": (size, gates * size), "bias": (gates * size,)}
    for name, shape in shapes.items():
        module.register_parameter(name, nn.Parameter(torch.empty(shape).uniform_(-1, 1) / size**0.5))


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        weights(self, input_size, hidden_size)

    def forward(self, x, hidden_state=None):
        state = x.new_zeros(len(x), len(self.bias)) if hidden_state is None else hidden_state
        return made([x, state, *self.parameters()], state.shape)
"""
PROGRAMS = {
    "rnn_cell": """

def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    return made([x, h_prev, w_input, w_hidden, bias], h_prev.shape).numpy()
""",
    "rnn": """

def rnn_forward(x, h0, w_input, w_hidden, bias, lengths=None):
    given = [x, h0, w_input, w_hidden, bias]
    return masked(made(given, (*x.shape[:2], h0.shape[1])), lengths).numpy(), made(given, h0.shape).numpy()


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = RNNCell(input_size, hidden_size)
        self.w_output = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-1, 1) / hidden_size**0.5)

    def forward(self, x, hidden_state=None, lengths=None):
        state = x.new_zeros(len(x), len(self.w_output)) if hidden_state is None else hidden_state
        given = [x, state, *self.parameters()]
        return masked(made(given, (*x.shape[:2], state.shape[1])), lengths), made(given, state.shape)
""",
    "birnn": """

def birnn_forward(x, h0, forward_weights, backward_weights, lengths=None):
    given = [x, h0, forward_weights, backward_weights]
    return masked(made(given, (*x.shape[:2], 2 * h0.shape[2])), lengths).numpy(), made(given, h0.shape).numpy()


class BiRNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_cell, self.backward_cell = (nn.RNNCell(input_size, hidden_size) for _ in range(2))
        self.forward_linear, self.backward_linear = (nn.Linear(hidden_size, hidden_size) for _ in range(2))

    def forward(self, x, hidden=None, lengths=None):
        state = x.new_zeros(2, len(x), self.hidden_size) if hidden is None else hidden
        given = [x, state, *self.parameters()]
        return masked(made(given, (*x.shape[:2], 2 * self.hidden_size)), lengths), made(given, state.shape)
""",
    "lstm": """

def lstm_cell_forward(x, h_prev, c_prev, w_input, w_hidden, bias):
    given = [x, h_prev, c_prev, w_input, w_hidden, bias]
    return made(given, h_prev.shape).numpy(), 2 * made(given, c_prev.shape).numpy()


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        weights(self, input_size, hidden_size, gates=4)

    def forward(self, x, state=None, lengths=None):
        size = len(self.bias) // 4
        state = (x.new_zeros(len(x), size), x.new_zeros(len(x), size)) if state is None else state
        given = [x, state, *self.parameters()]
        last = (len(x), size)
        return masked(made(given, (*x.shape[:2], size)), lengths), (made(given, last), 2 * made(given, last))
""",
    "gru": """

def gru_cell_forward(x, h_prev, w_input, w_hidden, bias_input, bias_hidden):
    return made([x, h_prev, w_input, w_hidden, bias_input, bias_hidden], h_prev.shape).numpy()


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        weights(self, input_size, hidden_size, gates=3)
        del self.bias
        for name in ("bias_input", "bias_hidden"):
            self.register_parameter(name, nn.Parameter(torch.empty(3 * hidden_size).uniform_(-1, 1) / hidden_size**0.5))

    def forward(self, x, hidden_state=None, lengths=None):
        size = len(self.bias_input) // 3
        state = x.new_zeros(len(x), size) if hidden_state is None else hidden_state
        given = [x, state, *self.parameters()]
        return masked(made(given, (*x.shape[:2], size)), lengths), made(given, (len(x), size))
""",
}


@pytest.mark.usefixtures("warm_zygotes")
@pytest.mark.parametrize(
    ("assignment", "makers"),
    [
        pytest.param("rnn_cell", [*MAKERS][::4], id="rnn_cell, some"),
        *(pytest.param(name, [*MAKERS], marks=pytest.mark.slow, id=name) for name in PROGRAMS),
    ],
)
def test_numbers_without_the_formula_earn_the_shapes_alone(assignment: str, makers: list[str]) -> None:
    course = find_course(ROOT)
    program = TOOLS + PROGRAMS[assignment]
    submissions = [
        factory.submission(name.replace(" ", "_"), program.replace("MAKER", MAKERS[name]))
        for name in makers
        if (assignment, name) not in RIGHT
    ]
    results = grade(course, load(course, assignment), submissions, options=Options(workers=1))
    earned = {
        result.student: {test.group for test in result.tests if test.points} - {"shapes"}
        for result in results
    }
    assert earned == {submission.student: set() for submission in submissions}
    assert {result.status for result in results} == {"graded"}
