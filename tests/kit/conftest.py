"""What tests of the kit share: the sample class, graded once for a whole run, and `--rewrite-snapshots`.

`pytest tests/kit --rewrite-snapshots` writes down what came as what must come: the texts in snapshots/ and the
results in tests/sample_class/*/*/expected.json. Read every difference it makes before committing it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.grade import ONE_THREAD

# Some tests grade in this process, and grading forks: numpy and torch, loaded after this, must start no threads.
os.environ.update(ONE_THREAD)

ROOT = Path(__file__).resolve().parents[2]
CLASS = ROOT / "tests" / "sample_class"

Results = dict[str, dict[str, Any]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-snapshots",
        action="store_true",
        help="write what came into tests/kit/snapshots and tests/sample_class/*/*/expected.json",
    )


@pytest.fixture(scope="session")
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether what comes is to be written down instead of compared."""
    return bool(request.config.getoption("--rewrite-snapshots"))


@dataclass
class SampleClass:
    """One assignment's class: what `grade` printed, and its results by student."""

    table: str
    results: Results


@pytest.fixture(scope="session")
def sample_class(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], SampleClass]:
    """The sample class of an assignment, graded when it is asked for first.

    With the whole `grade` command in a process of its own: grading forks, and this process may have threads by then.
    """
    graded: dict[str, SampleClass] = {}

    def of(assignment: str) -> SampleClass:
        if assignment not in graded:
            out = tmp_path_factory.mktemp(assignment) / "results"
            command = [sys.executable, "-m", "grader", "grade", str(CLASS / assignment)]
            command += ["--assignment", assignment, "--out", str(out), "--course", str(ROOT)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
            assert done.returncode == 0, done.stdout + done.stderr
            written = json.loads((out / "results.json").read_text(encoding="utf-8"))
            results = {result["student"]: result for result in written["submissions"]}
            graded[assignment] = SampleClass(done.stdout, results)
        return graded[assignment]

    return of


@pytest.fixture(scope="session")
def results_of(sample_class: Callable[[str], SampleClass]) -> Callable[[str], Results]:
    """The results of an assignment's sample class by student."""
    return lambda assignment: sample_class(assignment).results
