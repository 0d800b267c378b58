"""What `grader adjust` does: edits adjustments.toml beside results.json, keeps its comments, and says what comes of it.

A change is written only if the whole file can then be read and applied; else nothing is changed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from grader import adjustments
from grader.adjustments import adjusted
from grader.errors import CourseError, GraderError, UsageError, ValueFault
from grader.run.store import GradedClass, read
from grader.run.whole import write_whole
from grader.summary import score
from grader.text import clean, near

FILE = adjustments.FILE
#: Keys that cannot stand beside each other: what is typed now takes the others' place.
_INSTEAD = {
    "score": ("times", "add", "excused"),
    "times": ("score", "excused"),
    "add": ("score", "excused"),
    "excused": ("score", "times", "add"),
}
HEAD = """\
# What you decide beside the grader. It never writes here; `grader report` and `grader export` apply it, and show each
# change with its reason. Take the # off what you need, and put the right names in.
#
# A test of which everybody gets the points, or ("drop") which counts for nobody:
#
# [tests.{test}]
# give = "all"
# reason = "the sentence was ambiguous"
#
# One student: another score, or points added, or a factor (for late work); or no score at all (excused = true).
#
# [students.{student}]
# score = {score}
# add = 2.0
# times = 0.9
# excused = true
# more_time = 2.0                 # limits times this, when this student is graded the next time
# reason = "oral exam"            # beside what changes
# comment = "well argued"         # for the student, whether anything changes or not
"""


@dataclass(frozen=True)
class AdjustRequest:
    """What was typed: about a student or a test (not both), the keys to set, or that its entry is to be taken out."""

    folder: Path
    init: bool = False
    student: str = ""
    test: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    clear: bool = False


def run(request: AdjustRequest, say: Callable[[str], None]) -> None:
    """Carry out the command. Raises UsageError, and CourseError when the file is not as it must be."""
    path = request.folder / FILE
    if request.init:
        _init(request)
        return
    if not (request.student or request.test):
        _refuse_values(request)
        _say_every_adjustment(read(request.folder), path, say)
        return
    if request.student and request.test:
        raise UsageError(
            "--student and --test are two adjustments.", next_step="Type the command once for each of them."
        )
    if not request.values and not request.clear:
        raise UsageError(
            "Nothing is said of what is to change.",
            next_step="Add --score, --add, --times, --excuse, --more-time, --comment or --clear."
            if request.student
            else "Add --give all, --give drop or --clear.",
        )
    if request.values and request.clear:
        raise UsageError(
            "--clear takes the entry out, and the other options write into it; nothing was changed.",
            next_step="Type one of them, then the other.",
        )
    _refuse_contradiction(request)
    document = _document(path)
    if not request.clear:
        _refuse_unknown(read(request.folder), request)
    try:
        with _restored_on_error(path):
            _edit(document, request)
            write_whole(path, tomlkit.dumps(document))
            graded = read(request.folder)
    except ValueFault as error:
        raise _error_of_typed_value(error, request) from None
    _say_effect(graded, request, say)


def _error_of_typed_value(error: ValueFault, request: AdjustRequest) -> GraderError:
    """The error about a value that was typed and is not in the file; any other as it is."""
    entry = f"students.{request.student}" if request.student else f"tests.{request.test}"
    key = next((key for key in request.values if error.key == f"{entry}.{key}"), "")
    if not key:
        return error
    option = "excuse" if key == "excused" else key.replace("_", "-")
    return UsageError(
        f"--{option} is {error.found!r}; expected {error.expected}. Nothing was changed.",
        next_step=f"Type the command again with another --{option}.",
    )


def _refuse_unknown(graded: GradedClass, request: AdjustRequest) -> None:
    names = (
        {result.student for result in graded.results}
        if request.student
        else adjusted.test_names(graded.unadjusted)
    )
    name = request.student or request.test
    if name not in names:
        raise UsageError(
            f"{graded.path} has no {'student' if request.student else 'test'} {clean(name, 80)!r};"
            " nothing was changed.",
            next_step=near(name, sorted(names)),
        )


def _init(request: AdjustRequest) -> None:
    """Write a file with nothing but comments. Raises UsageError when there is one."""
    path = request.folder / FILE
    if path.exists():
        raise UsageError(f"{path} is there already; nothing was changed.", next_step=f"Edit it: {path}")
    graded = read(request.folder)
    first = next(iter(graded.results), None)
    test = next(
        (test.name.partition("[")[0] for result in graded.results for test in result.tests), "test_name"
    )
    student = tomlkit.key(first.student).as_string() if first else "name"
    write_whole(path, HEAD.format(test=test, student=student, score=f"{graded.max_score:.1f}"))
    print(f"Written to {path}: a file of comments, to be edited.")


def _refuse_contradiction(request: AdjustRequest) -> None:
    """Refuse two options of which each takes the other's place: only one of them would be kept."""
    typed = [key for key, value in request.values.items() if value is not False]
    for key in typed:
        for other in typed:
            if other in _INSTEAD.get(key, ()):
                one, two = (name.replace("excused", "excuse") for name in (key, other))
                raise UsageError(
                    f"--{one} and --{two} cannot both hold: nothing was changed.",
                    next_step="Type the one that is meant. --times and --add can be typed together.",
                )


