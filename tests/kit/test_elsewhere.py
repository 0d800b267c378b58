"""Operators for what stands in another place or line: from a wrong line to the right one."""

import pytest

from grader.operators import Text, edits, scopes

from .test_operators import function, results


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("return x * (1 - w) ** 2", "return x * (1 - w**2)"),
        ("return x * (1 - w**2)", "return x * (((1 - w) ** 2))"),
        ("return (x**2 - w) + v", "return (((x - w) ** 2)) + v"),
        ("return x * (w @ v)", "return ((x * w) @ v)"),
        ("return (x * w) @ v", "return (x * (w @ v))"),
        ("return np.where(b, x, 0)", 'return np.where(b, x, float("-inf"))'),
        ("return x.std(axis=1)", "return x.std(axis=1, ddof=1)"),
        ("return x @ w", "return ((x @ w) / x.shape[-1] ** 0.5)"),
        ('return np.einsum("ij,kj->ik", x, w)', 'return (np.einsum("ij,kj->ik", x, w) / x.shape[-1] ** 0.5)'),
        ("y = x * b\ny = w * b\nreturn y", "y = x * b\ny += w * b\nreturn y"),
        ("y = x * b\ny += v\ny = w * b\nreturn y", "y = x * b\ny += v\ny += w * b\nreturn y"),
        (
            "i = np.tanh(x + b[0] * v)\nf = np.tanh(w)\nreturn i * f",
            "i = np.tanh(x + b[0] * v)\nf = np.tanh((w + b[1] * v))\nreturn i * f",
        ),
        (
            "m = (x - x.mean()) ** 2\nreturn x / m.mean()",
            "m = (x - x.mean()) ** 2\nreturn (x - x.mean()) / m.mean()",
        ),
        ("return x.T @ w", "return (w * x).T @ w"),
        ("return (x[:, :b], x[:, b:2 * b], x[:, b:2 * b])", "return (x[:, :b], x[:, b:2 * b], x[:, 2 * b:])"),
        ("return (x[:b], x[:b])", "return (x[:b], x[b:])"),
        ("return (1 - x**2) * w + v", "return ((1 - x**2) * (w + v))"),
        ("return x + w * (v - b)", "return ((x + w) * (v - b))"),
    ],
)
def test_from_wrong_to_right(wrong, right):
    assert function(right) in results(function(wrong))


@pytest.mark.parametrize(
    "body",
    [
        "y = x * b\nz = y + 1\ny = w * b\nreturn y * z",  # the first value is read
        "y = x * b\ny = y * w\nreturn y",
    ],
)
def test_what_is_read_is_not_lost(body):
    (scope,) = scopes(Text(function(body)))
    assert not [edit for _, edit in edits(scope) if edit.operator == "add_to_lost"]
