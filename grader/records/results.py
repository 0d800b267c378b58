"""Records of what grading gave. `Result.to_json` is one entry of results.json (schema grader/results/v1)."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader import problems
from grader.problems import UNANSWERED, Deviation, ExplainedProblem, Kind, Problem
from grader.records import earlier_versions
from grader.records.field_types import record_from
from grader.records.sources import Member, PassedOver

SCHEMA = "grader/results/v1"

#: What can become of a submission. `not_graded` is the machinery's fault and never carries a score.
STATUSES = ("graded", "not_attempted", "unreadable", "timeout", "crashed", "not_graded")
OUTCOMES = ("passed", "failed", "error", "skipped")


@dataclass(frozen=True)
class TestResult:
    """One hidden test's outcome. `sentence` is its docstring; `message` is what the student reads.

    `problem` is what the message is about, as data; None exactly when the test is passed, and in files of versions
    that had no such data.
    """

    __test__ = False  # not a pytest class

    name: str
    sentence: str
    group: str
    points: float
    max_points: float
    outcome: str
    message: str = ""
    carried_forward: bool = False
    problem: Problem | None = None

    @property
    def kind(self) -> Kind | None:
        """The kind of its problem, if that is known."""
        return self.problem.kind if self.problem else None


@dataclass(frozen=True)
class Diagnosis:
    """A named mistake.

    `certainty` is "exact", "one of", "pair" (one of two made at once), "several" (of more), "partly" (it explains all
    answers of a part, which `scope` names: "without `mask`", "in float64"; alone or with the others of that scope) or
    "seen" (not a known mistake, but something that was seen to be so).
    It is "by hand" where an instructor gave a cluster its name; such a one is never written to results.json.
    """

    id: str
    title: str
    hint: str
    functions: tuple[str, ...]
    certainty: str = "exact"
    scope: str = ""


@dataclass(frozen=True)
class Counterexample:
    """A small call with round inputs that the student's code answers wrongly, and how.

    `way` says how the call is made ("" for a plain one), `call` is code to paste. `expected` and `got` are plain JSON
    by the names of the answer's parts; `got` is a text where the answer has other parts, or none came.
    `explanation` is there where the student's code raised. In JSON it is called "problem", `deviations` are
    "differs" (their lines) and "deviations" (what each is).
    """

    function: str
    way: str
    inputs: Mapping[str, Any]
    call: str
    expected: Mapping[str, Any]
    got: Any
    deviations: tuple[Deviation, ...]
    picture: str = ""
    explanation: ExplainedProblem | None = None

    @property
    def answered(self) -> bool:
        """Whether an answer came."""
        return not any(deviation.kind in UNANSWERED for deviation in self.deviations)

    def to_json(self) -> dict[str, Any]:
        """The entry of results.json."""
        return {
            "function": self.function,
            "way": self.way,
            "inputs": self.inputs,
            "call": self.call,
            "expected": self.expected,
            "got": self.got,
            "differs": [line for deviation in self.deviations for line in (deviation.text, *deviation.rows)],
            "picture": self.picture,
            "problem": self.explanation.to_json() if self.explanation else None,
            "deviations": [
                {"kind": deviation.kind, "about": deviation.about, "rows": len(deviation.rows)}
                for deviation in self.deviations
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Counterexample:
        """The inverse of `to_json`; takes entries of versions that had neither "problem" nor "deviations"."""
        explanation = ExplainedProblem.from_json(data["problem"]) if data.get("problem") else None
        return cls(
            **{
                name: data[name]
                for name in ("function", "way", "inputs", "call", "expected", "got", "picture")
            },
            deviations=problems.deviations(data["differs"], data["deviations"])
            if "deviations" in data
            else earlier_versions.deviations(data["differs"], explanation.kind if explanation else None),
            explanation=explanation,
        )


@dataclass(frozen=True)
class Repair:
    """A line of the student's in which one change is enough for some of the lost points, proved by running it.

    `points` of the `lost` ones come back, and no test that was passed fails. `diff` is the change: for the instructor
    alone, so it stands in the student's own file of results and not in results.json, which CI may show to students.
    `more` are further lines, where the same change is made at several places. `edit`, for the instructor as well, is
    the change turned round, as an edit of the reference: a place in it, what stands there, and the mistake; () where
    none fits.
    """

    exercise: str
    label: str  # as Chunk.label
    line: int
    points: float
    lost: float
    diff: str = ""
    more: tuple[int, ...] = ()
    edit: tuple[str, ...] = ()

    def side(self, sign: str) -> str:
        """The lines that the change takes away ("-") or puts there ("+"), without the indent that they share."""
        lines = [line[1:] for line in self.diff.splitlines() if line[:1] == sign and line[:3] != sign * 3]
        return textwrap.dedent("\n".join(lines)).strip("\n")


@dataclass(frozen=True)
class Result:
    """The result of one submission. The grader gives a `score` unless the status is not_graded."""

    student: str
    file: str
    sha256: str
    status: str
    score: float | None
    max_score: float
    seconds: float
    tests: tuple[TestResult, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()  # one for each failing exercise
    jail: str = "full"  # "none" or a list of missing layers under --allow-unsafe
    key: str = ""  # digest of submission, suite and engine: equal keys need no second grading
    late: bool = False  # as the platform marked it; no point depends on it
    members: tuple[Member, ...] = ()  # everybody who handed this in together, where the platform says so
    suite: str = ""  # digest of the hidden suite that judged it; "" where that is the one of results.json
    passed_over: tuple[PassedOver, ...] = ()  # what `notes` say of the loading, as data
    fault: str = ""  # for the instructor: why the grader could not look for the mistakes; the score stands
    problem: Problem | None = None  # what `message` is about, where that is the student's code
    unexplained: tuple[str, ...] = ()  # for each exercise that no mistake explains, the cluster it is in
    repairs: tuple[Repair, ...] = ()  # lines where one change is enough, what gains most first
    # By the instructor's adjustments.toml, put in when results are read; never in results.json:
    adjustments: tuple[str, ...] = ()  # sentences: what was changed, and why
    excused: bool = False  # then there is no score
    # By full-answers.json, put in when results are read as well:
    withheld: str = ""  # why the student is told the total alone

    @property
    def without_details(self) -> Result:
        """Whose it is and what became of it, without tests and what is said: of these a large class fits in memory."""
        texts: dict[str, Any] = dict.fromkeys(
            ("tests", "diagnoses", "counterexamples", "notes", "passed_over", "repairs"), ()
        )
        return replace(self, message="", problem=None, **texts)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was handed in: the platform made a folder, and no file of the student's is in it."""
        return self.status == "not_attempted" and not self.file

    @property
    def further_notes(self) -> tuple[str, ...]:
        """The notes, but for one that `message` says already."""
        return tuple(note for note in self.notes if note.casefold() != self.message.casefold())

    @property
    def lost(self) -> tuple[TestResult, ...]:
        """The tests that were not passed."""
        return tuple(test for test in self.tests if test.outcome != "passed")

    def to_json(self) -> dict[str, Any]:
        """The entry of results.json, ready for json.dump."""
        # Not dataclasses.asdict: it copies every value, which for a class of hundreds is felt.
        fields = dict(vars(self))
        fields["tests"] = [
            {**vars(test), "problem": test.problem.to_json()} if test.problem else vars(test)
            for test in self.tests
        ]
        fields["problem"] = self.problem.to_json() if self.problem else None
        # The first one stands apart as well, for whoever shows only that.
        examples = [example.to_json() for example in self.counterexamples]
        fields["counterexample"] = examples[0] if examples else None
        fields["counterexamples"] = examples
        fields["diagnoses"] = [vars(diagnosis) for diagnosis in self.diagnoses]
        fields["members"] = [vars(member) for member in self.members]
        fields["passed_over"] = [vars(failure) for failure in self.passed_over]
        fields["repairs"] = [vars(repair) for repair in self.repairs]
        for name in ("adjustments", "excused", "withheld"):
            del fields[name]
        return fields

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        """The inverse of `to_json`; raises KeyError or TypeError when `data` is no such entry."""
        fields = dict(data)
        fields["tests"] = tuple(map(_test, fields.get("tests", ())))
        about = fields.get("problem")
        fields["problem"] = (
            Problem.from_json(about) if about else earlier_versions.problem(fields.get("message", ""))
        )
        fields["diagnoses"] = tuple(
            record_from(Diagnosis, {**entry, "functions": tuple(entry["functions"])})
            for entry in fields.get("diagnoses", ())
        )
        fields.pop("counterexample", None)  # is the first of them
        fields["counterexamples"] = tuple(map(Counterexample.from_json, fields.get("counterexamples", ())))
        fields["notes"] = tuple(fields.get("notes", ()))
        fields["unexplained"] = tuple(fields.get("unexplained", ()))
        fields["members"] = tuple(record_from(Member, member) for member in fields.get("members", ()))
        fields["passed_over"] = tuple(_passed_over(entry) for entry in fields.get("passed_over", ()))
        fields["repairs"] = tuple(
            record_from(Repair, {**entry, **{name: tuple(entry.get(name, ())) for name in ("more", "edit")}})
            for entry in fields.get("repairs", ())
        )
        return record_from(cls, fields)


def _passed_over(data: Mapping[str, Any]) -> PassedOver:
    along = tuple(data.get("along", ()))
    lists = {"names": tuple(data["names"]), "follows": tuple(data["follows"]), "along": along}
    return record_from(PassedOver, {**data, **lists})


def _test(data: Mapping[str, Any]) -> TestResult:
    about = data.get("problem")
    if about is None and data["outcome"] != "passed":
        return record_from(TestResult, {**data, "problem": earlier_versions.problem(data["message"])})
    if about is not None and "caller" not in about:
        about = {**about, "caller": earlier_versions.caller(data["message"])}
    return record_from(TestResult, {**data, "problem": Problem.from_json(about) if about else None})
