"""Puts other definitions into a program that is loaded, one after the other, and takes each of them out again.

It runs in the child, beside the submission. Names that other files of the program have imported follow.

A change may leave a `while` without an end (`i -= 1` is gone): its rounds are counted, so that it costs milliseconds
and not all the time that a call may take. What counts them is only where changes are tried: a proof runs the program
as it would be written.
"""

from __future__ import annotations
import __future__

import ast
import re
from collections.abc import Sequence
from types import CodeType
from typing import Any

#: Rounds of all `while` loops in one batch. The examples that changes are tried on are small: a hundredth is usual.
MOST_ROUNDS = 2_000
_ROUND = "_grader_round"
_WHILE = re.compile(r"\bwhile\b")
_FLAGS = __future__.annotations.compiler_flag  # hints are not looked at: what they name need not be there


class Endless(BaseException):
    """A loop that takes more rounds than any example needs. No `except Exception` stops it."""


class Rewriter:
    """The namespaces of a program, as they were when it had been loaded."""

    def __init__(self, namespaces: Sequence[dict[str, Any]]) -> None:
        self._before = [(namespace, dict(namespace)) for namespace in namespaces]
        self._rounds = 0

    def begin(self) -> None:
        """Count rounds from the first one on again."""
        self._rounds = 0

    def _round(self) -> None:
        """Count one round. Raises Endless."""
        self._rounds += 1
        if self._rounds > MOST_ROUNDS:
            raise Endless("too many rounds")

    def restore(self) -> None:
        """Give every name the value that it had."""
        for namespace, before in self._before:
            namespace.clear()
            namespace.update(before)

    def rewrite(self, namespace: dict[str, Any], text: str, filename: str, line: int) -> None:
        """Run a definition, which stands at `line` of its file, in place of the one that was loaded."""
        self.restore()
        # Empty lines before it cost next to nothing; counting up the lines of a tree costs more than compiling it.
        code = _code("\n" * (line - 1) + text, filename)
        before = dict(namespace)
        namespace[_ROUND] = self._round
        exec(code, namespace)
        changed = [(before[name], value) for name, value in namespace.items() if name in before]
        for old, new in changed:
            if old is not new:
                self._replace(namespace, old, new)

    def _replace(self, but: dict[str, Any], old: object, new: object) -> None:
        for namespace, _ in self._before:
            if namespace is not but:
                for name in [name for name, value in namespace.items() if value is old]:
                    namespace[name] = new


def _code(text: str, filename: str) -> CodeType:
    """A definition's code, in which each round of a `while` is counted."""
    program: str | ast.Module = text
    if _WHILE.search(text) is not None:
        tree: ast.Module = compile(text, filename, "exec", _FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
        for loop in [node for node in ast.walk(tree) if isinstance(node, ast.While)]:
            counted = ast.Expr(ast.Call(ast.Name(_ROUND, ast.Load()), [], []))
            loop.body.insert(0, ast.fix_missing_locations(ast.copy_location(counted, loop.body[0])))
        program = tree
    code: CodeType = compile(program, filename, "exec", _FLAGS, dont_inherit=True)
    return code
