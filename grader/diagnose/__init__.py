"""Names the mistake: replays a failing submission's calls on edited references, and finds the smallest case."""

from grader.diagnose.examples import Example
from grader.diagnose.mistakes import Mistake

__all__ = ["Example", "Mistake"]
