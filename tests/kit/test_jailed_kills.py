"""A child that the machine kills or stops is asked again; one that ends itself, in whatever way, is not."""

from __future__ import annotations

import contextlib
import os
import signal

import numpy as np
import pytest

from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.confinement import Confinement
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper
from grader.subject.patience import Patience
from grader.subject.stream import Child
from grader.subject.subjects import SubjectLost

from . import jailing
from .jailing import X, outcomes, written
from .locked import needs_jail

pytestmark = needs_jail
first, keeper, started = jailing.first, jailing.keeper, jailing.started


NAPS = """\
import time
time.sleep(0.2)

def nap(x):
    time.sleep(0.2)
    return x + 1

def gone():
    import os
    os.abort()
"""
NAP = (ops.Call("nap", (X,)),)


@pytest.fixture
def killing(monkeypatch):
    """Have children killed from outside: `killing(3, 5)` at the third and the fifth message that is awaited of any.

    What a child says while it loads the source, statement by statement, counts as one message.
    """

    def start(*numbers: int, signal_number: int = signal.SIGKILL) -> None:
        counted = iter(range(1, 10_000))
        receive = Child.receive
        loading: set[int] = set()

        def killed(child: Child, seconds: float, beside=None) -> bytes:
            if child.pid not in loading and next(counted) in numbers:
                os.kill(child.pid, signal_number)
            data = receive(child, seconds, beside)
            loading.discard(child.pid)
            with contextlib.suppress(wire.WireError):
                if not isinstance(wire.decode_loading(data), ops.Loaded):
                    loading.add(child.pid)
            return data

        monkeypatch.setattr(Child, "receive", killed)

    return start


# Of each child the first message says that it is locked, the second that the source is loaded.
ONCE = {"loading": (2,), "the first answer": (3,), "a later answer": (4,), "two tests, each once": (3, 7)}
TWICE = {
    "loading": (2, 4),
    "the first answer": (3, 6),
    "a later answer": (4, 7),
    "at last while loading": (3, 5, 7),
}


@pytest.mark.parametrize("numbers", ONCE.values(), ids=ONCE)
@pytest.mark.parametrize("planned", [True, False], ids=["planned", "live"])
def test_a_child_that_is_killed_from_outside_gets_another_try(started, killing, planned, numbers):
    items = [[NAP], [NAP]]
    patience = Patience(2.0, 20.0)
    subject = started(*(items if planned else ()), source=NAPS, patience=patience)
    killing(*numbers)
    subject.load()
    for item in range(2):
        assert np.array_equal(outcomes(subject, item, NAP), [X + 1])
    assert subject.losses == []


@pytest.mark.parametrize("numbers", TWICE.values(), ids=TWICE)
@pytest.mark.parametrize("planned", [True, False], ids=["planned", "live"])
def test_a_child_that_is_killed_twice_is_never_told_as_a_crash(started, killing, planned, numbers):
    items = [[NAP], [NAP]]
    subject = started(*(items if planned else ()), source=NAPS, patience=Patience(2.0, 20.0))
    killing(*numbers)
    with contextlib.suppress(SubjectLost):
        subject.load()
        for item in range(2):
            outcomes(subject, item, NAP)
    assert [lost.kind for lost in subject.losses] == ["killed"]
    assert "of memory" in subject.losses[0].detail


@pytest.mark.parametrize("numbers", [(2,), (3,), (2, 4)], ids=["loading", "an answer", "twice"])
def test_a_child_that_somebody_stopped_is_no_timeout(started, killing, monkeypatch, numbers):
    """As after a kill: a fresh one is asked once more, and what is stopped twice is nobody's grade."""
    monkeypatch.setattr(
        "grader.subject.stream.MOST_STARVED", 0
    )  # nobody lets it go on, so it is waited for in vain
    subject = started([NAP], source=NAPS, patience=Patience(1.0, 20.0, 1.0))
    killing(*numbers, signal_number=signal.SIGSTOP)
    if len(numbers) == 1:
        subject.load()
        assert np.array_equal(outcomes(subject, 0, NAP), [X + 1])
        assert subject.losses == []
    else:
        with pytest.raises(SubjectLost, match="killed"):
            subject.load()
        assert [lost.kind for lost in subject.losses] == ["killed"]
        assert "it was stopped" in subject.losses[0].detail


