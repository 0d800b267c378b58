"""Counterexamples: pasted below the student's own file their code gives what was shown; nothing hidden is told."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.assignments import find_course, load
from grader.diagnose.mistakes import load_hidden
from grader.submissions import read_submissions
from grader.suite.collect import with_suite

from . import pasted
from .conftest import CLASS, ROOT, Results
from .warm import Warm

ASSIGNMENTS = sorted(path.name for path in CLASS.iterdir() if path.is_dir())
HARMFUL = re.compile(r"Cheats|Hogs|Crashes|Hangs")  # how the `why` of one that is not to be run begins
OVER_TIME = {
    "rnn_forward",
    "RNN",
    "rnn_backward",
    "truncated_backward",
    "birnn_forward",
    "BiRNN",
    "LSTM",
    "GRU",
}

Entry = tuple[str, dict[str, Any]]


def harmless(assignment: str, student: str) -> bool:
    expected = json.loads((CLASS / assignment / student / "expected.json").read_text(encoding="utf-8"))
    return expected["status"] == "graded" and not HARMFUL.match(expected["why"])


@pytest.fixture(scope="module")
def examples_of(results_of: Callable[[str], Results]) -> Callable[[str], list[Entry]]:
    """(student, counterexample) of an assignment's class: of those who do no harm, each example once."""

    def of(assignment: str) -> list[Entry]:
        return [
            (student, example)
            for student, result in results_of(assignment).items()
            if harmless(assignment, student)
            for example in result["counterexamples"]
        ]

    return of


