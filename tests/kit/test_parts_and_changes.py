"""What is said where no set of mistakes explains everything: what changes from call to call, what explains a part."""

from __future__ import annotations

import pytest

from benchmarks.named import Programs
from grader.diagnose.scopes import scopes, signature
from grader.diagnose.unread import unread
from grader.messages.page import diagnosis_groups
from tests.kit.switches import program

STEP = "new = np.tanh(net)"
#: Without lengths two mistakes; with lengths something that nobody has a name for.
TWO_WITHOUT_LENGTHS = "new = np.tanh(np.tanh(net - bias)) if lengths == n * [steps] else np.cos(net) / 3"


@pytest.fixture(scope="module")
def programs():
    return Programs("rnn")


def named_in_forward(programs, source):
    """The id, certainty and scope of what is named in rnn_forward."""
    return [
        (diagnosis.id, diagnosis.certainty, diagnosis.scope)
        for diagnosis in programs.examined(source)
        if "rnn_forward" in diagnosis.functions
    ]


def edited(old: str, new: str) -> str:
    source = program("rnn")
    assert source.count(old) == 1
    return source.replace(old, new)


def test_answers_that_change_are_said(programs):
    """Random noise that no mistake of the table makes."""
    source = edited(STEP, "new = np.tanh(net) + np.random.rand()")
    assert named_in_forward(programs, source) == [("answers_change", "seen", "")]


def test_something_kept_from_the_last_call_is_said(programs):
    source = edited(
        STEP,
        "rnn_forward.calls = getattr(rnn_forward, 'calls', 0) + 1; new = np.tanh(net) * rnn_forward.calls",
    )
    assert named_in_forward(programs, source) == [("answers_change", "seen", "")]


def test_a_mistake_that_explains_a_part_is_named_with_it(programs):
    """Without lengths it has no bias; with lengths it does something that nobody has a name for."""
    source = edited(STEP, "new = np.tanh(net - bias) if lengths == n * [steps] else np.cos(net) / 3")
    assert named_in_forward(programs, source) == [("no_bias", "partly", "without `lengths`")]


def test_mistakes_that_explain_a_part_together_are_named_with_it(programs):
    source = edited(STEP, TWO_WITHOUT_LENGTHS)
    assert named_in_forward(programs, source) == [
        ("tanh_twice", "partly", "without `lengths`"),
        ("no_bias", "partly", "without `lengths`"),
    ]


def test_three_mistakes_that_explain_a_part_in_one_dtype_are_named(programs):
    source = edited(
        STEP,
        "new = np.tanh(np.tanh(net - bias)) if x.dtype == np.float64 else np.cos(net) / 3",
    ).replace("return np.stack(seq, 1), h", "return np.stack(seq, 1), h0")
    named = named_in_forward(programs, source)
    assert {id for id, _, _ in named} == {"tanh_twice", "no_bias", "last_state_is_initial"}
    assert {(certainty, scope) for _, certainty, scope in named} == {("partly", "in float64")}


def test_what_explains_no_part_by_itself_is_not_said(programs):
    source = edited(STEP, "new = np.cos(net) / 3")
    assert named_in_forward(programs, source) == []


def test_the_page_says_of_which_part_a_mistake_is_named(programs):
    source = edited(STEP, "new = np.tanh(net - bias) if lengths == n * [steps] else np.cos(net) / 3")
    (lead, _), *_ = diagnosis_groups(programs.examined(source))
    assert (
        lead == "In `rnn_forward`, without `lengths` it answers as with this mistake (elsewhere it differs):"
    )


def test_the_page_says_that_it_takes_all_of_them(programs):
    source = edited(STEP, TWO_WITHOUT_LENGTHS)
    (lead, members), *_ = diagnosis_groups(programs.examined(source))
    assert len(members) == 2
    assert lead == (
        "In `rnn_forward`, without `lengths` it answers as with these mistakes together (elsewhere it differs):"
    )


def test_arguments_are_told_by_their_names():
    source = "class A:\n    def forward(self, x, h=None, *, lengths=None): pass\ndef f(x, b): pass"
    assert signature(source, "A") == {"x": False, "h": True}
    assert signature(source, "f") == {"x": False, "b": False}
    assert signature(source, "g") == {}
    assert scopes({"x": False}, {}) == {}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("return x + h", {2}),
        ("h = 0 * x\n    return h + k", {1}),
        ("if True:\n        h = 0\n    return h + k + x", {1}),
        ("if k:\n        h = 0\n    return h + x", set()),
        ("h += x\n    return k", set()),
        ("return locals()", set()),
    ],
)
def test_arguments_whose_value_is_never_read_are_seen(body, places):
    assert unread([f"def step(x, h, k):\n    {body}\n"], "step") == places


def test_the_last_definition_counts_and_no_python_says_nothing():
    assert unread(["def f(x): return x", "def f(x): return 0"], "f") == {0}
    assert unread(["def f(x): return 0", "%magic"], "f") == frozenset()
