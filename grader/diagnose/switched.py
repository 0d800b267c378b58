"""Many edits of one statement compiled at once: each place that they change has a switch, which says whose text runs.

A search tries some thousand sets of edits. To compile each of them was most of what it took. Where the edits of a set
change different lines, only the switches are set: the same statements run as of its own text, and the same steps are
counted. Only a name without a value is told in other words here: who runs such code asks for the set's own code then.
What could see that there is more text than its own, or catch such an exception, gets no switches.
"""

from __future__ import annotations

import ast
import builtins
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from grader.diagnose import changes, evaluated, sites
from grader.diagnose.bounded import of_tree
from grader.diagnose.evaluated import Shape
from grader.diagnose.merge import Edit, merged
from grader.diagnose.sites import Site, Version

FIRST = 8  # sets that are compiled by themselves before edits that came later get switches too
Switches = Mapping[str, Any]  # versions by the names of switches, and what is run where there is none

#: What looks at code or at all names, or may run it otherwise.
_SEEING = {
    "locals",
    "globals",
    "vars",
    "dir",
    "eval",
    "exec",
    "compile",
    "suppress",
    "inspect",
    "jit",
    "linecache",
}
_ODD = (
    *(ast.Try, getattr(ast, "TryStar", ast.Try), ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom),
    *(ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef, ast.Match),
)
_OF_A_FUNCTION = {"super", "__class__"}  # these change which variables it has


@dataclass
class _Program:
    """The code with switches for the edits that were known, and where each of these has which version."""

    known: int = 0
    code: CodeType | None = None
    zeros: dict[str, int] = field(default_factory=dict)
    versions: dict[Edit, dict[Site, tuple[int, str]]] = field(default_factory=dict)
    numbers: dict[Site, dict[str, int]] = field(default_factory=dict)
    shapes: dict[Site, Shape] = field(default_factory=dict)  # of sites that other text may be run in


