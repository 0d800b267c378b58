"""`grade --preview`: who gains, who loses, through which tests; and that nothing is written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.console import Console

from grader import preview
from grader.errors import UsageError
from grader.records import TestResult
from grader.run import path as main_path
from grader.run.store import read_of

from . import course_factory, graded_factory
from .graded_factory import not_graded, result
from .locked import needs_jail

SUITE = "a suite"


@pytest.fixture
def compared(tmp_path):
    """Compares two classes given as lists of results."""

    def compare(before, after, suite="another", max_score=10.0):
        earlier = graded_factory.graded(tmp_path, before)
        return preview.compare(earlier, after, suite, max_score)

    return compare


def printed(changes) -> str:
    console = Console(width=160, highlight=False, no_color=True)
    with console.capture() as captured:
        preview.show(changes, console)
    return captured.get()


def test_who_gains_and_who_loses_and_through_what(compared):
    before = [result("ann", ("test_order",)), result("bob"), result("cem", ("test_lengths",)), result("dot")]
    after = [
        result("ann"),
        result("bob", ("test_lengths", "test_shapes[one]")),
        result("cem", ("test_lengths",)),
        result("dot", ("test_shapes[main]",)),
    ]
    changes = compared(before, after)
    assert [(change.student, change.difference) for change in changes.gaining()] == [("ann", 4.0)]
    assert [(change.student, change.difference) for change in changes.losing()] == [
        ("bob", -4.75),
        ("dot", -1.25),
    ]
    assert changes.losing()[0].tests == (("test_lengths", -3.5), ("test_shapes", -1.25))
    text = printed(changes)
    assert "1 would gain" in text
    assert "−3.5 test_lengths; −1.25 test_shapes" in text
    lines = [line.split() for line in text.splitlines()]
    assert ["test_shapes", "0", "2", "−2.5"] in lines, "what each test moves in all"
    assert (
        "1 would gain, 2 would lose, 1 would not change; the mean changes by −0.5. Nothing was written."
        in text
    )


def test_a_test_that_is_new_and_one_that_is_gone(compared):
    before, after = result("ann", ("test_order",)), result("ann")
    new = TestResult("test_new", "New.", "g", 2.0, 2.0, "passed")
    after = replace(after, tests=(*after.tests[:2], new), score=4.5, max_score=4.5)
    (change,) = compared([before], [after], max_score=4.5).changes
    assert dict(change.tests) == {"test_lengths": -3.5, "test_new": 2.0}
    text = printed(compared([before], [after], max_score=4.5))
    assert "the maximum goes from 10 to 4.5" in text
    assert "6 / 10" in text
    assert "4.5 / 4.5" in text


def test_who_cannot_be_compared_is_named_and_not_counted(compared):
    changes = compared(
        [result("gone"), not_graded("ill"), result("well")], [result("well"), result("ill"), result("new")]
    )
    assert [change.student for change in changes.uncertain()] == ["ill", "new"]
    text = printed(changes)
    assert "ill: – (not_graded) → 10 / 10 (graded)" in text
    assert "new: was not in the earlier run" in text
    assert "0 would gain, 0 would lose, 1 would not change; the mean changes by 0; " in text
    assert "; kept from the earlier run, not in this one: 1 (gone). Nothing" in text


def test_who_is_excused_in_both_runs_changes_nothing():
    excused = replace(result("ann"), score=None, excused=True)
    assert preview.Change("ann", excused, excused).difference == 0.0
    assert preview.Change("ann", excused, result("ann")).difference is None, "there was no score before"


def test_a_new_file_is_not_put_down_to_the_suite(compared):
    text = printed(compared([result("ann", ("test_order",))], [replace(result("ann"), sha256="other")]))
    assert "another file was handed in; +4 test_order" in text


def test_another_status_is_said(compared):
    after = result("ann", ("test_order",), status="timeout")
    assert "graded → timeout; −4 test_order" in printed(compared([result("ann")], [after]))


def test_rounding_is_no_change(compared):
    after = replace(result("ann"), score=10.0 + 1e-12)
    assert compared([result("ann")], [after]).changes[0].difference == 0.0


def test_the_same_suite_is_said(compared):
    assert "the hidden suite is the one of that run" in printed(
        compared([result("a")], [result("a")], suite=SUITE)
    )


def test_names_are_text(compared):
    before, after = result("a[bold]x\x1b[31m", ("test_order",)), result("a[bold]x\x1b[31m")
    assert "a[bold]x " in printed(compared([before], [after]))


def test_another_assignment_is_refused(tmp_path):
    graded_factory.graded(tmp_path)
    with pytest.raises(UsageError, match="holds the results of 'birnn', not of 'rnn'"):
        read_of(tmp_path, "rnn")


# The command


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_factory.make_course(tmp_path_factory.mktemp("preview") / "course")


@pytest.fixture
def previewed(typed, course, tmp_path):
    """`grader grade` on a class of two, with options."""
    sources = {"ann": course_factory.RIGHT, "bob": course_factory.WRONG}
    folder = course_factory.hand_in(tmp_path / "class", course[1], sources)
    return lambda *options: typed("grade", folder, "-a", course[1].name, "--course", course[0].root, *options)


def snapshot(folder):
    return {
        path.relative_to(folder): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *sorted(folder.rglob("*"))]
    }


@pytest.fixture
def stub(monkeypatch):
    """Replaces the grading by scores that can be changed."""
    scores = {"ann": 10.0, "bob": 4.0}

    def instead(pending, *_):
        for index in pending.places:
            submission = pending.submissions[index]
            score = scores[submission.student]
            test = TestResult(
                "test_scale", "s", "g", score or 0.0, 10.0, "passed" if score == 10 else "failed"
            )
            standing_in = result(submission.student, score=score, tests=(test,), sha256=submission.sha256)
            pending.keep(index, replace(standing_in, status="not_graded") if score is None else standing_in)

    monkeypatch.setattr(main_path, "_grade_pending", instead)
    return scores


def test_nothing_is_written_and_the_exit_status_is_0(previewed, stub, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert previewed("--out", out)[0] == 0
    before = snapshot(tmp_path)
    stub.update(ann=7.0, bob=10.0)
    monkeypatch.chdir(tmp_path)
    status, output, err = previewed("--preview", out, "--fail-under", "100")
    assert (status, err) == (0, "")
    assert "1 would gain, 1 would lose, 0 would not change" in output
    assert "+6 test_scale" in output
    assert "Written to" not in output
    assert snapshot(tmp_path) == before, "neither there nor anywhere else"


def test_what_was_graded_before_is_graded_again(previewed, stub, tmp_path):
    """A preview that took known results would always say that nothing changes."""
    previewed("--out", tmp_path / "out")
    stub.update(bob=5.0)
    assert "+1 test_scale" in previewed("--preview", tmp_path / "out")[1]


def test_who_cannot_be_graded_in_a_preview(previewed, stub, tmp_path):
    previewed("--out", tmp_path / "out")
    stub.update(bob=None)
    status, out, err = previewed("--preview", tmp_path / "out")
    assert status == 1
    assert "bob: 4 / 10 (graded) → – (not_graded)" in out
    assert "1 could not be graded (bob)" in err


def test_a_preview_against_nothing(previewed, tmp_path):
    status, out, err = previewed("--preview", tmp_path / "nowhere")
    assert status == 2
    assert "nowhere" in err
    assert "Traceback" not in out + err


@needs_jail
def test_a_real_change_of_a_suite(course, tmp_path, warm):
    """Graded in the jail, before and after points move from one test to another."""
    sources = {"ann": course_factory.RIGHT, "bob": course_factory.WRONG}
    folder = course_factory.hand_in(tmp_path / "class", course[1], sources)
    command = ["grade", folder, "-a", course[1].name, "--course", course[0].root]
    done = warm.run(*command, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    suite = course[1].hidden / f"test_{course[1].name}.py"
    toml = course[1].hidden / "assignment.toml"
    texts = suite.read_text(encoding="utf-8"), toml.read_text(encoding="utf-8")
    try:
        moved = texts[0].replace("points(6", "points(2").replace("points(4", "points(8")
        suite.write_text(moved, encoding="utf-8")
        toml.write_text(texts[1].replace("numpy = 6\ntorch = 4", "numpy = 2\ntorch = 8"), encoding="utf-8")
        before = snapshot(tmp_path / "out")
        done = warm.run(*command, "--preview", tmp_path / "out")
    finally:
        suite.write_text(texts[0], encoding="utf-8")
        toml.write_text(texts[1], encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "1 would gain, 0 would lose, 1 would not change" in done.stdout
    assert "+4 test_scaler" in done.stdout
    assert snapshot(tmp_path / "out") == before
    written = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert [entry["score"] for entry in written["submissions"]] == [10.0, 4.0]
