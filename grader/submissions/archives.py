"""A student's archive → its files, by what it is and not by what it is called."""

from __future__ import annotations

from grader.submissions import tars, zips
from grader.submissions.files import Item


def student_items(data: bytes, name: str, parts: tuple[str, ...]) -> list[Item]:
    """The items of a student's own archive, which lies at `parts`. Raises Unreadable where it cannot be opened."""
    if tars.is_tar(data) or (not name.casefold().endswith(".zip") and not data.startswith(b"PK")):
        return tars.student_items(data, name, parts)
    return zips.student_items(data, name, parts)
