"""A wrong edit of a right program with the words for it, and the makers of those of formulas: products, sums, calls.

A title says what the code does, a hint asks. Neither holds a formula: what they name are names that the hand-out has.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.operators.phrases import Phrases
from grader.operators.scope import Scope, dotted, is_self
from grader.operators.texts import Edit

#: Functions that are written for one another, where words can be said of it.
ACTIVATIONS = ("tanh", "sigmoid", "relu", "sin", "exp")
_OTHERS = (
    ("mean", "sum"),
    ("zeros", "ones"),
    ("new_zeros", "new_ones"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("stack", "concatenate"),
    ("stack", "cat"),
)
_MOST_TERMS = 4


@dataclass(frozen=True)
class Wrong:
    """An edit that makes a right program wrong, what it does in a sentence, and a question about it.

    `drawn` edits bring random numbers.
    """

    kind: str
    edit: Edit
    title: str
    hint: str
    drawn: bool = False


@dataclass(frozen=True)
class Site:
    """A function, and the words for what is in it."""

    scope: Scope
    words: Phrases

    def wrong(self, kind: str, node: ast.AST, text: str, title: str, hint: str, drawn: bool = False) -> Wrong:
        """A text in the place of a node."""
        return Wrong(kind, self.scope.text.instead(kind, node, text), title, hint, drawn)

    def of(self, node: ast.AST) -> str:
        """The text of a node, in brackets where it needs them."""
        text = self.scope.text.of(node)
        loose = (ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare, ast.BoolOp)
        return f"({text})" if isinstance(node, loose) else text


Maker = Callable[[Site, ast.AST], Iterator[Wrong]]
SHAPES = "Write the shapes of both factors down, with all sizes different. Does each fit the hand-out?"
COUNT = (
    "Count the terms of this sum in the hand-out, and then in your line. Is each there once, with its sign?"
)


def products(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A factor transposed, factors exchanged, a matrix product entry by entry."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.MatMult, ast.Mult)):
        return
    words, left, right = site.words, node.left, node.right
    named = words.part(right) or words.part(left)
    of_what = f" with {named}" if named else ""
    if isinstance(node.op, ast.Mult):
        yield site.wrong(
            *("multiplied_as_matrices", node, f"{site.of(left)} @ {site.of(right)}"),
            f"A matrix product is made{of_what} where numbers are multiplied entry by entry",
            "Which of the two products keeps the shape of its factors?",
        )
        yield from _factors(site, node, words.where(node))
        return
    for factor in (right, left):
        plain = factor.value if isinstance(factor, ast.Attribute) and factor.attr == "T" else None
        text = site.of(plain) if plain else f"{site.of(factor)}.T"
        name = words.part(factor) or words.of(factor)
        does = "is not transposed where it is to be" if plain else "is used transposed"
        yield site.wrong("transposed", factor, text, f"{name[:1].upper()}{name[1:]} {does}", SHAPES)
    for kept, gone in ((left, right), (right, left)):
        name = words.part(gone) or words.of(gone)
        title = f"{words.of(kept)} is used without the product with {name}"
        hint = f"Where does {name} come in, and what is it multiplied by?"
        yield site.wrong("not_multiplied", node, site.of(kept), title[:1].upper() + title[1:], hint)
    exchanged = f"{site.of(right)} @ {site.of(left)}"
    yield site.wrong(
        *("factors_exchanged", node, f"({exchanged})"),
        f"The factors of the product{of_what} stand the other way round",
        SHAPES,
    )
    yield site.wrong(
        *("entry_by_entry", node, f"({site.of(left)} * {site.of(right)})"),
        f"The product{of_what} is made entry by entry where a matrix product is meant",
        "Does every number of one factor reach every number of the result? Should it?",
    )


def _factors(site: Site, node: ast.BinOp, where: str) -> Iterator[Wrong]:
    """Of a product of numbers one factor missing, twice, or added."""
    left, right = site.of(node.left), site.of(node.right)
    hint = "Read the formula of the hand-out from left to right. Is each factor in your line, once?"
    for part, kept in ((node.right, left), (node.left, right)):
        name = site.words.part(part) or site.words.of(part)
        name = name[:1].upper() + name[1:]
        yield site.wrong(
            "factor_missing", node, f"({kept})", f"{name} is missing from a product{where}", hint
        )
        twice = f"({left} * {right} * {site.of(part)})"
        yield site.wrong("factor_twice", node, twice, f"{name} is in a product twice{where}", hint)
    title = f"Two things are added that are to be multiplied{where}"
    yield site.wrong("added_not_multiplied", node, f"({left} + {right})", title, hint)


def powers(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A power left out; a number or value of a formula that goes through a function too many; a sign."""
    hint = "Put a small number into your line and into the formula of the hand-out. Where do they part?"
    where = site.words.where(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base = site.of(node.left)
        title = f"{site.words.of(node.left)} is not raised to a power{where}"
        yield site.wrong("not_squared", node, base, title[:1].upper() + title[1:], hint)
        above = site.scope.parent(node)
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Sub):
            title = f"A factor belongs to another function{where}"
            yield site.wrong("other_slope", above, f"({base} * (1 - {base}))", title, hint)
            yield site.wrong("other_slope", above, f"({base} > 0)", title, hint)
        if site.scope.library:
            title = f"A function is applied to {site.words.of(node.left)} that is not in the formula{where}"
            yield site.wrong(
                "function_too_many", node.left, f"{site.scope.library}.tanh({base})", title, hint
            )
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, (ast.BinOp, ast.Call))
        and len(node.targets) == 1
    ):
        named = site.words.name(node.targets[0]) or site.words.of(node.value)
        title = f"{named} has the wrong sign{where}"
        yield site.wrong(
            "wrong_sign", node.value, f"-{site.of(node.value)}", title[:1].upper() + title[1:], hint
        )
        title = f"{named} is counted twice{where}"
        yield site.wrong(
            "doubled", node.value, f"2 * {site.of(node.value)}", title[:1].upper() + title[1:], hint
        )


