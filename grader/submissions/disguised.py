"""Files whose names say something else than what they hold: an archive called `rnn.py`, a program called `rnn.zip`.

Looked for only where the files as they are named hold no work.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import suppress

from grader.submissions.choice import WORK, worth
from grader.submissions.contents import ARCHIVES, kind_of_data
from grader.submissions.filenames import is_archive, is_document, is_link, is_named, is_packed, without_ending
from grader.submissions.handout import Handout
from grader.submissions.notebooks import looks_like_notebook
from grader.submissions.packed import STUDENT_ARCHIVE
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import decode
from grader.submissions.reading import read
from grader.submissions.student_files import HandedInFile
from grader.text import clean

_MOST = 10  # files that are looked into


def as_what_they_are(
    entries: Sequence[HandedInFile], assignment: str, handout: Handout
) -> list[HandedInFile] | None:
    """The files of one attempt, those in disguise as what they hold; None where there are none of these."""
    shown = {id(entry): entry for entry in entries}
    could_be = [entry for entry in entries if entry.inner and entry.item.read and not entry.helper]
    could_be.sort(key=lambda entry: not is_named(entry.inner[-1].partition(".")[0], assignment))
    for entry in could_be[:_MOST]:
        shown[id(entry)] = _unmasked(entry, assignment, handout) or entry
    return [*shown.values()] if any(shown[id(entry)] is not entry for entry in could_be) else None


def _unmasked(entry: HandedInFile, assignment: str, handout: Handout) -> HandedInFile | None:
    """One file as what it holds; None where that is what its name says, or where nobody can tell."""
    assert entry.item.read is not None
    name = entry.inner[-1]
    if entry.item.refused or is_link(name) or entry.about:
        return None
    with suppress(Unreadable):
        data = entry.item.read(STUDENT_ARCHIVE)
        kind = kind_of_data(data)
        if kind in ARCHIVES and not is_archive(name):
            note = f"{clean(name, 80)} is {kind}; it was unpacked."
            return dataclasses.replace(entry, is_archive=True, note=note)
        if not kind and (is_archive(name) or is_packed(name) or is_document(name)):
            return _program(entry, data, assignment, handout)
    return None


def _program(entry: HandedInFile, data: bytes, assignment: str, handout: Handout) -> HandedInFile | None:
    """A text as the program or notebook that it is. What is called a document must hold work: others speak of it."""
    name = entry.inner[-1]
    text = decode(data, name)[0]
    if not handout.begun_in(text) and not looks_like_notebook(text):
        return None
    if not is_archive(name) and worth(read(entry.item, handout), handout) != WORK:
        return None
    kind, ending = ("a notebook", "ipynb") if looks_like_notebook(text) else ("a Python file", "py")
    stem = without_ending(name) if is_archive(name) else name.rpartition(".")[0]
    note = (
        f"{clean(name, 80)} is really {kind}; it was read as one. The expected name is {assignment}.{ending}."
    )
    inner = (*entry.inner[:-1], f"{stem.removesuffix('.py').removesuffix('.ipynb')}.{ending}")
    return dataclasses.replace(entry, inner=inner, note=note)
