"""That hostile files about bounds are real attacks: with the bound taken away, each gets somewhere."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.messages import explain, forms
from grader.records import Chunk, StudentSource
from grader.subject import bounds, wire
from grader.subject import operations as ops
from grader.subject.confinement import Confinement
from grader.subject.host import Host
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper
from grader.subject.patience import Patience
from grader.subject.plan import Plan
from grader.subject.proxy import ObservedCall
from grader.subject.subjects import StudentRaised
from grader.suite import Difference, assert_registered, assert_unchanged, both, differences

from .locked import needs_jail

HOSTILE = Path(__file__).parent / "hostile"
ROOT = Path(__file__).resolve().parents[2]
X = np.random.default_rng(7).normal(size=(3, 2))
CALL = (ops.Call("rnn_cell_forward", (X, np.zeros((3, 3)), np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(3))),)


def spelt() -> list[str]:
    """The digits of the hidden input as the files write them, four by four."""
    text = "".join(f"{int(abs(number) * 10**15) % 10**16:016d}" for number in X.ravel())
    return [str(1000 + int(text[at : at + 4]) % 9000) for at in range(0, len(text), 4)]


def answered(name: str, *batch: ops.Operation) -> ops.Answer:
    host = Host("answer")
    assert host.load([((HOSTILE / f"{name}.py").read_text(encoding="utf-8"), "")]) == ops.Loaded()
    return host.run(batch or CALL)[-1]


def message(name: str) -> str:
    raised = answered(name)
    assert isinstance(raised, ops.Raised)
    source = StudentSource("rnn_cell.py", (Chunk((HOSTILE / f"{name}.py").read_text(encoding="utf-8")),))
    return explain.message(StudentRaised(raised, "rnn_cell_forward"), source)


WIDE = {
    "forge_inputs_in_many_shapes": r"operands could not be broadcast together with shapes [\d,() ]*",
    "forge_inputs_in_axes": r"could not broadcast input array from shape \([\d,]*\) into shape \(3,\)",
    "forge_inputs_in_arguments": r"step\(\) missing 20 required positional arguments: ([\w', ]*)",
}


@pytest.mark.parametrize("name", WIDE)
def test_a_form_without_bounds_would_spell_hidden_numbers(name, monkeypatch):
    digits = [f"q{digit}" for digit in "".join(spelt())] if "arguments" in name else spelt()
    assert digits[0] not in message(name).partition("at line")[0]
    monkeypatch.setattr(forms, "FORMS", [re.compile(WIDE[name])])
    monkeypatch.setattr(forms, "MOST_DIGITS", 10_000)
    monkeypatch.setattr("grader.messages.explain.MOST_MESSAGE", 10_000)
    sentence = message(name)
    assert len([part for part in digits[:5] if part in sentence]) == 5, sentence


def test_a_count_without_a_bound_would_spell_a_hidden_number(monkeypatch):
    count = answered("forge_inputs_in_count")
    host = Host("answer")
    host.load([((HOSTILE / "forge_inputs_in_registered.py").read_text(encoding="utf-8"), "")])
    host.run(CALL)
    (_, listed) = host.run((ops.Make(1, "RNNCell", (2, 3)), ops.ListParameters(1)))
    shapes = {"w_input": (2, 3), "w_hidden": (3, 3), "bias": (3,)}

    def messages() -> list[str]:
        texts = []
        for check in (lambda: both(count.value, "a, b"), lambda: assert_registered(listed.value, shapes)):
            with pytest.raises(Difference) as caught:
                check()
            texts.append(str(caught.value))
        return texts

    assert not any(spelt()[0] in text for text in messages())
    monkeypatch.setattr(differences, "MOST_COUNTED", 10_000)
    assert all(spelt()[0] in text for text in messages())


def sent(name: str) -> bytes:
    """What a process that runs a file says to our question, in a process of its own: it replaces parts of the host."""
    code = (
        "import sys, numpy as np\n"
        "from grader.subject import host, operations as ops, wire\n"
        "h = host.Host('answer', register=True)\n"
        "h.load([(open(sys.argv[1]).read(), '')])\n"
        "sys.stdout.buffer.write(wire.encode(h.run(wire.decode(sys.stdin.buffer.read()))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(HOSTILE / f"{name}.py")],
        input=wire.encode_batch(CALL),
        capture_output=True,
        check=True,
        cwd=ROOT,
        timeout=120,
    )
    return done.stdout


@pytest.mark.parametrize("name", ["forge_host_text", "forge_host_names", "forge_host_changed"])
def test_a_text_without_a_bound_would_be_read_whole(name, monkeypatch):
    data = sent(name)
    with pytest.raises(wire.WireError):
        wire.decode_answers(data)
    for bound in ("MAX_TEXT", "MAX_TEXTS", "MAX_NAME"):
        monkeypatch.setattr(bounds, bound, 10**6)
    monkeypatch.setattr(wire, "MAX_TEXT", 10**6)
    monkeypatch.setattr(bounds._text, "__defaults__", (10**6,))
    (answer,) = wire.decode_answers(data)
    if isinstance(answer, ops.Raised):
        assert max(len(answer.text), len(answer.kind), len(answer.frames[-1].function)) > 60_000
    else:
        assert len(answer.changed) == 15_000
        with pytest.raises(Difference) as caught:  # the second bound: each argument is named once
            assert_unchanged(ObservedCall(None, answer.changed), "x, h_prev")
        assert str(caught.value) == "The call changed x in place."


def test_watched_calls_carry_what_a_child_likes():
    """So only names that assignment.toml lists are repeated."""
    (answer,) = wire.decode_answers(sent("forge_watched"))
    assert any(name.startswith("leaked ") for name in answer.watched)


@pytest.mark.parametrize("name", ["crash_kill", "crash_like_the_machine"])
def test_without_the_filter_a_process_can_die_like_one_that_the_machine_killed(name):
    code = "import sys\nspace = {}\nexec(open(sys.argv[1]).read(), space)\nspace['answer'](None, None)\n"
    done = subprocess.run([sys.executable, "-c", code, str(HOSTILE / f"{name}.py")], timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL


def test_an_empty_parameter_has_no_first_entry():
    answer = answered("value_empty_parameter", ops.Make(1, "RNNCell", (2, 3)), ops.ListParameters(1))
    with pytest.raises(IndexError):
        answer.value["w_input"].value.flat[0]


@needs_jail
def test_a_child_that_is_alive_could_be_counted_from_the_next():
    """And one that has been ended cannot."""
    name = "secret_descriptor_count.py"
    source = StudentSource(name, (Chunk((HOSTILE / name).read_text(encoding="utf-8")),))
    plan = Plan()
    plan.start_item()
    plan.add(CALL)
    first = Keeper.launch(Confinement.checked("answer"))
    first.wait()
    unplanned = first.clone()
    first.plan(plan.encoded)
    graded = JailedSubject(first, source, Patience(5.0, 30.0), plan)
    try:
        graded.load()
        graded.transcript()
        shapes = []
        for alive in (True, False):
            if not alive:
                graded.close()
            neighbour = JailedSubject(unplanned, source, Patience(5.0, 30.0))
            shapes.append(neighbour.ask_all([CALL])[0][0].value.shape)
            neighbour.close()
        if shapes[0] != (7,):
            pytest.skip("this kernel does not tell how many descriptors a process has")
        assert shapes == [(7,), (3, 3)]
    finally:
        graded.close()
        unplanned.close()
        first.close()
