"""Right programs pass, whatever order they sum in, and no mistake does; verdicts do not depend on luck."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import determinism, numerics
from grader.assignments import find_course, load

from .loading import ROOT


@pytest.fixture(scope="module")
def suite():
    return numerics.Suite.of(load(find_course(ROOT), "rnn_cell"))


def test_right_programs_are_far_inside_the_tolerance(suite):
    """The long form, with its figures in docs/numerics.md, is `python -m benchmarks.numerics`."""
    errors = numerics.right_programs(suite, 60)
    assert set(errors) == {"float32", "float64"}
    for numbers in errors.values():
        assert len(numbers) == 30
        assert 0 < max(numbers) < 0.02
        assert numerics.chance(numbers) < 1e-6


def test_the_smallest_mistake_is_a_hundred_tolerances_away(suite):
    distances = numerics.mistakes(suite)
    assert len(distances) > 30
    assert min(distances.values()) > 100


def test_a_program_that_is_off_by_a_tolerance_is_noticed(suite, monkeypatch):
    program = numerics.program

    def wrong(assignment, source):
        return program(assignment, source.replace("np.tanh(pre", "1.001 * np.tanh(pre"))

    monkeypatch.setattr(numerics, "program", wrong)
    reference = program(suite.assignment, suite.assignment.solution.read_text(encoding="utf-8"))
    (exercise,) = (exercise_ for exercise_ in suite.exercises if exercise_.name == "rnn_cell_forward")
    case = suite.draw(exercise, 0, 1)
    changed = wrong(suite.assignment, suite.assignment.solution.read_text(encoding="utf-8"))
    assert numerics.distance(changed, reference, exercise, case) > 1
    assert numerics.distance(reference, reference, exercise, case) == 0


def test_blocks_of_an_axis_are_put_in_order_one_by_one():
    array = np.arange(6.0)
    assert numerics.along(array, ["2H"], {"H": np.array([2, 0, 1])}).tolist() == [2, 0, 1, 5, 3, 4]
    assert numerics.along(array, ["N"], {"H": np.array([2, 0, 1])}).tolist() == array.tolist()


def test_a_verdict_a_name_or_a_word_that_differs_is_told():
    first = {"ann": {"score": 1.0, "diagnoses": ["x"], "tests": [{"message": "a"}]}}
    other = {"ann": {"score": 2.0, "diagnoses": ["y"], "tests": [{"message": "b"}]}}
    assert determinism.differences(first, first) == []
    lines = determinism.differences(first, other)
    assert [(str(difference), difference.kind) for difference in lines] == [
        ("ann.diagnoses[0]: 'x' and 'y'", "names"),
        ("ann.score: '1.0' and '2.0'", "verdicts"),
        ("ann.tests[0].message: 'a' and 'b'", "words"),
    ]
    assert [str(missing) for missing in determinism.differences(first, {})] == [
        f"ann: {str(first['ann'])!r} and 'None'"
    ]


def test_what_differs_in_a_way_to_grade_is_counted(capsys):
    first = {"ann": {"score": 1.0, "tests": [{"message": "a"}]}}
    other = {"ann": {"score": 1.0, "tests": [{"message": "b"}]}}
    assert determinism.report("other", first, first) == {"ways": 1}
    assert determinism.report("other", first, other) == {"ways": 1, "words": 1}
    assert "other: 1 words differ" in capsys.readouterr().out
