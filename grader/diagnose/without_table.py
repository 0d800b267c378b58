"""Names mistakes that no table lists: wrong edits of the reference, made by operators, with words made of its names.

They are asked only where the table explains nothing, in one order, until one answers everything as the submission did.
How many there are is bounded, and what each may run (`bounded`); their answers are kept on disk as those of the table's
mistakes are.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from grader.diagnose.edited import Edits, References
from grader.diagnose.effects import Effects
from grader.diagnose.evidence import Evidence
from grader.diagnose.merge import Change
from grader.diagnose.mistakes import MARK, Mistake, Variant
from grader.diagnose.sets import Sets
from grader.errors import CourseError
from grader.operators.scope import Scope
from grader.operators.without_table import Text, Wrong, scopes, wrongs
from grader.skeletons import skeleton

MOST = 2000  # edits for one exercise
MOST_TOGETHER = 800  # of those that are tried together
WAYS = 3  # of those with one title that are tried together
_WORD = re.compile(r"[A-Za-z_]\w*")
_MARKED = re.compile(r"`([^`\n]+)`")  # code in a sentence
_SHAPED = re.compile(r"([A-Za-z_]\w*) \([0-9A-Z]")  # `x (N, F)` in a docstring


class WithoutTable:
    """The mistakes that operators make of one reference."""

    def __init__(
        self,
        text: str,
        references: References,
        exercises: Sequence[str],
        uses: Mapping[str, Collection[str]],
        together: bool = True,
    ) -> None:
        """`uses` names, for an exercise that is asked through the course's harness, the others that it uses there.

        Unless `together`, no sets of edits are tried.
        """
        self._together = together
        self._text, self._references = text, references
        self._exercises, self._uses = exercises, uses
        self._by_exercise: dict[str, list[Variant]] = {}
        self._mistakes: dict[tuple[str, str, bool], Mistake] = {}

    def variants(self, exercise: str) -> list[Variant]:
        """The edits for one exercise; those that draw at random come last, since they explain nearly anything."""
        if exercise not in self._by_exercise:
            ordered = sorted(
                itertools.islice(self._variants(exercise), MOST), key=lambda variant: variant.mistake.drawn
            )
            self._by_exercise[exercise] = ordered
        return self._by_exercise[exercise]

    def explain(self, evidence: Evidence, base: Edits, kinds: Collection[str] = ()) -> Edits:
        """The first edit that explains everything, or does beside mistakes of earlier exercises; else ().

        With `kinds`, only edits of these are tried.
        """
        if evidence.left_open:
            return ()
        for before in dict.fromkeys((base, ())):
            for variant in self.variants(evidence.exercise):
                if kinds and not variant.mistake.id.startswith(tuple(f"{MARK}{kind}_" for kind in kinds)):
                    continue
                if self._fits(evidence, (*before, variant)):
                    return (variant,)
        return ()

    def several(self, evidence: Evidence, effects: Effects, base: Edits) -> Edits:
        """The first set of edits that explains everything where none does alone."""
        if not self._together:
            return ()
        some = self._different(evidence, effects, base)[:MOST_TOGETHER]
        sets = Sets(effects, self._references.tried, evidence, some, base).explanations()
        if not sets:
            return ()
        order = {variant: place for place, variant in enumerate(self.variants(evidence.exercise))}
        # Of sets that explain the same, the one whose words are preferred.
        fewest = [edits for edits in sets if len(edits) == min(map(len, sets))]
        chosen = min(fewest, key=lambda edits: sorted(order.get(variant, -1) for variant in edits))
        return tuple(variant for variant in chosen if variant not in base)

    def _different(self, evidence: Evidence, effects: Effects, base: Edits) -> list[Variant]:
        """The edits that are tried together: of those with one title the first, then the next ones that differ.

        They differ where they answer the smallest wrong question otherwise. Those of the exercise itself come first.
        """
        number = evidence.wrong[0]
        turns: dict[int, list[Variant]] = {turn: [] for turn in range(WAYS)}
        groups_of: dict[Mistake, set[int]] = {}
        for variant in self.variants(evidence.exercise):
            if variant.mistake.drawn or variant in base or not self._runs(variant, number, effects):
                continue
            groups, group = groups_of.setdefault(variant.mistake, set()), effects.alike(number, variant)
            if group not in groups and len(groups) < WAYS:
                turns[len(groups)].append(variant)
                groups.add(group)
        return list(itertools.chain.from_iterable(turns.values()))

    def _runs(self, variant: Variant, number: int, effects: Effects) -> bool:
        """Whether an edit leaves a program, and shows."""
        try:
            return bool(effects.trace(number, variant))
        except CourseError:
            return False

    def _fits(self, evidence: Evidence, edits: Edits) -> bool:
        try:
            return evidence.fits_all(self._references.tried(edits))
        except CourseError:  # an edit that leaves no program
            return False

    def made_in(self, dtype: str, exercise: str) -> Variant:
        """The mistake of whatever is right but for a dtype that does not depend on the input's."""
        title = f"The result is {dtype}, whatever comes in"
        hint = "Print the dtype of each array in your code. Which line makes one of its own?"
        mistake = Mistake(f"{MARK}{dtype}", title, hint, {}, makes=dtype)
        return Variant(mistake, exercise, exercise, ())

    def _variants(self, exercise: str) -> Iterator[Variant]:
        """All edits: those of the exercise itself, then those of the functions that it uses, of each in turn."""
        text = Text(self._text)
        public = _public(skeleton(self._text))
        own = {exercise, *self._uses.get(exercise, ())}
        reach = frozenset().union(*(self._references.source.reach(name) for name in own))
        used: list[Iterator[Variant]] = []
        for scope in scopes(text):
            top = scope.owner or scope.function
            if top.name not in reach or (top.name in self._exercises and top.name not in own):
                continue
            if top.name == exercise:
                yield from self._of(text, scope, public, exercise)
            else:
                used.append(self._of(text, scope, public, exercise))
        for turn in itertools.zip_longest(*used):
            yield from (variant for variant in turn if variant is not None)

    def _of(self, text: Text, scope: Scope, public: frozenset[str], exercise: str) -> Iterator[Variant]:
        """The edits of one function."""
        place = f"{scope.owner.name}.{scope.function.name}" if scope.owner else scope.function.name
        start, end = text.span(scope.function)
        for wrong in wrongs(text, scope, public):
            change = _change(self._text, (self._text.rfind("\n", 0, start) + 1, end), wrong)
            if change is not None:
                yield Variant(self._mistake(wrong), exercise, place, (change,))

    def _mistake(self, wrong: Wrong) -> Mistake:
        """The mistake of an edit: all that are told in the same words are ways of one."""
        key = (wrong.kind, wrong.title, wrong.drawn)
        if key not in self._mistakes:
            digest = hashlib.sha256(wrong.title.encode()).hexdigest()[:6]
            self._mistakes[key] = Mistake(
                f"{MARK}{wrong.kind}_{digest}", wrong.title, wrong.hint, {}, drawn=wrong.drawn
            )
        return self._mistakes[key]


def _public(handout: str) -> frozenset[str]:
    """The names that students read: in code, in backticks, or with a shape behind them."""
    names = {word for code in _MARKED.findall(handout) for word in _WORD.findall(code)}
    names |= {*_SHAPED.findall(handout)}
    for node in ast.walk(ast.parse(handout)):
        name = getattr(node, "arg", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        names |= {name} if isinstance(name, str) else set()
    return frozenset(names)


def _change(source: str, function: tuple[int, int], wrong: Wrong) -> Change | None:
    """An edit as a text that stands once in its function, and the text instead: whole lines, as many as that takes."""
    first, last = function
    body = source[first:last]
    start = source.rfind("\n", 0, min(replacement[0] for replacement in wrong.edit.replacements)) + 1
    end = source.find("\n", max(replacement[1] for replacement in wrong.edit.replacements))
    end = last if end < 0 else min(end, last)
    while body.count(source[start:end]) != 1:
        if start <= first:
            return None
        start = max(first, source.rfind("\n", 0, start - 1) + 1)
    old = source[start:end]
    new = old
    for begin, finish, text in sorted(wrong.edit.replacements, reverse=True):
        new = new[: begin - start] + text + new[finish - start :]
    return old, new
