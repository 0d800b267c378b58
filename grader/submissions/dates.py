"""Dates as platforms write them into names, in the language of whoever downloads → text that sorts by time.

What is not understood for sure gives "": a guess would take the wrong one of two attempts for the later.
"""

from __future__ import annotations

import re
import unicodedata

# The beginnings of the months' names, without accents: English, German, French, Spanish, Italian, Portuguese, Catalan,
# Dutch, Swedish, Danish, Norwegian, Turkish. Not those that mean another month in a language next door.
_MONTHS = (
    "jan gen ene oca",
    "feb fev sub",
    "mar mars maa maerz mrz",
    "apr avr abr nis",
    "may mai mag maj mei",
    "jun juin giu haz",
    "jul juil lug tem",
    "aug aou ago agu",
    "sep set eyl",
    "oct okt ott out eki",
    "nov kas marras",
    "dec dez dic des ara",
)
_PREFIXES = {prefix: month for month, prefixes in enumerate(_MONTHS, 1) for prefix in prefixes.split()}
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")


def sortable(text: str) -> str:
    """ "2026-01-05 10:30" for "Jan 5, 2026 1030 AM" or "5 janvier 2026 10h30"; "" when it is not understood."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = _WORD.findall(plain)
    numbers = _NUMBER.findall(plain)
    months = {month for word in words if (month := _month(word))}
    years = [number for number in numbers if len(number) == 4 and 1990 <= int(number) < 2100]
    if not numbers or not years:
        return ""
    if not months:
        return _numeric(plain, numbers)
    if len(months) > 1:
        return ""
    numbers.remove(years[0])  # the first: a time such as 2026 may follow
    days = [number for number in numbers if len(number) <= 2 and 1 <= int(number) <= 31]
    if not days or numbers[0] != days[0]:
        return ""
    clock = _clock(numbers[1:], words)
    return f"{years[0]}-{months.pop():02}-{int(days[0]):02} {clock}" if clock is not None else ""


def _numeric(plain: str, numbers: list[str]) -> str:
    """Year, month and day in this order, as in 2026-01-05 or 2026年1月5日; any other order may mean two things."""
    if len(numbers) < 3 or len(numbers[0]) != 4 or not plain.strip().startswith(numbers[0]):
        return ""
    month, day = int(numbers[1]), int(numbers[2])
    clock = _clock(numbers[3:], _WORD.findall(plain))
    return (
        f"{numbers[0]}-{month:02}-{day:02} {clock}" if month <= 12 and day <= 31 and clock is not None else ""
    )


def _month(word: str) -> int:
    # Longest first: "marras" is no March.
    for length in range(min(len(word), 9), 2, -1):
        if month := _PREFIXES.get(word[:length]):
            return month
    return 0


def _clock(numbers: list[str], words: list[str]) -> str | None:
    """ "10:30" of 1030 or 10 and 30, on the clock of 24 hours; "" when no time is told, None when it is unclear."""
    if not numbers:
        return ""
    digits = numbers[0] if len(numbers[0]) > 2 else "".join(number.zfill(2) for number in numbers[:2])
    digits = digits.zfill(4)
    if len(digits) not in (4, 6):
        return None
    hour, minute = int(digits[:2]), int(digits[2:4])
    if "pm" in words or "am" in words:
        hour = hour % 12 + (12 if "pm" in words else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None
