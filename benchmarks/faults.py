"""What a run survives: processes killed and stopped at random moments, and what else a machine does to it.

    python -m benchmarks.faults --kills 200 --submissions 200
    python -m benchmarks.faults --surroundings

A class is graded once undisturbed. Then it is graded again and again while processes of the run are killed (-9) or
stopped for a while: the command, the warm process, a worker or a zygote, the child with a submission. Whatever becomes
of the command, the same command is typed again until it says that all is graded. Then results.json has to be that of
the undisturbed run, byte for byte but for the seconds, and no process may be left. `--surroundings` does the same for a
full disk, a second run into the folder, a clock that goes back, closed and full streams, and the locale POSIX.

The moments are drawn from --seed; which process runs at a moment is the machine's choice.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.grade import ROOT, make_class, sample_class

KINDS = (
    "child",
    "helper",
    "warm",
    "command",
)  # helper: a worker or a zygote, both forked from the warm process
MOST_TRIES = 40  # commands for one class, after which it is taken to make no progress
STUCK_SECONDS = 600.0
LEFT_SECONDS = 30.0  # after which what still runs of a killed command is taken to be left over


class Broken(Exception):
    """A run that a fault has changed, or that did not end, in a sentence."""


@dataclass
class Record:
    """What was done, and what the commands answered."""

    done: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    classes: int = 0

    def __str__(self) -> str:
        done = ", ".join(f"{count} {name}" for name, count in sorted(self.done.items()))
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return (
            f"{done or 'nothing done'}; {self.classes} classes, exit statuses of the commands {{{statuses}}}"
        )


@dataclass
class Class:
    """A class of cheap submissions, how it is graded, and what an undisturbed run writes."""

    assignment: str
    folder: Path
    files: int
    expected: str = ""
    seconds: float = 0.0

    def command(self, out: Path, workers: int = 2) -> list[str]:
        """The words that grade the class into `out`."""
        words = ["grader", "grade", str(self.folder), "-a", self.assignment, "--course", str(ROOT)]
        return [sys.executable, "-m", *words, "--out", str(out), "--workers", str(workers)]

    def start(self, out: Path, **more: object) -> subprocess.Popen[bytes]:
        """The command in a process of its own; `more` as for Popen, instead of pipes that nobody reads."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(self.command(out), cwd=ROOT, **{**options, **more})  # type: ignore[call-overload, no-any-return]

    def undisturbed(self, out: Path) -> None:
        """Grade without any fault, for what has to come."""
        begun = time.monotonic()
        finished = subprocess.run(self.command(out), cwd=ROOT, capture_output=True, text=True, check=False)
        if finished.returncode:
            raise Broken(
                f"undisturbed: exit status {finished.returncode}\n{finished.stdout}{finished.stderr}"
            )
        self.seconds, self.expected = time.monotonic() - begun, without_times(out)

    def check(self, out: Path) -> None:
        """Raise Broken unless results.json is that of the undisturbed run."""
        written = without_times(out)
        if written != self.expected:
            copy = Path(tempfile.mkdtemp(prefix="grader-fault-")) / "results"
            shutil.copytree(out, copy)
            difference = first_difference(self.expected, written)
            raise Broken(f"results.json differs from the undisturbed one; kept in {copy}\n{difference}")

    def graded(self, out: Path) -> int:
        """How many results are on disk."""
        with contextlib.suppress(FileNotFoundError):
            return sum(name.endswith(".json") for name in os.listdir(out / "submissions"))
        return 0


def cheap_class(assignment: str, count: int, folder: Path) -> Class:
    """The honest files of the sample class in turn, each with a comment of its own, so that no two are the same."""
    for number, path in enumerate(make_class(sample_class(assignment), count, folder)):
        with path.open("ab") as file:
            file.write(f"\n# {number}\n".encode())
    return Class(assignment, folder, count)


def without_times(out: Path) -> str:
    """results.json but for the seconds, in the order and the words in which it is written."""
    data = json.loads((out / "results.json").read_text(encoding="utf-8"))
    for entry in data["submissions"]:
        del entry["seconds"]
    return json.dumps(data, ensure_ascii=False, indent=1)


def first_difference(expected: str, written: str) -> str:
    """The first lines that differ, for a person who looks for the cause."""
    pairs = zip(expected.splitlines(), written.splitlines())
    for number, (line, written_line) in enumerate(pairs, 1):
        if line != written_line:
            return f"line {number}: expected {line[:200]}\n         got {written_line[:200]}"
    return f"{len(expected.splitlines())} lines expected, {len(written.splitlines())} written"


# The processes of a run


def parents() -> dict[int, int]:
    """Every living process and its parent."""
    parent_of = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
                if fields[0] not in "ZX":
                    parent_of[int(name)] = int(fields[1])
    return parent_of


def tree(command: int) -> dict[str, list[int]]:
    """The processes of a command by kind: their distance from it says what they are."""
    below = parents()
    levels: dict[str, list[int]] = {"command": [command] if command in below else []}
    above = [command]
    for kind in ("warm", "helper", "child"):
        above = levels[kind] = [pid for pid, parent in below.items() if parent in above]
    return levels


