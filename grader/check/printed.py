"""What student code prints, up to a bound."""

from __future__ import annotations

import io
from typing import Any

MOST_PRINTED = 4_000  # characters


class _Head(io.RawIOBase):
    """The first bytes that are written; the others are let go."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1  # which leads nowhere (child._silence): some libraries want a descriptor

    def write(self, data: Any) -> int:
        self.data += bytes(data)[: max(0, 4 * (MOST_PRINTED + 1) - len(self.data))]
        return len(data)


class PrintedOutput(io.TextIOWrapper):
    """What a check's run prints, up to a bound: a print in a loop must not fill the memory.

    It has all that a real standard output has: `sys.stdout.reconfigure(…)`, `sys.stdout.buffer`.
    """

    def __init__(self) -> None:
        self._kept = _Head()
        super().__init__(self._kept, "utf-8", "backslashreplace", write_through=True)  # type: ignore[arg-type]

    def text(self) -> str:
        """What was printed; one character more than MOST_PRINTED where it was cut."""
        return self._kept.data.decode("utf-8", "ignore")[: MOST_PRINTED + 1]
