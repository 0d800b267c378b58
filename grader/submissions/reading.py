"""One file that was handed in → a `Reading`: its chunks, or why it has none. What it holds counts, not its
name.
"""

from __future__ import annotations

import ast
import hashlib
from contextlib import suppress
from dataclasses import dataclass

from grader.records import Chunk
from grader.submissions import marimo
from grader.submissions.files import Item, too_large
from grader.submissions.handout import NOTHING_KNOWN, Handout
from grader.submissions.misplaced import idle_texts, misplaced
from grader.submissions.modules import imported_names
from grader.submissions.notebooks import Code, looks_like_notebook, read_notebook
from grader.submissions.problems import Unreadable
from grader.submissions.programs import read_program
from grader.submissions.python_source import decode, parse
from grader.submissions.statement_count import statements_to_run, too_many
from grader.submissions.wrappers import fenced_documents
from grader.submissions.written import exported
from grader.text import clean

PYTHON_LIMIT = 1_000_000  # bytes of a .py file
NOTEBOOK_LIMIT = 50_000_000  # bytes of a notebook: its pictures are in it


@dataclass(frozen=True)
class Reading:
    """What became of one file. `problem` is "" exactly when there are chunks."""

    item: Item
    sha256: str = ""
    chunks: tuple[Chunk, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    fault: bool = False  # the problem is this machine's, not the student's
    broken: bool = False  # some code in it does not parse; where there are chunks, other code does
    empty: bool = False  # it can be read, and no code is in it
    text: str = ""  # what does not parse, of a file without chunks
    line: int = 0  # the line that does not parse, of a .py file without chunks
    modules: tuple[Chunk, ...] = ()  # files that a notebook writes itself
    misplaced: tuple[str, ...] = ()  # sentences on exercises that stand in cells which are not run

    @property
    def name(self) -> str:
        """The file's own name, fit to be shown."""
        return clean(self.item.parts[-1], 80)


def read(item: Item, handout: Handout = NOTHING_KNOWN) -> Reading:
    """Read one file. Never raises for what is in it."""
    name = clean(item.parts[-1], 80)
    notebook = name.lower().removesuffix(".txt").removesuffix(".json").endswith(".ipynb")
    sha256 = text = ""
    notes: tuple[str, ...] = ()
    try:
        if item.read is None:
            raise Unreadable(f"{name} is a folder, not a file.")
        data = _bytes(item, notebook)
        sha256 = hashlib.sha256(data).hexdigest()
        text, notes = decode(data, name)
        code = _code(text, name, notebook, handout)
        if why := too_many(statements_to_run(chunk.source for chunk in (*code.chunks, *code.modules))):
            raise Unreadable(f"{name} {why}. Take out what is no part of the exercise, and hand it in again.")
    except Unreadable as why:
        text = text if why.broken else ""
        return Reading(item, sha256, (), str(why), notes, why.fault, why.broken, why.empty, text, why.line)
    return Reading(
        item,
        sha256,
        code.chunks,
        notes=notes + code.notes,
        broken=code.broken,
        modules=code.modules,
        misplaced=code.misplaced,
    )


def _bytes(item: Item, notebook: bool) -> bytes:
    """What a file holds. Raises Unreadable; but a notebook of any name may be as large as a notebook."""
    assert item.read is not None
    if notebook:
        return item.read(NOTEBOOK_LIMIT)
    try:
        return item.read(PYTHON_LIMIT)
    except Unreadable as why:
        if why.fault or item.refused:
            raise
        with suppress(Unreadable):
            data = item.read(NOTEBOOK_LIMIT)
            if looks_like_notebook(data.decode("utf-8-sig", "replace")):
                return data
        raise


def _code(text: str, name: str, notebook: bool, handout: Handout) -> Code:
    if looks_like_notebook(text):
        code = read_notebook(text, name, handout)
        return code if notebook else code.told(f"{name} is really a notebook; it was read as one.")
    if (inside := _wrapped_notebook(text)) is not None:
        code = read_notebook(inside, name, handout)
        return code.told(f"{name} is a notebook's text with something around it; that was taken out.")
    if notebook:
        if text.lstrip()[:1] in ("{", "["):
            return read_notebook(text, name, handout)  # says what is wrong with the JSON
        if len(text) > PYTHON_LIMIT:
            raise too_large(name.removesuffix(".ipynb") + ".py", None, PYTHON_LIMIT)
        why = Unreadable(
            f"{name} is not a notebook: it is not JSON. Save it in Jupyter and hand it in again.", broken=True
        )
        try:
            code = _python(text, name, handout)
        except Unreadable:
            raise why from None
        if _is_one_value(code) and not code.misplaced:
            raise why
        return code.told(f"{name} is really a Python file; it was read as one.")
    return _python(text, name, handout)


def _is_one_value(code: Code) -> bool:
    """Whether there is nothing but a name or a value: `null` and `"text"` are JSON, and Python too."""
    body = [statement for chunk in code.chunks for statement in parse(chunk.source).body]
    return all(isinstance(s, ast.Expr) and isinstance(s.value, (ast.Constant, ast.Name)) for s in body)


def _wrapped_notebook(text: str) -> str | None:
    """The one notebook that stands in a text between fences or in `<pre>`: a chat's answer, a page that was copied."""
    if '"cells"' not in text and "&quot;cells&quot;" not in text:
        return None
    notebooks = [document for document in fenced_documents(text) if looks_like_notebook(document)]
    return notebooks[0] if len(notebooks) == 1 else None


def _python(text: str, name: str, handout: Handout) -> Code:
    text, modules = exported(text)
    try:
        program = read_program(text)
    except Unreadable as why:
        raise Unreadable(f"{name} cannot be read, {why}", broken=True, line=why.line) from None
    notes = program.notes
    if chunks := marimo.cells(program.source, program.tree):
        return Code(chunks, (f"{name} is a notebook of marimo; its cells were read as a notebook's.", *notes))
    if program.dropped:  # a notebook that was pasted into a .py file brings its commands along
        number = program.dropped[0]
        line = clean(text.split("\n")[number - 1], 40)
        return Code(
            (Chunk(program.source),),
            (f"notebook commands were passed over (line {number}: `{line}`).", *notes),
        )
    code = _with_what_it_writes(Code((Chunk(program.source),), notes, modules=modules), handout)
    return _with_what_is_idle(code, handout)


def _with_what_it_writes(code: Code, handout: Handout) -> Code:
    """The code with the files that it writes, holds an exercise in, and does not import; notes say so."""
    chunks, notes = code.chunks, code.notes
    imported = imported_names(chunk.source for chunk in chunks)
    for module in code.modules:
        names = handout.begun_in(module.source) - handout.work(chunks)
        if names and module.label.partition("/")[0].removesuffix(".py") not in imported:
            chunks = (*chunks, module)
            listed = " and ".join(f"`{name}`" for name in sorted(names))
            notes = (
                *notes,
                f"{module.label} is written, and not imported: it was read as code, for its {listed}.",
            )
    return code._replace(chunks=chunks, notes=notes)


def _with_what_is_idle(code: Code, handout: Handout) -> Code:
    """The code with notes on exercises that it holds in texts and in comments alone."""
    elsewhere = tuple(misplaced(list(idle_texts(code.chunks, handout)), code.chunks, handout))
    return code._replace(notes=(*elsewhere, *code.notes), misplaced=elsewhere)
