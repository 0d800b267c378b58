"""Two locked children side by side, each of which is asked about its own share of the questions, and of the changes.

They answer while the search goes on here: each has a thread that waits for it. Which question or change goes to which
child is a matter of its place and never of time: what comes out is the same on one processor as on two, where it takes
half as long.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from grader.records import StudentSource
from grader.repair.program import Candidate
from grader.subject import operations as ops
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper
from grader.subject.loading import Loading
from grader.subject.patience import Patience
from grader.subject.stream import Child
from grader.subject.subjects import SubjectLost

COUNT = 2
MOST_LOST = 2  # changes that hang or end their child, of one lane
AT_ONCE = (
    250  # changes that one child is asked about: what they leave behind ends with it, and it costs 25 ms
)
PATIENCE = 1e6  # seconds in all: what bounds a search is the number of its changes

Answers = Sequence[Sequence[ops.Answer] | None]


class Lane:
    """One child after the other, each asked about many changes."""

    def __init__(self, keeper: Keeper, source: StudentSource, patience: Patience, loading: Loading) -> None:
        self._keeper, self._source, self._patience, self._loading = keeper, source, patience, loading
        self._subject: JailedSubject | None = None
        self._is_fresh = True  # whether its child, if there is one, was asked nothing yet
        self._tried = self._lost = 0
        self.thread = ThreadPoolExecutor(1)  # all that this lane does is done in it, one after the other

    @property
    def is_at_an_end(self) -> bool:
        """Whether it tries no more, because of what it has lost."""
        return self._lost >= MOST_LOST

    def begin(self) -> None:
        """Have a fresh child load the submission."""
        if not self._is_fresh:
            self.close()
        self._begun()

    def answers(self, batches: Sequence[ops.Batch]) -> Answers:
        """What the submission as it is answers, in a fresh child."""
        self.begin()
        return self.ask(batches)

    def ask(self, batches: Sequence[ops.Message]) -> Answers:
        """The answers to batches; None from the first one on that its child did not survive."""
        subject = self._begun()
        self._is_fresh = False
        try:
            answers = subject.ask_all(batches)
        except SubjectLost:  # the machine ended its process: nothing is known of any of them
            answers = [None] * len(batches)
        if answers and answers[-1] is None:
            self.close()
        return answers

    def _begun(self) -> JailedSubject:
        if self._subject is None:
            self._tried, self._is_fresh = 0, True
            self._subject = JailedSubject(self._keeper, self._source, self._patience, loading=self._loading)
            with contextlib.suppress(SubjectLost):  # it is begun again when it is asked
                self._subject.ask_all([])
        return self._subject

    def try_all(self, candidates: Sequence[Candidate], batches: Sequence[ops.Batch]) -> list[Answers]:
        """For each change, the answers of the program with it to some questions."""
        results: list[Answers] = []
        nothing: Answers = [None] * len(batches)
        step = len(batches) + 1
        while len(results) < len(candidates):
            if self.is_at_an_end:
                return results + [nothing] * (len(candidates) - len(results))
            rest = candidates[len(results) : len(results) + AT_ONCE]
            if self._tried + len(rest) > AT_ONCE:
                self.close()
            messages: list[ops.Message] = []
            for candidate in rest:
                messages += [_rewrite(candidate), *batches]
            answers = self.ask(messages)
            self._tried += len(rest)
            answered = next((at for at, answer in enumerate(answers) if answer is None), len(answers)) // step
            results += [answers[place * step + 1 : (place + 1) * step] for place in range(answered)]
            if answered < len(rest):  # that one was lost, and a fresh child goes on behind it
                self._lost += 1
                results.append(nothing)
        return results

    def close(self) -> None:
        """End the child, if there is one."""
        if self._subject is not None:
            self._subject.close()
            self._subject = None


class Lanes:
    """The lanes of one submission. `close` them at the end."""

    def __init__(self, keeper: Keeper, source: StudentSource, call_seconds: float, loading: Loading) -> None:
        """`keeper` is that of a warm process that was never given the plan."""
        shared: Any = _SharedKeeper(keeper)
        patience = Patience(call_seconds, PATIENCE)
        self._lanes = [Lane(shared, source, patience, loading) for _ in range(COUNT)]

    @property
    def is_at_an_end(self) -> bool:
        """Whether one of them tries no more."""
        return any(lane.is_at_an_end for lane in self._lanes)

    def begin(self) -> None:
        """Have fresh children load the submission in the meantime: they are asked next."""
        for lane in self._lanes:
            lane.thread.submit(lane.begin)

    def ask(self, batches: Sequence[ops.Batch]) -> Callable[[], Answers]:
        """What the submission as it is answers, in fresh children, for whoever calls what comes back."""
        running = [
            lane.thread.submit(lane.answers, batches[place::COUNT]) for place, lane in self._shared(batches)
        ]
        return lambda: _in_turn(running, len(batches))

    def try_all(self, candidates: Sequence[Candidate], batches: Sequence[ops.Batch]) -> list[Answers]:
        """For each change, the answers of the program with it to some questions."""
        running = [
            lane.thread.submit(lane.try_all, candidates[place::COUNT], batches)
            for place, lane in self._shared(candidates)
        ]
        return _in_turn(running, len(candidates))

    def close(self) -> None:
        """End the children."""
        for lane in self._lanes:
            lane.thread.shutdown()
            lane.close()

    def _shared(self, what: Sequence[Any]) -> list[tuple[int, Lane]]:
        """The lanes that get a share, each with the place of its first."""
        return [*enumerate(self._lanes)][: len(what)]


class _SharedKeeper:
    """A keeper that one lane asks at a time: it has one stream for requests and replies."""

    is_pinned = False  # the lanes are at work beside each other already: no child is begun ahead of need

    def __init__(self, keeper: Keeper) -> None:
        self.keeper, self._lock = keeper, threading.Lock()

    def fork(self) -> Child:
        with self._lock:
            return self.keeper.fork()

    def end(self, child: Child) -> dict[str, Any]:
        with self._lock:
            return self.keeper.end(child)


def _in_turn(running: Sequence[Future[Any]], count: int) -> list[Any]:
    """What lanes gave for their shares, in the order of what was shared."""
    results: list[Any] = [None] * count
    for place, share in enumerate(running):
        results[place::COUNT] = share.result()
    return results


def _rewrite(candidate: Candidate) -> tuple[ops.Rewrite]:
    return (ops.Rewrite(candidate.place.file.number, candidate.first_line, candidate.definition),)
