"""Takes out of a notebook cell what is IPython and not Python: magics, shell lines, help requests. Runs
nothing.

What parses as Python is never touched, so a `%` that continues an expression stays. In a cell that does not
parse, only lines that begin a logical line are looked at: nothing inside brackets, texts or continued lines
is changed. Every line keeps its number.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from grader.submissions.problems import Unreadable
from grader.submissions.python_source import guard
from grader.submissions.syntax_errors import without_comment
from grader.submissions.written import module_of

_LINE_MAGIC = re.compile(r"(?P<indent>\s*)(?:%|!|\?{1,2}\s*[\w%])")
_TIMED = re.compile(r"(?P<indent>\s*)%time\s+(?P<code>\S.*)")
_HELP = re.compile(r"%{0,2}[\w.*\[\]]+\?{1,2}\Z")
_ASSIGNED = re.compile(
    r"(?P<indent>\s*)(?P<target>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s*=\s*(?:!|%(?=[A-Za-z]))"
)
_AUTOMAGIC = re.compile(
    r"(?P<indent>\s*)(?:pip3?|conda|mamba|apt|apt-get|cd|ls|mkdir|rm|cp|mv|cat|wget|git)\s+[^\s=]"
)
#: Runs a file, and has its names from then on.
_RUN = re.compile(r"%?run\s+(?:-[a-zA-Z]+\s+)*(?P<path>[^\s-]\S*)")
_PYLAB = re.compile(r"%pylab\b")
_CELL_MAGIC = re.compile(r"\s*%%\s*(?P<name>\w+)(?P<arguments>.*)")
#: Prompts of an interactive session, which a running notebook takes away from a cell that begins with one.
_PROMPTS = (re.compile(r"\A(?:>>>|\.\.\.)(?: |\Z)"), re.compile(r"\A(?:In \[\d+\]: ?|\s*\.{3,}: ?)"))
#: Cell magics that run the rest of the cell as Python of this notebook.
_KEEP_BODY = frozenset(
    ["time", "timeit", "capture", "prun", "memit", "mprun", "debug", "snakeviz", "scalene", "heat"]
)


@dataclass(frozen=True)
class StrippedCell:
    """A cell without magics: as many lines as before, and the numbers of the replaced ones (from 1)."""

    source: str
    dropped: tuple[int, ...] = ()
    cell_magic: str = ""  # the name of a cell magic that makes the whole cell something else than Python
    arguments: str = ""  # what stands behind it


def drop_magics(source: str) -> StrippedCell:
    """`source` with every IPython line replaced: by `pass` inside a block, by an empty line elsewhere.

    `x = !ls` becomes `x = None`, `%time f()` becomes `f()`, and `%run utils.py` an import of all its names. The
    prompts of a copied session are taken away, where the rest is Python. Whether the result parses is for the caller
    to see.
    """
    lines = source.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if (
        first is not None
        and (prompt := next((p for p in _PROMPTS if p.match(lines[first])), None))
        and not _parses(source)
    ):
        stripped = drop_magics("\n".join(prompt.sub("", line, count=1) for line in lines))
        if _parses(stripped.source):
            return stripped
    dropped: list[int] = []
    if first is not None and (match := _CELL_MAGIC.match(lines[first])):
        if match["name"].lower() not in _KEEP_BODY:
            return StrippedCell(source, cell_magic=match["name"], arguments=match["arguments"])
        lines[first] = ""
        dropped.append(first + 1)
    if _parses("\n".join(lines)):
        return StrippedCell("\n".join(lines), tuple(dropped))
    scanner = _Scanner()
    place = 0
    while place < len(lines):
        line = lines[place]
        replacement = _replacement(line) if scanner.at_start() else None
        if replacement is None:
            scanner.feed(line)
            place += 1
            continue
        lines[place] = replacement
        if replacement.strip() in ("", "pass") or not _is_python_in_disguise(line):
            dropped.append(place + 1)
        place += 1
        # A shell line goes on after a backslash.
        while line.rstrip().endswith("\\") and place < len(lines):
            line, lines[place] = lines[place], ""
            dropped.append(place + 1)
            place += 1
    return StrippedCell("\n".join(lines), tuple(dropped))


def _replacement(line: str) -> str | None:
    """What stands in place of a line that is IPython; None when it is not."""
    if match := _TIMED.match(line):
        code = match["indent"] + match["code"]
        return code if _parses(match["code"]) else _nothing(match["indent"])
    if (match := _RUN.match(line)) and (name := module_of(match["path"].strip("\"'"))):
        return f"from {name} import *  # {line}"  # where this is shown, so is what was written
    if _PYLAB.match(line):
        return "import numpy as np; from numpy import *"
    if match := _LINE_MAGIC.match(line):
        return _nothing(match["indent"])
    if match := _ASSIGNED.match(line):
        targets = match["target"]
        return f"{match['indent']}{' = '.join(part.strip() for part in targets.split(','))} = None"
    if _HELP.match(without_comment(line).removesuffix(";").strip()):
        return _nothing(line[: len(line) - len(line.lstrip())])
    if (match := _AUTOMAGIC.match(line)) and not _parses(line.strip()):
        return _nothing(match["indent"])
    return None


def _is_python_in_disguise(line: str) -> bool:
    """Whether a line of IPython stands for some of Python, so that nothing is lost."""
    return any(pattern.match(line) for pattern in (_TIMED, _RUN, _PYLAB))


def _nothing(indent: str) -> str:
    # An empty line at the left margin, where `pass` could stand before `from __future__ import …`.
    return f"{indent}pass" if indent else ""


def _parses(source: str) -> bool:
    try:
        guard(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


class _Scanner:
    """Follows source line by line and knows whether the next line begins a logical line.

    Enough of Python's lexical rules for that: quotes, triple quotes, comments, brackets, backslashes.
    """

    _TOKEN = re.compile(r"\\.|'''|\"\"\"|['\"#()\[\]{}]|\\\Z", re.DOTALL)

    def __init__(self) -> None:
        self._depth = 0
        self._triple = ""
        self._continued = False

    def at_start(self) -> bool:
        return self._depth == 0 and not self._triple and not self._continued

    def feed(self, line: str) -> None:
        quote = ""  # of a one-line text; it cannot outlast its line unless a backslash continues it
        commented = False
        for match in self._TOKEN.finditer(line):
            token = match[0]
            if self._triple or quote:
                if token == (self._triple or quote):
                    self._triple = quote = ""
                elif quote and token == quote * 3:
                    quote = ""  # '' and then one more: the text ends at the first of the three
            elif token in ("'''", '"""'):
                self._triple = token
            elif token in ("'", '"'):
                quote = token
            elif token == "#":
                commented = True
                break
            elif token in ("(", "[", "{"):
                self._depth += 1
            elif token in (")", "]", "}"):
                self._depth = max(self._depth - 1, 0)
        self._continued = not commented and not self._triple and line.endswith("\\")