def test_what_is_given_up_is_not_asked_again_after_a_kill(started, killing):
    hang, hangs = (ops.Call("hang"),), "\n\ndef hang():\n    while True:\n        pass\n"
    subject = started([hang], [hang], [NAP], [hang], [NAP], source=NAPS + hangs, patience=Patience(0.6, 20.0))
    killing(9)  # two children have hung; the third message of the next one is the first nap's answer
    subject.load()
    assert [outcomes(subject, item, hang) for item in (0, 1)] == [["timeout"]] * 2
    assert np.array_equal(outcomes(subject, 2, NAP), [X + 1])
    assert outcomes(subject, 3, hang) == ["timeout"]
    assert np.array_equal(outcomes(subject, 4, NAP), [X + 1])
    assert [lost.kind for lost in subject.losses] == ["timeout", "timeout"], "the third was never asked"
    assert subject._born == 4, "and no child was started for it"


def test_questions_for_counterexamples_are_asked_again(started, killing):
    subject = started(source=NAPS, patience=Patience(2.0, 20.0))
    killing(4)
    answers = subject.ask_all([NAP, NAP])
    assert [answer[0].value.tolist() for answer in answers] == [[1.0, 2.0]] * 2


def test_questions_for_counterexamples_are_not_answered_by_the_machine(started, killing):
    subject = started(source=NAPS, patience=Patience(2.0, 20.0))
    killing(4, 8)
    with pytest.raises(SubjectLost, match="killed"):
        subject.ask_all([NAP, NAP])


def test_a_kill_without_time_left_is_no_timeout(started, killing, monkeypatch):
    """Else a slow answer and a machine without memory would make a verdict together."""
    subject = started([NAP], source=NAPS, patience=Patience(2.0, 20.0))
    killing(3)
    subject.load()
    monkeypatch.setattr(subject._clock, "_waited", 1000.0)
    assert outcomes(subject, 0, NAP) == ["killed"]
    assert subject.losses[0].kind == "killed"
    assert subject._born == 1, "no other child was tried"


ENDS = {
    "os.kill(os.getpid(), 9)": None,  # refused: an exception like any other
    "signal.pthread_kill(threading.get_ident(), 9)": None,
    "resource.setrlimit(resource.RLIMIT_CPU, (0, 0))": None,
    "os.close(next(n for n in range(3, 64) if open_(n)))\n    time.sleep(5)": "crashed",
    "os.abort()": "crashed",
    "os._exit(9)": "crashed",
    "ctypes.string_at(0)": "crashed",
}


@pytest.mark.parametrize("how", ENDS)
def test_no_way_of_ending_oneself_looks_like_the_machine(started, how):
    source = f"""\
import ctypes, os, resource, signal, threading, time
def open_(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False
def end():
    {how}
    return 1
"""
    subject = started([(ops.Call("end"),)], source=source, patience=Patience(2.0, 9.0))
    subject.load()
    (answer,) = outcomes(subject, 0, (ops.Call("end"),))
    if ENDS[how] is None:
        assert answer in ("PermissionError", "ValueError", "OSError")
        assert subject.losses == []
    else:
        assert answer == ENDS[how]
        assert [lost.kind for lost in subject.losses] == [ENDS[how]]


def test_used_up_processor_time_is_the_submissions_own(first):
    """Its hard limit is SIGKILL too: the first, which is not, was ignored."""
    keeper = Keeper.launch(Confinement.checked("answer", cpu_seconds=1))
    keeper.wait()
    source = (
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\ndef spin():\n    while True: pass\n"
    )
    try:
        subject = JailedSubject(keeper, written(source), Patience(30.0, 30.0))
        subject.load()
        assert outcomes(subject, 0, (ops.Call("spin"),)) == ["crashed"]
        assert [lost.kind for lost in subject.losses] == ["crashed"]
        subject.close()
    finally:
        keeper.close()
