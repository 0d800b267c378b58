"""A check that failed → the lines of it that show the failure, to paste and run without the check.

Works on the text of the visible checks alone, which the student has anyway: the lines up to the one that failed,
what they use from the rest of the file, and a print in the place of each comparison.
"""

from __future__ import annotations

import ast
import textwrap

from grader.text import source_lines

MOST_LINES = 60  # more than that nobody reads on a screen


def lines(checks: str, check: str, line: int, student: str, notebook: bool = False) -> list[str]:
    """The code that shows what `check` met at its `line`; empty where the file does not have it (any more).

    `student` is the name of the student's module: it is imported first, or not at all in a `notebook`, where
    everything is there already.
    """
    try:
        tree = ast.parse(checks)
    except (SyntaxError, ValueError):
        return []
    function = next((n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == check), None)
    if function is None:
        return []
    body: list[ast.stmt] = []
    for statement in function.body:
        if statement.lineno > line or _is_docstring(statement):
            continue
        failing = statement.lineno <= line <= (statement.end_lineno or line)
        if failing or not _is_comparison(statement):
            body.append(statement)
    if not body:
        return []
    lines = [_shown_lines(statement, checks) for statement in body]
    if not _prints(lines) and isinstance(body[-1], (ast.Assign, ast.AnnAssign)):
        target = body[-1].targets[0] if isinstance(body[-1], ast.Assign) else body[-1].target
        lines.append(f"print({ast.unparse(target).strip('()')})")
    before = _needed(tree, ast.parse("\n".join(lines)), checks, student, notebook)
    code = "\n".join([*before, *lines]).splitlines()
    # Two comparisons of one thing print it once.
    once = [
        line for line, above in zip(code, ["", *code], strict=False) if line != above or "print(" not in line
    ]
    return once if len(once) <= MOST_LINES else []


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_comparison(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assert) or (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Name)
        and statement.value.func.id.startswith("check")
    )


class _Prints(ast.NodeTransformer):
    """Puts a print of what is compared in the place of each comparison."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if _is_comparison(node) and isinstance(node.value, ast.Call) and node.value.args:
            first = node.value.args[0]
            assert isinstance(node.value.func, ast.Name)
            if "shape" in node.value.func.id:  # hundreds of numbers would hide what is asked
                first = ast.parse(f"[part.shape for part in {ast.unparse(first)}]", mode="eval").body
            return _print(first)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        compared = node.test
        if isinstance(compared, ast.Compare):
            compared = compared.left
        elif isinstance(compared, ast.Call) and compared.args:
            compared = compared.args[0]
        return _print(compared)


def _print(value: ast.expr) -> ast.stmt:
    return ast.Expr(ast.Call(ast.Name("print", ast.Load()), [value], []))


def _shown_lines(statement: ast.stmt, source: str) -> str:
    """A statement as it stands in the file, or with prints where it compares."""
    holds = any(isinstance(node, ast.stmt) and _is_comparison(node) for node in ast.walk(statement))
    if holds:
        changed = ast.fix_missing_locations(_Prints().visit(statement))
        return ast.unparse(changed)
    return _text(statement, source)


def _text(statement: ast.stmt, source: str) -> str:
    rows = source_lines(source)[statement.lineno - 1 : statement.end_lineno]
    return textwrap.dedent("\n".join(rows))


def _prints(lines: list[str]) -> bool:
    return any("print(" in text for text in lines)


def _names_read(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _needed(tree: ast.Module, code: ast.AST, source: str, student: str, notebook: bool) -> list[str]:
    """What `code` uses from the top of the file, and what that uses: imports first, then the rest in its order."""
    needed, chosen = _names_read(code), []
    for statement in reversed(tree.body):  # a definition stands before its use
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        if _names_set(statement) & needed:
            chosen.append(statement)
            needed |= _names_read(statement)
    imports = []
    for statement in tree.body:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        own = isinstance(statement, ast.ImportFrom) and statement.module == student
        names = [alias for alias in statement.names if (alias.asname or alias.name).split(".")[0] in needed]
        if names and not (own and notebook):
            statement.names = names
            imports.append(ast.unparse(statement))
    return imports + [
        f"\n{_without_docstring(statement, source)}\n"
        if isinstance(statement, ast.FunctionDef)
        else _text(statement, source)
        for statement in reversed(chosen)
    ]


def _without_docstring(function: ast.FunctionDef, source: str) -> str:
    """A helper's text without its docstring: its name says enough beside the call."""
    text = _text(function, source)
    first = function.body[0]
    if not _is_docstring(first) or len(function.body) < 2:
        return text
    begin = function.lineno
    lines = source_lines(text)
    return "\n".join(
        [*lines[: first.lineno - begin], *lines[(first.end_lineno or first.lineno) - begin + 1 :]]
    )


def _names_set(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return {statement.name} if not statement.name.startswith("test") else set()
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
