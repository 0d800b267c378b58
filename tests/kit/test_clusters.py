"""Those whom no mistake explains are grouped by what their code does, and named once for all of a group."""

from __future__ import annotations

import ast
import html
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.clusters import adjusted_rand, terms_exchanged
from grader import export as exports
from grader.assignments import find_course, load
from grader.clusters import Cluster, clusters, entry, with_given_names
from grader.diagnose.behaviour import behaviour
from grader.diagnose.match import Session
from grader.diagnose.mistakes import apply, load_mistakes, variants
from grader.errors import CourseError
from grader.export.base import ExportOptions
from grader.messages.page import feedback
from grader.records import Repair, Result
from grader.report import write_site
from grader.report.measures import mistakes
from grader.run.path import Options as Grading
from grader.run.path import grade
from grader.run.store import read
from grader.subject import operations as ops
from grader.suite import inputs

from . import course_factory as factory
from .graded_factory import result as made
from .loading import ROOT
from .locked import needs_jail

pytestmark = [
    needs_jail,
    pytest.mark.usefixtures("warm_zygotes"),
]

TWICE = factory.SOLUTION.replace("return x * factor", "return 2 * (x * factor)")
TWICE_TOO = factory.SOLUTION.replace("return x * factor", "y = x * factor\n    return y + y")
HALF = factory.SOLUTION.replace("return x * factor", "return x * factor / 2")
SQUARED = factory.SOLUTION.replace("return x * factor", "return x * factor * factor")
ENDS = factory.SOLUTION.replace("return x * factor", "import os\n    os._exit(1)")


EXAMPLES = """
import numpy as np

from grader.diagnose import Example


def examples(exercise):
    for n in (1, 2, 3):
        x = {"x": np.arange(1.0, n + 1)}
        if exercise == "scale":
            yield Example(exercise, {**x, "factor": np.full(n, 3.0)}, what="the result")
        else:
            yield Example(exercise, x, make=(n,), weights={"weight": np.full(n, 3.0)}, what="the result")
"""
SHOWN = Result(student="ada", file="a.py", sha256="0", status="graded", score=1.0, max_score=5.0, seconds=0.0)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class in which two make a mistake that nobody knows, one another, and one a known one."""
    course, assignment = factory.make_course(tmp_path_factory.mktemp("course"))
    (assignment.hidden / "mistakes.py").write_text(factory.MISTAKES, encoding="utf-8")
    sources = {"ada": TWICE, "ben": TWICE_TOO, "cem": HALF, "dan": SQUARED, "eva": ENDS, "fay": factory.RIGHT}
    out = tmp_path_factory.mktemp("results")
    results = grade(course, assignment, [factory.submission(*pair) for pair in sources.items()], out)
    return out, {result.student: result for result in results}


@pytest.fixture
def folder(graded, tmp_path):
    """The results in a folder of the test's own."""
    shutil.copytree(graded[0], tmp_path / "results")
    return tmp_path / "results"


def name(folder, cluster, text="The factor counts twice", sentence="How often is the factor in the formula?"):
    (folder / "clusters.toml").write_text(
        f"# of the instructor\n[{cluster}]\nname = {text!r}\nsentence = {sentence!r}\n", encoding="utf-8"
    )


def test_equal_answers_are_one_cluster_however_they_are_written(graded):
    results = graded[1]
    assert results["ada"].unexplained == results["ben"].unexplained
    assert results["ada"].unexplained != results["cem"].unexplained
    assert [len(results[student].unexplained) for student in ("ada", "cem", "dan", "fay")] == [1, 1, 0, 0]
    first, second = clusters(results.values())
    assert [result.student for result in first.members] == ["ada", "ben"]
    assert (first.exercise, first.id) == ("scale", results["ada"].unexplained[0])
    assert [result.student for result in second.members] == ["cem"], "what ended the program is explained"


@pytest.mark.parametrize("status", ["timeout", "crashed", "unreadable", "not_attempted"])
def test_what_did_not_come_to_its_end_is_in_no_cluster(status):
    """Two programs that end at the same place need not have thought the same."""
    two = [made(student, unexplained=("BiRNN-1",)) for student in ("ada", "ben")]
    other = made("cem", unexplained=("BiRNN-1",), status=status)
    (cluster,) = clusters([*two, other])
    assert [member.student for member in cluster.members] == ["ada", "ben"]
    assert clusters([other]) == []


