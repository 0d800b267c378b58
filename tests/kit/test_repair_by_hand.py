"""Mistakes that no table and no operator plants, in programs of other hands: their line is told, and truly."""

from __future__ import annotations

import pytest

from benchmarks.lines import patched, submission
from grader.assignments import find_course, load
from grader.messages.repairs import sentences
from grader.run.path import Options, grade

from .loading import ROOT

ASSIGNMENTS = ("rnn_cell", "rnn", "lstm", "gru", "birnn", "bptt")
PROGRAMS = ROOT / "tests" / "kit" / "planted"
#: A program, a text that stands in it once, and the wrong one.
PLANTED = [
    ("rnn_comprehension", "t < end else torch.zeros_like", "t < steps else torch.zeros_like"),
    ("rnn_classes", "np.where(alive, new, self.state)", "np.where(alive, new, 0)"),
    ("rnn_classes", "self.read_out(state, alive[:, t])", "self.read_out(state, alive[:, -1])"),
    ("birnn_helpers", "reverse(self.backward_linear(right), lengths)", "self.backward_linear(right).flip(1)"),
    ("gru_classes", "slice(number * H, (number + 1) * H)", "slice(number * H, number + H)"),
    ("bptt_helpers", "totals = add(totals, parts)", "totals = parts"),
    ("rnn_cell_values", "np.tanh(v)", "np.maximum(v, 0)"),
    ("rnn_cell_values", '"tanh"', '"relu"'),
    ("rnn_addmm", "torch.addmm(z, ", "torch.addmm(self.bias, "),
    ("lstm_lambdas", "np.tanh(0.5 * z)", "np.tanh(z)"),
    ("gru_halves", "zip(gi[:2], gh[:2])", "zip(gi[:2], gi[:2])"),
    ("birnn_lists", "in range(lengths[n])", "in range(T)"),
    ("birnn_lists", "seq: reverse(seq, lengths)", "seq: seq[:, ::-1]"),
    ("bptt_defaults", "power=2", "power=1"),
    ("bptt_defaults", "dhidden_states[:, t] + carry", "dhidden_states[:, t]"),
]


def of_program(program):
    """The assignment that a program is named after: the longest that fits, `rnn_cell` before `rnn`."""
    return max((name for name in ASSIGNMENTS if program.startswith(f"{name}_")), key=len)


def graded(assignment, source, *, lines):
    options = Options(workers=1, lines=lines, diagnose=lines)
    (result,) = grade(find_course(ROOT), assignment, [submission(assignment, "s", source)], options=options)
    return result


@pytest.mark.parametrize(("program", "right", "wrong"), PLANTED)
def test_a_mistake_planted_by_hand_is_found_in_its_line(program, right, wrong, warm_zygotes):
    assignment = load(find_course(ROOT), of_program(program))
    source = (PROGRAMS / f"{program}.py").read_text(encoding="utf-8")
    assert source.count(right) == 1
    changed = source.replace(right, wrong)
    result = graded(assignment, changed, lines=True)
    line = source[: source.index(right)].count("\n") + 1
    assert [repair.line for repair in result.repairs] == [line]
    points = f"{result.max_score - result.score:.4g}"
    assert sentences(result) == [f"One change in line {line} is enough for all {points} points you lost."]
    again = graded(assignment, patched(changed, result.repairs[0].diff), lines=False)
    assert again.score == again.max_score
