"""Makers of wrong edits of how values flow: indices, loops, names, and what is given back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, dotted, number
from grader.operators.wrong import Site, Wrong

_MOST = 10  # names that are tried in the place of one
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)


def indices(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A subscript one place off, along another axis, always the same, or left out."""
    if not isinstance(node, ast.Subscript):
        return
    scope, words = site.scope, site.words
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [scope.text.of(part) for part in parts]
    value = scope.text.of(node.value)
    named = words.part(node.value) or words.of(node.value)
    capital = named[:1].upper() + named[1:]
    does = "is read" if isinstance(node.ctx, ast.Load) else "is written"
    where = words.where(node)
    hint = "Write down which index each round of your code uses, for a small size."

    def indexed(place: int, text: str) -> str:
        return f"{value}[{', '.join([*texts[:place], text, *texts[place + 1 :]])}]"

    for place, part in enumerate(parts):
        own = texts[place]
        if isinstance(part, ast.Slice):
            if own.replace(" ", "") == "::-1":
                yield site.wrong(
                    "not_turned", node, indexed(place, ":"), f"{capital} is not turned round{where}", hint
                )
            elif own != ":":
                yield site.wrong(
                    "not_cut", node, indexed(place, ":"), f"{capital} is taken whole{where}", hint
                )
            continue
        whole = number(part)
        if whole is None and not isinstance(part, (ast.Name, ast.BinOp)):
            continue
        if whole is None and not _counts(site, node, part):
            continue
        if whole is None:
            for text, subject in (
                (f"{own} - 1", "one place too early"),
                (f"{own} + 1", "one place too late"),
            ):
                yield site.wrong(
                    "one_off", node, indexed(place, text), f"{capital} {does} {subject}{where}", hint
                )
            for text in ("0", "-1"):
                title = f"The same part of {named} {does} in every round of the loop"
                yield site.wrong("always_same", node, indexed(place, text), title, hint)
            for text in (f"-1 - {site.of(part)}", f"-{site.of(part)}"):
                title = f"{capital} {does} from the other end{where}"
                yield site.wrong("from_behind", node, indexed(place, text), title, hint)
        else:
            near = {-1: (0, -2), 0: (-1, 1)}.get(whole, (whole - 1, whole + 1))
            for other in near:
                title = f"Another part of {named} {does} than is meant{where}"
                yield site.wrong("other_part", node, indexed(place, str(other)), title, hint)
        if len(parts) == 2 and texts[1 - place] == ":":
            title = f"{capital} {does} along another axis{where}"
            yield site.wrong("index_axis", node, f"{value}[{', '.join(reversed(texts))}]", title, hint)
        if len(parts) == 2 and texts[0] == ":":
            title = f"{capital} {does} along another axis{where}"
            yield site.wrong("index_axis", node, f"{value}[{own}]", title, hint)
        if isinstance(node.ctx, ast.Load) and len(parts) == 1:
            yield site.wrong(
                "index_axis", node, f"{value}[:, {own}]", f"{capital} {does} along another axis{where}", hint
            )
            yield site.wrong("not_cut", node, value, f"{capital} is taken whole{where}", hint)


def _counts(site: Site, node: ast.AST, part: ast.AST) -> bool:
    """Whether an index changes with a loop around it."""
    inside = {one.id for one in ast.walk(part) if isinstance(one, ast.Name)}
    return any(
        isinstance(one, ast.Name) and one.id in inside
        for loop in site.scope.loops(node)
        for one in ast.walk(getattr(loop, "target", loop))
    )


