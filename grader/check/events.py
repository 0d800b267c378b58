"""What the process of a student's file tells, put together: also over the processes that follow one that was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.check import guide
from grader.check.perform import SYNTAX
from grader.check.report import CheckOutcome
from grader.errors import MachineryError, UsageError
from grader.messages import not_run
from grader.records import Chunk
from grader.subject import operations as ops
from grader.subject.statements import Place, Statement, numbered, optional_decorators
from grader.text import clean

MOST_PASSED = 24  # statements that hang or end their process, before the file as a whole cannot be loaded
MOST_LOSSES = 3  # hangs and crashes, before the rest is not tried any more


class Events:
    """What became of each check so far; `goes_on` says whether another process is to try the rest."""

    def __init__(
        self, sentences: Mapping[str, str], hints: guide.Guide, files: Sequence[Chunk], seconds: float
    ) -> None:
        self.sentences, self.known = sentences, hints
        self.passed: dict[Place, not_run.PassedStatement] = {}  # statements that were passed over
        self.lost: list[Place] = []  # of these, those that hung or ended their process
        self.bare: list[Place] = []  # definitions whose decorators did, and that are made without these
        self._files, self._seconds = files, seconds
        self._numbered: dict[int, dict[int, Statement]] = {}
        self.outcomes: dict[str, CheckOutcome] = {}
        self.watched: dict[str, set[str]] = {}  # names of libraries that were called -> by which exercises
        self.loading: list[CheckOutcome] = []
        self.goes_on = True
        self._losses = 0
        self._start()

    def _start(self) -> None:
        self._loaded, self._done, self._busy = False, False, ""
        self._hang: tuple[Any, ...] | None = None
        self._at: Place | None = None  # the statement that the process began last

    def on(self, event: Mapping[str, Any]) -> None:
        """Take one event. Raises UsageError for checks that cannot be loaded, MachineryError for a fault of ours."""
        kind = event["event"]
        if kind == "statement":
            self._at = (event["place"][0], event["place"][1])
        elif kind == "loaded":
            self._loaded = True
            self.loading = []
            self.passed = {place: self.passed[place] for place in (*self.bare, *self.lost)}
            for failure in event["failures"]:
                self._on_failure(failure)
        elif kind == "begin":
            self._busy = event["check"]
        elif kind == "end":
            self.outcomes[self._busy] = _outcome(self._busy, self.sentences.get(self._busy, ""), event)
            entry = self.known.checks.get(self._busy)
            for name in event.get("watched", ()):
                self.watched.setdefault(name, set()).update([entry.exercise] if entry else [])
            self._busy = ""
        elif kind == "broken":
            place = f", line {event['check_line']}" if event["check_line"] else ""
            raise UsageError(
                f"The visible checks cannot be loaded{place}: {event['kind']}: {event['text']}",
                next_step="Put back test_….py as you were given it, and install what it needs: "
                "python -m pip install -r requirements.txt",
            )
        elif kind == "hang":
            self._hang = tuple(tuple(frame) for frame in event["frames"])
        elif kind == "fault":
            raise MachineryError(f"The checks could not be run: {event['text'].strip().splitlines()[-1]}")
        elif kind == "done":
            self._done = True
        elif kind == "ended":
            self._on_end(event)

    def _on_failure(self, failure: Mapping[str, Any]) -> None:
        """A statement was passed over; in a .py file one that does not compile keeps all of it from loading."""
        place = (failure["place"][0], failure["place"][1])
        if failure["kind"] == SYNTAX and not self._files[place[0]].label:
            self.loading.append(_outcome("", "", {**failure, "kind": "SyntaxError"}))
            return
        raised = not_run.of_decorator(ops.Raised(failure["kind"], failure["text"], "load"))
        text, kind = clean(raised.text, 300), clean(raised.kind, 60)
        self._pass_over(place, failure["kind"], failure["text"], f"{kind}: {text}" if text else kind)

    def _pass_over(
        self,
        place: Place,
        kind: str,
        text: str = "",
        shown: str = "",
        seconds: float = 0.0,
        bare: bool = False,
    ) -> bool:
        """Note a statement as passed over; whether there is one at that place."""
        statement = self._statement(place)
        if statement is None:
            return False
        chunk = self._files[place[0]]
        self.passed[place] = not_run.PassedStatement(
            statement, chunk.label, chunk.source, kind, text, shown, seconds, bare
        )
        return True

    def _statement(self, place: Place) -> Statement | None:
        file, number = place
        if file not in self._numbered:
            self._numbered[file] = numbered(self._files[file].source)
        return self._numbered[file].get(number)

    def _on_end(self, event: Mapping[str, Any]) -> None:
        if self._done:
            self.goes_on = False
            return
        hung = self._hang is not None or bool(event.get("killed"))
        frames = self._hang or ()
        text = "" if hung else _how(event["status"])
        kind = "signal" if not hung and event["status"] < 0 else ""
        lost = CheckOutcome("", "", "hang" if hung else "crash", kind, text, frames)
        if not self._loaded and self._is_passed_over(hung, text):
            self._start()
            return
        if self._busy:
            name = self._busy
            self.outcomes[name] = CheckOutcome(
                name, self.sentences.get(name, ""), lost.outcome, text=text, frames=frames, entered=frames
            )
            self._skip_alike(name)
        else:
            self.loading = [lost]
        self._losses += 1
        self.goes_on = bool(self._busy) and self._losses < MOST_LOSSES
        self._start()

    def _is_passed_over(self, hung: bool, how: str) -> bool:
        """Whether the next process can leave out what this one hung at, or died of."""
        place = self._at
        statement = self._statement(place) if place is not None else None
        if place is None or statement is None or place in self.lost:
            return False
        if len(self.lost) + len(self.bare) >= MOST_PASSED:
            return False
        bare = place not in self.bare and bool(optional_decorators(statement.node))
        cause = "" if how.startswith("status") else how
        self._pass_over(place, "timeout" if hung else "crashed", "", cause, self._seconds, bare)
        (self.bare if bare else self.lost).append(place)
        return True

    def _skip_alike(self, lost: str) -> None:
        """The other checks of a function that hangs would most likely hang as well: nobody waits for them."""
        entry = self.known.checks.get(lost)
        for name, sentence in self.sentences.items():
            other = self.known.checks.get(name)
            if entry and other and other.exercise == entry.exercise and name not in self.outcomes:
                self.outcomes[name] = CheckOutcome(name, sentence, "skipped")


def _outcome(name: str, sentence: str, event: Mapping[str, Any]) -> CheckOutcome:
    return CheckOutcome(
        name,
        sentence,
        event["outcome"],
        kind=event.get("kind", ""),
        text=event.get("text", ""),
        frames=tuple(tuple(frame) for frame in event.get("frames", ())),
        entered=tuple(tuple(frame) for frame in event.get("entered", ())),
        line=event.get("check_line", 0),
        shapes=tuple((shape[0], tuple(shape[1])) for shape in event.get("shapes", ())),
        compared=tuple(event.get("compared", ())),
        bare=event.get("bare", False),
        nothing=event.get("nothing", False),
        printed=event.get("printed", ""),
    )


def _how(status: int) -> str:
    """How a process ended that nobody ended."""
    return f"signal {-status}" if status < 0 else f"status {status}"
