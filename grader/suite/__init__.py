"""What a hidden suite imports: points, comparisons and seeded inputs. The fixtures come from `grader.suite.plugin`.

All but `points` is fetched when it is asked for: pytest loads the plugin beside this file in every run of an
environment that has the grader, and such a run should not pay for numpy.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from grader.suite.points import points

if TYPE_CHECKING:
    from grader.subject.proxy import speaks_of_dtype
    from grader.subject.subjects import StudentRaised
    from grader.suite.checks import (
        assert_alive,
        assert_changed,
        assert_differs,
        assert_dtype_kept,
        assert_good_start,
        assert_registered,
        assert_unchanged,
        both,
        is_alive,
    )
    from grader.suite.compare import assert_close, assert_shape, carried_forward, tolerance
    from grader.suite.differences import Difference
    from grader.suite.inputs import generator

_HOMES = {
    "Difference": "grader.suite.differences",
    "StudentRaised": "grader.subject.subjects",
    "assert_close": "grader.suite.compare",
    "assert_shape": "grader.suite.compare",
    "carried_forward": "grader.suite.compare",
    "generator": "grader.suite.inputs",
    "is_alive": "grader.suite.checks",
    "speaks_of_dtype": "grader.subject.proxy",
    "assert_alive": "grader.suite.checks",
    "assert_changed": "grader.suite.checks",
    "assert_differs": "grader.suite.checks",
    "assert_dtype_kept": "grader.suite.checks",
    "assert_good_start": "grader.suite.checks",
    "assert_registered": "grader.suite.checks",
    "assert_unchanged": "grader.suite.checks",
    "both": "grader.suite.checks",
    "tolerance": "grader.suite.compare",
}

__all__ = [
    "Difference",
    "StudentRaised",
    "assert_alive",
    "assert_changed",
    "assert_close",
    "assert_differs",
    "assert_dtype_kept",
    "assert_good_start",
    "assert_registered",
    "assert_shape",
    "assert_unchanged",
    "both",
    "carried_forward",
    "generator",
    "is_alive",
    "points",
    "speaks_of_dtype",
    "tolerance",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
