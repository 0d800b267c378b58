"""Which attempt counts, where a platform lets its students choose: Submitty writes it beside a student's attempts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from grader.submissions.problems import Unreadable
from grader.submissions.student_files import HandedInFile

SETTINGS = "user_assignment_settings.json"
CANCELLED = "0"
_LIMIT = 1_000_000  # bytes: it holds every change of the choice


def active_version(files: Sequence[HandedInFile]) -> str:
    """The name of the folder of the active attempt; "" where nothing understandable says which it is.

    It is `CANCELLED` when no attempt is to count.
    """
    for entry in files:
        if entry.inner != (SETTINGS,) or entry.item.read is None:
            continue
        try:
            settings = json.loads(entry.item.read(_LIMIT))
        except (Unreadable, ValueError, RecursionError):
            return ""
        version = settings.get("active_version") if isinstance(settings, dict) else None
        return str(version) if type(version) is int and 0 <= version < 1000 else ""
    return ""
