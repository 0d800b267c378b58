"""Runs hostile files without what stops them, in three ways, each bounded, and says what they got."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attacks.bounds import BOUNDS, take_away
from benchmarks.seeded.checkout import Checkout

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = ROOT / "tests" / "kit" / "hostile"
CANARY = "/tmp/grader-canary"  # as the files spell it
BASELINE = "honest_zeros"
Prefix = Sequence[str]
TESTED_SECONDS, CALLED_SECONDS = 60, 5
MOST_MEMORY = 2 << 30  # on top of what numpy and torch take

# What a run of the engine says is in its results; what it does not finish is seen by its end.
_GRADE = """
import dataclasses, json, sys
from pathlib import Path
folder, out, root = map(Path, sys.argv[1:])
from grader import assignments
from grader.run import path as main_path
from grader.submissions.read import read_submissions
course = assignments.find_course(root)
assignment = assignments.load(course, "rnn_cell")
limits = assignments.Limits(call_seconds=0.5, total_seconds=1.5, memory_mb=512)
assignment = dataclasses.replace(assignment, limits=limits)
options = main_path.Options(workers=1, diagnose=False)
main_path.grade(course, assignment, read_submissions(folder, "rnn_cell"), out, options)
"""

# A program that calls a student's functions in its own process. What it writes to the file it is given is what it
# still could do afterwards; then it ends with status 7, if it can.
_CALL = """
import json, os, pickle, resource, sys
import numpy as np, torch
report, source, memory = sys.argv[1], sys.argv[2], int(sys.argv[3])
def size(field):
    for line in open("/proc/self/status"):
        if line.startswith(field):
            return int(line.split()[1]) << 10
open(report, "w").write("{}")  # from here on the time counts
before = size("VmSize")
resource.setrlimit(resource.RLIMIT_AS, (before + memory,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (20, 21))
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20,) * 2)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
said, space = {}, {"__name__": "rnn_cell"}
def note(**more):
    said.update(more, grown=size("VmPeak") - before)
    open(report, "w").write(json.dumps(said))
x, h = np.ones((2, 3)), np.ones((2, 4))
for step in ("load", "call", "module"):
    try:
        if step == "load":
            exec(compile(open(source).read(), "rnn_cell.py", "exec"), space)
            got = None
        elif step == "call":
            got = space["rnn_cell_forward"](x, h, np.ones((3, 4)), np.ones((4, 4)), np.ones(4))
        else:
            got = space["RNNCell"](3, 4)(torch.ones(2, 3), torch.ones(2, 4))
        pickle.loads(pickle.dumps(got)) if type(got).__module__ == "rnn_cell" else None
        del got
    except MemoryError:
        note(memory=step)
    except Exception as error:
        note(raised=type(error).__name__)
