"""`grade --cluster`: hands submissions to the workers of a Dask scheduler, and gives results as they are ready.

The main path stays as it is (`run/path.py`): who need not be graded, results on disk, results.json. Only the pool of
workers is another one. So a run that loses its scheduler keeps what is graded, and the same command grades the rest.

The course travels as data that this client owns: a worker that is lost is replaced by another one, which gets it as
well, and when this client goes, the cluster forgets it. On the machines see `worker`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader import bundle
from grader.assignments import Assignment, Course
from grader.dask_cluster.worker import Refusal, Task, close, grade_one, pack
from grader.errors import GraderError, JailError, MachineryError, UsageError
from grader.records import Result, Submission
from grader.run import digests
from grader.run.path import Options
from grader.run.pool import uses_compiler
from grader.run.session import Failure
from grader.text import clean

CONNECT_SECONDS = 20
CLOSE_SECONDS = 20
AHEAD = 4  # submissions for each thread of a worker that the scheduler is given before it has answered one
LEAST_AHEAD = 32  # also while no worker is there yet: a cluster that grows with its work must see some
_TALKATIVE = (
    "distributed",
    "distributed.client",
    "distributed.core",
    "distributed.comm",
    "tornado.application",
)
AGAIN = "What is graded is kept: the same command grades the rest."


@dataclass(frozen=True)
class DaskWorkers:
    """The workers of the Dask scheduler at `address`. `say` is told what a person who waits should know."""

    address: str
    say: Callable[[str], None] = lambda text: None

    def check(self) -> None:
        """Raise UsageError when Dask cannot be used here: it is not installed, or cannot look at its own process."""
        try:
            import distributed  # noqa: F401
        except Exception as error:  # psutil raises its own where /proc is not that of this process
            is_missing = isinstance(error, ImportError)
            raise UsageError(
                f"--cluster needs dask.distributed, which cannot be imported ({type(error).__name__}: {error}).",
                next_step=f"{sys.executable} -m pip install distributed"
                if is_missing
                else f"See why: {sys.executable} -c 'import distributed'",
            ) from error

    def results(
        self,
        course: Course,
        assignment: Assignment,
        submissions: Sequence[tuple[int, Submission]],
        options: Options,
        changes: int,
    ) -> Iterator[tuple[int, Result | Failure]]:
        """Each of the numbered submissions as it is graded, in no order.

        Raises as `Pool.results`; errors of the jail name the machine.
        """
        task = Task(
            run=uuid.uuid4().hex,
            assignment=assignment.name,
            engine=digests.engine_digest(),
            allow_unsafe=options.allow_unsafe,
            diagnose=options.diagnose,
            table=options.table,
            changes=changes,
            most_time=max(submission.more_time for _, submission in submissions),
            compiler=uses_compiler(assignment.harness_source, [program for _, program in submissions]),
        )
        packed = pack([*bundle.course_files(course, [assignment])])
        client = self._connect()
        try:
            yield from self._results(client, packed, task, submissions)
        finally:
            _leave(client, task)

    def _connect(self) -> Any:
        from distributed import Client

        for name in _TALKATIVE:  # what concerns a person is said by us
            logging.getLogger(name).setLevel(logging.CRITICAL)
        # Not by a Client: one that could not begin has nobody who closes it, and is waited for at the end.
        try:
            asyncio.run(asyncio.wait_for(_knock(self.address), CONNECT_SECONDS))
            client = Client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (
            Exception
        ) as error:  # whatever answers there, or is typed as an address, may break Dask in any way
            raise UsageError(
                f"No Dask scheduler answers at {clean(self.address, 200)}"
                f" ({clean(str(error), 300) or f'in {CONNECT_SECONDS} s'}).",
                next_step="Start one, and name the address that it prints, such as tcp://head:8786: dask scheduler",
            ) from error
        if not client.scheduler_info(n_workers=-1)["workers"]:
            self.say(
                f"No worker is connected to {self.address} yet: the first one begins. (dask worker {self.address})"
            )
        return client

    def _results(
        self, client: Any, packed: bytes, task: Task, submissions: Sequence[tuple[int, Submission]]
    ) -> Iterator[tuple[int, Result | Failure]]:
        from distributed import as_completed

        course = client.submit(_identity, packed, key=f"grader-course-{task.run}")
        waiting = iter(submissions)
        numbers: dict[str, int] = {}

        def more(count: int) -> list[Any]:
            """Hand over so many more submissions, or all that are left."""
            futures = []
            for index, submission in _first_few(waiting, count):
                key = f"grader-{task.run}-{index}"
                numbers[key] = index
                futures.append(client.submit(grade_one, course, task, submission, key=key, pure=False))
            return futures

        graded = as_completed(more(self._number_ahead(client)), raise_errors=False, loop=client.loop)
        for future in graded:
            answer = self._answer(future)
            yield numbers.pop(future.key), answer
            del future  # the cluster may forget it
            for another in more(max(1, self._number_ahead(client) - len(numbers))):
                graded.add(another)

    def _number_ahead(self, client: Any) -> int:
        workers: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
        threads = sum(int(worker["nthreads"]) for worker in workers.values())
        return max(LEAST_AHEAD, AHEAD * threads)

    def _answer(self, future: Any) -> Result | Failure:
        """What a worker answered. Raises GraderError when nobody else will fare better."""
        if future.status == "error":
            error = future.exception()
            if type(error).__name__ == "KilledWorker":
                return Failure("the Dask workers that were to grade it died, one after the other")
            if isinstance(error, ImportError):
                raise MachineryError(
                    f"A worker of {self.address} has not this version of the grader ({error}). {AGAIN}",
                    next_step="Install it there as it is here: bash .ci/setup cluster",
                )
            return Failure(f"a Dask worker answered with {type(error).__name__}: {error}")
        if future.status != "finished":
            raise MachineryError(f"The scheduler at {self.address} is gone. {AGAIN}")
        answer = future.result()
        if isinstance(answer, Refusal):
            raise _with_name(answer)
        return answer  # type: ignore[no-any-return]


def _with_name(refused: Refusal) -> GraderError:
    """The error of a machine, with its name where it is about the machine."""
    error = refused.error
    if not isinstance(error, JailError):
        return error
    return JailError(f"{refused.host}: {error.message}", next_step=error.next_step)


async def _knock(address: str) -> None:
    """Ask a scheduler who it is. Raises whatever Dask does where none answers."""
    from distributed import Security, rpc
    from distributed.core import coerce_to_address

    arguments = Security().get_connection_args("client")
    place = coerce_to_address(address)
    async with rpc(place, timeout=CONNECT_SECONDS, connection_args=arguments) as scheduler:
        await scheduler.identity()


def _identity(packed: bytes) -> bytes:
    return packed


def _first_few(waiting: Iterator[tuple[int, Submission]], count: int) -> Iterator[tuple[int, Submission]]:
    for _, numbered in zip(range(count), waiting):
        yield numbered


def _leave(client: Any, task: Task) -> None:
    """Have the workers remove the course; with this client the cluster forgets all that it had of us."""
    with contextlib.suppress(Exception):  # who cannot be reached removes it alone, after a while
        client.run(close, task.run, on_error="ignore", wait=True)
    with contextlib.suppress(Exception):
        client.close(timeout=CLOSE_SECONDS)
