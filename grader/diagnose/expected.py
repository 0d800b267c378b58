"""What the reference answers to examples: computed once, in this run or in an earlier one of the same suite."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

from grader.diagnose.stored import NoStore, Shelf, Store
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.subjects import LocalSubject


class ExpectedAnswers:
    """The reference of one assignment. It is loaded when something is asked that no store has."""

    def __init__(self, name: str, source: str, harness: str = "", store: Store | None = None) -> None:
        self._name, self._source, self._harness = name, source, harness
        self._shelf = Shelf(NoStore() if store is None else store)
        self._program = hashlib.sha256(f"{source}\0{harness}".encode("utf-8", "surrogatepass")).digest()

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        """The answers to a batch that needs nothing of earlier ones."""
        digest = hashlib.sha256(wire.encode_batch(batch)).digest()
        key = hashlib.sha256(b"example\0%b%b" % (self._program, digest)).digest()[:16]
        answers = self._shelf.get(key)
        if answers is None:
            answers = self._shelf.put(key, [self._reference.ask(batch)])
        return answers[0]

    @cached_property
    def _reference(self) -> LocalSubject:
        return LocalSubject(self._name, self._source, self._harness)
