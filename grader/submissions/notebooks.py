"""From the text of a notebook to its code cells as chunks. Reads JSON only: outputs and Markdown are ignored.

Notebooks are taken as students leave them, so this reads the two shapes there are (nbformat 4, and 2 or 3
with worksheets) and shrugs at what validation would refuse: missing ids, metadata or versions. Cells are
numbered as the student sees them, from the top and counting Markdown cells: "cell 3" is the third cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from typing import NamedTuple

from grader.records import Chunk
from grader.submissions.handout import NOTHING_KNOWN, Handout
from grader.submissions.magics import StrippedCell, drop_magics
from grader.submissions.misplaced import IdleText, idle_texts, in_fixed_order, misplaced
from grader.submissions.modules import imported_names
from grader.submissions.notebook_json import cells, check_language, is_code, load
from grader.submissions.problems import Unreadable
from grader.submissions.programs import read_program
from grader.submissions.written import WRITING, WrittenFiles, behind
from grader.text import clean, listed, size

CODE_LIMIT = 1_000_000  # characters in all code cells together
MOST_CELLS = 5_000  # with code in them, each of which is loaded by itself
_MOST_NOTES = 10


def looks_like_notebook(text: str) -> bool:
    """Whether text, whatever its file is called, is (or was meant to be) the JSON of a notebook."""
    return text.lstrip()[:1] == "{" and bool(re.search(r'"(?:cells|worksheets|nbformat)"\s*:', text))


class Code(NamedTuple):
    """The code of a file, notes on what was left out of it, and whether some of it does not parse.

    `modules` are files that it writes itself, for its other cells to import. `misplaced` says of exercises that they
    stand where they are not run; it is among the notes, too.
    """

    chunks: tuple[Chunk, ...]
    notes: tuple[str, ...] = ()
    broken: bool = False
    modules: tuple[Chunk, ...] = ()
    misplaced: tuple[str, ...] = ()

    def told(self, note: str) -> Code:
        """The same with one more note, before the others."""
        return self._replace(notes=(note, *self.notes))


def read_notebook(text: str, name: str, handout: Handout = NOTHING_KNOWN) -> Code:
    """The code cells that parse, in the order of the document, and notes about the others.

    Magics are taken out; a cell that does not parse is left out. Raises Unreadable when nothing is left,
    when the text is no notebook, or when its language is not Python.
    """
    notebook, notes = load(text, name)
    check_language(notebook, name)
    reader = _CellReader(name)
    for number, is_code_cell, source in cells(notebook, name):
        if is_code_cell:
            reader.read(f"cell {number}", source)
        else:
            reader.pass_over(
                f"cell {number}", source, "is a text cell: change its type to Code, run it, and save"
            )
    code = reader.code(handout)
    return code._replace(notes=(*notes, *code.notes))


class _CellReader:
    """Takes the cells of one notebook in turn, and gathers their code and what is to be said of them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._chunks: list[Chunk] = []
        self._notes: list[str] = []  # on cells that were left out
        self._commands: list[str] = []  # that were passed over, as "cell 3, line 1: `!pip list`"
        self._not_run: list[IdleText] = []
        self._written = WrittenFiles()
        self._files: dict[str, list[_Piece]] = {}  # of what is written, by path
        self._code_cells = self._empty = self._characters = 0
        self._broken = False

    def pass_over(self, label: str, text: str, why: str) -> None:
        """Remember a cell that is not run: it may hold work all the same."""
        self._not_run.append(IdleText(label, text, why))

    def read(self, label: str, source: str) -> None:
        """Take a code cell. Raises Unreadable when the code of all cells is more than CODE_LIMIT."""
        self._code_cells += 1
        self._characters += len(source)
        if self._characters > CODE_LIMIT:
            raise Unreadable(
                f"{self._name} has more than {size(CODE_LIMIT)} of code in its cells; shorten it."
            )
        source = _without_margin(source)
        stripped = drop_magics(source)
        body = source.lstrip().partition("\n")[2]
        if stripped.cell_magic in WRITING and (path := self._written.add(stripped.arguments, body)):
            earlier = self._files.get(path, []) if self._written.appended else []
            self._files[path] = [*earlier, _Piece(len(self._chunks), label, body)]
        elif stripped.cell_magic:
            magic = f"%%{clean(stripped.cell_magic, 40)}"
            self._notes.append(f"{label} was left out: it begins with {magic}.")
            self.pass_over(label, body, f"begins with {magic}: take that line out, run the cell, and save")
        elif source.strip():
            self._parse(label, source, stripped)
        else:
            self._empty += 1

    def _parse(self, label: str, source: str, stripped: StrippedCell) -> None:
        try:
            program = read_program(source, stripped)
        except Unreadable as why:
            self._notes.append(f"{label} was left out: it does not parse ({str(why).rstrip('.')}).")
            self._broken = True
            return
        lines = source.split("\n")
        self._commands += [
            f"{label}, line {line}: `{clean(lines[line - 1], 40)}`" for line in program.dropped
        ]
        self._notes += [f"{label}, {note}" for note in program.notes]
        if program.tree.body and len(self._chunks) >= MOST_CELLS:
            raise Unreadable(f"{self._name} has more than {MOST_CELLS} cells with code; hand in fewer.")
        if program.tree.body:
            self._chunks.append(Chunk(program.source, label))

    def code(self, handout: Handout) -> Code:
        """All that was taken, with notes. Raises Unreadable when there is no code."""
        notes = self._notes
        if len(notes) > _MOST_NOTES:
            notes = [*notes[:_MOST_NOTES], f"{len(notes) - _MOST_NOTES} more cells were left out."]
        if self._commands:
            more = f" and {len(self._commands) - 1} more" if len(self._commands) > 1 else ""
            notes = [*notes, f"notebook commands were passed over ({self._commands[0]}{more})."]
        notes = [*notes, *_run_in_place(self._files, self._chunks, handout)]
        idle = [*self._not_run, *idle_texts(self._chunks, handout)]
        elsewhere = misplaced(idle, self._chunks, handout)
        if not self._chunks:
            sentence = _nothing_left(self._name, self._code_cells, self._empty, elsewhere, notes)
            broken = self._broken or bool(elsewhere)
            raise Unreadable(sentence, broken=broken, empty=not broken)
        return Code(
            *(tuple(self._chunks), (*elsewhere, *notes)),
            broken=self._broken,
            modules=self._written.modules,
            misplaced=tuple(elsewhere),
        )


