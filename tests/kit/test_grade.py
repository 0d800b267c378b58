"""The main path, in the real jail: every end a submission can come to, workers that die, runs that are killed."""

from __future__ import annotations

import pytest

from grader.records import OUTCOMES, STATUSES, Result
from grader.run import path as main_path
from grader.run.path import Options, grade

from . import course_factory as factory
from . import grading
from .grading import strict
from .locked import skip_without_jail

engine, course = grading.engine, grading.course

SCALER = factory.SOLUTION[factory.SOLUTION.index("class Scaler") :]
HEAD = "import os\nimport numpy as np\nimport torch\nfrom torch import nn\n\n\n"
CLASS = {
    "bea right": factory.RIGHT,
    "ann wrong": factory.WRONG,
    "untouched": HEAD
    + "def scale(x, factor):\n    raise NotImplementedError\n\nclass Scaler(nn.Module):\n"
    + "    def __init__(self, n):\n        raise NotImplementedError\n",
    "begun": HEAD + "def scale(x, factor):\n    raise NotImplementedError\n\n" + SCALER,
    "raises at load": "1 / 0\n" + factory.RIGHT,
    "ends at load": "import sys\nsys.exit(0)\n" + factory.RIGHT,
    "hangs at load": "import time\ntime.sleep(100)\n" + factory.RIGHT,
    "dies at load": "import os\nos._exit(0)\n" + factory.WRONG,
    "does not compile": factory.RIGHT + "def f(a, a):\n    pass\n",
    "hangs": HEAD
    + "def scale(x, factor):\n    while factor == 3:\n        pass\n    return x * factor\n\n"
    + SCALER,
    "dies": HEAD
    + "def scale(x, factor):\n    if factor == 3:\n        os.abort()\n    return x * factor\n\n"
    + SCALER,
    "hangs and dies": HEAD
    + "def scale(x, factor):\n    while factor == 3:\n        pass\n"
    + "    if factor == 5:\n        os.abort()\n    return x * factor\n\n"
    + SCALER,
    "dies and hangs": HEAD
    + "def scale(x, factor):\n    if factor == 2:\n        os.abort()\n"
    + "    while factor == 5:\n        pass\n    return x * factor\n\n"
    + SCALER,
    "half begun": HEAD
    + "def scale(x, factor):\n    raise NotImplementedError\n\n"
    + SCALER.replace("x * self.weight", "x - self.weight"),
    "kills twice": "def scale(x, factor):\n    return 13\n",
    "kills once": "def scale(x, factor):\n    return 14\n",
    "finds a bug": "def scale(x, factor):\n    return 'bug'\n",
    "empty": "",
}


@pytest.fixture(scope="module")
def run(course, tmp_path_factory):
    """One real run over CLASS, and a notebook, and one that could not be read."""
    skip_without_jail()
    submissions = [factory.submission(name, source) for name, source in CLASS.items()]
    submissions.append(factory.submission("notebook", factory.RIGHT, "1 / 0", "y = 1"))
    unread = factory.submission("unread", "")
    submissions.insert(3, type(unread)("unread", "unread.py", "abc", (), "`unread.py` is a picture."))
    out, progress = tmp_path_factory.mktemp("out") / "results", []
    results = grade(
        *course, submissions, out, Options(workers=2), lambda result: progress.append(result.student)
    )
    return submissions, results, out, progress


