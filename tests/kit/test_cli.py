"""The command line: what is printed, exit statuses, and that bad input never ends in a traceback."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from grader import __version__
from grader.records import Result, TestResult
from grader.run import path as main_path
from grader.subject import jail
from tests.kit.processes import fresh

from . import course_factory as factory

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ["grade", "report", "export", "check", "build", "validate", "bundle", "release", "new"]
STUDENTS = ["李小明", "ann [red]x[bold]", "two  words", "s10", "s2", "=1+1"]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return factory.make_course(tmp_path_factory.mktemp("cli") / "course")


@pytest.fixture(scope="module")
def folder(course, tmp_path_factory):
    sources = dict.fromkeys(STUDENTS, factory.RIGHT) | {"s2": factory.WRONG, "broken": "def ("}
    return factory.hand_in(tmp_path_factory.mktemp("class"), course[1], sources)


@pytest.fixture
def graded(monkeypatch):
    """Replaces the grading itself by given scores (None: not graded)."""
    scores: dict[str, float | None] = {}
    calls: list[list[str]] = []

    def instead(pending, *_):
        calls.append([pending.submissions[index].student for index in pending.places])
        for index in pending.places:
            submission = pending.submissions[index]
            score = scores.get(submission.student, 10.0)
            test = TestResult("t", "The [bold]t[/bold].", "g", 0.0, 10.0, "failed", "is off \x1b[31m")
            tests = (test,) if score != 10 else ()
            status = "not_graded" if score is None else "graded"
            pending.keep(
                index,
                Result(
                    submission.student, submission.file, submission.sha256, status, score, 10.0, 0.1, tests
                ),
            )

    monkeypatch.setattr(main_path, "_grade_pending", instead)
    monkeypatch.setattr(main_path.digests, "engine_digest", lambda: "one engine")
    return scores, calls


@pytest.fixture
def grading(typed, graded, course, folder, tmp_path):
    """`grader grade` on the class, with given scores and options."""

    def run(*options, **scores):
        graded[0].clear()
        graded[0].update(scores)
        arguments = [
            "grade",
            folder,
            "-a",
            course[1].name,
            "--out",
            tmp_path / "out",
            "--course",
            course[0].root,
        ]
        return typed(*arguments, *options)

    return run


def test_help():
    ended = fresh("--help")
    assert ended.returncode == 0
    for command in COMMANDS:
        assert f"  {command}" in ended.stdout
    assert "\x1b" not in ended.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(typed, command):
    status, output, err = typed(command, "--help")
    assert status == 0
    assert output.startswith("Usage: ")
    assert f"{command} [OPTIONS]" in output
    assert err == ""


def test_version(typed):
    assert typed("--version")[:2] == (0, f"grader {__version__}\n")


def test_the_table(grading):
    status, output, err = grading(s2=2.5)
    assert status == 0
    lines = [line for line in output.splitlines() if line.strip()]
    assert lines[0].split() == ["student", "score", "status", "why"]
    rows = {line.split("  ")[0].strip(): line for line in lines[1:]}
    assert "2.5 / 10" in rows["s2"]
    assert "is off" in rows["s2"]
    assert "unreadable" in rows["broken"]
    assert any("李小明" in line and "10 / 10" in line for line in lines)
    assert "ann [red]x[bold]" in output, "markup of a student is text"
    assert "7 submissions: 6 graded, 1 unreadable; mean" in output
    assert output.rstrip().endswith("results.json")
    order = [name for line in lines for name in ("s2", "s10") if line.startswith(f"{name} ")]
    assert order == ["s2", "s10"]
    assert err == ""


def test_no_escapes_where_no_terminal_is(grading):
    _, output, err = grading(s2=2.5)
    assert "\x1b" not in output + err


def test_exit_status_0_whatever_the_scores(grading):
    assert grading(s2=0.0)[0] == 0


def test_exit_status_1_when_something_could_not_be_graded(grading):
    status, output, err = grading(s2=None, s10=None)
    assert status == 1
    assert "2 could not be graded (s2, s10): the grader failed, not the students" in err
    assert "–" in output
    assert grading()[0] == 0, "the next run grades them"


@pytest.mark.parametrize(("percent", "status"), [("25", 0), ("25.1", 3), ("100", 3), ("0", 0)])
def test_exit_status_3_below_a_score(typed, graded, course, folder, tmp_path, percent, status):
    graded[0].update(s2=2.5)
    file = folder / "s2" / f"{course[1].name}.py"
    arguments = ["grade", file, "-a", course[1].name, "--out", tmp_path / "out", "--course", course[0].root]
    graded[0][file.stem] = 2.5
    assert typed(*arguments, "--fail-under", percent)[0] == status


def test_what_cannot_be_graded_is_no_low_score(grading):
    assert grading("--fail-under", "100", s2=None)[0] == 1


def test_a_second_run_grades_nothing_and_fresh_grades_all(grading, graded):
    assert [grading()[0], grading()[0], grading("--fresh")[0]] == [0, 0, 0]
    assert [len(call) for call in graded[1]] == [6, 6], "the second run had nothing to grade"


def test_the_file_that_is_written(grading, tmp_path):
    grading(s2=None)
    document = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert document["schema"] == "grader/results/v1"
    assert len(document["submissions"]) == 7
    assert {entry["status"] for entry in document["submissions"]} == {"graded", "unreadable", "not_graded"}


WRONG_USAGE = {
    "no such assignment": (["grade", "{folder}", "-a", "tiny_kit", "--course", "{course}"], "{name}"),
    "a folder for a name": (["grade", "{folder}", "-a", "../x", "--course", "{course}"], "../x"),
    "an empty name": (["grade", "{folder}", "-a", "", "--course", "{course}"], ""),
    "no submissions": (["grade", "{empty}/nowhere", "-a", "{name}", "--course", "{course}"], "No such file"),
    "no course": (["grade", "{folder}", "-a", "{name}", "--course", "{empty}"], "No course at"),
    "a course that is a file": (
        ["grade", "{folder}", "-a", "{name}", "--course", "{file}"],
        "is not a folder",
    ),
    "a course that is not there": (["build", "--course", "{empty}/x"], "is not a folder"),
    "no assignment": (["grade", "{folder}"], "--assignment"),
    "no arguments": (["grade"], ""),
    "an unknown command": (["grad"], "grad"),
    "an unknown option": (["grade", "{folder}", "--speed"], "--speed"),
    "a number that is none": (["grade", "{folder}", "-a", "x", "--fail-under", "many"], "--fail-under"),
    "a percentage beyond": (["grade", "{folder}", "-a", "x", "--fail-under", "101"], "--fail-under"),
    "no workers": (["grade", "{folder}", "-a", "x", "--workers", "0"], "--workers"),
    "out is a file": (
        ["grade", "{folder}", "-a", "{name}", "--course", "{course}", "--out", "{file}"],
        "cannot be written",
    ),
    "out is of another assignment": (
        ["grade", "{folder}", "-a", "{name}", "--course", "{course}", "--out", "{other}"],
        "holds the results of 'another'",
    ),
    "an unknown assignment to build": (["build", "nowhere", "--course", "{course}"], "nowhere"),
    "an unknown assignment to validate": (["validate", "nowhere", "--course", "{course}"], "nowhere"),
    "a name that is none": (["new", "two words", "--course", "{course}"], "two words"),
    "a name that is taken": (["new", "{name}", "--course", "{course}"], "exists already"),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG_USAGE.values(), ids=WRONG_USAGE)
def test_wrong_usage_is_told_in_words(typed, course, folder, tmp_path, arguments, message):
    (tmp_path / "file").write_text("x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "results.json").write_text('{"assignment": "another"}')
    (tmp_path / "empty").mkdir()
    places = {
        "folder": folder,
        "course": course[0].root,
        "name": course[1].name,
        "empty": tmp_path / "empty",
        "file": tmp_path / "file",
        "other": tmp_path / "other",
    }
    status, output, err = typed(*(argument.format(**places) for argument in arguments))
    assert status == 2
    assert message.format(**places) in err
    assert "Traceback" not in output + err
    assert err.strip()


def test_no_course_above_here(tmp_path):
    ended = fresh("build", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert ended.returncode == 2
    assert "No course at" in ended.stderr
    assert "--course PATH" in ended.stderr


def test_a_missing_layer_is_refused_before_anything_starts(typed, course, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(jail, "missing", lambda layers: ["landlock"])
    arguments = ["grade", folder, "-a", course[1].name, "--out", tmp_path / "out", "--course", course[0].root]
    status, _, err = typed(*arguments)
    assert status == 1
    assert "This machine lacks a layer of the sandbox: landlock." in err
    assert "--allow-unsafe landlock" in err
    assert "Traceback" not in err


def test_another_system_is_refused(typed, course, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    arguments = ["grade", folder, "-a", course[1].name, "--out", tmp_path / "out", "--course", course[0].root]
    status, _, err = typed(*arguments)
    assert status == 1
    assert "no sandbox for win32: grading needs Linux (WSL2 and containers will do)" in err


def in_terminal(command, environment) -> str:
    """What a command writes to a terminal."""
    pid, descriptor = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-m", "grader", *command], environment)
    screen = b""
    while True:
        try:
            piece = os.read(descriptor, 4096)
        except OSError:
            break
        if not piece:
            break
        screen += piece
    os.waitpid(pid, 0)
    os.close(descriptor)
    return screen.decode()


@pytest.fixture(scope="module")
def finished(course, folder, tmp_path_factory):
    """One real run of the command, start to end."""
    missing = jail.missing(jail.probe())
    if missing:
        pytest.skip(f"this machine lacks {', '.join(missing)}")
    results = tmp_path_factory.mktemp("finished") / "out"
    command = [
        "grade",
        str(folder),
        "-a",
        course[1].name,
        "--out",
        str(results),
        "--course",
        str(course[0].root),
    ]
    return command, fresh(*command), results


def test_the_whole_command(finished):
    _, ended, results = finished
    assert ended.returncode == 0, ended.stderr
    assert "7 submissions: 6 graded, 1 unreadable" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    document = json.loads((results / "results.json").read_text(encoding="utf-8"))
    assert {entry["student"]: entry["score"] for entry in document["submissions"]}["s2"] == 4.0


def test_colours_in_a_terminal_unless_they_are_not_wanted(finished):
    """Nothing is graded here: the results are there already."""
    command, _, _ = finished
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment = {**inherited, "TERM": "xterm-256color", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    coloured = in_terminal(command, environment)
    assert "\x1b[3" in coloured
    assert "李小明" in coloured
    plain = in_terminal(command, {**environment, "NO_COLOR": "1"})
    assert "\x1b[3" not in plain
    assert "s10" in plain


def test_a_terminal_without_the_letters_of_a_name(finished):
    command, _, _ = finished
    ended = fresh(*command, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 0, ended.stderr
    assert "??? " in ended.stdout


def test_build_new_and_validate_from_the_command_line(typed, tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "tests" / "hidden").mkdir(parents=True)
    (tmp_path / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    status, output, _ = typed("new", "leaky_sum", "--course", tmp_path)
    assert status == 0
    assert "tests/hidden/leaky_sum/assignment.toml" in output
    assert "grader build && grader validate leaky_sum" in output
    status, output, err = typed("build", "--check", "--course", tmp_path)
    assert status == 1
    assert "Type: grader build" in err
    assert typed("build", "--course", tmp_path)[0] == 0
    assert typed("build", "--check", "--course", tmp_path)[:2] == (0, "assignments/ is up to date\n")


def test_a_layer_that_there_is_none_of_is_refused(typed, folder, course, tmp_path):
    status, _, err = typed(
        *("grade", folder, "-a", course[1].name, "--course", course[0].root, "--out", tmp_path / "out"),
        *("--allow-unsafe", "foo"),
    )
    assert status == 2
    assert err == (
        "grader: The sandbox has no layer 'foo' that can be left out.\n"
        "Layers: landlock, seccomp, descriptors.\n"
    )
    assert not (tmp_path / "out").exists()


# A run over part of a class


@pytest.fixture
def part(typed, graded, course, folder, tmp_path):
    """`grader grade` on a path of one's own, into the results of the whole class."""

    def run(path, *options, results=("--out", tmp_path / "out"), **scores):
        graded[0].update(scores)
        return typed("grade", path, "-a", course[1].name, "--course", course[0].root, *results, *options)

    return run


