"""The wire: what is sent arrives as it was, and whatever bytes come instead end in WireError and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.subject import operations as ops
from grader.subject import wire

from .wired import DTYPES, VALID, answers, data, raised

counts = st.integers(0, 2**31 - 1)


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
