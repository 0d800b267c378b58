"""Speed of `grader grade` against its floor and against fresh pytest processes, in one run. See docs/performance.md.

    python -m benchmarks.grade birnn --submissions 500 --fresh 20

The class is the sample class of an assignment, repeated; submissions that cheat, hang, crash or cannot be read are
left out, as the floor and fresh pytest run them without a jail. All ways use every processor, one process each. The
class is graded twice: by the command, which also looks for the mistakes of what fails, and without that
(benchmarks.undiagnosed).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.arguments import whole_number
from benchmarks.processes import share_mb, with_all_below
from grader.run.path import ONE_THREAD

ROOT = Path(__file__).parent.parent
SAMPLES = 9  # of memory, at each mark


def sample_class(assignment: str, right: bool = False) -> list[Path]:
    """The .py files of the sample class that may be run without a jail: right ones, and those with honest mistakes."""
    paths = []
    for golden in sorted((ROOT / "tests" / "sample_class" / assignment).glob("*/expected.json")):
        path = golden.parent / f"{assignment}.py"
        expected = json.loads(golden.read_text(encoding="utf-8"))
        if not path.exists() or expected["status"] != "graded":
            continue
        kind = expected["why"].partition(":")[0]
        if kind == "Right" or (not right and (expected["diagnoses"] or kind == "Partly done")):
            paths.append(path)
    return paths


def make_class(files: list[Path], count: int, folder: Path) -> list[Path]:
    """`count` student folders, the files in turn."""
    copies = []
    for number in range(count):
        student = folder / f"s{number:04d}"
        student.mkdir(parents=True)
        copies.append(Path(shutil.copy(files[number % len(files)], student)))
    return copies


def grade(assignment: str, folder: Path, out: Path, count: int, diagnose: bool) -> dict[str, float]:
    """The whole command: wall time, when each submission's result was on disk, and the memory of all its processes

    when a fifth of the class was graded, and when nine tenths were (medians of some samples: children come and go).
    """
    begun = time.time()
    arguments = ["grader", "grade", str(folder), "-a", assignment, "--out", str(out)]
    if not diagnose:
        arguments = ["benchmarks.undiagnosed", str(folder), assignment, str(out)]
    command = [sys.executable, "-m", *arguments]
    memory = {}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=plain_environment()
    ) as process:
        for name, graded in (("early", count // 5), ("late", count * 9 // 10)):
            while process.poll() is None and results_in(out) < graded:
                time.sleep(0.2)
            samples: list[float] = []
            while len(samples) < SAMPLES and process.poll() is None:
                samples.append(proportional_memory(process.pid))
                time.sleep(0.2)
            memory[name] = statistics.median(samples or [0.0])
        _, errors = process.communicate()
    wall = time.time() - begun
    if process.returncode:
        raise SystemExit(errors.decode())
    written = sorted(path.stat().st_mtime for path in (out / "submissions").glob("*.json"))
    workers = len(os.sched_getaffinity(0))
    start = written[0] - begun
    return {
        "wall": wall,
        "start": start,
        "each": (written[-1] - written[workers - 1]) / (len(written) - workers),
        **memory,
    }


def results_in(out: Path) -> int:
    """How many results are on disk."""
    folder = out / "submissions"
    return len(os.listdir(folder)) if folder.is_dir() else 0


def proportional_memory(root: int) -> float:
    """Bytes of a process and everything below it, memory that several share counted once; 0 when it has ended."""
    return 1024 * 1024 * sum(map(share_mb, with_all_below(root)))


def plain_environment() -> dict[str, str]:
    """This environment, in which this checkout is the one that is imported."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def floor_worker(arguments: tuple[str, list[str], int]) -> tuple[float, int]:
    """One warm process that makes every call of its share of the class; gives its seconds after warming up."""
    assignment, files, processor = arguments
    os.environ.update(ONE_THREAD)
    os.sched_setaffinity(0, [processor])
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    from benchmarks import floor
    from grader import assignments
    from grader.subject import warmup
    from grader.submissions import read_submissions
    from grader.suite.bench import Suite
    from grader.suite.collect import with_suite

    course = assignments.find_course(ROOT)
    spent: list[float] = []

    def work(suite: Suite) -> None:
        warmup.warm_up(("numpy", "torch"))
        read = [read_submissions(Path(file), assignment)[0] for file in files]
        sources = ["\n".join(chunk.source for chunk in submission.chunks) for submission in read]
        plan: Any = suite.plan.batches
        for source in sources[: len(set(sources))]:
            floor.run(source, plan)
        spent.extend(floor.run(source, plan) for source in sources)

    with_suite(course, assignments.load(course, assignment), work)
    return sum(spent), len(spent)


