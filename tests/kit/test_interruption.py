"""A command that is stopped says so, and what to type, from its first moments on: also while it still imports."""

from __future__ import annotations

import signal
import socket
import sys

import pytest
from typer.core import TyperGroup

from grader import cli, entry, startup
from grader.cli import grading
from grader.subject import zygote

ENDING = (signal.SIGTERM, signal.SIGHUP)
GRADE = ["grade", "my class", "-a", "week3", "--fresh"]


@pytest.fixture
def stopped(monkeypatch, capsys):
    """The exit status and what is said, of a command during whose first moments something happens."""

    def run(words, happens):
        monkeypatch.setattr(sys, "argv", ["grader", *words])
        monkeypatch.setattr(startup, "grades_here", lambda typed: False)
        monkeypatch.setattr(cli, "main", happens)
        with pytest.raises(SystemExit) as ended:
            entry.main()
        return ended.value.code, capsys.readouterr().err

    return run


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_before_anything_is_imported_is_told(stopped, number):
    before = signal.signal(number, signal.SIG_DFL)
    status, message = stopped(GRADE, lambda: signal.raise_signal(number))
    assert signal.getsignal(number) == signal.SIG_DFL
    signal.signal(number, before)
    assert status == 128 + number
    assert (
        message == "\nStopped before anything was graded. To begin again: grader grade 'my class' -a week3\n"
    )


@pytest.mark.parametrize("words", [GRADE, ["report", "out"]])
def test_so_is_ctrl_c_in_every_command(stopped, words):
    def interrupt():
        raise KeyboardInterrupt

    status, message = stopped(words, interrupt)
    assert status == 130
    assert "Traceback" not in message
    assert message.startswith("\nStopped")
    assert f"To begin again: grader {words[0]}" in message


def test_one_that_only_reads_ends_by_a_signal_as_any_program_does(stopped):
    taken = []
    stopped_by = signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def look():
        taken.append(signal.getsignal(signal.SIGTERM))
        raise KeyboardInterrupt

    stopped(["report", "out"], look)
    signal.signal(signal.SIGTERM, stopped_by)
    assert taken == [signal.SIG_DFL]


def raise_interrupt(*arguments, **options):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("place", "name"), [(TyperGroup, "make_context"), (TyperGroup, "invoke"), (grading, "warm_process")]
)
def test_what_typer_would_end_without_a_word_is_told(typed, monkeypatch, place, name):
    monkeypatch.setattr(place, name, raise_interrupt)
    status, _, message = typed("grade", "class", "-a", "week3")
    assert status == 130
    assert message == "\nStopped before anything was graded. To begin again: grader grade class -a week3\n"


def test_a_warm_process_whose_command_is_gone_ends_in_silence(monkeypatch):
    def fail(self):
        raise RuntimeError("no torch")

    ours, theirs = socket.socketpair()
    ours.close()
    monkeypatch.setattr(zygote.Zygote, "start", fail)
    zygote.main(theirs.detach())
