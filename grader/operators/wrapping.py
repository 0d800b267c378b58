"""Operators that put a call around an expression: those that the file itself makes elsewhere, and the usual ones."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from functools import lru_cache

from grader.operators.scope import Scope, is_self
from grader.operators.texts import Edit, Text
from grader.syntax import dotted

LONGEST = 48  # characters of what stands around the hole of a pattern
_MOST = 24  # patterns of one file
_MOST_FILLED = 3  # names that may be given back beside what a list collects
Pattern = tuple[str, str, frozenset[str]]  # before and behind the hole, and the names that both read

_USUAL_NUMPY = (
    ("np.tanh(", ")"),
    ("", ".T"),
    ("", "[:, ::-1]"),
    ("", "[::-1]"),
    ("", ".swapaxes(0, 1)"),
    ("", ".copy()"),
    ("", ".sum(axis=0)"),
    ("-", ""),
)
_USUAL_TORCH = (
    ("torch.tanh(", ")"),
    ("", ".flip(1)"),
    ("", ".flip(0)"),
    ("", ".transpose(0, 1)"),
    ("", ".clone()"),
    ("", ".sum(0)"),
    ("", ".detach()"),
    ("-", ""),
)


def wrap(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """An expression in the hole of a pattern."""
    for around in patterns(scope) if may_lack_a_call(scope, node) else ():
        yield from in_hole(scope, node, around)


def in_hole(scope: Scope, node: ast.AST, around: tuple[str, str]) -> Iterator[Edit]:
    """The same with one pattern, where the expression does not begin with it already."""
    before, behind = around
    if before and scope.text.of(node).startswith(before):
        return
    start, end = scope.text.span(node)
    simple = isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    opened, closed = ("", "") if simple or behind.startswith((",", ")")) else ("(", ")")
    yield scope.text.edit("wrap", (start, start, before + opened), (end, end, closed + behind))


def rewrap(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A call or a slice, and another pattern of the file in its place: `x.flip(0)` → `turned(x, n)`."""
    inner = _wrapped_value(scope, node)
    if inner is not None:
        for before, behind in patterns(scope):
            yield scope.text.instead("rewrap", node, f"{before}{scope.text.of(inner)}{behind}")


def own_helper(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """The same for calls, and the functions of the file alone, as it calls them elsewhere."""
    inner = _wrapped_value(scope, node) if isinstance(node, ast.Call) else None
    if inner is not None:
        own = [
            pattern for pattern in patterns(scope) if pattern[0].partition("(")[0] in _top_names(scope.text)
        ]
        for before, behind in own:
            if not scope.text.of(node).startswith(before):
                yield scope.text.instead("own_helper", node, f"{before}{scope.text.of(inner)}{behind}")


def _wrapped_value(scope: Scope, node: ast.AST) -> ast.expr | None:
    """What a call or a slice does something with."""
    inner: ast.expr | None = None
    if isinstance(node, ast.Call):
        is_method = (
            isinstance(node.func, ast.Attribute) and dotted(node.func).split(".")[0] not in scope.modules
        )
        if is_method and isinstance(node.func, ast.Attribute):
            inner = node.func.value
        elif node.args:
            inner = node.args[0]
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        inner = node.value
    plain = isinstance(inner, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
    return inner if inner is not None and plain and not is_self(inner) else None


def hold(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """In a loop: `state = new` → only where a mask says so, and what it was elsewhere; or zero there."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not scope.library:
        return
    target, value = scope.text.of(node.targets[0]), scope.text.of(node.value)
    for mask in scope.masks:
        for other in (target, "0"):
            if mask not in value and not (other == target and target in scope.masks):
                yield scope.text.instead(
                    "hold", node.value, f"{scope.library}.where({mask}, {value}, {other})"
                )


def stack(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """A list that was appended to, and is read outside of its loop → an array of all that is in it."""
    item = (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id in scope.collected
    )
    whole = isinstance(node, ast.Name) and node.id in scope.collected and isinstance(node.ctx, ast.Load)
    above = scope.parent(node)
    if (item or whole) and not isinstance(above, (ast.Attribute, ast.Subscript)) and scope.library:
        name = node.value.id if isinstance(node, ast.Subscript) else scope.text.of(node)  # type: ignore[attr-defined]
        for axis in (1, 0):
            yield scope.text.instead("stack", node, f"{scope.library}.stack({name}, {axis})")
    if isinstance(node, (ast.Assign, ast.Return)) and node.value and not scope.loops(node) and scope.library:
        for name in scope.collected:  # filled, and read by nobody
            if scope.read.get(name) == 1 and name not in scope.text.of(node):
                yield scope.text.instead("stack", node.value, f"{scope.library}.stack({name}, 1)")
                for text in _with_collected(scope, node.value, name) if isinstance(node, ast.Return) else ():
                    yield scope.text.instead("stack", node.value, text)
    if isinstance(node, ast.Return) and (node.value is None or isinstance(node.value, ast.Constant)):
        for name, other in itertools.product(scope.collected, [*scope.filled][::-1][:_MOST_FILLED]):
            if name != other and scope.library:
                for axis in (1, 0):
                    text = f"return {scope.library}.stack({name}, {axis}), {other}"
                    yield scope.text.instead("stack", node, text)


def _with_collected(scope: Scope, value: ast.expr, collected: str) -> Iterator[str]:
    """What is given back, with all that a list collected before it or behind it."""
    join = "cat" if scope.is_torch else "concatenate"
    for call in (f"stack({collected}, 1)", f"stack({collected}, 0)", f"{join}({collected}, 1)"):
        joined, text = f"{scope.library}.{call}", scope.text.of(value)
        yield from (f"{joined}, {text}", f"{text}, {joined}")


def regroup(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(a) + b` → `f(a + b)`, and `f(a) + f(b)` too."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    text = scope.text
    calls = [
        nested
        for nested in ast.walk(node)
        if isinstance(nested, ast.Call) and len(nested.args) == 1 and not nested.keywords
    ]
    for call in calls:
        head = text.of(call.func)
        same = [nested for nested in calls if text.of(nested.func) == head]
        if any(inner in ast.walk(call.args[0]) for inner in same if inner is not call):
            continue
        start, end = text.span(node)
        for group in ([call], same) if len(same) > 1 else ([call],):
            inner = text.source[start:end]
            for nested in sorted(group, key=lambda nested: -text.span(nested)[0]):
                first, last = text.span(nested)
                inner = f"{inner[: first - start]}{text.of(nested.args[0])}{inner[last - start :]}"
            yield text.instead("regroup", node, f"{head}({inner})")


def double_call(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(x)` → `f(f(x))`."""
    takes_one = isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords
    if takes_one and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        head, argument = scope.text.of(node.func), node.args[0]
        yield scope.text.instead("double_call", argument, f"{head}({scope.text.of(argument)})")


def may_lack_a_call(scope: Scope, node: ast.AST) -> bool:
    """Whether an expression may lack a call: it is assigned, given back, handed on, or a term of a sum."""
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Constant, ast.Starred, ast.Slice, ast.Lambda)):
        return False
    if isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)) or isinstance(
        node, (ast.Compare, ast.JoinedStr)
    ):
        return False
    above = scope.parent(node)
    if isinstance(above, (ast.Assign, ast.AugAssign, ast.Return, ast.BinOp, ast.comprehension)):
        return True
    if isinstance(above, (ast.Tuple, ast.List)):
        return not isinstance(scope.parent(above), (ast.Subscript,)) and not isinstance(above.ctx, ast.Store)
    if isinstance(above, ast.For):
        return above.iter is node
    if isinstance(above, ast.Call):
        return node is not above.func
    return isinstance(above, ast.Attribute) and isinstance(node, ast.Call)


