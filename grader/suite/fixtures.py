"""The fixtures of hidden suites (`student`, `reference`, `rng`), and what the grader notes while pytest runs a test.

Workers load this alone; a pytest that is typed loads it with `grader.suite.plugin`. It imports nothing heavy until a
hidden test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

#: The bench of each assignment, by its name.
BENCHES = pytest.StashKey[dict[str, Any]]()
#: Makes the bench of an assignment for which there is none yet: (course, name) -> bench.
MAKE_BENCH = pytest.StashKey[Callable[[Path, str], Any]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark of hidden tests known: pytest warns of marks that it does not know."""
    config.addinivalue_line("markers", "points(value, group): what a hidden test is worth")


def pytest_collect_file(file_path: Path) -> None:
    """Before a hidden suite is imported: its cases draw their inputs from the seed of their course.

    Here, and not in the plugin that a typed pytest loads: workers must draw the same inputs.
    """
    assignment = assignment_of(file_path)
    if assignment is not None:
        from grader.assignments import find_course
        from grader.suite.inputs import use_course_seed

        use_course_seed(find_course(assignment[0]).seed)


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Any:
    """Give the module under test: the submission, or the reference when none is given.

    `student.f(x)` calls a function with plain data (docs/what-a-suite-can-ask.md). `student.F(2, 3)` makes an object
    with `load(weights)`, `parameters()`, `gradients(x, cotangents=…)` and `observe(x)`. Code that raises, or a name
    that is not there, raises StudentRaised; a process that hangs or dies, SubjectLost. Catch neither of them.
    """
    return _bench(request).student


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Any:
    """Give the reference, with the interface of `student`."""
    return _bench(request).reference


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Any:
    """Give a numpy Generator for this test: the same draws at every run."""
    return _bench(request).rng(request.node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the exception itself: the grader makes its own message from it."""
    report = yield
    from grader.suite.bench import EXCEPTION, FUNCARGS

    if call.excinfo is not None and item.stash.get(EXCEPTION, None) is None:
        item.stash[EXCEPTION] = call.excinfo.value
    if call.when == "call":
        item.stash[FUNCARGS] = dict(getattr(item, "funcargs", {}))
    return report


def assignment_of(path: Path) -> tuple[Path, str] | None:
    """Find the course and the assignment of a hidden test: …/tests/hidden/<assignment>/…; None for any other file."""
    for folder in path.parents:
        if folder.parent.name == "hidden" and folder.parent.parent.name == "tests":
            return folder.parent.parent.parent, folder.name
    return None


def _bench(request: pytest.FixtureRequest) -> Any:
    benches = request.config.stash[BENCHES]
    assignment = assignment_of(request.node.path)
    if assignment is None:
        raise pytest.UsageError(
            f"{request.node.path} is no hidden test: they are at tests/hidden/<assignment>/"
        )
    course, name = assignment
    if name not in benches:
        benches[name] = request.config.stash[MAKE_BENCH](course, name)
    bench = benches[name]
    bench.begin(request.node)
    return bench