def scores_in(results):
    document = json.loads((results / "results.json").read_text(encoding="utf-8"))
    return {entry["student"]: entry["score"] for entry in document["submissions"]}


def test_one_of_a_class_is_added_and_who_stays_is_said(grading, part, folder, tmp_path):
    grading()
    before = scores_in(tmp_path / "out")
    status, output, err = part(folder / "s2", "--fresh", s2=3.0)
    assert (status, err) == (0, "")
    assert scores_in(tmp_path / "out") == {**before, "s2": 3.0}
    assert "Kept from before, not in this run: 6 (=1+1, ann [red]x[bold], broken, s10, two  words" in output
    assert "New in the results" not in output


def test_who_is_new_is_said(grading, part, course, folder, tmp_path):
    grading()
    other = factory.hand_in(tmp_path / "other", course[1], {"zoe": factory.RIGHT, "s2": factory.RIGHT})
    _, output, _ = part(other)
    assert "New in the results: 1 (zoe)" in output
    assert len(scores_in(tmp_path / "out")) == 8


def test_only_some_are_graded_again(grading, part, graded, folder, tmp_path):
    grading()
    graded[1].clear()
    status, output, _ = part(folder, "--only", "s2", "--only", "李小明", s2=1.0)
    assert status == 0
    assert graded[1] == [["s2", "李小明"]], "again, although nothing has changed"
    assert len(scores_in(tmp_path / "out")) == 7
    assert scores_in(tmp_path / "out")["s2"] == 1.0
    assert "2 submissions: 2 graded" in output