def _refuse_values(request: AdjustRequest) -> None:
    if request.values or request.clear:
        raise UsageError("Nothing says whom it is about.", next_step="Add --student NAME, or --test NAME.")


def _say_every_adjustment(graded: GradedClass, path: Path, say: Callable[[str], None]) -> None:
    if not path.exists():
        say(f"There is no {path}. To write one: grader adjust {graded.path.parent} --init")
        return
    for sentence in graded.adjusted:
        print(clean(sentence, 900))
    if not graded.adjusted:
        print(f"{path} changes no score.")


def _document(path: Path) -> tomlkit.TOMLDocument:
    if not path.exists():
        return tomlkit.document()
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not UTF-8.", next_step=f"Save {path} as UTF-8.") from None
    except (OSError, ValueError, TOMLKitError) as error:
        raise CourseError(f"{path} is not valid TOML: {error}.", next_step=f"Correct {path}.") from error


def _edit(document: tomlkit.TOMLDocument, request: AdjustRequest) -> None:
    kind, name = ("students", request.student) if request.student else ("tests", request.test)
    if kind not in document:
        document[kind] = tomlkit.table(is_super_table=True)
    entries: Any = document[kind]
    if request.clear:
        if name not in entries:
            raise UsageError(
                f"{request.folder / FILE} has no entry for {clean(name, 60)!r}; nothing was changed.",
                next_step=near(name, sorted(entries)),
            )
        del entries[name]
        return
    if name not in entries:
        entries[name] = tomlkit.table()
    for key, value in request.values.items():
        if value is False:  # what is not so needs no line
            entries[name].pop(key, None)
            continue
        for other in _INSTEAD.get(key, ()):
            entries[name].pop(other, None)
        entries[name][key] = value


@contextlib.contextmanager
def _restored_on_error(path: Path) -> Iterator[None]:
    """Put the file back as it was when what is done with it raises."""
    before = path.read_bytes() if path.exists() else None
    try:
        yield
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        elif path.read_bytes() != before:  # on a full disk, what is there is better left alone
            path.write_bytes(before)
        raise


def _say_effect(graded: GradedClass, request: AdjustRequest, say: Callable[[str], None]) -> None:
    """What came of it: the sentence on the page, and whose scores are others than the grader's."""
    path = graded.path.parent / FILE
    changed = [
        (before, after)
        for before, after in zip(graded.unadjusted, graded.results, strict=True)
        if (before.score, before.max_score) != (after.score, after.max_score)
        and request.student in ("", after.student)
    ]
    for before, after in changed[:5]:
        print(f"{clean(after.student, 60)}: {score(before)} → {'excused' if after.excused else score(after)}")
    if len(changed) > 5:
        print(f"and {len(changed) - 5} more")
    beyond = [after for _, after in changed if not after.excused and (after.score or 0) > after.max_score]
    if beyond:
        whose = clean(beyond[0].student, 60) + (f" and {len(beyond) - 1} more" if len(beyond) > 1 else "")
        say(
            f"More points than there are: {whose}. If it is no bonus, type the command again with another number."
        )
    if not changed and request.clear:
        print(f"{'The score is' if request.student else 'Every score is'} as it was graded.")
    elif not changed:
        print("No score changes.")
    if "more_time" in request.values:
        say("More time counts from the next grading on: type the same `grader grade` again.")
    say(f"Written to {path}. To see it: grader report {graded.path.parent}")
