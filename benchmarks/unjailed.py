"""A pytest plugin for the peer: the hidden suite on a file imported in pytest's own process, with no jail at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.subject.proxy import Module
from grader.subject.subjects import LocalSubject
from grader.submissions import read_submissions


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--unjailed FILE`."""
    parser.addoption("--unjailed", metavar="FILE")


@pytest.fixture(scope="session")
def unjailed(request: pytest.FixtureRequest) -> Module:
    """The submission's functions and classes."""
    path = Path(request.config.getoption("--unjailed"))
    chunks = read_submissions(path, path.stem)[0].chunks
    return Module(LocalSubject(path.stem, "\n".join(chunk.source for chunk in chunks)))


@pytest.fixture
def student(unjailed: Module) -> Any:
    """Stand in for the kit's fixture of this name: the submission in this very process."""
    return unjailed
