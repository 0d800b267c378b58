"""Whether a large class costs its last submission what it cost its first, in time and in memory. See docs/scale.md.

    python -m benchmarks.scale rnn_cell --submissions 10000

The class is the honest files of the sample class, each with a comment of its own. While the command grades them, the
memory of the main process and of its largest worker is read each time another tenth is on disk. Then the same command
is typed again, which grades nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.faults import Class, made, tree


def memory_mb(pid: int) -> float:
    """What a process has in memory, in MB; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def watch(process: subprocess.Popen[bytes], made: Class, out: Path, marks: int) -> None:
    """Print a line for each tenth: when it was there, what each submission took since the last, the memory."""
    begun = last = time.monotonic()
    before = 0
    for mark in range(1, marks + 1):
        wanted = made.files * mark // marks
        while process.poll() is None and made.graded(out) < wanted:
            time.sleep(0.2)
        now, graded = time.monotonic(), made.graded(out)
        levels = tree(process.pid)
        largest = max(map(memory_mb, levels["helper"]), default=0.0)
        each = (now - last) / max(1, graded - before) * 1000
        print(
            f"| {graded} | {now - begun:.0f} s | {each:.0f} ms | {memory_mb(process.pid):.0f} MB | {largest:.0f} MB |",
            flush=True,
        )
        last, before = now, graded


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; exit status 1 where the command fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment")
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--marks", type=int, default=10)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="grader-scale-") as folder:
        out = Path(folder) / "out"
        large = made(options.assignment, options.submissions, Path(folder) / "class")
        print("| graded | after | each since the last line | main process | largest worker or zygote |")
        print("|---|---|---|---|---|", flush=True)
        process = large.start(out, stderr=sys.stderr)
        watch(process, large, out, options.marks)
        status = process.wait()
        begun = time.monotonic()
        again = large.start(out).wait()
        print(f"exit status {status}; the same command again: {again}, {time.monotonic() - begun:.1f} s")
    return int(bool(status or again))


if __name__ == "__main__":
    raise SystemExit(main())
