"""The folder of the pages of a class: how pages are named, what is replaced, and what is left alone."""

from __future__ import annotations

import os
import re

import pytest

from grader.errors import UsageError
from grader.records import Member
from grader.report import write_site
from grader.run.store import read

from . import graded_factory as factory
from .test_report import pages


def test_names_of_pages_cannot_be_guessed_and_stay(tmp_path):
    first = write_site(factory.graded(tmp_path / "one"), for_students=True)
    names = sorted(pages(first.folder))
    tokens = {re.search(r"-([0-9a-f]{20})\.html$", name)[1] for name in names}
    assert len(tokens) == 6
    again = write_site(read(tmp_path / "one"), for_students=True)
    assert sorted(pages(again.folder)) == names, "links that were sent stay good"
    other = write_site(factory.graded(tmp_path / "two"), for_students=True)
    assert not set(names) & set(pages(other.folder)), "they depend on a secret of this class"
    assert (tmp_path / "one" / ".page-names").stat().st_mode & 0o077 == 0
    assert not (first.folder / ".page-names").exists()


def test_whose_page_is_which_is_listed_beside_the_results(tmp_path):
    results = [factory.result("=1+1"), factory.result("ann")]
    site = write_site(factory.graded(tmp_path, results), for_students=True)
    lines = site.listed.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "\ufeffstudent,page,member,email"
    assert lines[1].startswith("'=1+1,")
    assert (site.folder / lines[2].split(",")[1]).is_file()
    assert site.listed.parent == tmp_path


def test_pages_of_an_earlier_run_do_not_stay(tmp_path):
    write_site(factory.graded(tmp_path / "r"), tmp_path / "site")
    write_site(factory.graded(tmp_path / "r", factory.usual()[:2]), tmp_path / "site")
    assert len(pages(tmp_path / "site")) == 3
    assert sorted(os.listdir(tmp_path)) == ["r", "site"], "nothing temporary is left"


@pytest.mark.parametrize("what", ["a folder of other things", "a file", "a link"])
def test_what_is_not_ours_is_left_alone(tmp_path, what):
    there = tmp_path / "there"
    if what == "a file":
        there.write_text("mine")
    elif what == "a link":
        (tmp_path / "elsewhere").mkdir()
        there.symlink_to(tmp_path / "elsewhere")
    else:
        there.mkdir()
        (there / "thesis.tex").write_text("mine")
    with pytest.raises(UsageError, match="there") as caught:
        write_site(factory.graded(tmp_path / "r"), there)
    assert "--to" in caught.value.next_step
    assert there.is_symlink() or "mine" in (there / "thesis.tex" if there.is_dir() else there).read_text()


@pytest.mark.parametrize("for_students", [False, True])
@pytest.mark.parametrize(
    "path", ["notes.txt", "students/notes.html", "kept/deep/photo.png", "index.html.bak"]
)
def test_a_file_of_somebody_in_a_folder_of_pages_is_not_deleted(tmp_path, for_students, path):
    graded = factory.graded(tmp_path / "r")
    site = write_site(graded, tmp_path / "site", for_students=for_students)
    mine = tmp_path / "site" / path
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(UsageError, match=rf"no pages of this command \({path}\); nothing was changed"):
        write_site(graded, tmp_path / "site", for_students=for_students)
    assert mine.read_text() == "mine"
    mine.unlink()
    assert write_site(graded, tmp_path / "site", for_students=for_students) == site


def test_a_link_in_a_folder_of_pages_is_not_ours(tmp_path):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site" / "students" / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="students/link"):
        write_site(graded, tmp_path / "site")


def test_what_a_system_leaves_where_one_has_looked_does_not_matter(tmp_path):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "site")
    (tmp_path / "site" / ".DS_Store").write_bytes(b"x")
    write_site(graded, tmp_path / "site")


def test_members_of_a_group_are_in_the_list_of_pages(tmp_path):
    members = (Member("Ann", "1", "ann@x.edu"), Member("Bo"))
    site = write_site(
        factory.graded(tmp_path, [factory.result("Ann & Bo", members=members)]), for_students=True
    )
    _, first, second = site.listed.read_text(encoding="utf-8").splitlines()
    assert first.endswith(".html,Ann,ann@x.edu")
    assert second.endswith(".html,Bo,")


def test_the_class_page_never_replaces_what_was_handed_out(tmp_path):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "public", for_students=True)
    with pytest.raises(UsageError, match="made to be handed out"):
        write_site(graded, tmp_path / "public")
    assert len(pages(tmp_path / "public")) == 6
    write_site(graded, tmp_path / "private")
    write_site(graded, tmp_path / "private", for_students=True)


def test_an_empty_folder_may_be_written_to(tmp_path):
    (tmp_path / "empty").mkdir()
    assert write_site(factory.graded(tmp_path / "r"), tmp_path / "empty").start.is_file()


def test_a_failed_write_leaves_the_pages_that_were_there(tmp_path, monkeypatch):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "site")
    before = pages(tmp_path / "site")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.report.site.student_page", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write_site(graded, tmp_path / "site")
    assert pages(tmp_path / "site") == before
    assert sorted(os.listdir(tmp_path)) == ["r", "site"]


@pytest.mark.parametrize("call", ["mkdir", "rename"])
def test_the_folder_that_was_asked_for_is_named_where_nothing_can_be_written(tmp_path, monkeypatch, call):
    """And not the temporary one beside it, which nobody knows."""
    graded = factory.graded(tmp_path / "results")

    def refused(path, *arguments, **options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, call, refused)
    with pytest.raises(UsageError) as error:
        write_site(graded)
    monkeypatch.undo()
    folder = tmp_path / "results" / "report"
    assert str(error.value).startswith(f"{folder} cannot be written: Permission denied.")
    assert f"Allow writing to {folder.parent}" in str(error.value)
    assert ".pages-" not in str(error.value)
