"""Wrong edits of formulas and of layout, and the same edit in several places: the program each makes, and its words."""

from functools import cache

import pytest

from grader.operators.without_table import Text, scopes, wrongs

MIXED = """\
import numpy as np


def squash(x):
    return 1 / (1 + np.exp(-x))


def mixed(x, y, w, u, start, limit=None):
    a = x @ w
    b = y @ u
    share = squash(a)
    other = squash(b)
    third = squash(a + b)
    share_a, share_b, share_c = np.split(third, 3, axis=1)
    value = np.tanh(a + share * b)
    level = start
    seen = [np.zeros((x.shape[0], 3))]
    for t in range(3):
        level = (1 - share) * value + share * level
        known = (t < start)[:, None]
        seen.append(level * known)
    both = np.concatenate([a, b], axis=1)
    total = both.sum(axis=0)
    return total, (level, value)
"""
REDUCED = """\
import numpy as np


def reduced(x, y):
    size = np.sqrt(x.shape[1])
    scores = x @ y.T / size
    scores = scores - scores.max(axis=1, keepdims=True)
    spread = (scores**2).mean(axis=1, keepdims=True)
    weights = np.exp(scores) / spread
    inverse = np.linalg.inv(weights)
    return weights @ y, weights
"""
MODULE = """\
import torch
from torch import nn


class Step(nn.Module):
    def forward(self, x, state=None):
        if state is None:
            state = x.new_zeros(x.shape[0], 3)
        moved = state @ self.w
        return torch.tanh(x + moved), moved
"""
LAYERS = """\
import torch
from torch import nn


class Layers(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.one = nn.Parameter(torch.ones(size))
        self.other = nn.Parameter(torch.ones(size))
        self.third = nn.Parameter(torch.ones(size, size))
"""
PUBLIC = {
    "x",
    "y",
    "w",
    "u",
    "start",
    "limit",
    "share",
    "value",
    "level",
    "state",
    "one",
    "other",
    "third",
    "total",
    "weights",
}


