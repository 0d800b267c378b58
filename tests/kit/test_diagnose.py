"""The diagnoser names what it knows, in whatever words it is written, and is silent about everything else.

Programs are asked a plan made here, smaller than a suite's, in this process; two go through the whole of `grade`.
"""

from __future__ import annotations

import numpy as np
import pytest

from grader.diagnose.evidence import digest
from grader.diagnose.merge import joined
from grader.diagnose.search import Diagnoser
from grader.run.path import grade
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.plan import Plan
from grader.subject.subjects import LocalSubject

from . import course_factory as factory
from . import examining
from .examining import CELL, COURSE, PLAN, REFERENCE, examined, program
from .locked import needs_jail

diagnoser = examining.diagnoser


def test_a_right_program_of_another_style_has_no_diagnosis(diagnoser):
    assert examined(diagnoser, program()) == []


def test_one_mistake_is_named_where_it_was_made(diagnoser):
    assert examined(diagnoser, program(numpy_step="np.tanh(x @ w + h @ u)")) == [
        ("no_bias", "exact", ("rnn_cell_forward",))
    ]
    assert examined(diagnoser, program("x @ w + h @ u.T + b")) == [
        ("w_hidden_transposed", "exact", ("rnn_cell_forward", "RNNCell"))
    ]


def test_two_mistakes_in_one_function_are_both_named(diagnoser):
    diagnoses = examined(diagnoser, program(numpy_step="np.tanh(x @ w + h @ u.T + 2 * b)"))
    assert {(id, certainty) for id, certainty, _ in diagnoses} == {
        ("w_hidden_transposed", "pair"),
        ("bias_twice", "pair"),
    }


def test_three_mistakes_in_one_function_are_all_named(diagnoser):
    diagnoses = examined(diagnoser, program(numpy_step="np.maximum(0, x @ w + h @ u.T - b)"))
    assert {(id, certainty) for id, certainty, _ in diagnoses} == {
        ("w_hidden_transposed", "several"),
        ("bias_subtracted", "several"),
        ("other_activation", "several"),
    }


def test_edits_of_one_line_go_together_where_they_change_other_words():
    line = "h = tanh(a + b)"
    assert joined(line, ("h = relu(a + b)", "h = tanh(a - b)")) == "h = relu(a - b)"
    assert joined(line, ("h = relu(a + b)", "h = s + tanh(a + b)")) == "h = s + relu(a + b)"
    assert joined(line, ("h = relu(a + b)", "h = relu(a + b)")) == "h = relu(a + b)"
    assert joined(line, ("h = relu(a + b)", "h = exp(a + b)")) is None


def test_different_mistakes_in_two_functions_are_both_named(diagnoser):
    diagnoses = examined(diagnoser, program("x @ w + h @ u - b", numpy_step="x @ w + h @ u + b"))
    assert diagnoses == [
        ("no_tanh", "exact", ("rnn_cell_forward",)),
        ("bias_subtracted", "exact", ("RNNCell",)),
    ]


@pytest.mark.parametrize("draw", ["torch.randn", "0.3 * torch.rand"])
def test_a_random_initial_state_is_named_however_it_is_drawn(diagnoser, draw):
    diagnoses = examined(diagnoser, program(cell=f"{draw}(len(x), self.n, dtype=x.dtype)"))
    assert diagnoses == [("random_initial_state", "exact", ("RNNCell",))]


def test_a_wrong_initial_state_that_is_no_draw_is_not_called_random(diagnoser):
    assert examined(diagnoser, program(cell="0.37 * x.new_ones(len(x), self.n)")) == []


def test_a_state_that_is_kept_is_not_called_random(diagnoser):
    source = program(cell='getattr(self, "kept", x.new_zeros(len(x), self.n))')
    source = source.replace("return torch.tanh(", "self.kept = torch.tanh(").rstrip()
    diagnoses = examined(diagnoser, source + "\n        return self.kept\n")
    assert "random_initial_state" not in {id for id, *_ in diagnoses}


ODD = {
    "noise": "np.random.normal(size=h.shape)",
    "a gate": "(1 / (1 + np.exp(-x @ w))) * h + (1 - 1 / (1 + np.exp(-x @ w))) * np.tanh(x @ w + h @ u + b)",
    "zeros": "np.zeros_like(h)",
    "another constant": "np.tanh(x @ w + h @ u + 1.5 * b)",
    "not a number": "h * np.nan",
    "words": '"the new state"',
    "an exception of its own": "(_ for _ in ()).throw(RuntimeError('no idea'))",
}


@pytest.mark.parametrize("step", ODD.values(), ids=ODD.keys())
def test_a_program_that_nothing_explains_gets_no_name(diagnoser, step):
    assert examined(diagnoser, program(numpy_step=step)) == []


