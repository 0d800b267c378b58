"""Operators for an index that is gone, a size that is, and results of several parts of which one is left."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from grader.operators.scope import LOOPS, Scope, bracketed, named
from grader.operators.texts import Edit
from grader.operators.unread import computed_and_lost, kept_for_nothing, lost_arrays, statement_of
from grader.syntax import dotted

_MOST_INDICES = 6  # that a name has elsewhere
_MOST_PAIRED = 4  # names of which any two may be one of several results
_MOST_RESULTS = 3  # of a function of which one may be two values
_MOST_LOST = 3
_MOST_MATRICES = 2


def indexed_as_elsewhere(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(a, a[t])` → `f(a[t], …)`: a name alone, and the indices that it has elsewhere, also one place off.

    An index that is computed and never read → what it may have been read for.
    """
    if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
        return
    above = scope.parent(node)
    is_whole = isinstance(above, (ast.Call, ast.BinOp, ast.Assign, ast.AugAssign, ast.Tuple, ast.Return))
    is_asked = isinstance(above, ast.Attribute) and isinstance(scope.parent(above), ast.Call)  # `a.copy()`
    if not (is_whole or is_asked) or (isinstance(above, ast.Call) and above.func is node):
        return
    own = scope.text.of(node)
    indices: dict[str, None] = {}
    if not scope.loops(node) and any(own == scope.text.of(part) for part in _filled_by_part(scope)):
        indices |= {"-1": None, ":, -1": None}  # behind the loop, the last one
    for other in scope.nodes:
        if isinstance(other, ast.Subscript) and scope.text.of(other.value) == own:
            indices |= dict.fromkeys(_near_indices(scope, node, scope.text.of(other.slice)))
    for index in [*indices][:_MOST_INDICES]:
        if "\n" not in index:
            yield scope.text.instead("indexed_as_elsewhere", node, f"{own}[{index}]")


def _filled_by_part(scope: Scope) -> list[ast.expr]:
    """What is given values part by part."""
    return [
        node.value
        for node in scope.nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    ]


def _near_indices(scope: Scope, node: ast.AST, index: str) -> Iterator[str]:
    """An index, and for what counts around a node the places beside it."""
    yield index
    for loop in scope.loops(node):
        counters = ast.walk(loop.target) if isinstance(loop, ast.For) else ()
        for name in [counter.id for counter in counters if isinstance(counter, ast.Name)]:
            for sign in "-+":
                moved = re.sub(rf"\b{name}\b(?:\s*[-+]\s*1\b)?", f"{name} {sign} 1", index)
                if moved != index:
                    yield moved
            bare = re.sub(rf"\b{name}\b\s*[-+]\s*1\b", name, index)
            if bare != index:
                yield bare


