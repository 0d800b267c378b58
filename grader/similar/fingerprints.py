"""Tokens → fingerprints: few numbers that two programs share wherever they share a long enough run of tokens.

The method is winnowing: S. Schleimer, D. S. Wilkerson and A. Aiken, "Winnowing: Local Algorithms for Document
Fingerprinting", SIGMOD 2003. Every run of GRAM tokens has a hash, and of every WINDOW hashes in a row the smallest is
kept (the last one, where several are). So each shared run of GRAM + WINDOW - 1 tokens is seen, none shorter than GRAM
is, and 2 of WINDOW + 1 hashes are kept. The work is linear in the number of tokens.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache

GRAM = 14
WINDOW = 4
TOKENS_EACH = (WINDOW + 1) / 2  # how many tokens a fingerprint stands for, in the mean
_PRIME = (1 << 61) - 1
_BASE = 1_000_003
_HIGHEST = pow(_BASE, GRAM - 1, _PRIME)


def hashes(tokens: Sequence[str]) -> list[int]:
    """The hash of each run of GRAM tokens; one of all of them where they are fewer. Equal in every process."""
    if not tokens:
        return []
    numbers = [_number(token) for token in tokens]
    value = 0
    for number in numbers[:GRAM]:
        value = (value * _BASE + number) % _PRIME
    rolled = [_mixed(value)]
    for leaving, coming in zip(numbers, numbers[GRAM:]):
        value = ((value - leaving * _HIGHEST) * _BASE + coming) % _PRIME
        rolled.append(_mixed(value))
    return rolled


def winnowed(values: Sequence[int]) -> Iterator[int]:
    """The places of the hashes that are kept."""
    waiting: deque[int] = deque()  # places in the window whose hashes rise
    last = -1
    width = min(WINDOW, len(values))
    for place, value in enumerate(values):
        while waiting and values[waiting[-1]] >= value:
            waiting.pop()
        waiting.append(place)
        if waiting[0] <= place - width:
            waiting.popleft()
        if place >= width - 1 and waiting[0] != last:
            last = waiting[0]
            yield last


@lru_cache(maxsize=65536)
def _number(token: str) -> int:
    data = token.encode("utf-8", "surrogatepass")
    return zlib.crc32(data) << 20 ^ zlib.adler32(data) | 1


def _mixed(value: int) -> int:
    """The hash with its bits mixed: the smallest ones must not be those of particular tokens."""
    value = value * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return value ^ value >> 29
