"""The pages on similar code in headless Chromium."""

from __future__ import annotations

from itertools import pairwise

import pytest

from grader.assignments import find_course
from grader.similar import command as similar

from . import browsing, disguises
from .browsing import AUDIT, CHROMIUM, MEDIA, opened_as, violations
from .loading import ROOT
from .varied_programs import varied

browser, opened = browsing.browser, browsing.opened


pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium")


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
    request = similar.SimilarRequest(find_course(ROOT), "rnn", folder / "class", to=folder / "pages")
    similar.run(request, say=lambda line: None)
    return folder / "pages"


SIMILAR = ["index.html", "pairs/001.html"]


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("name", SIMILAR)
def test_pages_on_similar_code_can_be_read_by_everyone(opened, similar_site, name, media):
    page = opened_as(opened, similar_site / name, media)
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
