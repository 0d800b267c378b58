"""Every module that walks trees of plain data is given trees of every form: here, or in test_values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import values
from grader.diagnose import dtypes, inlined, match, scopes, show
from grader.diagnose.behaviour import behaviour
from grader.diagnose.examples import Example
from grader.errors import SuiteError
from grader.problems import ExplainedProblem
from grader.repair import trials
from grader.subject import bounds, proxy
from grader.subject import operations as ops
from grader.subject.plain import plain
from grader.suite.recorder import Recorder

from .loading import ROOT
from .test_values import other_leaf, tree

#: From each module that walks trees to the test that gives it trees of every form.
WALKERS = {
    "diagnose.behaviour": "test_answers_of_another_form_are_other_behaviour",
    "diagnose.counterexample": "test_an_example_is_asked_in_either_dtype",
    "diagnose.deviations": "test_whatever_is_shown_is_json",
    "diagnose.dtypes": "test_an_answer_that_is_right_but_for_its_dtype_is_recognised_in_any_form",
    "diagnose.inlined": "test_arrays_are_seen_wherever_they_stand",
    "diagnose.match": "test_what_is_compared_is_compared_to_the_last_leaf",
    "diagnose.paste": "test_code_to_paste_makes_the_same_tree",
    "diagnose.scopes": "test_arrays_are_seen_wherever_they_stand",
    "diagnose.show": "test_any_wrong_answer_to_any_arguments_can_be_shown",
    "repair.trials": "test_a_part_that_is_wrong_is_seen_in_an_answer_of_any_form",
    "subject.bounds": "test_whatever_is_sent_is_let_in",
    "subject.lending": "test_whatever_is_changed_of_an_argument_is_seen",
    "subject.plain": "test_the_wire_and_the_host_keep_trees_as_they_are",
    "subject.plan": "test_the_same_objects_are_recognised_and_other_numbers_never",
    "subject.proxy": "test_arguments_are_asked_in_the_other_dtype",
    "subject.reference": "test_widening_and_narrowing_change_arrays_alone",
    "subject.tensors": "test_gradients_pass_through_nested_answers_and_arguments",
    "suite.compare": "test_any_two_trees_can_be_compared",
    "suite.naming": "test_parts_of_an_answer_have_names",
    "suite.recorder": "test_an_object_that_is_handed_back_is_refused_wherever_it_stands",
}
WALK = re.compile(r"\bvalues\.(?:map_leaves|flatten|leaves|parts|zip_leaves|agree|contents|nodes)\(")


def turned(value: Any) -> Any:
    """The same tree with its arrays in the other dtype."""
    other = {np.dtype("float32"): "float64", np.dtype("float64"): "float32"}
    return values.map_leaves(
        lambda leaf: leaf.astype(other[leaf.dtype]) if isinstance(leaf, np.ndarray) else leaf, value
    )


def arrays(value: Any) -> list[np.ndarray]:
    return [leaf for leaf in values.flatten(value)[1] if isinstance(leaf, np.ndarray)]


def with_object(value: Any, path: values.Path) -> Any:
    """The same tree with an object of the submission in the place of one leaf."""
    if not path:
        return ops.Opaque("a Cell")
    items = [
        (step, with_object(part, path[1:]) if step == path[0] else part) for step, part in values.parts(value)
    ]
    return dict(items) if isinstance(value, dict) else type(value)(part for _, part in items)


class Silent:
    """A subject that answers nothing."""

    def ask(self, batch: ops.Batch) -> list[ops.Answer]:
        return []


def recorder() -> Recorder:
    noting = Recorder(Silent())
    noting.plan.start_item()
    return noting


def test_every_module_that_walks_trees_is_listed_with_its_test():
    package = ROOT / "grader"
    walking = {
        path.relative_to(package).with_suffix("").as_posix().replace("/", ".")
        for path in package.rglob("*.py")
        if path.stem != "values" and WALK.search(path.read_text(encoding="utf-8"))
    }
    assert walking == WALKERS.keys()
    here = Path(__file__)
    text = "".join(path.read_text(encoding="utf-8") for path in (here, here.with_name("test_values.py")))
    assert not [test for test in WALKERS.values() if f"\ndef {test}(" not in text]


@given(tree)
def test_a_part_that_is_wrong_is_seen_in_an_answer_of_any_form(value):
    alike = trials.agreement([ops.Value(value)], [ops.Value(value)])
    assert alike
    assert all(alike)
    changed = other_leaf(value)
    if changed is not None:
        parts = trials.agreement([ops.Value(changed)], [ops.Value(value)])
        assert len(parts) == len(alike)
        assert parts.count(False) == 1


@given(tree)
def test_an_answer_that_is_right_but_for_its_dtype_is_recognised_in_any_form(value):
    assert dtypes._is_alike(turned(value), value, True)
    changed = other_leaf(value)
    assert changed is None or not dtypes._is_alike(changed, value, True)


@given(tree)
def test_answers_of_another_form_are_other_behaviour(value):
    session = match.Session("pair", ((0, 0),), ((ops.Call("pair"),),), (True,))

    def name(answer: Any) -> str:
        return behaviour("pair", [session], {0: [[ops.Value(answer)]]})

    changed = other_leaf(value)
    assert name(value) == name(values.map_leaves(lambda leaf: leaf, value))
    assert len({name(value), name((value,)), name(((value,),)), name({"h": value})}) == 4
    assert changed is None or name(changed) != name(value)


@given(tree, st.data())
def test_an_object_that_is_handed_back_is_refused_wherever_it_stands(value, data):
    recorder().ask((ops.Call("pair", (value,)),))
    paths = [path for path, _ in values.leaves(value)]
    if paths:
        held = with_object(value, data.draw(st.sampled_from(paths)))
        with pytest.raises(SuiteError, match="hands a Cell back"):
            recorder().ask((ops.Call("pair", (held,)),))


@given(tree)
def test_whatever_is_sent_is_let_in(value):
    bounds.check_value(ops.Value(plain(value)))


@given(tree)
def test_arguments_are_asked_in_the_other_dtype(value):
    cast = proxy._cast(value, np.float32)
    assert {array.dtype for array in arrays(cast)} <= {np.dtype(np.float32)}
    assert values.flatten(cast)[0] == values.flatten(value)[0]
    first = arrays(value)[:1]
    assert proxy._other_dtype(value) is (np.float32 if first and first[0].dtype == np.float64 else np.float64)
    proxy.check_plain((ops.Call("pair", (value,)),), "pair")


@given(tree)
def test_arrays_are_seen_wherever_they_stand(value):
    assert inlined.holds_arrays(Example("pair", {"x": value})) == bool(arrays(value))
    names = {array.dtype.name for array in arrays(value)}
    scope = [f"in {names.pop()}"] if len(names) == 1 else []
    session = match.Session("pair", ((0, 0),), ((ops.Call("pair", (value,)),),), (True,))
    assert scopes._of({}, session) == scope


@given(tree, tree)
def test_any_wrong_answer_to_any_arguments_can_be_shown(value, argument):
    def explained(*_: Any) -> ExplainedProblem:
        raise AssertionError("nothing was raised")

    for answer in (other_leaf(value), (value,), {"h": value}, None):
        example = show.counterexample(
            Example("pair", {"x": argument}), "call", [ops.Value(value)], [ops.Value(answer)], explained
        )
        json.dumps([example.inputs, example.expected, example.got], allow_nan=False)
