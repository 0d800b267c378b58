"""Makes graded classes out of records, without grading anything, for tests of what is made from results.json."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.problems import ExplainedProblem, Problem
from grader.records import Counterexample, Diagnosis, Result, TestResult
from grader.run.store import ClassFolder, GradedClass, read

ASSIGNMENT = "birnn"
REAL = Path(__file__).parent / "graded_class"  # eight students of the sample class, as `grade` wrote them

#: The tests of a small suite: name, sentence, group, points. The points are no whole numbers, as shared out ones are.
SUITE = (
    ("test_shapes[main]", "outputs has the shape (N, L, 2H).", "shapes", 1.25),
    ("test_shapes[one]", "outputs has the shape (N, L, 2H).", "shapes", 1.25),
    ("test_order", "outputs[:, t] holds what both directions know about step `t`.", "numerics", 4.0),
    ("test_lengths", "Padding changes nothing.", "lengths", 3.5),
)
MAX_SCORE = 10.0
MESSAGE = "outputs is off in 2 of 4 entries, by up to 1.9, first at [0, 0, 1]."
REVERSED = Diagnosis(
    "backward_not_realigned",
    "The backward outputs are still in reversed time order",
    "Which step does your first backward output belong to?",
    ("birnn_forward",),
)
EXAMPLE_JSON: dict[str, Any] = {
    "function": "birnn_forward",
    "way": "",
    "inputs": {"x": [[[0.5], [-1.0]]], "h0": [[[0.0]], [[0.0]]]},
    "call": "x = np.array([[[0.5], [-1.0]]])\nprint(birnn_forward(x, h0))",
    "expected": {"outputs": [[[0.6351, 0.9027], [-0.4073, -0.9866]]]},
    "got": {"outputs": [[[0.6351, -0.9866], [-0.4073, 0.9027]]]},
    "differs": [
        "outputs is off in 2 of 4 entries, by up to 1.9",
        "  expected [[[  0.6351    0.9027 ] [ -0.4073   -0.9866 ]]]",
        "  got      [[[  0.6351  >-0.9866<] [ -0.4073   >0.9027<]]]",
    ],
    "picture": "outputs, time step × feature (# differs, · agrees)\n  t=0 · #\n  t=1 · #",
}
EXAMPLE = Counterexample.from_json(EXAMPLE_JSON)


def result(student: str, failed: Sequence[str] = (), **changes: Any) -> Result:
    """A graded result in which the tests named in `failed` failed; `changes` replace fields at the end."""
    tests = tuple(
        TestResult(
            name,
            sentence,
            group,
            0.0 if name in failed else most,
            most,
            "failed" if name in failed else "passed",
            MESSAGE if name in failed else "",
            problem=Problem("off", "outputs") if name in failed else None,
        )
        for name, sentence, group, most in SUITE
    )
    usual_result = Result(
        student=student,
        file=f"{student}/birnn.py",
        sha256=f"{sum(map(ord, student)):064x}",
        status="graded",
        score=sum(test.points for test in tests),
        max_score=MAX_SCORE,
        seconds=0.05,
        tests=tests,
    )
    return replace(usual_result, **changes)


def wrong(student: str, **changes: Any) -> Result:
    """Someone who lost points, with a diagnosis and a counterexample."""
    failed = ("test_shapes[one]", "test_order")
    fields: dict[str, Any] = {"diagnoses": (REVERSED,), "counterexamples": (EXAMPLE,)}
    return result(student, failed, **{**fields, **changes})


def unreadable(student: str, message: str, line: int = 0) -> Result:
    problem = Problem("unloaded", number=line)
    return result(student, status="unreadable", score=0.0, tests=(), message=message, problem=problem)


def not_graded(student: str, message: str = "Not graded: a worker died.") -> Result:
    return result(student, status="not_graded", score=None, tests=(), message=message)


def usual() -> list[Result]:
    """A small class in which everything went well: nobody is not_graded."""
    names = [name for name, *_ in SUITE]
    return [
        result("ada lovelace"),
        wrong("ben_okafor"),
        result(
            "chen", ("test_lengths",), notes=("cell 3 raised NameError. The cells after it were still run.",)
        ),
        result(
            "dora", names[1:], status="crashed", message="The program ended instead of answering (an abort)."
        ),
        unreadable(
            "emil", "birnn.py cannot be read, line 11: `f.append(hf)`: tabs and spaces are mixed.", 11
        ),
        result("李小明", names, status="not_attempted", message="Nothing has been filled in yet."),
    ]


#: Texts that would do something if any page, table or terminal took them for more than text.
HOSTILE = (
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 2'>",
    '"><svg onload=window.pwned=3>',
    "</style></title><b id=pwned>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "=HYPERLINK(\"http://example.invalid\",\"click\")",
    "\u202egnp.nnrib\u202c",
    "\x1b]0;owned\x07\x1b[31mred",
    "a\u2028b\nc\x00d",
    "::error::x%0A::set-output name=a::b",
    "]]><failure/>",
    "../../etc/passwd",
    "javascript:alert(1)",
)  # fmt: skip


def hostile() -> list[Result]:
    """A class in which every text that a student can have a say in is one of HOSTILE."""
    results = []
    for place, text in enumerate(HOSTILE):
        evil = dict.fromkeys(("call", "picture", "way"), text)
        data = {**EXAMPLE_JSON, **evil, "got": {"outputs": text}, "differs": [text, f"  {text}"]}
        parts = dict.fromkeys(("about", "caller", "label", "said", "where", "line", "cause", "next"), text)
        raising = ExplainedProblem("raised", **parts, number=place, needs_call=place % 2 == 0)
        example = Counterexample.from_json(data)
        tests = tuple(replace(test, message=text, outcome="failed", points=0.0) for test in result("x").tests)
        unwritten = replace(tests[0], problem=Problem("unwritten", text, text, text, place))
        tests = (unwritten, *tests[1:])
        results.append(
            result(
                f"{place} {text}",
                file=f"{text}/{text}.py",
                score=0.0,
                tests=tests,
                message=text,
                notes=(text,),
                diagnoses=(Diagnosis(f"d{place}", text, text, (text,)),),
                counterexamples=(example, replace(example, explanation=raising)),
            )
        )
    return [*results, not_graded("not graded", HOSTILE[0]), unreadable("un" + HOSTILE[0], HOSTILE[1])]


def graded(folder: Path, results: Iterable[Result] | None = None) -> GradedClass:
    """Write a class into `folder` as `grade` does, in the place of one that is there, and read it back."""
    (folder / "results.json").unlink(missing_ok=True)
    store = ClassFolder(folder, ASSIGNMENT, "a suite", MAX_SCORE)
    store.finish(list(usual() if results is None else results))
    return read(folder)


def crowd(count: int) -> list[Result]:
    """A class of `count`, most of whom lost points in the usual ways."""
    kinds = [
        lambda name: result(name),
        lambda name: wrong(name),
        lambda name: result(name, ("test_lengths",)),
        lambda name: result(name, ("test_order", "test_lengths")),
    ]
    return [kinds[number % 4](f"student_{number:04d}") for number in range(count)]
