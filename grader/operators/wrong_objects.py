"""Makers of wrong edits of objects that learn: what is registered, what gradients reach, what is kept between calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from grader.operators.wrong import Site, Wrong
from grader.operators.wrong_whole import reads
from grader.syntax import dotted

REGISTERED = "Which weights does `list(module.parameters())` show? An optimizer sees only these."
BEGUN = "What do the weights hold before the first step of learning? Is each unit different?"


def cut_off(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """In torch: values behind which no gradient flows."""
    scope = site.scope
    if not scope.is_torch or scope.owner is None or scope.function.name == "__init__":
        return
    hint = (
        "Call `backward()` on the sum of your result. Which parameters have a gradient, and which have none?"
    )
    if node is scope.function:
        every = [
            name
            for name in (*scope.parameters, *scope.attributes)
            if reads(site, name) and name not in scope.optional
        ]
        for name in every:
            subject = site.words.of(ast.parse(name, mode="eval").body)
            edits = [
                (*scope.text.span(read), f"{name}.detach()")
                for read in reads(site, name)
                if _is_value(scope.parent(read))
            ]
            if edits:
                title = f"No gradient reaches {subject}"
                yield Wrong("cut_off", scope.text.edit("cut_off", *edits), title, hint)
            # A weight that is used twice, as one that both reads and writes: cut off where it is used once.
            for edit in edits if len(edits) > 1 and name in scope.attributes else ():
                title = f"No gradient flows through {subject} at one of the places that use it"
                yield Wrong("cut_off", scope.text.edit("cut_off", edit), title, hint)
    if isinstance(node, (ast.Assign, ast.Return)) and node.value is not None:
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        where = site.words.where(node)
        for part in parts:
            if not isinstance(part, (ast.Constant, ast.Tuple)):
                title = f"No gradient flows through {site.words.of(part)}{where}"
                yield site.wrong("cut_off", part, f"{site.of(part)}.detach()", title, hint)


def _is_value(above: ast.AST | None) -> bool:
    """Whether what stands below this node is used for its numbers, as it is or transposed, not for its size or so."""
    return not isinstance(above, ast.Attribute) or above.attr in ("T", "mT", "t", "transpose")


def set_up(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """In `__init__`: weights that are zero, of another dtype, of exchanged sizes, or not set up."""
    scope = site.scope
    if scope.function.name != "__init__" or scope.owner is None:
        return
    if node is scope.function:
        yield from _all_weights(site)
    if isinstance(node, ast.Expr) and scope.text.of(node).startswith("super"):
        hint = "What must every `__init__` of a module do first?"
        yield site.wrong("not_set_up", node, "pass", "The module is not set up", hint)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _is_of_self(node):
        yield from _attribute(site, node, node.value)


def _is_of_self(node: ast.Assign) -> bool:
    return dotted(node.targets[0]).startswith("self.")


def _is_parameter(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and dotted(node.func).endswith("Parameter") and bool(node.args)


def _all_weights(site: Site) -> Iterator[Wrong]:
    """All parameters of a module at once: not registered, zero, or frozen."""
    text = site.scope.text
    parameters = [node for node in site.scope.nodes if _is_parameter(node)]
    for kind, instead, title, hint in (
        ("not_registered", "({})", "The weights are no parameters of the module", REGISTERED),
        ("zero_weights", "{call}({} * 0)", "All weights begin with zeros", BEGUN),
        ("frozen", "{call}({}, requires_grad=False)", "The weights are kept from learning", REGISTERED),
    ):
        edits = [
            (*text.span(node), instead.format(site.of(node.args[0]), call=text.of(node.func)))
            for node in parameters
        ]
        if len(edits) > 1:
            yield Wrong(kind, text.edit(kind, *edits), title, hint)


def _attribute(site: Site, node: ast.Assign, value: ast.Call) -> Iterator[Wrong]:
    """One attribute that a module is given: a weight of another kind, or none."""
    name = site.words.name(node.targets[0]) or "A weight"
    text = site.scope.text.of(value)
    if _is_parameter(value):
        call, inner = site.scope.text.of(value.func), site.of(value.args[0])
        yield site.wrong("zero_weights", value, f"{call}({inner} * 0)", f"{name} begins with zeros", BEGUN)
        for instead in (f"{text}.double().float()", f"{call}({inner}).clone()", f"{text}.double()"):
            title = "A weight is no parameter of the module"
            yield site.wrong("not_registered", value, instead, title, REGISTERED)
        hint = "Compare the shape of each parameter with the hand-out."
        yield site.wrong("shape", value, f"{call}({inner}.T)", f"{name} has its axes exchanged", hint)
        yield site.wrong("shape", value, f"{call}({inner}[None])", f"{name} has an axis too many", hint)
    yield site.wrong(
        *("frozen", value, f"{text}.requires_grad_(False)"),
        *("A weight is kept from learning", "Does every parameter have `requires_grad`?"),
    )
    hint = "Compare the names of your parameters with the hand-out."
    yield site.wrong("missing", node, "pass", f"{name} is not there", hint)


def kept(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """What a call begins with, where nothing is given, is what the last one ended with."""
    scope, text = site.scope, site.scope.text
    test = node.test if isinstance(node, ast.If) else None
    returns = [node for node in scope.nodes if isinstance(node, ast.Return) and node.value is not None]
    if scope.owner is None or not isinstance(node, ast.If) or not returns:
        return
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Is):
        return
    state, last = text.of(test.left), returns[-1]
    end, indent = text.span(node.body[-1])[1], text.indent(node.body[-1])
    start = text.span(last)[0]
    hint = "Call it twice with the same input. What is different the second time?"
    for part in last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]:
        assert part is not None
        values = part.elts if isinstance(part, ast.Tuple) else [part]
        cut = ", ".join(f"({text.of(value)}).detach()" for value in values)
        value = f"({cut})" if isinstance(part, ast.Tuple) else cut
        edit = text.edit(
            "kept",
            (end, end, f"\n{indent}{state} = getattr(self, '_kept', {state})"),
            (start, start, f"self.__dict__['_kept'] = {value}\n{text.indent(last)}"),
        )
        yield Wrong("kept", edit, "Something is kept from one call to the next", hint)
