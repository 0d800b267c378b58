"""`grader check`: what a student reads at every stage, that it is about the file as it is, and that nothing stops it.

The screens are files in tests/kit/screens/. After a change that is meant:
pytest tests/kit/test_check.py -k test_screen --rewrite-snapshots
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import py_compile
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from grader.assignments import find_course, load
from grader.check import command as commands
from grader.check import folder as folders
from grader.check import guide, hints, paste, screen, words
from grader.check.command import check
from grader.check.process import CAN_FORK, Runner
from grader.check.report import Outcome, Report
from grader.check.session import look, open_runner
from grader.errors import CourseError, UsageError
from tests.kit.processes import fresh

from .handouts import REFERENCE, STAGES, changed, folder, write_notebook
from .loading import ROOT, load_module
from .thinned import thinned

NAMES = find_course(ROOT).names()
SCREENS = Path(__file__).parent / "screens"
PACKAGE = ROOT / "grader" / "check"


@pytest.fixture(scope="module")
def runner():
    with Runner(["numpy", "torch"], warm=True) as made:
        yield made


@pytest.fixture(
    scope="module",
    params=[False, pytest.param(True, marks=pytest.mark.skipif(not CAN_FORK, reason="no fork"))],
)
def either(request):
    """A runner of each kind: a process for each look, as on Windows and macOS, and one that forks."""
    with Runner(["numpy", "torch"], warm=True, fork=request.param) as made:
        yield made


@pytest.fixture
def seen(tmp_path, runner):
    """The report on a source (or a stage's name) in a hand-out's folder."""

    def see(source, limit=20.0, **options):
        made = folder(tmp_path, STAGES.get(source, source), **options)
        return look(folders.find(made), runner, limit)

    return see


def text_of(report, **options):
    out = Console(file=io.StringIO(), width=100, highlight=False, markup=False, emoji=False, **options)
    screen.show(report, out, 1.0)
    return out.file.getvalue()


def outcomes(report):
    return [one.outcome for one in report.outcomes]


# What is read


@pytest.mark.parametrize("stage", STAGES)
def test_screen(stage, seen, golden):
    golden.check(SCREENS / f"{stage}.txt", text_of(seen(stage, limit=1.0 if "hang" in stage else 20.0)))


def test_every_screen_belongs_to_a_stage():
    assert {path.stem for path in SCREENS.glob("*.txt")} == set(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_every_screen_says_what_to_do_next_and_fits(stage):
    shown = (SCREENS / f"{stage}.txt").read_text(encoding="utf-8")
    assert shown.count("\nNext: ") == 1
    assert "Traceback" not in shown
    assert all(len(line) <= 110 for line in shown.splitlines())


def test_the_page_for_students_shows_a_screen_as_it_is():
    page = (ROOT / "docs" / "students.md").read_text(encoding="utf-8")
    shown = page.partition("$ grader check\n")[2].partition("```")[0].splitlines()
    screen = (SCREENS / "wrong.txt").read_text(encoding="utf-8")
    parts = [line.replace("…", "").rstrip() for line in shown]
    assert len(shown) > 20
    assert [part for part in parts if part not in screen] == []


@pytest.mark.parametrize("name", NAMES)
def test_all_references_pass_and_stand_for_all_points_that_a_check_looks_at(name, tmp_path, runner):
    assignment = load(find_course(ROOT), name)
    report = look(
        folders.find(folder(tmp_path, assignment.solution.read_text(encoding="utf-8"), name)), runner, 20.0
    )
    assert report.all_right
    passed = [one.name for one in report.outcomes]
    unseen = sum(report.guide.points[group] for group in report.guide.unseen)
    assert report.guide.stands_for(passed) == pytest.approx(assignment.max_score - unseen)
    assert 0 < report.guide.stands_for(passed[:1]) < report.guide.stands_for(passed)
    assert report.guide.stands_for([]) == 0
    assert "Hidden tests remain" in text_of(report)


def test_the_skeletons_of_all_hand_outs_are_waiting(tmp_path, runner):
    for name in NAMES:
        report = look(folders.find(folder(tmp_path, None, name)), runner, 20.0)
        assert set(outcomes(report)) == {"todo"}
        assert report.file == f"{name}.py"
        assert "nothing is written yet" in text_of(report)


def test_colours_only_on_a_terminal(seen):
    report = seen("wrong")
    assert "\x1b" not in text_of(report)
    coloured = text_of(report, force_terminal=True, color_system="standard")
    assert "\x1b[31m" in coloured or "\x1b[1;31m" in coloured


def test_letters_that_the_terminal_lacks_are_not_used(seen):
    out = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="cp1252"), width=100, highlight=False)
    screen.show(seen("half_done"), out)
    out.file.flush()
    shown = out.file.buffer.getvalue().decode("cp1252")
    assert "  + birnn_forward gives" in shown
    assert "  . BiRNN owns" in shown


def test_what_a_student_prints_cannot_disturb_the_screen(seen):
    noisy = changed(
        "        x_t = x[:, t]\n", '        print("\\x1b[2J" + "a" * 5000, "[bold]")\n        x_t = x[:, 9]\n'
    )
    shown = text_of(seen(noisy))
    assert "Your code printed:" in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) < 200


# Notebooks, two files, and files that are not where they should be


def test_a_notebooks_cells_run_in_order_and_are_named(seen):
    report = seen("raises", notebook=True)
    shown = text_of(report)
    assert report.file == "birnn.ipynb"
    assert "NameError" in shown
    assert "cell 1, line " in shown


def test_a_cell_that_raises_does_not_stop_the_others(tmp_path, runner):
    made = folder(tmp_path, None)
    (made / "birnn.py").unlink()
    write_notebook(made / "birnn.ipynb", "plot_it()", "%matplotlib inline\n" + REFERENCE)
    report = look(folders.find(made), runner)
    assert report.all_right
    shown = text_of(report)
    assert "NameError" in shown
    assert "was passed over" in shown


def test_lines_for_a_notebook_do_not_import_the_notebook(seen):
    shown = text_of(seen("wrong", notebook=True))
    assert "from birnn import" not in shown
    assert "KNOCK = np.array" in shown
    assert "new cell of birnn.ipynb" in " ".join(shown.split())


def test_of_two_files_the_one_with_more_in_it_is_looked_at(tmp_path, runner):
    made = folder(tmp_path, None)
    write_notebook(made / "birnn.ipynb", REFERENCE)
    report = look(folders.find(made), runner)
    assert report.file == "birnn.ipynb"
    assert report.all_right
    assert "birnn.py" not in text_of(report), "nothing is said of a file that is still as it was handed out"
    assert set(outcomes(look(folders.find(made / "birnn.py"), runner))) == {"todo"}

    part = REFERENCE.replace("outputs_b = reverse(outputs_b, lengths)", "pass", 1)
    (made / "birnn.py").write_text(part, encoding="utf-8")
    assert "To have the other looked at: grader check birnn." in " ".join(
        text_of(look(folders.find(made), runner)).split()
    )


def test_an_untouched_file_does_not_hide_one_that_cannot_be_read(tmp_path, runner):
    made = folder(tmp_path, None)
    blank = (made / "birnn.py").read_text(encoding="utf-8")
    write_notebook(made / "birnn.ipynb", blank)
    (made / "birnn.py").write_text(blank + "\ndef f(:\n", encoding="utf-8")
    report = look(folders.find(made), runner)
    shown = " ".join(text_of(report).split())
    assert "birnn.py cannot be read, line" in report.problem
    assert "birnn.ipynb" not in shown

    (made / "birnn.py").write_text(blank, encoding="utf-8")
    whole = (made / "birnn.ipynb").read_text(encoding="utf-8")
    (made / "birnn.ipynb").write_text(whole[:-20], encoding="utf-8")
    assert "it breaks off before its end" in look(folders.find(made), runner).problem


def test_a_copy_under_another_name_is_looked_at(tmp_path, runner):
    made = folder(tmp_path, "right")
    (made / "birnn (1).py").write_text(REFERENCE, encoding="utf-8")
    report = look(folders.find(made / "birnn (1).py"), runner)
    assert (report.file, report.all_right) == ("birnn (1).py", True)


def test_a_file_that_cannot_be_found_is_a_sentence(tmp_path):
    made = folder(tmp_path, "right")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "rnn.py").write_text("x = 1")
    for path, said in (
        (tmp_path / "nothing.py", "There is no"),
        (tmp_path / "notes.txt", "neither a .py file nor a notebook"),
        (tmp_path / "elsewhere", "is no exercise's folder"),
        (tmp_path / "elsewhere" / "rnn.py", "expected test_rnn.py"),
        (tmp_path, "there are some below it: birnn"),
    ):
        with pytest.raises(UsageError, match=said) as caught:
            folders.find(path)
        assert caught.value.next_step
    (made / "test_rnn.py").write_text("x = 1")
    (made / "rnn.py").write_text("x = 1")
    with pytest.raises(UsageError, match="holds 2 exercises: birnn, rnn"):
        folders.find(made)
    assert folders.find(made / "test_birnn.py").name == "birnn"


def test_checks_that_were_spoilt_are_named_and_not_held_against_the_student(tmp_path, runner):
    made = folder(tmp_path, REFERENCE)
    for text, said in (
        ("def test_x(:", "is not Python any more"),
        (
            "import nothing_of_the_kind\n\n\ndef test_x():\n    pass\n",
            "cannot be loaded: ModuleNotFoundError",
        ),
        ("x = 1\n", "holds no check"),
    ):
        (made / "test_birnn.py").write_text(text)
        with pytest.raises(UsageError, match=said):
            look(folders.find(made), runner)


def test_a_students_own_check_is_run_too_and_one_for_pytest_is_left_alone(tmp_path, runner):
    made = folder(tmp_path, REFERENCE)
    with (made / "test_birnn.py").open("a") as file:
        file.write(
            '\n\ndef test_mine():\n    """Mine."""\n    assert 1 == 2\n\n\ndef test_other(tmp_path):\n    assert 0\n'
        )
    report = look(folders.find(made), runner)
    assert outcomes(report) == ["passed"] * 13 + ["failed"]
    assert "What came back is not what the check asks for." in text_of(report)


# What is run


def test_both_kinds_of_process_say_the_same(either, tmp_path):
    expected = {
        "wrong": ["passed", "failed", "passed", "failed", "failed", *["passed"] * 8],
        "hang": ["hang", *["skipped"] * 5, *["passed"] * 7],
        "crash": ["crash", *["skipped"] * 5, *["passed"] * 7],
        "right": ["passed"] * 13,
    }
    for stage, wanted in expected.items():
        made = folder(tmp_path / stage, STAGES[stage])
        assert outcomes(look(folders.find(made), either, 1.0 if stage == "hang" else 20.0)) == wanted, stage


def test_a_step_that_holds_the_interpreter_is_killed_from_outside(seen):
    """Compiled code that never comes back cannot be interrupted from within its process."""
    held = changed(LOOP_HEAD, "    import re; re.match(r'(a+)+$', 'a' * 64 + 'b')\n" + LOOP_HEAD)
    report = seen(held, limit=0.3)
    assert report.outcomes[0].outcome == "hang"


LOOP_HEAD = "    for t in range(num_steps):\n"


def test_a_process_that_is_killed_is_a_crash(seen):
    killed = changed(LOOP_HEAD, "    import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n" + LOOP_HEAD)
    report = seen(killed)
    assert report.outcomes[0].outcome == "crash"
    assert "ended the whole program" in text_of(report)


def test_without_points_a_look_gives_up_after_some_losses(tmp_path, runner):
    made = folder(tmp_path, STAGES["crash"])
    (made / "checks.toml").unlink()
    report = look(folders.find(made), runner)
    assert outcomes(report) == ["crash", "crash", "crash", *["skipped"] * 10]
    assert "points" not in text_of(report)


def test_neighbours_are_never_an_old_version(either, tmp_path):
    """Two saves of the same size within a second: their compiled files could not be told apart."""
    made = folder(
        tmp_path,
        changed("np.tanh(pre_activation)", "helpers.squash(pre_activation)", STAGES["imports_a_neighbour"]),
    )
    helpers = made / "helpers.py"
    right = "import numpy as np\n\n\ndef squash(x):\n    return np.tanh(x)\n"
    exercise = folders.find(made)
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


def test_student_code_cannot_wait_for_input_or_spoil_the_conversation(seen):
    lines = 'import os\nos.write(1, b"[1, 2\\n{}\\n")\nprint("hello")\ntry:\n    input()\nexcept EOFError:\n    pass\n'
    assert seen(changed("import torch\n", "import torch\n" + lines)).all_right


def test_the_modules_of_the_checks_are_loaded_beforehand(tmp_path):
    made = folder(tmp_path, REFERENCE)
    (made / "helpers.py").write_text("x = 1")
    text = "import helpers\n" + (made / "test_birnn.py").read_text(encoding="utf-8")
    assert folders.needed(text, folders.find(made)) == ["numpy", "torch"]


def test_processes_end_with_the_runner(tmp_path):
    exercise = folders.find(folder(tmp_path, REFERENCE))
    with open_runner(exercise, warm=True) as made:
        look(exercise, made)
        process = made._child._process
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
    made = folder(tmp_path, REFERENCE)
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['fcntl', 'resource', 'pwd', 'grp', 'termios', 'pty', 'tty']))\n"
        "import subprocess, os; del os.fork; os.kill = None\n"
        "from grader.check import process; process.CAN_FORK = False\n"
        "process.Runner.__init__.__defaults__ = (False, False)\n"
        "from pathlib import Path; from grader.check.command import check; print(check(Path('birnn.py')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=made, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("True\n"), done.stderr


# Lines to paste


@pytest.mark.parametrize("name", NAMES)
def test_the_lines_of_every_check_run_by_themselves(name, monkeypatch):
    source = (ROOT / "assignments" / name / f"test_{name}.py").read_text(encoding="utf-8")
    monkeypatch.setitem(sys.modules, name, load_module(ROOT / "solutions" / name / f"{name}.py"))
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            code = paste.lines(source, node.name, node.end_lineno, name)
            assert any("print(" in line for line in code), node.name
            helpers = (ast.FunctionDef, ast.ClassDef)  # may check what they are given
            shown = [
                ast.unparse(one) for one in ast.parse("\n".join(code)).body if not isinstance(one, helpers)
            ]
            assert not any("check_" in line or "assert" in line for line in shown), shown
            with contextlib.redirect_stdout(io.StringIO()) as said:
                exec("\n".join(code), {})
            assert said.getvalue().strip(), node.name


def test_the_lines_show_what_the_check_saw(tmp_path):
    made = folder(tmp_path, STAGES["wrong"])
    shown = (SCREENS / "wrong.txt").read_text(encoding="utf-8")
    code = [line[6:] for line in shown.splitlines() if line.startswith("      ") and "Stuck" not in line]
    (made / "try.py").write_text("\n".join(code[: code.index("print(outputs)") + 1]))
    done = subprocess.run([sys.executable, "try.py"], cwd=made, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "[0.76159416 0.        ]" in done.stdout


def test_lines_of_a_check_that_is_not_there_are_none():
    assert paste.lines("def test_a():\n    pass\n", "test_b", 1, "birnn") == []
    assert paste.lines("def test_a(:\n", "test_a", 1, "birnn") == []


# Hints


def test_the_ladder_is_climbed_and_remembered(tmp_path):
    ladder = ("look", "idea", "formula")
    assert hints.climb(tmp_path, "a", ladder) == ("look",)
    assert hints.climb(tmp_path, "b", ladder) == ("look",)
    assert hints.climb(tmp_path, "a", ladder) == ("look", "idea")
    assert hints.climb(tmp_path, "a", ladder) == ladder
    assert hints.climb(tmp_path, "a", ladder) == ladder
    assert json.loads((tmp_path / hints.KEPT).read_text()) == {"a": 3, "b": 1}


def test_where_hints_cannot_be_remembered_in_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(hints.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / ".grader").write_text("a file, so no folder can be made")
    assert hints.climb(tmp_path / "work", "a", ("look", "idea")) == ("look",)
    assert hints.climb(tmp_path / "work", "a", ("look", "idea")) == ("look", "idea")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".grader").write_text("")
    monkeypatch.setattr(hints.tempfile, "gettempdir", lambda: str(tmp_path / "work" / ".grader"))
    assert hints.climb(tmp_path / "other", "a", ("look", "idea")) == ("look", "idea"), (
        "all, rather than always one"
    )


@pytest.mark.parametrize("text", ["", "[", "[]", '{"a": "x"}', '{"a": -4}', '{"a": true}', "\udcff"])
def test_a_damaged_memory_of_hints_begins_again(text, tmp_path):
    (tmp_path / ".grader").mkdir()
    (tmp_path / hints.KEPT).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert hints.climb(tmp_path, "a", ("look", "idea")) == ("look",)


def test_hints_as_they_are_read(tmp_path, capsys):
    made = folder(tmp_path, STAGES["wrong"])
    said = []
    for _ in range(4):
        assert not check(made, hint=True)
        said.append(capsys.readouterr().out)
    assert [text.count("Hint ") for text in said] == [1, 2, 3, 3]
    assert "Hint 1 of 3: Write your backward half" in said[0]
    assert "That was the last hint" in said[3]
    (made / "birnn.py").write_text(REFERENCE, encoding="utf-8")
    assert check(made, hint=True)
    assert "nothing to hint at" in capsys.readouterr().out
    (made / "birnn.py").write_text(STAGES["syntax_error"], encoding="utf-8")
    assert not check(made, hint=True)
    assert "Hints begin once the file can be loaded" in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_every_check_has_a_ladder_that_gives_no_line_away(name):
    """`grader build` refuses lines of the reference; here: no rung is code, and none says the same as another."""
    known = guide.read(ROOT / "assignments" / name / guide.NAME)
    rungs = [hint for entry in known.checks.values() for hint in entry.hints]
    assert all(len(entry.hints) == 3 for entry in known.checks.values())
    assert len(set(rungs)) == len(rungs)
    for hint in rungs:
        assert not re.search(r"\bnp\.|torch\.\w|self\.\w| @ |\w\(\w+\.|[-+*]=|concat|stack\(", hint), hint


# checks.toml


def test_a_damaged_guide_is_a_note(tmp_path, runner):
    made = folder(tmp_path, REFERENCE)
    for text in ("[", "points = 3", "[points]\na = 'x'", "[checks.a]\ngroup = 1"):
        (made / guide.NAME).write_text(text)
        report = look(folders.find(made), runner)
        assert report.all_right
        assert "checks.toml is damaged" in text_of(report)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[checks.test_a]", "[checks.test_b]", "there is no visible check test_b"),
        ('group = "g"', 'group = "h"', "names the group 'h'"),
        ('exercise = "f"', 'exercise = "e"', "names the exercise 'e'"),
        ('hints = ["x"]', "hints = []", "has an empty hint, or none"),
        ('hints = ["x"]', 'hint = ["x"]', "an entry is not as it must be"),
        ('hints = ["x"]', 'hints = ["x"]\nmore = 1', "has the key more"),
        ("[checks.test_a]", "[points]\ng = 1\n[checks.test_a]", "expected nothing but checks"),
        ("[checks.test_a]", "[checks.test_a", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_guide_is_told_to_its_author(old, new, said):
    text = '# For authors.\n[checks.test_a]\ngroup = "g"\nexercise = "f"\nhints = ["x"]\n'
    given = (Path("checks.toml"), {"g": 2.0}, ["f"], ["test_a"])
    assert guide.shipped(text, *given).count("[points]\ng = 2\n") == 1
    assert "For authors" not in guide.shipped(text, *given)
    with pytest.raises(CourseError, match=said):
        guide.shipped(text.replace(old, new), *given)
    with pytest.raises(CourseError, match="nothing is said about the check test_z"):
        guide.shipped(text, *given[:3], ["test_a", "test_z"])


# The command, and plain pytest


def test_exit_statuses(tmp_path):
    made = folder(tmp_path, REFERENCE)
    right = fresh("check", cwd=made)
    assert (right.returncode, right.stderr) == (0, "")
    assert "all 13 visible checks pass" in right.stdout
    (made / "birnn.py").write_text(STAGES["half_done"], encoding="utf-8")
    assert fresh("check", "birnn.py", cwd=made).returncode == 1
    for arguments in (["nothing.py"], ["--watch", "--hint"]):
        wrong = fresh("check", *arguments, cwd=made)
        assert wrong.returncode == 2
        assert wrong.stderr.startswith("grader: ")
        assert "Traceback" not in wrong.stderr


#: pytest where there is no grader.
PLAIN = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "grader":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
    del sys.modules[name]
import pytest
sys.exit(pytest.main(["-q", "-p", "no:grader", "-p", "no:cacheprovider"]))
"""


@pytest.mark.parametrize("name", thinned(NAMES, lambda number, name: name == "rnn_cell"))
def test_plain_pytest_works_without_the_grader(name, tmp_path, warm):
    made = folder(tmp_path, None, name)
    (made / "plain.py").write_text(PLAIN)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    untouched = warm.run(module="plain", cwd=made, env=kept)
    assert untouched.returncode == 1, untouched.stderr
    assert "NotImplementedError: your turn" in untouched.stdout
    assert " passed" not in untouched.stdout
    (made / f"{name}.py").write_bytes((ROOT / "solutions" / name / f"{name}.py").read_bytes())
    right = warm.run(module="plain", cwd=made, env=kept)
    assert right.returncode == 0, right.stdout
    assert " passed" in right.stdout


# Ctrl-C


def interrupted(*arguments, **options):
    raise KeyboardInterrupt


def test_an_interrupted_look_says_what_to_type(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "look", interrupted)
    monkeypatch.setattr(commands, "open_runner", lambda exercise: contextlib.nullcontext())
    with pytest.raises(commands.Interrupted) as caught:
        check(folder(tmp_path, REFERENCE))
    assert "To look again, type: grader check" in str(caught.value)
    assert caught.value.exit_status == 130


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ((), "Your files are as they were. To go on, type: grader check --watch"),
        (
            ("passed", "failed"),
            "1 of 2 visible checks passed for the version of birnn.py saved last."
            " To go on, type: grader check --watch",
        ),
        (("passed",), "If nothing is left to do, hand in birnn.py under this name."),
    ],
)
def test_watching_that_is_ended_says_how_far_one_is(outcomes, said, tmp_path, monkeypatch, capsys):
    checks = tuple(Outcome(f"test_{n}", "Holds.", outcome) for n, outcome in enumerate(outcomes))
    report = Report("birnn", "birnn.py", tmp_path / "birnn.py", outcomes=checks)

    def watched(exercise, runner, show, limit):
        show(report)
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "watch_folder", watched)
    monkeypatch.setattr(commands, "open_runner", lambda exercise, warm: contextlib.nullcontext())
    check(folder(tmp_path, REFERENCE), watch=True)
    assert said in " ".join(capsys.readouterr().out.split())


