"""Several mistakes at once: looked for, or left out where something cheaper may do, and then it is known."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from grader.diagnose.edited import Edited, Edits
from grader.diagnose.effects import Effects
from grader.diagnose.evidence import Evidence
from grader.diagnose.mistakes import Variant
from grader.diagnose.sets import Sets
from grader.diagnose.tries import MOST_ASKED


class SearchForSets:
    """The search for sets of mistakes, as `Sets` has it. While it is not `allowed`, nothing is looked for."""

    def __init__(self, effects: Effects, tried: Callable[[Edits], Edited | None]) -> None:
        self._effects, self._tried = effects, tried
        self._is_allowed = True
        self.left_out = False  # whether something was not looked for, of what was examined last

    @contextlib.contextmanager
    def allowed(self, is_allowed: bool) -> Iterator[None]:
        """Look for several mistakes in what is examined now, or leave them out."""
        self._is_allowed, self.left_out = is_allowed, False
        try:
            yield
        finally:
            self._is_allowed = True

    def leaves_out(self) -> bool:
        """Whether sets are not to be looked for; then it is noted that they would be."""
        self.left_out = self.left_out or not self._is_allowed
        return not self._is_allowed

    def explanations(
        self,
        evidence: Evidence,
        candidates: Sequence[Variant],
        base: Edits = (),
        most: float = MOST_ASKED,
    ) -> list[Edits]:
        """The sets that explain everything; none where they are left out."""
        if self.leaves_out():
            return []
        return Sets(self._effects, self._tried, evidence, candidates, base, most).explanations()
