"""A change that a proof was given of, made in the reference: what turns the reference into the student's mistake.

A student names variables as they like and cuts a formula into other lines than the reference. So the changed expression
is looked for in the reference, with as much of what stands around it as makes it unique; arguments go by their place,
other variables by what they stand for there. Where nothing fits, nothing is given: a person then writes the edit.
"""

from __future__ import annotations

import ast
import contextlib
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.diagnose.merge import JoinedEdit
from grader.diagnose.source import Source
from grader.errors import CourseError
from grader.operators.bindings import in_function
from grader.syntax import FUNCTIONS, Function


@dataclass(frozen=True)
class Names:
    """The variables of a student's function and of the reference's: which of them are arguments, and at which place."""

    own: frozenset[str]
    arguments: Mapping[str, str]
    reference: frozenset[str]

    @classmethod
    def of(cls, function: Function, reference: Function) -> Names:
        """Of two functions that take the same arguments."""
        pairs = zip(_arguments(function), _arguments(reference))
        return cls(in_function(function), dict(pairs), in_function(reference))


def in_reference(
    reference: str, place: str, function: Function, right: str, wrong: str
) -> tuple[str, str] | None:
    """The change (right, wrong) of a line of `function` as an edit of the reference at `place`; None where none fits.

    `function` is the student's; `right` is its line as the proof has it, and `wrong` as it was handed in.
    """
    with contextlib.suppress(RecursionError):  # of an expression that is nested too deeply
        return _in_reference(reference, place, function, right, wrong)
    return None


def _in_reference(
    reference: str, place: str, function: Function, right: str, wrong: str
) -> tuple[str, str] | None:
    own = _function_at(ast.parse(reference), place)
    pair = _statement(right), _statement(wrong)
    if own is None or pair[0] is None or pair[1] is None:
        return None
    names = Names.of(function, own)
    pairs = [*_narrowing(pair[0], pair[1])]
    plainer = _Plainer()
    pairs += [
        (plainer.visit(copy.deepcopy(mine)), plainer.visit(copy.deepcopy(other))) for mine, other in pairs
    ]
    for inner_right, inner_wrong in pairs:
        places = [
            (node, mapping)
            for node in ast.walk(own)
            if isinstance(node, ast.expr)
            and (mapping := _student_names(inner_right, node, names)) is not None
        ]
        if len(places) != 1:
            continue  # with more of what stands around it, it may be
        node, mapping = places[0]
        renamed = _in_reference_names(inner_wrong, mapping, names)
        edit = renamed and _edit(reference, own, node, renamed)
        return edit if edit and _applies(reference, place, edit) else None
    return None


def _statement(text: str) -> ast.stmt | None:
    """A text that is one statement by itself."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    return body[0] if len(body) == 1 else None


def _function_at(tree: ast.Module, place: str) -> Function | None:
    """The function or method that a place such as "RNNCell.forward" names."""
    *owner, name = place.split(".")
    body: Sequence[ast.stmt] = tree.body
    for class_name in owner:
        classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name == class_name]
        body = classes[-1].body if classes else ()
    functions = [node for node in body if isinstance(node, FUNCTIONS) and node.name == name]
    return functions[-1] if functions else None


def _arguments(function: Function) -> list[str]:
    arguments = function.args
    return [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _narrowing(right: ast.AST, wrong: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The pairs of expressions that differ, the smallest first, up to those of the whole statement."""
    pairs: list[tuple[ast.AST, ast.AST]] = [(right, wrong)]
    while (inner := _only_difference(*pairs[-1])) is not None:
        pairs.append(inner)
    for pair in reversed(pairs):
        if isinstance(pair[0], ast.expr) and isinstance(pair[1], ast.expr):
            yield pair[0], pair[1]


def _only_difference(right: ast.AST, wrong: ast.AST) -> tuple[ast.AST, ast.AST] | None:
    """The one part in which two nodes of a kind differ; None where that is more, or the node itself."""
    if type(right) is not type(wrong):
        return None
    mine, theirs = _parts(right), _parts(wrong)
    if len(mine) != len(theirs):
        return None
    different = [pair for pair in zip(mine, theirs) if _text(pair[0]) != _text(pair[1])]
    if len(different) != 1:
        return None
    first, second = different[0]
    return (first, second) if isinstance(first, ast.AST) and isinstance(second, ast.AST) else None


