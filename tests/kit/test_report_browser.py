"""The pages of a class in headless Chromium: nothing is fetched, nothing fails, and everyone can read and use them.

Skipped, with a message, where there is no Chromium. The checks of accessibility are AUDIT below, each of which is also
run on a page that breaks its rule, as proof that it can fail; and the rules of axe-core.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from grader.assignments import find_course
from grader.records import Chunk, PassedOver, Repair, StudentSource
from grader.report import call, write_site
from grader.run.store import Store, read
from grader.similar import command as similar

from . import disguises
from . import graded_factory as factory
from .loading import ROOT
from .varied_programs import varied

CHROMIUM = next(
    filter(
        None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    ),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium")

#: Gives a list of what a page does wrong, in words.
AUDIT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The real class, and in it one who was not graded."""
    results = [*read(factory.REAL).results, factory.not_graded("zoe")]
    return write_site(factory.graded(tmp_path_factory.mktemp("real"), results)).folder


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    return write_site(factory.graded(tmp_path_factory.mktemp("hostile"), factory.hostile())).folder


PROGRAM = "\n".join(
    [
        "import tensorflow as tf",
        *(f"step_{number} = {number}  # one of many lines" for number in range(2, 120)),
        f"long = '{'x' * 500}'",
        "last = step_2",
    ]
)


@pytest.fixture(scope="module")
def full_site(tmp_path_factory):
    """The real class with all that pages can hold: a roster, code with marked lines, a notebook, somebody's absence."""
    folder = tmp_path_factory.mktemp("full")
    results = {result.student: result for result in read(factory.REAL).results}
    results["ben_okafor"] = replace(
        results["ben_okafor"],
        passed_over=(PassedOver("module", "", 1, "import tensorflow as tf", "tensorflow"),),
        repairs=(Repair("BiRNN", "", 120, 3.0, 18.0, "@@ -1 +1 @@\n-a\n+b"),),
    )
    graded = factory.graded(folder, results.values())
    store = Store(folder, factory.ASSIGNMENT, "a suite", factory.MAX_SCORE)
    store.keep_source(results["ben_okafor"], StudentSource("birnn.py", (Chunk(PROGRAM),)))
    cells = StudentSource("birnn.ipynb", (Chunk("import torch", "cell 1"), Chunk("x = 1", "cell 4")))
    store.keep_source(results["quentin_dubois"], cells)
    roster = folder / "roster.csv"
    roster.write_text("Name,Username\nBen Okafor,ben_okafor\nJosé Núñez,jn\n", encoding="utf-8")
    return write_site(read(folder), roll=call(graded.results, roster)).folder


