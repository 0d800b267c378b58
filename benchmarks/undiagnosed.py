"""`grader grade` without looking for mistakes: what grading alone costs.

python -m benchmarks.undiagnosed SUBMISSIONS ASSIGNMENT OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from grader.assignments import find_course, load
from grader.run.path import Options, grade
from grader.submissions import read_submissions


def main() -> None:
    """Grade the class as the command does, diagnoses and counterexamples left out."""
    folder, name, out = sys.argv[1:]
    course = find_course(Path(__file__).parent)
    submissions = read_submissions(Path(folder), name)
    grade(course, load(course, name), submissions, Path(out), Options(diagnose=False))


if __name__ == "__main__":
    main()
