"""The archive of a whole class: who packed or downloaded it was no student, so what is wrong with it costs nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from grader.submissions.files import Item
from grader.submissions.problems import Unreadable
from grader.submissions.student_files import StudentFiles
from grader.text import clean


def of_a_class(groups: Sequence[StudentFiles], archive: str) -> list[StudentFiles]:
    """What students handed in, as it came out of a class's archive: its damages are this machine's faults."""
    return [
        replace(
            group,
            entries=tuple(replace(entry, item=_item(entry.item, archive)) for entry in group.entries),
        )
        for group in groups
    ]


def _item(item: Item, archive: str) -> Item:
    return item if item.read is None else replace(item, read=_reader(item.read, archive))


def _reader(read: Callable[[int], bytes], archive: str) -> Callable[[int], bytes]:
    def read_of_a_class(limit: int) -> bytes:
        try:
            return read(limit)
        except Unreadable as why:
            if not why.packing:
                raise
            sentence = str(why).partition(";")[0].rstrip(".")
            raise Unreadable(
                f"{sentence}; get {clean(archive, 80)} again, or unpack it and name the folder.", fault=True
            ) from None

    return read_of_a_class