def test_a_name_reaches_everybody_in_the_cluster_and_nobody_else(folder, graded):
    name(folder, graded[1]["ada"].unexplained[0])
    named = read(folder)
    titles = {result.student: [diagnosis.title for diagnosis in result.diagnoses] for result in named.results}
    assert titles["ada"] == titles["ben"] == ["The factor counts twice"]
    assert titles["dan"] == ["Squared"]
    assert titles["cem"] == titles["fay"] == []
    assert named.cautions == ()
    assert [cluster.members[0].student for cluster in clusters(named.results)] == ["cem"]


def test_pages_and_exports_tell_the_name(folder, graded):
    site = write_site(read(folder))
    before = site.start.read_text(encoding="utf-8")
    assert "2 students, in" in before
    assert f"[{graded[1]['ada'].unexplained[0]}]" in before, "what to write is shown"
    name(folder, graded[1]["ada"].unexplained[0])
    site = write_site(read(folder))
    assert "The factor counts twice" in site.start.read_text(encoding="utf-8")
    page = (site.folder / "students" / "ben.html").read_text(encoding="utf-8")
    assert "How often is the factor in the formula?" in page
    table = exports.export(read(folder), "csv", ExportOptions())
    rows = [line for line in str(table).splitlines() if "The factor counts twice" in line]
    assert len(rows) == 2
    ada = next(result for result in read(folder).results if result.student == "ada")
    assert "! The factor counts twice" in feedback(ada)


def test_a_changed_name_replaces_the_old_one_on_every_page(folder, graded):
    cluster = graded[1]["ada"].unexplained[0]
    for text, sentence in (
        ("Counted twice", "How often is it counted?"),
        ("Doubled", "Is 2 in the formula?"),
    ):
        name(folder, cluster, text, sentence)
        write_site(read(folder))
    pages = [path.read_text(encoding="utf-8") for path in (folder / "report").rglob("*.html")]
    assert sum("Doubled" in page for page in pages) == 3, "ada's page, ben's, and the class's"
    assert sum("Is 2 in the formula?" in page for page in pages) == 2
    assert not any("Counted twice" in page or "How often is it counted?" in page for page in pages)


def test_results_hold_no_name_so_that_one_can_be_changed(folder, graded):
    name(folder, graded[1]["ada"].unexplained[0])
    document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    ada = next(entry for entry in document["submissions"] if entry["student"] == "ada")
    assert ada["diagnoses"] == []
    assert ada["unexplained"] == list(graded[1]["ada"].unexplained)


def test_clusters_with_the_same_name_and_sentence_are_one_mistake(folder):
    """The same idea in a function and in a class are two clusters, and are told, and counted, as one."""
    words = "name = 'Halved'\nsentence = 'Twice?'\n"
    (folder / "clusters.toml").write_text(f"[scale-1]\n{words}[Scaler-2]\n{words}", encoding="utf-8")
    both = made("ada", unexplained=("scale-1", "Scaler-2", "other-3"))
    in_class_alone = made("ben", unexplained=("Scaler-2",))
    results, cautions = with_given_names(folder, [both, in_class_alone])
    assert cautions == ()
    assert [[diagnosis.functions for diagnosis in result.diagnoses] for result in results] == [
        [("scale", "Scaler")],
        [("Scaler",)],
    ]
    assert [row.diagnosis.title for row in mistakes(results)] == ["Halved"]
    assert [cluster.id for cluster in clusters(results)] == ["other-3"]


