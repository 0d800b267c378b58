"""The JSON of a notebook that was damaged on its way or by hand, read where there is one way to read it.

A comma too many or too few, a backslash that stands for itself, more text behind the end, an end that is missing behind
the last cell, a merge conflict of which both sides hold the same code: none of it leaves open what the cells are.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

#: A text, also one that nothing ends, or a run of anything else.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[^"]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMMA_TOO_MANY = re.compile(r",(?=\s*[\]}])")
_COMMA_TOO_FEW = re.compile(r"(?<=[\]}])(?=[^\S\n]*\n\s*[\[{])")
_BETWEEN_TEXTS = re.compile(r"[^\S\n]*\n\s*\Z")
_COMMA_TOO_FEW_AT_END = re.compile(r"(?<=[\]}])(?=[^\S\n]*\n\s*\Z)")  # where a text follows
_GAP = re.compile(r"[\s,]*")
_CELLS = re.compile(r'"cells"\s*:\s*(?=\[)')
_MARKER = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_OURS, _BASE, _THEIRS, _BOTH = range(4)


class MendedDocument(NamedTuple):
    """A document, and what is to be said of how it was read."""

    document: Any
    note: str


class BrokenDocument(NamedTuple):
    """Why a document cannot be read, to follow the file's name, and what to do."""

    why: str


def no_number(digits: str) -> int:
    """No number of a notebook matters here, and a very long one would cost quadratic time."""
    return 0


# A control character within a text, such as a line end that was typed there, can mean nothing else.
_DECODER = json.JSONDecoder(strict=False, parse_int=no_number, parse_float=no_number)


def decoded(text: str) -> Any:
    """The document that a text holds. Raises what `json.loads` raises."""
    return _DECODER.decode(text)


def mended(
    text: str, error: json.JSONDecodeError, code_of: Callable[[Any], Any]
) -> MendedDocument | BrokenDocument:
    """A notebook's text that `error` was raised for. `code_of` gives what two documents must agree in."""
    for attempt in (_of_a_page, _conflict, _behind_the_end, _by_signs, _before_the_end):
        if found := attempt(text, error, code_of):
            return found
    return BrokenDocument(
        f"its JSON is broken in line {error.lineno}, column {error.colno} ({_in_words(error.msg)}). If it still opens "
        "in Jupyter, save it there; else put that place right in a text editor. Then hand it in again"
    )


def _of_a_page(
    text: str, error: json.JSONDecodeError, code_of: Callable[[Any], Any]
) -> MendedDocument | None:
    if not re.match(r"\s*[{\[]\s*&quot;", text):
        return None
    try:
        return MendedDocument(
            decoded(html.unescape(text)), "it was copied from a web page; its signs were put back."
        )
    except ValueError:
        return None


def _conflict(
    text: str, error: json.JSONDecodeError, code_of: Callable[[Any], Any]
) -> MendedDocument | BrokenDocument | None:
    marker = _MARKER.search(text)
    if marker is None:
        return None
    line = text.count("\n", 0, marker.start()) + 1
    sides = []
    for side in (_OURS, _THEIRS):
        try:
            sides.append(decoded(_signs_put_right("".join(_side(text, side)))[0]))
        except ValueError:
            continue
    if len(sides) == 2 and code_of(sides[0]) == code_of(sides[1]) is not None:
        return MendedDocument(
            sides[0], f"a merge conflict was left in it (line {line}); both sides hold the same code."
        )
    return BrokenDocument(
        f"a merge conflict was left in it, in line {line}. In a text editor, keep one of the two sides there and take "
        "away the lines that begin with <<<<<<<, ======= and >>>>>>>. Then open it in Jupyter, save, and hand it in "
        "again"
    )


def _side(text: str, wanted: int) -> Iterator[str]:
    """The lines of a text as they are on one side of its merge conflicts."""
    at = _BOTH
    for line in text.splitlines(keepends=True):
        sign = line[:7]
        if sign == "<<<<<<<":
            at = _OURS
        elif at != _BOTH and sign == "|||||||":
            at = _BASE
        elif at != _BOTH and sign == "=======":
            at = _THEIRS
        elif at != _BOTH and sign == ">>>>>>>":
            at = _BOTH
        elif at in (_BOTH, wanted):
            yield line


