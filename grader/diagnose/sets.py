"""Grows the set of mistakes that explains a submission: the few best sets, each with one more, until all is explained.

What a set answers to some sessions is found by running it. Which mistake is worth adding is judged first, by what each
does alone: where it shows and the set does not, both together answer as it alone. The bounds are numbers of programs,
never times, so that the same answers get the same names on every machine.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np

from grader.diagnose.edited import Edited, Edits
from grader.diagnose.effects import Effects, Probe
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Variant
from grader.diagnose.node import Node
from grader.diagnose.stored import Answers
from grader.diagnose.traces import Matrix

PROBES = 10  # sessions that are looked at closely
MORE_PROBES = 3  # that are added where a set explains these but not all
LARGEST = 6  # mistakes in a set
MOST_PAIRS = 500  # of the likeliest sets of two are tried whole, before any is grown
SEEDS = 40  # sets of two that are grown, as far as what each does alone speaks for them
WIDTH = 4  # sets that are grown further
MOST_RUNS = 600  # programs that are made for one exercise of one submission
MOST_ASKED = 1000  # answers of theirs to one session that are computed
BRANCHES = 8  # mistakes tried with each of them
MEMBERS = 3  # mistakes that answer one session alike, of which so many are tried on the others
STEPS = 4  # ways in which each is
CLOSE_SETS = 60  # sets of two or three more tried on one session
CLASSES = 40  # of mistakes that answer it alike, from which these are made
ALTERNATIVES = 4  # mistakes tried in the place of each one in a set that explains all
# Where a mistake and a set both show, how likely the two together are off: where the set is right, and where not.
BREAKS, MAY_MEND = 0.8, 0.45
BOTH_SHOW = 0.3  # the same for two mistakes of which nothing was run


class Submission(Protocol):
    """What a submission answered in the sessions of one exercise."""

    numbers: list[int]
    wrong: list[int]

    def answers(self, number: int) -> Answers: ...
    def misfit(self, edited: Edited | None) -> int | None: ...


class Growth:
    """The search for one exercise of one submission; `base` are the mistakes found in exercises that it uses."""

    def __init__(
        self,
        effects: Effects,
        tried: Callable[[Edits], Edited | None],
        asked: Submission,
        candidates: Sequence[Variant],
        base: Edits = (),
    ) -> None:
        self._effects, self._tried, self._asked = effects, tried, asked
        self._base = base
        self._candidates = [variant for variant in candidates if variant not in base]
        few = len(self._candidates) < 2
        self._probes = [] if few else [self._probe(number) for number in chosen(effects.sessions, asked)]
        self._nodes: dict[frozenset[Variant], Node | None] = {}
        self._refuted: set[frozenset[Variant]] = set()  # sets that explain the probes and not all
        self.runs = 0
        self.best: list[Node] = []

    def explanations(self) -> list[Edits]:
        """The sets of mistakes that explain everything, as small as can be; none when nothing does."""
        root = self._node(self._base) if self._probes else None
        if root is None:
            return []
        if fitting := self._fitting_pairs():
            return fitting
        nodes = self._distinct([root, *self._improved(root, [*self._singles(root), *self._pairs()])])
        steps: Counter[frozenset[Variant]] = Counter()
        while self.runs < MOST_RUNS and self.asked < MOST_ASKED:
            whole = self._whole(nodes)
            if whole is not None:
                return self._alternatives(whole)
            self.best = [node for node in self._distinct(nodes) if node.places not in self._refuted][:WIDTH]
            ready = [node for node in self.best if steps[node.places] < STEPS and self._may_grow(node)]
            if not ready:
                break
            node = min(ready, key=lambda node: steps[node.places])
            steps[node.places] += 1
            grown = self._grown(node, steps[node.places])
            nodes = self._distinct([*self._improved(node, grown), *self.best])
        return []

    @property
    def asked(self) -> int:
        """How many answers to probes were computed."""
        return sum(node.asked for node in self._nodes.values() if node is not None)

    def _grown(self, node: Node, step: int) -> list[Node | None]:
        """A set with one mistake more, then with two where numbers tell most or fewest show, then with three."""
        if step == 1:
            return self._children(node)
        if step == 2:
            return self._close(node, 2, self._richest(node), CLOSE_SETS)
        if step == 3:
            return self._close(node, 2, self._closest(node), CLOSE_SETS)
        return self._close(node, 3, self._richest(node), CLOSE_SETS)

    def _may_grow(self, node: Node) -> bool:
        return len(node.edits) - len(self._base) < LARGEST

    def _improved(self, node: Node, grown: Iterable[Node | None]) -> list[Node]:
        """Those of some sets that are off less than another."""
        most = node.weight(self._probes)
        return [child for child in grown if child is not None and child.is_below(most, self._probes)]

    def _whole(self, nodes: Sequence[Node]) -> Edits | None:
        """The first set that explains everything; where one explains the probes only, its misfit becomes a probe."""
        fitting = [node for node in nodes if node.places not in self._refuted and not node.misses]
        probed = {probe.number for probe in self._probes}
        for node in sorted(fitting, key=lambda node: len(node.edits)):
            misfit = self._asked.misfit(node.edited)
            if misfit is None:
                return self._reduced(node.edits)
            self._refuted.add(node.places)
            if len(self._probes) < PROBES + MORE_PROBES and misfit not in {-1, *probed}:
                probed.add(misfit)
                self._probes.append(self._probe(misfit))
        return None

    def _reduced(self, edits: Edits) -> Edits:
        """A set that explains everything without those of its mistakes that are not needed."""
        for variant in edits[len(self._base) :]:
            fewer = tuple(one for one in edits if one is not variant)
            node = self._node(fewer) if fewer else None
            if node is not None and self._asked.misfit(node.edited) is None:
                return self._reduced(fewer)
        for first, second in itertools.combinations(edits[len(self._base) :], 2):
            rest = self._node(tuple(one for one in edits if one not in (first, second)))
            if rest is None:
                continue
            for other in self._free(self._likeliest(rest), rest)[:ALTERNATIVES]:
                node = self._node((*rest.edits, other))
                if node is not None and self._asked.misfit(node.edited) is None:
                    return self._reduced(node.edits)
        return edits

    def _alternatives(self, edits: Edits) -> list[Edits]:
        """A set that explains everything, and others that do with one mistake exchanged for another."""
        fitting = [edits]
        ids = {variant.mistake.id for variant in edits}
        for variant in edits[len(self._base) :]:
            rest = self._node(tuple(one for one in edits if one is not variant))
            if rest is None:
                continue
            likeliest = [one for one in self._likeliest(rest) if one.mistake.id not in ids]
            alike = sorted(likeliest, key=lambda one: -self._alikeness(one, variant))
            for other in dict.fromkeys((*alike[:ALTERNATIVES], *likeliest[:ALTERNATIVES])):
                node = self._node((*rest.edits, other))
                if node is not None and self._asked.misfit(node.edited) is None:
                    fitting.append(node.edits)
        return fitting

    def _alikeness(self, one: Variant, other: Variant) -> int:
        """On how many probes two mistakes alone answer alike."""
        first, second = self._candidates.index(one), self._candidates.index(other)
        return sum(probe.alike[first] == probe.alike[second] for probe in self._probes)

    def _probe(self, number: int) -> Probe:
        return Probe.of(self._effects, number, self._candidates, self._asked.answers(number))

    def _node(self, edits: Edits) -> Node | None:
        """A set to be asked; None when its mistakes cannot be made together."""
        key = frozenset(edits)
        if key not in self._nodes:
            self.runs += 1
            edited = self._tried(edits)
            self._nodes[key] = None if edited is None else Node(edits, edited, self._effects)
        return self._nodes[key]

    def _distinct(self, nodes: Iterable[Node | None]) -> list[Node]:
        """Sets in the order of how little is off, smaller ones first; of those that answer alike the first."""
        there = list({node.places: node for node in nodes if node is not None}.values())
        there.sort(key=lambda node: (node.weight(self._probes), len(node.edits)))
        return list({node.seen(self._probes): node for node in reversed(there)}.values())[::-1]

    def _singles(self, root: Node) -> list[Node | None]:
        """The likeliest mistakes alone."""
        return [self._node((*self._base, one)) for one in self._likeliest(root)[:BRANCHES]]

    def _pairs(self) -> list[Node | None]:
        """The likeliest sets of two, to be grown."""
        return [self._node(edits) for _, edits in self._likeliest_pairs(BOTH_SHOW, SEEDS)]

    def _fitting_pairs(self) -> list[Edits]:
        """Of the likeliest sets of two those that explain everything; none that is less likely than one of them.

        Most differ from the submission in the first answer they are asked for, so that each costs little.
        """
        fitting: list[Edits] = []
        least = np.inf
        for worth, edits in self._likeliest_pairs(0.0, MOST_PAIRS):
            if worth > least:
                break
            if self._asked.misfit(self._tried(edits)) is None:
                fitting.append(edits)
                least = worth
        return fitting

    def _likeliest_pairs(self, both: float, most: int) -> Iterator[tuple[float, Edits]]:
        """Sets of two mistakes with what speaks against each, judged by what the two do alone; the least first.

        `both` is what speaks against two that show in the same place.
        """
        against = np.asarray(sum(probe.contradictions(both) for probe in self._probes))
        first, second = np.triu_indices(len(self._candidates), 1)
        worth = np.round(against[first, second], 9)
        for place in np.argsort(worth, kind="stable"):
            pair = self._candidates[first[place]], self._candidates[second[place]]
            if pair[0].mistake.id != pair[1].mistake.id:
                yield float(worth[place]), (*self._base, *pair)
                most -= 1
            if not most:
                return

    def _children(self, node: Node) -> list[Node | None]:
        """A set with one mistake more: the likeliest on all probes, and those that help on the smallest that is off."""
        order = self._likeliest(node)
        grown = [self._node((*node.edits, other)) for other in self._free(order, node)[:BRANCHES]]
        probe = self._closest(node)
        helping = []
        for members in self._alike(probe, node, order):
            child = self._node((*node.edits, members[0]))
            if child is not None and child.on(probe)[2] < node.on(probe)[2]:
                helping.append((child.on(probe)[2], members))
        helping.sort(key=lambda one: one[0])
        for _, members in helping[:MEMBERS]:
            grown += [self._node((*node.edits, other)) for other in members[:MEMBERS]]
        return grown

    def _close(self, node: Node, many: int, probe: Probe | None, most: int) -> list[Node | None]:
        """A set with several mistakes more, of those that bring it nearest on one probe.

        Which are tried is judged by what each adds to the set's numbers there.
        """
        if probe is None:
            return []
        node.on(probe)
        got, begin = probe.compared(node.traces[probe.number])
        classes, moved = [], []
        for members in self._alike(probe, node, self._likeliest(node))[:CLASSES]:
            child = self._node((*node.edits, members[0]))
            if child is not None:
                child.on(probe)
                numbers = probe.compared(child.traces[probe.number])[1]
                classes.append(members)
                with np.errstate(all="ignore"):
                    moved.append(np.nan_to_num(numbers - begin) if numbers.size == begin.size else 0 * begin)
        if len(classes) < many:
            return []
        places = np.array(list(itertools.combinations(range(len(classes)), many)))
        worth = distances(begin, got, np.stack(moved), places)
        close = []
        for place in np.argsort(worth, kind="stable")[:most]:
            several = [classes[one] for one in places[place]]
            child = self._node((*node.edits, *(members[0] for members in several)))
            if child is not None and child.on(probe)[2] < node.on(probe)[2]:
                close.append((child.on(probe)[2], several))
        close.sort(key=lambda each: each[0])
        return [
            self._node((*node.edits, *chosen))
            for _, several in close[:MEMBERS]
            for chosen in itertools.product(*(members[:MEMBERS] for members in several))
        ]

    def _richest(self, node: Node) -> Probe | None:
        """Of the smaller probes on which a set is off the one with most numbers."""
        off = [probe for probe in self._probes if node.on(probe)[2]]
        small = off[: max(1, len(self._probes) // 2)]
        return max(small, key=lambda probe: probe.layout.numbers, default=None)

    def _closest(self, node: Node) -> Probe:
        """The smallest probe on which a set is off."""
        return next((probe for probe in self._probes if node.on(probe)[2]), self._probes[0])

    def _free(self, variants: Iterable[Variant], node: Node) -> list[Variant]:
        return [variant for variant in variants if variant.mistake.id not in node.ids]

    def _alike(self, probe: Probe, node: Node, order: Sequence[Variant]) -> list[list[Variant]]:
        """The mistakes that show on a probe, those together that answer it alike; the likeliest first."""
        classes: dict[bytes, list[Variant]] = {}
        places = {variant: place for place, variant in enumerate(self._candidates)}
        for variant in self._free(order, node):
            place = places[variant]
            if probe.shows[place].any():
                classes.setdefault(probe.alike[place], []).append(variant)
        return list(classes.values())

    def _likeliest(self, node: Node) -> list[Variant]:
        """The candidates that are worth adding to a set, those first with which least would be off."""
        weight = np.zeros(len(self._candidates))
        for probe in self._probes:
            off, shows, _ = node.on(probe)
            both = np.where(off > 0, MAY_MEND, BREAKS)
            alone = np.where(shows, both, probe.off)
            weight += probe.weigh(np.where(probe.shows, alone, off))
        return [self._candidates[place] for place in np.argsort(np.round(weight, 9), kind="stable")]


def distances(begin: Matrix, got: Matrix, moved: Matrix, sets: Matrix) -> Matrix:
    """(sets,): how far numbers are from others, entries that are 1 or more off alike, after what each set moves.

    `moved` (moves, numbers) is what each move adds, `sets` (sets, many) the moves of each set. Where there are no
    numbers all sets are as near.
    """
    if not begin.size:
        return np.zeros(len(sets))
    with np.errstate(all="ignore"):  # numbers of a wrong program may be as large as floats go
        far = np.abs(begin - got + moved[sets].sum(axis=1))
        means: Matrix = np.nan_to_num(np.minimum(far, 1.0), nan=1.0).mean(axis=1)
    return np.round(means, 6)


def chosen(sessions: Sequence[Session], asked: Submission) -> list[int]:
    """The sessions to look at closely: of every kind of question the smallest wrong one, then right and larger ones."""
    kinds: dict[Hashable, list[int]] = {}
    for number in asked.numbers:
        kinds.setdefault(sessions[number].kind, []).append(number)
    wrong = set(asked.wrong)
    turns: list[list[int]] = [[], [], []]
    for numbers in kinds.values():
        bad = [number for number in numbers if number in wrong]
        turns[0] += bad[:1]
        turns[1] += bad[1:2]
        turns[2] += [number for number in numbers if number not in wrong][:1]
    ordered = [number for turn in turns for number in sorted(turn)]
    ordered += [number for number in asked.numbers if number in wrong] + asked.numbers
    return sorted(list(dict.fromkeys(ordered))[:PROBES])
