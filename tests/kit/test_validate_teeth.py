"""`grader validate` notices what is wrong with mistakes, mutants and explanations, in a tiny course of its own."""

from __future__ import annotations

import pytest

from grader.errors import CourseError
from grader.records import Diagnosis, Result, TestResult
from grader.validate import Proof, validate
from grader.validate.pairs import Pairs
from tests.kit.course_factory import SOLUTION, make_course

LINE = "return x * factor"
WITH_SPARE = SOLUTION.replace(f"    {LINE}", f"    spare = 1\n    {LINE}")

MISTAKES = '''\
"""Mistakes."""

from grader.diagnose import Mistake

MISTAKES = [
    Mistake("subtracted", "Subtracted", "Which sign?", {"scale": ("return x * factor", "return x - factor")}),
    Mistake("harmless", "Harmless", "Why?", {"scale": ("return x * factor", "return factor * x")}),
    Mistake("added", "Added", "Which sign?", {"scale": ("return x * factor", "return x + factor")}),
    Mistake("added_again", "Added", "Which sign?", {"scale": ("return x * factor", "return factor + x")}),
]
'''

EXPLAINED = """\
[[mutant]]
in = "scale"
line = "spare = 1"
mutated = ["spare = 2"]
why = "It is never used."

[[mutant]]
in = "scale"
line = "return x * factor"
mutated = ["return x - factor", "return x @ factor"]
why = "It was so once."
"""


@pytest.fixture(scope="module")
def proofs(tmp_path_factory, warm_zygotes) -> list[Proof]:
    """The proofs of a course in which several things are wrong."""
    pytest.importorskip("cosmic_ray")
    course, assignment = make_course(tmp_path_factory.mktemp("course"), solution=WITH_SPARE)
    (assignment.hidden / "mistakes.py").write_text(MISTAKES, encoding="utf-8")
    (assignment.hidden / "surviving.toml").write_text(EXPLAINED, encoding="utf-8")
    return validate(course, [assignment.name])


def problems(proofs: list[Proof], word: str) -> list[str]:
    """What speaks against the one claim that has this word."""
    (proof,) = (proof for proof in proofs if word in proof.claim)
    return list(proof.problems)


def test_a_mistake_that_loses_no_points_is_noticed(proofs):
    assert "harmless in scale: it loses no points" in problems(proofs, "are named")


def test_a_mistake_that_looks_like_another_is_noticed(proofs):
    complaints = problems(proofs, "are named")
    assert [line.split(":")[0] for line in complaints if "one of" in line] == [
        "added in scale",
        "added_again in scale",
    ]


def test_a_mistake_that_is_named_is_no_problem(proofs):
    assert not [line for line in problems(proofs, "are named") if "subtracted" in line]


# Pairs: how a pair was diagnosed, held against what each of its mistakes is.

PAIRED = """\
from grader.diagnose import Mistake

MISTAKES = [
    Mistake("low", "Low", "?", {"scale": ("factor = factor + 0", "factor = factor - 1")}),
    Mistake("minus", "Minus", "?", {"scale": ("return x * factor", "return x - factor")}),
    Mistake("twin", "Twin", "?", {"scale": ("return x * factor", "return -factor + x")}, twins=("minus",)),
    Mistake("other", "Other", "?", {"Scaler.forward": ("x * self.weight", "x + self.weight")}),
]
"""
IN_ONE, ELSEWHERE = "low in scale + minus in scale", "low in scale + other in Scaler.forward"


def as_pairs(tmp_path, diagnoses, name=IN_ONE, message="off by 3"):
    """What is said against one pair with these diagnoses, (id, certainty) each; each mistake alone is "off by 3"."""
    source = SOLUTION.replace(LINE, f"factor = factor + 0\n    {LINE}")
    _, assignment = make_course(tmp_path, solution=source)
    (assignment.hidden / "mistakes.py").write_text(PAIRED, encoding="utf-8")

    def result(student, named, message):
        test = TestResult("test_scale", "", "numpy", 0.0, 6.0, "failed", message)
        named_ = tuple(Diagnosis(id, "T", "H", ("scale",), certainty) for id, certainty in named)
        return Result(student, "", "", "graded", 4.0, 10.0, 0.0, (test,), diagnoses=named_)

    pairs = Pairs(assignment, source)
    both = (("low", "pair"), ("minus", "pair"))
    results = {
        pair: result(pair, both if "Scaler" not in pair else (("low", "exact"), ("other", "exact")), "")
        for pair in pairs.sources
    }
    results |= {label: result(label, (), "off by 3") for label in pairs._variants}
    results[name] = result(name, diagnoses, message)
    proofs = pairs.proofs(results)
    assert {proof.claim.split(" are")[0] for proof in proofs} == {
        "two mistakes in one exercise",
        "two mistakes in two exercises",
    }
    return [line for proof in proofs for line in proof.problems if line.startswith(name)]


@pytest.mark.parametrize(
    "named",
    [
        (("low", "pair"), ("minus", "pair")),
        (("low", "pair"), ("twin", "pair")),  # a twin's name is as good
        (("low", "exact"),),
        (("minus", "one of"), ("other", "one of")),
    ],
)
def test_a_pair_that_is_named_after_its_mistakes_is_no_problem(tmp_path, named):
    assert as_pairs(tmp_path, named) == []


@pytest.mark.parametrize(
    "named",
    [
        (("other", "exact"),),
        (("other", "exact"), ("low", "exact")),
        (("other", "pair"), ("low", "pair")),
        (("other", "one of"),),
        (("unheard_of", "exact"),),
        (),
    ],
)
def test_a_wrong_name_for_a_pair_is_noticed(tmp_path, named):
    assert as_pairs(tmp_path, named, message="off by 5") != []


def test_another_name_is_right_only_where_that_mistake_alone_ends_in_the_same(tmp_path):
    """Two mistakes can be the same as a third one: then its name is right, and it can be seen to be."""
    for name, message, wrong in (("twin", "off by 3", False), ("twin", "off by 4", True)):
        where = tmp_path / message
        complaints = as_pairs(where, ((name, "exact"),), name=ELSEWHERE, message=message)
        assert bool(complaints) == wrong


def test_a_surviving_mutant_without_an_explanation_is_noticed(proofs):
    (line,) = (line for line in problems(proofs, "mutants") if "survives" in line)
    assert "`spare = 1` as `spare = 0`" in line


def test_explanations_that_are_stale_are_noticed(proofs):
    stale = [line for line in problems(proofs, "mutants") if "is explained there" in line]
    assert len(stale) == 2
    assert "`return x - factor` is explained there, but it loses points" in stale[0]
    assert "`return x @ factor` is explained there, but there is no such mutant" in stale[1]


def test_an_edit_that_no_longer_applies_is_an_error_that_says_which(tmp_path):
    course, assignment = make_course(tmp_path)
    changed = MISTAKES.replace("return x * factor", "return x * factors")
    (assignment.hidden / "mistakes.py").write_text(changed, encoding="utf-8")
    with pytest.raises(CourseError, match="subtracted in scale does not apply"):
        validate(course, [assignment.name], quick=True)


@pytest.mark.usefixtures("warm_zygotes")
def test_without_the_operators_the_claim_is_not_proved(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.validate.is_installed", lambda: False)
    course, assignment = make_course(tmp_path)
    (line,) = problems(validate(course, [assignment.name]), "mutants")
    assert "pip install cosmic-ray" in line
