"""How learning platforms name what they pack into a download: one name → whose it is. Pure text, no files.

The patterns, as the platforms write them (`a.py` is the name the student chose):

    Moodle        Full Name_123456_assignsubmission_file/a.py         folder per student; older ones end in _
                  Full Name_123456_assignsubmission_onlinetext/…      what was typed into the page
                  Full Name_123456_assignsubmission_file_a.py         flat
                  Full Name_123456_assignfeedback_file/…              what the instructor gave back
                  Group A_17_assignsubmission_file/a.py               of a group, by the group's number; who is in none
                  Default group_assignsubmission_file/a.py            is in this one, without a number
    Canvas        lastnamefirstname_LATE_12345_67890_a-1.py           flat; _LATE if late, -1 if sent again; the
                                                                      second number is greater for a later upload
                  lastnamefirstname_12345_text.html, …_link.html      a text or a link in the place of a file
                  LATE_anon_Ab1Cd_67890_a.py                          anonymous grading
    Blackboard    Assignment_username_attempt_2026-01-01-10-00-00_a.py  flat; a .txt describes each attempt
    Brightspace   12345-67890 - Full Name - Jan 5, 2026 1030 AM/a.py  folder per submission, the date in any language
                  12345-67890 - Full Name - Jan 5, 2026 1030 AM - a.py
    Autolab       ada@x.edu_3_a.py                                    flat; the third version
    nbgrader      ada+assignment+2026-01-05 10:00:00 UTC/a.ipynb      the exchange's folder, one per submission; where a
                                                                      name may hold no colon, with another sign
    Gradescope    submission_123456/a.py, names in submission_metadata.yml
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from grader.submissions.dates import sortable

#: What a platform itself writes in the place of a file.
LINK, TEXT = "link", "text"


@dataclass(frozen=True)
class Owner:
    """Whose a file or folder is. `number` tells students of one name apart; `file` is "" for a folder."""

    student: str
    number: str = ""
    file: str = ""
    stamp: str = ""  # of this attempt, so that a later attempt compares greater; "" if the name has none
    numbered: bool = False  # the platform itself adds -1, -2 to the student's file name on a resubmission
    late: bool = False
    upload: int = 0  # the platform's number of this upload: of one student, a later one is greater
    about: str = ""  # LINK or TEXT: there is no file
    dated: bool = False  # there is a date in the name; without a `stamp` it could not be understood
    feedback: bool = False  # it is the instructor's, for this student


_MOODLE = re.compile(
    r"(?P<student>.+?)(?:_(?P<number>\d+))?_assign(?P<whose>submission|feedback)_(?P<plugin>[a-z]+)(?:_(?P<file>.*)|(?P<about>\.\w+))?\Z",
    re.DOTALL,
)
_BLACKBOARD = re.compile(
    r"(?P<head>.+)_attempt_(?P<stamp>\d{4}(?:-\d{2}){5})(?:_(?P<file>.+)|(?P<about>\.txt))?\Z",
    re.DOTALL,
)
_ANONYMOUS = re.compile(
    r"(?P<late>(?:LATE|late)_)?(?P<student>anon_[^_]+)_(?:(?P<upload>\d+)_(?P<file>.+)|(?P<about>text|link)\.html)\Z",
    re.DOTALL,
)
_CANVAS = re.compile(
    r"(?P<student>.+?)_(?P<late>(?:LATE|late)_)?(?P<number>\d+)_"
    r"(?:(?:(?P<upload>\d+)|question_\d+_(?P<answer>\d+))_(?P<file>.+)|(?P<about>text|link)\.html)\Z",
    re.DOTALL,
)
_BRIGHTSPACE = re.compile(r"(?P<number>\d+-\d+) - (?P<rest>.+)\Z", re.DOTALL)
_BRIGHTSPACE_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AUTOLAB = re.compile(
    r"(?P<student>[^@/\s]+@[^@/\s_]+\.[^@/\s_]+)_(?P<version>\d+)_(?P<file>.+)\Z", re.DOTALL
)
_EXCHANGE = re.compile(
    r"(?P<student>[^+]+)\+[^+]+\+(?P<stamp>\d{4}-\d\d-\d\d \d\d[:._-]\d\d[:._-]\d\d[^+]*)(?:\+[^+]*)?\Z"
)
_GRADESCOPE = re.compile(r"submission_\d+\Z")
_LONGEST = 300  # characters; what a file system holds has fewer, and a zip may hold anything
GRADESCOPE_METADATA = "submission_metadata.yml"


def owner_of(name: str, title: str = "") -> Owner | None:
    """The owner a platform wrote into the name of a file or folder; None when it follows no platform's pattern.

    `title` is what all of Blackboard's names of this download begin with (see `title_of`).
    """
    if len(name) > _LONGEST:
        return None
    if match := _MOODLE.match(name):
        student, number = match["student"], match["number"] or ""
        if student == "Participant" and number:  # blind marking: the number is all there is
            student = f"Participant {number}"
        if match["whose"] == "feedback":
            return Owner(student, number, feedback=True)
        file = match["file"] or (f"onlinetext{match['about']}" if match["about"] else "")
        about = TEXT if match["plugin"] == "onlinetext" else ""
        return Owner(student, number, file, about=about)
    if match := _BLACKBOARD.match(name):
        # The description of an attempt is a file without a name: it says that there was an attempt, no more.
        head = match["head"]
        student = head[len(title) :] if title and head.startswith(title) else users_of(head)[0]
        return Owner(student, "", match["file"] or "", match["stamp"])
    if match := _BRIGHTSPACE.match(name):
        return _brightspace(match["number"], match["rest"].split(" - "))
    if match := _ANONYMOUS.match(name):
        return _canvas(match, "", match["upload"])
    if match := _AUTOLAB.match(name):
        return Owner(match["student"], "", match["file"], match["version"].zfill(10))
    if match := _CANVAS.match(name):
        return _canvas(match, match["number"], match["upload"] or match["answer"])
    if match := _EXCHANGE.match(name):
        return Owner(match["student"], "", "", match["stamp"])
    return None


def owner_of_folder(name: str, title: str = "") -> Owner | None:
    """As `owner_of`, for a folder: Canvas makes none, and `OWNER__rnn_2026_1_ada`, a repository's, is not one of its.

    What looks like one of Canvas counts where somebody may have unpacked a file: Canvas has no `_` in a name.
    """
    owner = owner_of(name, title)
    if owner and owner.numbered and "_" in owner.student and not _ANONYMOUS.match(name):
        return None
    return owner


def _canvas(match: re.Match[str], number: str, upload: str | None) -> Owner:
    about = {"text": TEXT, "link": LINK}.get(match["about"] or "", "")
    file = match["file"] or f"{match['about']}.html"
    # A number of more digits than any platform counts to is a student's own.
    order = int(upload) if upload and len(upload) < 19 else 0
    return Owner(match["student"], number, file, "", True, bool(match["late"]), order, about)


def head_of(name: str) -> str:
    """What stands before `_attempt_` in one of Blackboard's names: title and user; "" for other names."""
    match = _BLACKBOARD.match(name) if len(name) <= _LONGEST else None
    return match["head"] if match else ""


