"""The process that `grader check` runs a file in: of either kind, ended from outside, closed as grading is."""

from __future__ import annotations

import ast
import os
import py_compile
import subprocess
import sys

from grader.check import folder as folders
from grader.check.session import look, open_runner

from . import checking
from .checking import outcomes, text_of
from .handouts import REFERENCE, STAGES, changed, folder
from .loading import ROOT

runner, report_of, either = checking.runner, checking.report_of, checking.either
PACKAGE = ROOT / "grader" / "check"


# What is run


def test_both_kinds_of_process_say_the_same(either, tmp_path):
    expected = {
        "wrong": ["passed", "failed", "passed", "failed", "failed", *["passed"] * 8],
        "hang": ["hang", *["skipped"] * 5, *["passed"] * 7],
        "crash": ["crash", *["skipped"] * 5, *["passed"] * 7],
        "right": ["passed"] * 13,
    }
    for stage, lines in expected.items():
        work = folder(tmp_path / stage, STAGES[stage])
        assert outcomes(look(folders.find(work), either, 1.0 if stage == "hang" else 20.0)) == lines, stage


def test_a_step_that_holds_the_interpreter_is_killed_from_outside(report_of):
    """Compiled code that never comes back cannot be interrupted from within its process."""
    held = changed(LOOP_HEAD, "    import re; re.match(r'(a+)+$', 'a' * 64 + 'b')\n" + LOOP_HEAD)
    report = report_of(held, limit=0.3)
    assert report.outcomes[0].outcome == "hang"


LOOP_HEAD = "    for t in range(num_steps):\n"


def test_a_process_that_is_killed_is_a_crash(report_of):
    killed = changed(LOOP_HEAD, "    import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n" + LOOP_HEAD)
    report = report_of(killed)
    assert report.outcomes[0].outcome == "crash"
    assert "ended the whole program" in text_of(report)


def test_without_points_a_look_gives_up_after_some_losses(tmp_path, runner):
    work = folder(tmp_path, STAGES["crash"])
    (work / "checks.toml").unlink()
    report = look(folders.find(work), runner)
    assert outcomes(report) == ["crash", "crash", "crash", *["skipped"] * 10]
    assert "points" not in text_of(report)


def test_neighbours_are_never_an_old_version(either, tmp_path):
    """Two saves of the same size within a second: their compiled files could not be told apart."""
    work = folder(
        tmp_path,
        changed("np.tanh(pre_activation)", "helpers.squash(pre_activation)", STAGES["imports_a_neighbour"]),
    )
    helpers = work / "helpers.py"
    right = "import numpy as np\n\n\ndef squash(x):\n    return np.tanh(x)\n"
    exercise = folders.find(work)
    for text, passes in ((right, True), (right.replace("tanh", "sinh"), False), (right, True)):
        helpers.write_text(text)
        os.utime(helpers, (1_700_000_000, 1_700_000_000))
        if passes:  # as a plain run leaves it behind
            py_compile.compile(str(helpers), doraise=True)
        report = look(exercise, either)
        assert (report.outcomes[1].outcome == "passed") is passes
    assert any("imports helpers.py: hand it in together with it" in note for note in report.notes)


def test_nothing_of_a_run_is_left_for_the_next(either, tmp_path):
    counting = changed(
        "import torch\n", "import torch\nnp.runs = getattr(np, 'runs', 0) + 1\nassert np.runs == 1\n"
    )
    exercise = folders.find(folder(tmp_path, counting))
    for _ in range(2):
        assert look(exercise, either).all_right


def test_student_code_cannot_wait_for_input_or_spoil_the_conversation(report_of):
    lines = 'import os\nos.write(1, b"[1, 2\\n{}\\n")\nprint("hello")\ntry:\n    input()\nexcept EOFError:\n    pass\n'
    assert report_of(changed("import torch\n", "import torch\n" + lines)).all_right


def test_the_modules_of_the_checks_are_loaded_beforehand(tmp_path):
    work = folder(tmp_path, REFERENCE)
    (work / "helpers.py").write_text("x = 1")
    text = "import helpers\n" + (work / "test_birnn.py").read_text(encoding="utf-8")
    assert folders.needed(text, folders.find(work)) == ["numpy", "torch"]


def test_processes_end_with_the_runner(tmp_path):
    exercise = folders.find(folder(tmp_path, REFERENCE))
    with open_runner(exercise, warm=True) as opened:
        look(exercise, opened)
        process = opened._child._process
        assert process.poll() is None
    assert process.poll() is not None


