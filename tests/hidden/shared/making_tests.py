"""How a law becomes a test: with one case or several, with or without the reference, and with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Union

import pytest

from .cases import Case

Several = Union[Case, list[Case], dict[str, Case]]


def made_test(check: Callable[..., None], cases: Any, mark: Any, says: str, *, compares: bool = False) -> Any:
    """Make the test itself: `check` of one case, or of each in a list or dict, with or without the reference.

    Only a test that `compares` asks for the reference: that is how the grader knows which tests prove a number right.
    `mark` is what `points` gives, and `says` the sentence that students read.

    >>> made_test(lambda student, case: None, "any case", lambda test: test, "It runs.").__doc__
    'It runs.'
    """
    several = isinstance(cases, (list, dict))
    if compares and several:

        def test(student, reference, case):
            check(student, reference, case)

    elif compares:

        def test(student, reference):
            check(student, reference, cases)

    elif several:

        def test(student, case):
            check(student, case)

    else:

        def test(student):
            check(student, cases)

    test.__doc__ = says
    marked = mark(test)
    if not several:
        return marked
    named = cases if isinstance(cases, dict) else {str(case): case for case in cases}
    return pytest.mark.parametrize("case", list(named.values()), ids=list(named))(marked)


def each(cases: Several, change: Callable[[Case], Case]) -> Several:
    """Return the cases, each changed.

    >>> each({"a": 1, "b": 2}, str), each([1, 2], str), each(1, str)
    ({'a': '1', 'b': '2'}, ['1', '2'], '1')
    """
    if isinstance(cases, dict):
        return {name: change(case) for name, case in cases.items()}
    return [change(case) for case in cases] if isinstance(cases, list) else change(cases)


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them.

    >>> listed(["x", "h0", "bias"]), listed(["x"])
    ('x, h0 and bias', 'x')
    """
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
