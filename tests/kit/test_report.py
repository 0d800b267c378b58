"""The pages of a class: what is on them, what must not be, and how a folder of them is replaced. No browser here."""

from __future__ import annotations

import html
import os
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from grader.errors import UsageError
from grader.messages.page import feedback
from grader.records import Diagnosis, Member
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
