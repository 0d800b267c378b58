"""`grade --cluster`: the same results from other machines, whatever becomes of them, and nothing that stays there."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import runpy
import signal
import socket
import sys
import threading
import types
from dataclasses import replace

import pytest
import yaml

from grader import bundle, cluster, cluster_worker
from grader.cluster import Cluster
from grader.errors import JailError, MachineryError, UsageError
from grader.run import digests
from grader.run.path import Options, grade
from grader.run.store import read
from grader.subject import jail

from . import course_factory as factory
from .locked import needs_jail
from .processes import GUARD, ROOT, wait_for_end

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
        elsewhere=Cluster(in_process.scheduler_address),
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
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)  # no other scheduler comes in its place
    monkeypatch.setattr(cluster, "LEAST_AHEAD", 1)
    monkeypatch.setattr(cluster, "AHEAD", 1)
    ended = []

    def end(result):
        if result.student != "broken" and not ended:  # that one is not sent
            ended.append(result.student)
            in_process.sync(in_process.scheduler.close)

    with pytest.raises(
        MachineryError, match=r"scheduler at .* is gone\. What is graded is kept: the same command"
    ):
        grade(*course, submissions, tmp_path, on_result=end, elsewhere=Cluster(in_process.scheduler_address))
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
            elsewhere=Cluster(local_cluster.scheduler_address),
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
    packed = cluster_worker.pack([*bundle.course_files(course[0], [course[1]])])
    task = cluster_worker.Task("run", course[1].name, digests.engine_digest())
    yield packed, task
    cluster_worker.close("")


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
    refused = cluster_worker.grade_one(*packed_task, submissions[0])
    assert refused.host == socket.gethostname()
    with pytest.raises(JailError) as error:
        Cluster("tcp://head:8786")._answer(FinishedFuture(refused))
    assert str(error.value).startswith(
        f"{refused.host}: This machine lacks a layer of the sandbox: landlock."
    )
    assert "--allow-unsafe landlock" in str(error.value)
    assert folders(tmp_path) == []


def test_another_version_of_the_grader_judges_nobody(packed_task, submissions):
    packed, task = packed_task
    refused = cluster_worker.grade_one(packed, replace(task, engine="other"), submissions[0])
    with pytest.raises(JailError, match=r"The grader here is not the one that asked.*numpy \d"):
        Cluster("tcp://head:8786")._answer(FinishedFuture(refused))


@needs_jail
def test_a_course_without_work_is_removed(packed_task, submissions, monkeypatch, tmp_path, warm):
    """By the timer; here it is asked what it would call, and that is called."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with warm.in_use():
        result = cluster_worker.grade_one(*packed_task, submissions[0])
        assert result.score == 10.0
        timer = cluster_worker._idle
        assert timer.interval == cluster_worker.IDLE_SECONDS
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

    failure = Cluster("tcp://head:8786")._answer(Dead())
    assert failure.message == "the Dask workers that were to grade it died, one after the other"


# The command


def test_without_dask_it_says_what_to_type(typed, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "rnn_cell.py").write_text("", encoding="utf-8")
    words = (
        "grade",
        tmp_path / "rnn_cell.py",
        "-a",
        "rnn_cell",
        "--out",
        tmp_path / "out",
        "--cluster",
        "tcp://head:1",
    )
    status, _, err = typed(*words)
    assert status == 2
    assert "--cluster needs dask.distributed" in err
    assert "-m pip install distributed" in err


