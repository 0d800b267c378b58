"""Operators on indices, axes, slices, ranges and other small numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.operators.scope import Scope, number
from grader.operators.texts import Edit
from grader.syntax import dotted

_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

#: Functions with an axis, and what it is when it is left out.
_AXES = frozenset(
    {
        *("stack", "concatenate", "cat", "flip", "sum", "mean", "max", "min", "hstack", "vstack", "squeeze"),
        *("expand_dims", "unsqueeze", "softmax", "cumsum"),
    }
)
_MOST = 3  # axes that are tried


def other_number(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A small whole number, or True, and those beside it; the first for the last."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield scope.text.instead("other_number", node, str(not node.value))
        return
    value = number(node)
    above = scope.parent(node)
    if value is None or (isinstance(above, ast.UnaryOp) and number(above) is not None):
        return
    near = [value + 1, value - 1]
    if value in (0, -1):
        near = [-1 - value, *near]
    near += [axis for axis in range(_MOST) if axis not in near and axis != value and abs(value) <= _MOST]
    for other in dict.fromkeys(near):
        if other != value:
            yield scope.text.instead("other_number", node, str(other))


def other_float(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A number with a fraction: 1, 0, and its negative."""
    if isinstance(node, ast.Constant) and type(node.value) is float:
        for other in (1.0, 0.0, -node.value, 1 - node.value):
            if other != node.value:
                yield scope.text.instead("other_number", node, repr(other))


