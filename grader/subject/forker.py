"""A process that forks others when it is asked over a socket, and reaps them: the warm one, and that of a suite.

Control messages come over one stream socket (descriptors travel with the byte that announces them): worker, reap, and
what a kind of process does beside that. Replies are dicts; {"error": …} is a fault of the machinery.
"""

from __future__ import annotations

import array
import contextlib
import os
import signal
import socket
import struct
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.subject import jail
from grader.subject.frames import READ_SIZE, decode_control, send

MOST_DESCRIPTORS = 8  # that travel with one message
PF_EXITING = 0x4  # of the flags in /proc/PID/stat: the kernel is taking the process apart


class Forker:
    """The serving side of one control socket. What its workers run is `become`."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.cpu_seconds = 0  # what the limits give a child, where they do
        self.children: set[int] = set()
        self._buffer = b""
        self._descriptors: list[int] = []

    def become(self, request: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Run as a worker that was just forked; it ends when this returns."""
        raise NotImplementedError

    def serve(self) -> None:
        """Carry out requests until the other end is closed."""
        while True:
            try:
                request, descriptors = self.receive()
            except EOFError:
                break
            try:
                getattr(self, "on_" + request["do"])(request, descriptors)
            # The trusted process decides what a fault means; one request that fails must not end the others.
            except Exception as error:
                send(self.control, {"error": f"{request['do']}: {type(error).__name__}: {error}"})
        for pid in self.children:
            end(pid)

    def on_worker(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        """Fork a process that becomes a trusted one, with these descriptors.

        The last becomes its standard error.
        """
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                self.control.close()
                jail.die_with_parent()
                os.dup2(descriptors[-1], 2)
                self.become(request, descriptors[:-1])
                status = 0
            # Its own fault, and nobody else is there to tell it.
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        for descriptor in descriptors:
            os.close(descriptor)
        self.children.add(pid)
        send(self.control, {"pid": pid})

    def on_reap(self, request: Mapping[str, Any], descriptors: list[int]) -> None:
        """End a child, and say how it ended."""
        pid = request["pid"]
        if pid not in self.children:
            send(self.control, {"error": f"no child {pid}"})
            return
        self.children.discard(pid)
        by_itself = ended(pid)
        status, usage = end(pid)
        cpu = usage.ru_utime + usage.ru_stime
        # A child cannot send SIGKILL (the filter), and its limits send it for processor time alone.
        killed = by_itself and status & 0x7F == signal.SIGKILL and cpu < self.cpu_seconds
        send(
            self.control,
            {"status": status, "killed": killed, "cpu": cpu, "memory": usage.ru_maxrss * 1024},
        )

    def receive(self) -> tuple[dict[str, Any], list[int]]:
        """The next message and the descriptors that came with it. Raises EOFError at the end."""
        while True:
            if len(self._buffer) >= 4:
                (length,) = struct.unpack_from("<I", self._buffer)
                if len(self._buffer) >= 4 + length:
                    message = decode_control(self._buffer[4 : 4 + length])
                    self._buffer = self._buffer[4 + length :]
                    descriptors, self._descriptors = self._descriptors, []
                    return message, descriptors
            data, ancillary, _, _ = self.control.recvmsg(READ_SIZE, socket.CMSG_SPACE(4 * MOST_DESCRIPTORS))
            for level, kind, content in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    received = array.array("i")
                    received.frombytes(content[: len(content) - len(content) % received.itemsize])
                    self._descriptors += received
            if not data:
                raise EOFError
            self._buffer += data


def end(pid: int) -> tuple[int, Any]:
    """Kill a child, then reap it: in this order its number cannot have passed to another process."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return status, usage


def ended(pid: int) -> bool:
    """Whether a child has ended, or is ending, without our doing. Waits for one that is ending to have ended."""
    try:
        flags = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[6])
    except OSError:
        return True
    wait = 0 if flags & PF_EXITING else os.WNOHANG
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | wait) is not None