class Switched:
    """One top-level statement of a reference, with the edits of it that are known."""

    def __init__(self, text: str, filename: str, flags: int, prefix: str, outer: frozenset[str]) -> None:
        """`prefix` begins the names of its switches; `outer` are the names of the module around it."""
        self._text, self._filename, self._flags, self._prefix = text, filename, flags, prefix
        self._tree = ast.parse(text)
        self._free = _free(self._tree)
        bound = frozenset[str]().union(*map(bound_by, ast.walk(self._tree)))
        self._shadowing = bound & (outer | {*dir(builtins)})
        self._edits: dict[Edit, None] = {}
        self._program = _Program()
        self._missed = self._most = 0

    def know(self, edit: Edit) -> None:
        """Give an edit switches when they are made next."""
        self._edits.setdefault(edit)

    def chosen(self, edits: Sequence[Edit]) -> tuple[CodeType, Switches] | None:
        """The code, and the switches with which it is the statement with these edits; None where there are none."""
        for edit in edits:
            self.know(edit)
        if any(edit not in self._program.versions for edit in edits):
            self._missed += self._program.known < len(self._edits)
            if self._missed <= self._most:
                return None
            self._missed, self._most = 0, FIRST + 2 * self._most
            self._program = self._compiled()
        program = self._program
        if program.code is None or not all(program.versions.get(edit) for edit in edits):
            return None
        switches = self._switched(edits)
        switches = self._put_together(edits) if switches is None else switches
        return None if switches is None else (program.code, {**program.zeros, **switches})

    def _switched(self, edits: Sequence[Edit]) -> Switches | None:
        """The switches of edits none of which changes what another one does."""
        versions = [self._program.versions[edit] for edit in edits]
        for (edit, own), (_, more) in itertools.permutations(zip(edits, versions, strict=True), 2):
            if any(site.touches(place) for site in own for place in more) or _meets(edit, more.values()):
                return None
        return {self._name(site): number for each in versions for site, (number, _) in each.items()}

    def _put_together(self, edits: Sequence[Edit]) -> Switches | None:
        """The switches of edits that change one line, or lines in each other. Raises CourseError."""
        versions = [self._program.versions[edit] for edit in edits]
        places = {site for each in versions for site in each}
        outer = sorted(site for site in places if not any(one.is_around(site) for one in places - {site}))
        switches: dict[str, Any] = {}
        pieces: list[str | None] = []
        begin, starts = 0, sites.line_starts(self._text)
        for site in outer:
            there = [each.get(site) for each in versions if any(map(site.touches, each))]
            pieces += [self._text[begin : starts[site.first - 1]], None]
            if len(there) == 1 and there[0] is not None:
                switches[self._name(site)], pieces[-1] = there[0]
            begin = starts[site.end - 1]
        pieces.append(self._text[begin:])
        opened = [site for site, piece in zip(outer, pieces[1::2], strict=False) if piece is None]
        text = self._edited(edits)
        if not opened:
            return switches if "".join(filter(None, pieces)) == text else None
        new = _between(pieces, text) if len(opened) == 1 else None
        own = None if new is None else self._new_version(opened[0], new)
        return None if own is None else {**switches, **own}

    def _edited(self, edits: Sequence[Edit]) -> str:
        try:
            return changes.edited(self._text, merged(edits))
        except SyntaxError:  # it is told when it is compiled
            return ""

    def _new_version(self, site: Site, text: str) -> Switches | None:
        """The switches of one site for a text that may be new to it."""
        name, program = self._name(site), self._program
        if text in program.numbers[site]:
            return {name: program.numbers[site][text]}
        version, shape = sites.read(text, self._tree, site), program.shapes.get(site)
        if version is None or shape is None or evaluated.shape(version) != shape:
            return None
        nodes = version if isinstance(version, list) else [version]
        if not is_plain(nodes, self._free) or not evaluated.reads_only(version, self._shadowing):
            return None
        try:
            run = evaluated.runner(version, shape, self._filename, self._flags)
        except SyntaxError:
            return None
        return {name: len(program.numbers[site]) + 1, f"{name}_text": run}

    def _name(self, site: Site) -> str:
        return f"{self._prefix}_{site.first}_{site.end}_{site.is_header:d}"

    def _compiled(self) -> _Program:
        """The code for all edits that are known and can stand beside each other."""
        program = _Program(len(self._edits))
        by_edit = {edit: sites.versions(self._text, self._tree, edit) for edit in self._edits}
        places = _nested([site for versions in by_edit.values() for site in versions])
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
        tree = ast.parse(self._text)
        wrapping = _Wrapping({site: [*each.values()] for site, each in by_site.items()}, self._name)
        tree.body = wrapping.block(tree.body)
        program.shapes = wrapping.shapes
        program.zeros = {self._name(site): 0 for site in by_site}
        try:
            program.code = of_tree(ast.fix_missing_locations(tree), self._filename, self._flags)
        except SyntaxError:  # of one of them: each is compiled by itself
            program.code = None
        return program


def _meets(edit: Edit, versions: Iterable[tuple[int, str]]) -> bool:
    """Whether what an edit replaces may stand in what another puts there: then it stands there more than once."""
    return any(
        line.strip() in text
        for old, _ in edit.changes
        for line in old.split("\n")
        if line.strip()
        for _, text in versions
    )


def _between(pieces: Sequence[str | None], text: str) -> str | None:
    """What a text has where one of its pieces is not known; None where it has not all the others."""
    place = pieces.index(None)
    before, after = "".join(filter(None, pieces[:place])), "".join(filter(None, pieces[place + 1 :]))
    fits = text.startswith(before) and text.endswith(after) and len(before) + len(after) <= len(text)
    return text[len(before) : len(text) - len(after)] if fits else None


