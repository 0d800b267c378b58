"""A submission in the jail as a subject: asks a locked child, and goes on in a fresh one when it is lost.

The plan. A suite's operations do not depend on the student's answers, so they are known from running it on the
reference. Children find them in the memory they are forked with and answer one after the other without being
asked; a test that asks what was planned is given the answer from the stream. A test that asks anything else
(because it follows up on a wrong answer) is answered live, after the stream has ended.
A child that dies or hangs loses the test it was busy with; a fresh one goes on with the next (`successor`).

A child that was killed from outside (by the kernel for want of memory, by a person) has lost nothing yet: a fresh one
does the same again, once. Killed a second time it is a loss of the kind "killed", and nobody may be graded by it.
"""

from __future__ import annotations

import copy
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from grader.records import StudentSource
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.hangs import Hangs
from grader.subject.keeper import Keeper
from grader.subject.loading import Loading
from grader.subject.patience import TIME_IS_UP, Clock, Patience
from grader.subject.plan import Plan
from grader.subject.stream import Child
from grader.subject.subjects import LostKind, SubjectLost, how_it_ended, killed
from grader.subject.successor import Successor

BAD_ANSWER = "its answer could not be read"  # and no more: the details are the submission's own choice
BUDGET = 128 * 1024 * 1024  # bytes of all answers of one submission: they are kept until it is done
TOO_MUCH = "its answers are far larger than what was asked for"
AHEAD = 8  # questions sent before the first answer is read; both must fit into the socket's buffers
_T = TypeVar("_T")
STEP_SECONDS = 50e-6  # what a child's word that it begins a statement counts


