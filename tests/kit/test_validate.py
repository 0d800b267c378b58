"""`grader validate`: holds for a sound course, and says what is wrong with one that is not."""

from __future__ import annotations

import pytest

from grader.subject import jail
from grader.validate import show, validate

from . import course_factory as factory

MISSING = jail.missing(jail.probe())
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"this machine lacks {', '.join(MISSING)}")


def test_a_sound_course_holds(tmp_path, capsys):
    course, assignment = factory.make_course(tmp_path)
    proofs = validate(course, [assignment.name], quick=True)
    assert {proof.claim: proof.problems for proof in proofs if proof.problems} == {}
    claims = " ".join(proof.claim for proof in proofs)
    for word in ("reference", "skeleton", "alternatives", "every test"):
        assert word in claims
    assert show(proofs)
    assert "yes" in capsys.readouterr().out


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
