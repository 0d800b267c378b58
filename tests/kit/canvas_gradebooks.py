"""Gradebooks as Canvas gives them out, and what an export makes of them."""

from __future__ import annotations

import csv
import io

import pytest

from grader.records import Member

from . import graded_factory as factory
from .exporting import ExportOutput

CLASS = ("Ann Kim", "Bo Lee", "Cy Ray")

PEOPLE = ('"Kim, Ann",1,sis1,ak,Mon', '"Lee, Bo",2,sis2,bo,Mon', '"Ray, Cy",3,sis3,cy,Tue')

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section"

GROUP = (Member("Ann Kim", "sis1", "ann@x.edu"), Member("B. Lee", "", "bo@x.edu"), Member("Cy Ray"))


@pytest.fixture
def canvas(tmp_path):
    """The export of a class of three into a gradebook that is given as text."""

    def make(text, results=None, **options):
        roster = tmp_path / "gradebook.csv"
        roster.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        graded = factory.graded(tmp_path / "results", results or [factory.result(name) for name in CLASS])
        return ExportOutput(graded, "canvas", roster=roster, **options)

    return make


def gradebook(title, *cells, possible="10.00"):
    """A gradebook with one assignment: its title as it stands in the file, and the cell of each person."""
    rows = [f"{HEAD},{title}", f"    Points Possible,,,,,{possible}"]
    return "\n".join([*rows, *(f"{who},{cell}" for who, cell in zip(PEOPLE, cells, strict=True))]) + "\n"


def table(export):
    return list(csv.reader(io.StringIO(export.text)))


def last_cells(export):
    return [row[-1] for row in table(export)]
