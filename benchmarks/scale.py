"""Whether a large class costs its last submission what it cost its first, in time and in memory. See docs/scale.md.

    python -m benchmarks.scale rnn_cell --submissions 10000
    python -m benchmarks.scale --made 1000 10000

The class is the honest files of the sample class, each with a comment of its own. While the command grades them, memory
and processor time are read each time another tenth is on disk. In the middle the command is interrupted, as by Ctrl+C,
and typed again: what was graded is not graded anew. When all are graded it is typed once more, which grades nothing;
copies of one file must have got the same, word for word; and what reads results is run over them, each command in a
process of its own. With --folder all of it stays there, and a run that was ended from outside goes on where it was.

`--made` grades nobody: results are made up for classes of these sizes, from tests/kit/graded_class, each with words of
its own, a tenth with answers that nothing explains. Then what reads results is run over them.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import reading
from benchmarks.arguments import assignment_name, whole_number
from benchmarks.faults import all_of, tree
from benchmarks.grade import sample_class
from benchmarks.processes import memory_mb, processor_seconds, share_mb
from benchmarks.undisturbed import Class, cheap_class
from grader.run.store import read

HEAD = (
    "| graded | after | processor time each | clock each | main process | largest worker | all processes |\n"
    "|---|---|---|---|---|---|---|"
)
INTERRUPTED = 130


@dataclass(frozen=True)
class Sample:
    """What was so at a moment: results on disk, seconds of the clock and of processors, memory in MB."""

    graded: int
    clock: float
    processor: float
    main: float = 0.0
    largest: float = 0.0
    together: float = 0.0


def sample(process: subprocess.Popen[bytes], graded: int) -> Sample:
    """Read what the processes of a command take now."""
    levels = tree(process.pid)
    pids = all_of(levels)
    return Sample(
        graded,
        time.monotonic(),
        processor_seconds(pids),
        memory_mb(process.pid),
        max(map(memory_mb, levels["helper"]), default=0.0),
        sum(map(share_mb, pids)),
    )


def row(begun: float, before: Sample, now: Sample) -> str:
    """A row of the table: what each took since the sample before."""
    new = max(1, now.graded - before.graded)
    cells = (
        f"{now.graded}",
        f"{now.clock - begun:.0f} s",
        f"{(now.processor - before.processor) / new * 1000:.1f} ms",
        f"{(now.clock - before.clock) / new * 1000:.1f} ms",
        *(f"{memory:.0f} MB" for memory in (now.main, now.largest, now.together)),
    )
    return f"| {' | '.join(cells)} |"


def watch(process: subprocess.Popen[bytes], class_: Class, out: Path, marks: Sequence[int]) -> None:
    """Print a row each time as many as a mark says are on disk; times are from the first new result on."""
    begun, first = time.monotonic(), class_.graded(out)
    before = wait_for(process, class_, out, first + 1)
    print(f"starting: {before.clock - begun:.1f} s, of processors {before.processor:.1f} s", flush=True)
    for mark in marks:
        if mark > before.graded:
            now = wait_for(process, class_, out, mark)
            if process.poll() is None:  # or else there is nothing to be read any more
                print(row(begun, before, now), flush=True)
            before = now


def wait_for(process: subprocess.Popen[bytes], class_: Class, out: Path, count: int) -> Sample:
    """Wait until so many results are on disk, or the command has ended."""
    while process.poll() is None and class_.graded(out) < count:
        time.sleep(0.1)
    return sample(process, class_.graded(out))


def interrupt(process: subprocess.Popen[bytes], out: Path) -> dict[str, int]:
    """End the command as Ctrl+C does; what is on disk then, each file with the moment that it was written."""
    process.send_signal(signal.SIGINT)
    status = process.wait()
    written = times(out)
    print(f"interrupted with {len(written)} on disk: exit status {status}", flush=True)
    if status != INTERRUPTED:
        raise SystemExit(f"exit status {status} where {INTERRUPTED} was expected")
    return written


def times(out: Path) -> dict[str, int]:
    """The results on disk, each with the moment that it was written."""
    return {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(out / "submissions")}


def grade(class_: Class, out: Path, marks: int) -> None:
    """Grade the class, interrupted in the middle, and print the table. Ends the program where that goes wrong."""
    at = [class_.files * mark // marks for mark in range(1, marks + 1)]
    middle = at[(len(at) - 1) // 2]
    remaining: dict[str, int] = {}
    print(HEAD, flush=True)
    if class_.graded(out) < middle:
        process = class_.start(out, stderr=sys.stderr)
        watch(process, class_, out, [mark for mark in at if mark <= middle])
        remaining = interrupt(process, out)
    process = class_.start(out, stderr=sys.stderr)
    watch(process, class_, out, [mark - (mark == class_.files) for mark in at])
    status = process.wait()
    anew = [name for name, moment in times(out).items() if remaining.get(name, moment) != moment]
    print(
        f"exit status {status}; of {len(remaining)} results before the interruption, {len(anew)} written anew"
    )
    begun = time.monotonic()
    again = class_.start(out).wait()
    print(f"the same command again: exit status {again}, {time.monotonic() - begun:.1f} s", flush=True)
    if status or again or anew:
        raise SystemExit(1)


def compare_copies(out: Path, kinds: int) -> list[str]:
    """Whether all copies of a file got the same; gives the students, or ends the program."""
    first: dict[int, str] = {}
    students, different = [], []
    for result in read(out).results:
        entry = result.to_json()
        for name in ("student", "file", "sha256", "seconds", "key"):
            entry.pop(name)
        kind, words = int(result.student[1:]) % kinds, json.dumps(entry, sort_keys=True)
        if first.setdefault(kind, words) != words:
            different.append(result.student)
        students.append(result.student)
    print(
        f"{len(students)} results of {len(first)} files; {len(different)} differ from those of another copy"
    )
    if different:
        raise SystemExit(f"they are of {', '.join(different[:5])}")
    return students


def large_class(assignment: str, count: int, folder: Path) -> Class:
    """The class in `folder`, made where there is none yet."""
    if folder.exists():
        return Class(assignment, folder, count)
    return cheap_class(assignment, count, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print tables; exit status 1 where the command fails or results are not as they should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name, nargs="?", default="rnn_cell")
    parser.add_argument(
        "--made", type=whole_number, nargs="+", default=[], metavar="N", help="sizes of made-up classes"
    )
    parser.add_argument("--submissions", type=whole_number, default=10_000)
    parser.add_argument("--marks", type=whole_number, default=10)
    parser.add_argument(
        "--folder", type=Path, help="where class and results stay, to go on with another time"
    )
    options = parser.parse_args(arguments)
    if options.made:
        reading.compare(options.made)
        return 0
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # what a shell starts behind it does not hear it otherwise
    with tempfile.TemporaryDirectory(prefix="grader-scale-") as temporary:
        folder = options.folder or Path(temporary)
        large = large_class(options.assignment, options.submissions, folder / "class")
        out = folder / "out"
        grade(large, out, options.marks)
        students = compare_copies(out, len(sample_class(options.assignment)))
        reading.costs(out, students)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
