"""Makers of wrong edits of whole formulas: a factor of another term, a sum before a product, one minus a value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import SIGNS, named
from grader.operators.wrong import Site, Wrong
from grader.operators.wrong_calls import ACTIVATIONS
from grader.syntax import dotted

_ONE_AND_ZERO = "Set each factor of the formula to 0, and then to 1. What should be left each time?"
_BRACKETS = "Which of these is computed first? Put brackets into your line, and compare it with the hand-out."
_SMALL = "Put a small number into your line and into the formula of the hand-out. Where do they part?"
_OF_ITS_OWN = "Which values does each line of the formula read? Does yours read the same ones?"


def regrouped(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`a + b * c`: the factor before the whole sum, or at the other term; two products as a product of sums."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return
    where = site.words.where(node)
    yield from _of_two_products(site, node, where)
    for product, term in ((node.right, node.left), (node.left, node.right)):
        if not isinstance(product, ast.BinOp) or not isinstance(product.op, ast.Mult):
            continue
        for factor, rest in ((product.left, product.right), (product.right, product.left)):
            before, inside, other = site.of(factor), site.of(rest), site.of(term)
            name = _capitalized(site.words.of(factor))
            title = f"{name} multiplies a whole sum{where}, where it belongs to one term"
            yield site.wrong("whole_sum", node, f"({before} * ({other} + {inside}))", title, _ONE_AND_ZERO)
            title = f"{name} multiplies another term of a sum{where} than is meant"
            yield site.wrong("other_term", node, f"({before} * {other} + {inside})", title, _ONE_AND_ZERO)
            yield from _outside(site, node, (before, inside, other), name)


def _outside(site: Site, node: ast.BinOp, parts: tuple[str, str, str], name: str) -> Iterator[Wrong]:
    """`f(a + b * c)` → `b * f(a + c)` and `f(a) + b * f(c)`, for a function of one argument."""
    call, (before, inside, other) = site.scope.parent(node), parts
    if not isinstance(call, ast.Call) or call.args != [node] or call.keywords:
        return
    head, function, where = site.scope.text.of(call.func), site.words.function(call), site.words.where(node)
    title = f"{name} stands outside of {function}{where}, where it belongs inside"
    yield site.wrong("outside", call, f"({before} * {head}({other} + {inside}))", title, _BRACKETS)
    yield site.wrong("outside", call, f"({head}({other}) + {before} * {head}({inside}))", title, _BRACKETS)


def _of_two_products(site: Site, node: ast.BinOp, where: str) -> Iterator[Wrong]:
    """`a * b + c * d` as `(a + b) * (c + d)`, as one product, and without the brackets of a factor."""
    sides = [
        side
        for side in (node.left, node.right)
        if isinstance(side, ast.BinOp) and isinstance(side.op, ast.Mult)
    ]
    if len(sides) != 2:
        return
    (a, b), (c, d) = ((site.of(side.left), site.of(side.right)) for side in sides)
    title = f"Sums are multiplied where products are to be added{where}"
    yield site.wrong("product_of_sums", node, f"(({a} + {b}) * ({c} + {d}))", title, _BRACKETS)
    title = f"Two products are multiplied where they are to be added{where}"
    yield site.wrong("product_of_products", node, f"({a} * {b} * {c} * {d})", title, _BRACKETS)


def brackets(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`(a - b) * c` → `a - b * c`; `a * (b + c)` → `a * b + c`."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Mult, ast.Div, ast.MatMult)):
        return
    sign = SIGNS[type(node.op)]
    title = f"A product is computed before a sum that stands in brackets{site.words.where(node)}"
    title = title.replace("product", "quotient") if sign == "/" else title
    texts = [site.scope.text.of(side) for side in (node.left, node.right)]
    for place, side in enumerate((node.left, node.right)):
        if isinstance(side, ast.BinOp) and isinstance(side.op, (ast.Add, ast.Sub)):
            sides = [site.of(operand) for operand in (node.left, node.right)]
            sides[place] = texts[place]
            yield site.wrong("brackets", node, f"({sides[0]} {sign} {sides[1]})", title, _BRACKETS)


def complements(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """One minus a factor in its place; a quotient for a product."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return
    where = site.words.where(node)
    for factor in (node.left, node.right):
        if isinstance(factor, (ast.Name, ast.Attribute)):
            title = f"One minus {site.words.of(factor)} is a factor{where}, where the value itself is meant"
            yield site.wrong("complement", factor, f"(1 - {site.of(factor)})", title, _ONE_AND_ZERO)
    left, right = site.of(node.left), site.of(node.right)
    for above, below, gone in ((left, right, node.right), (right, left, node.left)):
        title = f"{_capitalized(site.words.of(gone))} divides{where}, where it is to multiply"
        yield site.wrong("divided_not_multiplied", node, f"({above} / {below})", title, _SMALL)


