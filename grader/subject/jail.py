"""Locks the current process, one way: it can then compute, read the Python environment, and answer.

The warm process prepares a `Lock` once; each forked child applies it before it sees a line of the
submission. A step that fails raises `JailStepError`, and the caller must end the process: a half-locked child
never goes on. It must not import numpy, torch or the grader's other parts, start a thread, or change the
process that only asks (`probe`).
"""

from __future__ import annotations

import ctypes
import errno as _errno
import importlib.util
import os
import signal
import site
import struct
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from grader import errors

from . import _landlock, _seccomp, _syscalls

if sys.platform != "win32":  # importable there too: `probe` says what is missing
    import resource

# The steps in the order in which a child takes them; `skip` names some of them.
STEPS = (
    *("session", "descriptors", "environment", "rlimits", "capabilities", "process"),
    *("landlock", "seccomp"),
)

#: What submissions compute with. Wherever it was installed (`pip install --user`, a folder that a .pth file names),
#: its modules that are loaded late, such as numpy.typing, have to be found.
_LIBRARIES = ("numpy", "torch")

_OPEN_FILES = 64
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x2008_0522
_LAST_DESCRIPTOR = 0xFFFF_FFFF

_T = TypeVar("_T")


class JailStepError(errors.JailError):
    """The jail cannot be built, or a step of it failed; `errno` is 0 where the kernel was not asked."""

    def __init__(self, step: str, errno: int = 0, detail: str = "") -> None:
        self.step, self.errno = step, errno
        why = detail or os.strerror(errno)
        super().__init__(f"the jail's step '{step}' failed: {why}")


@dataclass(frozen=True)
class Layers:
    """What this machine offers: None where a layer is there, else the reason why it is missing."""

    landlock: str | None
    seccomp: str | None
    descriptors: str | None


#: The layers that can be left out, by name (`grade --allow-unsafe`).
LAYERS = tuple(each.name for each in fields(Layers))


def probe() -> Layers:
    """Ask the kernel by the calls themselves, in forms that change nothing about the calling process."""
    if sys.platform != "linux":
        reason = f"{sys.platform} has no equivalent; grade on Linux, in WSL2 or in a Linux container"
        return Layers(reason, reason, reason)
    if _syscalls.machine() not in _syscalls.MACHINES:
        reason = f"the jail knows {' and '.join(_syscalls.MACHINES)}, not {_syscalls.machine()}"
        return Layers(reason, reason, reason)
    return Layers(
        landlock=_reason(_landlock.version, "Landlock (Linux 5.13 or newer, switched on at boot)"),
        seccomp=_reason(_seccomp.probe, "seccomp filters"),
        # The last descriptor of all is never open, so this closes nothing.
        descriptors=_reason(
            lambda: _syscalls.call("close_range", _LAST_DESCRIPTOR, _LAST_DESCRIPTOR, 0),
            "close_range (Linux 5.9 or newer)",
        ),
    )


def missing(layers: Layers) -> list[str]:
    """The names of the layers that are not there; each layer's field holds the reason."""
    return [each.name for each in fields(layers) if getattr(layers, each.name) is not None]


def _reason(ask: Callable[[], object], expected: str) -> str | None:
    try:
        ask()
    except OSError as error:
        return f"this machine does not offer {expected}: {os.strerror(error.errno or 0)}"
    return None


