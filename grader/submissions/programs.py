"""From a text to the program that it is: as it stands, else without notebook commands, else mended as well."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from grader.submissions.magics import StrippedCell, drop_magics
from grader.submissions.mended import mend
from grader.submissions.problems import Unreadable
from grader.submissions.python_source import parse

_PROMPTS = "the prompts of an interactive session were taken out."


@dataclass(frozen=True)
class ParsedText:
    """A source that parses, its tree, the lines that were no Python (from 1), and sentences on what was mended."""

    source: str
    tree: ast.Module
    dropped: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


def read_program(text: str, stripped: StrippedCell | None = None) -> ParsedText:
    """The program of a file or cell. What parses is taken as it is.

    `stripped` is the text without notebook commands, where that is known already. Raises Unreadable with what is
    wrong beside all that can be mended.
    """
    typed = stripped is None  # a file: what a running notebook takes away by itself is worth a word
    if stripped is None:
        try:
            return ParsedText(text, parse(text))
        except Unreadable as why:
            first = why
            stripped = drop_magics(text)
            if not stripped.dropped and stripped.source == text:
                return _mended(text, first)
    try:
        notes = (_PROMPTS,) if typed and not stripped.dropped else ()
        return ParsedText(stripped.source, parse(stripped.source), stripped.dropped, notes)
    except Unreadable as why:
        return _mended(text, why)


def _mended(text: str, why: Unreadable) -> ParsedText:
    mended = mend(text)
    if not mended.notes:
        raise why
    stripped = drop_magics(mended.source)
    if stripped.cell_magic:
        raise why
    tree = parse(stripped.source)
    if _calls_a_text(
        tree
    ):  # `“sigmoid”(x)`: the quotes are no slip of a word processor, and nobody ever ran it
        raise why
    return ParsedText(stripped.source, tree, stripped.dropped, mended.notes)


def _calls_a_text(tree: ast.Module) -> bool:
    """Whether a text or a number is called: no program means that."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, (ast.Constant, ast.JoinedStr))
        for node in ast.walk(tree)
    )
