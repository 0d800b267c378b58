"""Results on disk: one file per student as soon as it is known, and results.json at the end, each atomically.

A result with the right key (digests.py) need not be computed again, so a run that was killed goes on where it was.
results.json keeps whoever is not in a run (earlier_results.py): only `ClassFolder.drop` takes somebody out.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from grader import adjustments, clusters, full_answers
from grader.adjustments import adjusted
from grader.errors import UsageError
from grader.lazy_sequences import LazySequence, each, where
from grader.records import SCHEMA, Result, StudentSource
from grader.run import earlier_results, sources
from grader.run.document import ENTRIES, Document, document_text, plain_json
from grader.run.earlier_results import EarlierResults, checked
from grader.run.whole import not_written, write_whole
from grader.submissions import natural_key, safe_name
from grader.text import clean

UNFINISHED = ".grading"  # in the folder while results are newer than results.json
#: What entries that something else has written raise.
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


@dataclass(frozen=True)
class GradedClass:
    """A graded class as results.json holds it. `results` are in the order of the students, and read when looked at.

    `suite` and `max_score` are those of the last run. `unfinished`: grading goes on, or was stopped, since it was
    written, so that the folder holds newer results.
    """

    path: Path
    assignment: str
    suite: str
    max_score: float
    results: Sequence[Result]
    unfinished: bool = False
    forgotten: tuple[str, ...] = ()
    """what to say of names in clusters.toml that nobody is told"""
    unadjusted: Sequence[Result] = ()
    """the results as the grader wrote them"""
    adjusted: tuple[str, ...] = ()
    """what adjustments.toml beside it has changed, in sentences"""
    dropped: Mapping[str, float] = field(default_factory=dict)
    """points by group that count for nobody, and are no part of `max_score`"""

    @cached_property
    def missing(self) -> Sequence[Result]:
        """Who could not be graded, by a fault of the machinery; whoever is excused needs no grade."""
        return where(self.results, lambda result: result.status == "not_graded" and not result.excused)

    def is_outdated(self, result: Result) -> bool:
        """Whether another version of the hidden suite has judged it than those of the last run."""
        return result.suite not in ("", self.suite)

    @cached_property
    def outdated(self) -> Sequence[Result]:
        """Who was judged by another version of the hidden suite than those of the last run."""
        return where(self.results, self.is_outdated)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a person should know who uses these results, in sentences."""
        notes = []
        again = f"grader grade SUBMISSIONS --assignment {self.assignment} --out {self.path.parent}"
        if self.unfinished:
            notes.append(
                f"{self.path} is older than some results in {self.path.parent / earlier_results.FOLDER}: grading"
                f" was stopped before its end, or goes on. To end it: {again}"
            )
        if self.outdated:
            was = "was" if len(self.outdated) == 1 else "were"
            named = ", ".join(clean(result.student, 60) for result in self.outdated[:5])
            more = f" and {len(self.outdated) - 5} more" if len(self.outdated) > 5 else ""
            notes.append(
                f"{len(self.outdated)} of {len(self.results)} {was} graded with an earlier version of the hidden tests"
                f" ({named}{more}). To bring them up to date, grade the whole class: {again}"
            )
        return (*notes, *self.forgotten)


def read(place: Path) -> GradedClass:
    """The results in a folder that `grade` wrote to (or in a results.json).

    The names that clusters.toml beside it gives are among the diagnoses, and scores are as adjustments.toml has them.
    Raises UsageError when there are no results, or when they are not of this schema, and CourseError when one of the
    two files is not as it must be.
    """
    path = place if place.suffix == ".json" and not place.is_dir() else place / "results.json"
    document = _document(path)
    head = document.head
    assignment, suite, max_score = str(head["assignment"]), str(head["suite"]), float(head["max_score"])
    results: Sequence[Result] = LazySequence(len(document), lambda at: Result.from_json(document.entry(at)))
    results = each(results, lambda result: _with_changes(result, path.parent))
    results = full_answers.with_totals_alone(path.parent, results)
    results, forgotten = clusters.with_given_names(path.parent, results)
    after = adjusted.apply(adjustments.load(path.parent), results, max_score)
    return GradedClass(
        *(path, assignment, suite, after.max_score, after.results),
        unfinished=(path.parent / UNFINISHED).exists(),
        forgotten=forgotten,
        unadjusted=results,
        adjusted=after.sentences,
        dropped=after.dropped,
    )


