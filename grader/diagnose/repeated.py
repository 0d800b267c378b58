"""Sees that a submission answered one question in two ways.

What does so keeps something from call to call, draws at random, or uses memory that was never filled: no edit of the
reference has to say which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from grader.diagnose.match import Session, alike, same_answers
from grader.diagnose.mistakes import Mistake, Variant
from grader.diagnose.stored import Answers
from grader.subject import operations as ops
from grader.subject import wire

ANSWERS_CHANGE = Mistake(
    "answers_change",
    title="The same call does not always give the same answer",
    hint="Call it twice with the same arguments. What is left from the first call, drawn at random, or never filled?",
    edits={},
)


def change(
    sessions: Sequence[Session],
    numbers: Iterable[int],
    answers: Callable[[int], Answers],
    right: Callable[[int], Answers],
) -> bool:
    """Whether one question of these sessions was answered in two ways, where the reference answers it in one."""
    first: dict[bytes, int] = {}
    for number in numbers:
        session = sessions[number]
        if any(isinstance(answer, ops.Raised) for batch in answers(number) for answer in batch):
            continue  # what comes after it asks an object that is not as it should be
        if _differs(session, answers(number)) and not _differs(session, right(number)):
            return True
        earlier = first.setdefault(question(session), number)
        if not all(map(same_answers, answers(number), answers(earlier), session.weighed)):
            return True
    return False


def _differs(session: Session, answers: Answers) -> bool:
    """Whether one object answered the same question in two ways."""
    weighed = [session.weighed[first] for first, _ in session.repeated]
    return any(counts and not same for counts, same in zip(weighed, alike(session, answers), strict=True))


def question(session: Session) -> bytes:
    """The same for sessions that ask the same of a function, or of an object, whatever its number."""
    return b"".join(wire.encode_batch(tuple(map(_unnumbered, batch))) for batch in session.batches)


def _unnumbered(operation: ops.Operation) -> ops.Operation:
    return operation if isinstance(operation, ops.Call) else replace(operation, handle=0)


def named(exercise: str) -> Variant:
    """The finding that answers of an exercise change, as what can be named."""
    return Variant(ANSWERS_CHANGE, exercise, exercise, ())
