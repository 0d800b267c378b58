"""Finds the sets of mistakes that explain a submission, one question after the other.

Questions in which few mistakes show come first. A set that answers one as the submission did is held against the next:
there it answers as well, or with another way of one of its mistakes, or with one or more mistakes beside them
(`additions`). What is added must leave alone what was explained before. The bounds are numbers of answers that are
computed, never times, so that the same submission gets the same names on every machine.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Sequence

from grader.diagnose.additions import ONE_MORE, Additions
from grader.diagnose.beyond import beyond
from grader.diagnose.contradicted import contradicted, contradicted_in_part
from grader.diagnose.edited import Edited, Edits, smallest, without_one
from grader.diagnose.effects import Effects
from grader.diagnose.evidence import Evidence
from grader.diagnose.local import LocalSets
from grader.diagnose.mistakes import Variant
from grader.diagnose.other_sets import OtherSets
from grader.diagnose.peeled import peeled_in_rounds
from grader.diagnose.promise import Promise
from grader.diagnose.questions import ordered
from grader.diagnose.searches import SEARCHES
from grader.diagnose.tries import MORE_ASKED, MOST_ASKED, Enough, Tries
from grader.diagnose.ways import WAYS, Ways

MORE_LAYERS = 6  # questions beyond those that are gone through, where a set explains them but not all
WIDTH = 6  # sets that go on to the next question
VAIN = 2  # questions for which nothing is found after much was asked; then the search becomes less thorough
MUCH = 200  # answers
OTHERS = 4  # questions, about, by which mistakes that answer one alike are told apart
SKIPPED = 3  # questions in a row for which nothing is found, after much was asked, before the search ends
WORTH = 1.0  # what such a set must give: as much as one answer that is wrong
BEGUN = 2  # sets that give most of what is wrong that are gone on with
FROM_PEELED = 500  # answers that are computed for each
LOCAL = 3  # sets that answer some questions by themselves that are gone on with
FROM_LOCAL = 250  # answers that are computed for each
MOST_PAIRS = 500  # pairs that are tried whole, where a table has no more


class Sets:
    """The search for one exercise of one submission; `base` are the mistakes found in exercises that it uses."""

    def __init__(
        self,
        effects: Effects,
        tried: Callable[[Edits], Edited | None],
        evidence: Evidence,
        candidates: Sequence[Variant],
        base: Edits = (),
        most: float = MOST_ASKED,
    ) -> None:
        """At `most` so many answers are computed."""
        self._effects, self._evidence, self._base = effects, evidence, base
        self._tries = Tries(effects, tried, evidence, most)
        self._tried, self._most = tried, most
        self._free = [variant for variant in candidates if variant not in base]
        self._candidates: list[Variant] = []
        self._answered = False  # whether a question was, in any search
        self._begin()

    def _begin(self, search: str = "first") -> None:
        """Begin to go through the questions."""
        self._search = search
        self._layers: list[int] = []
        self._fitted: list[int] = []  # of these, those that the sets answer
        self._skipped: list[float] = []  # answers that were computed for each question since then
        self._vain = 0
        self._unseen_tried = False  # whether any mistake was tried beside a set, seen there or not
        self._raised_only = False  # whether only questions that end in an exception are gone through

    def explanations(self) -> list[Edits]:
        """The sets of mistakes that explain everything, as small as can be; none when nothing does."""
        if not self._evidence.wrong or beyond(self._effects, self._evidence, [*self._base, *self._free]):
            return []
        against = contradicted(self._effects, self._evidence, self._free)
        self._candidates = [variant for variant in self._free if variant not in against]
        sets: list[Edits] = []
        of_a_part = self._most < MOST_ASKED
        for name, search in SEARCHES.items():
            if of_a_part and name != "first":
                continue
            if sets or not (search.always or self._goes_on()) or len(self._base) + len(self._candidates) < 2:
                break
            self._begin(name)
            self._tries.ask_more(min(search.more, self._most))
            begun = self._from_local if search.local else self._from_peeled if search.peeled else self._grown
            sets = begun()
        return list(dict.fromkeys(self._other_sets.least(edits) for edits in sets or self._pairs()))

    def _goes_on(self) -> bool:
        """Whether a further search is worth while after those that found nothing."""
        if not (self._answered or Promise(self._tries, self._candidates).leads_on()):
            return False
        if self._search == "first":
            against = contradicted_in_part(self._tries, self._evidence, self._candidates)
            self._candidates = [variant for variant in self._candidates if variant not in against]
        return True

    def _grown(self, begun: list[Edits] | None = None, numbers: Sequence[int] = ()) -> list[Edits]:
        """The sets that grow question by question into one that explains everything."""
        sets: list[Edits] = begun or [self._base]
        try:
            for number in numbers or ordered(self._tries, self._evidence, self._candidates):
                if not self._raised_only or self._tries.submission(number).raised:
                    sets = self._onward(number, sets)
            return self._complete_sets(sets)
        except Enough:  # what came so far may well be all, or be it in another way
            grown = [edits for edits in sets if len(edits) > len(self._base)]
            misfits = [self._misfit(edits) for edits in grown]
            missed = [number for number in misfits if number is not None and number >= 0]
            self._tries.ask_more(WAYS)
            grown += self._exchanged_sets(missed[0], grown) if missed else []
            return [edits for edits in grown if self._misfit(edits) is None]

    def _from_peeled(self) -> list[Edits]:
        """The sets that grow from those that give most of what is wrong in all kinds of questions."""
        rounds = peeled_in_rounds(self._tries, self._evidence, self._candidates, self._base)
        for every, questions in rounds:
            for peeled in [peeled for peeled in every if peeled.worth >= WORTH][:BEGUN]:
                answered = peeled.whole(questions)
                if sets := self._grown_from(peeled.edits, answered, questions, FROM_PEELED):
                    return sets
        return []

    def _from_local(self) -> list[Edits]:
        """The sets that grow from those that answer some questions, each looked for in one question by itself."""
        questions = ordered(self._tries, self._evidence, self._candidates)
        for local in LocalSets(self._tries, self._candidates, self._base, questions).best()[:LOCAL]:
            if sets := self._grown_from(local.edits, local.answered, questions, FROM_LOCAL):
                return sets
        return []

    def _grown_from(
        self, edits: Edits, answered: Sequence[int], questions: Sequence[int], more: float
    ) -> list[Edits]:
        """The sets that grow from one that answers some of the questions; `more` answers are computed for it."""
        self._begin(self._search)
        self._fitted = [*answered]
        self._tries.ask_more(more)
        return self._grown([edits], [number for number in questions if number not in answered])

    def _pairs(self) -> list[Edits]:
        """The pairs that explain everything, of a small table all: two that show only together grow from nothing."""
        most = int(min(MOST_PAIRS, self._most))
        every = (
            (*self._base, first, other)
            for first, other in itertools.combinations(self._free, 2)
            if first.mistake is not other.mistake
        )
        pairs = list(itertools.islice(every, most + 1))
        if len(pairs) > most:
            return []
        return smallest(
            [edits for edits in pairs if self._evidence.misfit(self._tried(edits)) is None], WIDTH
        )

    def _onward(self, number: int, sets: list[Edits]) -> list[Edits]:
        """The sets that answer a question as well; those that came here where none does."""
        self._layers.append(number)
        before = self._tries.cost
        onward = [edits for edits in sets if self._tries.fits(number, edits)]
        if not onward:
            exchanged = self._exchanges.others
            others = smallest([other for edits in sets for other in exchanged(number, edits)], WAYS)
            onward = self._answering(number, others) or self._answering(
                number, self._loosely_exchanged_sets(number, sets)
            )
            onward = onward or self._sets_with_more(number, self._nearest(number, sets, others))
        if not onward:
            self._skipped.append(self._tries.cost - before)
            if len(self._skipped) >= SKIPPED and sum(self._skipped) > MUCH:
                self._leave_numbers()
            return sets
        self._skipped.clear()
        self._answered = True
        self._fitted.append(number)
        return smallest(onward, WIDTH)

    def _leave_numbers(self) -> None:
        """Go on with exceptions alone, where most that is wrong is one. Raises Enough where it is not, or was done."""
        raised = [number for number in self._evidence.wrong if self._tries.submission(number).raised]
        if self._raised_only or 2 * len(raised) < len(self._evidence.wrong):
            raise Enough
        self._raised_only = True
        self._skipped.clear()

    def _answering(self, number: int, sets: list[Edits]) -> list[Edits]:
        """Those of some sets that answer a question, and all that were answered so far."""
        return [edits for edits in sets if self._tries.fits(number, edits) and self._fits_before(edits)]

    def _nearest(self, number: int, sets: list[Edits], others: list[Edits]) -> list[Edits]:
        """Some sets, and of others those that come nearest to a question."""
        others = sorted(others, key=lambda other: (len(other), self._tries.distance(number, other)))
        return smallest([*sets, *others], WIDTH)

    def _loosely_exchanged_sets(self, number: int, sets: list[Edits]) -> list[Edits]:
        """Some sets with others of their mistakes; see `Ways.looser`."""
        return smallest([other for edits in sets for other in self._exchanges.looser(number, edits)], WAYS)

    def _fits_before(self, edits: Edits) -> bool:
        """Whether a set answers all questions that were answered so far."""
        return all(self._tries.fits(number, edits) for number in reversed(self._fitted))

    def _sets_with_more(self, number: int, sets: list[Edits]) -> list[Edits]:
        """Sets with mistakes more that answer a question: first with such that show here, and in none before."""
        quiet = [
            variant
            for variant in self._candidates
            if self._effects.shows(number, variant) and not self._effects.shows_in_any(self._fitted, variant)
        ]
        # What is peeled is believed, and not what fits whatever comes.
        is_peeled = SEARCHES[self._search].peeled
        drawn = [variant for variant in self._candidates if variant.mistake.drawn and not is_peeled]
        # Where one was added in the place of others, what is there without it may lead on.
        fewer = smallest([less for edits in sets for less in without_one(edits, self._base)], WIDTH)
        rounds = [(sets, quiet, ""), (sets, self._candidates, ONE_MORE)] if self._fitted else []
        starts = (sets, fewer) if is_peeled else (fewer, sets)
        rounds += [(begun, self._candidates, "") for begun in starts if begun]
        for efforts in SEARCHES[self._search].efforts:
            for begun, candidates, only in rounds:
                effort = only or (efforts[-1] if self._vain < VAIN else efforts[0])
                before = self._tries.cost
                options = [variant for variant in candidates if not variant.mistake.drawn]
                additions = Additions(self._tries, number, options, self._questions_that_tell_apart(number))
                more = additions.to(begun, effort)
                onward = [edits for edits in smallest(more, WAYS) if self._fits_before(edits)]
                if onward:
                    return onward
                self._vain += self._tries.cost > before + MUCH
        more = [(*edits, variant) for edits in sets for variant in drawn]
        return self._answering(number, more) or self._sets_with_any_more(number, sets)

    def _sets_with_any_more(self, number: int, sets: list[Edits]) -> list[Edits]:
        """Sets with any mistake more that raise as the submission does: what changes numbers alone may as well."""
        raised = {each: self._tries.submission(each).raised for each in (*self._evidence.wrong, number)}
        # Where nothing came but one exception, many sets come to it.
        if self._unseen_tried or not self._fitted or not raised[number] or all(raised.values()):
            return []
        self._unseen_tried = True
        some = self._evidence.wrong[:: 1 + len(self._evidence.wrong) // OTHERS]
        kinds: dict[tuple[int, ...], Variant] = {}
        for variant in self._candidates:
            if not variant.mistake.drawn:
                kinds.setdefault(tuple(self._effects.alike(each, variant) for each in some), variant)
        more = [
            (*edits, variant) for edits in sets[:BEGUN] for variant in kinds.values() if variant not in edits
        ]
        return [edits for edits in self._tries.fitting(number, more) if self._fits_before(edits)]

    def _questions_that_tell_apart(self, number: int) -> Sequence[int]:
        """Questions by which mistakes are told apart that answer this one alike by its sizes alone; see `Additions`.

        None where something was raised: several sets come to one exception, and it says little of what leads there.
        """
        got, right = self._tries.submission(number), self._effects.layout(number).reference
        if not SEARCHES[self._search].closely or got.form == right.form or got.raised:
            return ()
        return self._evidence.wrong[:: 1 + len(self._evidence.wrong) // OTHERS]

    @property
    def _exchanges(self) -> Ways:
        return Ways(self._effects, self._candidates, self._fitted, self._base)

    def _exchanged_sets(self, number: int, sets: list[Edits]) -> list[Edits]:
        """The sets that answer a question which was passed over, with other ways of the mistakes that came since."""
        own = (
            other for edits in sets for other in (edits, *self._exchanges.others(number, edits, every=True))
        )
        others = itertools.chain(itertools.islice(own, WAYS), self._loosely_exchanged_sets(number, sets))
        fitting = []
        with contextlib.suppress(Enough):
            for other in others:
                if self._tries.fits(number, other) and self._fits_before(other):
                    fitting.append(other)
        self._fitted += [number] if fitting else []
        return smallest(fitting, WIDTH)

    def _sets_with_more_again(self, number: int, sets: list[Edits]) -> list[Edits]:
        """Sets with mistakes more that answer a question which was passed over."""
        onward = self._sets_with_more(
            number, self._nearest(number, sets, self._loosely_exchanged_sets(number, sets))
        )
        self._fitted += [number] if onward else []
        return smallest(onward, WIDTH)

    @property
    def _other_sets(self) -> OtherSets:
        return OtherSets(self._tries, self._evidence, self._candidates, self._fitted, self._base)

    def _misfit(self, edits: Edits) -> int | None:
        return self._evidence.misfit(self._tries.program(edits))

    def _complete_sets(self, sets: list[Edits]) -> list[Edits]:
        """The sets that explain everything; where none does, what one misses is the next question."""
        for _ in range(MORE_LAYERS):
            misfits = {edits: self._misfit(edits) for edits in sets}
            fitting = [edits for edits, misfit in misfits.items() if misfit is None]
            if fitting:
                self._tries.ask_more(MORE_ASKED)
                others = self._other_sets
                return others.alternatives(smallest([others.reduced(edits) for edits in fitting], WIDTH))
            missed = [number for number in misfits.values() if number not in (None, -1, *self._fitted)]
            new = [number for number in missed if number not in self._layers]
            number = next(iter([*new, *missed]), None)
            onward = (
                []
                if number is None
                else self._onward(number, sets)
                if new
                else (self._exchanged_sets(number, sets) or self._sets_with_more_again(number, sets))
            )
            if not onward:
                break
            sets = onward
        return smallest([edits for edits in sets if self._other_sets.fits_but_for_words(edits)], WIDTH)
