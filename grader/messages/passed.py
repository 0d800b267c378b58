"""What was passed over while a submission was loaded: records of it, and the notes that a student reads.

THE ONE PLACE for these words, in a result and in `grader check`. A statement that failed because a name was not there
which another one would have bound belongs to that one's note.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.messages.lookup import where
from grader.records import PassedOver
from grader.subject.statements import Statement, decorator_name, decorators
from grader.text import clean

MOST_NOTES = 5
MOST_FOLLOWING = 3  # places of what follows from a note
#: What can be imported, as a sentence after one that speaks of a module.
IMPORTS = "Python's own are there, numpy, torch, and your own .py files that you hand in with it."
MAIN = 'if __name__ == "__main__":'

_UNDEFINED = re.compile(r"name '(\w{1,60})' is not defined.*", re.DOTALL)
#: Names that a running notebook has and a program has not.
_NOTEBOOK = frozenset(["get_ipython", "display", "In", "Out"])
#: What RuntimeErrors of Python and torch say of threads and files that cannot be had.
_CLOSED = re.compile(
    r"can't start new thread.*|Parent directory .*|File .* cannot be opened.*|.*open file failed.*", re.DOTALL
)
_NAME_KINDS = frozenset(["NameError", "MissingDecorator"])
_CLOSED_KINDS = frozenset(
    [
        *("PermissionError", "FileNotFoundError", "IsADirectoryError", "BlockingIOError", "OSError"),
        *("URLError", "HTTPError", "ConnectionError", "ConnectionRefusedError", "gaierror"),
    ]
)
#: Stands before the others where loops and calls were left out, all of them.
OUT_OF_TIME = PassedOver("time", "", 0, "")


@dataclass(frozen=True)
class Failure:
    """A statement that was passed over, as whoever loaded it knows it.

    `kind` is the exception's class, "timeout" or "crashed"; `text` is what it says, `shown` as much as may be shown.
    """

    statement: Statement
    label: str
    source: str
    kind: str
    text: str = ""
    shown: str = ""
    seconds: float = 0.0


def records(failures: Iterable[Failure]) -> tuple[PassedOver, ...]:
    """A record for each failure that does not follow from another, in the order of the failures."""
    made: list[PassedOver] = []
    owner: dict[str, int] = {}  # name -> the record of what would have bound it
    for failure in failures:
        names = failure.statement.binds
        undefined = _UNDEFINED.fullmatch(failure.text) if failure.kind in _NAME_KINDS else None
        root = owner.get(undefined[1]) if undefined else None
        if root is None:
            record = _record(failure)
            if made and _alike(made[-1], record):  # two names of one import
                made[-1] = replace(made[-1], names=tuple(sorted({*made[-1].names, *record.names})))
            else:
                made.append(record)
            root = len(made) - 1
        else:
            place = where(failure.label, _line(failure))
            made[root] = replace(made[root], follows=(*made[root].follows, place))
        for name in names:
            owner.setdefault(name, root)
    return tuple(made)


def _alike(one: PassedOver, other: PassedOver) -> bool:
    return (one.kind, one.label, one.line, one.text) == (other.kind, other.label, other.line, other.text)


def _record(failure: Failure) -> PassedOver:
    rows = failure.source.split("\n")
    line = _line(failure)
    text = clean(rows[line - 1].strip(), 80) if line <= len(rows) else ""
    kind = _kind(failure)
    because = _module(failure.statement) if kind == "module" else failure.shown
    because = because if kind in ("module", "raised", "syntax", "crashed") else ""  # the kind says it
    return PassedOver(
        kind,
        failure.label,
        line,
        text,
        because,
        tuple(sorted(failure.statement.binds)),
        seconds=failure.seconds,
    )


def _line(failure: Failure) -> int:
    """The line that was passed over: of a definition that was made without a decorator, that decorator's."""
    missing = _UNDEFINED.fullmatch(failure.text) if failure.kind == "MissingDecorator" else None
    lines = [
        one.lineno
        for one in decorators(failure.statement.node)
        if missing and decorator_name(one) == missing[1]
    ]
    return min(lines, default=failure.statement.line)


