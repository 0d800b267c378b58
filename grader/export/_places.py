"""Where an export is written: whole or not at all, and never over what it was made from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader import adjustments, clusters, full_answers
from grader.errors import UsageError
from grader.run import earlier_results, sources
from grader.run.whole import write_whole

#: What a folder of results holds that no other command can make again without the submissions, or without its author.
_FILES = (earlier_results.DOCUMENT, adjustments.FILE, clusters.FILE, full_answers.FILE)
_FOLDERS = (earlier_results.FOLDER, sources.FOLDER)


def pieces(written: str | bytes | Iterable[str]) -> Iterator[bytes]:
    """What a format gave, as it is written."""
    for piece in (written,) if isinstance(written, (str, bytes)) else written:
        yield piece if isinstance(piece, bytes) else piece.encode("utf-8")


def refuse_needed(to: Path, results: Path, roster: Path | None) -> None:
    """Raise UsageError where `to` is the roster, or one of the files that a folder of results is made of."""
    there, home = Path(os.path.realpath(to)), Path(os.path.realpath(results))
    if roster is not None and there == Path(os.path.realpath(roster)):
        is_there = f"{to} is the roster"
    elif there in {home / name for name in _FILES} or {home / name for name in _FOLDERS} & {*there.parents}:
        is_there = f"{to} belongs to the results themselves"
    else:
        return
    raise UsageError(
        f"{is_there}, and would be overwritten; nothing was written.",
        next_step="Name another file: --to FILE",
    )


def write(written: str | bytes | Iterable[str], to: Path) -> None:
    """Write what a format gave; UsageError when `to` cannot be written. Then a file that was there stays as it was."""
    next_step = "Name another file: --to FILE"
    if to.exists() and not to.is_file():  # a pipe, a terminal: nothing can be put in its place
        try:
            with to.open("wb") as stream:
                stream.writelines(pieces(written))
        except OSError as error:
            raise UsageError(
                f"{to} cannot be written: {error.strerror or error}.", next_step=next_step
            ) from error
        return
    real = Path(os.path.realpath(to))
    try:
        write_whole(real, written)
    except UsageError as error:
        raise UsageError(error.message.replace(str(real), str(to)), next_step=next_step) from error
