"""How many statements of a program are run one by one when it is loaded: each costs a message, so there is a bound."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse

MOST = 20_000  # what ten times as many take is taken for an endless loop
#: Each statement but the first of a source comes with one of these; what one `import` lists are several.
_SIGNS = "\n;:,"


def statements_to_run(sources: Iterable[str]) -> int:
    """The statements at the top of these sources, and in each `if` there; 0 where they are too few to be counted."""
    several = tuple(sources)
    if sum(1 + sum(map(source.count, _SIGNS)) for source in several) <= MOST:
        return 0
    return sum(map(_count, several))


def too_many(count: int) -> str:
    """Why so many statements are not run, to follow a file's name; "" for what is not too much."""
    return (
        f"has {count} statements outside of functions and classes, and at most {MOST} are run when it is graded"
        if count > MOST
        else ""
    )


def _count(source: str) -> int:
    try:
        waiting: list[ast.stmt] = [*parse(source).body]
    except Unreadable:
        return 0
    count = 0
    while waiting:
        statement = waiting.pop()
        count += len(statement.names) if isinstance(statement, (ast.Import, ast.ImportFrom)) else 1
        if isinstance(statement, ast.If):
            waiting += statement.body + statement.orelse
    return count
