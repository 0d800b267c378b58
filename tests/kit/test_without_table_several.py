"""Without a table, several mistakes at once: which edits are tried together."""

from __future__ import annotations

from types import SimpleNamespace

from grader.assignments import find_course, load
from grader.diagnose.edited import References
from grader.diagnose.without_table import WithoutTable
from grader.records import Diagnosis
from grader.validate import without_table

from .loading import ROOT

COURSE = find_course(ROOT)

TURNED = """
def turn(x):
    return x[::-1]


def both(x, y):
    first = turn(x)
    second = turn(y)
    return first + second
"""


class EveryOneDiffers:
    """Effects in which each edit answers otherwise, but for those named alike."""

    def __init__(self, same=()):
        self._same, self._numbers = same, {}

    def trace(self, number, variant):
        return True

    def alike(self, number, variant):
        key = "same" if any(text in variant.changes[0][1] for text in self._same) else variant
        return self._numbers.setdefault(key, len(self._numbers))


def tried_together(effects):
    table = WithoutTable(TURNED, References("both", TURNED), ["both"], {})
    question = type("Evidence", (), {"exercise": "both", "wrong": [0]})()
    return [
        variant
        for variant in table._different(question, effects, ())
        if variant.mistake.title == "`turn` is not applied"
    ]


def test_of_one_title_the_edits_that_differ_are_tried_together():
    """Who forgets to turn the second array and does something else besides is named as well."""
    lines = [variant.changes[0][1].strip() for variant in tried_together(EveryOneDiffers())]
    assert lines == ["first = (x)", "second = (y)"]
    (only,) = tried_together(EveryOneDiffers(same=["(x)", "(y)"]))
    assert "first = (x)" in only.changes[0][1]


def test_the_first_edits_of_all_titles_come_before_further_ones_of_any():
    table = WithoutTable(TURNED, References("both", TURNED), ["both"], {})
    question = type("Evidence", (), {"exercise": "both", "wrong": [0]})()
    mistakes = [variant.mistake.id for variant in table._different(question, EveryOneDiffers(), ())]
    count = len(set(mistakes))
    assert len(set(mistakes[:count])) == count < len(mistakes)


def test_sets_are_looked_for_in_one_way_of_what_no_edit_alone_finds():
    """In each way of the mistakes that the sample class has: names there are held against all of them."""
    assignment = load(COURSE, "rnn_cell")
    part = without_table.TablelessClaims(COURSE, assignment, assignment.solution.read_text(encoding="utf-8"))
    part._expected = {"one": ["no_bias"]}
    diagnosis = Diagnosis("auto_any", "Any", "?", ("rnn_cell_forward", "RNNCell"), "exact")
    nothing, named = (SimpleNamespace(diagnoses=several) for several in ((), (diagnosis,)))
    assert part.open_ways([named for _ in part.ways]) == []
    variants = {
        open_way.student: variant
        for open_way, variant in zip(part.ways, part._variants.values(), strict=True)
    }
    opened = [variants[open_way.student] for open_way in part.open_ways([nothing for _ in part.ways])]
    assert len(opened) < len(part.ways)
    assert {(variant.mistake.id, variant.exercise) for variant in opened} == {
        (variant.mistake.id, variant.exercise) for variant in variants.values()
    }
    ids = [variant.mistake.id for variant in variants.values()]
    assert 2 < ids.count("no_bias") == [variant.mistake.id for variant in opened].count("no_bias")
