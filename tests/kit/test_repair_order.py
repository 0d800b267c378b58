"""The line: which changes are tried first, and in which words a proved one is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.lines import chosen, measure
from grader.assignments import find_course, load
from grader.diagnose.mistakes import MARK, Mistake, Variant
from grader.messages.page import feedback
from grader.messages.repairs import sentence
from grader.records import Chunk, Diagnosis, Repair, Result, StudentSource
from grader.repair.lines import Lines
from grader.repair.order import Hints, candidates
from grader.repair.program import Program
from grader.report import pages
from grader.run.store import GradedClass

from . import course_factory as factory
from .graded_factory import result as made
from .loading import ROOT
from .test_repair import line_of


def test_what_the_diagnosis_says_is_tried_first():
    source = factory.SOLUTION.replace("x * factor", "x - factor")
    program = Program(StudentSource("s.py", (Chunk(source),)))
    hints = Hints.of([("return x * factor", "return x - factor")])
    first = next(iter(candidates(program.reach(["scale"]), hints)))
    assert first.edit.line == line_of(source, "x - factor")
    assert "x * factor" in first.text


def test_the_functions_that_an_exercise_uses_are_reached_and_no_others():
    source = "def a():\n    return b()\n\ndef b():\n    return 1\n\ndef c():\n    return 2\n"
    program = Program(StudentSource("s.py", (Chunk(source),)))
    assert [place.name for place in program.reach(["a"])] == ["a", "b"]
    assert Program(StudentSource("s.py", (Chunk("def a(:"),))).places == []


@pytest.mark.parametrize(
    ("points", "lost", "message"),
    [
        (14.0, 20.0, "One change in line 31 is enough for 14 of the 20 points you lost."),
        (20.0, 20.0, "One change in line 31 is enough for all 20 points you lost."),
        (1.0, 1.0, "One change in line 31 is enough for the 1 point you lost."),
        (0.5, 1.0, "One change in line 31 is enough for 0.5 of the 1 point you lost."),
    ],
)
def test_the_line_is_told_with_the_points_it_is_worth(points, lost, message):
    assert sentence(Repair("f", "", 31, points, lost, "")) == message


def test_the_lines_of_a_change_that_is_made_twice_are_told():
    same = Repair("f", "", 31, 14.0, 20.0, more=(33, 40))
    telling = "One change in lines 31, 33 and 40 (made in each) is enough for 14 of the 20 points you lost."
    assert sentence(same) == telling
    other = replace(same, label="cell 2", more=(33,))
    assert sentence(other, first=False) == (
        "Another, in cell 2, lines 31 and 33 (made in each), is enough for 14 more."
    )


REPAIRED = made(
    "ann",
    ["test_order", "test_lengths"],
    repairs=(
        Repair("f", "", 31, 4.0, 7.5, "@@ -31 +31 @@\n-    secret_old\n+    secret_new <b>"),
        Repair("g", "cell 2", 3, 3.5, 7.5, "-    gone\n+    come"),
    ),
)


def test_students_are_told_the_line_and_never_the_change():
    page = feedback(REPAIRED)
    assert "One change in line 31 is enough for 4 of the 7.5 points you lost." in page
    assert "Another, in cell 2, line 3, is enough for 3.5 more." in page
    assert "secret" not in page


@pytest.mark.parametrize("for_students", [True, False])
def test_only_the_page_of_the_instructor_shows_the_change(tmp_path, for_students):
    graded = GradedClass(tmp_path / "results.json", "birnn", "", 10.0, (REPAIRED,))
    html = pages.student_page(graded, REPAIRED, for_students=for_students)
    assert "One change in line 31 is enough" in html
    assert ("secret" in html) is not for_students
    assert "<b>" not in html


def test_a_mistake_that_an_operator_made_leads_to_its_line():
    """It is no mistake of the table, and what makes it out of the reference is known all the same."""
    variant = Variant(Mistake(f"{MARK}factor_missing_1", "t", "h", {}), "scale", "scale", (("a * b", "a"),))
    named = Diagnosis(variant.mistake.id, "t", "h", ("scale",))
    result = Result("ada", "s.py", "", "graded", 1, 2, 0, diagnoses=(named,))
    lines = Lines.__new__(Lines)
    lines._mistakes = ()
    assert lines._changes(result, (variant,), "scale") == [("a * b", "a")]
    assert lines._changes(result, (variant,), "shift") == []
    assert lines._changes(replace(result, diagnoses=()), (variant,), "scale") == []


def test_a_wrong_sign_may_lack_a_minus_or_have_one_too_many():
    assert set(Hints.of([("f(a)", "f(-a)")]).patterns) == {
        (frozenset(), frozenset("-")),
        (frozenset("-"), frozenset()),
    }


def test_a_value_that_is_lost_is_added_first_of_all():
    source = "def f(x, w):\n    y = x * w\n    y = w * 2\n    return y\n"
    first = next(candidates(Program(StudentSource("f", (Chunk(source),))).places, Hints()))
    assert "    y += w * 2\n" in first.text


def test_signs_alone_speak_for_no_change_that_has_very_many_places():
    source = "def f(x, w, v):\n    y = x * w\n    z = x + v\n    return y, z\n"
    hints = Hints.of([("a * b", "a + b")])
    order = [*candidates(Program(StudentSource("f", (Chunk(source),))).places, hints)]
    first = {
        kind: next(place for place, candidate in enumerate(order) if candidate.edit.operator == kind)
        for kind in ("other_sign", "drop_statement", "wrap", "add_factor")
    }
    assert first["other_sign"] == 0
    assert first["drop_statement"] < min(first["wrap"], first["add_factor"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("rnn_cell", "mistakes"),
        pytest.param("rnn_cell", "alternatives", marks=pytest.mark.slow),
        pytest.param("lstm", "operators", marks=pytest.mark.slow),
    ],
)
def test_planted_mistakes_are_found_where_they_are(name, kind, warm_zygotes):
    """Samples of `python -m benchmarks.lines NAME --only KIND --one-line`."""
    assignment = load(find_course(ROOT), name)
    measured = measure(assignment, chosen(assignment, kind, 8, one_line=True), workers=1)
    assert len(measured.lost) >= 6
    assert measured.false == ()
    assert len(measured.told) >= 0.8 * len(measured.lost), measured
    assert len(measured.right) >= 0.9 * len(measured.told) - 1, measured