def test_a_name_in_another_encoding_is_the_same_name(part, course, tmp_path):
    import unicodedata

    folder = factory.hand_in(tmp_path / "e", course[1], {"Zoé": factory.RIGHT, "ann": factory.RIGHT})
    assert part(folder, "--only", unicodedata.normalize("NFD", "Zoé"))[0] == 0


@pytest.mark.parametrize(
    ("name", "like"), [("s1", "s10"), ("S2", "s2"), ("two words", "two  words"), ("zz", "=1+1")]
)
def test_a_name_that_nobody_has_is_refused_with_those_near_it(part, graded, folder, tmp_path, name, like):
    status, _, err = part(folder, "--only", "s2", "--only", name)
    assert status == 2
    assert f"has no student '{name}'" in err
    assert like.split()[0] in err.splitlines()[-1]
    assert graded[1] == []
    assert not (tmp_path / "out").exists()


def test_who_has_left_the_folder_is_told_from_a_name_that_is_misspelt(
    grading, part, course, folder, tmp_path
):
    grading()
    other = factory.hand_in(tmp_path / "other", course[1], {"zoe": factory.RIGHT, "yan": factory.RIGHT})
    _, _, err = part(other, "--only", "s2")
    assert "has no student 's2'; " in err
    assert "out holds a result from an earlier run" in err


