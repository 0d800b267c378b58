"""How many of several mistakes at once are named: programs made by switches, in a style of their own.

    python -m benchmarks.named rnn birnn --most 20

For each assignment and each number of mistakes at once: how many of them show, how many of these are named, how many
are only offered ("one of these"), and how many names are wrong. A mistake shows where the program answers the suite
otherwise without it. Where another set of mistakes is named, it is right only where the program that has these answers
everything alike, or where the reference that has them answers random inputs as the program does. Where one of several
is offered, and each of them answers random inputs so, no more can be said: they count as named. Everything runs in this
process: the programs are our own.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arguments import assignment_name, whole_number
from grader import values
from grader.assignments import find_course, load
from grader.diagnose.edited import Edits
from grader.diagnose.match import same_answers
from grader.diagnose.mistakes import Mistake, apply
from grader.diagnose.search import Diagnoser
from grader.errors import CourseError
from grader.records import Diagnosis
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.subjects import LocalSubject
from grader.suite.bench import Suite
from grader.suite.collect import with_suite
from tests.kit.switches import SWITCHES, Switch, program, together

ROOT = Path(__file__).parent.parent
COUNTS = (2, 3, 4)
DRAWS = 3  # of random inputs for each question, by which two programs are held to be the same
#: Two names for one thing: both weights transposed is one mistake in the tables, and two switches.
BOTH, TRANSPOSED = "both_weights_transposed", {"w_hidden_transposed", "w_input_transposed"}

Transcript = dict[tuple[int, int], bytes]
Name = tuple[str, str]  # the id of a mistake, and the exercise that it is in


@dataclass(frozen=True)
class Case:
    """A program with several mistakes, and what is said of it."""

    switches: tuple[Switch, ...]
    shown: tuple[Switch, ...]
    missed: tuple[Switch, ...]
    offered: tuple[Switch, ...]  # of those that are missed
    wrong: tuple[Name, ...]
    milliseconds: float


class Programs:
    """The programs of one assignment, and what the search for mistakes makes of them."""

    def __init__(self, assignment: str) -> None:
        course = find_course(ROOT)
        self._name = assignment

        def opened(suite: Suite) -> None:
            self._plan = suite.plan
            self._reference = suite.bench.source
            self._diagnoser = Diagnoser(suite.bench.assignment, suite.bench.source, suite.plan)

        with_suite(course, load(course, assignment), opened)
        if "torch" in sys.modules:
            sys.modules["torch"].set_num_threads(1)  # as in a process that grades
        self._known: dict[frozenset[str], Transcript] = {}

    def cases(self, count: int, most: int, seed: str = "") -> Iterator[Case]:
        """Programs with so many mistakes at once; others with another `seed`."""
        for switches in together(self._name, count, most, seed):
            yield self.case(switches)

    def case(self, switches: tuple[Switch, ...]) -> Case:
        """What is said of a program with some mistakes."""
        transcript = self.transcript(switches)
        visible = [
            one
            for one in switches
            if not self.alike(
                transcript, self.transcript(tuple(other for other in switches if other is not one))
            )
        ]
        begun = time.process_time()
        text = program(self._name, switches)
        diagnoses = self.said(transcript, text)
        spent = 1000 * (time.process_time() - begun)
        certainties = {(one.id, where): one.certainty for one in diagnoses for where in one.functions}
        sure = [name for name, certainty in certainties.items() if certainty != "one of"]
        missed = [one for one in visible if not names(one) & set(sure)]
        wrong = [name for name in sure if not any(name in names(one) for one in switches)]
        if (missed or wrong) and "partly" not in certainties.values():
            rest = one_of_each([name for name in certainties if name not in sure])
            everywhere = all(self._is_as_edited(text, (*sure, *more)) for more in rest)
            if everywhere or (len(sure) == len(certainties) and self.is_as(transcript, sure)):
                missed, wrong = [], []
        offered = [one for one in missed if names(one) & certainties.keys()]
        if missed == offered and self.cannot_be_told_apart(
            text, sure, [name for name in certainties if name not in sure]
        ):
            missed = []
        return Case(switches, tuple(visible), tuple(missed), tuple(offered), tuple(wrong), spent)

    def is_as(self, transcript: Transcript, named: Sequence[Name]) -> bool:
        """Whether a program with exactly the mistakes that are named answers everything alike."""
        ways = [[one for one in SWITCHES[self._name] if name in names(one)] for name in named]
        return any(
            self.alike(transcript, self.transcript(switches))
            for switches in itertools.product(*ways)
            if switches
        )

    def cannot_be_told_apart(self, text: str, sure: Sequence[Name], offered: Sequence[Name]) -> bool:
        """Whether random inputs are answered as by a program with any one of the mistakes that are `offered`."""
        return bool(offered) and all(
            self._is_as_edited(text, (*sure, *several)) for several in one_of_each(offered)
        )

    def _is_as_edited(self, text: str, named: Sequence[Name]) -> bool:
        ways = [
            [one for one in self._diagnoser.variants if (one.mistake.id, one.exercise) == name]
            for name in named
        ]
        return any(self._is_as_program(text, edits) for edits in itertools.product(*ways))

    def _is_as_program(self, text: str, edits: Edits) -> bool:
        try:
            edited = LocalSubject(self._name, apply(self._reference, edits))
        except CourseError:
            return False  # the two edits do not go together
        program, draws = LocalSubject(self._name, text), np.random.default_rng(5)
        return all(
            same_answers(program.ask(batch), edited.ask(batch), weighed)
            for session in self._diagnoser.sessions
            for _ in range(DRAWS)
            for batch, weighed in zip(redrawn(session.batches, draws), session.weighed, strict=True)
        )

    def transcript(self, switches: tuple[Switch, ...]) -> Transcript:
        """What a program with some mistakes answers to the suite's plan."""
        key = frozenset(one.name for one in switches)
        if key not in self._known:
            self._known[key] = self._answers(program(self._name, switches))
        return self._known[key]

    def examined(self, source: str) -> Sequence[Diagnosis]:
        """What is said of any program."""
        return self.said(self._answers(source), source)

    def said(self, transcript: Transcript, source: str) -> Sequence[Diagnosis]:
        """What is said of a program with these answers."""
        return self._diagnoser.examine(transcript, [source]).diagnoses

    @property
    def mistakes(self) -> list[Mistake]:
        """Those of the assignment's table."""
        return self._diagnoser.mistakes

    def with_one(self, mistake: Mistake) -> tuple[str, Transcript]:
        """The reference with one mistake, in the first of its ways, and what it answers."""
        way = next(one for one in self._diagnoser.variants if one.mistake is mistake)
        source = apply(self._reference, (way,))
        return source, self._answers(source)

    def said_without(self, mistake: Mistake, transcript: Transcript, source: str) -> Sequence[Diagnosis]:
        """What is said of a program with these answers where the table lacks a mistake; nothing is remembered."""
        diagnoser = copy.copy(self._diagnoser)
        diagnoser.forget()
        diagnoser.variants = [one for one in diagnoser.variants if one.mistake is not mistake]
        return diagnoser.examine(transcript, [source]).diagnoses

    def _answers(self, source: str) -> Transcript:
        subject = LocalSubject(self._name, source)
        return {
            (item, index): wire.encode(list(subject.ask(batch)))
            for item, batches in enumerate(self._plan.batches)
            for index, batch in enumerate(batches)
        }

    def alike(self, one: Transcript, other: Transcript) -> bool:
        """Whether two programs answer everything alike."""
        return all(
            one[place] == other[place]
            or same_answers(wire.decode_answers(one[place]), wire.decode_answers(other[place]), weighed)
            for session in self._diagnoser.sessions
            for place, weighed in zip(session.positions, session.weighed, strict=True)
        )


