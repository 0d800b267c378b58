"""The diagnoser names what it knows, in whatever words it is written, and is silent about everything else.

Programs are asked a plan made here, smaller than a suite's, in this process; two go through the whole of `grade`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from grader.assignments import find_course, load
from grader.diagnose.dtypes import made_in
from grader.diagnose.edited import References
from grader.diagnose.match import Session
from grader.diagnose.merge import joined
from grader.diagnose.mistakes import Mistake, apply, variants
from grader.diagnose.search import Diagnoser, _digest
from grader.diagnose.source import Source
from grader.errors import CourseError
from grader.run.path import grade
from grader.subject import jail, wire
from grader.subject import operations as ops
from grader.subject.plan import Plan
from grader.subject.subjects import LocalSubject

from . import course_factory as factory

ROOT = Path(__file__).resolve().parents[2]
COURSE = find_course(ROOT)
CELL = load(COURSE, "rnn_cell")
REFERENCE = CELL.solution.read_text(encoding="utf-8")
rng = np.random.default_rng(7)


def weights(inputs: int, hidden: int) -> dict[str, np.ndarray]:
    shapes = {"w_input": (inputs, hidden), "w_hidden": (hidden, hidden), "bias": (hidden,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def make_plan() -> Plan:
    """Calls of both exercises of rnn_cell in several sizes, with and without a state, twice, with gradients."""
    plan = Plan()
    plan.start_item()
    for samples, inputs, hidden in ((1, 1, 1), (2, 3, 2), (3, 2, 4), (2, 2, 2)):
        x, state = rng.normal(size=(samples, inputs)), rng.normal(size=(samples, hidden))
        loaded = weights(inputs, hidden)
        plan.add((ops.Call("rnn_cell_forward", (x, state, *loaded.values())),))
        for handle, arguments in ((10 * inputs + hidden, (x, state)), (100 * inputs + hidden, (x, None))):
            handle += 1000 * samples
            plan.add((ops.Make(handle, "RNNCell", (inputs, hidden)), ops.Load(handle, loaded)))
            plan.add((ops.Invoke(handle, arguments),))
            plan.add((ops.Invoke(handle, arguments),))
            plan.add((ops.Invoke(handle, arguments, {}, (np.ones((samples, hidden)),)),))
    plan.add((ops.Make(1, "RNNCell", (3, 5)), ops.ListParameters(1)))
    return plan


PLAN = make_plan()


@pytest.fixture(scope="module")
def diagnoser() -> Diagnoser:
    return Diagnoser(CELL, REFERENCE, PLAN)


def examined(diagnoser: Diagnoser, source: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(id, certainty, functions) of what is found in a program."""
    subject = LocalSubject("rnn_cell", source)
    assert not subject.failures
    batches = PLAN.batches[0]
    transcript = {(0, index): wire.encode(subject.ask(batch)) for index, batch in enumerate(batches)}
    return [
        (diagnosis.id, diagnosis.certainty, diagnosis.functions)
        for diagnosis in diagnoser.examine(transcript).diagnoses
    ]


def program(step: str = "x @ w + h @ u + b", cell: str = "", numpy_step: str = "") -> str:
    """rnn_cell written by someone else: `step` inside tanh, `cell` what a missing state becomes."""
    state = cell or "torch.zeros(len(x), self.n, dtype=x.dtype)"
    return f"""
import numpy as np, torch
from torch import nn
def rnn_cell_forward(x, h, w, u, b):
    return {numpy_step or f"np.tanh({step})"}
class RNNCell(nn.Module):
    def __init__(self, m, n):
        super().__init__()
        self.n = n
        self.w_input = nn.Parameter(torch.randn(m, n) / 3)
        self.w_hidden = nn.Parameter(torch.randn(n, n) / 3)
        self.bias = nn.Parameter(torch.zeros(n))
    def forward(self, x, hidden_state=None):
        h = {state} if hidden_state is None else hidden_state
        w, u, b = self.w_input, self.w_hidden, self.bias
        return torch.tanh({step})
"""


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


@pytest.mark.parametrize(
    ("end", "ids"),
    {
        ".astype(np.float32)": ["dtype_float32"],
        ".astype(np.float16)": [],
        ".astype(np.float16).astype(x.dtype)": [],
    }.items(),
)
def test_a_dtype_is_called_what_it_is(diagnoser, end, ids):
    diagnoses = examined(diagnoser, program(numpy_step=f"np.tanh(x @ w + h @ u + b){end}"))
    assert [id for id, _, _ in diagnoses] == ids


