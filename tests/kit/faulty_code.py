"""Code with faults that students write, what it raises, and what is told of it."""

from __future__ import annotations

from typing import Union

import numpy as np

from grader.messages import explain
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.host import Host
from grader.subject.subjects import StudentRaised

SOURCE = """\
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence
{top}

def f(x, h, w, lengths):
    X, H, W = torch.tensor(x), torch.tensor(h), torch.tensor(w)
    outputs, layer, weight = [], nn.Linear(3, 4).double(), nn.Parameter(torch.ones(3, 4).double())
    {body}
"""


NOTHING = "def nothing(x):\n    y = x + 1\n"


CELL = "class Cell(nn.Module):\n    def __init__(self):\n        {first}\n        {second}\n"


#: A fault: the lines of f, or (what stands above f, the lines of f). x (2, 3), h (2, 4), w (3, 4), lengths [2, 1].
Fault = Union[str, tuple[str, str]]


def raised(fault: Fault) -> tuple[ops.Raised, list[Chunk]]:
    """What a fault raises when the host runs it, and the source as the grader knows it."""
    top, body = fault if isinstance(fault, tuple) else ("", fault)
    source = SOURCE.format(top=top, body=body)
    host = Host("faulty")
    assert not host.load([(source, "")]).failures, source
    draw = np.random.default_rng(0)
    x, h, w = draw.normal(size=(2, 3)), draw.normal(size=(2, 4)), draw.normal(size=(3, 4))
    answer = host.run([ops.Call("f", (x, h, w, [2, 1]))])[-1]
    assert isinstance(answer, ops.Raised), f"{body}: nothing was raised"
    return answer, [Chunk(source)]


def message_about(fault: Fault) -> str:
    answer, chunks = raised(fault)
    return explain.message(StudentRaised(answer, "f"), StudentSource("faulty.py", tuple(chunks)))