def readable_paths() -> list[Path]:
    """What a child may read: the Python environment, numpy and torch, the system's libraries; none inside another.

    Never all of sys.path (an editable install would open the course folder) and never a home.
    """
    candidates = [Path(prefix) / lib for prefix in (sys.prefix, sys.base_prefix) for lib in ("lib", "lib64")]
    candidates += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    candidates += [Path(folder) for folder in site.getsitepackages()]
    specs = filter(None, map(importlib.util.find_spec, _LIBRARIES))  # which imports nothing
    candidates += [Path(folder) for spec in specs for folder in spec.submodule_search_locations or ()]
    candidates += [Path(folder) for folder in ("/lib", "/lib64", "/usr/lib", "/usr/lib64")]
    candidates += [Path(folder) for folder in ("/usr/share/zoneinfo", "/usr/share/locale")]
    candidates += [Path(file) for file in ("/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom")]
    paths = sorted({path.resolve() for path in candidates if os.path.exists(path)})
    homes = {Path("/"), Path("/home"), Path("/root"), Path.home().resolve()}
    outermost: list[Path] = []
    for path in paths:
        if path in homes or any(path.is_relative_to(above) for above in outermost):
            continue
        outermost.append(path)
    return outermost


def check_secrets(secrets: Sequence[Path], readable: Sequence[Path]) -> None:
    """Raise JailError naming the first secret (suite, solution) below a readable path, or around one."""
    for secret in secrets:
        real = secret.resolve()
        for path in readable:
            if real.is_relative_to(path.resolve()):
                raise JailStepError(
                    "secrets",
                    detail=f"{secret} lies below {path}, which every submission may read; keep hidden suites "
                    "and solutions outside the Python environment, then run the same command again",
                )
            if path.resolve().is_relative_to(real):
                raise JailStepError(
                    "secrets",
                    detail=f"{path}, which every submission may read, lies inside {secret}; move the virtual "
                    "environment out of that folder, then run the same command again",
                )


