"""Operators that form a formula anew from its parts, and those for an index, a size or a result that is gone."""

from __future__ import annotations

import pytest

from grader.operators import Text, scopes
from grader.operators.every import OPERATORS
from grader.operators.lots import Lots

from .test_operators import function, results
from .test_operators_of_what_is_gone import shape

TORCH = "import torch\n\nclass Net:\n    def forward(self, x, n):\n"
ROUNDS = "for t in range(len(x)):\n    "


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        # The same factors in another sum of products.
        ("return x * (w * (v + b))", "return x * v + w * b"),
        ("y = x * w + v * b + x\nreturn y", "y = x * w * b + v + x\nreturn y"),
        ("return x + w", None),  # of two there is nothing to choose
        ("return np.exp(x) * np.tanh(w + v)", "return np.tanh(np.exp(x) * w + v)"),
        ("return np.sin(w - v) * x", "return np.sin(w - x * v)"),
        # Shares of two values.
        ("x = w - w * v\nreturn x", "x = (1 - w) * x + w * v\nreturn x"),
        ("return v - x * (w - v)", "return (1 - x) * v + x * w"),
        ("y = np.tanh(x)\ns = w @ v\nreturn None", "y = np.tanh(x)\ns = w @ v\nreturn (1 - s) * y + s * b"),
        ("y = x @ w\nreturn None", "y = x @ w\nreturn np.tanh(y + b)"),
        ("y = x\ny = y @ w\nreturn v", "y = x\ny = y @ w\nreturn y * b"),
        # A term, and what it is divided by, elsewhere.
        (
            "y = np.tanh(x)\nz = np.exp(w) + v\nreturn y @ z",
            "y = np.tanh(x) + v\nz = np.exp(w)\nreturn y @ z",
        ),
        ("s = x / (w + v)\nreturn np.dot(s, b)", "s = x / (w + v)\nreturn np.dot(s, b / (w + v))"),
        # An index that is gone, and one that nothing reads.
        (f"{ROUNDS}y = f(x[t], x)\nreturn y", f"{ROUNDS}y = f(x[t], x[t])\nreturn y"),
        (f"{ROUNDS}y = f(x[t], x)\nreturn y", f"{ROUNDS}y = f(x[t], x[t - 1])\nreturn y"),
        (f"{ROUNDS}y = f(x[:, t + 1], x)\nreturn y", f"{ROUNDS}y = f(x[:, t + 1], x[:, t])\nreturn y"),
        (f"y = w\n{ROUNDS}y[t] = x\nreturn y.sum()", f"y = w\n{ROUNDS}y[t] = x\nreturn y[-1].sum()"),
        ("at = v - 1\nreturn w, x[0]", "at = v - 1\nreturn w, x[at]"),
        (
            "at, rows = v - 1, np.arange(3)\nreturn w, x",
            "at, rows = v - 1, np.arange(3)\nreturn w, x[rows, at]",
        ),
        ("return [x[:, _k::2] for _k in range(2)]", None),
        (f"{ROUNDS}y = x[t + 1] * f(x[0])\nreturn y", f"{ROUNDS}y = x[t + 1] * f(x[t + 1])\nreturn y"),
        # What nothing takes or adds to, and what is like the one beside it.
        ("y = f(x[0], x[1])\nreturn y + x[0]", "y = f(x[0], x[1])\nreturn y + x[2]"),
        ("return x[0] + w", None),
        ("y = x[0] + x[1]\nreturn f(y * w)", "y = x[0] + x[1]\nreturn f(y * w + x[2])"),
        ("r = x[0] + x[1]\ny = w.sum()\nreturn y", "r = x[0] + x[1]\ny = (w + r * x[2]).sum()\nreturn y"),
        ("p = x @ x\nq = w @ w\nreturn p + q", "p = x @ x + v\nq = w @ w + b\nreturn p + q"),
        ("y = x @ w\nz = f(v)\nreturn z * b", "y = x @ w\nz = f(v)\nreturn z * f(y)"),
        ("y = f(x)\nz = f(w)\nreturn y.T, v", "y = f(x)\nz = f(w)\nreturn y.T, z.T"),
        (f"s = w\n{ROUNDS}s += x[t]\nreturn s, b", f"s = w\n{ROUNDS}s += x[t] * v[t]\nreturn s, b"),
        (
            f"y, z = f(x), f(w)\n{ROUNDS}y[t] += v * x[t]\n    pass\nreturn y, z",
            f"y, z = f(x), f(w)\n{ROUNDS}y[t] += v * x[t]\n    z[t] += v * w[t]\nreturn y, z",
        ),
        (
            f"y, z = f(x), f(w)\n{ROUNDS}y[t] += v * x[t]\nreturn y, z",
            f"y, z = f(x), f(w)\n{ROUNDS}z[t] += v * w[t]\n    y[t] += v * x[t]\nreturn y, z",
        ),
        ("return f(x * x) + w", "return f(1 - x**2) + w"),
        # A bracket that is missing in a quotient, and a sum into a part of an array.
        ("return f(1 / x + w, v)", "return f(1 / (x + w), v)"),
        ("return x + w / v", "return (x + w) / v"),
        ("y = v\ny[:1] = x\ny[0] = w\nreturn y", "y = v\ny[:1] = x\ny[0] += w\nreturn y"),
        # Sizes.
        (
            "n, m = x.shape\nfor t in range(max(w)):\n    y = t",
            "n, m = x.shape\nfor t in range(m):\n    y = t",
        ),
        ("n, m = x.shape\nk = [m] if w is None else w", "n, m = x.shape\nk = [m] * n if w is None else w"),
        # Results: several values where one is left, two side by side, one given twice.
        ("c = x + v\nreturn w, np.dot(x, w)", "c = x + v\nreturn w, (np.dot(x, w), np.dot(c, w))"),
        (
            f"h = c = x\n{ROUNDS}h, c = h + c, c * 2\nreturn w, v",
            f"h = c = x\n{ROUNDS}h, c = h + c, c * 2\nreturn w, (h, c)",
        ),
        ("c = []\nc.append(x)\nreturn w, f(v)", "c = []\nc.append(x)\nreturn w, (f(v), f(c))"),
        (
            "p = x + v\nq = x - v\nreturn w, b",
            "p = x + v\nq = x - v\nreturn np.concatenate((p, q[:, ::-1]), -1), b",
        ),
        ("p, q = x, w\nreturn np.hstack([p[0], p[0]])", "p, q = x, w\nreturn np.hstack([p[0], q[0]])"),
        # Terms and factors, of what is given and never read.
        ("return np.tanh(x @ w)", "return np.tanh(x @ w + x @ v + b)"),
        ("y = x @ w\nreturn v.T", "y = x @ w\nreturn (y @ v).T"),
        ("return np.tanh(x @ w + v) * len(b.shape)", "return np.tanh(x @ w + v + b) * len(b.shape)"),
        (
            "y = []\ny.append(x)\ny.append(w)\nreturn v, b",
            "y = []\ny.append(x)\ny.append(w)\nreturn np.stack(y, 1), b",
        ),
        ("return x[:, :w] + x[:, :]", "return x[:, :w] + x[:, w:]"),
        (
            "y = 1 + f(x + 1)\nz = 1 + f(w + 1)\nreturn y, z",
            "y = 1 + f(x)\nz = 1 + f(w)\nreturn y, z",
        ),
        # As what stands beside it: with a part that nothing takes, with terms of its own index, of several names.
        (
            "y = f(x[0])\nz = 1 - y\nu = f(x[2])\nreturn y, z, u",
            "y = f(x[0])\nz = f(x[1])\nu = f(x[2])\nreturn y, z, u",
        ),
        ("y = f(x[0])\nz = f(x[1] - w[1])", "y = f(x[0] - w[0])\nz = f(x[1] - w[1])"),
        (
            "x, v = np.hsplit(w, 2)\nc, d = [b[k] for k in range(2)]",
            "x, v = np.hsplit(w, 2)\nc, d = np.hsplit(b, 2)",
        ),
    ],
)
def test_a_formula_is_formed_anew(wrong, right):
    programs = {shape(program) for program in results(function(wrong))}
    if right is not None:
        assert shape(function(right)) in programs
    else:
        operators = {
            operator
            for operator in _operators(function(wrong))
            if operator in ("other_products", "rounds", "part_never_taken")
        }
        assert not operators


