"""Makers of wrong edits of objects that learn: what is registered, what gradients reach, what is kept between calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import dotted
from grader.operators.wrong import Site, Wrong
from grader.operators.wrong_whole import reads

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
                if not isinstance(scope.parent(read), ast.Attribute)
            ]
            if edits:
                title = f"No gradient reaches {subject}"
                yield Wrong("cut_off", scope.text.edit("cut_off", *edits), title, hint)
    if isinstance(node, (ast.Assign, ast.Return)) and node.value is not None:
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        where = site.words.where(node)
        for part in parts:
            if not isinstance(part, (ast.Constant, ast.Tuple)):
                title = f"No gradient flows through {site.words.of(part)}{where}"
                yield site.wrong("cut_off", part, f"{site.of(part)}.detach()", title, hint)


def set_up(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """In `__init__`: weights that are zero, of another dtype, of exchanged sizes, or not set up."""
    scope = site.scope
    if scope.function.name != "__init__" or scope.owner is None:
        return
    made = [
        one
        for one in scope.nodes
        if isinstance(one, ast.Call) and dotted(one.func).endswith("Parameter") and one.args
    ]
    if node is scope.function and len(made) > 1:
        for kind, text, title, asked in (
            ("not_registered", "({})", "The weights are no parameters of the module", REGISTERED),
            ("zero_weights", "{call}({} * 0)", "All weights begin with zeros", BEGUN),
            ("frozen", "{call}({}, requires_grad=False)", "The weights are kept from learning", REGISTERED),
        ):
            edits = [
                (*scope.text.span(one), text.format(site.of(one.args[0]), call=scope.text.of(one.func)))
                for one in made
            ]
            yield Wrong(kind, scope.text.edit(kind, *edits), title, asked)
    if isinstance(node, ast.Expr) and scope.text.of(node).startswith("super"):
        title = "The module is not set up"
        yield site.wrong(
            "not_set_up", node, "pass", title, "What must every `__init__` of a module do first?"
        )
    if (
        isinstance(node, ast.Assign)
        and dotted(node.targets[0]).startswith("self.")
        and isinstance(node.value, ast.Call)
    ):
        value = scope.text.of(node.value)
        target = site.words.name(node.targets[0]) or "A weight"
        inner = (
            node.value.args[0] if dotted(node.value.func).endswith("Parameter") and node.value.args else None
        )
        if inner is not None:
            parameter = scope.text.of(node.value.func)
            of = site.of(inner)
            asked, hint = REGISTERED, BEGUN
            yield site.wrong(
                "zero_weights", node.value, f"{parameter}({of} * 0)", f"{target} begins with zeros", hint
            )
            for text in (f"{value}.double().float()", f"{parameter}({of}).clone()"):
                yield site.wrong(
                    "not_registered", node.value, text, "A weight is no parameter of the module", asked
                )
            shapes = "Compare the shape of each parameter with the hand-out."
            title = f"{target} has its axes exchanged"
            yield site.wrong("shape", node.value, f"{parameter}({of}.T)", title, shapes)
        yield site.wrong(
            "frozen",
            node.value,
            f"{value}.requires_grad_(False)",
            "A weight is kept from learning",
            "Does every parameter have `requires_grad`?",
        )
        yield site.wrong(
            "missing",
            node,
            "pass",
            f"{target} is not there",
            "Compare the names of your parameters with the hand-out.",
        )


def kept(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """What a call begins with, where nothing is given, is what the last one ended with."""
    scope, text = site.scope, site.scope.text
    asked = (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.ops[0], ast.Is)
    )
    returned = [one for one in scope.nodes if isinstance(one, ast.Return) and one.value is not None]
    if scope.owner is None or not asked or not isinstance(node, ast.If) or not returned:
        return
    assert isinstance(node.test, ast.Compare)
    given, last = text.of(node.test.left), returned[-1]
    end, indent = text.span(node.body[-1])[1], text.indent(node.body[-1])
    assert last.value is not None
    parts = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
    hint = "Call it twice with the same input. What is different the second time?"
    for part in parts:
        several = part.elts if isinstance(part, ast.Tuple) else None
        cut = [f"({text.of(one)}).detach()" for one in several or [part]]
        value = f"({', '.join(cut)})" if several else cut[0]
        edit = text.edit(
            "kept",
            (end, end, f"\n{indent}{given} = getattr(self, '_kept', {given})"),
            (
                text.span(last)[0],
                text.span(last)[0],
                f"self.__dict__['_kept'] = {value}\n{text.indent(last)}",
            ),
        )
        yield Wrong("kept", edit, "Something is kept from one call to the next", hint)
