"""What this machine cannot read, of files, folders and a class's archive: nobody is graded without it."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.submissions import Handout, read_submissions

CODE = b"def rnn_forward(x):\n    return x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of one student."""
    (tmp_path / "ada").mkdir()
    return tmp_path / "ada"


@pytest.fixture
def no_rights(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files and folders that this machine may not open, as if their rights were taken away."""
    names: set[str] = set()
    opened, listed = os.open, os.scandir

    def open_with_rights(path: Any, *arguments: Any, **options: Any) -> int:
        if os.path.basename(os.fspath(path)) in names:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path, *arguments, **options)

    def list_with_rights(path: Any) -> Any:
        if Path(path).name in names:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "open", open_with_rights)
    monkeypatch.setattr(os, "scandir", list_with_rights)
    return names


@pytest.mark.parametrize(
    ("imports", "files", "shut", "sentence"),
    [
        ("from helper import step", {"helper.py": b"step = 1"}, "helper.py", "helper.py cannot be opened"),
        ("from pkg.a import f", {"pkg/a.py": b"f = 1"}, "pkg", "the folder pkg cannot be listed"),
        ("import layers", {"layers.zip": b"PK"}, "layers.zip", "layers.zip cannot be opened"),
        ("import math", {"helper.py": b"step = 1"}, "helper.py", ""),
        ("import math", {"data/a.csv": b"1"}, "data", ""),
    ],
)
def test_without_a_module_that_this_machine_cannot_read_nobody_is_graded(
    folder: Path, no_rights: set[str], imports: str, files: dict[str, bytes], shut: str, sentence: str
) -> None:
    """The import would fail, and every exercise that needs it with it."""
    (folder / "rnn.py").write_bytes(f"{imports}\n".encode() + CODE)
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    no_rights.add(shut)
    (submission,) = read_submissions(folder.parent, "rnn")
    assert submission.fault == bool(sentence)
    assert submission.problem == (f"{sentence} (Permission denied)." if sentence else "")


def test_work_may_lie_in_a_folder_that_this_machine_cannot_list(folder: Path, no_rights: set[str]) -> None:
    untouched = b"def rnn_forward(x):\n    raise NotImplementedError\n"
    (folder / "rnn.py").write_bytes(untouched)
    (folder / "final").mkdir()
    (folder / "final" / "rnn.py").write_bytes(CODE)
    no_rights.add("final")
    handout = Handout(("rnn_forward",), skeletons=(untouched.decode(),))
    (submission,) = read_submissions(folder.parent, "rnn", handout)
    assert submission.fault
    assert "the folder final cannot be listed" in submission.problem


# The archive of a class


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(CODE) + 2] ^= 0xFF
    path.write_bytes(data)


def set_a_password(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


@pytest.mark.parametrize("spoil", [flip_a_byte, set_a_password])
def test_what_is_wrong_with_the_archive_of_a_class_costs_no_student(tmp_path: Path, spoil: Any) -> None:
    """One flipped bit of a download made its student `unreadable`, who was told to zip it again."""
    path = tmp_path / "class.zip"
    for students in (["ada"], ["ada", "bob"]):
        with zipfile.ZipFile(path, "w") as archive:
            for student in students:
                archive.writestr(f"{student}/rnn/rnn.py", CODE)
        spoil(path)
        ada, *others = read_submissions(path, "rnn")
        assert ada.problem
        assert ada.fault == (len(students) > 1), "one student's own zip is for that student to make again"
        assert ("get class.zip again" in ada.problem) == ada.fault
        assert not any(submission.problem for submission in others)


def test_a_damaged_zip_within_the_archive_of_a_class_is_its_students(tmp_path: Path) -> None:
    inner = tmp_path / "work.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("rnn.py", CODE)
    flip_a_byte(inner)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.write(inner, "ada/rnn/work.zip")
        archive.writestr("bob/rnn/rnn.py", CODE)
    ada, _ = read_submissions(tmp_path / "class.zip", "rnn")
    assert "rnn.py is damaged inside the zip" in ada.problem
    assert not ada.fault
