"""Names of students: in an order people expect, and as file names that never collide. Standard library
only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LONGEST = 100  # characters
_LONGEST_BYTES = 160  # file systems allow 255 bytes; a CJK letter takes three, and a suffix must fit
_DIGEST = 12  # hexadecimal digits
_PUNCTUATION = frozenset(" ._-+@(),'=")
_ENDS_LIKE_A_DIGEST = re.compile(rf"-[0-9a-f]{{{_DIGEST}}}\Z")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\Z", re.IGNORECASE)
_DIGITS = re.compile(r"([0-9]+)")


def natural_key(name: str) -> tuple[object, ...]:
    """Sort key under which s2 comes before s10, whatever the case; ties are settled by the exact name."""
    parts = _DIGITS.split(name.casefold())
    # split() gives text and digits in turn, so parts of two keys at the same place are of the same type.
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name


def safe_name(student: str) -> str:
    """`student` as the name of a file, without an extension.

    A pure function of the student's name, so a file keeps its name whoever else is in the class. A name is
    kept as it is when every file system keeps it as it is: letters of any script and a little punctuation,
    lower case, composed (NFC), short. Any other name is made safe and gets a digest of the original,
    because file systems that ignore case or composition would otherwise give two students one file.
    """
    safe = unicodedata.normalize("NFC", student)
    safe = "".join(character if _is_allowed(character) else "_" for character in safe)
    safe = safe.strip(" .")
    # A leading "-" would read as an option on a command line.
    if not safe or safe.startswith("-") or _RESERVED.match(safe.split(".")[0].rstrip(" ")):
        safe = "_" + safe
    safe = safe[:_LONGEST].encode()[:_LONGEST_BYTES].decode(errors="ignore").rstrip(" .")
    unchanged = safe == student and unicodedata.normalize("NFC", safe.casefold()) == safe
    if unchanged and not _ENDS_LIKE_A_DIGEST.search(safe):
        return safe
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{safe}-{digest[:_DIGEST]}"


def _is_allowed(character: str) -> bool:
    return character.isalnum() or character in _PUNCTUATION or unicodedata.category(character) in ("Mn", "Mc")
