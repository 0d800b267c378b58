"""Beginners' wrong programs: each gets the sentence that helps, in the result of grading and in `grader check`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from grader.check import folder as folders
from grader.check import words
from grader.check.process import Runner
from grader.check.report import Report
from grader.check.session import look
from grader.messages.page import feedback
from grader.records import Result

from .handouts import folder
from .thinned import selected, thinned
from .wrong_programs import WRONG

LONGEST = 45  # lines of a page
#: What must never be read: what came from inside a library, the machine, or a table that does not fit.
NEVER = ("an exception", "site-packages", "Traceback", "which axis does your loop run over", "/tmp/")
CHECKED = [name for name, wrong in WRONG.items() if wrong.check]


def is_quick(number, name):
    """One of three at every run: neighbours in the table are of one kind."""
    return number % 3 == 0


@pytest.fixture(scope="module")
def pages(request, tmp_path_factory, warm) -> dict[str, Result]:
    """The results of those that are asked about, graded as one class."""
    base = tmp_path_factory.mktemp("wrong")
    for name in selected(request, [*WRONG], "name"):
        (base / "class" / name).mkdir(parents=True)
        (base / "class" / name / "birnn.py").write_text(WRONG[name].source, encoding="utf-8")
    # One worker: each works out for itself what its suite needs, which costs more than this class.
    done = warm.run("grade", base / "class", "-a", "birnn", "--workers", 1, "--out", base / "results")
    assert done.returncode == 0, done.stdout + done.stderr
    written = json.loads((base / "results" / "results.json").read_text(encoding="utf-8"))
    return {result["student"]: Result.from_json(result) for result in written["submissions"]}


@pytest.fixture(scope="module")
def reports(request, tmp_path_factory) -> dict[str, Report]:
    """What `grader check` finds in all."""
    by_name = {}
    with Runner(["numpy", "torch"], warm=True) as runner:
        for name in selected(request, CHECKED, "name"):
            work = folder(Path(tmp_path_factory.mktemp(name)), WRONG[name].source)
            by_name[name] = look(folders.find(work), runner, 2.0)
    return by_name


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("name", thinned(WRONG, is_quick))
def test_the_page_says_what_is_wrong(name, pages):
    wrong, page = WRONG[name], feedback(pages[name])
    assert wrong.page in flat(page), page
    assert [word for word in NEVER if word in page] == [], page
    assert len(page.splitlines()) <= LONGEST, page
    # What to do first comes before what it costs.
    costs = flat(page).find("What does not hold yet")
    assert costs < 0 or flat(page).index(wrong.page) < costs, page
    if wrong.next:
        assert flat(page.rpartition("Next: ")[2]).startswith(wrong.next), page


@pytest.mark.parametrize("name", thinned(CHECKED, is_quick))
def test_the_check_says_what_is_wrong(name, reports):
    wrong, report = WRONG[name], reports[name]
    assert report.first is not None
    advice = flat(" ".join([*words.happened(report.first, report), "Next:", words.next_step(report)]))
    assert wrong.check in advice
    assert [word for word in NEVER if word in advice and word != "/tmp/"] == []
    if wrong.next:
        assert advice.partition("Next: ")[2].startswith(wrong.next[:12]), advice


@pytest.mark.parametrize("name", thinned(CHECKED, is_quick))
def test_hints_are_offered_where_an_answer_came_and_nowhere_else(name, reports):
    first = reports[name].first
    answered = first.outcome == "failed" and first.kind == "AssertionError"
    assert words.has_hints(first, reports[name]) == answered
    if not answered and first.name:
        assert "answer" in words.no_hints(reports[name])
