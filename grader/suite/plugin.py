"""The pytest plugin: `pytest tests/hidden/<a>` runs on the reference, `--submission FILE` on a file in the jail.

It is loaded in every pytest run of an environment that has the grader, so it imports nothing heavy until a hidden test
is there. It is the way in for those who type pytest, as `grader.cli` is for those who type grader: what is done is in
`grader.run.byhand`, and no other part imports this one.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from grader.suite import fixtures
from grader.suite.fixtures import BENCHES, MAKE_BENCH, assignment_of

_CHOSEN = pytest.StashKey[list[str]]()  # what was typed of tests, where a submission is graded by hand
_COLLECTED = pytest.StashKey[list[pytest.Item]]()
_RUNS = pytest.StashKey[dict[str, Any]]()  # of a submission, by assignment


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--submission` to the options of pytest."""
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
    """Let hidden tests run on the reference, or on the file that `--submission` names."""
    config.pluginmanager.register(fixtures)
    config.stash[MAKE_BENCH] = _on_the_reference
    config.stash[_RUNS], config.stash[BENCHES] = {}, {}
    if config.getoption("--submission"):
        # What one test is worth depends on the others, so the whole suite is collected, whatever was chosen of it.
        config.stash[_CHOSEN] = list(config.args)
        config.args[:] = dict.fromkeys(_suite_around(argument) for argument in config.args)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note the whole suite before -k and others take tests away; then leave what was chosen."""
    if _CHOSEN not in config.stash:
        return
    config.stash[_COLLECTED] = list(items)
    chosen = [item for item in items if any(_is_in(item, argument) for argument in config.stash[_CHOSEN])]
    deselected = [item for item in items if item not in chosen]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = chosen


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Rehearse the suites that run, and load the submission, before the first test."""
    config = session.config
    if _COLLECTED not in config.stash or config.option.collectonly or session.testsfailed:
        return
    from grader.errors import GraderError
    from grader.run.byhand import HandRun

    submission = Path(config.getoption("--submission"))
    for course, name in dict.fromkeys(filter(None, (assignment_of(item.path) for item in session.items))):
        items = [item for item in config.stash[_COLLECTED] if assignment_of(item.path) == (course, name)]
        try:
            run = HandRun(course, name, submission, items, config)
        except GraderError as error:  # every test would say the same
            pytest.exit(f"grader: {error}", returncode=error.exit_status)
        config.stash[_RUNS][name] = run
        _say(config, run.notes)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge the test as `grade` does; what it printed may be what it was answered."""
    report = yield
    assignment = assignment_of(item.path)
    run = item.config.stash[_RUNS].get(assignment[1]) if assignment else None
    return report if run is None else run.judged(item, call.when, report)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the points of the file that `--submission` names, and what its student would read."""
    for run in config.stash[_RUNS].values():
        _say(config, run.summary())


def _say(config: pytest.Config, sentences: Any) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    for sentence in sentences:
        reporter.ensure_newline()
        reporter.write_line(f"grader: {sentence}")


def _on_the_reference(course: Path, name: str) -> Any:
    from grader.errors import GraderError
    from grader.run.byhand import ReferenceBench

    try:
        return ReferenceBench(course, name)
    except GraderError as error:
        pytest.exit(f"grader: {error}", returncode=error.exit_status)


def _suite_around(argument: str) -> str:
    """The folder of the hidden suite in which a chosen test is; the argument itself where it is in none."""
    path = Path(argument.partition("::")[0]).absolute()
    assignment = assignment_of(path)
    return str(assignment[0] / "tests" / "hidden" / assignment[1]) if assignment else argument


def _is_in(item: pytest.Item, argument: str) -> bool:
    """Whether a test is one of those that an argument of the command line names."""
    file, _, inner = argument.partition("::")
    path = Path(file).resolve()
    if not item.path.resolve().is_relative_to(path):
        return False
    name = item.nodeid.partition("::")[2]
    return not inner or name == inner or name.startswith((f"{inner}::", f"{inner}["))
