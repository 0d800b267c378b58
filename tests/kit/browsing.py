"""Headless Chromium, the pages that tests open in it, and what a page may not do wrong."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from grader.records import Chunk, PassedOver, Repair, StudentSource
from grader.report import call, write_site
from grader.run.store import ClassFolder, read

from . import graded_factory as factory

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
    store = ClassFolder(folder, factory.ASSIGNMENT, "a suite", factory.MAX_SCORE)
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


# The rules of axe-core


def violations(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    return [
        f"{rule['id']}: {node['html'][:100]}"
        for rule in axe.Axe().run(page).response["violations"]
        for node in rule["nodes"]
    ]


def names(page):
    return page.evaluate(
        "[...document.querySelectorAll('#class tbody tr:not([hidden]) th')].map((e) => e.innerText)"
    )


#: The ways in which a page is looked at.
MEDIA = ["light", "dark", "print", "narrow"]


def opened_as(opened, path, media):
    """A page as it is seen in the light, in the dark, on paper, or on a narrow screen; `opened` opens it."""
    narrow = {"viewport": {"width": 360, "height": 740}} if media == "narrow" else {}
    page = opened(path, color_scheme="dark" if media == "dark" else "light", **narrow)
    if media == "print":
        page.emulate_media(media="print")
    return page
