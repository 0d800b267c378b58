"""Bundles hold what a grading machine needs, are the same every time, and are refused in words."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from grader import bundle
from grader.archive import ArchiveFile, write_zip
from grader.assignments import find_course, load
from grader.errors import UsageError
from tests.kit.processes import fresh

ROOT = Path(__file__).resolve().parents[2]


def test_a_bundle_is_a_course_with_its_engine(tmp_path):
    paths = bundle.bundle_course(find_course(ROOT), ["rnn"], tmp_path / "rnn.zip")
    with zipfile.ZipFile(tmp_path / "rnn.zip") as archive:
        archive.extractall(tmp_path / "course")
    course = find_course(tmp_path / "course")
    assert course.names() == ("rnn",)
    assert course.seed == find_course(ROOT).seed, "another seed would draw other inputs"
    assert load(course, "rnn").max_score == 30
    # The unpacked engine serves by itself, whatever is installed.
    done = fresh("bundle", "course", "--as-kept", "--to", tmp_path / "again.zip", cwd=tmp_path / "course")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "rnn.zip").read_bytes()
    assert not [path for path in paths if "sample_class" in path or "__pycache__" in path]


def test_a_gradescope_bundle_has_its_programs(tmp_path):
    course = find_course(ROOT)
    bundle.bundle_gradescope(course, load(course, "birnn"), tmp_path / "a.zip", ["landlock"])
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for name in ("setup.sh", "run_autograder", ".ci/setup"):
            assert archive.getinfo(name).external_attr >> 16 == stat.S_IFREG | 0o755
        run = archive.read("run_autograder").decode()
    assert "--assignment birnn " in run
    assert "--allow-unsafe landlock" in run


def test_an_engine_without_its_source_cannot_be_bundled(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "PACKAGE", tmp_path / "site-packages" / "grader")
    with pytest.raises(UsageError, match=r"no pyproject\.toml beside"):
        bundle.bundle_course(find_course(ROOT), [], tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_a_zip_is_the_same_every_time_and_whole(tmp_path):
    entries = [ArchiveFile("b/x", b"1" * 1000), ArchiveFile("a", b"2", executable=True)]
    assert write_zip(tmp_path / "one.zip", entries) == ["a", "b/x"]
    write_zip(tmp_path / "two.zip", reversed(entries))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with pytest.raises(UsageError, match=r"ends in \.zip"):
        write_zip(tmp_path / "one.tar", entries)
    with pytest.raises(ValueError, match="twice"):
        write_zip(tmp_path / "one.zip", [*entries, entries[0]])
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_zip(tmp_path / "file" / "three.zip", entries)
    assert sorted(os.listdir(tmp_path)) == ["file", "one.zip", "two.zip"]


@pytest.mark.parametrize("name", ["bundle", "nowhere/bundle.zip", "folder.zip"])
def test_a_place_for_no_zip_is_refused_before_anything_is_computed(tmp_path, name):
    (tmp_path / "folder.zip").mkdir()
    course, to = find_course(ROOT), tmp_path / name

    def computed(*arguments):
        raise AssertionError("minutes of computing, for nothing")

    with pytest.raises(UsageError, match="--to") as caught:
        bundle.bundle_course(course, ["rnn"], to, computed)
    assert str(to) in str(caught.value)
    with pytest.raises(UsageError, match="--to"):
        bundle.bundle_gradescope(course, load(course, "rnn"), to, (), computed)