@pytest.mark.parametrize("dtype_of_inputs", ["float32", "float64"])
@pytest.mark.parametrize(
    ("answer", "dtype"),
    [
        (ops.Value(np.ones(2, "float16")), "float16"),
        (
            ops.Raised("RuntimeError", "expected the same dtype, but got: c10::Half != float", "call"),
            "float16",
        ),
        (ops.Raised("RuntimeError", "mat1 has dtype c10::BFloat16", "call"), "bfloat16"),
    ],
)
def test_a_dtype_that_no_input_has_is_seen_whatever_was_asked(dtype_of_inputs, answer, dtype):
    session = SimpleNamespace(batches=[np.ones(2, dtype_of_inputs)], weighed=[True])
    assert made_in([(session, [[answer]], [[ops.Value(np.ones(2, dtype_of_inputs))]])]) == dtype


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("the second half of the sequence is missing", False),
        ("half", False),
        ("'float' object is not subscriptable", False),
        ("could not convert string to float: 'a'", False),
        ("mat1 and mat2 must have the same dtype, but got Half and Double", True),
        ("\"addmm_impl_cpu_\" not implemented for 'Half'", True),
        ("Input type (c10::Half) and bias type (double) should be the same", True),
        ("Cannot cast ufunc 'add' output from dtype('float64') to dtype('float16')", True),
    ],
)
def test_a_word_is_no_dtype(text, is_one):
    """What libraries call a dtype names it; the same letters in another sentence do not."""
    session = SimpleNamespace(batches=[np.ones(2)], weighed=[True])
    raised = ops.Raised("RuntimeError", text, "call")
    assert made_in([(session, [[raised]], [[ops.Value(np.ones(2))]])]) == ("float16" if is_one else "")


def test_two_dtypes_that_no_input_has_have_no_one_name():
    session = SimpleNamespace(batches=[np.ones(2)], weighed=[True, True])
    mixed = [[ops.Value(np.ones(2, "float16"))], [ops.Raised("RuntimeError", "dtype: BFloat16", "call")]]
    assert made_in([(session, mixed, [[ops.Value(np.ones(2))]] * 2)]) == ""


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


CHAIN = """\
def scale(x):
    return 2.0 * x + 1.0


def twice(x):
    return scale(scale(x))
"""
#: Ways of making `scale` give 2 x - 1, all alike in numbers.
ALIKE = ("2.0 * x - 1.0", "x + x - 1.0", "x - 1.0 + x", "2.0 * (x - 0.5)")


def chained(tmp_path, count=1, twins=False):
    """A diagnoser of two exercises, one of which uses the other, with `count` mistakes that give the same numbers."""
    _, tiny = factory.make_course(tmp_path)
    lines = ["from grader.diagnose import Mistake", "MISTAKES = ["]
    for number, expression in enumerate(ALIKE[:count]):
        declared = tuple(f"m{other}" for other in range(count) if other != number) if twins else ()
        lines.append(
            f"    Mistake('m{number}', 'T', 'H?', {{'scale': ('2.0 * x + 1.0', {expression!r})}}, twins={declared}),"
        )
    (tiny.hidden / "mistakes.py").write_text("\n".join([*lines, "]", ""]), encoding="utf-8")
    plan = Plan()
    plan.start_item()
    for size in (1, 2, 3):
        plan.add((ops.Call("scale", (rng.normal(size=size),)),))
        plan.add((ops.Call("twice", (rng.normal(size=size),)),))
    return Diagnoser(dataclasses.replace(tiny, exercises=("scale", "twice")), CHAIN, plan), plan


def transcript_of(plan, **source_of):
    """What was answered: each exercise by the program that is named for it."""
    subjects = {name: LocalSubject("chained", source) for name, source in source_of.items()}
    batches = plan.batches[0]
    return {
        (0, number): wire.encode(subjects[batch[0].function].ask(batch))
        for number, batch in enumerate(batches)
    }


WRONG = CHAIN.replace("2.0 * x + 1.0", "2.0 * x - 1.0")


def test_what_is_remembered_of_an_exercise_belongs_to_the_mistakes_before_it(tmp_path):
    """The same answers to `twice` follow from a wrong `scale`, or from nothing where `scale` is right."""
    examiner, plan = chained(tmp_path)
    follows = transcript_of(plan, scale=WRONG, twice=WRONG)
    of_its_own = transcript_of(plan, scale=CHAIN, twice=WRONG)
    assert examiner.examine(follows).failing == ("scale",)
    assert examiner.examine(of_its_own).failing == ("twice",)
    assert examiner.examine(follows).failing == ("scale",)


