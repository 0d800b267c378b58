"""Takes out of a text that is no Python what the way here has put into it: fences, invisible characters, smart quotes.

A chat, a word processor or a web page changes a program while it is copied, and its author sees nothing of it. What
was meant is plain as long as there is one way to read it: then it is read so, and a note names line and character.
Where there are two, as for `return\\u200bx`, nothing is changed. What is visible and was typed so (`，`, `×`) stays,
since such a program never ran. Nothing inside texts and comments is changed, but that no null byte stays in a comment.

It is asked only about what does not parse, and looks at each character once.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import NamedTuple

_DOUBLE, _SINGLE = "“”„‟", "‘’‚‛"
_MINUS = "‐‑–−"  # of word processors and PDFs; a longer dash may have been two signs
_ENDS = "\u2028\u2029\u0085\x0b"
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f"
_WIDE = "\u3000"
_NULLS = "\0\x01-\x08\x0e-\x1a\x1c-\x1f\x7f"
#: Without width, and without a part in which way a line runs.
_HIDDEN = "\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff\ufff9-\ufffb"
# Every alternative takes one character at a time and can end anywhere, so no text costs more than its length.
_PIECES = re.compile(
    r'''
    (?P<comment> \#[^\n]*)
  | (?P<text> """ (?:[^"\\]|\\(?:.|\Z)|"(?!""))* (?:""")?
            | \'\'\' (?:[^'\\]|\\(?:.|\Z)|'(?!\'\'))* (?:\'\'\')?
            | " (?:[^"\\\n]|\\(?:.|\Z))* "?
            | ' (?:[^'\\\n]|\\(?:.|\Z))* '?)
  | (?P<double> [@double]{3} (?:[^@double"]|[@double](?![@double]{2}))* [@double]{3} | [@double][^@double"\n]*[@double])
  | (?P<single> [@single]{3} (?:[^@single']|[@single](?![@single]{2}))* [@single]{3} | [@single][^@single'\n]*[@single])
  | (?P<margin> ^[ \t@blanks]*@wide[ \t@blanks@wide]*)
  | (?P<colour> \x1b\[[0-9;]*[mK])
  | (?P<hidden> [@nulls@hidden]+)
  | (?P<blank> [@blanks@wide]+)
  | (?P<end> [@ends])
  | (?P<minus> [@minus])
  | (?P<dots> …)
    '''.replace("@double", _DOUBLE)
    .replace("@single", _SINGLE)
    .replace("@hidden", _HIDDEN)
    .replace("@nulls", _NULLS)
    .replace("@blanks", _BLANKS)
    .replace("@wide", _WIDE)
    .replace("@ends", _ENDS)
    .replace("@minus", _MINUS),
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_NULL = re.compile(f"[{_NULLS}]")
_WORD_BEFORE = re.compile(r"\w+\Z")
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 40  # characters of a word that are looked at to know whether it is one of Python's own
_FENCE = re.compile(r"(?P<margin> {0,3})(?P<fence>`{3,}|~{3,})(?P<about>[^`]*)\Z")
_ABOUT_PYTHON = re.compile(r"(?:\{?\.?(?:i?python3?|py3?|pycon)\b.*)?\Z", re.IGNORECASE)
_MARGIN = re.compile(r"> ?(?!>)|[ \t]+")
#: Lines of a program, as no sentence of a chat begins.
_CODE = re.compile(
    r"\s*(?:def \w+\s*\(|class \w+.*:\s*\Z|import \w|from [\w.]+ import|@\w|[\w.,\[\] ]+[-+*/]?=[^=])"
)


class Mended(NamedTuple):
    """A text that may parse now, and sentences on what was changed: without any, nothing was."""

    source: str
    notes: tuple[str, ...] = ()


def mend(source: str) -> Mended:
    """`source` without what the way here has put into it, where there is one way to read it.

    Every line keeps its number, unless an unusual line end was one. Whether the result parses is for the caller to see.
    """
    code = _without_fence(source)
    inner = _without_margin(code.source)
    characters = _characters(inner.source)
    return Mended(characters.source, code.notes + inner.notes + characters.notes)


def _characters(source: str) -> Mended:
    pieces: list[str] = []
    changes: dict[str, list[tuple[int, str]]] = {}  # where, and the sentence for the first of each kind
    end = 0
    for match in _PIECES.finditer(source):
        kind, old = match.lastgroup or "", match[0]
        new = _replacement(kind, old, source, match.start(), match.end())
        pieces += [source[end : match.start()], new]
        end = match.end()
        if new != old:
            changes.setdefault("quotes" if kind in ("double", "single") else kind, []).append(
                (match.start(), _change(kind, old))
            )
    pieces.append(source[end:])
    notes = []
    for first, *more in changes.values():
        line = source.count("\n", 0, first[0]) + 1
        others = f" (and {len(more)} more in the file)" if more else ""
        notes.append(f"line {line}: {first[1]}{others}.")
    return Mended("".join(pieces), tuple(notes))


def _replacement(kind: str, old: str, source: str, start: int, end: int) -> str:
    """What is read in the place of a piece; the piece itself where that is open."""
    if kind == "comment":
        return _NULL.sub("", old)
    if kind in ("double", "single"):
        quote, signs = ('"', _DOUBLE) if kind == "double" else ("'", _SINGLE)
        size = 3 if len(old) >= 6 and all(sign in signs for sign in old[:3] + old[-3:]) else 1
        return quote * size + old[size:-size] + quote * size
    if kind == "hidden":
        return "" if _stands_apart(old, source, start, end) else old
    if kind == "blank":
        return " " * len(old)
    # How far a wide blank at the margin indents is open: that stays.
    return {"colour": "", "end": "\n", "minus": "-", "dots": "..."}.get(kind, old)


def _stands_apart(old: str, source: str, start: int, end: int) -> bool:
    """Whether it makes no difference that something invisible parts what is before and behind it."""
    before = _WORD_BEFORE.search(source[max(0, start - _LONGEST_WORD) : start])
    behind = _WORD.match(source[end : end + _LONGEST_WORD])
    if before is None or behind is None:
        return True
    # What has no width can stand within a name, but nobody knows what a null byte in it was.
    return not (_NULL.search(old) or keyword.iskeyword(before[0]) or keyword.iskeyword(behind[0]))


def _change(kind: str, old: str) -> str:
    character = next((sign for sign in old if _NULL.match(sign)), old[0])
    code = f"U+{ord(character):04X}"
    if kind in ("double", "single"):
        return f"the typographic quote {character} was read as {chr(34) if kind == 'double' else chr(39)}"
    if kind == "colour":
        return "the codes of a terminal's colours (U+001B) were taken out"
    if kind == "minus":
        return f"the dash {character} ({code}) was read as a minus sign"
    if kind == "dots":
        return f"the one character {character} ({code}) was read as three dots"
    if kind == "end":
        return f"an unusual line end ({code}) was read as one"
    if character == "\0":
        return "a null byte (U+0000) was taken out"
    name = unicodedata.name(character, "").lower()
    named = f"{code}, {name}" if name else code
    if kind == "blank":
        return f"an invisible character ({named}) was read as an ordinary space"
    return f"an invisible character ({named}) was taken out"


def _without_fence(source: str) -> Mended:
    """The code between the two fences of a text that has no others, or below or above its only one."""
    lines = source.split("\n")
    filled = [place for place, line in enumerate(lines) if line.strip()]
    fences = _fences(lines)
    if not fences or len(fences) > 2 or len(filled) < 3:
        return Mended(source)
    (first, opening), (last, closing) = fences[0], fences[-1]
    if len(fences) == 1:
        if first not in (filled[0], filled[-1]) or (opening["about"].strip() and first != filled[0]):
            return Mended(source)
        inside = range(first + 1, len(lines)) if first == filled[0] else range(first)
    else:
        alike = closing["fence"].startswith(opening["fence"]) and not closing["about"].strip()
        if not alike or any(_CODE.match(lines[place]) for place in filled if not first <= place <= last):
            return Mended(source)  # there is code outside, too: which of it counts is open
        inside = range(first + 1, last)
    if not _ABOUT_PYTHON.match(opening["about"].strip()):
        return Mended(source)
    around = any(place not in inside and place not in (first, last) for place in filled)
    margin = opening["margin"]
    code = [line.removeprefix(margin) if place in inside else "" for place, line in enumerate(lines)]
    fence = f"line {first + 1}: the Markdown fence {opening['fence'][:3]} was taken out"
    note = f"{fence}; only the code between the two fences was read." if around else f"{fence}."
    return Mended("\n".join(code), (note,))


def _without_margin(source: str) -> Mended:
    """A text without what stands before each of its lines: the marks of a mail's quotation, or blanks."""
    filled = [line for line in source.split("\n") if line.strip()]
    first = filled[0] if filled else ""
    margin = _MARGIN.match(first)
    if margin is None or len(filled) < 2:
        return Mended(source)
    prefix = margin[0]
    if not all(line.startswith(prefix) or line.strip() == prefix.strip() for line in filled):
        return Mended(source)
    lines = [line.removeprefix(prefix) if line.startswith(prefix) else "" for line in source.split("\n")]
    what = "the mark > of a quotation" if ">" in prefix else "the indentation of the whole text"
    return Mended("\n".join(lines), (f"{what} was taken out of every line.",))


def _fences(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    """The lines that are fences and stand in no text of three quotes: their places, from 0."""
    places: list[tuple[int, re.Match[str]]] = []
    quoted = ""
    for place, line in enumerate(lines):
        if not quoted and (match := _FENCE.match(line)):
            places.append((place, match))
            continue
        for quote in re.findall(r'"""|\'\'\'', line):
            quoted = quote if not quoted else "" if quote == quoted else quoted
    return places
