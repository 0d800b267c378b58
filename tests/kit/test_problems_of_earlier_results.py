"""Results of earlier versions: they keep what they held, and say by kinds what they said in sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import preview
from grader.errors import UsageError
from grader.export import export, formats
from grader.export.base import ExportOptions
from grader.messages import advice
from grader.messages.page import feedback
from grader.records import Result, earlier_versions
from grader.report import write_site
from grader.run.store import read

from .conftest import CLASS, Results
from .golden import Golden

EARLIER = Path(__file__).parent / "earlier_class"  # written when only some problems had a kind

EARLIEST = Path(__file__).parent / "graded_class"  # written when none had

ASSIGNMENTS = sorted(path.name for path in CLASS.iterdir() if path.is_dir())


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_results_hold_what_earlier_ones_held(assignment: str, results_of: Callable[[str], Results]):
    """Fields are only added: scripts of courses read them."""
    before = json.loads((EARLIER / "results.json").read_text(encoding="utf-8"))["submissions"]
    fields, test_fields, example_fields, problem_fields = (
        {key for entry in entries for key in entry}
        for entries in (
            before,
            [test for result in before for test in result["tests"]],
            [example for result in before for example in result["counterexamples"]],
            [e["problem"] for result in before for e in result["counterexamples"] if e["problem"]],
        )
    )
    for result in results_of(assignment).values():
        assert fields <= result.keys()
        assert all(test_fields <= test.keys() for test in result["tests"])
        assert result["counterexample"] == (result["counterexamples"] or [None])[0]
        for example in result["counterexamples"]:
            assert example_fields <= example.keys()
            assert example["problem"] is None or problem_fields <= example["problem"].keys()


def of(folder: Path) -> list[Result]:
    return list(read(folder).results)


@pytest.mark.parametrize("result", of(EARLIER), ids=lambda result: result.student.replace(" ", "_"))
def test_the_page_of_an_earlier_result_is_the_one_it_had(result: Result, golden: Golden):
    """Each page was written by the version that wrote the result."""
    page = f"{advice.why(result)}\n\n{feedback(result)}\n"
    golden.check(EARLIER / "pages" / f"{result.student.replace(' ', '_')}.txt", page)


@pytest.mark.parametrize("folder", [EARLIER, EARLIEST], ids=lambda folder: folder.name)
def test_earlier_results_say_by_kinds_what_they_said_in_sentences(folder: Path):
    for result in of(folder):
        assert all(test.kind for test in result.lost if test.outcome == "error"), result.student
        for example in result.counterexamples:
            assert example.deviations
            assert "other" not in {deviation.kind for deviation in example.deviations}


@pytest.mark.parametrize("folder", [EARLIER, EARLIEST], ids=lambda folder: folder.name)
def test_earlier_results_are_reported_exported_and_compared(folder: Path, tmp_path: Path, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    graded = read(folder)
    for for_students in (False, True):
        site = write_site(graded, tmp_path / f"pages {for_students}", for_students=for_students)
        assert site.students == len(graded.results)
    exported = set()
    for format_ in formats():
        try:
            export(graded, format_, ExportOptions(to=tmp_path / f"to.{format_}"))
        except UsageError:  # of formats of one submission, and of those that need a list of the platform's
            continue
        exported.add(format_)
    assert {"csv", "github", "junit"} <= exported
    compared = preview.compare(graded, graded.results, graded.suite, graded.max_score)
    assert not compared.gaining()
    assert not compared.losing()


@pytest.mark.parametrize("folder", [EARLIER, EARLIEST], ids=lambda folder: folder.name)
def test_an_earlier_result_loses_nothing_when_it_is_written_again(folder: Path):
    """As for whoever is not in a run that adds to the class."""
    for entry in json.loads((folder / "results.json").read_text(encoding="utf-8"))["submissions"]:
        again = json.loads(json.dumps(Result.from_json(entry).to_json()))
        assert Result.from_json(again) == Result.from_json(entry)
        for name, value in entry.items():
            if name not in ("tests", "diagnoses", "counterexample", "counterexamples"):
                assert again[name] == value
        for before, after in zip(entry["diagnoses"], again["diagnoses"], strict=True):
            assert {name: after[name] for name in before} == before
        for before, after in zip(entry["counterexamples"], again["counterexamples"], strict=True):
            assert {name: after[name] for name in before if name != "problem"} == {
                name: value for name, value in before.items() if name != "problem"
            }


def test_a_sentence_of_no_known_form_has_no_kind():
    assert earlier_versions.problem("The moon is full.") is None
