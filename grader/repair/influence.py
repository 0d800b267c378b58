"""Which lines of a function its wrong results depend on, and its right ones do not: a mistake is rather there.

Read off the text alone: which names go into which, not in which order. So a line may be said to go into a
result and does not, and never the other way round, but for what is changed out of sight.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.syntax import DEFINITIONS, Function


@dataclass(frozen=True)
class _Flow:
    """What one part of a statement gives values to, what goes into them, and the lines that it stands in."""

    targets: frozenset[str]
    sources: frozenset[str]
    lines: range


def suspects(function: Function, wrong: Collection[int], right: Collection[int]) -> frozenset[int]:
    """The lines that go into a wrong result and into no right one; none where that tells nothing.

    `wrong` and `right` are places in the tuple that the function gives back.

    >>> text = "def f(x):\\n    a = x + 1\\n    b = x * 2\\n    return a, b\\n"
    >>> sorted(suspects(ast.parse(text).body[0], wrong=[1], right=[0]))
    [3]
    """
    if not wrong or not right:
        return frozenset()
    flows = [*_flows(function.body, frozenset())]
    results = [*_returns(function)]
    count = max((*wrong, *right)) + 1
    parts = [_results(result, count) for result in results]
    if not parts or any(part is None for part in parts):
        return frozenset()
    into_right = _reaching(flows, [node for part in parts if part for at in right for node in part[at]])
    into_wrong = _reaching(flows, [node for part in parts if part for at in wrong for node in part[at]])
    lines = {
        line
        for flow in flows
        if flow.targets & into_wrong and not flow.targets & into_right
        for line in flow.lines
    }
    returned = [node for part in parts if part for at in wrong for node in part[at]]
    computed = [node for node in returned if not isinstance(node, ast.Name)]
    # A name that is given back is seldom the wrong one where it is given a value of its own.
    for node in computed or ([] if lines else returned):
        lines |= {*range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    return frozenset(lines)


def _returns(function: Function) -> Iterator[ast.Return]:
    """What gives something back from the function itself, and from none that is nested in it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            yield node
        elif not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _results(result: ast.Return, count: int) -> list[list[ast.expr]] | None:
    """The expressions that each of the results is made of; None where the text does not tell."""
    if not isinstance(result.value, ast.Tuple):
        return None
    parts: list[list[ast.expr]] = []
    for place, part in enumerate(result.value.elts):
        if isinstance(part, ast.Starred):  # any of these is any of the others
            rest: list[ast.expr] = [*result.value.elts[place:]]
            return [*parts, *([rest] * (count - len(parts)))] if len(parts) < count else parts
        parts.append([part])
    return parts if len(parts) >= count else None


def _reaching(flows: Sequence[_Flow], nodes: Sequence[ast.expr]) -> set[str]:
    """The names that go into some expressions, by way of others too."""
    reached = {name for node in nodes for name in _names(node)}
    while more := {
        name for flow in flows if flow.targets & reached for name in flow.sources if name not in reached
    }:
        reached |= more
    return reached


def _flows(body: Sequence[ast.stmt], conditions: frozenset[str]) -> Iterator[_Flow]:
    """What each statement does; `conditions` are the names that decide whether it is run."""
    for node in body:
        yield from _flows_of(node, conditions)
        decides = conditions
        if isinstance(node, (ast.If, ast.While)):
            decides = conditions | _names(node.test)
        for field in ("body", "orelse", "finalbody"):
            if not isinstance(node, DEFINITIONS):
                yield from _flows(getattr(node, field, []), decides)
        for handler in getattr(node, "handlers", []):
            yield from _flows(handler.body, decides)


def _flows_of(node: ast.stmt, conditions: frozenset[str]) -> Iterator[_Flow]:
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value, conditions, lines)
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)) and node.value is not None:
        yield from _assigned(node.target, node.value, conditions, lines)
    elif isinstance(node, ast.For):
        yield from _assigned(node.target, node.iter, conditions, range(node.lineno, node.lineno + 1))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        # A call for its effect: what it is a method of, or what it is given, may change.
        names = _names(node.value)
        is_method = isinstance(node.value.func, ast.Attribute)
        changed = _names(node.value.func) if is_method else names
        yield _Flow(changed or names, names | conditions, lines)
    elif isinstance(node, DEFINITIONS):
        names = frozenset(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
        yield _Flow(frozenset({node.name}), names | conditions, lines)
    for inner in ast.walk(node) if isinstance(node, (ast.Assign, ast.Expr, ast.Return)) else ():
        if isinstance(inner, ast.NamedExpr):
            yield from _assigned(inner.target, inner.value, conditions, lines)


def _assigned(target: ast.expr, value: ast.expr, conditions: frozenset[str], lines: range) -> Iterator[_Flow]:
    """What is given to what; of as many targets as values, each to each."""
    if isinstance(target, (ast.Tuple, ast.List)):
        values = [value] * len(target.elts)
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            values = [*value.elts]
        for inner, part in zip(target.elts, values):
            yield from _assigned(inner, part, conditions, lines)
    else:
        root, indices = target, frozenset[str]()
        while isinstance(root, (ast.Subscript, ast.Starred)):
            indices |= _names(root.slice) if isinstance(root, ast.Subscript) else frozenset()
            root = root.value
        yield _Flow(_names(root), _names(value) | indices | conditions, lines)


def _names(node: ast.AST) -> frozenset[str]:
    """The names in an expression; an attribute of `self` is one of its own."""
    names: set[str] = set()
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if (
            isinstance(inner, ast.Attribute)
            and isinstance(inner.value, ast.Name)
            and inner.value.id == "self"
        ):
            names.add(f"self.{inner.attr}")
            continue
        if isinstance(inner, ast.Name):
            names.add(inner.id)
        waiting += ast.iter_child_nodes(inner)
    return frozenset(names)
