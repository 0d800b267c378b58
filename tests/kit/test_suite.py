"""The suite's engine: collecting, points, and that the fast way of running a test gives pytest's own verdicts."""

from __future__ import annotations

import importlib
import os
import sys

import pytest

from grader.assignments import find_course, load
from grader.errors import SuiteError
from grader.records import StudentSource
from grader.subject import wire
from grader.subject.subjects import LocalSubject
from grader.suite import generator
from grader.suite.collect import with_suite
from grader.suite.inputs import use_course_seed
from grader.suite.points import check_total

from . import course_factory as factory
from .conftest import ROOT


class Local(LocalSubject):
    """A submission in this process, for tests that are not about the jail."""

    def __init__(self, source: str, name: str = "local_submission") -> None:
        super().__init__(name, source)

    def start_item(self, number: int) -> None:
        pass


@pytest.fixture
def collected(tmp_path, monkeypatch):
    """Collect a suite in a course of its own and work with it inside its session."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    count = iter(range(100))

    def collect(work=lambda suite: None, **options):
        course, assignment = factory.make_course(tmp_path / f"course {next(count)}", **options)
        items = []

        def inside(suite):
            suite.rehearse()
            items.append(work(suite))

        with_suite(course, assignment, inside)
        return items[0]

    yield collect
    use_course_seed("")


def test_no_variable_of_pytests_reaches_the_suite(collected, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert collected(lambda suite: len(suite.items)) == 4
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option", "what the caller has is put back"
    assert os.environ["PYTEST_PLUGINS"] == "no_such_plugin"
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ


def graded(suite, source, direct=True):
    """The results of a source; `direct=False` takes every test through pytest's whole protocol."""
    requests = {item: (arguments, item.funcargs) for item, arguments in suite._direct.items()}
    if not direct:
        suite._direct.clear()
    try:
        return suite.run(Local(source), StudentSource("answer.py", ()))
    finally:
        for item, (arguments, values) in requests.items():
            suite._direct[item], item.funcargs = arguments, values  # pytest's protocol clears them


def test_the_reference_gets_all_points(collected):
    results = collected(lambda suite: graded(suite, factory.RIGHT))
    assert [(test.outcome, test.points, test.group) for test in results] == [
        *[("passed", 2.0, "numpy")] * 3,
        ("passed", 4.0, "torch"),
    ]
    assert results[0].name == "test_scale[2.0]"
    assert results[0].sentence == "Every number is multiplied."


def test_a_parametrised_test_shares_its_points(collected):
    def work(suite):
        return graded(suite, "def scale(x, factor):\n    return x * (factor if factor != 3 else 0)")

    assert [test.points for test in collected(work)] == [2.0, 0.0, 2.0, 0.0]


KINDS = '''\
"""Tests of every kind of outcome, and of every way to be called."""

import numpy as np
import pytest

from grader.suite import assert_close, assert_shape, points

X = np.arange(6.0).reshape(2, 3)
LOG = []


@pytest.fixture
def own():
    """A fixture of the suite's own."""
    return X + 1


@pytest.fixture
def built(student):
    return student.scale(X, 2.0)


@pytest.fixture(scope="module")
def shared():
    LOG.append("up")
    yield len(LOG)
    LOG.append("down")


@pytest.fixture
def quiet():
    """Gives nothing, but does something."""
    LOG.append("quiet")


@points(1, group="all")
def test_direct(student, reference):
    """direct"""
    assert_close(student.scale(X, 2.0), reference.scale(X, 2.0))


@points(1, group="all")
@pytest.mark.parametrize(("factor", "plus"), [(1.0, None), (2.0, 3)], ids=["one", "two"])
def test_parameters(student, reference, factor, plus):
    """parameters"""
    assert_close(student.scale(X, factor), reference.scale(X, factor))


@points(1, group="all")
def test_own_fixture(student, reference, own):
    """own fixture"""
    assert_close(student.scale(own, 2.0), reference.scale(own, 2.0))


@points(1, group="all")
def test_fixture_that_asks(built, reference):
    """a fixture that asks the student"""
    assert_close(built, reference.scale(X, 2.0))


@points(1, group="all")
def test_shared(student, shared):
    """a fixture of the module"""
    assert shared % 2 == 1
    assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
def test_again_shared(student, shared):
    """a fixture of the module, again"""
    assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
def test_quiet(student, quiet):
    """a fixture that gives None"""
    assert LOG.pop() == "quiet"
    assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
@pytest.mark.usefixtures("quiet")
def test_marked(student):
    """a fixture by mark"""
    assert LOG.pop() == "quiet"
    assert_shape(student.scale(X, 2.0), (2, 3))


class TestClass:
    @points(1, group="all")
    def test_method(self, student, reference):
        """a method"""
        assert_close(student.scale(X, 2.0), reference.scale(X, 2.0))

    @pytest.fixture(autouse=True)
    def prepare(self):
        self.ready = True

    @points(1, group="all")
    def test_prepared(self, student):
        """a method with an autouse fixture"""
        assert self.ready
        assert_shape(student.scale(X, 2.0), (2, 3))


@points(1, group="all")
def test_request(student, request):
    """request"""
    assert_shape(student.scale(X, 2.0), (2, 3), what=request.node.name)


@points(1, group="all")
def test_drawn(student, reference, rng):
    """drawn"""
    x = rng.normal(size=(2, 2))
    assert_close(student.scale(x, 2.0), reference.scale(x, 2.0))


@points(1, group="all")
def test_fails_in_words(student):
    """fails in words"""
    if student.scale(X, 2.0) is None:
        pytest.fail("nothing came\\n\\nsecret second paragraph")


@points(1, group="all")
def test_skips(student):
    """skips"""
    if student.scale(X, 2.0) is None:
        pytest.skip("nothing to see")


@points(1, group="all")
def test_module(student, reference):
    """a module"""
    weights = {"weight": np.ones(3)}
    assert_close(student.Scaler(3).load(weights)(X), reference.Scaler(3).load(weights)(X))


@points(1, group="all")
def test_carried(student, reference):
    """carried"""
    wrong = student.scale(np.ones((1, 1)), 2.0)
    assert_shape(wrong, (1, 1))
    carried = lambda: X * wrong[0, 0]
    assert_close(student.scale(X, 2.0), reference.scale(X, 2.0), carried=carried)
'''

