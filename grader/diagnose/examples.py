"""What a counterexample is made from: calls with small round numbers, given by tests/hidden/<a>/examples.py.

Its `examples(exercise)` yields them from the smallest sizes up, always in the same order and with the same numbers.
They are shown to students, so nothing of the graded inputs may be in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """One call of an exercise: a function with `arguments`, or an object made with `make` and given `weights`.

    `arguments` maps names to arrays, tuples of arrays, lists of numbers or None, in the order of the call; those in
    `keywords` are passed by name. `what` names the results, separated by commas.

    >>> Example("rnn_cell_forward", {"x": np.array([[1.0]]), "h_prev": np.array([[0.5]])}, what="h_next").what
    'h_next'

    `exercise` may also be a function of harness.py. Students are shown its statements in their own names. Where the
    function has branches, or calls helpers, `lines` says what they would type instead, with the arguments' names:

    >>> Example("unrolled", {"x": X}, lines="cell = Cell(3, 4)\\nprint(cell.step(x))")  # doctest: +SKIP
    """

    exercise: str
    arguments: Mapping[str, Any]
    make: tuple[Any, ...] = ()
    weights: Mapping[str, Any] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    what: str = "the result"
    lines: str = ""
