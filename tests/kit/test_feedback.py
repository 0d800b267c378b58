"""What students read: whole pages of the sample class, held against snapshots, and what must hold for all of them.

A snapshot that differs is shown as a difference; `--rewrite-snapshots` writes the new pages. Read them before that is
committed, as a student would: is it true, kind and short, and does it say what to look at next?
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.messages.advice import why
from grader.messages.layout import WIDTH
from grader.messages.page import feedback
from grader.problems import Problem
from grader.records import Counterexample, Diagnosis, Result, TestResult
from grader.text import first_sentence

from .conftest import CLASS, ROOT, Results, SampleClass
from .golden import Golden

SNAPSHOTS = Path(__file__).parent / "snapshots"
LONGEST = 50  # lines of a page: five results that are off take fifteen of them
ASSIGNMENTS = sorted(path.name for path in CLASS.iterdir() if path.is_dir())


def pages() -> list[tuple[str, str]]:
    """Everybody who lost points, and for each assignment the first who lost none."""
    snapshots, spotless = [], set()
    for folder in sorted(path for path in CLASS.glob("*/*") if path.is_dir()):
        name = folder.parent.name
        failed = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["failed"]
        if failed or name not in spotless:
            snapshots.append((name, folder.name))
        if not failed:
            spotless.add(name)
    return snapshots


STUDENTS = pages()


def result_of(results: Results, student: str) -> Result:
    return Result.from_json(results[student])


def made_result(**changes: Any) -> Result:
    """A result of what the sample class has no example of."""
    right = TestResult("test_a", "One thing is as it must be.", "all", 2.0, 2.0, "passed")
    wrong = TestResult(
        "test_b", "Another is, too.", "all", 0.0, 2.0, "failed", "outputs is off.", problem=Problem("off")
    )
    nothing = Result("ann", "rnn.py", "", "graded", 2.0, 4.0, 0.0, tests=(right, wrong))
    return replace(nothing, **changes)


def example(function: str, **changes: Any) -> Counterexample:
    differs = ["outputs is off by 0.5", "  expected [[ 1.0000 ]]", "  got      [[>1.5000<]]"]
    call = "\n".join(["import torch", *(f"weight_{n} = {n}" for n in range(10)), f"print({function}(1))"])
    parts = {"way": "", "inputs": {}, "expected": {"outputs": [[1.0]]}, "got": {"outputs": [[1.5]]}}
    return Counterexample.from_json(
        {"function": function, "call": call, "differs": differs, "picture": "", **parts, **changes}
    )


ONE = Diagnosis("one", "The first thing is wrong", "Which thing comes first?", ("RNN",))
TWO = Diagnosis("two", "The second thing is wrong", "Which thing comes second?", ("RNN",))
MADE = {
    "one_of": made_result(diagnoses=tuple(replace(student, certainty="one of") for student in (ONE, TWO))),
    "half_a_pair": made_result(diagnoses=(replace(ONE, certainty="pair"),)),
    "many": made_result(diagnoses=tuple(replace(ONE, id=str(n), functions=(f"f{n}",)) for n in range(6))),
    "not_graded": replace(
        made_result(status="not_graded", message="Not graded: rnn.py cannot be opened (Permission denied)."),
        score=None,
        tests=(),
    ),
    "three_functions": made_result(
        counterexamples=(
            example(
                "f", picture="outputs, time step × feature (# differs, · agrees)\n  t=0 ·\n  t=1 ·\n  t=2 #"
            ),
            example("g"),
            example("h", way="called twice"),
        )
    ),
    "many_notes": made_result(notes=tuple(f"cell {n} raised NameError." for n in range(6))),
}


def snapshot_name(assignment: str, student: str) -> str:
    return f"{assignment}-{re.sub(r'[^0-9A-Za-z]+', '_', student)}"


@pytest.mark.parametrize(
    ("sure", "offered", "line"),
    [
        ("ab", "", "a; b"),
        ("abcd", "", "a; b; c; …"),
        ("", "ab", "a or: b"),
        ("a", "bc", "a; b or: c"),
        ("abc", "de", "a; b; c; …"),
    ],
)
def test_what_is_sure_is_told_from_what_is_offered_in_one_line(sure, offered, line):
    sures = [Diagnosis(title, title, "", ("f",), "several") for title in sure]
    offers = [Diagnosis(title, title, "", ("f",), "one of") for title in offered]
    assert why(made_result(diagnoses=(*sures, *offers))) == line


@pytest.mark.parametrize(("assignment", "student"), STUDENTS, ids=lambda value: re.sub(r"\W", "_", value))
def test_a_page_of_the_sample_class(
    assignment: str, student: str, results_of: Callable[[str], Results], golden: Golden
) -> None:
    page = feedback(result_of(results_of(assignment), student))
    golden.check(SNAPSHOTS / f"{snapshot_name(assignment, student)}.txt", page + "\n")


@pytest.mark.parametrize("name", MADE)
def test_a_page_of_a_rare_kind(name: str, golden: Golden) -> None:
    golden.check(SNAPSHOTS / f"made-{name}.txt", feedback(MADE[name]) + "\n")


def test_snapshots_are_many_and_none_is_left_over(golden: Golden) -> None:
    expected = {f"{snapshot_name(*student)}.txt" for student in STUDENTS} | {
        f"made-{name}.txt" for name in MADE
    }
    left_over = sorted(path for path in SNAPSHOTS.iterdir() if path.name not in expected)
    if golden.rewriting and left_over:
        golden.remove(*left_over)
    assert {path.name for path in SNAPSHOTS.iterdir()} == expected
    assert len(expected) >= 40


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_pages_are_short_and_end_with_what_to_do(
    assignment: str, results_of: Callable[[str], Results]
) -> None:
    for student in results_of(assignment):
        page = feedback(result_of(results_of(assignment), student))
        lines = page.splitlines()
        assert len(lines) <= LONGEST, page
        # Code is not broken, for it must be pasted; nor are numbers under each other.
        assert all(len(line) <= WIDTH for line in lines if not line.startswith("    ")), page
        assert re.search(r"^Next: .*(?:\n {6}.*)*\Z", page, re.MULTILINE), page
        assert not re.search(r"argument \d|Traceback|/tmp|\.py\", line|\x1b", page), page


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_same_words_are_in_the_table_the_results_and_the_page(
    assignment: str, sample_class: Callable[[str], SampleClass]
) -> None:
    graded = sample_class(assignment)
    table = " ".join(graded.table.split())
    for student, data in graded.results.items():
        result = Result.from_json(data)
        page = " ".join(feedback(result).split())
        assert " ".join(why(result).split()) in table
        for diagnosis in data["diagnoses"]:
            assert diagnosis["title"] in why(result)
            assert diagnosis["title"] in page
            assert diagnosis["hint"] in page
        for example in data["counterexamples"]:
            sentences = [example["differs"][0]]
            if problem := example[
                "problem"
            ]:  # in parts, where it is opened up; the call, where it shows more
                sentences = [problem["said"], problem["line"], problem["cause"]]
                assert result.status == "graded" or problem["kind"] == "raised"
            for part in sentences:
                assert " ".join(part.split())[:400] in page, student
        if not data["diagnoses"] and data["counterexamples"] and data["counterexamples"][0]["picture"]:
            assert data["counterexamples"][0]["differs"][0] in table


@pytest.mark.slow  # of all classes together
def test_every_kind_is_among_the_pages(results_of: Callable[[str], Results]) -> None:
    """So that no kind of text goes unread."""
    results = [result_of(results_of(assignment), student) for assignment, student in STUDENTS]
    pages = [*map(feedback, results), *map(feedback, MADE.values())]
    assert {result.status for result in results} >= {
        "graded",
        "not_attempted",
        "unreadable",
        "timeout",
        "crashed",
    }
    for kind in (
        "both of these",
        "one of these",
        "and something else",
        " raised ",
        "Shapes there",
        "in the same way",
        "goes wrong as well",
        "it costs only once",
        "still to be written",
        "called twice",
        "the gradients of",
        "registered parameters",
        "in a new cell of",
        "was passed over: it raised",
        "gave no answer in time",
        "ended the program",
        "t=2",
        "Nothing is left to do",
        "the grader failed, not you",
        "has no weight called",
        "NaN",
    ):
        assert any(kind in page for page in pages), kind
    undiagnosed = [result for result in results if result.counterexamples and not result.diagnoses]
    assert undiagnosed
    assert not any("! " in feedback(result) for result in undiagnosed)


def shown_in_the_readme(command: str) -> list[str]:
    """What the README shows below a command, line by line; a line that is cut ends where its … stands."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = page.partition(f"$ {command}\n")[2].partition("```")[0]
    return [line.partition("…")[0].rstrip() for line in lines.splitlines()]


def test_the_readme_shows_a_students_page_as_it_is():
    page = (SNAPSHOTS / "birnn-ben_okafor.txt").read_text(encoding="utf-8").splitlines()
    command = "grader grade tests/sample_class/birnn/ben_okafor/birnn.ipynb --assignment birnn"
    lines = shown_in_the_readme(command)
    assert len(lines) > 20
    assert [line for line in lines if line.strip() and line not in page] == []


def test_the_readme_shows_the_class_as_it_is(sample_class):
    """But for the width of its columns, and the time that it takes."""
    table = [" ".join(line.split()) for line in sample_class("birnn").table.splitlines()]
    lines = shown_in_the_readme(
        "grader grade tests/sample_class/birnn --assignment birnn --out results/birnn"
    )
    rows = [" ".join(line.split()) for line in lines if line and not line.startswith("Written to")]
    rows = [row.partition("; mean")[0] for row in rows]
    assert len(rows) > 12
    assert [row for row in rows if not any(line.startswith(row) for line in table)] == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("hidden is off in 2 of 4 entries. outputs are off.", "hidden is off in 2 of 4 entries."),
        (
            "Some steps, e.g. the last, i.e. cf. Fig. 3, are off. Look.",
            "Some steps, e.g. the last, i.e. cf. Fig. 3, are off.",
        ),
        ("`y = 1. + x` at line 3. Look.", "`y = 1. + x` at line 3."),
        ("`f` raised ValueError (at step 2. of 3). Look.", "`f` raised ValueError (at step 2. of 3)."),
        ("Is a return missing? Look.", "Is a return missing?"),
        ("no end", "no end"),
        ("`never closed. (nor this. Look.", "`never closed. (nor this. Look."),
    ],
)
def test_the_first_sentence_is_a_sentence(text, first):
    assert first_sentence(text) == first


def test_work_that_is_not_run_is_told_once_and_comes_next() -> None:
    """The note that says where it stands is the message; the next step is about that, and about no test."""
    note = "lines 1 to 9 hold `step`, but are comments: take the # at their beginning away."
    lost = TestResult("test_step", "It steps.", "numerics", 0.0, 4.0, "failed", "rnn.py defines no `step`")
    result = Result(
        *("ann", "rnn.py", "0" * 64, "graded", 0.0, 4.0, 0.1, (lost,)),
        message=note.capitalize(),
        notes=(note, "rnn.PY was taken; the expected name is rnn.py."),
    )
    text = " ".join(feedback(result).split())
    assert text.count("are comments") == 1
    assert "the expected name is rnn.py" in text
    assert text.endswith(
        "Next: Do what the first line says, run rnn.py once by itself, and hand it in again: most of it may be fine."
    )
