"""A submission in the real jail: planned and live answers agree, and whatever dies or hangs loses little."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from grader.errors import JailError, MachineryError
from grader.records import Chunk, StudentSource
from grader.subject import frames, jail, wire
from grader.subject import operations as ops
from grader.subject.confinement import Confinement
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Child, Keeper
from grader.subject.patience import Patience
from grader.subject.plan import Plan
from grader.subject.proxy import Module
from grader.subject.runqueue import RunQueue
from grader.subject.subjects import LocalSubject, StudentRaised, SubjectLost

from .processes import lives, parent_of, wait_for_end

pytestmark = pytest.mark.skipif(
    bool(jail.missing(jail.probe())),
    reason=f"this machine lacks {', '.join(jail.missing(jail.probe()))}",
)

SOURCE = """\
import os, signal, time
import numpy as np
import torch
from torch import nn

def add(x, y):
    return x + y

def crash():
    os.kill(os.getpid(), signal.SIGSEGV)

def hang():
    while True:
        pass

def leave():
    os._exit(0)

class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(2))
        self.count = 0
    def forward(self, x):
        self.count += 1
        return x + self.w + self.count
"""
X = np.arange(2.0)
W = {"w": np.array([5.0, 6.0])}
PATIENCE = Patience(call_seconds=0.6, total_seconds=3.0)


def add(n):
    return (ops.Call("add", (X, float(n))),)


def written(source):
    """A program of one file."""
    return StudentSource("answer.py", (Chunk(source),))


@pytest.fixture(scope="module")
def first():
    """The first zygote, from which every test has its own cloned: torch is loaded once."""
    keeper = Keeper.launch(Confinement.checked("answer"))
    keeper.wait()
    yield keeper
    keeper.close()


@pytest.fixture
def keeper(first):
    keeper = first.clone()
    yield keeper
    keeper.close()


def plan_of(*items) -> Plan:
    plan = Plan()
    for batches in items:
        plan.start_item()
        for batch in batches:
            plan.add(batch)
    return plan


@pytest.fixture
def started(keeper):
    """A subject that has loaded SOURCE (or another), with a plan of its own."""
    opened = []

    def start(*items, source=SOURCE, patience=PATIENCE):
        plan = plan_of(*items)
        keeper.plan(plan.encoded)
        subject = JailedSubject(keeper, written(source), patience, plan)
        opened.append(subject)
        return subject

    yield start
    for subject in opened:
        with contextlib.suppress(MachineryError):
            subject.close()


def told(subject, item, *batches):
    """What a test that asks these batches is told: values, or the loss that ended it."""
    subject.start_item(item)
    found = []
    for batch in batches:
        try:
            (*_, last) = subject.ask(batch)
        except SubjectLost as lost:
            found.append(lost.kind)
            break
        found.append(last.kind if isinstance(last, ops.Raised) else last.value)
    return found


MAKE = (ops.Make(1, "Counter"), ops.Load(1, W), ops.Invoke(1, (X,)))
AGAIN = (ops.Invoke(1, (X,)),)


def test_planned_and_live_answers_agree(started):
    items = [
        [add(1), add(2)],
        [],
        [MAKE, AGAIN],
        [(ops.Call("nothing"),)],
        [(ops.Make(9, "Counter", (1, 2)),)],
    ]
    planned = started(*items)
    planned.load()
    live = started()
    live.load()
    local = LocalSubject("answer", SOURCE)
    for item, batches in enumerate(items):
        planned.start_item(item)
        live.start_item(item)
        for batch in batches:
            answers = [wire.encode(list(subject.ask(batch))) for subject in (planned, live)]
            assert answers[0] == answers[1] == wire.encode(list(local.ask(batch)))
    assert planned.losses == []


def test_a_test_that_asks_something_else_is_answered_live(started):
    subject = started([add(1), add(2)], [add(3)], [MAKE, AGAIN])
    subject.load()
    assert np.array_equal(told(subject, 0, add(1), add(7), add(2)), [X + 1, X + 7, X + 2])
    assert np.array_equal(told(subject, 1, add(3)), [X + 3])
    first, second = told(subject, 2, MAKE, AGAIN)
    assert np.array_equal(second, first + 1)
    assert np.array_equal(told(subject, 2, (*MAKE[:2],), AGAIN)[1], first)


@pytest.mark.parametrize("busy", [False, True])
def test_time_in_which_a_busy_machine_gave_no_processor_is_not_charged(started, monkeypatch, busy):
    """Four naps of 0.4 s do not fit into one second, unless the machine is the reason."""
    if busy:
        monkeypatch.setattr(RunQueue, "seconds", property(lambda queue: time.monotonic()))
    nap, source = (ops.Call("nap"),), "import time\ndef nap():\n    time.sleep(0.4)\n    return 1.0\n"
    subject = started(source=source, patience=Patience(call_seconds=5.0, total_seconds=1.0))
    subject.load()
    answers = [told(subject, item, nap) for item in range(4)]
    assert (answers == [[1.0]] * 4) == busy
    assert bool(subject.losses) != busy


def test_a_crash_loses_one_test_only(started):
    subject = started([add(1)], [add(2), (ops.Call("crash"),), add(3)], [add(4)], [add(5)])
    subject.load()
    assert np.array_equal(told(subject, 0, add(1)), [X + 1])
    before, crashed = told(subject, 1, add(2), (ops.Call("crash"),), add(3))
    assert np.array_equal(before, X + 2)
    assert crashed == "crashed"
    assert np.array_equal(told(subject, 2, add(4)), [X + 4])
    assert np.array_equal(told(subject, 3, add(5)), [X + 5])
    assert [lost.kind for lost in subject.losses] == ["crashed"]
    assert subject.losses[0].detail == "a segmentation fault"


def test_a_hang_loses_one_test_and_is_bounded(started):
    subject = started([add(1)], [(ops.Call("hang"),)], [add(2)])
    subject.load()
    assert told(subject, 1, (ops.Call("hang"),)) == ["timeout"]
    assert np.array_equal(told(subject, 2, add(2)), [X + 2])


def test_time_in_all_is_bounded(started, keeper, monkeypatch):
    items = [[(ops.Call("hang"),)] for _ in range(30)]
    forked = []
    monkeypatch.setattr(keeper, "fork", lambda fork=keeper.fork: forked.append(1) or fork())
    subject = started(*items, patience=Patience(0.3, 0.9))
    subject.load()
    assert {kind for item in range(30) for kind in told(subject, item, *items[item])} == {"timeout"}
    assert 1 <= len(forked) <= 4, "a fresh child is only tried while there is time left"


def test_a_slow_submission_is_bounded_too(started):
    """Every answer in time, but far too much of it in all."""
    slow = "import time\ndef nap():\n    time.sleep(0.2)\n    return 1\n"
    items = [[(ops.Call("nap"),)] for _ in range(30)]
    subject = started(*items, source=slow, patience=Patience(3.0, 3.0))
    subject.load()
    found = [told(subject, item, *items[item])[0] for item in range(30)]
    assert found[0] == 1
    assert found[-1] == "timeout"
    assert found.count(1) <= 3.0 / 0.2


def test_objects_are_made_again_for_live_questions_after_a_restart(started):
    """The child that made them died in a later test, while the rest of the plan was read."""
    subject = started([MAKE], [(ops.Call("crash"),)], [add(4)])
    subject.load()
    (first,) = told(subject, 0, MAKE)
    assert np.array_equal(first, X + W["w"] + 1)
    (second,) = subject.ask(AGAIN)
    assert np.array_equal(second.value, first + 1), "the same object, called a second time"
    assert np.array_equal(told(subject, 2, add(4)), [X + 4])


def test_after_a_live_loss_the_next_question_has_a_fresh_child(started):
    subject = started([add(1)])
    subject.load()
    assert told(subject, 0, (ops.Call("crash"),)) == ["crashed"]
    assert np.array_equal(told(subject, 0, add(2)), [X + 2])
    assert told(subject, 0, (ops.Call("leave"),)) == ["crashed"]
    assert subject.losses[-1].detail == "ending itself", "an exit status is the submission's own word"


GARBAGE = {
    "no message": b"hello hello hello",
    "a long message": b"\xff\xff\xff\xff",
    "no answer": wire.frame(b"\xc1"),
    "another record": wire.frame(wire.encode([ops.Call("f")])),
    "too few answers": wire.frame(wire.encode([])),
    "a loaded": wire.frame(wire.encode(ops.Loaded())),
}


@pytest.mark.parametrize("bytes_written", GARBAGE.values(), ids=GARBAGE)
def test_garbage_for_an_answer_is_a_crash_of_the_submission(started, bytes_written):
    """Written straight into the stream, whatever its number, by a submission that then hangs."""
    source = f"""
