"""What must be refused: links, pipes, giants, bombs. Each is one student's problem, and no other's."""

from __future__ import annotations

import errno
import io
import os
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.submissions import files, read_submissions
from grader.submissions.problems import Unreadable

CODE = b"x = 1\n"


def problem(root: Path, student: str = "bad") -> str:
    """The problem of one student; a second one beside it must be read all the same."""
    (root / "good").mkdir(exist_ok=True)
    (root / "good" / "rnn.py").write_bytes(CODE)
    submissions = {submission.student: submission for submission in read_submissions(root, "rnn")}
    assert submissions["good"].chunks[0].source == "x = 1\n"
    assert submissions["good"].problem == ""
    assert submissions[student].chunks == ()
    return submissions[student].problem


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "class" / "bad").mkdir(parents=True)
    return tmp_path / "class" / "bad"


def test_a_link_to_a_file(bad: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_bytes(b"secret = 1\n")
    (bad / "rnn.py").symlink_to(tmp_path / "secret.py")
    assert "rnn.py is a link" in problem(bad.parent)


def test_a_folder_that_is_a_link(bad: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "rnn.py").write_bytes(b"secret = 1\n")
    bad.rmdir()
    bad.symlink_to(tmp_path / "elsewhere")
    assert "bad is a link" in problem(bad.parent)
    bad.unlink()
    bad.mkdir()
    (bad / "rnn").symlink_to(tmp_path / "elsewhere")
    assert "rnn is a link" in problem(bad.parent)


def test_a_folder_swapped_for_a_link_after_it_was_listed(bad: Path, tmp_path: Path) -> None:
    (bad / "rnn.py").write_bytes(CODE)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "rnn.py").write_bytes(b"secret = 1\n")
    (item,) = files.walk(bad.parent)
    (bad / "rnn.py").unlink()
    bad.rmdir()
    bad.symlink_to(tmp_path / "elsewhere")
    assert item.read is not None
    with pytest.raises(Unreadable, match="is a link"):
        item.read(1000)


