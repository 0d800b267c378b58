"""Whether a search for several mistakes has come upon anything that leads on; else it is in vain, and ends.

What is looked for answers everything, and on the way there some of its mistakes come nearer than one alone. Judged by
answers and never by time, so that the same submission gets the same names on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.diagnose.mistakes import Variant
from grader.diagnose.shares import Wrong
from grader.diagnose.traces import Trace
from grader.diagnose.tries import Tries

SPENT = 1000  # answers of sets that are computed before a search is judged
NEARER = 0.97  # of how far the nearest mistake alone is off: a set that is less has come nearer
MORE = 0.02  # of what is wrong in an answer, that a set gives beyond what any mistake alone does


class Promise:
    """What the sets that were run say, for one exercise of one submission."""

    def __init__(self, tries: Tries, candidates: Sequence[Variant]) -> None:
        self._tries, self._candidates = tries, candidates

    def leads_on(self) -> bool:
        """Whether a set came nearer than any mistake alone, or little was run."""
        if self._tries.cost < SPENT:
            return True
        return any(
            AnswersOfSets(self._tries, number, traces, self._candidates).leads_on()
            for number, traces in self._tries.run_by_question().items()
        )


class AnswersOfSets:
    """What sets answered to one question, beside what each mistake alone does."""

    def __init__(
        self, tries: Tries, number: int, traces: Sequence[Trace], candidates: Sequence[Variant]
    ) -> None:
        self._tries, self._number, self._traces = tries, number, traces
        self._right = tries.effects.layout(number).reference
        self._alone = [tries.effects.trace(number, variant) for variant in candidates]

    def leads_on(self) -> bool:
        """Whether a set came nearer, or gives more of what is wrong, than nothing and any mistake alone."""
        alone = min(self._far([self._right, *self._alone]))
        return min(self._far(self._traces)) < NEARER * alone or self._gives_more

    @property
    def _gives_more(self) -> bool:
        wrong = Wrong(self._tries.submission(self._number), self._right)
        if not wrong:
            return False
        alone = max((wrong.share(trace) for trace in distinct(self._alone)), default=0.0)
        return any(wrong.share(trace) > alone + MORE for trace in self._traces)

    def _far(self, traces: Sequence[Trace]) -> Iterator[float]:
        return (self._tries.off(self._number, trace) for trace in distinct(traces))


def distinct(traces: Sequence[Trace]) -> list[Trace]:
    """Each trace once: many sets share theirs."""
    return [*{id(trace): trace for trace in traces}.values()]
