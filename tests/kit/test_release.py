"""`grader release`: what a student needs and nothing else. No line of a reference, a hidden suite or a mistake."""

from __future__ import annotations

import ast
import json
import re
import zipfile

import pytest

from grader.assignments import find_course, load
from grader.build import REQUIRED, build
from grader.errors import CourseError, UsageError
from grader.new import new_assignment
from grader.release import contents, readable_texts, release
from grader.secrets import Secret, find_leaks, secrets

from .loading import ROOT
from .processes import environment_without

COURSE = find_course(ROOT)
NAMES = COURSE.names()


@pytest.fixture(scope="module")
def zips(tmp_path_factory):
    """Every assignment's zip, by name."""
    folder = tmp_path_factory.mktemp("released")
    for name in NAMES:
        release(load(COURSE, name), folder / f"{name}.zip")
    return {name: folder / f"{name}.zip" for name in NAMES}


def files_in(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def code_lines(path):
    """The lines of a Python file that hold code of their own: by another rule than that of grader.secrets."""
    source = path.read_text(encoding="utf-8")
    rows = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.Assert, ast.Call)):
            yield rows[node.lineno - 1].strip()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_in_it(name, zips):
    names = set(files_in(zips[name]))
    for needed in (
        "README.md",
        "START.txt",
        "requirements.txt",
        f"{name}.py",
        f"{name}.ipynb",
        f"test_{name}.py",
    ):
        assert f"{name}/{needed}" in names
    others = r"README\.md|START\.txt|pytest\.ini|requirements\.txt|checks\.toml"
    modules = "".join(rf"|{module}\.py" for module in load(COURSE, name).given_sources)
    allowed = rf"{name}/({others}|(test_)?{name}\.py|{name}\.ipynb|figures/\w+\.svg{modules})"
    assert all(re.fullmatch(allowed, entry) for entry in names), names


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_line_is_in_it(name, zips):
    lines = secrets(load(COURSE, name))
    assert len(lines) > 200
    assert list(find_leaks(lines, readable_texts(files_in(zips[name])))) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_code_of_the_hidden_suite_is_in_it_by_another_rule(name, zips):
    released = {
        line.strip()
        for text in readable_texts(files_in(zips[name])).values()
        for line in text.splitlines()
        if line.strip()
    }
    folders = [ROOT / "tests" / "hidden" / name, ROOT / "tests" / "hidden" / "shared"]
    modules = ROOT / "tests" / "hidden" / "shared" / "given"
    handed_out = {"__init__.py", *(path.name for path in (*load(COURSE, name).given, *modules.glob("*.py")))}
    hidden = [path for folder in folders for path in folder.rglob("*.py") if path.name not in handed_out]
    assert len(hidden) >= 12
    for path in hidden:
        lines = {line for line in code_lines(path) if len(line) >= 16}
        assert len(lines) > 3, path
        assert lines & released == set(), path


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_secret_would_be_found(name):
    """The search can fail: each line, alone in a text, is found in it."""
    lines = secrets(load(COURSE, name))
    kinds = {secret.file.name for secret in lines}
    own = {
        path.name for path in (ROOT / "tests" / "hidden" / name).glob("*.py") if path.name != "__init__.py"
    }
    assert own | {f"{name}.py", "laws.py", "step.py"} <= kinds
    assert any(secret.file.parent.name == "alternatives" for secret in lines)
    missed = [secret for secret in lines if not list(find_leaks([secret], {"x": f"#\n    {secret.line}\n#"}))]
    assert missed == []


@pytest.mark.parametrize(
    ("secret_file", "secret", "leaky_file"),
    [
        ("tests/hidden/leaky/cases.py", 'SIZES_DIFFER = make("sizes_differ", 3, 2)', "test_leaky.py"),
        ("tests/hidden/leaky/test_leaky.py", "got = student.leaky_forward(*case.inputs)", "leaky.py"),
        ("solutions/leaky/alternatives/one.py", "result = np.empty_like(x)", "checks.toml"),
        ("solutions/leaky/leaky.py", "scaled = x * factor", "test_leaky.py"),
    ],
)
def test_a_leak_is_refused_and_nothing_written(secret_file, secret, leaky_file, tmp_path):
    course = made_course(tmp_path)
    assert secret in (tmp_path / secret_file).read_text(encoding="utf-8")
    leaky = tmp_path / "solutions" / "leaky" / leaky_file
    text = leaky.read_text(encoding="utf-8")
    if leaky_file == "leaky.py":
        text = text.replace("# ## The formula\n", f"# ## The formula\n#\n# `{secret}`\n")
    elif leaky_file.endswith(".toml"):
        text = text.replace("offset[f]:", f"offset[f], after {secret}:")
    else:
        text += f"\n# {secret}\n"
    leaky.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="this line") as caught:
        release(load(course, "leaky"), tmp_path / "leaky.zip")
    assert secret in caught.value.message
    assert list(tmp_path.glob("*.zip*")) == []


