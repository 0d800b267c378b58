"""The bench on which a suite works: the `student` and the `reference` of one assignment, and running its items.

`run` gives the test results of whatever subject is attached. Most items use only the kit's own fixtures and are
called directly, because formatting and bookkeeping are what pytest spends its time on; any other item goes
through pytest's whole protocol. The verdict is the same (tests/kit/test_suite.py holds both against each other).
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from grader.assignments import Assignment
from grader.errors import SuiteError
from grader.messages import explain, watched
from grader.messages.wording import Wording
from grader.problems import ExplainedProblem, Problem
from grader.records import StudentSource, TestResult
from grader.subject import operations as ops
from grader.subject.harness import read
from grader.subject.plan import Plan
from grader.subject.proxy import Module
from grader.subject.reference import ReferenceSubject
from grader.subject.subjects import LocalSubject, PlannedSubject, StudentRaised, SubjectLost
from grader.suite import compare, differences, faults
from grader.suite.inputs import generator
from grader.suite.outcomes import Outcome, Outcomes
from grader.suite.points import Conditions, check_names, check_total, worth
from grader.suite.recorder import Recorder

EXCEPTION = pytest.StashKey[BaseException | None]()
FUNCARGS = pytest.StashKey[dict[str, Any]]()
IsEnough = Callable[[int, TestResult], bool]  # with an item's number, whether no other need be run


class Bench:
    """One assignment's student and reference, shared by all its items."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        for folder in dict.fromkeys(str(path.parent) for path in assignment.given):
            if folder not in sys.path:
                sys.path.append(folder)  # the reference may import what submissions may
        source = assignment.solution.read_text(encoding="utf-8")
        self.harness = read(assignment)
        reference = ReferenceSubject(assignment.name, source, assignment.harness_source)
        if reference.failures:
            raise SuiteError(f"{assignment.solution} cannot be loaded: {reference.failures[0].text}")
        if reference.harness_fault is not None:
            raise faults.failure_of_harness(assignment, reference.harness_fault)
        self.reference = Module(reference, self.harness)
        self.student = Module(LocalSubject(assignment.name, source, assignment.harness_source), self.harness)
        self.source = source
        self.drawn: Any = None  # what `rng` gave last
        differences.axes.set(assignment.axes)

    def start_item(self, number: int) -> None:
        """Begin test `number` with fresh objects on both sides."""
        for module in (self.student, self.reference):
            module.start_item(number)

    def forgive_dtype(self, forgiven: bool) -> None:
        """Begin a test with nothing carried forward; say whether it takes right numbers in another dtype."""
        compare.carried_forward.set(False)
        compare.dtype_counts.set(not forgiven)
        self.student.any_dtype = forgiven

    def begin(self, node: pytest.Item) -> None:
        """A fixture of `node` was asked for. Here the suite itself has started the item."""

    def rng(self, item: Any) -> Any:
        """The generator of one test: the same draws at every run."""
        self.drawn = generator(self.assignment.name, item.name)
        return self.drawn


