"""The one exception of this package that stays inside it: something a student handed in cannot be used."""

from __future__ import annotations


class Unreadable(Exception):
    """Its text is the sentence the student reads; it becomes `Submission.problem`.

    `fault`: this machine failed (rights, a disk), not the student; it becomes `Submission.fault`.
    `broken`: there is code, and it does not parse.
    `empty`: the file can be read, and no code is in it.
    `absent`: nothing was handed in at all; it becomes `Submission.absent`.
    `packing`: not the file is at fault, but how the archive around it was made, or what became of that.
    `line`: the line of a .py file that does not parse; 0 where no line is known. It becomes `Submission.line`.
    """

    def __init__(
        self,
        sentence: str,
        *,
        fault: bool = False,
        broken: bool = False,
        empty: bool = False,
        absent: bool = False,
        packing: bool = False,
        line: int = 0,
    ) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.broken = broken
        self.empty = empty
        self.absent = absent
        self.packing = packing
        self.line = line
