"""Right code as real people hand it in, with what stands around it: handins/<door>/<case>/, all graded in one run.

`py` and `notebook` are two doors to the same loader. Each case holds what came of it: status, score, notes and what
was passed over; `--rewrite-snapshots` writes these down anew.
"""

from __future__ import annotations

import json
import shutil

import pytest
from filelock import FileLock

from .loading import ROOT

HANDINS = ROOT / "tests" / "kit" / "handins"
CASES = sorted(path for path in HANDINS.glob("*/*") if path.is_dir())
ASSIGNMENT = "rnn_cell"
KEPT = ("status", "score", "message", "notes", "passed_over")
#: Hand-ins that must lose points; every other one is right code.
WRONG: set[str] = set()


@pytest.fixture(scope="module")
def graded(shared_folder, warm):
    """The results by case, of one run over all of them as one class; one run for all processes of tests."""
    folder = shared_folder / "handins"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            for case in CASES:
                ignored = shutil.ignore_patterns("expected.json")
                shutil.copytree(case, folder / "class" / f"{case.parent.name}-{case.name}", ignore=ignored)
            done = warm.run(
                "grade",
                folder / "class",
                "--assignment",
                ASSIGNMENT,
                "--out",
                folder / "results",
                "--course",
                ROOT,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            (folder / "done").touch()
    results = json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))
    return {result["student"]: result for result in results["submissions"]}


def test_there_are_hand_ins_of_every_door():
    doors = {door: sum(case.parent.name == door for case in CASES) for door in ("py", "notebook")}
    assert min(doors.values()) >= 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_a_hand_in_gets_what_it_must(case, graded, golden):
    result = graded[f"{case.parent.name}-{case.name}"]
    full = result["score"] == result["max_score"] and result["status"] == "graded"
    assert full != (f"{case.parent.name}/{case.name}" in WRONG), result["message"]
    kept = {key: result[key] for key in KEPT}
    golden.check(case / "expected.json", json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
