"""A wrong edit of a right program with the words for it, and the makers of those of formulas: products and sums.

A title says what the code does, a hint asks. Neither holds a formula: what they name are names that the hand-out has.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.operators.phrases import Phrases
from grader.operators.scope import Scope
from grader.operators.texts import Edit

_MOST_TERMS = 4
_MOST_NAMED = 3  # terms of a sum that are told one by one


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
_EACH_FACTOR = "Read the formula of the hand-out from left to right. Is each factor in your line, once?"
COUNT = (
    "Count the terms of this sum in the hand-out, and then in your line. Is each there once, with its sign?"
)


def products(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A factor transposed, factors exchanged, a matrix product entry by entry; what is not divided."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield from _divisors(site, node)
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
    for remaining, dropped in ((left, right), (right, left)):
        name = words.part(dropped) or words.of(dropped)
        title = f"{words.of(remaining)} is used without the product with {name}"
        hint = f"Where does {name} come in, and what is it multiplied by?"
        yield site.wrong("not_multiplied", node, site.of(remaining), _capitalized(title), hint)
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


def _divisors(site: Site, node: ast.BinOp) -> Iterator[Wrong]:
    """Of a quotient the divisor missing, or a factor."""
    left, right, where = site.of(node.left), site.of(node.right), site.words.where(node)
    dividend, divisor = site.words.of(node.left), site.words.of(node.right)
    dividend = dividend[:1].upper() + dividend[1:]
    hint = "Put small numbers into the formula of the hand-out and into your line. What is divided by what?"
    # Said of what comes out: who divides by something that happens to be 1, as by a maximum, divides.
    title = f"{dividend} comes out as if it were not divided by {divisor}{where}"
    yield site.wrong("not_divided", node, f"({left})", title, hint)
    title = f"{dividend} is multiplied by {divisor}, where it is to be divided{where}"
    yield site.wrong("multiplied_not_divided", node, f"({left} * {right})", title, hint)


def numbers(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A number missing from a product. Of `x + 0.5 * y` it answers as if the second term were added twice."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        for part, other in ((node.right, node.left), (node.left, node.right)):
            if isinstance(part, ast.Constant):
                yield _factor_missing(site, node, part, other)


def _factor_missing(site: Site, node: ast.BinOp, part: ast.expr, other: ast.expr) -> Wrong:
    name = _capitalized(site.words.part(part) or site.words.of(part))
    title = f"{name} is missing from a product{site.words.where(node)}"
    return site.wrong("factor_missing", node, f"({site.of(other)})", title, _EACH_FACTOR)


def _factors(site: Site, node: ast.BinOp, where: str) -> Iterator[Wrong]:
    """Of a product of numbers one factor missing, twice, or added."""
    left, right = site.of(node.left), site.of(node.right)
    for part, other in ((node.right, node.left), (node.left, node.right)):
        name = _capitalized(site.words.part(part) or site.words.of(part))
        yield _factor_missing(site, node, part, other)
        twice = f"({left} * {right} * {site.of(part)})"
        yield site.wrong("factor_twice", node, twice, f"{name} is in a product twice{where}", _EACH_FACTOR)
    title = f"Two things are added that are to be multiplied{where}"
    yield site.wrong("added_not_multiplied", node, f"({left} + {right})", title, _EACH_FACTOR)


def powers(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A power left out; a number or value of a formula that goes through a function too many; a sign."""
    hint = "Put a small number into your line and into the formula of the hand-out. Where do they part?"
    where = site.words.where(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        base = site.of(node.left)
        title = f"{site.words.of(node.left)} is not raised to a power{where}"
        yield site.wrong("not_squared", node, base, _capitalized(title), hint)
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
        and site.scope.function.name != "__init__"  # of a weight the sign is drawn
    ):
        named = site.words.name(node.targets[0]) or site.words.of(node.value)
        title = f"{named} has the wrong sign{where}"
        yield site.wrong("wrong_sign", node.value, f"-{site.of(node.value)}", _capitalized(title), hint)
        title = f"{named} is counted twice{where}"
        yield site.wrong("doubled", node.value, f"2 * {site.of(node.value)}", _capitalized(title), hint)
        title = f"{named} counts by half{where}"
        yield site.wrong("halved", node.value, f"{site.of(node.value)} / 2", _capitalized(title), hint)


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
    is_sum = isinstance(node.op, ast.Add)
    yield from _wrong_term(site, node, node.right, node.left, is_sum)
    yield from _wrong_term(site, node, node.left, node.right, is_sum)
    if not is_sum:
        yield from _wrong_difference(site, node)
        return
    yield from _factors_exchanged(site, node)
    if not isinstance(site.scope.parent(node), ast.BinOp):
        title = f"Something that is not in the formula is added to a sum{site.words.where(node)}"
        for name in (*site.scope.carried, *site.scope.parameters[:_MOST_TERMS]):
            yield site.wrong("term_too_many", node, f"({site.of(node)} + {name})", title, COUNT)


def _wrong_term(
    site: Site, node: ast.BinOp, term: ast.expr, partner: ast.expr, is_sum: bool
) -> Iterator[Wrong]:
    """What can be wrong with one term of a sum or difference; `partner` is the other one."""
    name, where = _capitalized(site.words.of(term)), site.words.where(node)
    if site.words.part(term):
        title = f"{site.words.part(term)} is added along another axis"
        yield site.wrong("term_axis", term, f"{site.of(term)}[:, None]", title, COUNT)
    gone = [site.words.of(one) for one in terms(term)]
    title = f"{name} is missing from a sum{where}"
    if gone:
        named = f"{', '.join(gone[:-1])} and {gone[-1]}" if len(gone) <= _MOST_NAMED else "several terms"
        title = f"{_capitalized(named)} are missing from a sum{where}"
    yield site.wrong("term_missing", node, f"({site.of(partner)})", title, COUNT)
    if is_sum:
        twice = f"({site.of(node.left)} + {site.of(node.right)} + {site.of(term)})"
        yield site.wrong("term_twice", node, twice, f"{name} is added twice{where}", COUNT)
        title = f"{name} is subtracted where it is to be added{where}"
        yield site.wrong("term_negative", node, f"({site.of(partner)} - {site.of(term)})", title, COUNT)


def _wrong_difference(site: Site, node: ast.BinOp) -> Iterator[Wrong]:
    """A difference made a sum, or turned round."""
    left, right, where = site.of(node.left), site.of(node.right), site.words.where(node)
    title = f"{_capitalized(site.words.of(node.right))} is added where it is to be subtracted{where}"
    yield site.wrong("term_negative", node, f"({left} + {right})", title, COUNT)
    title = (
        f"The two sides of a difference stand the other way round{where}, or its result has the wrong sign"
    )
    yield site.wrong("difference_turned", node, f"({right} - {left})", title, COUNT)


def _factors_exchanged(site: Site, node: ast.BinOp) -> Iterator[Wrong]:
    """`a * b + c * d` as `c * b + a * d`."""
    products = [
        product
        for product in (node.left, node.right)
        if isinstance(product, ast.BinOp) and isinstance(product.op, ast.Mult)
    ]
    if len(products) == 2:
        (a, b), (c, d) = ((site.of(product.left), site.of(product.right)) for product in products)
        title = f"In a sum of two products their factors have changed places{site.words.where(node)}"
        hint = "Set one of the factors to 0 and to 1. Which product should be left each time?"
        yield site.wrong("shares_exchanged", node, f"({c} * {b} + {a} * {d})", title, hint)


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]