@pytest.fixture
def opened(browser):
    """Opens a page; what it asks for and what it says in the console must be nothing at all."""
    contexts, messages, addresses = [], [], []

    def open_(path, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("dialog", lambda dialog: (messages.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: addresses.append(request.url))
        page.goto(path.as_uri() if isinstance(path, Path) else path)
        if isinstance(path, Path):
            addresses.remove(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert addresses == []
    assert messages == []


PAGES = ["index.html", "students/ben_okafor.html", "students/quentin_dubois.html", "students/zoe.html"]


@pytest.mark.parametrize("media", ["light", "dark", "print", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_everyone_can_read_it(opened, site, name, media):
    narrow = {"viewport": {"width": 360, "height": 740}} if media == "narrow" else {}
    page = opened(site / name, color_scheme="dark" if media == "dark" else "light", **narrow)
    if media == "print":
        page.emulate_media(media="print")
    assert page.evaluate(AUDIT) == []


def test_a_page_for_students_can_be_read_too(opened, tmp_path):
    written = write_site(factory.graded(tmp_path), for_students=True).folder
    (name,) = written.glob("ben_okafor-*.html")
    assert opened(name, color_scheme="dark").evaluate(AUDIT) == []


FULL = ["index.html", "students/ben_okafor.html", "students/quentin_dubois.html"]


@pytest.mark.parametrize("media", ["light", "dark", "print", "narrow"])
@pytest.mark.parametrize("name", FULL)
def test_code_and_rosters_can_be_read_by_everyone(opened, full_site, name, media):
    narrow = {"viewport": {"width": 360, "height": 740}} if media == "narrow" else {}
    page = opened(full_site / name, color_scheme="dark" if media == "dark" else "light", **narrow)
    if media == "print":
        page.emulate_media(media="print")
    assert page.evaluate(AUDIT) == []


@pytest.fixture(scope="module")
def similar_site(tmp_path_factory):
    """What `grader similar` writes for six, of whom three share code under other names, one of them in a notebook."""
    folder = tmp_path_factory.mktemp("similar")
    sources = {f"s{seed}": varied(seed) for seed in range(4)}
    sources |= {"omar": disguises.commented(sources["s1"])}
    for student, source in sources.items():
        (folder / "class" / student).mkdir(parents=True)
        (folder / "class" / student / "rnn.py").write_text(source, encoding="utf-8")
    (folder / "class" / "nina").mkdir()
    notebook = disguises.notebook(disguises.renamed(sources["s1"]))
    (folder / "class" / "nina" / "rnn.ipynb").write_text(notebook, encoding="utf-8")
    request = similar.Request(find_course(ROOT), "rnn", folder / "class", to=folder / "pages")
    similar.run(request, say=lambda line: None)
    return folder / "pages"


SIMILAR = ["index.html", "pairs/001.html"]


@pytest.mark.parametrize("media", ["light", "dark", "print", "narrow"])
@pytest.mark.parametrize("name", SIMILAR)
def test_pages_on_similar_code_can_be_read_by_everyone(opened, similar_site, name, media):
    narrow = {"viewport": {"width": 360, "height": 740}} if media == "narrow" else {}
    page = opened(similar_site / name, color_scheme="dark" if media == "dark" else "light", **narrow)
    if media == "print":
        page.emulate_media(media="print")
    assert page.evaluate(AUDIT) == []
    if media in ("dark", "narrow"):
        assert violations(page) == []


def test_two_programs_stand_side_by_side_without_gaps(opened, similar_site):
    page = opened(similar_site / "pairs" / "001.html", viewport={"width": 1300, "height": 900})
    first, second = (side.bounding_box() for side in page.locator(".side").all())
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]
    lines = [line.bounding_box() for line in page.locator(".side").first.locator("li").all()]
    assert all(above["y"] + above["height"] == pytest.approx(below["y"]) for above, below in pairwise(lines))


def test_the_letter_of_a_passage_leads_to_the_other_side(opened, similar_site):
    page = opened(similar_site / "pairs" / "001.html", viewport={"width": 1300, "height": 400})
    letter = page.locator(".side").first.locator("a.name").last
    letter.focus()
    page.keyboard.press("Enter")
    target = page.locator(":target")
    box = target.bounding_box()
    assert 0 <= box["y"] < 400
    assert target.locator("a.name").text_content() == letter.text_content()
    assert target.evaluate("line => line.closest('.side') === document.querySelectorAll('.side')[1]")


# The rules of axe-core


def violations(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    return [
        f"{rule['id']}: {node['html'][:100]}"
        for rule in axe.Axe().run(page).response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("media", ["wide", "dark and narrow"])
@pytest.mark.parametrize("name", FULL)
def test_the_rules_of_axe(opened, full_site, name, media):
    narrow = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
    wide = {"viewport": {"width": 1500, "height": 900}}
    assert violations(opened(full_site / name, **(wide if media == "wide" else narrow))) == []


def test_the_rules_of_axe_are_seen_to_be_broken(opened):
    page = opened("about:blank")
    page.set_content("<!doctype html><main><input><p style='color: #999; background: #fff'>grey</p></main>")
    broken = {violation.partition(":")[0] for violation in violations(page)}
    assert {"label", "color-contrast", "html-has-lang", "document-title"} <= broken


BROKEN = {
    "h1": "<h1>a</h1><h1>b</h1>",
    "skips": "<h1>a</h1><h3>b</h3>",
    "main": "<h1>a</h1><main></main><main></main>",
    "language": "",
    "label": "<input>",
    "name": "<a href='#'></a>",
    "caption": "<table><tr><th scope=col>a</th></tr></table>",
    "scope": "<table><caption>a</caption><tr><th>a</th></tr></table>",
    "id": "<p id=a></p><p id=a></p>",
    "refers": "<p aria-labelledby=nowhere>a</p>",
    "contrast": "<p style='color: #999; background: #fff'>grey</p>",
    "contrast of a picture": "<svg role=img><title>a</title><text y=20 style='fill: #eee'>pale</text></svg>",
    "image": "<svg width=9 height=9><rect width=9 height=9 /></svg>",
    "wider": "<div style='width: 3000px'>a</div>",
    "keyboard": "<div style='width: 50px; overflow-x: auto'><p style='width: 200px'>aaaaa</p></div>",
    "tabindex": "<p tabindex=3>a</p>",
}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_is_seen_to_be_broken(opened, rule):
    page = opened("about:blank")
    page.set_content(f"<!doctype html><body style='background: #fff'>{BROKEN[rule]}")
    assert [fault for fault in page.evaluate(AUDIT) if rule.split()[0] in fault]


def test_texts_of_students_do_nothing(opened, hostile_site):
    for path in sorted(hostile_site.rglob("*.html")):
        page = opened(path)
        assert page.evaluate("typeof window.pwned") == "undefined", path
        assert page.evaluate("document.querySelectorAll('img, iframe, object, [id=pwned], b').length") == 0
        assert page.evaluate(AUDIT) == []


def test_what_a_page_may_load_is_enforced(browser, site):
    """The policy in each page stops what an escape that was forgotten would let in."""
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
        " document.body.append(s); const b = document.createElement('b'); document.body.append(b);"
        " b.setAttribute('onclick', 'window.pwned = 2'); b.click(); }"
    )
    assert page.evaluate("typeof window.pwned") == "undefined"
    page.close()


def test_dark_is_dark_and_light_is_light(opened, site):
    light, dark = (
        opened(site / "index.html", color_scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    )
    assert light == "rgb(255, 255, 255)"
    assert max(map(int, dark[4:-1].split(","))) < 60


# Keyboard


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim().slice(0, 40)")


def test_the_first_tab_leads_past_the_navigation(opened, site):
    page = opened(site / "index.html")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_focus_is_always_to_be_seen(opened, site):
    page = opened(site / "index.html")
    stops = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return document.activeElement === document.body ? null : [s.outlineStyle, s.outlineWidth]; }"
        )
        if outline is None:
            break
        assert outline == ["solid", "3px"], focused(page)
        stops += 1
    assert stops > 30


def names(page):
    return page.evaluate(
        "[...document.querySelectorAll('#class tbody tr:not([hidden]) th')].map((e) => e.innerText)"
    )


def test_sorting_with_the_keyboard(opened, site):
    page = opened(site / "index.html")
    before = names(page)
    button = page.locator("#class th button", has_text="Score")
    button.focus()
    page.keyboard.press("Enter")
    head = page.locator("#class thead th", has_text="Score")
    assert head.get_attribute("aria-sort") == "ascending"
    cells = page.evaluate(
        "[...document.querySelectorAll('#class tbody tr')].map((r) => r.cells[1].innerText)"
    )
    assert cells[0] == "–", "who has no score comes first"
    scores = [float(cell) for cell in cells[1:]]
    assert scores == sorted(scores)
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.locator("#class [aria-sort]").count() == 1
    page.locator("#class th button", has_text="Student").press("Enter")
    assert names(page) == before
    assert page.locator("#class [aria-sort]").count() == 1


def test_sorting_the_tests_by_discrimination(opened, site):
    page = opened(site / "index.html")
    page.locator("#tests th button", has_text="Discrimination").press("Enter")
    cells = page.evaluate(
        "[...document.querySelectorAll('#tests tbody tr')].map((r) => r.cells[4].innerText)"
    )
    values = [float(cell.replace("−", "-")) for cell in cells if cell != "–"]
    assert values == sorted(values)
    assert len(set(values)) > 3


def test_filtering(opened, site):
    page = opened(site / "index.html")
    count = page.locator("output")
    assert count.inner_text() == "9 of 9 shown"
    page.get_by_label("Name or reason contains").fill("REVERSED time")
    assert names(page) == ["ben_okafor", "maria lopez garcia"]
    assert count.inner_text() == "2 of 9 shown"
    page.get_by_label("Name or reason contains").fill("")
    page.get_by_label("Status").select_option("not_graded")
    assert names(page) == ["zoe"]


def test_a_test_leads_to_those_who_lost_points_in_it(opened, site):
    page = opened(site / "index.html")
    everybody = names(page)
    row = page.locator("#tests tbody tr", has_text="test_backward_half_belongs_to_the_same_step")
    row.locator("a", has_text="who does not").press("Enter")
    failing = names(page)
    assert "ben_okafor" in failing
    assert 0 < len(failing) < len(everybody)
    assert page.locator("output").inner_text().endswith("shown: who lost points in one test")
    page.get_by_text("Show everybody").press("Enter")
    assert names(page) == everybody
    assert not page.get_by_text("Show everybody").is_visible()


def test_accents_and_what_stands_beside_a_status_hide_nobody(opened, tmp_path):
    class_ = [factory.result("José Núñez", late=True), factory.result("jo")]
    page = opened(write_site(factory.graded(tmp_path / "r", class_), tmp_path / "site").start)
    for text in ("jose nunez", "JOSÉ", "Jose\u0301"):
        page.get_by_label("Name or reason contains").fill(text)
        assert names(page) == ["José Núñez"]
    page.get_by_label("Name or reason contains").fill("")
    page.get_by_label("Status").select_option("graded")
    assert sorted(names(page)) == ["José Núñez", "jo"]


def test_everything_is_there_without_scripts(opened, site):
    page = opened(site / "index.html", java_script_enabled=False)
    assert page.locator("#class tbody tr").count() == 9
    assert not page.locator("#filter").is_visible()
    assert page.locator("th button").count() == 0
    page.locator("#class a", has_text="ben_okafor").focus()


def test_from_the_class_to_a_student_and_back(opened, site):
    page = opened(site / "students" / "ben_okafor.html")
    assert page.locator("h1").inner_text() == "ben_okafor"
    assert page.locator("a[rel=next]").get_attribute("href")
    assert page.locator("a", has_text="The class").get_attribute("href") == "../index.html"


# The code


def test_a_link_to_a_marked_line_leads_to_it(opened, full_site):
    page = opened(full_site / "students" / "ben_okafor.html")
    link = page.locator("#h-code ~ p a", has_text="line 120")
    link.focus()
    page.keyboard.press("Enter")
    line = page.locator("mark.line", has_text="long =")
    assert line.evaluate(
        "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; }"
    )
    assert "One change in line 120" in page.locator("mark.line + .said").last.inner_text()


@pytest.mark.parametrize(("width", "beside"), [(1500, True), (900, False)])
def test_the_code_is_beside_the_findings_where_there_is_room(opened, full_site, width, beside):
    page = opened(full_site / "students" / "ben_okafor.html", viewport={"width": width, "height": 900})
    findings, code = (
        page.locator(selector).evaluate("e => e.getBoundingClientRect().toJSON()")
        for selector in (".beside > div", ".program")
    )
    assert (code["left"] >= findings["right"]) == beside
    assert (code["top"] >= findings["bottom"]) == (not beside)


def test_long_code_can_be_scrolled_with_the_keyboard(opened, full_site):
    page = opened(full_site / "students" / "ben_okafor.html", viewport={"width": 1500, "height": 600})
    page.locator("pre.code").focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.program').scrollTop > 0 || scrollY > 0")


def test_what_is_copied_of_the_code_is_the_code(opened, full_site):
    page = opened(full_site / "students" / "ben_okafor.html")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('pre.code'))")
    copied = page.evaluate("getSelection().toString()").splitlines()
    assert copied[:3] == PROGRAM.splitlines()[:3], "no numbers and no marks"


def test_on_paper_all_of_the_code_is_there(opened, full_site):
    page = opened(full_site / "students" / "ben_okafor.html", viewport={"width": 1500, "height": 600})
    page.emulate_media(media="print")
    assert page.locator(".program").evaluate("e => e.scrollHeight <= e.clientHeight + 1")


def test_marks_are_read_aloud_with_their_lines(opened, full_site):
    tree = opened(full_site / "students" / "ben_okafor.html").locator(".program").aria_snapshot()
    assert 'region "birnn.py"' in tree
    line, mark = tree.index("import tensorflow as tf"), tree.index("Passed over: there is no module")
    assert line < mark < tree.index("step_2 = 2")


# Rosters


def test_who_handed_nothing_in_is_found_by_name_and_by_status(opened, full_site):
    page = opened(full_site / "index.html")
    page.get_by_label("Name or reason contains").fill("jose")
    assert names(page) == ["José Núñez"]
    page.get_by_label("Name or reason contains").fill("")
    page.get_by_label("Status").select_option("nothing handed in")
    assert names(page) == ["José Núñez"]
    page.get_by_label("Status").select_option("")
    page.locator("#class th button", has_text="Score").press("Enter")
    assert names(page)[0] == "José Núñez", "who has no score comes first"


def test_everybody_is_found_by_both_names(opened, full_site):
    page = opened(full_site / "index.html")
    for text in ("Ben Ok", "ben_ok"):
        page.get_by_label("Name or reason contains").fill(text)
        assert names(page) == ["Ben Okafor ben_okafor"]


# Paper


def test_on_paper(opened, site):
    page = opened(site / "index.html", color_scheme="dark")
    page.emulate_media(media="print")
    for hidden in ("nav", "#filter"):
        assert not page.locator(hidden).is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    folded = "document.querySelectorAll('details:not([open])').length"
    assert page.evaluate(folded) == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(folded) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(folded) == 1


# The tree that a screen reader reads


def test_landmarks_and_tables_have_names(opened, site):
    tree = opened(site / "index.html").locator("body").aria_snapshot()
    for part in ("banner", 'navigation "On this page"', "main", "contentinfo", 'search "Students"'):
        assert part in tree
    for table in (
        "Mistakes by how many made them",
        "All 9 submissions, scores of 10",
        "Who was not graded, and why",
    ):
        assert f'table "{table}"' in tree
    assert 'img "How the scores are spread"' in tree
    assert 'columnheader "Score"' in tree
    assert 'rowheader "ben_okafor"' in tree


def test_a_difference_is_read_aloud(opened, site):
    tree = opened(site / "students" / "ben_okafor.html").locator("table.grid").first.aria_snapshot()
    assert 'rowheader "t = 0"' in tree
    assert 'cell "≠ differs: got −0.9866 expected 0.9027"' in tree


MANY = 10_000


@pytest.mark.slow
def test_a_class_of_thousands_is_shown_in_parts_and_searched_as_a_whole(opened, tmp_path):
    real = read(factory.REAL).results
    results = [replace(real[n % len(real)], student=f"student {n:05d}") for n in range(MANY)]
    page = opened(write_site(factory.graded(tmp_path, results)).start)
    rows, count, more = page.locator("#class tbody tr:visible"), page.locator("#shown"), page.locator("#more")
    assert rows.count() == 500
    assert count.text_content() == "10000 of 10000 shown, the first 500 of them here"
    more.click()
    assert rows.count() == 1000
    page.fill("#find", "9999")  # far behind what is shown
    assert (rows.count(), more.is_visible()) == (1, False)
    assert "student 09999" in rows.text_content()
    page.fill("#find", "")
    page.click("#class th:first-child button")
    page.click("#class th:first-child button")
    assert "student 09999" in rows.first.text_content()  # sorted as a whole, too
    assert rows.count() == 500
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows.count() == MANY
