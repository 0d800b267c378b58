"""Compiles edited references without Python's warnings: what an edit makes may well index a tuple by a tuple."""

from __future__ import annotations

import ast
import warnings
from types import CodeType


def compiled_silently(source: str | ast.Module | ast.Expression, filename: str, flags: int) -> CodeType:
    """The code of statements or of an expression. Raises SyntaxError.

    >>> eval(compiled_silently(ast.parse("1 is 1", mode="eval"), "example", 0))
    True
    """
    mode = "eval" if isinstance(source, ast.Expression) else "exec"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        code: CodeType = compile(source, filename, mode, flags=flags, dont_inherit=True)
    return code