def test_the_page_of_questions_is_where_the_check_says(seen):
    """The pointer to the questions names the section of README.md that holds them."""
    for name in NAMES:
        readme = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
        sections = re.split(r"^## ", readme, flags=re.MULTILINE)
        asked = [section for section in sections if "Questions to ask yourself" in section]
        assert [section.splitlines()[0] for section in asked] == ["Questions to ask yourself"]
    assert 'under "Questions to ask yourself" in README.md' in words.next_step(seen("right"))


def test_numbers_and_what_they_count_agree(seen):
    shown = (SCREENS / "hang.txt").read_text(encoding="utf-8")
    assert "A check may take 1 second;" in shown
    for screen_ in SCREENS.glob("*.txt"):
        assert not re.search(
            r"\b\d+ of \d+ points is\b|\b1 (?:seconds|points|tests)\b", screen_.read_text("utf-8")
        )


def test_a_hint_fits_what_went_wrong(tmp_path, capsys):
    """A ladder of hints is about the answer; where none came, what kept it from coming is said, and nothing else."""
    made = folder(tmp_path, STAGES["raises"])
    check(made, hint=True)
    said = " ".join(capsys.readouterr().out.split())
    assert "name 'step' is not defined" in said
    assert "The hints of this check are about the answer, and none came" in said
    assert "Next: Go to line" in said
    assert "Hint 1" not in said
    (made / "birnn.py").write_text(STAGES["untouched"], encoding="utf-8")
    check(made, hint=True)
    said = " ".join(capsys.readouterr().out.split())
    assert "`birnn_forward` is still to be written" in said
    assert "there is none to look at yet" in said
    assert "Next: Begin with `birnn_forward`" in said
    assert not (made / ".grader").exists()


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
    made = folder(tmp_path, REFERENCE + "\n" + "\n".join(CLOSED.values()) + "\n")
    report = look(folders.find(made), runner)
    assert report.all_right
    rows = [row for statement in CLOSED.values() for row in [statement.splitlines()[-1]]]
    assert [one.text for one in report.passed_over] == rows
    assert {one.kind for one in report.passed_over} == {"closed", "input", "exit", "crashed", "module"}


def test_what_needs_a_file_is_not_all_right_here_either(tmp_path, runner):
    scaled = changed("np.tanh(pre_activation)", "np.tanh(pre_activation * SCALE)")
    made = folder(tmp_path, scaled + '\nSCALE = float(open("scale.txt").read())\n')
    (made / "scale.txt").write_text("1.0")
    report = look(folders.find(made), runner)
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
    shown = text_of(report)
    assert "cannot be loaded yet" in shown
    assert "duplicate argument" in shown


def test_given_modules_need_not_be_handed_in(tmp_path, runner):
    made = folder(tmp_path, "from birnn_tools import *\nimport helpers\n" + REFERENCE)
    (made / "birnn_tools.py").write_text("x = 1\n")
    (made / "helpers.py").write_text("y = 1\n")
    told = (made / "checks.toml").read_text()
    assert told.count("given = [") == 1
    (made / "checks.toml").write_text(told.replace("given = [", 'given = ["birnn_tools", ', 1))
    report = look(folders.find(made), runner)
    assert report.all_right
    assert [note for note in report.notes if "hand" in note] == [
        "birnn.py imports helpers.py: hand it in together with it."
    ]
