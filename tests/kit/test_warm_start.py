"""The suite is rehearsed while submissions are read: the verdicts are the same, and no process is left."""

from __future__ import annotations

import os
import signal

import pytest

from grader.errors import JailError, SuiteError
from grader.run import pool
from grader.run.path import Options, grade
from grader.run.trusted import WarmStart
from grader.subject.keeper import Keeper

from . import course_factory as factory
from .locked import needs_jail
from .processes import children_of, fresh, wait_for_end

pytestmark = needs_jail
SUBMISSIONS = [factory.submission(f"s{number}", factory.RIGHT) for number in range(3)]


@pytest.fixture
def course(tmp_path):
    return factory.make_course(tmp_path)


@pytest.fixture
def start():
    """A warm process that has not been waited for."""
    warm = WarmStart(Keeper.launch())
    yield warm
    warm.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_suite_that_was_begun_is_the_one_that_grades(course, start, monkeypatch, workers):
    start.rehearse(*course)

    def begin_a_second_suite(*arguments):
        raise AssertionError("the suite was begun a second time")

    monkeypatch.setattr(pool, "SuiteProcess", begin_a_second_suite)
    results = grade(*course, SUBMISSIONS, options=Options(workers=workers), warm=start)
    assert [(result.status, result.score) for result in results] == [("graded", results[0].max_score)] * 3


def test_the_verdicts_are_those_of_a_suite_that_is_begun_later(course, start):
    changed = [
        *SUBMISSIONS,
        factory.submission("wrong", factory.SOLUTION.replace("x * factor", "x + factor")),
    ]
    start.rehearse(*course)
    early, late = grade(*course, changed, warm=start), grade(*course, changed)
    assert [result.tests for result in early] == [result.tests for result in late]
    assert [result.diagnoses for result in early] == [result.diagnoses for result in late]


def test_the_surroundings_of_this_process_reach_the_suite(tmp_path, start, monkeypatch):
    suite = f"import os\nassert os.environ['OF_THE_SUITE'] == 'seen'\n{factory.SUITE}"
    monkeypatch.setenv("OF_THE_SUITE", "seen")
    there = factory.make_course(tmp_path, suite=suite)
    start.rehearse(*there)
    assert grade(*there, SUBMISSIONS[:1], warm=start)[0].status == "graded"


def test_what_is_wrong_with_a_suite_is_told_once_somebody_is_to_be_graded(tmp_path, start):
    there = factory.make_course(tmp_path, suite="raise ValueError('not today')\n")
    start.rehearse(*there)
    with pytest.raises(SuiteError, match="not today"):
        grade(*there, SUBMISSIONS, warm=start)


def test_where_nobody_is_graded_all_processes_end(course):
    warm = WarmStart(Keeper.launch())
    warm.rehearse(*course)
    suite = warm.suite.wait_forked().pid
    warm.close()
    wait_for_end(suite, warm.keeper.pid)


def test_a_warm_process_that_is_still_loading_is_ended_with_what_it_was_asked(course):
    before = children_of(os.getpid())
    warm = WarmStart(Keeper.launch())
    warm.rehearse(*course)
    warm.close()
    assert children_of(os.getpid()) <= before


def test_a_warm_process_that_has_died_is_told_by_whoever_waits_for_it(course, start):
    os.kill(start.keeper.pid, signal.SIGKILL)
    wait_for_end(start.keeper.pid)
    start.rehearse(*course)
    with pytest.raises(JailError, match="warm process"):
        grade(*course, SUBMISSIONS, warm=start)


def test_a_command_that_finds_nothing_to_read_ends_at_once(course, tmp_path):
    root, assignment = course
    ended = fresh("grade", tmp_path / "nobody", "-a", assignment.name, "--course", root.root)
    assert ended.returncode == 2
    assert "nobody" in ended.stderr
