"""What was passed over while a submission was loaded: records of it, and the notes that a student reads.

THE ONE PLACE for these words, in a result and in `grader check`. A statement that failed because a name was not there
which another one would have bound belongs to that one's note, and so does what needs that it was run (`following`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from grader.messages import later_python
from grader.messages.following import CAUSES, FailedStatement, follows, root
from grader.messages.lookup import where
from grader.records import PassedOver
from grader.subject import operations as ops
from grader.subject import settings
from grader.subject.statements import Statement, decorator_name, decorators, optional_decorators
from grader.submissions.syntax_errors import cause_of
from grader.text import clean, counted, listed

MOST_NOTES = 5
MOST_FOLLOWING = 3  # places of what follows from a note
MOST_CAUSES = 20  # statements that others are held against
#: What can be imported, as a sentence after one that speaks of a module.
IMPORTS = "Python's own are there, numpy, torch, and your own .py files that you hand in with it."
MAIN = 'if __name__ == "__main__":'

_UNDEFINED = re.compile(r"name '(\w{1,60})' is not defined.*", re.DOTALL)
#: Names that a running notebook has and a program has not.
_NOTEBOOK = frozenset(
    ["get_ipython", "display", "displayHTML", "dbutils", "_deepnote_execute_sql", "In", "Out"]
)
#: What exceptions of Python, its databases and torch say of threads and files that cannot be had.
_CLOSED = re.compile(
    r"can't start new thread.*|Parent directory .*|File .* cannot be opened.*|.*open file failed.*"
    r"|unable to open database file|not allowed to raise maximum limit|current limit exceeds maximum limit",
    re.DOTALL,
)
_MAY_BE_CLOSED = frozenset(["RuntimeError", "OperationalError", "ValueError"])
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
class PassedStatement:
    """A statement that was passed over, as whoever loaded it knows it.

    `kind` is the exception's class, "timeout" or "crashed"; `text` is what it says, `shown` as much as may be shown.
    `bare`: it is a definition, and was made without its decorators.
    """

    statement: Statement
    label: str
    source: str
    kind: str
    text: str = ""
    shown: str = ""
    seconds: float = 0.0
    bare: bool = False


def of_decorator(raised: ops.Raised) -> ops.Raised:
    """What a decorator raised, of the exception that says that one did; any other exception as it is."""
    line, kind, text = [*raised.text.split(" ", 2), "", ""][:3]
    is_one = raised.kind == "FailingDecorator" and line.isdigit()
    return replace(raised, kind=kind, text=text) if is_one else raised


def records(failures: Iterable[PassedStatement]) -> tuple[PassedOver, ...]:
    """A record for each failure that does not follow from another, in the order of the failures."""
    records: list[PassedOver] = []
    owner: dict[str, int] = {}  # name -> the record of what would have bound it
    unnamed: set[str] = set()  # names that a record's own statement would not have bound
    causes: list[
        tuple[FailedStatement, int]
    ] = []  # what others may have failed for, with the record that tells it
    for failure in failures:
        expected = name if (name := _expected_name(failure)) in owner else ""
        failed = FailedStatement(_kind(failure), failure.label, failure.source, failure.statement)
        cause = (
            None
            if expected
            else next((at for passed_over, at in causes if follows(failed, passed_over)), None)
        )
        at = owner[expected] if expected else len(records) if cause is None else cause
        names = failure.statement.binds - owner.keys()
        place = where(failure.label, _line(failure))
        if expected and expected not in unnamed:
            records[at] = replace(records[at], follows=(*records[at].follows, place))
        elif expected or cause is not None:
            records[at] = replace(records[at], along=(*records[at].along, place))
            unnamed |= names
        else:
            record = _record(failure)
            if records and _is_same(records[-1], record):  # two names of one import
                at -= 1
                record = replace(records[-1], names=tuple(sorted({*records[-1].names, *record.names})))
            records[at:] = [record]
        if failed.kind in CAUSES and len(causes) < MOST_CAUSES:
            causes.append((failed, at))
        owner.update(dict.fromkeys(names, at))
    return tuple(records)


def _expected_name(failure: PassedStatement) -> str:
    """The name that a statement did not find, or would not have found; "" where it is not told by one."""
    if failure.kind == "BdbQuit":  # it was never run
        return root(failure.statement.node)
    undefined = _UNDEFINED.fullmatch(failure.text) if failure.kind in _NAME_KINDS else None
    return undefined[1] if undefined else ""


def _is_same(first: PassedOver, other: PassedOver) -> bool:
    return (first.kind, first.label, first.line, first.text) == (
        other.kind,
        other.label,
        other.line,
        other.text,
    )


def _record(failure: PassedStatement) -> PassedOver:
    rows = failure.source.split("\n")
    line = _line(failure)
    text = clean(rows[line - 1].strip(), 80) if line <= len(rows) else ""
    kind = _kind(failure)
    is_run = kind in ("decorator", "base", "setting")  # it was carried out all the same
    return PassedOver(
        kind,
        failure.label,
        line,
        text,
        _because(kind, failure),
        () if is_run else tuple(sorted(failure.statement.binds)),
        seconds=failure.seconds,
    )


def _because(kind: str, failure: PassedStatement) -> str:
    """What is to be said beside the kind; "" where the kind says all."""
    if kind == "module":
        return _module(failure.statement)
    if kind == "setting":
        return failure.text
    if kind == "syntax":
        return cause_of(failure.text, "")
    if kind == "base":
        return _bases(failure)
    if kind == "decorator" and failure.bare:
        return "it never came to an end" if failure.kind == "timeout" else "it ended the whole process"
    if kind == "decorator" and failure.kind == "FailingDecorator":
        return f"it raised {failure.shown}"
    later = later_python.needed(failure.text) if failure.kind == "ImportError" else ""
    sentence = f"{failure.shown}: {later}" if later else failure.shown
    return sentence if kind in ("raised", "crashed") else ""


def _line(failure: PassedStatement) -> int:
    """The line that was passed over: of a definition that was made without a decorator, that decorator's."""
    lines = []
    if failure.bare:
        lines = [decorator.lineno for decorator in optional_decorators(failure.statement.node)]
    elif failure.kind in ("MissingDecorator", "FailingDecorator"):
        missing = _UNDEFINED.fullmatch(failure.text)
        named, at = missing[1] if missing else "", failure.text.partition(" ")[0]
        every = decorators(failure.statement.node)
        lines = [
            decorator.lineno
            for decorator in every
            if decorator_name(decorator) == named or str(decorator.lineno) == at
        ]
    return min(lines, default=failure.statement.line)


