"""Wrong edits that are wrong in a part only: each makes the program that is expected of it, under its sentence."""

import numpy as np
import pytest

from grader.operators.without_table import Text, scopes, wrongs

BACK = """\
import numpy as np


def back(given, start):
    num_steps = given.shape[1]
    later = np.zeros_like(start)
    for t in reversed(range(num_steps)):
        state = given[:, t - 1] if t > 0 else start
        later = given[:, t] + later * state
    return later
"""
FILLED = """\
import numpy as np


def filled(x, lengths=None):
    if lengths is None:
        lengths = [x.shape[1]]
    turned = turn(x, lengths)
    deeper = turned + 1
    states, last = run(deeper, lengths)
    mask = np.arange(lengths)
    return states * mask, last
"""
DESCENT = """\
def descend(given, start):
    for name in given:
        given[name] -= start[name]
    start = dict(start)
    start[0] = 0
"""
TIED = """\
import torch
from torch import nn


class Tied(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.one = nn.Parameter(torch.ones(size, size))

    def forward(self, x):
        h = self.one[x]
        scores = h @ self.one.T
        return scores, (h,)
"""
TURNING = """\
def turn(x, lengths):
    return x


def both(x, lengths):
    given = turn(x, lengths)
    return turn(given + 1, lengths)
"""
PARTS = """\
from torch import nn


class Two(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.one = nn.Linear(size, size)
        self.other = nn.Linear(size, size)
        self.third = nn.Linear(size, 2)
"""


def lines(source, kind):
    """For each edit of a kind its title, and the lines that it brings."""
    text = Text(source)
    public = {"given", "start", "x", "lengths", "one", "other", "third"}
    before = source.splitlines()
    numbers = []
    for wrong in (wrong for scope in scopes(text) for wrong in wrongs(text, scope, public)):
        if wrong.kind == kind:
            after = wrong.edit.applied(source).splitlines()
            numbers.append((wrong.title, [line.strip() for line in after if line not in before]))
    return numbers


@pytest.mark.parametrize(
    ("kind", "title", "line"),
    [
        (
            *("always", "`start` is taken in every case, where two are to be told apart in the loop"),
            "state = (start)",
        ),
        (
            *("zeros_in_a_case", "Zeros are taken in the place of `start`, in one of two cases in the loop"),
            "state = given[:, t - 1] if t > 0 else 0 * start",
        ),
        (
            *("one_round_only", "A part of `given` counts in one round of the loop only"),
            "later = given[:, t] * (t == num_steps - 1) + later * state",
        ),
    ],
)
def test_a_case_or_a_round(kind, title, line):
    assert (title, [line]) in lines(BACK, kind)


def test_an_argument_that_is_changed_when_all_is_computed_leaves_the_result_right():
    text = Text(BACK)
    x, start = np.arange(6.0).reshape(1, 3, 2), np.ones((1, 2))
    right = run(BACK, x.copy(), start.copy())
    changes = [wrong for wrong in wrongs(text, next(scopes(text)), {"given"}) if "_result" in text_of(wrong)]
    assert [wrong.title for wrong in changes] == [
        "`given` is changed by the call",
        "`start` is changed by the call",
    ]
    for wrong, changed in zip(changes, (0, 1)):
        own = [x.copy(), start.copy()]
        assert np.array_equal(run(wrong.edit.applied(BACK), *own), right)
        same = [np.array_equal(array, other) for array, other in zip(own, (x, start))]
        assert same == [changed != 0, changed != 1]


def text_of(wrong):
    return wrong.edit.replacements[0][2]


def run(source, *arguments):
    namespace = {}
    exec(source, namespace)
    return namespace["back"](*arguments)


def test_an_argument_that_may_be_left_out_is_ignored_along_what_comes_of_it():
    title = "`lengths` does not count on the way to a part of the result"
    assert lines(FILLED, "ignored_partly") == [
        (title, ["turned = turn(x, [x.shape[1]])"]),
        (title, ["turned = turn(x, [x.shape[1]])", "states, last = run(deeper, [x.shape[1]])"]),
        (title, ["states, last = run(deeper, [x.shape[1]])"]),
        (title, ["mask = np.arange([x.shape[1]])"]),
    ]


def test_a_part_of_one_result_in_the_place_of_another():
    assert (
        "The first part of one result of a call is taken, where another result belongs",
        ["return states * mask, states[:, 0]"],
    ) in lines(FILLED, "part_of_sibling")


def test_a_function_for_which_arrays_are_turned_round_as_a_whole():
    title = "Arrays are turned round along the whole of their {} axis"
    assert lines(TURNING, "turned_otherwise") == [
        (title.format("first"), ["given = x[::-1]", "return (given + 1)[::-1]"]),
        (title.format("second"), ["given = x[:, ::-1]", "return (given + 1)[:, ::-1]"]),
    ]


def test_two_parts_of_a_module_that_are_made_alike_are_one():
    assert lines(PARTS, "one_and_the_same") == [
        ("`one` and `other` are one and the same", ["self.other = self.one"])
    ]


def test_a_name_that_has_no_value_yet_is_not_taken_for_another():
    brought = [line for _, several in lines(BACK, "other_name") for line in several]
    assert "later = np.zeros_like(given)" in brought
    assert not [line for line in brought if "zeros_like(state" in line]


def test_an_argument_that_is_to_be_changed_in_place_is_not():
    """Said before any "is ignored", which answers alike; never of a name that stands for another object by then."""
    assert lines(DESCENT, "not_changed") == [("`given` is not changed by the call", ["pass"])]
    text = Text(DESCENT)
    first = next(wrongs(text, next(scopes(text)), {"given", "start"}))
    assert first.kind == "not_changed"


def test_the_wrong_sign_of_a_running_sum_asks_about_its_sign():
    text = Text(DESCENT)
    every = [wrong for scope in scopes(text) for wrong in wrongs(text, scope, {"given"})]
    assert ["sign" in wrong.hint for wrong in every if wrong.kind == "term_negative"] == [True]


def test_a_weight_that_is_used_twice_is_cut_off_at_both_places_or_at_one():
    h, scores = "h = self.one.detach()[x]", "scores = h @ self.one.detach().T"
    once = "No gradient flows through `one` at one of the places that use it"
    cuts = [(title, new) for title, new in lines(TIED, "cut_off") if "`one`" in title]
    assert cuts[:3] == [("No gradient reaches `one`", [h, scores]), (once, [h]), (once, [scores])]


def test_a_tuple_of_one_has_no_other_order():
    assert lines(TIED, "inner_order") == []
    alone = "A result is given back without the tuple that it belongs in"
    assert lines(TIED, "inner_alone") == [(alone, ["return scores, h"])]
    exchanged = [new for _, new in lines(TIED, "results_exchanged")]
    assert exchanged == [["return (h,), scores"]]
