"""Warm processes for the tests: torch is imported once for a whole run of them, not once for each grading.

`start()` starts one fresh interpreter that imports numpy and torch and then is two processes:

- **the zygotes' origin**: never held a course or a suite. While `in_use()` holds, `Keeper.launch` has its zygote forked
  from it instead of executed and warmed anew. All else (locks, control messages, children) is what it always is.
- **the commands' origin**: has the engine imported as well. `Warm.run("grade", …)` is `python -m grader grade …` in a
  process forked from it: its own arguments, folder, environment and streams, its exit status. What such a command
  grades comes from the zygotes' origin too.

What a test must see for real (an interpreter that starts, an environment variable that Python reads at its start, a
process that is killed) is started for real. `tests/kit/test_warm.py` holds that the two ways agree.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grader.subject import frames, keeper, zygote

from .processes import GUARD

ROOT = Path(__file__).resolve().parents[2]
BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from tests.kit import warm; warm.serve(*sys.argv[2:])"
#: Loaded by a test that needs it, at its own cost.
LEFT_OUT = ("grader.__main__", "grader.nbgrader_plugin", "grader.suite.plugin")


class Warm:
    """The tests' side of both origins. Those of commands have the modules `also` imported, too."""

    def __init__(self, also: Sequence[str] = ()) -> None:
        zygotes, theirs_for_zygotes = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        commands, theirs_for_commands = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        descriptors = [theirs_for_zygotes.fileno(), theirs_for_commands.fileno(), zygotes.fileno()]
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-B", "-c", BOOT, str(ROOT), *map(str, descriptors), *also],
            env=frames.ENVIRONMENT,
            cwd="/",
            pass_fds=descriptors,
            stdin=subprocess.DEVNULL,
        )
        for end in (theirs_for_zygotes, theirs_for_commands):
            end.close()
        self._zygotes, self._commands = zygotes, commands

    def run(
        self,
        *arguments: object,
        module: str = "grader",
        cwd: Path = ROOT,
        env: dict[str, str] | None = None,
        input: str = "",
        **more: str,
    ) -> subprocess.CompletedProcess[str]:
        """`python -m MODULE ARGUMENTS…`, forked: what it wrote and its exit status.

        `env` is its whole environment (default: this process's); `more` is added to it. `input` is what it can read.
        """
        request = {
            "module": module,
            "arguments": [str(argument) for argument in arguments],
            "cwd": str(cwd),
            "env": {**(os.environ if env is None else env), **more},
        }
        ends = [os.pipe() for _ in range(3)]
        with tempfile.TemporaryFile() as standard_input:
            standard_input.write(input.encode())
            standard_input.seek(0)
            descriptors = [standard_input.fileno(), *(end for _, end in ends)]
            socket.send_fds(self._commands, [json.dumps(request).encode()], descriptors)
        for _, end in ends:
            os.close(end)
        written = _read_all([end for end, _ in ends], GUARD)
        status = int(written[2] or b"-1")
        out, err = (text.decode("utf-8", "replace") for text in written[:2])
        command = [sys.executable, "-m", module, *request["arguments"]]
        return subprocess.CompletedProcess(command, status, out, err)

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Have zygotes forked from the origin, by whatever grades in this process."""
        before = keeper.subprocess
        keeper.subprocess = _forking(self._zygotes)  # type: ignore[attr-defined]
        try:
            yield
        finally:
            keeper.subprocess = before  # type: ignore[attr-defined]

    def close(self) -> None:
        self._commands.close()
        self._zygotes.close()
        self._process.wait()


class ForkedZygote:
    """A zygote forked from the origin, with what `Keeper` uses of a Popen."""

    def __init__(self, origin: socket.socket, descriptor: int) -> None:
        self._lives, theirs = os.pipe()  # ends when it and all its children have ended
        socket.send_fds(origin, [b"zygote"], [descriptor, theirs])
        os.close(theirs)
        announced = b""
        while not announced.endswith(b"\n"):
            piece = os.read(self._lives, 32)
            if not piece:
                raise RuntimeError("the origin of zygotes has ended")
            announced += piece
        self.pid = int(announced)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._lives], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("zygote", timeout or 0)
            self.returncode = 0
            os.close(self._lives)
        return self.returncode

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _forking(origin: socket.socket) -> Any:
    """What stands for the module `subprocess` in `grader.subject.keeper`."""

    def popen(command: Sequence[str], *, pass_fds: Sequence[int], **options: Any) -> ForkedZygote:
        (descriptor,) = pass_fds
        return ForkedZygote(origin, descriptor)

    return SimpleNamespace(**{**vars(subprocess), "Popen": popen})


def _read_all(descriptors: Sequence[int], seconds: float) -> list[bytes]:
    """Everything that comes out of some pipes, until all are closed."""
    parts: dict[int, list[bytes]] = {descriptor: [] for descriptor in descriptors}
    opened = set(descriptors)
    try:
        while opened:
            ready = select.select(sorted(opened), [], [], seconds)[0]
            if not ready:
                raise TimeoutError(f"a command that was forked is stuck: nothing came for {seconds:.0f} s")
            for descriptor in ready:
                piece = os.read(descriptor, 1 << 16)
                parts[descriptor].append(piece)
                if not piece:
                    opened.discard(descriptor)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    return [b"".join(parts[descriptor]) for descriptor in descriptors]


# The other side


def serve(*descriptors: str) -> None:
    """Become both origins.

    Given are the ends by which zygotes and commands are asked for, the one by which a command, forked from here, asks
    for zygotes, and names of modules.
    """
    (zygotes, commands, asking), also = map(int, descriptors[:3]), descriptors[3:]
    for name in ("numpy", "torch"):
        importlib.import_module(name)
    if os.fork() == 0:
        os.close(commands)
        os.close(asking)
        _serve_zygotes(socket.socket(fileno=zygotes))
        os._exit(0)
    os.close(zygotes)
    _import_the_engine(also)
    _serve_commands(socket.socket(fileno=commands), socket.socket(fileno=asking))
    os._exit(0)


def _serve_zygotes(requests: socket.socket) -> None:
    from grader.subject import jail, warmup

    jail.die_with_parent()
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry) != ROOT]
    warmup.settle()
    warmup.warm_up(("numpy", "torch"))
    gc.collect()
    gc.freeze()
    zygote.collapse()
    while True:
        _, descriptors, _, _ = socket.recv_fds(requests, 16, 2)
        while _reap():
            pass
        if not descriptors:
            return
        if os.fork() == 0:
            requests.close()
            control, lives = descriptors
            os.setsid()
            os.write(lives, b"%d\n" % os.getpid())
            zygote.collapse = lambda: None  # done above: its memory is the origin's
            try:
                zygote.main(control)
            finally:
                os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _reap() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _import_the_engine(also: Sequence[str]) -> None:
    import grader

    importlib.import_module("pytest")
    importlib.import_module("jupytext")
    for module in pkgutil.walk_packages(grader.__path__, "grader."):
        if not module.name.startswith(LEFT_OUT) and not module.ispkg:
            with contextlib.suppress(ImportError):  # of a library that is not installed
                importlib.import_module(module.name)
    for name in also:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _serve_commands(requests: socket.socket, zygotes: socket.socket) -> None:
    while True:
        data, descriptors, _, _ = socket.recv_fds(requests, 1 << 20, 4)
        if not data:
            return
        pid = os.fork()
        if pid == 0:
            requests.close()
            os.close(descriptors.pop())
            _run(json.loads(data), descriptors, zygotes)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.write(descriptors[-1], str(status).encode())
        for descriptor in descriptors:
            os.close(descriptor)


def _run(request: dict[str, Any], streams: Sequence[int], zygotes: socket.socket) -> None:
    """Run a module as `python -m` does, and end this process."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stderr = io.TextIOWrapper(open(2, "wb", closefd=False), encoding="utf-8", line_buffering=True)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.path.insert(0, request["cwd"])
    sys.argv[:] = ["-m", *request["arguments"]]
    keeper.subprocess = _forking(zygotes)  # type: ignore[attr-defined]
    status = 0
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if not isinstance(ended.code, (int, type(None))):
            print(ended.code, file=sys.stderr)
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    # As an interpreter does: whatever it is, it is the command's own fault, and its traceback is part of what came.
    except BaseException:
        traceback.print_exc()
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # nobody reads any more
            stream.flush()
    os._exit(status)
