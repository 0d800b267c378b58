"""Arguments lent to student code: copies of their own, and afterwards what it changed in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader import values

_SCALARS: frozenset[type] = frozenset({bool, int, float, str})
LendArray = Callable[[Any], tuple[Any, Any]]  # an array -> its copy, and what the student is handed for it


class LentArguments:
    """Arguments lent to student code: fresh copies, compared afterwards with what they were."""

    def __init__(self) -> None:
        self._arrays: list[tuple[str, Any, bytes]] = []
        self._containers: list[tuple[str, Any, list[tuple[values.Step, Any]]]] = []

    def lend(self, value: Any, name: str, lend_array: LendArray) -> Any:
        """A copy of an argument, for the student to use as they like."""
        # Most arguments are arrays, numbers and tuples of them: these need no walk with paths.
        if isinstance(value, np.ndarray):
            copy, lent = lend_array(value)
            self._arrays.append((name, copy, value.tobytes()))
            return lent
        if value is None or type(value) in _SCALARS:
            return value
        if isinstance(value, np.generic):
            return value.item()  # as it travels: the reference and the student are handed the same
        if type(value) is tuple:
            return tuple(self.lend(part, f"{name}[{step}]", lend_array) for step, part in enumerate(value))
        return self._lend_tree(value, name, lend_array)

    def _lend_tree(self, value: Any, name: str, lend_array: LendArray) -> Any:
        copies: list[Any] = []

        def lent(leaf: Any) -> Any:
            if not isinstance(leaf, np.ndarray):
                return leaf.item() if isinstance(leaf, np.generic) else leaf
            copy, array = lend_array(leaf)
            copies.append(copy)
            return array

        tree = values.map_leaves(lent, value)
        arrays = [(path, leaf) for path, leaf in values.leaves(value) if isinstance(leaf, np.ndarray)]
        for (path, leaf), copy in zip(arrays, copies, strict=True):
            self._arrays.append((f"{name}{values.path_text(path)}", copy, leaf.tobytes()))
        for path, node in values.nodes(tree):
            if values.kind(node) in ("list", "dict"):
                self._containers.append((f"{name}{values.path_text(path)}", node, values.parts(node)))
        return tree

    def changed(self) -> tuple[str, ...]:
        """The arguments, or the parts of them, that are not what they were."""
        names = [name for name, now, before in self._arrays if now.tobytes() != before]
        names += [
            name for name, now, before in self._containers if not _same_parts(values.parts(now), before)
        ]
        return tuple(sorted(names))


def _same_parts(now: list[tuple[values.Step, Any]], before: list[tuple[values.Step, Any]]) -> bool:
    """Whether a container holds what it held: the same objects, or the same numbers, under the same keys."""
    return len(now) == len(before) and all(
        step == other_step
        and (part is other or (type(part) is type(other) and type(part) in _SCALARS and part == other))
        for (step, part), (other_step, other) in zip(now, before)
    )


def copy_of(array: np.ndarray[Any, Any]) -> tuple[Any, Any]:
    """A copy of an array; it is lent as it is."""
    copy = array.copy() if type(array) is np.ndarray else np.array(array, order="C")  # half the time
    return copy, copy