def _parts(node: ast.AST) -> list[object]:
    """What a node consists of, lists with their lengths, so that parts of two nodes lie at the same place."""
    parts: list[object] = []
    for _, value in ast.iter_fields(node):
        parts += [len(value), *value] if isinstance(value, list) else [value]
    return parts


def _text(part: object) -> object:
    return ast.dump(part) if isinstance(part, ast.AST) else part


def _student_names(own: object, other: object, names: Names) -> dict[str, str] | None:
    """How a student's variables are called in a part of the reference that is the same; None where it is another."""
    mapping: dict[str, str] = {}
    waiting: list[tuple[object, object]] = [(own, other)]
    while waiting:
        mine, theirs = waiting.pop()
        if isinstance(mine, ast.expr_context):
            continue
        if not isinstance(mine, ast.AST) or not isinstance(theirs, ast.AST):
            if mine != theirs:
                return None
        elif isinstance(mine, ast.Name) and isinstance(theirs, ast.Name):
            if not _may_be(mine.id, theirs.id, mapping, names):
                return None
            mapping[mine.id] = theirs.id
        elif type(mine) is not type(theirs) or len(_parts(mine)) != len(_parts(theirs)):
            return None
        else:
            waiting += zip(_parts(mine), _parts(theirs))
    return mapping


def _may_be(mine: str, theirs: str, mapping: Mapping[str, str], names: Names) -> bool:
    """Whether a student's variable may be one of the reference's."""
    if mine in mapping or theirs in mapping.values():
        return mapping.get(mine) == theirs
    if mine not in names.own or theirs not in names.reference:  # a module, a builtin
        return mine == theirs and mine not in names.own and theirs not in names.reference
    if mine in names.arguments or theirs in names.arguments.values():
        return names.arguments.get(mine) == theirs
    return True


def _in_reference_names(wrong: ast.expr, mapping: Mapping[str, str], names: Names) -> ast.expr | None:
    """The wrong expression in the reference's names; None where it uses a variable that has none there."""
    new_names = {**names.arguments, **mapping}
    renamed = copy.deepcopy(wrong)
    for node in ast.walk(renamed):
        if isinstance(node, ast.Name) and node.id in names.own:
            if node.id not in new_names:
                return None
            node.id = new_names[node.id]
    return renamed


def _edit(reference: str, own: Function, node: ast.expr, wrong: ast.expr) -> tuple[str, str] | None:
    """The statement of the reference around an expression, as it is and with another one in its place."""
    around = [
        statement
        for statement in ast.walk(own)
        if isinstance(statement, ast.stmt)
        and not hasattr(statement, "body")
        and any(inner is node for inner in ast.walk(statement))
    ]
    if len(around) != 1:  # the head of a loop or a condition
        return None
    text = ast.get_source_segment(reference, around[0])
    if text is None or "\n" in text:
        return None
    changed = _Exchange(node, wrong).visit(around[0])
    return text, ast.unparse(changed)


def _applies(reference: str, place: str, edit: tuple[str, str]) -> bool:
    try:
        Source(reference).codes([JoinedEdit("the change", place, (edit,))], "the reference")
    except CourseError:
        return False
    return True


class _Plainer(ast.NodeTransformer):
    """Writes `np.dot(a, b)` as `a @ b`, and what takes all of an array as the array."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """`a[:, ::1]` → `a`."""
        self.generic_visit(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return node.value if isinstance(node.ctx, ast.Load) and all(map(_takes_all, parts)) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call with two arguments that is called as a product is."""
        self.generic_visit(node)
        is_product = isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul", "mm")
        if not is_product or len(node.args) != 2 or node.keywords:
            return node
        return ast.BinOp(node.args[0], ast.MatMult(), node.args[1])


def _takes_all(part: ast.expr) -> bool:
    if not isinstance(part, ast.Slice) or part.lower is not None or part.upper is not None:
        return False
    return part.step is None or (isinstance(part.step, ast.Constant) and part.step.value == 1)


class _Exchange(ast.NodeTransformer):
    """Puts another expression in the place of one node."""

    def __init__(self, node: ast.expr, other: ast.expr) -> None:
        self._node, self._other = node, other

    def visit(self, node: ast.AST) -> ast.AST:
        """Go through a tree."""
        return self._other if node is self._node else super().generic_visit(node)
