"""Makers of wrong edits of what goes over an axis, of sizes, and of steps on the way to a value that are left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import named
from grader.operators.wrong import Site, Wrong
from grader.syntax import dotted

_REDUCING = ("sum", "mean", "max", "min", "prod", "var", "std", "argmax", "argmin", "amax", "amin")
_ALONG = "Which shape should come out here? Along which axes is it taken, and along which not?"
_MOST_STEPS = 8  # earlier values that are tried in the place of one


def _axis_of(node: ast.AST) -> ast.keyword | None:
    """Where a reduction names its axis; None for any other node."""
    if (
        not isinstance(node, ast.Call)
        or not isinstance(node.func, ast.Attribute)
        or node.func.attr not in _REDUCING
    ):
        return None
    return next((keyword for keyword in node.keywords if keyword.arg in ("axis", "dim")), None)


def _array(site: Site, node: ast.Call) -> ast.expr | None:
    """The array that a reduction goes over."""
    assert isinstance(node.func, ast.Attribute)
    if dotted(node.func.value) in site.scope.modules:
        return node.args[0] if node.args else None
    return node.func.value


def reductions(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A sum, mean or such over one axis: over all of them, or one entry alone; a mean with one less as its divisor."""
    keyword = _axis_of(node)
    array = _array(site, node) if keyword is not None and isinstance(node, ast.Call) else None
    if (
        keyword is None
        or array is None
        or not isinstance(node, ast.Call)
        or not isinstance(node.func, ast.Attribute)
    ):
        return
    name, text, where = f"`{node.func.attr}`", site.of(array), site.words.where(node)
    title = f"{name} is taken over all axes{where}, where one is meant"
    yield site.wrong("over_all_axes", node, f"{text}.{node.func.attr}()", title, _ALONG)
    along = site.scope.text.of(keyword.value)
    cut = {"0": "[0]", "1": "[:, 0]", "-1": "[..., 0]"}.get(along)
    if cut:
        title = f"One entry is taken where {name} is to be taken over all of them{where}"
        yield site.wrong("one_entry", node, f"{text}{cut}", title, _ALONG)
    if node.func.attr == "mean":
        whole = site.scope.text.of(node)
        title = f"A mean is divided by one less than the number of its entries{where}"
        hint = "By which number does the hand-out divide? Count for an example of two entries."
        size = f"{text}.shape[{along}]"
        yield site.wrong("one_less", node, f"({whole} * {size} / ({size} - 1))", title, hint)


def all_reductions(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """All that goes over one and the same axis of a function: over another one, or over all of them."""
    if node is not site.scope.function:
        return
    text = site.scope.text
    calls = [(call, keyword) for call in site.scope.nodes if (keyword := _axis_of(call)) is not None]
    if len(calls) < 2 or len({text.of(keyword.value) for _, keyword in calls}) != 1:
        return
    own = text.of(calls[0][1].value)
    for axis in ("0", "1", "-1", "None"):
        if axis != own:
            title = "All that is taken over an axis is taken over another one than is meant"
            if axis == "None":
                title = "All that is taken over one axis is taken over all axes"
            edits = [(*text.span(keyword.value), axis) for _, keyword in calls]
            yield Wrong("all_axes", text.edit("all_axes", *edits), title, _ALONG)


def other_sizes(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """The size of another axis, or of another array, in the place of a size."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Attribute):
        return
    if node.value.attr != "shape" or not isinstance(node.slice, ast.Constant):
        return
    own = site.scope.text.of(node)
    for name in site.scope.parameters:
        for axis in ("0", "1", "-1"):
            if f"{name}.shape[{axis}]" != own:
                title = f"A size of `{name}` is taken where another size belongs{site.words.where(node)}"
                hint = "Try an example whose sizes all differ. Which of them does the formula name here?"
                yield site.wrong("other_size", node, f"{name}.shape[{axis}]", title, hint)


def steps_left_out(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A value, or a result, as it was some steps before: each earlier value that it is computed from."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        values = [node.value]
    elif isinstance(node, ast.Return) and node.value is not None:
        values = [*node.value.elts] if isinstance(node.value, ast.Tuple) else [node.value]
    else:
        return
    hint = (
        "Which steps lead to this value in the hand-out, one after the other? Is each of them in your code?"
    )
    for value in values:
        name = site.words.name(node.targets[0] if isinstance(node, ast.Assign) else value)
        title = f"Steps are left out on the way to {name or 'a value'}{site.words.where(node)}"
        for before in _behind(site, value, node.lineno)[:_MOST_STEPS]:
            yield site.wrong("steps_left_out", value, site.of(before), title, hint)


def _behind(site: Site, value: ast.expr, line: int) -> list[ast.expr]:
    """The values that a value is computed from, the nearest first."""
    steps: list[ast.expr] = []
    names = {read.id for read in named(value, ast.Load)}
    for statement in reversed(site.scope.nodes):
        if not isinstance(statement, ast.Assign) or statement.lineno >= line or site.scope.loops(statement):
            continue
        target = statement.targets[0]
        if (
            isinstance(target, ast.Name)
            and target.id in names
            and isinstance(statement.value, (ast.BinOp, ast.Call))
        ):
            steps.append(statement.value)
            names |= {read.id for read in named(statement.value, ast.Load)}
    return steps
