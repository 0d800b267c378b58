"""A submission in the real jail: planned and live answers agree, and whatever dies or hangs loses little."""

from __future__ import annotations

import contextlib
import time

import numpy as np
import pytest

from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.patience import RESERVE, Patience
from grader.subject.proxy import Module
from grader.subject.runqueue import RunQueue
from grader.subject.subjects import LocalSubject, StudentRaised, SubjectLost

from . import jailing
from .jailing import AGAIN, MAKE, SOURCE, W, X, add, outcomes
from .locked import needs_jail

pytestmark = needs_jail
first, keeper, started = jailing.first, jailing.keeper, jailing.started


def test_planned_and_live_answers_agree(started):
    items = [
        [add(1), add(2)],
        [],
        [MAKE, AGAIN],
        [(ops.Call("nothing"),)],
        [(ops.Make(9, "Counter", (1, 2)),)],
    ]
    planned = started(*items)
    planned.load()
    live = started()
    live.load()
    local = LocalSubject("answer", SOURCE)
    for item, batches in enumerate(items):
        planned.start_item(item)
        live.start_item(item)
        for batch in batches:
            answers = [wire.encode(list(subject.ask(batch))) for subject in (planned, live)]
            assert answers[0] == answers[1] == wire.encode(list(local.ask(batch)))
    assert planned.losses == []


def test_a_test_that_asks_something_else_is_answered_live(started):
    subject = started([add(1), add(2)], [add(3)], [MAKE, AGAIN])
    subject.load()
    assert np.array_equal(outcomes(subject, 0, add(1), add(7), add(2)), [X + 1, X + 7, X + 2])
    assert np.array_equal(outcomes(subject, 1, add(3)), [X + 3])
    first, second = outcomes(subject, 2, MAKE, AGAIN)
    assert np.array_equal(second, first + 1)
    assert np.array_equal(outcomes(subject, 2, (*MAKE[:2],), AGAIN)[1], first)


@pytest.mark.parametrize("busy", [False, True])
def test_time_in_which_a_busy_machine_gave_no_processor_is_not_charged(started, monkeypatch, busy):
    """Four naps of 0.4 s do not fit into one second, unless the machine is the reason."""
    if busy:
        monkeypatch.setattr(RunQueue, "seconds", property(lambda queue: time.monotonic()))
    nap, source = (ops.Call("nap"),), "import time\ndef nap():\n    time.sleep(0.4)\n    return 1.0\n"
    subject = started(source=source, patience=Patience(call_seconds=5.0, total_seconds=1.0))
    subject.load()
    answers = [outcomes(subject, item, nap) for item in range(4)]
    assert (answers == [[1.0]] * 4) == busy
    assert bool(subject.losses) != busy


def test_a_crash_loses_one_test_only(started):
    subject = started([add(1)], [add(2), (ops.Call("crash"),), add(3)], [add(4)], [add(5)])
    subject.load()
    assert np.array_equal(outcomes(subject, 0, add(1)), [X + 1])
    before, crashed = outcomes(subject, 1, add(2), (ops.Call("crash"),), add(3))
    assert np.array_equal(before, X + 2)
    assert crashed == "crashed"
    assert np.array_equal(outcomes(subject, 2, add(4)), [X + 4])
    assert np.array_equal(outcomes(subject, 3, add(5)), [X + 5])
    assert [lost.kind for lost in subject.losses] == ["crashed"]
    assert subject.losses[0].detail == "a segmentation fault"


def test_a_hang_loses_one_test_and_is_bounded(started):
    subject = started([add(1)], [(ops.Call("hang"),)], [add(2)])
    subject.load()
    assert outcomes(subject, 1, (ops.Call("hang"),)) == ["timeout"]
    assert np.array_equal(outcomes(subject, 2, add(2)), [X + 2])