class _Piece(NamedTuple):
    """What one cell writes to a file: its place among the chunks, its label, and the text."""

    place: int
    label: str
    text: str


def _run_in_place(files: Mapping[str, list[_Piece]], chunks: list[Chunk], handout: Handout) -> list[str]:
    """Add to the chunks, where they stand, the files that hold an exercise and that no cell imports; notes say so."""
    imported = imported_names(chunk.source for chunk in chunks)
    done = tuple(chunks)
    notes: list[str] = []
    added: list[_Piece] = []
    for path, pieces in files.items():
        whole = reduce(behind, (piece.text for piece in pieces))
        names = handout.begun_in(whole) - handout.work(done)
        if not names or path.partition("/")[0].removesuffix(".py") in imported or not is_code(whole):
            continue
        # Cell by cell, so that lines are those of cells; unless one begins what another ends.
        added += pieces if all(is_code(piece.text) for piece in pieces) else [pieces[0]._replace(text=whole)]
        done = (*done, Chunk(whole))
        labels = listed(dict.fromkeys(piece.label for piece in pieces))
        verb = "writes" if len(pieces) == 1 else "write"
        notes.append(
            f"{labels} {verb} {path}, which no cell imports: it was read as code, for its {in_fixed_order(names)}."
        )
    for piece in sorted(added, key=lambda piece: -piece.place):
        alike = [cell for cell in added if cell.place == piece.place]
        if piece is alike[0]:
            chunks[piece.place : piece.place] = [Chunk(f"\n{cell.text}", cell.label) for cell in alike]
    return notes


def _without_margin(source: str) -> str:
    """A cell without the indentation of its first line: a running notebook takes it away too."""
    first = next((line for line in source.split("\n") if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip())]
    return "\n".join(line.removeprefix(margin) for line in source.split("\n")) if margin else source


def _nothing_left(name: str, count: int, empty: int, elsewhere: list[str], notes: list[str]) -> str:
    if elsewhere:
        return f"{name} has no code in its code cells; {elsewhere[0]}"
    if not count:
        return f"{name} has no code cells; hand in the notebook with your code in it."
    if empty == count:
        return f"{name} has only empty code cells; was it saved before it was handed in?"
    if notes:
        return f"{name} has no code cell that can be read; {notes[0]}"
    return f"{name} has no code in its code cells, only comments."
