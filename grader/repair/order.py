"""Which changes are tried first: those that the diagnosis, the messages and the reference's words speak for.

The order depends on the submission and on what was found about it alone, so that it is the same on every machine.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from grader.operators import Lot
from grader.operators.lots import Number
from grader.operators.texts import every_word, words
from grader.repair.program import Candidate, Place
from grader.text import source_lines

#: Operators with very many places: without a word that speaks for them they come last.
WIDE = frozenset(
    {
        *(
            "wrap",
            "rewrap",
            "other_name",
            "other_value",
            "inner_name",
            "size_factor",
            "carry",
            "other_target",
            "give_back",
            "add_factor",
            "dtype_of_input",
            "exchange_names",
            "size_for_number",
            "repeat_term",
        ),
    }
)
#: Operators that exchange two things.
TURNING = frozenset(
    {"exchange", "exchange_arguments", "exchange_names", "exchange_statements", "turn_condition"}
)
#: What the text itself speaks for: a value that is computed and lost.
TELLING = frozenset({"add_to_lost", "lost_for_operand", "carried_nowhere"})
Head = tuple[str, str, tuple[str, ...]]  # a definition, a function in it, and the names of its arguments
_Key = tuple[int, int, int, Number]  # weight, operator, function, and place among the operator's edits
_MOST_ALIKE = 12  # the weight of a change that brings and takes the very words of a pattern
_SUSPECTED = 6  # of a change in a line that goes into wrong results alone: also rare ones come early
_LEAST_ALIKE = 4  # what is less like one shares a word that stands everywhere (`if`, `0`), and tells nothing
_SIGNS = frozenset("+-@*<>")  # signs that tell something of a change; the others stand everywhere


@dataclass(frozen=True)
class Hints:
    """What speaks for a change: words that are likely to be missing, or to be too many, and lines that were named.

    `patterns` are both for each way of making a mistake that was found, `named` lines as these mistakes write them.
    `unlike` are words that the reference has and the submission has not. `turned`: one of the mistakes is that two
    things stand the other way round. `heads` are those of the reference's functions: arguments that stand as there are
    not to be exchanged. `suspects` are lines that go into wrong results alone.
    """

    missing: frozenset[str] = frozenset()
    surplus: frozenset[str] = frozenset()
    unlike: frozenset[str] = frozenset()
    lines: frozenset[tuple[str, int]] = frozenset()
    named: tuple[frozenset[str], ...] = ()
    turned: bool = False
    patterns: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()
    heads: frozenset[Head] = frozenset()
    suspects: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(
        cls,
        changes: Sequence[tuple[str, str]],
        unlike: Collection[str] = (),
        lines: Collection[tuple[str, int]] = (),
        heads: Collection[Head] = (),
    ) -> Hints:
        """From the changes that make the named mistakes out of the reference."""
        missing: set[str] = set()
        surplus: set[str] = set()
        named: list[frozenset[str]] = []
        patterns: dict[tuple[frozenset[str], frozenset[str]], None] = {}
        turned = False
        for right, wrong in changes:
            pattern = _extra_words(right, wrong), _extra_words(wrong, right)
            # What has the wrong sign in one place may lack a minus, or have one too many, in another.
            turned_signs = [pattern[::-1]] if pattern[0] | pattern[1] == {"-"} else []
            for lacking, additional in (pattern, *turned_signs):
                missing |= lacking
                surplus |= additional
                patterns[lacking, additional] = None
            named += [telling(line) for line in wrong.splitlines() if len(telling(line)) > 2]
            turned = (
                turned or telling(right) == telling(wrong) or (pattern[::-1] in patterns and all(pattern))
            )
        return cls(
            *(
                frozenset(missing),
                frozenset(surplus),
                frozenset(unlike),
                frozenset(lines),
                tuple(named),
                turned,
                tuple(pattern for pattern in patterns if any(pattern)),
                frozenset(heads),
            )
        )


def head(place: Place) -> Head:
    """How a function is called."""
    return place.name, place.scope.function.name, place.scope.parameters


def telling(text: str) -> frozenset[str]:
    """The words of a text that tell something of a change."""
    return frozenset(word for word in words(text) if _tells(word))


def _extra_words(text: str, other: str) -> frozenset[str]:
    """The words that stand more often in a text than in another one."""
    counts, others = (Counter(word for word in every_word(text) if _tells(word)) for text in (text, other))
    return frozenset(counts - others)


def _tells(word: str) -> bool:
    return word in _SIGNS or word[0].isalnum() or word[0] == "_"


def candidates(places: Sequence[Place], hints: Hints) -> Iterator[Candidate]:
    """Every change of some functions, the likeliest first.

    Changes are made in lots, each when the next one may be among them: most searches end before most of them are made.
    """
    waiting: list[tuple[_Key, int, Place, Lot | Candidate]] = []
    count = itertools.count()  # what has the same key stays in the order in which it came
    similar = [_similar_lines(place, hints) for place in places]

    def wait(key: _Key, what: Lot | Candidate) -> None:
        heapq.heappush(waiting, (key, next(count), places[key[2]], what))

    for number, place in enumerate(places):
        for lot in place.edits.lots:
            wait((-_upper_bound(lot, place, hints, similar[number]), lot.rank, number, ()), lot)
    while waiting:
        (_, rank, number, _), _, place, what = heapq.heappop(waiting)
        if isinstance(what, Candidate):
            yield what
            continue
        for order, edit in place.edits.edits_of(what):
            candidate = Candidate(place, edit)
            weight = _speaks_for(candidate, hints) + 3 * (edit.line in similar[number])
            wait((-weight, rank, number, order), candidate)


def _upper_bound(lot: Lot, place: Place, hints: Hints, similar: Collection[int]) -> int:
    """The weight that no change of a lot is beyond."""
    is_named = any(label == place.file.label and line in place.lines for label, line in hints.lines)
    suspected = _SUSPECTED * any(
        label == place.file.label and line in place.lines for label, line in hints.suspects
    )
    if lot.brings is None:
        speaking = _MOST_ALIKE if hints.patterns else 0
        return (
            speaking
            + _MOST_ALIKE * lot.is_telling
            + 4 * hints.turned
            + 3 * is_named
            + 3 * bool(similar)
            + suspected
        )
    shared = (lot.brings & hints.missing) | (lot.takes & hints.surplus)
    weight = 0 if not shared else max(_alike_bound(lot, *pattern) for pattern in hints.patterns)
    if weight < (_MOST_ALIKE if shared <= _SIGNS else _LEAST_ALIKE):
        weight = -2 + 2 * bool(lot.brings & hints.unlike)
    return weight + is_named + 3 * bool(similar) + suspected


def _alike_bound(lot: Lot, missing: frozenset[str], surplus: frozenset[str]) -> int:
    """The weight of the change of a lot that is most like one way of a mistake."""
    shared = len((lot.brings or frozenset()) & missing) + len(lot.takes & surplus)
    return -(-_MOST_ALIKE * shared // max(len(missing) + len(surplus), 1))


def _similar_lines(place: Place, hints: Hints) -> set[int]:
    """The lines that look most like those of the mistakes that were found."""
    lines = source_lines(place.file.text.source)
    first, last = place.scope.function.lineno, place.scope.function.end_lineno or 0
    alike = set()
    for named_words in hints.named:
        shares = [
            (len(named_words & own) / len(named_words | own), number)
            for number in range(first, min(last, len(lines)) + 1)
            if (own := telling(lines[number - 1]))
        ]
        best = max(shares, default=(0.0, 0))
        alike |= {number for share, number in shares if share == best[0] and share >= 0.4}
    return alike


def _speaks_for(candidate: Candidate, hints: Hints) -> int:
    weight = 0
    is_wide = candidate.edit.operator in WIDE
    added, removed = frozenset[str](), frozenset[str]()
    if hints.patterns or (is_wide and hints.unlike):
        added, removed = candidate.words
    if added & hints.missing or removed & hints.surplus:
        weight = max(_alike_words(added, removed, *pattern) for pattern in hints.patterns)
        weight = weight if weight >= _LEAST_ALIKE else 0
        # A sign alone stands in hundreds of these: what brings a name as well is like no pattern of signs.
        if is_wide and weight < _MOST_ALIKE and _are_signs(added, removed, hints):
            weight = 0
    if weight == 0 and is_wide:
        weight = -2 + 2 * bool(added & hints.unlike)
    weight += _MOST_ALIKE * (candidate.edit.operator in TELLING)
    weight += 4 * (hints.turned and candidate.edit.operator in TURNING)
    weight -= 8 * (candidate.edit.operator == "exchange_arguments" and head(candidate.place) in hints.heads)
    # A message names the line where something shows: worth a look, but not at each of its names before all else.
    is_named = (candidate.label, candidate.edit.line) in hints.lines
    is_suspected = (candidate.label, candidate.edit.line) in hints.suspects
    return weight + (1 if is_wide else 3) * is_named + _SUSPECTED * is_suspected


def _are_signs(added: frozenset[str], removed: frozenset[str], hints: Hints) -> bool:
    """Whether all that speaks for a change is signs."""
    return (added & hints.missing | removed & hints.surplus) <= _SIGNS


def _alike_words(
    added: frozenset[str], removed: frozenset[str], missing: frozenset[str], surplus: frozenset[str]
) -> int:
    """How alike the words of a change are to those that one way of a mistake lacks, and has too many."""
    added, removed = (frozenset(word for word in words if _tells(word)) for words in (added, removed))
    shared = len(added & missing) + len(removed & surplus)
    return -(-_MOST_ALIKE * shared // max(len(added | missing) + len(removed | surplus), 1))
