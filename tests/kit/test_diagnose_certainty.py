"""How sure a name is where several mistakes fit, and where one exercise uses another."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from grader.diagnose.search import Diagnoser
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.plan import Plan
from grader.subject.subjects import LocalSubject

from . import course_factory as factory
from .examining import rng

CHAIN = """\
def scale(x):
    return 2.0 * x + 1.0


def twice(x):
    return scale(scale(x))
"""


#: Ways of making `scale` give 2 x - 1, all alike in numbers.
ALIKE = ("2.0 * x - 1.0", "x + x - 1.0", "x - 1.0 + x", "2.0 * (x - 0.5)")


def chained(tmp_path, count=1, twins=False):
    """A diagnoser of two exercises, one of which uses the other, with `count` mistakes that give the same numbers."""
    _, tiny = factory.make_course(tmp_path)
    lines = ["from grader.diagnose import Mistake", "MISTAKES = ["]
    for number, expression in enumerate(ALIKE[:count]):
        declared = tuple(f"m{other}" for other in range(count) if other != number) if twins else ()
        lines.append(
            f"    Mistake('m{number}', 'T', 'H?', {{'scale': ('2.0 * x + 1.0', {expression!r})}}, twins={declared}),"
        )
    (tiny.hidden / "mistakes.py").write_text("\n".join([*lines, "]", ""]), encoding="utf-8")
    plan = Plan()
    plan.start_item()
    for size in (1, 2, 3):
        plan.add((ops.Call("scale", (rng.normal(size=size),)),))
        plan.add((ops.Call("twice", (rng.normal(size=size),)),))
    return Diagnoser(dataclasses.replace(tiny, exercises=("scale", "twice")), CHAIN, plan), plan


def transcript_of(plan, **source_of):
    """What was answered: each exercise by the program that is named for it."""
    subjects = {name: LocalSubject("chained", source) for name, source in source_of.items()}
    batches = plan.batches[0]
    return {
        (0, number): wire.encode(subjects[batch[0].function].ask(batch))
        for number, batch in enumerate(batches)
    }


WRONG = CHAIN.replace("2.0 * x + 1.0", "2.0 * x - 1.0")


def test_what_is_remembered_of_an_exercise_belongs_to_the_mistakes_before_it(tmp_path):
    """The same answers to `twice` follow from a wrong `scale`, or from nothing where `scale` is right."""
    examiner, plan = chained(tmp_path)
    follows = transcript_of(plan, scale=WRONG, twice=WRONG)
    of_its_own = transcript_of(plan, scale=CHAIN, twice=WRONG)
    assert examiner.examine(follows).failing == ("scale",)
    assert examiner.examine(of_its_own).failing == ("twice",)
    assert examiner.examine(follows).failing == ("scale",)


@pytest.mark.parametrize(
    ("count", "twins", "expected"),
    [
        (1, False, [("m0", "exact")]),
        (2, False, [("m0", "one of"), ("m1", "one of")]),
        (3, False, [("m0", "one of"), ("m1", "one of"), ("m2", "one of")]),
        (4, False, []),  # more would be a guess
        (2, True, [("m0", "exact")]),
    ],
)
def test_how_sure_a_name_is_when_several_fit(tmp_path, count, twins, expected):
    examiner, plan = chained(tmp_path, count, twins)
    findings = examiner.examine(transcript_of(plan, scale=WRONG, twice=WRONG))
    assert [(diagnosis.id, diagnosis.certainty) for diagnosis in findings.diagnoses] == expected
    # What follows from any of those that are offered is no failure of its own; from more than these nothing follows.
    assert findings.failing == (("scale",) if expected else ("scale", "twice"))


PIECES = """\
def scale(x):
    return 2.0 * x + 1.0


def summed(x):
    return scale(x).cumsum()
