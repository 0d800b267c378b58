"""Answers of single mistakes computed ahead: for a bundle, or on the machine that will grade, before it grades.

Trusted processes forked from a warm one do it, as in a run, each a part of the mistakes; no submission is near, so
there is no jail. What a user's runs have kept already (`answer_store`) is not computed again.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from grader.assignments import Assignment, Course
from grader.errors import GraderError, MachineryError
from grader.run import answer_store, digests
from grader.run.answer_store import ALL, AnswerFolders, Answers
from grader.subject import jail
from grader.subject.keeper import Keeper

ENTRY = f"{__name__}:main"


@dataclass(frozen=True)
class WorkShare:
    """What one process is to compute: of the mistakes every `parts`-th, beginning with number `part`."""

    course: Course
    assignment: Assignment
    place: AnswerFolders
    part: int
    parts: int
    environment: Mapping[str, str]


def shipment(course: Course, assignment: Assignment) -> tuple[str, bytes]:
    """The path in a course of all answers that can be computed ahead, and the bytes there.

    They are kept for this user as well. Raises SuiteError and CourseError where the course is at fault, JailError and
    MachineryError where the machine is.
    """
    place = _place(course, assignment)
    if Answers(place).get(ALL) is not None:
        return answer_store.shipped_as(place), answer_store.shipment(place)
    with tempfile.TemporaryDirectory(prefix="grader-answers-") as folder:
        if place.own is None or answer_store.obstacle(place.own):
            place = replace(place, own=Path(folder) / "answers" / place.name)
        _compute(course, assignment, place)
        return answer_store.shipped_as(place), answer_store.shipment(place)


def prepare(course: Course, assignment: Assignment) -> bool:
    """Put a shipment into the course itself, in the place of older ones; False where it is there. Raises OSError."""
    place = _place(course, assignment)
    if place.shipped is not None and Answers(replace(place, own=None)).get(ALL) is not None:
        return False
    path, segment = shipment(course, assignment)
    answer_store.ship(course.root / path, segment, assignment.name)
    return True


def _place(course: Course, assignment: Assignment) -> AnswerFolders:
    suite, engine = digests.suite_digest(course, assignment), digests.engine_digest()
    return answer_store.place(course, assignment, suite, engine, jail.readable_paths())


def _compute(course: Course, assignment: Assignment, place: AnswerFolders) -> None:
    """Compute and keep what is not kept yet, on all processors."""
    count = len(os.sched_getaffinity(0))
    keeper = Keeper.launch()
    try:
        keeper.wait_loaded()
        pipes = [_begin(keeper) for _ in range(count)]
        for part, pipe in enumerate(pipes):
            pipe.send(WorkShare(course, assignment, place, part, count, dict(os.environ)))
        for pipe in pipes:
            _wait(pipe)
    finally:
        keeper.close()
    whole = Answers(place)
    whole.put(ALL, b"")
    whole.save()


def _begin(keeper: Keeper) -> Connection:
    """The pipe of another process that waits for its part."""
    ours, theirs = socket.socketpair()
    with theirs, open(os.devnull, "wb") as nothing:
        keeper.worker([theirs.fileno(), nothing.fileno()], ENTRY)
    return Connection(ours.detach())


def _wait(pipe: Connection) -> None:
    """Wait for a process. Raises what it could not go on for."""
    with pipe:
        try:
            error = pipe.recv()
        except (EOFError, ConnectionResetError):
            raise MachineryError("a process that computed answers of mistakes died") from None
    if error is not None:
        raise error


def main(descriptors: Sequence[int]) -> None:
    """Compute one part: what it is comes over a pipe, and at its end None or an error goes back."""
    from grader.diagnose.ahead import Ahead
    from grader.suite.bench import Suite
    from grader.suite.collect import with_suite

    pipe = Connection(descriptors[0])
    order: WorkShare = pipe.recv()
    os.environ.clear()
    os.environ.update(order.environment)

    def compute(suite: Suite) -> None:
        store = Answers(order.place)
        bench = suite.bench
        Ahead(order.assignment, bench.source, suite.plan, store, bench.harness).compute(
            order.part, order.parts
        )
        store.save()

    try:
        with_suite(order.course, order.assignment, compute)
        pipe.send(None)
    except GraderError as error:
        pipe.send(error)
