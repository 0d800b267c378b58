"""Takes the pictures of README.md: what a student and an instructor see. Needs Chromium, and the kit installed.

    python solutions/figures/screenshots.py                      writes docs/pictures/
    python solutions/figures/screenshots.py --graded results/rnn --to /tmp/pictures

The pages are those of `grader report` for the sample class, or for one that is graded already. The terminal is that of
`grader check` for a file with a mistake.
"""

from __future__ import annotations

import argparse
import html
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
CLASS = ROOT / "tests" / "sample_class" / "birnn"
STUDENT = "ben_okafor"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PADDING, SIZE, LINE = 22, 14, 1.45  # of the terminal: pixels, pixels, and how far lines are apart
TERMINAL = f"""<!doctype html><meta charset="utf-8"><body style="margin:0;background:#1b1f24;color:#e6edf3">
<pre style="margin:0;padding:{PADDING}px 26px;font:{SIZE}px/{LINE} 'DejaVu Sans Mono',monospace">{{text}}</pre>"""


def grader(*arguments: str | Path, cwd: Path = ROOT) -> str:
    """What a command of the kit prints. Exit status 1 is a class in which something could not be graded."""
    command = [sys.executable, "-m", "grader", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def take(browser: str, page: Path, picture: Path, width: int, height: int) -> None:
    """Write a picture of the top of a page."""
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    size = f"--window-size={width},{height}"
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            *flags,
            f"--user-data-dir={profile}",
            size,
            f"--screenshot={picture}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def terminal(folder: Path) -> tuple[Path, int]:
    """A page that looks like a terminal in which `grader check` was typed in a student's folder, and its height."""
    work = folder / "birnn"
    shutil.copytree(ROOT / "assignments" / "birnn", work)
    (work / "birnn.py").unlink()
    shutil.copy(CLASS / STUDENT / "birnn.ipynb", work)
    printed = grader("check", "birnn.ipynb", "--limit", "60", cwd=work)
    page = folder / "check.html"
    text = f"$ grader check\n{printed.rstrip()}"
    page.write_text(TERMINAL.format(text=html.escape(text)), encoding="utf-8")
    return page, round(2 * PADDING + SIZE * LINE * len(text.splitlines()))


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes the pictures of README.md.")
    parser.add_argument(
        "--graded", type=Path, help="results of `grader grade`; else the sample class is graded"
    )
    parser.add_argument("--student", default=STUDENT, help="whose page to show")
    parser.add_argument("--to", type=Path, default=PICTURES, help="the folder for the pictures")
    options = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("There is no Chromium here: install the package chromium.")
    options.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.graded:
            shutil.copytree(options.graded, folder / "graded")
        else:
            grader("grade", CLASS, "--assignment", "birnn", "--out", folder / "graded")
        grader("report", folder / "graded")
        report = folder / "graded" / "report"
        pages = [page for page in (report / "students").iterdir() if options.student in page.name]
        if not pages:
            sys.exit(f"Nobody is called {options.student} in {options.graded or CLASS}.")
        page, height = terminal(folder)
        take(browser, page, options.to / "check.png", 880, height)
        take(browser, pages[0], options.to / "student.png", 1000, 820)
        take(browser, report / "index.html", options.to / "class.png", 1100, 1240)
    for picture in sorted(options.to.glob("*.png")):
        print(f"{picture}: {picture.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
