"""Trees of plain data, and everything that walks them: each is given trees of every shape."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader import values
from grader.diagnose import counterexample, deviations, match, paste, traces
from grader.subject import host, lending, reference, wire
from grader.subject import operations as ops
from grader.subject.plain import plain as as_plain
from grader.subject.plan import Plan, identical
from grader.suite import naming
from grader.suite.compare import difference

from .value_trees import other_leaf, same, tree


@given(tree)
def test_a_tree_is_its_leaves_in_their_places(value):
    assert same(values.map_leaves(lambda leaf: leaf, value), value)
    places = list(values.leaves(value))
    assert sorted(id(leaf) for _, leaf in places) == sorted(id(leaf) for leaf in values.flatten(value)[1])
    for path, leaf in places:
        assert values.at(value, path) is leaf
    pairs = list(values.zip_leaves(value, value))
    assert [path for path, _ in pairs] == [path for path, _ in places]
    assert all(left is other for _, (left, other) in pairs)


@pytest.mark.parametrize(
    ("tree", "other", "path"),
    [
        ((1, [2]), (1, (2,)), (1,)),
        ({"h": 1}, {"c": 1}, ()),
        ((1, {"h": (1, 2)}), (1, {"h": (1,)}), (1, "h")),
        (ops.Opaque("a"), ops.ListParameters(1), ()),
        (1, (1,), ()),
    ],
)
def test_trees_of_other_forms_do_not_match(tree, other, path):
    with pytest.raises(values.Mismatch) as info:
        list(values.zip_leaves(tree, other))
    assert info.value.path == path
    assert values.flatten(tree)[0] != values.flatten(other)[0]


def test_the_order_of_keys_does_not_matter():
    tree, other = {"h": np.ones(2), "c": (1.0, 2)}, {"c": (1.0, 2), "h": np.ones(2)}
    assert values.flatten(tree)[0] == values.flatten(other)[0]
    assert match.same_value(tree, other)
    assert difference(tree, other) is None


def test_bounds_hand_containers_on_as_leaves():
    kinds = values.map_leaves(lambda leaf: type(leaf).__name__, [1, (2, [3])], deepest=2)
    assert kinds == ["int", ("int", "list")]
    assert values.map_leaves(str, (1, [2, 3, 4]), longest=2) == ("1", "[2, 3, 4]")
    assert values.map_leaves(lambda leaf: leaf, ops.Opaque("a"), records=False) == ops.Opaque("a")


@given(tree)
def test_the_wire_and_the_host_keep_trees_as_they_are(value):
    assert same(wire.decode(wire.encode(value)), value)
    plain = as_plain(value)
    (answer,) = wire.decode_answers(wire.encode([ops.Value(plain)]))
    assert same(values.map_leaves(_number, answer.value), values.map_leaves(_number, value))


def _number(leaf: Any) -> Any:
    """A leaf as it is compared across the wire, where numbers without axes are arrays."""
    return np.asarray(leaf) if isinstance(leaf, np.generic) else leaf


@given(tree, st.data())
def test_whatever_is_changed_of_an_argument_is_seen(value, data):
    borrowed = lending.LentArguments()
    lent = borrowed.lend(value, "argument 1", lending.copy_of)
    assert same(lent, value)
    assert borrowed.changed() == ()
    original = [leaf.tobytes() for _, leaf in values.leaves(value) if isinstance(leaf, np.ndarray)]
    mutable = [
        (path, node)
        for path, node in values.nodes(lent)
        if isinstance(node, (list, dict)) or (isinstance(node, np.ndarray) and node.size)
    ]
    if not mutable:
        return
    path, node = data.draw(st.sampled_from(mutable))
    if isinstance(node, list):
        node.append(1)
    elif isinstance(node, dict):
        node["new"] = 1
    else:
        node += 1
    assert f"argument 1{values.path_text(path)}" in borrowed.changed()
    assert original == [leaf.tobytes() for _, leaf in values.leaves(value) if isinstance(leaf, np.ndarray)]


def test_a_replaced_entry_is_a_change():
    borrowed = lending.LentArguments()
    cache = borrowed.lend({"h": np.ones(2), 1: [1, 2]}, "cache", lending.copy_of)
    cache["h"] = cache["h"] * 2
    cache[1][0] = 5
    assert borrowed.changed() == ("cache", "cache[1]")


@given(tree)
def test_the_same_objects_are_recognised_and_other_numbers_never(value):
    for _, leaf in values.leaves(value):
        if isinstance(leaf, np.ndarray):
            leaf.flags.writeable = False
    copy = values.map_leaves(lambda leaf: leaf, value)  # other containers, the same leaves
    assert identical(value, copy)
    assert reference._identity(value) == reference._identity(copy)
    changed = other_leaf(value)
    if changed is not None:
        assert not identical(value, changed)
        assert reference._identity(value) != reference._identity(changed)


def test_a_list_that_a_test_changes_after_asking_is_another_question():
    lengths, plan = [3, 2], Plan()
    plan.start_item()
    plan.add((ops.Call("f", (lengths,)),))
    assert plan.holds(0, 0, (ops.Call("f", (lengths,)),))
    lengths[1] = 3
    assert not plan.holds(0, 0, (ops.Call("f", (lengths,)),))


@given(tree)
def test_widening_and_narrowing_change_arrays_alone(value):
    wide, narrow = reference._widen(value), reference._narrow(value)
    for changed, dtype in ((wide, np.float64), (narrow, np.float32)):
        assert values.flatten(changed)[0] == values.flatten(value)[0]
        leaves = values.flatten(changed)[1]
        assert all(leaf.dtype == dtype for leaf in leaves if isinstance(leaf, np.ndarray))


@given(tree)
def test_what_is_compared_is_compared_to_the_last_leaf(value):
    assert match.same_value(value, values.map_leaves(lambda leaf: leaf, value))
    assert difference(value, value) is None
    changed = other_leaf(value)
    if changed is not None:
        assert not match.same_value(changed, value)
        assert match.same_value(changed, value, True, changed) == match.same_value(
            changed, value, other=changed
        )
        assert difference(changed, value) is not None


@given(tree, tree)
def test_any_two_trees_can_be_compared(answer, want):
    assert match.same_value(answer, want) in (True, False)
    assert difference(answer, want) is None or difference(answer, want)
    assert match._constant(answer) in (True, False)
    assert match._entries(answer) >= 0


@given(tree)
def test_traces_tell_where_two_trees_differ(value):
    session = match.Session("f", ((0, 0),), ((ops.Call("f"),),), (True,))
    layout = traces.Layout(session, [[ops.Value(value)]])
    same_trace = layout.trace([[ops.Value(values.map_leaves(lambda leaf: leaf, value))]])
    assert not same_trace.apart(layout.reference)
    changed = other_leaf(value)
    if changed is not None:
        assert layout.trace([[ops.Value(changed)]]).apart(layout.reference)


@given(tree)
def test_whatever_is_shown_is_json(value):
    json.dumps(deviations.as_json(value), allow_nan=False)


@given(tree)
def test_code_to_paste_makes_the_same_tree(value):
    pasted = eval(paste._literal(value, "np.array", ""), {"np": np})
    again = values.map_leaves(
        lambda leaf: leaf.astype(np.float64) if isinstance(leaf, np.ndarray) else leaf, value
    )
    assert values.flatten(pasted)[0] == values.flatten(again)[0]
    for answer, want in zip(values.flatten(pasted)[1], values.flatten(again)[1], strict=True):
        assert np.asarray(answer).tolist() == np.asarray(want).tolist()


@given(tree)
def test_an_example_is_asked_in_either_dtype(value):
    cast = counterexample._as(value, np.float32)
    assert values.flatten(cast)[0] == values.flatten(value)[0]
    assert all(leaf.dtype == np.float32 for leaf in values.flatten(cast)[1] if isinstance(leaf, np.ndarray))


class Pair(torch.nn.Module):
    """Two states in, an output and two states out, as an LSTM has them."""

    def forward(self, x: Any, state: Any = None) -> Any:
        h, c = state
        return 2 * x, (3 * h + x, [5 * c])


def test_gradients_pass_through_nested_answers_and_arguments():
    subject = host.Host("pair")
    subject.module.__dict__["Pair"] = Pair
    x, h, c = (np.full((1, 2), number) for number in (1.0, 2.0, 3.0))
    unit = np.ones((1, 2))
    _, answered = subject.run((ops.Make(1, "Pair"), ops.Invoke(1, (x, (h, c)), {}, (unit, (unit, [unit])))))
    assert same(answered.value, (2 * x, (3 * h + x, [5 * c])))
    assert same(answered.input_gradients, (3 * unit, (3 * unit, 5 * unit)))
    _, only_c = subject.run((ops.Make(1, "Pair"), ops.Invoke(1, (x, (h, c)), {}, (None, (None, [unit])))))
    assert same(only_c.input_gradients, (None, (None, 5 * unit)))


@pytest.mark.parametrize(
    ("what", "value", "names"),
    [
        ("h_next", 1, ["h_next"]),
        ("outputs, (h, c)", (1, (2, 3)), ["outputs", "h", "c"]),
        ("outputs, state", (1, (2, 3)), ["outputs", "state[0]", "state[1]"]),
        ("(h, c)", (1, 2), ["h", "c"]),
        ("out, cache", (1, {0: 2, "z": [3]}), ["out", "cache[0]", "cache['z'][0]"]),
    ],
)
def test_parts_of_an_answer_have_names(what, value, names):
    assert [name for name, _ in naming.named_leaves(what, value)] == names


def tuples(value: Any) -> Any:
    """The same tree with tuples for lists."""
    if isinstance(value, (list, tuple)):
        return tuple(map(tuples, value))
    return {key: tuples(part) for key, part in value.items()} if isinstance(value, dict) else value


@given(tree)
def test_a_list_for_a_tuple_is_the_same_answer(value):
    assert match.same_value(tuples(value), value)
    assert difference(tuples(value), value) is None
    session = match.Session("f", ((0, 0),), ((ops.Call("f"),),), (True,))
    layout = traces.Layout(session, [[ops.Value(value)]])
    assert not layout.trace([[ops.Value(tuples(value))]]).apart(layout.reference)


@given(tree, tree)
def test_trees_agree_when_their_leaves_do(first, second):
    always = values.agree(lambda *leaves: True, first, second)
    assert always == (values.flatten(tuples(first))[0] == values.flatten(tuples(second))[0])
    assert values.agree(lambda mine, yours: mine is yours, first, first)
    assert values.agree(lambda *leaves: False, first, first) == (not values.flatten(first)[1])


def test_a_large_answer_of_another_form_is_refused_at_once():
    """Whatever a submission sends, comparing it with hundreds of mistakes costs next to nothing."""
    steps = []
    huge = [[0.0] * 1000] * 1000
    assert not values.agree(lambda *leaves: steps.append(leaves) or True, (1.0, [2.0]), (1.0, huge))
    assert len(steps) <= 2


def test_keys_in_another_order_are_the_same_form_whatever_they_are():
    for keys in (("b", "a"), (2, "a"), (("t", 1), None), (1.5, 2)):
        tree, other = ({key: number for number, key in enumerate(order)} for order in (keys, keys[::-1]))
        assert values.flatten(tree)[0] == values.flatten(other)[0]
        assert values.flatten(tree)[1] == values.flatten({**other, **tree})[1]