import os
def garbage():
    for number in range(3, 64):
        try:
            os.write(number, {bytes_written!r})
        except OSError:
            pass
    while True:
        pass
"""
    subject = started([(ops.Call("garbage"),)], source=source, patience=Patience(0.4, 1.0))
    subject.load()
    subject.start_item(0)
    module = Module(subject)
    with pytest.raises(SubjectLost) as caught:
        module.ask((ops.Call("garbage"),), "garbage")
    assert caught.value.kind in ("crashed", "timeout")
    assert "hello" not in caught.value.detail


def test_a_submission_that_stops_reading_cannot_block_the_grader(started, monkeypatch):
    """Its answers are there beforehand, and questions pile up in the socket."""
    monkeypatch.setattr("grader.subject.keeper.SEND_SECONDS", 0.1)
    answer = wire.frame(wire.encode([ops.Value(1)]))
    source = f"""
import os
for number in range(3, 64):
    try:
        os.write(number, {wire.frame(wire.encode(ops.Loaded()))!r} + {answer!r} * 6)
    except OSError:
        pass
while True:
    pass
"""
    subject = started(source=source, patience=Patience(0.4, 1.0))
    subject.load()
    big = (ops.Call("f", (np.zeros(300_000),)),)
    subject.start_item(0)
    for _ in range(8):
        with contextlib.suppress(SubjectLost):
            subject.ask(big)
    assert subject.losses


def test_answers_are_bounded_in_all(started, monkeypatch):
    """Each answer is small enough by itself."""
    monkeypatch.setattr("grader.subject.jailed.BUDGET", 1_000_000)
    items = [[(ops.Call("f", (n,)),)] for n in range(20)]
    subject = started(*items, source="import numpy as np\ndef f(n):\n    return np.zeros(12_500)")
    subject.load()
    for item in range(20):
        subject.start_item(item)
        with contextlib.suppress(SubjectLost):
            subject.ask(items[item][0])
    assert {loss.kind for loss in subject.losses} == {"crashed"}
    assert "far larger" in subject.losses[0].detail
    assert 5 <= len(subject.transcript()) <= 10


def test_a_source_of_any_allowed_length_arrives(started):
    long = "# " + "x" * 900_000 + "\ndef add(x, y):\n    return x + y"
    subject = started([add(1)], source=long)
    assert not subject.load().failures


def test_questions_with_large_answers_do_not_block_each_other(started):
    """Far more than a socket holds: the answers are read while the questions are sent."""
    source = "import numpy as np\ndef f(x):\n    return np.zeros(300_000)"
    subject = started(source=source, patience=Patience(60.0, 600.0))
    question = (ops.Call("f", (np.zeros(500),)),)
    answers = subject.ask_all([question] * 200)
    assert [len(answer[0].value) for answer in answers[:40]] == [300_000] * 40
    assert subject.losses[0].detail.endswith("larger than what was asked for"), "and yet bounded in all"


def test_what_the_student_raised_comes_through(started):
    subject = started([(ops.Call("add", (1,)),)])
    subject.load()
    subject.start_item(0)
    with pytest.raises(StudentRaised) as caught:
        Module(subject).add(1)
    assert caught.value.raised.kind == "TypeError"


def test_what_fails_at_loading_is_told(started):
    subject = started(source="x = 1\nraise ValueError('no')")
    (failure,) = subject.load().failures
    assert (failure.kind, failure.frames[-1].line) == ("ValueError", 2)


def test_submissions_see_nothing_of_each_other(started):
    one = started(
        source="import builtins, numpy as np\nbuiltins.left = 1\nnp.left = 1\ndef f():\n    return 1"
    )
    one.load()
    other = started(
        source="import builtins, numpy as np\ndef f():\n    return (hasattr(builtins, 'left'), hasattr(np, 'left'))"
    )
    other.load()
    assert told(other, 0, (ops.Call("f"),)) == [(False, False)]


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
    assert told(subject, 0, (ops.Call("hidden"),), (ops.Call("forked"),)) == ["closed", "closed"]


def test_a_set_of_strings_has_one_order(started):
    subject = started(source=PROBE)
    subject.load()
    ask = [sys.executable, "-c", "print(hash('a text'))"]
    fixed = subprocess.run(ask, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True)
    assert told(subject, 0, (ops.Call("order"),)) == [int(fixed.stdout)]


def test_the_warm_process_has_no_variable_of_ours_and_no_terminal(keeper):
    child = keeper.fork()
    warm = Path(f"/proc/{parent_of(child.pid)}")
    entries = (warm / "environ").read_text().strip("\0").split("\0")
    # Python writes down there in which encoding it was started.
    names = {entry.partition("=")[0] for entry in entries} - {"LC_CTYPE"}
    assert names == set(frames.ENVIRONMENT)
    assert {os.readlink(warm / "fd" / str(number)) for number in (0, 1, 2)} == {os.devnull}
    keeper.end(child)


def test_an_exercise_that_hung_twice_is_not_waited_for_again(started):
    hang = (ops.Call("hang"),)
    subject = started([hang], [hang], [hang], [add(1)])
    subject.load()
    assert [told(subject, item, hang) for item in range(3)] == [["timeout"]] * 3
    assert [lost.kind for lost in subject.losses] == ["timeout", "timeout"], "the third was never asked"
    assert np.array_equal(told(subject, 3, add(1)), [X + 1])


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
    one, other = first.clone(), first.clone()
    one.plan([[wire.encode_batch(add(1))]])
    other.plan([])
    subjects = [JailedSubject(keeper, written(SOURCE), PATIENCE) for keeper in (one, other)]
    for subject in subjects:
        subject.load()
    assert np.array_equal(told(subjects[1], 0, add(5)), [X + 5])
    subjects[0].close()
    one.close()
    assert np.array_equal(told(subjects[1], 0, add(6)), [X + 6])
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
            assert np.array_equal(told(subject, 0, add(1)), [X + 1])
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


NAPS = """\
import time
time.sleep(0.2)

