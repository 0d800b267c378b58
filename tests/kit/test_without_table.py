"""Mistakes that nobody has written down: edits of the reference, made and put into words by operators."""

from __future__ import annotations

import re
from functools import cache

import pytest

from grader.assignments import find_course, load
from grader.build import build
from grader.diagnose.edited import References
from grader.diagnose.mistakes import MARK, apply
from grader.diagnose.search import Diagnoser
from grader.diagnose.without_table import MOST, WithoutTable
from grader.new import new_assignment
from grader.operators.without_table import Text, scopes, wrongs
from grader.records import Chunk, Submission
from grader.run.path import Options, grade
from grader.skeletons import skeleton
from grader.subject.plan import Plan
from grader.validate import found_without_table

from . import course_factory as factory
from .loading import ROOT
from .locked import needs_jail

COURSE = find_course(ROOT)
ASSIGNMENTS = COURSE.names()

#: So many percent of a table at least are found again, and of its sample class truly named. The other assignments take
#: minutes each: `grader validate --without-table` prints them.
BARS = {"rnn_cell": (90, 85)}


@cache
def made_edits(name):
    """The edits of an assignment's exercises, and its reference."""
    assignment = load(COURSE, name)
    text = assignment.solution.read_text(encoding="utf-8")
    references = References(name, text)
    table = WithoutTable(text, references, assignment.exercises, {})
    return text, {exercise: table.variants(exercise) for exercise in assignment.exercises}


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_edit_is_another_program_that_parses(name):
    text, variants = made_edits(name)
    for exercise, several in variants.items():
        assert 100 < len(several) <= MOST, exercise
        for variant in several[::40]:
            wrong = apply(text, [variant])
            assert wrong != text
            compile(wrong, variant.name, "exec")


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_words_speak_of_the_handout_and_of_libraries_alone(name):
    """No name that only the reference uses, and no line of it, is in what students read."""
    text, variants = made_edits(name)
    handout = skeleton(text)
    solution = {line.strip() for line in text.splitlines()} - {line.strip() for line in handout.splitlines()}
    telling = [line for line in solution if len(line) > 10]
    for several in variants.values():
        for mistake in {variant.mistake for variant in several}:
            sentences = f"{mistake.title} {mistake.hint}"
            assert not [line for line in telling if line in sentences], sentences
            for code in re.findall(r"`([^`]+)`", mistake.title):
                called = re.search(rf"\b{re.escape(code)}\(", text)
                plain = code in handout or called or not code.isidentifier() or "used where" in mistake.title
                assert plain, mistake.title
            assert mistake.title[0].isupper() or mistake.title[0] == "`", mistake.title
            assert len(mistake.title) <= 110, mistake.title
            assert mistake.hint.rstrip().endswith(("?", ".")), mistake.hint


def test_what_draws_at_random_is_tried_last():
    _, variants = made_edits("rnn")
    drawn = [variant.mistake.drawn for variant in variants["RNN"]]
    assert any(drawn)
    assert drawn == sorted(drawn)


def test_a_function_that_could_run_for_ever_has_no_edits():
    text = Text("def counted(x):\n    n = 0\n    while n < x:\n        n = n + 1\n    return n * 2\n")
    assert not list(wrongs(text, next(scopes(text)), {"x"}))


