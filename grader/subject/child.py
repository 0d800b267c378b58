"""A locked child's life: it receives a source, loads it, answers the plan, and then whatever else it is asked.

The submission can read all that is here.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from grader.subject import wire
from grader.subject.frames import READ_SIZE
from grader.subject.loader import LoadRequest


def serve_child(
    stream: int, name: str, plan: Sequence[Sequence[Any]], library: Mapping[str, Any], harness: str = ""
) -> None:
    """A locked child's life: receive a source, load it, answer the plan, then answer what is asked."""
    from grader.subject.host import Host  # torch comes with it

    reader = wire.FrameReader()
    request = wire.decode(read_message(stream, reader))
    gc.set_threshold(50_000)  # a short life: collecting now and then costs more than it frees
    host = Host(name, register=True, harness=harness)
    sys.argv[:] = [f"{name}.py"]
    passed, bare = (frozenset(request[key]) for key in ("passed", "bare"))
    program = LoadRequest(name, request["chunks"], request["modules"], **library, passed=passed, bare=bare)
    # Said and not asked: whoever waits must know which statement it is that hangs or ends this process.
    loaded = host.load_program(program, lambda place: write_message(stream, wire.encode(place)), listed=True)
    write_message(stream, wire.encode(loaded))
    for item in request["items"]:
        for batch in plan[item]:
            write_message(stream, wire.encode(host.run(batch)))
    while True:
        batch = wire.decode(read_message(stream, reader))
        write_message(stream, wire.encode(host.run(batch)))


def read_message(stream: int, reader: wire.FrameReader) -> bytes:
    """The next message from a descriptor. Raises EOFError at the end."""
    while (message := reader.next()) is None:
        data = os.read(stream, READ_SIZE)
        if not data:
            raise EOFError
        reader.feed(data)
    return message


def write_message(stream: int, data: bytes) -> None:
    """Write a message to a descriptor, however many writes it takes."""
    unwritten = memoryview(wire.frame(data))
    while unwritten:
        unwritten = unwritten[os.write(stream, unwritten) :]
