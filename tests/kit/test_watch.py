"""`grader check --watch`: every save is answered, with the version that was saved, whatever the one before did."""

from __future__ import annotations

import itertools
import os
import queue
import re
import subprocess
import sys
import threading
import time

import pytest

from grader.check import folder as folders
from grader.check import process
from grader.check import watch as watches
from grader.check.process import CAN_FORK, Runner, Superseded
from grader.check.session import look
from grader.check.watch import FolderWatcher, watch
from grader.errors import UsageError

from .handouts import REFERENCE, STAGES, folder
from .loading import ROOT
from .processes import GUARD, children_of, wait_for_end

PATIENCE = GUARD  # seconds, after which a test says that nothing came
SCREENS = ROOT / "tests" / "kit" / "screens"
CHECKS = len(
    re.findall(r"^def test_", (ROOT / "assignments" / "birnn" / "test_birnn.py").read_text("utf-8"), re.M)
)
#: How many checks pass at a stage, as its screen says (test_check.py).
PASSING = {
    stage: int((SCREENS / f"{stage}.txt").read_text("utf-8").partition(": ")[2].split()[0])
    for stage in ("half_done", "wrong")
}


class WatchThread:
    """A watch that runs in a thread: `save` something, then `answer` is the next thing it shows."""

    def __init__(self, folder, fork, limit, named=None):
        self.file = folder / (named or "birnn.py")
        if named:
            (folder / "birnn.py").rename(self.file)
            (folder / "birnn.py").write_text(REFERENCE.replace("tanh", "sinh"), encoding="utf-8")
        self.shown = queue.Queue()
        self.over = threading.Event()
        self.errors = []
        self.runner = Runner(["numpy", "torch"], warm=True, fork=fork)
        exercise = folders.find(self.file if named else folder)
        arguments = (exercise, self.runner, self.shown.put, limit, self.over.is_set)
        self.thread = threading.Thread(target=self._run, args=arguments)
        self.thread.start()

    def _run(self, *arguments):
        try:
            watch(*arguments)
        except Superseded:
            pass
        except Exception as error:
            self.errors.append(error)

    def save(self, text):
        self.file.write_text(text, encoding="utf-8")

    def answer(self):
        return self.shown.get(timeout=PATIENCE)

    def close(self):
        self.over.set()
        self.thread.join(PATIENCE)
        self.runner.close()
        assert not self.thread.is_alive()
        assert self.errors == []


@pytest.fixture
def watching(tmp_path):
    opened = []

    def begin(source=REFERENCE, fork=CAN_FORK, limit=20.0, named=None):
        opened.append(WatchThread(folder(tmp_path, source), fork, limit, named))
        return opened[-1]

    yield begin
    for watched in opened:
        watched.close()


def passing(report):
    return sum(outcome.outcome == "passed" for outcome in report.outcomes)


@pytest.mark.parametrize(
    "fork", [pytest.param(True, marks=pytest.mark.skipif(not CAN_FORK, reason="no fork")), False]
)
def test_every_save_is_answered_with_what_was_saved(watching, fork):
    watched = watching(fork=fork)
    assert watched.answer().all_right
    watched.save(STAGES["half_done"])
    assert passing(watched.answer()) == 6
    watched.save(REFERENCE)
    assert watched.answer().all_right


def test_it_survives_whatever_is_saved(watching):
    watched = watching(limit=1.0)
    watched.answer()
    for stage in ("syntax_error", "crash", "calls_exit", "hang", "hangs_when_loaded", "cannot_be_loaded"):
        watched.save(STAGES[stage])
        report = watched.answer()
        assert report.problem or report.passed_over or report.first.outcome != "passed", stage
    watched.save(REFERENCE)
    assert watched.answer().all_right


def test_a_save_overtakes_a_look_that_hangs(watching, monkeypatch):
    """The limit is an hour: only being overtaken can end this look."""
    watched = watching(limit=3600.0)
    assert watched.answer().all_right
    happened = queue.Queue()
    event = process._Child.event

    def noted(child, seconds):
        answer = event(child, seconds)
        if answer is not None:
            happened.put(answer["event"])
        return answer

    monkeypatch.setattr(process._Child, "event", noted)
    watched.save(STAGES["hang"])
    while happened.get(timeout=PATIENCE) != "started":  # the process that will hang
        pass
    watched.save(STAGES["half_done"])
    assert passing(watched.answer()) == PASSING["half_done"]


def test_of_many_saves_the_last_one_is_shown(watching):
    watched = watching()
    watched.answer()
    for number in range(20):
        watched.save(f"{STAGES['half_done']}\n# {number}\n")
    watched.save(STAGES["wrong"])
    reports = [watched.answer()]
    while passing(reports[-1]) != PASSING["wrong"]:
        reports.append(watched.answer())
    assert watched.shown.empty()


def test_a_file_that_goes_away_and_comes_back(watching):
    watched = watching()
    watched.answer()
    watched.file.rename(watched.file.with_suffix(".bak"))
    gone = watched.answer()
    assert isinstance(gone, UsageError)
    assert "is gone" in str(gone)
    watched.save(REFERENCE)
    assert watched.answer().all_right


