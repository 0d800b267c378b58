"""The jail, by real system calls in real children: what each layer stops, and that honest work goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.subject import _landlock, _seccomp, _syscalls, jail

from .jail_attempts import ATTEMPTS, FOREIGN, LEGAL, ROOT, TORCH, alone, run, run_all

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
    found = run_all(frozenset())
    assert found["fork"] == "EPERM"
    assert found["read a file"] == "EACCES"
    assert found["clone3"] == "ENOSYS"  # so that the C library tries clone, and says what Python understands
    assert found["start a thread"] == "RuntimeError"


@needs_all
def test_legal_work_goes_on():
    found = run(LEGAL)
    assert {name: result for name, result in found.items() if result != "done"} == {}


@needs_all
def test_torch_and_numpy_go_on():
    setup = (
        "import numpy as np, torch\nfrom torch import nn\n"
        "warm = torch.optim.Adam(nn.Linear(2, 2).parameters()); warm.step()"
    )
    found = run(TORCH, setup=setup)
    assert {name: result for name, result in found.items() if result != "done"} == {}


@needs_all
def test_ways_to_end():
    endings = {
        "abort": "os.abort()",
        "exit": "os._exit(3)",
        "fault": "ctypes.string_at(0)",
        "x32": "_syscalls._HERE['getpid'] = 0x40000000 + 39; _syscalls.call('getpid')",
    }
    found = run(endings)
    assert found["abort"] == "signal 6"
    assert found["exit"] == "exit"
    assert found["fault"] == "signal 11"
    if _syscalls.machine() == "x86_64":
        assert found["x32"] == "EPERM"


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
    found = run(codes, skip=frozenset({"landlock"}), opening=False)
    assert found == {"library": "EPERM", "file": "EPERM", "sum": "done"}


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
    made = jail.Lock.prepare([], memory_bytes=1, cpu_seconds=1)
    with pytest.raises(jail.JailError, match="fork"):
        made.apply([])
    made.close()
    found = run(
        {"again": "need(False) if child('', 1) == 'JailError session' else None"}, skip=frozenset({"seccomp"})
    )
    assert found == {"again": "RuntimeError"}


def test_an_unknown_step_cannot_be_skipped():
    with pytest.raises(jail.JailError, match="landlok"):
        jail.Lock.prepare([], memory_bytes=1, cpu_seconds=1, skip=frozenset({"landlok"}))


def test_missing_layers_are_named():
    assert jail.missing(jail.Layers(landlock="why", seccomp=None, descriptors=None)) == ["landlock"]


@pytest.mark.skipif(sys.platform != "linux", reason="there is nothing to probe")
def test_probing_changes_nothing():
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from grader.subject import jail\n"
        "def look():\n"
        "    status = open('/proc/self/status').read().splitlines()\n"
        "    kept = [line for line in status if line.startswith(('Cap', 'NoNew', 'Seccomp'))]\n"
        "    return kept, os.listdir('/proc/self/fd')\n"
        "before = look(); jail.probe(); assert len(before[0]) > 5 and look() == before\n"
        "open('/proc/self/maps'); os.fork() or os._exit(0)"
    )
    subprocess.run([sys.executable, "-I", "-B", "-c", code, str(ROOT)], check=True, timeout=60)


def test_readable_paths_hold_the_library_and_no_home():
    paths = jail.readable_paths()
    assert any(Path(os.__file__).resolve().is_relative_to(path) for path in paths)
    assert not {Path("/"), Path.home(), ROOT, Path.cwd()} & set(paths)
    assert not any(ROOT.is_relative_to(path) for path in paths)
    assert all(path.is_absolute() and path.exists() for path in paths)


def test_secrets_below_a_readable_path_are_refused(tmp_path):
    lib, suite = tmp_path / "lib", tmp_path / "lib" / "tests" / "hidden"
    suite.mkdir(parents=True)
    outside = tmp_path / "course"
    outside.mkdir()
    (tmp_path / "link").symlink_to(suite)
    jail.check_secrets([outside], [lib])
    for secret in (suite, lib, tmp_path / "link", tmp_path):
        with pytest.raises(jail.JailError, match=re.escape(str(secret))):
            jail.check_secrets([outside, secret], [lib])


# --- the table and the filter of both machines ---

FILTERED = {*_seccomp.ALLOWED, *_seccomp.CONDITIONAL, *_seccomp.OPENING, *_seccomp.UNKNOWN}
OWN = {
    *("capset", "close_range", "seccomp"),
    *("landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self"),
}
# Calls that aarch64 was born without: newer ones, which both have, replace them.
ONLY_X86 = {
    *("access", "alarm", "dup2", "getdents", "lstat", "open", "pause", "poll", "readlink", "select", "stat"),
    "time",
}


def test_the_table_holds_what_is_used_and_nothing_else():
    assert set(_syscalls.NUMBERS) == FILTERED | OWN


def test_both_machines_are_complete():
    absent = {name for name, (_, arm) in _syscalls.NUMBERS.items() if arm is None}
    assert absent == ONLY_X86
    assert all(x86 is not None for x86, _ in _syscalls.NUMBERS.values())
    for column in zip(*_syscalls.NUMBERS.values(), strict=True):
        numbers = [number for number in column if number is not None]
        assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("column", "header"),
    [(0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (1, "/usr/include/asm-generic/unistd.h")],
)
def test_numbers_agree_with_the_kernel_headers(column, header):
    if not Path(header).exists():
        pytest.skip(f"no kernel headers here ({header})")
    text = Path(header).read_text()
    # The generic table calls those that depend on the size of a word by their 32-bit name, or __NR3264_.
    defined = {name: int(n) for name, n in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    defined["newfstatat"] = defined.get("newfstatat", defined.get("fstatat", -1))
    for name, numbers in {**_syscalls.NUMBERS, **FOREIGN}.items():
        if numbers[column] is not None and name in defined:
            assert (name, numbers[column]) == (name, defined[name])


@pytest.mark.parametrize("machine", _syscalls.MACHINES)
def test_every_path_through_the_filter_ends_in_a_verdict(machine):
    code = _seccomp.program(machine)
    reached, todo = set(), [0]
    while todo:
        at = todo.pop()
        if at in reached:
            continue
        reached.add(at)
        op, true, false, _ = code[at]  # an index beyond the end fails here
        if op & 7 == 5:
            todo += [at + 1 + true, at + 1 + false]
        elif op & 7 != 6:
            todo.append(at + 1)
    assert reached == set(range(len(code)))


def test_flags_of_open_are_those_of_this_machine():
    if _syscalls.machine() not in _syscalls.MACHINES:
        pytest.skip(f"no table for {_syscalls.machine()}")
    names = ("O_NOCTTY", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW")
    flags = 0
    for name in names:
        flags |= getattr(os, name)
    assert _seccomp.READ_ONLY_FLAGS[_syscalls.machine()] == flags
