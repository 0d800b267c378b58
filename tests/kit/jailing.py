"""What the tests of the jail share: a submission that crashes and hangs when asked, its plan, and warm processes."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from grader.errors import MachineryError
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.confinement import Confinement
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper
from grader.subject.patience import Patience
from grader.subject.plan import Plan
from grader.subject.subjects import SubjectLost

SOURCE = """\
import os, signal, time
import numpy as np
import torch
from torch import nn

def add(x, y):
    return x + y

def crash():
    os.kill(os.getpid(), signal.SIGSEGV)

def hang():
    while True:
        pass

def leave():
    os._exit(0)

class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(2))
        self.count = 0
    def forward(self, x):
        self.count += 1
        return x + self.w + self.count
"""
X = np.arange(2.0)
W = {"w": np.array([5.0, 6.0])}
PATIENCE = Patience(call_seconds=0.6, total_seconds=3.0)


def add(n):
    return (ops.Call("add", (X, float(n))),)


def written(source):
    """A program of one file."""
    return StudentSource("answer.py", (Chunk(source),))


@pytest.fixture(scope="module")
def first():
    """The first zygote, from which every test has its own cloned: torch is loaded once."""
    keeper = Keeper.launch(Confinement.checked("answer"))
    keeper.wait()
    yield keeper
    keeper.close()


@pytest.fixture
def keeper(first):
    keeper = first.clone()
    yield keeper
    keeper.close()


def plan_of(*items) -> Plan:
    plan = Plan()
    for batches in items:
        plan.start_item()
        for batch in batches:
            plan.add(batch)
    return plan


@pytest.fixture
def started(keeper):
    """A subject that has loaded SOURCE (or another), with a plan of its own."""
    opened = []

    def start(*items, source=SOURCE, patience=PATIENCE):
        plan = plan_of(*items)
        keeper.plan(plan.encoded)
        subject = JailedSubject(keeper, written(source), patience, plan)
        opened.append(subject)
        return subject

    yield start
    for subject in opened:
        with contextlib.suppress(MachineryError):
            subject.close()


def outcomes(subject, item, *batches):
    """What each batch of an item comes to: a value, the kind of what was raised, or of the loss that ended it."""
    subject.start_item(item)
    kinds_or_values = []
    for batch in batches:
        try:
            (*_, last) = subject.ask(batch)
        except SubjectLost as lost:
            kinds_or_values.append(lost.kind)
            break
        kinds_or_values.append(last.kind if isinstance(last, ops.Raised) else last.value)
    return kinds_or_values


MAKE = (ops.Make(1, "Counter"), ops.Load(1, W), ops.Invoke(1, (X,)))
AGAIN = (ops.Invoke(1, (X,)),)
