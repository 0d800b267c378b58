"""What one push costs through each door, beside `grader grade FILE` of the same file, in turn.

    python -m benchmarks.push birnn --runs 5

The doors are those of docs/ci: the two commands of GitHub's job, the `run_autograder` of a Gradescope bundle, and the
entry script of the PrairieLearn image, each as written, on a folder in which a student left one right file. Setting up
(an environment, the bundle) is not measured: it is done once for all pushes. Needs Linux and all layers of the jail.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.grade import ROOT, sample_class

FILE = "grade FILE"


def main() -> None:
    """Print the median of every way, in wall and processor time, and of its ratios to one file within each turn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--runs", type=whole_number, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = doors(Path(folder), options.assignment)
        for command in commands.values():  # what a first run keeps is there from now on
            seconds(command)
        turns = [{name: seconds(command) for name, command in commands.items()} for _ in range(options.runs)]
    print(f"{'':14} {'wall':>8} {'processor':>10}   times `{FILE}`: wall, processor")
    for name in commands:
        wall, processor = (statistics.median(turn[name][kind] for turn in turns) for kind in (0, 1))
        ratios = (statistics.median(turn[name][kind] / turn[FILE][kind] for turn in turns) for kind in (0, 1))
        print(
            f"{name:14} {wall:6.2f} s {processor:8.2f} s   " + ", ".join(f"{ratio:.2f}" for ratio in ratios)
        )


def doors(folder: Path, assignment: str) -> dict[str, str]:
    """For each way to grade one file, its commands as bash reads them; what they need is made in `folder`."""
    file = sample_class(assignment, right=True)[0]
    grader = f"{sys.executable} -m grader"
    pushed, results = folder / "pushed", folder / "results"
    _hand_in(file, pushed, assignment)

    gradescope = folder / "autograder"
    subprocess.run(
        [sys.executable, "-m", "grader", "bundle", "gradescope", assignment, "--to", f"{folder}/bundle.zip"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(folder / "bundle.zip") as bundle:
        bundle.extractall(gradescope / "source")
    _hand_in(file, gradescope / "submission", assignment)
    (gradescope / "venv").symlink_to(sys.prefix)

    prairielearn = folder / "prairielearn"
    _hand_in(file, prairielearn / "student", assignment)
    script = ROOT / "docs" / "ci" / "prairielearn" / "grade.sh"
    return {
        FILE: f"{grader} grade {file} -a {assignment} --out {results} --fresh",
        "GitHub": f"rm -rf {results}; {grader} grade {pushed} --student OWNER__NAME -a {assignment} --out {results}"
        f" && {grader} export {results} --format github",
        "Gradescope": f"AUTOGRADER={gradescope} bash {gradescope}/source/run_autograder",
        "PrairieLearn": f"GRADE={prairielearn} COURSE={ROOT} VENV={sys.prefix} bash {script} {assignment}",
    }


def _hand_in(file: Path, folder: Path, assignment: str) -> None:
    folder.mkdir(parents=True)
    shutil.copy(file, folder / f"{assignment}{file.suffix}")


def seconds(command: str) -> tuple[float, float]:
    """Wall and processor seconds of a command of bash. Raises SystemExit with what it said when it fails."""
    before, begun = os.times(), time.perf_counter()
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begun, os.times()
    if done.returncode:
        raise SystemExit(f"{command}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return wall, used


if __name__ == "__main__":
    main()