def test_a_name_that_reaches_nobody_is_told(folder):
    name(folder, "scale-00000000")
    [caution] = read(folder).cautions
    assert "scale-00000000, in which nobody is now" in caution


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[scale-00000000]\nname = 'a'\n", "sentence is missing"),
        ("[scale-00000000]\nname = 'a'\nsentence = ''\n", "expected a text that is not empty"),
        ("[scale-00000000]\nname = 'a'\nsentence = 'b'\ntitle = 'c'\n", "title is not known"),
        ("scale-00000000 = 'twice'\n", "expected a table"),
        ("[scale]\nname = 'a'\nsentence = 'b'\n", "is no cluster"),
        ("[scale-00000000\n", "is not valid TOML"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_told(folder, text, message):
    (folder / "clusters.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"clusters\.toml") as raised:
        read(folder)
    assert message in str(raised.value)


HALVES = {
    "as the reference": factory.RIGHT.replace("return x * factor", "return x * factor * 0.5"),
    "otherwise": factory.RIGHT.replace("return x * factor", "n = x * (0.5 * factor)\n    return n"),
    "in a class": factory.RIGHT.replace(
        "return x * self.weight", "w = self.weight\n        y = x * (0.5 * self.weight)\n        return y"
    ),
}


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_a_proved_repair_is_an_entry_for_the_table(tmp_path, half):
    """The entry on the class page, given an id, is a mistake that is proved, and names everybody in the cluster."""
    course, assignment = factory.make_course(tmp_path / "course")
    (assignment.hidden / "examples.py").write_text(EXAMPLES, encoding="utf-8")
    students = [factory.submission(name, half) for name in ("ada", "ben")]
    out = tmp_path / "results"
    grade(course, assignment, students, out, options=Grading(lines=True))
    (cluster,) = clusters(read(out).results)
    text = entry(cluster)
    assert text.count("Mistake(") == 1
    page = html.unescape(write_site(read(out), tmp_path / "pages").start.read_text(encoding="utf-8"))
    assert text in page
    table = f"from grader.diagnose import Mistake\n\nMISTAKES = [\n{text}\n]\n"
    (assignment.hidden / "mistakes.py").write_text(
        table.replace("a_name_of_your_own", "x_is_lost"), encoding="utf-8"
    )
    again = grade(course, assignment, students)
    assert {tuple(diagnosis.id for diagnosis in result.diagnoses) for result in again} == {("x_is_lost",)}
    assert not any(result.unexplained for result in again)


def test_nothing_of_a_students_text_ends_a_string_of_an_entry():
    """The instructor pastes it into a program: neither a name nor a line may become code."""
    wrong = 'return "\\"), }, print(1)  # \u202e\''
    repair = Repair("scale", "a.py\nprint(2)", 3, 2.0, 4.0, f"@@ -3 +3 @@\n-    {wrong}\n+    return x\n")
    result = replace(SHOWN, student="eve\nprint(3)", repairs=(repair,))
    tree = ast.parse(entry(Cluster("scale-1", "scale", (result,), None)).rstrip(","))
    (statement,) = tree.body
    assert isinstance(statement.value, ast.Call)
    assert ast.literal_eval(statement.value.keywords[-1].value) == {"scale": ("return x", wrong)}
    turned = replace(repair, exercise='a"b', edit=('a"b}.c', "x", f"{wrong}\nprint(4)"))
    (statement,) = ast.parse(
        entry(Cluster("x-1", 'a"b', (replace(SHOWN, repairs=(turned,)),), None)).rstrip(",")
    ).body
    edits, exercise = (ast.literal_eval(keyword.value) for keyword in statement.value.keywords[-2:])
    assert edits == {'a"b}.c': ("x", f"{wrong}\nprint(4)")}
    assert exercise == {'a"b}.c': 'a"b'}


def test_withheld_mistakes_are_clusters(tmp_path):
    """Each of a dozen mistakes, written in two ways that add up in another order, is one cluster."""
    for part in ("solutions", "tests/hidden"):
        for inner in ("rnn_cell", "shared"):
            if (ROOT / part / inner).exists():
                shutil.copytree(ROOT / part / inner, tmp_path / part / inner)
    for file in ("course.toml", "__init__.py"):
        shutil.copy(ROOT / "tests" / "hidden" / file, tmp_path / "tests" / "hidden")
    mistakes = load_mistakes(load(find_course(ROOT), "rnn_cell"))
    (tmp_path / "tests" / "hidden" / "rnn_cell" / "mistakes.py").unlink()
    course = find_course(tmp_path)
    assignment = load(course, "rnn_cell")
    reference = assignment.solution.read_text(encoding="utf-8")
    one_each = {variant.mistake.id: variant for variant in variants(mistakes) if not variant.mistake.drawn}
    chosen = list(one_each.values())[:12]
    programs = {}
    for number, variant in enumerate(chosen):
        source = apply(reference, [variant])
        programs[f"{number:02} as it is"] = source
        programs[f"{number:02} otherwise"] = terms_exchanged(source)
    results = grade(course, assignment, [factory.submission(*pair) for pair in programs.items()])
    assert all(result.unexplained for result in results)
    mistake_of = [result.student[:2] for result in results]
    assert adjusted_rand(mistake_of, [result.unexplained for result in results]) >= 0.95


def test_the_index_can_tell_groupings_apart():
    assert adjusted_rand("aabb", "ccdd") == 1
    assert adjusted_rand("aabb", "cdcd") < 0


def test_the_name_of_a_cluster_cannot_be_computed_without_the_seed(monkeypatch):
    """A submission may answer with what it has seen: whoever could compute the digest could find that out by trying."""
    session = Session("scale", ((0, 0),), ((ops.Call("scale"),),), (True,))
    answers = {0: [[ops.Value(np.array([0.5]))]]}
    names = []
    for seed in ("abc", "abc", "xyz"):
        monkeypatch.setattr(inputs, "_course_seed", [seed])
        names.append(behaviour("scale", [session], answers))
    assert names[0] == names[1] != names[2]
