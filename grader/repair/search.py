"""The search for the line: changes in their order, tried on examples, and those that hold there on the whole suite.

Nothing here looks at a clock. How many changes are tried, and how many proofs are made, is bounded by numbers.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader.records import Repair, StudentSource, TestResult
from grader.repair.influence import suspects
from grader.repair.memory import LineProof, Memory
from grader.repair.order import Hints, candidates
from grader.repair.program import Candidate, Place, Program
from grader.repair.trials import ChosenQuestions, Expectation, Trials

ROUNDS = (40, 80, 160)  # changes that are tried before the best of them are proved; then so many as the last
LEAST = 0.1  # of all points lost: what gains less, and leaves an example wrong, mostly goes around a mistake
PROOFS, PROOFS_OF_A_ROUND = 10, 4  # runs of the whole suite, for one exercise
SUSPECTED_AT_ONCE = 2  # changes in suspected lines for one in the plain order
PROOFS_OF_ALL = 4  # the same where only what gives everything back counts
ROUNDS_UNSEEN = 3  # where no example shows anything

#: The results of all tests with a changed program; None when it could not be run to its end. It may end, with none of
#: them, once a test's number and result are enough to see that the change is no help.
Prove = Callable[[StudentSource, Callable[[int, TestResult], bool]], Sequence[TestResult] | None]
#: Says that the search goes on: whoever waits for it is not to take it for stuck.
GoesOn = Callable[[], None]


@dataclass(frozen=True)
class Target:
    """An exercise that fails by itself, the questions about it, and what speaks for one change or another."""

    exercise: str
    questions: Sequence[Expectation]
    hints: Hints
    names: tuple[str, ...] = ()  # further functions that the questions ask


class Search:
    """The search for one submission."""

    def __init__(
        self,
        program: Program,
        tests: Sequence[TestResult],
        trials: Trials,
        prove: Prove,
        budget: int,
        goes_on: GoesOn = lambda: None,
        *,
        whole: bool = False,
        memory: Memory | None = None,
    ) -> None:
        """`tests` are its results; `budget` is how many changes may be tried in all.

        With `whole`, only a change of one line counts that gives all lost points back. `memory` is what an earlier
        search for the same submission has found out.
        """
        self._whole, self._memory = whole, memory or Memory()
        self._program, self._trials, self._prove = program, trials, prove
        self._tests, self._budget, self._goes_on = tests, budget, goes_on
        self._share = budget
        self._is_over = False  # a changed program hung on the suite, or ended itself: that is waited for once
        self._lost = sum(test.max_points - test.points for test in tests)

    def repairs(self, targets: Sequence[Target]) -> list[Repair]:
        """For each exercise the change that gains most, if there is one; no two that gain the same tests."""
        proofs: list[LineProof] = []
        for place, target in enumerate(targets):
            self._share = self._budget // (len(targets) - place)  # what one leaves is for the next ones
            if self._is_over or (proofs and _covers(proofs[-1], self._lost)):
                break
            proof = self._best(target)
            if proof is not None and all(not proof.tests & other.tests for other in proofs):
                proofs.append(proof)
        proofs.sort(key=lambda proof: -proof.gain)
        return [self._repair(proof) for proof in proofs]

    def _best(self, target: Target) -> LineProof | None:
        """The change that gains most for one exercise, of those that are tried."""
        choose = self._memory.choose(target.exercise, target.questions, self._trials)
        places = self._program.reach((target.exercise, *target.names))
        rest = candidates(places, target.hints)
        firsts = [*itertools.islice(rest, ROUNDS[0])]  # are made while the children are asked
        chosen = choose()
        if suspected := _suspects(target.exercise, places, chosen):
            rest = _in_turn(firsts, candidates(places, replace(target.hints, suspects=suspected)), rest)
        waiting = itertools.islice(itertools.chain(firsts, rest), self._share)
        if not chosen.failing:
            return None if self._whole else self._unseen(waiting, chosen, target)
        wrong = sum(not part for _, parts in chosen.failing for part in parts)
        best: LineProof | None = None
        proofs, weakest = (PROOFS_OF_ALL, wrong - 1) if self._whole else (PROOFS, 0)
        for group in _rounds(waiting):
            self._goes_on()
            gains = self._memory.gains(target.exercise, group, self._trials)
            self._budget -= len(group)
            helping = [place for place, gain in enumerate(gains) if gain > weakest]
            if self._whole:
                helping = [place for place in helping if not group[place].edit.more]
            order = _order(group, gains, helping)
            for place in order[: min(PROOFS_OF_A_ROUND, proofs)]:
                proofs -= 1
                proof = self._proof(group[place], target.exercise)
                if proof is not None and gains[place] < wrong and proof.gain < LEAST * self._lost:
                    proof = None
                if proof is not None and (best is None or proof.gain > best.gain + 1e-9):
                    best, weakest = proof, gains[place]
                if best is not None and _covers(best, self._lost):
                    return best
            if self._is_over or not proofs or (best is not None and weakest == wrong):
                break
        return None if self._whole else best

    def _unseen(
        self, waiting: Iterator[Candidate], chosen: ChosenQuestions, target: Target
    ) -> LineProof | None:
        """The first change that is proved where no example shows what is wrong.

        Such a change leaves the examples right, which few do: those alone are proved.
        """
        named = bool(target.hints.missing or target.hints.surplus)
        proofs = PROOFS if named or chosen.right else 0
        for group in itertools.islice(_rounds(waiting), ROUNDS_UNSEEN if chosen.right else 1):
            self._goes_on()
            staying = self._trials.stay(group, chosen)
            self._budget -= len(group)
            candidates = [candidate for candidate, stays in zip(group, staying) if stays][:proofs]
            proofs -= len(candidates)
            proof = self._first(candidates, target.exercise)
            if proof is not None or not proofs:
                return proof
        return None

    def _first(self, group: Sequence[Candidate], exercise: str) -> LineProof | None:
        """The first of some changes that is proved."""
        return next(
            (proof for candidate in group if (proof := self._proof(candidate, exercise)) is not None), None
        )

    def _proof(self, candidate: Candidate, exercise: str) -> LineProof | None:
        """The proof that a change is enough for some tests, and costs none."""
        if self._is_over:
            return None
        self._goes_on()
        return self._memory.proof(exercise, candidate, lambda: self._suite_proof(candidate, exercise))

    def _suite_proof(self, candidate: Candidate, exercise: str) -> LineProof | None:
        """The same, from a run of the whole suite."""
        tests = self._prove(candidate.applied(self._program.source), self._is_worse)
        self._is_over = tests is None
        if tests is None or len(tests) != len(self._tests):
            return None
        pairs = [*zip(self._tests, tests)]
        if any(before.outcome == "passed" and after.outcome != "passed" for before, after in pairs):
            return None
        gained = frozenset(after.name for before, after in pairs if after.points > before.points)
        gain = sum(after.points - before.points for before, after in pairs)
        if gain > self._lost - 1e-9 and not self._trials.repeats(candidate, self._memory.chosen[exercise]):
            return None
        return LineProof(candidate, exercise, gained, gain) if gain > 1e-9 else None

    def _is_worse(self, number: int, test: TestResult) -> bool:
        """Whether a change costs a test that passes without it."""
        return self._tests[number].outcome == "passed" and test.outcome != "passed"

    def _repair(self, proof: LineProof) -> Repair:
        candidate = proof.candidate
        return Repair(
            exercise=proof.exercise,
            label=candidate.label,
            line=candidate.edit.line,
            points=round(proof.gain, 6),
            lost=round(self._lost, 6),
            diff=diff(candidate.place.file.text.source, candidate.text),
            more=candidate.edit.more,
        )


def _covers(proof: LineProof, lost: float) -> bool:
    return proof.gain > lost - 1e-9


def _suspects(exercise: str, places: Sequence[Place], chosen: ChosenQuestions) -> frozenset[tuple[str, int]]:
    """The lines that go into wrong results of an exercise alone, with their file's label: its own, and helpers'."""
    waiting = [
        (place, *chosen.wrong_and_right())
        for place in places
        if place.name == exercise
        and (place.scope.owner is None or place.scope.function.name in ("forward", "__call__"))
    ]
    lines: set[tuple[str, int]] = set()
    seen: set[Place] = set()
    while waiting:
        place, wrong, right = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        suspicion = suspects(place.scope.function, wrong, right)
        lines |= {(place.file.label, line) for line in suspicion.lines}
        for called, results in suspicion.helpers.items():
            waiting += [(other, *results) for other in places if _is_called(other, called, place)]
    return frozenset(lines)


def _is_called(place: Place, called: str, by: Place) -> bool:
    """Whether a function is what another one calls by a name: `f`, or `self.f` of the same class."""
    owner = place.scope.owner
    if owner is not None and owner is by.scope.owner:
        return called == f"self.{place.scope.function.name}"
    return owner is None and called == place.scope.function.name


def _in_turn(
    firsts: Sequence[Candidate], suspected: Iterator[Candidate], plain: Iterator[Candidate]
) -> Iterator[Candidate]:
    """Changes in two orders, those of the first twice as fast; each once, and none of those that came first.

    In a line that is suspected there may be hundreds of rare changes: they are not to keep all others waiting.
    """
    had = {(candidate.place, candidate.edit) for candidate in firsts}
    orders = [(suspected, SUSPECTED_AT_ONCE), (plain, 1)]
    while True:
        ended = 0
        for order, count in orders:
            fresh = (candidate for candidate in order if (candidate.place, candidate.edit) not in had)
            several = [*itertools.islice(fresh, count)]
            had.update((candidate.place, candidate.edit) for candidate in several)
            ended += not several
            yield from several
        if ended == len(orders):
            return


def _order(group: Sequence[Candidate], gains: Sequence[int], helping: Sequence[int]) -> list[int]:
    """In which order changes that help are proved: what gains most first.

    Of those that gain as much the smallest comes first: the same at two places may be once too often. Then what mends a
    line that only copies a value: nobody means to leave `new = net` there.
    """

    def key(place: int) -> tuple[int, int, bool]:
        candidate = group[place]
        return -gains[place], len(candidate.edit.replacements), not candidate.is_of_a_copy

    return sorted(helping, key=key)


def _rounds(waiting: Iterator[Candidate]) -> Iterator[list[Candidate]]:
    for size in itertools.chain(ROUNDS, itertools.repeat(ROUNDS[-1])):
        if not (group := [*itertools.islice(waiting, size)]):
            return
        yield group


def diff(before: str, after: str) -> str:
    """The lines that a change takes out and puts in, and one line around them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return "\n".join(itertools.islice((text for text in lines if not text.startswith(("---", "+++"))), 40))
