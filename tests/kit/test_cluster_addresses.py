"""The address of --cluster: what is said where nobody answers, and how workers are started elsewhere."""

from __future__ import annotations

import contextlib
import runpy
import signal
import socket
import sys
import threading
import types

import pytest
import yaml

from grader.dask_cluster import client
from grader.dask_cluster.client import DaskWorkers
from grader.errors import UsageError

from .processes import ROOT

distributed = pytest.importorskip("distributed")


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
    monkeypatch.setattr(client, "CONNECT_SECONDS", 1)
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
    monkeypatch.setattr(client, "CONNECT_SECONDS", 2)
    begun = []
    monkeypatch.setattr(distributed, "Client", lambda *_, **__: begun.append(1))
    address = other_service if address == "service" else address
    with pytest.raises(UsageError, match=r"No Dask scheduler answers at .* \(.+\)") as refused:
        DaskWorkers(address)._connect()
    assert "dask scheduler" in refused.value.next_step
    assert begun == []


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
