"""Of each result what the class page asks: little enough for ten thousand students to be in memory at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grader.problems import Problem
from grader.records import Result, TestResult
from grader.run.store import GradedClass


def outlines(graded: GradedClass) -> list[Result]:
    """The results without what is said in them.

    Kept are points and kinds of tests, and what clusters show: changes, and the first example of each.
    """
    outlines: list[Result] = []
    shared: dict[Any, Any] = {}  # what is equal is there once
    outlined: set[str] = set()
    for result in graded.results:
        tests = tuple(replace(test, message="", problem=_kind(test)) for test in result.tests)
        own = {example.function for example in result.counterexamples if result.status == "graded"}
        first = {
            cluster: cluster.rpartition("-")[0] for cluster in result.unexplained if cluster not in outlined
        }
        outlined.update(cluster for cluster, exercise in first.items() if exercise in own)
        outlines.append(
            replace(
                result.without_details,
                tests=shared.setdefault(tests, tests),
                diagnoses=shared.setdefault(result.diagnoses, result.diagnoses),
                counterexamples=tuple(
                    example for example in result.counterexamples if example.function in first.values()
                ),
                repairs=result.repairs if result.unexplained else (),
            )
        )
    return outlines


def _kind(test: TestResult) -> Problem | None:
    return Problem(test.kind) if test.kind else None
