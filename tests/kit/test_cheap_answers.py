"""What answers with sums of all that came in earns the points of shapes, and no others."""

from __future__ import annotations

import pytest

from grader.assignments import find_course, load
from grader.run.path import grade

from . import course_factory as factory
from .loading import ROOT

SUMS = """
import numpy as np
import torch
from torch import nn


def rnn_cell_forward(x, h_prev, w_input, w_hidden, bias):
    total = x.sum() + h_prev.sum() + w_input.sum() + w_hidden.sum() + bias.sum()
    return (np.arange(h_prev.size).reshape(h_prev.shape) / 10 + total).astype(x.dtype)


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.randn(input_size, hidden_size) / hidden_size**0.5)
        self.w_hidden = nn.Parameter(torch.randn(hidden_size, hidden_size) / hidden_size**0.5)
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        ramp = torch.arange(len(x) * len(self.bias)).reshape(len(x), -1) / 10
        parts = [*self.parameters(), x, *([] if hidden_state is None else [hidden_state])]
        return (ramp + COMBINED).to(x.dtype)
"""


@pytest.mark.parametrize(
    "combined", ["sum(part.sum() for part in parts)", "sum((part**2).sum() for part in parts)"]
)
def test_sums_of_all_that_comes_in_earn_the_shapes_alone(combined):
    course = find_course(ROOT)
    submission = factory.submission("sums", SUMS.replace("COMBINED", combined))
    (result,) = grade(course, load(course, "rnn_cell"), [submission])
    earned = {test.group for test in result.tests if test.points}
    assert (result.status, earned) == ("graded", {"shapes"})
