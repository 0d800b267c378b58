"""Programs that are asked a plan made here, and what the diagnoser finds in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.assignments import find_course, load
from grader.diagnose.search import Diagnoser
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.plan import Plan
from grader.subject.subjects import LocalSubject

ROOT = Path(__file__).resolve().parents[2]


COURSE = find_course(ROOT)


CELL = load(COURSE, "rnn_cell")


REFERENCE = CELL.solution.read_text(encoding="utf-8")


rng = np.random.default_rng(7)


def weights(inputs: int, hidden: int) -> dict[str, np.ndarray]:
    shapes = {"w_input": (inputs, hidden), "w_hidden": (hidden, hidden), "bias": (hidden,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def make_plan() -> Plan:
    """Calls of both exercises of rnn_cell in several sizes, with and without a state, twice, with gradients."""
    plan = Plan()
    plan.start_item()
    for samples, inputs, hidden in ((1, 1, 1), (2, 3, 2), (3, 2, 4), (2, 2, 2)):
        x, state = rng.normal(size=(samples, inputs)), rng.normal(size=(samples, hidden))
        loaded = weights(inputs, hidden)
        plan.add((ops.Call("rnn_cell_forward", (x, state, *loaded.values())),))
        for handle, arguments in ((10 * inputs + hidden, (x, state)), (100 * inputs + hidden, (x, None))):
            handle += 1000 * samples
            plan.add((ops.Make(handle, "RNNCell", (inputs, hidden)), ops.Load(handle, loaded)))
            plan.add((ops.Invoke(handle, arguments),))
            plan.add((ops.Invoke(handle, arguments),))
            plan.add((ops.Invoke(handle, arguments, {}, (np.ones((samples, hidden)),)),))
    plan.add((ops.Make(1, "RNNCell", (3, 5)), ops.ListParameters(1)))
    return plan


PLAN = make_plan()


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(CELL, REFERENCE, PLAN)


def examined(diagnoser: Diagnoser, source: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(id, certainty, functions) of what is found in a program."""
    subject = LocalSubject("rnn_cell", source)
    assert not subject.failures
    batches = PLAN.batches[0]
    transcript = {(0, index): wire.encode(subject.ask(batch)) for index, batch in enumerate(batches)}
    return [
        (diagnosis.id, diagnosis.certainty, diagnosis.functions)
        for diagnosis in diagnoser.examine(transcript).diagnoses
    ]


def program(step: str = "x @ w + h @ u + b", cell: str = "", numpy_step: str = "") -> str:
    """rnn_cell written by someone else: `step` inside tanh, `cell` what a missing state becomes."""
    state = cell or "torch.zeros(len(x), self.n, dtype=x.dtype)"
    return f"""
import numpy as np, torch
from torch import nn
def rnn_cell_forward(x, h, w, u, b):
    return {numpy_step or f"np.tanh({step})"}
class RNNCell(nn.Module):
    def __init__(self, m, n):
        super().__init__()
        self.n = n
        self.w_input = nn.Parameter(torch.randn(m, n) / 3)
        self.w_hidden = nn.Parameter(torch.randn(n, n) / 3)
        self.bias = nn.Parameter(torch.zeros(n))
    def forward(self, x, hidden_state=None):
        h = {state} if hidden_state is None else hidden_state
        w, u, b = self.w_input, self.w_hidden, self.bias
        return torch.tanh({step})
"""
