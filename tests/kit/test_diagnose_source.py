"""Edits of a source: put together, run in pieces as in a whole, and told where they do not fit."""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose.edited import References
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Mistake, apply, variants
from grader.diagnose.source import Source
from grader.errors import CourseError
from grader.subject import operations as ops
from grader.subject.subjects import LocalSubject

from . import examining
from .examining import REFERENCE

diagnoser = examining.diagnoser


TEXT = '''"""A module."""

from __future__ import annotations

import math; import cmath

# A comment.
@staticmethod
def one(x: Unknown):
    y = x + 1
    return two(y)


def two(x):
    return math.sqrt(x)


class Three:
    def one(self):
        return 1


AFTER = 3  # the end
'''


class Change:
    """An edit as the tables have it."""

    def __init__(self, place: str, *changes: tuple[str, str]) -> None:
        self.name, self.place, self.changes = f"change of {place}", place, changes


def run(codes) -> dict[str, object]:
    namespace: dict[str, object] = {}
    for code in codes:
        exec(code, namespace)
    return namespace


def test_a_source_is_the_same_when_put_together_again():
    assert Source(TEXT).whole([]) == TEXT


def test_an_edit_changes_its_place_only():
    edit = Change("Three.one", ("return 1", "two = 2\nreturn two"))
    changed = Source(TEXT).whole([edit])
    assert changed == TEXT.replace("        return 1", "        two = 2\n        return two")


def test_pieces_run_as_the_whole_does():
    namespace = run(Source(TEXT).codes([Change("one", ("x + 1", "x + 8"))], "a.py"))
    assert namespace["two"](16) == 4
    assert namespace["one"].__func__(1) == 3  # calls the `two` of its own namespace
    assert namespace["AFTER"] == 3


def test_edits_of_one_function_and_of_two_go_together():
    edits = [
        Change("one", ("x + 1", "x + 8")),
        Change("one", ("two(y)", "-two(y)")),
        Change("two", ("sqrt(x)", "sqrt(x + 7)")),
    ]
    assert run(Source(TEXT).codes(edits, "a.py"))["one"].__func__(1) == -4


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Change("one", ("z + 1", "z")), "stands 0 times"),
        (Change("four", ("x", "y")), "has no four"),
        (Change("Three.two", ("x", "y")), "has no Three.two"),
        (Change("one", ("x + 1", "x +")), "is no Python"),
    ],
)
def test_an_edit_that_cannot_be_made_is_told(edit, message):
    with pytest.raises(CourseError, match=message):
        Source(TEXT).codes([edit], "a.py")


def test_an_edited_reference_can_be_read_by_what_reads_source():
    """torch.jit.script compiles the text of a method, which each of two edits that are asked in turns must find."""
    text = (
        "import torch\n\n\nclass Gate(torch.nn.Module):\n    def forward(self, x):\n        return x * 2\n\n\n"
        "def scripted(x):\n    return torch.jit.script(Gate())(torch.as_tensor(x))\n"
    )
    session = Session("scripted", ((0, 0),), ((ops.Call("scripted", (np.ones(2),), {}),),), (True,))
    references = References("gates", text)
    mistakes = [
        Mistake(sign, "Other sign", "Which?", {"Gate.forward": ("x * 2", f"x {sign} 2")}) for sign in "+-"
    ]
    plus, minus = (references.of((variant,)) for variant in variants(mistakes))
    for number, (edited, want) in enumerate(
        [(plus, 3.0), (minus, -1.0), (references.of(()), 2.0), (plus, 3.0)]
    ):
        ((answer,),) = edited.answers(number, session)
        assert isinstance(answer, ops.Value), answer
        assert (answer.value == want).all()


def test_what_a_function_uses_is_known():
    source = Source(TEXT)
    assert source.reach("one") == {"one", "two"}
    assert source.reach("two") == {"two"}


def test_every_variant_runs_in_pieces_as_it_does_in_a_whole(diagnoser):
    """The reference edited and loaded like a submission answers as the one made of compiled pieces."""
    for variant in diagnoser.variants[::9]:
        whole = LocalSubject("rnn_cell", apply(REFERENCE, [variant]))
        pieces = diagnoser._references.of((variant,))
        for number, session in enumerate(diagnoser.sessions):
            answered = [whole.ask(batch) for batch in session.batches]
            assert pieces.fits(number, session, answered), (variant.name, session.batches)