SMOOTHER = """
import torch
from torch import nn


class Smoother(nn.Module):
    def forward(self, x, rate):
        level = x[:, 0] / rate.sum(dim=1)
        levels = []
        for t in range(1, x.shape[1]):
            level = level * rate + x[:, t]
            levels.append(level)
        return torch.stack(levels)
"""


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "level = (x[:, 0])",
            "A part of `x` comes out as if it were not divided by the result of `sum` before the loop",
        ),
        (
            "level = (x[:, 0] * rate.sum(dim=1))",
            "A part of `x` is multiplied by the result of `sum`, where it is to be divided before the loop",
        ),
        ("level = x[:, 0] / (rate.sum(dim=1) / rate.shape[1])", "A mean is taken where a sum is meant"),
        ("level = 0 * (x[:, 0] / rate.sum(dim=1))", "A value is zero before the first round"),
        (
            "level = level.detach() * rate + x[:, t]",
            "No gradient flows back through what the loop carries on",
        ),
    ],
)
def test_a_wrong_line_has_words(line, title):
    """Of one edit, whose other lines stay as they are."""
    text = Text(SMOOTHER)
    before = SMOOTHER.splitlines()
    titles = {}
    for wrong in wrongs(text, next(scopes(text)), {"x", "rate"}):
        lines = wrong.edit.applied(SMOOTHER).splitlines()
        changed = [new.strip() for new in lines if new not in before]
        if len(changed) == 1 and len(lines) == len(before):
            titles.setdefault(changed[0], wrong.title)
    assert titles.get(line) == title


def test_a_number_that_is_left_out_comes_before_the_sum_that_answers_alike():
    """`x + 0.5 * state` without the number has the same values as with the product added twice."""
    text = Text("def smooth(x, state):\n    return x + 0.5 * state\n")
    titles = [wrong.title for wrong in wrongs(text, next(scopes(text)), {"x", "state"})]
    assert titles.count("`0.5` is missing from a product") == 1
    assert titles.index("`0.5` is missing from a product") < titles.index(
        "The product with `state` is added twice"
    )