def terms(node: ast.AST) -> list[ast.expr]:
    """The terms of a sum from left to right; none where a node is no sum of plain terms."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left = terms(node.left) or [node.left]
        return [*left, node.right]
    return []


def sums(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A term missing, twice, or with the other sign; of products of a sum the first factors exchanged."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    words, left, right = site.words, site.of(node.left), site.of(node.right)
    where = words.where(node)
    plus = isinstance(node.op, ast.Add)
    for part, other, kept in ((node.right, node.left, left), (node.left, node.right, right)):
        name = words.of(part)
        name = name[:1].upper() + name[1:]
        if words.part(part):
            title = f"{words.part(part)} is added along another axis"
            yield site.wrong("term_axis", part, f"{site.of(part)}[:, None]", title, COUNT)
        yield site.wrong("term_missing", node, f"({kept})", f"{name} is missing from a sum{where}", COUNT)
        if plus:
            twice = f"({left} + {right} + {site.of(part)})"
            yield site.wrong("term_twice", node, twice, f"{name} is added twice{where}", COUNT)
            title = f"{name} is subtracted where it is to be added{where}"
            yield site.wrong("term_negative", node, f"({site.of(other)} - {site.of(part)})", title, COUNT)
    if not plus:
        name = words.of(node.right)
        title = f"{name[:1].upper()}{name[1:]} is added where it is to be subtracted{where}"
        yield site.wrong("term_negative", node, f"({left} + {right})", title, COUNT)
        title = f"The two sides of a difference stand the other way round{where}"
        yield site.wrong("difference_turned", node, f"({right} - {left})", title, COUNT)
    pair = [
        one for one in (node.left, node.right) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult)
    ]
    if len(pair) == 2 and plus:
        (a, b), (c, d) = ((site.of(one.left), site.of(one.right)) for one in pair)
        title = f"In a sum of two products their factors have changed places{where}"
        hint = "Set one of the factors to 0 and to 1. Which product should be left each time?"
        yield site.wrong("shares_exchanged", node, f"({c} * {b} + {a} * {d})", title, hint)
    if isinstance(site.scope.parent(node), ast.BinOp) or not plus:
        return
    title = f"Something that is not in the formula is added to a sum{where}"
    for name in (*site.scope.carried, *site.scope.parameters[:_MOST_TERMS]):
        yield site.wrong("term_too_many", node, f"({site.of(node)} + {name})", title, COUNT)


def calls(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A function that is not applied, applied twice, or another one in its place."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Attribute, ast.Name)):
        return
    scope, words = site.scope, site.words
    name = words.function(node)
    where = words.where(node)
    value = node.func.value if isinstance(node.func, ast.Attribute) else None
    method = value is not None and not is_self(value) and dotted(value).split(".")[0] not in scope.modules
    last = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    if last in ("range", "len", "super", "zip", "append", "__init__", "enumerate", "asarray", "isinstance"):
        return
    hint = f"Follow one number through your code. Where does it pass through {name}, and how often?"
    argument = value if method else (node.args[0] if node.args else None)
    if argument is None or isinstance(argument, ast.Starred):
        return
    if last == "Parameter":
        title = "A weight is no parameter of the module"
        asked = "Which weights does `list(module.parameters())` show? An optimizer sees only these."
        yield site.wrong("not_registered", node, f"({site.of(argument)})", title, asked)
        frozen = f"{scope.text.of(node)[:-1]}, requires_grad=False)"
        title = "A weight is kept from learning"
        yield site.wrong("frozen", node, frozen, title, "Does every parameter have `requires_grad`?")
        return
    not_applied = f"{name} is not applied{where}"
    if last == "where":
        not_applied = f"Two cases that `where` tells apart are treated alike{where}"
    for each in [argument, *([] if method else node.args[1:])]:
        if not isinstance(each, (ast.Constant, ast.Starred)):
            yield site.wrong("not_applied", node, f"({site.of(each)})", not_applied, hint)
    if not method and len(node.args) == 1 and not node.keywords:
        head = scope.text.of(node.func)
        twice = f"{head}({scope.text.of(argument)})"
        yield site.wrong("applied_twice", argument, twice, f"{name} is applied twice{where}", hint)
        yield from _of_terms(site, node, head, name, where)
    yield from _other(site, node, method, last)
    if last == "sum" and node.keywords and len(node.keywords) == 1:
        title = f"{name} keeps an axis that is to be gone{where}"
        kept_axis = f"{scope.text.of(node)[:-1]}, {'keepdim' if scope.is_torch else 'keepdims'}=True)"
        yield site.wrong("axis_kept", node, kept_axis, title, "Which shape should come out of this sum?")
    if last == "sum" and name:
        yield site.wrong(
            *("averaged", node, f"({scope.text.of(node)} / {site.of(argument)}.shape[0])"),
            "A mean is taken where a sum is meant",
            "Hand in the same sample twice. Should the result become twice as large?",
        )


def _of_terms(site: Site, node: ast.Call, head: str, name: str, where: str) -> Iterator[Wrong]:
    """`f(a + b)` → `f(a) + b`, and `f(a) + f(b)`."""
    several = [site.words.value(one) for one in terms(site.words.value(node.args[0]))]
    texts = [site.scope.text.of(one) for one in several]
    if not 2 <= len(several) <= _MOST_TERMS:
        return
    hint = f"What exactly stands in the brackets of your {name}, and what outside?"
    for count in range(1, len(texts)):
        for inside in itertools.combinations(texts, count):
            outside = [text for text in texts if text not in inside]
            text = f"({head}({' + '.join(inside)}) + {' + '.join(outside)})"
            yield site.wrong(
                "applied_to_a_part", node, text, f"{name} is applied to a part of the sum only{where}", hint
            )
    each = " + ".join(f"{head}({text})" for text in texts)
    title = f"{name} is applied to each term before they are added{where}"
    yield site.wrong("applied_to_each", node, f"({each})", title, hint)
    for apart in texts if len(texts) > 2 else ():
        rest = " + ".join(text for text in texts if text != apart)
        yield site.wrong("applied_to_each", node, f"({head}({rest}) + {head}({apart}))", title, hint)


def _other(site: Site, node: ast.Call, method: bool, last: str) -> Iterator[Wrong]:
    """Another function of the same family."""
    scope, words = site.scope, site.words
    where = words.where(node)
    head = f"{scope.text.of(node.func.value)}." if isinstance(node.func, ast.Attribute) else ""
    for family in _OTHERS:
        for other in family if last in family else ():
            if other != last:
                yield site.wrong(
                    *("other_function", node.func, f"{head}{other}"),
                    f"`{other}` is used where another function belongs{where}",
                    f"What does `{other}` make of a few small numbers, and what should come out?",
                )
    if last in ("zeros", "new_zeros", "zeros_like") and scope.library:
        made = scope.text.of(node)
        draws = (
            f"{scope.library}.randn_like({made})"
            if scope.is_torch
            else f"{scope.library}.random.normal(size=({made}).shape)"
        )
        title = f"Random numbers stand where zeros belong{where}"
        yield site.wrong(
            "random", node, draws, title, "Do you get the same result when you call it again?", drawn=True
        )
    if last in ACTIVATIONS and len(node.args) <= 1 and scope.library:
        argument = node.func.value if method and isinstance(node.func, ast.Attribute) else node.args[0]
        for other, text in _activations(scope, site.of(argument)):
            if other != last:
                yield site.wrong(
                    *("other_activation", node, text),
                    f"`{other}` is used where another function belongs{where}",
                    "Between which two numbers can the result lie? And with the function that you use?",
                )


def _activations(scope: Scope, inner: str) -> list[tuple[str, str]]:
    library = scope.library
    sigmoid = f"{library}.sigmoid({inner})" if scope.is_torch else f"(1 / (1 + {library}.exp(-{inner})))"
    relu = f"{library}.relu({inner})" if scope.is_torch else f"{library}.maximum({inner}, 0)"
    return [
        ("sigmoid", sigmoid),
        ("relu", relu),
        ("tanh", f"{library}.tanh({inner})"),
        ("sin", f"{library}.sin({inner})"),
    ]


def call_arguments(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Arguments of a call exchanged or left out; another axis."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Attribute, ast.Name)):
        return
    scope, name, where = site.scope, site.words.function(node), site.words.where(node)
    for keyword in node.keywords:
        if keyword.arg in ("axis", "dim", "axes") and isinstance(keyword.value, (ast.Constant, ast.UnaryOp)):
            yield from _axes(site, node, keyword.value, name)
    if isinstance(node.func, ast.Attribute) and node.func.attr in (
        "stack",
        "cat",
        "concatenate",
        "sum",
        "flip",
    ):
        for constant in node.args[-1:]:
            if isinstance(constant, ast.Constant) and isinstance(constant.value, int):
                yield from _axes(site, node, constant, name)
    for one, other in itertools.combinations(node.args[:4], 2):
        first, second = scope.text.of(one), scope.text.of(other)
        if first != second and not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred):
            edit = scope.text.edit(
                "exchanged", (*scope.text.span(one), second), (*scope.text.span(other), first)
            )
            title = f"Two arguments of {name} have changed places{where}"
            yield Wrong(
                "arguments_exchanged", edit, title, "In which order does this function take its arguments?"
            )
    for part in node.args:
        if isinstance(part, (ast.List, ast.Tuple)) and len(part.elts) == 2:
            first, second = map(scope.text.of, part.elts)
            turned = f"[{second}, {first}]" if isinstance(part, ast.List) else f"({second}, {first})"
            title = f"The parts that {name} is given stand the other way round{where}"
            yield site.wrong(
                "parts_exchanged", part, turned, title, "Which of the two comes first in the hand-out?"
            )
            both = f"[{first}, {first}]" if isinstance(part, ast.List) else f"({first}, {first})"
            title = f"{name} is given the same part twice{where}"
            yield site.wrong(
                "part_twice", part, both, title, "What are the two parts? Where does each come from?"
            )
            if name in ("`concatenate`", "`cat`"):
                title = f"Two parts are added where they are to stand side by side{where}"
                yield site.wrong(
                    "added", node, f"({first} + {second})", title, "How large is the result along each axis?"
                )


def _axes(site: Site, node: ast.Call, axis: ast.expr, name: str) -> Iterator[Wrong]:
    here = site.scope.text.of(axis)
    for other in ("0", "1", "2", "-1"):
        if other != here:
            title = f"{name} works along another axis{site.words.where(node)}"
            hint = "Write down what each axis of your array stands for. Which of them is meant here?"
            yield site.wrong("other_axis", axis, other, title, hint)
