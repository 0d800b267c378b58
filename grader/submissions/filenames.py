"""What the name of a file promises: Python, a notebook, a zip; and whether it is meant for an assignment.
Pure text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NEVER = re.compile(r"test_.*|.*_test|conftest|__init__|__main__|setup", re.IGNORECASE)
_ENDINGS = (
    r"\s*\(\d+\)",  # a browser's second download
    r"[ ._-]*v?\d+",
    r"[ ._-]+(?:copy|copie|kopie|final|fixed|new|solution|solved|submission|done|last)",
)
_ENDING = re.compile("(?:" + "|".join(_ENDINGS) + r")\Z")
_BEGINNING = re.compile(r"(?:copy of|kopie von|copie de)\s+")


@dataclass(frozen=True)
class Kind:
    stem: str  # without endings, lower case
    notebook: bool
    sure: bool  # its ending says that it is Python or a notebook


def kind_of(name: str) -> Kind | None:
    """What a file name promises; None for what can be no answer."""
    lower = unicodedata.normalize("NFKC", name).casefold().strip()
    for tail in (".txt", ".json", ".download"):  # added by browsers and mail programs
        if lower.endswith(tail) and lower.removesuffix(tail).endswith((".py", ".ipynb")):
            lower = lower.removesuffix(tail)
    stem, dot, ending = lower.rpartition(".")
    if dot and ending in ("py", "pyw", "py3", "ipynb"):
        return Kind(stem, ending == "ipynb", sure=True)
    if ending == "txt" or not dot:
        return Kind(stem if dot else lower, notebook=False, sure=False)
    return None


def means(stem: str, assignment: str) -> bool:
    """Whether a file name, freed of "(1)", "-2", "_final", "Copy of" and the like, is the assignment's."""
    wanted = re.sub(r"[ ._-]+", "_", assignment.casefold())
    stem = _BEGINNING.sub("", stem)[:200]
    for _ in range(5):
        if re.sub(r"[ ._-]+", "_", stem).strip("_") == wanted:
            return True
        shorter = _ENDING.sub("", stem).rstrip()
        if shorter == stem:
            break
        stem = shorter
    return False


def is_answer(name: str, assignment: str) -> bool:
    """Whether a file of this name could be the answer, under whatever name."""
    kind = kind_of(name)
    return kind is not None and (kind.sure or means(kind.stem, assignment))


def is_named(name: str, assignment: str) -> bool:
    """Whether a file is called as the assignment asks, or nearly so: `rnn.py`, `RNN (1).ipynb`,
    `rnn.py.txt`.
    """
    kind = kind_of(name)
    return kind is not None and means(kind.stem, assignment)


def is_zip(name: str) -> bool:
    """Whether a file says it is a zip."""
    return name.casefold().endswith(".zip")
