"""The pages of a class used with a keyboard: sorting, filtering, and going from one to the other."""

from __future__ import annotations

import pytest

from grader.report import write_site

from . import browsing
from . import graded_factory as factory
from .browsing import CHROMIUM, names

browser, site, opened = browsing.browser, browsing.site, browsing.opened


pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium")


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


def test_students_are_filtered_by_name_reason_and_status(opened, site):
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
