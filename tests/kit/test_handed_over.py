"""The file in which submissions are handed over to workers: where there is no room for it, that is said."""

from __future__ import annotations

import resource

import pytest

from grader.errors import MachineryError
from grader.records import Chunk, Submission
from grader.run.handed_over import HandedOver


def test_where_there_is_no_room_it_is_said_and_nothing_else_is():
    """What had no room was written once more by closing the file, and that became a fault of the grader."""
    submission = Submission("ada", "rnn.py", "", (Chunk("x = 1\n" * 1000),))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    file = HandedOver()
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(MachineryError, match="could not be written where workers read them") as raised:
            file.write([(0, submission)], lambda submission: False)
        file.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "TMPDIR" in (raised.value.next_step or "")
