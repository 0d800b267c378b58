"""Exports in tests: a class in each format, with what was said, in the environment of a runner."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from grader import export as exports
from grader.export.base import ExportOptions

from . import graded_factory as factory

GOLDEN = Path(__file__).parent / "export_golden"
RUNNER = {
    "CLASSROOM": "rnn-2026",
    "ASSIGNMENT": "birnn",
    "SUBMISSION_TAG": "submit/2026-01-05T10-30-00Z-abc1234",
    "COMMIT_URL": "https://github.invalid/o/r/commit/abc1234",
    "RELEASE_URL": "https://github.invalid/o/r/releases/tag/submit",
}
ROSTERS = {"canvas": GOLDEN / "canvas_roster.csv", "moodle": GOLDEN / "moodle_roster.csv"}
ENDINGS = {
    "gradescope": "json",
    "classroom50": "json",
    "junit": "xml",
    "github": "txt",
    "prairielearn": "json",
}
ONE_ONLY = ("gradescope", "classroom50", "prairielearn")
FORMATS = ("canvas", "classroom50", "csv", "github", "gradescope", "junit", "moodle", "prairielearn")


@pytest.fixture(autouse=True)
def runner(monkeypatch):
    """The environment of a runner, and of no other."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("REVIEW_URL", raising=False)
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)


class ExportOutput:
    """What an export gave, and what it said."""

    def __init__(self, graded, format_, **options):
        self.said: list[str] = []
        self.missing: list[str] = []
        arguments = {"roster": ROSTERS.get(format_), **options}
        export = exports.export(
            graded, format_, ExportOptions(say=self.said.append, incomplete=self.missing.append, **arguments)
        )
        self.text = None if export is None else b"".join(exports.pieces(export)).decode("utf-8")

    @property
    def rows(self):
        return list(csv.DictReader(io.StringIO(self.text.removeprefix("\ufeff"))))


@pytest.fixture
def exported(tmp_path):
    def make(format_, results=None, **options):
        return ExportOutput(factory.graded(tmp_path / "results", results), format_, **options)

    return make
