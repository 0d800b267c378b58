"""Makers of wrong edits of a whole function: two names exchanged, an argument ignored or changed, values cut off."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import dotted
from grader.operators.wrong import SHAPES, Site, Wrong

REGISTERED = "Which weights does `list(module.parameters())` show? An optimizer sees only these."
BEGUN = "What do the weights hold before the first step of learning? Is each unit different?"
_MOST_NAMES = 7
_MOST_SWAPS = 10


def _start(site: Site) -> tuple[int, str]:
    """Where the first statement of the function begins, its docstring left out, and the indent there."""
    body = site.scope.function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if documented and len(body) > 1 else body[0]
    return site.scope.text.span(first)[0], site.scope.text.indent(first)


def _first(site: Site, kind: str, line: str, title: str, hint: str) -> Wrong:
    """A statement before all others."""
    start, indent = _start(site)
    return Wrong(kind, site.scope.text.edit(kind, (start, start, f"{line}\n{indent}")), title, hint)


def _reads(site: Site, name: str) -> list[ast.AST]:
    return [
        node
        for node in site.scope.nodes
        if isinstance(node, (ast.Name, ast.Attribute))
        and dotted(node) == name
        and isinstance(node.ctx, ast.Load)
    ]


def names_exchanged(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Two arguments, attributes or values of one statement, each where the other belongs."""
    scope, text = site.scope, site.scope.text
    if node is not scope.function:
        return
    every = [
        name
        for name in (*scope.parameters, *scope.attributes)
        if name in {dotted(one) for one in scope.nodes}
    ]
    bound = [
        name
        for name in scope.bound
        if scope.bound[name] == 1 and name in scope.read and name not in scope.sizes
    ]
    hint = "Which belongs where? Say for each line what its values stand for."
    pairs = [*itertools.combinations(every[:_MOST_NAMES], 2)]
    pairs += [*itertools.combinations(bound, 2)][: 6 * _MOST_SWAPS]
    for one, other in pairs:
        reads = [(*text.span(read), other) for read in _reads(site, one)]
        reads += [(*text.span(read), one) for read in _reads(site, other)]
        first, second = (site.words.of(ast.parse(name, mode="eval").body) for name in (one, other))
        if not reads or not _reads(site, one) or not _reads(site, other):
            continue
        said = f"{first[:1].upper()}{first[1:]} and {second} have changed places"
        title = "Two values have changed places" if first == second else said
        yield Wrong("names_exchanged", text.edit("names_exchanged", *reads), title, hint)
    factors = [
        factor
        for product in scope.nodes
        if isinstance(product, ast.BinOp) and isinstance(product.op, ast.MatMult)
        for factor in (product.right,)
    ]
    if len(factors) > 1:
        edits = [
            (text.span(one)[1], text.span(one)[1], ".T") for one in factors if not isinstance(one, ast.BinOp)
        ]
        title = "The factors of all matrix products are used transposed"
        yield Wrong("all_transposed", text.edit("all_transposed", *edits), title, SHAPES)


