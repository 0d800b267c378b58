"""Results in nbgrader's gradebook: what is written, what is left alone, and on which databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.assignments import Assignment
from grader.errors import MachineryError, UsageError
from grader.nbgrader_plugin import cells, gradebook
from grader.nbgrader_plugin.need import need_nbgrader
from grader.records import Result, TestResult
from tests.kit.course_factory import make_course

from . import gradebook_databases
from .gradebook_databases import everything, opened, scores

pytest.importorskip("sqlalchemy")
pytestmark = pytest.mark.filterwarnings("ignore:.*not in session, add operation")  # nbgrader's own queries
NAME = "homework"

postgres, sqlite = gradebook_databases.postgres, gradebook_databases.sqlite
url = gradebook_databases.url


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    _, tiny = make_course(tmp_path_factory.mktemp("course") / "course")
    return tiny


def result(student: str, numpy: float, torch: float, status: str = "graded") -> Result:
    tests = tuple(
        TestResult(
            f"test_{group}", "It is right.", group, points, most, "passed" if points == most else "failed"
        )
        for group, points, most in (("numpy", numpy, 6.0), ("torch", torch, 4.0))
    )
    if status in ("unreadable", "not_graded"):
        tests = ()
    score = None if status == "not_graded" else sum(test.points for test in tests)
    return Result(student, f"{NAME}.py", "0", status, score, 10.0, 0.1, tests)


CLASS = [result("ada", 6.0, 4.0), result("bo ö", 2.0, 0.0), result("cy", 0.0, 0.0, "unreadable")]


def test_scores_are_written_group_by_group_and_twice_changes_nothing(
    url: str, assignment: Assignment
) -> None:
    written = gradebook.write(CLASS, url, assignment.name, assignment.groups)
    assert (written.students, written.changed, written.left_out) == (3, 3, ())
    assert scores(url, assignment.name) == {
        "ada": {"hidden_numpy": 6.0, "hidden_torch": 4.0},
        "bo ö": {"hidden_numpy": 2.0, "hidden_torch": 0.0},
        "cy": {"hidden_numpy": 0.0, "hidden_torch": 0.0},
    }
    before = everything(url)
    again = gradebook.write(CLASS, url, assignment.name, assignment.groups)
    assert again.changed == 0
    assert everything(url) == before
    with opened(url) as book:
        submission = book.find_submission(assignment.name, "ada")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (10.0, 10.0, False)


def test_a_class_is_written_batch_by_batch_and_nothing_of_a_batch_stays_in_memory(
    url: str, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradebook, "_BATCH", 1)
    in_memory = []

    class Entries(gradebook._StudentEntries):
        def __init__(self, book: Any, students: Any) -> None:
            in_memory.append(len(list(book.session)))
            super().__init__(book, students)

    monkeypatch.setattr(gradebook, "_StudentEntries", Entries)
    twice = [*CLASS, result("ada", 3.0, 4.0)]
    written = gradebook.write(twice, url, assignment.name, assignment.groups)
    assert (written.students, written.changed) == (4, 4)
    assert in_memory[1:] == [0, 0, 0]
    assert scores(url, assignment.name)["ada"] == {"hidden_numpy": 3.0, "hidden_torch": 4.0}
    assert [*scores(url, assignment.name)] == ["ada", "bo ö", "cy"]


def test_a_database_that_fails_in_a_later_batch_has_nothing_of_the_class(
    url: str, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_nbgrader()
    from sqlalchemy.exc import OperationalError

    monkeypatch.setattr(gradebook, "_BATCH", 1)
    save = gradebook._StudentEntries.save

    def fails(self: Any, student: str, *more: Any) -> bool:
        if student == "cy":
            raise OperationalError("INSERT", {}, Exception("disk full"))
        return save(self, student, *more)

    monkeypatch.setattr(gradebook._StudentEntries, "save", fails)
    before = everything(url)
    with pytest.raises(MachineryError, match="could not be written"):
        gradebook.write(CLASS, url, assignment.name, assignment.groups)
    assert everything(url)["student"] == before["student"] == []
    assert everything(url)["submitted_assignment"] == []


def test_what_people_and_nbgrader_wrote_is_kept(url: str, assignment: Assignment) -> None:
    gradebook.write(CLASS, url, assignment.name, assignment.groups)
    name = assignment.name
    with opened(url) as book:
        book.add_solution_cell("solution_scale", name, name)
        grade = book.find_grade("hidden_numpy", name, name, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 5.5, 0.25, False
        notebook = book.find_submission_notebook(name, name, "bo ö")
        notebook.late_submission_penalty = 1.5
        book.db.commit()
    gradebook.write(CLASS, url, assignment.name, assignment.groups)
    with opened(url) as book:
        grade = book.find_grade("hidden_numpy", name, name, "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit) == (6.0, 5.5, 0.25)
        assert not grade.needs_manual_grade, "nothing is new: nobody has to look again"
        assert book.find_submission_notebook(name, name, "bo ö").late_submission_penalty == 1.5
    gradebook.write([result("ada", 3.0, 4.0)], url, assignment.name, assignment.groups)
    with opened(url) as book:
        grade = book.find_grade("hidden_numpy", name, name, "ada")
        assert (grade.auto_score, grade.manual_score, grade.score) == (3.0, 5.5, 5.75)
        assert grade.needs_manual_grade, "the tests say something else than when it was graded by hand"


def test_comments_and_other_cells_are_kept(url: str, assignment: Assignment) -> None:
    name = assignment.name
    with opened(url) as book:
        book.add_assignment(name)
        book.add_notebook(name, name)
        for group, worth in assignment.groups.items():
            book.add_grade_cell(cells.grade_id(group), name, name, max_score=worth, cell_type="code")
        book.add_grade_cell("essay", name, name, max_score=3, cell_type="markdown")
        book.add_solution_cell("essay_answer", name, name)
        book.add_student("ada", first_name="Ada")
        book.add_submission(name, "ada")
        book.find_comment("essay_answer", name, name, "ada").manual_comment = "Well said."
        book.find_grade("essay", name, name, "ada").manual_score = 2.0
        book.db.commit()
    gradebook.write(CLASS, url, assignment.name, assignment.groups)
    with opened(url) as book:
        assert book.find_comment("essay_answer", name, name, "ada").comment == "Well said."
        assert book.find_submission(name, "ada").score == 12.0
        assert book.find_student("ada").first_name == "Ada"
        essay = book.find_grade("essay", name, name, "bo ö")
        assert (essay.auto_score, essay.needs_manual_grade) == (None, True)
        assert book.find_comment("essay_answer", name, name, "bo ö").comment is None


def test_a_fault_of_the_machinery_is_no_score(url: str, assignment: Assignment) -> None:
    written = gradebook.write(
        [*CLASS, result("dee", 0.0, 0.0, "not_graded")], url, assignment.name, assignment.groups
    )
    assert written.left_out == ("dee",)
    assert "dee" not in scores(url, assignment.name)
    # Graded earlier: that score stands.
    gradebook.write([result("ada", 0.0, 0.0, "not_graded")], url, assignment.name, assignment.groups)
    assert scores(url, assignment.name)["ada"] == {"hidden_numpy": 6.0, "hidden_torch": 4.0}


def test_the_time_of_submission_comes_from_nbgrader(tmp_path: Path, url: str, assignment: Assignment) -> None:
    for student, text in (("ada", "2026-02-01 12:00:00 UTC"), ("cy", "soon \x00")):
        folder = tmp_path / "submitted" / student / assignment.name
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(text)
    gradebook.write(CLASS, url, assignment.name, assignment.groups, tmp_path / "submitted")
    with opened(url) as book:
        stamps = {
            submission.student.id: submission.timestamp
            for submission in book.assignment_submissions(assignment.name)
        }
    assert str(stamps["ada"]) == "2026-02-01 12:00:00"
    assert stamps["bo ö"] is None
    assert stamps["cy"] is None


def test_the_gradebook_of_another_notebook_is_refused(url: str, assignment: Assignment) -> None:
    name = assignment.name
    with opened(url) as book:
        book.add_assignment(name)
    with pytest.raises(UsageError, match="no notebook"):
        gradebook.write(CLASS, url, assignment.name, assignment.groups)
    with opened(url) as book:
        book.add_notebook(name, name)
        book.add_grade_cell("hidden_numpy", name, name, max_score=5, cell_type="code")
    before = everything(url)
    with pytest.raises(UsageError, match="hidden_numpy with 6 points; it has 5"):
        gradebook.write(CLASS, url, assignment.name, assignment.groups)
    assert everything(url) == before


def test_a_database_that_is_not_there(tmp_path: Path, assignment: Assignment) -> None:
    with pytest.raises(UsageError, match="no folder"):
        gradebook.check(f"sqlite:///{tmp_path}/nowhere/gradebook.db")
    with pytest.raises(UsageError, match="cannot be opened"):
        gradebook.check("no such dialect://x")
    pytest.importorskip("psycopg")
    with pytest.raises(UsageError, match="cannot be opened") as caught:
        gradebook.check("postgresql+psycopg://tester:secret@127.0.0.1:1/grades")
    assert "secret" not in str(caught.value)
    (tmp_path / "notes.db").write_text("not a database, " * 100)
    with pytest.raises(MachineryError, match="could not be written"):
        gradebook.write(CLASS, str(tmp_path / "notes.db"), assignment.name, assignment.groups)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda result: replace(result, score=None), "could not be graded"),
        (lambda result: replace(result, tests=(TestResult("t", "", "gone", 1, 1, "passed"),)), "gone"),
    ],
)
def test_scores_of_another_suite_are_refused(change: Callable[[Result], Result], message: str) -> None:
    with pytest.raises(MachineryError, match=message):
        cells.scores(change(CLASS[0]), {"numpy": 6.0, "torch": 4.0})


def test_a_result_without_a_score_has_no_points_in_any_group() -> None:
    result = Result("s", "rnn.py", "", "not_graded", None, 4.0, 0.0, message="Not graded: a worker died.")
    with pytest.raises(MachineryError, match="a worker died"):
        cells.scores(result, {"shapes": 4.0})


def test_shares_that_do_not_add_up_exactly_are_never_more_than_the_points() -> None:
    thirds = tuple(TestResult(f"t{n}", "", "numpy", 0.1, 0.1, "passed") for n in range(3))
    many = Result("ada", "x.py", "0", "graded", 0.3, 0.3, 0.1, thirds)
    assert cells.scores(many, {"numpy": 0.1 + 0.1 + 0.1}) == {"numpy": pytest.approx(0.3)}
    assert cells.scores(many, {"numpy": 0.3 - 1e-17})["numpy"] <= 0.3
    assert float(cells.outputs(many, {"numpy": 0.3})["numpy"][1]["data"]["text/plain"]) <= 0.3


def test_ids_of_groups_are_fit_for_nbgrader_and_differ() -> None:
    ids = [cells.grade_id(group) for group in ("shapes", "two words", "two_words", "größe", "gr ße")]
    assert len(set(ids)) == len(ids)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-") for name in ids)
    assert ids[0] == "hidden_shapes"