def test_nothing_on_the_way_needs_posix():
    """Modules and functions that Windows lacks stand in child.py and process.py alone, behind `fork`."""
    lacking = {"fcntl", "resource", "pwd", "termios", "select", "pty", "grp"}
    calls = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & lacking, path
            if isinstance(node, ast.Attribute) and node.attr in {
                "fork",
                "waitpid",
                "setsid",
                "SIGKILL",
                "kill",
            }:
                calls.add((path.stem, ast.unparse(node)))
    assert {call for call in calls if call[1].startswith(("os.", "signal."))} <= {
        ("child", "os.fork"),
        ("child", "os.waitpid"),
        ("process", "os.kill"),
    }


def test_it_works_where_there_is_no_fork(tmp_path):
    work = folder(tmp_path, REFERENCE)
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['fcntl', 'resource', 'pwd', 'grp', 'termios', 'pty', 'tty']))\n"
        "import subprocess, os; del os.fork; os.kill = None\n"
        "from grader.check import process; process.CAN_FORK = False\n"
        "process.Runner.__init__.__defaults__ = (False, False)\n"
        "from pathlib import Path; from grader.check.command import check; print(check(Path('birnn.py')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=work, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("True\n"), done.stderr


# What grading does not have


CLOSED = {
    "a file": 'text = open("README.md").read()',
    "a list of files": "import os\nnames = os.listdir('.')",
    "a file to write": 'open("out.txt", "w")',
    "a thread": "import threading\nthreading.Thread(target=print).start()",
    "a program": "import subprocess, sys\nsubprocess.run([sys.executable, '-V'])",
    "a connection": "import socket\nsocket.create_connection(('127.0.0.1', 9))",
    "input": "size = int(input())",
    "an end": "raise SystemExit",
    "a death": "import os\nos._exit(3)",
    "a module that is installed": "import pytest",
}


def test_what_grading_passes_over_is_passed_over_here(tmp_path, runner):
    work = folder(tmp_path, REFERENCE + "\n" + "\n".join(CLOSED.values()) + "\n")
    report = look(folders.find(work), runner)
    assert report.all_right
    rows = [row for statement in CLOSED.values() for row in [statement.splitlines()[-1]]]
    assert [line.text for line in report.passed_over] == rows
    assert {line.kind for line in report.passed_over} == {"closed", "input", "exit", "crashed", "module"}


def test_what_needs_a_file_is_not_all_right_here_either(tmp_path, runner):
    scaled = changed("np.tanh(pre_activation)", "np.tanh(pre_activation * SCALE)")
    work = folder(tmp_path, scaled + '\nSCALE = float(open("scale.txt").read())\n')
    (work / "scale.txt").write_text("1.0")
    report = look(folders.find(work), runner)
    assert not report.all_right
    assert "SCALE" in text_of(report)


def test_libraries_may_read_what_they_are_made_of(tmp_path, runner):
    """Also late: a module of Python's own that nobody has loaded yet, and the first step of an optimizer."""
    source = (
        "\nimport wave, xml.dom.minidom\nw = torch.nn.Parameter(torch.ones(2))\nw.sum().backward()\n"
        "torch.optim.SGD([w], lr=0.1).step()\n"
    )
    report = look(folders.find(folder(tmp_path, REFERENCE + source)), runner, 60.0)
    assert report.all_right
    assert report.passed_over == ()


def test_a_file_that_python_would_not_run_cannot_be_loaded(tmp_path, runner):
    report = look(folders.find(folder(tmp_path, REFERENCE + "\ndef f(a, a):\n    pass\n")), runner)
    assert not report.outcomes
    screen = text_of(report)
    assert "cannot be loaded yet" in screen
    assert "two parameters are called" in screen
    assert "SyntaxError" not in screen


def test_given_modules_need_not_be_handed_in(tmp_path, runner):
    work = folder(tmp_path, "from birnn_tools import *\nimport helpers\n" + REFERENCE)
    (work / "birnn_tools.py").write_text("x = 1\n")
    (work / "helpers.py").write_text("y = 1\n")
    table = (work / "checks.toml").read_text()
    assert table.count("given = [") == 1
    (work / "checks.toml").write_text(table.replace("given = [", 'given = ["birnn_tools", ', 1))
    report = look(folders.find(work), runner)
    assert report.all_right
    assert [note for note in report.notes if "hand" in note] == [
        "birnn.py imports helpers.py: hand it in together with it."
    ]
