"""Programs that are graded together, as a class of students without names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .conftest import ROOT
from .warm import Warm


def graded_programs(
    warm: Warm, folder: Path, assignment: str, sources: Sequence[str], *options: object
) -> list[dict[str, Any]]:
    """Grade these programs in one run of the command, with further options, and return their results in this order."""
    for number, source in enumerate(sources):
        student = folder / "class" / f"s{number:03}"
        student.mkdir(parents=True)
        (student / f"{assignment}.py").write_text(source, encoding="utf-8")
    done = warm.run(
        *("grade", folder / "class", "--assignment", assignment, "--out", folder / "out", "--course", ROOT),
        *options,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert len(results) == len(sources)
    return sorted(results, key=lambda result: result["student"])