def test_where_nobody_answers_it_says_so(typed, monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    (tmp_path / "rnn_cell.py").write_text("x = 1\n", encoding="utf-8")
    words = ("grade", tmp_path / "rnn_cell.py", "-a", "rnn_cell", "--out", tmp_path / "out")
    status, _, err = typed(*words, "--cluster", "tcp://127.0.0.1:9")
    assert status == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in err
    status, _, err = typed(*words, "--cluster", "tcp://127.0.0.1:9", "--workers", "2")
    assert status == 2
    assert "--workers is about this machine" in err


@pytest.fixture
def other_service():
    """The address of something that is no scheduler: it answers whoever connects with a line of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    "address", ["nonsense", "tcp://[::1", "ucx://127.0.0.1:9", "tls://127.0.0.1:9", "inproc://a/b", "service"]
)
def test_what_is_no_scheduler_is_refused_in_a_sentence_and_leaves_no_client(
    address, other_service, monkeypatch
):
    """A client of Dask that could not begin would hold the command up for 40 seconds, and end it in a traceback."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2)
    begun = []
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: begun.append(1))
    address = other_service if address == "service" else address
    with pytest.raises(UsageError, match=r"No Dask scheduler answers at .* \(.+\)") as refused:
        Cluster(address)._connect()
    assert "dask scheduler" in refused.value.next_step
    assert begun == []


def test_options_of_the_run_reach_the_machines(course, submissions, monkeypatch):
    """What decides about a result is the same there."""
    sent = []
    monkeypatch.setattr(Cluster, "_connect", lambda self: None)
    monkeypatch.setattr(
        Cluster, "_results", lambda self, client, packed, task, numbered: sent.append(task) or iter(())
    )
    options = Options(allow_unsafe=("seccomp",), diagnose=False, table=False)
    slow = replace(submissions[0], more_time=2.0)
    assert list(Cluster("tcp://head:1").results(*course, [(0, slow)], options, 7)) == []
    (task,) = sent
    assert (task.allow_unsafe, task.diagnose, task.table, task.changes) == (("seccomp",), False, False, 7)
    assert (task.most_time, task.engine) == (2.0, digests.engine_digest())


# The files that start a cluster


def test_the_workers_of_kubernetes_are_started_as_dask_understands_it():
    """One thread each, and no limit of Dask's own: the warm process is none of its children to count."""
    from distributed.cli.dask_scheduler import main as scheduler
    from distributed.cli.dask_worker import main as worker

    spec = yaml.safe_load((ROOT / "docs" / "cluster" / "kubernetes.yaml").read_text(encoding="utf-8"))["spec"]
    (container,) = spec["worker"]["spec"]["containers"]
    with worker.make_context("dask worker", container["args"][2:]) as context:
        assert context.params["nthreads"] == 1
        assert context.params["memory_limit"] == "0"
    (container,) = spec["scheduler"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    with scheduler.make_context("dask scheduler", container["args"][2:]) as context:
        assert context.params["port"] is None, "that is 8786"
    assert ports["tcp-comm"] == 8786
    assert {port["port"] for port in spec["scheduler"]["service"]["ports"]} == set(ports.values())


def test_the_workers_of_slurm_have_a_thread_each(monkeypatch, capsys):
    """As far as it goes without Slurm: what dask-jobqueue is asked for, and the address that is printed."""
    cluster_options = {}

    class SLURMCluster(contextlib.nullcontext):
        scheduler_address = "tcp://head:8786"

        def __init__(self, **options):
            super().__init__(self)
            cluster_options.update(options)

        def scale(self, jobs):
            cluster_options["jobs"] = jobs

    monkeypatch.setitem(sys.modules, "dask_jobqueue", types.SimpleNamespace(SLURMCluster=SLURMCluster))
    monkeypatch.setattr(sys, "argv", ["slurm.py", "--jobs", "8", "--cores", "16", "--hours", "2"])
    monkeypatch.setattr(signal, "sigwait", lambda signals: signal.SIGINT)
    runpy.run_path(str(ROOT / "docs" / "cluster" / "slurm.py"))
    assert capsys.readouterr().out == "grader grade … --cluster tcp://head:8786\n"
    assert (
        cluster_options["jobs"],
        cluster_options["cores"],
        cluster_options["processes"],
        cluster_options["walltime"],
    ) == (8, 16, 16, "02:00:00")
