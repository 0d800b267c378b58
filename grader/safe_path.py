"""Keeps what lies in the current folder from standing in for a library: it may be a student's, with a `numpy.py` in it.

Python looks there first for `python -m …` and `python -c …`. Standard library only: it runs before anything else.
"""

from __future__ import annotations

import os
import sys


def leave_current_folder() -> None:
    """Take the current folder off sys.path, unless this very package lies there."""
    try:
        current = os.path.realpath(os.curdir)
    except OSError:  # it was deleted, so nothing lies in it
        return
    own = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    if current != own:
        sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry or os.curdir) != current]
