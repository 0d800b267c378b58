"""Long tables of cases that are graded as one class: every run tries some of them, and all where all tests run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")


def thinned(
    cases: Iterable[T], quick: Callable[[int, T], bool], name: Callable[[T], str] | None = None
) -> list[object]:
    """The cases as parameters: those that are not `quick` (of number and case) are marked slow."""
    return [
        pytest.param(
            case, marks=() if quick(number, case) else pytest.mark.slow, id=name(case) if name else str(case)
        )
        for number, case in enumerate(cases)
    ]


def selected(request: pytest.FixtureRequest, cases: Sequence[T], parameter: str) -> list[T]:
    """Those of the cases that a test of the file which asks is run with: what its fixture must make."""
    here = [item for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]
    parameters = [item.callspec.params.get(parameter) for item in here]
    return [case for case in cases if case in parameters]