class _Wrapping:
    """Puts switches around the sites of a tree."""

    def __init__(self, versions: Mapping[Site, Sequence[Version]], name: Callable[[Site], str]) -> None:
        self._versions, self._name = versions, name
        self.shapes: dict[Site, Shape] = {}
        # Of sites that begin at one line the largest is the outermost.
        self._left = sorted(versions, key=lambda site: (site.first, -site.end))

    def block(self, nodes: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Statements in a row, with switches around those that are changed."""
        wrapped: list[ast.stmt] = []
        place = 0
        while place < len(nodes):
            site, count = self._begins(nodes[place:])
            if site is None:
                wrapped.append(self._inside(nodes[place]))
            else:
                self._left.remove(site)
                more = self._stand_in(site, [*nodes[place : place + count]])
                wrapped.append(self._row(site, self.block(nodes[place : place + count]), more))
            place += count
        return wrapped

    def _begins(self, nodes: Sequence[ast.stmt]) -> tuple[Site | None, int]:
        """The site of statements in a row that begins here, and how many these are."""
        first = sites.first_line(nodes[0])
        ends = {(node.end_lineno or 0) + 1: count for count, node in enumerate(nodes, 1)}
        for site in self._left:
            if site.first == first and not site.is_header and site.end in ends:
                return site, ends[site.end]
        return None, 1

    def _inside(self, node: ast.stmt) -> ast.stmt:
        """A statement, with switches in its header and in its blocks."""
        site, expression = sites.header(node), sites.condition(node)
        if site is not None and site in self._versions and expression is not None:
            setattr(node, "iter" if isinstance(node, ast.For) else "test", self._expression(site, expression))
        for part in sites.blocks(node):
            part[:] = self.block(part)
        return node

    def _stand_in(self, site: Site, own: Version) -> list[Version]:
        """A version more, in which any text of the same shape is run."""
        shape = evaluated.shape(own)
        if shape is None:
            return []
        self.shapes[site] = shape
        return [evaluated.stand_in(shape, f"{self._name(site)}_text")]

    def _row(self, site: Site, row: list[ast.stmt], more: Sequence[Version]) -> ast.stmt:
        def either(test: ast.expr, first: list[ast.stmt], other: list[ast.stmt]) -> list[ast.stmt]:
            return [ast.copy_location(ast.If(test, first, other), row[0])]

        chosen: ast.stmt
        (chosen,) = _one_of(self._name(site), [row, *self._versions[site], *more], either)
        return chosen

    def _expression(self, site: Site, own: ast.expr) -> ast.expr:
        def either(test: ast.expr, first: ast.expr, other: ast.expr) -> ast.expr:
            return ast.copy_location(ast.IfExp(test, first, other), own)

        parts = [own, *self._versions[site], *self._stand_in(site, own)]
        chosen: ast.expr = _one_of(self._name(site), parts, either)
        return chosen


def _one_of(
    name: str, parts: Sequence[Any], either: Callable[[ast.expr, Any, Any], Any], begin: int = 0
) -> Any:
    """The part that a switch says: it is halved until one is left, but the first one, of the reference, is first."""
    if len(parts) == 1:
        return parts[0]
    half = 1 if not begin else len(parts) // 2
    test = ast.Compare(ast.Name(name, ast.Load()), [ast.Lt()], [ast.Constant(begin + half)])
    first, other = parts[:half], parts[half:]
    return either(test, _one_of(name, first, either, begin), _one_of(name, other, either, begin + half))


def _nested(places: Sequence[Site]) -> set[Site]:
    """Sites of which no two share some lines but not all of one; those that most edits change, where two do."""
    chosen: list[Site] = []
    for site, _ in Counter(places).most_common():
        if all(not site.touches(one) or site.is_around(one) or one.is_around(site) for one in chosen):
            chosen.append(site)
    return {*chosen}


def is_plain(trees: Iterable[ast.AST], free: frozenset[str] | None = None) -> bool:
    """Whether code cannot notice that it has switches; of an edit where the reference has names that are `free`."""
    for node in itertools.chain.from_iterable(map(ast.walk, trees)):
        names = {getattr(node, part, None) for part in ("id", "attr", "name")}
        if isinstance(node, _ODD) or not _SEEING.isdisjoint(names):
            return False
        if free is not None and (not _OF_A_FUNCTION.isdisjoint(names) or not free.isdisjoint(bound_by(node))):
            return False
    return True


def _free(tree: ast.AST) -> frozenset[str]:
    """The names that code reads and never binds."""
    nodes = [*ast.walk(tree)]
    read = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(read.difference(*map(bound_by, nodes)))


def bound_by(node: ast.AST) -> set[str]:
    """The names that a part of a tree binds by itself."""
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).split(".")[0]}
    return {node.arg} if isinstance(node, ast.arg) else set()
