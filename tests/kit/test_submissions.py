"""Whose is what: every layout that is promised, as real files in a temporary folder or zip."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.records import Submission
from grader.submissions import read_submission, read_submissions
from grader.submissions.names import safe_name

CODE = "def rnn_forward(x):\n    return x\n"


def put(root: Path, *names: str, code: str | bytes = CODE) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(code if isinstance(code, bytes) else code.encode())
    return root


def zipped(path: Path, *names: str, code: str | bytes = CODE) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, code)
    return path


def students(path: Path, assignment: str = "rnn") -> dict[str, Submission]:
    submissions = read_submissions(path, assignment)
    assert len({submission.student for submission in submissions}) == len(submissions)
    assert all(bool(submission.chunks) != bool(submission.problem) for submission in submissions)
    return {submission.student: submission for submission in submissions}


def test_a_folder_per_student_in_natural_order_with_digest_and_file(tmp_path: Path) -> None:
    put(tmp_path, "s10/rnn.py", "s2/rnn.py", "王 小明/rnn.py", "Ada Lovelace/rnn.py")
    submissions = read_submissions(tmp_path, "rnn")
    assert [submission.student for submission in submissions] == ["Ada Lovelace", "s2", "s10", "王 小明"]
    assert submissions[0].file == "Ada Lovelace/rnn.py"
    assert submissions[0].sha256 == hashlib.sha256(CODE.encode()).hexdigest()
    assert submissions[0].chunks[0].source == CODE
    assert submissions[0].chunks[0].label == ""
    assert submissions[0].notes == ()


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("class/s001/rnn.py", "s001"),
        ("submitted/s001/rnn/rnn.py", "s001"),
        ("Ada Lovelace_123456_assignsubmission_file_/rnn.py", "Ada Lovelace"),
        ("Ada Lovelace_123456_assignsubmission_file_rnn.py", "Ada Lovelace"),
        ("Participant_4711_assignsubmission_file_/rnn.py", "Participant 4711"),
        ("lovelaceada_12345_67890_rnn.py", "lovelaceada"),
        ("lovelaceada_LATE_12345_67890_rnn-1.py", "lovelaceada"),
        ("Homework 1_adal_attempt_2026-01-01-10-00-00_rnn.py", "adal"),
        ("12345-67890 - Ada Lovelace - Jan 5, 2026 1030 AM/rnn.py", "Ada Lovelace"),
        ("12345-67890 - Anne-Marie King - Jan 5, 2026 1030 AM - rnn.py", "Anne-Marie King"),
        ("submission_4711/rnn.py", "submission_4711"),
        ("ada_rnn.py", "ada"),
        ("ada_lovelace_rnn.py", "ada_lovelace"),
        ("ada.py", "ada"),
        ("rnn_ada.py", "ada"),
        ("ada.zip", "ada"),
    ],
)
def test_whose_it_is_in_a_folder_and_in_a_zip(tmp_path: Path, name: str, student: str) -> None:
    folder, other = tmp_path / "download", name.replace("s001", "bob").replace("4711", "99")
    for old, new in (
        ("Ada Lovelace", "Bob"),
        ("Anne-Marie King", "Bob"),
        ("lovelaceada", "bob"),
        ("adal", "bob"),
    ):
        other = other.replace(old, new)
    other = "rnn_bob.py" if name == "rnn_ada.py" else other
    other = "bob" + other.removeprefix("ada_lovelace").removeprefix("ada") if other == name else other
    content: str | bytes = CODE
    if name.endswith(".zip"):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("rnn.py", CODE)
        content = inner.getvalue()
    put(folder, name, other, code=content)
    for path in (folder, zipped(tmp_path / "download.zip", name, other, code=content)):
        submissions = students(path)
        assert len(submissions) == 2
        assert submissions[student].chunks[0].source == CODE
        assert submissions[student].problem == ""
        assert submissions[student].notes == ()


def test_students_of_one_name_are_told_apart_by_the_platforms_number(tmp_path: Path) -> None:
    put(tmp_path, "Wei Li_11_assignsubmission_file_/rnn.py", "Wei Li_12_assignsubmission_file_/rnn.py")
    assert list(students(tmp_path)) == ["Wei Li (11)", "Wei Li (12)"]


def test_names_that_look_alike_once_cleaned_stay_two_students(tmp_path: Path) -> None:
    put(tmp_path, "ada/rnn.py", "a\u202eda/rnn.py", "Ada/rnn.py")
    assert set(students(tmp_path)) == {"ada", "ada (2)", "Ada"}


def test_a_guess_never_makes_one_student_of_two(tmp_path: Path) -> None:
    put(tmp_path, "john_smith.py", "john_doe.py", "s1_solution.py")
    assert set(students(tmp_path)) == {"john_smith", "john_doe", "s1"}


def test_blackboard_takes_the_last_attempt_and_knows_who_sent_nothing(tmp_path: Path) -> None:
    put(tmp_path, "HW_ada_attempt_2026-01-01-10-00-00_rnn.py", code="x = 1\n")
    put(tmp_path, "HW_ada_attempt_2026-01-02-10-00-00_RNN.py", code="x = 2\n")
    put(tmp_path, "HW_ada_attempt_2026-01-02-10-00-00.txt", "HW_bob_attempt_2026-01-02-10-00-00.txt")
    submissions = students(tmp_path)
    assert submissions["ada"].chunks[0].source == "x = 2\n"
    assert submissions["bob"].problem == "nothing was handed in: expected rnn.py or rnn.ipynb."


def test_brightspace_takes_the_last_submission(tmp_path: Path) -> None:
    put(tmp_path, "1-2 - Ada - Feb 5, 2026 1030 AM/rnn.py", code="x = 2\n")
    put(tmp_path, "1-2 - Ada - Jan 25, 2026 1130 PM/rnn.py", code="x = 1\n")
    put(tmp_path, "index.html")
    assert students(tmp_path)["Ada"].chunks[0].source == "x = 2\n"


def test_gradescopes_metadata_gives_names(tmp_path: Path) -> None:
    put(tmp_path, "x/submission_1/rnn.py", "x/submission_2/rnn.py", "x/submission_3/rnn.py")
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '1'\n  :results:\n    :tests:\n"
        "    - :name: no student\nsubmission_2:\n  :submitters:\n  - :name: Bo\n  - :name: Cy\n"
    )
    put(tmp_path, "x/submission_metadata.yml", code=metadata)
    assert set(students(tmp_path)) == {"Ada Lovelace", "Bo & Cy", "submission_3"}


def test_nbgrader_keeps_assignments_apart(tmp_path: Path) -> None:
    put(tmp_path, "ada/rnn/rnn.py", "ada/birnn/birnn.py", "bob/birnn/birnn.py", "ada/rnn/timestamp.txt")
    submissions = students(tmp_path)
    assert submissions["ada"].file == "ada/rnn/rnn.py"
    assert "nothing was handed in" in submissions["bob"].problem


@pytest.mark.parametrize(
    ("names", "path", "student"),
    [
        (["ada/rnn.py"], "ada/rnn.py", "ada"),
        (["ada/rnn/rnn.py"], "ada/rnn/rnn.py", "ada"),
        (["submission/rnn.py"], "submission/rnn.py", "student"),
        (["ada_rnn.py"], "ada_rnn.py", "ada"),
        (["ada.py"], "ada.py", "ada"),
        (["ada/rnn.py", "ada/tests/test_rnn.py", "ada/README.md"], "ada", "ada"),
        (["ada/rnn/rnn.py"], "ada", "ada"),
        (["ada/rnn/rnn.py"], "ada/rnn", "ada"),
        (["assignments/rnn/rnn.py"], "assignments/rnn", "student"),
    ],
)
def test_a_single_student(tmp_path: Path, names: list[str], path: str, student: str) -> None:
    put(tmp_path, *names)
    submissions = students(tmp_path / path)
    assert list(submissions) == [student]
    assert submissions[student].problem == ""


def test_the_path_may_be_relative_or_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "ada/rnn.py")
    (tmp_path / "link.py").symlink_to(tmp_path / "ada" / "rnn.py")
    monkeypatch.chdir(tmp_path / "ada")
    assert list(students(Path("."))) == ["ada"]
    assert list(students(Path("rnn.py"))) == ["ada"]
    assert students(tmp_path / "link.py")["link"].problem == ""


def test_junk_is_no_student_and_no_answer(tmp_path: Path) -> None:
    put(tmp_path, "ada/rnn.py", "ada/._rnn.py", "ada/__pycache__/rnn.py", "ada/expected.json", "README.md")
    put(tmp_path, "ada/.ipynb_checkpoints/rnn.ipynb", "__MACOSX/ada/._rnn.py", ".git/rnn.py", "Thumbs.db")
    put(tmp_path, "bob/.DS_Store", "bob/expected.json", "grades.csv")
    submissions = students(tmp_path)
    assert set(submissions) == {"ada", "bob"}
    assert submissions["ada"].notes == ()
    assert "nothing was handed in" in submissions["bob"].problem


def test_a_wrong_name_is_taken_when_it_is_clear(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a/rnn (1).py",
        "b/RNN.py",
        "c/solution.py",
        "d/rnn.py.txt",
        "e/rnn.txt",
        "f/Copy of rnn_v2.py",
    )
    put(tmp_path, "g/homework/rnn.py", "h/rnn-final.py", "h/test_rnn.py", "h/notes.txt")
    submissions = students(tmp_path)
    assert all(submission.problem == "" for submission in submissions.values())
    assert submissions.pop("g").notes == ()
    assert all(
        len(submission.notes) == 1 and "the expected name is rnn.py" in submission.notes[0]
        for submission in submissions.values()
    )
    assert submissions["c"].notes[0].startswith("solution.py was taken")


def test_several_wrong_names_are_a_problem_that_lists_them(tmp_path: Path) -> None:
    put(tmp_path, "ada/one.py", "ada/two.py", "bob/essay.docx", "cy/rnn.py")
    submissions = students(tmp_path)
    assert "found one.py, two.py" in submissions["ada"].problem
    assert submissions["bob"].problem == (
        "rnn.py or rnn.ipynb was not handed in; found only essay.docx. "
        "No code can be run from a document or a picture: hand in rnn.py or rnn.ipynb itself."
    )
    assert submissions["cy"].problem == ""


def test_of_several_downloads_the_newest_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "ada/rnn (1).py", code="x = 1\n")
    put(tmp_path, "ada/rnn (2).py", code="x = 2\n")
    os.utime(tmp_path / "ada" / "rnn (2).py", (1000, 1000))
    submission = students(tmp_path / "ada")["ada"]
    assert submission.chunks[0].source == "x = 1\n"
    assert any("newest" in note and "rnn (2).py" in note for note in submission.notes)


def test_zips_within_a_students_folder_are_opened_two_deep(tmp_path: Path) -> None:
    put(tmp_path, "bob/rnn.py")
    (tmp_path / "ada").mkdir()
    zipped(tmp_path / "ada" / "work.zip", "work/rnn.py", "__MACOSX/work/._rnn.py")
    inner = zipped(tmp_path / "inner.zip", "rnn.py").read_bytes()
    (tmp_path / "inner.zip").unlink()
    (tmp_path / "cy").mkdir()
    outer = zipped(tmp_path / "cy" / "outer.zip", "hw/inner.zip", code=inner).read_bytes()
    (tmp_path / "dee").mkdir()
    zipped(tmp_path / "dee" / "outermost.zip", "outer.zip", code=outer)
    submissions = students(tmp_path)
    assert submissions["ada"].file == "ada/work.zip/work/rnn.py"
    assert submissions["ada"].problem == ""
    assert (submissions["cy"].problem, submissions["cy"].file) == ("", "cy/outer.zip/hw/inner.zip/rnn.py")
    assert "archives in archives" in submissions["dee"].problem


def test_zip_names_in_utf8_without_the_flag_and_in_gb2312(tmp_path: Path) -> None:
    names = {
        "1": "王小明/rnn.py".encode(),
        "2": "李雷/rnn.py".encode("gb2312"),
        "3": "René/rnn.py".encode("cp437"),
    }
    path = zipped(tmp_path / "class.zip", *(digit * len(raw) for digit, raw in names.items()))
    data = path.read_bytes()
    for digit, raw in names.items():
        assert data.count(digit.encode() * len(raw)) == 2
        data = data.replace(digit.encode() * len(raw), raw)
    path.write_bytes(data)
    assert set(students(path)) == {"王小明", "李雷", "René"}


def test_a_path_of_no_use_says_what_was_found_and_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"No such file.*expected rnn\.py or rnn\.ipynb"):
        read_submissions(tmp_path / "absent", "rnn")
    put(tmp_path, "letters/essay.docx", "bills/may.pdf")
    with pytest.raises(UsageError, match=r"expected rnn\.py.*found bills/may\.pdf, letters/essay\.docx"):
        read_submissions(tmp_path, "rnn")
    put(tmp_path, "class.rar")
    with pytest.raises(UsageError, match=r"an archive of this kind is not opened here\. Unpack it"):
        read_submissions(tmp_path / "class.rar", "rnn")
    put(tmp_path, "broken.zip")
    with pytest.raises(UsageError, match="not a complete zip"):
        read_submissions(tmp_path / "broken.zip", "rnn")
    os.mkfifo(tmp_path / "fifo.py")
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        read_submissions(tmp_path / "fifo.py", "rnn")


def test_one_student_who_handed_in_the_wrong_thing_is_read_and_told(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    put(tmp_path, "letters/essay.docx", "repository/README.md", "repository/docs/index.md", "notes.txt")
    expected = "rnn.py or rnn.ipynb"
    assert students(tmp_path / "nothing")["nothing"].problem == f"nothing was handed in: expected {expected}."
    assert "found only essay.docx" in students(tmp_path / "letters")["letters"].problem
    assert "found only README.md, docs/index.md" in students(tmp_path / "repository")["repository"].problem
    assert "found only notes.txt" in students(tmp_path / "notes.txt")["notes"].problem
    submission = read_submission(tmp_path / "repository", "ada", "rnn")
    assert (submission.student, submission.problem[:30]) == ("ada", "rnn.py or rnn.ipynb was not ha")


def test_a_folder_of_pages_is_no_student(tmp_path: Path) -> None:
    put(tmp_path, "ada/rnn.py", "bob/rnn.py", "pages/.grader-pages", "pages/ada.html")
    assert set(students(tmp_path)) == {"ada", "bob"}


def test_reading_needs_neither_numpy_nor_torch_nor_nbformat() -> None:
    program = (
        "import sys, grader.submissions; "
        "print([name for name in ('numpy', 'torch', 'nbformat') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_names_that_differ_in_case_are_two_students(tmp_path):
    """Nobody is guessed: two people whose folders differ in case alone would lose one's work if they were one."""
    if (tmp_path / "ADA").mkdir() or (tmp_path / "ada").exists():
        pytest.skip("this file system ignores case")
    put(tmp_path, "ADA/rnn.py", "ada/rnn.py")
    submissions = read_submissions(tmp_path, "rnn")
    assert [submission.student for submission in submissions] == ["ADA", "ada"]
    assert len({safe_name(submission.student).casefold() for submission in submissions}) == 2
