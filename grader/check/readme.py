"""README.md beside the checks: what of it can be pointed at. A hand-out need have none of it."""

from __future__ import annotations

import re
from pathlib import Path

NAME = "README.md"
_HEADING = "Questions to ask yourself"


def read(folder: Path) -> str:
    """The text of the hand-out's README.md; "" where none can be read."""
    try:
        return (folder / NAME).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def questions(text: str) -> str:
    """The advice to ask oneself the questions of the hand-out; "" where it has none.

    >>> questions("# RNN")
    ''
    """
    asked = re.search(rf"^#+ *{_HEADING}", text, re.MULTILINE)
    return f'Ask yourself the questions under "{_HEADING}" in {NAME}' if asked else ""


def worked_example(text: str) -> str:
    """What to add to "go on with this function"."""
    return f"; {NAME} works through an example" if text else ""


def follow_example(text: str) -> str:
    """What to do where an answer is wrong, and nothing more is known."""
    example = f"Follow the example of {NAME} by hand" if text else "Work out a small example by hand"
    return f"{example}: where does your code first differ?"
