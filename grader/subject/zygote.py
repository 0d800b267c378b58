"""The warm process: loads numpy and torch once, then forks a locked child for each submission and reaps it.

It is exec'd, never forked, by the trusted process, with an empty environment, so that there is no secret in its
memory for a child to find. It has one thread, and refuses to serve with more: a child forked beside a second
thread hangs. What it imports is what a submission can see: only `grader.subject`.

It also forks the trusted process of the suite, which then goes its own way: so torch is loaded once for that as well.
What that needs to know reaches it over a pipe of its own, never through here.

Control messages beside those of `Forker`: warm, clone, plan, pin, fork.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.errors import JailError
from grader.subject import compiler, jail, memory, scheduling, wire
from grader.subject.child import serve_child, write_message
from grader.subject.forker import Forker
from grader.subject.frames import LOCKED, send


def main(descriptor: int) -> None:
    """Serve on the inherited socket `descriptor` until its other end is closed."""
    sys.path[:] = [entry for entry in sys.path if entry]
    # Some hosts start programs with this ignored, which they hand on; then nobody learns how a child has ended.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    control = socket.socket(fileno=descriptor)
    server = Zygote(control)
    try:
        server.start()
        send(control, {"ready": os.getpid()})
    # Whatever keeps the warm process from starting is told to the trusted process in words, not on a lost stderr.
    except BaseException as error:
        with contextlib.suppress(OSError):  # that has gone, when a run was stopped in its first moments
            send(control, {"error": f"{type(error).__name__}: {error}"})
        return
    quiet()
    server.serve()
    os._exit(0)  # it has nothing to tidy up, and taking torch apart takes a while


class Zygote(Forker):
    """The serving side: one control socket, one prepared lock, at most one plan."""

    def __init__(self, control: socket.socket) -> None:
        super().__init__(control)
        self.name = "submission"
        self.lock: Any = None
        self.library: dict[str, Any] = {}  # what submissions may import
        self.harness = ""  # the course's code that runs beside them
        self.huge_pages = False
        self.plan: Sequence[Sequence[Any]] = ()
        self.processors: set[int] = set()  # on which it might run, had it not been told to stay on one

    def start(self) -> None:
        """Load numpy and torch. A worker may be forked from now on, children once it is warm.

        It ends when the other end of its socket is closed, and not with the thread that started it. What is loaded
        stays: to look for garbage in it takes a tenth of the time, and in a worker also copies of its memory.
        """
        gc.disable()
        compiler.without_registrations()
        from grader.subject import warmup

        warmup.settle()
        gc.freeze()
        gc.enable()

    def on_warm(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        """Load and run once what submissions use, and prepare the lock."""
        from grader.subject import warmup

        self.name, self.cpu_seconds = request["name"], request["cpu_seconds"]
        self.library = {"allowed": request["preload"], "given": dict(request["given"])}
        self.harness = request["harness"]
        memory.zeros_for_numpy()
        memory.pattern_for_storages(sys.modules["torch"])
        if request["registrations"]:
            compiler.with_registrations()
        warmup.warm_up(request["preload"], compiler=request["compiler"])
        warmup.watch(request["watch"])
        if threads() != 1:
            raise RuntimeError(
                f"{threads()} threads after loading {', '.join(request['preload'])}: cannot fork"
            )
        self.lock = jail.Lock.prepare(
            [Path(path) for path in request["readable"]],
            memory_bytes=request["memory_bytes"],
            cpu_seconds=request["cpu_seconds"],
            skip=frozenset(request["skip"]),
            # Without Landlock every file is out of reach all the same, at the price of imports not warmed.
            opening="landlock" not in request["skip"],
        )
        self.huge_pages = request["huge_pages"]
        self._settle_memory()
        send(self.control, {"threads": threads()})

    def _settle_memory(self) -> None:
        gc.collect()
        gc.freeze()
        if self.huge_pages:
            collapse()

    def become(self, request: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Run the request's `entry`, "module:function", with these descriptors."""
        module, _, function = request["entry"].partition(":")
        getattr(importlib.import_module(module), function)(descriptors)

    def on_plan(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        """Keep the suite's operations, so that children find them in their memory and need no round trips."""
        self.plan = tuple(tuple(wire.decode(batch) for batch in item) for item in request["items"])
        gc.freeze()
        send(self.control, {"items": len(self.plan)})

    def on_pin(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        """Stay on one processor, in long turns; children inherit both."""
        self.processors = os.sched_getaffinity(0)
        scheduling.stay_on(request["cpu"])
        scheduling.in_long_turns()
        send(self.control, {})

    def on_fork(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        """Fork a locked child that serves one submission on the stream that came along; answer with its pid."""
        (stream,) = descriptors
        pid = os.fork()
        if pid == 0:
            # Nothing may come back out of here: an exception would leave a second zygote serving.
            try:
                self.control.close()
                if request["anywhere"] and self.processors:
                    os.sched_setaffinity(0, self.processors)
                self._lock_child(stream)
                serve_child(stream, self.name, self.plan, self.library, self.harness)
            finally:
                os._exit(0)
        os.close(stream)
        self.children.add(pid)
        send(self.control, {"pid": pid})

    def _lock_child(self, stream: int) -> None:
        """Lock this process and say so. The submission has not come yet, so these words are our own."""
        try:
            self.lock.apply([stream])
        except JailError as error:
            write_message(stream, str(error).encode())
            raise
        write_message(stream, LOCKED)

    def on_clone(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        """Fork a second zygote that serves another worker: torch is loaded once for the whole machine."""
        (descriptor,) = descriptors
        pid = os.fork()
        if pid == 0:
            try:
                self.control.close()
                jail.die_with_parent()
                self.control = socket.socket(fileno=descriptor)
                self.children = set()
                self._settle_memory()
                self.serve()
            finally:
                os._exit(0)
        os.close(descriptor)
        self.children.add(pid)
        send(self.control, {"pid": pid})


def threads() -> int:
    """How many threads this process has: with more than one it must not fork."""
    return len(os.listdir("/proc/self/task"))


def quiet() -> None:
    """Point standard input and output at nothing: what submissions print is never read."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def collapse() -> None:
    """Ask for huge pages under the private anonymous memory: forking and exiting then cost about half.

    Only speed, so a kernel without MADV_COLLAPSE (25, since Linux 6.1) or without room is no error.
    """
    huge = 2 * 1024 * 1024
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    with open("/proc/self/maps") as maps:
        regions = [line.split() for line in maps]
    for fields in regions:
        if "w" not in fields[1] or (len(fields) > 5 and fields[5] != "[heap]"):
            continue
        low, high = (int(bound, 16) for bound in fields[0].split("-"))
        for address in range(-(-low // huge) * huge, high - huge + 1, huge):
            libc.madvise(address, huge, 25)


if __name__ == "__main__":
    main(int(sys.argv[1]))
