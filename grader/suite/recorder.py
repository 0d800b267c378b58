"""A subject that notes what each test asks: so the plan is made, and questions that cannot be sent are refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader import values
from grader.errors import SuiteError
from grader.subject import operations as ops
from grader.subject.harness import PAGE
from grader.subject.plan import Plan
from grader.subject.subjects import Subject


class Recorder:
    """A subject that notes what each item asks."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self.plan = Plan()

    def ask(self, batch: ops.Batch) -> Sequence[ops.Answer]:
        """Note a batch in the plan, and give what the subject answers. Raises SuiteError where it holds an Opaque."""
        for node in values.contents(batch):
            if isinstance(node, ops.Opaque):
                raise SuiteError(
                    f"it hands {node.description} back to the submission, of which nothing but these words has come: "
                    "objects stay in the process that the submission runs in.",
                    next_step=f"Let a function in harness.py hand it from one to the other there: see {PAGE}.",
                )
        self.plan.add(batch)
        answers = self._subject.ask(batch)
        for operation, answer in zip(batch, answers):
            if isinstance(operation, ops.Invoke) and isinstance(answer, ops.Value):
                _check_back_propagated(operation, answer)
        return answers


def _check_back_propagated(operation: ops.Invoke, answer: ops.Value) -> None:
    """Raise SuiteError where no gradient was asked for, because the cotangents do not fit the reference's results."""
    if operation.cotangents is None or answer.input_gradients is not None:
        return
    cotangents, results = map(_shapes, (operation.cotangents, answer.value))
    raise SuiteError(
        f"its cotangents, {cotangents}, do not fit what the reference gives, {results}: so there are no gradients.",
        next_step="Give one array for each result, of its shape, in tuples where the results are, or None. "
        "laws.cotangents(EXERCISE, CASE, …) makes them.",
    )


def _shapes(value: Any) -> str:
    """A value with the shape of each of its arrays in its place."""
    if values.kind(value) in ("tuple", "list"):
        return f"({', '.join(map(_shapes, value))}{',' * (len(value) == 1)})"
    return f"array {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
