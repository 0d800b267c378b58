"""Operators: what each makes of a line, that only that line changes, and that what they make can be run."""

from __future__ import annotations

import ast
import difflib
import itertools

import pytest

from grader.operators import Text, edits, scopes

from .loading import ROOT

ALTERNATIVES = sorted((ROOT / "solutions").glob("*/alternatives/*.py"))


def function(body: str, head: str = "x, w, v, b", before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"import numpy as np\n{before}\ndef f({head}):\n{lines}\n"


def results(source: str) -> set[str]:
    text = Text(source)
    return {edit.applied(source) for scope in scopes(text) for _, edit in edits(scope)}


@pytest.mark.parametrize(
    ("head", "turned"),
    [
        ("x, w, v, b", "w, x, v, b"),
        ("x, w=None, v=None, b=None", "x, v=None, w=None, b=None"),
        ("x, w=1, v=(2, 3)", "x, v=(2, 3), w=1"),
        ("x, w=1", None),
    ],
)
def test_arguments_change_places_with_their_defaults(head, turned):
    heads = {text.split("def f(")[1].split("):")[0] for text in results(function("return x", head))}
    if turned is None:
        assert heads == {head, "x=None, w=1", "x, w=0", "x, w=2"}  # another default, and no exchange
    else:
        assert turned in heads


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("return x @ w.T", "return x @ w"),
        ("return x @ w", "return x @ w.T"),
        ("return np.stack(x)", "return np.stack(x, axis=1)"),
        ("return np.stack(x, axis=0)", "return np.stack(x, axis=1)"),
        ("return np.tanh(np.tanh(x))", "return np.tanh((x))"),
        ("return np.maximum(0, x)", "return np.tanh(x)"),
        ("return 1 / (1 + np.exp(-x))", "return np.tanh(x)"),
        ("return np.mean(x)", "return np.sum(x)"),
        ("return x - w", "return (x + w)"),
        ("return np.tanh(x) + w", "return np.tanh(x + w)"),
        ("return np.tanh(x) + np.tanh(w)", "return np.tanh(x + w)"),
        ("return x @ w @ v", "return (x @ w @ v + b)"),
        ("return x[0]", "return x[-1]"),
        ("return x[w]", "return x[w - 1]"),
        ("return x[:, w]", "return x[w]"),
        ("return x[::-1]", "return x[:, ::-1]"),
        ("for t in range(w):\n    pass", "for t in reversed(range(w)):\n    pass"),
        ("for t in range(1, w):\n    pass", "for t in range(w):\n    pass"),
        ("return x < w", "return x <= w"),
        ("x += w", "x = x + (w)"),
        ("return np.zeros(3, dtype=np.float32)", "return np.zeros(3, dtype=x.dtype)"),
        ("return x.astype(np.float32), w.astype(np.float32)", "return x, w"),
        ("return x.data", "return x"),
        ("if not x:\n    pass", "if x is None:\n    pass"),
        ("return w, x", "return x, w"),
        ("for t in w:\n    h = x + t", "for t in w:\n    h = x + t; x = h"),
        ("x = w\nw = v", "w = v\nx = w"),
        ("y = x", "y = x\nreturn y"),
        ("with open(x):\n    return w", "if True:\n    return w"),
        ("with open(x) as y, open(w) as z:\n    return w", "if True:\n    return w"),
        ("with (open(x)):\n    return w", "if True:\n    return w"),
        ("if x:\n    return w", "if True:\n    return w"),
        ("return x * w", "return (x @ w.T)"),
        ("return 1 - (x @ w) ** 2 + v", "return 1 - (b) ** 2 + v"),
        ("y = x\nz = y[:, -1]", "y = x\nz = y"),
        ("return w * (1 - w)", "return (1 - w ** 2)"),
        ("return x * (w > 0)", "return x * ((1 - w ** 2))"),
        ("return x * (1 - w)", "return x * ((1 - w ** 2))"),
        ("return 1 - w ** 2", "return (w * (1 - w))"),
        ("return x, v, b, w, 0", "return x, w, b, v, 0"),
        ("return x + 0, w + 0, v + 0, b + 0, x + 0", "return (x), (w), (v), (b), (x)"),
        ("return np.random.normal(size=x.shape)", "return (x)"),
        ("for t in range(w):\n    y = t % v", "for t in range(w):\n    y = (t + 1) % v"),
        ("n, m = x.shape\nfor t in range(n):\n    pass", "n, m = x.shape\nfor t in range(m):\n    pass"),
        ("z = x\nw[:, v] = x + v", "z = x\nw[:, v] = ((x + v) * z[:, v])"),
        ("z = [v for v in x]", "z = [b] + [v for v in x]"),
        ("return 1 - x * w + v", "return ((1 - x) * w) + v"),
        ("return (1 - x + w) * (v + b)", "return ((1 - x) * w + v * b)"),
        ("return x * w + x * v", "return (1 - x) * w + x * v"),
        ("return (1 - x) * w + x * v", "return (x) * w + (1 - x) * v"),
        ("return x * (x > 0)", "return np.tanh(x)"),
        ("w, v, x = b", "v, x, w = b"),
        ("return np.dot(np.flip(x), w)", "return np.dot(x, w)"),
        (
            "for t in x:\n    y = w\n    w = np.where(v, y, 0)",
            "for t in x:\n    y = w\n    w = np.where(v, y, w)",
        ),
        ("z = b\nreturn w", "z = b\nreturn (1 - z) * w + z * x"),
        ("z = b\nreturn w + v", "z = b\nreturn (w * z) + v"),
        ("return x * w", "return x * (b * w)"),
        ("return np.zeros(3).copy().sum()", "return np.zeros(3)"),
        ("n, m = x.shape, x.shape[1]", "n, m = x.shape[0], x.shape[1]"),
        ("n, m = x.shape\nreturn x[:2]", "n, m = x.shape\nreturn x[:(2 * m)]"),
        ("n, m = x.shape\nreturn x[:n]", "n, m = x.shape\nreturn x[:(3 * n)]"),
        ("return {'y': x, 'z': w}", "return x, w"),
        ("y = [x]", "y = []"),
        ("y = x + b[:, None]\nz = w + v[:, None]", "y = x + b\nz = w + v"),
        ("for t in x:\n    w[t] = 0", "pass"),
        ("y = np.zeros(3)\nz = y\ny[0] = 1\npass", "y = np.zeros(3)\nz = y\ny[0] = 1\nreturn y"),
        ("m = x > 0\ny = w", "m = x > 0\ny = np.where(m, w, y)"),
        ("y = x\nz = w\nreturn y", "y = x\nz = w\nreturn z, y"),
        ("y = x\nz = w\nu = v\nreturn y, u", "y = x\nz = w\nu = v\nreturn y, z, u"),
        ("z = 0\nz = z + w\ny = x\nreturn x, y, v", "z = 0\nz = z + w\ny = x\nreturn x, y, v, z"),
        ("return x, v, b, w", "return w, x, v, b"),
        ("return f(x, v, b, w)", "return f(x, b, w, v)"),
        ("y = x\nreturn w, x, v", "y = x\nreturn w, y"),
        ("y = x\nreturn w, (x, v)", "y = x\nreturn w, y"),
        ("dw, db, dx = v\nreturn None", "dw, db, dx = v\nreturn dx, dw, db"),
        ("dw, db, dx = v\npass", "dw, db, dx = v\nreturn dx, dw, db"),
        ("y = x + w\nz = w", "y = w + x\nz = x"),
        ("y = x[w]\nz = v[w]", "y = x\nz = v"),
        (
            "o = np.argsort(v)\nx, v = x[o], v[o]\nreturn w[0][o]",
            "pass\nx, v = x, v\nreturn w[0]",
        ),
        ("y = v\nz = w\nr = np.exp(x[y])\nq = 1", "y = v\nz = w\nr = np.exp(x[y])\nq = np.exp(x[z])"),
        ("r = np.exp(x[0])\nq = 1", "r = np.exp(x[0])\nq = np.exp(x[1])"),
        ("y = f(x, w)\nz = f(v, b)", "y = f(w, x)\nz = f(v, b)"),
        ("y = f(x, w)\nz = f(x, w)", "y = f(w, x)\nz = f(w, x)"),
        ("n = x.shape[-1]", "n = w.shape[1]"),
        ("return [v < w for b in x]", "return [b < w for b in x]"),
        ("for t in x:\n    y = w[:, -1]", "for t in x:\n    y = w[:, t]"),
        ("self.h = np.where(x, w, 0)", "self.h = np.where(x, w, self.h)"),
        ("n, m = x.shape\nreturn w[n]", "n, m = x.shape\nreturn w[m]"),
        ("return np.zeros((3, 2))", "return np.zeros((3, w.shape[1]))"),
        ("return x * w * v * b", "return (x * w + v * b)"),
        ("return x * (w + v)", "return (w + x * v)"),
        ("return (w - v) * x", "return (x * w - v)"),
        ("y = x + w", "y = np.concatenate((x, w), -1)"),
        ("return np.stack(x, axis=1)", "return np.concatenate(x, axis=2)"),
        ("s = []\nfor t in x:\n    s.append(f(t, s))", "s = []\nfor t in x:\n    s.append(f(t, s[-1]))"),
        ("y = [x]\nreturn w", "y = [w] + [x]\nreturn w"),
        ("return [t for t in f(w)]", "return [t for t in x]"),
        ("return x[w:v]", "return x[w:w + v]"),
        ("return x[w * v : w + v]", "return x[w * v : (w + 1) * v]"),
        ("return slice(w * v, w + v)", "return slice(w * v, (w + 1) * v)"),
        ("for t in x:\n    y = w[:, :]", "for t in x:\n    y = w[:, :t]"),
        ("return np.maximum(x, 0)", "return np.exp(x)"),
        ("return np.sin(x)", "return np.tanh(x)"),
        ("return w * ((1 - x + v) * (v + b)) + v", "return w * (((1 - x) * v + v * b)) + v"),
        ("y = w\nif True:\n    y = x", "y = w\nif y is None:\n    y = x"),
        ("hf = v\nhb = np.dot(x, hb)", "hf = np.dot(x, hf)\nhb = np.dot(x, hb)"),
        (
            "h_f = 1\nout_f = h_f\nh_b = 2\nout_b = np.dot(h_b, forward) + backward",
            "h_f = 1\nout_f = np.dot(h_f, forward) + forward\nh_b = 2\nout_b = np.dot(h_b, forward) + backward",
        ),
        ("y = v\nreturn f(x), w", "y = v\nreturn f(x), f(y)"),
        ("y = v\nreturn f(x), w", "y = v\nreturn f(x), f(y), w"),
        ("y = np.GRUCell(x)\nz = np.GRUCell(w)", "y = np.RNNCell(x)\nz = np.RNNCell(w)"),
        ("return np.ones(x.shape)", "return (x)"),
        ("y_f, y_b = x\nreturn f([y_f, y_f])", "y_f, y_b = x\nreturn f([y_f, y_b])"),
        ("y = x @ w\nz = b[1]", "y = (x @ w + b[1] @ v)\nz = b[1]"),
        (
            "s = []\nfor t in x:\n    s.append(t)\nreturn w",
            "s = []\nfor t in x:\n    s.append(t)\nreturn w, np.concatenate(s, 1)",
        ),
        ("y, z = x[0], x[0] * 0", "y, z = x"),
        ("y, z = x, w if v else b", "y, z = (x, w) if v else b"),
        ("y = x + 0\ny[0] = 1\nreturn np.exp(w), v", "y = x + 0\ny[0] = 1\nreturn y, v"),
        ("return v, b, y, x, w", "return x, w, v, b, y"),
        ("x, w, v, b = f(y)", "b, v, w, x = f(y)"),
        ("return x**-0.5 + w", "return x**-0.5 + w**-0.5"),
        ("return x < w", "return x < w[:, None]"),
        ("m = x < w\nreturn np.where(m, v, b)", "m = x < w\nreturn np.where(m[..., None], v, b)"),
        (
            "s = []\nfor t in x:\n    s.append(t)\nreturn w",
            "s = []\nfor t in x:\n    s.append(t)\nreturn np.stack(s, 1), w",
        ),
    ],
)
def test_an_operator_puts_a_line_right(wrong, right):
    texts = results(function(wrong))
    assert function(right) in texts, "\n".join(sorted(texts))