def nap(x):
    time.sleep(0.2)
    return x + 1

def gone():
    import os
    os.abort()
"""
NAP = (ops.Call("nap", (X,)),)


@pytest.fixture
def killing(monkeypatch):
    """Have children killed from outside: `killing(3, 5)` at the third and the fifth message that is awaited of any.

    What a child says while it loads the source, statement by statement, counts as one message.
    """

    def start(*numbers: int, signal_number: int = signal.SIGKILL) -> None:
        counted = iter(range(1, 10_000))
        receive = Child.receive
        loading: set[int] = set()

        def killed(child: Child, seconds: float) -> bytes:
            if child.pid not in loading and next(counted) in numbers:
                os.kill(child.pid, signal_number)
            data = receive(child, seconds)
            loading.discard(child.pid)
            with contextlib.suppress(wire.WireError):
                if not isinstance(wire.decode_loading(data), ops.Loaded):
                    loading.add(child.pid)
            return data

        monkeypatch.setattr(Child, "receive", killed)

    return start


# Of each child the first message says that it is locked, the second that the source is loaded.
ONCE = {"loading": (2,), "the first answer": (3,), "a later answer": (4,), "two tests, each once": (3, 7)}
TWICE = {
    "loading": (2, 4),
    "the first answer": (3, 6),
    "a later answer": (4, 7),
    "at last while loading": (3, 5, 7),
}


@pytest.mark.parametrize("numbers", ONCE.values(), ids=ONCE)
@pytest.mark.parametrize("planned", [True, False], ids=["planned", "live"])
def test_a_child_that_is_killed_from_outside_gets_another_try(started, killing, planned, numbers):
    items = [[NAP], [NAP]]
    patience = Patience(2.0, 20.0)
    subject = started(*(items if planned else ()), source=NAPS, patience=patience)
    killing(*numbers)
    subject.load()
    for item in range(2):
        assert np.array_equal(told(subject, item, NAP), [X + 1])
    assert subject.losses == []


@pytest.mark.parametrize("numbers", TWICE.values(), ids=TWICE)
@pytest.mark.parametrize("planned", [True, False], ids=["planned", "live"])
def test_a_child_that_is_killed_twice_is_never_told_as_a_crash(started, killing, planned, numbers):
    items = [[NAP], [NAP]]
    subject = started(*(items if planned else ()), source=NAPS, patience=Patience(2.0, 20.0))
    killing(*numbers)
    with contextlib.suppress(SubjectLost):
        subject.load()
        for item in range(2):
            told(subject, item, NAP)
    assert [lost.kind for lost in subject.losses] == ["killed"]
    assert "of memory" in subject.losses[0].detail


@pytest.mark.parametrize("numbers", [(2,), (3,), (2, 4)], ids=["loading", "an answer", "twice"])
def test_a_child_that_somebody_stopped_is_no_timeout(started, killing, monkeypatch, numbers):
    """As after a kill: a fresh one is asked once more, and what is stopped twice is nobody's grade."""
    monkeypatch.setattr(
        "grader.subject.keeper.MOST_STARVED", 0
    )  # nobody lets it go on, so it is waited for in vain
    subject = started([NAP], source=NAPS, patience=Patience(1.0, 20.0, 1.0))
    killing(*numbers, signal_number=signal.SIGSTOP)
    if len(numbers) == 1:
        subject.load()
        assert np.array_equal(told(subject, 0, NAP), [X + 1])
        assert subject.losses == []
    else:
        with pytest.raises(SubjectLost, match="killed"):
            subject.load()
        assert [lost.kind for lost in subject.losses] == ["killed"]
        assert "it was stopped" in subject.losses[0].detail


