"""Edits that nobody has read come to an end: by numbers of steps and by sizes, the same on every machine."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose import bounded
from grader.diagnose.edited import References
from grader.diagnose.match import Session
from grader.diagnose.mistakes import MARK, Mistake, Variant
from grader.subject import operations as ops

LOOP = """\
import numpy as np


def total(x):
    kept = []
    for row in x:
        kept.append(row)
    return np.stack(kept)
"""

#: The body of `total`, each without an end of its own.
ENDLESS = {
    "a loop over what grows in it": "kept = [0]\nfor one in kept:\n    kept.append(one)",
    "a while that is always true": "while True:\n    x = x + 1",
    "a count without an end": "import itertools\nfor one in itertools.count():\n    pass",
    "a comprehension over what grows in it": "kept = [0]\nother = [kept.append(one) for one in kept]",
    "a comprehension below a docstring": "'For all.'\nkept = [0]\nother = [kept.append(one) for one in kept]",
    "an array twice as long in each round": "for t in range(200):\n    x = np.concatenate([x, x])\nreturn x",
    "an axis more in each round": "for t in range(60):\n    x = x[..., None] + x[..., None, :]\nreturn x",
    "a list twice as long in each round": "kept = [0]\nfor t in range(200):\n    kept += kept",
    "a list that holds itself": "kept = []\nfor t in range(9):\n    kept.append(kept)\nreturn np.stack(kept)",
    "lists that hold each other": "a, b = [], []\nfor t in range(9):\n    a += [b, b]\n    b += [a]",
    "a number twice as long in each round": "n = 3\nfor t in range(200):\n    n = n * n",
    "twice as many calls in each": "if len(x) < 20:\n    total([*x, 0])\n    total([*x, 0])",
    "a call of itself, twice in each": "total(x)\ntotal(x)",
}


BODY = LOOP[LOOP.index("    kept") :]


def answer(new, id=f"{MARK}made"):
    """What the edited function answers; the change was made by an operator, or has an id of a table."""
    lines = "\n".join("    " + line for line in new.split("\n")) + "\n"
    mistake = Mistake(id, title="", hint="", edits={})
    batch = (ops.Call("total", (np.ones((3, 2)),), {}),)
    session = Session("total", ((0, 0),), (batch,), (True,))
    edited = References("wide", LOOP).of((Variant(mistake, "total", "total", ((BODY, lines),)),))
    ((outcome,),) = edited.answers(0, session)
    return outcome


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_ended(name):
    outcome = answer(ENDLESS[name])
    assert isinstance(outcome, ops.Raised)
    assert outcome.kind == ("RecursionError" if name.startswith("a call") else "Unbounded")


def test_what_a_table_says_is_ended_as_well():
    outcome = answer(ENDLESS["a while that is always true"], id="never_ends")
    assert isinstance(outcome, ops.Raised)
    assert outcome.kind == "Unbounded"


def test_what_grows_is_seen_after_many_rounds():
    """Then only one round in eight is measured."""
    outcome = answer("for t in range(500):\n    x = np.concatenate([x, x]) if t > 100 else x\nreturn x")
    assert isinstance(outcome, ops.Raised)
    assert outcome.kind == "Unbounded"


def test_the_same_number_of_steps_each_time(monkeypatch):
    rounds = []
    step = bounded.step
    monkeypatch.setattr(bounded, "step", lambda names: rounds.append(len(names)) or step(names))
    answer("while True:\n    pass")
    first = len(rounds)
    answer("while True:\n    pass")
    assert len(rounds) == 2 * first
    assert bounded.LEAST_STEPS < first < 2 * bounded.LEAST_STEPS


def test_a_docstring_is_not_taken_for_a_comprehension(monkeypatch):
    """Most have a `for`, and to look through a whole program is what compiling it would cost otherwise."""
    looked = []
    monkeypatch.setattr(bounded, "count_comprehensions", looked.append)
    bounded.counting("def f(x):\n    'One for each.'\n    for row in x:\n        pass\n", "f.py", 0)
    assert looked == []
    bounded.counting("def f(x):\n    'One for each.'\n    return [row for row in x]\n", "f.py", 0)
    assert len(looked) == 1


def test_what_ends_answers_as_ever():
    right = answer(
        "kept = [row * 2 for row in x]\nfor row in x:\n    kept.append(row)\nreturn np.stack(kept)"
    )
    assert isinstance(right, ops.Value)
    assert right.value.tolist() == [[2.0, 2.0]] * 3 + [[1.0, 1.0]] * 3


def test_an_exception_of_its_own_is_raised_as_ever():
    outcome = answer("for row in x:\n    raise ValueError('no such row')")
    assert (outcome.kind, outcome.text) == ("ValueError", "no such row")


def test_what_was_ended_is_no_trouble_to_the_next():
    assert answer("while True:\n    pass").kind == "Unbounded"
    assert isinstance(answer("return x"), ops.Value)


def test_no_except_of_an_edit_goes_on():
    for body in (
        "while True:\n    try:\n        x = x + 1\n    except Exception:\n        pass",
        "try:\n    while True:\n        x = x + 1\nexcept Exception:\n    return x",
    ):
        assert answer(body).kind == "Unbounded"