def parts_exchanged(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Several values taken from one: in another order."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    for target in targets:
        given = node.value if isinstance(node, ast.Assign) else None
        if (
            isinstance(target, ast.Tuple)
            and isinstance(given, ast.Name)
            and given.id in site.scope.parameters
        ):
            end = site.scope.text.span(given)[1]
            for one in target.elts:
                name = site.scope.text.of(one)
                edit = site.scope.text.edit("ignored", (end, end, f"; {name} = {name} * 0"))
                hint = f"Change each part of `{given.id}` and call again. Does the result change each time?"
                yield Wrong("ignored", edit, f"A part of `{given.id}` is ignored", hint)
        if isinstance(target, ast.Tuple) and not isinstance(getattr(node, "value", None), ast.Tuple):
            texts = [site.scope.text.of(one) for one in target.elts]
            for here, there in itertools.combinations(range(len(texts)), 2):
                turned = [*texts]
                turned[here], turned[there] = turned[there], turned[here]
                title = "The parts of an array are taken in another order"
                hint = "In which order do the parts stand in the array? Which line says so in the hand-out?"
                yield site.wrong("parts_order", target, ", ".join(turned), title, hint)


def arguments(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """An argument ignored, averaged, needed although it may be left out, or changed."""
    scope = site.scope
    if node is not scope.function or scope.function.name == "__init__":
        return
    returned = [one.value for one in scope.nodes if isinstance(one, ast.Return) and one.value is not None]
    for name in scope.parameters:
        said = f"`{name}`"
        ignored, hint = (
            f"{said} is ignored",
            f"Change {said} and call again. Does the result change as it should?",
        )
        if name in scope.optional:
            yield _first(site, "ignored", f"{name} = None", ignored, hint)
            yield from _not_accepted(site, name)
            for which in ("max", "min"):
                line = f"{name} = None if {name} is None else [int({which}({name}))] * len({name})"
                title = f"One number of {said} counts for all"
                yield _first(site, "one_for_all", line, title, f"Try {said} with two different numbers.")
        else:
            yield _first(site, "ignored", f"{name} = {name} * 0", ignored, hint)
            mean = (
                f"{name} = {name} * 0 + {name}.mean(0)"
                if scope.is_torch
                else f"{name} = {name} * 0 + {name}.mean(axis=0)"
            )
            title = f"{said} is averaged over its first axis"
            yield _first(site, "mixed", mean, title, "May one sample know anything of another?")
            title = f"Only the first part of {said} is used"
            yield _first(site, "mixed", f"{name} = {name} * 0 + {name}[:1]", title, hint)
        changed, asked = (
            f"{said} is changed by the call",
            f"Print {said} before and after a call. Who else holds this array?",
        )
        for value in returned[:1]:
            parts = value.elts if isinstance(value, ast.Tuple) else [value]
            for part in parts:
                text = scope.text.of(part)
                line = (
                    f"with {scope.library}.no_grad():\n    {name}.copy_({text})"
                    if scope.is_torch
                    else f"{name}[...] = {text}"
                )
                yield _before_return(site, "changed", line, changed, asked)
        for line in (f"{name} += 1", f"{name} *= 0"):
            yield _first(site, "changed", line, changed, asked)
    for one in scope.nodes:
        if (
            isinstance(one, ast.If)
            and isinstance(one.test, ast.Compare)
            and isinstance(one.test.ops[0], ast.Is)
        ):
            left = scope.text.of(one.test.left)
            title = f"`{left}` cannot be left out"
            yield site.wrong(
                "needed", one.test, "False", title, "What does the hand-out say happens without it?"
            )


def _not_accepted(site: Site, name: str) -> Iterator[Wrong]:
    """The last argument, which may be left out, is none of the function."""
    scope, plain = site.scope, site.scope.function.args
    if not plain.args or plain.args[-1].arg != name or len(plain.args) < 2 or not plain.defaults:
        return
    begin, finish = scope.text.span(plain.args[-2])[1], scope.text.span(plain.defaults[-1])[1]
    if len(plain.defaults) > 1:
        begin = scope.text.span(plain.defaults[-2])[1]
    start, indent = _start(site)
    edit = scope.text.edit("not_accepted", (begin, finish, ""), (start, start, f"{name} = None\n{indent}"))
    yield Wrong("not_accepted", edit, f"`{name}` is not accepted", "Which arguments does the hand-out name?")


def in_place(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`new = given * other` → the given array itself is multiplied."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.BinOp) or len(node.targets) != 1:
        return
    for part, other in ((node.value.left, node.value.right), (node.value.right, node.value.left)):
        root: ast.AST = part
        while isinstance(root, ast.Subscript):
            root = root.value
        sign = {ast.Add: "+", ast.Mult: "*", ast.Sub: "-"}.get(type(node.value.op))
        if isinstance(root, ast.Name) and root.id in site.scope.parameters and sign:
            here, target = site.scope.text.of(part), site.scope.text.of(node.targets[0])
            line = f"{here} {sign}= {site.of(other)}; {target} = {here}"
            hint = f"Print `{root.id}` before and after a call. Who else holds this array?"
            yield site.wrong("changed", node, line, f"`{root.id}` is changed by the call", hint)


def _before_return(site: Site, kind: str, lines: str, title: str, hint: str) -> Wrong:
    last = [one for one in site.scope.nodes if isinstance(one, ast.Return)][-1]
    start = site.scope.text.span(last)[0]
    indent = site.scope.text.indent(last)
    text = lines.replace("\n", f"\n{indent}")
    return Wrong(kind, site.scope.text.edit(kind, (start, start, f"{text}\n{indent}")), title, hint)


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
            if _reads(site, name) and name not in scope.optional
        ]
        for name in every:
            said = site.words.of(ast.parse(name, mode="eval").body)
            edits = [
                (*scope.text.span(read), f"{name}.detach()")
                for read in _reads(site, name)
                if not isinstance(scope.parent(read), ast.Attribute)
            ]
            if edits:
                title = f"No gradient reaches {said}"
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
