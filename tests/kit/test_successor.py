"""What goes on early, in case a child is lost, changes no verdict: nothing of it is looked at unless it is."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from grader.subject import frames, stream, wire
from grader.subject import operations as ops
from grader.subject.patience import Patience
from grader.subject.stream import Child
from grader.subject.subjects import SubjectLost

from .jailing import add, first, keeper, outcomes, started  # noqa: F401 (fixtures)
from .locked import needs_jail

HANG = (ops.Call("hang"),)
PATIENCE = Patience(call_seconds=2.0, total_seconds=30.0, statement_seconds=2.0)


@pytest.fixture
def forked(keeper, monkeypatch):  # noqa: F811
    """The numbers of the children that were forked, and whether each was forked early."""
    children: dict[int, bool] = {}
    fork = keeper.fork

    def noted(anywhere: bool = False) -> Child:
        child = fork(anywhere)
        children[child.pid] = anywhere
        return child

    monkeypatch.setattr(keeper, "fork", noted)
    return children


def pin(keeper) -> None:  # noqa: F811
    keeper.pin(min(os.sched_getaffinity(0)))


COUNTING = """
import time
calls = 0
def count():
    global calls
    calls += 1
    return float(calls)
def slow():
    begun = time.process_time()
    while time.process_time() - begun < 1.5:
        pass
    return 5.0
def hang():
    while True:
        pass
"""


@needs_jail
def test_what_answers_late_is_believed_and_goes_on(keeper, started, forked):  # noqa: F811
    """The second child is ended: in it nothing would have been counted before."""
    pin(keeper)
    count, slow = (ops.Call("count"),), (ops.Call("slow"),)
    subject = started([count], [slow], [count], source=COUNTING, patience=PATIENCE)
    subject.load()
    assert [outcomes(subject, item, batch) for item, batch in enumerate([count, slow, count])] == [
        [1.0],
        [5.0],
        [2.0],
    ]
    assert list(forked.values()) == [False, True]
    (early,) = [pid for pid, is_early in forked.items() if is_early]
    assert not os.path.exists(f"/proc/{early}")
    assert not subject.losses


LOOPS = """
def add(x, y):
    return x + y
while True:
    pass
def hang():
    while True:
        pass
"""


def verdicts(subject, plan):
    """How loading went, what came of every test, and why it was lost."""
    subject.load()
    answers = [outcomes(subject, item, batch) for item, batch in enumerate(plan)]
    lost = {place: (lost.kind, lost.seconds) for place, lost in subject.loading.lost.items()}
    return lost, [str(answer) for answer in answers], [(lost.kind, lost.detail) for lost in subject.losses]


@needs_jail
def test_what_hangs_has_the_same_verdict_with_and_without(keeper, started, forked):  # noqa: F811
    """Here at the top of the file, and in two tests of three; the third is not asked."""
    plan = [add(1), HANG, add(2), HANG, HANG, add(3)]
    alone = verdicts(started(*([batch] for batch in plan), source=LOOPS, patience=PATIENCE), plan)
    assert not any(forked.values()), "one submission alone has one child at a time"
    before = len(forked)
    pin(keeper)
    beside = verdicts(started(*([batch] for batch in plan), source=LOOPS, patience=PATIENCE), plan)
    assert beside == alone
    assert [*forked.values()][before:] == [False, True, True, True]
    assert alone[1].count("['timeout']") == 3


ACTING = """
import os, time
def act(what):
    begun = time.process_time()
    while what == "hang" or what == "end" and time.process_time() - begun < 1.5:
        pass
    if what == "end":
        os._exit(0)
    return 7.0
