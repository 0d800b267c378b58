"""What no set of mistakes comes to, seen before any is tried: exceptions that none of them raises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.diagnose.effects import Effects
from grader.diagnose.evidence import Evidence
from grader.diagnose.match import words_and_sizes
from grader.diagnose.mistakes import Variant
from grader.diagnose.stored import Answers
from grader.subject import operations as ops

#: What two mistakes may raise together where neither does alone: shapes and types that no longer go together, or a
#: value that a loop was to give and that had no turn.
OF_BOTH = frozenset(
    {"ValueError", "RuntimeError", "IndexError", "TypeError", "AttributeError", "UnboundLocalError"}
)

Raising = tuple[str, str]  # the class of an exception and its words, without sizes


def beyond(effects: Effects, evidence: Evidence, variants: Sequence[Variant]) -> bool:
    """Whether a submission raises something of its own: a name that is not there, a class of errors of its making.

    Of each such exception the first question is looked at: some mistake alone must raise it there as well.
    """
    first: dict[Raising, int] = {}
    for number in evidence.wrong:
        for raising in raisings(evidence.answers(number)):
            if raising[0] not in OF_BOTH:
                first.setdefault(raising, number)
    return any(
        not any(raising in raisings(effects.answers(number, variant)) for variant in variants)
        for raising, number in first.items()
    )


def raisings(answers: Answers) -> Iterable[Raising]:
    """What was raised in answers to a session."""
    return {
        (answer.kind, words_and_sizes(answer.text)[0])
        for batch in answers
        for answer in batch
        if isinstance(answer, ops.Raised)
    }
