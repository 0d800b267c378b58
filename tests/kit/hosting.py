"""A host with a submission that makes many odd things, and what it answers."""

from __future__ import annotations

import numpy as np
import pytest

from grader.subject import operations as ops
from grader.subject.host import Host

SOURCE = """\
import random
import numpy as np
import torch
from torch import nn

def double(x, extra=None):
    return 2 * x

def pair(x):
    return [x, (x, None)]

def spoil(x, lengths=None, others=()):
    x += 1
    if lengths is not None:
        lengths.append(7)
    for other in others:
        other[...] = 0
    return x

def outer(x):
    return inner(x)

def inner(x):
    raise ValueError("no " + "x" * 1000)

def draws():
    return random.random(), np.random.rand(), torch.rand(1)

def recurse(n):
    return recurse(n + 1)

class Cell(nn.Module):
    def __init__(self, size=2):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(size, size))

class Net(nn.Module):
    def __init__(self, size=2, *, detach=False):
        super().__init__()
        self.cell = Cell(size)
        self.bias = nn.Parameter(torch.zeros(size), requires_grad=False)
        self.register_buffer("mask", torch.ones(size))
        self.hidden = torch.zeros(size)      # a weight that is not registered
        self.detach = detach

    def forward(self, x, h=None, lengths=None):
        y = x @ self.cell.weight * self.mask + self.bias + self.hidden
        y = y.detach() if self.detach else y
        return (y, h) if h is not None else y

class Explodes(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    def backward(ctx, grad):
        raise RuntimeError("backwards")

class Bad(nn.Module):
    def forward(self, x):
        return Explodes.apply(x)

class Plain:
    def __init__(self):
        self.w = torch.zeros(2)
    def __call__(self, x):
        return x + self.w

class NoInit(nn.Module):
    def __init__(self):
        raise TypeError("not yet")
"""

X = np.arange(6.0).reshape(3, 2)


@pytest.fixture(scope="module")
def host():
    host = Host("answer")
    assert host.load([(SOURCE, "")]).failures == ()
    return host


def last_answer(host, *batch):
    """The last answer to a batch, all of which is answered."""
    answers = host.run(batch)
    assert len(answers) == len(batch), answers
    return answers[-1]


def from_object(host, *more, name="Net", args=(2,), kwargs=None):
    return last_answer(host, ops.Make(1, name, args, kwargs or {}), *more)
