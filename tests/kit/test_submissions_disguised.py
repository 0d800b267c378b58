"""What a file holds counts, not what it is called: archives, programs and documents under each other's names."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.records import Submission
from grader.submissions import read_submissions
from grader.submissions.contents import is_binary, kind_of_data
from tests.kit.downloads import HANDOUT

WORK = "def rnn_forward(x):\n    return x + 1\n"
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": WORK}], "nbformat": 4})
UNTOUCHED = HANDOUT.skeletons[0]


def zipped(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return held.getvalue()


def tarred(name: str, text: str, mode: str) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode) as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text.encode()))
    return held.getvalue()


def read_one(root: Path, **files: bytes | str) -> Submission:
    (root / "ada").mkdir()
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (root / "ada" / name.replace("_dot_", ".")).write_bytes(data)
    (submission,) = read_submissions(root, "rnn", HANDOUT)
    return submission


@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        (
            "rnn.zip",
            WORK,
            "rnn.zip is really a Python file; it was read as one. The expected name is rnn.py.",
        ),
        (
            "rnn.zip",
            NOTEBOOK,
            "rnn.zip is really a notebook; it was read as one. The expected name is rnn.ipynb.",
        ),
        ("homework.tar.gz", WORK, "homework.tar.gz is really a Python file"),
        ("rnn.pdf", WORK, "rnn.pdf is really a Python file"),
        ("work.docx", NOTEBOOK, "work.docx is really a notebook"),
        ("rnn.rar", WORK, "rnn.rar is really a Python file"),
        ("rnn.py", zipped(rnn_dot_py=WORK), "rnn.py is a zip file; it was unpacked."),
        ("rnn.ipynb", zipped(hw__rnn_dot_ipynb=NOTEBOOK), "rnn.ipynb is a zip file; it was unpacked."),
        ("rnn.py", tarred("rnn.py", WORK, "w"), "rnn.py is a tar file; it was unpacked."),
        ("rnn.py", tarred("rnn.py", WORK, "w:gz"), "rnn.py is a gzip file; it was unpacked."),
        ("rnn.py", gzip.compress(WORK.encode(), mtime=0), "rnn.py is a gzip file; it was unpacked."),
        ("rnn.ipynb", bz2.compress(NOTEBOOK.encode()), "rnn.ipynb is a bzip2 file; it was unpacked."),
        ("rnn.py.xz", lzma.compress(WORK.encode()), "rnn.py.xz is an xz file; it was unpacked."),
        ("rnn.7z", zipped(rnn_dot_py=WORK), "rnn.7z is a zip file; it was unpacked."),
        ("rnn", zipped(rnn_dot_py=WORK), "rnn is a zip file; it was unpacked."),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value and len(value) < 20 else "",
)
def test_work_under_another_name_is_read_with_a_note(
    tmp_path: Path, name: str, content: bytes | str, note: str
) -> None:
    submission = read_one(tmp_path, **{name.replace(".", "_dot_"): content})
    assert not submission.problem
    assert submission.chunks[0].source == WORK
    assert submission.notes[0].startswith(note)


def test_an_untouched_hand_out_does_not_hide_it(tmp_path: Path) -> None:
    submission = read_one(tmp_path, rnn_dot_py=UNTOUCHED, rnn_dot_zip=WORK)
    assert submission.file == "ada/rnn.zip"


def test_work_under_its_own_name_comes_first(tmp_path: Path) -> None:
    submission = read_one(tmp_path, rnn_dot_py=WORK, rnn_dot_zip=WORK.replace("1", "2"))
    assert submission.file == "ada/rnn.py"
    assert submission.other is None


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("rnn.zip", WORK + "x = (\n", "rnn.zip cannot be read, line 3: `x = (`"),
        ("rnn.zip", "not to be found", "rnn.zip is not a complete zip file"),
        ("rnn.zip", "<!DOCTYPE html><p>Log in</p>", "rnn.zip is a web page"),
        ("rnn.zip", b"", "rnn.zip is empty; zip your files again"),
        ("rnn.pdf", WORK + "x = (\n", "rnn.pdf. No code can be run from a document"),
        ("rnn.py", zipped(notes_dot_txt="x"), "rnn.py is a zip file, whatever its name says"),
        ("rnn.py", gzip.compress(b"%PDF-1.7", mtime=0), "rnn.py is a gzip file, whatever its name says"),
        (
            "rnn.py",
            gzip.compress(WORK.encode(), mtime=0)[:30],
            "rnn.py is a gzip file, whatever its name says",
        ),
    ],
)
def test_what_cannot_be_read_is_told_as_what_it_is(
    tmp_path: Path, name: str, content: bytes | str, problem: str
) -> None:
    assert problem in read_one(tmp_path, **{name.replace(".", "_dot_"): content}).problem


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped(**{"[Content_Types]_dot_xml": "x", "word__document_dot_xml": "x"}), "an Office document"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "an OpenDocument file"),
        (zipped(model__data_dot_pkl="x"), "a file of torch.save"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "a picture"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a picture"),
        (b"\xa7\r\r\n\0\0\0\0" + bytes(20), "compiled Python (.pyc)"),
        (b"\x80\x04\x95\x10\0\0\0\0\0\0\0", "a pickle"),
        (b"\x93NUMPY\x01\0v\0", "a file of numpy's"),
        (b"SQLite format 3\0\x10\0", "a database"),
        (b"bplist00\xd1\x01", "a property list of macOS"),
        (b"\0\x05\x16\x07\0\x02\0\0Mac OS X", "what macOS keeps beside a file (its name began with ._)"),
        (b"MZ\x90\0\x03\0\0\0", "a program"),
        (b"From: a@b.c\r\nTo: d@e.f\r\nSubject: homework\r\n\r\n" + WORK.encode(), "an e-mail"),
        (base64.encodebytes(WORK.encode() * 9), "text in Base64"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_program_is_never_called_untouched(tmp_path: Path, data: bytes, kind: str) -> None:
    """A photo called rnn.py was "nothing has been filled in yet", and a pickle had a `€` in its first line."""
    problem = read_one(tmp_path, rnn_dot_py=data).problem
    assert problem == f"rnn.py is {kind}, whatever its name says; hand in the Python file or the notebook."


@pytest.mark.parametrize(
    "text",
    [
        WORK,
        "BM = 1; MZ = 2\n",
        "From: int = 1\nTo: int = 2\n",
        "\x1b[31mx\x1b[0m = 1\n",
        "x = 1\x1a",
        "y\x0c\n" * 9,
    ],
)
def test_programs_are_taken_for_nothing_else(text: str) -> None:
    data = text.encode()
    assert not is_binary(data)
    assert kind_of_data(data) == ""