"""


@needs_jail
def test_it_is_taken_only_for_just_what_is_to_be_asked_then(keeper, started, forked):  # noqa: F811
    """Had the second one hung, the third would not be asked."""
    pin(keeper)
    plan = [(ops.Call("act", (what,)),) for what in ("hang", "end", "answer")]
    subject = started(*([batch] for batch in plan), source=ACTING, patience=PATIENCE)
    subject.load()
    came = [outcomes(subject, item, batch) for item, batch in enumerate(plan)]
    assert came == [["timeout"], ["crashed"], [7.0]]
    assert [*forked.values()] == [False, True, True, False]


@needs_jail
def test_its_time_in_all_is_bounded_as_before(keeper, started, forked):  # noqa: F811
    pin(keeper)
    plan = [(ops.Call(name),) for name in ("hang", "hang", "hang")]
    patience = Patience(call_seconds=1.2, total_seconds=1.2)
    subject = started(*([batch] for batch in plan), source=COUNTING, patience=patience)
    subject.load()
    assert [outcomes(subject, item, batch) for item, batch in enumerate(plan)] == [["timeout"]] * 3
    assert subject.losses[-1].detail == "its time was used up by earlier tests"


@needs_jail
def test_a_child_that_was_begun_early_ends_with_the_subject(keeper, started, forked):  # noqa: F811
    pin(keeper)
    subject = started([HANG], [HANG], source=COUNTING, patience=PATIENCE)
    subject.load()
    watching = threading.Thread(target=lambda: outcomes(subject, 0, HANG))
    watching.start()
    watching.join()
    with contextlib.suppress(SubjectLost):
        subject.close()
    assert len(forked) > 1
    for pid in forked:
        assert not os.path.exists(f"/proc/{pid}")


# The stream: what is watched is held to the same limits.


class Idle:
    """A run queue in which nobody waits for a processor."""

    seconds = 0.0
    is_stopped = False

    def look(self, since: float) -> None:
        pass

    def close(self) -> None:
        pass


@contextlib.contextmanager
def children() -> Iterator[list[tuple[Child, socket.socket]]]:
    """Two children and the other ends of their streams."""
    with contextlib.ExitStack() as opened:
        both = []
        for _ in range(2):
            ours, theirs = socket.socketpair()
            process = Child(os.getpid(), ours)
            process._queue.close()
            process._queue = Idle()
            opened.callback(process.close)
            both.append((process, opened.enter_context(theirs)))
        yield both


def watched_for(seconds, act):
    """A child that was watched while another one was waited for; `act` wrote to it in that time."""

    @contextlib.contextmanager
    def watching():
        with children() as ((waited_for, _), (watched, theirs)):
            watched.watch()
            acting = threading.Thread(target=lambda: act(theirs))
            acting.start()
            with pytest.raises(TimeoutError):
                waited_for.receive(seconds, lambda over: watched)
            acting.join()
            yield watched

    return watching()


def late(theirs: socket.socket) -> None:
    time.sleep(0.3)
    theirs.sendall(frames.frame(b"one") + frames.frame(b"two"))


def test_what_came_early_comes_in_its_order_with_the_time_it_took():
    with watched_for(0.6, late) as child:
        assert child.receive(5.0) == b"one"
        assert 0.25 < child.waited < 0.6
        assert child.receive(5.0) == b"two"
        assert child.waited < 0.25


def test_what_came_too_late_is_a_timeout_although_it_is_there():
    with watched_for(0.6, late) as child, pytest.raises(TimeoutError):
        child.receive(0.2)


def test_what_has_been_silent_is_not_waited_for_from_the_start():
    with watched_for(0.6, lambda theirs: None) as child:
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            child.receive(0.6)
        assert time.monotonic() - begun < 0.3
        assert child.waited >= 0.55


def test_what_is_asked_after_it_has_said_everything_has_all_its_time():
    """It was done long before the one beside it was given up: since then it had nothing to do."""

    def says_one(theirs: socket.socket) -> None:
        theirs.sendall(frames.frame(b"one"))

    with watched_for(0.6, says_one) as child:
        assert child.receive(0.4) == b"one"
        child.send(b"question")
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            child.receive(0.4)
        assert time.monotonic() - begun > 0.35


def test_the_end_and_nonsense_come_after_what_was_said_before():
    def ends(theirs: socket.socket) -> None:
        theirs.sendall(frames.frame(b"one"))
        theirs.close()

    with watched_for(0.3, ends) as child:
        assert child.receive(1.0) == b"one"
        with pytest.raises(EOFError):
            child.receive(1.0)
    with watched_for(0.3, lambda theirs: theirs.sendall(frames.frame(b"one") + b"\xff" * 8)) as child:
        assert child.receive(1.0) == b"one"
        with pytest.raises(wire.WireError):
            child.receive(1.0)


def test_no_more_is_kept_than_a_bound(monkeypatch):
    """The rest stays with the child, which then has all its time when it is waited for."""
    monkeypatch.setattr(stream, "MOST_EARLY", 100)

    def much(theirs: socket.socket) -> None:
        for _ in range(10):
            theirs.sendall(frames.frame(b"x" * 60))
            time.sleep(0.01)

    with watched_for(0.5, much) as child:
        assert child._early_size < 300
        assert [child.receive(1.0) for _ in range(10)] == [b"x" * 60] * 10
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            child.receive(0.4)
        assert time.monotonic() - begun > 0.35
