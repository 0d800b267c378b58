"""Which lines of a function its wrong results depend on, and its right ones do not: a mistake is rather there.

Read off the text alone: which names go into which, not in which order. So a line may be said to go into a
result and does not, and never the other way round, but for what is changed out of sight.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.syntax import DEFINITIONS, Function, dotted

Places = tuple[frozenset[int], frozenset[int]]  # of wrong results, and of right ones


@dataclass(frozen=True)
class _Flow:
    """What one part of a statement gives values to, what goes into them, and the lines that it stands in."""

    targets: frozenset[str]
    sources: frozenset[str]
    lines: range


@dataclass(frozen=True)
class Suspicion:
    """The lines of a function that go into wrong results alone, and of each helper that it calls the same question.

    `helpers` has, for the name that a function of the file or a method is called by (`f`, `self.f`), the places of its
    results that go into wrong results alone, and those that go into right ones.
    """

    lines: frozenset[int] = frozenset()
    helpers: Mapping[str, Places] = field(default_factory=dict)


def suspects(function: Function, wrong: Collection[int], right: Collection[int]) -> Suspicion:
    """What goes into a wrong result and into no right one; nothing where that tells nothing.

    `wrong` and `right` are places in the tuple that the function gives back.

    >>> text = "def f(x):\\n    a = x + 1\\n    b = x * 2\\n    return a, b\\n"
    >>> sorted(suspects(ast.parse(text).body[0], wrong=[1], right=[0]).lines)
    [3]
    """
    if not wrong or not right:
        return Suspicion()
    flows = [*_flows(function.body, frozenset())]
    results = [result.value for result in _returns(function) if result.value is not None]
    parts = [_results(value, max((*wrong, *right)) + 1) for value in results]
    if not parts or any(part is None for part in parts):
        return Suspicion()
    into_right = [node for part in parts if part for at in right for node in part[at]]
    into_wrong = [node for part in parts if part for at in wrong for node in part[at]]
    right_names, wrong_names = _reaching(flows, into_right), _reaching(flows, into_wrong)
    lines = {
        line
        for flow in flows
        if flow.targets & wrong_names and not flow.targets & right_names
        for line in flow.lines
    }
    returned = [node for node in into_wrong if not any(node is value for value in results)]
    computed = [node for node in returned if not isinstance(node, ast.Name)]
    # A name that is given back is seldom the wrong one where it is given a value of its own.
    for node in computed or ([] if lines else returned):
        lines |= {*range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    helpers = dict(_handed_on(results, frozenset(wrong), frozenset(right)))
    for name, (some_wrong, some_right) in _asked_for_several(
        function, wrong_names - right_names, right_names
    ):
        before = helpers.get(name, (frozenset(), frozenset()))
        helpers[name] = before[0] | some_wrong, before[1] | some_right
    return Suspicion(frozenset(lines), {name: (bad - good, good) for name, (bad, good) in helpers.items()})


def _handed_on(
    results: Sequence[ast.expr], wrong: frozenset[int], right: frozenset[int]
) -> Iterator[tuple[str, Places]]:
    """The helpers whose results are given back as they are: `return f(x)`."""
    for value in results:
        if isinstance(value, ast.Call) and (name := dotted(value.func)):
            yield name, (wrong, right)


def _asked_for_several(
    function: Function, wrong: Collection[str], right: Collection[str]
) -> Iterator[tuple[str, Places]]:
    """The helpers that give several names a value, `a, b = f(x)`, with the places of wrong names and of right ones."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        target, name = node.targets[-1], dotted(node.value.func)
        if not isinstance(target, ast.Tuple) or not name:
            continue
        before_star = itertools.takewhile(lambda part: not isinstance(part, ast.Starred), target.elts)
        names = [_names(part) for part in before_star]
        yield (
            name,
            (
                frozenset(place for place, some in enumerate(names) if some & {*wrong}),
                frozenset(place for place, some in enumerate(names) if some & {*right}),
            ),
        )


def _returns(function: Function) -> Iterator[ast.Return]:
    """What gives something back from the function itself, and from none that is nested in it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            yield node
        elif not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _results(value: ast.expr, count: int) -> list[list[ast.expr]] | None:
    """The expressions that each of the results is made of; None where the text does not tell.

    What is no tuple goes into all of them.
    """
    if not isinstance(value, (ast.Tuple, ast.List)):
        return [[value]] * count
    parts: list[list[ast.expr]] = []
    for place, part in enumerate(value.elts):
        if isinstance(part, ast.Starred):  # any of these is any of the others
            rest: list[ast.expr] = [*value.elts[place:]]
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
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(node, DEFINITIONS):
                yield from _flows(getattr(node, part, []), decides)
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
