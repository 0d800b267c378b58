"""`grader check`: which file is looked at, and what is said of the others."""

from __future__ import annotations

import errno
import os
import zipfile

import pytest

from grader.check import folder as folders
from grader.check.session import look
from grader.errors import UsageError

from . import checking
from .checking import outcomes, text_of
from .handouts import REFERENCE, folder, write_notebook

runner, report_of = checking.runner, checking.report_of


def test_a_notebooks_cells_run_in_order_and_are_named(report_of):
    report = report_of("raises", notebook=True)
    screen = text_of(report)
    assert report.file == "birnn.ipynb"
    assert "NameError" in screen
    assert "cell 1, line " in screen


def test_a_cell_that_raises_does_not_stop_the_others(tmp_path, runner):
    work = folder(tmp_path, None)
    (work / "birnn.py").unlink()
    write_notebook(work / "birnn.ipynb", "plot_it()", "%matplotlib inline\n" + REFERENCE)
    report = look(folders.find(work), runner)
    assert report.all_right
    screen = text_of(report)
    assert "NameError" in screen
    assert "was passed over" in screen


def test_lines_for_a_notebook_do_not_import_the_notebook(report_of):
    screen = text_of(report_of("wrong", notebook=True))
    assert "from birnn import" not in screen
    assert "KNOCK = np.array" in screen
    assert "new cell of birnn.ipynb" in " ".join(screen.split())


def test_of_two_files_the_one_with_more_in_it_is_looked_at(tmp_path, runner):
    work = folder(tmp_path, None)
    write_notebook(work / "birnn.ipynb", REFERENCE)
    report = look(folders.find(work), runner)
    assert report.file == "birnn.ipynb"
    assert report.all_right
    assert "birnn.py" not in text_of(report), "nothing is said of a file that is still as it was handed out"
    assert set(outcomes(look(folders.find(work / "birnn.py"), runner))) == {"todo"}

    part = REFERENCE.replace("outputs_b = reverse(outputs_b, lengths)", "pass", 1)
    (work / "birnn.py").write_text(part, encoding="utf-8")
    assert "To have the other looked at: grader check birnn." in " ".join(
        text_of(look(folders.find(work), runner)).split()
    )