def test_what_is_given_up_is_not_asked_again_after_a_kill(started, killing):
    hang, hangs = (ops.Call("hang"),), "\n\ndef hang():\n    while True:\n        pass\n"
    subject = started([hang], [hang], [NAP], [hang], [NAP], source=NAPS + hangs, patience=Patience(0.6, 20.0))
    killing(9)  # two children have hung; the third message of the next one is the first nap's answer
    subject.load()
    assert [told(subject, item, hang) for item in (0, 1)] == [["timeout"]] * 2
    assert np.array_equal(told(subject, 2, NAP), [X + 1])
    assert told(subject, 3, hang) == ["timeout"]
    assert np.array_equal(told(subject, 4, NAP), [X + 1])
    assert [lost.kind for lost in subject.losses] == ["timeout", "timeout"], "the third was never asked"
    assert subject._born == 4, "and no child was started for it"


def test_questions_for_counterexamples_are_asked_again(started, killing):
    subject = started(source=NAPS, patience=Patience(2.0, 20.0))
    killing(4)
    answers = subject.ask_all([NAP, NAP])
    assert [answer[0].value.tolist() for answer in answers] == [[1.0, 2.0]] * 2


def test_questions_for_counterexamples_are_not_answered_by_the_machine(started, killing):
    subject = started(source=NAPS, patience=Patience(2.0, 20.0))
    killing(4, 8)
    with pytest.raises(SubjectLost, match="killed"):
        subject.ask_all([NAP, NAP])


