"""The jail, by real system calls in real children: what each layer stops, and that honest work goes on."""

from __future__ import annotations

import os
import signal

import pytest

from grader.subject import _landlock, _syscalls, jail

from .jail_attempts import ATTEMPTS, LEGAL, TORCH, alone, run, run_all

LAYERS = jail.probe()


needs_all = pytest.mark.skipif(
    bool(jail.missing(LAYERS)), reason=f"this machine lacks {', '.join(jail.missing(LAYERS))}"
)


EVERYTHING = frozenset(jail.STEPS)


SUCCEEDED = ("done", "exit")  # a successful exec ends without a word


PAIRS = [(name, step) for name, attempt in ATTEMPTS.items() for step in attempt.stopped_by]


def need(step: str, landlock: int = 1) -> None:
    """Skip where this machine has no such layer."""
    reason = getattr(LAYERS, step, None)
    if reason is not None:
        pytest.skip(reason)
    if step == "landlock" and _landlock.version() < landlock:
        pytest.skip(f"Landlock {_landlock.version()} here; this is stopped from version {landlock} on")


@needs_all
@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_whole_lock_stops(name):
    assert run_all(frozenset())[name] not in SUCCEEDED


@needs_all
@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_whole_lock_stops_for_an_ordinary_user(name):
    if os.getuid() != 0:
        pytest.skip("run by an ordinary user anyway")
    assert run_all(frozenset(), nobody=True)[name] not in SUCCEEDED


@pytest.mark.parametrize(("name", "step"), PAIRS)
def test_a_layer_alone_stops(name, step):
    need(step, ATTEMPTS[name].landlock)
    if run_all(EVERYTHING)[name] not in SUCCEEDED:
        pytest.skip(f"fails here without the jail too: {run_all(EVERYTHING)[name]}")
    assert run_all(alone(step))[name] not in SUCCEEDED


def test_most_attempts_succeed_without_the_jail():
    """Otherwise the tests above would prove little."""
    succeeded = [name for name, result in run_all(EVERYTHING).items() if result in SUCCEEDED]
    assert len(succeeded) > len(ATTEMPTS) * 0.6


@needs_all
def test_refusals_are_ordinary_errors():
    outcomes = run_all(frozenset())
    assert outcomes["fork"] == "EPERM"
    assert outcomes["read a file"] == "EACCES"
    assert (
        outcomes["clone3"] == "ENOSYS"
    )  # so that the C library tries clone, and says what Python understands
    assert outcomes["start a thread"] == "RuntimeError"


@needs_all
def test_legal_work_goes_on():
    outcomes = run(LEGAL)
    assert {name: result for name, result in outcomes.items() if result != "done"} == {}


@needs_all
def test_torch_and_numpy_go_on():
    setup = (
        "import numpy as np, torch\nfrom torch import nn\n"
        "warm = torch.optim.Adam(nn.Linear(2, 2).parameters()); warm.step()"
    )
    outcomes = run(TORCH, setup=setup)
    assert {name: result for name, result in outcomes.items() if result != "done"} == {}


#: What the limits of a locked child are, soft and hard; the driver locks with 256 MB and 9 seconds.
LIMITS = {
    "CPU": "(9, 10)",  # the first can be ignored by a handler of SIGXCPU, the second cannot
    "FSIZE": "(0, 0)",
    "NOFILE": "(64, 64)",
    "CORE": "(0, 0)",
    "NPROC": "(0, 0)",
    "MEMLOCK": "(0, 0)",
}


GROWTH = "int(open('/proc/self/statm').read().split()[{field}]) * resource.getpagesize() + (1 << 28)"


@needs_all
def test_the_limits_of_a_child():
    codes = {
        name: f"need(resource.getrlimit(resource.RLIMIT_{name}) == {value})" for name, value in LIMITS.items()
    }
    assert {name: result for name, result in run(codes).items() if result != "done"} == {}


@needs_all
@pytest.mark.parametrize(("name", "field"), [("AS", 0), ("DATA", 5)])
def test_the_memory_of_a_child_is_what_it_was_born_with_and_what_is_allowed(name, field):
    """Landlock is left out: the code reads how large it is."""
    code = (
        f"soft, hard = resource.getrlimit(resource.RLIMIT_{name})\n"
        f"need(soft == hard and abs(soft - ({GROWTH.format(field=field)})) < 1 << 24)"
    )
    assert run({"limit": code}, skip=frozenset({"landlock", "seccomp"})) == {"limit": "done"}


