"""A walk through nbgrader's formgrader in headless Chromium: what we graded is graded on by hand, with a comment.

Skipped where there is no Chromium. The server is started on a free port of this machine alone, and ended at the end.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.kit.browsing import CHROMIUM, FLAGS
from tests.kit.nbgrader_session import run
from tests.kit.nbgrader_taught import WRONG_SCALE, Taught, make
from tests.kit.processes import GUARD, environment_without
from tests.kit.test_nbgrader import in_gradebook, rows

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install the package chromium"),
]
COMMENT = "Read the sentence again: what is done with factor?"
TOKEN = "for-this-test-alone"
EXTENSION = "nbgrader.server_extensions.formgrader"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """A course in which one student has filled in the release, wrongly, and was graded."""
    taught = make(tmp_path_factory.mktemp("formgrader"))
    statuses, output = run(taught.folder, ["generate_assignment", taught.name])
    assert statuses == [0], output
    handed_in = taught.filled()
    for cell in handed_in["cells"]:
        text = "".join(cell["source"])
        cell["source"] = text.replace("return x * factor", "return x + factor")
    taught.hand_in("ada", handed_in)
    statuses, output = run(taught.folder, ["autograde", taught.name])
    assert statuses == [0], output
    assert in_gradebook(taught.folder / "gradebook.db", taught.name)["ada"] == WRONG_SCALE
    return taught


@pytest.fixture(scope="module")
def formgrader(graded: Taught, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Jupyter server with the formgrader of the course."""
    home = tmp_path_factory.mktemp("home")
    settings = {"HOME": str(home), "JUPYTER_PLATFORM_DIRS": "0", "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    environment = environment_without("JUPYTER")
    options = [
        *("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.jpserver_extensions={{'{EXTENSION}': True}}"),
    ]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", *options],
        cwd=graded.folder,
        env={**environment, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        lines = []
        for line in server.stderr:
            lines.append(line)
            address = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if address and address[1] != "0":
                break
        else:
            raise AssertionError("".join(lines))
        # What it says from here on is read, so that it never waits for a reader.
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield address[0].rstrip("/")
    finally:
        server.terminate()
        server.wait()


def test_what_was_graded_is_graded_on_by_hand_and_read(graded: Taught, formgrader: str) -> None:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page()
        page.set_default_timeout(1000 * GUARD)
        # Formulas come from another server; there are none here, and no test asks a network.
        page.route(lambda address: not address.startswith(formgrader), lambda route: route.abort())
        page.goto(f"{formgrader}/formgrader/?token={TOKEN}")
        page.get_by_role("link", name="Manual Grading").click()
        page.get_by_role("link", name=graded.name).first.click()
        page.get_by_role("link", name=graded.name).last.click()
        page.get_by_role("link", name="Submission #1").click()
        page.get_by_text(
            "Every number is multiplied."
        ).first.wait_for()  # the kit's feedback, under the grade cells
        # Scores and comments are fetched after the page, and would replace what was typed before.
        page.wait_for_function(
            "['input.score', 'textarea.comment'].every((one) => document.querySelector(one)?.placeholder)"
        )
        score = page.locator("input.score").first
        assert float(score.get_attribute("placeholder")) == 0
        with page.expect_response(
            lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"
        ):
            score.fill("2.5")
            score.blur()
        comment = page.locator("textarea.comment").first
        with page.expect_response(
            lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"
        ):
            comment.fill(COMMENT)
            comment.blur()
        page.reload()
        page.wait_for_function(
            "text => [...document.querySelectorAll('textarea.comment')].some((one) => one.value.includes(text))",
            arg=COMMENT,
        )
        chromium.close()

    database = graded.folder / "gradebook.db"
    assert (2.5,) in rows(database, "SELECT manual_score FROM grade")
    statuses, output = run(graded.folder, ["generate_feedback", graded.name])
    assert statuses == [0], output
    feedback = (graded.folder / "feedback" / "ada" / graded.name / f"{graded.name}.html").read_text(
        encoding="utf-8"
    )
    assert "what is done with factor?" in feedback
    assert "6.5" in feedback, "2.5 by hand, and 4 of the other group"
