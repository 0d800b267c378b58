"""What systems and tools leave behind is passed over, and nothing else is: whatever is not read is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader.submissions import read_submissions
from grader.submissions.files import DEEPEST, MOST_PER_FOLDER
from grader.submissions.junk import junk

SOURCE = "def rnn():\n    return 1\n"


def laid_out(folder: Path, *names: str) -> Path:
    for name in ("ada/rnn.py", "bob/rnn.py", *names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE)
    return folder


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


@pytest.fixture(params=["a folder", "a zip"])
def read(request, tmp_path):
    """`read(names…)`: the submissions by student of ada, bob and what lies at these paths; and what is told."""

    def read(*names):
        folder = laid_out(tmp_path / "class", *names)
        remarks = []
        path = folder if request.param == "a folder" else zipped(folder)
        return {
            submission.student: submission
            for submission in read_submissions(path, "rnn", tell=remarks.append)
        }, remarks

    return read


@pytest.mark.parametrize("name", [".carol", ".hidden person", "..x"])
def test_a_student_whose_name_begins_with_a_dot_is_a_student(read, name):
    submissions, remarks = read(f"{name}/rnn.py")
    assert [*submissions] == [name, "ada", "bob"]
    assert submissions[name].problem == ""
    assert remarks == []


def test_files_of_a_flat_folder_may_begin_with_a_dot(tmp_path):
    for name in ("ada_rnn.py", ".carol_rnn.py", "._ada_rnn.py"):
        (tmp_path / name).write_text(SOURCE)
    assert [submission.student for submission in read_submissions(tmp_path, "rnn")] == [".carol", "ada"]


def test_a_hidden_file_of_the_right_name_is_the_answer(read):
    submissions, _ = read("carol/.rnn.py")
    assert submissions["carol"].problem == ""
    assert any(".rnn.py was taken" in note for note in submissions["carol"].notes)


@pytest.mark.parametrize(
    ("left", "message"),
    [
        (".ipynb_checkpoints/a.ipynb", "nothing was handed in but Jupyter's own copies (.ipynb_checkpoints)"),
        ("._rnn.py", "nothing was handed in but what macOS adds to files (._rnn.py)"),
        ("__MACOSX/._rnn.py", "nothing was handed in but what macOS adds to files (__MACOSX)"),
        ("Thumbs.db", "nothing was handed in but what Windows adds to folders (Thumbs.db)"),
        ("~$rnn.py", "nothing was handed in but what a program leaves while a file is open (~$rnn.py)"),
        (".rnn.py.swp", "what a program leaves while a file is open (.rnn.py.swp)"),
        ("venv/lib/rnn.py", "nothing was handed in but installed libraries (venv)"),
        ("__pycache__/rnn.cpython-311.pyc", "nothing was handed in but what Python makes of files (__pycache__)"),
        ("timestamp.txt", "nothing was handed in: expected"),
    ],
)  # fmt: skip
def test_whoever_handed_in_only_what_is_left_behind_is_told_what_it_is(read, left, message):
    submissions, _ = read(f"carol/{left}")
    assert message in submissions["carol"].problem
    assert "expected rnn.py or rnn.ipynb." in submissions["carol"].problem


def test_only_copies_of_jupyters_say_where_the_notebook_is(read):
    submissions, _ = read("carol/work/.ipynb_checkpoints/rnn-checkpoint.ipynb", "carol/notes.txt")
    assert submissions["carol"].problem == (
        "rnn.py or rnn.ipynb was not handed in; found only notes.txt and Jupyter's own copies"
        " (work/.ipynb_checkpoints). The notebook itself lies in the folder that holds .ipynb_checkpoints:"
        " hand that one in."
    )


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        (".rnn.py.icloud", "only stands for a file in iCloud"),
        ("rnn.py.crdownload", "download was not finished"),
    ],
)
def test_what_only_stands_for_a_file_is_called_so(read, name, advice):
    assert advice in read(f"carol/{name}")[0]["carol"].problem


def test_what_lies_beside_work_is_not_mentioned(read):
    left = (
        ".git/HEAD",
        ".DS_Store",
        ".ipynb_checkpoints/rnn-checkpoint.ipynb",
        "__pycache__/rnn.pyc",
        "~$notes.docx",
    )
    submissions, remarks = read(*(f"ada/{name}" for name in left), *left)
    assert [*submissions] == ["ada", "bob"]
    assert (submissions["ada"].problem, submissions["ada"].notes, remarks) == ("", (), [])


def test_what_lies_too_deep_is_not_told_as_nothing(tmp_path):
    deep = "/".join("abcdefghij"[: DEEPEST + 1])
    laid_out(tmp_path, f"carol/{deep}/rnn.py")
    submissions = {submission.student: submission for submission in read_submissions(tmp_path, "rnn")}
    assert "hand in the file itself" in submissions["carol"].problem
    assert f"more than {DEEPEST} deep" in submissions["carol"].problem


def test_the_answer_is_found_among_more_files_than_are_looked_at(tmp_path):
    """Which of them a folder lists first is the file system's choice."""
    laid_out(tmp_path, *(f"carol/{number}.png" for number in range(MOST_PER_FOLDER + 20)), "carol/rnn.py")
    submissions = {submission.student: submission for submission in read_submissions(tmp_path, "rnn")}
    assert submissions["carol"].problem == ""


