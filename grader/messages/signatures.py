"""Arguments that a submission takes in another order than the hand-out: nothing is raised, and no number is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.messages import lookup
from grader.records import Chunk, Diagnosis
from grader.text import clean

ID, TITLE = "arguments_in_another_order", "The arguments stand in another order than in the hand-out"
METHODS = ("__init__", "forward", "__call__")  # of a class: what is called by whoever uses it
_LONGEST = 100  # characters of a list of arguments


def diagnoses(exercises: Sequence[str], handout: str, chunks: Sequence[Chunk]) -> tuple[Diagnosis, ...]:
    """What is seen of these exercises: one diagnosis for each of which the arguments are not in the hand-out's order.

    Other names alone are nobody's business: what tells is a name of the hand-out at another place.

    >>> (seen,) = diagnoses(["step"], "def step(x, h): ...", [Chunk("def step(h, x): ...")])
    >>> seen.hint
    '`step` (line 1) takes h, x. It is called as in the hand-out, with x, h. Which of yours gets which?'
    """
    handed_out = [Chunk(handout)]
    hints = {
        exercise: next(filter(None, (_hint(name, handed_out, chunks) for name in _callables(exercise))), "")
        for exercise in exercises
    }
    return tuple(Diagnosis(ID, TITLE, hint, (exercise,), "seen") for exercise, hint in hints.items() if hint)


def _callables(exercise: str) -> Iterator[str]:
    yield exercise
    yield from (f"{exercise}.{method}" for method in METHODS)


def _hint(name: str, handed_out: Sequence[Chunk], chunks: Sequence[Chunk]) -> str:
    theirs, own = lookup.find(name, handed_out), lookup.find(name, chunks)
    if theirs is None or own is None or theirs.is_class or own.is_class or own.decorated:
        return ""
    moved = [
        argument
        for place, argument in enumerate(own.arguments)
        if argument in theirs.arguments and theirs.arguments.index(argument) != place
    ]
    if not moved:
        return ""
    mine, expected = _list_of_arguments(own.arguments), _list_of_arguments(theirs.arguments)
    return (
        f"`{name}` ({own.where}) takes {mine}. It is called as in the hand-out, with {expected}. "
        "Which of yours gets which?"
    )


def _list_of_arguments(arguments: Sequence[str]) -> str:
    return clean(", ".join(argument for argument in arguments if argument != "self"), _LONGEST)
