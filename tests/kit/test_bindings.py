"""The names that a function reads and nothing gives a value to, in one file and in several."""

from __future__ import annotations

import ast

import pytest

from grader.operators import Text, scopes
from grader.operators.bindings import at_top

from .test_operators import function


def unbound(body: str, before: str = "", outside: str = "import numpy as np") -> set[str]:
    text = Text(function(body, before=before))
    return {name for scope in scopes(text, at_top([ast.parse(outside), text.tree])) for name in scope.unbound}


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("return xx + w", {"xx"}),
        ("return len(x) + state", {"state"}),
        ("state = x\nreturn state", set()),
        ("return [t for t in x] + [lambda s: s + t2]", {"t2"}),
        ("try:\n    import os\nexcept OSError as e:\n    return e\nreturn os", set()),
        ("match x:\n    case [a, *rest]:\n        return a, rest\nreturn __name__", set()),
        ("def g(y, *more, **others):\n    return y, more, others, z\nreturn g", {"z"}),
        ("if (n := len(x)) > 1:\n    return n", set()),
        ("return helper(SIZE)", {"helper", "SIZE"}),
    ],
)
def test_the_names_that_nothing_gives_a_value_to(body, names):
    assert unbound(body) == names


def test_the_names_of_all_files_are_known_and_none_where_one_brings_any():
    assert unbound("return helper(SIZE)", outside="SIZE = 3\ndef helper(n): pass") == set()
    assert unbound("return helper(SIZE)", before="def other():\n    SIZE = 3\n") == {"helper", "SIZE"}
    assert unbound("return helper(SIZE)", outside="from tools import *") == set()
    assert [scope.unbound for scope in scopes(Text(function("return xx")))] == [frozenset()]
