"""Closes to a student's code, on their own machine, what is closed to it in grading: files, threads, programs, network.

`grader check` must not say that all is well where grading will not, and a file that is there at the desk is not there
when it is graded. Python tells an audit hook of files and the like before it opens them; the hook raises what the jail
lets a submission see. It is a mirror of the jail for honest code, not a lock.
"""

from __future__ import annotations

import _thread
import os
import sys
import tempfile
import threading
from contextlib import suppress
from typing import Any

_PROGRAMS = frozenset(
    ["subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"]
)
_NETWORK = frozenset(
    ["socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"]
)
_FOLDERS = frozenset(["os.listdir", "os.scandir"])
_CHANGES = frozenset(
    [
        *("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "os.link", "os.symlink"),
        *("os.chdir", "resource.setrlimit", "resource.prlimit"),
    ]
)
_WATCHED = frozenset(["open"]) | _PROGRAMS | _NETWORK | _FOLDERS | _CHANGES
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
_ALWAYS = frozenset([os.devnull, "/dev/urandom", "/dev/random"])


def close() -> None:
    """Close all that for the rest of this process. What Python and its libraries are made of stays readable."""
    home = os.path.realpath(os.getcwd())
    folders = (sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path)
    roots = frozenset(os.path.realpath(folder) for folder in folders if folder)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _WATCHED:
            return
        if event == "open":
            path, _, flags = arguments
            writes = isinstance(flags, int) and flags & _WRITING
            if isinstance(path, int) or path in _ALWAYS or (not writes and _readable(path, home, roots)):
                return
            raise PermissionError(13, "Permission denied", path)
        if event in _FOLDERS and _readable(arguments[0], home, roots):
            return
        raise PermissionError(13, "Permission denied")

    _close_saving()
    _close_programs()
    tempfile.gettempdir()  # libraries ask for it while they load, and it is found by writing there
    _close_threads()
    sys.addaudithook(hook)


def _readable(path: Any, home: str, roots: frozenset[str]) -> bool:
    """Whether a submission could read a path: in the student's own folder only what an environment there holds."""
    if isinstance(path, int) or path is None:
        return True
    text = os.fsdecode(path)
    if text in _ALWAYS:
        return True
    real = os.path.realpath(text)
    own = _is_below(real, home)
    return any(
        _is_below(real, root) and (not own or (root != home and _is_below(root, home))) for root in roots
    )


def _close_threads() -> None:
    _thread.start_new_thread = _no_thread  # type: ignore[assignment]
    for name in ("_start_new_thread", "_start_joinable_thread"):  # threading's, by the version of Python
        if hasattr(threading, name):
            setattr(threading, name, _no_thread)


def _close_saving() -> None:
    """torch opens the file that it saves to by itself, and tells no hook of it."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    save = torch.save

    def refused(program: Any, file: Any, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(file, (str, os.PathLike)):
            raise PermissionError(13, "Permission denied", os.fspath(file))
        return save(program, file, *arguments, **keywords)

    torch.save = refused


def _close_programs() -> None:
    """What starts a program and tells no hook of it, or tells a failure otherwise than by an exception."""
    os.system = lambda command: -1
    with suppress(ImportError):  # of POSIX alone
        import _posixsubprocess

        _posixsubprocess.fork_exec = _no_program


def _no_program(*arguments: Any, **keywords: Any) -> Any:
    raise PermissionError(13, "Permission denied")


def _no_thread(*arguments: Any, **keywords: Any) -> Any:
    raise RuntimeError("can't start new thread")


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