def test_a_kill_without_time_left_is_no_timeout(started, killing, monkeypatch):
    """Else a slow answer and a machine without memory would make a verdict together."""
    subject = started([NAP], source=NAPS, patience=Patience(2.0, 20.0))
    killing(3)
    subject.load()
    monkeypatch.setattr(subject._clock, "_waited", 1000.0)
    assert told(subject, 0, NAP) == ["killed"]
    assert subject.losses[0].kind == "killed"
    assert subject._born == 1, "no other child was tried"


ENDS = {
    "os.kill(os.getpid(), 9)": None,  # refused: an exception like any other
    "signal.pthread_kill(threading.get_ident(), 9)": None,
    "resource.setrlimit(resource.RLIMIT_CPU, (0, 0))": None,
    "os.close(next(n for n in range(3, 64) if open_(n)))\n    time.sleep(5)": "crashed",
    "os.abort()": "crashed",
    "os._exit(9)": "crashed",
    "ctypes.string_at(0)": "crashed",
}


@pytest.mark.parametrize("how", ENDS)
def test_no_way_of_ending_oneself_looks_like_the_machine(started, how):
    source = f"""\
import ctypes, os, resource, signal, threading, time
def open_(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False
def end():
    {how}
    return 1
"""
    subject = started([(ops.Call("end"),)], source=source, patience=Patience(2.0, 9.0))
    subject.load()
    (got,) = told(subject, 0, (ops.Call("end"),))
    if ENDS[how] is None:
        assert got in ("PermissionError", "ValueError", "OSError")
        assert subject.losses == []
    else:
        assert got == ENDS[how]
        assert [lost.kind for lost in subject.losses] == [ENDS[how]]


def test_used_up_processor_time_is_the_submissions_own(first):
    """Its hard limit is SIGKILL too: the first, which is not, was ignored."""
    keeper = Keeper.launch(Confinement.checked("answer", cpu_seconds=1))
    keeper.wait()
    source = (
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\ndef spin():\n    while True: pass\n"
    )
    try:
        subject = JailedSubject(keeper, written(source), Patience(30.0, 30.0))
        subject.load()
        assert told(subject, 0, (ops.Call("spin"),)) == ["crashed"]
        assert [lost.kind for lost in subject.losses] == ["crashed"]
        subject.close()
    finally:
        keeper.close()