def test_what_is_nobodys_is_told(read):
    submissions, remarks = read(
        ".weird/settings.json", "docs/guide.md", "src/x.txt", "list of.csv", "README.md", "grades.csv"
    )
    assert [*submissions] == ["ada", "bob"]
    assert remarks == ["Read as no student's, and passed over: .weird/, docs/, list of.csv, src/."]


def test_what_lies_in_a_students_own_folder_is_no_remark_about_the_class(read):
    assert read("ada/docs/guide.md", "ada/.weird/x")[1] == []


@pytest.mark.parametrize(
    "download", ["gradescope", "nbgrader_course", "canvas_with_helpers", "moodle", "sakai"]
)
def test_what_a_platform_lays_beside_students_is_no_remark(download):
    folder = Path(__file__).parent / "handins" / "download" / download
    remarks = []
    read_submissions(folder, "rnn_cell", tell=remarks.append)
    assert remarks == []


@pytest.mark.parametrize("pair", [("Jos\u00e9", "Jose\u0301"), ("Eve", "eve"), ("e\u200bve", "eve")])
def test_students_who_look_like_one_another_are_two_and_told(read, pair):
    submissions, remarks = read(*(f"{name}/rnn.py" for name in pair))
    assert len(submissions) == 4
    assert len(remarks) == 1
    assert "look the same" in remarks[0]


@pytest.mark.parametrize("name", [" ", "\u00a0", "\u200b"])
def test_a_name_of_which_nothing_is_seen_is_told(read, name):
    submissions, remarks = read(f"{name}/rnn.py")
    assert submissions["student"].problem == ""
    assert remarks == [
        "A name without a letter that can be shown was read as 'student'. Rename that folder to say whose it is."
    ]


def test_the_graders_own_output_is_no_remark(tmp_path):
    laid_out(tmp_path)
    (tmp_path / "results.json").write_text('{"schema": "grader/results/v1", "submissions": []}')
    remarks = []
    read_submissions(tmp_path, "rnn", tell=remarks.append)
    assert remarks == []


def test_a_dot_alone_makes_no_name_junk():
    assert junk(".ada") == ""
    assert junk("._ada") != ""
    assert junk(".GIT") == junk(".git") != ""


def test_who_handed_in_nothing_is_told_from_whose_file_holds_nothing(tmp_path: Path) -> None:
    for student in ("ada", "ben/more", "eve", "kim", "lou"):
        (tmp_path / student).mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "eve" / "rnn.zip", "w"):
        pass
    (tmp_path / "kim" / "rnn.py").touch()
    (tmp_path / "lou" / "notes.docx").write_bytes(b"x")
    absent = {submission.student: submission.absent for submission in read_submissions(tmp_path, "rnn")}
    assert absent == {"ada": True, "ben": True, "eve": False, "kim": False, "lou": False}
    eve = next(entry for entry in read_submissions(tmp_path, "rnn") if entry.student == "eve")
    assert eve.problem == "rnn.zip holds no file: look into it, and hand in rnn.py or rnn.ipynb."
