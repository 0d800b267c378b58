"""One locked child and the stream to it: messages, and how long they are waited for.

While one child is waited for, a second may be read (`Child.watch`): what it sends then is kept, with what each message
took, so that the same limits hold for it as if it had been waited for alone.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections import deque
from collections.abc import Callable

from grader.subject import frames
from grader.subject.runqueue import LOOK_SECONDS, MOST_STARVED, RunQueue

SEND_SECONDS = 10.0
SHORTEST_WAIT = 0.005  # seconds; less is not worth another look
MOST_EARLY = 8 * 1024 * 1024  # bytes that are read of a child while another one is waited for


class Child:
    """One locked process and the stream to it."""

    def __init__(self, pid: int, stream: socket.socket) -> None:
        self.pid = pid
        self.stream = stream
        self.reader = frames.FrameReader()
        self._poll = select.poll()
        self._poll.register(stream, select.POLLIN)
        self._queue = RunQueue(pid)
        self.starved = 0.0  # seconds of the last `receive` in which it was given no processor, or was stopped
        self.waited = 0.0  # seconds that the last `receive` waited, without those
        self._early: deque[tuple[bytes, float]] = (
            deque()
        )  # what came while it was watched, and how long each took
        self._early_size = 0
        self._since: tuple[float, float] | None = (
            None  # when its last message came, and what the queue said then
        )
        self.is_watched = False

    def send(self, data: bytes) -> None:
        """Send a message. A child that has died, or does not read, is noticed when its answer is awaited."""
        # What it is asked now it has all its time for, however long it has had nothing to do before.
        self.is_watched, self._since = False, None
        self.stream.settimeout(SEND_SECONDS)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
            self.stream.sendall(frames.frame(data))
        self.stream.settimeout(None)

    def at_hand(self) -> bytes | None:
        """The next message if it came with the one before, so that nobody waits for it. Raises WireError."""
        return None if self._early else self.reader.next()

    def receive(self, seconds: float, beside: Callable[[float], Child | None] | None = None) -> bytes:
        """The next message.

        Raises EOFError when the child is gone, TimeoutError when the message is not whole after `seconds`, WireError
        when it is none. While the machine leaves the child no processor, or has it stopped, its time stands still;
        `starved` then holds how long, in seconds: at most `MOST_STARVED` times `seconds`. `beside` is told now and then
        how many seconds are over, and gives another child, which is read too, where there is one.
        """
        self.starved = self.waited = 0.0
        self.is_watched = False
        if self._early:
            message, self.waited = self._early.popleft()
            if self.waited > seconds:
                raise TimeoutError
            return message
        if (coming := self.reader.next()) is not None:
            return coming  # it came with the one before
        is_over = False
        begun, before = self._since or (time.monotonic(), self._queue.seconds)
        if self._since is not None:
            self._count_starved(before, seconds)
        try:
            while coming is None:
                if not self._is_ready(begun, before, seconds, beside):
                    if begun + seconds + self.starved - time.monotonic() < SHORTEST_WAIT:
                        is_over = True
                        raise TimeoutError
                    continue
                self.reader.feed(self._read())
                coming = self.reader.next()
        finally:
            self._since = None
            self._count_starved(before, seconds)
            waited = max(0.0, time.monotonic() - begun - self.starved)
            # Its last moment is not waited for, and may have been starved: it has had its seconds nevertheless.
            self.waited = max(waited, seconds) if is_over else waited
        return coming

    def _is_ready(
        self, begun: float, before: float, seconds: float, beside: Callable[[float], Child | None] | None
    ) -> bool:
        """Wait for a moment; whether something has come."""
        looked = time.monotonic()
        other = beside(looked - begun - self.starved) if beside is not None else None
        ready = self._wait(max(0.0, min(begun + seconds + self.starved - looked, LOOK_SECONDS)), other)
        waited = time.monotonic() - looked
        if not ready or waited > LOOK_SECONDS:
            for child in (self, other):
                if child is not None:
                    child._queue.look(waited)
        if not ready:
            self._count_starved(before, seconds)
        return ready

    def _wait(self, seconds: float, other: Child | None) -> bool:
        if other is None or not other.is_watched:
            return bool(self._poll.poll(seconds * 1000))
        both = select.poll()
        for child in (self, other):
            both.register(child.stream, select.POLLIN)
        ready = {descriptor for descriptor, _ in both.poll(seconds * 1000)}
        if other.stream.fileno() in ready:
            other._take()
        return self.stream.fileno() in ready

    def _read(self) -> bytes:
        """What has come. Raises EOFError at the end."""
        try:
            data = self.stream.recv(frames.READ_SIZE)
        except ConnectionResetError:
            data = b""
        if not data:
            raise EOFError
        return data

    def watch(self) -> None:
        """From now on it is waited for, beside another one."""
        self.is_watched = True
        self._since = time.monotonic(), self._queue.seconds

    def _take(self) -> None:
        """Keep what has come. Where that is no message, or its end, `receive` will say so."""
        try:
            data = self._read()
            self.reader.feed(data)
            self._early_size += len(data)
            while (message := self.reader.next()) is not None:
                assert self._since is not None
                begun, before = self._since
                self._since = time.monotonic(), self._queue.seconds
                took = self._since[0] - begun - (self._since[1] - before)
                self._early.append((message, max(0.0, took)))
        except (EOFError, frames.WireError):
            self.is_watched = False
        if self._early_size > MOST_EARLY:  # it waits until it is read again, and its time with it
            self.is_watched, self._since = False, None

    def _count_starved(self, before: float, seconds: float) -> None:
        """Note how long the child has waited for a processor since it had waited `before`."""
        starved = self._queue.seconds - before
        self.starved = min(max(self.starved, starved), MOST_STARVED * seconds)

    @property
    def is_stopped(self) -> bool:
        """Whether it is stopped, which it cannot have done itself."""
        return self._queue.is_stopped

    def close(self) -> None:
        """Close the stream. The process is ended by its zygote."""
        self._queue.close()
        self.stream.close()
