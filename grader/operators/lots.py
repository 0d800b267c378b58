"""The edits of a function, in lots that are made when somebody asks for them: most of them are tried by nobody.

A lot is what one operator makes of a function. Three of four edits put a name or a call in every place of it: of these
it is known which words they can bring or take before they are made, and a lot that no word speaks for can wait. What
`wrap` makes is a lot for each pattern, because words speak for one pattern and not for another.

>>> scope = next(scopes(Text("def scaled(x, factor):\\n    return x * factor + 1\\n")))
>>> lots = Lots(scope)
>>> lot = next(lot for lot in lots.lots if "factor" in (lot.brings or ()))
>>> [edit.applied(scope.text.source).splitlines()[1].strip() for _, edit in lots.edits_of(lot)][:2]
['return factor * factor + 1', 'return x * x + 1']
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.operators import lost, missing, names, wrapping
from grader.operators.every import OPERATORS, Operator
from grader.operators.scope import Scope, scopes
from grader.operators.texts import Edit, Text, balance, words

__all__ = ["Lot", "Lots", "Text", "edits", "scopes"]

MOST_ALIKE = 6  # edits that are made at once
#: Operators whose edits may be called what speaks for itself, a value that is computed and lost.
TELLING = (lost.add_to_lost, lost.carried_nowhere, lost.by_counter)
Number = tuple[int, ...]  # places in an order: those of one lot's edits among all of its operator


@dataclass(frozen=True, eq=False)
class Lot:
    """Edits that one operator makes of a function: where the operator stands among all, and how they are made.

    `brings` and `takes` are all words that any of them can bring or take; None where that is not known.
    """

    rank: int
    make: Callable[[], Iterator[tuple[Number, Edit]]]
    brings: frozenset[str] | None = None
    takes: frozenset[str] = frozenset()

    @property
    def is_telling(self) -> bool:
        """Whether its edits may be such as the text itself speaks for."""
        return OPERATORS[self.rank] in TELLING


class Lots:
    """All lots of one function. What was made once is kept."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._texts: set[tuple[object, ...]] = set()  # what the edits made so far replace
        self._made: dict[Lot, list[tuple[Number, Edit]]] = {}
        self._next = 0

    @cached_property
    def lots(self) -> list[Lot]:
        """Every lot, in the order of their operators."""
        lots: list[Lot] = []
        for rank, operator in enumerate(OPERATORS):
            if operator is wrapping.wrap:
                lots += self._of_patterns(rank)
            else:
                lots.append(Lot(rank, self._maker(operator), *_words(operator, self._scope)))
        return lots

    def edits_of(self, lot: Lot) -> list[tuple[Number, Edit]]:
        """The edits of a lot, each with its place among those of its operator; each text once that may come of them.

        Where two operators make the same, it is the earlier one's: what is not known by its words is made in order.
        """
        if lot.brings is None:
            while self._next < len(self.lots) and lot not in self._made:
                if self.lots[self._next].brings is None:
                    self._make(self.lots[self._next])
                self._next += 1
        elif lot not in self._made:
            self._make(lot)
        return self._made[lot]

    def _make(self, lot: Lot) -> None:
        source = self._scope.text.source
        singles: list[tuple[Number, Edit]] = []
        for place, edit in lot.make():
            spans = edit.replacements
            key = spans if len(spans) == 1 else (*sorted(spans),)
            if key not in self._texts and any(source[a:b] != new for a, b, new in spans):
                self._texts.add(key)
                singles.append((place, edit))
        first = singles[0][0] if singles else ()
        joined = enumerate(_edits_at_once([edit for _, edit in singles], source))
        self._made[lot] = [
            *(((0, *first, number), edit) for number, edit in joined),
            *(((1, *place), edit) for place, edit in singles),
        ]

    @cached_property
    def _sites(self) -> list[ast.AST]:
        return _sites(self._scope)

    def _maker(self, operator: Operator) -> Callable[[], Iterator[tuple[Number, Edit]]]:
        def made() -> Iterator[tuple[Number, Edit]]:
            for number, node in enumerate(self._sites):
                for edit in operator(self._scope, node):
                    yield (number,), edit

        return made

    def _of_patterns(self, rank: int) -> Iterator[Lot]:
        """A lot for each pattern in whose hole something may stand, those that bring the same words together."""
        alike: dict[object, list[tuple[int, tuple[str, str]]]] = {}
        for number, around in enumerate(wrapping.patterns(self._scope)):
            brought = balance((("", around[0]), ("", around[1])))
            alike.setdefault(brought, []).append((number, around))
        for group in alike.values():
            brings = words(" ".join([*itertools.chain.from_iterable(around for _, around in group), "()"]))
            yield Lot(rank, self._in_holes(group), brings)

    def _in_holes(
        self, group: Sequence[tuple[int, tuple[str, str]]]
    ) -> Callable[[], Iterator[tuple[Number, Edit]]]:
        def made() -> Iterator[tuple[Number, Edit]]:
            for place, node in self._lacking:
                for number, around in group:
                    for edit in wrapping.in_hole(self._scope, node, around):
                        yield (place, number), edit

        return made

    @cached_property
    def _lacking(self) -> list[tuple[int, ast.AST]]:
        """The places at which a call may be missing."""
        sites = enumerate(self._sites)
        return [(number, node) for number, node in sites if wrapping.may_lack_a_call(self._scope, node)]


