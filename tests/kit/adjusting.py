"""A class whose scores are changed by hand."""

from __future__ import annotations

import pytest

from grader import adjust_command

from . import graded_factory
from .graded_factory import result, unreadable

CLASS = (
    result("ann"),  # 10 of 10
    result("bob", ("test_order",)),  # 6 of 10
    result("cem", ("test_shapes[one]", "test_lengths")),  # 5.25 of 10
    unreadable("dot", "birnn.py cannot be read."),
)


def scores(graded) -> dict[str, float | None]:
    return {result.student: result.score for result in graded.results}


# grader adjust


@pytest.fixture
def adjust(tmp_path, capsys):
    graded_factory.graded(tmp_path, CLASS)

    def run(**request):
        output: list[str] = []
        adjust_command.run(adjust_command.AdjustRequest(tmp_path, **request), output.append)
        return capsys.readouterr().out, output

    return run
