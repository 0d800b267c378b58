"""What one file costs, as CI pays for it: `grader grade FILE` beside `import torch` and plain pytest, in turn.

    python -m benchmarks.start birnn --runs 5

One right and one wrong file of the sample class, each by a fresh command; the wrong one also without what an earlier
run has kept of the answers of mistakes; the whole sample class; the same hidden suite on the reference in one fresh
pytest process; and an interpreter that imports torch and ends. The ways take turns, and ratios are taken within each
turn, since a machine's speed drifts. Bytecode is compiled before, as pip does at an installation.
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

from benchmarks.grade import ROOT, sample_class

NOTHING_KEPT = "one wrong file, nothing kept"


def wall_seconds(command: list[str], cache: str) -> float:
    """How long a command takes with a cache of answers. Raises CalledProcessError when it fails."""
    environment = {**os.environ, "GRADER_CACHE": cache}
    begun = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    right = sample_class(options.assignment, right=True)[0]
    wrong = next(
        path
        for path in sample_class(options.assignment)
        if path not in sample_class(options.assignment, True)
    )
    with tempfile.TemporaryDirectory() as out:
        grade = [
            sys.executable,
            "-m",
            "grader",
            "grade",
            "--assignment",
            options.assignment,
            "--out",
            out,
            "--fresh",
        ]
        ways = {
            "import torch": [sys.executable, "-c", "import torch"],
            "one right file": [*grade, str(right)],
            "one wrong file": [*grade, str(wrong)],
            NOTHING_KEPT: [*grade, str(wrong)],
            "the sample class": [*grade, str(wrong.parent.parent)],
            "pytest on the reference": [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                f"tests/hidden/{options.assignment}",
            ],
        }
        compileall.compile_dir(ROOT / "grader", quiet=1)
        cache = f"{out}/cache"
        wall_seconds(ways["the sample class"], cache)  # the first of all is not counted
        turns = [
            {
                name: wall_seconds(command, "off" if name == NOTHING_KEPT else cache)
                for name, command in ways.items()
            }
            for _ in range(options.runs)
        ]
    for name in ways:
        seconds = statistics.median(turn[name] for turn in turns)
        times = statistics.median(turn[name] / turn["import torch"] for turn in turns)
        print(f"{name:30} {seconds:6.2f} s   {times:5.2f} × import torch")


if __name__ == "__main__":
    main()
