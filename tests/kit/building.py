"""Courses that are built, and cells of what comes of it."""

from __future__ import annotations

import nbformat

from grader.assignments import find_course
from grader.build.notebook import WRITE

from .loading import ROOT

COURSE = find_course(ROOT)


NAMES = COURSE.names()


def cells_of(name):
    """The cells of a notebook as it is handed out, but for the one that writes files beside it."""
    text = (ROOT / "assignments" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    return [cell for cell in nbformat.reads(text, as_version=4).cells if not writes_given(cell)]


def writes_given(cell):
    """Whether a cell of a notebook is the one that writes the given modules."""
    return cell.source.startswith(WRITE.partition("\n")[0])
