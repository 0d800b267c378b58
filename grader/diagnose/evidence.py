"""The evidence: what one submission answered to the questions of one exercise, against which edits are held."""

from __future__ import annotations

import contextlib
import copy
import hashlib
from collections.abc import Iterable, Mapping, Sequence

from grader.diagnose import dtypes
from grader.diagnose.edited import Edited
from grader.diagnose.match import Session, same_answers, says_nothing
from grader.diagnose.stored import Answers
from grader.subject import operations as ops
from grader.subject import wire

Transcript = Mapping[tuple[int, int], bytes]  # the encoded answers to each (item, index) of the plan
NO_ANSWER = b"\xff" * 8  # in a digest, where an answer's length would stand: none is so long


class Evidence:
    """What one submission answered in the sessions of one exercise whose answers are all known."""

    def __init__(
        self, sessions: Sequence[Session], exercise: str, transcript: Transcript, reference: Edited
    ) -> None:
        self.exercise, self._reference = exercise, reference
        self._sessions = sessions
        self._fitting: dict[tuple[Edited, int], bool] = {}  # of the reference, and of mistakes alone
        self._take(known_answers(sessions, exercise, transcript))

    def part(self, numbers: Iterable[int]) -> Evidence:
        """The same submission, of which only some questions are looked at."""
        some = copy.copy(self)
        some._take({number: self._answers[number] for number in numbers})
        return some

    def _take(self, answers: dict[int, Answers]) -> None:
        self._answers = answers
        self.numbers = list(answers)
        self.wrong = [number for number in self.numbers if not self.fits(self._reference, number)]
        # The smallest wrong ones rule most mistakes out (session numbers are in order of size).
        first = self.wrong[:2]
        self._order = [*first, *[number for number in self.numbers if number not in first]]

    def answers(self, number: int) -> Answers:
        """The answers to each batch of a session."""
        return self._answers[number]

    def right(self, number: int) -> Answers:
        """What the reference answers to each batch of a session."""
        return self._reference.answers(number, self._sessions[number])

    @property
    def off(self) -> list[int]:
        """The wrong sessions in which every answer came, with numbers that count: what has numbers is hard to hit."""
        return [number for number in self.came if all(self._sessions[number].weighed)]

    @property
    def came(self) -> list[int]:
        """The wrong sessions in which every answer came."""
        return [number for number in self.wrong if not self._has_raised(number)]

    @property
    def unwritten(self) -> bool:
        """Whether the exercise is still as it was handed out, or is not there at all."""
        # What comes after the first batch of a session asks an object that could not be made.
        lasts = [self.answers(number)[0][-1:] for number in self.numbers]
        return all(last and isinstance(last[0], ops.Raised) and last[0].is_unwritten for last in lasts)

    @property
    def left_open(self) -> bool:
        """Whether a part is still as it was handed out, or is not there: no edit of a reference answers so."""
        return any(
            isinstance(answer, ops.Raised) and answer.is_unwritten
            for number in self.wrong
            for batch in self._answers[number]
            for answer in batch
        )

    @property
    def says_nothing(self) -> bool:
        """Whether every answer is the same number everywhere, whatever came in; at most half of them may be none."""
        weighed = [number for number in self.numbers if all(self._sessions[number].weighed)]
        came = [number for number in weighed if not self._has_raised(number)]
        return 2 * len(came) >= len(weighed) > 0 and all(
            says_nothing(self._answers[number]) for number in came
        )

    def _has_raised(self, number: int) -> bool:
        return any(isinstance(answer, ops.Raised) for batch in self._answers[number] for answer in batch)

    def made_in(self) -> str:
        """The dtype in which the code makes arrays whatever its input has, if that alone is wrong; else ""."""
        return dtypes.made_in(
            (
                self._sessions[number],
                self._answers[number],
                self.right(number),
            )
            for number in self.numbers
        )

    def fits(self, edited: Edited, number: int) -> bool:
        """Whether an edited reference answers one session as the submission did."""
        if not edited.is_kept:
            return edited.fits(number, self._sessions[number], self.answers(number))
        key = edited, number
        if key not in self._fitting:  # what is a part of the questions asks them anew
            self._fitting[key] = edited.fits(number, self._sessions[number], self.answers(number))
        return self._fitting[key]

    def fits_all(self, edited: Edited | None) -> bool:
        """Whether an edited reference answers everywhere as the submission did; None does not."""
        if edited is None:
            return False
        known = [number for number in self._order if edited.is_known(number)] if edited.is_kept else []
        if not all(self.fits(edited, number) for number in dict.fromkeys((*known, *self._order))):
            return False
        return not edited.drawn or self._draws_like(edited)

    def fits_in_draws(self, edited: Edited | None) -> bool:
        """Whether an edited reference has the random numbers of the submission, too, where weights were not loaded.

        They are those of one seed: who makes the same parts in the same order has the same ones.
        """
        if edited is None:
            return False
        for number in self._order:
            session = self._sessions[number]
            if not all(
                map(same_answers, self.answers(number), edited.answers(number, session), session.weighed)
            ):
                return False
        return True

    def misfit(self, edited: Edited | None) -> int | None:
        """A session that an edited reference answers otherwise than the submission did; None when there is none.

        -1 when it cannot be made, or when only what is drawn at random tells that it is something else.
        """
        if edited is None:
            return -1
        for number in self._order:
            if not self.fits(edited, number):
                return number
        return None if not edited.drawn or self._draws_like(edited) else -1

    def fits_but_for_words(self, edited: Edited | None) -> bool:
        """Whether an edited reference answers as the submission did, and raises where it did, in whatever words.

        Two programs with the same mistakes may raise otherwise, where a list is empty: stacked, or asked for its last.
        """
        return edited is not None and all(
            self.fits(edited, number) or self._raises_too(edited, number) for number in self._order
        )

    def _raises_too(self, edited: Edited, number: int) -> bool:
        """Whether both raise at the same place of a session, and answered alike before."""
        session, answers = self._sessions[number], self.answers(number)
        pairs = zip(answers, edited.answers(number, session), session.counted(answers), strict=True)
        for mine, other, counts in pairs:
            last = len(mine) - 1
            if mine and isinstance(mine[-1], ops.Raised):
                return (
                    len(other) == len(mine)
                    and isinstance(other[-1], ops.Raised)
                    and other[-1].stage == mine[-1].stage
                    and same_answers(mine[:last], other[:last], counts)
                )
            if not same_answers(mine, other, counts):
                return False
        return False

    def _draws_like(self, edited: Edited) -> bool:
        """Whether the numbers that are not compared, because they are drawn, are seen to be drawn.

        They are wrong wherever they are, and others when asked for again; where nothing is asked for again,
        they must be the very same.
        """
        again = False
        for number in self.numbers:
            session, answers = self._sessions[number], self.answers(number)
            right = self.right(number)
            counted = session.counted(answers)
            for batch in edited.draws(number, session):
                if same_answers(answers[batch], right[batch], counted[batch]):
                    return False
            again = again or edited.draws_anew(number, session)
        return again or all(
            edited.fits(number, self._sessions[number], self.answers(number), exactly=True)
            for number in self.numbers
        )


def known_answers(sessions: Sequence[Session], exercise: str, transcript: Transcript) -> dict[int, Answers]:
    """The answers to those sessions of one exercise that are all known, by the sessions' numbers."""
    answers: dict[int, Answers] = {}
    for number, session in enumerate(sessions):
        if session.exercise == exercise and all(position in transcript for position in session.positions):
            with contextlib.suppress(wire.WireError):  # no answer, as the test that asked was told
                answers[number] = [
                    wire.decode_answers(transcript[position]) for position in session.positions
                ]
    return answers


def digest(sessions: Sequence[Session], exercise: str, transcript: Transcript) -> bytes:
    """A digest of the answers to one exercise, the same for the same answers only."""
    whole = hashlib.sha256()
    for session in sessions:
        for position in session.positions if session.exercise == exercise else ():
            data = transcript.get(position)
            whole.update(NO_ANSWER if data is None else len(data).to_bytes(8, "little") + data)
    return whole.digest()
