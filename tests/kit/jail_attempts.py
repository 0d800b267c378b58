"""What `test_jail` tries in a locked process, and how it tries it: a table of attempts, and a driver.

The driver is a fresh interpreter that prepares one lock and forks a child per attempt, as the warm process
does. Each attempt is harmless where it succeeds, since it must succeed without the jail: otherwise it proves
nothing.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader.subject.jail import STEPS
from tests.kit.processes import GUARD

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Attempt:
    """One thing a submission might try. `stopped_by`: the steps that each stop it alone."""

    code: str
    stopped_by: tuple[str, ...]
    landlock: int = 1  # the Landlock version from which on that layer stops it


BOTH = ("landlock", "seccomp")
FILTER = ("seccomp",)

ATTEMPTS = {
    # files
    "read a file": Attempt("open(FILE).read()", ("landlock",)),
    "list a folder": Attempt("os.listdir(FOLDER)", ("landlock",)),
    "read the parent's environment": Attempt("open(f'/proc/{PARENT}/environ').read()", ("landlock",)),
    "read the parent's memory": Attempt("open(f'/proc/{PARENT}/mem', 'rb').close()", ("landlock",)),
    "read the own memory map": Attempt("open('/proc/self/maps').read()", ("landlock",)),
    "make a file": Attempt("open(FOLDER + '/new', 'w').close()", BOTH),
    "open for appending": Attempt("os.close(os.open(FILE, os.O_WRONLY | os.O_APPEND))", BOTH),
    "open the library for writing": Attempt("os.close(os.open(os.__file__, os.O_RDWR))", BOTH),
    "open for both": Attempt("os.close(os.open(FILE, os.O_RDWR))", BOTH),
    "make a nameless file": Attempt("os.close(os.open(FOLDER, os.O_TMPFILE | os.O_WRONLY))", BOTH),
    "hold a path": Attempt("os.close(os.open(FILE, os.O_PATH))", FILTER),
    "truncate": Attempt("os.truncate(FILE, 1)", BOTH, landlock=3),
    "make a folder": Attempt("os.mkdir(FOLDER + '/sub')", BOTH),
    "make a link": Attempt("os.symlink('x', FOLDER + '/link')", BOTH),
    "make a hard link": Attempt("os.link(FILE, FOLDER + '/hard')", BOTH),
    "make a pipe with a name": Attempt("os.mkfifo(FOLDER + '/fifo')", BOTH),
    "rename": Attempt("os.rename(FILE, FOLDER + '/b'); os.rename(FOLDER + '/b', FILE)", BOTH),
    "delete": Attempt("os.unlink(FOLDER + '/victim')", BOTH),
    "change the mode": Attempt("os.chmod(FILE, 0o600)", FILTER),
    "change the owner": Attempt("os.chown(FILE, os.getuid(), os.getgid())", FILTER),
    "change the times": Attempt("os.utime(FILE)", FILTER),
    "share memory by name": Attempt("raw('memfd_create', b'x', 0)", FILTER),
    # network
    "connect by TCP to the same machine": Attempt(
        "socket.create_connection(('127.0.0.1', PORT))", BOTH, landlock=4
    ),
    "make a UDP socket": Attempt("socket.socket(socket.AF_INET, socket.SOCK_DGRAM)", FILTER),
    "make a netlink socket": Attempt("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", FILTER),
    "connect to an abstract socket": Attempt(
        "socket.socket(socket.AF_UNIX).connect(ABSTRACT)", BOTH, landlock=6
    ),
    # processes
    "fork": Attempt("os.fork() or os._exit(0)", FILTER),
    "start a thread": Attempt("threading.Thread(target=int).start()", FILTER),
    "spawn": Attempt("os.posix_spawn('/bin/true', ['true'], {})", FILTER),
    "exec": Attempt("os.execv('/bin/true', ['true'])", BOTH),
    "clone by number": Attempt("raw('clone', 17, 0, 0, 0, 0) or os._exit(0)", FILTER),
    "clone3": Attempt(
        "raw('clone3', struct.pack('=11Q', *4 * [0], 17, *6 * [0]), 88) or os._exit(0)", FILTER
    ),
    "signal the parent": Attempt("os.kill(PARENT, 0)", BOTH, landlock=6),
    "signal a thread of the parent": Attempt("raw('tgkill', PARENT, PARENT, 0)", BOTH, landlock=6),
    "signal by thread number": Attempt("raw('tkill', PARENT, 0)", BOTH, landlock=6),
    "signal the group": Attempt("os.kill(0, 0)", FILTER),
    "signal everybody": Attempt("os.kill(-1, 0)", FILTER),
    "signal by descriptor": Attempt("signal.pidfd_send_signal(os.pidfd_open(PARENT), 0)", FILTER),
    "trace the parent": Attempt("raw('ptrace', 0x4206, PARENT, 0, 0)", BOTH),
    "read the parent's memory by call": Attempt("read_memory(PARENT)", BOTH),
    "take the parent's descriptor": Attempt("raw('pidfd_getfd', os.pidfd_open(PARENT), 0, 0)", FILTER),
    "limits of the parent": Attempt("resource.prlimit(PARENT, resource.RLIMIT_NOFILE)", FILTER),
    "move the parent to a processor": Attempt(
        "os.sched_setaffinity(PARENT, os.sched_getaffinity(PARENT))", FILTER
    ),
    "lower the parent's priority": Attempt("os.setpriority(os.PRIO_PROCESS, PARENT, 1)", FILTER),
    "ask for the parent's processors": Attempt("os.sched_getaffinity(PARENT)", FILTER),
    "read the parent's processor clock": Attempt("time.clock_gettime(~PARENT << 3 | 2)", FILTER),
    "sleep by the parent's processor clock": Attempt(
        "need(raw('clock_nanosleep', ~PARENT << 3 | 2, 0, struct.pack('=QQ', 0, 0), None) == 0)", FILTER
    ),
    "wake who has mapped the same file": Attempt("raw('futex', mapped(), 1, 1, None, None, 0)", FILTER),
    "share pages with whoever has the same": Attempt("raw('madvise', mapped(), 4096, 12)", FILTER),
    "push pages of a file out of memory": Attempt("raw('madvise', mapped(), 4096, 21)", FILTER),
    # the kernel
    "a user namespace": Attempt("raw('unshare', 0x10000000)", FILTER),
    "io_uring": Attempt("raw('io_uring_setup', 1, bytes(120))", FILTER),
    "a page fault handler": Attempt("raw('userfaultfd', 1)", FILTER),
    "a key": Attempt("raw('add_key', b'user', b'x', b'x', 1, -3)", FILTER),
    "a timer": Attempt("raw('timer_create', 1, None, bytes(8))", FILTER),
    "a filter of its own": Attempt("raw('seccomp', 2, 0, struct.pack('=I', 0x7fff0000))", FILTER),
    "a rule set of its own": Attempt("raw('landlock_create_ruleset', None, 0, 1)", FILTER),
    "outlive the parent": Attempt("raw('prctl', 1, 0, 0, 0, 0)", FILTER),
    "change the root": Attempt("os.chroot('/')", ("capabilities", "seccomp")),
    "an ioctl that is not on the list": Attempt("fcntl.ioctl(KEPT, 0x541B, bytes(4))", FILTER),
    "have signals sent for a pipe": Attempt("fcntl.fcntl(KEPT, fcntl.F_SETOWN, PARENT)", FILTER),
    "make a shared pipe non-blocking": Attempt("fcntl.fcntl(KEPT, fcntl.F_SETFL, os.O_NONBLOCK)", FILTER),
    "set the own limits": Attempt(
        "resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))", FILTER
    ),
    # what was inherited, and how much there is
    "use an inherited descriptor": Attempt("os.pread(INHERITED, 1, 0)", ("descriptors",)),
    "use a descriptor far above": Attempt("os.pread(FAR, 1, 0)", ("descriptors",)),
    "read the environment": Attempt("os.environ['CANARY']", ("environment",)),
    "read the C environment": Attempt("need(ctypes.CDLL(None).getenv(b'CANARY'))", ("environment",)),
    "read what C alone has set": Attempt("need(ctypes.CDLL(None).getenv(b'QUIET'))", ("environment",)),
    "stay in the session": Attempt("need(os.getsid(0) != os.getpid())", ("session", "seccomp")),
    "take half a gigabyte": Attempt("bytearray(1 << 29)", ("rlimits",)),
    "map half a gigabyte": Attempt("mmap.mmap(-1, 1 << 29)", ("rlimits",)),
    "open a hundred files": Attempt("[os.dup(0) for _ in range(100)]", ("rlimits",)),
    "dump core": Attempt("need(resource.getrlimit(resource.RLIMIT_CORE)[1])", ("rlimits",)),
    "compute for ever": Attempt("need(resource.getrlimit(resource.RLIMIT_CPU)[1] < 0)", ("rlimits",)),
    "write to a file that is open": Attempt("os.write(INHERITED, b'x')", ("descriptors", "rlimits")),
}

# What must go on in a locked child.
LEGAL = {
    "signal itself": "os.kill(os.getpid(), 0)",
    "read its own limits": "resource.getrlimit(resource.RLIMIT_AS)",
    "ask which processors": "os.sched_getaffinity(0)",
    "sleep": "import time; time.sleep(0.001)",
    "random bytes": "need(len(os.urandom(8)) == 8)",
    "a module not loaded yet": "import fractions, sqlite3, unittest, statistics, zoneinfo",
    "source lines for a traceback": "import inspect, textwrap; need(inspect.getsource(textwrap))",
    "list the library": "need(os.listdir(os.path.dirname(os.__file__)))",
    "an alarm": "signal.signal(signal.SIGALRM, lambda *_: None); signal.alarm(1); signal.alarm(0)",
    "its own processor clocks": "time.process_time(), time.thread_time(), time.clock_getres(2)",
    "drop memory of its own": "mmap.mmap(-1, 4096).madvise(mmap.MADV_DONTNEED)",
    "wake nobody": "need(raw('futex', bytes(4), 129, 1, None, None, 0) == 0)",
    "a call back from C": "need(ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1)() == 1)",
    "memory within the limit": "bytearray(1 << 26)",
    "is it a terminal": "os.isatty(0)",
}

TORCH = {
    "recurrent layers": "for kind in (nn.RNN, nn.LSTM, nn.GRU):\n"
    "    kind(4, 5, batch_first=True, bidirectional=True)(torch.randn(2, 7, 4))[0].sum().backward()\n"
    "    with torch.no_grad(): kind(4, 5)(torch.randn(2, 7, 4))",
    "padded lengths": "from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence\n"
    "packed = pack_padded_sequence(torch.randn(2, 5, 3), [5, 2], batch_first=True)\n"
    "pad_packed_sequence(nn.RNN(3, 4, batch_first=True)(packed)[0])",
    "convolution": "nn.Conv2d(3, 8, 3)(torch.randn(2, 3, 9, 9)).sum().backward()",
    "transformer": "nn.TransformerEncoderLayer(8, 2)(torch.randn(2, 3, 8)).sum().backward()",
    "optimisers": "for name in ('SGD', 'Adam', 'AdamW', 'RMSprop'):\n"
    "    layer = nn.Linear(3, 3); optimiser = getattr(torch.optim, name)(layer.parameters(), lr=0.1)\n"
    "    layer(torch.ones(2, 3)).sum().backward(); optimiser.step()",
    "einsum": "torch.einsum('bij,bjk->bik', torch.randn(2, 3, 4), torch.randn(2, 4, 5))",
    "linear algebra": "torch.linalg.svd(torch.eye(9)); np.linalg.eig(np.eye(9)); np.eye(300) @ np.eye(300)",
    "script and trace": "torch.jit.trace(nn.Tanh(), torch.ones(1, 3)); torch.jit.script(nn.Linear(3, 3))",
    "loading data": "from torch.utils.data import DataLoader; list(DataLoader(torch.ones(9), batch_size=4))",
    "vmap and functional gradients": "torch.vmap(torch.func.grad(torch.sum))(torch.ones(3, 3))",
    "rows of different lengths": "some = [torch.zeros(2, 3), torch.ones(4, 3)]\n"
    "rows = torch.nested.nested_tensor(some, layout=torch.jagged)\n"
    "torch.nn.functional.linear(rows, torch.ones(5, 3, requires_grad=True)).values().sum().backward()\n"
    "(rows * 2).to_padded_tensor(0.0)",
    "random numbers": "torch.manual_seed(3); torch.randn(3); np.random.default_rng().normal()",
    "a copy": "import copy; copy.deepcopy(nn.LSTM(2, 2))",
}

# (x86_64, aarch64): calls that the jail has no word for
FOREIGN = {
    "clone": (56, 220),
    "memfd_create": (319, 279),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "timer_create": (222, 107),
}

DRIVER = r"""
import ctypes, errno, fcntl, json, mmap, os, resource, signal, socket, struct, sys, tempfile, threading, time
import encodings.idna
job = json.loads(sys.stdin.read())
sys.path.insert(0, job["root"])
from pathlib import Path
from grader.subject import jail, _landlock, _seccomp, _syscalls
exec(job["setup"])
PARENT, FOLDER, FILE = os.getpid(), job["folder"], job["folder"] + "/file"
listener = socket.create_server(("127.0.0.1", 0)); PORT = listener.getsockname()[1]
ABSTRACT = "\0jail-test-%d" % os.getpid()
unix = socket.socket(socket.AF_UNIX); unix.bind(ABSTRACT); unix.listen(8)
INHERITED = os.open(FILE, os.O_RDWR)
FAR = os.dup2(INHERITED, 900)
os.environ["CANARY"] = "canary"
ctypes.CDLL(None).setenv(b"QUIET", b"canary", 1)
def raw(name, *args):
    numbers = {**_syscalls.NUMBERS, **{k: tuple(v) for k, v in job["foreign"].items()}}
    _syscalls._HERE[name] = numbers[name][_syscalls.MACHINES.index(_syscalls.machine())]
    buffer = ctypes.create_string_buffer
    return _syscalls.call(name, *[buffer(a) if isinstance(a, bytes) else a for a in args])