def test_time_in_all_is_bounded(started, keeper, monkeypatch):
    items = [[(ops.Call("hang"),)] for _ in range(30)]
    forked = []
    monkeypatch.setattr(keeper, "fork", lambda fork=keeper.fork: forked.append(1) or fork())
    subject = started(*items, patience=Patience(0.3, 0.9))
    subject.load()
    assert {kind for item in range(30) for kind in outcomes(subject, item, *items[item])} == {"timeout"}
    assert 1 <= len(forked) <= 4, "a fresh child is only tried while there is time left"


def test_a_slow_submission_is_bounded_too(started):
    """Every answer in time, but far too much of it in all."""
    slow = "import time\ndef nap():\n    time.sleep(0.2)\n    return 1\n"
    items = [[(ops.Call("nap"),)] for _ in range(30)]
    subject = started(*items, source=slow, patience=Patience(3.0, 3.0))
    subject.load()
    outcome_of_each = [outcomes(subject, item, *items[item])[0] for item in range(30)]
    assert outcome_of_each[0] == 1
    assert outcome_of_each[-1] == "timeout"
    assert outcome_of_each.count(1) <= 3.0 / 0.2


def test_objects_are_made_again_for_live_questions_after_a_restart(started):
    """The child that made them died in a later test, while the rest of the plan was read."""
    subject = started([MAKE], [(ops.Call("crash"),)], [add(4)])
    subject.load()
    (first,) = outcomes(subject, 0, MAKE)
    assert np.array_equal(first, X + W["w"] + 1)
    (second,) = subject.ask(AGAIN)
    assert np.array_equal(second.value, first + 1), "the same object, called a second time"
    assert np.array_equal(outcomes(subject, 2, add(4)), [X + 4])


def test_after_a_live_loss_the_next_question_has_a_fresh_child(started):
    subject = started([add(1)])
    subject.load()
    assert outcomes(subject, 0, (ops.Call("crash"),)) == ["crashed"]
    assert np.array_equal(outcomes(subject, 0, add(2)), [X + 2])
    assert outcomes(subject, 0, (ops.Call("leave"),)) == ["crashed"]
    assert subject.losses[-1].detail == "ending itself", "an exit status is the submission's own word"


GARBAGE = {
    "no message": b"hello hello hello",
    "a long message": b"\xff\xff\xff\xff",
    "no answer": wire.frame(b"\xc1"),
    "another record": wire.frame(wire.encode([ops.Call("f")])),
    "too few answers": wire.frame(wire.encode([])),
    "a loaded": wire.frame(wire.encode(ops.Loaded())),
}


@pytest.mark.parametrize("bytes_written", GARBAGE.values(), ids=GARBAGE)
def test_garbage_for_an_answer_is_a_crash_of_the_submission(started, bytes_written):
    """Written straight into the stream, whatever its number, by a submission that then hangs."""
    source = f"""
import os
def garbage():
    for number in range(3, 64):
        try:
            os.write(number, {bytes_written!r})
        except OSError:
            pass
    while True:
        pass
"""
    subject = started([(ops.Call("garbage"),)], source=source, patience=Patience(0.4, 1.0))
    subject.load()
    subject.start_item(0)
    module = Module(subject)
    with pytest.raises(SubjectLost) as caught:
        module.ask((ops.Call("garbage"),), "garbage")
    assert caught.value.kind in ("crashed", "timeout")
    assert "hello" not in caught.value.detail


def test_a_submission_that_stops_reading_cannot_block_the_grader(started, monkeypatch):
    """Its answers are there beforehand, and questions pile up in the socket."""
    monkeypatch.setattr("grader.subject.stream.SEND_SECONDS", 0.1)
    answer = wire.frame(wire.encode([ops.Value(1)]))
    source = f"""
import os
for number in range(3, 64):
    try:
        os.write(number, {wire.frame(wire.encode(ops.Loaded()))!r} + {answer!r} * 6)
    except OSError:
        pass
while True:
    pass
"""
    subject = started(source=source, patience=Patience(0.4, 1.0))
    subject.load()
    big = (ops.Call("f", (np.zeros(300_000),)),)
    subject.start_item(0)
    for _ in range(8):
        with contextlib.suppress(SubjectLost):
            subject.ask(big)
    assert subject.losses


