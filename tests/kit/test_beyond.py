"""What no set of mistakes comes to is seen before any is tried."""

from __future__ import annotations

import pytest

from grader.diagnose.beyond import beyond, raisings
from grader.subject import operations as ops


class Effects:
    """Mistakes by name, with what each raises, if anything."""

    def __init__(self, **raised: ops.Raised) -> None:
        self.raised = raised

    def answers(self, number: int, variant: str) -> list[list[ops.Answer]]:
        return [[self.raised.get(variant, ops.Value(number))]]


class WrongAnswers:
    """A submission with one wrong answer for each question."""

    def __init__(self, *answers: ops.Answer) -> None:
        self._answers = answers
        self.wrong = list(range(len(answers)))

    def answers(self, number: int) -> list[list[ops.Answer]]:
        return [[self._answers[number]]]


def raised(kind: str, text: str) -> ops.Raised:
    return ops.Raised(kind, text, "call")


@pytest.mark.parametrize(
    ("answer", "mistake", "expected"),
    [
        (raised("NameError", "name 'tf' is not defined"), None, True),
        (
            raised("NameError", "name 'old' is not defined"),
            raised("NameError", "name 'old' is not defined"),
            False,
        ),
        (
            raised("NameError", "name 'tf' is not defined"),
            raised("NameError", "name 'old' is not defined"),
            True,
        ),
        (raised("Mine", "stop"), raised("ValueError", "stop"), True),
        (raised("ValueError", "shapes (3,4) and (2,3) not aligned"), None, False),
        (raised("TypeError", "'NoneType' object is not subscriptable"), None, False),
        (ops.Value(2), None, False),
    ],
)
def test_only_what_shapes_or_some_mistake_explain_is_searched_for(answer, mistake, expected):
    effects = Effects(**({} if mistake is None else {"one": mistake}))
    assert beyond(effects, WrongAnswers(ops.Value(1), answer), ["one", "other"]) is expected


def test_sizes_in_what_was_raised_do_not_count():
    first, other = (raised("ValueError", f"a state of {size} numbers") for size in (3, 4))
    assert raisings([[first]]) == raisings([[other]])