def test_one_student_who_left_links_alone_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Whatever the links are called, and wherever they lead: to a file, a folder, nothing, what is a link itself."""
    (tmp_path / "work.url").write_bytes(b"https://x.y/z")
    for number, (name, target) in enumerate(
        [
            ("rnn.py", "work.url"),
            ("work.url", "work.url"),
            ("here.lnk", "."),
            ("rnn", "gone"),
            ("mine", "work.url"),
        ]
    ):
        folder = tmp_path / f"student{number}"
        folder.mkdir()
        (folder / name).symlink_to(tmp_path / target)
        (submission,) = read_submissions(folder, "rnn")
        assert submission.problem.endswith(f"{name} is a link, not a file; hand in the file itself."), (
            submission.problem
        )
        assert submission.problem.count(".") <= 4


def test_a_pipe_is_not_waited_for(bad: Path) -> None:
    os.mkfifo(bad / "rnn.py")
    assert "rnn.py is not an ordinary file" in problem(bad.parent)
    with pytest.raises(Unreadable, match="not an ordinary file"):
        files.read_beneath(bad, ("rnn.py",), 1000)


def test_a_folder_in_the_place_of_a_file_is_called_one(bad: Path) -> None:
    (bad / "rnn.py").mkdir()
    with pytest.raises(Unreadable, match=r"rnn\.py is a folder, not a file"):
        files.read_beneath(bad, ("rnn.py",), 1000)


def test_a_device_is_not_read() -> None:
    with pytest.raises(Unreadable, match="not an ordinary file"):
        files.read_beneath(Path("/dev"), ("zero",), 1000)


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        ("rnn.py", 50_000_000, "50 MB; the limit for a file of this kind is 1 MB"),
        ("rnn.ipynb", 51_000_000, "51 MB"),
    ],
)
def test_files_that_are_too_large_are_refused_in_words(bad: Path, name: str, size: int, message: str) -> None:
    with (bad / name).open("wb") as file:
        file.truncate(size)
    assert message in problem(bad.parent)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "rnn.py is empty"),
        (b" \r\n\t\n", "rnn.py is empty"),
        (b"PK\x03\x04" + bytes(100), "is a zip file"),
        (b"\x7fELF" + bytes(100), "is a program"),
        (b"%PDF-1.7", "is a PDF"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (b"x = 1\ny = '\0'\n", "line 2: there is a null byte"),
        (bytes(range(256)) * 4, "is binary data"),
        (b"\xff\xfex\x00\xd8", "begins like UTF-16"),
    ],
)
def test_what_is_no_text(bad: Path, content: bytes, message: str) -> None:
    (bad / "rnn.py").write_bytes(content)
    assert message in problem(bad.parent)


def test_an_empty_folder_and_a_thousand_files(bad: Path) -> None:
    assert problem(bad.parent) == "nothing was handed in: expected rnn.py or rnn.ipynb."
    for number in range(3000):
        (bad / f"{number}.py").touch()
    assert "and 2095 more" in problem(bad.parent)


def archive(path: Path, *entries: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            file.writestr(name, data)
    return path


def test_names_in_a_zip_that_lead_out_of_it_are_refused(bad: Path) -> None:
    archive(bad / "work.zip", ("../../rnn.py", CODE))
    assert "leads out of it" in problem(bad.parent)
    archive(bad / "work.zip", ("/etc/rnn.py", CODE))
    assert "leads out of it" in problem(bad.parent)
    archive(bad / "work.zip", ("C:\\rnn.py", CODE))
    assert "leads out of it" in problem(bad.parent)


def test_a_link_in_a_zip(bad: Path) -> None:
    link = zipfile.ZipInfo("rnn.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive(bad / "work.zip", (link, b"/etc/passwd"))
    assert "rnn.py is a link inside the zip" in problem(bad.parent)


def test_a_zip_with_a_password_is_told_to_its_student(bad: Path) -> None:
    path = archive(bad / "work.zip", ("rnn.py", CODE))
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag of the entry itself, and in the table of contents
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "locked with a password" in problem(bad.parent)


def test_a_broken_zip_is_told_to_its_student_alone(bad: Path) -> None:
    path = archive(bad / "work.zip", ("rnn.py", CODE * 1000))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "work.zip is not a complete zip file" in problem(bad.parent)
    path.write_bytes(whole[:40] + bytes(20) + whole[60:])
    assert "rnn.py is damaged inside the zip" in problem(bad.parent)
    path.write_bytes(b"no zip")
    (bad / "solution.py").write_bytes(CODE)
    beside = {submission.student: submission for submission in read_submissions(bad.parent, "rnn")}["bad"]
    assert beside.chunks[0].source == "x = 1\n"


def test_zip_bombs_are_refused_before_they_are_unpacked(bad: Path) -> None:
    archive(bad / "work.zip", ("rnn.ipynb", bytes(15_000_000)))
    assert "from next to nothing" in problem(bad.parent)
    archive(bad / "work.zip", ("rnn.py", bytes(1_500_000)))
    assert "the limit for a file of this kind is 1 MB" in problem(bad.parent)
    archive(bad / "work.zip", *((f"{number}.py", b"") for number in range(2500)))
    assert "holds 2500 files" in problem(bad.parent)
    archive(bad / "work.zip", *((f"{number}" * 60, b"") for number in range(9000)))
    assert "holds too many files" in problem(bad.parent)


def test_a_zip_that_lies_about_its_sizes(bad: Path) -> None:
    path = archive(bad / "work.zip", ("rnn.py", b"#" * 30_000_000))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + offset, 10)
    path.write_bytes(data)
    assert "rnn.py is damaged inside the zip" in problem(bad.parent)


def test_a_zip_of_a_class_with_one_hostile_student(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("class/bad/rnn.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = archive(
        tmp_path / "class.zip",
        (link, b"/etc/passwd"),
        ("class/good/rnn.py", CODE),
        ("class/empty/", b""),
        ("class/slip/../../rnn.py", CODE),
    )
    submissions = {submission.student: submission for submission in read_submissions(path, "rnn")}
    assert submissions["good"].problem == ""
    assert "is a link" in submissions["bad"].problem
    assert "nothing was handed in" in submissions["empty"].problem
    assert "leads out of it" in submissions["slip"].problem


def test_a_name_with_escapes_is_shown_without_them(tmp_path: Path) -> None:
    for student in ("\x1b[31mred", "tab\tand\nbreak", "\udcff"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "rnn.py").write_bytes(b"(\n")
    submissions = read_submissions(tmp_path, "rnn")
    assert {submission.student for submission in submissions} == {"red", "tab and break", "\ufffd"}
    assert all(submission.file.encode() and submission.file.isprintable() for submission in submissions)


def test_memory_zip_in_zip_is_read_without_files(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr("rnn.py", CODE)
    path = archive(tmp_path / "class.zip", ("ada/work.zip", inner.getvalue()), ("bob/rnn.py", CODE))
    before = sorted(tmp_path.rglob("*"))
    submissions = {submission.student: submission for submission in read_submissions(path, "rnn")}
    assert submissions["ada"].file == "ada/work.zip/rnn.py"
    assert sorted(tmp_path.rglob("*")) == before


def test_what_lies_too_deep_is_not_read_but_its_student_is_known(bad: Path) -> None:
    deep = bad.joinpath(*"abcdefgh")
    deep.mkdir(parents=True)
    (deep / "rnn.py").write_bytes(CODE)
    assert "nothing was handed in" in problem(bad.parent)


def test_a_zip_with_a_path_without_end(bad: Path) -> None:
    archive(bad / "work.zip", ("a/" * 30_000 + "rnn.py", CODE))
    assert "holds a path of 60006 characters" in problem(bad.parent)


@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO])
def test_what_this_machine_cannot_read_is_no_fault_of_the_student(
    bad: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    (bad / "rnn.py").write_bytes(CODE)
    (bad / "rnn.ipynb").write_text("not a notebook", encoding="utf-8")
    opened = os.open

    def refused(path: Any, *arguments: Any, **options: Any) -> int:
        if path == "rnn.py":
            raise OSError(error, os.strerror(error), path)
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refused)
    (submission,) = read_submissions(bad.parent, "rnn")
    assert submission.fault
    assert submission.problem == f"rnn.py cannot be opened ({os.strerror(error)})."


def test_a_folder_that_cannot_be_listed_is_no_fault_of_the_student(
    bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bad / "rnn.py").write_bytes(CODE)
    listed = os.scandir

    def refused(path: Any) -> Any:
        if Path(path) == bad:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refused)
    (submission,) = read_submissions(bad.parent, "rnn")
    assert submission.fault
    assert "cannot be listed (Permission denied)" in submission.problem


def test_a_link_is_the_students(bad: Path) -> None:
    (bad / "rnn.py").symlink_to("/etc/passwd")
    (submission,) = read_submissions(bad.parent, "rnn")
    assert submission.problem
    assert not submission.fault