def test_answers_are_bounded_in_all(started, monkeypatch):
    """Each answer is small enough by itself."""
    monkeypatch.setattr("grader.subject.jailed.BUDGET", 1_000_000)
    items = [[(ops.Call("f", (n,)),)] for n in range(20)]
    subject = started(*items, source="import numpy as np\ndef f(n):\n    return np.zeros(12_500)")
    subject.load()
    for item in range(20):
        subject.start_item(item)
        with contextlib.suppress(SubjectLost):
            subject.ask(items[item][0])
    assert {loss.kind for loss in subject.losses} == {"crashed"}
    assert "far larger" in subject.losses[0].detail
    assert 5 <= len(subject.transcript()) <= 10


def test_a_source_of_any_allowed_length_arrives(started):
    long = "# " + "x" * 900_000 + "\ndef add(x, y):\n    return x + y"
    subject = started([add(1)], source=long)
    assert not subject.load().failures


def test_questions_with_large_answers_do_not_block_each_other(started):
    """Far more than a socket holds: the answers are read while the questions are sent."""
    source = "import numpy as np\ndef f(x):\n    return np.zeros(300_000)"
    subject = started(source=source, patience=Patience(60.0, 600.0))
    question = (ops.Call("f", (np.zeros(500),)),)
    answers = subject.ask_all([question] * 200)
    assert [len(answer[0].value) for answer in answers[:40]] == [300_000] * 40
    assert subject.losses[0].detail.endswith("larger than what was asked for"), "and yet bounded in all"


def test_what_the_student_raised_comes_through(started):
    subject = started([(ops.Call("add", (1,)),)])
    subject.load()
    subject.start_item(0)
    with pytest.raises(StudentRaised) as caught:
        Module(subject).add(1)
    assert caught.value.raised.kind == "TypeError"


def test_what_fails_at_loading_is_told(started):
    subject = started(source="x = 1\nraise ValueError('no')")
    (failure,) = subject.load().failures
    assert (failure.kind, failure.frames[-1].line) == ("ValueError", 2)


def test_an_exercise_that_hung_twice_is_not_waited_for_again(started):
    hang = (ops.Call("hang"),)
    subject = started([hang], [hang], [hang], [add(1)])
    subject.load()
    assert [outcomes(subject, item, hang) for item in range(3)] == [["timeout"]] * 3
    assert [lost.kind for lost in subject.losses] == ["timeout", "timeout"], "the third was never asked"
    assert np.array_equal(outcomes(subject, 3, add(1)), [X + 1])


SLOW_AND_QUICK = """
import time

def nap():
    time.sleep(0.2)
    return 1.0

def hang():
    while True:
        pass

def quick():
    return 2.0
"""


@pytest.mark.parametrize("slow", ["nap", "hang"])
def test_time_that_one_exercise_uses_up_is_not_taken_from_another(started, slow):
    """A slow function came first: the class after it, which is right, got no points at all."""
    items = [[(ops.Call(name),)] for name in (*[slow] * 8, "quick", slow, "quick")]
    subject = started(*items, source=SLOW_AND_QUICK, patience=Patience(0.8, 1.0))
    subject.load()
    came = [outcomes(subject, item, *items[item])[0] for item in range(len(items))]
    assert came[7:] == ["timeout", 2.0, "timeout", 2.0]


@pytest.mark.parametrize("slow", [["nap"], ["nap", "doze"], ["nap", "doze", "rest"]])
def test_however_many_are_slow_the_quick_one_is_asked_and_the_time_is_bounded(started, slow):
    items = [[(ops.Call(name),)] for name in [*[name for name in slow for _ in range(12)], "quick"]]
    source = SLOW_AND_QUICK + "\ndoze = rest = lambda: nap()\n"
    subject = started(*items, source=source, patience=Patience(1.9, 2.0))
    subject.load()
    came = [outcomes(subject, item, *items[item])[0] for item in range(len(items))]
    assert came[-1] == 2.0
    assert came.count(1.0) <= 2.0 * (1 + RESERVE) / 0.2, "a quarter longer in all, not for each of them"
