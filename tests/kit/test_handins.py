"""Right code as real people hand it in, with what stands around it: handins/<door>/<case>/, all graded in one run.

`py` and `notebook` are two doors to the same loader. Each case holds what came of it: status, score, notes and what
was passed over; `--rewrite-snapshots` writes these down anew. `grader check`, the third way to that loader, looks at
each of them as well, and must say what grading says.
"""

from __future__ import annotations

import json
import shutil

import pytest
from filelock import FileLock

from grader.check import folder as exercises
from grader.check.session import look, open_runner

from .loading import ROOT
from .thinned import selected, thinned

HANDINS = ROOT / "tests" / "kit" / "handins"
DOORS = ("py", "notebook")
CASES = sorted(path for door in DOORS for path in (HANDINS / door).iterdir() if path.is_dir())
ASSIGNMENT = "rnn_cell"
KEPT = ("status", "score", "message", "notes", "passed_over")
#: Hand-ins that must lose points; every other one is right code.
WRONG = {
    *("notebook/solution_in_text_cells", "notebook/class_in_a_raw_cell", "notebook/function_between_fences"),
    *("notebook/class_renamed", "notebook/inside_a_class", "notebook/wrong_beside_an_import"),
    *("py/inside_main", "py/super_forgotten", "py/in_quotes", "py/in_comments", "py/in_comments_in_part"),
}
#: Cases that wait until something is stopped, and of the others every second one, are tried where all tests run.
WAITING = {
    *("alarm", "await", "code_below_what_hangs", "decorator_that_hangs", "exec_of_text", "out_of_memory"),
    *("prints_without_end", "recursion", "training_cells", "training_loop", "while_true"),
}
EACH = thinned(
    CASES,
    lambda number, case: case.name == "training_loop" or (number % 2 == 0 and case.name not in WAITING),
    lambda case: f"{case.parent.name}-{case.name}",
)


@pytest.fixture(scope="module")
def graded(request, shared_folder, warm):
    """The results by case, of one run over those asked about as one class; one run for all processes of tests."""
    folder = shared_folder / "handins"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            for case in selected(request, CASES, "case"):
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
    doors = {door: sum(case.parent.name == door for case in CASES) for door in DOORS}
    assert min(doors.values()) >= 40


@pytest.mark.parametrize("case", EACH)
def test_a_hand_in_gets_what_it_must(case, graded, golden):
    result = graded[f"{case.parent.name}-{case.name}"]
    full = result["score"] == result["max_score"] and result["status"] == "graded"
    assert full != (f"{case.parent.name}/{case.name}" in WRONG), result["message"]
    entry = {key: result[key] for key in KEPT}
    golden.check(case / "expected.json", json.dumps(entry, ensure_ascii=False, indent=1) + "\n")


@pytest.fixture(scope="module")
def looked(tmp_path_factory):
    """What `grader check` reports on a case, in the folder of the hand-out: by one warm process."""
    place = tmp_path_factory.mktemp("looked")
    handed_out = ROOT / "assignments" / ASSIGNMENT
    with open_runner(exercises.find(handed_out), warm=True) as runner:

        def report(case):
            work = place / case.parent.name / case.name
            shutil.copytree(handed_out, work)
            for ending in (".py", ".ipynb"):
                (work / f"{ASSIGNMENT}{ending}").unlink(missing_ok=True)
            shutil.copytree(case, work, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.json"))
            return look(exercises.find(work), runner)

        yield report


@pytest.mark.parametrize("case", EACH)
def test_the_visible_checks_say_what_grading_says(case, graded, looked):
    """They never say "all pass" of what loses points by the way it is loaded, nor find fault with what does not."""
    result, report = graded[f"{case.parent.name}-{case.name}"], looked(case)
    full = result["score"] == result["max_score"] and result["status"] == "graded"
    assert report.all_right == full, report.first
    mine = {(remark.kind, remark.label, remark.line) for remark in report.passed_over}
    theirs = {(remark["kind"], remark["label"], remark["line"]) for remark in result["passed_over"]}
    # On a busy machine a statement may take longer in one of the two.
    assert {remark for remark in mine if remark in theirs or remark[0] != "timeout"} == theirs