def all_of(levels: dict[str, list[int]]) -> set[int]:
    """The processes of every kind."""
    return {pid for pids in levels.values() for pid in pids}


def wait_gone(pids: set[int]) -> None:
    """Raise Broken when some of these processes outlive their command."""
    until = time.monotonic() + LEFT_SECONDS
    while left := pids & set(parents()):
        if time.monotonic() > until:
            raise Broken(f"{len(left)} processes outlived their command: {sorted(left)}")
        time.sleep(0.05)


# Disturbances


def disturb(
    class_: Class, out: Path, generator: random.Random, record: Record, stop: float, most: int
) -> int:
    """Type the command once and hurt it up to `most` times; gives its exit status, -9 where it was killed itself."""
    process = class_.start(out)
    pids: set[int] = set()
    hurt, begun = 0, class_.graded(out)
    try:
        while hurt < most and process.poll() is None:
            if not wait_for_moment(class_, out, generator, process, pids, begun):
                break
            levels = tree(process.pid)
            pids |= all_of(levels)
            kind = generator.choices(KINDS, (8, 4, 1, 2))[0]
            if not levels[kind]:
                continue
            victim = generator.choice(levels[kind])
            if stop and generator.random() < 0.1:
                record.done[f"stops of {kind}"] += signalled(victim, signal.SIGSTOP)
                time.sleep(stop)
                signalled(victim, signal.SIGCONT)
            else:
                hurt += signalled(victim, signal.SIGKILL)
                record.done[f"kills of {kind}"] += 1
        status = process.wait(STUCK_SECONDS)
    except subprocess.TimeoutExpired:
        raise Broken(
            f"the command still ran after {STUCK_SECONDS:.0f} s; its processes: {tree(process.pid)}"
        ) from None
    finally:
        process.kill()
        process.wait()
    wait_gone(pids - {process.pid})
    record.statuses[status] += 1
    return status


def signalled(pid: int, number: int) -> bool:
    """Send a signal; whether there was still somebody to get it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


def wait_for_moment(
    class_: Class,
    out: Path,
    generator: random.Random,
    process: subprocess.Popen[bytes],
    pids: set[int],
    begun: int,
) -> bool:
    """Wait until a moment that is drawn: while the run starts or ends, or when some more are graded. False: it ended.

    `begun`: how many were graded when the command was typed.
    """
    graded = class_.graded(out)
    if graded == class_.files or (graded == begun and generator.random() < 0.3):
        until, target = time.monotonic() + generator.uniform(0, class_.seconds / 2), graded + 1
    else:
        until = time.monotonic() + 2 * class_.seconds
        target = min(graded + 1 + int(generator.expovariate(0.7)), class_.files)
    while time.monotonic() < until and class_.graded(out) < target:
        if process.poll() is not None:
            return False
        pids |= all_of(tree(process.pid))
        time.sleep(0.02)
    time.sleep(generator.uniform(0, 0.1))
    return process.poll() is None


def survive(
    class_: Class, where: Path, kills: int, seed: int, stop: float, at_once: int, record: Record
) -> None:
    """Kill so many processes over one class after the other. Raises Broken where anything is lost or left."""
    generator = random.Random(seed)
    total = 0
    while total < kills:
        out = where / f"out{record.classes}"
        record.classes += 1
        for _ in range(MOST_TRIES):
            before = sum(count for name, count in record.done.items() if name.startswith("kills"))
            status = disturb(class_, out, generator, record, stop, min(at_once, kills - total))
            total += sum(count for name, count in record.done.items() if name.startswith("kills")) - before
            if status == 0:
                break
        else:
            raise Broken(f"{MOST_TRIES} commands, and {class_.graded(out)} of {class_.files} graded in {out}")
        class_.check(out)
        shutil.rmtree(out)
        print(f"{total} of {kills}: {record}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was done and what came of it; exit status 1 when a fault has changed a result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assignment", default="rnn_cell")
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=12, metavar="N", help="kills of one command at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--stop", type=float, default=0.0, metavar="SECONDS", help="stop one in ten so long, too"
    )
    parser.add_argument("--surroundings", action="store_true", help="what else a machine does, and no kills")
    options = parser.parse_args(arguments)
    record = Record()
    with working_folder() as where:
        class_ = cheap_class(options.assignment, options.submissions, where / "class")
        try:
            class_.undisturbed(where / "undisturbed")
            print(f"undisturbed: {options.submissions} in {class_.seconds:.1f} s", flush=True)
            if options.surroundings:
                from benchmarks.surroundings import survive_all

                survive_all(class_, where)
            else:
                survive(class_, where, options.kills, options.seed, options.stop, options.at_once, record)
        except Broken as broken:
            print(f"{record}\nBROKEN: {broken}", file=sys.stderr)
            return 1
    print("Nothing was lost, and nothing was left.")
    return 0


@contextlib.contextmanager
def working_folder() -> Iterator[Path]:
    """A folder that goes away at the end."""
    with tempfile.TemporaryDirectory(prefix="grader-faults-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    raise SystemExit(main())
