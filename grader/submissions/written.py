"""Python files that a notebook writes itself, with `%%writefile`: its other cells may import them. Runs nothing.

So does a notebook that was exported as a .py file, with `get_ipython().run_cell_magic("writefile", …)`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.records import Chunk
from grader.syntax import tree_of

WRITING = frozenset(["writefile", "file"])  # the cell magics that write the rest of the cell to a file
MOST_FILES = 50
_APPEND = re.compile(r"(?:-a|--append)\s+")
_STEP = re.compile(r"[^\W\d]\w*\Z")


class WrittenFiles:
    """The files that cells have written so far, by import path."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self.appended = False  # whether the last one was written behind what the file held

    def add(self, arguments: str, body: str) -> str:
        """Take in what a cell writes: the path it can be imported by, or "" where it cannot."""
        arguments = arguments.strip()[:300]
        appended = _APPEND.match(arguments)
        path = import_path(arguments[appended.end() if appended else 0 :].strip("\"'"))
        self.appended = appended is not None
        full = path not in self._files and len(self._files) >= MOST_FILES
        if not path.endswith(".py") or full:
            return ""
        before = self._files.get(path, "") if appended else ""
        self._files[path] = behind(before, body)
        return path

    @property
    def modules(self) -> tuple[Chunk, ...]:
        """The files, as they are when all cells have run."""
        return tuple(Chunk(source, path) for path, source in self._files.items())


def behind(before: str, more: str) -> str:
    """A file's text with more at its end. A running notebook ends what a cell writes with a line end."""
    return f"{before}\n{more}" if before and not before.endswith("\n") else before + more


def import_path(path: str) -> str:
    """A path as typed in a notebook, as seen from where it runs: "src/utils.py"; "" for one that is no module's.

    Of a path from the root, as `/content/utils.py`, the file's name counts.
    """
    path = path.strip().replace("\\", "/")
    steps = [step for step in path.split("/") if step not in ("", ".", "~")]
    steps = steps[-1:] if path.startswith(("/", "~")) or ".." in steps else steps
    fits = steps and len(steps) <= 5 and all(map(_STEP.match, [*steps[:-1], steps[-1].removesuffix(".py")]))
    return "/".join(steps) if fits else ""


def module_of(path: str) -> str:
    """The dotted name of a file that is run by its path: "src.utils" of "./src/utils.py"; "" for no module's."""
    return import_path(path).removesuffix(".py").replace("/", ".")


def exported(text: str) -> tuple[str, tuple[Chunk, ...]]:
    """A .py file without the calls that write files, and these files. Every line keeps its number."""
    if "run_cell_magic" not in text:
        return text, ()
    try:
        tree = tree_of(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text, ()
    written, lines = WrittenFiles(), text.split("\n")
    for statement, name, arguments, body in _cell_magics(tree):
        alone = statement.col_offset == 0 and statement.end_col_offset == len(
            lines[(statement.end_lineno or 1) - 1].encode()
        )
        if name in WRITING and alone and written.add(arguments, body):
            for number in range(statement.lineno - 1, statement.end_lineno or 0):
                lines[number] = ""
    return "\n".join(lines), written.modules


def _cell_magics(tree: ast.Module) -> Iterator[tuple[ast.stmt, str, str, str]]:
    """Each call of a cell magic at the top of a file: its statement, and the three texts that it is given."""
    for statement in tree.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        texts = [
            argument.value
            for argument in call.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if call.func.attr == "run_cell_magic" and len(texts) == len(call.args) == 3 and not call.keywords:
            yield statement, texts[0], texts[1], texts[2]
