"""What the wire refuses: messages that are too long, too deep, or no answers at all."""

from __future__ import annotations

import struct

import msgpack
import numpy as np
import pytest

from grader.subject import bounds, wire
from grader.subject import operations as ops
from grader.subject.host import Host

from .wired import VALID


def test_a_frame_that_is_too_long_is_refused_before_it_is_there():
    reader = wire.FrameReader()
    reader.feed(struct.pack("<I", wire.MAX_FRAME + 1))
    with pytest.raises(wire.WireError, match="a message of"):
        reader.next()


def array_message(header: bytes, payload: bytes = b"") -> bytes:
    return msgpack.packb(msgpack.ExtType(1, header + payload))


@pytest.mark.parametrize(
    "message",
    [
        array_message(b""),
        array_message(b"\x00"),
        array_message(b"\xff\x01" + struct.pack("<I", 0)),
        array_message(b"\x00\x09" + struct.pack("<9I", *[1] * 9), b"\0" * 8),
        array_message(b"\x00\x01" + struct.pack("<I", 2), b"\0" * 8),
        array_message(b"\x00\x02" + struct.pack("<2I", 2**31, 2**31), b"\0" * 8),
        array_message(b"\x00\x04" + struct.pack("<4I", *[2**32 - 1] * 4)),
        array_message(b"\x00\x02" + struct.pack("<I", 1)),
        msgpack.packb(msgpack.ExtType(99, b"")),
        msgpack.packb([None] * (bounds.MAX_ITEMS + 1)),
        msgpack.packb({str(number): 0 for number in range(bounds.MAX_ITEMS + 1)}),
        b"\x91" * 5000 + b"\xc0",
        b"\xc1",
        VALID + b"\0",
    ],
    ids=lambda message: f"{len(message)} bytes {message[:3].hex()}",
)
def test_what_is_out_of_bounds_is_refused(message):
    with pytest.raises(wire.WireError):
        wire.decode(message)


