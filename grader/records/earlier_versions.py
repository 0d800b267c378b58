"""Results of earlier versions, in which a test or a counterexample does not say by a kind what is wrong with it.

Their kinds are read off the sentences that those versions wrote, once, when a file is read. Those sentences do not
change any more; this is the only place that looks into one. What is not recognised has no kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from grader.problems import Deviation, Kind, Problem

#: What a sentence held → its kind; the first that fits.
_KINDS: tuple[tuple[str, Kind], ...] = (
    (" is off", "off"),
    ("never written to", "unset"),
    ("the same number everywhere", "constant"),
    ("nan", "not_finite"),
    ("infinite", "not_finite"),
    ("got none", "none"),
    ("things back", "structure"),
    ("has shape", "shape"),
    ("should be an array", "no_array"),
    ("expected an array", "no_array"),
    ("keep the dtype", "dtype"),
    ("as the inputs are", "dtype"),
    ("not registered", "unregistered"),
    ("more registered", "extra"),
    ("no gradient reaches", "no_gradient"),
    ("did not change", "ignored"),
    ("changed", "changed"),
    ("has no weight called", "weight"),
    ("still to be written", "unwritten"),
    ("defines no `", "missing"),
    (" raised ", "raised"),
    (" in time", "timeout"),
    ("ended the program", "crashed"),
    ("the program ended", "crashed"),
    ("could not be loaded", "unloaded"),
)
_ABOUT = re.compile(r"`([^`]{1,80})` (?:is still to be written|gave no answer|ended the program)")
_MISSING = re.compile(r"defines no `([^`]{1,80})`")
_LINE = re.compile(r"cannot be read, line (\d{1,6})")
_CALLER = re.compile(r"; `([^`]{1,80})` calls it")


def kind(sentence: str) -> Kind | None:
    """What a sentence of an earlier version is about."""
    lowered = sentence.lower()
    return next((kind for words, kind in _KINDS if words in lowered), None)


def problem(message: str) -> Problem | None:
    """What the message of a test that was not passed is about."""
    if line := _LINE.search(message):
        return Problem("unloaded", number=int(line[1]))
    problem_kind = kind(message)
    if problem_kind is None:
        return None
    subject_match = (_MISSING if problem_kind == "missing" else _ABOUT).search(message)
    return Problem(problem_kind, subject_match[1] if subject_match else "", caller(message))


def caller(message: str) -> str:
    """Who calls what is still to be written, as far as a message says so."""
    calls = _CALLER.search(message)
    return calls[1] if calls else ""


def deviations(lines: Sequence[str], raised: Kind | None) -> tuple[Deviation, ...]:
    """The lines of a counterexample put together: rows of numbers are indented, and below what is off.

    `raised` is the kind of what the student's code raised, which then is all there is.
    """
    if raised is not None:
        return (Deviation(raised, "", " ".join(lines)),)
    entries: list[Deviation] = []
    for line in lines:
        if line.startswith(" ") and entries:
            entries[-1] = replace(entries[-1], rows=(*entries[-1].rows, line))
        else:
            # "no answer: it did not come back in time, or it ended the program"
            entries.append(
                Deviation("no_answer" if line.startswith("no answer:") else kind(line) or "other", "", line)
            )
    return tuple(entries)
