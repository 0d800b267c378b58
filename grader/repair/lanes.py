"""Two locked children side by side, each of which is asked about its own share of the changes.

Which change goes to which child is a matter of its place and never of time: what comes out is the same on one processor
as on two, where it takes half as long.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
AT_ONCE = 200  # changes that one child is asked about: what they leave behind ends with it
PATIENCE = 1e6  # seconds in all: what bounds a search is the number of its changes

Answers = Sequence[Sequence[ops.Answer] | None]


class Lane:
    """One child after the other, each asked about many changes."""

    def __init__(self, keeper: Keeper, source: StudentSource, patience: Patience, loading: Loading) -> None:
        self._keeper, self._source, self._patience, self._loading = keeper, source, patience, loading
        self._subject: JailedSubject | None = None
        self._tried = self._lost = 0

    def ask(self, batches: Sequence[ops.Message]) -> Answers:
        """The answers to batches; None from the first one on that its child did not survive."""
        if self._subject is None:
            self._tried = 0
            self._subject = JailedSubject(self._keeper, self._source, self._patience, loading=self._loading)
        try:
            answers = self._subject.ask_all(batches)
        except SubjectLost:  # the machine ended its process: nothing is known of any of them
            answers = [None] * len(batches)
        if answers and answers[-1] is None:
            self.close()
        return answers

    def try_all(self, candidates: Sequence[Candidate], batches: Sequence[ops.Batch]) -> list[Answers]:
        """For each change, the answers of the program with it to some questions."""
        results: list[Answers] = []
        nothing: Answers = [None] * len(batches)
        step = len(batches) + 1
        while len(results) < len(candidates):
            if self._lost >= MOST_LOST:
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
        shared: Any = _Shared(keeper)
        patience = Patience(call_seconds, PATIENCE)
        self._lanes = [Lane(shared, source, patience, loading) for _ in range(COUNT)]
        self._threads = ThreadPoolExecutor(COUNT)

    def ask(self, batches: Sequence[ops.Batch]) -> Answers:
        """What the submission as it is answers, in a fresh child."""
        self._end()
        return self._lanes[0].ask(batches)

    def try_all(self, candidates: Sequence[Candidate], batches: Sequence[ops.Batch]) -> list[Answers]:
        """For each change, the answers of the program with it to some questions."""
        shares = [candidates[number::COUNT] for number in range(COUNT)]
        results: list[Answers] = [()] * len(candidates)
        running = [
            self._threads.submit(lane.try_all, share, batches) for lane, share in zip(self._lanes, shares)
        ]
        for number, share in enumerate(running):
            results[number::COUNT] = share.result()
        return results

    def close(self) -> None:
        """End the children."""
        self._threads.shutdown()
        self._end()

    def _end(self) -> None:
        for lane in self._lanes:
            lane.close()


class _Shared:
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


def _rewrite(candidate: Candidate) -> tuple[ops.Rewrite]:
    return (ops.Rewrite(candidate.place.file.number, candidate.first_line, candidate.definition),)
