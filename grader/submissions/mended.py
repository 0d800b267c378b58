"""Takes out of a text that is no Python what the way here has put into it: invisible characters, smart quotes, fences.

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

from grader.submissions.wrappers import ENTITY, Mended, sign_of, unwrapped

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
  | (?P<entity> @entity)
    '''.replace("@double", _DOUBLE)
    .replace("@single", _SINGLE)
    .replace("@hidden", _HIDDEN)
    .replace("@nulls", _NULLS)
    .replace("@blanks", _BLANKS)
    .replace("@wide", _WIDE)
    .replace("@ends", _ENDS)
    .replace("@minus", _MINUS)
    .replace("@entity", ENTITY),
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_NULL = re.compile(f"[{_NULLS}]")
_WORD_BEFORE = re.compile(r"\w+\Z")
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 40  # characters of a word that are looked at to know whether it is one of Python's own


def mend(source: str) -> Mended:
    """`source` without what the way here has put into it, where there is one way to read it.

    Every line keeps its number, unless an unusual line end was one. Whether the result parses is for the caller to see.
    """
    inner = unwrapped(source)
    characters = _characters(inner.source)
    return Mended(characters.source, inner.notes + characters.notes)


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
    if kind == "entity":
        return sign_of(old)
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
    if kind == "entity":
        return f"{old}, as web pages write it, was read as {sign_of(old)}"
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
