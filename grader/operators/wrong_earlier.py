"""A maker of wrong edits of what an earlier statement computed: a factor that comes in before its matrix product."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import named
from grader.operators.wrong import Site, Wrong

_DEEPEST = 3  # names, one computed from the other, behind which a product is looked for


def factors_through_names(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`b = a @ w`, then `c * b` → `(c * a) @ w`; likewise through `b, d = split(a @ w + v, 2)`."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    hint = "What comes first, this factor or the matrix product? Work it out for two rows and columns."
    for value, factor in ((node.right, node.left), (node.left, node.right)):
        text = (
            _multiplied(site, value, site.of(factor), node, _DEEPEST) if isinstance(value, ast.Name) else ""
        )
        if text:
            words = site.words.of(factor)
            title = f"{words[:1].upper()}{words[1:]} multiplies what goes into a matrix product"
            where = f"{site.words.where(node)}, not what comes out"
            yield site.wrong("factor_moved", node, f"({text})", f"{title}{where}", hint)


def _multiplied(site: Site, value: ast.expr, factor: str, at: ast.AST, deep: int) -> str:
    """The text of a value, a factor put into its only matrix product; "" where there is none, or more."""
    start = site.scope.text.span(value)[0]
    inner = [
        part for part in ast.walk(value) if isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult)
    ]
    spans: list[tuple[int, int, str]] = []
    if inner:
        spans = [(*site.scope.text.span(part.left), f"({factor} * {site.of(part.left)})") for part in inner]
    elif deep:
        for name in named(value, ast.Load):
            computed = _computed(site, name.id, at)
            text = computed and _multiplied(site, computed[0], factor, at, deep - 1)
            if computed and text:
                spans.append((*site.scope.text.span(name), f"({text}){computed[1]}"))
    if len(spans) != 1:
        return ""
    ((first, last, instead),) = spans
    own = site.scope.text.of(value)
    return f"{own[: first - start]}{instead}{own[last - start :]}"


def _computed(site: Site, name: str, at: ast.AST) -> tuple[ast.expr, str] | None:
    """What a name was last given before a node, and the index of its part; None where that may be another by then."""
    end = site.scope.text.span(at)[0]
    before = [
        (site.scope.text.span(statement)[1], statement)
        for statement in site.scope.nodes
        if isinstance(statement, ast.Assign)
        and site.scope.text.span(statement)[1] <= end
        and any(target.id == name for target in named(statement, ast.Store))
    ]
    if not before:
        return None
    given, statement = before[-1]
    target = statement.targets[0]
    parts = target.elts if isinstance(target, ast.Tuple) else []
    places = [place for place, part in enumerate(parts) if isinstance(part, ast.Name) and part.id == name]
    is_plain = len(statement.targets) == 1 and (isinstance(target, ast.Name) or len(places) == 1)
    read = {part.id for part in named(statement.value, ast.Load)}
    stored = [
        part for part in site.scope.nodes if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    ]
    is_stale = any(part.id in read and given <= site.scope.text.span(part)[0] < end for part in stored)
    within = set(site.scope.loops(statement)) <= set(site.scope.loops(at))
    if not is_plain or is_stale or not within or isinstance(statement.value, ast.Tuple):
        return None
    return statement.value, f"[{places[0]}]" if places else ""
