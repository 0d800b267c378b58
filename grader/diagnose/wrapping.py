"""Puts switches around the places of a tree that edits change, and a note before each that a run has come there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.diagnose import evaluated, sites
from grader.diagnose.evaluated import Shape
from grader.diagnose.sites import Site, Version

READ = "_grader_read"  # the name of the dict in which a run notes the sites that it comes to, in their order


class Wrapping:
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
                wrapped += self._inside(nodes[place])
            else:
                self._left.remove(site)
                more = self._stand_in(site, [*nodes[place : place + count]])
                wrapped.append(_note(self._name(site), nodes[place]))
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

    def _inside(self, node: ast.stmt) -> list[ast.stmt]:
        """A statement, with switches in its header and in its blocks."""
        noted: list[ast.stmt] = []
        site, expression = sites.header(node), sites.condition(node)
        if site is not None and site in self._versions and expression is not None:
            setattr(node, "iter" if isinstance(node, ast.For) else "test", self._expression(site, expression))
            noted.append(_note(self._name(site), node))
        for part in sites.blocks(node):
            part[:] = self.block(part)
        return [*noted, node]

    def _stand_in(self, site: Site, own: Version) -> list[Version]:
        """A version more, in which any text of the same shape is run."""
        shape = evaluated.shape(own)
        if shape is None:
            return []
        self.shapes[site] = shape
        return [evaluated.stand_in(shape, text_of(self._name(site)))]

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


def _note(name: str, node: ast.stmt) -> ast.stmt:
    """Notes that a run has come to a site; before the statement, which may end in an exception."""
    place = ast.Subscript(ast.Name(READ, ast.Load()), ast.Constant(name), ast.Store())
    return ast.copy_location(ast.Assign([place], ast.Constant(None)), node)


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


def text_of(name: str) -> str:
    """The name of what is run at a site where its switch says that there is no version for it."""
    return f"{name}_text"
