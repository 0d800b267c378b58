"""What was copied along with the code of a file that does not parse: line numbers, a diff, fences, a notebook's text.

It looks at whole lines of text, once each, and is asked only where a file does not parse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from grader.submissions.wrappers import defined_twice

_DIFF = re.compile(r"diff --git |@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
_NUMBERED = re.compile(r"\s*(\d{1,6})(?:\s*[:|.)]|\t|\s)")
_OF_A_NOTEBOOK = re.compile(r'\s*".*\\n",?\s*\Z')
_KEYS = ('"cell_type":', '"nbformat":', '"outputs":', '"source":')
_FENCES = ("```", "~~~")
_MOST_NUMBERED = 5  # lines whose numbers must follow one another


def pasted(lines: Sequence[str]) -> tuple[int, str]:
    """The number of the first line that is no code, and what it is; (0, "") where nothing was copied along."""
    filled = [(place, line) for place, line in enumerate(lines, 1) if line.strip()]
    if not filled:
        return 0, ""
    first = filled[0][0]
    added = sum(line[0] in "+-" for _, line in filled)
    if any(_DIFF.match(line) for _, line in filled[:20]) or (len(filled) > 3 and added > 0.9 * len(filled)):
        return first, "this is a list of changes (a diff), not the file itself; hand in the file"
    if _are_numbered([line for _, line in filled]):
        return first, "line numbers were copied along; delete them, or copy the file without them"
    quoted = [place for place, line in filled if _OF_A_NOTEBOOK.match(line)]
    keys = any(line.lstrip().startswith(_KEYS) for _, line in filled)
    if quoted and (keys or len(quoted) > 0.5 * len(filled)):
        cause = "this is the inside of a notebook file, and not all of it; hand in the notebook itself"
        return quoted[0], cause
    fence = _fence(filled)
    if not fence:
        return 0, ""
    if twice := defined_twice(lines):
        return fence, (
            f"several blocks between Markdown fences hold `{twice}`: keep the one that counts, without its fences"
        )
    return fence, "a Markdown fence was copied along; keep only the code between the fences"


def _are_numbered(lines: Sequence[str]) -> bool:
    """Whether the first lines begin with numbers that follow one another."""
    matches = [_NUMBERED.match(f"{line} ") for line in lines[:_MOST_NUMBERED]]
    numbers = [int(match[1]) for match in matches if match]
    rising = all(before < after <= before + 3 for before, after in pairwise(numbers))
    return len(numbers) == len(matches) > 2 and rising


def _fence(filled: Sequence[tuple[int, str]]) -> int:
    """The number of the first line that is a fence at the margin, and stands in no text of three quotes; else 0."""
    quotes = 0
    for place, line in filled:
        if line.startswith(_FENCES) and quotes % 2 == 0:
            return place
        quotes += line.count('"""') + line.count("'''")
    return 0
