"""What a hidden suite imports: points, comparisons and seeded inputs. The fixtures come from `grader.suite.plugin`."""

from grader.subject.proxy import StudentRaised
from grader.suite.compare import Difference, assert_close, assert_shape, tolerance
from grader.suite.inputs import generator
from grader.suite.points import points

__all__ = [
    "Difference",
    "StudentRaised",
    "assert_close",
    "assert_shape",
    "generator",
    "points",
    "tolerance",
]
