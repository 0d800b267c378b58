"""Results in the formats of other systems: one module for each, found by its name.

    base        what every format shares: options, a test with its cases together, finding students on a roster
    gradescope, classroom50, junit, github, canvas, moodle, csv …      the formats

A format `f` is the module `grader/export/f.py`; there is no list to add it to. It has a docstring, whose first line is
what `grader export --help` and errors call it, and a function

    export(graded: grader.run.store.GradedClass, options: grader.export.base.ExportOptions)
        -> str | bytes | Iterable[str] | None

It gives what is to be written to `--to` (or to standard output), a large class in pieces, or None when it has written
everything itself, to `options.to`. `graded.results` are read when they are looked at: a format goes through them one
after the other, and keeps none. By then `graded` holds no one who is not_graded, and no one who was to be left out; so
a format never has to think of a missing score. With `TAKES_EXCUSED = True` it is given those who are excused as well,
who have none. With `FOR_STUDENTS = True`, because students read what it writes, it is given the total alone of those
who are told no more (`withheld`). What a person should know although it is no error (by what scores were scaled, who is
not on the roster) goes to `options.say`; `options.incomplete` says the same and makes the exit status 1. What is wrong
with options or roster is a UsageError.

Names that begin with an underscore, and `base`, are no formats. A module is imported only when its format is asked for.
"""

from __future__ import annotations

import importlib
import pkgutil
import shlex
from collections.abc import Iterable
from dataclasses import replace
from types import ModuleType
from typing import cast

from grader import adjustments
from grader.errors import GraderError, UsageError
from grader.export._places import pieces, refuse_needed, write
from grader.export.base import ExportOptions
from grader.full_answers import total_alone
from grader.lazy_sequences import each, where
from grader.roster import with_members
from grader.run.store import GradedClass
from grader.text import clean, near

__all__ = ["export", "formats", "pieces", "write"]

_NO_FORMATS = {"base"}


def formats() -> list[str]:
    """The names of all formats there are."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if name not in _NO_FORMATS and not name.startswith("_"))


def export(graded: GradedClass, format_: str, options: ExportOptions) -> str | bytes | Iterable[str] | None:
    """`graded` in a format; None when the format has written it itself.

    Raises GraderError while anyone is not_graded and not left out, UsageError for a format or a student that there
    is none of, and where `options.to` is a file that it would destroy.
    """
    module = _module(format_)
    if options.to is not None:
        refuse_needed(options.to, graded.path.parent, options.roster)
    graded = _selected(graded, options)
    graded = replace(graded, results=with_members(graded.results, options.roster))
    if graded.missing:
        raise _refusal(graded)
    if getattr(module, "FOR_STUDENTS", False):
        graded = replace(graded, results=each(graded.results, total_alone))
    if not getattr(module, "TAKES_EXCUSED", False):
        graded = _without_excused(graded, options)
    return cast("str | bytes | Iterable[str] | None", module.export(graded, options))


def _module(format_: str) -> ModuleType:
    if format_ not in formats():
        raise UsageError(
            f"There is no format {clean(format_, 40)!r}.", next_step=f"Formats: {', '.join(formats())}"
        )
    return importlib.import_module(f"{__name__}.{format_}")


def _selected(graded: GradedClass, options: ExportOptions) -> GradedClass:
    """The class without those who are to be left out, or the one student who is wanted."""
    named = {*options.leave_out, *([options.student] if options.student else [])}
    if not named:
        return graded
    unknown = sorted(named - {result.student for result in graded.results})
    if unknown:
        raise UsageError(
            f"{graded.path} has no student {', '.join(repr(clean(name, 60)) for name in unknown)}.",
            next_step=near(unknown[0], [result.student for result in graded.results]),
        )
    left_out = frozenset(options.leave_out)
    results = where(
        graded.results,
        lambda result: result.student not in left_out and options.student in ("", result.student),
    )
    if graded.results and not results:
        raise UsageError(
            f"Nobody of {graded.path} is left to export.", next_step="Leave out fewer: --leave-out STUDENT"
        )
    return replace(graded, results=results)


def _without_excused(graded: GradedClass, options: ExportOptions) -> GradedClass:
    """The class without those who are excused: most systems have no word for it, and a score would be wrong."""
    excused = [clean(result.student, 60) for result in graded.results if result.excused]
    if not excused:
        return graded
    if len(excused) == len(graded.results):
        raise UsageError(
            f"{', '.join(excused)}: excused, so there is no score to export.",
            next_step=f"Excuses are in {graded.path.parent / adjustments.FILE}. Canvas takes them: --format canvas",
        )
    options.say(f"Excused, and left out: {', '.join(excused)}.")
    return replace(graded, results=where(graded.results, lambda result: not result.excused))


def _refusal(graded: GradedClass) -> GraderError:
    names = [clean(result.student, 60) for result in graded.missing]
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return GraderError(
        f"{len(names)} in {graded.path} could not be graded, so nothing is exported: {', '.join(names[:10])}{more}.",
        next_step="Grade again (what is graded already is kept): grader grade SUBMISSIONS"
        f" --assignment {graded.assignment} --out {graded.path.parent}\n"
        f"Or export without them: --leave-out {_quoted(graded.missing[0].student)}"
        f"{' …' if len(names) > 1 else ''}",
    )


def _quoted(name: str) -> str:
    return shlex.quote(clean(name, 60))