def read_of(place: Path, assignment: str) -> GradedClass:
    """The results in a folder, as `read` gives them; UsageError when they are those of another assignment."""
    graded = read(place)
    if graded.assignment != assignment:
        raise UsageError(
            f"{graded.path} holds the results of {clean(graded.assignment, 60)!r}, not of {assignment!r}.",
            next_step=f"Name a folder that `grade` wrote for {assignment}.",
        )
    return graded


def _document(path: Path) -> Document:
    """A results.json that `grade` wrote: each of its results is one, and nobody has two. Raises UsageError else."""
    next_step = f"Type: grader grade SUBMISSIONS --assignment A --out {path.parent}"
    counts: Counter[str] = Counter()
    faults: list[str] = []

    def look(entry: Any) -> None:
        try:
            counts[checked(Result.from_json(entry)).student] += 1
        except _MALFORMED as error:
            faults.append(str(error))

    try:
        document = Document(path, look, strict=False)
    except FileNotFoundError as error:
        begun = (path.parent / "submissions").is_dir()
        reason = "grading was stopped before its end" if begun else "nothing was graded into this folder"
        raise UsageError(f"{path} is not there: {reason}.", next_step=next_step) from error
    except (OSError, ValueError) as error:
        reason = "it is no JSON that can be read"
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
        raise UsageError(f"{path} cannot be read: {reason}.", next_step=next_step) from error
    if (schema := document.head.get("schema")) != SCHEMA:
        holds = f"{path} holds {schema or 'no results'}; expected {SCHEMA}."
        raise UsageError(holds, next_step=f"{next_step}-new")  # `grade` never overwrites it
    faults += [f"{student!r} is in it {count} times" for student, count in counts.items() if count > 1]
    if not document.has_entries:
        faults.append(f"there is no list of {ENTRIES!r}")
    try:
        _ = str(document.head["assignment"]), str(document.head["suite"]), float(document.head["max_score"])
    except _MALFORMED as error:
        faults.append(str(error))
    if faults:
        raise UsageError(f"{path} is not as `grade` writes it: {faults[0]}.", next_step=next_step)
    return document


