"""`grader check`: what a student reads at every stage, that it is about the file as it is, and that nothing stops it.

The screens are files in tests/kit/screens/. After a change that is meant:
pytest tests/kit/test_check.py -k test_screen --rewrite-snapshots
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re

import pytest
from rich.console import Console

from grader.assignments import find_course, load
from grader.check import command as commands
from grader.check import folder as folders
from grader.check import guide, screen, words
from grader.check.command import check
from grader.check.report import CheckOutcome, Report
from grader.check.session import look
from grader.errors import UsageError
from tests.kit.processes import environment_without, fresh

from . import checking
from .checking import NAMES, SCREENS, outcomes, text_of
from .handouts import REFERENCE, STAGES, changed, folder
from .loading import ROOT
from .thinned import thinned

runner, report_of = checking.runner, checking.report_of


# What is read


@pytest.mark.parametrize("stage", STAGES)
def test_screen(stage, report_of, golden):
    golden.check(SCREENS / f"{stage}.txt", text_of(report_of(stage, limit=1.0 if "hang" in stage else 20.0)))


def test_every_screen_belongs_to_a_stage():
    assert {path.stem for path in SCREENS.glob("*.txt")} == set(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_every_screen_says_what_to_do_next_and_fits(stage):
    screen = (SCREENS / f"{stage}.txt").read_text(encoding="utf-8")
    assert screen.count("\nNext: ") == 1
    assert "Traceback" not in screen
    assert all(len(line) <= 110 for line in screen.splitlines())


def test_the_page_for_students_shows_a_screen_as_it_is():
    page = (ROOT / "docs" / "students.md").read_text(encoding="utf-8")
    lines = page.partition("$ grader check\n")[2].partition("```")[0].splitlines()
    screen = (SCREENS / "wrong.txt").read_text(encoding="utf-8")
    parts = [line.replace("…", "").rstrip() for line in lines]
    assert len(lines) > 20
    assert [part for part in parts if part not in screen] == []


@pytest.mark.parametrize("name", NAMES)
def test_all_references_pass_and_stand_for_all_points_that_a_check_looks_at(name, tmp_path, runner):
    assignment = load(find_course(ROOT), name)
    report = look(
        folders.find(folder(tmp_path, assignment.solution.read_text(encoding="utf-8"), name)), runner, 20.0
    )
    assert report.all_right
    passed = [outcome.name for outcome in report.outcomes]
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


def test_colours_only_on_a_terminal(report_of):
    report = report_of("wrong")
    assert "\x1b" not in text_of(report)
    coloured = text_of(report, force_terminal=True, color_system="standard")
    assert "\x1b[31m" in coloured or "\x1b[1;31m" in coloured


def test_letters_that_the_terminal_lacks_are_not_used(report_of):
    out = Console(file=io.TextIOWrapper(io.BytesIO(), encoding="cp1252"), width=100, highlight=False)
    screen.show(report_of("half_done"), out)
    out.file.flush()
    lines = out.file.buffer.getvalue().decode("cp1252")
    assert "  + birnn_forward gives" in lines
    assert "  . BiRNN owns" in lines


def test_what_a_student_prints_cannot_disturb_the_screen(report_of):
    noisy = changed(
        "        x_t = x[:, t]\n", '        print("\\x1b[2J" + "a" * 5000, "[bold]")\n        x_t = x[:, 9]\n'
    )
    screen = text_of(report_of(noisy))
    assert "Your code printed:" in screen
    assert "\x1b" not in screen
    assert max(map(len, screen.splitlines())) < 200


# Notebooks, two files, and files that are not where they should be


def test_checks_that_were_spoilt_are_named_and_not_held_against_the_student(tmp_path, runner):
    work = folder(tmp_path, REFERENCE)
    for text, message in (
        ("def test_x(:", "is not Python any more"),
        (
            "import nothing_of_the_kind\n\n\ndef test_x():\n    pass\n",
            "cannot be loaded: ModuleNotFoundError",
        ),
        ("x = 1\n", "holds no check"),
    ):
        (work / "test_birnn.py").write_text(text)
        with pytest.raises(UsageError, match=message):
            look(folders.find(work), runner)


def test_a_students_own_check_is_run_too_and_one_for_pytest_is_left_alone(tmp_path, runner):
    work = folder(tmp_path, REFERENCE)
    with (work / "test_birnn.py").open("a") as file:
        file.write(
            '\n\ndef test_mine():\n    """Mine."""\n    assert 1 == 2\n\n\ndef test_other(tmp_path):\n    assert 0\n'
        )
    report = look(folders.find(work), runner)
    assert outcomes(report) == ["passed"] * 13 + ["failed"]
    assert "What came back is not what the check asks for." in text_of(report)


# checks.toml


def test_a_damaged_guide_is_a_note(tmp_path, runner):
    work = folder(tmp_path, REFERENCE)
    for text in ("[", "points = 3", "[points]\na = 'x'", "[checks.a]\ngroup = 1"):
        (work / guide.NAME).write_text(text)
        report = look(folders.find(work), runner)
        assert report.all_right
        assert "checks.toml is damaged" in text_of(report)


# The command, and plain pytest


def test_exit_statuses_tell_right_wrong_and_mistyped_apart(tmp_path):
    work = folder(tmp_path, REFERENCE)
    right = fresh("check", cwd=work)
    assert (right.returncode, right.stderr) == (0, "")
    assert "all 13 visible checks pass" in right.stdout
    (work / "birnn.py").write_text(STAGES["half_done"], encoding="utf-8")
    assert fresh("check", "birnn.py", cwd=work).returncode == 1
    for arguments in (["nothing.py"], ["--watch", "--hint"]):
        wrong = fresh("check", *arguments, cwd=work)
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
    work = folder(tmp_path, None, name)
    (work / "plain.py").write_text(PLAIN)
    environment = environment_without("PYTEST")
    untouched = warm.run(module="plain", cwd=work, env=environment)
    assert untouched.returncode == 1, untouched.stderr
    assert "NotImplementedError: your turn" in untouched.stdout
    assert " passed" not in untouched.stdout
    (work / f"{name}.py").write_bytes((ROOT / "solutions" / name / f"{name}.py").read_bytes())
    right = warm.run(module="plain", cwd=work, env=environment)
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
    ("outcomes", "output"),
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
def test_watching_that_is_ended_says_how_far_one_is(outcomes, output, tmp_path, monkeypatch, capsys):
    checks = tuple(CheckOutcome(f"test_{n}", "Holds.", outcome) for n, outcome in enumerate(outcomes))
    report = Report("birnn", "birnn.py", tmp_path / "birnn.py", outcomes=checks)

    def watched(exercise, runner, show, limit):
        show(report)
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "watch_folder", watched)
    monkeypatch.setattr(commands, "open_runner", lambda exercise, warm: contextlib.nullcontext())
    check(folder(tmp_path, REFERENCE), watch=True)
    assert output in " ".join(capsys.readouterr().out.split())


def test_the_page_of_questions_is_where_the_check_says(report_of):
    """The pointer to the questions names the section of README.md that holds them."""
    for name in NAMES:
        readme = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
        sections = re.split(r"^## ", readme, flags=re.MULTILINE)
        questions = [section for section in sections if "Questions to ask yourself" in section]
        assert [section.splitlines()[0] for section in questions] == ["Questions to ask yourself"]
    assert 'under "Questions to ask yourself" in README.md' in words.next_step(report_of("right"))


def test_no_part_of_the_hand_out_is_named_that_it_lacks(report_of):
    report = report_of("right")
    cut = dataclasses.replace(report, readme=report.readme.partition("## Questions")[0])
    assert words.next_step(cut) == "Hand in birnn.py under this name."
    assert words.no_hints(cut).endswith("nothing to hint at.")


def test_numbers_and_what_they_count_agree(report_of):
    screen = (SCREENS / "hang.txt").read_text(encoding="utf-8")
    assert "A check may take 1 second;" in screen
    for screen_ in SCREENS.glob("*.txt"):
        assert not re.search(
            r"\b\d+ of \d+ points is\b|\b1 (?:seconds|points|tests)\b", screen_.read_text("utf-8")
        )