class JailedSubject:
    """One submission. `start_item(i)` before each test; `close()` at the end."""

    def __init__(
        self,
        keeper: Keeper,
        source: StudentSource,
        patience: Patience,
        plan: Plan | None = None,
        *,
        loading: Loading | None = None,
    ) -> None:
        """`loading` is that of another subject of the same submission: what it passed over stays passed over."""
        self._keeper = keeper
        self.loading = loading or Loading(source, patience.statement_seconds, patience.total_seconds)
        self._patience = patience
        self._plan = plan or Plan()
        self._clock = Clock(patience, self.loading, self._plan)
        self._received = 0
        self._child: Child | None = None
        self._successor = Successor(keeper)
        self._born = 0  # counts children, so that a test notices that its objects are gone
        self._item = 0
        self._asked: list[ops.Batch] = []  # what the current test has asked so far
        self._planned = True  # whether all of it was as planned
        self._asked_of = 0  # the child that answered it last
        self._lost_before = 0  # losses when the current test began
        self._coming: deque[tuple[int, int]] = deque()  # the plan's (item, index) whose answers come next
        self._answers: dict[tuple[int, int], tuple[int, bytes]] = {}  # with the child that gave them
        self._lost: dict[int, SubjectLost] = {}  # items that the child did not survive
        self._hangs = Hangs(self._plan)
        self._killed: set[int] = set()  # items whose child was killed once already
        self.losses: list[SubjectLost] = []

    def load(self) -> ops.Loaded:
        """Start a child and load the source. Raises SubjectLost."""
        return self._start(range(len(self._plan)))

    def start_item(self, number: int) -> None:
        """Say which test asks from now on."""
        self._item, self._asked, self._planned, self._asked_of = number, [], True, self._born
        self._lost_before = len(self.losses)

    def transcript(self) -> dict[tuple[int, int], bytes]:
        """What was answered to each (item, index) of the plan, as bytes, whether a test looked at it or not."""
        while self._coming:
            self._read_planned()
        return {position: data for position, (_, data) in self._answers.items()}

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        """The answers to a batch, from the plan's stream where the plan has it; raises SubjectLost."""
        index = len(self._asked)
        self._asked.append(batch)
        if self._planned and self._plan.holds(self._item, index, batch):
            return self._from_stream(self._item, index)
        self._planned = False
        return self._live()

    def ask_all(self, batches: Sequence[ops.Message]) -> list[Sequence[ops.Answer] | None]:
        """The answers to batches that need nothing of earlier ones; None from the first loss on.

        Raises SubjectLost, of the kind "killed" only.
        """
        return self._once_more(lambda: self._ask_all(batches))

    def _ask_all(self, batches: Sequence[ops.Message]) -> list[Sequence[ops.Answer] | None]:
        answers: list[Sequence[ops.Answer] | None] = []
        coming = iter(batches)
        try:
            if self._child is None:
                self._start([])
            assert self._child is not None
            for batch in itertools.islice(coming, AHEAD):
                self._child.send(wire.encode_batch(batch))
            while len(answers) < len(batches):
                answers.append(wire.decode_answers(self._receive()))
                for batch in itertools.islice(coming, 1):
                    self._child.send(wire.encode_batch(batch))
        except (SubjectLost, wire.WireError) as lost:
            if isinstance(lost, SubjectLost) and lost.kind == "killed":
                raise
            answers += [None] * (len(batches) - len(answers))  # what came before a loss stays
        return answers

    def close(self) -> None:
        """End the child, if there is one."""
        self._successor.end()
        self._end_child()

    def _end_child(self) -> None:
        if self._child is not None:
            self._keeper.end(self._child)
            self._child = None

    def answer(self, item: int, index: int) -> bytes | None:
        """The bytes of the answer to what the plan asks at this place, waited for; None where it was lost."""
        while (item, index) not in self._answers:
            if item in self._lost:
                return None
            self._read_planned()
        return self._answers[item, index][1]

    @property
    def as_planned(self) -> int | None:
        """How much the current test has asked so far; None where some of it is not in the plan, or was lost."""
        lost = self._item in self._lost or len(self.losses) != self._lost_before
        return len(self._asked) if self._planned and not lost else None

    def _from_stream(self, item: int, index: int) -> Sequence[ops.Answer]:
        if self.answer(item, index) is None:
            raise self._lost[item]
        self._asked_of, data = self._answers[item, index]
        try:
            return wire.decode_answers(data)
        except wire.WireError:
            raise self._note(SubjectLost("crashed", BAD_ANSWER)) from None

    def _read_planned(self) -> None:
        """Take the next answer off the stream; notes the item as lost, and starts a fresh child, when none comes."""
        item, index = self._coming[0]
        try:
            data = self._receive(following=lambda seconds: self._if_it_hangs(item, seconds))
            self._answers[item, index] = (self._born, data)
        except SubjectLost as lost:
            if lost.kind == "killed" and item not in self._killed and self._clock.has_time:
                self._killed.add(item)
                self._start_with([item, *range(item + 1, len(self._plan))])
            else:
                self._note(lost)
                self._lost[item] = lost
                self._start_after(item, lost)
        else:
            self._coming.popleft()

    def _start_after(self, item: int, lost: SubjectLost) -> None:
        """A fresh child for the items after a lost one; when even its loading fails, all the rest is lost."""
        if lost.kind == "timeout":
            self._hangs.count(item)
        self._lost = {**self._clock.over(item), **self._hangs.given_up(item), **self._lost}
        self._start_with(range(item + 1, len(self._plan)))

    def _if_it_hangs(self, item: int, seconds: float) -> bytes:
        """What a child will be asked first if no answer comes to this test; empty where there will be none."""
        lost = {**self._hangs.given_up(item, one_more=True), **self._lost}
        later = [number for number in range(item + 1, len(self._plan)) if number not in lost]
        return copy.copy(self.loading).request(later) if seconds < self._clock.left else b""

    def _start_with(self, items: Sequence[int]) -> None:
        """A fresh child for these items; when even its loading fails, all of them are lost."""
        items = [item for item in items if item not in self._lost]
        try:
            self._start(items)
        except SubjectLost as again:
            self._coming.clear()
            for item in items:
                self._lost.setdefault(item, again)

    def _live(self) -> Sequence[ops.Answer]:
        while self._coming:
            self._read_planned()
        if self._item in self._lost:
            raise self._lost[self._item]
        return self._once_more(self._ask_live)

    def _ask_live(self) -> Sequence[ops.Answer]:
        if self._child is None:
            self._start([])
        before = self._asked[:-1] if self._asked_of != self._born else []
        self._asked_of = self._born
        assert self._child is not None
        for earlier in before:  # a fresh child has none of this test's objects: make them again
            self._child.send(wire.encode_batch(earlier))
            self._receive()
        self._child.send(wire.encode_batch(self._asked[-1]))
        try:
            return wire.decode_answers(self._receive())
        except wire.WireError:
            raise self._note(SubjectLost("crashed", BAD_ANSWER)) from None

    def _start(self, items: Sequence[int]) -> ops.Loaded:
        """A fresh child that has loaded the source and works through these items of the plan."""
        return self._once_more(lambda: self._start_children(items))

    def _start_children(self, items: Sequence[int]) -> ops.Loaded:
        """Start children until one has loaded the source: what another one hung at, or died of, is passed over.

        Raises SubjectLost.
        """
        while True:
            self._end_child()
            if not self._clock.has_time:
                raise self._note(SubjectLost("timeout", TIME_IS_UP))
            self._child = self._successor.or_fresh(self.loading.request(items))
            self._born += 1
            try:
                loaded = self._load_report(items)
            except SubjectLost as lost:
                if lost.kind == "killed" or not self.loading.pass_over(lost):
                    raise
                self.losses = [other for other in self.losses if other is not lost]  # it is no loss of a test
            else:
                self._coming = deque(self._plan.positions(items))
                return loaded

    def _load_report(self, items: Sequence[int]) -> ops.Loaded:
        """The child's word that it has loaded the source; until then it says which statement it begins."""
        while True:
            data = self._receive(loading=True, following=partial(self.loading.if_it_hangs, items))
            try:
                report = wire.decode_loading(data)
            except wire.WireError:
                raise self._lose("crashed", BAD_ANSWER) from None
            if isinstance(report, ops.Loaded):
                return self.loading.done(report)
            self.loading.begins(report)
            self._clock.charge(STEP_SECONDS)  # or a child that never stops talking would come to no end
            if self._clock.is_up:
                raise self._lose("timeout", "")

    def _receive(self, loading: bool = False, following: Callable[[float], bytes] | None = None) -> bytes:
        """The child's next message; one that has none is ended. `following`: see Successor. Raises SubjectLost."""
        child = self._child
        if child is None:
            raise SubjectLost("crashed", "its process is gone")
        try:
            data = self._next_message(child, loading, following)
        except TimeoutError:
            raise self._lose("timeout", "") from None
        except (EOFError, wire.WireError) as error:
            raise self._lose("crashed", BAD_ANSWER if isinstance(error, wire.WireError) else "") from None
        self._received += len(data)
        if self._received > BUDGET:
            raise self._lose("crashed", TOO_MUCH)
        return data

    def _next_message(self, child: Child, loading: bool, following: Callable[[float], bytes] | None) -> bytes:
        """What comes next; the submission is charged for what is waited for. Raises as `Child.receive`."""
        if not loading and (data := child.at_hand()) is not None:
            return data
        seconds = self.loading.patience() if loading else self._patience.call_seconds
        if self.loading.loaded is not None:
            seconds = min(seconds, self._clock.left)
        try:
            data = child.receive(seconds, self._successor.beside(seconds, following))
        finally:
            # Time in which the machine was busy with others is not charged: a full machine must change no verdict.
            item = self._coming[0][0] if self._coming and not loading else None
            self._clock.charge(min(child.waited, seconds), item)
        self._successor.end()  # it was not needed
        return data

    def _lose(self, kind: LostKind, detail: str) -> SubjectLost:
        if self._child is not None:
            stopped = self._child.is_stopped
            usage = self._keeper.end(self._child)
            self._child = None
            if (by_others := killed(kind, usage, stopped)) is not None:
                return by_others
            detail = detail or (how_it_ended(usage["status"]) if kind == "crashed" else "")
        return self._note(SubjectLost(kind, detail))

    def _once_more(self, act: Callable[[], _T]) -> _T:
        """What `act` gives, tried a second time when its child was killed from outside. Raises SubjectLost."""
        try:
            return act()
        except SubjectLost as lost:
            if lost.kind != "killed" or lost in self.losses:
                raise
            if not self._clock.has_time:
                raise self._note(lost) from None
        try:
            return act()
        except SubjectLost as lost:
            raise self._note(lost) from None

    def _note(self, lost: SubjectLost) -> SubjectLost:
        if lost not in self.losses:
            self.losses.append(lost)
        return lost
