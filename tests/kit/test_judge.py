"""Which of two results of one student counts, and what is said of the other."""

from __future__ import annotations

import pytest

from grader.records import Result
from grader.run.two_files import better_result


def result(file: str, score: float | None, **changes: object) -> Result:
    """A result of `file` with this score."""
    fields = {
        "student": "ann",
        "sha256": "",
        "status": "graded",
        "max_score": 10.0,
        "seconds": 1.0,
        **changes,
    }
    return Result(file=file, score=score, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (3.0, 7.0, "ann/a.ipynb"),
        (7.0, 3.0, "ann/a.py"),
        (0.0, 0.5, "ann/a.ipynb"),
        (0.5, 0.0, "ann/a.py"),
        (10.0, 10.0, "ann/a.py"),
        (0.0, 0.0, "ann/a.py"),
        (None, 0.5, "ann/a.ipynb"),
    ],
)
def test_the_file_with_more_points_counts_and_of_equals_the_first(first, second, counts):
    """Which is first was decided when they were read: by what is left to do, then by date."""
    chosen = better_result(result("ann/a.py", first), result("ann/a.ipynb", second))
    assert chosen.file == counts
    assert chosen.score == max(first or 0.0, second or 0.0)


def test_the_note_tells_of_both_files_and_the_time_is_that_of_both():
    second = result("ann/a.ipynb", 7.5, notes=("cell 3 raised NameError.",))
    chosen = better_result(result("ann/a.py", 3.25), second)
    note, *others = chosen.notes
    assert "a.ipynb counts, with 7.5 points; a.py has 3.25" in note
    assert others == ["cell 3 raised NameError."]
    assert chosen.seconds == 2.0
