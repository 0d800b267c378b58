"""Which changes are tried first: those that the diagnosis, the messages and the reference's words speak for.

The order depends on the submission and on what was found about it alone, so that it is the same on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

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
_MOST_ALIKE = 12  # the weight of a change that brings and takes the very words of a pattern
_LEAST_ALIKE = 4  # what is less like one shares a word that stands everywhere (`if`, `0`), and tells nothing
_SIGNS = frozenset("+-@*<>")  # signs that tell something of a change; the others stand everywhere


@dataclass(frozen=True)
class Hints:
    """What speaks for a change: words that are likely to be missing, or to be too many, and lines that were named.

    `patterns` are both for each way of making a mistake that was found, `named` lines as these mistakes write them.
    `unlike` are words that the reference has and the submission has not. `turned`: one of the mistakes is that two
    things stand the other way round. `heads` are those of the reference's functions: arguments that stand as there are
    not to be exchanged.
    """

    missing: frozenset[str] = frozenset()
    surplus: frozenset[str] = frozenset()
    unlike: frozenset[str] = frozenset()
    lines: frozenset[tuple[str, int]] = frozenset()
    named: tuple[frozenset[str], ...] = ()
    turned: bool = False
    patterns: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()
    heads: frozenset[Head] = frozenset()

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
            turned = turned or telling(right) == telling(wrong)
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
    """Every change of some functions, the likeliest first."""
    ranked: list[tuple[tuple[int, int, int], Candidate]] = []
    for number, place in enumerate(places):
        named = _similar_lines(place, hints)
        for operator, edit in place.edits:
            candidate = Candidate(place, edit)
            weight = _speaks_for(candidate, hints) + 3 * (edit.line in named)
            ranked.append(((-weight, operator, number), candidate))
    ranked.sort(key=lambda entry: entry[0])
    return (candidate for _, candidate in ranked)


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
    added, removed = candidate.words if hints.patterns or hints.unlike else (frozenset(), frozenset())
    if added & hints.missing or removed & hints.surplus:
        weight = max(_alike_words(added, removed, *pattern) for pattern in hints.patterns)
        weight = weight if weight >= _LEAST_ALIKE else 0
        # A sign alone stands in hundreds of these: what brings a name as well is like no pattern of signs.
        if candidate.edit.operator in WIDE and weight < _MOST_ALIKE and _are_signs(added, removed, hints):
            weight = 0
    if weight == 0 and candidate.edit.operator in WIDE:
        weight = -2 + 2 * bool(added & hints.unlike)
    weight += _MOST_ALIKE * (candidate.edit.operator in TELLING)
    weight += 4 * (hints.turned and candidate.edit.operator in TURNING)
    weight -= 8 * (candidate.edit.operator == "exchange_arguments" and head(candidate.place) in hints.heads)
    # A message names the line where something shows: worth a look, but not at each of its names before all else.
    is_named = (candidate.label, candidate.edit.line) in hints.lines
    return weight + (1 if candidate.edit.operator in WIDE else 3) * is_named


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
