"""A suite that is asked in the test's own process."""

from __future__ import annotations

import sys

import pytest

from grader.records import StudentSource
from grader.subject.subjects import LocalSubject
from grader.suite.collect import with_suite
from grader.suite.inputs import use_course_seed

from . import course_factory as factory


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
