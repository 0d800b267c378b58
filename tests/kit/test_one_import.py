"""In a run one process loads numpy and torch: the others are forked from it, and the main process has neither."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from . import course_factory as factory
from .locked import needs_jail

#: Of each library the file that whoever imports it has in its memory.
FILES = {"numpy": "_multiarray_umath", "torch": "libtorch_cpu"}
needs_other_places = pytest.mark.skipif(
    Path("/proc/sys/kernel/randomize_va_space").read_text().strip() == "0",
    reason="this machine loads a library at the same place in each process",
)


def parents() -> dict[int, int]:
    """Every process of the machine, and its parent."""
    by_child = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text()
                by_child[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return by_child


def descendants(root: int) -> set[int]:
    """A process and all that come from it."""
    reached, above = {root}, parents()
    while more := {pid for pid, parent in above.items() if parent in reached} - reached:
        reached |= more
    return reached


def loaded_at(pid: int) -> dict[str, int]:
    """Where in a process's memory each library begins; nothing for one that it has not loaded."""
    places: dict[str, int] = {}
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            for library, file in FILES.items():
                if file in line:
                    places.setdefault(library, int(line.split("-")[0], 16))
    return places


def observed(
    command: Sequence[str], cwd: Path, env: Mapping[str, str]
) -> tuple[set[str], dict[str, dict[int, int]]]:
    """What the first process of a command has loaded, and where each of those that come from it has each library."""
    elsewhere: dict[str, dict[int, int]] = {library: {} for library in FILES}
    own: set[str] = set()
    main = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL)
    while main.poll() is None:
        own |= loaded_at(main.pid).keys()
        for pid in descendants(main.pid) - {main.pid}:
            for library, place in loaded_at(pid).items():
                elsewhere[library][pid] = place
        time.sleep(0.02)
    assert main.returncode == 0
    return own, elsewhere


@needs_jail
@needs_other_places
def test_torch_is_loaded_once_in_a_run_and_not_by_the_main_process(tmp_path: Path):
    course, assignment = factory.make_course(tmp_path)
    classroom = factory.hand_in(
        tmp_path / "class", assignment, dict.fromkeys(("ada", "bea", "cleo"), factory.RIGHT)
    )
    grade = ["grade", str(classroom), "--assignment", assignment.name, "--workers", "2"]
    command = [sys.executable, "-m", "grader", *grade, "--out", str(tmp_path / "results")]
    own, elsewhere = observed(command, course.root, {**os.environ, "GRADER_CACHE": "off"})
    assert own == set()
    for library in FILES:
        assert len(elsewhere[library]) >= 5, "the warm process, two workers, their zygotes"
        assert len(set(elsewhere[library].values())) == 1, f"{library} was loaded in several processes"


@needs_other_places
def test_the_look_at_processes_sees_a_second_import_and_one_of_the_main_process(tmp_path: Path):
    again = "import numpy, time; time.sleep(0.5)"
    twice = f"import numpy, subprocess, sys; [subprocess.run([sys.executable, '-c', {again!r}]) for _ in range(2)]"
    own, elsewhere = observed([sys.executable, "-c", twice], tmp_path, os.environ)
    assert own == {"numpy"}
    assert len(set(elsewhere["numpy"].values())) == 2
    assert elsewhere["torch"] == {}
