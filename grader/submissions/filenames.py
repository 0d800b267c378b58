"""What the name of a file promises: Python, a notebook, a zip, or something that cannot be graded; and whether it is
meant for an assignment. Pure text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

NEVER = re.compile(r"test_.*|.*_test|conftest|__init__|__main__|setup", re.IGNORECASE)
_ENDING_WORDS = (
    "copy copie kopie copia final finale finalized definitif definitiv fixed corrected corrige korrigiert new neu "
    "nouveau solution solutions solved submission submitted abgabe rendu entrega done finished fertig complete "
    "completed last latest updated update real really mine"
)
ENDING_WORDS = frozenset(_ENDING_WORDS.split())
_ENDINGS = (
    r"\s*\(\d+\)",  # a browser's second download
    r"[ ._-]*v?\d+",
    rf"[ ._-]+(?:{'|'.join(sorted(ENDING_WORDS))})",
)
_ENDING = re.compile("(?:" + "|".join(_ENDINGS) + r")\Z")
#: What is put before the name of a file when it is copied.
COPY_OF = "copy of|kopie von|copie de|copia de"
_BEGINNING = re.compile(rf"(?:{COPY_OF}|\d{{14}}_|my[ ._-]|(?:final|new|solution|solved)[ ._-])\s*")
_PUT_ASIDE_WORDS = "old alt backup bak archive archiv previous draft entwurf original orig unused trash"
PUT_ASIDE_WORDS = frozenset(_PUT_ASIDE_WORDS.split())
_PUT_ASIDE = re.compile(rf"(?:\A|[ ._-])(?:{'|'.join(sorted(PUT_ASIDE_WORDS))})(?=\Z|[ ._\d-])")
_PERSON = re.compile(r"(?:Alt|Bak),? [A-Z][\w-]+|[A-Z][\w-]+,? (?:Alt|Bak)")
_LINKS = ("url", "webloc", "lnk", "desktop", "gdoc", "gsheet", "gslides", "link")
_TEXTS = ("txt", "text", "md", "markdown", "rst", "json")
_COPY_OF_CODE = re.compile(r".*\.(?:py|ipynb)(?:~|\.\w{1,9})|.*\.pyi", re.IGNORECASE)  # that an editor leaves
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz")
_PACKED = (
    "rar",
    "7z",
    "gz",
    "bz2",
    "xz",
    "zst",
    "zipx",
    "ace",
    "arj",
    "cab",
    "dmg",
    "iso",
    *("z", "lz", "lzh", "lha", "lzma", "br", "sit", "sitx", "xar", "wim", "001", "z01", "part1"),
)
_DOCUMENTS = (
    *("pdf", "doc", "docx", "odt", "pages", "rtf", "tex", "html", "htm", "mht", "md", "ps", "epub"),
    *("ppt", "pptx", "key", "odp", "xls", "xlsx", "ods", "numbers"),
    *("png", "jpg", "jpeg", "gif", "heic", "bmp", "tif", "tiff", "webp", "mp4", "mov"),
)


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
    expected = joined(assignment)
    stem = stem.casefold()[:200]
    for _ in range(5):
        if joined(stem).strip("_") == expected:
            return True
        shorter = _ENDING.sub(
            "", _BEGINNING.sub("", stem, count=1) if _BEGINNING.match(stem) else stem
        ).rstrip()
        if shorter == stem:
            break
        stem = shorter
    return False


def joined(name: str) -> str:
    """A name with one kind of separator between its words, without regard to case."""
    return re.sub(r"[ ._-]+", "_", name.casefold())


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


def is_text(name: str) -> bool:
    """Whether a file that does not say it is Python may hold a program all the same: `solution.txt`, `work.md`."""
    kind = kind_of(name)
    if kind is not None:
        return not kind.sure
    return _ending(name) in _TEXTS or "." not in name or _COPY_OF_CODE.fullmatch(name) is not None


def is_put_aside(name: str) -> bool:
    """Whether the name of a file or folder says that it does not count any more: `rnn_old.py`, `backup`."""
    if _PERSON.fullmatch(name):  # there are people called Alt and Bak
        return False
    return bool(_PUT_ASIDE.search(name.casefold().rpartition(".")[0] or name.casefold()))


def is_zip(name: str) -> bool:
    """Whether a file says it is a zip."""
    return name.casefold().endswith(".zip")


def is_archive(name: str) -> bool:
    """Whether a file says it is an archive that is opened here."""
    return name.casefold().strip().endswith(ARCHIVES)


def without_ending(name: str) -> str:
    """The name of an archive without what it ends in: "work" for "work.tar.gz"."""
    return next((name[: -len(end)] for end in ARCHIVES if name.casefold().endswith(end)), name)


def is_packed(name: str) -> bool:
    """Whether a file says it is an archive that is not opened here."""
    return _ending(name) in _PACKED and not is_archive(name)


def packed_ending(name: str) -> str:
    """What an archive ends in, as it is written: "tar.gz" and not "gz" where a tar is packed."""
    stem, _, ending = name.strip().rpartition(".")
    before = stem.rpartition(".")[2]
    return f"{before}.{ending}" if before.casefold() == "tar" and "." in stem else ending


def is_link(name: str) -> bool:
    """Whether a file only points to somewhere else."""
    return _ending(name) in _LINKS


def is_document(name: str) -> bool:
    """Whether a file is for reading or looking at, so that no code can be run from it."""
    return _ending(name) in _DOCUMENTS


def _ending(name: str) -> str:
    return name.casefold().strip().rpartition(".")[2]
