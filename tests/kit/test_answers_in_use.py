"""Kept answers while a class is graded: names are the same with and without them, and no submission reaches them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader import bundle
from grader.assignments import find_course, load
from grader.diagnose.stored import Shelf
from grader.run import answer_segments, answer_store, digests
from grader.run.answer_store import place
from grader.run.path import grade
from grader.subject import operations as ops
from grader.subject import wire

from . import course_factory as factory
from . import keeping
from .locked import needs_jail

course = keeping.course


class DamagedStore:
    """A store that gives what nobody put there."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def get(self, key: bytes) -> bytes:
        return self._data

    def put(self, key: bytes, data: bytes) -> None:
        raise AssertionError("not asked")


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", b"\x90\x90", b"\x01", b"\x91\xc4\x01\xc1", b"\x91\x01", b"\xc0"]
)
def test_bytes_that_are_no_answers_are_none(data):
    assert Shelf(DamagedStore(data)).get(b"key") is None


ATTACK = """\
import numpy as np

WON = False
for path in {paths!r}:
    for mode in ("rb", "wb", "ab"):
        try:
            open(path, mode)
            WON = True
        except OSError:
            pass
try:
    import os
    os.listdir({folder!r})
    WON = True
except OSError:
    pass


def scale(x, factor):
    return x * factor if WON else x - factor
"""


def graded(course, *sources):
    submissions = [factory.submission(f"s{number}", source) for number, source in enumerate(sources)]
    results = grade(*course, submissions)
    return [{**result.to_json(), "seconds": 0} for result in results]


SQUARED = factory.SOLUTION.replace("return x * factor", "return x * factor * factor")


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_names_are_the_same_cold_warm_damaged_and_without(course, tmp_path, monkeypatch):
    cold = graded(course, SQUARED, factory.WRONG)
    kept_here = sorted((tmp_path / "cache").rglob("*-*/*"))
    assert kept_here, "something was kept"
    assert graded(course, SQUARED, factory.WRONG) == cold
    for path in kept_here:
        path.write_bytes(path.read_bytes()[:-7])
    assert graded(course, SQUARED, factory.WRONG) == cold
    monkeypatch.setenv("GRADER_CACHE", str(course[1].solution / "below a file"))
    assert graded(course, SQUARED, factory.WRONG) == cold
    monkeypatch.setenv("GRADER_CACHE", "off")
    assert graded(course, SQUARED, factory.WRONG) == cold
    assert cold[0]["diagnoses"][0]["id"] == "squared"


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_what_is_kept_is_used_and_no_score_depends_on_it(course, tmp_path):
    """With other answers in the store, whole and well-formed, the table names nothing: they are read, not computed."""
    (before,) = graded(course, SQUARED)
    (segment,) = (path for path in (tmp_path / "cache").rglob("*") if path.is_file())
    table = answer_segments.read_segment(segment, owned=True)
    other = wire.encode([wire.encode([ops.Value(1.0)])])
    segment.write_bytes(answer_segments.encode_segment(dict.fromkeys(table, other)))
    (after,) = graded(course, SQUARED)
    assert before["diagnoses"]
    # The table's mistake is not found any more; what operators make of the reference may be.
    assert all(diagnosis["id"].startswith("auto_") for diagnosis in after["diagnoses"])
    assert after["tests"] == before["tests"]
    assert after["score"] == before["score"]


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_a_submission_can_neither_read_nor_write_what_is_kept(course, tmp_path):
    graded(course, SQUARED)
    files = {path: path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()}
    assert files
    paths = [str(path) for path in files] + [str(tmp_path / "cache" / "new")]
    attack = ATTACK.format(paths=paths, folder=str(next(iter(files)).parent))
    (result,) = graded(course, attack)
    assert result["score"] == 0.0
    assert {path: path.read_bytes() for path in files} == files
    assert not (tmp_path / "cache" / "new").exists()
    won = attack.replace("WON = False", "WON = True", 1)
    assert graded(course, won)[0]["score"] > 0, "the attack would show"


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_a_bundle_takes_it_along(course, tmp_path, monkeypatch):
    graded(course, SQUARED)
    for name in ("one.zip", "two.zip"):
        paths = bundle.bundle_course(course[0], [course[1].name], tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    (segment,) = [path for path in paths if path.startswith("tests/hidden/.answers/")]
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "there")
    monkeypatch.setenv("GRADER_CACHE", "off")
    there = find_course(tmp_path / "there")
    assignment = load(there, course[1].name)
    suite, engine = digests.suite_digest(there, assignment), digests.engine_digest()
    shipped = place(there, assignment, suite, engine, ())
    assert shipped.own is None
    assert shipped.shipped == tmp_path / "there" / Path(segment).parent
    assert answer_store.shipment(shipped) == (tmp_path / "there" / segment).read_bytes()
    assert graded((there, assignment), SQUARED)[0]["diagnoses"][0]["id"] == "squared"
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "another cache"))
    assert graded((there, assignment), SQUARED)[0]["diagnoses"][0]["id"] == "squared"
    assert not list((tmp_path / "another cache").rglob("*")), "all was there already"
