"""The one exception of this package that stays inside it: something a student handed in cannot be used."""

from __future__ import annotations


class Unreadable(Exception):
    """Its text is the sentence the student reads; it becomes `Submission.problem`."""