SUBMISSIONS = {
    "right": factory.RIGHT,
    "wrong": factory.WRONG,
    "none": "def scale(x, factor):\n    return None",
    "raises": "def scale(x, factor):\n    raise KeyError(3)",
    "skeleton": "def scale(x, factor):\n    raise NotImplementedError('your turn')",
    "missing": "",
    "consistently wrong": "def scale(x, factor):\n    return x * (factor + 1)",
    "single": "def scale(x, factor):\n    return (x * factor).astype('float32')",
}


def test_the_fast_way_gives_the_verdicts_of_pytest(collected):
    """Every kind of test, every kind of outcome, both ways; twice, so that nothing stays behind."""

    def work(suite):
        fast = {item.originalname for item in suite._direct}
        verdicts = [
            {name: graded(suite, source, direct) for name, source in SUBMISSIONS.items()}
            for direct in (True, False, True)
        ]
        return fast, verdicts

    fast, (first, through_pytest, again) = collected(work, suite=KINDS, points="all = 16")
    assert fast == {
        "test_direct",
        "test_parameters",
        "test_drawn",
        "test_fails_in_words",
        "test_skips",
        "test_module",
        "test_carried",
    }
    for name in SUBMISSIONS:
        assert first[name] == through_pytest[name], name
        assert first[name] == again[name], name
    outcomes = {name: {test.outcome for test in tests} for name, tests in first.items()}
    assert outcomes["right"] == {"passed"}
    assert outcomes["wrong"] == {"passed", "failed"}
    assert {"failed", "skipped"} <= outcomes["none"]
    assert outcomes["raises"] == outcomes["skeleton"] == outcomes["missing"] == {"error"}


def test_messages_of_every_outcome(collected):
    def work(suite):
        return {
            name: {test.sentence: test for test in graded(suite, SUBMISSIONS[name])}
            for name in ("none", "raises", "consistently wrong", "single", "skeleton")
        }

    items = collected(work, suite=KINDS, points="all = 16")
    none = items["none"]
    assert (none["skips"].outcome, none["skips"].message, none["skips"].points) == (
        "skipped",
        "nothing to see",
        0,
    )
    assert (none["fails in words"].outcome, none["fails in words"].message) == ("failed", "nothing came")
    assert items["raises"]["direct"].message == "Using `scale` raised KeyError."
    assert items["skeleton"]["direct"].message == "`scale` is still to be written."
    assert "is float32, but the inputs are float64" in items["single"]["direct"].message
    flagged = {test.sentence for test in items["consistently wrong"].values() if test.carried_forward}
    assert flagged == {"carried"}
    carried = items["consistently wrong"]["carried"]
    assert (carried.outcome, carried.points) == ("passed", 1)
    assert not any(test.carried_forward for test in none.values())


