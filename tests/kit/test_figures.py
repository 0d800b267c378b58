"""The figures of the hand-outs: what the script draws, readable on any page, and each where it belongs."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from grader.assignments import find_course

from .loading import ROOT

NAMES = find_course(ROOT).names()
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = sorted((ROOT / "solutions").glob("*/figures/*.svg"))


@pytest.fixture(scope="module")
def figures():
    sys.path.insert(0, str(ROOT / "solutions" / "figures"))
    try:
        yield importlib.import_module("draw")
    finally:
        sys.path.remove(str(ROOT / "solutions" / "figures"))
        for name in ("draw", "drawing", "gated", "going_back"):
            sys.modules.pop(name, None)


def named(path):
    return path.relative_to(ROOT / "solutions").as_posix()


def test_the_committed_figures_are_what_the_script_draws(figures):
    assert figures.differing() == []
    assert {named(path) for path in FIGURES} == set(figures.FIGURES)


def test_a_figure_that_differs_is_found(figures, tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "HERE", tmp_path)
    assert len(figures.differing()) == len(figures.FIGURES)
    for name, draw in figures.FIGURES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(draw(), encoding="utf-8")
    assert figures.differing() == []
    first = next(iter(figures.FIGURES))
    (tmp_path / first).write_text("<svg/>")
    assert figures.differing() == [tmp_path / first]


def test_figures_are_as_their_scripts_draw_them():
    done = subprocess.run(
        [sys.executable, "solutions/figures/draw.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("path", FIGURES, ids=named)
def test_it_can_be_read_by_everyone(path):
    """A title and a description, a background of its own, and text that stands out from it."""
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert len(title.text) > 10
    assert len(description.text) > 100
    background = root.find(f"{SVG}rect")
    assert (background.get("fill"), float(background.get("width"))) == (
        "#ffffff",
        float(root.get("width")) - 1,
    )
    for text in root.iter(f"{SVG}text"):
        assert contrast(text.get("fill"), "#ffffff") >= 4.5, "".join(text.itertext())
        assert float(text.get("font-size")) >= 13


@pytest.mark.parametrize("path", FIGURES, ids=named)
def test_nothing_is_drawn_outside_or_loaded_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    width, height = float(root.get("width")), float(root.get("height"))
    assert not re.search(r"href|url\((?!#)|<script|<image|@import|<style", text)
    for element in root.iter():
        for axis, most in (("x", width), ("y", height)):
            if element.get(axis) is not None and element.tag != f"{SVG}marker":
                assert 0 <= float(element.get(axis)) <= most


def contrast(first, other):
    """The contrast ratio of WCAG 2.1: (L1 + 0.05) / (L2 + 0.05) of the relative luminances."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_shown_and_every_picture_is_there(name):
    handout = ROOT / "assignments" / name
    readme = (handout / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", readme)
    there = {path.relative_to(handout).as_posix() for path in handout.glob("figures/*.svg")}
    assert {path for _, path in pictures} == there
    assert there
    assert all(len(words.split()) >= 8 for words, _ in pictures), (
        "an alternative text says what is to be seen"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_hand_out_has_all_its_parts(name):
    readme = (ROOT / "assignments" / name / "README.md").read_text(encoding="utf-8")
    for part in (
        "**Goal.**",
        "$$",
        "| name | shape |",
        "y hand",
        "## What is graded",
        "Questions to ask yourself",
    ):
        assert part in readme, part
    listed = readme.partition("## Questions to ask yourself")[2].partition("\n## ")[0]
    questions = re.split(r"\n\*\*\d\.\*\* ", listed)[1:]
    assert len(questions) >= 4
    for question in questions:
        words, answer, check = question.partition("\n\n*Your answer:*\n\n")
        assert "?" in words
        assert answer
        assert check.startswith("<details><summary>Check yourself</summary>\n\n"), (
            "folded, and Markdown inside"
        )
        assert check.rstrip().endswith("\n\n</details>")
    assert "grader check" in readme
