"""Operators on calls: one dropped, doubled, or put in another's place; its arguments dropped, given or exchanged."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import Scope, number
from grader.operators.texts import Edit
from grader.syntax import dotted

#: Functions that are taken for one another.
FAMILIES = (
    ("tanh", "sigmoid", "relu"),
    ("mean", "sum"),
    ("zeros", "ones", "randn", "rand", "empty"),
    ("new_zeros", "new_ones", "new_empty"),
    ("cos", "sin"),
    ("argmax", "argmin"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("outer", "multiply", "dot", "matmul"),
    ("softmax", "log_softmax"),
    ("stack", "concatenate"),
    ("stack", "cat"),
    ("RNNCell", "GRUCell"),
    ("RNN", "GRU"),
)
_MOST_PARTS = 6  # of which any two are exchanged; of more only neighbours
#: What takes whatever it is given; dropping it makes no array of anything.
_PLAIN = frozenset(
    {
        *(
            "range",
            "len",
            "enumerate",
            "zip",
            "print",
            "super",
            "isinstance",
            "list",
            "tuple",
            "int",
            "float",
        ),
        *("reversed", "type", "getattr", "setattr", "hasattr"),
    }
)


def drop_call(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(x)` → `x`, `x.f()` → `x`; of several arguments each in turn."""
    if not isinstance(node, ast.Call):
        return
    text = scope.text
    if isinstance(node.func, ast.Attribute) and _is_value(scope, node.func.value):
        yield text.instead("drop_call", node, text.of(node.func.value))
    name = dotted(node.func)
    if name in _PLAIN or name.startswith("super"):
        return
    for argument in node.args:
        if not isinstance(argument, (ast.Constant, ast.Starred)):
            yield text.instead("drop_call", node, f"({text.of(argument)})")
    for value in (*node.args, *(keyword.value for keyword in node.keywords)):  # `normal(size=x.shape)` → `x`
        if isinstance(value, ast.Attribute) and value.attr == "shape":
            yield text.instead("drop_call", node, f"({text.of(value.value)})")


def _is_value(scope: Scope, node: ast.AST) -> bool:
    """Whether what stands before a dot is a value, and no module or `self`."""
    name = dotted(node)
    return name != "self" and name.split(".")[0] not in scope.modules


def drop_reversal(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`reversed(range(n))` → `range(n)`, and the other way round."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    text = scope.text
    if node.func.id == "reversed" and len(node.args) == 1:
        yield text.instead("drop_reversal", node, text.of(node.args[0]))
    above = scope.parent(node)
    wrapped = isinstance(above, ast.Call) and dotted(above.func) == "reversed"
    if node.func.id == "range" and not wrapped:
        yield text.instead("reverse_range", node, f"reversed({text.of(node)})")


def drop_argument(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """One argument less: a keyword (`dtype=…`, `requires_grad=False`), or the last one."""
    if not isinstance(node, ast.Call):
        return
    arguments: list[ast.AST] = [*node.args, *node.keywords]
    for place, argument in enumerate(arguments):
        if not isinstance(argument, ast.keyword) and argument is not arguments[-1]:
            continue
        start, end = scope.text.span(argument)
        if place:
            start = scope.text.span(arguments[place - 1])[1]
        elif len(arguments) > 1:
            end = scope.text.span(arguments[1])[0]
        yield scope.text.edit("drop_argument", (start, end, ""))


def give_argument(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """One argument more: one of the function's own that it never reads."""
    if not isinstance(node, ast.Call) or dotted(node.func) in _PLAIN or not (node.args or node.keywords):
        return
    last = [*node.args, *node.keywords][-1]
    end = scope.text.span(last)[1]
    for name in scope.spare:
        yield scope.text.edit("give_argument", (end, end, f", {name}"))
    if not node.keywords and scope.loops(node):
        for name in _carried_names(scope, node):
            yield scope.text.edit("give_argument", (end, end, f", {name}"))


def _carried_names(scope: Scope, node: ast.AST) -> list[str]:
    """The names that the innermost loop around a node gives values to, and that are not in the node already."""
    inside = [inner for inner in ast.walk(scope.loops(node)[0]) if isinstance(inner, ast.Name)]
    names = dict.fromkeys(inner.id for inner in inside if isinstance(inner.ctx, ast.Store))
    return [
        name
        for name in names
        if name not in {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    ]


def exchange(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """Two arguments, or two parts of a tuple or list, the other way round."""
    if isinstance(node, ast.Call):
        parts = node.args
    elif isinstance(node, (ast.Tuple, ast.List)):
        parts = node.elts
    else:
        return
    text = scope.text
    pairs = itertools.combinations(parts, 2) if len(parts) <= _MOST_PARTS else itertools.pairwise(parts)
    for first, second in pairs:
        if (
            text.of(first) != text.of(second)
            and not isinstance(first, ast.Starred)
            and not isinstance(second, ast.Starred)
        ):
            yield text.edit(
                "exchange", (*text.span(first), text.of(second)), (*text.span(second), text.of(first))
            )


def other_function(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A function of the same family: another activation, `sum` for `mean`."""
    if not isinstance(node, ast.Call):
        return
    text, function = scope.text, node.func
    name = function.attr if isinstance(function, ast.Attribute) else dotted(function)
    for family in FAMILIES:
        for other in family if name in family else ():
            if other == name:
                continue
            # A class stands in its own module, and a function in the library's first one as well.
            beside = isinstance(function, ast.Attribute) and name[0].isupper()
            if isinstance(function, ast.Attribute) and (beside or _is_value(scope, function.value)):
                yield text.instead("other_function", function, f"{text.of(function.value)}.{other}")
            elif scope.library and name[0].islower():
                yield text.instead("other_function", function, f"{scope.library}.{other}")
    if scope.library and name in ("maximum", "clip", "clamp") and node.args:
        for argument in node.args:
            for other in ("tanh", "exp") if number(argument) is None else ():
                yield text.instead("other_function", node, f"{scope.library}.{other}({text.of(argument)})")
    if scope.library and name in ("sin", "cos"):
        yield text.instead("other_function", function, f"{scope.library}.tanh")
    if name in ("view", "reshape") and node.args:
        value = function.value if isinstance(function, ast.Attribute) else node.args[0]
        inner = text.of(value if _is_value(scope, value) else node.args[0])
        yield text.instead("turn_axes", node, f"({inner}).swapaxes(0, 1)")


def own_activation(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`1 / (1 + exp(-z))` → `tanh(z)`."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div) or not scope.library:
        return
    for inner in ast.walk(node.right):
        if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
            yield scope.text.instead(
                "own_activation", node, f"{scope.library}.tanh({scope.text.of(inner.operand)})"
            )


def truth_to_none(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`if not state` → `if state is None`, and the test of a name the other way round."""
    if not isinstance(node, (ast.If, ast.IfExp)):
        return
    test, text = node.test, scope.text
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield text.instead("truth_to_none", test, f"{text.of(test.operand)} is None")
        yield text.instead("turn_condition", test, text.of(test.operand))
    else:
        if isinstance(test, (ast.Name, ast.Attribute)):
            yield text.instead("truth_to_none", test, f"{text.of(test)} is not None")
        yield text.instead("turn_condition", test, f"not ({text.of(test)})")