ENDS = {
    "bea right": ("graded", 10.0, ""),
    "ann wrong": ("graded", 4.0, ""),
    "untouched": ("not_attempted", 0.0, "Nothing has been filled in yet"),
    "begun": ("graded", 4.0, ""),
    "raises at load": ("graded", 10.0, ""),
    "ends at load": ("graded", 10.0, ""),
    "hangs at load": ("graded", 10.0, ""),
    "dies at load": ("graded", 4.0, ""),
    "does not compile": ("unreadable", 0.0, "two parameters are called `a`"),
    "hangs": ("timeout", 8.0, "`scale` gave no answer in time"),
    "dies": ("crashed", 8.0, "`scale` ended the program instead of answering (an abort)"),
    # Of a hang and a death the hang is told: there is most often an endless loop behind both.
    "hangs and dies": ("timeout", 6.0, "`scale` gave no answer in time"),
    "dies and hangs": ("timeout", 6.0, "`scale` gave no answer in time"),
    "half begun": ("graded", 0.0, ""),
    "kills twice": ("not_graded", None, "Not graded: a worker process of the grader died twice on it"),
    "kills once": ("graded", 6.0, ""),
    "finds a bug": ("not_graded", None, "is itself at fault: TypeError"),
    "empty": ("not_attempted", 0.0, "Nothing has been filled in yet"),
    "notebook": ("graded", 10.0, ""),
    "unread": ("unreadable", 0.0, "`unread.py` is a picture."),
}


@pytest.mark.parametrize("student", ENDS)
def test_every_way_of_ending_has_its_status_score_and_message(run, student):
    result = next(result for result in run[1] if result.student == student)
    status, score, message = ENDS[student]
    assert (result.status, result.score) == (status, score), result.message
    assert message in result.message
    assert (result.message == "") == (message == "")
    assert result.max_score == 10.0


def test_results_are_in_the_order_of_the_submissions(run):
    submissions, results, _, progress = run
    assert [result.student for result in results] == [submission.student for submission in submissions]
    assert sorted(progress) == sorted(submission.student for submission in submissions), "each is told once"


def test_a_bug_of_the_suite_is_told_with_its_place(run):
    result = next(result for result in run[1] if result.student == "finds a bug")
    assert "test_scale[2.0]" in result.message
    assert ", line " in result.message


def test_a_cell_that_raised_is_noted(run):
    result = next(result for result in run[1] if result.student == "notebook")
    (note,) = result.notes
    assert note == (
        "cell 2, line 1, `1 / 0`, was passed over: it raised ZeroDivisionError: division by zero. "
        'Put it right, or under `if __name__ == "__main__":` if it is a trial.'
    )
    (passed,) = result.passed_over
    assert (passed.kind, passed.label, passed.line, passed.text) == ("raised", "cell 2", 1, "1 / 0")


KEYS = {
    "student",
    "file",
    "sha256",
    "status",
    "score",
    "max_score",
    "seconds",
    "tests",
    "diagnoses",
    "counterexample",
}
TEST_KEYS = {"name", "sentence", "group", "points", "max_points", "outcome", "message", "carried_forward"}


def test_the_file_keeps_the_contract(run):
    _, results, out, _ = run
    document = strict((out / "results.json").read_text(encoding="utf-8"))
    assert set(document) >= {"schema", "assignment", "suite", "max_score", "submissions"}
    assert (document["schema"], document["max_score"]) == ("grader/results/v1", 10.0)
    assert len(document["suite"]) == 64
    for entry in document["submissions"]:
        assert set(entry) >= KEYS
        assert entry["status"] in STATUSES
        assert (entry["score"] is None) == (entry["status"] == "not_graded")
        for test in entry["tests"]:
            assert set(test) >= TEST_KEYS
            assert test["outcome"] in OUTCOMES
        if entry["score"] is not None:
            assert entry["score"] == pytest.approx(sum(test["points"] for test in entry["tests"]))
    files = {path.name for path in (out / "submissions").iterdir()}
    assert len(files) == len(results)
    assert not any(name.endswith(".tmp") for name in files)


def test_records_survive_their_file(run):
    _, results, out, _ = run
    document = strict((out / "results.json").read_text(encoding="utf-8"))
    for entry, result in zip(document["submissions"], results, strict=True):
        back = Result.from_json(entry)
        assert (back.student, back.score, back.tests, back.notes) == (
            result.student,
            result.score,
            result.tests,
            result.notes,
        )


