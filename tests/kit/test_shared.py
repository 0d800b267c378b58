"""What the hidden suites of a course share: one package with them, part of their digest, never released."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import Counter

import pytest

from grader.assignments import find_course, load
from grader.bundle import bundle_course
from grader.diagnose.mistakes import apply, load_hidden, load_mistakes, variants
from grader.errors import CourseError
from grader.release import release
from grader.run.digests import suite_digest

from .loading import ROOT

HIDDEN = ROOT / "tests" / "hidden"
COURSE = find_course(ROOT)
ON_SHARED = [name for name in COURSE.names() if (HIDDEN / name / "spec.py").exists()]


@pytest.fixture
def course(tmp_path):
    """A scratch copy of this course: solutions and hidden suites."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions", ignore=ignored)
    (tmp_path / "tests").mkdir()
    shutil.copytree(HIDDEN, tmp_path / "tests" / "hidden", ignore=ignored)
    return find_course(tmp_path)


def shared_files():
    return sorted(path.relative_to(ROOT) for path in (HIDDEN / "shared").rglob("*.py"))


@pytest.mark.parametrize("file", shared_files(), ids=str)
def test_a_change_of_any_shared_file_is_another_suite(file, course):
    before = {name: suite_digest(course, load(course, name)) for name in course.names()}
    (course.root / file).write_text((course.root / file).read_text() + "\n# changed\n")
    after = {name: suite_digest(course, load(course, name)) for name in course.names()}
    assert all(before[name] != after[name] for name in before)


def test_what_is_compiled_and_what_others_have_of_their_own_is_no_other_suite(course):
    assignment = load(course, "rnn_cell")
    before = suite_digest(course, assignment)
    compiled = assignment.shared / "__pycache__" / "laws.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(b"anything")
    (course.root / "tests" / "hidden" / "rnn" / "more.py").write_text("X = 1\n")
    assert suite_digest(course, assignment) == before


