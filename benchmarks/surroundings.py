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

from benchmarks.faults import MOST_TRIES, ROOT, Broken, Class

#: A clock that goes back an hour with each look, for the process that reads and writes the results.
CLOCK = """\
import itertools, time
_now, _looks = time.time, itertools.count()
time.time = lambda: _now() - 3600 * next(_looks)
time.time_ns = lambda: int(time.time() * 1e9)
"""
FULL = 12  # disks of as many sizes, from hardly anything to nearly enough
YEAR = 365 * 24 * 3600


def survive_all(made: Class, where: Path) -> None:
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
        said = survive(made, where / name.replace(" ", "-").replace("=", "-"))
        print(f"{name}: {said or 'as undisturbed'} ({time.monotonic() - begun:.0f} s)", flush=True)


def finish(made: Class, out: Path) -> None:
    """Type the command again and again until it is content, and look at the results."""
    for _ in range(MOST_TRIES):
        if typed(made, out) == 0:
            made.check(out)
            return
    raise Broken(f"{MOST_TRIES} commands, and {made.graded(out)} of {made.files} graded in {out}")


def typed(made: Class, out: Path, **environment: str) -> int:
    """The exit status of the command. Raises Broken for a traceback."""
    done = subprocess.run(
        made.command(out),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if "Traceback" in done.stderr + done.stdout:
        raise Broken(f"a traceback:\n{done.stderr[-3000:]}")
    return done.returncode


def closed_streams(made: Class, out: Path) -> str:
    words = 'exec "$@" 0<&- 1>&- 2>&-'
    status = subprocess.run(["sh", "-c", words, "sh", *made.command(out)], cwd=ROOT, check=False).returncode
    if status:
        raise Broken(f"with closed streams: exit status {status}")
    made.check(out)
    return ""


def full_output(made: Class, out: Path) -> str:
    with open("/dev/full", "wb") as full:
        status = made.start(out, stdout=full, stderr=full).wait()
    made.check(out)
    return f"as undisturbed, exit status {status}"


def posix(made: Class, out: Path) -> str:
    if status := typed(made, out, LC_ALL="POSIX"):
        raise Broken(f"with LC_ALL=POSIX: exit status {status}")
    made.check(out)
    return ""


def clock_back(made: Class, out: Path) -> str:
    """A run that was stopped in what is now the future; then one whose clock goes back all the time."""
    process = made.start(out)
    while process.poll() is None and made.graded(out) < made.files // 2:
        time.sleep(0.05)
    process.kill()
    process.wait()
    for path in (out, *out.rglob("*")):
        os.utime(path, (time.time() + YEAR, time.time() + YEAR))
    before = made.graded(out)
    (out.parent / "clock").mkdir()
    (out.parent / "clock" / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    if status := typed(made, out, PYTHONPATH=str(out.parent / "clock")):
        raise Broken(f"with a clock that goes back: exit status {status}")
    made.check(out)
    return f"as undisturbed; {before} were graded a year later"


def two_at_once(made: Class, out: Path) -> str:
    both = [made.start(out) for _ in range(2)]
    statuses = [process.wait() for process in both]
    if any(statuses):
        raise Broken(f"two at once: exit statuses {statuses}")
    made.check(out)
    return ""


def full_disk(made: Class, out: Path) -> str:
    """Disks of growing sizes, each of which is full at another write; then room is made."""
    reference = out.with_name("undisturbed")
    needed = sum(-(-path.stat().st_size // 4096) for path in reference.rglob("*") if path.is_file()) + 8
    refused = 0
    for step in range(FULL):
        with small_disk(out, 2 + needed * step // FULL) as grow:
            if grow is None:
                return "left out: this user may mount nothing"
            refused += typed(made, out / "results") != 0
            grow()
            finish(made, out / "results")
    return f"as undisturbed; {refused} of {FULL} disks were full"


def full_temporary_folder(made: Class, out: Path) -> str:
    """Where submissions are put for the workers there is no room."""
    disk = out.with_name("tmp")
    with small_disk(disk, 3) as grow:
        if grow is None:
            return "left out: this user may mount nothing"
        (disk / "fill").write_bytes(b"x" * 8192)
        status = typed(made, out, TMPDIR=str(disk))
    finish(made, out)
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
