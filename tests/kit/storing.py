"""What tests of the store have in common."""

from __future__ import annotations

import dataclasses

import pytest

from grader.records import Result, TestResult
from grader.run.store import ClassFolder

RESULT = Result(
    "s1", "a.py", "abc", "graded", 3.0, 4.0, 0.1, (TestResult("t", "x", "g", 3.0, 4.0, "failed"),)
)


@pytest.fixture
def store(tmp_path):
    return ClassFolder(tmp_path / "out", "birnn", "digest", 4.0)


def saved(store, **changes) -> Result:
    result = dataclasses.replace(RESULT, key="k", **changes)
    store.save(result)
    return result
