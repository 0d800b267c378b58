"""What beginners meet of Python's, numpy's and torch's exceptions: the likely cause of each, and where to look next.

Tables and nothing else: `likely` reads them. No sentence gives the line to type. The first row that fits is used, so
the narrower one comes first, in a table and among the tables.
"""

from __future__ import annotations

from grader.messages.causes import calls, names, numbers, own, shapes
from grader.messages.causes.row import LOOK, SHOWN_BY_A_CALL, Cause

__all__ = ["CAUSES", "LOOK", "SHOWN_BY_A_CALL", "Cause"]

CAUSES = (*own.CAUSES, *names.CAUSES, *shapes.CAUSES, *numbers.CAUSES, *calls.CAUSES)
