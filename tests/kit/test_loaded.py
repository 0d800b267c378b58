"""A program with switches that is loaded once answers each set as one that is loaded for this set alone."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from grader.diagnose import loaded
from grader.diagnose.edited import Edited
from grader.diagnose.loaded import Loads
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Mistake, Variant
from grader.diagnose.source import Source
from grader.errors import CourseError
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.subjects import LocalSubject

TEXT = '''\
import random

import numpy as np

SCALE = 2.0


def scaled(row):
    return SCALE * row


class Sum:
    """The sum over all rows."""

    def __init__(self, size):
        self.size = size

    def __call__(self, x, start=None):
        if start is None:
            start = 0.0
        state = start
        for row in x:
            state = state + scaled(row)
        return state


def total(x, start=None):
    result = Sum(3)(x, start)
    return result
'''

STATE = "state = state + scaled(row)"
CALL = ("Sum.__call__",)
EDITS = {
    "another start": ("Sum.__call__", ("start = 0.0", "start = 1.0")),
    "a start of another size": ("Sum.__call__", ("start = 0.0", "start = np.ones(5)")),
    "another sum": ("Sum.__call__", (STATE, "state = state - scaled(row)")),
    "other rows": ("Sum.__call__", ("for row in x:", "for row in x[1:]:")),
    "an object": ("Sum.__init__", ("self.size = size", "self.size = size + 1")),
    "kept in the class": (
        "Sum.__call__",
        ("state = start", 'state = start + getattr(Sum, "seen", 0.0)\nSum.seen = 1.0'),
    ),
    "kept in a function": (
        "total",
        (
            "return result",
            'total.seen = getattr(total, "seen", 0.0) + 1.0\nreturn result + total.seen',
        ),
    ),
    "drawn": ("scaled", ("return SCALE * row", "return SCALE * row + random.random() + np.random.rand()")),
    "no name": ("scaled", ("return SCALE * row", "return scale * row")),
}


def variant(name: str) -> Variant:
    place, change = EDITS[name]
    return Variant(Mistake(name, title="", hint="", edits={}), "total", place, (change,))


def session(number: int) -> Session:
    x = np.arange(8.0 + 4 * number).reshape(-1, 4)
    batch = (ops.Call("total", (x,) if number < 2 else (x, np.ones(4)), {}),)
    return Session("total", ((number, 0),), (batch,), (True,))


SESSIONS = [session(number) for number in range(4)]


def encoded(edited: Edited, number: int) -> list[bytes]:
    return [wire.encode([*answers]) for answers in edited.answers(number, SESSIONS[number])]


def ready(text: str = TEXT) -> tuple[Source, list[Variant]]:
    source, edits = Source(text), [variant(name) for name in EDITS]
    for edit in edits:
        source.know(edit)
    return source, edits


def test_any_sets_answer_alike_however_many_were_asked_before():
    source, edits = ready()
    loads, draw = Loads("a"), random.Random(5)
    compared = 0
    for _ in range(300):
        some = tuple(draw.sample(edits, draw.choice((2, 3))))
        number = draw.randrange(len(SESSIONS))
        try:
            alone = encoded(Edited("a", source, some), number)
        except CourseError:
            continue
        assert encoded(Edited("a", source, some, loads=loads), number) == alone, [edit.name for edit in some]
        compared += 1
    assert compared > 250


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[ops.Batch]:
    """What programs are asked."""
    batches: list[ops.Batch] = []
    ask = LocalSubject.ask
    monkeypatch.setattr(LocalSubject, "ask", lambda self, batch: batches.append(batch) or ask(self, batch))
    return batches


def asked(loads: Loads, source: Source, names: str, number: int) -> list[bytes]:
    return encoded(
        Edited("a", source, tuple(variant_of[name] for name in names.split(" + ")), loads=loads), number
    )


variant_of = {name: variant(name) for name in EDITS}


def test_what_runs_the_same_text_is_not_run_again(runs):
    source, loads = Source(TEXT), Loads("a")
    for each in variant_of.values():
        source.know(each)
    first = asked(loads, source, "another sum + an object", 2)
    assert len(runs) == 1
    assert (
        asked(loads, source, "another sum + an object + another start", 2) == first
    )  # a start is given there
    assert len(runs) == 1
    assert asked(loads, source, "another sum + an object + another start", 0) != first
    assert len(runs) == 2
    raised = asked(loads, source, "a start of another size + another sum", 0)
    assert len(runs) == 3
    assert b"broadcast" in raised[0]
    assert asked(loads, source, "a start of another size + another sum + other rows", 0)
    assert len(runs) == 4  # it goes over other rows before it raises


def test_texts_that_stand_in_one_place_are_told_apart(runs):
    """Each runs by a stand-in, also after what was put together for sets has been forgotten."""
    sums = [
        "state = state - scaled(row)",
        "state = state + scaled(row) * 3",
        "state = state + scaled(row[:1])",
    ]
    edits = [
        Variant(Mistake(new, title="", hint="", edits={}), "total", "Sum.__call__", ((STATE, new),))
        for new in sums
    ]
    source, loads = Source(TEXT), Loads("a")
    for each in edits:
        source.know(each)
    answers = []
    for some in itertools.combinations(edits, 2):
        try:
            own = encoded(Edited("a", source, some), 0)
        except CourseError:
            continue
        for _ in range(2):
            assert encoded(Edited("a", source, some, loads=loads), 0) == own
            source.forget()
        answers.append(own)
    assert len(answers) > 1
    assert answers[0] != answers[1]


def test_only_so_many_answers_are_kept(runs, monkeypatch):
    monkeypatch.setattr(loaded, "MOST_KEPT", 2)
    source, loads = Source(TEXT), Loads("a")
    for each in variant_of.values():
        source.know(each)
    for number in (0, 1, 0, 2, 0):
        asked(loads, source, "another sum + an object", number)
    assert len(runs) == 4  # of the last one the answer was forgotten


@pytest.mark.parametrize(
    "more",
    [
        "SEEN = []\n",
        "def first(x, seen=[]):\n    return x\n",
        "class Kept:\n    seen = {}\n",
        "def outer():\n    seen = []\n    def inner():\n        return seen\n    return inner\n\n\ninner = outer()\n",
        "LIMIT = total(np.ones((2, 4)))\n",
    ],
    ids=["a list", "a default", "in a class", "in a closure", "computed with switches"],
)
def test_what_could_keep_something_is_loaded_anew_for_each_set(more):
    source, edits = ready(TEXT + "\n\n" + more)
    loads = Loads("a")
    codes, switches = source.switched((edits[0], edits[2]), "a.py") or pytest.fail("no switches")
    assert loads.answers(codes, switches, 0, SESSIONS[0], 0) is None
    assert encoded(Edited("a", source, (edits[0], edits[2]), loads=loads), 0) == encoded(
        Edited("a", source, (edits[0], edits[2])), 0
    )
