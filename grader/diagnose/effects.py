"""What each mistake does alone to a session: where it shows, which ones answer alike, and the numbers it gives.

Computed when first needed, and kept for all submissions of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.diagnose.edited import Edited, Edits
from grader.diagnose.match import Session
from grader.diagnose.mistakes import Variant
from grader.diagnose.stored import Answers
from grader.diagnose.traces import Layout, Trace, TraceGroups


class Effects:
    """What the reference and each mistake alone answer to each session."""

    def __init__(
        self,
        sessions: Sequence[Session],
        edited: Callable[[Edits], Edited],
        opened: Sequence[Edits] = (),
    ) -> None:
        """`opened` are pairs of which the second one may show only beside the first; see the module of that name."""
        self.sessions, self._edited, self.opened = sessions, edited, opened
        self._layouts: dict[int, Layout] = {}
        self._traces: dict[tuple[int, Variant], Trace] = {}
        self._groups: dict[int, TraceGroups] = {}
        self._alike: dict[tuple[int, Variant], int] = {}
        self._shows: dict[tuple[int, Variant], bool] = {}

    def layout(self, number: int) -> Layout:
        """The parts of a session's answers."""
        if number not in self._layouts:
            session = self.sessions[number]
            self._layouts[number] = Layout(session, self._edited(()).answers(number, session))
        return self._layouts[number]

    def answers(self, number: int, variant: Variant) -> Answers:
        """What one mistake answers to a session."""
        return self._edited((variant,)).answers(number, self.sessions[number])

    def trace(self, number: int, variant: Variant) -> Trace:
        """The same as rows of numbers."""
        key = number, variant
        if key not in self._traces:
            self._traces[key] = self.layout(number).trace(self.answers(number, variant))
        return self._traces[key]

    def alike(self, number: int, variant: Variant) -> int:
        """The same for mistakes that answer a session alike, within rounding."""
        key = number, variant
        if key not in self._alike:
            group = self._groups.setdefault(number, TraceGroups())
            self._alike[key] = group.number(self.trace(number, variant))
        return self._alike[key]

    def shows(self, number: int, variant: Variant) -> bool:
        """Whether one mistake changes anything in the answers to a session."""
        key = number, variant
        if key not in self._shows:
            self._shows[key] = not self.trace(number, variant).is_near(self.layout(number).reference)
        return self._shows[key]

    def shows_in_any(self, numbers: Sequence[int], variant: Variant) -> bool:
        """Whether one mistake changes anything in the answers to any of some sessions."""
        # What is known decides first: most answers are then never computed.
        return any(self._shows.get((number, variant)) for number in numbers) or any(
            self.shows(number, variant) for number in numbers
        )

    def groups(self, number: int, variants: Sequence[Variant]) -> dict[int, list[Variant]]:
        """The mistakes that show in a session, those together that answer it alike."""
        groups: dict[int, list[Variant]] = {}
        for variant in variants:
            if self.shows(number, variant):
                groups.setdefault(self.alike(number, variant), []).append(variant)
        return groups
