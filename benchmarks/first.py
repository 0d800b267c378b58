"""What the first failing submission of a run waits for and the next ones do not, on a fresh machine and with a bundle.

    python -m benchmarks.first birnn

Wrong files of the sample class, five copies of each as a class of five, `--workers 1`: once with nothing kept, once
graded by an unpacked `grader bundle course` on a machine that has kept nothing. Printed is what a result says of its
own time, by the clock, so on a busy machine look at the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.grade import ROOT, sample_class
from grader.assignments import find_course
from grader.bundle import bundle_course
from grader.run import ahead

COPIES = 5


def seconds(assignment: str, file: Path, course: Path, cache: str, folder: Path) -> list[float]:
    """What each of the copies of a file took. Raises CalledProcessError."""
    for number in range(COPIES):
        student = folder / "class" / f"s{number}"
        student.mkdir(parents=True)
        shutil.copy(file, student / f"{assignment}.py")
    command = [sys.executable, "-m", "grader", "grade", str(folder / "class"), "-a", assignment]
    command += ["--course", str(course), "--out", str(folder / "out"), "--workers", "1"]
    environment = {**os.environ, "GRADER_CACHE": cache}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))["submissions"]
    return sorted((result["seconds"] for result in results), reverse=True)


def main() -> None:
    """Print the first and the median of the next ones, for each file and either way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--most", type=whole_number, default=4, help="files")
    options = parser.parse_args()
    right = sample_class(options.assignment, right=True)
    wrong = [path for path in sample_class(options.assignment) if path not in right][: options.most]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle_course(find_course(ROOT), [options.assignment], folder / "bundle.zip", ahead.shipment)
        with zipfile.ZipFile(folder / "bundle.zip") as archive:
            archive.extractall(folder / "bundle")
        for number, file in enumerate(wrong):
            for title, course in (("nothing kept", ROOT), ("bundle", folder / "bundle")):
                place = folder / f"{number} {title}"
                first, *others = seconds(options.assignment, file, course, str(place / "cache"), place)
                print(
                    f"{file.parent.name:16} {title:13} first {first:5.2f} s, then {statistics.median(others):5.2f} s",
                    flush=True,
                )


if __name__ == "__main__":
    main()
