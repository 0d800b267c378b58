"""nbgrader itself: whether it is there, and what it needs before it is imported. Imports nothing heavy."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from grader.errors import UsageError


def need_nbgrader() -> None:
    """Make nbgrader ready to be imported. Raises UsageError when it is not installed."""
    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError(
            "nbgrader is not installed in this environment, and this needs it.",
            next_step=f"{sys.executable} -m pip install 'rnn-grader[nbgrader]'",
        )
    # A checker of one text format that nothing here uses builds its grammar when it is imported, which takes
    # longer than all of nbgrader. jsonschema does without it where it is missing.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # nbgrader makes a new database with the program `alembic`, which lies beside this Python.
    programs = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if programs not in paths:
        os.environ["PATH"] = os.pathsep.join([*paths, programs])
