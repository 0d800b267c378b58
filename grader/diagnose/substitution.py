"""Two edits of one line, one made within the other: what the first puts in the place of a value, wherever that stands.

    old                        first                      second
    n = tanh(a + r * s)        n = tanh(a + (1 - r) * s)  n = tanh(r * (a + s))

The first puts `1 - r` in the place of `r`; with it the second is `n = tanh((1 - r) * (a + s))`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

Substitution = tuple[str, ast.expr]  # a value, as `ast.dump` shows it, and what stands instead


def composed(old: str, one: str, other: str) -> str | None:
    """One text within the other; None where neither has a value that the other changes.

    All are one assignment to the same targets, or one `return`. What only adds to values goes in first: `return h, c`
    with both exchanged, and a transposed `h`, gives the transposed one in the second place.

    >>> composed("return h, c", "return c, h", "return h.T, c")
    'return c, h.T'
    >>> composed("h = tanh(a)", "h = a", "h = b") is None
    True
    """
    orders = ((one, other), (other, one))
    texts = (
        _text_with_both(old, first, second, adding=adding)
        for adding in (True, False)
        for first, second in orders
    )
    return next((text for text in texts if text is not None), None)


def _text_with_both(old: str, first: str, second: str, *, adding: bool) -> str | None:
    """The `second` text with what the `first` puts in the place of values; None where it has none of these.

    With `adding`, only where all that the first puts in has the value itself in it.
    """
    begin, inner, outer = map(_statement, (old, first, second))
    if begin is None or inner is None or outer is None or not _sets_the_same(begin, inner, outer):
        return None
    if begin.value is None or inner.value is None or outer.value is None:
        return None
    instead = [*_substitutions(begin.value, inner.value, Counter(_dumps(begin.value)))]
    if adding and not all(_adds(new, value) for value, new in instead):
        return None
    putting_in = _PutIn(instead)
    value = putting_in.visit(outer.value)
    assert isinstance(value, ast.expr)
    outer.value = value
    return _text(outer) if putting_in.is_done else None


def _text(statement: ast.Assign | ast.Return) -> str:
    """A statement as it is written by hand: `return a, b` without brackets."""
    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
        terms = [ast.unparse(term) for term in statement.value.elts]
        return f"return {', '.join(terms)}{',' if len(terms) == 1 else ''}"
    return ast.unparse(statement)


def _adds(new: ast.expr, value: str) -> bool:
    """Whether what stands instead of a value does something to it: `h.T` for `h`, but not `h, h`."""
    return not isinstance(new, ast.Tuple) and value in _dumps(new)


def _statement(text: str) -> ast.Assign | ast.Return | None:
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return None
    alone = body[0] if len(body) == 1 else None
    return alone if isinstance(alone, (ast.Assign, ast.Return)) else None


def _sets_the_same(*statements: ast.Assign | ast.Return) -> bool:
    """Whether all are a `return`, or assignments to the same targets."""
    targets = {
        "".join(map(ast.dump, statement.targets)) if isinstance(statement, ast.Assign) else None
        for statement in statements
    }
    return len(targets) == 1


def _substitutions(old: ast.expr, new: ast.expr, counts: Counter[str]) -> Iterator[Substitution]:
    """The smallest values that one text has in the place of the other's, each of which stands once in the old one."""
    before = ast.dump(old)
    if before == ast.dump(new):
        return
    inner = _inner(old, new, counts)
    if inner is not None:
        yield from inner
    elif counts[before] == 1:
        yield before, new


def _inner(old: ast.expr, new: ast.expr, counts: Counter[str]) -> list[Substitution] | None:
    """What stands instead within a value; None where that is not all that differs, or not all of it stands once."""
    if type(old) is not type(new) or _shell(old) != _shell(new):
        return None
    pairs = [*zip(_operands(old), _operands(new), strict=True)]
    differing = [(mine, other) for mine, other in pairs if ast.dump(mine) != ast.dump(other)]
    several = [[*_substitutions(mine, other, counts)] for mine, other in differing]
    return [each for some in several for each in some] if all(several) and several else None


def _operands(node: ast.AST) -> list[ast.expr]:
    """The values that a value is made of, those of its keywords and indices among them."""
    return [
        operand
        for child in ast.iter_child_nodes(node)
        for operand in ([child] if isinstance(child, ast.expr) else _operands(child))
    ]


def _shell(node: ast.expr) -> str:
    """What a value is but for its operands."""
    operands = {ast.dump(operand): None for operand in _operands(node)}
    shell = ast.dump(node)
    for dump in sorted(operands, key=len, reverse=True):
        shell = shell.replace(dump, "_")
    return shell


def _dumps(node: ast.AST) -> list[str]:
    return [ast.dump(each) for each in ast.walk(node) if isinstance(each, ast.expr)]


class _PutIn(ast.NodeTransformer):
    """Puts in what stands instead of values, wherever they stand."""

    def __init__(self, substitutions: Sequence[Substitution]) -> None:
        self._instead = dict(substitutions)
        self.is_done = False

    def visit(self, node: ast.AST) -> ast.AST:
        """A value with what stands instead of it, or instead of those that it is made of."""
        instead = self._instead.get(ast.dump(node))
        if instead is None:
            return super().generic_visit(node)
        self.is_done = True
        return instead
