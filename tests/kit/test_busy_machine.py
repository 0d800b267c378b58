"""A machine that is busy with others changes no verdict: a child's time stands still while it gets no processor."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from grader.check import watchdog
from grader.run import pool
from grader.subject import frames, stream
from grader.subject.runqueue import LOOK_SECONDS, RunQueue
from grader.subject.stream import Child

from .processes import lives

SECONDS = 0.2


class Waiting:
    """A run queue in which a child has waited for `ahead` seconds more at each look."""

    def __init__(self, ahead: float) -> None:
        self._ahead, self._seconds = ahead, 100.0

    @property
    def seconds(self) -> float:
        self._seconds += self._ahead
        return self._seconds

    def look(self, since: float) -> None:
        pass

    def close(self) -> None:
        pass


@contextlib.contextmanager
def child(queue: Waiting) -> Iterator[tuple[Child, socket.socket]]:
    ours, theirs = socket.socketpair()
    process = Child(os.getpid(), ours)
    process._queue.close()
    process._queue = queue
    try:
        yield process, theirs
    finally:
        process.close()
        theirs.close()


def test_a_child_that_gets_no_processor_is_waited_for():
    with child(Waiting(SECONDS)) as (waiting, theirs):
        later = threading.Timer(1.5 * SECONDS, lambda: theirs.sendall(frames.frame(b"at last")))
        later.start()
        assert waiting.receive(SECONDS) == b"at last"
        later.join()
        assert waiting.starved >= SECONDS


def test_one_that_has_its_processor_is_not():
    with child(Waiting(0.0)) as (waiting, _), pytest.raises(TimeoutError):
        waiting.receive(SECONDS)
    assert waiting.starved == 0


def test_what_was_waited_for_in_vain_has_had_all_its_seconds(monkeypatch):
    """However late the machine says that the last moment of it was starved: what is left then is nothing."""
    with child(Waiting(0.0)) as (waiting, _):
        starved = iter([0.0, SECONDS / 4])
        monkeypatch.setattr(
            waiting, "_count_starved", lambda before, seconds: setattr(waiting, "starved", next(starved))
        )
        monkeypatch.setattr(waiting, "_wait", lambda seconds, other: time.sleep(seconds))
        monkeypatch.setattr(stream, "LOOK_SECONDS", 2 * SECONDS)
        with pytest.raises(TimeoutError):
            waiting.receive(SECONDS)
        assert waiting.waited == SECONDS


def test_nobody_is_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(stream, "MOST_STARVED", 2)
    with child(Waiting(1000.0)) as (waiting, _):
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            waiting.receive(SECONDS)
        assert time.monotonic() - begun >= 3 * SECONDS - 0.1  # less is a look that was left out
        assert waiting.starved == 2 * SECONDS


def test_what_waited_before_does_not_count():
    """A child that was kept waiting for one answer has no more time for the next."""
    queue = Waiting(0.0)
    queue._seconds = 1e6
    with child(queue) as (waiting, _), pytest.raises(TimeoutError):
        waiting.receive(SECONDS)
    assert waiting.starved == 0


def test_the_time_of_a_check_stands_still_as_well(monkeypatch):
    """In `grader check` a step has the seconds that grading gives it: those in which it had its processor."""
    now = 1000.0
    monkeypatch.setattr(watchdog.time, "monotonic", lambda: now)
    queue = Waiting(0.0)
    clock = watchdog.ProcessTime(queue)
    now, queue._seconds = 1011.0, 108.0
    assert not clock.is_over(10.0)
    now = 1017.9
    assert not clock.is_over(10.0)
    now = 1018.0
    assert clock.is_over(10.0)
    assert not clock.is_over(float("inf"))
    clock.start()
    now, queue._seconds = 1027.9, 108.0
    assert not clock.is_over(10.0)  # what it waited before does not count, either way
    now, queue._seconds = 1118.0, 1e6
    assert clock.is_over(10.0)  # nobody is waited for without end


def test_a_worker_that_gets_no_processor_is_not_taken_to_be_stuck(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(pool.time, "monotonic", lambda: now)
    queue = Waiting(0.0)
    worker = pool.Worker(0, None, queue)
    worker.wait(10.0)
    assert not worker.is_stuck()
    now, queue._seconds = 1011.0, 108.0  # eight of the eleven seconds it was kept waiting
    assert not worker.is_stuck()
    now = 1018.0
    assert not worker.is_stuck()
    now = 1020.0  # and in these it had its processor
    assert worker.is_stuck()


def spin() -> int:
    pid = os.fork()
    if pid == 0:
        try:
            while True:
                pass
        finally:
            os._exit(0)
    return pid


def test_linux_counts_a_process_that_shares_its_processor():
    """Two that spin on one processor: each waits while the other runs."""
    pids = [spin(), spin()]
    try:
        processor = min(os.sched_getaffinity(0))
        for pid in pids:
            os.sched_setaffinity(pid, {processor})
        queues = [RunQueue(pid) for pid in pids]
        before = [queue.seconds for queue in queues]
        for _ in range(600):
            if all(queue.seconds - start > 0.1 for queue, start in zip(queues, before, strict=True)):
                break
            time.sleep(0.05)
        else:
            pytest.fail("nothing was counted")
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    assert [queue.seconds for queue in queues] == [0.0, 0.0]  # they are gone
    assert not any(map(lives, pids))
    for queue in queues:
        queue.close()


def test_a_process_that_sleeps_waits_for_nothing():
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(ours, 1)
        os._exit(0)
    queue = RunQueue(pid)
    time.sleep(SECONDS)
    assert queue.seconds < SECONDS / 2
    os.write(theirs, b".")
    os.waitpid(pid, 0)
    queue.close()
    for end in (ours, theirs):
        os.close(end)


@pytest.fixture
def counted(tmp_path) -> Iterator[tuple[RunQueue, Callable[..., None]]]:
    """A run queue, and what writes for it what Linux counts: the seconds that it ran and waited, and its letter."""
    files = tmp_path / "schedstat", tmp_path / "stat"
    for file in files:
        file.touch()
    queue = RunQueue(os.getpid())
    queue.close()
    queue._file, queue._state = (os.open(file, os.O_RDONLY) for file in files)

    def count(ran: float, waited: float, letter: str = "R") -> None:
        files[0].write_text(f"{round(ran * 1e9)} {round(waited * 1e9)} 1\n")
        files[1].write_text(f"7 (a) name) {letter} 1 1\n")

    yield queue, count
    queue.close()


def test_a_wait_for_a_processor_counts_before_it_is_over(counted):
    """Linux adds it up when it ends: a child that could not run in all of its 0.5 s was told that it hangs."""
    queue, count = counted
    count(0.1, 3.0)
    assert queue.seconds == 3.0
    for _ in range(3):
        queue.look(LOOK_SECONDS)
    assert queue.seconds == 3.0 + 3 * LOOK_SECONDS
    count(0.1, 3.8)
    assert queue.seconds == 3.8, "once it is counted by Linux, it is not counted twice"


@pytest.mark.parametrize(
    ("ran", "letter", "since"),
    [(0.2, "R", LOOK_SECONDS), (0.1, "S", LOOK_SECONDS), (0.1, "R", 0.01)],
    ids=["it ran", "it slept", "it may have run, and no tick has come yet"],
)
def test_no_other_time_counts_as_waiting(counted, ran, letter, since):
    queue, count = counted
    count(0.1, 3.0)
    assert queue.seconds == 3.0
    count(ran, 3.0, letter)
    queue.look(since)
    assert queue.seconds == 3.0


def test_where_linux_counts_nothing_a_process_that_runs_waits_for_nothing(counted):
    queue, count = counted
    count(0, 0)
    assert queue.seconds == 0
    queue.look(LOOK_SECONDS)
    assert queue.seconds == 0


def test_what_is_stopped_waits_and_what_goes_on_does_not():
    """By whoever looks: Linux does not count it. A gap between two looks counts, too: then all of them were stopped."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(ours, 1)
        os._exit(0)
    queue = RunQueue(pid)
    queue.look(LOOK_SECONDS)
    before = queue.seconds
    assert before < LOOK_SECONDS
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED)
    assert queue.is_stopped
    queue.look(5.0)
    assert queue.seconds >= 5.0
    os.kill(pid, signal.SIGCONT)
    os.waitid(os.P_PID, pid, os.WCONTINUED)
    assert not queue.is_stopped
    queue.look(LOOK_SECONDS)
    assert queue.seconds < 6.0
    queue.look(30.0)
    assert queue.seconds >= 34.0
    os.write(theirs, b".")
    os.waitpid(pid, 0)
    assert not queue.is_stopped
    queue.close()
    for end in (ours, theirs):
        os.close(end)
