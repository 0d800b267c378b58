"""A machine's side of `grade --cluster`: what Dask has its workers call, with one warm process in each of them.

The course is unpacked into a folder that only this user can read, when the first submission comes. It is removed when
the run says so, after a while without work, and when this process ends in whatever way: then by `_watch_over`.
Nothing is kept on this machine, neither results nor answers of mistakes.
"""

from __future__ import annotations

import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.archive import ArchiveFile
from grader.assignments import Course, find_course, load
from grader.errors import GraderError, JailError, MachineryError
from grader.records import Result, Submission
from grader.run import answer_store, digests
from grader.run.path import confine
from grader.run.pool import Pool
from grader.run.session import Failure

IDLE_SECONDS = 120.0  # without a submission, after which the course is removed

#: Removes a folder once its standard input ends. It has a session of its own, and outlives who is killed.
_GUARD = """
import shutil, signal, sys
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
sys.stdin.buffer.read()
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""


@dataclass(frozen=True)
class Task:
    """What is the same for all submissions of a run. `engine` is the digest of the grader that asked.

    For the rest see `Options` and `Confinement`.
    """

    run: str
    assignment: str
    engine: str
    allow_unsafe: tuple[str, ...] = ()
    diagnose: bool = True
    table: bool = True
    changes: int = 0
    most_time: float = 1.0
    compiler: bool = True


@dataclass(frozen=True)
class Refusal:
    """Why the machine `host` grades nothing: `error` says that jail, grader or suite is at fault."""

    host: str
    error: GraderError


def pack(entries: Sequence[ArchiveFile]) -> bytes:
    """The files of a course, as they travel."""
    return zlib.compress(pickle.dumps([(entry.path, entry.data) for entry in entries]))


def grade_one(course: bytes, task: Task, submission: Submission) -> Result | Failure | Refusal:
    """Grade one submission on this machine. Whatever goes wrong is told in the answer."""
    with _lock:
        try:
            return _open(course, task).grade(submission)
        except MachineryError as error:
            _close()  # its warm process is gone, or ill: the next submission starts another one
            return Failure(f"{socket.gethostname()}: {error}")
        except GraderError as error:
            _close()
            return Refusal(socket.gethostname(), error)
        except OSError as error:
            _close()
            return Failure(f"{socket.gethostname()}: {error}")
        finally:
            _wait_for_more()


def close(run: str) -> None:
    """Remove what is there of a run, or of any run where it is empty."""
    with _lock:
        if _current is not None and run in ("", _current.task.run):
            _close()


class OpenedCourse:
    """A course that was unpacked, with a pool of one worker for one of its assignments."""

    def __init__(self, course: bytes, task: Task) -> None:
        _check_engine(task.engine)
        self.task = task
        self.folder = Path(tempfile.mkdtemp(prefix="grader-course-"))
        self._guard = _watch_over(self.folder)
        try:
            self._pool = self._start(_unpack(course, self.folder), task)
        except BaseException:
            self._remove()
            raise

    def _start(self, course: Course, task: Task) -> Pool:
        assignment = load(course, task.assignment)
        confinement = confine(course, assignment, task.allow_unsafe, task.most_time)
        confinement = replace(confinement, compiler=task.compiler)
        suite = digests.suite_digest(course, assignment)
        place = answer_store.place(
            course, assignment, suite, task.engine, confinement.readable, confinement.skip
        )
        place = replace(place, own=place.own and self.folder / "answers" / place.name, caution="")
        return Pool(
            *(course, assignment, confinement, 1, task.diagnose, None, place, task.changes),
            table=task.table,
        )

    def grade(self, submission: Submission) -> Result | Failure:
        """The result of one submission, or why the machinery could not give one."""
        ((_, answer),) = self._pool.results([(0, submission)])
        return answer

    def close(self) -> None:
        """End the warm process and remove the folder."""
        self._pool.close()
        self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()


# One course at a time in this process, whichever of its threads grades.
_lock = threading.RLock()
_current: OpenedCourse | None = None
_idle: threading.Timer | None = None


def _open(course: bytes, task: Task) -> OpenedCourse:
    global _current
    _stop_timer()
    if _current is not None and _current.task != task:
        _close()
    if _current is None:
        _current = OpenedCourse(course, task)
    return _current


def _close() -> None:
    global _current
    _stop_timer()
    if _current is not None:
        opened, _current = _current, None
        opened.close()


def _wait_for_more() -> None:
    global _idle
    _stop_timer()
    if _current is not None:
        _idle = threading.Timer(IDLE_SECONDS, close, [_current.task.run])
        _idle.daemon = True
        _idle.start()


def _stop_timer() -> None:
    global _idle
    if _idle is not None:
        _idle.cancel()
        _idle = None


def _unpack(course: bytes, folder: Path) -> Course:
    """Write the files below `folder`, and find the course there."""
    for name, data in pickle.loads(zlib.decompress(course)):
        path = folder / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return find_course(folder / "course")


def _watch_over(folder: Path) -> subprocess.Popen[bytes]:
    """Have a folder removed when this process ends, even where it is killed."""
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _GUARD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _check_engine(engine: str) -> None:
    """Raise JailError where another grader, Python or library would judge than where the run was started."""
    if digests.engine_digest() == engine:
        return
    raise JailError(
        f"The grader here is not the one that asked: this machine has {digests.versions()}.",
        next_step="Install the same version of the grader, of Python, numpy, torch and pytest on all machines.",
    )