def test_somebody_can_be_taken_out_on_purpose(grading, part, course, folder, tmp_path):
    grading()
    other = factory.hand_in(tmp_path / "other", course[1], {"zoe": factory.RIGHT, "s2": factory.RIGHT})
    assert part(other, "--drop", "s10")[0] == 0
    assert set(scores_in(tmp_path / "out")) == {*STUDENTS, "broken", "zoe"} - {"s10"}
    status, _, err = part(other, "--drop", "s1O")
    assert (status, "has no result of 's1O' to drop" in err) == (2, True)
    status, _, err = part(other, "--drop", "zoe")
    assert (status, "would be graded again" in err) == (2, True)
    assert "zoe" in scores_in(tmp_path / "out")


OTHER = factory.RIGHT + "\n# by another\n"


@pytest.mark.parametrize(
    ("old", "now", "work"),
    [
        ("Ann", "ann", OTHER),
        ("Ann Kim", "Ann Kim (12)", OTHER),
        ("ann_kim", "Ann Kim", factory.RIGHT + "\n# Ann\n"),
    ],
    ids=["another case", "two of one name", "renamed"],
)
def test_who_may_be_the_same_person_under_two_names_is_pointed_at(part, course, tmp_path, old, now, work):
    ann = factory.RIGHT + "\n# Ann\n"
    part(factory.hand_in(tmp_path / "one", course[1], {old: ann, "bob": factory.RIGHT}))
    _, output, _ = part(factory.hand_in(tmp_path / "two", course[1], {now: work, "bob": factory.RIGHT}))
    quoted = f"'{old}'" if " " in old else old
    assert f"'{old}' may be '{now}' of this run; to take the old result out: --drop {quoted}" in output
    _, output, _ = part(factory.hand_in(tmp_path / "three", course[1], {"bob": factory.RIGHT, "cem": OTHER}))
    assert f"'{old}' may be" not in output


