"""A file's text with the places of its tree's nodes in it, and edits of it that leave all other characters alone."""

from __future__ import annotations

import ast
import bisect
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

Replacement = tuple[int, int, str]  # from one character to another, and the text instead
Balance = frozenset[tuple[str, int]]
_WORDS = re.compile(r"\w+|[^\w\s]")
_TELLING = re.compile(r"\w+|[^\w\s()\[\],.]")


@dataclass(frozen=True)
class Edit:
    """One change: the operator that makes it, the first line that it touches, and the texts that it replaces.

    `more` are further lines, where the same is made at several places.
    """

    operator: str
    line: int
    replacements: tuple[Replacement, ...]
    more: tuple[int, ...] = ()

    def applied(self, text: str) -> str:
        """The text with the change."""
        for start, end, instead in sorted(self.replacements, key=lambda span: span[:2], reverse=True):
            text = text[:start] + instead + text[end:]
        return text

    def words(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """The words that it brings into the text, and those that it takes out of it."""
        removed: set[str] = set()
        added: set[str] = set()
        for start, end, instead in self.replacements:
            removed.update(_words(text[start:end]))
            added.update(_words(instead))
        return frozenset(added - removed), frozenset(removed - added)

    def balance(self, text: str) -> tuple[Balance, Balance]:
        """What it brings and what it takes, each word as often as it does; brackets, dots and commas left out."""
        return balance(tuple((text[start:end], instead) for start, end, instead in self.replacements))


@lru_cache(maxsize=10_000)
def balance(replaced: tuple[tuple[str, str], ...]) -> tuple[Balance, Balance]:
    """The balance of texts and what stands in their place: the same is put around many parts of a function."""
    counts: dict[str, int] = {}
    for old, instead in replaced:
        for word in _telling(instead):
            counts[word] = counts.get(word, 0) + 1
        for word in _telling(old):
            counts[word] = counts.get(word, 0) - 1
    more = [(word, count) for word, count in counts.items() if count > 0]
    return frozenset(more), frozenset((word, -count) for word, count in counts.items() if count < 0)


@lru_cache(maxsize=10_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(text))


@lru_cache(maxsize=10_000)
def _telling(text: str) -> tuple[str, ...]:
    return tuple(_TELLING.findall(text))


def _length_of_common_start(old: str, new: str) -> int:
    """With how many characters both texts begin."""
    if old[:1] != new[:1]:  # as mostly
        return 0
    pairs = enumerate(zip(old, new))
    return next((number for number, (before, after) in pairs if before != after), min(len(old), len(new)))


class Text:
    """A source that parses. Offsets are in characters; lines count from 1."""

    def __init__(self, source: str) -> None:
        """Raises SyntaxError, ValueError or RecursionError for a source that does not parse."""
        self.source = source
        self.tree = ast.parse(source)
        self._lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", source)
        self._starts = [0]
        self._spans: dict[ast.AST, tuple[int, int]] = {}
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where the text of a node begins and ends: asked of the same nodes by many operators."""
        if node not in self._spans:
            self._spans[node] = self._at(node, ""), self._at(node, "end_")
        return self._spans[node]

    def _at(self, node: ast.AST, side: str) -> int:
        line = int(getattr(node, f"{side}lineno")) - 1
        column = int(getattr(node, f"{side}col_offset"))
        text = self._lines[line]
        if not text.isascii():
            column = len(text.encode()[:column].decode("utf-8", "replace"))
        return self._starts[line] + column

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.source[start:end]

    def line(self, offset: int) -> int:
        """The line that a character stands in."""
        return bisect.bisect_right(self._starts, offset)

    def indent(self, node: ast.AST) -> str:
        """The blanks before a statement; its line begins with them."""
        line = self._lines[node.lineno - 1]  # type: ignore[attr-defined]
        return line[: len(line) - len(line.lstrip())]

    def edit(self, operator: str, *replacements: Replacement) -> Edit:
        """An edit of this text. Its line is that of the first character that becomes another."""
        first = len(self.source)
        for start, end, instead in replacements:
            old = self.source[start:end]
            if old != instead:
                first = min(first, start + _length_of_common_start(old, instead))
        return Edit(operator, self.line(min(first, max(len(self.source) - 1, 0))), replacements)

    def instead(self, operator: str, node: ast.AST, text: str) -> Edit:
        """The edit that puts a text in the place of a node."""
        return self.edit(operator, (*self.span(node), text))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the tree, as `ast.walk` gives them: many operators look through the whole file."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that stand in the file, each once."""
        return tuple(dict.fromkeys(node.id for node in self.nodes if isinstance(node, ast.Name)))

    @cached_property
    def libraries(self) -> dict[str, str]:
        """From each library that the file imports whole ("numpy", "torch.nn") to what it calls it."""
        names: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names |= {alias.name: alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                # `from torch import nn`; functions that are imported by name do no harm here.
                names |= {f"{node.module}.{alias.name}": alias.asname or alias.name for alias in node.names}
        return names

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """From each node to the one that it is a part of."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}


def words(text: str) -> frozenset[str]:
    """The words and signs of a text."""
    return frozenset(every_word(text))


def every_word(text: str) -> list[str]:
    """The words and signs of a text, each as often as it stands there."""
    return _WORDS.findall(text)