class Lock:
    """Everything that can be made before the fork, and the steps a child takes after it."""

    def __init__(self, memory_bytes: int, cpu_seconds: int, skip: frozenset[str]) -> None:
        self._memory_bytes, self._cpu_seconds, self._skip = memory_bytes, cpu_seconds, skip
        self._ruleset: int | None = None
        self._filter: _seccomp.Filter | None = None
        self._maker, self._parent = os.getpid(), 0

    @classmethod
    def prepare(
        cls,
        readable: Sequence[Path],
        *,
        memory_bytes: int,
        cpu_seconds: int,
        skip: frozenset[str] = frozenset(),
        opening: bool = True,
    ) -> Lock:
        """Make the rule set and the filter, in the warm process. It stays unlocked itself.

        `memory_bytes` comes on top of what the child has mapped when it locks itself. `skip` names steps to
        leave out. `opening=False` denies every open of a file: it stands in for a missing Landlock, and
        imports that were not warmed fail. Raises JailError.
        """
        unknown = skip - set(STEPS)
        if unknown:
            raise JailStepError(
                "prepare", detail=f"no such step: {', '.join(sorted(unknown))}; known: {STEPS}"
            )
        lock = cls(memory_bytes, cpu_seconds, skip)
        if "landlock" not in skip:
            lock._ruleset = _step("landlock", lambda: _landlock.make_ruleset(readable))
        if "seccomp" not in skip:
            machine = _syscalls.machine()
            if machine not in _syscalls.MACHINES:
                raise JailStepError("seccomp", _errno.ENOSYS)
            lock._filter = _seccomp.Filter(_seccomp.program(machine, opening=opening))
        return lock

    def close(self) -> None:
        """Give the rule set's descriptor back; the lock can no longer be applied with Landlock."""
        if self._ruleset is not None:
            os.close(self._ruleset)
            self._ruleset = None

    def apply(self, keep_fds: Sequence[int]) -> None:
        """Lock the current process, a fork of the one that prepared, keeping 0, 1, 2 and `keep_fds` open.

        Raises JailError at the first step that fails; the caller must end the process then.
        """
        # A fork has one thread, which is what Landlock and seccomp lock.
        if os.getpid() == self._maker:
            raise JailStepError("fork", detail="a lock is applied in a fork of the process that made it")
        self._parent = os.getppid()
        steps: dict[str, Callable[[], object]] = {
            "session": os.setsid,
            "descriptors": lambda: self._close_others(keep_fds),
            "environment": _clear_environment,
            "rlimits": self._set_limits,
            "capabilities": _drop_capabilities,
            "process": self._harden_process,
            "landlock": self._enter_landlock,
            "seccomp": self._enter_seccomp,
        }
        for name in STEPS:
            if name not in self._skip:
                _step(name, steps[name])

    def _close_others(self, keep_fds: Sequence[int]) -> None:
        open_fds = {0, 1, 2, *keep_fds}
        if self._ruleset is not None:
            open_fds.add(self._ruleset)
        first = 0
        for descriptor in sorted(open_fds):
            if descriptor > first:
                _syscalls.call("close_range", first, descriptor - 1, 0)
            first = descriptor + 1
        _syscalls.call("close_range", first, _LAST_DESCRIPTOR, 0)

    def _set_limits(self) -> None:
        page = resource.getpagesize()
        with open("/proc/self/statm", "rb") as file:
            sizes = [int(number) * page for number in file.read().split()]
        limits = {
            resource.RLIMIT_AS: (sizes[0] + self._memory_bytes,) * 2,
            resource.RLIMIT_DATA: (sizes[5] + self._memory_bytes,) * 2,
            # The first limit sends SIGXCPU, which can be ignored; the second kills.
            resource.RLIMIT_CPU: (self._cpu_seconds, self._cpu_seconds + 1),
            resource.RLIMIT_FSIZE: (0, 0),
            resource.RLIMIT_NOFILE: (_OPEN_FILES, _OPEN_FILES),
            resource.RLIMIT_CORE: (0, 0),
            resource.RLIMIT_NPROC: (0, 0),
            resource.RLIMIT_MEMLOCK: (0, 0),
        }
        for limit, (soft, hard) in limits.items():
            _, ceiling = resource.getrlimit(limit)
            if ceiling != resource.RLIM_INFINITY:  # nobody but root may raise it
                soft, hard = min(soft, ceiling), min(hard, ceiling)
            resource.setrlimit(limit, (soft, hard))

    def _harden_process(self) -> None:
        _syscalls.prctl(_PR_SET_DUMPABLE, 0)
        die_with_parent()
        # The signal comes only for a death from now on; the parent may have died a moment before.
        if os.getppid() != self._parent:
            raise JailStepError("process", _errno.ESRCH)
        _syscalls.prctl(_PR_SET_NO_NEW_PRIVS, 1)

    def _enter_landlock(self) -> None:
        if self._ruleset is None:
            raise JailStepError("landlock", _errno.EBADF)
        _landlock.restrict_self(self._ruleset)
        self.close()

    def _enter_seccomp(self) -> None:
        if self._filter is None:
            raise JailStepError("seccomp", _errno.EINVAL)
        self._filter.enter()


def die_with_parent() -> None:
    """Have the current process killed when its parent ends: the parent's thread that started it, to be exact.

    Raises JailError.
    """
    _step("process", lambda: _syscalls.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL))


def _clear_environment() -> None:
    os.environ.clear()
    _syscalls.clear_environment()


def _drop_capabilities() -> None:
    """Give up every capability in every set. Who has none (an ordinary user) gives up nothing: no error."""
    capability = 0
    while True:
        try:
            _syscalls.prctl(_PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno not in (_errno.EINVAL, _errno.EPERM):
                raise
            # EINVAL: that was the last one. EPERM: not ours to drop, and no_new_privs keeps it out of reach.
            break
        capability += 1
    _syscalls.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), 8)
    nothing = ctypes.create_string_buffer(24)
    _syscalls.call("capset", header, nothing)


def _step(name: str, take: Callable[[], _T]) -> _T:
    try:
        return take()
    except JailStepError:
        raise
    except OSError as error:
        raise JailStepError(name, error.errno or 0) from error
    except Exception as error:
        raise JailStepError(name, detail=f"{type(error).__name__}: {error}") from error
