"""The wire: what is sent arrives as it was, and whatever bytes come instead end in WireError and nothing else."""

from __future__ import annotations

import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.subject import bounds, wire
from grader.subject import operations as ops
from grader.subject.host import Host

DTYPES = ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]

arrays = st.sampled_from(DTYPES).flatmap(
    lambda name: hnp.arrays(np.dtype(name), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=50)
keys = (
    st.text(max_size=5) | st.integers(-(2**63), 2**63 - 1) | st.tuples(st.integers(0, 9), st.text(max_size=3))
)
data = st.recursive(
    scalars | arrays | st.builds(ops.Opaque, st.text(max_size=20)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=10,
)
frames = st.builds(ops.Frame, st.text(max_size=5), st.integers(0, 10**6), st.text(max_size=5))
counts = st.integers(0, 2**31 - 1)
raised = st.builds(
    ops.Raised,
    st.text(max_size=20),
    st.text(max_size=50),
    st.sampled_from(ops.STAGES),
    st.lists(frames, max_size=3).map(tuple),
)
values = st.builds(
    ops.Value,
    data,
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
    st.none() | st.lists(st.none() | arrays, max_size=2).map(tuple),
    st.none() | st.dictionaries(st.text(max_size=5), st.none() | arrays, max_size=2),
)
answers = st.lists(values | raised, max_size=3).map(tuple)


def same(answer, want) -> bool:
    """Equal in type, dtype, shape and every bit that has a meaning (NaN equals NaN)."""
    if isinstance(want, np.ndarray):
        return (
            isinstance(answer, np.ndarray)
            and answer.dtype == want.dtype
            and answer.shape == want.shape
            and np.array_equal(answer, want, equal_nan=want.dtype.kind == "f")
        )
    if type(answer) is not type(want):
        return False
    if isinstance(want, (tuple, list)):
        return len(answer) == len(want) and all(map(same, answer, want))
    if isinstance(want, dict):
        return list(answer) == list(want) and all(same(answer[key], want[key]) for key in want)
    if hasattr(want, "__dataclass_fields__"):
        return all(same(getattr(answer, name), getattr(want, name)) for name in want.__dataclass_fields__)
    return answer == want or (isinstance(want, float) and answer != answer and want != want)


@given(data)
def test_data_arrives_as_it_was(value):
    assert same(wire.decode(wire.encode(value)), value)


@given(answers)
def test_answers_arrive_as_they_were(sent):
    assert same(wire.decode_answers(wire.encode(list(sent))), sent)


@given(st.lists(st.builds(ops.Passed, counts, counts, raised), max_size=3).map(tuple), counts)
def test_the_answer_to_a_source_arrives_as_it_was(passed, more):
    loaded = ops.Loaded(passed, more)
    assert same(wire.decode_loading(wire.encode(loaded)), loaded)


@pytest.mark.parametrize("place", [(0, 0), (3, 70_000)])
def test_the_place_of_a_statement_arrives_as_it_was(place):
    assert wire.decode_loading(wire.encode(place)) == place


@pytest.mark.parametrize(
    "place", [(0,), (0, -1), (0, 1.0), (0, True), (0, 1, 2), ("0", 1), [[0], 1], (0, 2**40)]
)
def test_what_is_no_place_is_refused(place):
    with pytest.raises(wire.WireError):
        wire.decode_loading(wire.encode(place))


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_in_every_layout(dtype):
    full = np.arange(24).reshape(2, 3, 4).astype(dtype)
    for array in (
        full,
        np.asfortranarray(full),
        full[:, ::-1],
        full.T,
        full[0, 0, 0:1],
        full[:0],
        np.array(full[0, 1, 1]),
    ):
        answer = wire.decode(wire.encode(array))
        assert same(answer, array)
        assert answer.flags.writeable
        assert answer.flags.c_contiguous
        assert answer.flags.aligned


def test_special_numbers_arrive():
    array = np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324, 1.7976931348623157e308])
    answer = wire.decode(wire.encode(array))
    assert answer.tobytes() == array.tobytes()
    assert wire.decode(wire.encode((2**63 - 1, -(2**63), 2**64 - 1))) == (2**63 - 1, -(2**63), 2**64 - 1)


