"""Arguments in another order than in the hand-out: said of what loses points, and of nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from grader.diagnose.search import Findings
from grader.messages import signatures
from grader.records import Chunk, Diagnosis, StudentSource
from grader.run import naming
from grader.run.path import Options, grade

from . import course_factory as factory

HANDOUT = """\
def step(x, h, w, lengths=None):
    ...


class Cell:
    def __init__(self, size, hidden):
        ...

    def forward(self, x, h=None, lengths=None):
        ...

    def helper(self, a, b):
        ...
"""


def hints(source: str) -> list[str]:
    diagnoses = signatures.diagnoses(
        ["step", "Cell"], HANDOUT, [Chunk("import numpy"), Chunk(source, "cell 2")]
    )
    assert all(diagnosis.certainty == "seen" and diagnosis.id == signatures.ID for diagnosis in diagnoses)
    return [diagnosis.hint for diagnosis in diagnoses]


@pytest.mark.parametrize(
    ("source", "takes"),
    [
        ("def step(h, x, w, lengths=None): ...", "h, x, w, lengths"),
        ("def step(x, w, lengths=None): ...", "x, w, lengths"),
        ("def step(self, x, h, w): ...", "x, h, w"),
        ("def step(x, scale=1, h=None, w=None): ...", "x, scale, h, w"),
        ("class Cell:\n    def forward(self, x, lengths=None, h=None): ...", "x, lengths, h"),
        ("class Cell:\n    def __init__(self, hidden, size): ...", "hidden, size"),
        ("def step(x, h, w): ...\ndef step(w, h, x): ...", "w, h, x"),
    ],
)
def test_arguments_at_other_places_are_told(source, takes):
    (hint,) = hints(source)
    assert f"takes {takes}. It is called as in the hand-out, with " in hint
    assert "(cell 2, line" in hint


@pytest.mark.parametrize(
    "source",
    [
        HANDOUT,
        "def step(inputs, state, weight, lengths=None): ...",
        "def step(x, h, w, lengths=None, more=3): ...",
        "def step(x, h, w): ...",
        "def step(*arguments): ...",
        "@wrapped\ndef step(h, x, w): ...",
        "step = make()",
        "class Cell:\n    def helper(self, b, a): ...",
        "class step:\n    def other(self, h, x): ...",
        "def broken(",
    ],
)
def test_other_names_and_other_functions_are_nobodys_business(source):
    assert hints(source) == []


@pytest.mark.parametrize(
    ("certainty", "harness", "is_said"),
    [
        ("exact", None, 0),
        ("pair", None, 0),
        ("several", None, 0),
        ("partly", None, 1),
        ("exact", "a harness", 0),
    ],
)
def test_a_sure_name_says_enough_and_a_harness_calls_as_it_likes(certainty, harness, is_said):
    suite = SimpleNamespace(bench=SimpleNamespace(harness=harness, source=HANDOUT))
    source = StudentSource("step", (Chunk("def step(h, x, w): ..."),))
    named = Diagnosis("other", "Other", "", ("step",), certainty)
    assert len(naming.findings_in_source(suite, source, Findings((named,), ("step",)))) == is_said
    unnamed = naming.findings_in_source(suite, source, Findings((), ("step",)))
    assert len(unnamed) == (harness is None)


def test_who_loses_points_reads_it_and_who_does_not_reads_nothing(tmp_path, warm_zygotes):
    course, assignment = factory.make_course(tmp_path)
    turned = factory.RIGHT.replace("def scale(x, factor)", "def scale(factor, x)")
    wrong = turned.replace("x * factor", "x - factor")
    submissions = [factory.submission("right", turned), factory.submission("wrong", wrong)]
    right, lost = grade(course, assignment, submissions, options=Options(workers=1))
    assert (right.score, right.diagnoses) == (right.max_score, ())
    assert [(diagnosis.title, diagnosis.functions) for diagnosis in lost.diagnoses] == [
        (signatures.TITLE, ("scale",))
    ]
    (unasked,) = grade(course, assignment, submissions[1:], options=Options(workers=1, diagnose=False))
    assert unasked.diagnoses == ()
