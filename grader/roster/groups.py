"""Who is in a group that handed in together on Moodle: its downloads name the group alone, its worksheet has a column.

So whatever is made with that worksheet as `--roster` reaches every member. Gradescope's downloads name the members
themselves (`Result.members`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import UsageError
from grader.lazy_sequences import each
from grader.records import Member, Result
from grader.roster.people import letters
from grader.roster.table import read

_NUMBER = re.compile(r"\s*\(\d+\)\Z")  # as groups of one name are told apart
_COLUMNS = ("Identifier", "Full name", "Group")


def with_members(results: Sequence[Result], path: Path | None) -> Sequence[Result]:
    """The results with the members of Moodle's groups; as they are where `path` is no worksheet with groups.

    Raises UsageError where it cannot be read at all: formats that need no roster look at it nowhere else.
    """
    if path is None:
        return results
    try:
        path.open("rb").close()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}.",
            next_step="Name what Canvas or Moodle exported, and then: --roster FILE",
        ) from error
    try:
        roster = read(path, [_COLUMNS], "")
    except UsageError:
        return results  # another list: a format that needs one says what is wrong with it
    groups: dict[str, list[Member]] = defaultdict(list)
    for row in range(len(roster.rows)):
        sid = roster.cell(row, "ID number") or roster.cell(row, "Username")
        member = Member(roster.cell(row, "Full name"), sid, roster.cell(row, "Email address"))
        groups[letters(roster.cell(row, "Group"))].append(member)
    return each(results, lambda result: _with(result, groups))


def _with(result: Result, groups: dict[str, list[Member]]) -> Result:
    name = letters(_NUMBER.sub("", result.student))
    if result.members or not is_of_moodle(result.file) or not name or name not in groups:
        return result
    return replace(result, members=tuple(groups[name]))


def is_of_moodle(file: str) -> bool:
    """Whether the path of what was handed in is as Moodle's downloads name it."""
    return "_assignsubmission_" in file
