"""System call numbers for x86_64 and aarch64, and one way to make a call by number.

The numbers of both machines stand side by side, so that a call allowed on one cannot be forgotten on
the other: `None` says outright that the machine has no such call. It must not decide what is allowed
(`_seccomp` does) and must not import anything but the standard library.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from typing import Any

# name: (x86_64, aarch64)
NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "access": (21, None),
    "alarm": (37, None),
    "brk": (12, 214),
    "capset": (126, 91),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "clone3": (435, 435),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "fcntl": (72, 25),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getcpu": (309, 168),
    "getcwd": (79, 17),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "getegid": (108, 177),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getgroups": (115, 158),
    "getitimer": (36, 102),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "getrandom": (318, 278),
    "getresgid": (120, 150),
    "getresuid": (118, 148),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "getuid": (102, 174),
    "ioctl": (16, 29),
    "kill": (62, 129),
    "landlock_add_rule": (445, 445),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "lseek": (8, 62),
    "lstat": (6, None),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "newfstatat": (262, 79),
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "pause": (34, None),
    "poll": (7, None),
    "ppoll": (271, 73),
    "prctl": (157, 167),
    "pread64": (17, 67),
    "prlimit64": (302, 261),
    "pselect6": (270, 72),
    "read": (0, 63),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "readv": (19, 65),
    "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134),
    "rt_sigpending": (127, 136),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigsuspend": (130, 133),
    "rt_sigtimedwait": (128, 137),
    "sched_getaffinity": (204, 123),
    "sched_setattr": (314, 274),
    "sched_yield": (24, 124),
    "seccomp": (317, 277),
    "select": (23, None),
    "setitimer": (38, 103),
    "sigaltstack": (131, 132),
    "stat": (4, None),
    "statx": (332, 291),
    "tgkill": (234, 131),
    "time": (201, None),
    "times": (100, 153),
    "tkill": (200, 130),
    "uname": (63, 160),
    "write": (1, 64),
    "writev": (20, 66),
}

MACHINES = ("x86_64", "aarch64")
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Importable everywhere, so that other systems get a sentence from `jail.probe` and not a failed import.
_libc: Any = None
if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)
    _libc.syscall.restype = ctypes.c_long
    # All seven as 64 bits: an int by itself would be cut to 32, with the upper half left to chance.
    _libc.syscall.argtypes = [ctypes.c_long] * 7


def machine() -> str:
    """The machine's name as it is used here: "x86_64", "aarch64", or whatever else it calls itself."""
    name = platform.machine().lower()
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(name, name)


def number(name: str, on: str) -> int | None:
    """The number of the call `name` on a machine; None where that machine has no such call.

    Raises KeyError for a name that is not in the table, or a machine that is not.
    """
    return dict(zip(MACHINES, NUMBERS[name], strict=True))[on]


_ZEROS = (0,) * 6
_HERE = {name: number(name, machine()) for name in NUMBERS} if machine() in MACHINES else {}


def call(name: str, *args: int | ctypes.Array[ctypes.c_char] | ctypes.Structure | None) -> int:
    """Make the system call `name`; buffers go by their address, None as a null pointer.

    Raises OSError with its errno, so a result is never a disguised error.
    """
    number = _HERE.get(name)
    if number is None:
        raise OSError(errno.ENOSYS, f"no call {name} on this machine")
    plain = [a if isinstance(a, int) else 0 if a is None else ctypes.addressof(a) for a in args]
    result = int(_libc.syscall(number, *plain, *_ZEROS[len(plain) :]))
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def prctl(option: int, *args: int) -> int:
    """prctl(2); its unused arguments are zero, as the newer options insist. Raises OSError."""
    return call("prctl", option, *args)


def clear_environment() -> None:
    """Empty the C library's environment, which `os.environ` is only a copy of."""
    _libc.clearenv()