def _module(statement: Statement) -> str:
    """The module that a failing import is about."""
    node = statement.node
    if isinstance(node, ast.Import):
        return clean(node.names[0].name, 60)
    return clean("." * node.level + (node.module or ""), 60) if isinstance(node, ast.ImportFrom) else ""


def _kind(failure: Failure) -> str:
    kind, text = failure.kind, failure.text
    if kind in ("timeout", "crashed"):
        return kind
    if kind in ("SystemExit", "KeyboardInterrupt"):
        return "exit"
    if kind == "ModuleNotFoundError" and isinstance(failure.statement.node, (ast.Import, ast.ImportFrom)):
        return "module"
    if kind == "MissingDecorator":
        return "decorator"
    if kind == "BdbQuit":
        return "debugger"
    if kind == "EOFError":
        return "input"
    if kind == "Syntax":
        return "syntax"
    if kind == "SyntaxError" and "__future__" in text:
        return "future"
    if kind in _CLOSED_KINDS or (kind == "RuntimeError" and _CLOSED.fullmatch(text)):
        return "closed"
    undefined = _UNDEFINED.fullmatch(text) if kind == "NameError" else None
    return "notebook" if undefined and undefined[1] in _NOTEBOOK else "raised"


def notes(passed: Sequence[PassedOver], more: int = 0) -> tuple[str, ...]:
    """The notes on what was passed over: the first few, and how many there are beside them."""
    said = [note(one) for one in passed[:MOST_NOTES]]
    left = sum(1 + len(one.follows) for one in passed[MOST_NOTES:]) + more
    if left:
        said.append(f"{left} more {_plural(left, 'statement was', 'statements were')} passed over.")
    return tuple(said)


def note(one: PassedOver) -> str:
    """What was passed over, why, and what to do."""
    place = where(one.label, one.line)
    says = _SAYS[one.kind].format(
        begin=f"{place}, `{one.text}`," if one.text else place,
        because=one.because or "an exception",
        in_brackets=f" ({one.because})" if one.because else "",
        main=MAIN,
        imports=IMPORTS,
        seconds=f"{one.seconds:g} {_plural(one.seconds, 'second', 'seconds')}",
    )
    return f"{says}{_following(one)}"


def _following(one: PassedOver) -> str:
    if not one.follows:
        return ""
    shown = list(one.follows[:MOST_FOLLOWING])
    more = len(one.follows) - len(shown)
    if more:
        shown.append(f"{more} more {_plural(more, 'place', 'places')}")
    places = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    names = " and ".join(f"`{name}`" for name in one.names[:2])
    return f" So was what needs {names}: {places}."


def _plural(count: float, one: str, many: str) -> str:
    return one if count == 1 else many


_SAYS: Mapping[str, str] = {
    "module": "{begin} was passed over: there is no module `{because}` when it is graded. {imports}",
    "notebook": "{begin} was passed over: it works in a running notebook only.",
    "input": "{begin} was passed over: it asks for input, and nobody is there to type. Put it under `{main}`.",
    "closed": "{begin} was passed over: files, the network, threads and other programs are closed when it is "
    "graded. Put it under `{main}`.",
    "debugger": "{begin} was passed over: a debugger stops here, and nobody is there to steer it. Take it out.",
    "decorator": "{begin} was passed over: no decorator of this name is there. What stands below it "
    "is graded without it.",
    "exit": "{begin} was passed over: it ends the program. Put it under `{main}`, or take it out.",
    "future": "{begin} stands too late: Python wants it before everything else in the file.",
    "syntax": "{begin} was passed over: Python cannot compile it{in_brackets}.",
    "raised": "{begin} was passed over: it raised {because}.",
    "timeout": "{begin} was stopped after {seconds} and passed over. Put training and trials under `{main}`: "
    "then they run for you, and not when it is graded.",
    "crashed": "{begin} was passed over: it ended the whole process{in_brackets}.",
    "time": "Loading took too long, so only definitions, imports and assignments were run. Put training and trials "
    "under `{main}`.",
}
