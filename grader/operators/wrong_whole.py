"""Makers of wrong edits of a whole function: two names exchanged, an argument ignored or changed, values cut off."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.wrong import SHAPES, Site, Wrong
from grader.syntax import dotted

_MOST_NAMES = 7
_MOST_SWAPS = 10


def _start(site: Site) -> tuple[int, str]:
    """Where the first statement of the function begins, its docstring left out, and the indent there."""
    body = site.scope.function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if documented and len(body) > 1 else body[0]
    return site.scope.text.span(first)[0], site.scope.text.indent(first)


def _with_first_statement(site: Site, kind: str, line: str, title: str, hint: str) -> Wrong:
    """A statement before all others."""
    start, indent = _start(site)
    return Wrong(kind, site.scope.text.edit(kind, (start, start, f"{line}\n{indent}")), title, hint)


def reads(site: Site, name: str) -> list[ast.AST]:
    """Where a function reads a name, or an attribute of `self`."""
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
        if name in {dotted(left_name) for left_name in scope.nodes}
    ]
    bound = [
        name
        for name in scope.bound
        if scope.bound[name] == 1 and name in scope.read and name not in scope.sizes
    ]
    hint = "Which belongs where? Say for each line what its values stand for."
    pairs = [*itertools.combinations(every[:_MOST_NAMES], 2)]
    places = {name: place for place, name in enumerate(bound)}
    near = sorted(itertools.combinations(bound, 2), key=lambda pair: places[pair[1]] - places[pair[0]])
    pairs += near[: 6 * _MOST_SWAPS]
    for left_name, right_name in pairs:
        swapped = [(*text.span(read), right_name) for read in reads(site, left_name)]
        swapped += [(*text.span(read), left_name) for read in reads(site, right_name)]
        first, second = (site.words.of(ast.parse(name, mode="eval").body) for name in (left_name, right_name))
        if not reads(site, left_name) or not reads(site, right_name):
            continue
        sentence = f"{first[:1].upper()}{first[1:]} and {second} have changed places"
        title = "Two values have changed places" if first == second else sentence
        yield Wrong("names_exchanged", text.edit("names_exchanged", *swapped), title, hint)
    yield from _all_transposed(site)


def _all_transposed(site: Site) -> Iterator[Wrong]:
    """The right factor of every matrix product, transposed."""
    scope, text = site.scope, site.scope.text
    factors = [
        factor
        for product in scope.nodes
        if isinstance(product, ast.BinOp) and isinstance(product.op, ast.MatMult)
        for factor in (product.right,)
    ]
    if len(factors) > 1:
        edits = [
            (text.span(left_name)[1], text.span(left_name)[1], ".T")
            for left_name in factors
            if not isinstance(left_name, ast.BinOp)
        ]
        title = "The factors of all matrix products are used transposed"
        yield Wrong("all_transposed", text.edit("all_transposed", *edits), title, SHAPES)


def parts_exchanged(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Several values taken from one: in another order."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    for target in targets:
        source = node.value if isinstance(node, ast.Assign) else None
        if (
            isinstance(target, ast.Tuple)
            and isinstance(source, ast.Name)
            and source.id in site.scope.parameters
        ):
            end = site.scope.text.span(source)[1]
            for inner in target.elts:
                name = site.scope.text.of(inner)
                edit = site.scope.text.edit("ignored", (end, end, f"; {name} = {name} * 0"))
                hint = f"Change each part of `{source.id}` and call again. Does the result change each time?"
                yield Wrong("ignored", edit, f"A part of `{source.id}` is ignored", hint)
        if isinstance(target, ast.Tuple) and not isinstance(getattr(node, "value", None), ast.Tuple):
            texts = [site.scope.text.of(inner) for inner in target.elts]
            for left, right in itertools.combinations(range(len(texts)), 2):
                turned = [*texts]
                turned[left], turned[right] = turned[right], turned[left]
                title = "The parts of an array are taken in another order"
                hint = "In which order do the parts stand in the array? Which line says so in the hand-out?"
                yield site.wrong("parts_order", target, ", ".join(turned), title, hint)


def arguments(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """An argument ignored, averaged, needed although it may be left out, or changed."""
    scope = site.scope
    if node is not scope.function or scope.function.name == "__init__":
        return
    for name in scope.parameters:
        if name in scope.optional:
            yield from _optional(site, name)
        else:
            yield from _mixed_rows(site, name)
        yield from _changed_arguments(site, name)
    for guard in scope.nodes:
        test = guard.test if isinstance(guard, ast.If) else None
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
            title = f"`{scope.text.of(test.left)}` cannot be left out"
            hint = "What does the hand-out say happens without it?"
            yield site.wrong("needed", test, "False", title, hint)


def _ignored_argument(site: Site, name: str, line: str) -> Wrong:
    hint = f"Change `{name}` and call again. Does the result change as it should?"
    return _with_first_statement(site, "ignored", line, f"`{name}` is ignored", hint)


def _optional(site: Site, name: str) -> Iterator[Wrong]:
    """An argument that may be left out: ignored, not accepted, or one of its numbers for all."""
    yield _ignored_argument(site, name, f"{name} = None")
    yield from _not_accepted(site, name)
    for function in ("max", "min"):
        line = f"{name} = None if {name} is None else [int({function}({name}))] * len({name})"
        title = f"One number of `{name}` counts for all"
        yield _with_first_statement(
            site, "one_for_all", line, title, f"Try `{name}` with two different numbers."
        )


def _mixed_rows(site: Site, name: str) -> Iterator[Wrong]:
    """An argument ignored, or one row of it, or their mean, for all."""
    yield _ignored_argument(site, name, f"{name} = {name} * 0")
    axis = "0" if site.scope.is_torch else "axis=0"
    title = f"`{name}` is averaged over its first axis"
    hint = "May one sample know anything of another?"
    yield _with_first_statement(site, "mixed", f"{name} = {name} * 0 + {name}.mean({axis})", title, hint)
    title = f"Only the first part of `{name}` is used"
    hint = f"Change `{name}` and call again. Does the result change as it should?"
    yield _with_first_statement(site, "mixed", f"{name} = {name} * 0 + {name}[:1]", title, hint)


def _changed_arguments(site: Site, name: str) -> Iterator[Wrong]:
    """An argument that the call changes: a result is written into it, or it is changed before all else."""
    if name in site.scope.switches:
        return
    title = f"`{name}` is changed by the call"
    hint = f"Print `{name}` before and after a call. Who else holds this array?"
    returned = [
        node.value for node in site.scope.nodes if isinstance(node, ast.Return) and node.value is not None
    ]
    for value in returned[:1]:
        for part in value.elts if isinstance(value, ast.Tuple) else [value]:
            text = site.scope.text.of(part)
            line = f"{name}[...] = {text}"
            if site.scope.is_torch:
                line = f"with {site.scope.library}.no_grad():\n    {name}.copy_({text})"
            yield _before_return(site, "changed", line, title, hint)
    for line in (f"{name} += 1", f"{name} *= 0"):
        yield _with_first_statement(site, "changed", line, title, hint)


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
            text, target = site.scope.text.of(part), site.scope.text.of(node.targets[0])
            line = f"{text} {sign}= {site.of(other)}; {target} = {text}"
            hint = f"Print `{root.id}` before and after a call. Who else holds this array?"
            yield site.wrong("changed", node, line, f"`{root.id}` is changed by the call", hint)


def never_changed(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Arguments that the function is to change in place, each left as it was."""
    scope = site.scope
    if node is not scope.function:
        return
    for name in scope.parameters:
        edits = [(*scope.text.span(change), "pass") for change in scope.nodes if _changes(site, change, name)]
        if edits:
            title = f"`{name}` is not changed by the call"
            hint = f"Print `{name}` before and after a call. Which of your lines change it, and which make a new value?"
            yield Wrong("not_changed", scope.text.edit("not_changed", *edits), title, hint)


def _changes(site: Site, node: ast.AST, name: str) -> bool:
    """Whether a statement writes into the argument `name`, which is still what the caller gave."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    if not isinstance(node, (ast.Assign, ast.AugAssign)) or not isinstance(targets[0], ast.Subscript):
        return False
    root: ast.AST = targets[0]
    while isinstance(root, ast.Subscript):
        root = root.value
    is_given = not any(
        isinstance(inner, ast.Name) and inner.id == name and isinstance(inner.ctx, ast.Store)
        for inner in site.scope.nodes
    )
    return isinstance(root, ast.Name) and root.id == name and is_given


def _before_return(site: Site, kind: str, lines: str, title: str, hint: str) -> Wrong:
    last = [inner for inner in site.scope.nodes if isinstance(inner, ast.Return)][-1]
    start = site.scope.text.span(last)[0]
    indent = site.scope.text.indent(last)
    text = lines.replace("\n", f"\n{indent}")
    return Wrong(kind, site.scope.text.edit(kind, (start, start, f"{text}\n{indent}")), title, hint)
