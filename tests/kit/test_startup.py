"""The warm process is started before the command line is imported, for whoever takes it, and ended when nobody does."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest

from grader import startup
from grader.cli import grading
from grader.subject.keeper import Keeper

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is no sandbox elsewhere")


class LaunchedKeeper:
    """A keeper of no process, which notes how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def launched(monkeypatch):
    keepers = []

    def launch():
        keepers.append(LaunchedKeeper())
        return keepers[-1]

    monkeypatch.setattr(Keeper, "launch", launch)
    yield keepers
    while startup.take_keeper():
        pass


@linux
@pytest.mark.parametrize(
    ("typed", "needed"),
    [
        (["grade", "ada.py", "-a", "rnn"], True),
        (["grade"], True),
        (["grade", "--help"], False),
        (["grade", "class", "--cluster", "tcp://head:8786"], False),
        (["grade", "class", "--cluster=tcp://head:8786"], False),
        (["report", "grade"], False),
        (["--version"], False),
        ([], False),
    ],
)
def test_what_is_typed_says_whether_a_warm_process_is_needed(typed, needed):
    assert startup.grades_here(typed) is needed


@linux
def test_the_command_takes_what_was_launched_and_closes_it_once(launched):
    startup.launch()
    with grading.warm_process() as warm:
        assert warm.keeper is launched[0]
        assert startup.take_keeper() is None
    assert [keeper.closed for keeper in launched] == [1]


@linux
def test_without_one_the_command_launches_its_own(launched):
    with grading.warm_process() as warm:
        assert warm.keeper is launched[0]
    assert [keeper.closed for keeper in launched] == [1]


def test_a_machine_that_cannot_start_it_is_the_command_s_to_speak_of(monkeypatch):
    def launch():
        raise OSError("no more processes")

    monkeypatch.setattr(Keeper, "launch", launch)
    startup.launch()
    assert startup.take_keeper() is None


@linux
def test_nothing_goes_on_when_the_command_was_typed_wrongly(tmp_path):
    """It ends at once, and so does what was launched: it is this process's child, and has its standard error."""
    note = "import grader.subject.keeper as k, os; launch = k.Keeper.launch\n"
    note += "def noting():\n    keeper = launch(); print(keeper.pid, flush=True); return keeper\n"
    note += "k.Keeper.launch = noting\n"
    code = f"import sys; sys.argv[1:] = ['grade', '--nonsense']\n{note}from grader.entry import main; main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert "--nonsense" in done.stderr
    with contextlib.suppress(FileNotFoundError), open(f"/proc/{int(done.stdout)}/cmdline") as file:
        pytest.fail(f"still running: {file.read()}")


def test_other_commands_import_nothing_of_it():
    code = "import sys; sys.argv[1:] = ['--version']; from grader.entry import main\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += "assert 'grader.subject.keeper' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