@lru_cache(maxsize=256)
def patterns(scope: Scope) -> tuple[tuple[str, str], ...]:
    """What may stand around an expression of this function: its file's own patterns, and the usual ones."""
    taken_names = {*scope.variables, *scope.modules, *scope.attributes, *_top_names(scope.text)}
    own = [(before, behind) for before, behind, names in _patterns(scope.text) if names <= taken_names]
    numpy, torch = (scope.text.libraries.get(name, "") for name in ("numpy", "torch"))
    if numpy and torch:  # what the file does with the other library's arrays
        old, new = (numpy, torch) if scope.is_torch else (torch, numpy)
        own = [(before.replace(f"{old}.", f"{new}."), behind) for before, behind in own]
    usual = []
    if scope.library:
        plain = "torch" if scope.is_torch else "np"
        for before, behind in _USUAL_TORCH if scope.is_torch else _USUAL_NUMPY:
            usual.append((before.replace(f"{plain}.", f"{scope.library}."), behind))
    return tuple(dict.fromkeys((*own[:_MOST], *usual)))


@lru_cache(maxsize=64)
def _top_names(text: Text) -> frozenset[str]:
    defined = (ast.FunctionDef, ast.ClassDef)
    return frozenset(node.name for node in text.tree.body if isinstance(node, defined)) | {"self"}


@lru_cache(maxsize=64)
def _patterns(text: Text) -> tuple[Pattern, ...]:
    """The calls, products and slices of a file, each with one part taken out."""
    values: dict[tuple[str, str], frozenset[str]] = {}
    for node in text.nodes:
        for hole in _holes(node):
            start, end = text.span(node)
            first, last = text.span(hole)
            before, behind = text.source[start:first], text.source[last:end]
            if len(before) + len(behind) > LONGEST or "\n" in before + behind:
                continue
            inside = {id(inner) for inner in ast.walk(hole)}
            names = {
                inner.id
                for inner in ast.walk(node)
                if isinstance(inner, ast.Name) and id(inner) not in inside and isinstance(inner.ctx, ast.Load)
            }
            values.setdefault((before, behind), frozenset(names))
    own = [(before, behind, names) for (before, behind), names in values.items()]
    return tuple(own)


def _holes(node: ast.AST) -> list[ast.expr]:
    """The parts of a node that may be the hole of a pattern."""
    if isinstance(node, ast.Call):
        simple = isinstance(node.func, ast.Name) and node.func.id in (
            "range",
            "len",
            "print",
            "super",
            "zip",
            "int",
        )
        holes = (
            []
            if simple
            else [argument for argument in node.args if not isinstance(argument, (ast.Constant, ast.Starred))]
        )
        if isinstance(node.func, ast.Attribute) and isinstance(
            node.func.value, (ast.Name, ast.Call, ast.Subscript)
        ):
            holes.append(node.func.value)
        return [argument for argument in holes if len(node.args) <= 3]
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.MatMult)):
        return [node.left, node.right]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return [node.left]
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return [node.value] if any(isinstance(part, ast.Slice) for part in parts) else []
    return []
