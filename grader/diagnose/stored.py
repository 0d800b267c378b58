"""Answers of edited references, kept from one run to the next by a store: under which keys, and in which bytes.

The store knows bytes only. They are those of the wire, so that what is found has passed the same checks as a student's
answers, and answers are the same whether they were found or computed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from grader.diagnose.match import Session
from grader.subject import operations as ops
from grader.subject import wire

Answers = list[Sequence[ops.Answer]]  # to each batch of a session


class Store(Protocol):
    """Where bytes are kept. Its keys need only be told apart within one suite and engine."""

    def get(self, key: bytes) -> bytes | None:
        """What was put under a key, in this run or before."""

    def put(self, key: bytes, data: bytes) -> None:
        """Keep bytes under a key."""


class Shelf:
    """The place in a store of all programs made from one reference."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._questions: dict[int, bytes] = {}  # the digest of each session, by its number

    def key(self, text: Sequence[str], number: int, session: Session, draws: int) -> bytes:
        """What the answers to a session depend on: the program, the questions, and where random numbers start."""
        if number not in self._questions:
            whole = hashlib.sha256()
            for batch in session.batches:
                whole.update(hashlib.sha256(wire.encode_batch(batch)).digest())
            self._questions[number] = whole.digest()
        program = "\0".join(text).encode("utf-8", "surrogatepass")
        return hashlib.sha256(b"%d\0%b%b" % (draws, self._questions[number], program)).digest()[:16]

    def get(self, key: bytes) -> Answers | None:
        """The answers under a key; None where there are none that can be read."""
        data = self._store.get(key)
        if data is None:
            return None
        try:
            return [wire.decode_answers(part) for part in wire.decode(data)]
        except (TypeError, wire.WireError):  # damaged, or of another format: as if it were not there
            return None

    def put(self, key: bytes, answers: Answers) -> Answers:
        """Keep answers; gives them as they will be found. What the wire does not carry is not kept."""
        try:
            parts = [wire.encode(list(part)) for part in answers]
            again: Answers = [wire.decode_answers(part) for part in parts]
        except (TypeError, KeyError, wire.WireError):
            return answers
        self._store.put(key, wire.encode(parts))
        return again


class NoStore:
    """A store that keeps nothing."""

    def get(self, key: bytes) -> bytes | None:
        """Nothing is there."""
        return None

    def put(self, key: bytes, data: bytes) -> None:
        """Keep nothing."""