def in_blocks(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`a[:, k::3]` → the block `k` of three, side by side, where every third was taken."""
    if not isinstance(node, ast.Subscript):
        return
    last = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    if not isinstance(last, ast.Slice) or last.lower is None or last.upper is not None or last.step is None:
        return
    place, count, array = (
        bracketed(scope, last.lower),
        bracketed(scope, last.step),
        bracketed(scope, node.value),
    )
    axis = len(node.slice.elts) - 1 if isinstance(node.slice, ast.Tuple) else 0
    if "..." in scope.text.of(node.slice):
        axis = -1
    size = f"({array}.shape[{axis}] // {count})"
    yield scope.text.instead("in_blocks", last, f"{place} * {size} : ({place} + 1) * {size}")


def rounds(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`range(max(n))` → `range(steps)`: how often a loop goes round, and the sizes that there are."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "range" or len(node.args) != 1:
        return
    own = scope.text.of(node.args[0])
    if isinstance(node.args[0], (ast.Name, ast.Constant)):
        return  # these are exchanged elsewhere
    for size in _sizes(scope):
        if size != own:
            yield scope.text.instead("rounds", node.args[0], size)


def result_of_several(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return y, f(h)` → `return y, (f(h), f(c))`, and `return y, h` → `return y, (h, c)`: a result of two values."""
    value = node.value if isinstance(node, ast.Return) else None
    parts = value.elts if isinstance(value, ast.Tuple) else []
    lost = [*dict.fromkeys((*computed_and_lost(scope), *scope.unused, *kept_for_nothing(scope)))][:_MOST_LOST]
    filled = [*scope.filled][::-1]
    likely = [*dict.fromkeys((*lost, *(name for name in filled if name in scope.carried), *filled))]
    for part in parts if len(parts) <= _MOST_RESULTS else ():
        if isinstance(part, (ast.Tuple, ast.Starred)):
            continue
        text = scope.text.of(part)
        inner = [name.id for name in named(part, ast.Load) if name.id in scope.variables]
        for old, new in itertools.product(dict.fromkeys(inner), lost):
            twin = re.sub(rf"\b{old}\b", new, text)
            for pair in ((text, twin), (twin, text)) if twin != text else ():
                yield scope.text.instead("result_of_several", part, f"({', '.join(pair)})")
        for pair in itertools.permutations(likely[:_MOST_PAIRED], 2):
            yield scope.text.instead("result_of_several", part, f"({', '.join(pair)})")


def lost_index(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`x[0]` → `x[rows, where]`, `x.gather(1, where).squeeze(1)`: for a `where` that is computed and never read."""
    if not isinstance(node, (ast.Name, ast.Subscript, ast.Call)) or not scope.forgotten:
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or scope.loops(node):
        return
    if not isinstance(scope.parent(node), (ast.Tuple, ast.Return, ast.Assign)):
        return
    arrays = [*dict.fromkeys(_arrays(scope, node))]
    names = [name for name in computed_and_lost(scope) if name not in scope.masks][:_MOST_LOST]
    for array, name in itertools.product(arrays, names):
        texts = [f"{array}[{name}]", f"{array}[:, {name}]"]
        if scope.is_torch:
            texts += [f"{array}.gather(1, {name}).squeeze(1)", f"{array}.gather(1, {name})[:, 0]"]
        for other in names:
            if other != name:
                texts.append(f"{array}[{name}, {other}]")
        for text in texts:
            yield scope.text.instead("lost_index", node, text)


def _arrays(scope: Scope, node: ast.AST) -> Iterator[str]:
    """A value, what it is a part of, and what that is computed from."""
    yield bracketed(scope, node)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in scope.variables:
            yield inner.id


def joined_lost(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return x, h` → `return cat((a, b.flip(1)), -1), h`: two values that nothing reads, side by side.

    `return n, h` → `return stack(y, 1), h`, for what a list collects and nothing reads.
    """
    value = node.value if isinstance(node, ast.Return) else None
    if value is None or not scope.library:
        return
    lost = [name for name in computed_and_lost(scope) if name not in scope.masks]
    collected = [name for name in kept_for_nothing(scope) if name in scope.collected]
    join, turn = ("cat", ".flip(1)") if scope.is_torch else ("concatenate", "[:, ::-1]")
    for part in value.elts if isinstance(value, ast.Tuple) else [value]:
        for name, axis in itertools.product(collected[:_MOST_LOST], (1, 0)):
            yield scope.text.instead("joined_lost", part, f"{scope.library}.stack({name}, {axis})")
        for first, second in (lost[::-1], lost) if len(lost) == 2 else ():
            for text in (
                f"{scope.library}.{join}(({first}, {second}{turn}), -1)",
                f"{scope.library}.{join}(({first}, {second}), -1)",
                f"{scope.library}.stack(({first}, {second}))",
            ):
                yield scope.text.instead("joined_lost", part, text)


def given_for_zeros(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`zeros(2, n)[0]` → `state[0]`: an argument where zeros, or a list, are made of its own kind."""
    above = scope.parent(node)
    is_list = isinstance(node, (ast.ListComp, ast.List)) and isinstance(above, ast.Subscript)
    if not is_list and not (isinstance(node, ast.Call) and _makes_zeros(node)):
        return
    if isinstance(above, (ast.Subscript, ast.BinOp, ast.Call, ast.Tuple)):
        for name in [name for name in scope.parameters if name in scope.optional or name in scope.unused]:
            yield scope.text.instead("given_for_zeros", node, name)


def _makes_zeros(node: ast.Call) -> bool:
    name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
    return name.removeprefix("new_").startswith(("zeros", "ones", "empty", "full"))


def list_of_many(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`[steps]` → `[steps] * n`: a list of one number, and how many there are."""
    if not isinstance(node, ast.List) or len(node.elts) != 1 or isinstance(scope.parent(node), ast.BinOp):
        return
    own, sizes = scope.text.of(node.elts[0]), _sizes(scope)
    for size in sizes if own in sizes else ():
        if size != own:
            yield scope.text.instead("list_of_many", node, f"([{own}] * {size})")


def _sizes(scope: Scope) -> list[str]:
    first_axes = [f"{name}.shape[{axis}]" for name in scope.parameters[:1] for axis in (0, 1)]
    return [*dict.fromkeys((*scope.sizes, *first_axes))]


def two_terms_gone(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`h = f(x @ w)` → `h = f(x @ w + h @ u + b)`: two arguments that are never read, one of them as a matrix."""
    lost = lost_arrays(scope)
    if len(lost) != 2 or not isinstance(node, (ast.BinOp, ast.Name, ast.Subscript)):
        return
    above = scope.parent(node)
    is_whole = isinstance(above, (ast.Assign, ast.Return)) or (
        isinstance(above, ast.Call) and above.args == [node]
    )
    is_whole = is_whole or (isinstance(above, ast.Attribute) and isinstance(scope.parent(above), ast.Call))
    if not is_whole or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    own = bracketed(scope, node)
    for matrix, term in itertools.permutations(lost, 2):
        for name in _read_with(scope, node):
            yield scope.text.instead("two_terms_gone", node, f"({own} + {name} @ {matrix} + {term})")


def _read_with(scope: Scope, node: ast.AST) -> list[str]:
    """What may be multiplied: what the statement gives a value to, and what its loop carries."""
    statement = statement_of(scope, node)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    own = [scope.text.of(target) for target in targets if not isinstance(target, ast.Tuple)]
    return [*dict.fromkeys((*own, *scope.carried, *scope.parameters[:2]))][:_MOST_PAIRED]


def lost_matrix(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`w.T` → `(x @ w).T`, `f(w)` → `f(x @ w)`: for an `x` that is computed, or given, and never read."""
    above = scope.parent(node)
    if not isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(above, LOOPS):
        return
    if isinstance(node, ast.Name) and node.id in scope.modules:
        return
    if isinstance(above, ast.Attribute) and above.attr not in ("T", "mT"):
        return
    if isinstance(above, ast.Call) and above.func is node:
        return
    lost = lost_arrays(scope)
    text = scope.text.of(node)
    for name in [*dict.fromkeys(lost)][:_MOST_MATRICES] if "\n" not in text else ():
        for product in (f"({name} @ {text})", f"({text} @ {name})"):
            yield scope.text.instead("lost_matrix", node, product)