class ClassFolder:
    """The folder of one graded class."""

    def __init__(self, folder: Path, assignment: str, suite: str, max_score: float) -> None:
        self.folder = folder
        self._assignment = assignment
        self._head = {"schema": SCHEMA, "assignment": assignment, "suite": suite, "max_score": max_score}
        self._document()
        try:
            for name in (earlier_results.FOLDER, sources.FOLDER):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"{folder} cannot be written: {error.strerror}.", next_step="Name another folder with --out."
            ) from error

    def stored(self, student: str, key: str) -> Result | None:
        """The student's earlier result if it has this key, is a grade, and its mistakes were looked for."""
        result = earlier_results.load_file(self._path(student))
        if result is None or result.student != student:
            return None  # nothing there, or nothing usable: it is graded again
        whole = result.status != "not_graded" and not result.fault
        return result if result.key == key and whole else None

    def earlier_results(self, present: Collection[str]) -> EarlierResults:
        """What stays of earlier runs beside the results of `present`. Raises UsageError as `earlier_results`."""
        return earlier_results.earlier_results(self.folder, self._assignment, present)

    def save(self, result: Result) -> None:
        """Write one student's result."""
        mark = self.folder / UNFINISHED
        with self._lock(alone=False):
            if not mark.exists():
                _write(mark, {})
            _write(self._path(result.student), {"assignment": self._assignment, **result.to_json()})

    def keep_source(self, result: Result, source: StudentSource) -> None:
        """Write the program that was graded to `result`, unless it is there."""
        if sources.kept_key(self.folder, result.student) != result.key:
            text = json.dumps(
                sources.to_json(result, source)
            )  # ASCII alone: a notebook may hold half a character
            write_whole(sources.path_of(self.folder, result.student), text + "\n")

    def count_answers(
        self, results: Sequence[Result], most: int, before: str = "", alone: bool = False
    ) -> str:
        """Write whom of `results` is told everything today, and whom the total alone (`full_answers`).

        `before` is as it was typed. Gives what to say of one student `alone` where nothing is known of earlier answers,
        and of a file of them that cannot be read.
        """
        day = full_answers.today()
        caution = full_answers.caution_of_damage(self.folder)
        if alone and not before and not caution:
            caution = full_answers.caution_of_no_count(self._assignment, most, self.folder)
        earlier = full_answers.earlier_answers(before or "0", day)
        with self._lock(alone=True):
            days = full_answers.updated_days(self.folder, results, most, day, earlier)
            write_whole(self.folder / full_answers.FILE, full_answers.document(days))
        return caution

    def finish(self, results: Sequence[Result]) -> Path:
        """Write results.json: `results`, and whoever an earlier run left; gives its path."""
        with self._lock(alone=True):
            return self._finish(results)

    def _finish(self, results: Sequence[Result]) -> Path:
        path = self.folder / earlier_results.DOCUMENT
        stays = self.earlier_results({result.student for result in results})
        if earlier_results.DOCUMENT in stays.unread:
            with contextlib.suppress(OSError):
                os.replace(path, path.with_name(f"{path.name}.broken"))
        everyone = (_without_changes(result).to_json() for result in _in_order(results, stays.results))
        write_whole(path, document_text(self._head, everyone))
        with contextlib.suppress(OSError):
            (self.folder / UNFINISHED).unlink()
        return path

    def drop(self, students: Collection[str]) -> None:
        """Take the results of some students out of the folder."""
        with self._lock(alone=True):
            self._drop(students)

    def _drop(self, students: Collection[str]) -> None:
        try:
            for student in students:
                self._path(student).unlink(missing_ok=True)
                sources.path_of(self.folder, student).unlink(missing_ok=True)
        except OSError as error:
            raise not_written(self.folder / earlier_results.FOLDER, error) from error
        document = self._document()
        if document is not None and document.has_entries:
            entries = (entry for entry in document if entry.get("student") not in students)
            write_whole(self.folder / earlier_results.DOCUMENT, document_text(document.head, entries))

    @contextlib.contextmanager
    def _lock(self, *, alone: bool) -> Iterator[None]:
        """Hold the folder for a moment, so that two runs into it never miss what the other one writes.

        Results may be written side by side; results.json is made of all of them, `alone`. A file system that has no
        locks does without: then two runs at once are for whoever starts them to avoid.
        """
        import fcntl  # not on Windows, where results are read and nobody is graded

        try:
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise not_written(self.folder, error) from error
        try:
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def _document(self) -> Document | None:
        """results.json as it is; None when there is none. Raises UsageError when it is another assignment's."""
        document, _ = earlier_results.open_document(self.folder / earlier_results.DOCUMENT)
        earlier_results.refuse_another_assignment(self.folder, document, self._assignment)
        return document

    def _path(self, student: str) -> Path:
        return self.folder / earlier_results.FOLDER / f"{safe_name(student)}.json"


def _in_order(results: Sequence[Result], others: Sequence[Result]) -> Iterator[Result]:
    """The results, with the others at the places of their students."""
    if not others:
        return iter(results)
    both = (results, others)
    # Of each only whose it is, and where: the others are on disk.
    places = [(result.student, side, at) for side in (0, 1) for at, result in enumerate(both[side])]
    places.sort(key=lambda place: natural_key(place[0]))
    return (both[side][at] for _, side, at in places)


def _without_changes(result: Result) -> Result:
    """The result without the changes that repair it: CI may show results.json to students."""
    return replace(result, repairs=tuple(replace(repair, diff="", edit=()) for repair in result.repairs))


def _with_changes(result: Result, folder: Path) -> Result:
    """The result with the changes that repair it, where the student's own file still has them."""
    if not result.repairs:
        return result
    own = earlier_results.load_file(folder / earlier_results.FOLDER / f"{safe_name(result.student)}.json")
    return result if own is None or own.key != result.key else replace(result, repairs=own.repairs)


def _write(path: Path, data: Any) -> None:
    write_whole(path, plain_json(data) + "\n")
