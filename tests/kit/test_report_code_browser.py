"""A student's code, the roster, paper and a screen reader: the pages in headless Chromium."""

from __future__ import annotations

import pytest

from . import browsing
from .browsing import CHROMIUM, PROGRAM, names

browser, site, full_site, opened = browsing.browser, browsing.site, browsing.full_site, browsing.opened


pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium")


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


def test_on_paper_the_class_is_black_and_nothing_is_folded(opened, site):
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
