"""Pairs of mistakes of which one changes what an `if` asks, and the other what stands in its block."""

from __future__ import annotations

from grader.diagnose.mistakes import Mistake, variants
from grader.diagnose.opened import opened
from grader.diagnose.source import Source

TEXT = '''
def unroll(x, state=None):
    """All states."""
    if state is None:
        size = len(x)
        state = [0.0] * size
    else:
        state = list(state)
    return [state for _ in x]


def other(x):
    return x
'''


def pairs(**edits):
    """The pairs among some edits, by name."""
    mistakes = [
        Mistake(name, title=name, hint=name, edits={edit[0]: edit[1:]}) for name, edit in edits.items()
    ]
    every = opened(Source(TEXT), variants(mistakes))
    return [tuple(variant.mistake.id for variant in pair) for pair in every]


IGNORED = ("unroll", "if state is None:", "if True:")
ONES = ("unroll", "[0.0] * size", "[1.0] * size")
SHARED = ("unroll", "state = list(state)", "pass")


def test_what_stands_in_either_block_goes_with_what_the_if_asks():
    assert pairs(ones=ONES, ignored=IGNORED, shared=SHARED) == [("ignored", "ones"), ("ignored", "shared")]


def test_what_stands_elsewhere_does_not():
    assert not pairs(ignored=IGNORED, first=("unroll", "for _ in x", "for _ in x[1:]"))
    assert not pairs(ignored=IGNORED, elsewhere=("other", "return x", "return 2 * x"))


def test_what_changes_the_question_as_well_is_no_second_one():
    whole = ("unroll", "if state is None:\n        size = len(x)", "if not state:\n        size = 1")
    assert not pairs(ignored=IGNORED, whole=whole)


def test_two_ways_of_one_mistake_are_no_pair():
    mistake = Mistake("ways", title="", hint="", edits={"unroll": [IGNORED[1:], ONES[1:]]})
    assert not opened(Source(TEXT), variants([mistake]))


def test_an_edit_that_does_not_apply_is_left_to_where_it_is_made():
    assert not pairs(ignored=IGNORED, missing=("unroll", "no such text", ""), lost=("nowhere", "x", "y"))