def is_description(name: str) -> bool:
    """Whether a file is the one in which Blackboard describes an attempt."""
    match = _BLACKBOARD.match(name) if len(name) <= _LONGEST else None
    return bool(match and match["about"])


def described_user(description: str) -> str:
    """The user that Blackboard's description of an attempt names in its first line, in brackets; else ""."""
    first = description.lstrip("\ufeff").strip().partition("\n")[0].strip()
    user = first.rpartition("(")[2].removesuffix(")") if first.endswith(")") else ""
    return "" if " " in user or "(" in user else user


def users_of(head: str) -> list[str]:
    """Whose a lone head of Blackboard's may be, the likeliest first: more than one where title and user both may hold
    the `_` that parts them.
    """
    words = head.split("_")
    spaced = [place for place, word in enumerate(words[:-1]) if " " in word]  # user names hold no spaces
    if spaced:
        return ["_".join(words[spaced[-1] + 1 :])]
    return ["_".join(words[place:]) for place in range(len(words) - 1, 0, -1)] or [head]


def title_of(names: Iterable[str], users: Mapping[str, str] = MappingProxyType({})) -> str:
    """What all of Blackboard's names of a download begin with: the assignment's title, with the `_` after it.

    User names may hold `_` as titles may. `users` gives whose some of the heads are; else only that all names share
    the title tells them apart.
    """
    heads = sorted(filter(None, {head_of(name) for name in names}))
    for head, user in users.items():
        if head.endswith(f"_{user}") and all(other.startswith(head[: -len(user)]) for other in heads):
            return head[: -len(user)]
    if len(heads) < 2:
        return ""
    first, last = heads[0], heads[-1]  # what these two share, all share
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    title = first[: first.rfind("_", 0, shared) + 1]
    return title if all(len(head) > len(title) for head in heads) else ""


def _brightspace(number: str, parts: list[str]) -> Owner | None:
    for place in range(1, len(parts)):
        if _BRIGHTSPACE_DATE.search(parts[place]):
            stamp = sortable(parts[place])
            return Owner(parts[place - 1], number, " - ".join(parts[place + 1 :]), stamp, dated=True)
    # A folder without a date still names its student.
    return Owner(parts[0], number, " - ".join(parts[1:])) if parts[0] else None


def is_gradescope(name: str) -> bool:
    """Whether a folder is one of Gradescope's bulk export."""
    return bool(_GRADESCOPE.match(name))
