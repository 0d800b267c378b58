"""What was found out of a submission while its line was looked for: looked for again, nothing is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from grader.operators import Edit
from grader.repair.program import Candidate, Place
from grader.repair.trials import ChosenQuestions, Expectation, Trials

Change = tuple[str, Place, Edit]  # what was tried for an exercise


@dataclass(frozen=True, eq=False)
class LineProof:
    """A change that is enough for some tests, and costs none: those that it gains, and their points."""

    candidate: Candidate
    exercise: str
    tests: frozenset[str]
    gain: float


@dataclass(eq=False)
class Memory:
    """The questions that were chosen for each exercise, what changes gained there, and what the suite said of them."""

    chosen: dict[str, ChosenQuestions] = field(default_factory=dict)
    gained: dict[Change, int] = field(default_factory=dict)
    proofs: dict[Change, LineProof | None] = field(default_factory=dict)

    def choose(
        self, exercise: str, questions: Sequence[Expectation], trials: Trials
    ) -> Callable[[], ChosenQuestions]:
        """Ask the submission as it is, as `Trials.choose`, where it was not asked before."""
        if exercise in self.chosen:
            return lambda: self.chosen[exercise]
        choose = trials.choose(questions)

        def remember() -> ChosenQuestions:
            self.chosen[exercise] = choose()
            return self.chosen[exercise]

        return remember

    def gains(self, exercise: str, group: Sequence[Candidate], trials: Trials) -> list[int]:
        """What each change gains on the chosen questions, as `Trials.gains`; those that are new are tried."""
        changes = [_change(exercise, candidate) for candidate in group]
        untried = [place for place, change in enumerate(changes) if change not in self.gained]
        tried = trials.gains([group[place] for place in untried], self.chosen[exercise]) if untried else []
        gains = {changes[place]: gain for place, gain in zip(untried, tried)}
        if not trials.is_at_an_end:  # else some of them may not have been tried
            self.gained |= gains
        return [gains.get(change, self.gained.get(change, 0)) for change in changes]

    def proof(
        self, exercise: str, candidate: Candidate, prove: Callable[[], LineProof | None]
    ) -> LineProof | None:
        """The proof of a change, made once."""
        change = _change(exercise, candidate)
        if change not in self.proofs:
            self.proofs[change] = prove()
        return self.proofs[change]


def _change(exercise: str, candidate: Candidate) -> Change:
    return exercise, candidate.place, candidate.edit
