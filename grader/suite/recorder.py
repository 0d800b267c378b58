"""A subject that notes what each test asks: so the plan is made, and questions that cannot be sent are refused."""

from __future__ import annotations

from collections.abc import Sequence

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
        return self._subject.ask(batch)
