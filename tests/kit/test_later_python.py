"""Names of a later Python are told as that; the table is true for the Python that runs this."""

from __future__ import annotations

import importlib

import pytest

from grader.messages import later_python


@pytest.mark.parametrize(
    ("module", "name"), [key for key, version in later_python._VERSIONS.items() if version <= later_python.RUNNING]
)  # fmt: skip
def test_what_is_said_to_be_there_is(module, name):
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize(
    ("module", "name"), [key for key, version in later_python._VERSIONS.items() if version > later_python.RUNNING]
)  # fmt: skip
def test_what_is_said_to_be_missing_is(module, name):
    assert not hasattr(importlib.import_module(module), name)


def test_the_version_that_is_needed_and_the_one_that_grades_are_told(monkeypatch):
    monkeypatch.setattr(later_python, "RUNNING", (3, 11))
    text = "cannot import name 'override' from 'typing' (/usr/lib/typing.py)"
    assert later_python.needed(text) == "this needs Python 3.12, and 3.11 grades"
    monkeypatch.setattr(later_python, "RUNNING", (3, 12))
    assert later_python.needed(text) == ""
    assert later_python.needed("cannot import name 'tahn' from 'numpy'") == ""
    assert later_python.needed("cannot import name '" + "a" * 100_000) == ""
