"""What became of the loading of a submission: the statements that were passed over, as records for its result."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from grader.messages import explain, lookup, not_run
from grader.records import Chunk, PassedOver
from grader.subject import operations as ops
from grader.subject.imports import module_name
from grader.subject.jailed import BAD_ANSWER, TOO_MUCH
from grader.subject.loading import Loading
from grader.subject.statements import Place, Statement
from grader.subject.subjects import ENDED_ITSELF
from grader.syntax import tree_of
from grader.text import clean


def refused(loaded: ops.Loaded) -> ops.Raised | None:
    """Why Python would not run a .py file at all: a statement of it does not compile. None for a notebook."""
    for failure in loaded.failures:
        if failure.kind == "Syntax" and failure.frames and not failure.frames[0].label:
            return failure
    return None


def passed_over(loading: Loading, files: Sequence[Chunk]) -> tuple[PassedOver, ...]:
    """What was passed over, in the order of the files. `loading` has come through."""
    failures: dict[Place, not_run.PassedStatement] = {}

    def note(
        place: Place, kind: str, text: str = "", reason: str = "", seconds: float = 0.0, bare: bool = False
    ) -> None:
        statement = loading.statement(place)
        if statement is not None:  # else the child has named a place that is not there
            chunk = files[place[0]]
            failures[place] = not_run.PassedStatement(
                statement, chunk.label, chunk.source, kind, text, reason, seconds, bare
            )

    assert loading.loaded is not None
    for failure in loading.loaded.passed:
        reason = explain.exception(not_run.of_decorator(failure.raised), files)
        unread = failure.raised.kind == "SyntaxError" and _unread(
            loading.statement((failure.file, failure.number)), files
        )
        reason = f"{reason}: {unread}" if unread else reason
        note((failure.file, failure.number), failure.raised.kind, failure.raised.text, reason)
    for place, lost in [*loading.bare.items(), *loading.lost.items()]:
        note(place, lost.kind, reason=_how(lost.detail), seconds=lost.seconds, bare=place not in loading.lost)
    records = not_run.records(failures[place] for place in sorted(failures))
    return (not_run.OUT_OF_TIME, *records) if loading.only_definitions else records


def _unread(statement: Statement | None, files: Sequence[Chunk]) -> str:
    """Where Python cannot read a file that a statement imports; "" where it can."""
    imports = [] if statement is None else [*ast.walk(statement.node)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    for chunk in files:
        if module_name(chunk.label)[0] in names - {""}:
            try:
                tree_of(chunk.source)
            except SyntaxError as error:
                return f"Python cannot read {lookup.where(chunk.label, error.lineno or 1)}"
            except (ValueError, RecursionError, MemoryError):
                return f"Python cannot read {chunk.label}"
    return ""


def _how(detail: str) -> str:
    """How a process ended, where that says more than that it ended."""
    return "" if detail in (ENDED_ITSELF, BAD_ANSWER, TOO_MUCH) else clean(detail, 80)