def test_what_does_not_fit_is_not_kept(diagnoser):
    """A class of five hundred odd programs must not fill the memory with pairs that were tried."""
    examined(diagnoser, program(numpy_step=ODD["another constant"]))
    remembered = diagnoser._references._kept
    assert all(len(edits) < 2 for edits in remembered)


def test_a_course_without_mistakes_names_none(tmp_path):
    _, tiny = factory.make_course(tmp_path)
    plan = Plan()
    plan.start_item()
    plan.add((ops.Call("scale", (np.ones(2), 3.0)),))
    transcript = {(0, 0): wire.encode([ops.Value(np.zeros(2))])}
    findings = Diagnoser(tiny, factory.SOLUTION, plan).examine(transcript)
    assert findings.diagnoses == ()
    assert findings.failing == ("scale",)


def test_exceptions_name_a_mistake_only_with_its_sizes(diagnoser):
    """Both raise wherever w_input is not square, in the same words; only one of them because it is transposed."""
    raises = "np.tanh(x @ (w.T if w.shape[0] == w.shape[1] else {}) + h @ u + b)"
    named = examined(diagnoser, program(numpy_step=raises.format("w.T")))
    assert named == [("w_input_transposed", "exact", ("rnn_cell_forward",))]
    assert examined(diagnoser, program(numpy_step=raises.format("w[:-1]"))) == []


SMALL, LARGE = "len(x) < 3", "len(x) == 3"


@pytest.mark.parametrize("elsewhere", ["b", "3.5 * b"], ids=["right", "odd"])
@pytest.mark.parametrize("where", [SMALL, LARGE])
def test_a_mistake_must_fit_every_answer(diagnoser, where, elsewhere):
    """In some sizes it is the mistake to the last digit, and in the others something else: then it is not that one."""
    step = f"np.tanh(x @ w + h @ u + (0 * b if {where} else {elsewhere}))"
    assert examined(diagnoser, program(numpy_step=step)) == []


def test_findings_do_not_depend_on_what_was_examined_before(diagnoser):
    source = program(numpy_step="np.tanh(x @ w + h @ u.T + 2 * b)")
    assert examined(diagnoser, source) == examined(Diagnoser(CELL, REFERENCE, PLAN), source)


def test_the_same_answers_are_examined_once(monkeypatch):
    examiner = Diagnoser(CELL, REFERENCE, PLAN)
    wrong = program(numpy_step="np.tanh(x @ w + h @ u.T + 2 * b)")
    first = examined(examiner, wrong)
    assert first
    monkeypatch.setattr("grader.diagnose.search.Evidence", None)
    assert examined(examiner, wrong) == first
    with pytest.raises(TypeError):
        examined(examiner, program(numpy_step="np.tanh(x @ w + h @ u.T + 3 * b)"))


def test_what_is_remembered_is_told_apart(diagnoser):
    """A file decides about the bytes of its answers; it must not write what another one's digest is made of."""
    exercise = diagnoser.sessions[0].exercise
    first, second, *_ = (
        session.positions[0] for session in diagnoser.sessions if session.exercise == exercise
    )
    length = (3).to_bytes(8, "little")
    transcripts = [
        {first: b"abc"},
        {second: b"abc"},
        {first: length + b"abc"},
        {first: b"", second: b"abc"},
        {},
    ]
    transcripts += [{first: b"ab", second: b"c"}, {first: b"a", second: b"bc"}]
    assert len({digest(diagnoser.sessions, exercise, transcript) for transcript in transcripts}) == len(
        transcripts
    )


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("grader.diagnose.search.REMEMBERED", 3)
    examiner = Diagnoser(CELL, REFERENCE, PLAN)
    for factor in range(2, 8):
        examined(examiner, program(numpy_step=f"np.tanh(x @ w + h @ u + {factor} * b)"))
        assert len(examiner._explanations) <= 3


def test_an_answer_that_cannot_be_read_is_no_answer(diagnoser):
    subject = LocalSubject("rnn_cell", program("x @ w + h @ u.T + b"))
    answers = [wire.encode(subject.ask(batch)) for batch in PLAN.batches[0]]
    whole = diagnoser.examine({(0, index): data for index, data in enumerate(answers)})
    broken = diagnoser.examine({(0, index): data for index, data in enumerate([b"\xc1", *answers[1:]])})
    assert whole.diagnoses[0].id == broken.diagnoses[0].id


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_an_odd_program_is_shown_a_counterexample_all_the_same():
    sources = [program(numpy_step=ODD["a gate"]), program(numpy_step=ODD["noise"])]
    submissions = [factory.submission(f"odd {number}", source) for number, source in enumerate(sources)]
    for result in grade(COURSE, CELL, submissions):
        assert result.status == "graded"
        assert {diagnosis.certainty for diagnosis in result.diagnoses} <= {"seen"}
        assert result.counterexamples