class Suite:
    """A collected suite, ready to run for one submission after another."""

    def __init__(self, bench: Bench, items: Sequence[pytest.Function]) -> None:
        self.bench = bench
        self.items = list(items)
        self.shares = worth(self.items)
        check_names(self.items)
        self.sentences = {item: sentence(item) for item in self.items}
        check_total(self.shares, bench.assignment.groups, str(bench.assignment.hidden))
        self._passing = {
            item: TestResult(item.name, self.sentences[item], group, share, share, "passed", "")
            for item, (share, group) in self.shares.items()
        }
        self._direct: dict[pytest.Function, tuple[str, ...]] = {}
        self._drawing: set[pytest.Function] = set()  # of these, those that use the kit's `rng`
        self.plan = Plan()
        # Known when it has been seen which exercises each test asks.
        self._conditions: Conditions | None = None
        self.watched: dict[str, set[str]] = {}  # of the last run: watched name -> exercises that called it
        self.wording = Wording()  # of the submission that is graded
        self._outcomes = Outcomes()

    def rehearse(self) -> None:
        """Run the suite on the reference: proves it passes, records what it asks, and warms every cache.

        Raises SuiteError when the reference does not get full marks.
        """
        assignment = self.bench.assignment
        local = LocalSubject(assignment.name, self.bench.source, assignment.harness_source)
        recorder = Recorder(local)
        self.bench.student.attach(recorder)
        trial = compare.on_reference.set(True)
        try:
            for number, item in enumerate(self.items):
                self.bench.start_item(number)
                self.bench.forgive_dtype(False)
                recorder.plan.start_item()
                error = self._through_pytest(item, self.items[number + 1 : number + 2])
                if error is not None:
                    raise faults.failure_of_reference(self.bench.assignment, item, error)
                self._note_if_direct(item)
        finally:
            compare.on_reference.reset(trial)
        self.plan = recorder.plan
        self._conditions = Conditions(
            self.items, [self.plan.exercises(number) for number in range(len(self.items))]
        )

    def check_in_jail(self, subject: Any) -> None:
        """Ask a child that has loaded nothing but harness.py for it. Raises CourseError where that cannot be loaded.

        What the trusted side can load may still not be there in the jail.
        """
        harness = self.bench.harness
        if harness is None:
            return
        subject.load()
        name, function = next(iter(harness.functions.items()))
        (answer,) = subject.ask((ops.Call(name, about=function.exercises),))
        if isinstance(answer, ops.Raised) and answer.stage == "load":
            raise faults.failure_of_harness(self.bench.assignment, answer)

    def run(
        self,
        subject: Any,
        source: StudentSource,
        is_enough: IsEnough = lambda number, result: False,
    ) -> list[TestResult]:
        """The results of every item for `subject`. Raises SuiteError when a test itself is at fault.

        None when `is_enough` says so of an item's number and its result: the other items are not run then.
        """
        self.bench.student.attach(subject)
        results = []
        self.watched = {}
        slow = [item for item in self.items if item not in self._direct]
        planned = subject if isinstance(subject, PlannedSubject) else None
        for number, item in enumerate(self.items):
            self.begin(number, subject)
            if item in self._direct:
                error = self._raised_without_pytest(number, planned)
            else:
                error = self._through_pytest(item, slow[slow.index(item) + 1 :][:1])
            try:
                results.append(self.result(item, error, source))
            except SuiteError:
                _end_shared_fixtures(item)
                raise
            if is_enough(number, results[-1]):
                _end_shared_fixtures(item)
                return []
        if len(results) != len(self.items):
            raise SuiteError(f"{len(self.items)} tests were collected, but {len(results)} were reported")
        return self.counted(results)

    def begin(self, number: int, subject: Any) -> None:
        """Begin test `number` for `subject`."""
        self.bench.start_item(number)
        subject.start_item(number)
        self.bench.forgive_dtype(self._conditions is not None and self._conditions.forgives_dtype(number))

    def counted(self, results: Sequence[TestResult]) -> list[TestResult]:
        """The results of all items in order, without the points that are withheld."""
        return list(results) if self._conditions is None else self._conditions.counted(results)

    def results_without_a_test(self, message: str) -> list[TestResult]:
        """The results when not a single test could be run: no points, and `message` as the reason."""
        problem = Problem("unloaded")
        return [
            TestResult(item.name, self.sentences[item], group, 0.0, share, "error", message, problem=problem)
            for item, (share, group) in self.shares.items()
        ]

    def _raised_without_pytest(self, number: int, subject: PlannedSubject | None) -> BaseException | None:
        """What test `number` raises; it is run unless a `subject` with a plan was answered the same before."""
        if subject is None:
            return self._call(self.items[number])
        student, answer = self.bench.student, functools.partial(subject.answer, number)
        earlier = self._outcomes.find(number, answer)
        if earlier is not None:
            student.watched = {name: dict(called) for name, called in earlier.watched.items()}
            compare.carried_forward.set(earlier.carried_forward)
            return earlier.error
        error = self._call(self.items[number])
        count = subject.as_planned
        if count is not None and (error is None or isinstance(error, AssertionError)):
            outcome = Outcome(error, compare.carried_forward.get(), student.watched)
            self._outcomes.keep(number, count, answer, outcome)
        return error

    def _call(self, item: pytest.Function) -> BaseException | None:
        arguments = item.funcargs
        if item in self._drawing:
            arguments = {**arguments, "rng": self.bench.rng(item)}
        try:
            item.obj(**{name: arguments[name] for name in self._direct[item]})
        # Outcomes of pytest (fail, skip) are no Exceptions; an interrupt must still get through.
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None

    def _through_pytest(self, item: pytest.Function, after: Sequence[pytest.Item]) -> BaseException | None:
        item.stash[EXCEPTION] = None
        runtestprotocol(item, log=False, nextitem=after[0] if after else None)
        return item.stash[EXCEPTION]

    def _note_if_direct(self, item: pytest.Function) -> None:
        """An item may be called directly when all it uses are the kit's fixtures and its own parameters."""
        params = item.callspec.params if hasattr(item, "callspec") else {}
        kit = {"student": self.bench.student, "reference": self.bench.reference, "rng": self.bench.drawn}
        used = item.stash.get(FUNCARGS, {})
        arguments = tuple(inspect.signature(item.function).parameters)
        fixtures = {*item.fixturenames, *arguments} - {"request"}
        if (
            item.cls is None
            and "request" not in arguments
            and all(
                name in used and name in {**kit, **params} and used[name] is {**kit, **params}[name]
                for name in fixtures
            )
        ):
            if "rng" in arguments and "rng" not in params:
                self._drawing.add(item)
            item.funcargs = {name: used[name] for name in arguments}
            self._direct[item] = arguments

    def result(self, item: pytest.Function, error: BaseException | None, source: StudentSource) -> TestResult:
        """The result of the test that was begun last. Raises SuiteError when what it raised is its own fault."""
        carried_forward = compare.carried_forward.get() or self.bench.student.asked_again
        if error is None and not carried_forward and not self.bench.student.watched:
            return self._passing[item]  # as nearly all are
        share, group = self.shares[item]
        outcome, message = "passed", ""
        problem: Problem | None = None
        if isinstance(error, StudentRaised):
            plainly = ExplainedProblem("raised", error.asked, said=f"`{error.asked}` cannot be used")
            explanation = self.wording.of(explain.problem, error, source, plain=plainly)
            message = self.wording.of(explain.one_line, explanation, plain=plainly.said)
            outcome, problem = "error", explanation.facts
        elif isinstance(error, SubjectLost):
            outcome, problem = "error", Problem(error.kind, error.asked)
            message = self.wording.of(explain.explain_lost, error, source.files, plain="No answer came.")
        elif isinstance(error, (AssertionError, pytest.fail.Exception)):
            outcome, message = "failed", faults.first_paragraph(error)
            problem = error.problem if isinstance(error, differences.Difference) else Problem("other")
        elif isinstance(error, pytest.skip.Exception):
            outcome, message, problem = "skipped", faults.first_paragraph(error), Problem("skipped")
        elif error is not None:
            raise SuiteError(f"{item.nodeid} is itself at fault: {faults.what_was_raised(error)}") from error
        watch = self.bench.assignment.watch
        called = self._note_watched()
        if called and outcome == "passed" and group in watch.costs:
            outcome = "failed"
            message = watched.failure(called[0], watch.rule)
            problem = Problem("watched", called[0])
        return TestResult(
            name=item.name,
            sentence=self.sentences[item],
            group=group,
            points=share if outcome == "passed" else 0.0,
            max_points=share,
            outcome=outcome,
            message=message,
            carried_forward=outcome == "passed" and carried_forward,
            problem=problem,
        )

    def _note_watched(self) -> list[str]:
        """Which watched names the current test's answers came from; the child may have named others."""
        called = []
        for exercise, names in self.bench.student.watched.items():
            for name in filter(self.bench.assignment.watch.calls.__contains__, names):
                self.watched.setdefault(name, set()).add(exercise)
                called.append(name)
        return called


def _end_shared_fixtures(item: pytest.Function) -> None:
    """End fixtures that the next test would have shared: else they stand in the next submission's way."""
    item.session._setupstate.teardown_exact(None)


def sentence(item: pytest.Function) -> str:
    """The first line of a test's docstring: what the student reads."""
    lines = (item.function.__doc__ or "").strip().splitlines()
    if not lines:
        raise SuiteError(
            f"{item.path}: {item.originalname} has no docstring.",
            next_step="Its first line is the sentence that students read: say what must hold.",
        )
    return lines[0].strip()
