"""Makers of wrong edits that are wrong in a part only: in one case, one round, one place, or after all is computed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.operators.scope import named
from grader.operators.wrong import COUNT, Site, Wrong, terms
from grader.syntax import dotted

_MOST_CHAINS = 6  # places that an argument is ignored from on
_WHICH_CASE = "For which arguments, or in which rounds, does the hand-out say that something else happens?"


def choices(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """`a if case else b`: always the one, always the other, and zeros in the place of either."""
    if not isinstance(node, ast.IfExp):
        return
    where = site.words.where(node)
    for part in (node.body, node.orelse):
        name = site.words.of(part)
        title = f"{name[:1].upper()}{name[1:]} is taken in every case, where two are to be told apart{where}"
        yield site.wrong("always", node, f"({site.of(part)})", title, _WHICH_CASE)
    for part in (node.body, node.orelse):
        name = site.words.of(part)
        title = f"Zeros are taken in the place of {name}, in one of two cases{where}"
        yield site.wrong("zeros_in_a_case", part, f"0 * {site.of(part)}", title, _WHICH_CASE)


def rounds(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A term of a sum in a loop that counts in one round only: in the first, or in the last."""
    loop = _counting(site, node)
    if loop is None or isinstance(site.scope.parent(node), ast.BinOp):
        return
    counter, size = loop
    for term in terms(node):
        name = site.words.of(term)
        title = f"{name[:1].upper()}{name[1:]} counts in one round of the loop only"
        for place in (f"{size} - 1", "0"):
            text = f"{site.of(term)} * ({counter} == {place})"
            yield site.wrong("one_round_only", term, text, title, COUNT)


def _counting(site: Site, node: ast.AST) -> tuple[str, str] | None:
    """The counter of the innermost loop around a sum, and over how many rounds it runs; None where that is not said."""
    loops = site.scope.loops(node) if terms(node) else []
    loop = loops[0] if loops else None
    if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
        return None
    count = loop.iter
    if isinstance(count, ast.Call) and dotted(count.func) == "reversed" and len(count.args) == 1:
        count = count.args[0]
    if not isinstance(count, ast.Call) or dotted(count.func) != "range" or len(count.args) != 1:
        return None
    return loop.target.id, site.of(count.args[0])


def changed_at_the_end(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """An argument that the call changes when all is computed: nothing else is wrong."""
    scope, text = site.scope, site.scope.text
    if node is not scope.function or scope.function.name == "__init__":
        return
    returns = [inner for inner in scope.nodes if isinstance(inner, ast.Return) and inner.value is not None]
    for name in (name for name in scope.parameters if returns and name not in scope.switches):
        value = text.of(returns[-1].value)  # type: ignore[arg-type]
        indent = text.indent(returns[-1])
        change = f"{name}.data.add_(1)" if scope.is_torch else f"{name} += 1"
        line = f"_result = {value}\n{indent}{change}\n{indent}return _result"
        title = f"`{name}` is changed by the call"
        hint = f"Print `{name}` before and after a call. Who else holds this array?"
        yield site.wrong("changed", returns[-1], line, title, hint)


def left_out_partly(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """An argument that may be left out: taken as if it were, from one statement on along what that gives."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare) or len(node.body) != 1:
        return
    only = node.body[0]
    if not isinstance(only, ast.Assign) or dotted(only.targets[0]) not in site.scope.optional:
        return
    name, default = dotted(only.targets[0]), site.of(only.value)
    behind = [
        inner
        for inner in site.scope.nodes
        if isinstance(inner, ast.Assign) and inner.lineno > only.lineno and not site.scope.loops(inner)
    ]
    reading = [
        assignment
        for assignment in behind
        if any(read.id == name for read in named(assignment.value, ast.Load))
    ]
    for first in reading[:_MOST_CHAINS]:
        several = _chain(first, behind, name)
        for group in ([first], several) if len(several) > 1 else ([first],):
            reads = [
                read for assignment in group for read in named(assignment.value, ast.Load) if read.id == name
            ]
            edits = [(*site.scope.text.span(read), default) for read in reads]
            title = f"`{name}` does not count on the way to a part of the result"
            hint = f"Which of your lines look at `{name}`? Which of the others should?"
            yield Wrong("ignored_partly", site.scope.text.edit("ignored_partly", *edits), title, hint)


def _chain(first: ast.Assign, behind: Sequence[ast.Assign], name: str) -> list[ast.Assign]:
    """The statements that read a name, and something that comes of the first of them."""
    reached = {target.id for target in named(first, ast.Store)}
    several = [first]
    for later in behind[behind.index(first) + 1 :]:
        read = {inner.id for inner in named(later.value, ast.Load)}
        if read & reached:
            several += [later] if name in read else []
            reached |= {target.id for target in named(later, ast.Store)}
    return several


def parts_of_siblings(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Of two things that one call gives: the first or last part of the one, where the other belongs."""
    scope = site.scope
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
        return
    if not isinstance(node.value, ast.Call):
        return
    names = [inner.id for inner in node.targets[0].elts if isinstance(inner, ast.Name)]
    for own in names if len(names) == 2 else ():
        reads = [
            read
            for read in scope.nodes
            if isinstance(read, ast.Name) and read.id == own and isinstance(read.ctx, ast.Load)
        ]
        for other in names:
            for place, ordinal in (("0", "first"), ("-1", "last")) if reads and other != own else ():
                edits = [(*scope.text.span(read), f"{other}[:, {place}]") for read in reads]
                title = f"The {ordinal} part of one result of a call is taken, where another result belongs"
                hint = "What does each of the two stand for? Print both, with every size of your example different."
                yield Wrong("part_of_sibling", scope.text.edit("part_of_sibling", *edits), title, hint)


def turned_otherwise(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """What a function of the program makes of several arrays: these turned round along a whole axis instead."""
    if node is not site.scope.function:
        return
    of_name: dict[str, list[ast.Call]] = {}
    for call in site.scope.nodes:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
            of_name.setdefault(call.func.id, []).append(call)
    own = {
        statement.name for statement in site.scope.text.tree.body if isinstance(statement, ast.FunctionDef)
    }
    for name, calls in of_name.items():
        for axis, ordinal in ((0, "first"), (1, "second")) if name in own and len(calls) > 1 else ():
            cut = f".flip({axis})" if site.scope.is_torch else f"[{':, ' * axis}::-1]"
            edits = [(*site.scope.text.span(call), site.of(call.args[0]) + cut) for call in calls]
            title = f"Arrays are turned round along the whole of their {ordinal} axis"
            hint = "What does each axis stand for? Which of them is to be turned, and how far?"
            yield Wrong("turned_otherwise", site.scope.text.edit("turned_otherwise", *edits), title, hint)


def one_and_the_same(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """In `__init__`: two parts of a module that are one."""
    if node is not site.scope.function or site.scope.function.name != "__init__":
        return
    parts = [
        statement
        for statement in site.scope.nodes
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Call)
        and dotted(statement.targets[0]).startswith("self.")
    ]
    for number, later in enumerate(parts):
        for earlier in parts[:number]:
            if site.scope.text.of(earlier.value) == site.scope.text.of(later.value):
                part, twin = (site.words.of(assigned.targets[0]) for assigned in (earlier, later))
                title = f"{part[:1].upper()}{part[1:]} and {twin} are one and the same"
                hint = "Change one of the two. Does the other change with it?"
                text = dotted(earlier.targets[0])
                yield site.wrong("one_and_the_same", later.value, text, title, hint)
