"""What a machine does to a run beside killing it: `python -m benchmarks.faults --surroundings`.

Each of these grades the class into a folder of its own, types the same command again where it failed, and has the
results of the undisturbed run in the end. No command may answer with a traceback.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.grade import ROOT
from benchmarks.undisturbed import MOST_TRIES, Broken, Class

#: A clock that goes back an hour with each look, for the process that reads and writes the results.
CLOCK = """\
import itertools, time
_now, _looks = time.time, itertools.count()
time.time = lambda: _now() - 3600 * next(_looks)
time.time_ns = lambda: int(time.time() * 1e9)
"""
FULL = 12  # disks of as many sizes, from hardly anything to nearly enough
YEAR = 365 * 24 * 3600


def survive_all(class_: Class, where: Path) -> None:
    """Grade in all these surroundings. Raises Broken where one of them changes a result."""
    for name, survive in (
        ("closed streams", closed_streams),
        ("a full standard output", full_output),
        ("LC_ALL=POSIX", posix),
        ("a clock that goes back", clock_back),
        ("two runs into one folder", two_at_once),
        ("a full disk", full_disk),
        ("a full folder for temporary files", full_temporary_folder),
    ):
        begun = time.monotonic()
        remark = survive(class_, where / name.replace(" ", "-").replace("=", "-"))
        print(f"{name}: {remark or 'as undisturbed'} ({time.monotonic() - begun:.0f} s)", flush=True)


def finish(class_: Class, out: Path) -> None:
    """Type the command again and again until it is content, and look at the results."""
    for _ in range(MOST_TRIES):
        if typed(class_, out) == 0:
            class_.check(out)
            return
    raise Broken(f"{MOST_TRIES} commands, and {class_.graded(out)} of {class_.files} graded in {out}")


def typed(class_: Class, out: Path, **environment: str) -> int:
    """The exit status of the command. Raises Broken for a traceback."""
    finished = subprocess.run(
        class_.command(out),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if "Traceback" in finished.stderr + finished.stdout:
        raise Broken(f"a traceback:\n{finished.stderr[-3000:]}")
    return finished.returncode


def closed_streams(class_: Class, out: Path) -> str:
    """A command without standard input, output and error."""
    words = 'exec "$@" 0<&- 1>&- 2>&-'
    status = subprocess.run(["sh", "-c", words, "sh", *class_.command(out)], cwd=ROOT, check=False).returncode
    if status:
        raise Broken(f"with closed streams: exit status {status}")
    class_.check(out)
    return ""


def full_output(class_: Class, out: Path) -> str:
    """A command whose output and errors find no room."""
    with open("/dev/full", "wb") as full:
        status = class_.start(out, stdout=full, stderr=full).wait()
    class_.check(out)
    return f"as undisturbed, exit status {status}"


def posix(class_: Class, out: Path) -> str:
    """A command whose letters are those of ASCII."""
    if status := typed(class_, out, LC_ALL="POSIX"):
        raise Broken(f"with LC_ALL=POSIX: exit status {status}")
    class_.check(out)
    return ""


def clock_back(class_: Class, out: Path) -> str:
    """A run that was stopped in what is now the future; then one whose clock goes back all the time."""
    process = class_.start(out)
    while process.poll() is None and class_.graded(out) < class_.files // 2:
        time.sleep(0.05)
    process.kill()
    process.wait()
    for path in (out, *out.rglob("*")):
        os.utime(path, (time.time() + YEAR, time.time() + YEAR))
    before = class_.graded(out)
    (out.parent / "clock").mkdir()
    (out.parent / "clock" / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    if status := typed(class_, out, PYTHONPATH=str(out.parent / "clock")):
        raise Broken(f"with a clock that goes back: exit status {status}")
    class_.check(out)
    return f"as undisturbed; {before} were graded a year later"


def two_at_once(class_: Class, out: Path) -> str:
    """Two commands that write into one folder at the same time."""
    both = [class_.start(out) for _ in range(2)]
    statuses = [process.wait() for process in both]
    if any(statuses):
        raise Broken(f"two at once: exit statuses {statuses}")
    class_.check(out)
    return ""


def full_disk(class_: Class, out: Path) -> str:
    """Disks of growing sizes, each of which is full at another write; then room is made."""
    reference = out.with_name("undisturbed")
    needed = sum(-(-path.stat().st_size // 4096) for path in reference.rglob("*") if path.is_file()) + 8
    refused = 0
    for step in range(FULL):
        with small_disk(out, 2 + needed * step // FULL) as grow:
            if grow is None:
                return "left out: this user may mount nothing"
            refused += typed(class_, out / "results") != 0
            grow()
            finish(class_, out / "results")
    return f"as undisturbed; {refused} of {FULL} disks were full"


def full_temporary_folder(class_: Class, out: Path) -> str:
    """Where submissions are put for the workers there is no room."""
    disk = out.with_name("tmp")
    with small_disk(disk, 3) as grow:
        if grow is None:
            return "left out: this user may mount nothing"
        (disk / "fill").write_bytes(b"x" * 8192)
        status = typed(class_, out, TMPDIR=str(disk))
    finish(class_, out)
    return f"as undisturbed; exit status {status} before there was room"


@contextlib.contextmanager
def small_disk(folder: Path, blocks: int) -> Iterator[Callable[[], object] | None]:
    """A disk of so many blocks at `folder`; gives what makes it large, or None where nothing may be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={blocks * 4096}", "grader-faults", str(folder)]
    if (
        shutil.which("mount") is None
        or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode
    ):
        yield None
        return
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=1g", str(folder)], check=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True, stdout=sys.stderr)
