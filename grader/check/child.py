"""A process that student code runs in: it loads numpy and torch first, says that it is ready, and waits to be asked.

Asked (a JSON object on a line of standard input), it runs the checks and writes what happens, one JSON object on a
line. Where it may fork it forks for each request, so it stays warm and no request sees what another has left behind.
Elsewhere it serves one request and ends; whoever wants to be answered soon keeps the next one waiting.

It must not read a file of the student: what to run comes with the request, so no run is of an older version.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from grader.check import perform
from grader.subject.compiler import without_compiler

Tell = Callable[[Mapping[str, Any]], None]


def main(modules: Sequence[str], fork: bool) -> None:
    """Serve requests from standard input until it closes; `modules` are loaded before the first one."""
    channel, requests = os.dup(1), os.fdopen(os.dup(0), "rb")
    _silence()
    lock = threading.Lock()

    def tell(event: Mapping[str, Any]) -> None:
        # It begins with a newline as well: a process that was killed may have left half a line.
        data = b"\n" + json.dumps(event).encode() + b"\n"
        with lock:
            while data:
                data = data[os.write(channel, data) :]

    _load(modules)
    tell({"event": "ready"})
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):  # whoever asked has gone
        for line in requests:
            if not line.strip():
                continue
            request = json.loads(line)
            if fork:
                _run_in_fork(request, tell)
            else:
                _run(request, tell)


def _run_in_fork(request: dict[str, Any], tell: Tell) -> None:
    """Run a request in a fork of this process, and say how it ended."""
    pid = os.fork()
    if pid == 0:
        tell({"event": "started", "pid": os.getpid()})
        _run(request, tell)
    _, waited = os.waitpid(pid, 0)
    tell({"event": "ended", "status": os.waitstatus_to_exitcode(waited)})


def _run(request: dict[str, Any], tell: Tell) -> NoReturn:
    """Run a request and end this process, whatever threads and exit handlers student code has left."""
    status = 1
    try:
        perform.run(request, tell)
        status = 0
    except BaseException:  # the student's exceptions are caught where they arise: this is a fault of ours
        tell({"event": "fault", "text": traceback.format_exc()})
    finally:
        os._exit(status)


def _silence() -> None:
    """Nothing that student code prints past Python, or reads, may reach the conversation."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _load(modules: Sequence[str]) -> None:
    for name in modules:
        # What cannot be loaded is told when the checks need it; a broken library can raise anything.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        torch.set_num_threads(1)  # a process with threads cannot be forked safely
        without_compiler(torch)
        with contextlib.suppress(Exception):
            # Its lazy corners, once: the first call of each is slow.
            cell = torch.nn.RNNCell(1, 1).double()
            torch.stack([cell(torch.zeros(1, 1).double())]).sum().backward()
            repr(torch.randn(1))
