"""What a look at a student's file has found, as plain facts; `grader.check.words` has the words for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from grader.check import guide
from grader.records import Chunk, PassedOver


@dataclass(frozen=True)
class CheckOutcome:
    """What became of one check, as plain facts; `grader.check.words` has the words for them.

    `outcome`: passed, failed (a wrong answer), error (the student's code raised), todo, missing (a name is not
    defined), exit, hang, crash, or skipped. `entered` and `frames` are the outermost and innermost place in the
    student's file as (cell or "", line, function); `line` is the check's own line that failed. `kind` is the class of
    an exception, or "signal" of a crash. `nothing`: what came back is None.
    """

    name: str
    sentence: str
    outcome: str
    kind: str = ""
    text: str = ""
    frames: tuple[tuple[str, int, str], ...] = ()
    entered: tuple[tuple[str, int, str], ...] = ()
    line: int = 0
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    compared: tuple[str, ...] = ()
    bare: bool = False
    nothing: bool = False
    printed: str = ""


@dataclass(frozen=True)
class Report:
    """One look. `problem` says why nothing could be run; `loading` holds why the file as a whole could not be loaded.

    `chunks` are those of the student's file, then the other files that it may import. `passed_over` are statements that
    were left out so that the checks could be tried; `notes` say so. `readme` is the text of the hand-out's README.md.
    """

    name: str
    file: str
    path: Path
    chunks: tuple[Chunk, ...] = ()
    outcomes: tuple[CheckOutcome, ...] = ()
    problem: str = ""
    loading: tuple[CheckOutcome, ...] = ()
    notes: tuple[str, ...] = ()
    guide: guide.Guide = field(default_factory=guide.Guide)
    checks: str = ""
    passed_over: tuple[PassedOver, ...] = ()
    misplaced: tuple[str, ...] = ()  # the notes on exercises that stand where nothing is run
    readme: str = ""  # what README.md beside the checks holds

    @property
    def is_notebook(self) -> bool:
        """Whether the student's file is a notebook; its chunks come before those of other files."""
        return bool(self.chunks) and bool(self.chunks[0].label)

    @property
    def all_right(self) -> bool:
        """Whether every visible check passes."""
        return bool(self.outcomes) and all(outcome.outcome == "passed" for outcome in self.outcomes)

    @property
    def first(self) -> CheckOutcome | None:
        """What to put right first: a fault before what is not written yet, and in the order of the checks."""
        if self.loading and not self.outcomes:
            return self.loading[0]
        open_ = [outcome for outcome in self.outcomes if outcome.outcome != "passed"]
        faults = [outcome for outcome in open_ if outcome.outcome not in ("todo", "skipped")]
        return next(iter(faults or open_), None)