def test_a_file_that_is_gone_for_a_moment_is_waited_for(watching, monkeypatch):
    """Editors put a new file in the place of the old one. Here the moment is an hour, so only waiting can answer."""
    missed, misses = threading.Event(), itertools.count(1)
    look_ = watches.look

    def noting(*arguments):
        try:
            return look_(*arguments)
        except UsageError:
            if next(misses) == 2:  # only who waits looks twice at what is gone
                missed.set()
            raise

    monkeypatch.setattr(watches, "GONE_SECONDS", 3600.0)
    monkeypatch.setattr(watches, "look", noting)
    watched = watching()
    watched.answer()
    watched.file.unlink()
    while not missed.wait(watches.POLL_SECONDS):
        assert watched.shown.empty(), "it was told as missing"
        assert watched.thread.is_alive()
    watched.save(STAGES["half_done"])
    assert passing(watched.answer()) == PASSING["half_done"]
    assert watched.shown.empty()


def test_a_file_that_was_named_is_the_one_that_is_watched(watching):
    watched = watching(STAGES["half_done"], named="birnn_mine.py")
    assert passing(watched.answer()) == 6
    watched.save(REFERENCE)
    assert watched.answer().all_right
    assert watched.file.name == "birnn_mine.py"


def test_a_change_of_the_named_file_is_a_change(tmp_path):
    work = folder(tmp_path, REFERENCE)
    mine = work / "my work.py"
    mine.write_text(REFERENCE, encoding="utf-8")
    watcher = FolderWatcher(folders.find(mine))
    watcher.note()
    assert not watcher.changed()
    mine.write_text(REFERENCE + "\n# more\n", encoding="utf-8")
    assert watcher.changed()


def test_a_changed_check_is_seen(watching):
    watched = watching()
    watched.answer()
    checks = watched.file.with_name("test_birnn.py")
    checks.write_text(
        checks.read_text(encoding="utf-8") + '\n\ndef test_mine():\n    """Mine."""\n', encoding="utf-8"
    )
    assert len(watched.answer().outcomes) == CHECKS + 1


# What counts as a change


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_device_is_not_read_for_ever(tmp_path):
    work = folder(tmp_path, REFERENCE)
    watcher = FolderWatcher(folders.find(work))
    watcher.note()
    for put in (
        os.mkfifo,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.mkdir(),
        lambda path: path.symlink_to(path.name),
    ):
        file = work / "birnn.py"
        if file.is_dir():
            file.rmdir()
        else:
            file.unlink()
        put(file)
        assert watcher.changed()
        watcher.note()
        assert not watcher.changed()


def test_the_lock_of_an_editor_is_no_change(tmp_path):
    """Emacs keeps a link to nowhere beside the file while it is changed there."""
    work = folder(tmp_path, REFERENCE)
    watcher = FolderWatcher(folders.find(work))
    watcher.note()
    (work / ".#birnn.py").symlink_to("me@here.1234")
    assert not watcher.changed()


def test_only_another_content_is_a_change(tmp_path):
    work = folder(tmp_path, REFERENCE)
    watcher = FolderWatcher(folders.find(work))
    watcher.note()
    assert not watcher.changed()
    file = work / "birnn.py"
    file.write_text(REFERENCE, encoding="utf-8")
    os.utime(file, (1, 1))
    assert not watcher.changed(), "saved again as it was"
    (work / "notes.txt").write_text("x")
    assert not watcher.changed(), "nothing that a look depends on"
    now = time.time()
    os.utime(file, (now, now))
    watcher.note()
    file.write_text(REFERENCE.replace("tanh", "sinh"), encoding="utf-8")
    os.utime(file, (now, now))
    assert watcher.changed(), "the same size and date, as where dates are coarse"
    watcher.note()
    assert not watcher.changed()
    (work / "helpers.py").write_text("x = 1")
    assert watcher.changed(), "a neighbour that may be imported"


def test_a_look_is_about_the_text_that_was_read_although_the_file_changes_meanwhile(tmp_path):
    work = folder(tmp_path, STAGES["half_done"])
    exercise = folders.find(work)
    with Runner(["numpy", "torch"], warm=True) as runner:
        look(exercise, runner)
        begun = []

        def stop():
            if not begun:
                begun.append((work / "birnn.py").write_text(REFERENCE, encoding="utf-8"))
            return False

        (work / "birnn.py").write_text(STAGES["hang"], encoding="utf-8")
        report = look(exercise, runner, 1.0, stop)
        assert begun
        assert report.outcomes[0].outcome == "hang"


# The command


def test_no_process_is_left_when_the_command_is_killed(tmp_path):
    work = folder(tmp_path, REFERENCE)
    command = subprocess.Popen(
        [sys.executable, "-m", "grader", "check", "--watch"],
        cwd=work,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        output = []
        for line in command.stdout:
            output.append(line)
            if "Waiting for the next save" in line:
                break
        assert any(f"all {CHECKS} visible checks pass" in line for line in output)
        children = children_of(command.pid)
        assert children
    finally:
        command.kill()
        command.wait()
        command.stdout.close()
    wait_for_end(*children)
