"""Files that a reader sees whole, the old one or the new one, also when a disk is full or a program is killed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from grader.errors import UsageError


def write_whole(path: Path, text: str | bytes | Iterable[str]) -> None:
    """Write a text, or its pieces, beside its place and rename it there: a reader sees the old file or the new one.

    Raises UsageError when it cannot be written; then nothing is changed.
    """
    pieces = (text,) if isinstance(text, (str, bytes)) else text
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    except OSError as error:
        raise not_written(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece if isinstance(piece, bytes) else piece.encode("utf-8"))
        # A file that somebody has closed to others stays closed.
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise not_written(path, error) from error
        raise


def not_written(path: Path, error: OSError) -> UsageError:
    """What to say of a file or folder that cannot be written."""
    return UsageError(
        f"{path} cannot be written: {error.strerror or error}.",
        next_step="Make room there, or look at the rights of the folder; what is graded already is kept.",
    )
