"""The list of system calls a locked child may make, and its translation to a BPF filter.

What is not on the list fails with EPERM, as any refused call does, so that a student's traceback points
at the line that asked. Calls of another architecture end the process: nothing honest makes them. The
filter sees numbers, never what a pointer points at, so no rule here speaks of paths. It must import
nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import _syscalls

# --- the list ------------------------------------------------------------

# Free of conditions. The first ones are those a calculation makes most. Memory may be made executable:
# convolutions and recurrent layers are compiled at run time, and machine code is bound by this list too. Not sysinfo:
# two submissions could signal by the load and the free memory, and the C library sorts without an answer as well.
ALLOWED = (
    *("read", "write", "mmap", "munmap", "mremap", "mprotect", "brk"),
    *("readv", "writev", "pread64", "lseek"),
    *("close", "dup", "dup2", "dup3", "poll", "ppoll", "select", "pselect6"),
    *("stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2"),
    *("getcwd", "getdents", "getdents64", "readlink", "readlinkat"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait"),
    *("sigaltstack", "alarm", "pause", "getitimer", "setitimer", "restart_syscall"),
    *("nanosleep", "gettimeofday", "time", "times"),
    *("getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid"),
    *("getresuid", "getresgid", "getgroups", "getrlimit", "getrusage", "uname"),
    *("getcpu", "sched_yield", "getrandom", "exit", "exit_group"),
)


@dataclass(frozen=True)
class OneOf:
    """The lower 32 bits of an argument are one of `values`."""

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class NoneOf:
    """The lower 32 bits of an argument are none of `values`."""

    argument: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class NoBits:
    """The lower 32 bits of an argument have none of these."""

    argument: int
    bits: int


@dataclass(frozen=True)
class Null:
    """All 64 bits of an argument are zero."""

    argument: int


Condition = OneOf | NoneOf | NoBits | Null

SELF = 0x7FFF_FFFF  # stands for the own process id, known only after the fork; no process can have it

READ_ONLY_FLAGS = {  # of open: O_NOCTTY, O_NONBLOCK, O_CLOEXEC, then O_DIRECTORY and O_NOFOLLOW
    "x86_64": 0o400 | 0o4000 | 0o2000000 | 0o200000 | 0o400000,
    "aarch64": 0o400 | 0o4000 | 0o2000000 | 0o40000 | 0o100000,
}
_TERMINAL_QUESTIONS = (0x5401, 0x5413)  # TCGETS and TIOCGWINSZ: is it a terminal, how wide
_CLOSE_ON_EXEC = (0x5450, 0x5451)
_DESCRIPTOR_QUESTIONS = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC
_NOT_OURS = (9, 19, 20, 21, 22)  # SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU: the same on both machines
# Clocks of the machine, and of the own process and thread: the others are made of the number of a process.
_CLOCKS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11)
# FUTEX_WAIT, WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET and WAKE_BITSET, the two that wait also by the other
# clock; each with FUTEX_PRIVATE_FLAG.
_PRIVATE_WAITS = tuple(128 + kind for kind in (0, 1, 3, 4, 5, 9, 10, 256, 256 + 9))
# NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, FREE, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, WIPEONFORK, KEEPONFORK,
# POPULATE_READ and POPULATE_WRITE.
_OWN_MEMORY = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 18, 19, 22, 23)
_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA = 15, 16, 0x53564D41

# A call passes when every condition of one of its alternatives holds.
CONDITIONAL: Mapping[str, tuple[tuple[Condition, ...], ...]] = {
    # Not COLD and PAGEOUT, which push pages of a library file out of everybody's memory, nor MERGEABLE, which shares
    # pages with whoever has the same: with either, one submission can signal to another.
    "madvise": ((OneOf(2, _OWN_MEMORY),),),
    # Not without FUTEX_PRIVATE_FLAG: two processes that have mapped one library file could wake each other there.
    "futex": ((OneOf(1, _PRIVATE_WAITS),),),
    # Not the clocks of other processes, which tell what they compute and whether they are there.
    "clock_gettime": ((OneOf(0, _CLOCKS),),),
    "clock_getres": ((OneOf(0, _CLOCKS),),),
    "clock_nanosleep": ((OneOf(0, _CLOCKS),),),
    # Nor the processors of others.
    "sched_getaffinity": ((OneOf(0, (0, SELF)),),),
    # Not F_SETFL and F_SETOWN: the flags of a pipe are shared, and its owner gets signals.
    "fcntl": ((OneOf(1, _DESCRIPTOR_QUESTIONS),),),
    "ioctl": ((OneOf(1, (*_TERMINAL_QUESTIONS, *_CLOSE_ON_EXEC)),),),
    "prctl": ((OneOf(0, (_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA)),),),
    # Not SIGKILL, nor what stops: a child that was killed or stopped was so by the machine, and not by the submission.
    "kill": ((OneOf(0, (SELF,)), NoneOf(1, _NOT_OURS)),),
    "tkill": ((OneOf(0, (SELF,)), NoneOf(1, _NOT_OURS)),),
    "tgkill": ((OneOf(0, (SELF,)), NoneOf(2, _NOT_OURS)),),
    # Limits may be read, never set.
    "prlimit64": ((OneOf(0, (0, SELF)), Null(2)),),
}

# A library that meets ENOSYS falls back to the older call; on EPERM it would give up.
UNKNOWN = ("openat2", "clone3")
OPENING = {"open": 1, "openat": 2}  # which argument holds the flags

# --- the translation ------------------------------------------------------------

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_OFFSET_NUMBER, _OFFSET_ARCH, _OFFSET_ARGS = 0, 4, 16
_X32_BIT = 0x4000_0000
_FAIL = 255  # a jump still to be pointed at the next alternative

_Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def deny(code: int) -> int:
    """The filter's verdict "this call fails with errno `code`"."""
    return _ERRNO | code