def _operators(source: str) -> set[str]:
    (scope,) = scopes(Text(source))
    lots = Lots(scope)
    return {edit.operator for lot in lots.lots for _, edit in lots.edits_of(lot)}


def test_blocks_side_by_side_stand_for_every_other_entry():
    source = function("return [x[:, k::2] for k in range(2)]")
    (right,) = [text for text in results(source) if "//" in text]
    namespace: dict[str, object] = {}
    exec(right, namespace)
    import numpy as np

    array = np.arange(12).reshape(2, 6)
    first, second = namespace["f"](array, 0, 0, 0)
    assert np.array_equal(first, array[:, :3])
    assert np.array_equal(second, array[:, 3:])


def test_a_field_of_an_argument_is_multiplied():
    before = "from typing import NamedTuple\nclass Pair(NamedTuple):\n    top: int\n    low: int\n"
    wrong = function("return np.dot(x, w) + b.low", before=before)
    right = function("return np.dot(x, w) + b.low + b.top @ v", before=before)
    assert shape(right) in {shape(program) for program in results(wrong)}


def test_zeros_give_way_to_an_argument_at_every_place():
    wrong = function("a, c = np.zeros(3)[0], np.zeros(3)[1]\nreturn a + c + w", "x, w, v=None")
    right = function("a, c = v[0], v[1]\nreturn a + c + w", "x, w, v=None")
    assert shape(right) in {shape(program) for program in results(wrong)}