def edits(scope: Scope) -> Iterator[tuple[int, Edit]]:
    """Every edit of a function with the place of its operator in the list; each text that it may become once."""
    lots = Lots(scope)
    for rank, group in itertools.groupby(lots.lots, key=lambda lot: lot.rank):
        made = sorted(itertools.chain.from_iterable(map(lots.edits_of, group)), key=lambda pair: pair[0])
        yield from ((rank, edit) for _, edit in made)


def _words(operator: Operator, scope: Scope) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The words that the edits of an operator can bring to a function, and take from it, as of a `Lot`."""
    text = scope.text
    if operator is names.other_name:
        known = words(" ".join(scope.variables))
        return known | words(" ".join(scope.unused)), known
    if operator is names.other_value:
        return words(" ".join(scope.filled)), words(text.of(scope.function))
    if operator is missing.add_factor:
        return words(" ".join((*scope.variables, "(*)"))), frozenset()
    if operator is wrapping.rewrap:
        brought = itertools.chain.from_iterable(wrapping.patterns(scope))
        return words(" ".join(brought)), words(text.of(scope.function))
    return None, frozenset()


def _sites(scope: Scope) -> list[ast.AST]:
    """What operators look at: a function itself, what its arguments are by default, and all of its body.

    Values outside of functions are no function, though they are given as one: nothing can be asked of its head.
    """
    if scope.function not in scope.text.parents:
        return [node for node in scope.nodes if isinstance(node, ast.expr)]
    arguments = scope.function.args
    defaults = [default for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None]
    return [scope.function, *(node for default in defaults for node in ast.walk(default)), *scope.nodes]


def _edits_at_once(several: Sequence[Edit], source: str) -> Iterator[Edit]:
    """Edits that bring and take the same words, made at once: in one line, and in all lines of the function.

    `f(a), f(b)` → `a, b`.
    """
    alike: dict[object, list[Edit]] = {}
    for edit in several if len(several) > 1 else ():
        added, removed = edit.balance(source)
        # What brings and takes nothing puts things elsewhere, and is like what puts the same things there.
        moved = () if added or removed else tuple((source[a:b], new) for a, b, new in edit.replacements)
        alike.setdefault((edit.operator, added, removed, moved), []).append(edit)
    earlier: set[object] = set()
    for group in alike.values():
        lines = {edit.line for edit in group}
        parts = [[edit for edit in group if edit.line == line] for line in sorted(lines)]
        parts = [*(parts if len(lines) > 1 else ()), group]
        if len(group) <= 2 * MOST_ALIKE:
            parts.append(_innermost(group))
        for edit in itertools.chain.from_iterable(map(_joined_edits, parts)):
            if edit.replacements not in earlier:
                earlier.add(edit.replacements)
                yield edit


def _innermost(group: Sequence[Edit]) -> list[Edit]:
    """The edits of a group in whose place no other one is made: of `1 + f(1 + x)` the inner sum."""
    spans = [(edit.replacements[0][0], edit.replacements[-1][1]) for edit in group]
    return [
        edit
        for edit, (start, end) in zip(group, spans)
        if not any(start <= first and last <= end and (start, end) != (first, last) for first, last in spans)
    ]


def _joined_edits(group: Sequence[Edit]) -> Iterator[Edit]:
    spans = sorted(span for edit in group for span in edit.replacements)
    are_apart = all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    if 1 < len(group) <= MOST_ALIKE and are_apart:
        lines = sorted({edit.line for edit in group})
        yield Edit(group[0].operator, lines[0], tuple(spans), tuple(lines[1:]))