def test_a_changed_suite_is_said_of_those_who_are_kept(part, course, folder, tmp_path):
    part(folder)
    suite = next(course[1].hidden.glob("test_*.py"))
    before = suite.read_bytes()
    suite.write_bytes(before + b"\n# changed\n")
    try:
        _, output, _ = part(folder / "s2")
        assert "by an earlier version of the hidden tests: 6 (" in output
    finally:
        suite.write_bytes(before)


@pytest.fixture
def lone(tmp_path, course, monkeypatch):
    """A file in folders whose names say nothing, and the working folder with a class's results in it."""
    place = tmp_path / "Downloads"
    place.mkdir()
    monkeypatch.chdir(tmp_path)
    (place / f"{course[1].name}.py").write_text(factory.RIGHT)
    return place / f"{course[1].name}.py"


def test_a_file_of_nobody_does_not_become_somebody_in_a_class(part, graded, folder, lone, tmp_path):
    part(folder, results=("--out", "results"))
    graded[1].clear()
    before = scores_in(tmp_path / "results")
    for option in ((), ("--out", "results")):
        status, _, err = part(lone, results=option)
        assert status == 2
        assert "results holds the results of 7 students, and nothing says whose" in err
        assert "--student NAME" in err
        assert "--out FOLDER" in err
    assert graded[1] == []
    assert part(lone, "--student", "s2", results=(), s2=5.0)[0] == 0
    assert scores_in(tmp_path / "results") == {**before, "s2": 5.0}


def test_a_file_of_somebody_else_gets_into_a_class_only_where_its_folder_is_named(
    part, folder, lone, tmp_path
):
    part(folder, results=("--out", "results"))
    other = tmp_path / "look at this"
    lone.parent.rename(other)
    status, _, err = part(other / lone.name, results=())
    assert (status, "is read as that of 'look at this', who is none of them" in err) == (2, True)
    assert part(other / lone.name, results=("--out", "results"))[0] == 0
    assert "look at this" in scores_in(tmp_path / "results")


def test_a_file_alone_needs_no_name_and_can_be_graded_again(part, lone, tmp_path):
    for _ in range(2):
        assert part(lone, results=())[0] == 0
    assert list(scores_in(tmp_path / "results")) == ["student"]


def test_one_student_is_whoever_is_named_whatever_was_handed_in(part, course, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "notes.txt").write_text("later")
    status, output, err = part(tmp_path / "work", "--student", "mia")
    assert (status, err) == (0, "")
    assert scores_in(tmp_path / "out") == {"mia": 0.0}
    assert "found only notes.txt" in " ".join(output.split())
    assert output.startswith("Your submission: 0 of 10 points")
    assert part(tmp_path / "work", "--student", "mia", "--only", "mia")[0] == 2
    assert part(tmp_path / "work", "--student", "\x1b")[0] == 2


def test_an_empty_folder_is_one_students_who_handed_in_nothing(part, tmp_path):
    (tmp_path / "mia").mkdir()
    status, output, _ = part(tmp_path / "mia")
    assert (status, "nothing was handed in" in output) == (0, True)
    assert scores_in(tmp_path / "out") == {"mia": 0.0}


