"""THE MAIN PATH of `grader check`: one look at the student's file, from the file to a `Report`.

The file is read here and sent to the process that runs it, so a report is about the version that was read and no
other. A check that hangs or ends its process is one outcome among others; the checks after it run in a new process.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.check import folder, guide
from grader.check.perform import SYNTAX, plain_checks
from grader.check.process import Runner
from grader.errors import MachineryError, UsageError
from grader.messages import passed
from grader.records import Chunk, PassedOver
from grader.subject import operations as ops
from grader.subject.loader import Place
from grader.subject.statements import Statement, numbered, optional_decorators
from grader.text import clean

MOST_PASSED = 24  # statements that hang or end their process, before the file as a whole cannot be loaded
MOST_LOSSES = 3  # hangs and crashes, before the rest is not tried any more
LIMIT_SECONDS = 10.0


@dataclass(frozen=True)
class Outcome:
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
    were left out so that the checks could be tried; `notes` say so.
    """

    name: str
    file: str
    path: Path
    chunks: tuple[Chunk, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""
    loading: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()
    guide: guide.Guide = field(default_factory=guide.Guide)
    checks: str = ""
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def is_notebook(self) -> bool:
        """Whether the student's file is a notebook; its chunks come before those of other files."""
        return bool(self.chunks) and bool(self.chunks[0].label)

    @property
    def all_right(self) -> bool:
        """Whether every visible check passes."""
        return bool(self.outcomes) and all(one.outcome == "passed" for one in self.outcomes)

    @property
    def first(self) -> Outcome | None:
        """What to put right first: a fault before what is not written yet, and in the order of the checks."""
        if self.loading and not self.outcomes:
            return self.loading[0]
        open_ = [one for one in self.outcomes if one.outcome != "passed"]
        faults = [one for one in open_ if one.outcome not in ("todo", "skipped")]
        return next(iter(faults or open_), None)


def open_runner(exercise: folder.Exercise, warm: bool = False, **options: Any) -> Runner:
    """A runner that has loaded what the checks of this exercise import."""
    return Runner(folder.needed(_read(exercise.checks), exercise), warm, **options)


def look(
    exercise: folder.Exercise,
    runner: Runner,
    limit: float = LIMIT_SECONDS,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Read the student's file and the checks as they are now, run them, and report.

    `limit` is in seconds, for loading the file and for each check. Raises UsageError when a file is gone,
    MachineryError when no process can be had, and Superseded as soon as `stop` is true.
    """
    work = folder.look(exercise)
    checks = _read(exercise.checks)
    known = guide.read(exercise.folder / guide.NAME)
    notes = (*work.notes, *([known.problem] if known.problem else ()))
    files = (*work.chunks, *work.modules)
    report = Report(exercise.name, work.file, work.path, files, notes=notes, guide=known, checks=checks)
    if work.problem:
        return _with(report, problem=work.problem)
    report = _with(report, notes=(*notes, *_to_hand_in(work, known)))
    sentences = _sentences(checks, exercise.checks)
    # As long as grading gives a statement; longer where the student says that the machine is slow.
    seconds = known.grading.statement_seconds * max(1.0, limit / LIMIT_SECONDS)
    run = _Run(sentences, known, (*work.chunks, *work.modules), seconds)
    while run.goes_on:
        request = {
            "name": exercise.name,
            "folder": str(exercise.folder),
            "file": str(work.path),
            "chunks": [(chunk.source, chunk.label) for chunk in work.chunks],
            "modules": [(chunk.source, chunk.label) for chunk in work.modules],
            "allowed": list(known.grading.modules),
            "given": {},  # they lie beside the student's file, and come with its modules
            "passed": run.lost,
            "bare": run.bare,
            "statement_seconds": seconds,
            "checks": checks,
            "checks_file": str(exercise.checks),
            "skip": list(run.outcomes),
            "limit": limit,
        }
        for event in runner.run(request, limit, stop):
            run.on(event)
    outcomes = tuple(
        run.outcomes.get(name) or Outcome(name, said, "skipped") for name, said in sentences.items()
    )
    if run.loading and not run.outcomes:
        outcomes = ()
    over = passed.records(run.passed[place] for place in sorted(run.passed))
    return _with(
        report,
        outcomes=outcomes,
        loading=tuple(run.loading),
        passed_over=over,
        notes=(*report.notes, *passed.notes(over)),
    )


class _Run:
    """The events of a run, and of those that follow a loss, put together."""

    def __init__(
        self, sentences: Mapping[str, str], known: guide.Guide, files: Sequence[Chunk], seconds: float
    ) -> None:
        self.sentences, self.known = sentences, known
        self.passed: dict[Place, passed.Failure] = {}  # statements that were passed over
        self.lost: list[Place] = []  # of these, those that hung or ended their process
        self.bare: list[Place] = []  # definitions whose decorators did, and that are made without these
        self._files, self._seconds = files, seconds
        self._numbered: dict[int, dict[int, Statement]] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.loading: list[Outcome] = []
        self.goes_on = True
        self._losses = 0
        self._start()

    def _start(self) -> None:
        self._loaded, self._done, self._busy = False, False, ""
        self._hang: tuple[Any, ...] | None = None
        self._at: Place | None = None  # the statement that the process began last

    def on(self, event: Mapping[str, Any]) -> None:
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
        raised = passed.of_decorator(ops.Raised(failure["kind"], failure["text"], "load"))
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
        self.passed[place] = passed.Failure(
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
        lost = Outcome("", "", "hang" if hung else "crash", kind, text, frames)
        if not self._loaded and self._is_passed_over(hung, text):
            self._start()
            return
        if self._busy:
            name = self._busy
            self.outcomes[name] = Outcome(
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
        shown = "" if how.startswith("status") else how
        self._pass_over(place, "timeout" if hung else "crashed", "", shown, self._seconds, bare)
        (self.bare if bare else self.lost).append(place)
        return True

    def _skip_alike(self, lost: str) -> None:
        """The other checks of a function that hangs would most likely hang as well: nobody waits for them."""
        entry = self.known.checks.get(lost)
        for name, sentence in self.sentences.items():
            other = self.known.checks.get(name)
            if entry and other and other.exercise == entry.exercise and name not in self.outcomes:
                self.outcomes[name] = Outcome(name, sentence, "skipped")


def _outcome(name: str, sentence: str, event: Mapping[str, Any]) -> Outcome:
    return Outcome(
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


def _sentences(source: str, file: Path) -> dict[str, str]:
    """Each check's sentence, in the order of the file. Raises UsageError when the file is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        raise UsageError(
            f"{file.name} has been changed and is not Python any more (line {line}).",
            next_step=f"Put back {file.name} as you were given it.",
        ) from None
    found = {
        node.name: (ast.get_docstring(node) or node.name.replace("_", " ")).strip().split("\n\n")[0]
        for node in plain_checks(tree)
    }
    if not found:
        raise UsageError(
            f"{file.name} holds no check.", next_step=f"Put back {file.name} as you were given it."
        )
    return {name: " ".join(sentence.split()) for name, sentence in found.items()}


def _to_hand_in(work: folder.Work, known: guide.Guide) -> list[str]:
    """A note on the files beside the student's one that it imports: they are to be handed in with it."""
    beside = [chunk.label for chunk in work.modules if chunk.label not in work.written]
    own = {label.partition("/")[0].removesuffix(".py"): label for label in beside}
    names = [name.partition(".")[0] for chunk in work.chunks for name in folder.imported(chunk.source)]
    names = [name for name in dict.fromkeys(names) if name in own and name not in known.grading.given]
    used = [own[name].partition("/")[0] for name in names]
    if not used:
        return []
    files = ", ".join(clean(name, 60) for name in used[:3]) + (" and others" if len(used) > 3 else "")
    return [f"{work.file} imports {files}: hand {'it' if len(used) == 1 else 'them'} in together with it."]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}.", next_step=f"Put back {path.name} as you were given it."
        ) from None


def _with(report: Report, **changes: Any) -> Report:
    return dataclasses.replace(report, **changes)
