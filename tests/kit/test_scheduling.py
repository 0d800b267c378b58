"""What a process asks of the scheduler: which processor, and how long its turns are. Nothing else of it changes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.subject import scheduling

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's scheduler")


def in_child(work: Callable[[], object]) -> str:
    """What `work` gives in a process of its own, as text."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, str(work()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read, encoding="utf-8") as answer:
        text = answer.read()
    os.waitpid(pid, 0)
    return text


def turn() -> int:
    """This process's turn in nanoseconds."""
    match = re.search(r"se\.slice\s*:\s*(\d+)", Path("/proc/self/sched").read_text(encoding="utf-8"))
    if match is None:
        pytest.skip("this kernel does not tell how long turns are")
    if tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) < (6, 12):
        pytest.skip("this kernel gives all processes the same turns")
    return int(match[1])


def test_a_process_stays_on_its_processor():
    processor = max(os.sched_getaffinity(0))
    assert in_child(lambda: (scheduling.stay_on(processor), os.sched_getaffinity(0))[1]) == f"{{{processor}}}"


def test_a_processor_that_there_is_not_changes_nothing():
    before = os.sched_getaffinity(0)
    assert in_child(lambda: (scheduling.stay_on(100_000), os.sched_getaffinity(0))[1]) == str(before)


def test_who_does_not_interrupt_keeps_its_priority():
    def work() -> object:
        os.nice(3)
        scheduling.without_interrupting()
        return os.sched_getscheduler(0), os.nice(0)

    assert in_child(work) == f"({os.SCHED_BATCH}, {os.nice(0) + 3})"


def test_long_turns_are_passed_on_and_keep_the_priority():
    turn()

    def work() -> object:
        os.nice(3)
        before = turn()
        scheduling.in_long_turns()
        return in_child(lambda: (before < turn(), os.sched_getscheduler(0), os.nice(0)))

    assert in_child(work) == f"(True, {os.SCHED_OTHER}, {os.nice(0) + 3})"


def test_whoever_was_started_with_another_policy_keeps_it():
    def work() -> object:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        scheduling.without_interrupting()
        scheduling.in_long_turns()
        return os.sched_getscheduler(0)

    assert in_child(work) == str(os.SCHED_IDLE)
