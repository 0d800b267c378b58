"""Problems are data with a kind: every kind is documented and made somewhere, and nobody decides by reading a sentence.

The pages of results are scrambled letter by letter: whoever looked for an English word would lay them out otherwise.
"""

from __future__ import annotations

import ast
import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.messages import advice, cost, examples
from grader.messages.page import feedback, undefined
from grader.problems import KINDS, UNANSWERED, UNWRITTEN, Deviation, ExplainedProblem, Problem
from grader.records import Counterexample, Result, TestResult
from grader.suite import Difference

from .conftest import CLASS, ROOT, Results

PACKAGE = Path(__file__).resolve().parents[2] / "grader"
ASSIGNMENTS = sorted(path.name for path in CLASS.iterdir() if path.is_dir())
#: What lays out pages, tables and exports, and sees results only.
_PATTERNS = (
    *("report/*.py", "export/*.py", "nbgrader_plugin/*.py", "summary.py", "preview.py", "grade_*.py"),
    *(f"messages/{name}.py" for name in ("layout", "examples", "cost", "advice", "page")),
)
DOWNSTREAM = sorted(path for pattern in _PATTERNS for path in PACKAGE.glob(pattern))


# The table


def test_every_kind_is_made_somewhere():
    """A kind that nothing makes is a word in a table."""
    literals = {
        node.value
        for folder in (PACKAGE, ROOT / "tests" / "hidden")
        for path in folder.rglob("*.py")
        if path.name not in ("problems.py", "earlier_versions.py") and path not in DOWNSTREAM
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {*KINDS} - literals == set()


def test_every_kind_says_what_it_is_in_words():
    assert all(says and len(says) < 90 for says, _ in KINDS.values())
    assert UNWRITTEN < UNANSWERED < {*KINDS}


def test_the_table_of_the_documentation_is_this_one():
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    for kind, (says, about) in KINDS.items():
        assert f"| `{kind}` | {says} | {about or '–'} |" in page
    rows = page.partition("| `kind` |")[2].partition("\n\n")[0].splitlines()
    assert len(rows) == 2 + len(KINDS)


def test_the_documentation_names_every_field_of_a_result():
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    result = Result("ann", "rnn.py", "", "graded", 0.0, 0.0, 0.0)
    test = TestResult("test_a", "", "", 0.0, 0.0, "failed", problem=Problem("off"))
    example = Counterexample("f", "", {}, "", {}, {}, (), explanation=ExplainedProblem("raised"))
    for record in (result, Problem("off"), example, ExplainedProblem("raised")):
        assert [name for name in record.to_json() if f"`{name}`" not in page] == []
    assert [name for name in vars(test) if f"`{name}`" not in page and name != "name"] == []


def test_what_is_no_kind_is_refused():
    with pytest.raises(ValueError, match="'wrong' is no kind of problem: off, "):
        Problem("wrong")  # type: ignore[arg-type]


def test_a_kind_of_a_later_version_is_read_as_other():
    assert Problem.from_json({"kind": "slow", "about": "f", "seconds": 3}) == Problem("other", "f")


def test_a_suites_own_difference_needs_no_kind():
    assert Difference("It is not so.").problem == Problem("other")


@pytest.mark.parametrize(
    "problem", [Problem("raised", "f", "g", "cell 2", 7), ExplainedProblem("raised", said="Oh.")]
)
def test_a_problem_comes_back_from_json(problem):
    assert type(problem).from_json(json.loads(json.dumps(problem.to_json()))) == problem


def test_a_counterexample_comes_back_from_json():
    example = Counterexample(
        "f",
        "called twice",
        {"x": [1.0]},
        "f(x)",
        {"y": [1.0], "z": [2.0]},
        {"y": [2.0], "z": None},
        (
            Deviation("off", "y", "y is off", ("  expected 1", "  got 2")),
            Deviation("none", "z", "z: got None"),
        ),
        "a picture",
    )
    raising = replace(example, explanation=ExplainedProblem("raised", "f", said="f raised"))
    for counterexample in (example, raising):
        assert Counterexample.from_json(json.loads(json.dumps(counterexample.to_json()))) == counterexample
    assert example.to_json()["differs"] == ["y is off", "  expected 1", "  got 2", "z: got None"]


# What is in results


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_test_that_is_not_passed_says_by_a_kind_why(
    assignment: str, results_of: Callable[[str], Results]
):
    results = list(results_of(assignment).values())
    lost = [test for result in results for test in result["tests"] if test["outcome"] != "passed"]
    assert lost
    assert {test["problem"]["kind"] for test in lost} <= {*KINDS} - {"other", "killed", "no_answer"}
    passed = [test for result in results for test in result["tests"] if test["outcome"] == "passed"]
    assert {test["problem"] for test in passed} == {None}


@pytest.mark.slow  # of all classes together
def test_the_sample_class_has_most_kinds(results_of: Callable[[str], Results]):
    """So that pages and exports meet them."""
    kinds = {
        test["problem"]["kind"]
        for assignment in ASSIGNMENTS
        for result in results_of(assignment).values()
        for test in result["tests"]
        if test["problem"]
    }
    rare = {"other", "killed", "no_answer", "skipped", "watched", "unloaded", "structure", "zeros"}
    rare |= {"extra", "gone", "untrained", "precision", "unset"}
    assert {*KINDS} - rare - kinds == set()


# Nobody reads a sentence


def scrambled(text: str) -> str:
    """The same letters, spaces and lines in other letters: of the same length, and without one English word."""
    return codecs.encode(text, "rot13")


def without_words(result: Result) -> Result:
    """A result in which every sentence is scrambled, and all else is as it was."""

    def test(result_of_test: TestResult) -> TestResult:
        return replace(
            result_of_test,
            message=scrambled(result_of_test.message),
            sentence=scrambled(result_of_test.sentence),
        )

    def example(result_of_test: Counterexample) -> Counterexample:
        deviations = tuple(
            replace(each, text=scrambled(each.text), rows=tuple(map(scrambled, each.rows)))
            for each in result_of_test.deviations
        )
        explanation = result_of_test.explanation and replace(
            result_of_test.explanation,
            said=scrambled(result_of_test.explanation.said),
            cause=scrambled(result_of_test.explanation.cause),
            next=scrambled(result_of_test.explanation.next),
        )
        answer = scrambled(result_of_test.got) if isinstance(result_of_test.got, str) else result_of_test.got
        return replace(
            result_of_test,
            way=scrambled(result_of_test.way),
            deviations=deviations,
            explanation=explanation,
            got=answer,
        )

    return replace(
        result,
        message=scrambled(result.message),
        notes=tuple(map(scrambled, result.notes)),
        tests=tuple(map(test, result.tests)),
        diagnoses=tuple(
            replace(
                result_of_test, title=scrambled(result_of_test.title), hint=scrambled(result_of_test.hint)
            )
            for result_of_test in result.diagnoses
        ),
        counterexamples=tuple(map(example, result.counterexamples)),
    )


def layout(result: Result) -> list[object]:
    """How a page is laid out: its lines by indentation and length, what costs points, and the next step."""
    lines = [(len(line) - len(line.lstrip()), len(line)) for line in feedback(result).splitlines()]
    lost = cost.lost_points(result)
    groups = (
        [(len(group.sentences), bool(group.message), group.problem) for group in lost.groups] if lost else []
    )
    layouts = [
        (len(examples.call(counterexample)), examples.is_aligned(counterexample), counterexample.answered)
        for counterexample in result.counterexamples
    ]
    explained = bool(result.counterexamples and result.counterexamples[0].explanation)
    step = None if explained else advice.next_step(result)  # else in the words of the explanation
    return [lines, groups, layouts, len(undefined(result)), step, len(advice.why(result))]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_page_is_laid_out_the_same_whatever_its_sentences_say(
    assignment: str, results_of: Callable[[str], Results]
):
    for data in results_of(assignment).values():
        result = Result.from_json(data)
        other = without_words(result)
        if result.lost and result.status != "not_attempted":
            assert feedback(other) != feedback(result)
        assert layout(other) == layout(result), result.student


def test_a_page_that_reads_a_sentence_is_seen(monkeypatch, results_of: Callable[[str], Results]):
    """The probe finds what it is for."""
    results = [Result.from_json(data) for data in results_of("rnn_cell").values()]
    monkeypatch.setattr(cost, "_reason", lambda test: "off" if " is off" in test.message else test.message)
    assert any(layout(without_words(result)) != layout(result) for result in results)


TEXTS = {"message", "sentence", "said", "cause", "hint", "title", "differs", "notes"}
READING = {
    *(
        "startswith",
        "endswith",
        "find",
        "index",
        "count",
        "partition",
        "rpartition",
        "removeprefix",
        "removesuffix",
    ),
    *("search", "match", "fullmatch", "findall", "finditer", "sub", "rsplit"),
}


def readings(source: str) -> Iterator[str]:
    """Where a source compares a sentence of ours with something, looks for something in it, or takes it apart."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            empty = any(isinstance(side, ast.Constant) and side.value in ("", None) for side in sides)
            if not empty and any(map(_is_text, sides)):
                yield ast.unparse(node)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in READING:
            receiver = node.func.value  # type: ignore[attr-defined]
            if any(map(_is_text, [receiver, *node.args])):
                yield ast.unparse(node)


def _is_text(node: ast.AST) -> bool:
    """Whether it is one of the sentences, a piece of one, or what a method makes of one."""
    while isinstance(node, (ast.Subscript, ast.Call)):
        node = node.value if isinstance(node, ast.Subscript) else getattr(node.func, "value", node.func)
    return isinstance(node, ast.Attribute) and node.attr in TEXTS


@pytest.mark.parametrize("path", DOWNSTREAM, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nobody_downstream_reads_a_sentence(path: Path):
    assert list(readings(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "if 'off' in test.message: pass",
        "test.message == result.message",
        "[line for line in example.differs if line.startswith(' ')] or example.differs[0].startswith('x')",
        "re.search('off', diagnosis.title.lower())",
        "'raised' in problem.said.lower()",
        "result.message.partition(':')",
    ],
)
def test_reading_a_sentence_is_seen(source: str):
    assert list(readings(source))


@pytest.mark.parametrize(
    "source", ["if test.message != '': pass", "clean(test.message, 3)", "test.kind == 'off'"]
)
def test_showing_a_sentence_is_no_reading(source: str):
    assert not list(readings(source))


# Results of earlier versions
