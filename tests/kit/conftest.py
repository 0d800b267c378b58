"""What tests of the kit share: how they are run, the sample class (graded once for a run), and warm processes.

Options: `--rewrite-snapshots` (golden.py), `--fail-on-skip` and `--allow-skip` (skips.py), `--hypothesis-profile full`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from filelock import FileLock

from grader import cli

from . import golden as goldens
from . import skips
from .processes import fresh
from .warm import Warm

ROOT = Path(__file__).resolve().parents[2]
CLASS = ROOT / "tests" / "sample_class"

#: Courses of their own: graded by tests, and no tests of the kit.
collect_ignore = ["contracts"]

Results = dict[str, dict[str, Any]]
Typed = Callable[..., tuple[Any, str, str]]

#: The sample classes that every run grades: the shortest assignment and the main one. The others are graded where all
#: tests run.
QUICK_CLASSES = {"rnn_cell", "birnn"}

#: Files that take longest, begun first: so no process is left with a long one when the others have finished.
LONGEST = (
    *("test_nbgrader_autograde.py", "test_check.py", "test_check_process.py", "test_hostile.py"),
    *("test_counterexamples.py", "test_handins.py", "test_wrong_programs.py", "test_nbgrader.py"),
    *("test_ci_github.py", "test_ci_platforms.py", "test_watch.py", "test_grade.py", "test_grade_faults.py"),
    *("test_visible_checks.py", "test_alternatives.py", "test_own_style.py", "test_report_browser.py"),
    *("test_jailed.py", "test_jailed_kills.py", "test_jailed_zygotes.py", "test_one_session.py"),
    *("test_repair.py", "test_answers_in_use.py"),
)

# The same examples in every run: a run that fails fails again. What `full` adds is tried by .ci/run.
for name, count in (("quick", 50), ("full", 200)):
    hypothesis.settings.register_profile(
        name, max_examples=count, deadline=None, derandomize=True, database=None
    )
hypothesis.settings.load_profile("quick")


def _classes(item: pytest.Item) -> set[str]:
    """The sample classes that a test, by its parameters, wants to be graded."""
    if "sample_class" not in getattr(item, "fixturenames", ()):
        return set()
    call = getattr(item, "callspec", None)
    names = {str(value) for value in call.params.values()} if call else set()
    names |= (
        {value.parent.name for value in call.params.values() if isinstance(value, Path)} if call else set()
    )
    return names & {path.name for path in CLASS.iterdir() if path.is_dir()}


def pytest_addoption(parser: pytest.Parser) -> None:
    goldens.add_options(parser)
    skips.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # else it is what the process that began this one has set
        # Nothing of an earlier run, and nothing left to a later one; what mistakes answer is found out once in a run.
        folder = tempfile.TemporaryDirectory(prefix="grader-kit-")
        os.environ["GRADER_CACHE"] = folder.name
        config.add_cleanup(folder.cleanup)
    retired = [name for name in goldens.RETIRED if os.environ.get(name)]
    if retired:
        raise pytest.UsageError(f"{retired[0]} is not read any more: pytest {goldens.OPTION}")
    config.addinivalue_line("markers", "slow: left out by `bash .ci/test`, run by `bash .ci/run`")
    if config.getoption("--fail-on-skip"):
        config.pluginmanager.register(skips.FailOnSkip(config.getoption("--allow-skip")))


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not _classes(item) <= QUICK_CLASSES:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(autouse=True)
def _strict_comparison() -> None:
    """What a suite that ran in this process has forgiven must not be forgiven to the next test."""
    if "grader.suite.compare" in sys.modules:
        compare = sys.modules["grader.suite.compare"]
        compare.dtype_counts.set(True)
        compare.carried_forward.set(False)
        compare.on_reference.set(False)


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> goldens.Golden:
    """Files that hold what must come; see golden.py."""
    return goldens.Golden(bool(request.config.getoption(goldens.OPTION)))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """`typed("report", folder)` is `grader report FOLDER` in this process: (exit status, output, error output).

    For what only reads arguments, files and records. What grades for real goes through `warm.run`. Results go where
    `--out` says, or into the current folder: never into the repository's own `results/`, which are somebody's.
    """
    own = Path(__file__).resolve().parents[2] / "results" / "results.json"

    def run(*arguments: object) -> tuple[Any, str, str]:
        before = own.stat().st_mtime_ns if own.exists() else 0
        monkeypatch.setattr(sys, "argv", ["grader", *map(str, arguments)])
        status: Any = 0
        try:
            cli.main()
        except SystemExit as ended:
            status = ended.code or 0
        assert (own.stat().st_mtime_ns if own.exists() else 0) == before, f"{own} was written"
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """Runs commands in processes that are forked from a warm one: `warm.run("grade", …)`. See warm.py."""
    process = Warm()
    yield process
    process.close()


@pytest.fixture(scope="module")
def warm_zygotes(warm: Warm) -> Iterator[None]:
    """What grades in this process gets zygotes that need not import torch, in all tests of a file that names this."""
    with warm.in_use():
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run of tests share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@dataclass
class SampleClass:
    """One assignment's class: what `grade` printed, and its results by student."""

    table: str
    results: Results
    folder: Path  # with results.json; shared, so only to be read


@pytest.fixture(scope="session")
def sample_class(shared_folder: Path) -> Callable[[str], SampleClass]:
    """The sample class of an assignment, graded when it is asked for first, and only once by all processes.

    With the whole `grade` command in a process of its own, as instructors have it.
    """
    graded: dict[str, SampleClass] = {}

    def of(assignment: str) -> SampleClass:
        if assignment not in graded:
            out = shared_folder / f"sample_class_{assignment}"
            printed = out / "printed.txt"
            with FileLock(out.with_suffix(".lock")):
                if not printed.exists():
                    shutil.rmtree(out, ignore_errors=True)
                    options = ("--assignment", assignment, "--out", out, "--course", ROOT)
                    done = fresh("grade", CLASS / assignment, *options)
                    assert done.returncode == 0, done.stdout + done.stderr
                    printed.write_text(done.stdout, encoding="utf-8")
            written = json.loads((out / "results.json").read_text(encoding="utf-8"))
            results = {result["student"]: result for result in written["submissions"]}
            graded[assignment] = SampleClass(printed.read_text(encoding="utf-8"), results, out)
        return graded[assignment]

    return of


@pytest.fixture(scope="session")
def results_of(sample_class: Callable[[str], SampleClass]) -> Callable[[str], Results]:
    """The results of an assignment's sample class by student."""
    return lambda assignment: sample_class(assignment).results
