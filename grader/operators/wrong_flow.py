"""Makers of wrong edits of how values flow: indices, loops, names, and what is given back."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import Scope, named, number
from grader.operators.wrong import COUNT, Site, Wrong
from grader.syntax import dotted

_MOST = 12  # names that are tried in the place of one
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)
_WHICH_INDEX = "Write down which index each round of your code uses, for a small size."
_FIRST_ROUND = "What should be left of the first round when the second one is over?"


def indices(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A subscript one place off, along another axis, always the same, or left out."""
    if not isinstance(node, ast.Subscript):
        return
    subscript = _Subscript(site, node)
    for axis, part in enumerate(subscript.parts):
        if isinstance(part, ast.Slice):
            yield from subscript.slices(axis)
            continue
        whole = number(part)
        if whole is not None:
            yield from subscript.other_numbers(axis, whole)
        elif isinstance(part, (ast.Name, ast.BinOp)) and _counts(site, node, part):
            yield from subscript.counters(axis, part)
        else:
            continue
        yield from subscript.other_axes(axis)


class _Subscript:
    """A subscript, the text of its parts, and the words for them."""

    def __init__(self, site: Site, node: ast.Subscript) -> None:
        self.site, self.node = site, node
        self.parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        self.texts = [site.scope.text.of(part) for part in self.parts]
        self.value = site.of(node.value)
        self.name = site.words.part(node.value) or site.words.of(node.value)
        self.does = "is read" if isinstance(node.ctx, ast.Load) else "is written"

    def wrong(self, kind: str, text: str, predicate: str) -> Wrong:
        """A text in the place of the subscript; what is then true of the value that it is taken of."""
        subject = self.name[:1].upper() + self.name[1:]
        title = f"{subject} {predicate}{self.site.words.where(self.node)}"
        return self.site.wrong(kind, self.node, text, title, _WHICH_INDEX)

    def partly(self, kind: str, text: str, amount: str, circumstance: str) -> Wrong:
        """The same of a part of the value: "Another part of `x` is read than is meant"."""
        title = f"{amount} part of {self.name} {self.does} {circumstance}"
        return self.site.wrong(kind, self.node, text, title, _WHICH_INDEX)

    def at(self, axis: int, text: str) -> str:
        """The subscript with another text as one of its parts."""
        return f"{self.value}[{', '.join([*self.texts[:axis], text, *self.texts[axis + 1 :]])}]"

    def slices(self, axis: int) -> Iterator[Wrong]:
        """A slice that takes everything, in order."""
        own = self.texts[axis]
        if own.replace(" ", "") == "::-1":
            yield self.wrong("not_turned", self.at(axis, ":"), "is not turned round")
        elif own != ":":
            yield self.wrong("not_cut", self.at(axis, ":"), "is taken whole")

    def counters(self, axis: int, part: ast.expr) -> Iterator[Wrong]:
        """An index that changes with a loop: one off, always the same, or from the other end."""
        own = self.texts[axis]
        yield self.wrong("one_off", self.at(axis, f"{own} - 1"), f"{self.does} one place too early")
        yield self.wrong("one_off", self.at(axis, f"{own} + 1"), f"{self.does} one place too late")
        for text in ("0", "-1"):
            yield self.partly("always_same", self.at(axis, text), "The same", "in every round of the loop")
        for text in (f"-1 - {self.site.of(part)}", f"-{self.site.of(part)}"):
            yield self.wrong("from_behind", self.at(axis, text), f"{self.does} from the other end")

    def other_numbers(self, axis: int, whole: int) -> Iterator[Wrong]:
        """The numbers beside a number."""
        where = self.site.words.where(self.node)
        for near in {-1: (0, -2), 0: (-1, 1)}.get(whole, (whole - 1, whole + 1)):
            yield self.partly("other_part", self.at(axis, str(near)), "Another", f"than is meant{where}")

    def other_axes(self, axis: int) -> Iterator[Wrong]:
        """An index at another axis, or left out."""
        own, predicate = self.texts[axis], f"{self.does} along another axis"
        if len(self.parts) == 2 and self.texts[1 - axis] == ":":
            yield self.wrong("index_axis", f"{self.value}[{', '.join(reversed(self.texts))}]", predicate)
        if len(self.parts) == 2 and self.texts[0] == ":":
            yield self.wrong("index_axis", f"{self.value}[{own}]", predicate)
        if isinstance(self.node.ctx, ast.Load) and len(self.parts) == 1:
            yield self.wrong("index_axis", f"{self.value}[:, {own}]", predicate)
            yield self.wrong("not_cut", self.value, "is taken whole")


