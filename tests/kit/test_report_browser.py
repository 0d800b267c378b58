"""The pages of a class in headless Chromium: nothing is fetched, nothing fails, and everyone can read and use them.

Skipped, with a message, where there is no Chromium. The checks of accessibility are AUDIT (browsing.py), each of which
is also run on a page that breaks its rule, as proof that it can fail; and the rules of axe-core.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.report import write_site
from grader.run.store import read

from . import browsing
from . import graded_factory as factory
from .browsing import AUDIT, CHROMIUM, MEDIA, opened_as, violations

browser, site, full_site, opened = browsing.browser, browsing.site, browsing.full_site, browsing.opened


pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium")


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    return write_site(factory.graded(tmp_path_factory.mktemp("hostile"), factory.hostile())).folder


PAGES = ["index.html", "students/ben_okafor.html", "students/quentin_dubois.html", "students/zoe.html"]


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("name", PAGES)
def test_everyone_can_read_it(opened, site, name, media):
    page = opened_as(opened, site / name, media)
    assert page.evaluate(AUDIT) == []


def test_a_page_for_students_can_be_read_too(opened, tmp_path):
    written = write_site(factory.graded(tmp_path), for_students=True).folder
    (name,) = written.glob("ben_okafor-*.html")
    assert opened(name, color_scheme="dark").evaluate(AUDIT) == []


FULL = ["index.html", "students/ben_okafor.html", "students/quentin_dubois.html"]


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("name", FULL)
def test_code_and_rosters_can_be_read_by_everyone(opened, full_site, name, media):
    page = opened_as(opened, full_site / name, media)
    assert page.evaluate(AUDIT) == []


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
