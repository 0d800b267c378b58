"""A student's other .py files, which the answer may import: which they are, and by what path each is imported.

One that does not parse is kept, and fails where it is imported, as it would at the student's desk; a note says why.
What is left out because there is too much of it is told in a note, too.
"""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress

from grader.records import Chunk
from grader.submissions.files import ENVIRONMENT
from grader.submissions.mended import mend
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import decode, parse, statements_in
from grader.submissions.statement_count import statements_to_run, too_many
from grader.submissions.student_files import HandedInFile
from grader.text import clean, size

MOST_FILES = 50
MOST_BYTES = 1_000_000  # of all of them together
#: What is never looked for among a student's files.
LIBRARIES = frozenset((*sys.stdlib_module_names, "numpy", "torch"))
_MOST_NOTES = 5
REMEMBERED = 256  # sources, of which the names are asked for again while a student's files are compared
DEEPEST = 5  # steps of an import path
_NO_MODULES = re.compile(r"(?:test_.*|.*_test|tests|conftest|setup|noxfile|tasks)\Z", re.IGNORECASE)
_RENAMED = re.compile(r"(?: ?\(\d+\)|-\d+)\Z")  # by a browser or a platform, at a second upload


def modules_of(
    answer: HandedInFile,
    entries: Sequence[HandedInFile],
    sources: Iterable[str],
    written: Sequence[Chunk] = (),
) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    """The modules beside the answer, labelled by import path; and notes on what was left out.

    `entries` are all files of the student, the answer among them; `sources` is the answer's code, `written` are files
    that it writes itself: they come before those of the same path. A path is relative
    to the answer's folder. Where that lies below others, a path from one of these counts too, if anything imports by
    its first name: for `src/birnn.py`, `src/utils.py` is `utils` and `src.utils`.
    Raises Unreadable where this machine cannot read what is imported: without it no answer is the student's.
    """
    base = answer.inner[:-1]
    nearby = [entry for entry in entries if entry.item is not answer.item and _is_module(entry)]
    homes = _environments(entries)
    nearby = [entry for entry in nearby if not any(entry.inner[: len(home)] == home for home in homes)]
    # Those beneath the answer's folder come first: their path is the one that a name means.
    nearby.sort(key=lambda entry: (entry.inner[: len(base)] != base, len(entry.inner), entry.inner))
    texts, notes, unknown = _read(nearby)
    chunks = {chunk.label: chunk.source for chunk in written}
    imported = imported_names([*sources, *chunks.values(), *(text for _, text in texts)])
    for entry, fault in unknown:
        if any(step.removesuffix(".py") in imported - LIBRARIES for step in entry.inner):
            raise fault
    own = "/".join(_path(answer.inner[len(base) :]) if answer.inner[-1].endswith(".py") else ())
    for depth in range(len(base), -1, -1):
        for entry, text in texts:
            if entry.inner[:depth] != base[:depth]:
                continue
            path = _path(entry.inner[depth:])
            label = "/".join(path)
            # Of the answer's own name only the answer itself can be imported.
            if label and label != own and (depth == len(base) or path[0].removesuffix(".py") in imported):
                chunks.setdefault(label, text)
    labels = [label for label in chunks if label.partition("/")[0].removesuffix(".py") in imported]
    broken = [f"{label} cannot be imported, {why}" for label in labels if (why := _fault(chunks[label]))]
    return tuple(Chunk(text, label) for label, text in chunks.items()), (*notes, *broken[:_MOST_NOTES])


def _fault(source: str) -> str:
    """Why a module does not parse, in the words for an answer; "" where it does."""
    try:
        parse(source)
    except Unreadable as why:
        return str(why)
    return ""


def _is_module(entry: HandedInFile) -> bool:
    if entry.item.fault:
        return True  # nobody knows what lies there
    if not entry.inner or entry.item.read is None or entry.item.refused:
        return False
    stem, _, ending = entry.inner[-1].rpartition(".")
    return ending == "py" and not _NO_MODULES.match(stem) and bool(_path(entry.inner[-1:]))


def _path(steps: tuple[str, ...]) -> tuple[str, ...]:
    """The steps of an import path; empty where `import` cannot follow them."""
    if not steps or len(steps) > DEEPEST:
        return ()
    stem = _RENAMED.sub("", steps[-1].removesuffix(".py"))
    if not all(step.isidentifier() for step in (*steps[:-1], stem)):
        return ()
    return (*steps[:-1], f"{stem}.py")


def _environments(entries: Iterable[HandedInFile]) -> set[tuple[str, ...]]:
    """The folders of virtual environments that were handed in by mistake, whatever they are called."""
    return {entry.inner[:-1] for entry in entries if len(entry.inner) > 1 and entry.inner[-1] == ENVIRONMENT}


def _read(
    entries: Sequence[HandedInFile],
) -> tuple[list[tuple[HandedInFile, str]], tuple[str, ...], list[tuple[HandedInFile, Unreadable]]]:
    """The texts of the modules; notes on what is left out; and what this machine cannot read."""
    texts: list[tuple[HandedInFile, str]] = []
    unknown: list[tuple[HandedInFile, Unreadable]] = []
    left: list[str] = []
    notes: list[str] = []
    room = MOST_BYTES
    for entry in entries:
        name = clean("/".join(entry.inner), 80)
        if len(texts) >= MOST_FILES or room <= 0:
            left.append(name)
            continue
        assert entry.item.read is not None
        try:
            data = entry.item.read(room)
            # An empty __init__.py is no mistake.
            text, remarks = _program(decode(data, name)[0]) if data.strip() else ("", ())
        except Unreadable as why:
            if why.fault:
                unknown.append((entry, why))
            if not entry.item.fault:
                notes.append(f"{name} cannot be imported: {why}")
            continue
        if fault := too_many(statements_to_run([text])):
            notes.append(f"{name} cannot be imported: it {fault}.")
            continue
        notes += [f"{name}, {remark}" for remark in remarks]
        room -= len(data)
        texts.append((entry, text))
    if left:
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        notes.append(
            f"of the other Python files, {MOST_FILES} with {size(MOST_BYTES)} in all can be imported; "
            f"left out: {', '.join(left[:3])}{more}."
        )
    return texts, tuple(notes[:_MOST_NOTES]), unknown


def _program(text: str) -> tuple[str, tuple[str, ...]]:
    """The text of a module, mended where only that makes it one; and what was mended."""
    try:
        parse(text)
    except Unreadable:
        mended = mend(text)
        with suppress(Unreadable):
            parse(mended.source)
            return mended
    return text, ()


def imported_names(sources: Iterable[str]) -> set[str]:
    """The first names of all that is imported anywhere in the sources that parse."""
    return {name for source in sources for name in _first_names(source)}


@functools.lru_cache(REMEMBERED)
def _first_names(source: str) -> frozenset[str]:
    try:
        body = parse(source).body
    except Unreadable:
        return frozenset()
    names: set[str] = set()
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        # To go through expressions as well takes ten times as long.
        waiting += statements_in(node)
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return frozenset(names)
