"""Zygotes and their children: locked, apart from each other, cleaned up after, and small however many have come."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.errors import JailError, MachineryError
from grader.subject import frames, jail, wire
from grader.subject import operations as ops
from grader.subject.confinement import Confinement
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper

from . import jailing
from .jailing import PATIENCE, SOURCE, X, add, outcomes, plan_of, written
from .locked import needs_jail
from .processes import lives, parent_of, wait_for_end

pytestmark = needs_jail
first, keeper, started = jailing.first, jailing.keeper, jailing.started


def test_submissions_see_nothing_of_each_other(started):
    subject = started(
        source="import builtins, numpy as np\nbuiltins.left = 1\nnp.left = 1\ndef f():\n    return 1"
    )
    subject.load()
    other = started(
        source="import builtins, numpy as np\ndef f():\n    return (hasattr(builtins, 'left'), hasattr(np, 'left'))"
    )
    other.load()
    assert outcomes(other, 0, (ops.Call("f"),)) == [(False, False)]


PROBE = """\
def hidden():
    try:
        open("/etc/passwd").close()
        return "read"
    except PermissionError:
        return "closed"

def forked():
    import os
    try:
        return "forked" if os.fork() else os._exit(0)
    except PermissionError:
        return "closed"

def order():
    return hash("a text")
"""


def test_a_child_is_locked(started):
    subject = started(source=PROBE)
    subject.load()
    assert outcomes(subject, 0, (ops.Call("hidden"),), (ops.Call("forked"),)) == ["closed", "closed"]


def test_a_set_of_strings_has_one_order(started):
    subject = started(source=PROBE)
    subject.load()
    ask = [sys.executable, "-c", "print(hash('a text'))"]
    fixed = subprocess.run(ask, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True)
    assert outcomes(subject, 0, (ops.Call("order"),)) == [int(fixed.stdout)]


def test_the_warm_process_has_no_variable_of_ours_and_no_terminal(keeper):
    child = keeper.fork()
    warm = Path(f"/proc/{parent_of(child.pid)}")
    entries = (warm / "environ").read_text().strip("\0").split("\0")
    # Python writes down there in which encoding it was started.
    names = {entry.partition("=")[0] for entry in entries} - {"LC_CTYPE"}
    assert names == set(frames.ENVIRONMENT)
    assert {os.readlink(warm / "fd" / str(number)) for number in (0, 1, 2)} == {os.devnull}
    keeper.end(child)


def test_nothing_is_left_running(first):
    keeper = first.clone()
    subject = JailedSubject(keeper, written(SOURCE), PATIENCE)
    subject.load()
    ended = subject._child.pid
    subject.close()
    wait_for_end(ended)
    child = keeper.fork()  # asked after what came before was done
    assert not Path(f"/proc/{ended}").exists(), "nor a dead process that nobody has asked after"
    parent = parent_of(child.pid)
    assert lives(parent)
    keeper.close()
    wait_for_end(child.pid, parent)
    child.stream.close()


def test_clones_serve_independently(first):
    first_clone, other = first.clone(), first.clone()
    first_clone.plan([[wire.encode_batch(add(1))]])
    other.plan([])
    subjects = [JailedSubject(keeper, written(SOURCE), PATIENCE) for keeper in (first_clone, other)]
    for subject in subjects:
        subject.load()
    assert np.array_equal(outcomes(subjects[1], 0, add(5)), [X + 5])
    subjects[0].close()
    first_clone.close()
    assert np.array_equal(outcomes(subjects[1], 0, add(6)), [X + 6])
    subjects[1].close()
    other.close()


def test_a_zygote_that_ends_is_a_fault_of_the_machinery(first):
    keeper = first.clone()
    child = keeper.fork()
    os.kill(parent_of(child.pid), signal.SIGKILL)
    wait_for_end(child.pid)  # a child dies with its zygote
    for _ in range(2):
        with pytest.raises(MachineryError, match="the warm process has ended"):
            keeper.fork()
    with pytest.raises(MachineryError, match="the warm process has ended"):
        keeper.end(child)
    keeper.close()
    child.stream.close()


def test_a_zygote_that_cannot_start_says_why():
    """This module of the standard library raises on Linux."""
    keeper = Keeper.launch(Confinement.checked("answer", preload=("asyncio.windows_events",)))
    with pytest.raises(JailError, match=r"The warm process did not start: warm: ImportError: win32 only"):
        keeper.wait()
    keeper.close()


def test_secrets_where_submissions_can_read_are_refused():
    with pytest.raises(JailError):
        Confinement.checked("answer", secrets=[Path(os.__file__)])


def test_a_missing_layer_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(jail, "missing", lambda layers: ["landlock"])
    with pytest.raises(JailError, match="This machine lacks a layer of the sandbox: landlock") as caught:
        Confinement.checked("answer")
    assert "--allow-unsafe landlock" in caught.value.next_step
    allowed = Confinement.checked("answer", allow_unsafe=("landlock",))
    assert allowed.stamp == "without landlock"
    assert Confinement.checked("answer", allow_unsafe=("landlock", "seccomp")).stamp == "none"
    monkeypatch.setattr(jail, "missing", lambda layers: [])
    assert Confinement.checked("answer").stamp == "full"


def memory_of(pid: int) -> int:
    """Resident pages of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1])