@pytest.mark.parametrize(
    ("count", "twins", "expected"),
    [
        (1, False, [("m0", "exact")]),
        (2, False, [("m0", "one of"), ("m1", "one of")]),
        (3, False, [("m0", "one of"), ("m1", "one of"), ("m2", "one of")]),
        (4, False, []),  # more would be a guess
        (2, True, [("m0", "exact")]),
    ],
)
def test_how_sure_a_name_is_when_several_fit(tmp_path, count, twins, expected):
    examiner, plan = chained(tmp_path, count, twins)
    findings = examiner.examine(transcript_of(plan, scale=WRONG, twice=WRONG))
    assert [(diagnosis.id, diagnosis.certainty) for diagnosis in findings.diagnoses] == expected
    # What is not sure explains nothing after it.
    assert findings.failing == (("scale",) if expected and expected[0][1] == "exact" else ("scale", "twice"))


NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.second = nn.Linear(2, 2)

    def forward(self, x):
        return self.second(self.first(x))
"""
KEPT = NET.replace("self.first = nn.Linear(2, 2)", "self.kept = [nn.Linear(2, 2)]").replace(
    "self.first(", "self.kept[0]("
)
LATE = KEPT.replace("self.kept = [nn.Linear(2, 2)]\n", "self.kept = []\n").replace(
    "        return", "        self.kept = self.kept or [nn.Linear(2, 2)]\n        return"
)
OTHER_ORDER = KEPT.replace("self.kept = [nn.Linear(2, 2)]", "made = nn.Linear(2, 2)").replace(
    "self.second = nn.Linear(2, 2)\n",
    "self.second = nn.Linear(2, 2)\n        made = nn.Linear(2, 2)\n        self.kept = [made]\n",
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (KEPT, [("kept", "exact")]),
        (LATE, [("late", "exact")]),
        (OTHER_ORDER, [("kept", "one of"), ("late", "one of")]),
    ],
)
def test_weights_that_could_not_be_loaded_tell_apart_only_by_what_was_drawn(tmp_path, source, expected):
    """Two mistakes after which no weights can be loaded: their numbers are random, and those of one seed."""
    _, tiny = factory.make_course(tmp_path)
    (tiny.hidden / "mistakes.py").write_text(
        "from grader.diagnose import Mistake\n"
        "HELD = [('self.first = nn.Linear(2, 2)', 'self.kept = [nn.Linear(2, 2)]')]\n"
        "EMPTY = [('self.first = nn.Linear(2, 2)', 'self.kept = []')]\n"
        "USED = ('self.second(self.first(x))', 'self.second(self.kept[0](x))')\n"
        "MADE = ('return self.second(self.first(x))',"
        " 'self.kept = self.kept or [nn.Linear(2, 2)]\\nreturn self.second(self.kept[0](x))')\n"
        "MISTAKES = [\n"
        "    Mistake('kept', 'T', 'H?', {'Net': [tuple([*HELD, USED])]}),\n"
        "    Mistake('late', 'T', 'H?', {'Net': [tuple([*EMPTY, MADE])]}),\n"
        "]\n",
        encoding="utf-8",
    )
    plan = Plan()
    loaded = {
        f"{part}.{name}": np.ones((2, 2) if name == "weight" else 2, np.float32)
        for part in ("first", "second")
        for name in ("weight", "bias")
    }
    for size in (1, 2, 3):
        plan.start_item()
        plan.add((ops.Make(size, "Net", ()), ops.Load(size, loaded)))
        plan.add((ops.Invoke(size, (rng.normal(size=(size, 2)).astype(np.float32),)),))
    examiner = Diagnoser(dataclasses.replace(tiny, exercises=("Net",)), NET, plan)
    subject = LocalSubject("net", source)
    transcript = {
        (item, index): wire.encode(subject.ask(batch))
        for item, batches in enumerate(plan.batches)
        for index, batch in enumerate(batches)
    }
    assert [
        (diagnosis.id, diagnosis.certainty) for diagnosis in examiner.examine(transcript).diagnoses
    ] == expected


def test_findings_do_not_depend_on_what_was_examined_before(diagnoser):
    source = program(numpy_step="np.tanh(x @ w + h @ u.T + 2 * b)")
    assert examined(diagnoser, source) == examined(Diagnoser(CELL, REFERENCE, PLAN), source)


def test_the_same_answers_are_examined_once(monkeypatch):
    examiner = Diagnoser(CELL, REFERENCE, PLAN)
    wrong = program(numpy_step="np.tanh(x @ w + h @ u.T + 2 * b)")
    first = examined(examiner, wrong)
    assert first
    monkeypatch.setattr("grader.diagnose.search.Asked", None)
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
    assert len({_digest(diagnoser.sessions, exercise, transcript) for transcript in transcripts}) == len(
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


@pytest.mark.skipif(bool(jail.missing(jail.probe())), reason="this machine has no jail")
@pytest.mark.usefixtures("warm_zygotes")
def test_an_odd_program_is_shown_a_counterexample_all_the_same():
    sources = [program(numpy_step=ODD["a gate"]), program(numpy_step=ODD["noise"])]
    submissions = [factory.submission(f"odd {number}", source) for number, source in enumerate(sources)]
    for result in grade(COURSE, CELL, submissions):
        assert result.status == "graded"
        assert {diagnosis.certainty for diagnosis in result.diagnoses} <= {"seen"}
        assert result.counterexamples


TEXT = '''"""A module."""

from __future__ import annotations

import math; import cmath

# A comment.
@staticmethod
def one(x: Unknown):
    y = x + 1
    return two(y)


def two(x):
    return math.sqrt(x)


class Three:
    def one(self):
        return 1


AFTER = 3  # the end
'''


class Change:
    """An edit as the tables have it."""

    def __init__(self, place: str, *changes: tuple[str, str]) -> None:
        self.name, self.place, self.changes = f"change of {place}", place, changes


def run(codes) -> dict[str, object]:
    namespace: dict[str, object] = {}
    for code in codes:
        exec(code, namespace)
    return namespace


def test_a_source_is_the_same_when_put_together_again():
    assert Source(TEXT).whole([]) == TEXT


def test_an_edit_changes_its_place_only():
    edit = Change("Three.one", ("return 1", "two = 2\nreturn two"))
    changed = Source(TEXT).whole([edit])
    assert changed == TEXT.replace("        return 1", "        two = 2\n        return two")


def test_pieces_run_as_the_whole_does():
    namespace = run(Source(TEXT).codes([Change("one", ("x + 1", "x + 8"))], "a.py"))
    assert namespace["two"](16) == 4
    assert namespace["one"].__func__(1) == 3  # calls the `two` of its own namespace
    assert namespace["AFTER"] == 3


def test_edits_of_one_function_and_of_two_go_together():
    edits = [
        Change("one", ("x + 1", "x + 8")),
        Change("one", ("two(y)", "-two(y)")),
        Change("two", ("sqrt(x)", "sqrt(x + 7)")),
    ]
    assert run(Source(TEXT).codes(edits, "a.py"))["one"].__func__(1) == -4


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Change("one", ("z + 1", "z")), "stands 0 times"),
        (Change("four", ("x", "y")), "has no four"),
        (Change("Three.two", ("x", "y")), "has no Three.two"),
        (Change("one", ("x + 1", "x +")), "is no Python"),
    ],
)
def test_an_edit_that_cannot_be_made_is_told(edit, message):
    with pytest.raises(CourseError, match=message):
        Source(TEXT).codes([edit], "a.py")


def test_an_edited_reference_can_be_read_by_what_reads_source():
    """torch.jit.script compiles the text of a method, which each of two edits that are asked in turns must find."""
    text = (
        "import torch\n\n\nclass Gate(torch.nn.Module):\n    def forward(self, x):\n        return x * 2\n\n\n"
        "def scripted(x):\n    return torch.jit.script(Gate())(torch.as_tensor(x))\n"
    )
    session = Session("scripted", ((0, 0),), ((ops.Call("scripted", (np.ones(2),), {}),),), (True,))
    references = References("gates", text)
    mistakes = [
        Mistake(sign, "Other sign", "Which?", {"Gate.forward": ("x * 2", f"x {sign} 2")}) for sign in "+-"
    ]
    plus, minus = (references.of((variant,)) for variant in variants(mistakes))
    for number, (edited, want) in enumerate(
        [(plus, 3.0), (minus, -1.0), (references.of(()), 2.0), (plus, 3.0)]
    ):
        ((answer,),) = edited.answers(number, session)
        assert isinstance(answer, ops.Value), answer
        assert (answer.value == want).all()


def test_what_a_function_uses_is_known():
    source = Source(TEXT)
    assert source.reach("one") == {"one", "two"}
    assert source.reach("two") == {"two"}


def test_every_variant_runs_in_pieces_as_it_does_in_a_whole(diagnoser):
    """The reference edited and loaded like a submission answers as the one made of compiled pieces."""
    for variant in diagnoser.variants[::9]:
        whole = LocalSubject("rnn_cell", apply(REFERENCE, [variant]))
        pieces = diagnoser._references.of((variant,))
        for number, session in enumerate(diagnoser.sessions):
            answered = [whole.ask(batch) for batch in session.batches]
            assert pieces.fits(number, session, answered), (variant.name, session.batches)
