"""The arrays that a failing expression names, and their shapes: what a student looks at first when sizes do not fit.

Looks names up in the frame's variables and in what a module has registered, and never evaluates anything. It runs
beside the submission, so what it says is the submission's word like the exception's text.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Collection
from types import CodeType, TracebackType
from typing import Any

from grader.subject import places
from grader.subject.bounds import MAX_NAME, MAX_SHAPE_DIMENSIONS, MAX_SHAPES

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
MOST_LINES = 20  # of one expression; of a longer one only the line is read
_REGISTERED = ("_parameters", "_buffers", "_modules")

Shapes = tuple[tuple[str, tuple[int, ...]], ...]


def shapes(trace: TracebackType, arrays: Collection[type]) -> Shapes:
    """(dotted name, shape) of each array that the expression which raised in this frame names, in its order.

    `arrays` are the types that count as one; a subclass does not, for its shape could be anything.
    """
    variables: dict[str, Any] = {**trace.tb_frame.f_globals, **trace.tb_frame.f_locals}
    shapes_by_name: dict[str, tuple[int, ...]] = {}
    for name in _NAME.findall(_expression(trace)):
        array = _array(name.split("."), variables, arrays)
        if array is not None and len(shapes_by_name) < MAX_SHAPES:
            shapes_by_name.setdefault(*array)
    return tuple(shapes_by_name.items())


def _expression(trace: TracebackType) -> str:
    """The source of what raised: that expression alone where its place in the line can be told, else the line."""
    code = trace.tb_frame.f_code
    first, last, start, end = trace.tb_lineno, trace.tb_lineno, None, None
    place = _place(code, trace.tb_lasti)
    if place is not None and place[1] - place[0] < MOST_LINES:
        first, last, start, end = place
    lines = [linecache.getline(code.co_filename, line) for line in range(first, last + 1)]
    if start is not None and lines:
        # Positions count bytes of UTF-8.
        lines[-1] = lines[-1].encode()[:end].decode(errors="replace")
        lines[0] = lines[0].encode()[start:].decode(errors="replace")
    return "".join(lines)[:1000]


def _place(code: CodeType, instruction: int) -> places.Place | None:
    if not hasattr(code, "co_positions"):  # before Python 3.11
        return places.place(code, instruction)
    place = list(code.co_positions())[instruction // 2]
    return None if None in place else place


def _array(
    path: list[str], variables: dict[str, Any], arrays: Collection[type]
) -> tuple[str, tuple[int, ...]] | None:
    """The array that a dotted name holds, or that its beginning does (`x` for `x.T`), with its shape."""
    value: Any = variables.get(path[0])
    for depth in range(1, len(path) + 1):
        if any(type(value) is kind for kind in arrays):  # a student's type might not be hashable
            name, shape = ".".join(path[:depth]), tuple(map(int, value.shape))
            return (name, shape) if len(name) <= MAX_NAME and len(shape) <= MAX_SHAPE_DIMENSIONS else None
        if depth < len(path):
            value = _attribute(value, path[depth])
    return None


def _attribute(value: Any, name: str) -> Any:
    """An attribute that an object holds itself: nothing of the submission's runs for it."""
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None
    if type(own) is not dict:
        return None
    for table in (own, *(own.get(part) for part in _REGISTERED)):
        if type(table) is dict and name in table:
            return table[name]
    return None
