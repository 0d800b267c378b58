"""A set of edits answers alike with switches and compiled by itself: the same numbers, the same words."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import numpy as np
import pytest

from grader.assignments import find_course, load
from grader.diagnose.edited import Edited
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Mistake, Variant, load_mistakes, variants
from grader.diagnose.noticing import is_plain
from grader.diagnose.source import Source
from grader.diagnose.switched import FIRST
from grader.errors import CourseError
from grader.subject import operations as ops

from .switching import EDITS, TEXT, answers, has_switches, ready, variant

ROOT = Path(__file__).parents[2]


STATE = "state = state + weight * row"


def test_every_two_of_them_answer_alike_and_take_as_many_steps():
    edits = [variant(name) for name in EDITS]
    source = ready(TEXT, edits)
    with_switches = 0
    for first in edits:
        for second in edits:
            if first is second:
                continue
            try:
                own = answers(source, (first, second), switched=False)
            except CourseError:
                assert not has_switches(source, (first, second))
                continue
            switched = answers(source, (first, second), switched=True)
            if switched is None:
                continue
            with_switches += 1
            assert switched == own or b"UnboundLocalError" in switched, (first.name, second.name)
    assert with_switches > 0.8 * len(edits) * (len(edits) - 1)


def test_what_has_no_value_is_told_in_the_words_of_its_own_code():
    edits = (variant("a name without a value"), variant("swapped results"))
    source = ready(TEXT, [*edits])
    assert b"UnboundLocalError" in (answers(source, edits, switched=True) or b"")
    batch = (ops.Call("total", (np.ones((4, 2)),), {}),)
    session = Session("total", ((0, 0),), (batch,), (True,))
    (((answer,),),) = [Edited("a", source, edits).answers(0, session)]
    assert isinstance(answer, ops.Raised)
    assert (answer.kind, answer.text) == ("NameError", "name 'weight' is not defined")


def test_edits_that_come_later_have_switches_after_some_sets():
    first, other = variant("another sum"), variant("other rows")
    late = variant("swapped results")
    source = ready(TEXT, [first, other])
    assert source.switched((first, other), "a.py") is not None
    refused = 0
    while source.switched((first, late), "a.py") is None:
        refused += 1
    assert refused == FIRST


#: Edits of one line that together are no text of the shape that stands there: they are compiled after some sets.
OF_ANOTHER_SHAPE = {
    "a loop": [
        (STATE, STATE + "\nfor one in kept:\n    one += 1.0"),
        (STATE, "state = state - weight * row"),
    ],
    "another name": [(STATE, STATE + "\nkept = kept[-1:]"), (STATE, "state = state - weight * row")],
    "variables in a sum": [
        ("result = np.stack(kept)", "result = np.stack(kept) * 3"),
        ("result = np.stack(kept)", "result = sum(one * weight for one in kept) + np.stack(kept)"),
    ],
}


@pytest.mark.parametrize("changes", OF_ANOTHER_SHAPE.values(), ids=list(OF_ANOTHER_SHAPE))
def test_what_no_stand_in_can_run_is_compiled_for_all_sets_after_some(changes):
    mistakes = (Mistake(change[1], title="", hint="", edits={}) for change in changes)
    edits = tuple(
        Variant(each, "total", "total", (change,)) for each, change in zip(mistakes, changes, strict=True)
    )
    others = [variant("swapped results"), variant("other rows")]
    source = ready(TEXT, [*edits, *others])
    own = answers(source, edits, switched=False)
    refused = 0
    while (switched := answers(source, edits, switched=True)) is None:
        refused += 1
    assert refused == 1 + FIRST  # the first one finds what is wanting
    assert switched == own != answers(source, edits[:1], switched=True)
    for other in others:
        more = (*edits, other)
        assert answers(source, more, switched=True) == answers(source, more, switched=False)
        assert answers(source, (edits[0], other), switched=True) == answers(
            source, (edits[0], other), switched=False
        )


def test_a_loop_of_another_header_is_one_site_with_what_is_changed_in_it():
    changes = (
        ("for row in x:", "for step in range(len(x)):\n    row = x[step] * step"),
        (STATE, "state = state - weight * row"),
        ("result = np.stack(kept)", "result = np.stack(kept[::-1])"),
    )
    windows = Variant(Mistake("windows", title="", hint="", edits={}), "total", "total", changes)
    others = [variant(name) for name in ("another sum", "another question", "swapped results")]
    source = ready(TEXT, [windows, *others])
    for other in others:
        own = answers(source, (windows, other), switched=False)
        assert answers(source, (windows, other), switched=True) == own


def test_an_edit_that_puts_in_what_another_one_replaces_is_no_program():
    first = Variant(
        variant("another sum").mistake, "total", "total", (("weight = 2.0", "weight = 2.0\n" + STATE),)
    )
    second = variant("another sum")
    source = ready(TEXT, [first, second])
    with pytest.raises(CourseError):
        source.switched((first, second), "a.py")
    with pytest.raises(CourseError):
        source.codes((first, second), "a.py")


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    f()\nexcept NameError:\n    pass",
        "f(locals())",
        "import inspect",
        "torch.jit.script(f)",
        "def f():\n    yield 1",
        "def f():\n    global x\n    x = 1",
        "with contextlib.suppress(NameError):\n    f()",
    ],
)
def test_code_that_could_notice_has_no_switches(code):
    assert not is_plain(ast.parse(code).body)
    text = TEXT + "\n\ndef other():\n" + "".join(f"    {line}\n" for line in code.split("\n"))
    edits = [variant("another sum"), variant("other rows")]
    assert ready(text, edits).switched(edits, "a.py") is None


@pytest.mark.parametrize("name", ["rnn_cell", "rnn", "birnn", "lstm", "gru", "bptt"])
def test_most_pairs_of_a_table_have_switches(name):
    """And none has that cannot be made together."""
    assignment = load(find_course(ROOT), name)
    source = Source((ROOT / "solutions" / name / f"{name}.py").read_text("utf-8"))
    every = variants(load_mistakes(assignment))
    for each in every:
        source.know(each)
    draw, accepted, refused = random.Random(3), 0, 0
    for _ in range(150):
        edits = tuple(draw.sample(every, 2))
        if edits[0].mistake is edits[1].mistake:
            continue
        try:
            source.edited(edits)
        except CourseError:
            assert not has_switches(source, edits), edits
            continue
        variant = source.switched(edits, "a.py")
        refused += variant is None
        accepted += variant is not None
    assert accepted > 4 * refused