@pytest.mark.parametrize("name", ON_SHARED)
def test_a_bundle_has_what_its_suite_imports(name, tmp_path):
    bundle_course(COURSE, [name], tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert {file.as_posix() for file in shared_files()} <= {*archive.namelist()}
        archive.extractall(tmp_path / "course")
    there = load(find_course(tmp_path / "course"), name)
    assert len(load_mistakes(there)) == len(load_mistakes(load(COURSE, name)))
    assert load_hidden(there, "examples").__file__.startswith(str(tmp_path))


@pytest.mark.parametrize(
    ("of", "line"),
    [
        ("laws.py", "assert_zero_on_padding(array, case.real, what=name)"),
        ("the words of an idea", "tanh is applied to each part before they are added"),
        ("what an idea becomes", "next_state = hidden_state + torch.tanh(pre_activation)"),
    ],
)
def test_a_shared_line_is_never_released(of, line, course, tmp_path):
    checks = course.root / "solutions" / "rnn_cell" / "test_rnn_cell.py"
    checks.write_text(f"{checks.read_text()}\n# {line}\n")
    with pytest.raises(CourseError, match="this line would get out") as caught:
        release(load(course, "rnn_cell"), tmp_path / "rnn_cell.zip")
    assert line in caught.value.message
    assert "tests/hidden/" in caught.value.message
    assert not (tmp_path / "rnn_cell.zip").exists()


def test_suites_of_two_courses_do_not_mix(course):
    """The same name in two courses is two modules, and so is what they import."""
    ideas = course.root / "tests" / "hidden" / "shared" / "ideas" / "step.py"
    ideas.write_text(ideas.read_text().replace("The state is returned without tanh", "Something else"))
    here, there = (load_mistakes(load(source, "rnn_cell"))[0].title for source in (COURSE, course))
    assert (here, there) == ("The state is returned without tanh", "Something else")
    ideas.write_text(ideas.read_text().replace("Something else", "Yet something else"))
    assert load_mistakes(load(course, "rnn_cell"))[0].title == "Yet something else"


def test_an_error_in_a_shared_file_says_where(course):
    ideas = course.root / "tests" / "hidden" / "shared" / "ideas" / "step.py"
    text = ideas.read_text().replace("IDEAS = [", "IDEAS = [\n    1 / 0,", 1)
    ideas.write_text(text)
    line = text.splitlines().index("    1 / 0,") + 1
    with pytest.raises(CourseError) as caught:
        load_mistakes(load(course, "rnn_cell"))
    assert "mistakes.py cannot be loaded: ZeroDivisionError" in caught.value.message
    assert f"step.py, line {line}" in caught.value.message


def table_of(name):
    """The table of ideas of an assignment: in a module of its own where there are many mistakes."""
    assignment = load(COURSE, name)
    module = "places" if (assignment.hidden / "places.py").exists() else "mistakes"
    return load_hidden(assignment, module).table


def test_every_name_that_an_idea_uses_is_told_of():
    """A misspelt name would make a way vanish: no place could have it."""
    words = (HIDDEN / "shared" / "ideas" / "words.py").read_text()
    explained = {*re.findall(r"\w+", " ".join(re.findall(r"^\| ([\w, ]+) \|", words, re.MULTILINE)))}
    explained |= {*re.findall(r'"(\w+)": ', words)}
    for name in ON_SHARED:
        hidden = load_hidden(load(COURSE, name), "mistakes")
        gates = {*hidden.GATES.words} if hasattr(hidden, "GATES") else set()
        for idea in table_of(name).catalogue.values():
            for variant in idea.ways:
                assert variant.names <= explained | gates, f"{idea.id}: {variant.names - explained - gates}"


def test_every_idea_can_be_made_somewhere():
    used = Counter(mistake.id for name in ON_SHARED for mistake in load_mistakes(load(COURSE, name)))
    assert {id for name in ON_SHARED for id in table_of(name).catalogue} <= {*used}


def test_titles_and_hints_use_the_names_of_the_cell():
    """An idea speaks of the gate as the hand-out does: of z in one assignment, of another letter elsewhere."""
    ideas = load_hidden(load(COURSE, "gru"), "mistakes").ideas
    words = {**ideas.NUMPY, **ideas.UPDATE_WRITES, "update": "f", "candidate": "n", "state": "h_prev"}
    table = ideas.of(ideas.Place("cell", words), more=ideas.OF_UPDATE)
    mistake = table.mistake("update_upside_down")
    assert mistake.title.startswith("f and 1 - f are exchanged")
    assert "With f = 0, is the old state kept here?" in mistake.hint
    edit = ("h_next = f * n + (1 - f) * h_prev", "h_next = (1 - f) * n + f * h_prev")
    assert mistake.edits == {"cell": [(edit,)]}


def test_a_name_in_a_hint_that_no_place_knows_is_an_error():
    ideas = load_hidden(load(COURSE, "gru"), "mistakes").ideas
    table = ideas.of(ideas.Place("f", {"TANH": "y = tanh(x)"}))
    with pytest.raises(ValueError, match=r"`\{gate\}` of x"):
        table.mistake(ideas.idea("x", "{gate} is missing", "h", ideas.way(TANH="y = x")))


@pytest.mark.parametrize("name", ON_SHARED)
def test_every_mistake_applies_and_changes_the_reference(name):
    assignment = load(COURSE, name)
    source = assignment.solution.read_text()
    edits = variants(load_mistakes(assignment))
    assert len(edits) > 20
    for variant in edits:
        assert apply(source, [variant]) != source, variant.name


def test_an_idea_that_can_be_made_nowhere_is_an_error():
    ideas = load_hidden(load(COURSE, "rnn_cell"), "mistakes").ideas
    table = ideas.of(ideas.Place("f", {"TANH": "y = tanh(x)"}))
    with pytest.raises(ValueError, match="no_bias can be made nowhere"):
        table.mistakes("no_bias")
    with pytest.raises(ValueError, match="not in all of: g"):
        table.mistake(ideas.idea("x", "t", "h", ideas.way(TANH="y = x")), {"g": ideas.way(TANH="y = 0")})


@pytest.mark.parametrize("name", ON_SHARED)
def test_no_way_says_twice_what_another_mistake_of_its_line_may_change(name):
    # A relu written as `a * (a > 0)` beside another change of `a` would take that over in one of the two places.
    for variant in variants(load_mistakes(load(COURSE, name))):
        for old, new in variant.changes:
            inside = [
                part for part in re.findall(r"\w\(([^()]+)\)", old) if len(re.findall(r"\w+", part)) > 1
            ]
            repeated = [part for part in inside if "\n" not in new and new.count(part) > old.count(part)]
            assert not repeated, f"{variant.name}: {new}"


def test_two_mistakes_of_one_line_are_put_together_whole():
    by_id = {mistake.id: mistake for mistake in load_mistakes(load(COURSE, "gru"))}
    ids = ("reset_ignored", "other_activation_of_the_candidate")
    chosen = [next(iter(variants([by_id[id_]]))) for id_ in ids[:1]]
    relu = [source for source in variants([by_id[ids[1]]]) if "clip" in source.changes[0][1]]
    text = apply(load(COURSE, "gru").solution.read_text(), [*chosen, relu[0]])
    assert "n = (a_n + s_n).clip(0)" in text
