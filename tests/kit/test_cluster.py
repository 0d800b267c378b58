"""`grade --cluster`: the same results from other machines, whatever becomes of them, and nothing that stays there."""

from __future__ import annotations

import glob
import json
import os
import signal
import socket
from dataclasses import replace

import pytest

from grader import bundle
from grader.dask_cluster import client, worker
from grader.dask_cluster.client import DaskWorkers
from grader.errors import JailError, MachineryError
from grader.run import digests
from grader.run.path import Options, grade
from grader.run.store import read
from grader.subject import jail

from . import course_factory as factory
from .locked import needs_jail
from .processes import GUARD, wait_for_end

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


SOURCES = {
    "right": factory.RIGHT,
    "wrong": factory.WRONG,
    "twice": factory.RIGHT.replace("x * factor", "x * factor * factor"),
    "raises": factory.RIGHT.replace("return x * factor", "return x.unknown"),
    "ends": factory.RIGHT.replace("return x * factor", "import os; os._exit(3)"),
    "broken": "def scale(x, factor:\n",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course that knows a mistake, and a class of six."""
    course, assignment = factory.make_course(tmp_path_factory.mktemp("cluster") / "course")
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    return course, assignment


@pytest.fixture(scope="module")
def submissions():
    return [factory.submission(student, source) for student, source in SOURCES.items()]


@pytest.fixture(scope="module")
def local(course, submissions, warm, tmp_path_factory):
    """results.json of a run on this machine."""
    out = tmp_path_factory.mktemp("local") / "out"
    with warm.in_use():
        grade(*course, submissions, out)
    return content(out)


def content(out):
    """results.json but for the times."""
    data = json.loads((out / "results.json").read_text(encoding="utf-8"))
    for entry in data["submissions"]:
        del entry["seconds"]
    return json.dumps(data, ensure_ascii=False)


@pytest.fixture
def in_process(warm):
    """A scheduler and a worker as threads of this process."""
    with (
        warm.in_use(),
        dask.config.set(
            {"distributed.comm.timeouts.connect": "1s"}
        ),  # a scheduler that is gone is not waited for
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp"
        ) as cluster,
    ):
        yield cluster


def folders(place):
    return glob.glob(f"{place}/grader-course-*")


@needs_jail
def test_results_are_those_of_a_local_run_and_nothing_stays(
    course, submissions, local, in_process, tmp_path, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    there = []
    results = grade(
        *course,
        submissions,
        tmp_path / "out",
        on_result=lambda result: there.append((result.student, folders(tmp_path))),
        elsewhere=DaskWorkers(in_process.scheduler_address),
    )
    assert [result.student for result in results] == list(SOURCES)
    assert content(tmp_path / "out") == local
    assert len(there) == len(SOURCES)
    assert there[-1][1], "the course is there while it is graded"
    assert folders(tmp_path) == []


@needs_jail
def test_a_scheduler_that_goes_leaves_what_is_graded(
    course, submissions, local, in_process, tmp_path, monkeypatch
):
    """And the same command grades the rest, there or here."""
    monkeypatch.setattr(client, "CONNECT_SECONDS", 1)  # no other scheduler comes in its place
    monkeypatch.setattr(client, "LEAST_AHEAD", 1)
    monkeypatch.setattr(client, "AHEAD", 1)
    ended = []

    def end(result):
        if result.student != "broken" and not ended:  # that one is not sent
            ended.append(result.student)
            in_process.sync(in_process.scheduler.close)

    with pytest.raises(
        MachineryError, match=r"scheduler at .* is gone\. What is graded is kept: the same command"
    ):
        grade(
            *course, submissions, tmp_path, on_result=end, elsewhere=DaskWorkers(in_process.scheduler_address)
        )
    written = {path.stem for path in (tmp_path / "submissions").glob("*.json")}
    assert {*ended} <= written < {*SOURCES}
    grade(*course, submissions, tmp_path)
    assert content(tmp_path) == local
    assert not read(tmp_path).unfinished


@pytest.mark.slow
@needs_jail
def test_a_worker_that_is_killed_loses_nothing_and_leaves_nothing(
    course, submissions, local, tmp_path, monkeypatch
):
    """On several processes, one of which is killed with a course on its disk."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    killed = []
    many = [
        replace(submission, student=f"{submission.student}{number}")
        for number in range(4)
        for submission in submissions
    ]
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local_cluster:

        def kill(result):
            if result.status != "unreadable" and not killed:
                killed.append(next(iter(local_cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        results = grade(
            *course,
            many,
            tmp_path / "out",
            on_result=kill,
            elsewhere=DaskWorkers(local_cluster.scheduler_address),
        )
    wait_for_end(*killed)
    expected = {entry["student"]: entry for entry in json.loads(local)["submissions"]}
    for result in results:
        entry = expected[result.student.rstrip("0123456789")]
        assert (result.status, result.score) == (entry["status"], entry["score"]), result.message
    for _ in range(int(GUARD * 20)):
        if not folders(tmp_path):
            break
        signal.sigtimedwait([], 0.05)  # whoever watches over the folder of the killed one removes it
    assert folders(tmp_path) == []


# One machine's side, without Dask


@pytest.fixture
def packed_task(course):
    """What a worker is called with."""
    packed = worker.pack([*bundle.course_files(course[0], [course[1]])])
    task = worker.Task("run", course[1].name, digests.engine_digest())
    yield packed, task
    worker.close("")


class FinishedFuture:
    """A future that has this result."""

    status = "finished"

    def __init__(self, result):
        self._result = result

    def result(self):
        return self._result


def test_a_layer_that_is_missing_there_is_refused_with_the_name_of_the_machine(
    packed_task, submissions, monkeypatch, tmp_path
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(jail, "missing", lambda layers: ["landlock"])
    monkeypatch.setattr(jail, "probe", dict)
    refused = worker.grade_one(*packed_task, submissions[0])
    assert refused.host == socket.gethostname()
    with pytest.raises(JailError) as error:
        DaskWorkers("tcp://head:8786")._answer(FinishedFuture(refused))
    assert str(error.value).startswith(
        f"{refused.host}: This machine lacks a layer of the sandbox: landlock."
    )
    assert "--allow-unsafe landlock" in str(error.value)
    assert folders(tmp_path) == []


def test_another_version_of_the_grader_judges_nobody(packed_task, submissions):
    packed, task = packed_task
    refused = worker.grade_one(packed, replace(task, engine="other"), submissions[0])
    with pytest.raises(JailError, match=r"The grader here is not the one that asked.*numpy \d"):
        DaskWorkers("tcp://head:8786")._answer(FinishedFuture(refused))


@needs_jail
def test_a_course_without_work_is_removed(packed_task, submissions, monkeypatch, tmp_path, warm):
    """By the timer; here it is asked what it would call, and that is called."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with warm.in_use():
        result = worker.grade_one(*packed_task, submissions[0])
        assert result.score == 10.0
        timer = worker._idle
        assert timer.interval == worker.IDLE_SECONDS
        assert folders(tmp_path)
        assert not any(
            name.startswith(str(tmp_path)) for name in os.environ.get("GRADER_CACHE", "").split(":")
        )
        timer.function(*timer.args)
    assert folders(tmp_path) == []


def test_what_kills_workers_is_no_score():
    class KilledWorker(Exception):
        pass

    class Dead:
        status = "error"

        def exception(self):
            return KilledWorker("three times")

    failure = DaskWorkers("tcp://head:8786")._answer(Dead())
    assert failure.message == "the Dask workers that were to grade it died, one after the other"


# The command


def test_options_of_the_run_reach_the_machines(course, submissions, monkeypatch):
    """What decides about a result is the same there."""
    sent = []
    monkeypatch.setattr(DaskWorkers, "_connect", lambda self: None)
    monkeypatch.setattr(
        DaskWorkers, "_results", lambda self, client, packed, task, numbered: sent.append(task) or iter(())
    )
    options = Options(allow_unsafe=("seccomp",), diagnose=False, table=False)
    slow = replace(submissions[0], more_time=2.0)
    assert list(DaskWorkers("tcp://head:1").results(*course, [(0, slow)], options, 7)) == []
    (task,) = sent
    assert (task.allow_unsafe, task.diagnose, task.table, task.changes) == (("seccomp",), False, False, 7)
    assert (task.most_time, task.engine) == (2.0, digests.engine_digest())


# The files that start a cluster
