"""The line: found where a mistake is, proved on the whole suite, told without the change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.lines import patched
from grader.messages.repairs import sentences
from grader.records import Chunk, Result
from grader.repair import lanes
from grader.report import pages
from grader.run import path as main_path
from grader.run import store
from grader.run.path import Options, grade
from grader.subject.keeper import Keeper

from . import course_factory as factory

EXAMPLES = '''\
"""Small calls."""

import numpy as np

from grader.diagnose import Example

X = np.array([[1.0, -0.5], [2.0, 0.25]])


def examples(exercise):
    """Two sizes."""
    if exercise == "scale":
        yield Example("scale", {"x": X[:1, :1], "factor": 3.0}, what="the result")
        yield Example("scale", {"x": X, "factor": 0.5}, what="the result")
    else:
        for size in (1, 2):
            weights = {"weight": np.array([2.0, -1.0])[:size]}
            yield Example("Scaler", {"x": X[:, :size]}, make=(size,), weights=weights, what="the result")
'''
TOOLS = "def times(a, b):\n    return a - b\n"
USING = factory.SOLUTION.replace("return x * factor", "return tools.times(x, factor)").replace(
    "import numpy", "import tools\nimport numpy", 1
)


@pytest.fixture(scope="module")
def course(tmp_path_factory, warm_zygotes):
    course, assignment = factory.make_course(tmp_path_factory.mktemp("lines"), call_seconds=0.5)
    (assignment.hidden / "examples.py").write_text(EXAMPLES, encoding="utf-8")
    return course, assignment


def graded_with_lines(course, *submissions, **options) -> list[Result]:
    return grade(*course, submissions, options=Options(workers=1, **{"lines": True, **options}))


def line_of(source: str, text: str) -> int:
    return next(number for number, line in enumerate(source.splitlines(), 1) if text in line)


WRONG = factory.WRONG.replace("return x * self.weight", "return x * self.weight.sum()")


def test_the_lines_of_two_mistakes_are_found_and_what_each_is_worth(course):
    (result,) = graded_with_lines(course, factory.submission("s", WRONG))
    assert result.fault == ""
    assert [(repair.exercise, repair.line, repair.points, repair.lost) for repair in result.repairs] == [
        ("scale", line_of(WRONG, "x + factor"), 6.0, 10.0),
        ("Scaler", line_of(WRONG, ".sum()"), 4.0, 10.0),
    ]
    assert "-    return x + factor" in result.repairs[0].diff
    assert "+    return (x * factor)" in result.repairs[0].diff
    assert Result.from_json(result.to_json()) == result


def test_a_run_finds_what_another_one_found(course):
    first, other = (graded_with_lines(course, factory.submission("s", WRONG))[0] for _ in range(2))
    assert first.repairs == other.repairs != ()


def test_it_is_looked_for_where_it_is_wanted(course):
    submission = factory.submission("s", factory.WRONG)
    other = factory.submission("t", factory.RIGHT)
    assert graded_with_lines(course, submission, lines=None)[0].repairs
    assert not graded_with_lines(course, submission, lines=False)[0].repairs
    wrong, right = graded_with_lines(course, submission, other, lines=None)
    assert (wrong.repairs, right.repairs) == ((), ())
    wrong, right = graded_with_lines(course, submission, other)
    assert wrong.repairs
    assert not right.repairs


def test_a_line_of_another_file_is_named_by_it(course):
    submission = factory.submission("s", USING)
    (result,) = graded_with_lines(course, replace(submission, modules=(Chunk(TOOLS, "tools.py"),)))
    assert [(repair.label, repair.line, repair.points) for repair in result.repairs] == [("tools.py", 2, 6.0)]
    assert sentences(result) == ["One change in tools.py, line 2 is enough for all 6 points you lost."]


def test_a_function_that_was_imported_by_its_name_is_changed_too(course):
    source = USING.replace("import tools", "from tools import times").replace("tools.times", "times")
    submission = replace(factory.submission("s", source), modules=(Chunk(TOOLS, "tools.py"),))
    assert [repair.label for repair in graded_with_lines(course, submission)[0].repairs] == ["tools.py"]


def test_a_line_of_a_notebook_is_named_by_its_cell(course):
    head, tail = WRONG.split("\n\nclass ")
    (result,) = graded_with_lines(course, factory.submission("s", head, f"class {tail}"))
    assert [repair.label for repair in result.repairs] == ["cell 1", "cell 2"]
    assert result.repairs[1].line == line_of(f"class {tail}", ".sum()")


MISSPELT = factory.SOLUTION.replace("return x * factor", "return x * facter")


@pytest.mark.parametrize("head", ["", "from tools import times\n"])
def test_a_name_that_nothing_gives_a_value_to_is_put_right(course, head):
    submission = replace(factory.submission("s", head + MISSPELT), modules=(Chunk(TOOLS, "tools.py"),))
    (result,) = graded_with_lines(course, submission)
    assert [(repair.line, repair.points) for repair in result.repairs] == [
        (line_of(head + MISSPELT, "facter"), 6.0)
    ]
    assert "+    return x * factor" in result.repairs[0].diff


def test_no_line_is_told_where_a_module_is_missing(course):
    """A change that goes around the module may gain a point; the cause is the import, and a note says so."""
    source = factory.SOLUTION.replace("return x * factor", "return {} * x")
    lacks = "import jax.numpy as jnp\n" + source.format("jnp.asarray(factor)")
    (result,) = graded_with_lines(course, factory.submission("s", lacks))
    assert result.lost
    assert result.repairs == ()
    own = "import jax.numpy as jnp\n" + source.format("(jnp := -factor)")
    assert graded_with_lines(course, factory.submission("s", own))[0].repairs, "its own variable is no module"


@pytest.mark.parametrize("gap", ["y = ...\n    return x - y", "return ... if factor > 9 else x - factor"])
def test_no_line_goes_around_a_gap(course, gap):
    source = factory.SOLUTION.replace("return x * factor", gap)
    (result,) = graded_with_lines(course, factory.submission("s", source))
    assert bool(result.repairs) == ("if" in gap), "what is never reached is no gap"


def test_no_line_goes_around_what_is_still_to_be_written(course):
    source = USING.replace("import tools\n", "").replace("tools.times", "times")
    written = source + "\n\ndef times(a, b):\n    return a + b\n"
    unwritten = written.replace("return a + b", "raise NotImplementedError")
    assert graded_with_lines(course, factory.submission("s", written))[0].repairs
    assert not graded_with_lines(course, factory.submission("s", unwritten))[0].repairs


def test_nothing_is_told_that_the_whole_suite_does_not_prove(course):
    """Right on the examples after a change, and wrong on the suite all the same: its arrays have three columns."""
    source = factory.SOLUTION.replace(
        "return x * factor", "if x.shape[1] == 3:\n        return x - x\n    return x + factor"
    )
    (result,) = graded_with_lines(course, factory.submission("s", source))
    before = {test.name for test in result.tests if test.outcome == "passed"}
    for repair in result.repairs:  # what is told has been graded by itself
        changed = patched(source, repair.diff)
        (again,) = graded_with_lines(course, factory.submission("t", changed), lines=False)
        assert again.score == pytest.approx(result.score + repair.points)
        assert before <= {test.name for test in again.tests if test.outcome == "passed"}


def test_a_change_that_costs_a_test_proves_nothing(course):
    """`x * factor` for one number of columns only: every change of it that helps one test must not cost another."""
    source = factory.SOLUTION.replace(
        "return x * factor", "return x * factor if factor > 2.5 else x + factor"
    )
    (result,) = graded_with_lines(course, factory.submission("s", source))
    assert result.score == pytest.approx(8.0)
    for repair in result.repairs:
        (again,) = graded_with_lines(
            course, factory.submission("t", patched(source, repair.diff)), lines=False
        )
        assert again.score == pytest.approx(8.0 + repair.points)


def test_changes_that_hang_are_given_up(course):
    loop = "n = 3\n    while n > 0:\n        n = n - 1\n    return x + factor"
    source = factory.SOLUTION.replace("return x * factor", loop)
    (result,) = graded_with_lines(course, factory.submission("s", source))
    assert result.status == "graded"
    assert result.fault == ""
    assert result.score == 4.0
    assert [repair.line for repair in result.repairs] in ([], [line_of(source, "x + factor")])


def test_a_program_of_which_a_statement_hangs_is_not_looked_at(course):
    source = f"{factory.WRONG}\nwhile True:\n    pass\n"
    (result,) = graded_with_lines(course, factory.submission("s", source))
    assert result.status == "graded", result.message
    assert result.repairs == ()
    assert result.fault == ""


def test_a_program_that_changes_what_runs_it_gains_nothing(course):
    """It patches the engine's own functions in the child when it is asked; the proof is a grading like any other."""
    patch = (
        "    import sys\n    host = sys.modules.get('grader.subject.host')\n"
        "    host.Host.run = lambda self, batch: [host.ops.Value(1.0)] * 9\n    return x + factor"
    )
    source = factory.SOLUTION.replace("    return x * factor", patch)
    (result,) = graded_with_lines(course, factory.submission("s", source))
    assert result.status in ("graded", "crashed")
    for repair in result.repairs:
        (again,) = graded_with_lines(
            course, factory.submission("t", patched(source, repair.diff)), lines=False
        )
        assert again.score == pytest.approx(result.score + repair.points)