def test_the_same_submission_gets_the_same_verdict(course, run):
    """Another order, one worker, no files: the same results."""
    chosen = [submission for submission in run[0] if submission.student in ("ann wrong", "notebook", "begun")]
    again = grade(*course, chosen[::-1], None, Options(workers=1))
    before = {result.student: result for result in run[1]}
    for result in again:
        assert (result.score, result.tests) == (before[result.student].score, before[result.student].tests)


def asked_again(monkeypatch, course, submissions, out, **options) -> list[str]:
    """Who would be graded by another run (which nobody is: the grading itself is replaced)."""
    questioned = []

    def instead(pending, *_):
        for index in pending.places:
            questioned.append(pending.submissions[index].student)
            pending.keep(
                index, main_path.not_graded(pending.submissions[index], pending.assignment, "a rehearsal")
            )

    monkeypatch.setattr(main_path, "_grade_pending", instead)
    grade(*course, submissions, out, Options(**options))
    return questioned


@pytest.fixture
def done(run, tmp_path):
    """A copy of the finished run's folder, to go on with."""
    import shutil

    shutil.copytree(run[2], tmp_path / "results")
    return run[0], tmp_path / "results"


MISSED = ["kills twice", "finds a bug"]


def test_a_second_run_grades_only_what_could_not_be_graded(monkeypatch, course, done):
    submissions, out = done
    times = {path.name: path.stat().st_mtime_ns for path in (out / "submissions").iterdir()}
    assert asked_again(monkeypatch, course, submissions, out) == MISSED
    touched = {
        path.name for path in (out / "submissions").iterdir() if path.stat().st_mtime_ns != times[path.name]
    }
    assert touched == {f"{name}.json" for name in MISSED}


def test_a_changed_submission_is_graded_again(monkeypatch, course, done):
    submissions, out = done
    changed = [
        factory.submission("ann wrong", factory.RIGHT) if submission.student == "ann wrong" else submission
        for submission in submissions
    ]
    assert asked_again(monkeypatch, course, changed, out) == ["ann wrong", *MISSED]


def test_everything_is_graded_again_when_asked(monkeypatch, course, done):
    submissions, out = done
    everyone = [submission.student for submission in submissions if not submission.problem]
    assert asked_again(monkeypatch, course, submissions, out, fresh=True) == everyone


def test_everything_is_graded_again_with_another_seed(monkeypatch, course, done):
    submissions, out = done
    everyone = [submission.student for submission in submissions if not submission.problem]
    other = type(course[0])(course[0].root, "another seed")
    assert asked_again(monkeypatch, (other, course[1]), submissions, out) == everyone


@pytest.mark.parametrize("which", ["the suite", "the reference", "a helper of all suites", "the engine"])
def test_a_change_of_what_decides_grades_again(monkeypatch, course, done, which):
    submissions, out = done
    _, assignment = course
    path = {
        "the suite": next(assignment.hidden.glob("test_*.py")),
        "the reference": assignment.solution,
        "a helper of all suites": assignment.hidden.parent / "shared.py",
        "the engine": None,
    }[which]
    everyone = [submission.student for submission in submissions if not submission.problem]
    if path is None:
        monkeypatch.setattr(main_path.digests, "engine_digest", lambda: "another")
        assert asked_again(monkeypatch, course, submissions, out) == everyone
        return
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"") + b"\n# changed\n")
    try:
        assert asked_again(monkeypatch, course, submissions, out) == everyone
    finally:
        path.write_bytes(before) if before is not None else path.unlink()


def test_a_result_without_every_layer_is_not_taken_for_one_with(monkeypatch, course, done):
    submissions, out = done
    everyone = [submission.student for submission in submissions if not submission.problem]
    assert asked_again(monkeypatch, course, submissions, out, allow_unsafe=("landlock",)) == everyone


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"student": "bea right"}', '{"key": 1}', "\xff\xfe"])
def test_a_damaged_result_is_graded_again(monkeypatch, course, done, damage):
    submissions, out = done
    (out / "submissions" / "bea right.json").write_text(damage, encoding="latin-1")
    assert asked_again(monkeypatch, course, submissions, out) == ["bea right", *MISSED]