def _counts(site: Site, node: ast.AST, part: ast.AST) -> bool:
    """Whether an index changes with a loop around it."""
    inside = {inner.id for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    return any(
        isinstance(inner, ast.Name) and inner.id in inside
        for loop in site.scope.loops(node)
        for inner in ast.walk(getattr(loop, "target", loop))
    )


def statements(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Sums over rounds that are overwritten; statements in another order, or left out."""
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and not node.value.elts:
        yield from _begins_with(site, node, node.value)
    if node is site.scope.function:
        yield from _all_overwritten(site)
    if isinstance(node, ast.AugAssign):
        yield from _running_sums(site, node)
    yield from _order(site, node)
    if isinstance(node, ast.If):
        yield from _cases(site, node)


def _begins_with(site: Site, node: ast.Assign, empty: ast.List) -> Iterator[Wrong]:
    """A list of results that begins with what the loop begins with."""
    scope = site.scope
    for name in scope.carried:
        candidates = (name, *scope.parameters)
        begun = (
            value
            for value in candidates
            if value in scope.parameters or _has_value_before(scope, value, node)
        )
        for value in dict.fromkeys((*itertools.islice(begun, 1), *scope.parameters)):
            title = "What the loop begins with is among its results"
            hint = "How many entries has your list after a loop of three rounds?"
            yield site.wrong("begins_with", empty, f"[{value}]", title, hint)


def _all_overwritten(site: Site) -> Iterator[Wrong]:
    """All sums of a function at once: each round overwrites what the ones before it added."""
    text = site.scope.text
    sums = [node for node in site.scope.nodes if isinstance(node, ast.AugAssign)]
    if len(sums) > 1:
        edits = [(*text.span(node), f"{text.of(node.target)} = {text.of(node.value)}") for node in sums]
        title = "Sums are overwritten in each round, not added up"
        yield Wrong("overwritten", text.edit("overwritten", *edits), title, _FIRST_ROUND)


def _running_sums(site: Site, node: ast.AugAssign) -> Iterator[Wrong]:
    """One sum that is overwritten in each round, never added to, or added to with the other sign."""
    target, value = site.scope.text.of(node.target), site.scope.text.of(node.value)
    name = site.words.part(node.target)
    title = f"{name or 'A sum'} is overwritten in each round, not added up"
    yield site.wrong("overwritten", node, f"{target} = {value}", title, _FIRST_ROUND)
    title = f"Something is never added to {name or 'a sum'}"
    yield site.wrong("not_added", node, "pass", title, _FIRST_ROUND)
    sign = "-" if isinstance(node.op, ast.Add) else "+"
    title = f"A part has the wrong sign{site.words.where(node)}"
    yield site.wrong("term_negative", node, f"{target} {sign}= {value}", title, COUNT)


def _order(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A statement behind one that reads what it gives."""
    text = site.scope.text
    hint = (
        "For each line, ask which values it reads. Have they been updated by then, and should they have been?"
    )
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        body: list[ast.stmt] = block if isinstance(block, list) else []
        for index, earlier in enumerate(body):
            for later in body[index + 1 : index + 5]:
                if isinstance(earlier, _SIMPLE) and isinstance(later, _SIMPLE) and _matters(earlier, later):
                    between = text.source[text.span(earlier)[0] : text.span(later)[0]]
                    moved = f"{text.of(later)}\n{text.indent(earlier)}{between.rstrip()}"
                    edit = text.edit("order", (text.span(earlier)[0], text.span(later)[1], moved))
                    title = f"A value is used before it is updated{site.words.where(earlier)}"
                    yield Wrong("order", edit, title, hint)


def _cases(site: Site, node: ast.If) -> Iterator[Wrong]:
    """A condition that always holds, that never does, or that tests an argument for truth."""
    where = site.words.where(node)
    hint = "For which arguments does the hand-out say that something else happens?"
    yield site.wrong("case", node.test, "True", f"A case that should be told apart is not{where}", hint)
    yield site.wrong("case", node.test, "False", f"A case is left out{where}", hint)
    test = node.test
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
        title = f"{site.words.name(test.left) or 'An argument'} is tested for truth, not for None"
        hint = "What does Python say to `if` with an array of several numbers?"
        yield site.wrong("truth", test, f"not {site.scope.text.of(test.left)}", title, hint)


def _has_value_before(scope: Scope, name: str, node: ast.stmt) -> bool:
    """Whether a name has a value before a statement."""
    return any(
        isinstance(inner, ast.Assign)
        and inner.lineno < node.lineno
        and any(
            isinstance(part, ast.Name) and part.id == name
            for target in inner.targets
            for part in ast.walk(target)
        )
        for inner in scope.nodes
    )


def _matters(earlier: ast.stmt, later: ast.stmt) -> bool:
    """Whether a statement reads what one before it gives."""
    assigned = {name.id for name in named(earlier, ast.Store)}
    return any(name.id in assigned for name in named(later, ast.Load))


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
    own = scope.text.of(node)
    if isinstance(node, ast.Name) and (own not in scope.variables or own in scope.sizes):
        return
    above = scope.parent(node)
    belongs, belongs_to = words.of(node), words.belonging(node)
    called = isinstance(above, ast.Call) and above.func is node
    others = scope.attributes if attribute else [*scope.parameters, *_nearest_names(scope, node)]
    counters = {
        inner.id
        for loop in scope.loops(node)
        for inner in ast.walk(getattr(loop, "target", loop))
        if isinstance(inner, ast.Name)
    }
    if not attribute:
        siblings = [name for group in _siblings(site) if own in group for name in group]
        first = [name for name in (*scope.carried, *siblings) if name in others]
        others = [*first, *others]
    candidates = [name for name in dict.fromkeys(others) if name not in (own, *scope.sizes, *counters)]
    if not attribute and (own in counters or called):
        return
    for name in candidates[:_MOST]:
        other = ast.parse(name, mode="eval").body
        name_in_words = words.of(other)
        name_in_words = name_in_words[:1].upper() + name_in_words[1:]
        subject = (
            name_in_words if name_in_words.startswith("`") and belongs != name_in_words else "Another value"
        )
        belongs_here = belongs_to.replace("a value ", "one ", 1)
        title = f"{subject} is taken where {belongs_here} belongs{words.where(node)}"
        yield site.wrong(
            "other_name", node, name, title, "Which values does the formula of the hand-out name here?"
        )


def _nearest_names(scope: Scope, node: ast.AST) -> list[str]:
    """The names that a function gives values to: the nearest first that stand before a node, or in a loop around it.

    The others have no value yet where the node is read.
    """
    line, loops = getattr(node, "lineno", 0), scope.loops(node)
    first = {
        inner.id: inner.lineno
        for inner in reversed(scope.nodes)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }
    end = getattr(loops[-1], "end_lineno", line) if loops else line - 1
    return sorted((name for name in first if first[name] <= end), key=lambda name: abs(first[name] - line))


def _siblings(site: Site) -> list[list[str]]:
    """The names that are given the parts of one value."""
    return [
        [inner.id for inner in target.elts if isinstance(inner, ast.Name)]
        for node in site.scope.nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Tuple)
    ]
