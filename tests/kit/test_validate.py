"""`grader validate`: holds for a sound course, and says what is wrong with one that is not."""

from __future__ import annotations

import shutil

import pytest

from grader.assignments import find_course
from grader.new import new_assignment
from grader.validate import Proof, show, validate

from . import course_factory as factory
from .loading import ROOT
from .locked import needs_jail

pytestmark = [
    needs_jail,
    pytest.mark.usefixtures("warm_zygotes"),
]


def test_a_sound_course_holds(tmp_path, capsys):
    course, assignment = factory.make_course(tmp_path)
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    proofs = validate(course, [assignment.name], quick=True)
    assert {proof.claim: proof.problems for proof in proofs if proof.problems} == {}
    claims = " ".join(proof.claim for proof in proofs)
    for word in ("reference", "skeleton", "alternatives", "3 mistakes", "every test"):
        assert word in claims
    assert show(proofs)
    assert "yes" in capsys.readouterr().out


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "on_shared"])
def test_a_new_assignment_is_sound_to_the_last_claim(shared, tmp_path, capsys):
    """What `grader new` writes is what an author begins from: it has something for every claim to be tried on."""
    pytest.importorskip("cosmic_ray")
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests" / "hidden").mkdir(parents=True)
    if shared:
        shutil.copytree(ROOT / "tests" / "hidden" / "shared", tmp_path / "tests" / "hidden" / "shared")
    (tmp_path / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    course = find_course(tmp_path)
    new_assignment(course, "leaky_new")
    proofs = validate(course, ["leaky_new"])
    assert show(proofs), capsys.readouterr().out
    assert all(proof.count for proof in proofs)
    claims = " ".join(proof.claim for proof in proofs)
    assert "two mistakes in one exercise" in claims
    assert "in two exercises" not in claims, "there is one exercise only"


def test_a_claim_that_was_tried_on_nothing_does_not_hold(tmp_path, capsys):
    proofs = [Proof("tiny", "all is well", 1), Proof("tiny", "every mistake is named", 0)]
    assert [proof.holds for proof in proofs] == [True, False]
    assert not show(proofs)
    printed = capsys.readouterr().out
    assert "tiny: every mistake is named: there was nothing to try it on" in printed
    assert [line.split()[-1] for line in printed.splitlines()[1:3]] == ["yes", "no"]


def test_an_assignment_without_mistakes_is_not_proved(tmp_path, capsys):
    course, assignment = factory.make_course(tmp_path)
    assert not show(validate(course, [assignment.name], quick=True))
    assert "0 mistakes, in every way, lose points and are named: there was nothing" in capsys.readouterr().out


def test_a_mistake_that_cannot_be_shown_is_told(tmp_path, capsys):
    course, assignment = factory.make_course(tmp_path)
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    (assignment.hidden / "examples.py").write_text("def examples(exercise):\n    return 1 / 0\n")
    assert not show(validate(course, [assignment.name], quick=True))
    assert "subtracted in scale: Its mistakes could not be shown" in capsys.readouterr().out


def test_what_does_not_hold_is_told(tmp_path, capsys):
    """An alternative that is wrong, and a skeleton that scores because a test asks nothing of it."""
    suite = (
        factory.SUITE + '\n\n@points(1, group="torch")\ndef test_easy(student):\n    """Asks nothing."""\n'
    )
    course, assignment = factory.make_course(tmp_path, suite=suite, points="numpy = 6\ntorch = 5")
    (assignment.solution.parent / "alternatives" / "two.py").write_text(factory.WRONG, encoding="utf-8")
    proofs = {proof.claim: proof for proof in validate(course, [assignment.name], quick=True)}
    assert proofs["the reference gets full marks"].problems == ()
    alternatives = proofs["correct alternatives get full marks and no diagnosis"]
    assert alternatives.problems[0].startswith("two.py: graded, 5")
    assert "test_scale[2.0]: the result is off" in " ".join(alternatives.problems)
    skeleton = proofs["the skeleton scores nothing"]
    assert "  test_easy passes" in skeleton.problems
    assert not show(list(proofs.values()))
    assert "no" in capsys.readouterr().out.split()
