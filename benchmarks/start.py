"""What one file costs, as CI pays for it: `grader grade FILE` beside `import torch` and plain pytest, in turn.

    python -m benchmarks.start birnn --runs 3

One right and one wrong file of the sample class, each by a fresh command; the wrong one also without what an earlier
run has kept of the answers of mistakes; the same hidden suite on the reference in one fresh pytest process; and an
interpreter that imports torch and ends. The ways take turns, and ratios are taken within each turn, since a machine's
speed drifts. At the end the whole sample class, once. Bytecode is compiled before, as pip does at an installation.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.grade import ROOT, sample_class

TORCH, NOTHING_KEPT = "import torch", "one wrong file, nothing kept"


def wall_seconds(command: list[str], cache: str) -> float:
    """How long a command takes with a cache of answers. Raises SystemExit with what it said when it fails."""
    environment = {**os.environ, "GRADER_CACHE": cache}
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return seconds


def main() -> None:
    """Print the medians of every way, and of its ratios to `import torch` within each turn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--runs", type=whole_number, default=3)
    options = parser.parse_args()
    honest = sample_class(options.assignment)
    right = sample_class(options.assignment, right=True)
    wrong = next(path for path in honest if path not in right)
    compileall.compile_dir(ROOT / "grader", quiet=1)
    with tempfile.TemporaryDirectory() as out:
        cache = f"{out}/cache"
        grade = [sys.executable, "-m", "grader", "grade", "-a", options.assignment, "--out", f"{out}/results"]
        grade += ["--fresh"]
        suite = f"tests/hidden/{options.assignment}"
        commands = {
            TORCH: [sys.executable, "-c", "import torch"],
            "one right file": [*grade, str(right[0])],
            "one wrong file": [*grade, str(wrong)],
            NOTHING_KEPT: [*grade, str(wrong)],
            "pytest on the reference": [sys.executable, "-m", "pytest", "-q", suite],
        }
        compare(commands, options.runs, cache)
        time_class([*grade, str(wrong.parent.parent)], commands[TORCH], cache)


def compare(commands: Mapping[str, list[str]], runs: int, cache: str) -> None:
    """Time each way once a turn, and print a line for each; `cache` is the folder of kept answers."""
    wall_seconds(commands["one wrong file"], cache)  # what it keeps is there from now on
    turns = [
        {
            name: wall_seconds(command, "off" if name == NOTHING_KEPT else cache)
            for name, command in commands.items()
        }
        for _ in range(runs)
    ]
    for name in commands:
        seconds = statistics.median(turn[name] for turn in turns)
        times = statistics.median(turn[name] / turn[TORCH] for turn in turns)
        print(f"{name:30} {seconds:6.2f} s   {times:5.2f} × {TORCH}", flush=True)


def time_class(grade_class: list[str], import_torch: list[str], cache: str) -> None:
    """Time the grading of a folder of submissions, the last argument of the command, and print the line."""
    count = len([path for path in Path(grade_class[-1]).iterdir() if path.is_dir()])
    torch = wall_seconds(import_torch, cache)
    seconds = wall_seconds(grade_class, cache)
    print(
        f"{f'the sample class of {count}':30} {seconds:6.2f} s   {(seconds - 0.1 * count) / torch:5.2f} × {TORCH}"
        f" and 0.1 s each"
    )


if __name__ == "__main__":
    main()