def give_axis(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """An axis where none is given."""
    if not isinstance(node, ast.Call):
        return
    name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
    if name not in _AXES or any(keyword.arg in ("axis", "dim", "dims") for keyword in node.keywords):
        return
    method = isinstance(node.func, ast.Attribute) and dotted(node.func.value) not in scope.modules
    if len(node.args) > (0 if method else 1):
        return
    word = "dim" if scope.is_torch else "axis"
    end = scope.text.span(node)[1] - 1
    comma = ", " if node.args or node.keywords else ""
    for axis in (1, 0, -1, 2):
        yield scope.text.edit("give_axis", (end, end, f"{comma}{word}={axis}"))


def other_index(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`x[t]` → `x[t - 1]`, `x[:, t]` → `x[t]`, `x[0]` → `x`, `x[::-1]` → `x[:, ::-1]`."""
    if not isinstance(node, ast.Subscript):
        return
    text, value = scope.text, scope.text.of(node.value)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [text.of(part) for part in parts]
    where = text.span(node)[1] - 1  # before the bracket that closes
    begin = text.span(node.value)[1] + 1

    def indexed(inner: str, operator: str = "other_index") -> Edit:
        return text.edit(operator, (begin, where, inner))

    yield text.instead("drop_index", node, value)
    for place, part in enumerate(parts):
        before, after = texts[:place], texts[place + 1 :]
        if isinstance(part, (ast.Name, ast.BinOp, ast.UnaryOp)) and number(part) is None:
            for changed in (f"{texts[place]} - 1", f"{texts[place]} + 1", f"-{texts[place]} - 1"):
                yield indexed(", ".join([*before, changed, *after]))
        if isinstance(part, ast.Slice):
            ends = [f":{name}" for name in _counters(scope, node)] if texts[place] == ":" else []
            for other in (*_slices(texts[place]), *ends):
                yield indexed(", ".join([*before, other, *after]))
        if len(parts) > 1:
            yield indexed(", ".join([*before, *after]), "drop_index")
            for other_place in range(len(parts)):
                if other_place != place and texts[other_place] == ":":
                    swapped = [*texts]
                    swapped[place], swapped[other_place] = swapped[other_place], swapped[place]
                    yield indexed(", ".join(swapped), "other_axis")
    if not isinstance(parts[-1], ast.Slice) or texts[-1] != ":":
        yield indexed(", ".join([":", *texts]), "other_axis")


def spread(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`t < lengths` → `t < lengths[:, None]`: a side of a comparison, or what one says, with one axis more."""
    wanting: list[ast.expr] = []
    if isinstance(node, ast.Compare):
        wanting = [node.left, *node.comparators] if isinstance(node.ops[0], _ORDERS) else []
    elif isinstance(node, (ast.Call, ast.BinOp)):
        parts = node.args if isinstance(node, ast.Call) else [node.left, node.right]
        wanting = [part for part in parts if isinstance(part, ast.Name) and part.id in scope.masks]
    else:
        return
    for part in wanting:
        if isinstance(part, (ast.Name, ast.Call, ast.Attribute, ast.Subscript)):
            for index in ("[:, None]", "[..., None]", "[None]"):
                yield scope.text.instead("spread", part, f"{scope.text.of(part)}{index}")


def counted(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `x[:, -1]` → `x[:, t]`, and what stands there where `x` is read elsewhere: `x[:, t - 1]`."""
    if not isinstance(node, ast.Subscript):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    counters = _counters(scope, node)
    for part in parts:
        for name in counters if number(part) is not None else ():
            yield scope.text.instead("counted", part, name)
    if counters and any(number(part) is not None for part in parts):
        own = scope.text.of(node.value)
        others = [
            scope.text.of(other.slice)
            for other in scope.nodes
            if isinstance(other, ast.Subscript) and other is not node and scope.text.of(other.value) == own
        ]
        for text in [*dict.fromkeys(others)][:_MOST]:
            if "\n" not in text:
                yield scope.text.instead("counted", node.slice, text)


def span_end(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`x[start:n]` → `x[start : start + n]`: how many there are, and not where they end; `k * n` → `(k + 1) * n`."""
    if isinstance(node, ast.Slice):
        ends = [node.lower, node.upper]
    elif isinstance(node, ast.Call) and dotted(node.func) == "slice" and len(node.args) == 2:
        ends = [*node.args]
    else:
        return
    begin, end = ends
    if begin is None or end is None or number(begin) is not None:
        return
    if number(end) is None:
        yield scope.text.instead("span_end", end, f"{scope.text.of(begin)} + {scope.text.of(end)}")
    if isinstance(begin, ast.BinOp) and isinstance(begin.op, ast.Mult):
        left, right = scope.text.of(begin.left), scope.text.of(begin.right)
        yield scope.text.instead("span_end", end, f"({left} + 1) * {right}")
        yield scope.text.instead("span_end", end, f"{left} * ({right} + 1)")


def _counters(scope: Scope, node: ast.AST) -> list[str]:
    """The names that the loops around a node count with."""
    return [
        target.id
        for loop in scope.loops(node)
        if isinstance(loop, ast.For)
        for target in ast.walk(loop.target)
        if isinstance(target, ast.Name)
    ]


def _slices(text: str) -> list[str]:
    """The slices that are taken for one."""
    start, _, rest = text.partition(":")
    stop, _, step = rest.partition(":")
    others = [":"] if text != ":" else ["::-1", ":-1", "1:", ":2"]
    if start and not stop:
        others += [f":{start}", ":-1"]
    if stop and not start:
        others += [f"{stop}:", "1:", f":{stop} - 1", f":{stop} + 1"]
    if step.strip() == "-1":
        others += [f"{start}:{stop}"]
    return [other for other in dict.fromkeys(others) if other.strip() != text.strip()]


def moved_counter(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """What a loop counts with, one more or one less, where it is compared or divided: `t % n` → `(t + 1) % n`."""
    if not isinstance(node, ast.Name) or node.id not in _counters(scope, node):
        return
    above = scope.parent(node)
    if isinstance(above, ast.Compare) or (
        isinstance(above, ast.BinOp) and isinstance(above.op, (ast.Mod, ast.FloorDiv))
    ):
        for sign in "-+":
            yield scope.text.instead("moved_counter", node, f"({node.id} {sign} 1)")


def other_range(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """One round more or fewer, at the one end or the other."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "range" or not node.args:
        return
    text = scope.text
    texts = [text.of(argument) for argument in node.args]
    whole: list[str] = []
    if len(texts) == 1:
        whole = [f"1, {texts[0]}", f"{texts[0]} - 1", f"{texts[0]} + 1", f"{texts[0]} - 1, -1, -1"]
    elif len(texts) == 2:
        whole = [texts[1], f"{texts[0]}, {texts[1]} + 1", f"{texts[0]}, {texts[1]} - 1"]
    elif len(texts) == 3:
        whole = [f"{texts[0]} - 1, {texts[1]}, {texts[2]}", f"{texts[0]}, {texts[1]} - 1, {texts[2]}"]
        whole += [f"{texts[0]} + 1, {texts[1]}, {texts[2]}", texts[0], f"{texts[0]} + 1"]
    if len(texts) == 1:
        whole += [name for name in scope.sizes if name != texts[0]]
    first, last = text.span(node.args[0])[0], text.span(node.args[-1])[1]
    for inner in whole:
        yield text.edit("other_range", (first, last, inner))
