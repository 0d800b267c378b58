"""Seeds faults into copies and runs the tests that ought to notice: each as it is, then with one fault in the copy."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.seeded.checkout import Checkout
from benchmarks.seeded.faults import Fault

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds for the tests of one fault: one that hangs them is not noticed, it is stopped
_ENDED = re.compile(r"^(?:FAILED|ERROR) (?P<name>\S+?\.py(?:::[^\n]*?)?)(?: - .*)?$", re.MULTILINE)

NOTICED, SURVIVED, STALE, HUNG = "noticed", "survived", "stale", "hung"


@dataclass(frozen=True)
class Outcome:
    """What became of one fault: `by` are the tests that noticed, `remark` says why it could not be tried."""

    fault: Fault
    verdict: str
    by: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class _Ran:
    status: int | None  # pytest's exit status; None when it was stopped
    failed: tuple[str, ...]
    output: str


def outcomes(faults: Sequence[Fault], jobs: int) -> Iterator[Outcome]:
    """What becomes of each fault, as it is known. `jobs` copies are worked in at the same time."""
    with tempfile.TemporaryDirectory(prefix="seeded-", ignore_cleanup_errors=True) as folder:
        copies: SimpleQueue[Checkout] = SimpleQueue()
        for number in range(jobs):
            copies.put(Checkout(ROOT, Path(folder) / str(number)))
        with ThreadPoolExecutor(jobs) as pool:
            stale = {fault: why for fault in faults if (why := fault.stale(ROOT))}
            yield from (Outcome(fault, STALE, remark=why) for fault, why in stale.items())
            ready = [fault for fault in faults if fault not in stale]
            files = sorted({name for fault in ready for name in fault.tests})
            unusable = _failing_anyway(files, copies, pool)
            futures = []
            for fault in ready:
                if spoilt := [name for name in fault.tests if name in unusable]:
                    yield Outcome(fault, STALE, remark=f"{spoilt[0]} {unusable[spoilt[0]]}")
                else:
                    futures.append(pool.submit(_try, fault, copies))
            for future in as_completed(futures):
                yield future.result()


def _failing_anyway(
    names: Sequence[str], copies: SimpleQueue[Checkout], pool: ThreadPoolExecutor
) -> dict[str, str]:
    """The tests that cannot tell a fault, because they fail or are not run without one; with why."""
    by_file: dict[str, list[str]] = {}
    for name in names:
        by_file.setdefault(name.partition("::")[0], []).append(name)

    def look(group: Sequence[str]) -> dict[str, str]:
        with _taken(copies) as copy:
            ran = _pytest(copy, group)
            if ran.status == 0 and " skipped" not in ran.output:
                return {}
            # Something is wrong with one of them: find out with which.
            wrong: dict[str, str] = {}
            for name in group:
                alone = _pytest(copy, [name])
                if alone.status != 0:
                    wrong[name] = "fails without any fault" if alone.status == 1 else "cannot be run"
                elif " passed" not in alone.output:
                    wrong[name] = "is skipped here"
            return wrong

    unusable: dict[str, str] = {}
    for wrong in pool.map(look, by_file.values()):
        unusable.update(wrong)
    return unusable


def _try(fault: Fault, copies: SimpleQueue[Checkout]) -> Outcome:
    with _taken(copies) as copy, _seeded(copy, fault):
        ran = _pytest(copy, fault.tests)
    if ran.status is None:
        return Outcome(fault, HUNG, remark=f"its tests were stopped after {PATIENCE} s")
    if ran.status == 0:
        return Outcome(fault, SURVIVED)
    if ran.status == 1 and ran.failed:
        return Outcome(fault, NOTICED, ran.failed)
    # A fault that keeps the tests from being collected at all is too coarse to prove anything.
    return Outcome(fault, STALE, remark=f"pytest ended with {ran.status}: {ran.output.strip()[-300:]}")


@contextmanager
def _taken(copies: SimpleQueue[Checkout]) -> Iterator[Checkout]:
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)


@contextmanager
def _seeded(copy: Checkout, fault: Fault) -> Iterator[None]:
    path = copy.root / fault.file
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(fault.old, fault.new), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def _pytest(copy: Checkout, names: Sequence[str]) -> _Ran:
    flags = ("-q", "--tb=no", "-rfE", "--color=no", "-p", "no:cacheprovider", "-o", "addopts=")
    process = subprocess.Popen(
        [copy.python, "-m", "pytest", *flags, *names],
        cwd=copy.root,
        env=copy.variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return _Ran(None, (), "")
    failed = tuple(dict.fromkeys(match["name"] for match in _ENDED.finditer(output)))
    return _Ran(process.returncode, failed, output)
