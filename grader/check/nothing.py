"""Whether a check failed because nothing at all came back: the answer that it looks at is None.

Runs in the child. The checks put an answer under any name, and often hand it on to a function of theirs, so what the
statement that failed looks at is asked for, not one name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any


def came_back(source: str, frames: list[tuple[FrameType, int]]) -> bool:
    """Whether the last of `frames` fails on an answer that is None as a whole.

    `frames` are those of the file of checks, whose text is `source`, the outermost first, each with the line it is at.
    A None that is part of a pair is not meant, nor one that is an attribute, such as a gradient that no code filled in.
    """
    if not frames:
        return False
    frame, line = frames[-1]
    if not any(frame.f_locals.get(name, frame) is None for name in _looked_at(source, line)):
        return False
    return not any(_in_a_pair(outer.f_locals) for outer, _ in frames)


def _looked_at(source: str, line: int) -> Iterator[str]:
    """The names that the assertion at this line reads, without those that an attribute was put under."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef) or not _spans(function, line):
            continue
        nodes = list(ast.walk(function))
        attributes = {
            target.id
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in nodes:
            if isinstance(node, ast.Assert) and _spans(node, line):
                read = (part.id for part in ast.walk(node.test) if isinstance(part, ast.Name))
                yield from (name for name in read if name not in attributes)


def _spans(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _in_a_pair(names: Mapping[str, Any]) -> bool:
    return any(
        type(value) in (tuple, list) and any(part is None for part in value) for value in names.values()
    )
