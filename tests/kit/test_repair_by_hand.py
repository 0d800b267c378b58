"""Mistakes that no table and no operator plants, in programs of other hands: their line is told, and truly."""

from __future__ import annotations

import pytest

from benchmarks.lines import patched, submission
from grader.assignments import find_course, load
from grader.messages.repairs import sentences
from grader.run.path import Options, grade

from .loading import ROOT

PROGRAMS = ROOT / "tests" / "kit" / "planted"
#: A program, a text that stands in it once, and the wrong one.
PLANTED = [
    ("rnn_comprehension", "t < end else torch.zeros_like", "t < steps else torch.zeros_like"),
    ("rnn_classes", "np.where(alive, new, self.state)", "np.where(alive, new, 0)"),
    ("rnn_classes", "self.read_out(state, alive[:, t])", "self.read_out(state, alive[:, -1])"),
    ("birnn_helpers", "reverse(self.backward_linear(right), lengths)", "self.backward_linear(right).flip(1)"),
    ("gru_classes", "slice(number * H, (number + 1) * H)", "slice(number * H, number + H)"),
    ("bptt_helpers", "totals = add(totals, parts)", "totals = parts"),
]


def graded(assignment, source, *, lines):
    options = Options(workers=1, lines=lines, diagnose=lines)
    (result,) = grade(find_course(ROOT), assignment, [submission(assignment, "s", source)], options=options)
    return result


@pytest.mark.parametrize(("program", "right", "wrong"), PLANTED)
def test_a_mistake_planted_by_hand_is_found_in_its_line(program, right, wrong, warm_zygotes):
    assignment = load(find_course(ROOT), program.partition("_")[0])
    source = (PROGRAMS / f"{program}.py").read_text(encoding="utf-8")
    assert source.count(right) == 1
    changed = source.replace(right, wrong)
    result = graded(assignment, changed, lines=True)
    line = source[: source.index(right)].count("\n") + 1
    assert [repair.line for repair in result.repairs] == [line]
    points = f"{result.max_score - result.score:g}"
    assert sentences(result) == [f"One change in line {line} is enough for all {points} points you lost."]
    again = graded(assignment, patched(changed, result.repairs[0].diff), lines=False)
    assert again.score == again.max_score
