"""The pages of a large class: how long they take to write, how large they are, how soon Chromium shows them.

    python -m benchmarks.report --students 1000 --runs 7

The class is tests/kit/graded_class (eight students of the sample class) repeated under other names, each with a
program of 60 lines and a row on a roster. "Load" is the load event of the class page after navigation began, scripts
included; "shown" the first paint of its contents. Each run is
a new browser context, so nothing is cached. Needs playwright and a Chromium on PATH.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.arguments import whole_number
from grader.records import Chunk, StudentSource
from grader.report import call, write_site
from grader.run.store import ClassFolder, read

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]
# Not wait_for_function: the policy of the pages lets nothing be evaluated in them.
TIMES = """() => new Promise((done) => {
  const [navigation] = performance.getEntriesByType("navigation");
  const look = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (paint && navigation.loadEventEnd) done([navigation.loadEventEnd, paint.startTime]);
    else requestAnimationFrame(look);
  };
  look();
})"""


def main() -> None:
    """Write the pages of a class, open them in a browser, and print how long that takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--students", type=whole_number, default=1000)
    parser.add_argument("--runs", type=whole_number, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = _write(Path(folder), arguments.students)
        times = [_load(start) for _ in range(arguments.runs)]
    for name, values in zip(("load", "shown"), zip(*times)):
        print(f"{name}: median {statistics.median(values):.0f} ms, {min(values):.0f} to {max(values):.0f}")


def _write(folder: Path, count: int) -> Path:
    real = read(ROOT / "tests" / "kit" / "graded_class")
    results = [
        replace(real.results[number % len(real.results)], student=f"student {number:04d}")
        for number in range(count)
    ]
    store = ClassFolder(folder, real.assignment, real.suite, real.max_score)
    store.finish(results)
    program = StudentSource("birnn.py", (Chunk("hidden = previous @ weights + bias\n" * 60),))
    for result in results:
        store.keep_source(result, program)
    roster = folder / "roster.csv"
    names = [f"Student {number:04d}" for number in range(count + 20)]
    roster.write_text("\n".join(["Name", *names]), encoding="utf-8")
    begun = time.process_time()
    graded = read(folder)
    site = write_site(graded, roll=call(graded.results, roster))
    assert site.start is not None
    size = site.start.stat().st_size
    print(f"{count} students: written in {time.process_time() - begun:.1f} s of processor time")
    print(f"class page: {size / 1000:.0f} kB, {size / count:.0f} bytes for each student")
    return site.start


def _load(page: Path) -> tuple[float, float]:
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        raise SystemExit("No Chromium on PATH: install the package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tab = browser.new_context().new_page()
        tab.goto(page.as_uri())
        load, until_shown = tab.evaluate(TIMES)
        browser.close()
    return load, until_shown


if __name__ == "__main__":
    main()