def test_a_notebook_is_searched_as_it_is_read(tmp_path):
    """In its JSON every line stands in quotes, and what is in quotes in the line is written otherwise there."""
    line = 'raise ValueError(f"sizes differ: {x.shape}")'
    lines = [Secret(tmp_path, 1, line)]
    cells = [
        {"cell_type": "code", "source": ["x = 1\n", f"    {line}\n"]},
        {"cell_type": "markdown", "source": "x"},
    ]
    files = {"a/a.ipynb": json.dumps({"cells": cells}).encode(), "a/a.svg": b"\xff\xfe picture"}
    assert line not in files["a/a.ipynb"].decode()
    assert [leak.found_in for leak in find_leaks(lines, readable_texts(files))] == ["a/a.ipynb"]


def test_the_text_of_an_edit_is_a_secret(tmp_path):
    """What a mistake puts into the reference stands in quotes, several lines in one text: each line is searched for.

    So is a text in quotes that no mistake uses yet.
    """
    course = made_course(tmp_path)
    lines = ["turned_round = scaled[::-1]", "shifted = turned_round + offset"]
    spare = "halved = scaled / 2 + offset"
    mistakes = tmp_path / "tests" / "hidden" / "leaky" / "mistakes.py"
    text = mistakes.read_text(encoding="utf-8")
    edited = text.replace(
        '("scaled + offset", "scaled")', f'("shifted = scaled + offset", {chr(10).join(lines)!r})'
    )
    assert edited != text
    mistakes.write_text(f"{edited}\nSPARE = {spare!r}\n", encoding="utf-8")
    secret_lines = secrets(load(course, "leaky"))
    for line in [*lines, spare]:
        assert [leak.secret.file for leak in find_leaks(secret_lines, {"x": f"# {line}"})] == [mistakes], line


def made_course(root):
    (root / "solutions").mkdir()
    (root / "tests" / "hidden").mkdir(parents=True)
    (root / "tests" / "hidden" / "course.toml").write_text('seed = "abc"')
    course = find_course(root)
    new_assignment(course, "leaky")
    return course


def test_files_that_lie_about_do_not_get_in(tmp_path):
    course = made_course(tmp_path)
    build(course)
    assignment = load(course, "leaky")
    before = contents(assignment)
    for place in (assignment.handout, assignment.solution.parent, assignment.hidden):
        (place / "answers.py").write_text("secret = 1")
        (place / ".notes").write_text("secret")
    (assignment.handout / "leaky.py").write_text("my own attempt")
    assert contents(assignment) == before


def test_the_same_sources_give_the_same_bytes(zips, tmp_path):
    for name, path in zips.items():
        assignment = load(COURSE, name)
        again = tmp_path / "other_name.zip"
        release(assignment, again)
        assert again.read_bytes() == path.read_bytes()
        with zipfile.ZipFile(again) as archive:
            entries = archive.infolist()
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)


@pytest.mark.parametrize("name", NAMES)
def test_how_to_start_is_four_lines_that_work(name, zips, tmp_path, warm):
    with zipfile.ZipFile(zips[name]) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / name
    start = (folder / "START.txt").read_text(encoding="utf-8")
    steps = re.findall(r"^\d\. (.*)$", start, re.MULTILINE)
    assert len(steps) == 4
    assert steps[0].startswith("python -m venv .venv ")
    assert "on Windows: .venv\\Scripts\\activate" in steps[0]
    assert steps[1].startswith("python -m pip install -r requirements.txt ")
    assert (folder / "requirements.txt").is_file()
    assert steps[3].startswith("python -m pytest ")
    rules = start[start.index("How your file is read") :]
    assert rules in (folder / "README.md").read_text(encoding="utf-8")
    for word in (
        "What you import",
        "a `.py` file of your own",
        "may take 2 s",
        '`if __name__ == "__main__":`',
    ):
        assert word in rules
    environment = environment_without("PYTEST")
    done = warm.run(
        "-q", "-p", "no:grader", "-p", "no:cacheprovider", module="pytest", cwd=folder, env=environment
    )
    assert "NotImplementedError: your turn" in done.stdout
    checked = warm.run("check", cwd=folder)
    assert "visible checks are waiting" in checked.stdout, checked.stderr


def test_requirements_are_those_of_the_kit():
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name, requirement in REQUIRED.items():
        assert f'"{requirement}"' in declared
        assert requirement.startswith(name)
    for name in NAMES:
        text = (ROOT / "assignments" / name / "requirements.txt").read_text(encoding="utf-8")
        assert set(text.split()) == {*REQUIRED.values(), *load(COURSE, name).requires}


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    assignment = load(COURSE, NAMES[0])
    with pytest.raises(UsageError, match=r"ends in \.zip"):
        release(assignment, tmp_path / "out")
    with pytest.raises(UsageError, match="cannot be written"):
        release(assignment, tmp_path / "nowhere" / "out.zip")


def test_the_command_lists_what_it_writes(tmp_path, typed):
    status, out, err = typed("release", "rnn", "--to", tmp_path / "x.zip", "--course", ROOT)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "rnn/README.md"
    assert out.splitlines()[-1] == f"Written to {tmp_path / 'x.zip'}"
    assert zipfile.is_zipfile(tmp_path / "x.zip")