def test_memory_and_descriptors_stay_flat(first):
    keeper = first.clone()
    plan = plan_of([add(1)])
    keeper.plan(plan.encoded)

    def serve(count: int) -> tuple[int, int, int]:
        pid = 0
        for _ in range(count):
            subject = JailedSubject(keeper, written("def add(x, y):\n    return x + y"), PATIENCE, plan)
            subject.load()
            assert np.array_equal(outcomes(subject, 0, add(1)), [X + 1])
            pid = pid or int(
                Path(f"/proc/{subject._child.pid}/stat").read_text().rpartition(")")[2].split()[1]
            )
            subject.close()
        descriptors = len(os.listdir(f"/proc/{pid}/fd")), len(os.listdir("/proc/self/fd"))
        return (memory_of(pid), *descriptors)

    before = serve(40)
    after = serve(160)
    assert after[1:] == before[1:], "descriptors"
    assert after[0] - before[0] < 500, "pages of the zygote"  # 2 MB
    keeper.close()


WITHOUT_NUMBERS = """\
import torch
def f():
    vector = torch.ones(3, device="meta")
    return torch.dot(vector, vector).shape[0:0] == ()
"""


def test_a_submission_finds_the_shapes_of_tensors_without_numbers_where_they_are_loaded_before():
    keeper = Keeper.launch(Confinement.checked("rnn", compiler=False, huge_pages=False))
    try:
        keeper.wait()
        subject = JailedSubject(keeper, written(WITHOUT_NUMBERS), PATIENCE)
        assert subject.load() == ops.Loaded()
        ((answer,),) = subject.ask_all([(ops.Call("f"),)])
        assert answer.value is True
        subject.close()
    finally:
        keeper.close()


def test_a_host_that_ignores_ended_children_loses_nobody():
    """Hosts that start programs with SIGCHLD ignored hand that on: nobody was graded there."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        keeper = Keeper.launch(Confinement.checked("answer"))
        keeper.wait()
    finally:
        signal.signal(signal.SIGCHLD, before)
    try:
        plan = plan_of([add(1)], [(ops.Call("crash"),)], [add(2)])
        keeper.plan(plan.encoded)
        subject = JailedSubject(keeper, written(SOURCE), PATIENCE, plan)
        subject.load()
        assert outcomes(subject, 1, (ops.Call("crash"),)) == ["crashed"]
        assert np.array_equal(outcomes(subject, 2, add(2)), [X + 2])
        subject.close()
    finally:
        keeper.close()