def _bases(failure: PassedStatement) -> str:
    """The base classes that a class was made without."""
    node = failure.statement.node
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    missing = [base for number, base in enumerate(bases) if str(number) in failure.text.split()]
    names = " and ".join(f"`{clean(ast.unparse(base), 60)}`" for base in missing[:2])
    return f"{names}, as an `nn.Module`" if len(missing) == len(bases) else names


def _module(statement: Statement) -> str:
    """The module that a failing import is about."""
    node = statement.node
    if isinstance(node, ast.Import):
        return clean(node.names[0].name, 60)
    if _is_of_the_folder(node):
        return clean("." * node.level + node.names[0].name, 60)
    return clean("." * node.level + (node.module or ""), 60) if isinstance(node, ast.ImportFrom) else ""


def _is_of_the_folder(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    """Whether a statement is `from . import a`."""
    return isinstance(node, ast.ImportFrom) and bool(node.level) and not node.module


def _kind(failure: PassedStatement) -> str:
    kind, text = failure.kind, failure.text
    if failure.bare:
        return "decorator"
    if kind in ("timeout", "crashed"):
        return kind
    if kind == "ProcessWide" and text in settings.NAMES:
        return "setting"
    if kind == "MissingBase" and isinstance(failure.statement.node, ast.ClassDef):
        return "base"
    if _wants_arguments(kind, failure.statement.node):
        return "arguments"
    if kind in ("SystemExit", "KeyboardInterrupt"):
        return "exit"
    if kind == "ModuleNotFoundError" and isinstance(failure.statement.node, (ast.Import, ast.ImportFrom)):
        return "module"
    if kind == "ImportError" and _is_of_the_folder(failure.statement.node):
        return "module"
    if kind in ("MissingDecorator", "FailingDecorator"):
        return "decorator"
    if kind == "BdbQuit":
        return "debugger"
    if kind == "EOFError":
        return "input"
    if kind == "Syntax":
        return "syntax"
    if kind == "SyntaxError" and "__future__" in text:
        return "future"
    if kind in _CLOSED_KINDS or (kind in _MAY_BE_CLOSED and _CLOSED.fullmatch(text)):
        return "closed"
    if kind == "TopLevelAwait":
        return "notebook"
    undefined = _UNDEFINED.fullmatch(text) if kind == "NameError" else None
    return "notebook" if undefined and undefined[1] in _NOTEBOOK else "raised"


def _wants_arguments(kind: str, node: ast.stmt) -> bool:
    """Whether a statement failed for want of what one types behind the name of a program."""
    attributes = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    if kind == "SystemExit":
        return bool(attributes & {"parse_args", "parse_known_args"})
    return kind in ("IndexError", "ValueError") and "argv" in attributes


def notes(passed: Sequence[PassedOver], more: int = 0) -> tuple[str, ...]:
    """The notes on what was passed over: the first few, and how many there are beside them."""
    sentences = [note(statement) for statement in passed[:MOST_NOTES]]
    left_out = (
        sum(1 + len(passed_over.follows) + len(passed_over.along) for passed_over in passed[MOST_NOTES:])
        + more
    )
    if left_out:
        sentences.append(
            f"{counted(left_out, 'more statement')} {'was' if left_out == 1 else 'were'} passed over."
        )
    return tuple(sentences)


def note(passed: PassedOver) -> str:
    """What was passed over, why, and what to do."""
    place = where(passed.label, passed.line)
    says = _SAYS[passed.kind].format(
        begin=f"{place}, `{passed.text}`," if passed.text else place,
        because=passed.because or _UNSAID.get(passed.kind, "an exception"),
        in_brackets=f" ({passed.because})" if passed.because else "",
        main=MAIN,
        imports=IMPORTS,
        seconds=counted(passed.seconds, "second"),
    )
    if passed.follows:
        names = " and ".join(f"`{name}`" for name in passed.names[:2])
        says += f" Passed over with it, for want of {names}: {_places(passed.follows)}."
    return f"{says} Passed over along with it: {_places(passed.along)}." if passed.along else says


def _places(every: Sequence[str]) -> str:
    more = len(every) - MOST_FOLLOWING
    return listed([*every[:MOST_FOLLOWING], *([counted(more, "more place")] if more > 0 else [])])


#: Stands for what is not said.
_UNSAID: Mapping[str, str] = {"decorator": "no decorator of this name is there"}
_SAYS: Mapping[str, str] = {
    "module": "{begin} was passed over: there is no module `{because}` when it is graded. {imports}",
    "notebook": "{begin} was passed over: it works in a running notebook only.",
    "input": "{begin} was passed over: it asks for input, and nobody is there to type. Put it under `{main}`.",
    "closed": "{begin} was passed over: files, the network, threads and other programs are closed when it is "
    "graded. Put it under `{main}`.",
    "debugger": "{begin} was passed over: a debugger stops here, and nobody is there to steer it. Take it out.",
    "decorator": "{begin} was passed over: {because}. What stands below it is graded without it.",
    "base": "{begin} is graded without {because}: what else it needs of that is not there.",
    "setting": "{begin} changes {because} for the whole program that uses your functions. It is put back before they "
    "are used: do not rely on it.",
    "arguments": "{begin} was passed over: it reads what is typed behind the program's name, and your file is imported "
    "when it is graded. Put it under `{main}`, or give the names their values here.",
    "exit": "{begin} was passed over: it ends the program. Put it under `{main}`, or take it out.",
    "future": "{begin} stands too late: Python wants it before everything else in the file.",
    "syntax": "{begin} was passed over: {because}.",
    "raised": "{begin} was passed over: it raised {because}. Put it right, or under `{main}` if it is a trial.",
    "timeout": "{begin} was stopped after {seconds} and passed over. Put training and trials under `{main}`: "
    "then they run for you, and not when it is graded.",
    "crashed": "{begin} was passed over: it ended the whole process{in_brackets}. Put it under `{main}`, or take it "
    "out.",
    "time": "Loading took too long, so only definitions, imports and assignments were run. Put training and trials "
    "under `{main}`.",
}
