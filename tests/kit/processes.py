"""Commands in processes of their own, and processes that are no children of a test: whether they live, their ends."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUARD = 900.0  # seconds, after which something is taken to be stuck; nothing that goes well waits for it


def fresh(
    *arguments: object, module: str = "grader", cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m MODULE ARGUMENTS…` by a new interpreter, for tests of the start itself; else there is `warm.run`.

    `environment` is added to this process's.
    """
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        timeout=GUARD,
        check=False,
    )


def environment_without(*beginnings: str) -> dict[str, str]:
    """This process's environment but for the variables whose names begin so."""
    return {name: value for name, value in os.environ.items() if not name.startswith(beginnings)}


def lives(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie that waits for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children_of(pid: int) -> set[int]:
    """The living processes whose parent is this one."""
    children = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            children.add(int(path.parent.name))
    return children


def wait_for_end(*pids: int) -> None:
    """Wait until these processes have ended, whosever children they are. Raises TimeoutError after GUARD seconds."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            if not select.select([handle], [], [], GUARD)[0]:
                raise TimeoutError(f"process {pid} did not end")
        finally:
            os.close(handle)
