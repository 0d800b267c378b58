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

from benchmarks.arguments import whole_number
from benchmarks.surroundings import survive_all
from benchmarks.undisturbed import MOST_TRIES, Broken, Class, cheap_class

KINDS = (
    "child",
    "helper",
    "warm",
    "command",
)  # helper: a worker or a zygote, both forked from the warm process
STUCK_SECONDS = 600.0
LEFT_SECONDS = 30.0  # after which what still runs of a killed command is taken to be left over


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
    parser.add_argument("--submissions", type=whole_number, default=200)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument(
        "--at-once", type=whole_number, default=12, metavar="N", help="kills of one command at most"
    )
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
