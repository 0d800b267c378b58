"""Words for what went wrong, or plain ones where making the words fails: no point depends on them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, TypeVar

Words = TypeVar("Words")
Plain = TypeVar("Plain")


class Wording:
    """Makes what students read of one submission. `fault` says, for the instructor, what failed in it; "" for nothing.

    >>> Wording().of(str.title, "too few rows", plain="It is wrong.")
    'Too Few Rows'
    """

    def __init__(self) -> None:
        self.fault = ""

    def of(self, words: Callable[..., Words], *arguments: Any, plain: Plain) -> Words | Plain:
        """What `words` makes of the arguments; `plain` where it raises, which is noted as a fault."""
        try:
            return words(*arguments)
        except Exception:
            details = traceback.format_exc(limit=-3).strip()
            self.fault = self.fault or f"What went wrong in it could not be put into words: {details}"
            return plain
