"""`grade --cluster` over separate hosts: with networks, folders and processes of their own (hosts.py)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from . import course_factory as factory
from . import hosts
from .locked import needs_jail
from .processes import GUARD, ROOT

pytest.importorskip("distributed")

REASON = hosts.reason()
pytestmark = [
    pytest.mark.slow,
    needs_jail,
    pytest.mark.skipif(bool(REASON), reason=REASON),
]

STUDENTS = 4  # with each source
SOURCES = {
    "right": factory.RIGHT,
    "wrong": factory.WRONG,
    "raises": factory.RIGHT.replace("return x * factor", "return x.unknown"),
    "ends": factory.RIGHT.replace("return x * factor", "import os; os._exit(3)"),
    "broken": "def scale(x, factor:\n",
}
#: The shortest that Dask allows: after so long without an answer a host is taken to be lost.
DASK = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s"}


@dataclass
class Cluster:
    """A scheduler on the head, a worker on each of the other hosts, and a class with its results of a local run."""

    network: hosts.Network
    workers: list[hosts.Host]
    command: list[str]
    local: str

    def grade(self, out: Path) -> subprocess.Popen[str]:
        """The command, as somebody types it at the head."""
        words = [*self.command, "--out", str(out), "--cluster", f"tcp://{self.network.HEAD}:8786"]
        return subprocess.Popen(
            self.network.head.inside(*words),
            **{"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True},
            cwd=ROOT,
            env={**os.environ, **DASK},
        )


def courses(host: hosts.Host) -> list[Path]:
    return host.files("tmp/grader-course-*")


def results(out: Path) -> str:
    """results.json but for the times."""
    data = json.loads((out / "results.json").read_text(encoding="utf-8"))
    for entry in data["submissions"]:
        del entry["seconds"]
    return json.dumps(data, ensure_ascii=False, indent=1)


def wait_until(holds, process=None):
    """Wait until something is so. Raises TimeoutError where it does not become so, or the process ends before."""
    for _ in range(int(GUARD * 20)):
        if holds():
            return
        if process is not None and process.poll() is not None:
            break
        signal.sigtimedwait([], 0.05)
    raise TimeoutError(process.communicate()[0] if process else "")


@pytest.fixture
def cluster(warm, tmp_path) -> Iterator[Cluster]:
    course, assignment = factory.make_course(tmp_path / "course")
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    folder = tmp_path / "class"
    for name, source in SOURCES.items():
        for number in range(STUDENTS):
            student = folder / f"{name}{number}"
            student.mkdir(parents=True)
            text = f"{source}\n# {number}\n"
            (student / f"{assignment.name}.py").write_text(text, encoding="utf-8")
    words = ["grade", folder, "-a", assignment.name, "--course", course.root]
    done = warm.run(*words, "--out", tmp_path / "local")
    assert done.returncode == 0, done.stdout + done.stderr
    command = [sys.executable, "-m", "grader", *map(str, words)]
    dask = [sys.executable, "-m", "dask"]
    with contextlib.ExitStack() as stack:
        file = tmp_path / "scheduler.json"
        words = [*dask, "scheduler", "--host", hosts.Network.HEAD, "--no-dashboard"]
        words += ["--scheduler-file", str(file)]
        head = stack.enter_context(hosts.Host("head", words, tmp_path / "head.log", closed=False, **DASK))
        network = hosts.Network(head)
        workers = []
        for number in (1, 2):
            words = [*dask, "worker", f"tcp://{network.HEAD}:8786", "--host", network.address(number)]
            words += ["--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
            name = f"there{number}"
            workers.append(stack.enter_context(hosts.Host(name, words, tmp_path / f"{name}.log", **DASK)))
            network.join(workers[-1], number)
        head.start()
        wait_until(file.exists)
        for worker in workers:
            worker.start()
        connected = f"import distributed; distributed.Client('tcp://{network.HEAD}:8786').wait_for_workers(2)"
        subprocess.run(head.inside(sys.executable, "-c", connected), check=True, timeout=GUARD)
        yield Cluster(network, workers, command, results(tmp_path / "local"))


def test_hosts_with_nothing_but_the_grader_give_the_results_of_a_local_run(cluster, tmp_path):
    assert [worker.files(str(ROOT / "tests").lstrip("/")) for worker in cluster.workers] == [[], []]
    out = tmp_path / "out"
    process = cluster.grade(out)
    wait_until(lambda: all(courses(worker) for worker in cluster.workers), process)  # each of them is asked
    output, _ = process.communicate(timeout=GUARD)
    assert process.returncode == 0, output
    assert results(out) == cluster.local
    assert not any(courses(worker) for worker in cluster.workers)


@pytest.mark.parametrize("loss", ["power", "cable"])
def test_a_host_that_is_lost_while_it_grades_loses_nothing(cluster, tmp_path, loss):
    """By power: it ends, and nobody hears of it. By cable: it goes on alone, and keeps nothing of the course."""
    out = tmp_path / "out"
    process = cluster.grade(out)
    lost, left = cluster.workers
    wait_until(lambda: courses(lost), process)
    cluster.network.pull(lost)
    if loss == "power":
        lost.lose()
    output, _ = process.communicate(timeout=GUARD)
    assert process.returncode == 0, output
    assert results(out) == cluster.local
    assert courses(left) == []
    wait_until(lambda: not courses(lost))
