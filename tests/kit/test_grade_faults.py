"""What goes wrong around a run is not held against students: another system, the suite, kills, a fault in naming."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.errors import JailError, KilledError, SuiteError
from grader.run.path import Options, confine, grade
from grader.run.session import Order, with_judge
from grader.subject import jail
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper

from . import course_factory as factory
from . import grading
from .grading import ROOT, strict
from .locked import needs_jail
from .processes import GUARD, children_of

engine, course = grading.engine, grading.course


def test_other_systems_are_refused_in_words(monkeypatch, course):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(JailError, match="There is no sandbox for darwin: grading needs Linux"):
        grade(*course, [factory.submission("s", factory.RIGHT)])


def test_a_missing_layer_is_refused_in_words(monkeypatch, course):
    monkeypatch.setattr(jail, "missing", lambda layers: ["landlock", "seccomp"])
    with pytest.raises(JailError, match="lacks a layer of the sandbox: landlock, seccomp") as caught:
        grade(*course, [factory.submission("s", factory.RIGHT)])
    assert "--allow-unsafe landlock --allow-unsafe seccomp" in caught.value.next_step


@needs_jail
def test_a_suite_that_fails_its_reference_ends_the_run_with_the_tests_name(tmp_path):
    suite = factory.SUITE.replace("reference.scale(X, factor))", "1 + reference.scale(X, factor))")
    course = factory.make_course(tmp_path / "course", suite=suite)
    with pytest.raises(SuiteError, match=r"test_scale\[2\.0\]: the reference itself does not pass"):
        grade(*course, [factory.submission("s", factory.RIGHT)], tmp_path / "out")
    assert not list((tmp_path / "out" / "submissions").iterdir())


@needs_jail
def test_a_suite_that_leaves_a_thread_behind_is_refused_instead_of_waiting_for_it_in_a_worker(tmp_path):
    """A pool that the suite keeps has no thread in a forked worker: what is handed to it there is never done."""
    pool = "from concurrent.futures import ThreadPoolExecutor\nPOOL = ThreadPoolExecutor(1, 'oracle')\n"
    oracle = "POOL.submit(reference.scale, X, factor).result())"
    suite = pool + factory.SUITE.replace("reference.scale(X, factor))", oracle)
    course = factory.make_course(tmp_path / "course", suite=suite)
    with pytest.raises(SuiteError, match=r"the suite has started 1 thread \(oracle_0\)") as caught:
        grade(*course, [factory.submission("s", factory.RIGHT)])
    assert "end them there" in caught.value.next_step


#: `grader` that says when it has kept a result, and goes no further after the second.
PAUSED = """
import sys
from grader import cli
from grader.run import store
save, kept = store.ClassFolder.save, []
def saved(self, result):
    save(self, result)
    kept.append(result)
    print("kept", flush=True)
    if len(kept) == 2:
        sys.stdin.read()
store.ClassFolder.save = saved
cli.main()
"""
#: Starts PAUSED, kills it once two results are kept, and waits until no process is left of it.
DRIVER = """
import ctypes, os, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # whatever loses its parent becomes a child of this process
run = subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
assert [run.stdout.readline() for _ in range(2)] == [b"kept\\n"] * 2
run.kill()
try:
    while True:
        os.waitpid(-1, 0)
except ChildProcessError:
    print("nothing left")
