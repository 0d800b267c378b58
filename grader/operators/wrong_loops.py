"""Makers of wrong edits of loops: too short, turned round, or carrying nothing on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import dotted
from grader.operators.wrong import Site, Wrong


def loops(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A loop that is too short, turned round, or that carries nothing on."""
    if not isinstance(node, ast.For):
        return
    scope, text = site.scope, site.scope.text
    hint = (
        "Print the counter of your loop in each round, for a small size. Which round is missing, or too many?"
    )
    inner: ast.AST = node.iter
    turned = isinstance(inner, ast.Call) and dotted(inner.func) == "reversed" and len(inner.args) == 1
    title = "The loop runs from the other end"
    if turned and isinstance(inner, ast.Call):
        yield site.wrong("loop_turned", inner, text.of(inner.args[0]), title, hint)
        inner = inner.args[0]
    if isinstance(inner, ast.Call) and dotted(inner.func) == "range" and len(inner.args) == 1:
        size = site.of(inner.args[0])
        if not turned:
            yield site.wrong("loop_turned", inner, f"reversed(range({size}))", title, hint)
        first, last = "The loop leaves out index 0", "The loop leaves out the last index"
        yield site.wrong("loop_short", inner, f"range(1, {size})", first, hint)
        yield site.wrong("loop_short", inner, f"range({size} - 1)", last, hint)
        for other in scope.sizes:
            if other != size:
                yield site.wrong(
                    "loop_axis", inner, f"range({other})", "The loop runs over another size", hint
                )
    before = _given_before(site, node)
    for name, value in before.items():
        reads = [
            one
            for statement in node.body
            for one in ast.walk(statement)
            if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load)
        ]
        asked = "Which value does your second round begin with? Where was that computed?"
        of_name = site.words.name(ast.Name(name, ast.Load())) or "A value"
        title = f"{of_name} is not carried on: every round begins with the first value"
        several = [*reads, *[one for one in reads[:2] if len(reads) > 1]]
        groups = [reads, *[[one] for one in several[:3]]]
        for group in groups:
            edit = text.edit("not_carried", *[(*text.span(one), f"({value})") for one in group])
            yield Wrong("not_carried", edit, title, asked)
        subject = "A value that the loop carries on"
        mean = f"{name} * 0 + {name}.mean(0)"
        edit = text.edit("mixed", *[(*text.span(one), f"({mean})") for one in reads])
        title = f"{subject} is averaged over its first axis"
        yield Wrong("mixed", edit, title, "May one sample know anything of another?")
        if scope.is_torch:
            edit = text.edit("cut_off", *[(*text.span(one), f"{name}.detach()") for one in reads])
            title = "No gradient flows back through what the loop carries on"
            yield Wrong("cut_off", edit, title, "How far back does the gradient of your last round reach?")
        end = text.span(node.body[-1])[1]
        inside = {
            one.id
            for statement in node.body
            for one in ast.walk(statement)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id != name
        }
        for other in sorted(inside):
            edit = text.edit("carried_other", (end, end, f"\n{text.indent(node.body[-1])}{name} = {other}"))
            title = f"The loop carries {site.words.of(ast.Name(other, ast.Load()))} on, where another value belongs"
            yield Wrong("carried_other", edit, title, asked)


def _given_before(site: Site, loop: ast.For) -> dict[str, str]:
    """The names that a loop carries on, with what they were given before it."""
    stored = {
        one.id for one in ast.walk(loop) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    given: dict[str, str] = {}
    for node in site.scope.nodes:
        if isinstance(node, ast.Assign) and node.lineno < loop.lineno and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id in stored:
                given[target.id] = site.scope.text.of(node.value)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts):
                    if isinstance(one, ast.Name) and one.id in stored:
                        given[one.id] = site.scope.text.of(value)
    return {name: value for name, value in given.items() if "\n" not in value and value != "[]"}