def floor_seconds(assignment: str, files: list[Path]) -> float:
    """Wall seconds for one submission at the floor, all processors busy."""
    processors = sorted(os.sched_getaffinity(0))
    shares = [
        (assignment, [str(file) for file in files[number :: len(processors)]], processor)
        for number, processor in enumerate(processors)
    ]
    with multiprocessing.get_context("spawn").Pool(len(processors)) as pool:
        spent = pool.map(floor_worker, shares, chunksize=1)
    return max(seconds for seconds, _ in spent) / len(files)


def fresh_one(arguments: tuple[str, str]) -> float:
    """Seconds of one file in a fresh pytest without a jail. `arguments`: the assignment and the file."""
    assignment, file = arguments
    begun = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "benchmarks.unjailed", "--unjailed", file]
    command.append(str(ROOT / "tests" / "hidden" / assignment))
    environment = {**plain_environment(), **ONE_THREAD}
    subprocess.run(command, cwd=ROOT, capture_output=True, env=environment, check=False)
    return time.perf_counter() - begun


def fresh_seconds(assignment: str, files: list[Path]) -> float:
    """Wall seconds for one submission when pytest is started anew for each, all processors busy."""
    processors = len(os.sched_getaffinity(0))
    begun = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(processors) as pool:
        pool.map(fresh_one, [(assignment, str(file)) for file in files], chunksize=1)
    return (time.perf_counter() - begun) / len(files)


def main() -> None:
    """Run the three ways and print their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", choices=["rnn_cell", "rnn", "birnn"])
    parser.add_argument("--submissions", type=whole_number, default=500)
    parser.add_argument("--fresh", type=int, default=20, help="submissions for the slow peer")
    parser.add_argument("--runs", type=whole_number, default=3)
    parser.add_argument("--right", action="store_true", help="only submissions with full marks")
    options = parser.parse_args()
    files = sample_class(options.assignment, options.right)
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "class"
        handed_in = make_class(files, options.submissions, folder)
        for run in range(options.runs):
            out = Path(temporary) / f"out{run}"
            row = grade(options.assignment, folder, out, options.submissions, diagnose=False)
            row["floor"] = floor_seconds(options.assignment, handed_in)
            if not options.right:
                out = Path(temporary) / f"told{run}"
                named = grade(options.assignment, folder, out, options.submissions, diagnose=True)
                row.update({f"told {name}": value for name, value in named.items()})
            rows.append(row)
        fresh = fresh_seconds(options.assignment, handed_in[: options.fresh])
    print(
        f"{options.assignment}: {options.submissions} submissions of {len(files)} files, {options.runs} runs"
    )
    report(rows, fresh)


def report(rows: list[dict[str, float]], fresh: float) -> None:
    """Print the medians, and the medians of the ratios of each run."""

    def median(name: str, scale: float = 1.0) -> float:
        return scale * statistics.median(row[name] for row in rows)

    for prefix, title in (("", "grading alone"), ("told ", "the command, mistakes named")):
        if prefix and "told each" not in rows[0]:
            continue
        ratio = statistics.median(row[f"{prefix}each"] / row["floor"] for row in rows)
        print(f"  {title}")
        print(f"    whole class         {median(prefix + 'wall'):8.1f} s")
        print(f"    to the first result {median(prefix + 'start'):8.1f} s")
        print(
            f"    each after that     {median(prefix + 'each', 1000):8.1f} ms   {ratio:.2f} times the floor"
        )
        for name, share in (("early", "a fifth"), ("late", "nine tenths")):
            used = median(prefix + name, 2**-20)
            print(f"    memory in all       {used:8.0f} MB   when {share} of the class is graded")
    each = median("each")
    print(f"  floor, each             {median('floor', 1000):8.1f} ms")
    print(f"  fresh pytest, each      {1000 * fresh:8.1f} ms   {fresh / each:.0f} times grading alone")


if __name__ == "__main__":
    main()
