"""How learning platforms name what they pack into a download: one name → whose it is. Pure text, no files.

The patterns, as the platforms write them (`a.py` is the name the student chose):

    Moodle        Full Name_123456_assignsubmission_file_/a.py        folder per student
                  Full Name_123456_assignsubmission_file_a.py         flat
    Canvas        lastnamefirstname_LATE_12345_67890_a-1.py           flat; _LATE if late, -1 if sent again
    Blackboard    Assignment_username_attempt_2026-01-01-10-00-00_a.py  flat; a .txt describes each attempt
    Brightspace   12345-67890 - Full Name - Jan 5, 2026 1030 AM/a.py  folder per submission
                  12345-67890 - Full Name - Jan 5, 2026 1030 AM - a.py
    Gradescope    submission_123456/a.py, names in submission_metadata.yml
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Owner:
    """Whose a file or folder is. `number` tells students of one name apart; `file` is "" for a folder."""

    student: str
    number: str = ""
    file: str = ""
    stamp: str = ""  # of this attempt, so that a later attempt compares greater; "" if the name has none
    numbered: bool = False  # the platform itself adds -1, -2 to the student's file name on a resubmission


_MOODLE = re.compile(r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>.*)\Z", re.DOTALL)
_BLACKBOARD = re.compile(
    r".+_(?P<student>[^_]+)_attempt_(?P<stamp>\d{4}(?:-\d{2}){5})(?:_(?P<file>.+)|(?P<about>\.txt))?\Z",
    re.DOTALL,
)
_CANVAS = re.compile(
    r"(?P<student>.+?)_(?:LATE_|late_)?(?P<number>\d+)_(?:\d+|question_\d+_\d+)_(?P<file>.+)\Z", re.DOTALL
)
_BRIGHTSPACE = re.compile(r"(?P<number>\d+-\d+) - (?P<rest>.+)\Z", re.DOTALL)
_BRIGHTSPACE_DATE = re.compile(r"(?=.*\b(?:19|20)\d\d\b)(?=.*\b\d{3,4}\b)", re.DOTALL)
_DATE_FORMATS = (
    "%b %d, %Y %I%M %p",
    "%B %d, %Y %I%M %p",
    "%d %B, %Y %H%M",
    "%d %B %Y %H%M",
    "%b %d, %Y %H%M",
)
_GRADESCOPE = re.compile(r"submission_\d+\Z")
GRADESCOPE_METADATA = "submission_metadata.yml"
_METADATA_KEY = re.compile(r"^['\"]?(submission_\d+)['\"]?:\s*$")
_METADATA_NAME = re.compile(r"^\s+(?:-\s+)?:?name: (.+?)\s*$")
_METADATA_END = re.compile(r"^  :(?!submitters\b)\w+:")


def owner_of(name: str) -> Owner | None:
    """The owner a platform wrote into the name of a file or folder; None when it follows no platform's
    pattern.
    """
    if match := _MOODLE.match(name):
        student = match["student"]
        if student == "Participant":  # blind marking: the number is all there is
            student = f"Participant {match['number']}"
        return Owner(student, match["number"], match["file"])
    if match := _BLACKBOARD.match(name):
        # The description of an attempt is a file without a name: it says that there was an attempt, no more.
        return Owner(match["student"], "", match["file"] or "", match["stamp"])
    if match := _BRIGHTSPACE.match(name):
        return _brightspace(match["number"], match["rest"].split(" - "))
    if match := _CANVAS.match(name):
        return Owner(match["student"], match["number"], match["file"], numbered=True)
    return None


def _brightspace(number: str, parts: list[str]) -> Owner | None:
    for place in range(len(parts) - 1, 0, -1):
        if _BRIGHTSPACE_DATE.match(parts[place]):
            return Owner(parts[place - 1], number, " - ".join(parts[place + 1 :]), _date(parts[place]))
    # A folder without a date still names its student.
    return Owner(parts[0], number, " - ".join(parts[1:])) if parts[0] else None


def _date(text: str) -> str:
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(text.strip(), pattern).isoformat()
        except ValueError:
            continue
    return ""


def is_gradescope(name: str) -> bool:
    """Whether a folder is one of Gradescope's bulk export."""
    return bool(_GRADESCOPE.match(name))


def gradescope_names(metadata: str) -> dict[str, str]:
    """The submitters' names by folder, read out of submission_metadata.yml line by line (no YAML parser
    needed).

    The members of a group are joined by " & ". A folder whose entry cannot be read is missing in the answer.
    """
    names: dict[str, list[str]] = {}
    folder, within = "", False
    for line in metadata.splitlines():
        if match := _METADATA_KEY.match(line):
            folder, within = match[1], False
        elif folder and line.strip() in (":submitters:", "submitters:"):
            within = True
        elif within and _METADATA_END.match(line):
            within = False
        elif within and (match := _METADATA_NAME.match(line)):
            names.setdefault(folder, []).append(match[1].strip("'\""))
    return {folder: " & ".join(people) for folder, people in names.items()}