def test_changes_are_tried_where_no_hidden_input_ever_was(course, monkeypatch):
    """The warm process that is given the plan is never the one that the trials ask."""
    from grader.run.session import Order, with_judge

    planned, questions = [], []
    plan, ask = Keeper.plan, lanes.Lane.ask

    def note_plan(self, items):
        planned.append(self)
        return plan(self, items)

    def note_ask(self, batches):
        questions.append(self._keeper.keeper)
        return ask(self, batches)

    monkeypatch.setattr(Keeper, "plan", note_plan)
    monkeypatch.setattr(lanes.Lane, "ask", note_ask)
    submission = factory.submission("s", factory.WRONG)
    confinement = main_path.confine(*course, ())
    keeper = Keeper.launch(confinement)
    try:
        keeper.wait()
        results = []
        order = Order(*course, confinement.stamp, True, changes=main_path.MOST_CHANGES)
        with_judge(
            order, keeper.clone(), keeper.clone(), lambda judge: results.append(judge.judge(submission))
        )
    finally:
        keeper.close()
    assert results[0].repairs
    assert planned
    assert questions
    assert not {*map(id, planned)} & {*map(id, questions)}


def test_the_change_is_not_in_results_json_which_ci_may_show(course, tmp_path):
    """It stands in the student's own file, from where the instructor's page takes it."""
    submission = factory.submission("s", factory.WRONG)
    grade(*course, [submission], tmp_path, options=Options(workers=1, lines=True))
    assert "(x * factor)" not in (tmp_path / "results.json").read_text(encoding="utf-8")
    [result] = store.read(tmp_path).results
    assert "+    return (x * factor)" in result.repairs[0].diff
    (tmp_path / "submissions" / "s.json").unlink()
    graded = store.read(tmp_path)
    assert [(repair.line, repair.diff) for repair in graded.results[0].repairs] == [
        (result.repairs[0].line, "")
    ]
    assert sentences(result)[0] in pages.student_page(graded, graded.results[0], for_students=False)
