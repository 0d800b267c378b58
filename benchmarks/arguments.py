"""What benchmarks take on the command line: what cannot be measured is told in a sentence, before anything starts."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.assignments import find_course

ROOT = Path(__file__).resolve().parents[1]


def assignment_name(name: str) -> str:
    """The name of an assignment of this course, for `type=` of argparse.

    >>> assignment_name("rnn_cell")
    'rnn_cell'
    """
    names = find_course(ROOT).names()
    if name not in names:
        raise argparse.ArgumentTypeError(f"there is no assignment {name!r}; there are {', '.join(names)}")
    return name


def whole_number(text: str) -> int:
    """A whole number above 0, for `type=` of argparse.

    >>> whole_number("500")
    500
    """
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
