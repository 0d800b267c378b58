"""The pages of a class: what is on them, what must not be, and how a folder of them is replaced. No browser here."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from grader.messages.page import feedback
from grader.records import Diagnosis
from grader.report import write_site
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
def written(tmp_path):
    """Writes a class; gives its site and its pages by name."""

    def make(results=None, **options):
        site = write_site(factory.graded(tmp_path / "results", results), **options)
        return site, pages(site.folder)

    return make


def test_a_page_for_the_class_and_one_for_each_student(written):
    site, pages = written()
    assert site.students == 6
    assert sorted(pages) == [
        "index.html",
        *sorted(f"students/{result.student}.html" for result in factory.usual()),
    ]
    index = text_of(pages["index.html"])
    assert "6 submissions: 3 graded, 1 not_attempted, 1 unreadable, 1 crashed." in index
    assert "The backward outputs are still in reversed time order" in index


def test_every_link_of_the_site_leads_to_a_page_of_it(written):
    site, pages = written([*factory.usual(), *factory.hostile()])
    links = 0
    for name, page in pages.items():
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
    result = next(each for each in graded.results if each.student == student)
    page = text_of((site.folder / "students" / f"{student}.html").read_text(encoding="utf-8"))
    squeezed = re.sub(r"[\s`]", "", page)
    # What a terminal has no room for is opened up on the page.
    in_short = r"^`\w+` goes wrong (?:in the same way|as well).*?\n\n"
    for line in re.sub(in_short, "", feedback(result), flags=re.DOTALL | re.MULTILINE).splitlines():
        words = line.strip().removeprefix("! ").removeprefix("- ").removeprefix("Next: ").rstrip(":")
        if words.startswith(("t=", "sample ", "outputs, time step", "and ", "… and", "Notes")):
            continue  # the picture is a table here, and lists are longer
        assert re.sub(r"[\s`]", "", words) in squeezed, line


def test_the_difference_over_time_is_a_table(written):
    _, pages = written()
    page = pages["students/ben_okafor.html"]
    assert page.count('class="differs"') == 2
    assert page.count("≠</span>") == 2, "a difference has a sign, not only a colour"
    assert "expected 0.9027" in text_of(page)
    assert 'class="grid"' not in pages["students/chen.html"]


# What must not be on a page


def test_everything_is_escaped(written):
    class_pages = written(factory.hostile())[1]
    handed_out = pages(written(factory.hostile(), for_students=True)[0].folder)
    for name, page in {**class_pages, **handed_out}.items():
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
        assert text in text_of(class_pages["index.html"]), "it is shown as what it is"


def test_code_between_backticks_and_nothing_else_is_markup():
    assert prose("`a<b` is & `c") == "<code>a&lt;b</code> is &amp; `c"
    assert prose("``") == "<code></code>"
    assert marked("got >-0.5< <b>x</b>") == "got <mark>&gt;-0.5&lt;</mark> &lt;b&gt;x&lt;/b&gt;"


def test_nothing_is_asked_of_a_network(written):
    _, pages = written()
    for page in pages.values():
        assert "http" not in page.replace("http-equiv", "")
        assert "default-src 'none'" in html.unescape(page)


# What may be handed out


@pytest.fixture
def handed_out(written):
    results = [
        *factory.usual(),
        factory.not_graded("finn", "Not graded: test_order raised IndexError: h_hidden"),
    ]
    return (results, *written(results, for_students=True))


def test_one_page_for_each_student_and_no_other(handed_out):
    results, site, pages = handed_out
    assert site.start is None
    assert len(pages) == len(results)
    assert {path.name for path in site.folder.iterdir()} == {*pages, ".grader-pages"}
    assert "index.html" not in pages


def test_no_page_holds_anything_of_someone_else(handed_out):
    results, _, pages = handed_out
    for result in results:
        (name,) = [name for name in pages if name.startswith(f"{result.student}-")]
        assert result.student in text_of(pages[name])
        for other in results:
            if other is not result:
                assert other.student not in pages[name]
                assert other.sha256 not in pages[name]
        assert "<a " not in pages[name].replace('<a class="skip"', ""), "no link to any other page"


def test_no_page_names_a_hidden_test_or_tells_of_the_machinery(handed_out):
    _, _, pages = handed_out
    for page in pages.values():
        assert "test_" not in page
        assert "[main]" not in page
        assert "IndexError" not in page
        assert "sha256 " not in text_of(page)
    assert "not graded: the grader failed, not you" in "".join(map(text_of, pages.values()))


# The folder


def test_the_class_page_of_a_thousand_stays_light(tmp_path):
    site = write_site(factory.graded(tmp_path / "r", factory.crowd(1000)), tmp_path / "site")
    size = site.start.stat().st_size
    assert size < 450_000
    small = write_site(factory.graded(tmp_path / "s", factory.crowd(100)), tmp_path / "small")
    assert (size - small.start.stat().st_size) / 900 < 420, "bytes for one student more"


def test_a_class_of_nobody_and_a_class_without_scores(written):
    assert "There are no scores yet." in text_of(written([])[1]["index.html"])
    page = text_of(written([factory.not_graded("a"), factory.not_graded("b")])[1]["index.html"])
    assert "Not graded: 2" in page
    assert "a worker died" in page


def test_a_name_without_letters_has_a_link(written):
    _, pages = written([factory.result("\u202e"), factory.result(" ")])
    assert pages["index.html"].count("(a name without letters)") == 2


def test_the_class_page_says_what_is_not_of_one_run_and_who_was_late(written):
    _, plain = written([factory.result("ann")])
    assert "late" not in text_of(plain["index.html"])
    assert "earlier version" not in text_of(plain["index.html"])
    old = factory.result("bob", suite="another", late=True)
    page = text_of(written([factory.result("ann"), old])[1]["index.html"])
    assert "1 of 2 was graded with an earlier version of the hidden tests (bob)" in page
    assert "graded, late" in page


def test_many_names_are_folded_away(written):
    _, few = written(factory.crowd(40))
    assert "all of them" not in few["index.html"]
    _, many = written(factory.crowd(60))
    assert many["index.html"].count("<summary>all of them</summary>") == 1


@pytest.mark.parametrize("status", ["unreadable", "not_attempted"])
def test_where_nothing_was_tested_nothing_is_held_against_anyone(written, status):
    names = [name for name, *_ in factory.SUITE]
    _, pages = written([factory.result("ann", names, status=status, score=0.0, message="Why.")])
    page = text_of(pages["students/ann.html"])
    assert "✗" not in page
    assert "Next" in page


# The command


def test_the_command_says_where_the_pages_are(typed, tmp_path):
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


def test_a_diagnosis_of_one_of_several_says_so(written):
    one_of = tuple(Diagnosis(name, name, "h", ("f",), "one of") for name in ("first", "second"))
    _, pages = written([factory.wrong("a", diagnoses=one_of)])
    assert "one of these (they give the same numbers)" in text_of(pages["students/a.html"])
    assert "(perhaps)" in text_of(pages["index.html"])
