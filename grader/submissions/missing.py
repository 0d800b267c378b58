"""The sentence for whoever handed in something else than was asked for, or nothing: what was found, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from grader.submissions.filenames import is_archive, is_document, is_link, is_packed, packed_ending
from grader.submissions.files import TOO_DEEP
from grader.submissions.junk import COPIES, COURSE
from grader.submissions.lms import LINK, TEXT
from grader.submissions.problems import Unreadable
from grader.submissions.reading import read
from grader.submissions.student_files import HandedInFile
from grader.text import clean, first_of

_WEIGHTS = (".pt", ".pth", ".pkl", ".pickle", ".npy", ".npz", ".ckpt", ".safetensors", ".h5")
_UNFINISHED = (".part", ".partial", ".crdownload", ".opdownload", ".download")


def not_handed_in(
    files: Sequence[HandedInFile], assignment: str, passed: Sequence[HandedInFile] = ()
) -> Unreadable:
    """What to say of files of which none can be an answer, and of what was `passed` over beside them."""
    expected = f"{assignment}.py or {assignment}.ipynb"
    files = [entry for entry in files if not entry.helper]
    for entry in files:
        if entry.item.refused:  # a link or a locked folder in the place of what was asked for
            reading = read(entry.item)
            return Unreadable(f"{expected} was not found, and {reading.problem}", fault=reading.fault)
    passed = [entry for entry in passed if entry.item.passed != COURSE]
    if not files and passed:
        return Unreadable(f"nothing was handed in but {_kinds(passed)}: expected {expected}.{_where(passed)}")
    if not files:
        return Unreadable(f"nothing was handed in: expected {expected}.", absent=True)
    names = [entry.inner[-1] for entry in files]
    if any(map(is_archive, names)):
        return Unreadable(
            f"the archive holds archives in archives, which are not opened; hand in {expected} itself."
        )
    # What a platform writes of its own says more than the name it gives to it.
    for entry in files:
        if entry.about == LINK or is_link(entry.inner[-1]):
            return Unreadable(f"a link was handed in, not a file; hand in {expected} itself.")
    if all(entry.about == TEXT for entry in files):
        return Unreadable(
            f"a text was typed into the platform, and no file was handed in: expected {expected}."
        )
    beside = f" and {_kinds(passed)}" if passed else ""
    advice = _advice(names, expected) or _where(passed)
    return Unreadable(f"{expected} was not handed in; found only {named(files)}{beside}.{advice}")


def nothing_inside(archive: str, assignment: str) -> Unreadable:
    """What to say of an archive without a file in it."""
    expected = f"{assignment}.py or {assignment}.ipynb"
    return Unreadable(f"{clean(archive, 80)} holds no file: look into it, and hand in {expected}.")


def _kinds(passed: Sequence[HandedInFile]) -> str:
    """What was passed over, with a name of each kind: "Jupyter's own copies (.ipynb_checkpoints)"."""
    example: dict[str, str] = {}
    for entry in passed:
        example.setdefault(entry.item.passed, clean("/".join(entry.inner), 60))
    return " and ".join(f"{kind} ({name})" for kind, name in list(example.items())[:3])


def _where(passed: Sequence[HandedInFile]) -> str:
    """Where the work most likely is, when what was handed in is only what a tool made beside it."""
    if any(entry.item.passed == COPIES for entry in passed):
        return " The notebook itself lies in the folder that holds .ipynb_checkpoints: hand that one in."
    if any(entry.item.passed == TOO_DEEP for entry in passed):
        return " What lies deeper is not looked at: hand in the file itself."
    return ""


def _advice(names: Sequence[str], expected: str) -> str:
    packed = next(filter(is_packed, names), "")
    if packed:
        ending = clean(packed_ending(packed), 10)
        return f" A .{ending} file is not opened here: hand in {expected} itself, or a .zip of it."
    if any(name.casefold().endswith(".icloud") for name in names):
        return f" That only stands for a file in iCloud: download it there, and hand in {expected} itself."
    if any(name.casefold().endswith(_UNFINISHED) for name in names):
        return f" That download was not finished: download it again, and hand in {expected} itself."
    if any(name.casefold().endswith(".pyc") for name in names):
        return f" A .pyc file is what Python makes of a program for itself: hand in {expected} itself."
    if any(name.casefold().endswith(_WEIGHTS) for name in names):
        return f" That holds weights or data, and no program: hand in {expected} itself."
    if any(is_document(name) and not name.casefold().startswith("readme") for name in names):
        return f" No code can be run from a document or a picture: hand in {expected} itself."
    return ""


def named(entries: Sequence[HandedInFile]) -> str:
    """The names of some files, with how many there are beyond the first five."""
    return first_of([clean("/".join(entry.inner), 60) for entry in entries], 5)