def program(machine: str, *, opening: bool = True) -> list[_Instruction]:
    """The filter for `machine`, with SELF where a process id belongs.

    `opening=False` denies every open, for kernels without Landlock. Raises KeyError for an unknown machine.
    """
    code: list[_Instruction] = [
        (_LOAD, 0, 0, _OFFSET_ARCH),
        (_JUMP_EQUAL, 1, 0, _syscalls.AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
    ]
    if machine == "x86_64":
        code += [(_JUMP_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, deny(errno.EPERM))]

    def when(name: str, body: list[_Instruction]) -> None:
        number = _syscalls.number(name, machine)
        if number is not None:
            code.append((_JUMP_EQUAL, 0, len(body), number))
            code.extend(body)

    for name in ALLOWED:
        when(name, [(_RETURN, 0, 0, _ALLOW)])
    for name, alternatives in CONDITIONAL.items():
        when(name, _any_of(alternatives))
    if opening:
        # Flags not known to be harmless are refused: writing, creating, and O_PATH, which Landlock allows.
        unsafe = ~READ_ONLY_FLAGS[machine] & 0xFFFF_FFFF
        for name, argument in OPENING.items():
            when(name, _any_of([[NoBits(argument, unsafe)]]))
    for name in UNKNOWN:
        when(name, [(_RETURN, 0, 0, deny(errno.ENOSYS))])
    code.append((_RETURN, 0, 0, deny(errno.EPERM)))
    return code


def _any_of(alternatives: Sequence[Sequence[Condition]]) -> list[_Instruction]:
    code: list[_Instruction] = []
    for conditions in alternatives:
        part = [step for condition in conditions for step in _condition(condition)]
        part.append((_RETURN, 0, 0, _ALLOW))
        for at, (op, true, false, operand) in enumerate(part):
            beyond = len(part) - at - 1
            part[at] = (op, beyond if true == _FAIL else true, beyond if false == _FAIL else false, operand)
        code += part
    return [*code, (_RETURN, 0, 0, deny(errno.EPERM))]


def _condition(condition: Condition) -> list[_Instruction]:
    low = _OFFSET_ARGS + 8 * condition.argument  # both machines store the lower half first
    load = (_LOAD, 0, 0, low)
    if isinstance(condition, NoBits):
        return [load, (_JUMP_BITS, _FAIL, 0, condition.bits)]
    if isinstance(condition, Null):
        zero = (_JUMP_EQUAL, 0, _FAIL, 0)
        return [load, zero, (_LOAD, 0, 0, low + 4), zero]
    if isinstance(condition, NoneOf):
        return [load, *((_JUMP_EQUAL, _FAIL, 0, value) for value in condition.values)]
    count = len(condition.values)
    tests = [(_JUMP_EQUAL, count - 1 - at, 0, value) for at, value in enumerate(condition.values)]
    tests[-1] = (_JUMP_EQUAL, 0, _FAIL, condition.values[-1])
    return [load, *tests]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class Filter:
    """A filter in the kernel's form. Made once; entered by each child, which fills in its process id."""

    def __init__(self, code: Sequence[_Instruction]) -> None:
        packed = b"".join(struct.pack("=HBBI", *step) for step in code)
        self._buffer = ctypes.create_string_buffer(packed, len(packed))
        self._own = [8 * at + 4 for at, step in enumerate(code) if step[0] == _JUMP_EQUAL and step[3] == SELF]
        self._program = _Program(len(code), ctypes.addressof(self._buffer))

    def enter(self) -> None:
        """Enter the filter: one way. Needs no_new_privs. Raises OSError."""
        own = os.getpid()
        for offset in self._own:
            struct.pack_into("=I", self._buffer, offset, own)
        # SPEC_ALLOW: without it, kernels before 5.16 slow every calculation down against an attack on
        # secrets in the own memory, and the child has none. Where the flag is unknown it is left out.
        try:
            _syscalls.call("seccomp", _SET_MODE_FILTER, _SPEC_ALLOW, self._program)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            _syscalls.call("seccomp", _SET_MODE_FILTER, 0, self._program)


_SET_MODE_FILTER, _GET_ACTION_AVAILABLE, _SPEC_ALLOW = 1, 2, 4


def probe() -> None:
    """Ask the kernel whether filters work, without entering one. Raises OSError where they do not."""
    # A null program is refused by address (EFAULT) only by a kernel that would have read it.
    try:
        _syscalls.call("seccomp", _SET_MODE_FILTER, 0, None)
    except OSError as error:
        if error.errno != errno.EFAULT:
            raise
    for action in (_ERRNO, _KILL):
        action_bytes = ctypes.create_string_buffer(struct.pack("=I", action), 4)
        _syscalls.call("seccomp", _GET_ACTION_AVAILABLE, 0, action_bytes)
