"""What an exercise did, as one short name: programs that answer alike, within rounding, have the same.

It groups those whom no mistake explains. Nothing can be read back from it, and not by trying what the answers may hold
either: the digest is keyed with the course's seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader import values
from grader.diagnose.match import Session, words_and_sizes
from grader.diagnose.stored import Answers
from grader.subject import operations as ops
from grader.suite.inputs import keyed_digest

DECIMALS = 5  # two orders of adding up differ in the fifteenth, two mistakes long before the fifth
LENGTH = 8  # hexadecimal digits: in a class of thousands two kinds of answers hardly ever share a name


def behaviour(exercise: str, sessions: Sequence[Session], answers: Mapping[int, Answers]) -> str:
    """The name of what was answered in the sessions of one exercise, "BiRNN-3f2a91c0".

    `answers` maps numbers of sessions to what came; a session without an answer counts as such.
    """
    whole = keyed_digest()
    for number, session in enumerate(sessions):
        if session.exercise == exercise:
            whole.update(f"\n{number}".encode())
            for part in _evidence_of(session, answers.get(number)):
                whole.update(part)
    return f"{exercise}-{whole.hexdigest()[:LENGTH]}"


def _evidence_of(session: Session, answers: Answers | None) -> Iterator[bytes]:
    """What counts of the answers to a session."""
    # In single precision the order of adding up shows in the sixth digit, so rounding would part what is alike.
    rounded = "float32" not in str(session.kind)
    for batch, weighed in zip(answers or (), session.counted(answers or ())):
        for answer in batch:
            if isinstance(answer, ops.Raised):
                yield repr((answer.kind, answer.stage, words_and_sizes(answer.text))).encode()
                continue
            yield repr(answer.changed).encode()
            for value in (answer.value, answer.input_gradients, answer.parameter_gradients):
                form, leaves = values.flatten(value, atoms=(ops.Parameter,))
                yield repr(form).encode()
                for leaf in leaves:
                    yield from _leaf(leaf, rounded and weighed)


def _leaf(leaf: Any, numbers: bool) -> Iterator[bytes]:
    """Shape and dtype of an array, and its numbers where they count; other leaves as they are."""
    array = leaf.value if isinstance(leaf, ops.Parameter) else leaf
    if not isinstance(array, np.ndarray):
        yield repr(array).encode()
        return
    yield f"{array.dtype.name}{array.shape}".encode()
    if numbers and array.dtype.kind in "fc":
        # Adding zero makes -0.0 the zero that it equals.
        yield np.ascontiguousarray(np.round(array.astype(np.float64), DECIMALS) + 0.0).tobytes()
    elif numbers and array.dtype.kind in "biu":
        yield np.ascontiguousarray(array).tobytes()
