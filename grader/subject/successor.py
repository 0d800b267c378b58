"""The child that goes on where another one is lost, started while that one may still answer.

What hangs is waited for as long as it was promised. Meanwhile it is known what a fresh child will be asked if nothing
comes, so that one begins when half of the time is over. If the answer comes, it is ended and nothing of it is looked
at; a verdict is the same with and without it. Only where several workers share the machine anyway: one submission alone
is never slowed down by a second child of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.subject.keeper import Keeper
from grader.subject.stream import Child

LEAST = 0.5  # seconds without an answer, before which none is started


class Successor:
    """At most one child of a zygote's, and what it was asked. `end` it at the end."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._child: Child | None = None
        self._request: bytes | None = None  # None: not decided yet; empty: there is to be none

    def beside(
        self, seconds: float, following: Callable[[float], bytes] | None
    ) -> Callable[[float], Child | None] | None:
        """For `Child.receive`: what starts a child, in time, that is asked what `following` gives for these seconds."""
        if following is None or not self._keeper.is_pinned:
            return None

        def started(over: float) -> Child | None:
            if self._request is None and over >= max(seconds / 2, LEAST):
                self._request = following(seconds)
                if self._request:
                    self._child = self._keeper.fork(anywhere=True)
                    self._child.send(self._request)
                    self._child.watch()
            return self._child

        return started

    def or_fresh(self, request: bytes) -> Child:
        """A child that is asked this: the one that has begun with just that, or a fresh one."""
        if self._child is not None and self._request == request:
            child, self._child = self._child, None
        else:
            child = self._keeper.fork()
            child.send(request)
        self.end()
        return child

    def end(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._keeper.end(self._child)
        self._child = self._request = None
