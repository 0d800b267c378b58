"""The roster that `export` fills in: which file it is, and what is said of those who are not found on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grader.errors import UsageError
from grader.export.base import ExportOptions
from grader.records import Result
from grader.roster import Person, Roster, find, read
from grader.run.store import GradedClass
from grader.submissions.lms import Owner


def load(options: ExportOptions, layouts: Sequence[Sequence[str]], how_to_get: str) -> Roster:
    """The roster that was named; UsageError when none was, or when it is not what the platform writes.

    `layouts` are the columns that it must have, one way or another; `how_to_get` says where the platform offers it.
    """
    step = f"{how_to_get} --roster FILE"
    if options.roster is None:
        raise UsageError("This format fills in a list that the platform has.", next_step=step)
    return read(options.roster, layouts, step)


def results_by_row(
    graded: GradedClass,
    options: ExportOptions,
    roster: Roster,
    people: Sequence[Person],
    is_number: Callable[[Owner, str], bool],
) -> Mapping[int, Result]:
    """The result of each row that has one, without its tests.

    Says who is not on the roster, which is a fault, and who on it handed nothing in, which is none. For `is_number` see
    `find`.
    """
    matches = find([result.without_details for result in graded.results], people, is_number)
    if matches.unfound:
        options.incomplete(
            f"Not found in {roster.path}, so not in the file: {'; '.join(matches.unfound)}. Enter their scores by hand,"
            " or leave them out: --leave-out NAME"
        )
    if idle := [person.display_name for person in people if person.row not in matches.rows]:
        more = f" and {len(idle) - 5} more" if len(idle) > 5 else ""
        options.say(
            f"No result for {len(idle)} on the roster: {', '.join(idle[:5])}{more}. They are left as they are."
        )
    return matches.rows


def number(text: str) -> float | None:
    """A number of points as platforms write it, with a point or a comma; None when it is none, or not above 0."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None