def statements(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Sums over rounds that are overwritten; statements in another order, or left out."""
    scope, text, where = site.scope, site.scope.text, site.words.where(node)
    order = (
        "For each line, ask which values it reads. Have they been updated by then, and should they have been?"
    )
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and not node.value.elts:
        for name in scope.carried:
            value = next(
                (
                    one
                    for one in (name, *scope.parameters)
                    if one in scope.parameters or _before(scope, one, node)
                ),
                "",
            )
            for first in dict.fromkeys(one for one in (value, *scope.parameters) if one):
                title = "What the loop begins with is among its results"
                hint = "How many entries has your list after a loop of three rounds?"
                yield site.wrong("begins_with", node.value, f"[{first}]", title, hint)
    added = [one for one in scope.nodes if isinstance(one, ast.AugAssign)]
    if node is scope.function and len(added) > 1:
        hint = "What should be left of the first round when the second one is over?"
        edits = [(*text.span(one), f"{text.of(one.target)} = {text.of(one.value)}") for one in added]
        title = "Sums are overwritten in each round, not added up"
        yield Wrong("overwritten", text.edit("overwritten", *edits), title, hint)
    if isinstance(node, ast.AugAssign):
        target, value = text.of(node.target), text.of(node.value)
        subject = site.words.part(node.target) or "A sum"
        hint = "What should be left of the first round when the second one is over?"
        yield site.wrong(
            "overwritten",
            node,
            f"{target} = {value}",
            f"{subject} is overwritten in each round, not added up",
            hint,
        )
        yield site.wrong(
            "not_added",
            node,
            "pass",
            f"Something is never added to {site.words.part(node.target) or 'a sum'}",
            hint,
        )
        sign = "-" if isinstance(node.op, ast.Add) else "+"
        yield site.wrong(
            "term_negative", node, f"{target} {sign}= {value}", f"A part has the wrong sign{where}", hint
        )
    for field in ("body", "orelse"):
        body = getattr(node, field, None)
        if not isinstance(body, list):
            continue
        for place, one in enumerate(body):
            for other in body[place + 1 : place + 5]:
                if isinstance(one, _SIMPLE) and isinstance(other, _SIMPLE) and _matters(one, other):
                    between = text.source[text.span(one)[0] : text.span(other)[0]]
                    later = f"{text.of(other)}\n{text.indent(one)}{between.rstrip()}"
                    edit = text.edit("order", (text.span(one)[0], text.span(other)[1], later))
                    title = f"A value is used before it is updated{site.words.where(one)}"
                    yield Wrong("order", edit, title, order)
    if isinstance(node, ast.If):
        for condition, title in (
            ("True", "A case that should be told apart is not{}"),
            ("False", "A case is left out{}"),
        ):
            title = title.format(where)
            yield site.wrong(
                "case",
                node.test,
                condition,
                title,
                "For which arguments does the hand-out say that something else happens?",
            )
        test = node.test
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
            left = text.of(test.left)
            title = f"{site.words.name(test.left) or 'An argument'} is tested for truth, not for None"
            hint = "What does Python say to `if` with an array of several numbers?"
            yield site.wrong("truth", test, f"not {left}", title, hint)


def _before(scope: Scope, name: str, node: ast.stmt) -> bool:
    """Whether a name has a value before a statement."""
    return any(
        isinstance(one, ast.Assign)
        and one.lineno < node.lineno
        and any(
            isinstance(part, ast.Name) and part.id == name
            for target in one.targets
            for part in ast.walk(target)
        )
        for one in scope.nodes
    )


def _matters(one: ast.stmt, other: ast.stmt) -> bool:
    """Whether a statement reads what one before it gives."""
    given = {
        name.id for name in ast.walk(one) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    reads = {
        name.id for name in ast.walk(other) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
    }
    return bool(given & reads)


def comparisons(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A comparison one off, or the other way round."""
    signs: dict[type[ast.cmpop], tuple[str, ...]] = {
        ast.Lt: ("<=", ">="), ast.LtE: ("<", ">"), ast.Gt: (">=", "<="), ast.GtE: (">", "<"),
    }  # fmt: skip
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in signs:
        return
    left, right = site.of(node.left), site.of(node.comparators[0])
    hint = "Try the two numbers that lie just below and just on the border. On which side does each belong?"
    near, far = signs[type(node.ops[0])]
    where = site.words.where(node)
    yield site.wrong("border", node, f"{left} {near} {right}", f"A comparison is off by one{where}", hint)
    yield site.wrong(
        "turned", node, f"{left} {far} {right}", f"A comparison is the other way round{where}", hint
    )
    for off in ("- 1", "- 2", "+ 2"):
        yield site.wrong(
            "border",
            node,
            f"{left} {site.scope.text.of(node)[len(site.scope.text.of(node.left)) :].split()[0]} {right} {off}",
            f"A comparison is off by one{where}",
            hint,
        )


def names(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Another name of the function in the place of one."""
    scope, words = site.scope, site.words
    attribute = isinstance(node, ast.Attribute) and dotted(node) in scope.attributes
    if not (isinstance(node, ast.Name) or attribute) or not isinstance(getattr(node, "ctx", None), ast.Load):
        return
    here = scope.text.of(node)
    if isinstance(node, ast.Name) and (here not in scope.variables or here in scope.sizes):
        return
    above = scope.parent(node)
    belongs = words.of(node)
    called = isinstance(above, ast.Call) and above.func is node
    others = scope.attributes if attribute else [*scope.parameters, *reversed(scope.bound)]
    counters = {
        one.id
        for loop in scope.loops(node)
        for one in ast.walk(getattr(loop, "target", loop))
        if isinstance(one, ast.Name)
    }
    belongs_to = "another value" if belongs.startswith(("an ", "a ")) else belongs
    if not attribute:
        siblings = [name for group in _siblings(site) if here in group for name in group]
        others = [*scope.carried, *siblings, *others]
    candidates = [name for name in dict.fromkeys(others) if name not in (here, *scope.sizes, *counters)]
    if isinstance(node, ast.Name) and here in counters:
        return
    for name in candidates[:_MOST]:
        if called and not attribute:
            continue
        other = ast.parse(name, mode="eval").body
        taken = words.of(other)
        taken = taken[:1].upper() + taken[1:]
        subject = taken if taken.startswith("`") and belongs != taken else "Another value"
        title = f"{subject} is taken where {belongs_to} belongs{words.where(node)}"
        yield site.wrong(
            "other_name", node, name, title, "Which values does the formula of the hand-out name here?"
        )


def _siblings(site: Site) -> list[list[str]]:
    """The names that are given the parts of one value."""
    return [
        [one.id for one in target.elts if isinstance(one, ast.Name)]
        for node in site.scope.nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Tuple)
    ]
