"""What can be read off the tree of a harness: which names of the student's its expressions use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

STUDENT = "student"


def asked_names(node: ast.AST) -> Iterator[str]:
    """The names in `student.NAME` and `getattr(student, "NAME")` within a node."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and _is_student(inner.value):
            yield inner.attr
        elif (
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Name)
            and inner.func.id in ("getattr", "hasattr")
            and len(inner.args) > 1
            and _is_student(inner.args[0])
            and isinstance(inner.args[1], ast.Constant)
        ):
            yield str(inner.args[1].value)


def _is_student(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == STUDENT


def held_objects(owner: ast.AST) -> dict[str, str]:
    """Local names that hold an object of a class of the student's, with the class's name."""
    classes: dict[str, str] = {}
    for node in ast.walk(owner):
        targets: Sequence[ast.expr] = ()
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            targets = (node.optional_vars,)
        value = node.value if isinstance(node, ast.Assign) else getattr(node, "context_expr", None)
        class_name = _class_of(value, classes)
        if class_name:
            classes.update({target.id: class_name for target in targets if isinstance(target, ast.Name)})
    return classes


def _class_of(node: ast.AST | None, classes: Mapping[str, str]) -> str:
    """The class of which an expression makes, or holds, an object; "" where that is not seen."""
    if isinstance(node, ast.Name):
        return classes.get(node.id, "")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if _is_student(node.func.value) and node.func.attr[:1].isupper():
            return node.func.attr
        return _class_of(node.func.value, classes)  # torch's .double(), .eval() give the object back
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        # _filled(student.Cell(3)) gives its argument back.
        return next(filter(None, (_class_of(argument, classes) for argument in node.args)), "")
    return ""


def used_name(node: ast.AST, classes: Mapping[str, str]) -> str:
    """What of the student's an expression names: "forward", a method as "Cell.step", or an object that is called."""
    if isinstance(node, ast.Attribute):
        if class_name := _class_of(node.value, classes):
            return f"{class_name}.{node.attr}"
        return node.attr if _is_student(node.value) else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return classes.get(node.func.id, "")
    return ""


def covers(node: ast.AST, line: int) -> bool:
    """Whether a node stands at a line, or extends over it; one without a line does."""
    return getattr(node, "lineno", line) <= line <= (getattr(node, "end_lineno", line) or line)


def own_parts(statement: ast.stmt) -> list[ast.AST]:
    """The parts of a statement that are its own, and not statements in it."""
    return [child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt)]


def text_pattern(message: ast.expr | None) -> str:
    """A regular expression for a text as it stands in the source; "" where it does not stand there."""
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        return re.escape(message.value)
    if not isinstance(message, ast.JoinedStr):
        return ""
    parts = [
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.{0,80}?)"
        for part in message.values
    ]
    return "".join(parts) if any(isinstance(part, ast.Constant) for part in message.values) else ""
