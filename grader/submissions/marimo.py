"""From a notebook of marimo, which is a .py file, to its cells as chunks. Parses, and runs nothing.

There, each cell is a function whose parameters are the names that it takes from other cells:

    @app.cell
    def _(np):
        rate = np.float64(0.1)
        return (rate,)

marimo runs a cell after those that define what it takes, wherever these stand; so are the chunks in that order. Cells
keep the numbers that they have on the page.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.records import Chunk
from grader.submissions.syntax_errors import without_comment
from grader.syntax import DEFINITIONS, FUNCTIONS, bound_by, dotted

_WHOLE = frozenset(["function", "class_definition"])  # what these decorate is defined for all cells


@dataclass(frozen=True)
class _Cell:
    chunk: Chunk
    takes: frozenset[str]
    defines: frozenset[str]


def cells(source: str, tree: ast.Module) -> tuple[Chunk, ...]:
    """The cells of a notebook of marimo in the order in which they run; nothing for any other program."""
    app = _app(tree) if "marimo" in source else ""
    if not app:
        return ()
    lines = source.split("\n")
    cells: list[_Cell] = []
    number = 0
    for node in tree.body:
        kind = _kind(node, app)
        number += bool(kind)
        if not _is_scaffold(node, app):
            cells.append(_cell(node, kind, lines, f"cell {number}" if kind else f"cell {number} and below"))
    return tuple(cell.chunk for cell in _in_order(cells) if cell.chunk.source.strip())


def _app(tree: ast.Module) -> str:
    """The name that the notebook gives itself: "app" of `app = marimo.App()`."""
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call)
            and dotted(node.value.func) == "marimo.App"
        ):
            return node.targets[0].id
    return ""


def _attribute(node: ast.expr, app: str) -> str:
    """What `app.cell` and `app.cell(hide_code=True)` name, "cell"; "" where it is nothing of the notebook's."""
    node = node.func if isinstance(node, ast.Call) else node
    mine = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == app
    return node.attr if mine and isinstance(node, ast.Attribute) else ""


def _kind(node: ast.stmt, app: str) -> str:
    """Which kind of cell a statement at the top is: "cell", "function", "class_definition", "setup"; "" for none."""
    if isinstance(node, DEFINITIONS) and node.decorator_list:
        return _attribute(node.decorator_list[0], app)
    if isinstance(node, ast.With):
        return _attribute(node.items[0].context_expr, app)
    return _attribute(node.value, app).replace("_unparsable_", "") if isinstance(node, ast.Expr) else ""


def _is_scaffold(node: ast.stmt, app: str) -> bool:
    """Whether a statement at the top is marimo's own, and holds nothing that somebody wrote."""
    if isinstance(node, ast.Import):
        return all(alias.name == "marimo" and not alias.asname for alias in node.names)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id in (app, "__generated_with")
    runs = node.body[0] if isinstance(node, ast.If) and len(node.body) == 1 else None
    if isinstance(runs, ast.Expr) and isinstance(runs.value, ast.Call):
        return dotted(runs.value.func) == f"{app}.run"
    return isinstance(node, ast.Expr) and bool(_attribute(node.value, app))


def _cell(node: ast.stmt, kind: str, lines: Sequence[str], label: str) -> _Cell:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    last = node.end_lineno or node.lineno
    body = [node]
    takes: frozenset[str] = frozenset()
    if kind in _WHOLE:
        first = (decorators[0].end_lineno or first) + 1
        takes = frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    elif kind and isinstance(node, (*FUNCTIONS, ast.With)) and not _returns_early(node):
        first, body = _end_of_head(node, lines) + 1, node.body
        if isinstance(node, FUNCTIONS):
            takes = frozenset(argument.arg for argument in node.args.args)
        if isinstance(body[-1], ast.Return):
            last, body = body[-1].lineno - 1, body[:-1]
    margin = " " * (body[0].col_offset if body else 0)
    source = "\n".join(line.removeprefix(margin) for line in lines[first - 1 : last]) if body else ""
    defines = frozenset(name for statement in body for name in _names_set(statement))
    return _Cell(Chunk(source, label), takes - defines, defines)


def _end_of_head(node: ast.stmt, lines: Sequence[str]) -> int:
    """The number of the line with the colon behind which a block begins."""
    number = node.lineno
    while number < len(lines) and not without_comment(lines[number - 1]).endswith(":"):
        number += 1
    return number


def _returns_early(node: ast.With | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a block ends anywhere but at its last statement: then it is no cell of marimo's making."""
    return any(
        isinstance(part, ast.Return) for statement in node.body for part in _own_nodes(statement)
    ) and not (
        isinstance(node.body[-1], ast.Return)
        and not any(
            isinstance(part, ast.Return) for statement in node.body[:-1] for part in _own_nodes(statement)
        )
    )


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement and what is in it, but for what is in functions and classes."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _names_set(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement gives a value."""
    for node in _own_nodes(statement):
        yield from bound_by(node)


def _in_order(cells: Sequence[_Cell]) -> list[_Cell]:
    """Each cell after those that define what it takes; else as they stand."""
    owners = {name: cell for cell in reversed(cells) for name in cell.defines}
    ordered: list[_Cell] = []
    begun: set[int] = set()
    done: set[int] = set()
    waiting = [*reversed(cells)]
    while waiting:
        cell = waiting[-1]
        needed = [
            owners[name] for name in sorted(cell.takes & owners.keys()) if id(owners[name]) not in begun
        ]
        if id(cell) not in begun and needed:
            begun.add(id(cell))
            waiting += needed[::-1]
            continue
        begun.add(id(cell))
        waiting.pop()
        if id(cell) not in done:
            done.add(id(cell))
            ordered.append(cell)
    return ordered