def redrawn(batches: Sequence[ops.Batch], draws: np.random.Generator) -> list[ops.Batch]:
    """The same questions with other numbers in arrays of floats."""

    def other(leaf: Any) -> Any:
        is_floats = isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"
        return draws.normal(size=leaf.shape).astype(leaf.dtype) if is_floats else leaf

    changed: list[ops.Batch] = values.map_leaves(other, list(batches))
    return changed


def names(switch: Switch) -> set[Name]:
    """The names under which a switch's mistake is known."""
    ids = {*switch.ids, BOTH} if TRANSPOSED & {*switch.ids} else {*switch.ids}
    return {(id, switch.exercise) for id in ids}


def one_of_each(offered: Sequence[Name]) -> list[tuple[Name, ...]]:
    """Of what is offered ("one of these") one for each exercise, in every combination."""
    exercises = dict.fromkeys(exercise for _, exercise in offered)
    return list(itertools.product(*([one for one in offered if one[1] == each] for each in exercises)))


def tell(case: Case) -> None:
    """Print what was not said of a program, or said wrongly."""
    for one in case.switches:
        hidden = "" if one in case.shown else "hidden"
        print(
            f"    {'offered' if one in case.offered else 'missed' if one in case.missed else hidden:8}{one.name}"
        )
    for id, exercise in case.wrong:
        print(f"    wrong   {id} in {exercise}")


def tell_all(assignment: str, count: int, cases: Sequence[Case]) -> None:
    """Print a line of the table, and below it the programs of which something is not named."""
    shown = sum(len(case.shown) for case in cases)
    missed = sum(len(case.missed) for case in cases)
    offered = sum(len(case.offered) for case in cases)
    wrong = sum(len(case.wrong) for case in cases)
    spent = [case.milliseconds for case in cases]
    print(
        f"{assignment:12} {count:7} {shown:5} {100 * (shown - missed) / shown:5.1f}% {offered:8} {wrong:6}"
        f"  {statistics.median(spent):.0f}, {max(spent):.0f}"
    )
    for case in cases:
        if case.missed or case.wrong:
            tell(case)


def main() -> None:
    """Print the table, and each program of which something is not named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignments", nargs="*", type=assignment_name, default=sorted(SWITCHES))
    parser.add_argument(
        "--most", type=whole_number, default=20, help="programs for each number of mistakes (20)"
    )
    parser.add_argument("--seed", default="", help="other programs, spread as these are")
    options = parser.parse_args()
    print("assignment   at once  show  named  offered  wrong  milliseconds: median, most")
    for assignment in options.assignments:
        programs = Programs(assignment)
        for count in COUNTS:
            tell_all(assignment, count, list(programs.cases(count, options.most, options.seed)))


if __name__ == "__main__":
    main()