ANSWERS = {
    "a long text": [ops.Value("x" * (bounds.MAX_TEXT + 1))],
    "a long text of many bytes": [ops.Value("\u20ac" * (bounds.MAX_TEXT + 1))],
    "a long key": [ops.Value({"x" * (bounds.MAX_TEXT + 1): 1})],
    "a long name of what was changed": [ops.Value(1, ("x" * (bounds.MAX_TEXT + 1),))],
    "many that were changed": [ops.Value(1, ("x",) * (bounds.MAX_TEXTS + 1))],
    "a long name of what was called": [ops.Value(1, watched=("x" * (bounds.MAX_TEXT + 1),))],
    "a long name of a gradient": [ops.Value(1, (), None, {"x" * (bounds.MAX_TEXT + 1): None})],
    "a long name of a parameter": [ops.Value({"x" * (bounds.MAX_TEXT + 1): ops.Parameter(np.ones(1), True)})],
    "a long exception": [ops.Raised("E", "x" * (bounds.MAX_TEXT + 1), "call")],
    "a long class of exception": [ops.Raised("E" * (bounds.MAX_NAME + 1), "", "call")],
    "a long label": [ops.Raised("E", "", "call", (ops.Frame("x" * (bounds.MAX_TEXT + 1), 1, "f"),))],
    "a long function": [ops.Raised("E", "", "call", (ops.Frame("", 1, "f" * (bounds.MAX_NAME + 1)),))],
    "many frames": [ops.Raised("E", "", "call", (ops.Frame("", 1, "f"),) * (bounds.MAX_FRAMES + 1))],
    "many empty maps": [ops.Value(tuple(({},) * 200 for _ in range(bounds.MAX_ITEMS // 200)))],
    "many empty lists": [ops.Value(tuple(((),) * 200 for _ in range(bounds.MAX_ITEMS // 200)))],
}


@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_bounded_more_tightly_than_what_our_own_processes_say(answers):
    message = wire.encode(answers)
    assert wire.decode(message) == answers
    with pytest.raises(wire.WireError):
        wire.decode_answers(message)


def test_the_bounds_are_what_they_are():
    """Pinned: each is how much a hostile answer may cost the trusted side."""
    assert (wire.MAX_FRAME, bounds.MAX_TEXT, bounds.MAX_ITEMS) == (16 * 2**20, 300, 20_000)
    assert (bounds.MAX_DIMENSIONS, bounds.MAX_NESTING) == (8, 5)
    longest = [ops.Value("\u20ac" * 300)]
    assert wire.decode_answers(wire.encode(longest)) == tuple(longest)
    with pytest.raises(wire.WireError):
        wire.decode_answers(wire.encode([ops.Value("x" * 301)]))


def test_a_long_description_is_refused():
    message = msgpack.packb([msgpack.ExtType(2, b"x" * (bounds.MAX_TEXT + 1))])
    with pytest.raises(wire.WireError, match="description"):
        wire.decode_answers(message)


def test_what_a_host_sends_is_within_the_bounds():
    """Names as long as Python allows them, in everything that holds one."""
    long = "n" * 5000
    host = Host("answer")
    source = f"""
import torch
class {long}(Exception):
    pass
class N(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_parameter("{long}", torch.nn.Parameter(torch.ones(2)))
    def forward(self, x):
        return x * getattr(self, "{long}")
def {long}(x):
    raise {long}_("{long}")
{long}_ = {long} if isinstance({long}, type) else type("{long}", (Exception,), {{}})
def f(what):
    if what == 1:
        return {{"{long}": "{long}"}}
    if what == 2:
        return type("{long}", (), {{}})()
    {long}(1)
def deep(n):
    return deep(n + 1)
"""
    assert host.load([(source, "")]) == ops.Loaded()
    x = np.ones(2)
    batches = [(ops.Call("f", (what,)),) for what in (1, 2, 3)] + [(ops.Call("deep", (1,)),)]
    batches += [(ops.Make(1, "N"), ops.ListParameters(1), ops.Invoke(1, (x,), {}, (x,)))]
    batches += [(ops.Make(1, "N"), ops.Load(1, {"w" * 5000: x}))]
    for batch in batches:
        wire.decode_answers(wire.encode(host.run(batch)))


def test_records_cannot_be_nested_without_end():
    """Every level is a copy of its bytes, so depth is memory of the trusted process."""
    message = msgpack.packb([None])
    for _ in range(50):
        message = msgpack.packb([msgpack.ExtType(16, message)])
    with pytest.raises(wire.WireError, match="nested too deeply"):
        wire.decode(message)


@pytest.mark.parametrize(
    "answer",
    [
        ops.Call("f"),
        ops.Value(ops.Call("f")),
        ops.Value(ops.Value()),
        ops.Value((ops.Frame("", 1, "f"),)),
        ops.Value(1, "changed"),
        ops.Value(1, (1,)),
        ops.Value(1, (), (1,)),
        ops.Value(1, (), (), {"w": 1}),
        ops.Value({"w": ops.Parameter(1, True)}),
        ops.Value({"w": ops.Parameter(np.ones(1), 1)}),
        ops.Value(b"bytes"),
        ops.Value({b"bytes": 1}),
        ops.Value({((1, 2), b"bytes"): 1}),
        ops.Value([1, b"()"]),
        ops.Raised("E", "t", "elsewhere"),
        ops.Raised(1, "t", "call"),
        ops.Raised("E", "t", "call", (1,)),
        ops.Raised("E", "t", "call", (ops.Frame("", "1", "f"),)),
        ops.Loaded(),
        None,
        "ok",
    ],
    ids=repr,
)
def test_records_in_the_wrong_place_are_no_answers(answer):
    with pytest.raises(wire.WireError):
        wire.decode_answers(wire.encode([answer]))


def test_deep_values_are_no_answers():
    deep = 1
    for _ in range(30):
        deep = (deep,)
    with pytest.raises(wire.WireError):
        wire.decode_answers(wire.encode([ops.Value(deep)]))


def test_deep_keys_are_no_answers():
    deep = 1
    for _ in range(300):
        deep = (deep,)
    with pytest.raises(wire.WireError):
        wire.decode_answers(wire.encode([ops.Value({deep: 1})]))


def test_a_time_stamp_is_no_answer():
    stamp = msgpack.packb([msgpack.Timestamp(1)])
    with pytest.raises(wire.WireError):
        wire.decode_answers(stamp)


@pytest.mark.parametrize(
    "message",
    [
        wire.encode([ops.Value()]),
        wire.encode(None),
        wire.encode(ops.Loaded((1,))),
        wire.encode(ops.Loaded((ops.Passed(0, -1, ops.Raised("E", "", "load")),))),
        wire.encode(ops.Loaded((ops.Passed(0, 1, "raised"),))),
        wire.encode(ops.Loaded((), "more")),
    ],
)
def test_only_a_loaded_answers_a_source(message):
    with pytest.raises(wire.WireError):
        wire.decode_loading(message)