def test_a_batch_arrives_as_it_was():
    x = np.ones((2, 3), np.float32)
    batch = (
        ops.Make(7, "RNN", (3, 4), {"bias": True}),
        ops.Load(7, {"cell.weight": x}),
        ops.Invoke(7, (x, None, (2, 1)), {"lengths": (1, 2)}, (x, None)),
        ops.ListParameters(7),
        ops.Call("f", ((x, x), 2.5)),
    )
    assert same(wire.decode(wire.encode_batch(batch)), batch)
    assert wire.encode_batch(batch) == wire.encode_batch(list(batch)), "equal batches have equal bytes"
    other = (*batch[:-1], ops.Call("f", ((x, x), 2.0)))
    assert wire.encode_batch(other) != wire.encode_batch(batch)


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, 2**70, np.array([object()]), np.zeros(2, complex), np.zeros(2, ">f8"), b"".join],
    ids=["object", "set", "wide int", "objects", "complex", "big-endian", "method"],
)
def test_what_may_not_travel_is_refused_by_the_sender(value):
    with pytest.raises((TypeError, KeyError, OverflowError)):
        wire.encode(value)


def test_text_with_lone_surrogates_is_sent_all_the_same():
    assert wire.decode(wire.encode("a\ud800b")) == "a?b"


DECODERS = [wire.decode, wire.decode_answers, wire.decode_loading]


def only_wire_errors(decode, message: bytes):
    try:
        return decode(message)
    except wire.WireError:
        return None


@pytest.mark.parametrize("decode", DECODERS)
def test_any_bytes_end_in_a_wire_error_or_a_value(decode):
    @given(st.binary(max_size=200))
    def check(message):
        only_wire_errors(decode, message)

    check()


VALID = wire.encode(
    [
        ops.Value((np.ones((2, 3)), {"a": (1, "b")}), ("x",), (np.ones(2), None), {"w": np.ones(3)}),
        ops.Value({"w": ops.Parameter(np.ones(2, np.float32), True)}),
        ops.Raised("ValueError", "text", "call", (ops.Frame("cell 1", 3, "f"),)),
    ]
)
VALID_LOADED = wire.encode(
    ops.Loaded((ops.Passed(0, 3, ops.Raised("ValueError", "text", "load", (ops.Frame("", 3, "f"),))),), 2)
)


@pytest.mark.parametrize(
    ("decode", "message"), [(wire.decode_answers, VALID), (wire.decode_loading, VALID_LOADED)]
)
def test_mutated_messages_end_in_a_wire_error_or_an_answer(decode, message):
    """Every byte replaced, left out and doubled, and every beginning; what is accepted has the right types."""
    mutants = [message[:index] for index in range(len(message))]
    for index in range(len(message)):
        before, after = message[:index], message[index + 1 :]
        mutants += [
            before + bytes([byte]) + after
            for byte in (0, 1, 0x7F, 0x80, 0xC0, 0xC7, 0xFF, message[index] ^ 1)
        ]
        mutants += [before + after, before + message[index : index + 1] * 2 + after]
    refused = 0
    for mutant in mutants:
        decoded = only_wire_errors(decode, mutant)
        refused += decoded is None
        if isinstance(decoded, tuple):
            assert all(isinstance(answer, (ops.Value, ops.Raised)) for answer in decoded)
        elif decoded is not None:
            assert isinstance(decoded, ops.Loaded) or [type(number) for number in decoded] == [int, int]
    assert refused > len(mutants) / 4


@given(st.lists(st.binary(max_size=60), max_size=6), st.integers(1, 7))
def test_messages_are_cut_from_a_stream_wherever_it_is_split(messages, step):
    stream = b"".join(map(wire.frame, messages))
    reader, frames = wire.FrameReader(), []
    for start in range(0, len(stream), step):
        reader.feed(stream[start : start + step])
        while (message := reader.next()) is not None:
            frames.append(message)
    assert frames == messages


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_any_stream_gives_messages_or_a_wire_error(pieces):
    reader = wire.FrameReader(limit=1000)
    for piece in pieces:
        reader.feed(piece)
        try:
            message = reader.next()
        except wire.WireError:
            return
        assert message is None or len(message) <= 1000


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
