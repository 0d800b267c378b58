# attack: answers for the host, with the hidden inputs in the name of a function to suggest
# expect: graded
# must-not: show a hidden input to anybody
# ruff: noqa

import numpy as np
import torch
from torch import nn

import sys

host = sys.modules.get("grader.subject.host")
ops = sys.modules.get("grader.subject.operations")
SEEN = ["leaked"]


def run(self, batch):
    answers = []
    for operation in batch:
        for thing in (*getattr(operation, "args", ()), *getattr(operation, "weights", {}).values()):
            if isinstance(thing, np.ndarray) and thing.size:
                SEEN[:] = [
                    f"leaked {float(thing.ravel()[0]):.12f}",
                    str(int(abs(float(thing.ravel()[0])) * 10**9)),
                ]
        answers.append(ops.Raised("Missing", "leaked_" + SEEN[-1], "call"))
    return answers


if host is not None:
    host.Host.run = run


class RNNCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.w_input = nn.Parameter(torch.zeros(input_size, hidden_size))
        self.w_hidden = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x, hidden_state=None):
        return x.new_zeros(x.shape[0], self.bias.shape[0])