def handed_in(assignment, **sources):
    return [
        Submission(student, f"{assignment.name}.py", f"{number:064}", (Chunk(source),))
        for number, (student, source) in enumerate(sources.items())
    ]


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_an_assignment_without_a_table_names_mistakes(tmp_path):
    course, assignment = factory.make_course(tmp_path)
    students = handed_in(
        assignment,
        added=factory.RIGHT.replace("return x * factor", "y = factor\n    return y + x"),
        unscaled=factory.RIGHT.replace("return x * factor", "return 1 * x"),
        float32=factory.RIGHT.replace("return x * factor", "return np.float32(x) * np.float32(factor)"),
        odd=factory.RIGHT.replace("return x * factor", "return x * np.cos(factor) ** 3 + 0.125"),
    )
    results = {
        diagnosis.student: diagnosis
        for diagnosis in grade(course, assignment, students, options=Options(workers=1))
    }
    titles = {
        student: [diagnosis.title for diagnosis in result.diagnoses] for student, result in results.items()
    }
    assert titles["added"] == ["Two things are added that are to be multiplied"]
    assert titles["unscaled"] == ["`factor` is missing from a product"]
    assert titles["float32"] == ["The result is float32, whatever comes in"]
    assert titles["odd"] == []
    assert all(diagnosis.id.startswith(MARK) for result in results.values() for diagnosis in result.diagnoses)
    assert {diagnosis.certainty for result in results.values() for diagnosis in result.diagnoses} == {"exact"}
    # Nobody has given these words of their own, so an instructor still finds them among the clusters.
    assert all(results[student].unexplained for student in ("added", "unscaled", "odd"))


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_the_words_of_the_table_win(tmp_path):
    course, assignment = factory.make_course(tmp_path)
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    squared = factory.RIGHT.replace("return x * factor", "return factor * x * factor")
    students = handed_in(assignment, squared=squared)
    for table, title in ((True, "Squared"), (False, "`factor` is in a product twice")):
        (result,) = grade(course, assignment, students, options=Options(workers=1, table=table))
        assert [diagnosis.title for diagnosis in result.diagnoses] == [title]


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
@pytest.mark.parametrize("operators", [False, True])
def test_beside_a_short_table_operators_name_what_it_does_not_explain(operators, tmp_path):
    course, assignment = factory.make_course(tmp_path)
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    if operators:
        with (assignment.hidden / "assignment.toml").open("a", encoding="utf-8") as toml:
            toml.write("\n[mistakes]\noperators = true\n")
    students = handed_in(
        assignment,
        squared=factory.RIGHT.replace("return x * factor", "return factor * x * factor"),
        added=factory.RIGHT.replace("return x * factor", "y = factor\n    return y + x"),
        raises=factory.RIGHT.replace("return x * factor", "return x * factor[:, None, None, None]"),
    )
    results = {
        diagnosis.student: diagnosis for diagnosis in grade(course, load(course, assignment.name), students)
    }
    titles = {
        student: [diagnosis.title for diagnosis in result.diagnoses] for student, result in results.items()
    }
    assert titles["squared"] == ["Squared"], "the words of the table win"
    assert titles["added"] == (["Two things are added that are to be multiplied"] if operators else [])
    assert titles["raises"] == [], "exceptions alone are hit by chance"


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_a_new_assignment_names_mistakes_that_its_author_has_not_written_down(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests" / "hidden").mkdir(parents=True)
    (tmp_path / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    course = find_course(tmp_path)
    new_assignment(course, "leaky")
    build(course)
    assignment = load(course, "leaky")
    program = "def leaky_forward(x, factor, offset):\n    return {}\n"
    wrong = {"flipped": "x * factor - offset", "twice": "x * factor + 2 * offset", "unscaled": "x + offset"}
    students = handed_in(assignment, **{name: program.format(text) for name, text in wrong.items()})
    results = grade(course, assignment, students, options=Options(workers=1))
    assert {result.student: [each.title for each in result.diagnoses] for result in results} == {
        "flipped": ["`offset` is subtracted where it is to be added"],
        "twice": ["`offset` is added twice"],
        "unscaled": ["The columns keep their size"],
    }


@needs_jail
@pytest.mark.slow
@pytest.mark.parametrize("name", BARS)
def test_a_table_that_is_taken_away_is_found_again(name):
    counts = found_without_table(COURSE, name)
    again, truly = BARS[name]
    assert 100 * counts.again >= again * counts.mistakes, counts.remarks()
    assert counts.honest >= 10
    assert 100 * counts.truly >= truly * counts.honest, counts.remarks()


class Nothing:
    """Answers to one exercise that say what a test wants them to."""

    exercise, wrong, off, left_open, says_nothing = "both", (), (), False, False

    def fits_all(self, edited):
        return True

    def made_in(self):
        return "float64"


def test_a_dtype_that_has_no_name_does_not_end_the_search():
    assignment = load(COURSE, "rnn_cell")
    source = assignment.solution.read_text(encoding="utf-8")
    diagnoser = Diagnoser(assignment, source, Plan(), table=False)
    question = Nothing()
    question.exercise = "rnn_cell_forward"
    (explained,) = diagnoser._explain(question, (), frozenset(), ())
    assert explained.sets[0][0].mistake.is_made


def test_a_value_without_a_name_is_told_by_the_arguments_it_is_computed_from():
    """A name of the reference's own says nothing to a student."""
    text = Text(
        "def pooled(x, rate, size):\n"
        "    shifted = x - x.max()\n"
        "    weights, total = shifted * rate, 0\n"
        "    for row in shifted:\n"
        "        total += row\n"
        "    return weights.sum(0) + total\n"
    )
    titles = {wrong.title for wrong in wrongs(text, next(scopes(text)), {"x", "rate", "size"})}
    assert "`x` is taken where one computed from `x` belongs in the loop" in titles
    assert "`size` is taken where one computed from `x` and `rate` belongs after the loop" in titles
    assert not [title for title in titles if "another value belongs" in title]


def test_a_switch_is_not_said_to_be_changed_by_the_call():
    """A truth value or a number cannot be changed in place: what is set otherwise has another effect."""
    text = Text(
        "def standardised(x, scale, update=True, *, eps=1e-5):\n"
        "    y = x * scale\n"
        "    if update:\n"
        "        y = y / (x.std() + eps)\n"
        "    return y\n"
    )
    names = {"x", "scale", "update", "eps"}
    changed = {edit.title for edit in wrongs(text, next(scopes(text)), names) if "changed by" in edit.title}
    assert changed == {"`x` is changed by the call", "`scale` is changed by the call"}
