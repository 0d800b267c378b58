"""A fault of ours in writing pages or comparing code costs no grade and no other page, and is said in a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader import cli
from grader.report import pages, site
from grader.run.store import read

from .graded_factory import graded as write_results
from .graded_factory import result


@pytest.fixture
def results(tmp_path):
    """Results of two students, on disk."""
    write_results(tmp_path / "results", [result("ada", ["test_a"]), result("ben")])
    return tmp_path / "results"


def run(monkeypatch, capsys, *arguments):
    """The exit status of a command that is typed, and what it says."""
    monkeypatch.setattr(sys, "argv", ["grader", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0, capsys.readouterr()


def fails(*arguments, **options):
    raise ValueError("planted")


def returns_a_number(*arguments, **options):
    return 3


@pytest.mark.parametrize("fault", [fails, returns_a_number])
@pytest.mark.parametrize("for_students", [False, True])
@pytest.mark.parametrize("part", ["headline", "next_step", "undefined"])
def test_a_page_that_cannot_be_made_holds_the_score_and_costs_no_other(
    results, monkeypatch, capsys, fault, for_students, part
):
    """Also where a part gives something else than it should."""
    before = (results / "results.json").read_bytes()
    module = pages.advice if part == "next_step" else pages.page
    whole = getattr(module, part)

    def of_ada(graded_result):
        return fault() if graded_result.student == "ada" else whole(graded_result)

    monkeypatch.setattr(module, part, of_ada)
    options = ["--for-students"] if for_students else []
    status, output = run(monkeypatch, capsys, "report", results, *options)
    assert (status, output.err.count("ada (")) == (1, 1)
    assert "grader export" in output.err
    assert "Traceback" not in output.err
    folder = results / ("for-students" if for_students else "report/students")
    ada, ben = sorted(folder.glob("*.html"))
    assert "The score stands." in ada.read_text("utf-8")
    assert "The score stands." not in ben.read_text("utf-8")
    assert (results / "results.json").read_bytes() == before


@pytest.mark.parametrize("name", ["class_page", "plain_page"])
def test_a_fault_beyond_one_page_leaves_the_pages_that_were_there(results, monkeypatch, capsys, name):
    site.write_site(read(results))
    before = {path: path.read_bytes() for path in sorted(results.rglob("*")) if path.is_file()}
    monkeypatch.setattr(site, "student_page", fails)
    monkeypatch.setattr(site, name, fails)
    status, output = run(monkeypatch, capsys, "report", results)
    assert status == 1
    assert "grader: a fault of the grader itself: ValueError: planted" in output.err
    assert output.err.rstrip().endswith(f"To go on from there: grader report {results}")
    details = Path(output.err.split("Its details are in ")[1].split(": please")[0])
    assert "Traceback" in details.read_text("utf-8")
    details.unlink()
    assert {path: path.read_bytes() for path in sorted(results.rglob("*")) if path.is_file()} == before


def test_a_fault_in_comparing_code_is_said_in_a_sentence(results, monkeypatch, capsys):
    from grader.similar import command

    monkeypatch.setattr(command, "run", fails)
    status, output = run(monkeypatch, capsys, "similar", results, "--assignment", "rnn_cell")
    assert status == 1
    assert "a fault of the grader itself: ValueError: planted" in output.err
    Path(output.err.split("Its details are in ")[1].split(": please")[0]).unlink()
