"""What the processes of a command take: memory and processor time, as /proc tells it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def with_all_below(root: int) -> list[int]:
    """The number of a process and of everything below it."""
    pids = [root]
    for pid in pids:
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                pids += map(int, (task / "children").read_text().split())
        except OSError:  # a child that has just ended
            continue
    return pids


def most_memory_mb(pid: int) -> float:
    """The most memory that a process has had, in MB, shared pages included; 0 when it is gone."""
    return _megabytes(pid, "status", "VmHWM")


def memory_mb(pid: int) -> float:
    """What a process has in memory, in MB, shared pages included; 0 when it is gone."""
    return _megabytes(pid, "status", "VmRSS")


def share_mb(pid: int) -> float:
    """The same with each shared page divided by those who share it, so that processes can be added up."""
    return _megabytes(pid, "smaps_rollup", "Pss")


def _megabytes(pid: int, file: str, field: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), 0.0)


def processor_seconds(pids: Iterable[int]) -> float:
    """What these processes and the children that they have waited for have computed."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
    return ticks / TICKS
