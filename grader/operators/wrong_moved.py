"""Makers of wrong edits that put something elsewhere: a term, a factor, a power, a number, a part, a divisor."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import number
from grader.operators.wrong import COUNT, Site, Wrong, terms
from grader.syntax import dotted

_MOST_STATEMENTS = 8  # to which a term is moved
_MOST_PARTS = 5  # of one array, of which any two are exchanged
_SMALL = "Put a small number into your line and into the formula of the hand-out. Where do they part?"
_WHICH_PART = "Which part of it stands for what? Say so for each line that reads one."
_SPREAD = "By which number does the hand-out divide? Work it out for an example of two entries."
#: How the divisor of a variance is chosen, with the values that make it the number of entries.
_DIVISORS = {"unbiased": "False", "correction": "0", "ddof": "0"}


def terms_moved(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A term that is added in another statement: before a function is applied, or after."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return
    own = _statement(site, node)
    if own is None:
        return
    text = site.scope.text
    for term, partner in ((node.right, node.left), (node.left, node.right)):
        if isinstance(term, ast.Constant) or terms(term):
            continue
        title = f"{_capitalized(site.words.of(term))} is added at another place than is meant"
        hint = (
            "When does this term come in? What has been done to the other ones by then, and what comes after?"
        )
        for statement in _statements(site, own):
            start, end = text.span(statement.value)
            edit = text.edit(
                "term_moved",
                (*text.span(node), f"({site.of(partner)})"),
                (start, end, f"{site.of(statement.value)} + {site.of(term)}"),
            )
            yield Wrong("term_moved", edit, f"{title}{site.words.where(node)}", hint)


def _statement(site: Site, node: ast.AST) -> ast.Assign | None:
    """The assignment that an expression is in."""
    above: ast.AST | None = node
    while above is not None and not isinstance(above, ast.stmt):
        above = site.scope.parent(above)
    return above if isinstance(above, ast.Assign) else None


def _statements(site: Site, own: ast.Assign) -> list[ast.Assign]:
    """The assignments of computed values beside one, the nearest first."""
    beside = [
        node
        for node in site.scope.nodes
        if isinstance(node, ast.Assign)
        and node is not own
        and site.scope.parent(node) is site.scope.parent(own)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, (ast.BinOp, ast.Call))
    ]
    return sorted(beside, key=lambda one: abs(one.lineno - own.lineno))[:_MOST_STATEMENTS]


def several_terms(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Two terms of one sum missing."""
    every = terms(node)
    if isinstance(site.scope.parent(node), ast.BinOp) or not 3 <= len(every) <= 5:
        return
    for gone in itertools.combinations(range(len(every)), 2):
        first, second = (site.words.of(every[place]) for place in gone)
        title = f"{_capitalized(first)} and {second} are missing from a sum{site.words.where(node)}"
        left = " + ".join(site.of(term) for place, term in enumerate(every) if place not in gone)
        yield site.wrong("terms_missing", node, f"({left})", title, COUNT)


def factors_moved(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`(a * b) @ w` → `a * (b @ w)`, and back."""
    if not isinstance(node, ast.BinOp):
        return
    where = site.words.where(node)
    hint = "What comes first, this factor or the matrix product? Work it out for two rows and columns."
    if isinstance(node.op, ast.MatMult) and _is_product(node.left):
        assert isinstance(node.left, ast.BinOp)
        for factor, rest in ((node.left.left, node.left.right), (node.left.right, node.left.left)):
            title = f"{_capitalized(site.words.of(factor))} multiplies what comes out of a matrix product"
            text = f"({site.of(factor)} * ({site.of(rest)} @ {site.of(node.right)}))"
            yield site.wrong("factor_moved", node, text, f"{title}{where}, not what goes in", hint)
    if isinstance(node.op, ast.Mult):
        for product, factor in ((node.right, node.left), (node.left, node.right)):
            if isinstance(product, ast.BinOp) and isinstance(product.op, ast.MatMult):
                title = f"{_capitalized(site.words.of(factor))} multiplies what goes into a matrix product"
                text = f"(({site.of(factor)} * {site.of(product.left)}) @ {site.of(product.right)})"
                yield site.wrong("factor_moved", node, text, f"{title}{where}, not what comes out", hint)


def _is_product(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)


def powers_moved(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`a - b**2` → `(a - b)**2`, and `a**2 - b**2` → the same."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    sign = "+" if isinstance(node.op, ast.Add) else "-"
    for side in (node.right, node.left):
        if isinstance(side, ast.BinOp) and isinstance(side.op, ast.Pow):
            bases = [
                site.of(term.left if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Pow) else term)
                for term in (node.left, node.right)
            ]
            text = f"({bases[0]} {sign} {bases[1]}) ** {site.of(side.right)}"
            kind = "sum" if sign == "+" else "difference"
            title = (
                f"A whole {kind} is raised to a power, where a term of it is meant{site.words.where(node)}"
            )
            yield site.wrong("power_moved", node, f"({text})", title, _SMALL)
            return


def fillings(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Of a choice by `where`: zero for an infinite number, or what a loop carries, where something else is meant."""
    if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] not in ("where", "masked_fill"):
        return
    where = site.words.where(node)
    for argument in node.args[1:]:
        if site.scope.text.of(argument).lower().replace("'", '"').endswith(("inf", 'float("inf")')):
            title = f"Zero stands where another number is meant, for what is to be left out{where}"
            hint = "What does the next step make of the number that you put there? Try it with two entries."
            yield site.wrong("zero_put_in", argument, "0.0", title, hint)
    if len(node.args) == 3:
        otherwise = site.scope.text.of(node.args[2])
        for name in site.scope.carried:
            if name != otherwise:
                title = f"Where a condition does not hold, another value is taken than is meant{where}"
                hint = "For which entries does the condition not hold? What does the hand-out say of these?"
                yield site.wrong("other_filling", node.args[2], name, title, hint)


