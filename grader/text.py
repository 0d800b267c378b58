"""Makes text that came from a student (names, file names, messages, source lines) fit to be shown to people.

Standard library only, so that every part may use it. It must not escape for a format: HTML, rich markup and
CSV formulas are the business of whoever writes that format.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable

# Terminal sequences, most specific first: strings that run to a terminator (OSC, DCS, SOS, PM, APC), control
# sequences, two-character escapes. The same with the one-byte C1 introducers.
_ESCAPES = re.compile(
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c|(?=\n)|$)"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|\x1b[ -/]*[0-~]?"
)
# Format characters that scripts and emoji need: zero-width non-joiner and joiner.
_KEPT_FORMATS = "\u200c\u200d"
_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_PLAIN = re.compile(r"[ -~]*\Z")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_ELLIPSIS = "…"


def source_lines(source: str) -> list[str]:
    r"""The lines of a program as Python counts them; `str.splitlines` also ends one at a form feed or U+2028.

    >>> source_lines("a\x0cb\nc")
    ['a\x0cb', 'c']
    """
    return _LINE_ENDS.split(source)


def clean(text: str, limit: int = 500, *, multiline: bool = False) -> str:
    """`text` without anything that can disturb a terminal, a page or a table, in at most `limit` characters.

    Removed: terminal escapes, control characters, bidirectional and other invisible format characters. Lone
    surrogates and noncharacters become U+FFFD, so that the answer can always be encoded. Line breaks and tabs
    become single spaces; with `multiline` line breaks are kept as "\\n". A text that was cut ends in "…".
    """
    if len(text) <= limit and _PLAIN.match(text):
        return text.strip()
    # Look at a bounded piece only: a student's message may be many megabytes.
    piece = text[: 4 * limit + 200]
    unseen = len(piece) < len(text)
    piece = _ESCAPES.sub("", piece.replace("\r\n", "\n"))
    visible = "".join(_visible(character) for character in piece)
    if multiline:
        lines = [line.rstrip() for line in visible.split("\n")]
        visible = "\n".join(lines).strip("\n").rstrip()
    else:
        visible = " ".join(visible.split())
    if len(visible) > limit or unseen:
        visible = visible[: max(limit - 1, 0)].rstrip() + _ELLIPSIS
    return visible


def _visible(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character in _BREAKS:
        return "\n"
    if character == "\t":
        return "    "
    category = unicodedata.category(character)
    if category == "Cs" or (category == "Cn" and (ord(character) & 0xFFFE) == 0xFFFE):
        return "\ufffd"
    if category == "Cc" or (category == "Cf" and character not in _KEPT_FORMATS):
        return ""
    return character


def points(value: float) -> str:
    """A number of points with at most two decimals and no idle zeros: `points(2.50)` is "2.5"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def counted(count: float, noun: str) -> str:
    """A number and what it counts.

    >>> counted(1, "point"), counted(2.5, "point")
    ('1 point', '2.5 points')
    """
    number = points(count)
    return f"{number} {noun}{'s' * (number != '1')}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words as people list them; "" for none.

    >>> listed(["a"]), listed(["a", "b", "c"]), listed("ab", "or")
    ('a', 'a, b and c', 'a or b')
    """
    *first, final = [*words] or [""]
    return f"{', '.join(first)} {last} {final}" if first else final


def first_of(words: Collection[str], most: int, separator: str = ", ") -> str:
    """The first words, and how many there are beside them.

    >>> first_of(["a", "b", "c", "d"], 2)
    'a, b and 2 more'
    """
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return separator.join([*words][:most]) + more


_SENTENCE_END = re.compile(r"[.!?](?= )")
_ABBREVIATIONS = frozenset(["e.g", "i.e", "cf", "fig", "figs", "eq", "vs", "resp", "approx"])


def first_sentence(text: str) -> str:
    """A text up to the end of its first sentence, where there is room for no more.

    A point ends none after an abbreviation, within brackets, or within code between backticks.

    >>> first_sentence("`x = 1. + y` (e.g. here) is off, cf. Fig. 3. Look at it.")
    '`x = 1. + y` (e.g. here) is off, cf. Fig. 3.'
    """
    for end in _SENTENCE_END.finditer(text):
        before = text[: end.start()]
        word = before.rpartition(" ")[2].strip("(`'\"").casefold()
        is_open = before.count("`") % 2 or any(before.count(a) > before.count(b) for a, b in ("()", "[]"))
        if not is_open and word not in _ABBREVIATIONS:
            return text[: end.end()]
    return text


def size(count: int) -> str:
    """A number of bytes as people say it: `size(52_400_000)` is "52.4 MB"."""
    if count < 1000:
        return f"{count} bytes" if count != 1 else "1 byte"
    for unit, scale in (("KB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if count < scale * 1000 or unit == "GB":
            return f"{count / scale:.1f}".removesuffix(".0") + f" {unit}"
    raise AssertionError("unreachable")


def alike(name: str, names: Iterable[str], most: int = 5) -> list[str]:
    """Those of `names` that may be meant by `name`, clean, the most alike first."""
    originals = {clean(candidate, 60).casefold(): clean(candidate, 60) for candidate in names}
    folded = difflib.get_close_matches(name.casefold(), originals, n=most, cutoff=0.6)
    folded += [
        candidate
        for candidate in originals
        if name and name.casefold() in candidate and candidate not in folded
    ]
    return [originals[candidate] for candidate in folded[:most]]


def near(name: str, names: Collection[str], most: int = 5) -> str:
    """Which of `names` may be meant by `name`, as a sentence: those like it, or else the first of all."""
    if like := alike(name, names, most):
        return f"Names like it: {', '.join(like)}."
    if not names:
        return "There is nobody in it."
    return f"Names in it: {first_of([clean(name, 60) for name in names], most)}."


def where(label: str, line: int) -> str:
    """A place in a student's program in words: "line 12", "cell 3, line 2" or "utils.py, line 7"."""
    return f"{label}, line {line}" if label else f"line {line}"
