"""The file in which a run's submissions are handed over to its workers: what grows with the class is on disk.

It has no name, so nobody else can open it; workers are given its descriptor, and places in it.
"""

from __future__ import annotations

import contextlib
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator

from grader.errors import MachineryError
from grader.records import Submission
from grader.run.session import Position


class HandedOver:
    """Submissions by their number in the run. Raises MachineryError where there is no room for them."""

    def __init__(self) -> None:
        self._places: dict[int, tuple[int, int]] = {}
        self.slow: set[int] = set()  # the numbers of those that may have to be waited for
        with _room():
            self._file = tempfile.TemporaryFile(prefix="grader-")  # noqa: SIM115

    def write(
        self, submissions: Iterable[tuple[int, Submission]], is_slow: Callable[[Submission], bool]
    ) -> float:
        """Put these in the place of all that were there; gives the most time that one of them is given."""
        self._places, self.slow = {}, set()
        offset, most_time = 0, 1.0
        with _room():
            self._file.seek(0)
            self._file.truncate()
            for index, submission in submissions:
                most_time = max(most_time, submission.more_time)
                if is_slow(submission):
                    self.slow.add(index)
                data = pickle.dumps(submission)
                self._file.write(data)
                self._places[index] = offset, len(data)
                offset += len(data)
            self._file.flush()
        return most_time

    @property
    def numbers(self) -> Iterable[int]:
        """The numbers of all that are there, in their order."""
        return self._places

    def place(self, index: int) -> Position:
        """Where a submission is."""
        return Position(index, *self._places[index])

    def fileno(self) -> int:
        """The descriptor that workers are given."""
        return self._file.fileno()

    def close(self) -> None:
        """Give the file up: with the last worker's descriptor it is gone."""
        with contextlib.suppress(OSError):  # what had no room is written once more, and was told already
            self._file.close()


@contextlib.contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MachineryError(
            f"The submissions could not be written where workers read them ({error.strerror}).",
            next_step="Make room in the folder for temporary files, or name another one with TMPDIR.",
        ) from error
