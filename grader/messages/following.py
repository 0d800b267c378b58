"""Which statements failed only because another one had not done its work: `p.join()` after a refused `p.start()`.

That a name is not there is told by the exception itself. Here is the other half: what a statement was to do to an
object or a file, read off both statements as trees. Only what the place of grading has refused or ended counts as not
done: where code of the student's raised something, the next exception is news of its own.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from grader.subject.statements import Statement, numbered
from grader.syntax import DEFINITIONS

_REFUSED = frozenset(["closed", "input"])
#: Of what was ended it is not known how far it came: nothing that it was given needs to be as it should.
_ENDED = frozenset(["timeout", "crashed"])
CAUSES = _REFUSED | _ENDED  # kinds of what others may have failed for
_RAISED = frozenset(["raised", "closed"])
_NO_PATH = re.compile(r"[rwxab+tU]{1,4}|utf-?8|latin-?1|ascii|.*://.*", re.IGNORECASE | re.DOTALL)
_DEFINITIONS = (*DEFINITIONS, ast.Import, ast.ImportFrom)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)


@dataclass(frozen=True)
class FailedStatement:
    """A statement that was passed over: `kind` as PassedOver.kind, and the file that it stands in."""

    kind: str
    label: str
    source: str
    statement: Statement


def follows(later: FailedStatement, earlier: FailedStatement) -> bool:
    """Whether `later` failed because `one` did, or for the very same file."""
    if earlier.kind not in CAUSES or later.kind not in _RAISED:
        return False
    if earlier.kind == later.kind == "closed" and _share_a_path(earlier, later):
        return True
    acted_on = (
        _names_read([earlier.statement.node])
        if earlier.kind in _ENDED
        else _receivers(earlier.statement.node)
    )
    shared = (acted_on & _names_read([later.statement.node])) - later.statement.binds
    return any(_is_the_same(name, earlier, later) for name in shared)


def _receivers(node: ast.stmt) -> set[str]:
    """The variables whose methods a statement calls for what they do: `p` of `p.start()`, and `ps` of `for p in ps`."""
    if isinstance(node, ast.For):
        calls: list[ast.expr] = [inner.value for inner in node.body if isinstance(inner, ast.Expr)]
        of_loops = _names_read([node.iter])
    elif isinstance(node, ast.Expr) and isinstance(node.value, _COMPREHENSIONS):
        calls = [node.value.elt]
        of_loops = _names_read([generator.iter for generator in node.value.generators])
    else:
        calls, of_loops = [node.value] if isinstance(node, ast.Expr) else [], set()
    roots = {root(call.func) for call in calls if isinstance(call, ast.Call)} - {""}
    return roots | of_loops if roots else set()


def root(node: ast.AST) -> str:
    """The name that a chain of attributes, calls and places begins with: "p" of `p.pool[0].start`; else ""."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript, ast.Expr)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _names_read(nodes: Iterable[ast.AST]) -> set[str]:
    every = (part for node in nodes for part in ast.walk(node))
    return {part.id for part in every if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}


def _is_the_same(name: str, earlier: FailedStatement, later: FailedStatement) -> bool:
    """Whether a name is an object's, and the same one's in both statements. Of files between them nothing is known."""
    earlier_bindings, later_bindings = (_bindings(side.source).get(name, []) for side in (earlier, later))
    after = earlier_bindings[bisect_right(earlier_bindings, earlier.statement.number) :]
    before = later_bindings[: bisect_left(later_bindings, later.statement.number)]
    again = {*after} & {*before} if earlier.label == later.label else [*after, *before]
    return bool(earlier_bindings or later_bindings) and not again


@lru_cache(maxsize=64)
def _bindings(source: str) -> Mapping[str, list[int]]:
    """Where a source gives objects to the names at its top: the numbers of the statements. No functions or modules."""
    bindings: dict[str, list[int]] = {}
    for number, statement in sorted(numbered(source).items()):
        if not isinstance(statement.node, _DEFINITIONS):
            for name in statement.binds:
                bindings.setdefault(name, []).append(number)
    return bindings


@lru_cache(maxsize=64)
def _texts(source: str) -> Mapping[str, str]:
    """The names at the top of a source that are given a text, with it: also as `Path("data")`."""
    texts = {}
    for statement in numbered(source).values():
        if isinstance(statement.node, ast.Assign) and len(statement.node.targets) == 1:
            target, value = statement.node.targets[0], statement.node.value
            if isinstance(value, ast.Call) and len(value.args) == 1:
                value = value.args[0]
            if (
                isinstance(target, ast.Name)
                and isinstance(value, ast.Constant)
                and isinstance(value.value, str)
            ):
                texts[target.id] = value.value
    return texts


def _share_a_path(earlier: FailedStatement, later: FailedStatement) -> bool:
    """Whether two statements name one file, or the later one a file in the folder that the first one names."""
    folders, paths = set(_paths(earlier)), set(_paths(later))
    return any(
        path == folder or path.startswith(f"{folder.rstrip('/')}/") for folder in folders for path in paths
    )


def _paths(failed: FailedStatement) -> Iterator[str]:
    """The texts that are arguments of the calls in a statement, or stand at the beginning of one, or have methods."""
    texts = _texts(failed.source)
    calls = [part for part in ast.walk(failed.statement.node) if isinstance(part, ast.Call)]
    yield from (texts[name] for call in calls if (name := root(call.func)) in texts)
    for argument in (
        each for call in calls for each in [*call.args, *(word.value for word in call.keywords)]
    ):
        while isinstance(argument, ast.BinOp):
            argument = argument.left
        first = argument.values[0] if isinstance(argument, ast.JoinedStr) and argument.values else argument
        text = texts.get(first.id) if isinstance(first, ast.Name) else getattr(first, "value", None)
        if isinstance(text, str) and text and not _NO_PATH.fullmatch(text):
            yield text
