"""The submitted code on pages: which of it is kept and shown, what is marked, and that its text does nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from grader.problems import ExplainedProblem, Problem
from grader.records import Chunk, PassedOver, Repair, StudentSource, Submission
from grader.report import write_site
from grader.report.code import LONGEST_LINE, MOST_LINES, Gap, Line, code, visible
from grader.run import path as main_path
from grader.run import sources
from grader.run.store import ClassFolder, read
from grader.submissions import read_submissions

from . import course_factory
from . import graded_factory as factory

TEXT = "import numpy as np\n\n\ndef scale(x, factor):\n    return x + factor\n\n\nplot(scale(1, 2))\n"


def program(text=TEXT, name="birnn.py", modules=()):
    return StudentSource(name, (Chunk(text),), modules)


def write(folder, results, programs):
    """A class as `grade` writes it, with the programs of those who are in `programs`."""
    graded = factory.graded(folder, results)
    store = ClassFolder(folder, factory.ASSIGNMENT, "a suite", factory.MAX_SCORE)
    for result in graded.results:
        if result.student in programs:
            store.keep_source(result, programs[result.student])
    return read(folder)


def page_of(folder, result, source=None, **options):
    graded = write(folder, [result], {result.student: source or program()})
    site = write_site(graded, folder / "site", **options)
    (page,) = [path for path in site.folder.rglob("*.html") if path.name != "index.html"]
    return page.read_text(encoding="utf-8")


def marked(html):
    return {
        (part.name, row.number): row.marks
        for part in html.parts
        for row in part.rows
        if isinstance(row, Line) and row.marks
    }


# What is kept


def test_the_program_of_a_result_is_kept_with_it_and_with_no_other(tmp_path):
    result = factory.result("ann", key="k")
    write(tmp_path, [result], {"ann": program(modules=(Chunk("y = 1", "tools.py"),))})
    assert sources.load(tmp_path, result) == program(modules=(Chunk("y = 1", "tools.py"),))
    assert sources.load(tmp_path, replace(result, key="graded again")) is None
    assert sources.load(tmp_path, factory.result("bob", key="k")) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"student": "ann", "key": ""}', '{"student": "ann", "key": "", "name": "a",'
             ' "chunks": [1], "modules": []}', '{"student": "ann", "key": "", "name": "a", "chunks": 3, "modules": []}']
)  # fmt: skip
def test_a_file_that_holds_no_program_is_none(tmp_path, text):
    path = sources.path_of(tmp_path, "ann")
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert sources.load(tmp_path, factory.result("ann")) is None


def test_half_a_character_of_a_notebook_can_be_kept(tmp_path):
    result = factory.result("ann")
    write(tmp_path, [result], {"ann": program("x = '\ud800'")})
    assert sources.load(tmp_path, result) == program("x = '\ud800'")


def test_of_two_files_the_one_that_counted_is_kept():
    other = Submission("ann", "birnn.ipynb", "2", (Chunk("b = 2", "cell 1"),))
    both = Submission("ann", "birnn.py", "1", (Chunk("a = 1"),), other=other)
    assert sources.graded(both, factory.result("ann", file="birnn.py", sha256="1")) == both.source
    assert sources.graded(both, factory.result("ann", file="birnn.ipynb", sha256="2")) == other.source


def test_a_file_that_python_cannot_read_is_kept_as_it_is(tmp_path):
    folder = tmp_path / "ann"
    folder.mkdir()
    (folder / "scaling.py").write_text("def scale(x:\n    return x\n", encoding="utf-8")
    (submission,) = read_submissions(tmp_path, "scaling")
    result = main_path.unreadable(submission, _Assignment())
    source = sources.graded(submission, result)
    assert source.chunks == (Chunk("def scale(x:\n    return x\n"),)
    assert marked(code(source, result)) == {
        ("scaling.py", 1): ("Python cannot read the file beyond this line.",)
    }


class _Assignment:
    max_score = 4.0


@pytest.fixture
def course(tmp_path, warm_zygotes):
    return course_factory.make_course(tmp_path / "course")


def test_grading_keeps_programs_and_brings_back_those_that_are_missing(tmp_path, course):
    course, assignment = course
    class_ = [course_factory.submission(name, course_factory.RIGHT) for name in ("ann", "bob")]
    out = tmp_path / "out"
    results = main_path.grade(course, assignment, class_, out)
    assert [sources.load(out, result) for result in results] == [result.source for result in class_]
    sources.path_of(out, "ann").unlink()
    again = main_path.grade(course, assignment, class_, out)
    assert again == results, "nobody was graded again"
    assert sources.load(out, results[0]) == class_[0].source
    ClassFolder(out, assignment.name, "suite", 4.0).drop(["ann"])
    assert sources.load(out, results[0]) is None


# What is marked


def test_lines_are_marked_where_something_is_to_be_said(tmp_path):
    raised = Problem("raised", "scale", number=5)
    wrong = factory.result("ann", ("test_order", "test_lengths"))
    tests = tuple(replace(test, problem=raised) if test.problem else test for test in wrong.tests)
    explained = ExplainedProblem("raised", "scale", number=5, said="`scale` raised TypeError: no.")
    result = replace(
        wrong,
        tests=tests,
        counterexamples=(replace(factory.EXAMPLE, explanation=explained),),
        repairs=(Repair("scale", "", 5, 4.0, 7.5, "-a\n+b"), Repair("shift", "", 2, 3.5, 7.5)),
        passed_over=(
            PassedOver(
                "raised", "", 8, "plot(…)", "NameError", ("p",), follows=("line 1", "tools.py, line 2")
            ),
        ),
    )
    html = code(program(modules=(Chunk("a = 1\nb = p\n", "tools.py"),)), result)
    assert marked(html) == {
        ("birnn.py", 1): ("Passed over too: it needs what line 8 makes.",),
        ("birnn.py", 2): ("One change in line 2 is enough for 3.5 of the 7.5 points you lost.",),
        ("birnn.py", 5): (
            "One change in line 5 is enough for 4 of the 7.5 points you lost.",
            "`scale` raised TypeError: no. It cost points in 2 tests.",
        ),
        ("birnn.py", 8): ("Passed over: NameError.",),
        ("tools.py", 2): ("Passed over too: it needs what line 8 makes.",),
    }
    assert [place for _, place in html.marked] == ["line 1", "line 2", "line 5", "line 8", "tools.py, line 2"]


def test_links_to_marked_lines_lead_to_them_and_marks_are_read(tmp_path):
    result = replace(factory.wrong("ann"), repairs=(Repair("scale", "", 5, 4.0, 4.0),))
    page = page_of(tmp_path, result)
    (anchor,) = re.findall(r'<a href="#(code-[^"]+)">line 5</a>', page)
    assert f'<mark class="line" id="{anchor}" data-number="5">    return x + factor\n</mark>' in page
    assert "▸ One change in line 5 is enough for all 4 points you lost." in page


def test_a_notebook_is_shown_cell_by_cell(tmp_path):
    notebook = StudentSource("birnn.ipynb", (Chunk("a = 1", "cell 2"), Chunk("b = a\nc", "cell 5")))
    result = factory.result("ann", passed_over=(PassedOver("raised", "cell 5", 2, "c", "NameError"),))
    page = page_of(tmp_path, result, notebook)
    assert re.findall(r'<h3 id="h-code-\d">(.*?)</h3>', page) == ["cell 2", "cell 5"]
    assert ">cell 5, line 2</a>" in page


# What it must not do


@pytest.mark.parametrize("for_students", [False, True])
def test_nothing_in_a_program_is_more_than_text(tmp_path, for_students):
    for place, text in enumerate(factory.HOSTILE):
        source = StudentSource(text, (Chunk(f"x = 1 # {text}\n", text),), (Chunk(text, text),))
        passed = PassedOver("raised", text, 1, text, text, follows=(text,), along=(f"{text}, line 1",))
        result = factory.result(f"s{place}", passed_over=(passed,))
        page = page_of(tmp_path / str(place), result, source, for_students=for_students)
        body = page.partition("<main")[2]
        assert not re.search(r"<(script|img|svg onload|b |iframe)", body)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\u2028]", page)


def test_what_cannot_be_seen_is_shown():
    assert visible("if a\u202e: # \x1b[31m\u2066x\x00\u2028") == "if a⟨U+202E⟩: # ␛[31m⟨U+2066⟩x␀⟨U+2028⟩"
    assert visible("x\t= '\u05d0é李'") == "x\t= '\u05d0é李'"


def test_lines_are_counted_as_python_counts_them():
    (part,) = code(program("a\x0c\u2028b\r\nc\rd\n"), factory.result("ann")).parts
    assert [(row.number, row.text) for row in part.rows] == [(1, "a␌⟨U+2028⟩b"), (2, "c"), (3, "d")]


def test_a_long_program_is_cut_and_says_so_but_never_at_a_mark(tmp_path):
    last = 60_000
    result = factory.result("ann", passed_over=(PassedOver("raised", "", last - 9, "x", "NameError"),))
    page = page_of(tmp_path, result, program("x = 1\n" * last))
    assert f"{MOST_LINES + 9} of {last} lines are shown" in page
    assert f"lines {MOST_LINES + 1} to {last - 14} are not shown" in page
    assert f'data-number="{last - 9}"' in page
    assert len(page) < 200_000


def test_a_long_line_is_cut_and_says_so(tmp_path):
    page = page_of(tmp_path, factory.result("ann"), program("x" * 1_000_000))
    assert f"… {1_000_000 - LONGEST_LINE} more characters" in page
    assert len(page) < 40_000


def test_many_marks_are_bounded():
    passed = tuple(PassedOver("raised", "", line, "x", "NameError") for line in range(1, 20_000, 2))
    html = code(program("x\n" * 20_000), factory.result("ann", passed_over=passed))
    assert html.shown < MOST_LINES + 600
    assert any(isinstance(row, Gap) for row in html.parts[0].rows)


def test_a_mark_beyond_the_end_of_the_program_is_none():
    passed = (
        PassedOver("raised", "", 99, "x"),
        PassedOver("time", "", 0, ""),
        PassedOver("raised", "gone", 1, "x"),
    )
    assert code(program(), factory.result("ann", passed_over=passed)).marked == ()


# Whose it is


def test_a_page_to_hand_out_shows_its_own_program_and_no_change(tmp_path):
    names = ("ann", "bob", "cem")
    results = [
        replace(factory.wrong(name), repairs=(Repair("scale", "", 1, 4.0, 4.0, f"-old\n+new_of_{name}"),))
        for name in names
    ]
    graded = write(tmp_path, results, {name: program(f"written_by = '{name}'\n") for name in names})
    site = write_site(graded, for_students=True)
    for name in names:
        (page,) = site.folder.glob(f"{name}-*.html")
        text = page.read_text(encoding="utf-8")
        assert re.findall("written_by = &#39;(.*?)&#39;", text) == [name]
        assert "new_of" not in text


def test_where_no_program_is_kept_the_page_says_so(tmp_path):
    graded = write(tmp_path, [factory.result("ann")], {})
    page = (write_site(graded).folder / "students" / "ann.html").read_text(encoding="utf-8")
    assert "It is not kept with this result" in page
    assert "grader grade SUBMISSIONS --assignment birnn" in page
    (page,) = write_site(graded, for_students=True).folder.glob("ann-*.html")
    text = page.read_text(encoding="utf-8")
    assert "not kept with this result" in text
    assert str(tmp_path) not in text


def test_where_nothing_was_handed_in_no_code_is_spoken_of(tmp_path):
    page = page_of(tmp_path, factory.unreadable("ann", "no file"), StudentSource("", ()))
    assert 'id="h-code"' not in page


@pytest.mark.parametrize("status", ["unreadable", "graded"])
def test_what_python_could_not_read_was_handed_in_and_not_graded(tmp_path, status):
    result = factory.unreadable("ann", "line 1") if status == "unreadable" else factory.result("ann")
    page = page_of(tmp_path, result)
    assert ("What was handed in" in page, "What was graded" in page) == (
        status == "unreadable",
        status == "graded",
    )
