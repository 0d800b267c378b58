"""What the results of a class have in common, held once: so that the main process does not grow with what repeats.

Most tests end in the same way for most of a class, and each of some dozen mistakes has one hint and one example.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TypeVar

from grader.records import Counterexample, Diagnosis, Result, TestResult

_Part = TypeVar("_Part", TestResult, Diagnosis, Counterexample)


class SharedParts:
    """Makes results of parts that others have, too."""

    def __init__(self) -> None:
        self._parts: dict[bytes, TestResult | Diagnosis | Counterexample] = {}

    def result(self, result: Result) -> Result:
        """The same result; nobody can tell them apart, but by where they are."""
        return replace(
            result,
            tests=tuple(map(self._part, result.tests)),
            diagnoses=tuple(map(self._part, result.diagnoses)),
            counterexamples=tuple(map(self._part, result.counterexamples)),
        )

    def _part(self, part: _Part) -> _Part:
        # Not by equality: 1 and 1.0 are equal, and are written differently.
        key = hashlib.blake2b(repr(part).encode("utf-8", "backslashreplace"), digest_size=16).digest()
        return self._parts.setdefault(key, part)  # type: ignore[return-value]
