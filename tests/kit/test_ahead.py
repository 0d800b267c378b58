"""What mistakes answer is computed ahead, once: a machine with a bundle computes none of it again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader import bundle
from grader.assignments import find_course, load
from grader.diagnose import mistakes as tables
from grader.diagnose.ahead import Ahead
from grader.diagnose.counterexample import Counterexamples
from grader.diagnose.edited import Edited, References
from grader.diagnose.search import Diagnoser
from grader.errors import CourseError, MachineryError, SuiteError
from grader.run import ahead, answer_store
from grader.run.path import grade
from grader.subject import wire
from grader.suite.collect import with_suite
from tests.kit import course_factory as factory

from .locked import needs_jail

ROOT = Path(__file__).resolve().parents[2]

#: Draws at random beside the factory's mistakes, so that answers under other draws are asked for, too.
MISTAKES = factory.MISTAKES.replace(
    "MISTAKES = [",
    'MISTAKES = [\n    Mistake("random", "Random", "Where from?", {"scale": ('
    '"return x * factor", "return x * np.random.rand()")}, drawn=True),',
)
SUBMISSIONS = {
    change: factory.SOLUTION.replace("return x * factor", change)
    for change in ("return x * factor * factor", "return x - factor", "return x + factor", "return None")
} | {"added": factory.SOLUTION.replace("x * self.weight", "x + self.weight")}


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    course_and_assignment = factory.make_course(tmp_path / "course")
    (course_and_assignment[1].hidden / "mistakes.py").write_text(MISTAKES)
    return course_and_assignment


def unpacked(course, to, shipment=ahead.shipment):
    """The course and the assignment of a bundle, as another machine has them."""
    bundle.bundle_course(course[0], [course[1].name], to.with_suffix(".zip"), shipment)
    with zipfile.ZipFile(to.with_suffix(".zip")) as archive:
        archive.extractall(to)
    there = find_course(to)
    return there, load(there, course[1].name)


def kept_after_grading(there, cache, monkeypatch):
    """The files that a run leaves in a cache that was empty."""
    monkeypatch.setenv("GRADER_CACHE", str(cache))
    submissions = [factory.submission(f"s{number}", text) for number, text in enumerate(SUBMISSIONS.values())]
    results = grade(*there, submissions)
    assert all(result.score < result.max_score for result in results)
    assert results[0].diagnoses[0].id == "squared"
    return [path for path in cache.rglob("*") if path.is_file()]


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_a_fresh_machine_with_a_bundle_computes_no_single_mistake_again(course, tmp_path, monkeypatch):
    there = unpacked(course, tmp_path / "there")
    assert not kept_after_grading(there, tmp_path / "fresh", monkeypatch)


@needs_jail
@pytest.mark.usefixtures("warm_zygotes")
def test_without_what_was_computed_ahead_something_is_kept(course, tmp_path, monkeypatch):
    """So the test above can fail. Nothing has graded here: the bundle has nothing to take along."""
    there = unpacked(course, tmp_path / "there", bundle.kept_answers)
    assert not (there[0].root / "tests" / "hidden" / answer_store.SHIPPED).exists()
    assert kept_after_grading(there, tmp_path / "fresh", monkeypatch)


class Frozen(dict):
    """A store in which all is there: whoever computes something is found out."""

    def put(self, key: bytes, data: bytes) -> None:
        raise AssertionError("computed again")


class Open(dict):
    """A store that only keeps."""

    put = dict.__setitem__


def test_whatever_mistake_is_made_is_there():
    """Every fourth way of a mistake of rnn_cell, and all that draw."""
    course = find_course(ROOT)

    def held(suite):
        assignment, source, plan = suite.bench.assignment, suite.bench.source, suite.plan
        store = Open()
        for part in range(2):
            Ahead(assignment, source, plan, store).compute(part, 2)
        everything = tables.variants(tables.load_mistakes(assignment))
        some = [variant for place, variant in enumerate(everything) if not place % 4 or variant.mistake.drawn]
        diagnoser = Diagnoser(assignment, source, plan, Frozen(store))
        references = References(assignment.name, source)
        assert some
        for variant in some:
            transcript = transcript_of(references.of((variant,)), diagnoser.sessions)
            findings = diagnoser.examine(transcript, [tables.apply(source, [variant])])
            assert findings.diagnoses, variant.name
        for exercise in assignment.exercises:
            assert Counterexamples(assignment, source, None, Frozen(store)).questions(exercise)
        with pytest.raises(AssertionError, match="computed again"):
            Diagnoser(assignment, source, plan, Frozen()).examine(transcript)

    with_suite(course, load(course, "rnn_cell"), held)


def transcript_of(edited: Edited, sessions):
    """What a program answers to all questions, as its child would have sent it."""
    return {
        position: wire.encode(list(batch))
        for number, session in enumerate(sessions)
        for position, batch in zip(session.positions, edited.answers(number, session), strict=True)
    }


def test_it_is_the_same_with_no_folder_to_keep_it_in(course, tmp_path, monkeypatch):
    path, segment = ahead.shipment(*course)
    assert segment
    assert path.endswith("/answers")
    monkeypatch.setenv("GRADER_CACHE", "off")
    assert ahead.shipment(*course) == (path, segment)
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "another"))
    assert ahead.shipment(*course) == (path, segment)


def test_what_is_there_is_not_computed_again(course, monkeypatch):
    shipment = ahead.shipment(*course)
    monkeypatch.setattr(ahead, "_compute", lambda *_: pytest.fail("computed again"))
    assert ahead.shipment(*course) == shipment


def test_a_course_is_prepared_once_and_again_when_it_changes(course):
    assert ahead.prepare(*course)
    folder = course[0].root / "tests" / "hidden" / answer_store.SHIPPED
    (first,) = folder.iterdir()
    assert not ahead.prepare(*course)
    (course[1].hidden / "mistakes.py").write_text(factory.MISTAKES)
    assert ahead.prepare(*course)
    (second,) = folder.iterdir()
    assert second != first, "what is stale is gone"
    (second / "answers").write_bytes((second / "answers").read_bytes()[:-3])
    assert ahead.prepare(*course), "what is damaged is as if it were not there"


def test_a_suite_at_fault_is_told(course):
    (course[1].hidden / f"test_{course[1].name}.py").write_text("raise ValueError('no')\n")
    with pytest.raises(SuiteError, match="could not be collected"):
        ahead.prepare(*course)


def test_a_mistake_that_cannot_be_made_is_told(course):
    (course[1].hidden / "mistakes.py").write_text(MISTAKES.replace('"return x - factor"', '"return x -"'))
    with pytest.raises(CourseError, match="is no Python"):
        ahead.prepare(*course)


@needs_jail
def test_the_commands(course, tmp_path, monkeypatch, warm):
    name, options = course[1].name, ("--course", course[0].root)
    bundled = warm.run("bundle", "course", name, *options, "--as-kept", "--to", tmp_path / "kept.zip")
    done = warm.run("bundle", "course", name, *options, "--to", tmp_path / "all.zip")
    assert (bundled.returncode, done.returncode) == (0, 0), bundled.stderr + done.stderr
    assert not [path for path in paths(tmp_path / "kept.zip") if answer_store.SHIPPED in path]
    assert len([path for path in paths(tmp_path / "all.zip") if answer_store.SHIPPED in path]) == 1
    assert warm.run("prepare", *options).stdout == f"{name}: computed and kept in tests/hidden/.answers\n"
    assert warm.run("prepare", name, *options).stdout == f"{name}: was there already\n"


def paths(archive):
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def test_a_machine_that_cannot_compute_bundles_what_is_kept(course, tmp_path, monkeypatch, capsys):
    from grader.cli import elsewhere

    def fails(*_):
        raise MachineryError("the warm process is gone")

    monkeypatch.setattr(ahead, "_compute", fails)
    assert elsewhere._shipment(as_kept=False)(*course) == bundle.kept_answers(*course)
    assert "could not be computed ahead. the warm process is gone" in capsys.readouterr().err