def need(truth):
    if not truth: raise RuntimeError("nothing there")
LIBRARY = next(line.split()[-1] for line in open("/proc/self/maps") if "/libc" in line)
def mapped():
    with open(LIBRARY, "rb") as file:
        return _syscalls.call("mmap", 0, 4096, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
def read_memory(pid):
    target, here = ctypes.c_char(), ctypes.create_string_buffer(1)
    local = ctypes.create_string_buffer(struct.pack("=QQ", ctypes.addressof(here), 1))
    remote = ctypes.create_string_buffer(struct.pack("=QQ", ctypes.addressof(target), 1))
    need(raw("process_vm_readv", pid, local.raw[:16], 1, remote.raw[:16], 1, 0) == 1)
if job["nobody"]:
    paths = jail.readable_paths()
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
    jail.readable_paths = lambda: paths
lock = jail.Lock.prepare(jail.readable_paths(), memory_bytes=1 << 28, cpu_seconds=9,
    skip=frozenset(job["skip"]), opening=job["opening"])
def child(code, KEPT):
    try:
        lock.apply([KEPT])
    except jail.JailStepError as error:
        return "JailError " + error.step
    try:
        exec(code, {**globals(), "KEPT": KEPT})
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
    except BaseException as error:
        return type(error).__name__
    return "done"
results = {}
for name, code in job["codes"].items():
    reading, writing = os.pipe()
    Path(FOLDER, "victim").touch()
    pid = os.fork()
    if pid == 0:
        os.write(writing, child(code, writing).encode()); os._exit(0)
    os.close(writing)
    os.set_blocking(reading, True)
    said = b""
    while data := os.read(reading, 4096):
        said += data
    os.close(reading)
    status = os.waitpid(pid, 0)[1]
    results[name] = said.decode() or ("signal %d" % (status & 127) if status & 127 else "exit")
print(json.dumps(results))
"""


def run(
    codes: dict[str, str],
    *,
    skip: frozenset[str] = frozenset(),
    setup: str = "",
    nobody: bool = False,
    opening: bool = True,
) -> dict[str, str]:
    """What became of each code in its own child: "done", an errno's name, an exception's, or a signal."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        Path(folder, "file").write_text("canary")
        os.chmod(Path(folder, "file"), 0o666)
        job = {
            **{"root": str(ROOT), "folder": folder, "skip": sorted(skip), "codes": codes, "setup": setup},
            **{"nobody": nobody, "opening": opening, "foreign": FOREIGN},
        }
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", DRIVER],
            input=json.dumps(job),
            capture_output=True,
            env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            text=True,
            check=False,
            timeout=GUARD,
        )
    assert done.returncode == 0, done.stderr
    outcomes: dict[str, str] = json.loads(done.stdout)
    return outcomes


@functools.cache
def run_all(skip: frozenset[str], nobody: bool = False) -> dict[str, str]:
    """Every attempt of the table, with some steps left out."""
    return run({name: attempt.code for name, attempt in ATTEMPTS.items()}, skip=skip, nobody=nobody)


def alone(step: str) -> frozenset[str]:
    """Every step but this one. Landlock and seccomp need no_new_privs, which "process" sets."""
    return frozenset(STEPS) - {step} - ({"process"} if step in BOTH else set())
