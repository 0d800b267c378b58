"""A call through the course's harness, as lines in the student's own names: what the harness does, written out.

A student has no harness.py, so what they paste must not speak of it. A function of the harness that is one straight
run of statements is written out with its arguments filled in; for any other, examples.py says what to type.
"""

from __future__ import annotations

import ast
import copy
import textwrap
from collections.abc import Sequence

from grader import values
from grader.diagnose.examples import Example
from grader.subject.harness import Harness, HarnessFunction
from grader.subject.harness_tree import STUDENT


class NotStraight(Exception):
    """A function of a harness cannot be written out: it says why."""


def lines(harness: Harness, example: Example) -> tuple[list[str], list[str]]:
    """What must stand first (imports, constants), and the statements that ask an example. Raises NotStraight."""
    if example.lines:
        written = textwrap.dedent(example.lines).strip("\n").splitlines()
        imports = [line for line in written if line.startswith(("import ", "from "))]
        return imports, [line for line in written if line not in imports]
    function = harness.functions[example.exercise]
    body = _body(function)
    return _source_lines(_needed(harness, _of_the_module(function.node))), _source_lines(body)


def _source_lines(statements: Sequence[ast.stmt]) -> list[str]:
    written = [ast.unparse(ast.fix_missing_locations(statement)) for statement in statements]
    return "\n".join(written).splitlines()


def parameters(harness: Harness, example: Example) -> dict[str, object]:
    """The arguments of an example under the names that its lines use: those of the function's parameters."""
    positional = [name for name in example.arguments if name not in example.keywords]
    function = harness.functions[example.exercise]
    if example.lines or function.is_class:
        return dict(example.arguments)
    assert isinstance(function.node, ast.FunctionDef)
    arguments = function.node.args
    own = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)][1:]
    names = dict(zip(positional, own))
    arguments_by_name = {names.get(name, name): value for name, value in example.arguments.items()}
    defaults = dict(zip(reversed(own), reversed(arguments.defaults)))
    defaults |= {
        keyword_only.arg: default
        for keyword_only, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
        if default is not None
    }
    for name, default in defaults.items():
        if name not in arguments_by_name:
            arguments_by_name[name] = ast.literal_eval(default)
    return arguments_by_name


def _body(function: HarnessFunction) -> list[ast.stmt]:
    """What a function does, in the student's names, its result printed."""
    node = copy.deepcopy(function.node)
    if not isinstance(node, ast.FunctionDef):
        raise NotStraight("it is a class")
    statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
    last = statements[-1] if statements else None
    inside = [inner for node in statements[:-1] for inner in ast.walk(node)]
    leaving = (ast.Return, ast.Yield, ast.YieldFrom)
    if (
        not isinstance(last, ast.Return)
        or last.value is None
        or any(isinstance(node, leaving) for node in inside)
    ):
        raise NotStraight("it does not return once, at its end")
    printed = ast.Expr(ast.Call(ast.Name("print", ast.Load()), [last.value], []))
    body = [_OwnNames().visit(node) for node in (*statements[:-1], printed)]
    if any(isinstance(inner, ast.Name) and inner.id == STUDENT for node in body for inner in ast.walk(node)):
        raise NotStraight(f"it uses {STUDENT} otherwise than by a name of it")
    return body


class _OwnNames(ast.NodeTransformer):
    """`student.Cell` as the student writes it: `Cell`."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == STUDENT:
            return ast.Name(node.attr, node.ctx)
        return self.generic_visit(node)


def _of_the_module(function: ast.AST) -> set[str]:
    """The names of the module that a function reads: neither its parameters, nor its variables, nor the student's.

    The student's are attributes there, `student.encode`, and may be called what a function of the harness is.
    """
    names = [inner for inner in ast.walk(function) if isinstance(inner, ast.Name)]
    own = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    own |= {inner.arg for inner in ast.walk(function) if isinstance(inner, ast.arg)}
    return {name.id for name in names} - own


def _needed(harness: Harness, used: set[str]) -> list[ast.stmt]:
    """The imports and constants of the harness among the names that are used. Raises NotStraight for a function."""
    imports = []
    for statement in harness.tree.body:
        bound: set[str] = set()
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            names = [
                alias for alias in statement.names if (alias.asname or alias.name).partition(".")[0] in used
            ]
            statement = copy.copy(statement)
            statement.names = names
            bound = {(alias.asname or alias.name).partition(".")[0] for alias in names}
        elif isinstance(statement, ast.Assign):
            bound = {target.id for target in statement.targets if isinstance(target, ast.Name)}
        elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and statement.name in used:
            raise NotStraight(f"it uses {statement.name}")
        if bound & used and not _is_future(statement):
            imports.append(statement)
    return imports


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def holds_arrays(example: Example) -> bool:
    """Whether any argument of an example holds an array."""
    return any(hasattr(leaf, "dtype") for _, leaf in values.leaves(dict(example.arguments)))