def _behind_the_end(
    text: str, error: json.JSONDecodeError, code_of: Callable[[Any], Any]
) -> MendedDocument | BrokenDocument | None:
    if error.msg != "Extra data":
        return None
    document, end = _DECODER.raw_decode(text, len(text) - len(text.lstrip()))
    rest = text[end:].lstrip()
    line = text.count("\n", 0, len(text) - len(rest)) + 1
    try:
        second = _DECODER.raw_decode(rest)[0] if rest.startswith("{") else None
    except ValueError:
        second = None
    if isinstance(second, dict) and "cells" in second and code_of(document) != code_of(second):
        return BrokenDocument(
            f"two notebooks stand in it, one behind the other: the second begins in line {line}. "
            "Hand in the one that counts"
        )
    return MendedDocument(document, f"what stands behind its end (line {line}) was passed over.")


def _by_signs(text: str, error: json.JSONDecodeError, code_of: Callable[[Any], Any]) -> MendedDocument | None:
    put_right, line = _signs_put_right(text)
    try:
        return (
            MendedDocument(
                decoded(put_right), f"its JSON was put right in line {line} (a comma or a backslash)."
            )
            if line
            else None
        )
    except ValueError:
        return None


def _signs_put_right(text: str) -> tuple[str, int]:
    """A text without commas too many, with those too few, and with backslashes that stand for themselves doubled.

    And the first line in which something was changed, or 0.
    """
    written: list[str] = []
    first = place = 0
    pieces = [match[0] for match in _PIECE.finditer(text)]
    for number, piece in enumerate(pieces):
        if piece.startswith('"'):
            changed = _ESCAPE.sub(
                lambda match: match[0] if match[1] in '"\\/bfnrtu' else f"\\{match[0]}", piece
            )
        else:
            changed = _COMMA_TOO_FEW.sub(",", _COMMA_TOO_MANY.sub("", piece))
            if number < len(pieces) - 1:
                changed = _COMMA_TOO_FEW_AT_END.sub(",", changed)
            if 0 < number < len(pieces) - 1 and _BETWEEN_TEXTS.match(piece):
                changed = f",{piece}"
        if changed != piece and not first:
            pairs = enumerate(zip(piece, changed))
            alike = next((n for n, (old, new) in pairs if old != new), min(len(piece), len(changed)))
            first = text.count("\n", 0, place + alike) + 1
        written.append(changed)
        place += len(piece)
    return "".join(written), first


def _before_the_end(
    text: str, error: json.JSONDecodeError, code_of: Callable[[Any], Any]
) -> MendedDocument | BrokenDocument | None:
    """A text that breaks off: what it holds where all of its cells are there; else in which cell it does so."""
    ends = text.rstrip()
    # A sign that closes what was open is no end that is missing.
    early = error.pos < len(ends) and not (error.pos == len(ends) - 1 and ends[-1] not in "]}")
    if early and not error.msg.startswith("Unterminated string"):
        return None
    line = ends.count("\n") + 1
    begun = _CELLS.search(text)
    place = begun.end() + 1 if begun else len(text)
    cells: list[Any] = []
    while place < len(text):
        place = _GAP.match(text, place).end()  # type: ignore[union-attr]
        if text[place : place + 1] == "]":
            return MendedDocument(
                {"cells": cells}, f"it breaks off behind its last cell (line {line}); no code is missing."
            )
        try:
            cell, place = _DECODER.raw_decode(text, place)
        except ValueError:
            break
        cells.append(cell)
    within = f", within cell {len(cells) + 1}" if begun else ""
    return BrokenDocument(
        f"it breaks off before its end, in line {line}{within}: it was not saved or not downloaded to its end. "
        "Save or download it once more, open it to see that all is there, and hand it in again"
    )


_WORDS = {
    "Expecting ',' delimiter": "a comma is missing, or a quotation mark within a text has no backslash before it",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
}


def _in_words(message: str) -> str:
    return _WORDS.get(message, message)
