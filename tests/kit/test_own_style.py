"""Points follow the mistake, in programs that nobody here has foreseen: one slip costs what it is, and has its name.

And what is accepted is accepted everywhere: visible checks and hidden tests say the same of every form of answer.
"""

from __future__ import annotations

import sys
import types

import pytest
import tomllib

from .conftest import ROOT
from .own_style import PROGRAMS, SLIPS, changed
from .own_style_cheats import CHEATS, FORMS, wrapped
from .programs import graded_programs

ASSIGNMENTS = sorted(PROGRAMS)
SLIPPED = [(assignment, name) for assignment in ASSIGNMENTS for name in SLIPS[assignment]]
FORMED = [(assignment, name) for assignment in ASSIGNMENTS for name in FORMS[assignment]]


@pytest.fixture(
    scope="module",
    # A class of forty programs each: the shortest at every run.
    params=[pytest.param(name, marks=pytest.mark.slow if name != "rnn_cell" else ()) for name in ASSIGNMENTS],
)
def graded(request, warm, tmp_path_factory):
    """The results of all programs of one assignment, graded as a class: (assignment, results by kind and name)."""
    assignment = request.param
    sources = {
        **{("slip", name): changed(assignment, *slip[2:]) for name, slip in SLIPS[assignment].items()},
        **{("form", name): wrapped(assignment, *form) for name, (form, _) in FORMS[assignment].items()},
        **{("cheat", name): source for name, source in CHEATS[assignment].items()},
        ("zeros", ""): zero_start(assignment),
    }
    folder = tmp_path_factory.mktemp(assignment)
    results = graded_programs(warm, folder, assignment, [*sources.values()], "--workers", 1)
    return assignment, dict(zip(sources, results, strict=True))


def zero_start(assignment):
    """The program, where the weights that turn states into outputs (or, in a cell, all matrices) start as zeros."""
    if assignment == "birnn":
        text = "self.backward_linear = nn.Linear(hidden_size, hidden_size)\n"
        zeros = "".join(
            f"        nn.init.zeros_(self.{side}_linear.{part})\n"
            for side in ("forward", "backward")
            for part in ("weight", "bias")
        )
        return changed(assignment, text, text + zeros)
    if assignment == "rnn":
        return changed(
            assignment, "torch.randn(hidden_size, hidden_size))", "torch.zeros(hidden_size, hidden_size))"
        )
    return PROGRAMS[assignment].replace("torch.randn(", "torch.zeros(")


def lost(result):
    """The points that were lost, by test without its case."""
    points: dict[str, float] = {}
    for test in result["tests"]:
        if test["points"] < test["max_points"]:
            name = test["name"].partition("[")[0]
            points[name] = points.get(name, 0.0) + test["max_points"] - test["points"]
    return points


def test_a_lost_dtype_costs_the_points_of_its_test_and_has_its_name(graded):
    assignment, results = graded
    for name, (exercise, dtype, _, _) in SLIPS[assignment].items():
        result = results["slip", name]
        tests = {test["name"].partition("[")[0]: test["max_points"] for test in result["tests"]}
        charged = list(lost(result))
        assert len(charged) == 1, (name, lost(result))
        assert charged[0].endswith("keeps_the_dtype"), (name, charged)
        assert result["max_score"] - result["score"] <= 1.0, name
        assert tests[charged[0]] <= 1.0
        named = [
            (diagnosis["id"], diagnosis["functions"], diagnosis["certainty"])
            for diagnosis in result["diagnoses"]
        ]
        assert named == [(f"dtype_{dtype}", [exercise], "exact")], (name, named)
        assert "is made without the input's dtype" in result["diagnoses"][0]["title"]


def test_weights_that_start_as_zeros_cost_what_they_are(graded):
    assignment, results = graded
    charged = {
        "rnn_cell": {"test_cell_starts_with_sensible_weights"},
        "rnn": {"test_rnn_starts_with_sensible_weights"},
    }
    assert set(lost(results["zeros", ""])) == charged.get(assignment, set())


def test_an_answer_of_the_right_shape_earns_the_points_of_shapes(graded):
    assignment, results = graded
    toml = tomllib.loads(
        (ROOT / "tests" / "hidden" / assignment / "assignment.toml").read_text(encoding="utf-8")
    )
    for name in CHEATS[assignment]:
        result = results["cheat", name]
        earned = {test["group"] for test in result["tests"] if test["points"]}
        assert earned <= {"shapes"}, (name, [test["name"] for test in result["tests"] if test["points"]])
        assert result["score"] <= toml["points"]["shapes"], name
        messages = [
            test["message"] for test in result["tests"] if "counts once one number of" in test["message"]
        ]
        assert messages, name


def test_hidden_tests_take_the_forms_that_they_are_said_to_take(graded):
    assignment, results = graded
    for name, (_, accepted) in FORMS[assignment].items():
        result = results["form", name]
        if accepted:
            assert result["score"] == result["max_score"], (name, lost(result))
        else:
            assert result["score"] <= result["max_score"] / 2, name


@pytest.mark.parametrize(("assignment", "form"), FORMED)
def test_visible_checks_take_the_same_forms(assignment, form):
    expression, accepted = FORMS[assignment][form]
    failed = failing_checks(assignment, wrapped(assignment, *expression))
    assert bool(failed) is not accepted, failed


@pytest.mark.parametrize(("assignment", "slip"), SLIPPED)
def test_visible_checks_show_a_lost_dtype(assignment, slip):
    assert failing_checks(assignment, changed(assignment, *SLIPS[assignment][slip][2:]))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_visible_checks_pass_on_the_right_program(assignment):
    assert failing_checks(assignment, PROGRAMS[assignment]) == []


def failing_checks(assignment, source):
    """The names of the visible checks that a program fails, run on it in this process."""
    student = types.ModuleType(assignment)
    exec(compile(source, f"{assignment}.py", "exec"), student.__dict__)
    checks = types.ModuleType(f"test_{assignment}")
    path = ROOT / "solutions" / assignment / f"test_{assignment}.py"
    before = sys.modules.get(assignment)
    sys.modules[assignment] = student
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), checks.__dict__)
    finally:
        del sys.modules[assignment]
        if before is not None:
            sys.modules[assignment] = before
    failed = []
    for name, check in vars(checks).items():
        if name.startswith("test_"):
            try:
                check()
            except Exception:  # whatever a check raises, it does not pass
                failed.append(name)
    return failed
