"""The pages of a class: what is on them, what must not be, and how a folder of them is replaced. No browser here."""

from __future__ import annotations

import html
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest

from grader.errors import UsageError
from grader.messages.page import feedback
from grader.problems import Problem
from grader.records import Counterexample, Diagnosis, Member
from grader.report import measures, write_site
from grader.report.grid import grids
from grader.report.pages import marked, prose
from grader.run.store import read

from . import graded_factory as factory


class Words(HTMLParser):
    """The text of a page, without style and script; and every attribute in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in ("style", "script", "title", "desc")
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        self._silent -= tag in ("style", "script", "title", "desc")

    def handle_data(self, data):
        if not self._silent:
            self.text.append(data)


def parsed(page: str) -> Words:
    words = Words()
    words.feed(page)
    return words


def text_of(page: str) -> str:
    return " ".join("".join(parsed(page).text).split())


def pages(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.html"))
    }


@pytest.fixture
def made(tmp_path):
    """Writes a class; gives its site and its pages by name."""

    def make(results=None, **options):
        site = write_site(factory.graded(tmp_path / "results", results), **options)
        return site, pages(site.folder)

    return make


def test_a_page_for_the_class_and_one_for_each_student(made):
    site, found = made()
    assert site.students == 6
    assert sorted(found) == [
        "index.html",
        *sorted(f"students/{result.student}.html" for result in factory.usual()),
    ]
    index = text_of(found["index.html"])
    assert "6 submissions: 3 graded, 1 not_attempted, 1 unreadable, 1 crashed." in index
    assert "The backward outputs are still in reversed time order" in index


def test_every_link_of_the_site_leads_to_a_page_of_it(made):
    site, found = made([*factory.usual(), *factory.hostile()])
    links = 0
    for name, page in found.items():
        here = (site.folder / name).parent
        for tag, attribute, value in parsed(page).attributes:
            if tag == "a" and attribute == "href":
                path, _, fragment = value.partition("#")
                if path:
                    assert (here / unquote(path)).resolve().is_file(), f"{value} in {name}"
                else:
                    assert f'id="{fragment}"' in page
                links += 1
    assert links > 50


@pytest.mark.parametrize("student", [result.student for result in read(factory.REAL).results])
def test_the_words_are_those_of_feedback(tmp_path, student):
    """Every sentence that a student would read in the terminal is on the page."""
    graded = read(factory.REAL)
    site = write_site(graded, tmp_path / "site")
    result = next(one for one in graded.results if one.student == student)
    page = text_of((site.folder / "students" / f"{student}.html").read_text(encoding="utf-8"))
    squeezed = re.sub(r"[\s`]", "", page)
    # What a terminal has no room for is opened up on the page.
    in_short = r"^`\w+` goes wrong (?:in the same way|as well).*?\n\n"
    for line in re.sub(in_short, "", feedback(result), flags=re.DOTALL | re.MULTILINE).splitlines():
        shown = line.strip().removeprefix("! ").removeprefix("- ").removeprefix("Next: ").rstrip(":")
        if shown.startswith(("t=", "sample ", "outputs, time step", "and ", "… and", "Notes")):
            continue  # the picture is a table here, and lists are longer
        assert re.sub(r"[\s`]", "", shown) in squeezed, line


def test_the_difference_over_time_is_a_table(made):
    _, found = made()
    page = found["students/ben_okafor.html"]
    assert page.count('class="differs"') == 2
    assert page.count("≠</span>") == 2, "a difference has a sign, not only a colour"
    assert "expected 0.9027" in text_of(page)
    assert 'class="grid"' not in found["students/chen.html"]


# Numbers


def test_the_distribution_counts_everyone_once():
    values = [0.0, 0.99, 1.0, 5.0, 9.999, 10.0, 7 * 0.1 * 10]
    bins = measures.distribution(values, 10.0)
    assert [one.count for one in bins] == [2, 1, 0, 0, 0, 1, 0, 1, 0, 2]
    assert (bins[0].low, bins[-1].high) == (0.0, 10.0)
    assert measures.distribution(values, 0.0) == []


def test_the_spread_of_scores():
    values = [0.0, 2.0, 4.0, 5.0, 9.0]
    spread = measures.spread(values)
    assert (spread.lower, spread.median, spread.upper) == tuple(np.percentile(values, [25, 50, 75]))
    assert (spread.mean, spread.deviation) == (pytest.approx(np.mean(values)), pytest.approx(np.std(values)))
    assert measures.spread([3.0]) == measures.Spread(3.0, 3.0, 3.0, 3.0, 0.0)
    assert measures.spread([]) is None


def test_points_by_group_are_over_those_who_were_tested():
    class_ = [
        factory.result("a"),
        factory.result("b", ("test_order", "test_shapes[one]")),
        factory.unreadable("c", "No."),
    ]
    assert measures.groups(class_) == [
        measures.GroupMeasure("shapes", 1.875, 2.5),
        measures.GroupMeasure("numerics", 2.0, 4.0),
        measures.GroupMeasure("lengths", 3.5, 3.5),
    ]


def test_difficulty_and_discrimination():
    class_ = [
        factory.result("a"),
        factory.result("b", ("test_lengths",)),
        factory.result("c", ("test_order", "test_lengths")),
        factory.result("d", ("test_shapes[one]", "test_order")),
        factory.not_graded("e"),
        factory.unreadable("f", "x"),
    ]
    shapes, order, lengths = measures.tests(class_)
    assert [(one.passing, one.of) for one in (shapes, order, lengths)] == [(3, 4), (2, 4), (2, 4)]
    assert (shapes.points, shapes.name, order.share) == (2.5, "test_shapes", 0.5)
    item = np.array([1, 1, 1, 0.5])
    rest = np.array([7.5, 4, 0, 3.5])
    assert shapes.discrimination == pytest.approx(np.corrcoef(item, rest)[0, 1])
    assert order.discrimination == pytest.approx(np.corrcoef([1, 1, 0, 0], [6, 2.5, 2.5, 4.75])[0, 1])


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("graded", True),
        ("timeout", True),
        ("crashed", True),
        ("unreadable", False),
        ("not_attempted", False),
        ("not_graded", False),
    ],
)
def test_difficulty_is_over_everyone_whose_tests_were_run(status, counts):
    """Who hung or crashed failed tests like others; who never began or could not be loaded says nothing of a test."""
    score = None if status == "not_graded" else 6.0
    other = replace(factory.result("b", ("test_lengths",)), status=status, score=score)
    class_ = [factory.result("a"), other]
    assert {one.of for one in measures.tests(class_)} == {2 if counts else 1}
    assert measures.tested(class_) == (class_ if counts else class_[:1])


def test_a_test_does_not_correlate_with_itself():
    """With the test left in the total, two unrelated halves would seem to discriminate."""
    item, rest = [1, 1, 0, 0], [1, 0, 1, 0]
    assert measures.item_rest_correlation(item, rest) == pytest.approx(0)


@pytest.mark.parametrize("item", [[1, 1, 1, 1], [0, 0, 0, 0], [1, 0]])
def test_no_spread_is_no_discrimination(item):
    assert measures.item_rest_correlation(item, [3, 2, 1, 0][: len(item)]) is None
    assert measures.item_rest_correlation([3, 2, 1, 0][: len(item)], item) is None


def test_remarks():
    everyone = [factory.result(name) for name in "abcd"]
    assert {one.remark for one in measures.tests(everyone)} == {"everyone passes"}
    names = [name for name, *_ in factory.SUITE]
    nobody = [factory.result(name, names) for name in "abcd"]
    assert {one.remark for one in measures.tests(nobody)} == {"nobody passes"}
    odd = [factory.result(name, ("test_lengths",)) for name in "ab"]
    odd += [factory.result(name, ("test_order", "test_shapes[main]")) for name in "cd"]
    assert "look at this test" in measures.tests(odd)[2].remark


def test_mistakes_are_ranked_and_nobody_counts_twice():
    other = replace(factory.REVERSED, id="other", title="Another", certainty="one of")
    again = replace(factory.REVERSED, functions=("BiRNN",))
    class_ = [
        factory.wrong("a", diagnoses=(factory.REVERSED, again)),
        factory.wrong("b", diagnoses=(other, replace(factory.REVERSED, certainty="one of"))),
        factory.wrong("c", diagnoses=(factory.REVERSED,)),
        factory.wrong("d", diagnoses=()),
        factory.result("e"),
    ]
    first, second = measures.mistakes(class_)
    assert first.diagnosis.id == "backward_not_realigned"
    assert first.functions == ("birnn_forward", "BiRNN")
    assert [one.student for one in first.made] == ["a", "c"]
    assert [one.student for one in first.perhaps] == ["b"]
    assert ([*second.made], [one.student for one in second.perhaps]) == ([], ["b"])
    assert [one.student for one in measures.unnamed(class_)] == ["d"]


@pytest.mark.parametrize(
    ("status", "kind", "listed"),
    [
        ("graded", "", True),
        ("graded", "raised", True),
        ("graded", "unwritten", False),
        ("graded", "missing", False),
        ("timeout", "", False),
        ("crashed", "", False),
        ("unreadable", "", False),
        ("not_attempted", "", False),
    ],
)
def test_no_known_mistake_is_said_only_of_answers_that_are_wrong(status, kind, listed):
    one = factory.result("ann", ("test_order", "test_lengths"), status=status)
    problem = Problem(kind, "BiRNN") if kind else None
    tests = tuple(replace(test, problem=problem if test.message else None) for test in one.tests)
    assert measures.unnamed([replace(one, tests=tests)]) == ([replace(one, tests=tests)] if listed else [])


def test_who_has_written_half_of_it_wrongly_is_listed():
    one = factory.result("ann", ("test_order", "test_lengths"))
    first, *others = (test for test in one.tests if test.outcome == "failed")
    unwritten = replace(first, problem=Problem("unwritten", "BiRNN"))
    passed = [test for test in one.tests if test.outcome == "passed"]
    half = replace(one, tests=(unwritten, *others, *passed))
    assert measures.unnamed([half]) == [half]


def test_a_test_is_measured_over_those_whom_it_judged():
    """Beside results of an earlier version of the suite, which had no such test."""
    old = factory.result("old")
    old = replace(old, tests=old.tests[:3], suite="another")
    class_ = [factory.result("a", ("test_lengths",)), factory.result("b"), old]
    shapes, _, lengths = measures.tests(class_)
    assert (shapes.of, lengths.of, lengths.passing) == (3, 2, 1)


# The grid of differences


def over_time(expected, got, x=None):
    x = [[[0.0] for _ in sample] for sample in expected] if x is None else x
    return example({"x": x}, {"outputs": expected}, {"outputs": got})


def example(inputs, expected, got):
    return Counterexample("f", "", inputs, "", expected, got, ())


def test_a_grid_for_each_sample():
    first, second = grids(over_time([[[1.0], [2.0]], [[3.0], [4.0]]], [[[1.0], [2.0]], [[3.0], [4.5]]]))
    assert (first.differing, second.differing) == (0, 1)
    assert (first.sample, second.sample) == (0, 1)
    assert (second.rows[1][0].got, second.rows[1][0].expected) == ("4.5000", "4.0000")


def test_rounding_is_no_difference_and_a_small_difference_is_one():
    (grid,) = grids(over_time([[[0.1234, 0.5], [0.0, 0.0]]], [[[0.1235, 0.6], [-0.0, 0.0]]]))
    assert [cell.differs for row in grid.rows for cell in row] == [False, True, False, False]
    (grid,) = grids(over_time([[[0.1234567, 0.5], [0.0, 0.0]]], [[[0.1234867, 0.5], [0.0, 0.0]]]))
    assert grid.rows[0][0].got == "0.1234867"
    assert grid.differing == 1
    assert "-0" not in "".join(cell.got for row in grid.rows for cell in row)


def test_numbers_that_json_has_not_are_shown_as_words():
    (grid,) = grids(over_time([[[0.5], [0.5]]], [[["nan"], [0.5]]]))
    assert (grid.rows[0][0].got, grid.rows[0][0].expected) == ("nan", "0.5000")


@pytest.mark.parametrize(
    "wrong",
    [
        over_time([[[1.0], [2.0]]], [[[1.0], [2.0]]]),  # nothing differs
        over_time([[[1.0]]], [[[2.0]]]),  # one step
        over_time([[[1.0], [2.0]]], [[[1.0, 2.0]]]),  # another shape
        over_time([[[1.0], [2.0]]], [[[1.0], [2.0, 3.0]]]),  # no shape
        over_time([[[1.0], [2.0]]], "a text"),
        over_time([[[1.0], [2.0]]], [[[1.0], [3.0]]], x=[[0.0], [1.0]]),  # the input is not over time
        example({}, {"outputs": [[[1.0], [2.0]]]}, {"outputs": [[[1.0], [3.0]]]}),
        example({"x": [[[0.0]]]}, {}, {}),
        example({"x": [[[0.0]]]}, {"a": 1}, "It raised."),
    ],
)
def test_what_is_not_over_time_has_no_grid(wrong):
    assert grids(wrong) == []


def test_a_large_grid_is_cut_and_says_so():
    expected = [[[0.0] * 20 for _ in range(30)]]
    got = [[[1.0] * 20 for _ in range(30)]]
    (grid,) = grids(over_time(expected, got))
    assert (len(grid.rows), len(grid.rows[0])) == (24, 12)
    assert grid.cut == "6 more steps and 8 more features"


# What must not be on a page


def test_everything_is_escaped(made):
    found = made(factory.hostile())[1]
    handed_out = pages(made(factory.hostile(), for_students=True)[0].folder)
    for name, page in {**found, **handed_out}.items():
        words = parsed(page)
        assert not [entry for entry in words.attributes if entry[1].startswith("on")], name
        assert not [entry for entry in words.attributes if entry[1] in ("src", "style", "srcdoc")], name
        assert not [
            value for _, attribute, value in words.attributes if attribute == "id" and value == "pwned"
        ]
        assert page.count("<script") == (name == "index.html"), name
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\u2028\u2029]", page), name
        for _, attribute, value in words.attributes:
            if attribute == "href":
                assert re.match(r"#|students/|\.\./index\.html|[^:/]+\.html", value), value
    for text in (factory.HOSTILE[0], "{{ 7 * 7 }}", "javascript:alert(1)"):
        assert text in text_of(found["index.html"]), "it is shown as what it is"


def test_code_between_backticks_and_nothing_else_is_markup():
    assert prose("`a<b` is & `c") == "<code>a&lt;b</code> is &amp; `c"
    assert prose("``") == "<code></code>"
    assert marked("got >-0.5< <b>x</b>") == "got <mark>&gt;-0.5&lt;</mark> &lt;b&gt;x&lt;/b&gt;"


def test_nothing_is_asked_of_a_network(made):
    _, found = made()
    for page in found.values():
        assert "http" not in page.replace("http-equiv", "")
        assert "default-src 'none'" in html.unescape(page)


# What may be handed out


@pytest.fixture
def handed_out(made):
    results = [
        *factory.usual(),
        factory.not_graded("finn", "Not graded: test_order raised IndexError: h_hidden"),
    ]
    return (results, *made(results, for_students=True))


def test_one_page_for_each_student_and_no_other(handed_out):
    results, site, found = handed_out
    assert site.start is None
    assert len(found) == len(results)
    assert {path.name for path in site.folder.iterdir()} == {*found, ".grader-pages"}
    assert "index.html" not in found


def test_no_page_holds_anything_of_someone_else(handed_out):
    results, _, found = handed_out
    for result in results:
        (name,) = [name for name in found if name.startswith(f"{result.student}-")]
        assert result.student in text_of(found[name])
        for other in results:
            if other is not result:
                assert other.student not in found[name]
                assert other.sha256 not in found[name]
        assert "<a " not in found[name].replace('<a class="skip"', ""), "no link to any other page"


def test_no_page_names_a_hidden_test_or_tells_of_the_machinery(handed_out):
    _, _, found = handed_out
    for page in found.values():
        assert "test_" not in page
        assert "[main]" not in page
        assert "IndexError" not in page
        assert "sha256 " not in text_of(page)
    assert "not graded: the grader failed, not you" in "".join(map(text_of, found.values()))


def test_names_of_pages_cannot_be_guessed_and_stay(tmp_path):
    first = write_site(factory.graded(tmp_path / "one"), for_students=True)
    names = sorted(pages(first.folder))
    tokens = {re.search(r"-([0-9a-f]{20})\.html$", name)[1] for name in names}
    assert len(tokens) == 6
    again = write_site(read(tmp_path / "one"), for_students=True)
    assert sorted(pages(again.folder)) == names, "links that were sent stay good"
    other = write_site(factory.graded(tmp_path / "two"), for_students=True)
    assert not set(names) & set(pages(other.folder)), "they depend on a secret of this class"
    assert (tmp_path / "one" / ".page-names").stat().st_mode & 0o077 == 0
    assert not (first.folder / ".page-names").exists()


def test_whose_page_is_which_is_listed_beside_the_results(tmp_path):
    results = [factory.result("=1+1"), factory.result("ann")]
    site = write_site(factory.graded(tmp_path, results), for_students=True)
    lines = site.listed.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "\ufeffstudent,page,member,email"
    assert lines[1].startswith("'=1+1,")
    assert (site.folder / lines[2].split(",")[1]).is_file()
    assert site.listed.parent == tmp_path


# The folder


def test_pages_of_an_earlier_run_do_not_stay(tmp_path):
    write_site(factory.graded(tmp_path / "r"), tmp_path / "site")
    write_site(factory.graded(tmp_path / "r", factory.usual()[:2]), tmp_path / "site")
    assert len(pages(tmp_path / "site")) == 3
    assert sorted(os.listdir(tmp_path)) == ["r", "site"], "nothing temporary is left"


@pytest.mark.parametrize("what", ["a folder of other things", "a file", "a link"])
def test_what_is_not_ours_is_left_alone(tmp_path, what):
    there = tmp_path / "there"
    if what == "a file":
        there.write_text("mine")
    elif what == "a link":
        (tmp_path / "elsewhere").mkdir()
        there.symlink_to(tmp_path / "elsewhere")
    else:
        there.mkdir()
        (there / "thesis.tex").write_text("mine")
    with pytest.raises(UsageError, match="there") as caught:
        write_site(factory.graded(tmp_path / "r"), there)
    assert "--to" in caught.value.next_step
    assert there.is_symlink() or "mine" in (there / "thesis.tex" if there.is_dir() else there).read_text()


@pytest.mark.parametrize("for_students", [False, True])
@pytest.mark.parametrize(
    "path", ["notes.txt", "students/notes.html", "kept/deep/photo.png", "index.html.bak"]
)
def test_a_file_of_somebody_in_a_folder_of_pages_is_not_deleted(tmp_path, for_students, path):
    graded = factory.graded(tmp_path / "r")
    site = write_site(graded, tmp_path / "site", for_students=for_students)
    mine = tmp_path / "site" / path
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(UsageError, match=rf"no pages of this command \({path}\); nothing was changed"):
        write_site(graded, tmp_path / "site", for_students=for_students)
    assert mine.read_text() == "mine"
    mine.unlink()
    assert write_site(graded, tmp_path / "site", for_students=for_students) == site


def test_a_link_in_a_folder_of_pages_is_not_ours(tmp_path):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site" / "students" / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="students/link"):
        write_site(graded, tmp_path / "site")


def test_what_a_system_leaves_where_one_has_looked_does_not_matter(tmp_path):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "site")
    (tmp_path / "site" / ".DS_Store").write_bytes(b"x")
    write_site(graded, tmp_path / "site")


def test_members_of_a_group_are_in_the_list_of_pages(tmp_path):
    members = (Member("Ann", "1", "ann@x.edu"), Member("Bo"))
    site = write_site(
        factory.graded(tmp_path, [factory.result("Ann & Bo", members=members)]), for_students=True
    )
    _, first, second = site.listed.read_text(encoding="utf-8").splitlines()
    assert first.endswith(".html,Ann,ann@x.edu")
    assert second.endswith(".html,Bo,")


def test_the_class_page_never_replaces_what_was_handed_out(tmp_path):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "public", for_students=True)
    with pytest.raises(UsageError, match="made to be handed out"):
        write_site(graded, tmp_path / "public")
    assert len(pages(tmp_path / "public")) == 6
    write_site(graded, tmp_path / "private")
    write_site(graded, tmp_path / "private", for_students=True)


def test_an_empty_folder_may_be_written_to(tmp_path):
    (tmp_path / "empty").mkdir()
    assert write_site(factory.graded(tmp_path / "r"), tmp_path / "empty").start.is_file()


def test_a_failed_write_leaves_the_pages_that_were_there(tmp_path, monkeypatch):
    graded = factory.graded(tmp_path / "r")
    write_site(graded, tmp_path / "site")
    before = pages(tmp_path / "site")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.report.site.student_page", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write_site(graded, tmp_path / "site")
    assert pages(tmp_path / "site") == before
    assert sorted(os.listdir(tmp_path)) == ["r", "site"]


def test_the_class_page_of_a_thousand_stays_light(tmp_path):
    site = write_site(factory.graded(tmp_path / "r", factory.crowd(1000)), tmp_path / "site")
    size = site.start.stat().st_size
    assert size < 450_000
    small = write_site(factory.graded(tmp_path / "s", factory.crowd(100)), tmp_path / "small")
    assert (size - small.start.stat().st_size) / 900 < 420, "bytes for one student more"


def test_a_class_of_nobody_and_a_class_without_scores(made):
    assert "There are no scores yet." in text_of(made([])[1]["index.html"])
    page = text_of(made([factory.not_graded("a"), factory.not_graded("b")])[1]["index.html"])
    assert "Not graded: 2" in page
    assert "a worker died" in page


def test_a_name_without_letters_has_a_link(made):
    _, found = made([factory.result("\u202e"), factory.result(" ")])
    assert found["index.html"].count("(a name without letters)") == 2


def test_the_class_page_says_what_is_not_of_one_run_and_who_was_late(made):
    _, plain = made([factory.result("ann")])
    assert "late" not in text_of(plain["index.html"])
    assert "earlier version" not in text_of(plain["index.html"])
    old = factory.result("bob", suite="another", late=True)
    page = text_of(made([factory.result("ann"), old])[1]["index.html"])
    assert "1 of 2 was graded with an earlier version of the hidden tests (bob)" in page
    assert "graded, late" in page


def test_many_names_are_folded_away(made):
    _, few = made(factory.crowd(40))
    assert "all of them" not in few["index.html"]
    _, many = made(factory.crowd(60))
    assert many["index.html"].count("<summary>all of them</summary>") == 1


@pytest.mark.parametrize("status", ["unreadable", "not_attempted"])
def test_where_nothing_was_tested_nothing_is_held_against_anyone(made, status):
    names = [name for name, *_ in factory.SUITE]
    _, found = made([factory.result("ann", names, status=status, score=0.0, message="Why.")])
    page = text_of(found["students/ann.html"])
    assert "✗" not in page
    assert "Next" in page


# The command


def test_the_command(typed, tmp_path):
    factory.graded(tmp_path)
    status, out, _ = typed("report", tmp_path)
    assert status == 0
    assert f"Open: {tmp_path / 'report' / 'index.html'}" in out
    status, out, _ = typed("report", tmp_path, "--for-students", "--to", tmp_path / "out")
    assert status == 0
    assert "6 pages of students" in out
    assert str(tmp_path / "pages-for-students.csv") in out


def test_the_command_where_nothing_was_graded(typed, tmp_path):
    status, out, err = typed("report", tmp_path)
    assert status == 2
    assert "results.json is not there" in err
    assert "Traceback" not in out + err


def test_a_diagnosis_of_one_of_several_says_so(made):
    one_of = tuple(Diagnosis(name, name, "h", ("f",), "one of") for name in ("first", "second"))
    _, found = made([factory.wrong("a", diagnoses=one_of)])
    assert "one of these (they give the same numbers)" in text_of(found["students/a.html"])
    assert "(perhaps)" in text_of(found["index.html"])
