"""The parts of what was asked of an exercise that can be told in words: with or without an argument, in one dtype."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import numpy as np

from grader import values
from grader.diagnose.match import Session
from grader.subject import operations as ops

LEAST = 3  # questions in a part


def scopes(signature: Mapping[str, bool], sessions: Mapping[int, Session]) -> dict[str, list[int]]:
    """The questions of each part by its name, the larger parts first; parts that are everything are left out.

    `signature` holds the names of the arguments, in order, and whether one may be left out.
    """
    by_name: dict[str, list[int]] = {}
    for number, session in sessions.items():
        for name in _of(signature, session):
            by_name.setdefault(name, []).append(number)
    large = {name: numbers for name, numbers in by_name.items() if LEAST <= len(numbers) < len(sessions)}
    return dict(sorted(large.items(), key=lambda item: -len(item[1])))


def signature(source: str, exercise: str) -> dict[str, bool]:
    """The arguments of a function, or of the method `forward` of a class, each with whether it may be left out.

    >>> signature("def step(x, h=None): pass", "step")
    {'x': False, 'h': True}
    """
    tree = next((node for node in ast.parse(source).body if getattr(node, "name", None) == exercise), None)
    if isinstance(tree, ast.ClassDef):
        tree = next((node for node in tree.body if getattr(node, "name", None) == "forward"), None)
    if not isinstance(tree, ast.FunctionDef):
        return {}
    names = [node.arg for node in tree.args.args if node.arg != "self"]
    needed = len(names) - len(tree.args.defaults)
    return {name: place >= needed for place, name in enumerate(names)}


def _of(signature: Mapping[str, bool], session: Session) -> list[str]:
    """The names of the parts that a session belongs to: what is so in each of its calls."""
    calls = [
        operation
        for batch in session.batches
        for operation in batch
        if isinstance(operation, (ops.Call, ops.Invoke))
    ]
    if not calls:
        return []
    parts = []
    for name in (name for name, optional in signature.items() if optional):
        presence = {_is_given(operation, name, list(signature)) for operation in calls}
        if len(presence) == 1:
            parts.append(f"with `{name}`" if presence.pop() else f"without `{name}`")
    dtypes = {
        leaf.dtype.name
        for _, leaf in values.leaves(calls)
        if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"
    }
    return [*parts, f"in {dtypes.pop()}"] if len(dtypes) == 1 else parts


def _is_given(call: ops.Call | ops.Invoke, name: str, names: Sequence[str]) -> bool:
    place = names.index(name)
    value = call.args[place] if place < len(call.args) else call.kwargs.get(name)
    return value is not None
