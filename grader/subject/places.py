"""Where in its line a failing instruction belongs, for Python 3.10, which keeps no more of that than the line.

The file is compiled once more with a line of its own for each part of it. The table of lines of that code says which
part an instruction comes from; it is believed only where the instructions are the same.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from types import CodeType

Place = tuple[int, int, int, int]  # first line, last line, first and last byte in them, as in co_positions()
MOST_CHARACTERS = 200_000


def place(code: CodeType, instruction: int) -> Place | None:
    """The place of the expression that the instruction at this offset computes; None where it cannot be told.

    >>> place(compile("a @ b", "<nowhere>", "exec"), 0)
    """
    source = "".join(linecache.getlines(code.co_filename))
    if not source or len(source) > MOST_CHARACTERS:
        return None
    try:
        tree = ast.parse(source)
        places = _number(tree)
        again = compile(tree, code.co_filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    same = [copy for copy in _codes(again) if _is_copy(copy, code, places)]
    return places.get(_line(same[0], instruction) or 0) if len(same) == 1 else None


def _number(tree: ast.Module) -> dict[int, Place]:
    """Give each part a line of its own, those inside another before it; the places of the lines."""
    places: dict[int, Place] = {}
    for number, node in enumerate(reversed(list(ast.walk(tree))), 1):
        if not isinstance(node, (ast.stmt, ast.expr)):
            continue
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        places[number] = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
        node.lineno = node.end_lineno = number
        node.col_offset = node.end_col_offset = 0
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node.func.end_lineno = number  # Python takes the line where a method's name ends for the call
    return places


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _is_copy(copy: CodeType, code: CodeType, places: dict[int, Place]) -> bool:
    first = places.get(copy.co_firstlineno)
    return (
        first is not None
        and (copy.co_name, first[0]) == (code.co_name, code.co_firstlineno)
        and copy.co_code == code.co_code
    )


def _line(code: CodeType, instruction: int) -> int | None:
    return next((line for start, end, line in code.co_lines() if start <= instruction < end), None)