def test_an_untouched_file_does_not_hide_one_that_cannot_be_read(tmp_path, runner):
    work = folder(tmp_path, None)
    blank = (work / "birnn.py").read_text(encoding="utf-8")
    write_notebook(work / "birnn.ipynb", blank)
    (work / "birnn.py").write_text(blank + "\ndef f(:\n", encoding="utf-8")
    report = look(folders.find(work), runner)
    screen = " ".join(text_of(report).split())
    assert "birnn.py cannot be read, line" in report.problem
    assert "birnn.ipynb" not in screen

    (work / "birnn.py").write_text(blank, encoding="utf-8")
    whole = (work / "birnn.ipynb").read_text(encoding="utf-8")
    (work / "birnn.ipynb").write_text(whole[: len(whole) // 2], encoding="utf-8")
    assert "it breaks off before its end" in look(folders.find(work), runner).problem


def test_a_copy_under_another_name_is_looked_at(tmp_path, runner):
    work = folder(tmp_path, "right")
    (work / "birnn (1).py").write_text(REFERENCE, encoding="utf-8")
    report = look(folders.find(work / "birnn (1).py"), runner)
    assert (report.file, report.all_right) == ("birnn (1).py", True)


def test_an_untouched_file_points_to_a_copy_with_work_in_it(tmp_path, runner):
    work = folder(tmp_path, None)
    blank = (work / "birnn.py").read_text(encoding="utf-8")
    (work / "birnn_final.py").write_text(blank, encoding="utf-8")
    assert "birnn_final" not in text_of(look(folders.find(work), runner)), "nothing is written in it either"
    (work / "birnn (1).py").write_text(REFERENCE, encoding="utf-8")
    screen = " ".join(text_of(look(folders.find(work), runner)).split())
    assert 'Your work may be in birnn (1).py. To have that looked at: grader check "birnn (1).py"' in screen
    (work / "birnn.py").write_text(REFERENCE, encoding="utf-8")
    assert "birnn (1)" not in text_of(look(folders.find(work), runner))


def test_where_the_file_was_renamed_the_one_with_the_work_is_named(tmp_path, runner):
    work = folder(tmp_path, REFERENCE)
    (work / "birnn.ipynb").unlink(missing_ok=True)
    (work / "birnn.py").rename(work / "my own.py")
    with pytest.raises(UsageError) as gone:
        look(folders.find(work), runner)
    assert "birnn.py is gone, and my own.py holds work." in str(gone.value)
    assert str(gone.value).endswith('grader check "my own.py"')
    assert look(folders.find(work / "my own.py"), runner).all_right
    (work / "my own.py").rename(tmp_path / "away.py")
    with pytest.raises(UsageError) as gone:
        look(folders.find(work), runner)
    assert str(gone.value).endswith("birnn.py is gone.\nPut it back, then type: grader check")


@pytest.mark.filterwarnings("error::DeprecationWarning", "error::SyntaxWarning")
def test_code_that_is_not_run_is_said_where_its_name_is_missing(tmp_path, runner):
    screen = " ".join(text_of(look(folders.find(folder(tmp_path, f"'''\n{REFERENCE}'''\n")), runner)).split())
    assert "but are a text in quotes: take the quotes away." in screen
    assert screen.endswith("Next: Do what the note above says, save, and look again.")


def test_a_link_is_looked_at_and_not_to_be_handed_in(tmp_path, runner):
    work = folder(tmp_path, REFERENCE)
    (work / "birnn.py").rename(tmp_path / "mine.py")
    (work / "birnn.py").symlink_to(tmp_path / "mine.py")
    report = look(folders.find(work), runner)
    assert report.all_right
    assert "birnn.py is a link: hand in the file itself" in " ".join(text_of(report).split())


def test_a_link_to_itself_is_a_sentence(tmp_path, runner):
    work = folder(tmp_path, REFERENCE)
    (work / "birnn.py").unlink()
    (work / "birnn.py").symlink_to("birnn.py")
    assert look(folders.find(work), runner).problem.startswith("birnn.py is a link that leads to no file")


def test_an_archive_by_the_name_of_a_program_is_opened_as_in_grading(tmp_path, runner):
    work = folder(tmp_path, None)
    with zipfile.ZipFile(tmp_path / "birnn.zip", "w") as archive:
        archive.writestr("birnn.py", REFERENCE)
    (tmp_path / "birnn.zip").rename(work / "birnn.py")
    report = look(folders.find(work), runner)
    assert report.all_right
    assert report.notes == ("birnn.py is a zip file; it was unpacked.",)


def test_an_empty_file_beside_an_untouched_notebook_is_told(tmp_path, runner):
    work = folder(tmp_path, None)
    write_notebook(work / "birnn.ipynb", (work / "birnn.py").read_text(encoding="utf-8"))
    (work / "birnn.py").write_bytes(b"")
    assert "birnn.py is empty" in " ".join(look(folders.find(work), runner).notes)
    (work / "birnn.py").write_bytes(bytes(5000))
    assert "nothing but null bytes" in look(folders.find(work), runner).problem, "there was work in it"


def test_a_module_that_cannot_be_read_stops_the_look_as_it_stops_grading(tmp_path, runner, monkeypatch):
    work = folder(tmp_path, "from helper import step\n" + REFERENCE)
    (work / "helper.py").write_text("step = 1", encoding="utf-8")
    opened = os.open

    def refused(path, *arguments, **options):
        if path == "helper.py":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refused)
    problem = look(folders.find(work), runner).problem
    assert problem == "helper.py cannot be opened (Permission denied)."


def test_a_file_that_cannot_be_found_is_a_sentence(tmp_path):
    work = folder(tmp_path, "right")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "rnn.py").write_text("x = 1")
    for path, message in (
        (tmp_path / "nothing.py", "There is no"),
        (tmp_path / "notes.txt", "neither a .py file nor a notebook"),
        (tmp_path / "elsewhere", "is no exercise's folder"),
        (tmp_path / "elsewhere" / "rnn.py", "expected test_rnn.py"),
        (tmp_path, "there are some below it: birnn"),
    ):
        with pytest.raises(UsageError, match=message) as caught:
            folders.find(path)
        assert caught.value.next_step
    (work / "test_rnn.py").write_text("x = 1")
    (work / "rnn.py").write_text("x = 1")
    with pytest.raises(UsageError, match="holds 2 exercises: birnn, rnn"):
        folders.find(work)
    assert folders.find(work / "test_birnn.py").name == "birnn"
