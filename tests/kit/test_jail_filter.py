"""The table of system calls and the filter made of it, for both machines."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from grader.subject import _seccomp, _syscalls

from .jail_attempts import FOREIGN

# --- the table and the filter of both machines ---

FILTERED = {*_seccomp.ALLOWED, *_seccomp.CONDITIONAL, *_seccomp.OPENING, *_seccomp.UNKNOWN}


OWN = {
    *("capset", "close_range", "sched_setattr", "seccomp"),
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


#: Every call that a child may make whatever its arguments, written down a second time: one that is added to the list
#: of the jail is added here too, with a reason why it is harmless.
HARMLESS_CALLS = """
    read write mmap munmap mremap mprotect brk readv writev pread64 lseek
    close dup dup2 dup3 poll ppoll select pselect6
    stat fstat lstat newfstatat statx access faccessat faccessat2 getcwd getdents getdents64 readlink readlinkat
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait
    sigaltstack alarm pause getitimer setitimer restart_syscall
    nanosleep gettimeofday time times
    getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getgroups getrlimit getrusage
    uname getcpu sched_yield getrandom exit exit_group
"""


ASKING = {"fcntl", "ioctl", "prctl", "kill", "tkill", "tgkill", "prlimit64", "open", "openat"}


ASKING |= {"madvise", "futex", "clock_gettime", "clock_getres", "clock_nanosleep", "sched_getaffinity"}


def verdict(code, arch, number, arguments):
    """What the filter answers to one call: the kernel's interpreter, for the few instructions that are used."""
    words = {0: number, 4: arch}
    for place, argument in enumerate(arguments):
        words[16 + 8 * place], words[20 + 8 * place] = argument & 0xFFFFFFFF, argument >> 32
    at = loaded = 0
    while True:
        op, true, false, operand = code[at]
        at += 1
        if op == 0x06:
            return operand
        if op == 0x20:
            loaded = words[operand]
        else:
            held = {0x15: loaded == operand, 0x35: loaded >= operand, 0x45: loaded & operand}[op]
            at += true if held else false


@pytest.mark.parametrize("machine", _syscalls.MACHINES)
def test_the_list_is_closed(machine):
    """Every number there could be, with several arguments: what is allowed is on one of the two lists above."""
    code, arch = _seccomp.program(machine), _syscalls.AUDIT_ARCH[machine]
    names = {_syscalls.number(name, machine): name for name in _syscalls.NUMBERS}
    always, sometimes = set(), set()
    for number in range(1024):
        for value in (0, 1, 3, 0x5401, 0x7FFF_FFFF, 2**64 - 1):
            if verdict(code, arch, number, [value] * 6) == 0x7FFF_0000:
                sometimes.add(names.get(number, number))
        if verdict(code, arch, number, [0x0BAD_BAD0_0BAD_BAD0] * 6) == 0x7FFF_0000:
            always.add(names.get(number, number))
    there = {name for name in HARMLESS_CALLS.split() if _syscalls.number(name, machine) is not None}
    assert always == there
    assert sometimes <= there | ASKING
    assert verdict(code, arch ^ 1, 39, [0] * 6) == 0x8000_0000, "another architecture ends the process"


#: (call, arguments) -> whether it is allowed. The own process is 0x7FFFFFFF until a child fills its number in.
ARGUMENTS = [
    ("fcntl", (3, 1), True),
    ("fcntl", (3, 4), False),  # F_SETFL: the flags of a pipe are shared
    ("fcntl", (3, 8), False),  # F_SETOWN: signals
    ("ioctl", (0, 0x5401), True),
    ("ioctl", (0, 0x5412), False),  # TIOCSTI: types into a terminal
    ("prctl", (15,), True),
    ("prctl", (4, 1), False),  # dumpable again
    ("prctl", (1, 0), False),  # outlive the parent
    ("madvise", (4096, 4096, 4), True),
    ("madvise", (4096, 4096, 12), False),  # MERGEABLE: pages shared with others
    ("madvise", (4096, 4096, 21), False),  # PAGEOUT: pages that others use as well
    ("futex", (4096, 128), True),
    ("futex", (4096, 393), True),
    ("futex", (4096, 1), False),  # FUTEX_WAKE, whoever has mapped the page
    ("futex", (4096, 134), False),  # FUTEX_LOCK_PI: names a thread of anybody
    ("clock_gettime", (1,), True),
    ("clock_gettime", (0xFFFF_FFF2,), False),  # the processor clock of process 1
    ("clock_getres", (0xFFFF_FFF2,), False),
    ("clock_nanosleep", (0xFFFF_FFF2, 0), False),
    ("sched_getaffinity", (0, 128), True),
    ("sched_getaffinity", (0x7FFF_FFFF, 128), True),
    ("sched_getaffinity", (1, 128), False),
    ("kill", (0x7FFF_FFFF, 15), True),
    ("kill", (0x7FFF_FFFF, 9), False),  # it would look like the machine's doing
    ("kill", (0x7FFF_FFFF, 19), False),  # so would this
    ("kill", (1, 9), False),
    ("kill", (1, 15), False),
    ("kill", (0, 15), False),  # the group
    ("kill", (2**64 - 1, 9), False),
    ("tgkill", (1, 1, 9), False),
    ("prlimit64", (0, 7, 0, 1), True),
    ("prlimit64", (0, 7, 1, 0), False),  # sets a limit
    ("prlimit64", (0, 7, 2**32, 0), False),
    ("prlimit64", (1, 7, 0, 1), False),  # of another process
    ("openat", (0, 0, 0o2000000), True),
    ("openat", (0, 0, 1), False),  # writing
    ("openat", (0, 0, 0o100), False),  # creating
    ("openat", (0, 0, 0o10000000), False),  # O_PATH
]


@pytest.mark.parametrize("machine", _syscalls.MACHINES)
def test_what_arguments_decide(machine):
    code, arch = _seccomp.program(machine), _syscalls.AUDIT_ARCH[machine]
    for name, arguments, allowed in ARGUMENTS:
        six = [*arguments, *[0] * (6 - len(arguments))]
        number = _syscalls.number(name, machine)
        assert (verdict(code, arch, number, six) == 0x7FFF_0000) == allowed, (name, arguments)


def test_flags_of_open_are_those_of_this_machine():
    if _syscalls.machine() not in _syscalls.MACHINES:
        pytest.skip(f"no table for {_syscalls.machine()}")
    names = ("O_NOCTTY", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW")
    flags = 0
    for name in names:
        flags |= getattr(os, name)
    assert _seccomp.READ_ONLY_FLAGS[_syscalls.machine()] == flags
