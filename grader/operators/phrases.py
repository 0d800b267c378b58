"""What a node is called when somebody else's program is spoken of: by names of the hand-out, else by what it is.

Names that only the reference uses are never said: they stand for what they were given, "the product with `w`".
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from grader.operators.scope import Scope, is_self
from grader.syntax import dotted

_KINDS: dict[type[ast.operator], str] = {
    ast.Add: "a sum",
    ast.Sub: "a difference",
    ast.Mult: "a product",
    ast.MatMult: "a matrix product",
    ast.Div: "a quotient",
}
_DEEPEST = 4  # names that stand for names
_MOST_NAMED = 2  # arguments that a value is said to be computed from; of more the first


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    """What a statement gives values to, and the values."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.For):
        yield node.target, node.iter
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield node.target, node.value


class Phrases:
    """The words for one function's nodes; `public` are the names that students read in the hand-out."""

    def __init__(self, scope: Scope, public: Collection[str]) -> None:
        self._scope, self._public = scope, public
        self._values: dict[str, list[ast.expr]] = {}
        self._given: dict[str, list[ast.expr]] = {}  # also by loops, parts of a value, and additions to one
        for node in scope.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._values.setdefault(target.id, []).append(node.value)
            for bound, value in _bindings(node):
                for inner in ast.walk(bound):
                    if isinstance(inner, ast.Name):
                        self._given.setdefault(inner.id, []).append(value)

    def belonging(self, node: ast.AST) -> str:
        """What belongs where a node stands: in words of its own, else by the arguments that it is computed from."""
        words = self.of(node)
        if not words.startswith(("a ", "an ")):
            return words
        names = [f"`{name}`" for name in self._computed_from(node)]
        if not names:
            return "a value computed on the way"
        named = names if len(names) <= _MOST_NAMED else names[:1]
        return f"a value computed from {' and '.join(named)}"

    def _computed_from(self, node: ast.AST) -> list[str]:
        """The arguments of the hand-out that go into a value, in their order."""
        reached: set[str] = set()
        ahead: list[ast.AST] = [node]
        while ahead:
            for inner in ast.walk(ahead.pop()):
                if isinstance(inner, ast.Name) and inner.id not in reached:
                    reached.add(inner.id)
                    ahead += self._given.get(inner.id, ())
        return [name for name in self._scope.parameters if name in reached and name in self._public]

    def value(self, node: ast.AST) -> ast.AST:
        """What a name was given where it is given one thing once; any other node itself."""
        for _ in range(_DEEPEST):
            values = self._values.get(node.id, ()) if isinstance(node, ast.Name) else ()
            if len(values) != 1 or self._scope.bound.get(getattr(node, "id", ""), 0) != 1:
                return node
            node = values[0]
        return node

    def name(self, node: ast.AST) -> str:
        """The name of the hand-out that a node is, in backticks; "" where it is none."""
        if isinstance(node, ast.Attribute) and is_self(node.value):
            return f"`{node.attr}`" if node.attr in self._public else ""
        return f"`{node.id}`" if isinstance(node, ast.Name) and node.id in self._public else ""

    def of(self, node: ast.AST, depth: int = _DEEPEST) -> str:
        """A node in words."""
        named = self.name(node)
        if named or not depth:
            return named or "an intermediate result"
        inner = self.value(node)
        if inner is not node:
            return self.of(inner, depth - 1)
        if isinstance(node, ast.BinOp):
            return self._operation(node, depth)
        if isinstance(node, ast.Call):
            return f"the result of {self.function(node)}"
        if isinstance(node, ast.Subscript):
            whole = self.of(node.value, depth - 1)
            return f"a part of {whole}" if whole.startswith("`") else whole
        if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
            return f"{self.of(node.value, depth - 1)}, transposed,"
        if isinstance(node, ast.Constant):
            return f"`{node.value!r}`"
        if isinstance(node, ast.UnaryOp):
            return self.of(node.operand, depth - 1)
        return "an intermediate result"

    def _operation(self, node: ast.BinOp, depth: int) -> str:
        kind = _KINDS.get(type(node.op), "a result")
        if isinstance(node.op, (ast.Mult, ast.MatMult)):
            named = [name for name in (self.part(node.right), self.part(node.left)) if name]
            return f"the product with {named[0]}" if named else kind
        return kind

    def part(self, node: ast.AST) -> str:
        """The name of the hand-out that a factor is, or is a part of; "" where there is none."""
        node = self.value(node)
        while isinstance(node, ast.Subscript) or (
            isinstance(node, ast.Attribute) and node.attr in ("T", "mT")
        ):
            node = node.value
        return self.name(node)

    def function(self, node: ast.Call) -> str:
        """The function that is called, as students know it."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else dotted(node.func)
        library = isinstance(node.func, ast.Attribute) and not is_self(node.func.value)
        return f"`{name}`" if name and (library or name in self._public) else "a function"

    def where(self, node: ast.AST) -> str:
        """Where a node stands, as the end of a sentence: " in the loop", or "" where that tells nothing."""
        loops = [statement for statement in self._scope.nodes if isinstance(statement, (ast.For, ast.While))]
        if not loops:
            return ""
        if self._scope.loops(node):
            return " in the loop"
        first = min(loop.lineno for loop in loops)
        return " before the loop" if getattr(node, "lineno", first) < first else " after the loop"
