"""Operators on whole statements: one left out, two exchanged, one moved out of its loop, a guard taken away."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import TypeGuard

from grader.operators.scope import LOOPS, Scope
from grader.operators.texts import Edit
from grader.syntax import FUNCTIONS, dotted

_MOST_RESULTS = 5  # names that may be what a function was to give back
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.AnnAssign)


def drop_statement(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A statement that is not run, with all that is in it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, (*_SIMPLE, *LOOPS, ast.If, ast.Delete)):
        yield scope.text.instead("drop_statement", node, "pass")


def drop_guard(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`with torch.no_grad():` and `if …:` without what they do: their bodies run."""
    if isinstance(node, ast.If):
        for condition in ("True", "False"):
            yield scope.text.instead("drop_guard", node.test, condition)
    elif isinstance(node, ast.With):
        item = node.items[-1]
        start, last = scope.text.span(node)[0], scope.text.span(item.optional_vars or item.context_expr)[1]
        colon = scope.text.source.index(":", last)  # behind a bracket around all items, where there is one
        yield scope.text.edit("drop_guard", (start, colon, "if True"))


def exchange_statements(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """Two statements, one after the other, the other way round; and one moved behind the next but one."""
    text = scope.text
    for body in _bodies(node):
        for place, statement in enumerate(body):
            for other in body[place + 1 : place + 3]:
                if isinstance(statement, _SIMPLE) and isinstance(other, _SIMPLE):
                    between = body[place + 1 : body.index(other)]
                    if not between:
                        first, second = text.of(statement), text.of(other)
                        yield text.edit(
                            "exchange_statements", (*text.span(statement), second), (*text.span(other), first)
                        )
                    elif isinstance(between[0], _SIMPLE):
                        start, end = text.span(statement)[0], text.span(other)[1]
                        passage = text.source[text.span(between[0])[0] : end]
                        joined = f"{passage}\n{text.indent(other)}{text.of(statement)}"
                        yield text.edit("exchange_statements", (start, end, joined))


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        body = getattr(node, field, None)
        if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
            yield body


def out_of_loop(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """The last statement of a loop, behind it instead; and the one behind a loop, in it."""
    if isinstance(node, LOOPS) and len(node.body) > 1 and node.lineno != node.body[-1].lineno:
        last = node.body[-1]
        start = scope.text.span(last)[0]
        inner, outer = scope.text.indent(last), scope.text.indent(node)
        if last.lineno == last.end_lineno and inner.startswith(outer):
            begin = start - len(inner)
            yield scope.text.edit("out_of_loop", (begin, start, outer))
    for body in _bodies(node):
        for loop, behind in itertools.pairwise(body):
            if isinstance(loop, LOOPS) and behind.lineno == behind.end_lineno and isinstance(behind, _SIMPLE):
                start = scope.text.span(behind)[0]
                inner = scope.text.indent(loop.body[0])
                if loop.body[0].lineno != loop.lineno:
                    yield scope.text.edit("into_loop", (start - len(scope.text.indent(behind)), start, inner))


def keep_on_object(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """What a method keeps on `self` and reads again is its own instead: nothing stays from call to call."""
    if not isinstance(node, ast.Assign) or scope.owner is None or scope.function.name == "__init__":
        return
    for target in node.targets:
        name = dotted(target)
        if name.startswith("self.") and name.count(".") == 1:
            yield scope.text.instead("keep_nothing", target, name.replace(".", "_"))


def give_nothing_more(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return a, b` → `return a` or `return b`; `return a` → `return a, b` for each name that was computed."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    text, value = scope.text, node.value
    if isinstance(value, ast.Tuple):
        for part in value.elts:
            yield text.instead("other_result", value, text.of(part))
        for count in range(1, len(value.elts)):
            first = ", ".join(text.of(part) for part in value.elts[:count])
            for name in scope.forgotten:
                yield text.instead("other_result", value, f"{first}, {name}")
        return
    for name in [*scope.bound][::-1]:
        yield text.instead("other_result", value, f"{text.of(value)}, {name}")
        yield text.instead("other_result", value, f"{name}, {text.of(value)}")
        yield text.instead("other_result", value, name)


def give_back(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A function that gives nothing back gives back what it computed last: one name, or two."""
    body = scope.function.body
    if node is not body[-1] or any(_is_result(scope, inner) for inner in scope.nodes):
        return
    names = [*scope.filled][::-1][:_MOST_RESULTS]
    end = scope.text.span(node)[1]
    place = (*scope.text.span(node),) if isinstance(node, (ast.Return, ast.Pass)) else (end, end)
    lead = "" if isinstance(node, (ast.Return, ast.Pass)) else f"\n{scope.text.indent(body[0])}"
    for result in [*names, *(f"{first}, {second}" for first, second in itertools.permutations(names, 2))]:
        yield scope.text.edit("give_back", (*place, f"{lead}return {result}"))


def _is_result(scope: Scope, node: ast.AST) -> bool:
    """Whether a node gives something back from the function itself, and from none that is nested in it."""
    if not isinstance(node, ast.Return) or node.value is None:
        return False
    above = scope.parent(node)
    while above is not None and not isinstance(above, (*FUNCTIONS, ast.Lambda)):
        above = scope.parent(above)
    return above is scope.function


def make_default(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """What another function of the file does where an argument is None, for an argument that is never asked."""
    if node is not scope.first:
        return
    start = scope.text.span(node)[0]
    guarded = {_compared_value(scope, inner) for inner in scope.nodes if _asks_for_none(inner)}
    guards = [guard.body[0] for guard in scope.text.nodes if _asks_for_none(guard)]
    values = [scope.text.of(setting.value) for setting in guards if isinstance(setting, ast.Assign)]
    if scope.is_torch and scope.parameters:
        first = scope.parameters[0]
        values += [f"{first}.new_zeros({first}.shape[0], {name})" for name in scope.attributes]
    for name in sorted(scope.optional - guarded):
        for value in dict.fromkeys(values):
            if "\n" not in value:
                lines = f"{name} = ({value}) if {name} is None else {name}\n{scope.text.indent(node)}"
                yield scope.text.edit("make_default", (start, start, lines))


def _compared_value(scope: Scope, node: ast.If) -> str:
    """What the test of an `if` compares."""
    return scope.text.of(node.test.left) if isinstance(node.test, ast.Compare) else ""


def _asks_for_none(node: ast.AST) -> TypeGuard[ast.If]:
    test = getattr(node, "test", None)
    return isinstance(node, ast.If) and isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is)
