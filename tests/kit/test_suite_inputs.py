"""The inputs that a suite draws: the same for everyone in a course, and others in another one."""

from __future__ import annotations

import importlib
import sys

import pytest

from grader.assignments import find_course, load
from grader.subject import wire
from grader.suite import generator
from grader.suite.collect import with_suite
from grader.suite.inputs import use_course_seed

from . import course_factory as factory
from . import local_subject
from .conftest import ROOT
from .local_subject import graded

collected = local_subject.collected


def test_inputs_depend_on_the_course_and_the_name_and_on_nothing_else():
    use_course_seed("one")
    first = generator("a", 1).normal(size=3)
    assert (generator("a", 1).normal(size=3) == first).all()
    assert (generator("a", 2).normal(size=3) != first).any()
    assert (generator("a1").normal(size=3) != first).any()
    use_course_seed("two")
    assert (generator("a", 1).normal(size=3) != first).any()
    use_course_seed("")


DRAWN = '''\
import numpy as np
import pytest
from grader.suite import assert_close, generator, points

FIRST = generator("at import").normal()

@points(10, group="all")
@pytest.mark.parametrize("n", [1, 2])
def test_drawn(student, reference, rng, n):
    """drawn"""
    drawn = np.append(rng.normal(size=2), FIRST)
    pytest.skip(" ".join(map(str, drawn))) if student.scale(drawn, 1.0) is None else None
'''


def test_draws_are_the_same_for_everyone_and_other_in_another_course(collected):
    def work(suite):
        nothing = "def scale(x, factor):\n    return None"
        runs = [graded(suite, nothing, direct) for direct in (True, True, False)]
        return [[test.message for test in run] for run in runs]

    first, second, through_pytest = collected(work, suite=DRAWN, points="all = 10")
    assert first == second == through_pytest
    assert first[0].split()[:2] != first[1].split()[:2], "every case draws its own"
    assert first[0].split()[2] == first[1].split()[2]


def test_a_suite_draws_from_its_course_whoever_imported_it_before():
    course = find_course(ROOT)
    assignment = load(course, "rnn_cell")

    def inputs():
        plans = []
        with_suite(course, assignment, lambda suite: plans.append(suite.plan))
        return [wire.encode_batch(batch) for batches in plans[0].batches for batch in batches]

    first = inputs()
    loaded = sys.modules["tests.hidden.rnn_cell.spec"]
    for name in [name for name in sys.modules if name.startswith("tests.hidden.rnn_cell.")]:
        del sys.modules[name]
    use_course_seed("another")
    other = importlib.import_module("tests.hidden.rnn_cell.spec")
    use_course_seed("")
    assert (other.SMALL["x"] != loaded.SMALL["x"]).any()
    assert inputs() == first


def test_nothing_can_be_run_still_names_every_test(collected):
    results = collected(lambda suite: suite.results_without_a_test("because"))
    assert [(test.outcome, test.points, test.message) for test in results] == [("error", 0.0, "because")] * 4
    assert sum(test.max_points for test in results) == 10


OWN_RNG = '''\
import numpy as np
import pytest
from grader.suite import assert_shape, points


{fixture}


@points(10, group="all")
{marks}
def test_drawn(student, rng):
    """drawn"""
    assert rng == "own"
    assert_shape(student.scale(np.ones(2), 2.0), (2,))
'''


OWN_RNGS = {
    "fixture": OWN_RNG.format(fixture='@pytest.fixture\ndef rng():\n    return "own"', marks=""),
    "parameter": OWN_RNG.format(fixture="", marks='@pytest.mark.parametrize("rng", ["own"])'),
}


@pytest.mark.parametrize("kind", OWN_RNGS)
def test_an_rng_of_the_suites_own_is_the_one_it_gets(collected, kind):
    results = collected(lambda suite: graded(suite, factory.RIGHT), suite=OWN_RNGS[kind], points="all = 10")
    assert [test.outcome for test in results] == ["passed"]
