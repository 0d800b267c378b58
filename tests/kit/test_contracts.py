"""Other contracts, graded end to end through their harness: scores, names of mistakes, and what students read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.assignments import find_course
from grader.diagnose.mistakes import load_mistakes
from grader.validate import validate

from .golden import Golden
from .processes import environment_without
from .warm import Warm

CONTRACTS = Path(__file__).parent / "contracts"
COURSES = sorted(folder.name for folder in CONTRACTS.iterdir() if folder.is_dir())


def graded(course: str, warm: Warm, out: Path) -> dict[str, Any]:
    """The results of the course's class."""
    root = CONTRACTS / course
    (name,) = find_course(root).names()
    done = warm.run(
        *("grade", str(root / "submissions"), "-a", name, "--course", str(root), "--out", str(out)),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results: dict[str, Any] = json.loads((out / "results.json").read_text())
    return results


def written(results: dict[str, Any]) -> str:
    """A class as text: of each student the score, what was named, what each failed test says, and the calls shown."""
    return (
        "\n".join(line.rstrip() for submission in results["submissions"] for line in _of_one(submission))
        + "\n"
    )


def _of_one(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['student']}: {result['score']:g} of {result['max_score']:g}, {result['status']}"
    for note in [result["message"], *result.get("notes", [])]:
        yield f"  {note}" if note else ""
    for diagnosis in result["diagnoses"]:
        yield f"  named: {diagnosis['id']} ({diagnosis['certainty']}) in {', '.join(diagnosis['functions'])}"
    for test in result["tests"]:
        if test["outcome"] != "passed":
            yield f"  {test['name']}: {test['message']}"
    for example in result.get("counterexamples") or []:
        yield f"  {example['function']}:"
        yield from (f"    {line}" for line in example["call"].splitlines())
        yield from (f"    # {line}" for line in example["differs"])
    yield ""


@pytest.mark.slow
def test_hidden_inputs_come_from_the_seed_of_the_course(warm: Warm, tmp_path: Path) -> None:
    root = shutil.copytree(CONTRACTS / "cell_object", tmp_path / "course")
    seed = root / "tests" / "hidden" / "course.toml"
    numbers = []
    for text in ("one seed", "one seed", "another"):
        seed.write_text(f'seed = "{text}"\n')
        out = tmp_path / f"results_{len(numbers)}"
        done = warm.run(
            *("grade", str(root / "submissions" / "dina"), "-a", "unroll"),
            *("--course", str(root), "--out", str(out)),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (submission,) = json.loads((out / "results.json").read_text())["submissions"]
        numbers.append([test["message"] for test in submission["tests"]])
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize("course", COURSES)
def test_a_class_gets_what_it_deserves(course: str, warm: Warm, tmp_path: Path, golden: Golden) -> None:
    results = graded(course, warm, tmp_path)
    assert not [submission["student"] for submission in results["submissions"] if submission.get("fault")]
    right = [
        submission for submission in results["submissions"] if submission["score"] == submission["max_score"]
    ]
    assert len(right) >= 3
    golden.check(CONTRACTS / course / "results.txt", written(results))


@pytest.mark.parametrize("course", COURSES)
def test_no_student_reads_of_the_harness(course: str) -> None:
    """What is shown speaks of the student's own names: nothing to paste calls a function that they have not."""
    text = (CONTRACTS / course / "results.txt").read_text()
    (hidden,) = (CONTRACTS / course).glob("tests/hidden/*/harness.py")
    functions = [line[4:].partition("(")[0] for line in hidden.read_text().splitlines() if line[:4] == "def "]
    assert functions
    assert not [name for name in (*functions, "student.") if f" {name}(" in text or f"({name}(" in text]


@pytest.mark.usefixtures("warm_zygotes")
@pytest.mark.parametrize("course", COURSES)
def test_every_mistake_is_caught_and_named(course: str) -> None:
    loaded_course = find_course(CONTRACTS / course)
    proofs = validate(loaded_course, loaded_course.names(), quick=True)
    assert not [problem for proof in proofs for problem in proof.problems]


@pytest.mark.slow
@pytest.mark.usefixtures("warm_zygotes")
@pytest.mark.parametrize("course", COURSES)
def test_pairs_are_named_and_mutants_lose_points(course: str) -> None:
    loaded_course = find_course(CONTRACTS / course)
    assert not [
        problem for proof in validate(loaded_course, loaded_course.names()) for problem in proof.problems
    ]


@pytest.mark.parametrize("course", COURSES)
def test_each_has_ten_mistakes_and_more(course: str) -> None:
    from grader.assignments import load

    loaded_course = find_course(CONTRACTS / course)
    (name,) = loaded_course.names()
    assert len(load_mistakes(load(loaded_course, name))) >= 10


def by_hand(warm: Warm, course: str, student: str) -> tuple[int, str]:
    """`pytest tests/hidden/<a> --submission FILE` in the course."""
    root = CONTRACTS / course
    (name,) = find_course(root).names()
    environment = environment_without("PYTEST")
    file = root / "submissions" / student / f"{name}.py"
    options = (
        "-q",
        "-p",
        "no:cacheprovider",
        str(root / "tests" / "hidden" / name),
        "--submission",
        str(file),
    )
    done = warm.run(*options, module="pytest", env=environment)
    return done.returncode, done.stdout + done.stderr


def test_a_file_is_tried_by_hand_through_the_harness(warm: Warm) -> None:
    status, output = by_hand(warm, "opaque_cache", "abeba")
    assert status == 0, output
    status, output = by_hand(warm, "opaque_cache", "eszter")
    assert status == 1
    assert "dx is off in 12 of 12 entries" in output
