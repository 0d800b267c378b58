"""On which processor a process computes, and for how long at a stretch. Only speed: what the kernel refuses is left.

A worker and its child share a processor. A child answers some eighty questions one after the other, and each answer
would wake the worker: they would take turns every few milliseconds, and each time find the caches full of the
other's memory. So the worker does not interrupt its child, and the child goes on until it has nothing to do, or for
a tenth of a second. Nobody's share of the processor changes, and whoever asks for short turns still gets them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct

from grader.subject import _syscalls

_SLICE = 100_000_000  # nanoseconds; the longest that Linux takes (since 6.12; before, it is no error)


def stay_on(processor: int) -> None:
    """Keep this process, and those that it forks from now on, on one processor."""
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, [processor])


def without_interrupting() -> None:
    """Let others of the same processor finish their turns when this process has something to do."""
    with contextlib.suppress(OSError):
        if os.sched_getscheduler(0) == os.SCHED_OTHER:  # else whoever has started us has decided
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def in_long_turns() -> None:
    """Have this process, and those that it forks from now on, compute for longer at a stretch."""
    with contextlib.suppress(OSError):
        if os.sched_getscheduler(0) == os.SCHED_OTHER:
            nice = os.getpriority(os.PRIO_PROCESS, 0)
            # struct sched_attr: size, policy, flags, nice, priority, runtime (here: the slice), deadline, period.
            attributes = struct.pack("=IIQiIQQQ", 48, os.SCHED_OTHER, 0, nice, 0, _SLICE, 0, 0)
            _syscalls.call("sched_setattr", 0, ctypes.create_string_buffer(attributes, len(attributes)), 0)