REFUSED = [
    (
        "points that do not add up",
        factory.SUITE,
        "numpy = 7\ntorch = 4",
        r"the tests of group 'numpy' are worth 6 points, but assignment\.toml promises 7",
    ),
    (
        "a group that is not promised",
        factory.SUITE,
        "numpy = 6",
        r"the tests of group 'torch' are worth 4 points, but assignment\.toml promises 0",
    ),
    (
        "a test without points",
        factory.SUITE.replace('@points(4, group="torch")\n', ""),
        "numpy = 6",
        r"test_tiny_kit_\d+\.py: test_scaler has no points",
    ),
    (
        "points without a group",
        factory.SUITE.replace('@points(4, group="torch")', "@pytest.mark.points(4)"),
        "numpy = 6",
        r"test_scaler has no points",
    ),
    (
        "a test without a sentence",
        factory.SUITE.replace('    """The weight multiplies."""\n', ""),
        "",
        r"test_scaler has no docstring",
    ),
    (
        "a test that the reference fails",
        factory.SUITE.replace("reference.scale(X, factor))", "1 + reference.scale(X, factor))"),
        "",
        r"test_scale\[2\.0\]: the reference itself does not pass: the result is off",
    ),
    (
        "a test that raises",
        factory.SUITE.replace("    assert_close(student.scale", "    1 / 0\n    assert_close(student.scale"),
        "",
        r"test_scale\[2\.0\]: the reference itself does not pass: ZeroDivisionError.*test_tiny_kit_\d+\.py, line 16",
    ),
    (
        "a test that skips itself on the reference",
        factory.SUITE.replace("    weights =", "    pytest.skip('later')\n    weights ="),
        "",
        r"test_scaler: the reference itself does not pass",
    ),
    (
        "a suite that cannot be imported",
        "import no_such_module_anywhere\n" + factory.SUITE,
        "",
        r"could not be collected.*(\n.*)*no_such_module_anywhere",
    ),
    ("a suite with a syntax error", "def (", "", r"could not be collected.*(\n.*)*SyntaxError"),
    ("a suite without tests", '"""Nothing."""', "", r"could not be collected"),
]


@pytest.mark.parametrize(
    ("suite", "points", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_suite_at_fault_is_refused(collected, suite, points, message):
    with pytest.raises(SuiteError, match=message):
        collected(suite=suite, points=points)


@pytest.mark.parametrize("off", [-0.5, -0.01, 1e-6, 0.5])
def test_points_must_add_up_exactly(off):
    shares = {"one": (1.0 / 3, "a"), "two": (1.0 / 3, "a"), "three": (1.0 / 3, "a"), "other": (2.0, "b")}
    check_total(shares, {"a": 1.0, "b": 2.0}, "here")
    with pytest.raises(SuiteError, match="group 'b'"):
        check_total(shares, {"a": 1.0, "b": 2.0 + off}, "here")
    with pytest.raises(SuiteError, match="group 'c'"):
        check_total(shares, {"a": 1.0, "b": 2.0, "c": abs(off)}, "here")


def test_a_reference_that_cannot_be_loaded_is_refused(collected):
    with pytest.raises(SuiteError, match="cannot be loaded"):
        collected(solution="1 / 0")


def test_two_tests_of_one_name_are_refused(collected):
    cls = '\n\nclass TestMore:\n    @points(0, group="torch")\n    def test_scaler(self):\n        """x"""\n'
    with pytest.raises(SuiteError, match="2 tests are named test_scaler"):
        collected(suite=factory.SUITE + cls)


BLIND = factory.SUITE.replace(
    "    assert_close(student.scale(X, factor), reference.scale(X, factor))",
    "    assert student.scale(X, factor)[1][2] > -1000",
)


def test_a_bug_in_a_test_is_the_suites_fault_with_file_and_line(collected):
    def work(suite):
        with pytest.raises(
            SuiteError, match=r"is itself at fault: TypeError.*test_tiny_kit_\d+\.py, line 16"
        ):
            graded(suite, "def scale(x, factor):\n    return None")
        return graded(suite, factory.RIGHT)

    results = collected(work, suite=BLIND)
    assert all(test.outcome == "passed" for test in results), "and the next submission is not harmed"


SLOW_BLIND = '''\
import numpy as np
import pytest
from grader.suite import points

X = np.ones((2, 3))

@pytest.fixture(scope="class")
def held():
    return 1

class TestFirst:
    @points(5, group="all")
    def test_first(self, student, held):
        """first"""
        student.scale(X, 2.0)

class TestSecond:
    @points(5, group="all")
    def test_second(self, student, held):
        """second"""
        assert student.scale(X, 2.0)[1][2] > 0

    @points(5, group="all")
    def test_third(self, student, held):
        """third"""
'''


def test_after_a_bug_in_a_test_with_fixtures_the_next_submission_is_graded_as_ever(collected):
    def work(suite):
        with pytest.raises(SuiteError, match="at fault"):
            graded(suite, "def scale(x, factor):\n    return None")
        return graded(suite, factory.RIGHT)

    results = collected(work, suite=SLOW_BLIND, points="all = 15")
    assert [(test.outcome, test.message) for test in results] == [("passed", "")] * 3


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
    results = collected(lambda suite: suite.none("because"))
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