def averaged_products(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`einsum` and matrix products: what is summed is divided by the number of terms."""
    array: ast.expr | None = None
    axis = -1
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        array = node.left
    elif isinstance(node, ast.Call) and dotted(node.func).endswith("einsum") and len(node.args) > 1:
        axes = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
        inputs, arrow, output = str(axes).replace(" ", "").partition("->")
        first = inputs.split(",")[0]
        summed = [place for place, letter in enumerate(first) if letter not in output]
        array, axis = (node.args[1], summed[0]) if arrow and summed else (None, -1)
    if array is not None:
        title = f"A mean is taken where a sum of products is meant{site.words.where(node)}"
        hint = "Work your line out for an example in which all entries are 1. What should come out?"
        text = f"({site.of(node)} / {site.of(array)}.shape[{axis}])"
        yield site.wrong("averaged_products", node, text, title, hint)


def spreads(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A variance or standard deviation with the other divisor; another option of a call set the other way."""
    if not isinstance(node, ast.Call):
        return
    where = site.words.where(node)
    name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
    options = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if name in ("var", "std"):
        less = "A variance is divided by one less than the number of its entries"
        number_of = "A variance is divided by the number of its entries, where one less is meant"
        chosen = [option for option in options if option in _DIVISORS]
        for option in chosen:
            by_number = site.scope.text.of(options[option]) == _DIVISORS[option]
            one_less = {"unbiased": "True", "correction": "1", "ddof": "1"}[option]
            text, title = (one_less, less) if by_number else (_DIVISORS[option], number_of)
            yield site.wrong("other_divisor", options[option], text, f"{title}{where}", _SPREAD)
        if not chosen:
            torch = site.scope.is_torch
            text = f"{site.scope.text.of(node)[:-1]}, {'correction=0' if torch else 'ddof=1'})"
            title = number_of if torch else less
            yield site.wrong("other_divisor", node, text.replace("(, ", "("), f"{title}{where}", _SPREAD)
        return
    for option, value in options.items():
        if isinstance(value, ast.Constant) and isinstance(value.value, bool) and "keepdim" not in option:
            title = f"An option of {site.words.function(node)} is set the other way{where}"
            hint = "Which options does this call have? What does each of them do when you leave it out?"
            yield site.wrong("option", value, str(not value.value), title, hint)


def parts_swapped(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`a[0]` and `a[1]`, each wherever the other is read."""
    if node is not site.scope.function:
        return
    reads: dict[tuple[str, str], dict[int, list[ast.AST]]] = {}
    values: dict[tuple[str, str], ast.expr] = {}
    for subscript in site.scope.nodes:
        if not isinstance(subscript, ast.Subscript) or not isinstance(subscript.ctx, ast.Load):
            continue
        index = subscript.slice
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        whole = number(parts[0])
        of = site.scope.text.of(subscript.value)
        if whole is not None and not of.endswith(".shape"):
            key = of, ", ".join(site.scope.text.of(part) for part in parts[1:])
            reads.setdefault(key, {}).setdefault(whole, []).append(parts[0])
            values[key] = subscript.value
    for key, by_number in reads.items():
        subject = site.words.part(values[key]) or site.words.of(values[key])
        for first, second in itertools.combinations(sorted(by_number)[:_MOST_PARTS], 2):
            spans = [(*site.scope.text.span(read), str(second)) for read in by_number[first]]
            spans += [(*site.scope.text.span(read), str(first)) for read in by_number[second]]
            title = f"Two parts of {subject} have changed places"
            yield Wrong("parts_swapped", site.scope.text.edit("parts_swapped", *spans), title, _WHICH_PART)


def last_collected(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """The last of what a loop collects, given back where what it carries is meant."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for part in parts:
        for name in site.scope.collected if isinstance(part, ast.Name) else ():
            if part.id in site.scope.carried:  # type: ignore[attr-defined]
                title = "The last of what the loop collects is given back, where what it carries on is meant"
                hint = "When is the last entry of your list not what the loop ended with? Try samples that differ."
                yield site.wrong("last_collected", part, f"{name}[-1]", title, hint)


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]
