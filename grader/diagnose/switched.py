"""Many edits of one statement compiled at once: each place that they change has a switch, which says whose text runs.

A search tries some thousand sets of edits. To compile each of them was most of what it took. Where the edits of a set
change different lines, only the switches are set: the same statements run as of its own text, and the same steps are
counted. Only a name without a value is told in other words here: who runs such code asks for the set's own code then.
What could see that there is more text than its own, or catch such an exception, gets no switches.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from grader.diagnose import changes, evaluated, sites
from grader.diagnose.bounded import of_tree
from grader.diagnose.evaluated import Shape
from grader.diagnose.merge import Edit, merged
from grader.diagnose.noticing import bound_by, free_names, is_plain
from grader.diagnose.sites import Site, Version
from grader.diagnose.wrapping import Wrapping, text_of
from grader.errors import CourseError

MOST_TOGETHER = 4000  # groups of edits of one line that are kept
FIRST = 8  # sets that are compiled by themselves before what they need gets switches too
MOST_TEXTS = 200  # texts that edits of one line make together and that are compiled as versions of their own
Switches = Mapping[str, Any]  # versions by the names of switches, and what is run where there is none


@dataclass
class _Program:
    """The code with switches for the edits that were known, and where each of these has which version."""

    edit_count: int = 0
    code: CodeType | None = None
    zeros: dict[str, int] = field(default_factory=dict)
    versions: dict[Edit, dict[Site, tuple[int, str]]] = field(default_factory=dict)
    numbers: dict[Site, dict[str, int]] = field(default_factory=dict)
    shapes: dict[Site, Shape] = field(default_factory=dict)  # of sites that other text may be run in
    alone: dict[Edit, Switches] = field(default_factory=dict)
    apart: dict[Edit, dict[Edit, bool]] = field(default_factory=dict)
    others: dict[tuple[Site, str], Switches | None] = field(
        default_factory=dict
    )  # for texts that no edit has alone
    last: int = 0  # of the numbers that these were given, also of those that are forgotten
    #: Of edits that change one line: the switches and what stands there, if that can be, or what speaks against it.
    together: dict[tuple[Edit, ...], tuple[Switches, list[str]] | CourseError | None] = field(
        default_factory=dict
    )


class SwitchedStatement:
    """One top-level statement of a reference, with the edits of it that are known."""

    def __init__(self, text: str, filename: str, flags: int, prefix: str, outer: frozenset[str]) -> None:
        """`prefix` begins the names of its switches; `outer` are the names of the module around it."""
        self._text, self._filename, self._flags, self._prefix = text, filename, flags, prefix
        self._tree = ast.parse(text)
        self._free = free_names(self._tree)
        bound = frozenset[str]().union(*map(bound_by, ast.walk(self._tree)))
        self._shadowing = bound & (outer | {*dir(builtins)})
        self._edits: dict[Edit, None] = {}
        self._texts: dict[
            tuple[Site, str], Version
        ] = {}  # that no edit has alone, and that no stand-in can run
        self._program = _Program()
        self._missed = self._most = 0

    @property
    def code(self) -> CodeType | None:
        """The code of the program that was compiled last."""
        return self._program.code

    def know(self, edit: Edit) -> None:
        """Give an edit switches when they are made next."""
        self._edits.setdefault(edit)

    def chosen(self, edits: Sequence[Edit]) -> tuple[CodeType, Switches] | None:
        """The code, and the switches with which it is the statement with these edits; None where there are none."""
        for edit in edits:
            self.know(edit)
        chosen = self._switches_of(edits)
        if chosen is None and self._program.edit_count < len(self._edits) + len(self._texts):
            self._missed += 1
            if self._missed > self._most:
                self._missed, self._most = 0, FIRST + 2 * self._most
                self._program = self._compile()
                chosen = self._switches_of(edits)
        return chosen

    def _switches_of(self, edits: Sequence[Edit]) -> tuple[CodeType, Switches] | None:
        """The same of the program as it is. Raises CourseError."""
        program = self._program
        if program.code is None or not all(program.versions.get(edit) for edit in edits):
            return None
        switches = {**program.zeros}
        for group in self._groups(edits):
            own = program.alone[group[0]] if len(group) == 1 else self._switches_of_group(group, edits)
            if own is None:
                return None
            switches.update(own)
        return program.code, switches

    def forget(self) -> None:
        """Forget what was put together for sets."""
        self._program.apart.clear()
        self._program.together.clear()
        self._program.others.clear()

    def _groups(self, edits: Sequence[Edit]) -> list[tuple[Edit, ...]]:
        """Edits in their order, those together that change what another one does."""
        groups: list[tuple[Edit, ...]] = []
        for place, edit in enumerate(edits):
            apart = self._program.apart.setdefault(edit, {})
            near = [
                other for other in edits[:place] if not (apart.get(other) or self._are_apart(edit, other))
            ]
            if near:
                joined = [group for group in groups if not set(near).isdisjoint(group)]
                groups = [group for group in groups if group not in joined]
                several = [other for group in joined for other in group]
                groups.append((*sorted(several, key=edits.index), edit))
            else:
                groups.append((edit,))
        return groups

    def _are_apart(self, edit: Edit, other: Edit) -> bool:
        """Whether two edits change other lines, and neither puts in what the other one replaces."""
        program = self._program
        verdicts = program.apart.setdefault(edit, {})
        are_apart = verdicts.get(other)
        if are_apart is None:
            own, more = program.versions[edit], program.versions[other]
            are_apart = not (
                any(site.touches(place) for site in own for place in more)
                or _meets(edit, [text for _, text in more.values()])
                or _meets(other, [text for _, text in own.values()])
            )
            verdicts[other] = are_apart
        return are_apart

    def _switches_of_group(self, group: tuple[Edit, ...], edits: Sequence[Edit]) -> Switches | None:
        """The switches of edits that change one line, of those of a set; put together once. Raises CourseError."""
        by_group = self._program.together
        if group not in by_group:
            if len(by_group) >= MOST_TOGETHER:
                self.forget()
            try:
                by_group[group] = self._put_together(group)
            except CourseError as error:
                by_group[group] = error
        joint = by_group[group]
        if isinstance(joint, CourseError):
            raise joint.with_traceback(None)
        if joint is None or any(_meets(edit, joint[1]) for edit in edits if edit not in group):
            return None
        return joint[0]

    def _put_together(self, edits: Sequence[Edit]) -> tuple[Switches, list[str]] | None:
        """The switches of edits that change one line, or lines in each other, and what stands there.

        Raises CourseError where they cannot be made together.
        """
        text = self._edited_text(edits)
        versions = [self._program.versions[edit] for edit in edits]
        places = {site for each in versions for site in each}
        outer = sorted(site for site in places if not any(place.is_around(site) for place in places - {site}))
        instead: dict[Site, str] = {}
        for site in outer:
            there = [each.get(site) for each in versions if any(map(site.touches, each))]
            if len(there) == 1 and there[0] is not None:
                instead[site] = there[0][1]
        opened = [site for site in outer if site not in instead]
        for site in opened:
            own = (
                sites.stands_at(self._text, site, text, instead)
                if len(opened) == 1
                else self._at(site, edits)
            )
            if own is None:
                return None
            instead[site] = own
        if sites.with_texts(self._text, instead) != text:
            return None
        switches: dict[str, Any] = {}
        for site, new in instead.items():
            version = self._version(site, new)
            if version is None:
                return None
            switches |= version
        return switches, [*instead.values()]

    def _at(self, site: Site, edits: Sequence[Edit]) -> str | None:
        """What stands at a site with what edits change there, and nothing else changed. Raises CourseError."""
        there = (sites.changes_at(self._text, site, edit) for edit in edits)
        return sites.stands_at(
            self._text, site, self._edited_text([edit for edit in there if edit.changes]), {}
        )

    def _edited_text(self, edits: Sequence[Edit]) -> str:
        try:
            return changes.edited(self._text, merged(edits))
        except SyntaxError:  # it is told when it is compiled
            return ""

    def _version(self, site: Site, text: str) -> Switches | None:
        """The switches of one site for a text that may be new to it."""
        program = self._program
        if text in program.numbers[site]:
            return {self._name(site): program.numbers[site][text]}
        if (site, text) not in program.others:
            program.others[site, text] = self._other_version(site, text)
        return program.others[site, text]

    def _other_version(self, site: Site, text: str) -> Switches | None:
        name, program = self._name(site), self._program
        version, shape = sites.read(text, self._tree, site), program.shapes.get(site)
        if version is None or not is_plain(version if isinstance(version, list) else [version], self._free):
            return None
        is_alike = shape is not None and evaluated.shape(version) == shape
        if shape is None or not is_alike or not evaluated.reads_only(version, self._shadowing, self._free):
            if len(self._texts) < MOST_TEXTS:
                self._texts[site, text] = version
            return None
        try:
            run = evaluated.runner(version, shape, self._filename, self._flags)
        except SyntaxError:
            return None
        # Beyond those of versions any number stands for what has the name; each text has its own, which tells it apart.
        program.last += 1
        return {name: len(program.numbers[site]) + program.last, text_of(name): run}

    def _name(self, site: Site) -> str:
        return f"{self._prefix}_{site.first}_{site.end}_{site.is_header:d}"

    def _compile(self) -> _Program:
        """The code for all edits that are known and can stand beside each other."""
        program = _Program(len(self._edits) + len(self._texts))
        by_edit = {edit: sites.versions(self._text, self._tree, edit) for edit in self._edits}
        places = _nested_sites([site for versions in by_edit.values() for site in versions])
        by_site: dict[Site, dict[str, Version]] = {}
        for edit, versions in by_edit.items():
            fits = bool(versions) and all(
                site in places and is_plain(version if isinstance(version, list) else [version], self._free)
                for site, (_, version) in versions.items()
            )
            program.versions[edit] = {}
            for site, (text, version) in versions.items() if fits else ():
                by_site.setdefault(site, {}).setdefault(text, version)
                numbers = program.numbers.setdefault(site, {})
                program.versions[edit][site] = numbers.setdefault(text, len(numbers) + 1), text
            there = program.versions[edit].items()
            program.alone[edit] = {self._name(site): number for site, (number, _) in there}
        for (site, text), version in self._texts.items():
            if site in by_site:  # else other edits have taken its lines
                by_site[site].setdefault(text, version)
                program.numbers[site].setdefault(text, len(program.numbers[site]) + 1)
        tree = ast.parse(self._text)
        wrapping = Wrapping({site: [*each.values()] for site, each in by_site.items()}, self._name)
        tree.body = wrapping.block(tree.body)
        program.shapes = wrapping.shapes
        program.zeros = {self._name(site): 0 for site in by_site}
        try:
            program.code = of_tree(ast.fix_missing_locations(tree), self._filename, self._flags)
        except SyntaxError:  # of one of them: each is compiled by itself
            program.code = None
        return program


def _meets(edit: Edit, texts: Iterable[str]) -> bool:
    """Whether what an edit replaces may stand in what another puts there: then it stands there more than once."""
    lines = [line.strip() for old, _ in edit.changes for line in old.split("\n")]
    return any(line in text for line in lines if line for text in texts)


def _nested_sites(places: Sequence[Site]) -> set[Site]:
    """Sites of which no two share some lines but not all of one; those that most edits change, where two do."""
    chosen: list[Site] = []
    for site, _ in Counter(places).most_common():
        if all(not site.touches(place) or site.is_around(place) or place.is_around(site) for place in chosen):
            chosen.append(site)
    return {*chosen}