@cache
def titles(source, function):
    """For the new lines of each edit, joined by " | ", its titles."""
    text, before = Text(source), source.splitlines()
    by_text = {}
    for scope in scopes(text):
        if scope.function.name == function:
            for wrong in wrongs(text, scope, PUBLIC):
                changed = wrong.edit.applied(source).splitlines()
                new = " | ".join(line.strip() for line in changed if line not in before)
                by_text.setdefault(new, []).append(wrong.title)
    return by_text


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("value = np.tanh((share * (a + b)))",
         "`share` multiplies a whole sum before the loop, where it belongs to one term"),
        ("value = np.tanh((share * a + b))", "`share` multiplies another term of a sum before the loop than is meant"),
        ("value = (share * np.tanh(a + b))",
         "`share` stands outside of `tanh` before the loop, where it belongs inside"),
        ("value = (np.tanh(a) + share * np.tanh(b))",
         "`share` stands outside of `tanh` before the loop, where it belongs inside"),
        ("level = (((1 - share) + value) * (share + level))",
         "Sums are multiplied where products are to be added in the loop"),
        ("level = ((1 - share) * value * share * level)",
         "Two products are multiplied where they are to be added in the loop"),
        ("level = (1 - share * value) + share * level",
         "A product is computed before a sum that stands in brackets in the loop"),
        ("value = np.tanh(a + (1 - share) * b)",
         "One minus `share` is a factor before the loop, where the value itself is meant"),
        ("value = np.tanh(a + (b / share))", "`share` divides before the loop, where it is to multiply"),
        ("other = squash(-b)", "What a function is given has the wrong sign before the loop"),
        ("other = squash(b + 1)",
         "A number that is not in the formula is added to what a function is given before the loop"),
        ("other = (1 - share)",
         "`other` is one minus another value before the loop, where it is to be computed by itself"),
        ("other = squash(a) | third = squash(a)",
         "A function is given one and the same value each time before the loop"),
        ("b = (y @ u) * 0", "The product with `u` counts as zero before the loop"),
        ("level = np.tanh((1 - share) * value + share * level)",
         "A function is applied to `level` that is not in the formula in the loop"),
        ("level = level + ((1 - share) * value + share * level)", "`level` piles up over the rounds of the loop"),
        ("b = start + (y @ u)", "`start` is added to the product with `u` before the loop, wrongly"),
        ("share_b, share_c, share_a = np.split(third, 3, axis=1)", "The parts of an array are taken in another order"),
        ("share_a, share_b, share_c = [third[:, _k::3] for _k in range(3)]",
         "The parts of an array are taken in turn, where each is a block"),
        ("known = (t < start)", "An axis of size 1 is not added in the loop"),
        ("known = (t < start)[None, :]", "An axis of size 1 is added in another place in the loop than is meant"),
        ("both = np.stack([a, b], axis=-1).reshape((np.concatenate([a, b], axis=1)).shape)",
         "Two arrays are mixed number by number after the loop, where one stands behind the other"),
        ("both = np.stack([a, b]).reshape((np.concatenate([a, b], axis=1)).shape)",
         "Two arrays are stacked and reshaped after the loop, where one stands behind the other"),
        ("both = np.stack([a, b], axis=0)", "Two arrays are stacked after the loop, where one stands behind the other"),
        ("seen = [np.zeros((2, 3))]", "The size of a new array is a fixed number before the loop"),
        ("return total, (value, level)", "Results that belong together stand in another order"),
        ("return total, level", "Of results that belong together only one is given back"),
        ("return total, np.stack((level, value))", "Results that belong together are given back as one array"),
        ("return total, ((level)[None], (value)[None])", "Results have an axis too many"),
        ("return value, level", "The results stand in another order"),
        ("return total, start", "`start` is given back where something else belongs"),
        ("return total, total[-1]", "The last part of `total` is given back where another result belongs"),
        ("b = (y * 0 + y.mean(axis=0)) @ u", "`y` is averaged over its first axis before the loop"),
        ("bool(x)", "`x` is tested for truth, as if it were one number"),
        ("if limit is not None: | limit.shape", "`limit` must be an array: no list is accepted"),
        ("for t in range(max(limit)):", "The loop ends at the largest number of `limit`"),
        ("return total[:, : max(limit)], (level, value)", "A result ends at the largest number of `limit`"),
        ("a = x @ w.T | b = y @ u.T", "`w` and `u` are used transposed"),
        ("share = (a) | other = (b)", "A function is not applied before the loop, in several places"),
    ],
)  # fmt: skip
def test_a_wrong_formula_has_words(line, title):
    assert title in titles(MIXED, "mixed").get(line, [])


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("spread = (scores**2).mean()", "`mean` is taken over all axes, where one is meant"),
        ("spread = (scores**2)[:, 0]", "One entry is taken where `mean` is to be taken over all of them"),
        (
            "spread = ((scores**2).mean(axis=1, keepdims=True) * (scores**2).shape[1] / ((scores**2).shape[1] - 1))",
            "A mean is divided by one less than the number of its entries",
        ),
        ("spread = (scores**2).sum(axis=1, keepdims=True)", "`sum` is used where another function belongs"),
        (
            "scores = scores - scores.max(axis=0, keepdims=True) | spread = (scores**2).mean(axis=0, keepdims=True)",
            "All that is taken over an axis is taken over another one than is meant",
        ),
        (
            "scores = scores - scores.max(axis=None, keepdims=True) "
            "| spread = (scores**2).mean(axis=None, keepdims=True)",
            "All that is taken over one axis is taken over all axes",
        ),
        ("inverse = (1 / weights)", "Each entry is inverted, where a matrix is to be inverted as a whole"),
        ("weights = (np.exp(scores) / spread) / 2", "`weights` counts by half"),
        (
            "scores = (scores.max(axis=1, keepdims=True) - scores)",
            "The two sides of a difference stand the other way round, or its result has the wrong sign",
        ),
        ("size = np.sqrt(y.shape[0])", "A size of `y` is taken where another size belongs"),
        ("weights = (x @ y.T / size)", "Steps are left out on the way to `weights`"),
        (
            "return weights @ y, (scores - scores.max(axis=1, keepdims=True))",
            "Steps are left out on the way to `weights`",
        ),
    ],
)
def test_what_goes_over_an_axis_has_words(line, title):
    assert title in titles(REDUCED, "reduced").get(line, [])


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("state = x.new_zeros(2, 3)", "The size of a new array is a fixed number"),
        (
            "state = x.new_zeros(x.shape[0], 3).cuda()",
            "A new array is made on a GPU, whatever the input is on",
        ),
        ("moved = state.detach() @ self.w", "No gradient flows through `state`"),
        (
            "return torch.as_tensor(torch.tanh(x + moved).numpy()), moved",
            "A tensor goes through numpy on its way",
        ),
    ],
)
def test_a_wrong_line_of_a_module_has_words(line, title):
    assert title in titles(MODULE, "forward").get(line, [])


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("self.one = nn.Parameter((torch.ones(size))[None])", "`one` has an axis too many"),
        ("self.one = nn.Parameter(torch.ones(size)).double()", "A weight is no parameter of the module"),
        (
            "self.one = (torch.ones(size)) | self.other = (torch.ones(size))",
            "A weight is no parameter of the module, in several places",
        ),
        ("self.one = nn.Parameter((torch.ones(size))[None]) | self.other = nn.Parameter((torch.ones(size))[None])",
         "`one` and `other` have an axis too many"),
    ],
)  # fmt: skip
def test_wrong_weights_have_words(lines, title):
    by_text = {
        new.replace("((", "(").replace("))", ")"): several
        for new, several in titles(LAYERS, "__init__").items()
    }
    assert title in by_text.get(lines.replace("((", "(").replace("))", ")"), [])


def test_the_sign_of_a_weight_is_no_mistake():
    """Weights are drawn: `-Parameter(…)` differs in that it is no parameter, and would be told as a sign."""
    assert not [
        title for several in titles(LAYERS, "__init__").values() for title in several if "sign" in title
    ]


def test_places_that_differ_in_shape_are_not_changed_together():
    together = [new for new in titles(MIXED, "mixed") if "share = (a)" in new and "value = (" in new]
    assert not together
