"""The pytest plugin: `pytest tests/hidden/<a>` runs on the reference, `--submission FILE` on a file in the jail.

It gives the fixtures `student`, `reference` and `rng` and the marker `points`. Loaded in every pytest run of an
environment that has the grader, so it imports nothing heavy until a hidden test asks for a fixture.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grader", "hidden suites of rnn-grader")
    group.addoption(
        "--submission",
        metavar="FILE",
        help="run the hidden suite on this file, in the jail (default: the reference)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before anything of the course is imported: the current folder may be the one that was handed in."""
    if early_config.known_args_namespace.submission:
        from grader.safe_path import leave_current_folder

        leave_current_folder()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "points(value, group): what a hidden test is worth")


def pytest_collect_file(file_path: Path) -> None:
    """Before a hidden suite is imported: its cases draw their inputs from the seed of their course."""
    found = assignment_of(file_path)
    if found is not None:
        from grader.assignments import find_course
        from grader.suite.inputs import use_course_seed

        use_course_seed(find_course(found[0]).seed)


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Any:
    """The module under test: the submission, or the reference when none is given."""
    return _bench(request).student


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Any:
    """The reference, with the interface of `student`."""
    return _bench(request).reference


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Any:
    """A numpy Generator for this test: the same draws at every run."""
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
    if item.config.getoption("--submission") and report.sections:
        from grader.text import clean

        # A test may print what it was answered.
        report.sections = [
            (clean(name), clean(text, 20_000, multiline=True)) for name, text in report.sections
        ]
    return report


def assignment_of(path: Path) -> tuple[Path, str] | None:
    """The course and the assignment of a hidden test: …/tests/hidden/<assignment>/…; None for any other file."""
    for folder in path.parents:
        if folder.parent.name == "hidden" and folder.parent.parent.name == "tests":
            return folder.parent.parent.parent, folder.name
    return None


BENCHES = pytest.StashKey[dict[str, Any]]()


def _bench(request: pytest.FixtureRequest) -> Any:
    benches = request.config.stash.setdefault(BENCHES, {})
    found = assignment_of(request.node.path)
    if found is None:
        raise pytest.UsageError(
            f"{request.node.path} is no hidden test: they are at tests/hidden/<assignment>/"
        )
    course, name = found
    if name not in benches:
        from grader.errors import GraderError

        try:
            benches[name] = _make_bench(request, course, name)
        except GraderError as error:  # every test would say the same, each after starting a jail
            pytest.exit(f"grader: {error}", returncode=error.exit_status)
    bench = benches[name]
    bench.begin(request.node)
    return bench


def _make_bench(request: pytest.FixtureRequest, course: Path, name: str) -> Any:
    from grader import assignments
    from grader.suite.byhand import HandBench

    found = assignments.find_course(course)
    submission = request.config.getoption("--submission")
    bench = HandBench(found, assignments.load(found, name), Path(submission) if submission else None)
    request.config.add_cleanup(bench.close)
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        for note in bench.notes:
            reporter.ensure_newline()
            reporter.write_line(f"grader: {note}")
    return bench
