"""What archives hold, as `Item`s: no path leads out, none is without end, and nobody's folder is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.submissions.files import Item, refuse
from grader.submissions.junk import junk
from grader.text import clean

MOST_ENTRIES = 2000  # in a student's archive
MOST_ENTRIES_CLASS = 200_000
STUDENT_ARCHIVE = 50_000_000  # bytes of a student's archive
ONLY = "only the file that was asked for."
_LONGEST = 1000  # characters of a path, and no more steps than
_MOST_STEPS = 20


@dataclass(frozen=True)
class PackedEntry:
    """An entry of an archive: its path as it is written there, and what makes the item that lies at given parts."""

    path: str
    folder: bool
    item: Callable[[tuple[str, ...]], Item]


def placed(entries: Iterable[PackedEntry], archive: str, prefix: tuple[str, ...], kind: str) -> list[Item]:
    """The items of an archive, of the `kind` "zip" or another, that lies at `prefix` and is called `shown`."""
    files: list[Item] = []
    folders: list[tuple[str, ...]] = []
    passed: dict[tuple[str, ...], Item] = {}
    for entry in entries:
        path = entry.path.replace("\\", "/")  # some tools write Windows separators
        steps = [step for step in path.split("/") if step not in ("", ".")]
        outside = ".." in steps or path.startswith("/") or (bool(steps) and steps[0][1:2] == ":")
        steps = [step for step in steps if step != ".."]
        kinds = [junk(step) for step in steps]
        if any(kinds):
            place = next(place for place, kind in enumerate(kinds) if kind)
            if not outside and len(path) <= _LONGEST and place < _MOST_STEPS:
                where = (*prefix, *steps[: place + 1])
                passed[where] = Item(where, None, passed=kinds[place])
            continue
        if not steps:
            continue
        if len(path) > _LONGEST or len(steps) > _MOST_STEPS:
            verb = "zip" if kind == "zip" else "pack"
            sentence = f"{archive} holds a path of {len(path)} characters; {verb} {ONLY}"
            files.append(refuse((*prefix, steps[0][:100], "…"), sentence))
            continue
        where = (*prefix, *steps)
        if outside:
            fault = f"holds a path that leads out of it ({clean(path, 80)})"
            files.append(refuse(where, f"{archive} {fault}; make the {kind} again.", packing=True))
        elif entry.folder:
            folders.append(where)
        else:
            files.append(entry.item(where))
    # Only folders with nothing in them count: an empty folder of a student must not go unnoticed.
    files += passed.values()
    inner = {item.parts[:depth] for item in files for depth in range(len(item.parts))}
    inner |= {folder[:depth] for folder in folders for depth in range(len(folder))}
    files += [Item(folder, None) for folder in folders if folder not in inner]
    return sorted(files, key=lambda item: (len(item.parts), item.parts))