def run(warm: Warm, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = warm.run(module="tests.kit.pasted", input=json.dumps(tasks))
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def assert_same(printed: Any, expected: Any, context: str) -> None:
    """A printed value is the one that was shown: rounded numbers, or a description."""
    if isinstance(expected, str):
        if expected.startswith("None") or expected == "no gradient":
            assert printed is None, context
        elif match := re.fullmatch(r"one array of shape \((.*)\)", expected):
            assert printed["shape"] == [int(size) for size in match[1].split(",") if size.strip()], context
        elif match := re.fullmatch(r"(\d+) things", expected):
            assert len(printed) == int(match[1]), context
        elif expected == "a single number":
            assert not isinstance(printed, dict) or printed["shape"] == [], context
        else:
            assert {"opaque": expected} == printed, context
        return
    flat = np.array(expected, dtype=float)
    assert tuple(printed["shape"]) == flat.shape, context
    np.testing.assert_allclose(printed["values"], flat.ravel(), atol=6e-5, err_msg=context)


def check(answer: dict[str, Any], example: Mapping[str, Any], displayed: Any, context: str) -> None:
    """What pasted code gave is `displayed`, the example's "got" or "expected"."""
    printed = answer["printed"]
    if isinstance(displayed, str) and " raised " in displayed:
        kind = re.search(r" raised (\w+)", displayed)
        assert kind is not None
        assert answer["raised"].startswith(kind[1]), context
        return
    if isinstance(displayed, str) and "has no weight called" in displayed:
        assert answer["raised"].startswith("AttributeError"), context
        return
    assert not answer["raised"], context
    if isinstance(displayed, str) and (match := re.search(r"has shape \((.*?)\); expected", displayed)):
        assert printed == [[[int(size) for size in match[1].split(",") if size.strip()]]], context
    elif example["way"] == "its registered parameters":
        shapes = printed[0][0]["dict"]
        for name, text in displayed.items():
            if name != "others":
                assert text.startswith(f"shape ({', '.join(map(str, shapes[name]))}"), context
        missing = {*example["expected"]} - {*shapes}
        assert missing == {*example["expected"]} - {*displayed} or displayed is example["expected"], context
    elif example["way"].startswith("the gradients"):
        names = list(displayed)
        parameters = printed[0][0]["dict"]
        values = [*(parameters.get(name) for name in names[: -len(printed[1])]), *printed[1]]
        for name, value in zip(names, values, strict=True):
            assert_same(value, displayed[name], f"{name}: {context}")
    else:
        check_call(printed, example, displayed, context)


def flat(value: Any) -> list[Any]:
    """The parts of a printed answer, `outputs, (h, c)` as three."""
    return [leaf for part in value for leaf in flat(part)] if isinstance(value, list) else [value]


def check_call(printed: list[Any], example: Mapping[str, Any], displayed: Any, context: str) -> None:
    """A call's parts, and what was printed of its arguments afterwards."""
    if isinstance(displayed, str):
        assert_same(printed[0][0], displayed, context)
        return
    parts = {name: part for name, part in displayed.items() if name != "changed in place"}
    if ".dtype" in example["call"]:
        place = 2 if displayed is example["got"] else 3
        for line in example["differs"]:
            match = re.fullmatch(r"(.+) is (float\d\d), expected (float\d\d), as the inputs are", line)
            assert match, context
            assert printed[0][list(parts).index(match[1])] == match[place], context
        return
    value = printed[0][0]
    several = flat(value) if len(parts) > 1 else [value]
    for (name, part), answer in zip(parts.items(), several, strict=True):
        assert_same(answer, part, f"{name}: {context}")
    if displayed is not example["got"]:
        return
    for line in example["differs"]:
        if match := re.match(r"(.+) is (float\d\d), expected (float\d\d)", line):
            assert several[list(parts).index(match[1])]["dtype"] == match[2], context
    changed = displayed.get("changed in place", "")
    for name, after in zip(changed.split(", ") if changed else (), printed[1:], strict=False):
        assert not np.allclose(after[0]["values"], np.ravel(example["inputs"][name])), context


#: A process for each of the class: one class at every run, the others where all tests run.
EACH = [pytest.param(name, marks=pytest.mark.slow if name != "rnn_cell" else ()) for name in ASSIGNMENTS]


@pytest.mark.parametrize("assignment", EACH)
def test_pasted_below_the_students_file_it_gives_what_was_shown(
    assignment: str, examples_of: Callable[[str], list[Entry]], warm: Warm
) -> None:
    sources = {
        submission.student: submission for submission in read_submissions(CLASS / assignment, assignment)
    }
    entries = examples_of(assignment)
    assert len(entries) >= 12
    tasks = [
        {"chunks": [chunk.source for chunk in sources[student].chunks], "call": example["call"]}
        for student, example in entries
    ]
    for (student, example), answer in zip(entries, run(warm, tasks), strict=True):
        context = f"{student}\n{example['call']}\nshown: {example['got']}\ngave: {answer}"
        check(answer, example, example["got"], context)


@pytest.mark.parametrize("assignment", EACH)
def test_pasted_below_the_reference_it_gives_what_was_expected(
    assignment: str, examples_of: Callable[[str], list[Entry]], warm: Warm
) -> None:
    source = (ROOT / "solutions" / assignment / f"{assignment}.py").read_text(encoding="utf-8")
    # One that only looks at a weight's shape, or at what is registered, expects nothing of a call.
    entries = [
        (student, example)
        for student, example in examples_of(assignment)
        if "print(model." not in example["call"] and example["way"] != "its registered parameters"
    ]
    answers = run(warm, [{"chunks": [source], "call": example["call"]} for _, example in entries])
    for (student, example), answer in zip(entries, answers, strict=True):
        context = f"{student}\n{example['call']}\nexpected: {example['expected']}\ngave: {answer}"
        expected = {name: part for name, part in example["expected"].items() if name != "changed in place"}
        check(answer, example, expected, context)


def test_the_runner_tells_a_wrong_answer_from_the_one_shown() -> None:
    """The tests above can fail."""
    example = {
        "way": "",
        "call": "",
        "differs": [],
        "got": {"y": [[1.5]]},
        "inputs": {},
        "expected": {"y": [[2.0]]},
    }
    call = "import numpy as np\nprint(f(np.array([[1.0]])))"
    right, wrong, raises = (
        pasted.run([f"def f(x):\n    return {what}"], call) for what in ("x + 0.5", "x + 0.6", "x + y")
    )
    check(right, example, example["got"], "right")
    for answer in (wrong, raises):
        with pytest.raises(AssertionError):
            check(answer, example, example["got"], "wrong")


@pytest.mark.parametrize("assignment", EACH)
def test_what_differs_is_marked_and_how_far_is_told(
    assignment: str, examples_of: Callable[[str], list[Entry]]
) -> None:
    off = 0
    for student, example in examples_of(assignment):
        assert example["differs"], student
        lines = example["differs"]
        for line, rest in ((line, lines[number + 1 :]) for number, line in enumerate(lines)):
            if " is off" not in line:
                continue
            off += 1
            assert re.search(r" by (?:up to )?[\d.e-]+|it holds", line), line
            match = re.search(r"off in (\d+) of (\d+)", line)
            marks = 0
            for entry in rest:
                if not entry.startswith("  "):
                    break
                marks += entry.count(">") if "got" in entry else 0
            assert marks == (int(match[1]) if match else 1) or "more of" in "".join(rest), "\n".join(lines)
    assert off >= 5


@pytest.mark.slow
@pytest.mark.parametrize("assignment", [name for name in ASSIGNMENTS if name != "rnn_cell"])
def test_arrays_over_time_have_a_picture(assignment: str, examples_of: Callable[[str], list[Entry]]) -> None:
    pictures = 0
    for student, example in examples_of(assignment):
        if example["function"] not in OVER_TIME or not isinstance(example["got"], dict):
            continue
        name = next(iter(example["expected"]))
        want, answer = np.array(example["expected"][name]), example["got"].get(name)
        if (
            isinstance(answer, str)
            or want.ndim != 3
            or want.shape[1] < 2
            or example["way"].startswith("the gra")
        ):
            continue
        rows = [
            line.split("t=")[1].split(" ")[1:] for line in example["picture"].splitlines() if "t=" in line
        ]
        differs = ~np.isclose(want, np.array(answer), atol=1e-6)
        if not differs.any():
            assert not rows, student
            continue
        pictures += 1
        assert [
            ["#" if entry else "·" for entry in row] for row in differs.reshape(-1, want.shape[2])
        ] == rows
    assert pictures


def arrays(value: Any) -> Iterator[np.ndarray]:
    """Every array of numbers in some data, that is not zeros alone."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and value.any():
            yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from arrays(item)
    elif isinstance(value, Mapping):
        yield from arrays(tuple(value.values()))
    elif hasattr(value, "__dataclass_fields__"):
        yield from arrays([getattr(value, name) for name in value.__dataclass_fields__])


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_number_of_a_graded_input_is_in_a_counterexample(
    assignment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one entry: a graded input is drawn, and an example is round."""
    course = find_course(Path(ROOT))
    loaded = load(course, assignment)
    plan: list[Any] = []
    monkeypatch.setattr(sys, "path", list(sys.path))
    with_suite(course, loaded, lambda suite: plan.extend(suite.plan.batches))
    graded = {round(float(entry), 5) for array in arrays(plan) for entry in array.ravel()} - {0.0}
    assert len(graded) > 100
    module: Any = load_hidden(loaded, "examples")
    numbers = {
        round(float(entry), 5)
        for exercise in loaded.exercises
        for example in module.examples(exercise)
        for array in arrays([example.arguments, example.weights])
        for entry in array.ravel()
    } - {0.0}
    assert numbers
    assert not numbers & graded
