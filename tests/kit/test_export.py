"""Exports: which formats there are, who is exported, a golden file for each, and the command.

After a change that is meant: pytest tests/kit/test_export.py --rewrite-snapshots, and read the difference.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import sys
from dataclasses import replace

import pytest

from grader import export as exports
from grader.csv_tables import harmless
from grader.errors import GraderError, UsageError

from . import exporting
from . import graded_factory as factory
from .exporting import ENDINGS, FORMATS, GOLDEN, ONE_ONLY, ROSTERS

exported, runner = exporting.exported, exporting.runner


def without_dates(text: str) -> str:
    return re.sub(r'"datetime": "[^"]+"', '"datetime": "…"', text)


@pytest.mark.parametrize("format_", FORMATS)
def test_each_format_is_as_its_golden_file_has_it(exported, golden, format_):
    student = {"student": "ben_okafor"} if format_ in ONE_ONLY else {}
    text = without_dates(exported(format_, **student).text)
    golden.check(GOLDEN / f"{format_}.{ENDINGS.get(format_, 'csv')}", text)


# Which formats there are


def test_formats_are_found_by_their_names():
    assert set(FORMATS) <= set(exports.formats())
    assert not {"base", "_roster", "__init__"} & set(exports.formats())


def test_a_new_module_is_a_new_format(exported, tmp_path, monkeypatch):
    (tmp_path / "shout.py").write_text(
        '"""Shouts."""\ndef export(graded, options):\n    return " ".join(r.student.upper() for r in graded.results)\n'
    )
    monkeypatch.setattr(exports, "__path__", [*exports.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "grader.export.shout", raising=False)
    assert exported("shout", leave_out=("chen",)).text.startswith("ADA LOVELACE BEN_OKAFOR DORA")


@pytest.mark.parametrize("name", ["base", "_roster", "nope", "../csv", "", "os"])
def test_what_is_no_format_is_refused(exported, name):
    with pytest.raises(UsageError, match="There is no format") as caught:
        exported(name)
    assert "csv" in caught.value.next_step


# Who is exported


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_is_exported_while_someone_is_not_graded(exported, format_):
    results = [*factory.usual(), factory.not_graded("zoe"), factory.not_graded("the yeti")]
    with pytest.raises(GraderError, match=r"2 in .* could not be graded.*: zoe, the yeti") as caught:
        exported(format_, results)
    assert caught.value.exit_status == 1
    assert "grader grade SUBMISSIONS --assignment birnn --out" in caught.value.next_step
    assert "--leave-out zoe" in caught.value.next_step


def test_unless_they_are_left_out(exported):
    results = [*factory.usual(), factory.not_graded("zoe")]
    export = exported("csv", results, leave_out=("zoe", "chen"))
    assert [row["student"] for row in export.rows] == ["ada lovelace", "ben_okafor", "dora", "emil", "李小明"]


def test_one_student_is_not_held_up_by_another(exported):
    results = [*factory.usual(), factory.not_graded("zoe")]
    assert json.loads(exported("gradescope", results, student="chen").text)["score"] == 6.5


@pytest.mark.parametrize("options", [{"leave_out": ("nobody",)}, {"student": "nobody"}])
def test_a_student_there_is_none_of(exported, options):
    with pytest.raises(UsageError, match="has no student 'nobody'"):
        exported("csv", **options)


@pytest.mark.parametrize("format_", ONE_ONLY)
def test_formats_of_one_submission_ask_which(exported, format_):
    with pytest.raises(UsageError, match="holds 6") as caught:
        exported(format_)
    assert "--student" in caught.value.next_step
    assert exported(format_, [factory.result("only")]).text


# CSV


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u202e=1", "＝1+1", "|calc", "%0A"]
)
def test_a_formula_becomes_text(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["ann", "李小明", "a=b", "1-2", ""])
def test_text_that_is_no_formula_stays_as_it_is(text):
    assert harmless(text) == text


def test_no_cell_of_a_hostile_class_is_a_formula(exported):
    results = factory.hostile()
    export = exported("csv", results, leave_out=("not graded",))
    assert len(export.rows) == len(results) - 1
    for row in export.rows:
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)
            assert "\x1b" not in cell
            assert "\n" not in cell


@pytest.mark.parametrize("group", ["=1+1", "@SUM(A1)", "-2", "＝1"])
def test_the_name_of_a_group_is_no_formula_either(exported, group):
    test = replace(factory.result("ann").tests[0], group=group)
    export = exported("csv", [replace(factory.result("ann"), tests=(test,))])
    head = next(csv.reader(io.StringIO(export.text.removeprefix("\ufeff"))))
    assert f"'{group} points" in head


def test_points_of_groups_add_up(exported):
    for row in exported("csv").rows:
        parts = [float(row[f"{group} points"]) for group in ("shapes", "numerics", "lengths")]
        if row["status"] == "graded":
            assert sum(parts) == float(row["score"])


# The command


def test_to_standard_output_and_to_a_file(typed, tmp_path):
    factory.graded(tmp_path)
    status, out, err = typed("export", tmp_path, "--format", "csv")
    assert (status, err) == (0, "")
    status, silent, err = typed("export", tmp_path, "--format", "csv", "--to", tmp_path / "grades.csv")
    assert (status, silent) == (0, "")
    assert f"Written to {tmp_path / 'grades.csv'}" in err
    assert (tmp_path / "grades.csv").read_text(encoding="utf-8") == out


def test_what_is_incomplete_ends_with_1_and_is_written_all_the_same(typed, tmp_path):
    factory.graded(tmp_path, [*factory.usual(), factory.result("stranger")])
    to = tmp_path / "c.csv"
    status, _, err = typed("export", tmp_path, "-f", "canvas", "--roster", ROSTERS["canvas"], "--to", to)
    assert status == 1
    assert "stranger (fits nobody)" in err
    assert "20.00" in to.read_text(encoding="utf-8")
    leave = ("--leave-out", "stranger")
    assert typed("export", tmp_path, "-f", "canvas", "--roster", ROSTERS["canvas"], *leave)[0] == 0


def test_someone_who_is_not_graded_ends_it_with_1(typed, tmp_path):
    factory.graded(tmp_path, [*factory.usual(), factory.not_graded("zoe")])
    status, out, err = typed("export", tmp_path, "-f", "csv", "--to", tmp_path / "x.csv")
    assert (status, out) == (1, "")
    assert "zoe" in err
    assert not (tmp_path / "x.csv").exists()
    assert typed("export", tmp_path, "-f", "csv", "--leave-out", "zoe")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-f", "nope"], "There is no format"),
        ([], "--format"),
        (["-f", "csv", "--to", "/proc/nowhere/x.csv"], "cannot be written"),
        (["-f", "gradescope"], "--student"),
    ],
)
def test_wrong_usage_is_told_in_words(typed, tmp_path, arguments, message):
    factory.graded(tmp_path)
    status, out, err = typed("export", tmp_path, *arguments)
    assert status == 2
    assert message in err
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    "name",
    [
        *("results.json", "adjustments.toml", "clusters.toml", "full-answers.json", "submissions/ada.json"),
        *("sources/ada.json", "elsewhere/../results.json", "a link"),
    ],
)
def test_no_export_is_written_over_the_results(typed, tmp_path, name):
    factory.graded(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "a link").symlink_to("results.json")
    before = (tmp_path / "results.json").read_bytes()
    status, out, err = typed("export", tmp_path, "-f", "csv", "--to", tmp_path / name)
    assert (status, out) == (2, "")
    assert f"{tmp_path / name} belongs to the results themselves" in err
    assert "--to FILE" in err
    assert (tmp_path / "results.json").read_bytes() == before


@pytest.mark.parametrize("format_", ["csv", "canvas"])
def test_no_export_is_written_over_its_roster(typed, tmp_path, format_):
    factory.graded(tmp_path)
    roster = tmp_path / "gradebook.csv"
    roster.write_bytes(ROSTERS["canvas"].read_bytes())
    status, _, err = typed("export", tmp_path, "-f", format_, "--roster", roster, "--to", roster)
    assert status == 2
    assert f"{roster} is the roster" in err
    assert roster.read_bytes() == ROSTERS["canvas"].read_bytes()


def test_a_disk_that_is_full_leaves_the_export_of_before(typed, tmp_path, monkeypatch):
    factory.graded(tmp_path)
    to = tmp_path / "grades.csv"
    to.write_text("of yesterday")

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    status, _, err = typed("export", tmp_path, "-f", "csv", "--to", to)
    assert status == 2
    assert f"{to} cannot be written: No space left on device." in err
    assert to.read_text() == "of yesterday"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []


def test_an_export_goes_into_a_pipe_as_well(typed, tmp_path):
    factory.graded(tmp_path)
    expected = typed("export", tmp_path, "-f", "csv")[1]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert typed("export", tmp_path, "-f", "csv", "--to", pipe)[0] == 0
        assert os.read(reading, 1 << 20).decode("utf-8") == expected
    finally:
        os.close(reading)
    assert pipe.is_fifo()


@pytest.mark.parametrize("format_", ["csv", "junit", "canvas"])
@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_roster_that_cannot_be_read_is_refused_by_every_format(typed, tmp_path, format_, name):
    factory.graded(tmp_path)
    roster = tmp_path / name
    status, out, err = typed("export", tmp_path, "-f", format_, "--roster", roster)
    assert (status, out) == (2, "")
    assert f"{roster} cannot be read" in err
    assert err.rstrip().endswith("--roster FILE")
