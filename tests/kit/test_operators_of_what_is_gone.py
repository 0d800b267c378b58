"""Operators that build anew what is gone: terms, results, choices, from lost names and from what stands beside."""

from __future__ import annotations

import ast

import pytest

from grader.operators import Text, scopes
from grader.operators.every import OPERATORS
from grader.operators.lots import Lots

from .test_operators import function, results

LOOP = "d = None\nfor t in range(3):\n    g = x[t] @ w\n    "
STEPS = "for t in range(3):\n    "


def shape(source: str) -> str:
    """A program without its brackets; "" of an edit that is no program."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return ""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        # As the value beside it is computed.
        (
            "gw, gu = x.T @ w, np.dot(v.T, w)\nreturn gw, gu",
            "gw, gu = np.dot(x.T, w), np.dot(v.T, w)\nreturn gw, gu",
        ),
        (
            "for a, c in b:\n    x, w = a, w + c\nreturn x, w",
            "for a, c in b:\n    x, w = x + a, w + c\nreturn x, w",
        ),
        ("r = f(x[0] + w[0])\nz = np.tanh(x[1] + w[1])", "r = f(x[0] + w[0])\nz = f(x[1] + w[1])"),
        ("y = f(x, w)\nv = v", "y = f(x, w)\nv = f(v, w)"),
        # One more result: with a name that is never read, or the part between two others.
        ("return np.dot(b, w.T), np.dot(x.T, b)", "return np.dot(b, w.T), np.dot(b, v.T), np.dot(x.T, b)"),
        ("return x[:, :w], x[:, v:]", "return x[:, :w], x[:, w:v], x[:, v:]"),
        ("return x, x, w", None),
        ("s = x @ w\nc = s + 1\nreturn s, s", "s = x @ w\nc = s + 1\nreturn c, s"),
        # What the rounds of a loop leave behind.
        (f"{LOOP}d = g\nreturn d", f"{LOOP}d = g if d is None else d\nreturn d"),
        (f"{LOOP}d = g\nreturn d", f"{LOOP}d = g if d is None else d + g\nreturn d"),
        (f"{LOOP}d = 0 * g\nreturn d", f"{LOOP}d = g if d is None else d\nreturn d"),
        (
            "a = b = None\nfor g in x:\n    a = g\nreturn a",
            "a = b = None\nfor g in x:\n    a = g if a is None else [one + more for one, more in zip(a, g)]\nreturn a",
        ),
        # Names that are lost.
        ("i = x * 2\nc = w * 2\nreturn c", "i = x * 2\nc = (w * 2) + v * b\nreturn c"),
        ("return np.tanh(v)", "return np.tanh(v + x @ w + b)"),
        ("r = f(x[0] + w[0])\nreturn np.tanh(x[1])", "r = f(x[0] + w[0])\nreturn np.tanh(x[1] + r * w[1])"),
        (
            f"a, c = b\n{STEPS}v = np.tanh(x + c)\nreturn v",
            f"a, c = b\n{STEPS}v = np.tanh((x + c) + x @ a)\nreturn v",
        ),
        (
            f"last = x > 2\n{STEPS}v = x + w\nreturn v",
            f"last = x > 2\n{STEPS}v = x if last else x + w\nreturn v",
        ),
        # What comes before the first step, and what a loop carries.
        (f"{STEPS}y = x[:, t - 1] @ w", f"{STEPS}y = (x[:, t - 1] if t > 0 else v) @ w"),
        (f"{STEPS}y = x[:, t] @ w + f(v)", f"{STEPS}y = x[:, t] @ w + f(x[:, t - 1] if t > 0 else v)"),
        (f"h = v[0]\n{STEPS}h = f(x, v[0])\nreturn h", f"h = v[0]\n{STEPS}h = f(x, h)\nreturn h"),
        (f"h = v\n{STEPS}h = x + np.zeros_like(v)\nreturn h", f"h = v\n{STEPS}h = x + h\nreturn h"),
        (f"h = v\n{STEPS}h = np.tanh(w + h)\nreturn h", f"h = v\n{STEPS}h = np.tanh(h @ w + h)\nreturn h"),
        # Choices, sums and shares.
        ("return x if b else w", "return x + w"),
        ("m = x > w\ny = []\ny.append(v)\nreturn y", "m = x > w\ny = []\ny.append(v * m)\nreturn y"),
        ("y = [x, w]\nreturn sum(y)", "y = [x, w]\nreturn np.stack(y, 1)"),
        ("return x - x * x", "return 1 - x * x"),
        ("return x + w * v", "return x + w * (v - x)"),
        ("return w * (x + v)", "return x + w * (v - x)"),
    ],
)
def test_what_is_gone_is_built_anew(wrong, right):
    programs = {shape(program) for program in results(function(wrong, before="def f0(a): return a\n"))}
    target = function(wrong if right is None else right, before="def f0(a): return a\n")
    assert (shape(target) in programs) is (right is not None)


def test_each_makes_few_edits_of_a_long_function():
    """Of each value it is tried how a few others are computed, however many there are."""
    names = [f"n{place}" for place in range(60)]
    body = "\n".join(f"{name} = np.dot({name}, x[{place}].T) + w" for place, name in enumerate(names))
    source = function(f"{body}\nfor t in range(9):\n    y = v if t else {' + '.join(names)}\nreturn y, v")
    (scope,) = scopes(Text(source))
    lots = Lots(scope)
    for lot in lots.lots:
        operator = OPERATORS[lot.rank]
        if operator.__module__.rpartition(".")[2] in ("gone", "rebuilt"):
            assert len(lots.edits_of(lot)) <= 30 * len(names), operator.__name__
