"""Downloads as platforms and people make them (`downloads`): who must come out of them with which file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.submissions import read_submission, read_submissions

from .downloads import (
    HANDOUT,
    WORK,
    choice,
    folders,
    graders,
    hosts,
    pack,
    platforms,
    sorted_lines,
    write,
    written,
)

CASES = {**folders.CASES, **platforms.CASES, **graders.CASES, **hosts.CASES, **choice.CASES}


@pytest.mark.parametrize("name", CASES)
def test_who_comes_out_of_a_download_with_which_file(tmp_path: Path, name: str) -> None:
    tree, expected = CASES[name]
    root = write(tmp_path / "me", tree)
    if expected.startswith("?"):
        with pytest.raises(UsageError, match="it is not clear whose is what") as caught:
            read_submissions(root, "rnn", HANDOUT)
        assert all(folder in str(caught.value) for folder in expected[2:].split(", "))
        assert str(root) in (caught.value.next_step or "")
        return
    submissions = read_submissions(root, "rnn", HANDOUT)
    assert written(submissions, expected) == sorted_lines(expected)
    assert all(bool(submission.chunks) != bool(submission.problem) for submission in submissions)


@pytest.mark.parametrize("name", CASES)
def test_the_same_comes_out_of_a_zip_of_it(tmp_path: Path, name: str) -> None:
    tree, expected = CASES[name]
    root = write(tmp_path / "me", tree)
    (tmp_path / "packed").mkdir()
    path = tmp_path / "packed" / "me.zip"
    path.write_bytes(pack(root))
    if expected.startswith("?"):
        with pytest.raises(UsageError, match="it is not clear whose is what"):
            read_submissions(path, "rnn", HANDOUT)
        return
    assert written(read_submissions(path, "rnn", HANDOUT), expected) == sorted_lines(expected)


def test_a_folder_with_windows_separators_in_a_zip_is_somebodys(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("HW3\\ada\\rnn.py", WORK)
        archive.writestr("HW3\\bob\\rnn\\rnn.py", WORK)
        archive.writestr("HW3\\cem\\", "")
    files = {submission.student: submission.file for submission in read_submissions(path, "rnn", HANDOUT)}
    assert files == {"ada": "HW3/ada/rnn.py", "bob": "HW3/bob/rnn/rnn.py", "cem": ""}


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if expected.count("\n") > 1])
def test_no_students_folder_changes_how_another_is_read(tmp_path: Path, name: str) -> None:
    """With one more student in the class, laid out otherwise, everybody else's lines stay."""
    tree, expected = CASES[name]
    if expected.startswith(("?", "me")):
        return
    first = tree.splitlines()[0]
    folder = first.rpartition("/")[0] if first.count("/") else ""
    above = folder.split("/")[: max(_around(tree), 0)]
    root = write(tmp_path / "me", tree)
    write(root.joinpath(*above), "zoe/some/deep/folder/rnn.py = work")
    submissions = [
        submission for submission in read_submissions(root, "rnn", HANDOUT) if submission.student != "zoe"
    ]
    assert written(submissions, expected) == sorted_lines(expected)


def _around(tree: str) -> int:
    """How many folders stand around the class: those that all lines share."""
    paths = [line.partition(" =")[0].split("/") for line in tree.splitlines()]
    shared = 0
    while all(len(path) > shared + 1 and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    return shared


REPOSITORIES = (
    "OWNER__rnn_2026_1_ada",
    "OWNER__rnn_2026_1_bob",
    "rnn-cem",
    "rnn_dee",
    "O__rnn-ada",
    "P__rnn-ada",
)


def test_a_file_of_blackboards_that_was_typed_is_its_users(tmp_path: Path) -> None:
    head = "HW_3_ja_smith_attempt_2026-01-05-10-00-00"
    path = tmp_path / f"{head}_rnn.py"
    path.write_text(WORK)
    with pytest.raises(UsageError, match="which of smith, ja_smith, 3_ja_smith is the user") as caught:
        read_submissions(path, "rnn", HANDOUT)
    assert "--student 'ja_smith'" in (caught.value.next_step or "")
    (tmp_path / f"{head}.txt").write_text("Naam: Jan Smith (ja_smith)\n")
    (submission,) = read_submissions(path, "rnn", HANDOUT)
    assert (submission.student, submission.problem) == ("ja_smith", "")
    named = read_submission(path, "ja_smith", "rnn", HANDOUT)
    assert (named.student, named.problem, named.sha256) == ("ja_smith", "", submission.sha256)


@pytest.mark.parametrize(
    "text", ["", "(", "Name: (a b)", "Name: a (b", "Name: Jan Smith", ")", "Name: A (mallory)", "\0" * 99]
)
def test_a_description_that_names_nobody_in_the_name_of_its_file_is_passed_over(tmp_path, text):
    head = "HW_3_ja_smith_attempt_2026-01-05-10-00-00"
    (tmp_path / f"{head}_rnn.py").write_text(WORK)
    (tmp_path / f"{head}.txt").write_text(text)
    with pytest.raises(UsageError, match="is the user"):
        read_submissions(tmp_path, "rnn", HANDOUT)


def test_folders_of_repositories_are_a_student_each(tmp_path: Path) -> None:
    """Numbers in their names are none of Canvas's."""
    for name in REPOSITORIES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "rnn.py").write_text("x = 1")
    submissions = {
        submission.file.split("/")[0]: submission.student for submission in read_submissions(tmp_path, "rnn")
    }
    assert set(submissions) == set(REPOSITORIES)
    assert (submissions["rnn-cem"], submissions["rnn_dee"]) == ("cem", "dee")
    assert all(student == name for name, student in submissions.items() if "__" in name)


@pytest.mark.parametrize(
    "name", [*REPOSITORIES, "Ada King_11_assignsubmission_file", "ada king", "anon_Ab1Cd_6_7_x"]
)
def test_one_folder_of_a_class_is_the_same_student_alone(tmp_path: Path, name: str) -> None:
    """Else a run over it would add somebody new beside the one whose it is."""
    for folder in (name, "zoe"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rnn.py").write_text("x = 1")
    students = {submission.student for submission in read_submissions(tmp_path, "rnn")}
    (alone,) = read_submissions(tmp_path / name, "rnn")
    (file,) = read_submissions(tmp_path / name / "rnn.py", "rnn")
    assert alone.student in students - {"zoe"}
    assert file.student == alone.student


@pytest.mark.parametrize("ending", ["rar", "7z", "tar.gz", "tgz", "tar", "RAR", "zip"])
def test_an_archive_that_was_typed_is_its_students_if_it_is_called_as_the_answer(tmp_path, ending):
    """Another one may hold a whole class: that is asked, and nobody is told that their work cannot be read."""
    for name in ("rnn", "rnn (1)", "download"):
        path = tmp_path / "ada" / f"{name}.{ending}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"packed")
        opened = ending.startswith(("t", "z"))
        if name == "download":
            message = "is not a complete" if opened else "Unpack it, and name the folder"
            with pytest.raises(UsageError, match=message):
                read_submissions(path, "rnn")
        else:
            (submission,) = read_submissions(path, "rnn")
            assert (submission.student, submission.chunks) == ("ada", ())
            refused = (
                f"A .{ending} file is not opened here: hand in rnn.py or rnn.ipynb itself, or a .zip of it."
            )
            assert (f"{name}.{ending} is not a complete" if opened else refused) in submission.problem
