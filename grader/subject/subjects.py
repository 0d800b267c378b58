"""Whoever answers batches of operations, and the two ways in which no answer comes.

`LocalSubject` hosts a module in this process: the reference, or an edit of it. `subject.jailed` has the other one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import CodeType
from typing import Any, Literal, Protocol, runtime_checkable

from grader.subject import operations as ops
from grader.subject.bounds import MAX_TEXT
from grader.subject.harness import ExceptionReport, Harness
from grader.text import clean, size


class StudentRaised(Exception):
    """The module under test raised; `raised` says what and where, `seen` what the harness it went through knows.

    >>> print(StudentRaised(ops.Raised("ValueError", "no such length", "call"), "birnn_forward"))
    birnn_forward: ValueError: no such length
    """

    def __init__(
        self,
        raised: ops.Raised,
        asked: str,
        weights: Mapping[str, Any] | None = None,
        seen: ExceptionReport | None = None,
    ) -> None:
        super().__init__(clean(f"{asked}: {raised.kind}: {raised.text}", 2 * MAX_TEXT))
        self.raised = raised
        self.asked = asked
        self.weights = weights or {}  # what was to be loaded, by name
        self.seen = seen

    @classmethod
    def of(
        cls, raised: ops.Raised, asked: str, weights: Mapping[str, Any] | None, harness: Harness | None
    ) -> StudentRaised:
        """What was raised when `asked` was asked for, which may be a function of the harness."""
        if harness is None or asked not in harness.functions:
            return cls(raised, asked, weights)
        seen = harness.seen(asked, raised)
        return cls(raised, seen.asked, weights, seen)


LostKind = Literal["timeout", "crashed", "killed"]
ENDED_ITSELF = "ending itself"  # a `detail`


class SubjectLost(Exception):
    """The process with the module under test is gone: `kind` is "timeout" or "crashed"; `detail` says more.

    A third kind, "killed": the machine ended it, twice, so that it is no matter of the submission.
    `asked` is the exercise that a test had asked when it was noticed; empty while the source is loaded.
    """

    def __init__(self, kind: LostKind, detail: str = "") -> None:
        super().__init__(f"{kind} {detail}".strip())
        self.kind = kind
        self.detail = detail
        self.asked = ""


def killed(kind: LostKind, usage: Mapping[str, Any], was_stopped: bool) -> SubjectLost | None:
    """The loss of a child that somebody else has stopped or killed; None where it was lost by itself.

    `usage` is what its zygote says of its end.
    """
    if kind == "timeout" and was_stopped:
        return SubjectLost("killed", "it was stopped, and nobody let it go on")
    if kind == "crashed" and usage["killed"]:
        return SubjectLost("killed", f"it held {size(usage['memory'])} of memory")
    return None


def how_it_ended(status: int) -> str:
    """Words for a wait status. Signals only: an exit status is the submission's own word."""
    signal_number = status & 0x7F
    names = {
        4: "an illegal instruction",
        7: "a bus error",
        8: "an arithmetic fault",
        11: "a segmentation fault",
    }
    names |= {
        6: "an abort",
        9: "being ended",
        24: "its processor time being used up",
        31: "a forbidden system call",
    }
    return names.get(signal_number, f"signal {signal_number}") if signal_number else ENDED_ITSELF


class Subject(Protocol):
    """Anything that answers batches."""

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        """The answers, at most one per operation. Raises SubjectLost."""


@runtime_checkable
class PlannedSubject(Protocol):
    """A subject that answers a plan ahead, and can be asked for the bytes of these answers."""

    def answer(self, item: int, index: int) -> bytes | None:
        """The answer to what the plan asks at this place; None where it was lost."""

    @property
    def as_planned(self) -> int | None:
        """How much the current test has asked so far; None where some of it is not in the plan, or was lost."""


class LocalSubject:
    """A module hosted in this process: the reference, or a mistake."""

    def __init__(self, name: str, source: str, harness: str = "") -> None:
        from grader.subject.host import Host  # torch comes with it; a proxy to a jailed module needs none

        self.host = Host(name, harness=harness)
        self.failures = self.host.load([(source, "")]).failures

    @classmethod
    def compiled(
        cls,
        name: str,
        codes: Sequence[CodeType],
        draws: int = 0,
        harness: str = "",
        names: Mapping[str, Any] | None = None,
    ) -> LocalSubject:
        """The same of a source compiled in pieces, with `names` that it has before; its exceptions have no frames.

        For `draws` see Host.
        """
        from grader.subject.host import Host

        subject = cls.__new__(cls)
        subject.host = Host(name, draws=draws, harness=harness)
        subject.host.module.__dict__.update(names or {})
        subject.failures = subject.host.execute(codes).failures
        return subject

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        """The answers of the program that was loaded into this process."""
        return self.host.run(batch)