"""
AS_SUM, AS_STEP = "2.0 * x - 1.0", "2.0 * x + 1.0 - 2.0 * (np.abs(x) < 5.0)"


@pytest.fixture
def two_offered(tmp_path):
    """A diagnoser of two exercises; two mistakes of the first answer small numbers alike, and only the second is
    asked for large ones."""
    _, tiny = factory.make_course(tmp_path)
    entries = "".join(
        f"    Mistake('{name}', 'T', 'H?', {{'scale': ('2.0 * x + 1.0', {formula!r})}}),\n"
        for name, formula in (("everywhere", AS_SUM), ("where_small", AS_STEP))
    )
    entries += "    Mistake('raised', 'T', 'H?', {'summed': ('.cumsum()', '.cumsum() + 7.0')}),\n"
    (tiny.hidden / "mistakes.py").write_text(
        f"from grader.diagnose import Mistake\nMISTAKES = [\n{entries}]\n", encoding="utf-8"
    )
    plan = Plan()
    plan.start_item()
    for size in (1, 2, 3):
        plan.add((ops.Call("scale", (rng.normal(size=size),)),))
        plan.add((ops.Call("summed", (10.0 + rng.normal(size=size),)),))
        plan.add((ops.Call("summed", (rng.normal(size=size),)),))
    source = "import numpy as np\n\n\n" + PIECES
    return Diagnoser(dataclasses.replace(tiny, exercises=("scale", "summed")), source, plan), plan, source


@pytest.mark.parametrize(("formula", "name"), [(AS_STEP, "where_small"), (AS_SUM, "everywhere")])
def test_of_what_is_offered_what_explains_the_next_exercise_is_left(two_offered, formula, name):
    examiner, plan, source = two_offered
    wrong = source.replace("2.0 * x + 1.0", formula)
    findings = examiner.examine(transcript_of(plan, scale=wrong, summed=wrong))
    assert [(diagnosis.id, diagnosis.certainty) for diagnosis in findings.diagnoses] == [(name, "exact")]
    assert findings.failing == ("scale",)


def test_beside_what_is_offered_one_mistake_more_is_named_alone(two_offered):
    """What the next exercise lacks is one mistake, and no set of its own in which an offered one is called sure."""
    examiner, plan, source = two_offered
    wrong = source.replace("2.0 * x + 1.0", AS_STEP)
    twice_wrong = wrong.replace(".cumsum()", ".cumsum() + 7.0")
    findings = examiner.examine(transcript_of(plan, scale=wrong, summed=twice_wrong))
    assert {(diagnosis.id, diagnosis.certainty) for diagnosis in findings.diagnoses} == {
        ("everywhere", "one of"),
        ("where_small", "one of"),
        ("raised", "exact"),
    }


@pytest.mark.parametrize(
    ("second", "mistakes", "is_left_out"),
    [("", set(), False), (" + 7.0", {"raised"}, False), (" * 5.0 + 7.0", set(), True)],
)
def test_several_at_once_are_left_out_until_they_are_looked_for(two_offered, second, mistakes, is_left_out):
    """What one mistake explains is named at once; else it is said that sets would have to be looked for."""
    examiner, plan, source = two_offered
    wrong = transcript_of(plan, scale=source, summed=source.replace(".cumsum()", f".cumsum(){second}"))
    findings = examiner.examine(wrong, several=False)
    assert {diagnosis.id for diagnosis in findings.diagnoses} == mistakes
    assert findings.left_out == is_left_out
    assert not examiner.examine(wrong).left_out


def test_what_is_offered_explains_nothing_that_is_wrong_otherwise(two_offered):
    """The next exercise is wrong by itself as well, or right: then what is offered stays, and nothing is cleared."""
    examiner, plan, source = two_offered
    wrong = source.replace("2.0 * x + 1.0", AS_STEP)
    twice_wrong = wrong.replace(".cumsum()", ".cumsum() - 3.0")
    offered = [("everywhere", "one of"), ("where_small", "one of")]
    for summed, failing in ((twice_wrong, ("scale", "summed")), (source, ("scale",))):
        findings = examiner.examine(transcript_of(plan, scale=wrong, summed=summed))
        assert [(diagnosis.id, diagnosis.certainty) for diagnosis in findings.diagnoses] == offered
        assert findings.failing == failing


NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.second = nn.Linear(2, 2)

    def forward(self, x):
        return self.second(self.first(x))
"""


KEPT = NET.replace("self.first = nn.Linear(2, 2)", "self.kept = [nn.Linear(2, 2)]").replace(
    "self.first(", "self.kept[0]("
)


LATE = KEPT.replace("self.kept = [nn.Linear(2, 2)]\n", "self.kept = []\n").replace(
    "        return", "        self.kept = self.kept or [nn.Linear(2, 2)]\n        return"
)


OTHER_ORDER = KEPT.replace("self.kept = [nn.Linear(2, 2)]", "made = nn.Linear(2, 2)").replace(
    "self.second = nn.Linear(2, 2)\n",
    "self.second = nn.Linear(2, 2)\n        made = nn.Linear(2, 2)\n        self.kept = [made]\n",
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (KEPT, [("kept", "exact")]),
        (LATE, [("late", "exact")]),
        (OTHER_ORDER, [("kept", "one of"), ("late", "one of")]),
    ],
)
def test_weights_that_could_not_be_loaded_tell_apart_only_by_what_was_drawn(tmp_path, source, expected):
    """Two mistakes after which no weights can be loaded: their numbers are random, and those of one seed."""
    _, tiny = factory.make_course(tmp_path)
    (tiny.hidden / "mistakes.py").write_text(
        "from grader.diagnose import Mistake\n"
        "HELD = [('self.first = nn.Linear(2, 2)', 'self.kept = [nn.Linear(2, 2)]')]\n"
        "EMPTY = [('self.first = nn.Linear(2, 2)', 'self.kept = []')]\n"
        "USED = ('self.second(self.first(x))', 'self.second(self.kept[0](x))')\n"
        "MADE = ('return self.second(self.first(x))',"
        " 'self.kept = self.kept or [nn.Linear(2, 2)]\\nreturn self.second(self.kept[0](x))')\n"
        "MISTAKES = [\n"
        "    Mistake('kept', 'T', 'H?', {'Net': [tuple([*HELD, USED])]}),\n"
        "    Mistake('late', 'T', 'H?', {'Net': [tuple([*EMPTY, MADE])]}),\n"
        "]\n",
        encoding="utf-8",
    )
    plan = Plan()
    loaded = {
        f"{part}.{name}": np.ones((2, 2) if name == "weight" else 2, np.float32)
        for part in ("first", "second")
        for name in ("weight", "bias")
    }
    for size in (1, 2, 3):
        plan.start_item()
        plan.add((ops.Make(size, "Net", ()), ops.Load(size, loaded)))
        plan.add((ops.Invoke(size, (rng.normal(size=(size, 2)).astype(np.float32),)),))
    examiner = Diagnoser(dataclasses.replace(tiny, exercises=("Net",)), NET, plan)
    subject = LocalSubject("net", source)
    transcript = {
        (item, index): wire.encode(subject.ask(batch))
        for item, batches in enumerate(plan.batches)
        for index, batch in enumerate(batches)
    }
    assert [
        (diagnosis.id, diagnosis.certainty) for diagnosis in examiner.examine(transcript).diagnoses
    ] == expected
