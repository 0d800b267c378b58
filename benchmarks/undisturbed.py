"""A class that is graded once in peace, so that what is left after a fault can be held against it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grade import ROOT, make_class, sample_class

MOST_TRIES = 40  # commands for one class, after which it is taken to make no progress


class Broken(Exception):
    """A run that a fault has changed, or that did not end, in a sentence."""


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
