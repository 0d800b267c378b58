"""A function of a program with what operators ask about it: which names it has, and which libraries they stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from grader.operators.bindings import attributes_read, attributes_set, in_function, is_asked_for_size
from grader.operators.texts import Text
from grader.syntax import DEFINITIONS, FUNCTIONS, Function

LOOPS = (ast.For, ast.While)

#: The operators of a formula, as they are written.
SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
}


@dataclass(frozen=True, eq=False)
class Scope:
    """A function at the top of a file, or a method; what is nested in it belongs to it.

    `outside` holds the names that the rest of the program has for it; None where they are not known.
    """

    text: Text
    function: Function
    owner: ast.ClassDef | None = None
    outside: frozenset[str] | None = None

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All that stands in its body, in the order of the text."""
        inner = [node for statement in self.function.body for node in ast.walk(statement)]
        placed = [node for node in inner if hasattr(node, "lineno")]
        return sorted(placed, key=lambda node: (*self.text.span(node),))

    @cached_property
    def first(self) -> ast.stmt:
        """Its first statement, its docstring left out."""
        body = self.function.body
        documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        return body[1] if documented and len(body) > 1 else body[0]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of its arguments, `self` left out."""
        arguments = self.function.args
        every = [
            argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        ]
        return tuple(name for name in every if not (self.owner is not None and name in ("self", "cls")))

    @cached_property
    def optional(self) -> frozenset[str]:
        """The arguments whose default is None."""
        arguments = self.function.args
        plain = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults)]
        pairs += [
            (argument, default)
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
            if default
        ]
        return frozenset(
            argument.arg
            for argument, default in pairs
            if isinstance(default, ast.Constant) and default.value is None
        )

    @cached_property
    def switches(self) -> frozenset[str]:
        """The arguments that are no arrays: with a plain default, or asked whether they are true."""
        arguments = self.function.args
        plain = [*arguments.posonlyargs, *arguments.args]
        switches = {
            argument.arg
            for argument, default in (
                *zip(plain[len(plain) - len(arguments.defaults) :], arguments.defaults),
                *zip(arguments.kwonlyargs, arguments.kw_defaults),
            )
            if isinstance(default, ast.Constant) and default.value is not None
        }
        for node in self.nodes:
            test = node.test if isinstance(node, (ast.If, ast.IfExp, ast.While)) else None
            test = test.operand if isinstance(test, ast.UnaryOp) else test
            if isinstance(test, ast.Name) and test.id in self.parameters:
                switches.add(test.id)
        return frozenset(switches)

    @cached_property
    def read(self) -> dict[str, int]:
        """The names that it reads, with how often."""
        return self._names(ast.Load)

    @cached_property
    def bound(self) -> dict[str, int]:
        """The names that it gives values to, with how often."""
        return self._names(ast.Store)

    @cached_property
    def filled(self) -> dict[str, None]:
        """The names that it gives values to, as a whole or part by part, in the order in which it last does."""
        stored: dict[str, None] = {}
        for node in self.nodes:
            inner: ast.AST = node
            while isinstance(inner, ast.Subscript):
                inner = inner.value
            if isinstance(inner, ast.Name) and isinstance(getattr(node, "ctx", None), ast.Store):
                stored.pop(inner.id, None)
                stored[inner.id] = None
        return stored

    def _names(self, context: type[ast.expr_context]) -> dict[str, int]:
        counts: dict[str, int] = {}
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, context):
                counts[node.id] = counts.get(node.id, 0) + 1
        return counts

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Its arguments and what it gives values to, in the order in which they first stand there."""
        return tuple(dict.fromkeys((*self.parameters, *self.bound)))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """What the class sets on `self`, or says that it has (`bias: Array`), as `self.name`."""
        return () if self.owner is None else tuple(dict.fromkeys(attributes_set(self.owner)))

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """Arguments that it never reads, and what the class has on `self` and no method reads, but for sizes.

        What `__init__` reads of these, to fill it with numbers, does not count.
        """
        names = [node for node in self.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
        used = {name.id for name in names if not is_asked_for_size(self.parent(name))}
        used |= {*attributes_read(self.owner, self.text.parents)} if self.owner is not None else set()
        return tuple(name for name in (*self.parameters, *self.attributes) if name not in used)

    @cached_property
    def spare(self) -> tuple[str, ...]:
        """What is unused and may be an array: not what a layer's `__init__` keeps of its arguments as they are."""
        sizes: set[str] = set()
        for node in ast.walk(self.owner) if self.owner is not None and self.owner.bases else ():
            if isinstance(node, ast.Assign):
                sizes |= {target for target, value in _pairs(node) if isinstance(value, ast.Name)}
        return tuple(name for name in self.unused if name not in sizes)

    @cached_property
    def unbound(self) -> frozenset[str]:
        """The names that it reads and that nothing gives a value to: where one is reached, NameError is raised."""
        outside = self.outside
        return frozenset() if outside is None else frozenset(self.read) - outside - in_function(self.function)

    @cached_property
    def idle(self) -> tuple[str, ...]:
        """What it gives values to and never reads, the last first."""
        return tuple(name for name in [*self.bound][::-1] if name not in self.read and name.strip("_"))

    @cached_property
    def forgotten(self) -> tuple[str, ...]:
        """The same without sizes, of which one is often taken from a shape and not wanted."""
        return tuple(name for name in self.idle if name not in self.sizes)

    @cached_property
    def sizes(self) -> tuple[str, ...]:
        """The names that it takes from a shape, and what its class keeps of numbers."""
        named = [
            inner.id
            for node in self.nodes
            if isinstance(node, ast.Assign)
            and any(getattr(part, "attr", "") == "shape" for part in ast.walk(node.value))
            for target in node.targets
            for inner in ast.walk(target)
            if isinstance(inner, ast.Name) and inner.id.strip("_")
        ]
        first = [f"{name}.shape[0]" for name in self.parameters[:1]]
        return tuple(dict.fromkeys((*named, *first)))

    @cached_property
    def library(self) -> str:
        """What it computes arrays with, as this file calls it: "torch" or "np"; "" where neither is imported."""
        names = self.text.libraries
        torch, numpy = names.get("torch", ""), names.get("numpy", "")
        uses_torch = self.owner is not None or (torch in self.read and numpy not in self.read)
        return (torch or numpy) if uses_torch else (numpy or torch)

    @cached_property
    def is_torch(self) -> bool:
        """Whether that is torch."""
        return self.library != "" and self.library == self.text.libraries.get("torch", "")

    @cached_property
    def modules(self) -> frozenset[str]:
        """Names that are modules: calling what is in them is calling no method."""
        return frozenset(self.text.libraries.values())

    @cached_property
    def masks(self) -> tuple[str, ...]:
        """The names that are given what a comparison says."""
        compared = [
            node
            for node in self.nodes
            if isinstance(node, ast.Assign)
            and any(isinstance(part, ast.Compare) for part in ast.walk(node.value))
        ]
        return tuple(
            dict.fromkeys(
                target.id for node in compared for target in node.targets if isinstance(target, ast.Name)
            )
        )

    @cached_property
    def collected(self) -> tuple[str, ...]:
        """The names of lists that it appends to."""
        calls = [node.func for node in self.nodes if isinstance(node, ast.Call)]
        return tuple(
            dict.fromkeys(
                call.value.id
                for call in calls
                if isinstance(call, ast.Attribute)
                and call.attr == "append"
                and isinstance(call.value, ast.Name)
            )
        )

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """The names that a loop reads and gives new values to, and that have one before it."""
        names: list[str] = []
        for loop in self.nodes:
            if isinstance(loop, ast.For):
                inner = [name_node for name_node in ast.walk(loop) if isinstance(name_node, ast.Name)]
                stored = {name_node.id for name_node in inner if isinstance(name_node.ctx, ast.Store)}
                counted = {
                    name_node.id for name_node in ast.walk(loop.target) if isinstance(name_node, ast.Name)
                }
                read = [
                    name_node.id
                    for name_node in inner
                    if isinstance(name_node.ctx, ast.Load) and name_node.id in stored - counted
                ]
                names += [name for name in read if name in self.parameters or self.bound.get(name, 0) > 1]
        return tuple(dict.fromkeys(names))

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What a node is a part of."""
        return self.text.parents.get(node)

    def loops(self, node: ast.AST) -> list[ast.AST]:
        """The loops around a node, the innermost first."""
        around: list[ast.AST] = []
        above = self.parent(node)
        while above is not None and above is not self.function:
            if isinstance(above, LOOPS):
                around.append(above)
            above = self.parent(above)
        return around


def scopes(text: Text, outside: frozenset[str] | None = None) -> Iterator[Scope]:
    """Every function at the top of a file and every method of a class there; of one name the last."""
    last: dict[str, ast.stmt] = {}
    for node in text.tree.body:
        if isinstance(node, DEFINITIONS):
            last[node.name] = node
    for node in last.values():
        if isinstance(node, FUNCTIONS):
            yield Scope(text, node, outside=outside)
        elif isinstance(node, ast.ClassDef):
            methods = {method_.name: method_ for method_ in node.body if isinstance(method_, FUNCTIONS)}
            yield from (Scope(text, method, node, outside) for method in methods.values())


def named(node: ast.AST, context: type[ast.expr_context]) -> list[ast.Name]:
    """The names in a node that are read there (`ast.Load`), or given values (`ast.Store`)."""
    names = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name)]
    return [name for name in names if isinstance(name.ctx, context)]


def _pairs(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """The attributes of `self` that an assignment sets, each with what it is given."""
    for target in node.targets:
        targets, values = [target], [node.value]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            targets, values = target.elts, node.value.elts
        for part, value in zip(targets, values):
            if isinstance(part, ast.Attribute) and is_self(part.value):
                yield f"self.{part.attr}", value


def is_self(node: ast.AST) -> bool:
    """Whether a node is the name `self`."""
    return isinstance(node, ast.Name) and node.id == "self"


def bracketed(scope: Scope, node: ast.AST) -> str:
    """The text of a part of a formula, in brackets where it needs them."""
    text = scope.text.of(node)
    return f"({text})" if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare)) else text


def number(node: ast.AST) -> int | None:
    """The whole number that a node stands for, a minus before it included."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    whole = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if whole else None  # type: ignore[attr-defined, return-value]