@pytest.mark.parametrize("path", ALTERNATIVES[::6], ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_what_is_made_of_a_real_program(path):
    """Each edit is another program, differs first where it says, and nearly all of them are Python."""
    source = path.read_text(encoding="utf-8")
    of_scopes = [
        (number, edit) for number, scope in enumerate(scopes(Text(source))) for _, edit in edits(scope)
    ]
    all_edits = [edit for _, edit in of_scopes]
    assert len({edit.applied(source) for edit in all_edits}) > 0.9 * len(all_edits) > 300
    assert len({(scope, edit.replacements) for scope, edit in of_scopes}) == len(all_edits), (
        "none is made twice"
    )
    for edit in all_edits:  # what is put together of several does not cross
        spans = sorted(edit.replacements)
        assert all(span[1] <= two[0] for span, two in itertools.pairwise(spans)), edit
    broken = 0
    for edit in all_edits[::12]:
        changed = edit.applied(source)
        try:
            ast.parse(changed)
        except SyntaxError:
            broken += 1
        matcher = difflib.SequenceMatcher(None, source.splitlines(), changed.splitlines(), autojunk=False)
        first = next(code[1] + 1 for code in matcher.get_opcodes() if code[0] != "equal")
        assert abs(edit.line - first) <= 1
    assert broken <= 0.03 * len(all_edits[::12])
    assert [edit for scope in scopes(Text(source)) for _, edit in edits(scope)] == all_edits
