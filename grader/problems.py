"""Why a test was not passed, as data: a closed set of kinds, and what each of them carries.

A problem is made where the fault is seen. Whoever chooses a section, a next step or an order looks at its kind; the
sentences beside it are for people, and nothing is decided by reading them. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar, cast, get_args

Kind = Literal[
    # an answer came, and it is wrong
    "off",
    "not_finite",
    "unset",
    "constant",
    "none",
    "no_array",
    "structure",
    "shape",
    "dtype",
    "precision",
    "no_gradient",
    "ignored",
    "zeros",
    "changed",
    "unregistered",
    "extra",
    "untrained",
    "start",
    "other",
    # the student's code gave no answer
    "missing",
    "gone",
    "unwritten",
    "weight",
    "raised",
    # the process gave no answer
    "timeout",
    "crashed",
    "killed",
    "no_answer",
    "unloaded",
    # an answer came, and does not count
    "withheld",
    "watched",
    "skipped",
]

#: THE TABLE: what each kind says, and what `about` names with it ("" where it names nothing).
KINDS: Mapping[Kind, tuple[str, str]] = {
    "off": ("the numbers are not those that are expected", "the first part of the answer that is off"),
    "not_finite": ("there are NaN or infinite numbers in it", "the part of the answer"),
    "unset": ("it holds memory that nobody has written to", "the part of the answer"),
    "constant": ("it is the same number everywhere", "the part of the answer"),
    "none": ("the answer is None", "the part of the answer"),
    "no_array": ("the answer is not an array", "the part of the answer"),
    "structure": ("the answer has another number of parts, or other keys", "the parts that are expected"),
    "shape": ("the array has another shape", "the part of the answer, or the parameter"),
    "dtype": ("the array has another dtype", "the part of the answer, or the parameter"),
    "precision": ("the numbers are only as exact as another dtype's", "the part of the answer"),
    "no_gradient": ("no gradient reaches it", "the argument or the parameter"),
    "ignored": ("it does not depend on something that it should depend on", "the part of the answer"),
    "zeros": ("entries that must be zero are not, or others are", "the part of the answer"),
    "changed": ("an argument was changed in place", "the arguments"),
    "unregistered": ("a parameter is not registered", "the parameters"),
    "extra": ("more is registered than the hand-out asks for", ""),
    "untrained": ("a parameter is not trained", "the parameter"),
    "start": ("a parameter starts with numbers that cannot be right", "the parameter"),
    "other": ("a check of the suite's own does not hold", "what the suite says, if anything"),
    "missing": ("the name is not defined", "the name"),
    "gone": (
        "the name is taken away again, or given to something else, at `number` of `label`",
        "the name",
    ),
    "unwritten": ("the code is still to be written; `caller` may call it", "the function"),
    "weight": ("there is no such weight, or it has another shape", "the exercise"),
    "raised": ("the code raised an exception, at `number` of `label`", "the function that raised"),
    "timeout": ("no answer came in time", "the exercise"),
    "crashed": ("the program ended instead of answering", "the exercise"),
    "killed": ("the machine ended the process; nobody is graded by it", "the exercise"),
    "no_answer": ("a counterexample's call hung, or ended the program", "the exercise"),
    "unloaded": ("nothing could be run: the file could not be loaded", ""),
    "withheld": (
        "it passes, but gives its points only once a number of the exercise is right",
        "the exercises",
    ),
    "watched": ("the answer came from something that the exercise is to do itself", "what was called"),
    "skipped": ("the suite has left the test out", ""),
}
assert KINDS.keys() == {*get_args(Kind)}

#: Nothing is there yet that could be wrong.
UNWRITTEN: frozenset[Kind] = frozenset({"missing", "gone", "unwritten"})
#: No answer came, so that there is nothing to compare.
UNANSWERED: frozenset[Kind] = UNWRITTEN | {
    *("weight", "raised", "timeout", "crashed", "killed", "no_answer", "unloaded")
}


def kind(name: str) -> Kind:
    """A kind as it stands in a file; "other" for one that this version does not know."""
    return cast(Kind, name) if name in KINDS else "other"


_P = TypeVar("_P", bound="Problem")


@dataclass(frozen=True)
class Problem:
    """The facts of a problem: its kind, what it is about (see KINDS), and the place in the student's own file.

    `caller`: the student's function that calls the one that it is about, where that is another. `label` and `number`
    are a place: a chunk's label ("" for the file itself) and a line in it; 0 where no line is known.
    """

    kind: Kind
    about: str = ""
    caller: str = ""
    label: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of problem: {', '.join(KINDS)}")

    @classmethod
    def from_json(cls: type[_P], data: Mapping[str, Any]) -> _P:
        """The inverse of `to_json`. A kind that this version does not know is "other"; missing fields are empty."""
        values = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        return cls(**{**values, "kind": kind(values["kind"])})

    def to_json(self) -> dict[str, Any]:
        """The fields, ready for json.dump."""
        return dict(vars(self))


@dataclass(frozen=True)
class ExplainedProblem(Problem):
    """A problem of the student's own code with the words for it, as a counterexample shows them.

    `said` is what happened, `where` and `line` the student's own line in words and as text, `cause` what is likely
    behind it, `next` what to do now; "" stands for what is not known. `needs_call`: the call shows more than the line.
    """

    said: str = ""
    where: str = ""
    line: str = ""
    cause: str = ""
    next: str = ""
    needs_call: bool = True

    @property
    def facts(self) -> Problem:
        """What remains without the words."""
        return Problem(self.kind, self.about, self.caller, self.label, self.number)

    @property
    def place(self) -> str:
        """Its line as "line 12: the text of it"; "" where none is known."""
        return f"{self.where}: {self.line}" if self.line else self.where


@dataclass(frozen=True)
class Deviation:
    """One way in which an answer is wrong: its kind, the part of the answer, a sentence, and rows of numbers below."""

    kind: Kind
    about: str
    text: str
    rows: tuple[str, ...] = ()


def deviations(lines: Sequence[str], entries: Sequence[Mapping[str, Any]]) -> tuple[Deviation, ...]:
    """The lines of a counterexample in results.json, put together with what each is about."""
    remaining, every = list(lines), []
    for entry in entries:
        text, *rows = remaining[: 1 + entry["rows"]]
        remaining = remaining[1 + entry["rows"] :]
        every.append(Deviation(kind(entry["kind"]), entry["about"], text, tuple(rows)))
    return tuple(every)
