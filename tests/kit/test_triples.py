"""Three mistakes at once in `grader validate`: which are tried, and what is held against their results."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from grader.assignments import find_course, load
from grader.records import Diagnosis, Result, TestResult
from grader.validate.triples import SAMPLED, Triples

from .loading import ROOT


@pytest.fixture(scope="module")
def triples() -> Triples:
    assignment = load(find_course(ROOT), "rnn_cell")
    return Triples(assignment, assignment.solution.read_text(encoding="utf-8"))


def results(triples: Triples, *diagnoses: Diagnosis, score: float = 1.0) -> dict[str, Result]:
    """The same result for every program."""
    result = Result(
        student="s",
        file="s.py",
        sha256="",
        status="graded",
        score=score,
        max_score=10.0,
        seconds=0.0,
        diagnoses=diagnoses,
        tests=(TestResult("test_one", "failed", 0.0, 10.0, "torch", "It is off."),),
    )
    return dict.fromkeys(triples.sources, result)


def named(label: str, certainty: str = "several") -> Diagnosis:
    """What is said when the mistake of a label is named."""
    id, _, place = label.partition(" in ")
    return Diagnosis(id, "A title", "A hint.", (place.split(" (")[0].split(".")[0],), certainty)


def test_the_sample_is_of_three_mistakes_in_one_exercise_that_run(triples):
    assert 10 < len(triples.sources) <= SAMPLED
    for name, source in triples.sources.items():
        labels = name.split(" + ")
        assert len({label.partition(" in ")[0] for label in labels}) == 3
        assert len({named(label).functions for label in labels}) == 1
        ast.parse(source)


def test_the_sample_is_the_same_every_time_and_part_of_all(triples):
    assignment = load(find_course(ROOT), "rnn_cell")
    reference = assignment.solution.read_text(encoding="utf-8")
    assert Triples(assignment, reference).sources == triples.sources
    assert Triples(assignment, reference, every=True).sources.items() > triples.sources.items()


def test_nothing_named_is_told_and_no_problem(triples):
    (proof,) = triples.proofs(results(triples))
    assert proof.holds
    assert proof.remarks == (f"three at once: {len(triples.sources)} none of them named",)


def test_what_is_named_is_counted(triples):
    first = next(iter(triples.sources))
    first_id, two, _ = first.split(" + ")
    graded = results(triples)
    graded[first] = replace(graded[first], diagnoses=(named(first_id), named(two)))
    (proof,) = triples.proofs(graded)
    assert proof.holds
    assert "1 two of them named" in proof.remarks[0]


def test_another_name_is_a_problem_unless_a_program_with_it_ends_alike(triples):
    first = next(iter(triples.sources))
    labels = {label for name in triples.sources for label in name.split(" + ")}
    ids = {label.partition(" in ")[0] for label in first.split(" + ")}
    exercise = named(first.split(" + ")[0]).functions
    other = next(
        label
        for label in sorted(labels)
        if label.partition(" in ")[0] not in ids and named(label).functions == exercise
    )
    graded = results(triples)
    graded[first] = replace(graded[first], diagnoses=(named(other),))
    again = triples.programs_as_named(graded)
    assert other in again
    (proof,) = triples.proofs(graded)
    assert proof.problems
    assert first in proof.problems[0]
    assert triples.proofs({**graded, other: replace(graded[first], diagnoses=())})[0].holds
    assert not triples.proofs({**graded, other: replace(graded[first], tests=())})[0].holds


def test_a_name_for_what_is_right_after_all_is_a_problem(triples):
    label = next(iter(triples.sources)).split(" + ")[0]
    assert triples.proofs(results(triples, score=10.0))[0].holds
    assert not triples.proofs(results(triples, named(label), score=10.0))[0].holds