def sign_missing(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A minus before a value left out, as of what is sorted from its largest number down."""
    if (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and not isinstance(node.operand, ast.Constant)
    ):
        operand = site.words.of(node.operand)
        title = f"{_capitalized(operand)} is taken with the other sign{site.words.where(node)}"
        yield site.wrong("sign_missing", node, site.of(node.operand), title, _SMALL)


def given_otherwise(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A function of one number is given its negative, or one more; a matrix is inverted entry by entry."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
        return
    if dotted(node.func).endswith("linalg.inv"):
        title = f"Each entry is inverted{site.words.where(node)}, where a matrix is to be inverted as a whole"
        hint = "Multiply your inverse by the matrix, for two rows and columns. What should come out?"
        yield site.wrong("inverted_entries", node, f"(1 / {site.of(node.args[0])})", title, hint)
    if not _is_of_numbers(site, node):
        return
    argument, where = node.args[0], site.words.where(node)
    name = site.words.function(node)
    title = f"What {name} is given has the wrong sign{where}"
    yield site.wrong("argument_negative", argument, f"-{site.of(argument)}", title, _SMALL)
    title = f"A number that is not in the formula is added to what {name} is given{where}"
    yield site.wrong("argument_moved", argument, f"{site.of(argument)} + 1", title, _SMALL)


def of_another(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Values that one function gives: one of them as one minus another, or all of them of one argument."""
    calls = _same_function(site).get(_function_name(site, node), []) if isinstance(node, ast.Assign) else []
    if len(calls) < 2 or not isinstance(node, ast.Assign):
        return
    where = site.words.where(node)
    for other in calls:
        target = dotted(other.targets[0])
        if other.lineno < node.lineno:
            subject = site.words.name(node.targets[0]) or "A value"
            title = f"{subject} is one minus another value{where}, where it is to be computed by itself"
            yield site.wrong("coupled", node.value, f"(1 - {target})", title, _OF_ITS_OWN)
    assert isinstance(node.value, ast.Call)
    if len(calls) > 2 and all(isinstance(call.value, ast.Call) for call in calls):
        text = site.scope.text
        argument = text.of(node.value.args[0])
        edits = [
            (*text.span(call.value.args[0]), argument)
            for call in calls
            if isinstance(call.value, ast.Call) and call is not node
        ]
        title = f"{site.words.function(node.value)} is given one and the same value each time{where}"
        yield Wrong("one_for_all_calls", text.edit("one_for_all_calls", *edits), title, _OF_ITS_OWN)


def _function_name(site: Site, node: ast.AST) -> str:
    """The function of one argument whose result an assignment gives to one local name; "" where it is none."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return ""
    value = node.value
    if not isinstance(value, ast.Call) or len(value.args) != 1 or not _is_of_numbers(site, value):
        return ""
    return dotted(value.func)


def _is_of_numbers(site: Site, call: ast.Call) -> bool:
    """Whether a function is called that makes numbers of numbers: an activation, or one of the program."""
    function = dotted(call.func).rpartition(".")[2]
    own = {
        statement.name for statement in site.scope.text.tree.body if isinstance(statement, ast.FunctionDef)
    }
    return function in ACTIVATIONS or function in own


def _same_function(site: Site) -> dict[str, list[ast.Assign]]:
    calls: dict[str, list[ast.Assign]] = {}
    for node in site.scope.nodes:
        if isinstance(node, ast.Assign) and _function_name(site, node):
            calls.setdefault(_function_name(site, node), []).append(node)
    return calls


def given_values(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """What a name is given: zero, through a function too many, or added to what it was in the round before."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or site.scope.function.name == "__init__":
        return
    target, value, where = node.targets[0], node.value, site.words.where(node)
    if not isinstance(target, ast.Name) or not isinstance(value, (ast.BinOp, ast.Subscript)):
        return
    name = site.words.name(target) or site.words.of(value)
    title = f"{_capitalized(name)} counts as zero{where}"
    yield site.wrong("given_zero", value, f"{site.of(value)} * 0", title, _OF_ITS_OWN)
    if isinstance(value, ast.Subscript):
        return
    if isinstance(value.op, (ast.Add, ast.Mult)) and site.scope.library:
        title = f"A function is applied to {name} that is not in the formula{where}"
        text = f"{site.scope.library}.tanh({site.scope.text.of(value)})"
        yield site.wrong("function_too_many", value, text, title, _SMALL)
    if target.id in site.scope.carried:
        title = f"{_capitalized(site.words.name(target) or 'A value')} piles up over the rounds of the loop"
        yield site.wrong("piles_up", value, f"{target.id} + {site.of(value)}", title, _SMALL)
    if not isinstance(value.op, (ast.Add, ast.Sub)):
        yield from _added_on_top(site, value, name)


def _added_on_top(site: Site, value: ast.BinOp, name: str) -> Iterator[Wrong]:
    """An argument added to a product that has no such term."""
    read = {inner.id for inner in named(value, ast.Load)}
    for other in [parameter for parameter in site.scope.parameters if parameter not in read][:3]:
        subject = site.words.of(ast.Name(other, ast.Load()))
        title = f"{_capitalized(subject)} is added to {name}{site.words.where(value)}, wrongly"
        yield site.wrong("added_on_top", value, f"{other} + {site.of(value)}", title, _SMALL)


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]
