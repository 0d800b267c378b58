"""What was proved in a student's program is an edit of the reference, however the student writes it."""

from __future__ import annotations

import ast

import pytest

from grader.repair.transfer import in_reference
from grader.syntax import FUNCTIONS

REFERENCE = """\
import numpy as np


def step(x, state, weights, lengths=None):
    if lengths is None:
        lengths = [len(x)]
    from_state = state @ weights
    both = x + from_state
    following = np.tanh(both)
    return following, both


class Step:
    def forward(self, x, state):
        total = x @ self.w_input + state @ self.w_hidden
        return total
"""


def change(head: str, right: str, wrong: str, place: str = "step") -> tuple[str, str] | None:
    """The edit for one changed line of a function that has a few variables of its own."""
    source = f"def {head}:\n    a = b = z = 0\n    {wrong}\n"
    function = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, FUNCTIONS))
    return in_reference(REFERENCE, place, function, right, wrong)


STEP = "step(inputs, h, W, n=None)"


@pytest.mark.parametrize(
    ("right", "wrong", "edit"),
    [
        ("a = h @ W", "a = 0.9 * h @ W", ("from_state = state @ weights", "from_state = 0.9 * state @ weights")),
        ("a = np.dot(h, W)", "a = np.dot(h.T, W)", ("from_state = state @ weights", "from_state = state.T @ weights")),
        ("return np.tanh(z)", "return np.tanh(z / 2)", ("following = np.tanh(both)", "following = np.tanh(both / 2)")),
        ("a = h[:, ::1]", "a = h[:, ::-1]", ("from_state = state @ weights", "from_state = state[:, ::-1] @ weights")),
        ("z = inputs + a", "z = inputs - a", ("both = x + from_state", "both = x - from_state")),
    ],
)  # fmt: skip
def test_a_change_is_made_in_the_lines_and_names_of_the_reference(right, wrong, edit):
    assert change(STEP, right, wrong) == edit


def test_a_change_of_a_method_keeps_its_attributes():
    head = "forward(me, x, h)"
    edit = change(head, "z = h @ me.w_hidden", "z = abs(h) @ me.w_hidden", "Step.forward")
    total = "total = x @ self.w_input + "
    assert edit == (f"{total}state @ self.w_hidden", f"{total}abs(state) @ self.w_hidden")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("return z, a", "return a, b"),  # more than one part differs, and so does what b is
        ("a = np.tanh(z)", "a = np.tanh(b)"),  # b is a variable of the student's that nothing stands for
        ("a = np.sin(z)", "a = np.cos(z)"),  # nothing of it is in the reference
        ("if n is None:", "if n is not None: pass"),  # a head alone is no statement
        ("a = h @ W\nb = 1", "a = h @ W"),
        ("a = None", "a = 0"),
    ],
)
def test_what_has_no_place_in_the_reference_is_left_to_a_person(right, wrong):
    assert change(STEP, right, wrong) is None


def test_a_place_that_is_not_in_the_reference_and_a_deep_expression_give_nothing():
    assert change("helper(h, W)", "return h @ W", "return h + W", "helper") is None
    assert change("forward(self, h)", "return h @ 2", "return h @ 3", "Other.forward") is None
    deep = f"a = h{'.T' * 2000}"
    assert change(STEP, deep, f"{deep} + 1") is None