@pytest.mark.parametrize("text", ["x.gather(1, at).squeeze(1)", "x[:, at]"])
def test_a_lost_index_is_read_with_torch(text):
    wrong = f"{TORCH}        at = n - 1\n        return n, x[0]\n"
    assert wrong.replace("x[0]", text) in results(wrong)


def test_what_a_list_collects_is_given_back_with_what_is_carried():
    body = f"y = []\n{ROUNDS}w = x[t] @ w\n    y.append(w)\nreturn"
    programs = results(function(f"{body} None"))
    assert function(f"{body} np.stack(y, 1), w") in programs


def test_few_are_made_of_a_long_function():
    names = [f"n{place}" for place in range(60)]
    body = "\n".join(f"{name} = np.dot({name}[{place}], x) * w + v" for place, name in enumerate(names))
    (scope,) = scopes(Text(function(f"{body}\nreturn {names[-1]}, v")))
    lots = Lots(scope)
    for lot in lots.lots:
        operator = OPERATORS[lot.rank]
        if operator.__module__.rpartition(".")[2] in ("formed", "partly"):
            assert len(lots.edits_of(lot)) <= 24 * len(names), operator.__name__


LAYERS = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.up, self.size = nn.ReLU(), size
        self.one = nn.Linear(size, size)
        self.two = nn.Linear(size, size)

    def forward(self, x):
        a, b = x[0], x[1]
        CODE
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("return torch.cat((a, b), 1)", "return torch.cat((self.one(a), self.two(b)), 1)"),
        ("return torch.cat((a, b), 1)", "return torch.cat((self.two(a), self.one(b)), 1)"),
        ("c = a * 2; d = b * 2; return c + d", "c = self.one(a * 2); d = self.two(b * 2); return c + d"),
        ("return self.one(a) + b", "return self.one(a) + self.two(b)"),
    ],
)
def test_layers_that_are_never_called_are_called(wrong, right):
    assert LAYERS.replace("CODE", right) in results(LAYERS.replace("CODE", wrong))


def test_an_attribute_that_is_only_asked_for_its_size_is_lost():
    before = (
        "class Pair:\n    top: int\n    low: int\n\n    def sizes(self):\n        return self.low.shape\n"
    )
    code = before + "\n    def sum(self, x):\n        return {}\n"
    programs = {shape(program) for program in results(code.format("x @ self.top"))}
    assert shape(code.format("x @ self.top + self.low")) in programs


def test_an_attribute_twice_gives_way_to_one_that_is_set_up():
    wrong = LAYERS.replace("CODE", "return torch.cat((self.one.weight, self.one, self.one))")
    right = wrong.replace("self.one, self.one", "self.one, self.two")
    assert right in results(wrong)


def test_an_attribute_that_is_not_set_has_one_axis_more_or_less():
    wrong = LAYERS.replace("self.two = nn.Linear(size, size)", "pass").replace("CODE", "return self.two")
    programs = results(wrong)
    assert wrong.replace("pass", "self.two = nn.Linear(size)") in programs
    fewer = wrong.replace("nn.Linear(size, size)", "torch.rand(size)")
    assert fewer.replace("pass", "self.two = torch.rand(size, size)") in results(fewer)