"""


@needs_jail
def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path, warm):
    """SIGKILL in the middle: no process stays behind, and the next run grades what is missing."""
    course, assignment = factory.make_course(tmp_path / "course")
    sources = {f"s{number:02}": factory.RIGHT for number in range(14)}
    folder = factory.hand_in(tmp_path / "class", assignment, sources)
    out = tmp_path / "out"
    command = ["grade", str(folder), "-a", assignment.name, "--out", str(out), "--course", str(course.root)]
    killed = subprocess.run(
        [sys.executable, "-c", DRIVER, PAUSED, *command],
        capture_output=True,
        text=True,
        timeout=GUARD,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.stdout == "nothing left\n", killed.stdout + killed.stderr
    first = {path.name: path.read_bytes() for path in (out / "submissions").glob("*.json")}
    assert len(first) == 2
    assert not (out / "results.json").exists()
    again = warm.run(*command)
    assert again.returncode == 0, again.stderr
    document = strict((out / "results.json").read_text(encoding="utf-8"))
    assert [entry["student"] for entry in document["submissions"]] == sorted(sources)
    assert {entry["score"] for entry in document["submissions"]} == {10.0}
    untouched = {
        name for name, content in first.items() if (out / "submissions" / name).read_bytes() == content
    }
    assert untouched == set(first), "what was graded before was not graded again"


@needs_jail
def test_nothing_is_left_running_after_a_run(course, monkeypatch):
    monkeypatch.setattr(
        "grader.subject.keeper.subprocess", subprocess
    )  # its zygote is a child of this process
    before = children_of(os.getpid())
    grade(*course, [factory.submission("s", factory.RIGHT)], None, Options(workers=2))
    assert children_of(os.getpid()) <= before


@needs_jail
def test_an_interrupt_ends_a_run_at_once_and_leaves_nothing(course):
    """As Ctrl-C does, between two results."""
    before = children_of(os.getpid())
    # Whoever runs tests in the background has them ignore it, and Python then leaves it so.
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt(result):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        grade(
            *course,
            [factory.submission(f"s{n}", factory.RIGHT) for n in range(4)],
            None,
            Options(),
            interrupt,
        )
    signal.signal(signal.SIGINT, ignored)
    assert children_of(os.getpid()) <= before


def test_what_the_machine_could_not_read_is_not_graded(course, tmp_path):
    """It gets no score, and no result that would be kept."""
    course, assignment = course
    right = factory.submission("ann", factory.RIGHT)
    fault = replace(right, chunks=(), sha256="", problem="ann.py cannot be opened.", fault=True)
    (result,) = grade(course, assignment, [fault], tmp_path / "out")
    assert (result.status, result.score, result.message) == (
        "not_graded",
        None,
        "Not graded: ann.py cannot be opened.",
    )
    (result,) = grade(course, assignment, [fault], tmp_path / "out")
    assert result.status == "not_graded"


KILLED = "import time\n" + factory.WRONG.replace(
    "def scale(x, factor):", "def scale(x, factor):\n    time.sleep(0.3 * (factor == 3))"
)


@needs_jail
@pytest.mark.parametrize("times", [1, 2])
def test_whom_the_machine_kills_gets_another_try_and_never_a_score(course, monkeypatch, times):
    """From outside, by its number, as the kernel does without memory; the next one is graded as ever."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    left, read = [None] * times, JailedSubject._read_planned

    def killed(subject):
        if left and subject._coming[0][0] == 1:  # it is about to answer for factor 3, which takes it a while
            left.pop()
            os.kill(subject._child.pid, signal.SIGKILL)
        return read(subject)

    verdicts = []

    def judge_both(judge):
        monkeypatch.setattr(JailedSubject, "_read_planned", killed)
        for submission in (factory.submission("victim", KILLED), factory.submission("other", factory.RIGHT)):
            try:
                verdicts.append(judge.judge(submission))
            except KilledError as error:
                verdicts.append(error)

    keeper = Keeper.launch(confine(*course, ()))
    try:
        keeper.wait()
        order = Order(*course, jail="full", diagnose=False, processor=None)
        with_judge(order, keeper.clone(), keeper.clone(), judge_both)
    finally:
        keeper.close()
    first, other = verdicts
    assert not left
    assert (other.status, other.score) == ("graded", 10.0)
    if times == 1:
        assert (first.status, first.score) == ("graded", 4.0)
    else:
        assert "killed from outside, twice" in str(first)


@needs_jail
def test_what_could_not_be_judged_is_not_kept(course, tmp_path):
    """A fault that is gone the next time leaves no trace: the same command grades whom it had hit."""
    submission = factory.submission("bea", factory.RIGHT)
    out = tmp_path / "out"
    grade(*course, [replace(submission, fault=True, problem="The disk is gone.")], out)
    (again,) = grade(*course, [submission], out, Options(workers=1))
    assert (again.status, again.score) == ("graded", 10.0)