#: Options of prctl that ask, and what a child must be told.
ASKED = {
    "not dumpable": "need(raw('prctl', 3, 0, 0, 0, 0) == 0)",
    "no new privileges": "need(raw('prctl', 39, 0, 0, 0, 0) == 1)",
    "dies with its parent": "told = ctypes.c_int(); need(raw('prctl', 2, ctypes.addressof(told), 0, 0, 0) == 0);"
    " need(told.value == 9)",
    "no capability": "need(all(int(line.split()[1], 16) == 0 for line in open('/proc/self/status')"
    " if line.startswith(('CapInh', 'CapPrm', 'CapEff', 'CapAmb')))); need(os.getuid() or raw('prctl', 23, 0) == 0)",
}


@needs_all
def test_what_a_child_is():
    assert run(ASKED, skip=frozenset({"landlock", "seccomp"})) == dict.fromkeys(ASKED, "done")


@needs_all
def test_every_way_of_ending_is_seen_from_outside():
    endings = {
        "abort": "os.abort()",
        "exit": "os._exit(3)",
        "fault": "ctypes.string_at(0)",
        "x32": "_syscalls._HERE['getpid'] = 0x40000000 + 39; _syscalls.call('getpid')",
    }
    outcomes = run(endings)
    assert outcomes["abort"] == "signal 6"
    assert outcomes["exit"] == "exit"
    assert outcomes["fault"] == "signal 11"
    if _syscalls.machine() == "x86_64":
        assert outcomes["x32"] == "EPERM"


KILLS = {
    "kill": "os.kill(os.getpid(), 9)",
    "thread": "signal.pthread_kill(threading.get_ident(), 9)",
    "tkill": "raw('tkill', os.getpid(), 9)",
    "high bits": "raw('kill', os.getpid(), 9 | 1 << 32)",
}


@needs_all
@pytest.mark.parametrize("name", KILLS)
def test_sigkill_is_nothing_a_child_can_send(name):
    """So that a child which died of it was ended by the machine."""
    assert run(KILLS)[name] == "EPERM"
    assert run(KILLS, skip=EVERYTHING)[name] in ("signal 9", "EINVAL"), "the attempt is real"


@needs_all
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU])
def test_a_child_cannot_stop_itself(number):
    """So that one which is stopped was so by the machine, and its time stands still."""
    assert run({"stop": f"os.kill(os.getpid(), {int(number)})"})["stop"] == "EPERM"


@needs_all
@pytest.mark.skipif(_syscalls.machine() != "x86_64", reason="int 0x80 is an instruction of x86")
def test_the_other_architecture_kills():
    """The same number means another call there, so the filter could not judge it."""
    code = (
        r"page = mmap.mmap(-1, 4096, prot=7); page.write(b'\xb8\x14\0\0\0\xcd\x80\xc3');"
        "address = ctypes.addressof(ctypes.c_char.from_buffer(page));"
        "ctypes.CFUNCTYPE(ctypes.c_int)(address)()"
    )
    if run({"int 0x80": code}, skip=EVERYTHING)["int 0x80"] != "done":
        pytest.skip("this kernel has no 32-bit calls")
    assert run({"int 0x80": code})["int 0x80"] == "signal 31"


@needs_all
def test_without_opening_no_file_can_be_read():
    codes = {"library": "open(os.__file__).read()", "file": "open(FILE).read()", "sum": "sum(range(9))"}
    outcomes = run(codes, skip=frozenset({"landlock"}), opening=False)
    assert outcomes == {"library": "EPERM", "file": "EPERM", "sum": "done"}


BREAK = {
    "session": "os.setsid = fail",
    "descriptors": "_syscalls.call = fail",
    "environment": "_syscalls.clear_environment = fail",
    "rlimits": "resource.setrlimit = fail",
    "capabilities": "_syscalls.prctl = fail",
    "process": "jail._drop_capabilities = lambda: None; _syscalls.prctl = fail",
    "landlock": "_landlock.restrict_self = fail",
    "seccomp": "_seccomp.Filter.enter = fail",
}


@needs_all
@pytest.mark.parametrize("step", jail.STEPS)
def test_a_step_that_fails_stops_the_child_there(step):
    """Whatever the step, the child learns of it by JailError and runs nothing."""
    setup = (
        "def fail(*_): raise OSError(38, 'broken')\n"
        "prepare = jail.Lock.prepare\n"
        f"def broken(*a, **k):\n    made = prepare(*a, **k)\n    {BREAK[step]}\n    return made\n"
        "jail.Lock.prepare = broken"
    )
    assert run({"x": "pass"}, setup=setup) == {"x": f"JailError {step}"}


@needs_all
def test_a_lock_is_for_forks_and_only_once():
    lock = jail.Lock.prepare([], memory_bytes=1, cpu_seconds=1)
    with pytest.raises(jail.JailStepError, match="fork"):
        lock.apply([])
    lock.close()
    outcomes = run(
        {"again": "need(False) if child('', 1) == 'JailError session' else None"}, skip=frozenset({"seccomp"})
    )
    assert outcomes == {"again": "RuntimeError"}
