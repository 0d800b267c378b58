"""Texts that must come, kept in files: screens, pages, exports, results of the sample class.

`pytest tests/kit --rewrite-snapshots` writes what came where it differs from what must come. A test that has written
fails: nothing was compared. So does the run. Look at the difference (`git diff`), then run again without the option.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

OPTION = "--rewrite-snapshots"
RETIRED = ("GRADER_WRITE_GOLDEN", "UPDATE_SCREENS")  # did the same for one kind of file each


def add_options(parser: pytest.Parser) -> None:
    parser.addoption(
        OPTION, action="store_true", help="write what came where it differs from what must come, and fail"
    )


class Golden:
    """Compares with files, or writes them."""

    def __init__(self, rewriting: bool) -> None:
        self.rewriting = rewriting

    def check(self, path: Path, text: str) -> None:
        """Fail unless the file holds just this text."""
        before = path.read_bytes().decode("utf-8") if path.is_file() else None
        if before == text:
            return
        if self.rewriting:
            self.write(path, text)
        assert before is not None, f"there is no {path.name}; look at this, then {OPTION}:\n{text}"
        lines = difflib.unified_diff(before.splitlines(), text.splitlines(), path.name, "now", lineterm="")
        pytest.fail("\n".join(lines) or f"{path.name}: only the ends of lines differ")

    def write(self, path: Path, text: str) -> None:
        """Write the file, and fail. Only for who is rewriting."""
        assert self.rewriting
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
        pytest.fail(f"{path.name} was rewritten: look at the difference and run again without {OPTION}")

    def remove(self, *paths: Path) -> None:
        """Remove files that nothing belongs to any more, and fail. Only for who is rewriting."""
        assert self.rewriting
        for path in paths:
            path.unlink()
        pytest.fail(
            f"{', '.join(path.name for path in paths)} removed: look at the difference and run again without {OPTION}"
        )
