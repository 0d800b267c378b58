"""The host: every operation, and that nothing a module does comes out of `run` as anything but an answer."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from grader.subject import operations as ops
from grader.subject.host import Host
from grader.subject.lending import LentArguments, copy_of

from . import hosting
from .hosting import SOURCE, X, from_object, last_answer

host = hosting.host


def test_a_function_gets_copies_and_gives_arrays(host):
    frozen = X.copy()
    frozen.flags.writeable = False
    answer = last_answer(host, ops.Call("spoil", (frozen,)))
    assert np.array_equal(answer.value, X + 1)
    assert np.array_equal(frozen, X)


def test_changed_arguments_are_named(host):
    assert last_answer(host, ops.Call("double", (X,), {"extra": X})).changed == ()
    call = ops.Call("spoil", (X,), {"lengths": [1, 2], "others": (X + 1, X + 2)})
    assert last_answer(host, call).changed == ("argument 1", "lengths", "others[0]", "others[1]")


def test_a_change_that_is_taken_back_is_none(host):
    source = "def f(x):\n    x += 1\n    x -= 1\n    x[0, 0] = float('nan')\n    x[0, 0] = 0\n    return x"
    mine = Host("other")
    mine.load([(source, "")])
    assert last_answer(mine, ops.Call("f", (X,))).changed == ()
    nan = np.array([np.nan])
    mine.load([("def f(x):\n    return x", "")])
    assert last_answer(mine, ops.Call("f", (nan,))).changed == (), "NaN is not a change"


def test_containers_stay_what_they_are(host):
    value = last_answer(host, ops.Call("pair", (X,))).value
    assert isinstance(value, list)
    assert isinstance(value[1], tuple)
    assert value[1][1] is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_are_loaded_and_the_module_takes_on_their_dtype(host, dtype):
    weight = np.array([[1, 2], [3, 4]], dtype)
    answer = from_object(host, ops.Load(1, {"cell.weight": weight}), ops.Invoke(1, (X.astype(dtype),)))
    assert answer.value.dtype == dtype
    assert np.array_equal(answer.value, X.astype(dtype) @ weight)
    again = last_answer(host, ops.Load(1, {"cell.weight": 2 * weight}), ops.Invoke(1, (X.astype(dtype),)))
    assert np.array_equal(again.value, 2 * answer.value)


def test_a_weight_that_is_not_registered_is_set_and_has_its_gradient(host):
    hidden = np.array([5.0, 6.0], np.float32)
    x = X.astype(np.float32)
    answer = from_object(host, ops.Load(1, {"hidden": hidden}), ops.Invoke(1, (x * 0,)))
    assert np.array_equal(answer.value[0], hidden)
    listed = from_object(host, ops.ListParameters(1)).value
    assert set(listed) == {"cell.weight", "bias"}
    assert (listed["cell.weight"].trainable, listed["bias"].trainable) == (True, False)


def test_gradients_are_right_and_do_not_add_up_over_calls(host):
    weight = np.array([[1.0, 2.0], [3.0, 4.0]])
    load = ops.Load(1, {"cell.weight": weight})
    answer = from_object(host, load, ops.Invoke(1, (X,), {}, (np.ones((3, 2)),)))
    assert np.allclose(answer.input_gradients[0], np.ones((3, 2)) @ weight.T)
    assert np.allclose(answer.parameter_gradients["cell.weight"], X.T @ np.ones((3, 2)))
    assert answer.parameter_gradients["bias"] is None, "it is not trained"
    again = last_answer(host, ops.Invoke(1, (X,), {}, (np.ones((3, 2)),)))
    # Not compared with the first answer: that shares its memory with what is added to.
    assert np.allclose(again.parameter_gradients["cell.weight"], X.T @ np.ones((3, 2))), (
        "gradients do not add up over calls"
    )


def test_gradients_of_what_is_detached_are_none(host):
    load = ops.Load(1, {"cell.weight": np.eye(2)})
    answer = from_object(host, load, ops.Invoke(1, (X,), {}, (np.ones((3, 2)),)), kwargs={"detach": True})
    assert answer.input_gradients == (None,)
    assert answer.parameter_gradients["cell.weight"] is None


def test_an_output_without_cotangent_is_left_out(host):
    load = ops.Load(1, {"cell.weight": np.eye(2)})
    both = from_object(host, load, ops.Invoke(1, (X, X), {}, (np.ones((3, 2)), None)))
    assert both.input_gradients[1] is None
    assert np.array_equal(both.input_gradients[0], np.ones((3, 2)))


@pytest.mark.parametrize("cotangents", [(np.ones((3, 2)), np.ones(1)), (np.ones((2, 3)),), ()])
def test_cotangents_that_do_not_fit_give_the_value_alone(host, cotangents):
    answer = from_object(host, ops.Load(1, {"cell.weight": np.eye(2)}), ops.Invoke(1, (X,), {}, cotangents))
    assert answer.input_gradients is None
    assert np.array_equal(answer.value, X)


def test_integers_and_none_have_no_gradient(host):
    call = ops.Invoke(1, (X, None, (1, 2, 1)), {}, (np.ones((3, 2)),))
    answer = from_object(host, ops.Load(1, {"cell.weight": np.eye(2)}), call)
    assert answer.input_gradients[1:] == (None, None)


def test_an_exception_in_the_backward_pass_says_so(host):
    (_, answer) = host.run((ops.Make(1, "Bad"), ops.Invoke(1, (X,), {}, (np.ones((3, 2)),))))
    assert (answer.kind, answer.stage, answer.text) == ("RuntimeError", "backward", "backwards")


def test_calls_without_cotangents_record_no_graph():
    mine = Host("graph")
    mine.load(
        [
            (
                SOURCE
                + "\nclass T(nn.Module):\n    def forward(self, x):\n        return torch.is_grad_enabled()",
                "",
            )
        ]
    )
    assert last_answer(mine, ops.Make(1, "T"), ops.Invoke(1, (X,))).value is False


def test_objects_that_are_no_modules(host):
    answer = from_object(
        host, ops.Load(1, {"w": np.array([1.0, 2.0])}), ops.Invoke(1, (X,)), name="Plain", args=()
    )
    assert np.array_equal(answer.value, X + np.array([1.0, 2.0]))
    assert last_answer(host, ops.ListParameters(1)).value == {}


@pytest.mark.parametrize(
    ("name", "shape", "kind", "text"),
    [
        ("cell.weigth", (2, 2), "NoSuchWeight", "cell.weigth"),
        ("cell.linear.weight", (2, 2), "NoSuchWeight", "cell.linear.weight"),
        ("forward", (2, 2), "NoSuchWeight", "forward"),
        ("cell.weight", (2, 3), "WeightShape", "cell.weight (2, 2) (2, 3)"),
    ],
)
def test_weights_that_are_not_there(host, name, shape, kind, text):
    answers = host.run((ops.Make(1, "Net"), ops.Load(1, {name: np.zeros(shape)}), ops.Invoke(1, (X,))))
    assert len(answers) == 2, "the first exception ends a batch"
    assert (answers[1].kind, answers[1].text, answers[1].stage) == (kind, text, "weights")


def test_what_is_missing_comes_with_a_near_name(host):
    assert last_answer(host, ops.Call("doubel")) == ops.Raised("Missing", "double", "call")
    assert last_answer(host, ops.Make(1, "net")) == ops.Raised("Missing", "Net", "construct")
    assert last_answer(host, ops.Call("unlike_anything")).text == ""


def test_frames_are_the_students_own(host):
    answer = last_answer(host, ops.Call("outer", (X,)))
    assert answer.kind == "ValueError"
    assert [(frame.function, frame.line) for frame in answer.frames] == [("outer", 21), ("inner", 24)]
    assert len(answer.text) <= 300
    through_numpy = last_answer(host, ops.Call("double", ("a", "b", "c")))
    assert through_numpy.frames == (), "the call itself failed, so no line of the student's was reached"


def test_deep_recursion_keeps_both_ends(host):
    answer = last_answer(host, ops.Call("recurse", (0,)))
    assert answer.kind == "RecursionError"
    assert 2 <= len(answer.frames) <= 10


def test_the_stage_of_a_constructor(host):
    assert host.run((ops.Make(1, "NoInit"),)) == [
        ops.Raised("TypeError", "not yet", "construct", (ops.Frame("", SOURCE.count("\n"), "__init__"),))
    ]


def test_random_students_are_the_same_every_time():
    draws = []
    for _ in range(2):
        mine = Host("random")
        mine.load([(SOURCE, "")])
        draws.append((last_answer(mine, ops.Call("draws")), from_object(mine, ops.ListParameters(1))))
    assert repr(draws[0]) == repr(draws[1])
    again = from_object(mine, ops.ListParameters(1))
    assert repr(again) == repr(draws[0][1]), "every object starts alike, whatever was drawn before"


def test_a_cell_that_raises_does_not_stop_the_next():
    mine = Host("cells")
    loaded = mine.load(
        [("x = 1", "cell 1"), ("\n1 / 0", "cell 2"), ("def (", "cell 3"), ("y = x + 1", "cell 4")]
    )
    assert [
        (failure.kind, failure.frames[-1].label, failure.frames[-1].line) for failure in loaded.failures
    ] == [
        ("ZeroDivisionError", "cell 2", 2),
        ("Syntax", "cell 3", 1),
    ]
    assert mine.module.y == 2


@pytest.mark.parametrize(
    "source", ["raise SystemExit(3)", "import sys; sys.exit()", "raise KeyboardInterrupt", "exit()"]
)
def test_ending_the_program_is_an_exception_like_others(source):
    loaded = Host("ends").load([(source, "")])
    assert loaded.failures[0].kind in ("SystemExit", "KeyboardInterrupt")


def test_only_the_jail_enters_a_module_where_imports_find_it():
    Host("not_to_be_found").load([("x = 1", "")])
    assert "not_to_be_found" not in sys.modules


def test_a_dataclass_and_a_type_hint_can_be_written():
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Weights:\n    w: int = 3\ndef f() -> int:\n    return Weights().w"
    )
    mine = Host("registered_answer", register=True)
    try:
        assert mine.load([(source, "")]).failures == ()
        assert last_answer(mine, ops.Call("f")).value == 3
    finally:
        del sys.modules["registered_answer"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda tree: None, ()),
        (lambda tree: tree[0].fill(7), ("x[0]",)),
        (lambda tree: tree[1][1]["h"].fill(7), ("x[1][1]['h']",)),
        (lambda tree: tree[1][1].update(h=0), ("x[1][1]",)),
        (lambda tree: tree[2].append(1), ("x[2]",)),
    ],
)
def test_what_is_lent_is_a_copy_whose_changes_are_known_by_their_place(change, names):
    tree = (np.ones(2), (1.5, {"h": np.ones(3)}), [np.ones(1)], None)
    borrowed = LentArguments()
    lent = borrowed.lend(tree, "x", copy_of)
    change(lent)
    assert borrowed.changed() == names
    assert tree[0].tolist() == [1, 1]
    assert tree[1][1]["h"].tolist() == [1, 1, 1]
    assert len(tree[2]) == 1