@pytest.mark.parametrize("held", ["", "notes.txt"])
def test_a_wrong_path_does_not_become_somebody_in_a_class(part, folder, tmp_path, held):
    part(folder)
    before = scores_in(tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    if held:
        (tmp_path / "elsewhere" / held).write_text("x")
    status, _, err = part(tmp_path / "elsewhere")
    assert status == 2
    assert "holds the results of 7 students" in err
    assert scores_in(tmp_path / "out") == before


def test_a_misspelt_student_is_said_to_be_new_with_those_like_it(part, folder, course):
    part(folder)
    status, output, _ = part(folder / "s2" / f"{course[1].name}.py", "--student", "two word")
    assert status == 0
    assert "New in the results: 1 (two word)\n  names like it that were there before: two  words" in output


def test_a_folder_of_nobody_does_not_become_somebody_in_a_class(part, graded, folder, lone):
    part(folder)
    graded[1].clear()
    status, _, err = part(lone.parent)
    assert (status, "nothing says whose Downloads is" in err) == (2, True)
    assert graded[1] == []


def test_a_preview_of_a_part_counts_nobody_as_gone(grading, part, folder, tmp_path):
    grading()
    before = (tmp_path / "out" / "results.json").read_bytes()
    status, output, _ = part(folder, "--only", "s2", "--preview", tmp_path / "out", results=(), s2=2.0)
    assert status == 0
    assert "0 would gain, 1 would lose, 0 would not change" in output
    assert "kept from the earlier run, not in this one: 6 (" in output
    assert (tmp_path / "out" / "results.json").read_bytes() == before
    assert part(folder, "--drop", "s2", "--preview", tmp_path / "out", results=())[0] == 2


def test_a_run_that_is_interrupted_says_what_is_kept_and_how_to_go_on(part, folder, tmp_path, monkeypatch):
    def instead(pending, *_):
        for index in pending.places[:2]:
            submission = pending.submissions[index]
            pending.keep(
                index,
                Result(submission.student, submission.file, submission.sha256, "graded", 1.0, 10.0, 0.1),
            )
        raise KeyboardInterrupt

    monkeypatch.setattr(main_path, "_grade_pending", instead)
    status, output, err = part(folder, "--fresh", "--workers", "1")
    assert status == 130
    place = tmp_path / "out" / "submissions"
    assert f"Stopped: 3 of 7 are graded, and kept in {place}." in err, "one was known to be unreadable"
    assert len(list(place.glob("*.json"))) == 3
    again = err.rstrip().splitlines()[-1]
    assert again.startswith("To go on where it was: grader grade ")
    assert again.endswith("--workers 1"), "without --fresh, which would grade them again"
    assert "Traceback" not in output + err
    status, _, err = part(folder, "--preview", tmp_path / "nothing", results=())
    assert status == 2


# Streams that are not there, or full


def test_a_full_standard_output_is_said_without_a_traceback():
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "grader", "--version"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "grader: a file or standard output could not be written (No space left on device). "
        "Make room, and type the same again.\n"
    )


def test_closed_streams_are_opened_on_nothing():
    """Else the next file would be one of them, and whoever prints would write into it."""
    code = (
        "import os; from grader.cli import open_standard_streams; open_standard_streams();"
        "file = os.open('.', os.O_RDONLY); assert file > 2, file; os.write(1, b'x'); os.write(2, b'x')"
    )
    words = 'exec "$@" 0<&- 1>&- 2>&-'
    done = subprocess.run(["sh", "-c", words, "sh", sys.executable, "-c", code], cwd=ROOT)
    assert done.returncode == 0


@pytest.mark.parametrize("place", ["a file", "in a file"])
def test_a_place_that_no_folder_can_be_made_at_is_a_sentence(tmp_path, place):
    (tmp_path / "file").touch()
    named = tmp_path / "file" if place == "a file" else tmp_path / "file" / "course"
    ended = fresh("nbgrader", "init", named)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert str(named) in ended.stderr
    assert "Name another place" in ended.stderr
