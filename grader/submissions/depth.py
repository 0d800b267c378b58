"""Where a source nests or chains too much for Python to read it: the parser itself does not say which line that is.

Reads tokens, for there is no tree of such a source.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator

from grader.text import clean, source_lines

_CAUSE = "this nests or chains more deeply than Python can read; write it as several statements, or as a loop"
_LAYOUT = frozenset([tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER])


def explain_depth(source: str) -> tuple[int, str]:
    """The line of the longest chain, and "line 12: `x = a + a + …`: this nests or chains more deeply than …"."""
    line = max(_chains(source), default=(0, -1))[1] * -1
    text = clean(source_lines(source)[line - 1], 80)
    return line, f"line {line}: `{text}`: {_CAUSE}."


def _chains(source: str) -> Iterator[tuple[int, int]]:
    """How many tokens each statement has, with minus the line it begins in: of equals the first is the longest.

    Every `elif` nests in the one before it, so an `if` is as long as it has branches.
    """
    branches: dict[int, tuple[int, int]] = {}  # column of an `if` -> (its line, how many branches)
    tokens: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type != tokenize.NEWLINE:
                tokens += [token] if token.type not in _LAYOUT else []
                continue
            first = tokens[0]
            line, column = first.start
            if first.string == "elif":
                begun, count = branches.get(column, (line, 0))
                branches[column] = begun, count + 1
                yield 2 * count, -begun  # a term of a sum has two tokens
            else:
                branches[column] = line, 1
            yield len(tokens), -line
            tokens = []
    except (tokenize.TokenError, SyntaxError):  # what came before has been looked at
        if tokens:
            yield len(tokens), -tokens[0].start[0]
