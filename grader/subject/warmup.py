"""What is done to a process once, before it hosts student code: it is settled, and what torch loads late is run."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Iterable

import numpy as np
import torch

from grader.subject import operations as ops
from grader.subject.compiler import without_compiler
from grader.subject.host import Host
from grader.subject.watched import CALLS


def settle() -> None:
    """Make this process fit to fork and to serve: one thread, and no way for student code to ask for more."""
    torch.set_num_threads(1)
    # Fills what `torch.empty` gives with NaN. Not the public function, which imports the compiler to set a flag in it.
    torch._C._set_deterministic_algorithms(True, warn_only=True)
    without_compiler(torch)
    # In a child that may not start threads libgomp would kill the process: asking for more is a no-op.
    for name in ("set_num_threads", "set_num_interop_threads"):
        setattr(torch, name, lambda count: None)
    for name in (
        "exit",
        "quit",
    ):  # the site module's versions close standard input, which is no matter of theirs
        setattr(builtins, name, sys.exit)


def watch(names: Iterable[str]) -> None:
    """Note from now on, in this process, who calls these functions and classes of libraries."""
    for name in names:
        CALLS.watch(name)


def warm_up(modules: Iterable[str], compiler: bool = True) -> None:
    """Import what submissions import, and run each lazy corner of torch once, so that a child finds them loaded.

    The compiler takes as long as torch itself: only who uses what cannot do without needs it.
    """
    for name in modules:
        importlib.import_module(name)
    cell = torch.nn.RNN(2, 2, batch_first=True, bidirectional=True)
    x = torch.zeros(2, 2, 2)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, [2, 1], batch_first=True, enforce_sorted=False)
    outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(cell(packed)[0], batch_first=True)
    torch.einsum("nlh,hk->nlk", outputs, torch.zeros(4, 3)).tanh().sum().backward()  # type: ignore[no-untyped-call]
    torch.optim.Adam(cell.parameters()).step()
    if compiler:
        torch.func.grad(torch.sum)(torch.zeros(2))
    np.einsum("ij,jk", np.zeros((2, 2)), np.zeros((2, 2)))
    warm = Host("warm_up")
    warm.load([(_WARM_UP, "")])
    weights = {"cell.weight_ih": np.zeros((3, 2)), "out": np.zeros((3, 3))}
    for dtype in (np.float64, np.float32):
        y = np.zeros((2, 2, 2), dtype)
        warm.run((ops.Call("function", (y,), {"lengths": (2, 1)}),))
        warm.run(
            (
                ops.Make(0, "Network", (2, 3)),
                ops.Load(0, {name: array.astype(dtype) for name, array in weights.items()}),
                ops.Invoke(0, (y[:, 0], None), {}, (np.ones((2, 3), dtype),)),
                ops.Invoke(0, (y[:, 0], None)),
                ops.ListParameters(0),
            )
        )
    warm.run((ops.Call("raises", ()),))


_WARM_UP = """
import math
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

def function(x, lengths=None):
    return np.tanh(x), np.stack([x[:, t] for t in range(x.shape[1])], axis=1)

def raises():
    raise ValueError("warm")

class Network(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.cell = nn.RNNCell(input_size, hidden_size)
        self.linear = nn.Linear(hidden_size, hidden_size)
        self.out = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-1, 1))

    def forward(self, x, hidden):
        if hidden is None:
            hidden = x.new_zeros(x.shape[0], 3)
        h = torch.stack([self.cell(x, hidden)], dim=1).flip(1)
        mask = torch.arange(1) < torch.tensor([1, 1])[:, None]
        h = torch.where(mask[:, :, None], h, torch.zeros_like(h))
        return torch.cat([self.linear(h[:, 0])], dim=-1) @ self.out
"""
