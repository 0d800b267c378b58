"""How soon `grader check --watch` answers a save: from the write to the last line of the report, in real time.

    python -m benchmarks.watch [ASSIGNMENT] [--saves N] [--spare]

The command is started as a student starts it, in a copy of the hand-out. Each save is another version of the reference
(a number in a comment, and every other time a mistake), and the answer must be about that version: the report is
told from the one before by its number of passing checks. `--spare` measures the way of Windows and macOS, where every
look has a process of its own that was started after the look before; then the saves are far enough apart for it to
be ready. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.arguments import assignment_name, whole_number

ROOT = Path(__file__).resolve().parents[1]
SPARE = (
    "import sys, grader.check.process as p; p.CAN_FORK = False; "
    "p.Runner.__init__.__defaults__ = (False, False); "
    "from grader.cli import main; sys.argv[0] = 'grader'; main()"
)
END = "Waiting for the next save"


def versions(reference: str, count: int) -> list[str]:
    """The reference and the reference with an exercise broken, in turn, each with a number of its own."""
    broken = reference.replace("np.tanh(", "np.sin(")
    assert broken != reference
    return [f"{broken if number % 2 else reference}\n# save {number}\n" for number in range(count)]


def main() -> None:
    """Save a file many times under `grader check --watch`, and print how long each answer takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("assignment", type=assignment_name, nargs="?", default="birnn")
    parser.add_argument("--saves", type=whole_number, default=21)
    parser.add_argument("--spare", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        seconds = measure(Path(name), options.assignment, options.saves, options.spare)
    ordered = sorted(seconds)
    print(
        f"{options.assignment}: {len(seconds)} saves, median {statistics.median(seconds) * 1000:.0f} ms, "
        f"from {ordered[0] * 1000:.0f} to {ordered[-1] * 1000:.0f} ms"
    )


def measure(folder: Path, assignment: str, saves: int, spare: bool) -> list[float]:
    """Seconds from each save to the end of its report."""
    work = folder / assignment
    shutil.copytree(ROOT / "assignments" / assignment, work)
    file = work / f"{assignment}.py"
    reference = (ROOT / "solutions" / assignment / f"{assignment}.py").read_text(encoding="utf-8")
    first, *others = versions(reference, saves + 1)
    file.write_text(first, encoding="utf-8")
    start = [sys.executable, "-c", SPARE] if spare else [sys.executable, "-m", "grader"]
    command = subprocess.Popen(
        [*start, "check", "--watch", file.name], cwd=work, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert command.stdout is not None
    seconds = []
    try:
        before = _report(command)
        for text in others:
            time.sleep(4.0 if spare else 0.3)
            begun = time.perf_counter()
            file.write_text(text, encoding="utf-8")
            report = _report(command)
            seconds.append(time.perf_counter() - begun)
            assert report[0] != before[0], "the report is about the version before"
            before = report
    finally:
        command.kill()
        command.wait()
    return seconds


def _report(command: subprocess.Popen[str]) -> list[str]:
    """The lines of the next report, from the one that counts the checks."""
    lines: list[str] = []
    assert command.stdout is not None
    for line in command.stdout:
        if line.strip() and set(line.strip()) != {"-"}:
            lines.append(line)
        if END in line:
            return lines
    raise SystemExit("grader check --watch ended:\n" + "".join(lines))


if __name__ == "__main__":
    main()