os.write(1, b"")
note(ended=True)
os._exit(7)
"""


@dataclass(frozen=True)
class Outcome:
    """What one file got: points beyond those of zeros, words that are shown, and how the run of it ended."""

    points: float = 0.0
    status: str = ""
    shown: str = ""
    seconds: float = 0.0
    ended: str = ""
    grown: int = 0
    printed: str = ""
    left: tuple[str, ...] = ()

    def has(self, gain: str) -> bool:
        """Whether it got what table.toml says: one of the words below, or "shows PATTERN"."""
        if gain.startswith("shows "):
            return bool(re.search(gain.removeprefix("shows "), self.shown + self.printed))
        return {
            "points": self.points > 0,
            "a hidden input": bool(re.search(r"\d{5}|\d\.\d{4}", self.shown)),
            "characters": any(
                unicodedata.category(c) in ("Cc", "Cs", "Cf", "Co") and c != "\n" for c in self.shown
            ),
            "a long text": any(len(text) > 1000 for text in self.shown.split("\n")),
            "the grader fails": self.status == "not_graded" or self.ended == "failed",
            "passes for a crash": self.status == "crashed",
            "a long output": len(self.printed) >= 1 << 19,
            "more time": self.seconds > 3.0,
            "ends whoever calls": self.ended in ("ended", "failed"),
            "holds whoever calls": self.ended == "held",
            "memory": self.grown > 1 << 30,
            "a file": bool(self.left),
        }[gain]


def sources(names: Sequence[str]) -> dict[str, str]:
    """The text of some hostile files."""
    return {name: (HOSTILE / f"{name}.py").read_text(encoding="utf-8") for name in names}


def without(bound: str, names: Sequence[str]) -> dict[str, Outcome]:
    """What each of the files gets when the bound of this name is taken away."""
    with tempfile.TemporaryDirectory(prefix="attacks-", ignore_cleanup_errors=True) as path:
        folder = Path(path)
        (folder / "canary").mkdir()
        texts = {
            name: text.replace(CANARY, str(folder / "canary"))
            for name, text in sources([*names, BASELINE]).items()
        }
        way = BOUNDS[bound].way
        if way == "called":
            return {name: _called(texts[name], folder) for name in names}
        copy = Checkout(ROOT, folder / "copy")
        take_away(BOUNDS[bound], copy.root)
        with cleaned(copy):
            if way == "graded":
                return graded(texts, names, copy, folder, BOUNDS[bound].seconds)
            zeros = _tested(texts[BASELINE], copy, folder).points
            outcomes = {name: _tested(texts[name], copy, folder) for name in names}
            return {
                name: Outcome(outcome.points - zeros, ended=outcome.ended, printed=outcome.printed)
                for name, outcome in outcomes.items()
            }


def graded(
    texts: Mapping[str, str],
    names: Sequence[str],
    copy: Checkout,
    folder: Path,
    seconds: float,
    prefix: Prefix = (),
) -> dict[str, Outcome]:
    """What each of these files gets when a class of all `texts` is graded by the copy, in so many seconds.

    `prefix`: words before the command, which make it somebody else's.
    """
    _secret(folder)
    for name, text in texts.items():
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "rnn_cell.py").write_text(text, encoding="utf-8")
    out = folder / "out"
    _bounded([*prefix, copy.python, "-c", _GRADE, folder / "class", out, copy.root], copy, seconds)
    results = {}
    for path in (out / "submissions").glob("*.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        results[result["student"]] = result
    zeros = results.get(BASELINE, {}).get("score") or 0.0
    outcomes = {}
    for name in names:
        if name not in results:
            outcomes[name] = Outcome(ended="failed")
            continue
        result = results[name]
        texts_shown = [result["message"], *result["notes"], *(test["message"] for test in result["tests"])]
        outcomes[name] = Outcome(
            points=(result["score"] or 0.0) - zeros,
            status=result["status"],
            shown="\n".join(texts_shown),
            seconds=result["seconds"],
        )
    return outcomes


def _tested(text: str, copy: Checkout, folder: Path) -> Outcome:
    """The hidden suite run by pytest on a file that is imported into pytest's own process; points are tests passed."""
    # Nearer to the tests than the grader's own plugin, whose `student` would be the reference.
    nearer = copy.root / "tests" / "hidden" / "rnn_cell" / "conftest.py"
    nearer.write_text("from benchmarks.unjailed import student, unjailed\n", encoding="utf-8")
    place = folder / "tested"
    place.mkdir(exist_ok=True)
    (place / "rnn_cell.py").write_text(text, encoding="utf-8")
    flags = (
        "-q",
        "--tb=no",
        "--color=no",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=",
        "-p",
        "benchmarks.unjailed",
    )
    command = [
        copy.python,
        "-m",
        "pytest",
        *flags,
        "--unjailed",
        place / "rnn_cell.py",
        "tests/hidden/rnn_cell",
    ]
    status, printed = _bounded(command, copy, TESTED_SECONDS)
    passed = re.search(r"(\d+) passed", printed)
    skipped = re.search(r"(\d+) (?:skipped|xfailed|xpassed)", printed)
    summary = re.search(r"\d+ (?:passed|failed|error).* in ", printed)
    ended = "held" if status is None else "" if status in (0, 1) and summary else "ended"
    points = int(passed[1]) if passed else 0
    return Outcome(points=points + (int(skipped[1]) if skipped else 0), ended=ended, printed=printed)


def _called(text: str, folder: Path) -> Outcome:
    """The file in a program of its own that calls it, without any of the grader."""
    source, report = folder / "source.py", folder / "report"
    source.write_text(text, encoding="utf-8")
    report.unlink(missing_ok=True)
    for path in (folder / "canary").iterdir():
        path.unlink()
    command = [sys.executable, "-c", _CALL, report, source, str(MOST_MEMORY)]
    status, printed = _bounded(command, None, CALLED_SECONDS, begun=report)
    document = json.loads(report.read_text() or "{}") if report.exists() else {}
    finished = bool(document.get("ended")) and status == 7
    ended = "held" if status is None else "" if finished else "ended"
    grown = int(document.get("grown", 0)) if "memory" not in document else MOST_MEMORY
    return Outcome(
        ended=ended,
        grown=grown,
        printed=printed,
        left=tuple(path.name for path in (folder / "canary").iterdir()),
    )


def _bounded(
    command: Sequence[object], copy: Checkout | None, seconds: float, begun: Path | None = None
) -> tuple[int | None, str]:
    """Exit status (None when it was ended) and what was printed, in a session that is ended as a whole.

    The seconds count from the moment when `begun` is there, if it is given: importing torch may take long.
    """
    environment = (
        copy.variables()
        if copy
        else {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    )
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=copy.root if copy else "/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_small_files,
        )
        for _ in range(600):
            if begun is None or begun.exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        try:
            status: int | None = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            status = None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        printed.seek(0)
        return status, printed.read(1 << 20).decode("utf-8", "replace")


def _small_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _secret(folder: Path) -> None:
    secret = folder / "canary" / "secret.txt"
    secret.write_text("canary " * 10)
    secret.chmod(0o640)


@contextmanager
def cleaned(copy: Checkout) -> Iterator[None]:
    """Remove what an attack may have planted: the files it makes are all called grader-hostile…"""
    try:
        yield
    finally:
        library = Path(os.__file__).parent
        places = [
            Path("/tmp"),
            Path("/var/tmp"),
            Path("/dev/shm"),
            Path("/"),
            library,
            library / "__pycache__",
            copy.root,
        ]
        places += [Path(entry) for entry in sys.path if entry.endswith("site-packages")]
        for planted in (path for place in places for path in place.glob("*grader-hostile*")):
            shutil.rmtree(planted, ignore_errors=True) if planted.is_dir() else planted.unlink(
                missing_ok=True
            )
