"""Zips that are the same, byte for byte, whenever and wherever they are made from the same files."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
_UNIX = 3


@dataclass(frozen=True)
class ArchiveFile:
    """One file: its path in the zip, with slashes, and its bytes."""

    path: str
    data: bytes
    executable: bool = False


def check_place(to: Path) -> None:
    """Raise UsageError where no zip can be put: for who computes for minutes what goes into it."""
    if to.suffix.lower() != ".zip":
        raise UsageError(f"--to {to}: expected a name that ends in .zip.", next_step=f"Type: --to {to}.zip")
    if not to.parent.is_dir() or to.is_dir():
        reason = "it is a folder" if to.is_dir() else f"there is no folder {to.parent}"
        raise UsageError(f"{to} cannot be written: {reason}.", next_step="Name another file with --to.")


def write_zip(to: Path, entries: Iterable[ArchiveFile]) -> list[str]:
    """Write the entries in the order of their paths, whole or not at all; gives the paths.

    Raises UsageError when `to` is not called .zip or cannot be written, ValueError when a path is there twice.
    """
    check_place(to)
    ordered = sorted(entries, key=lambda entry: entry.path)
    paths = [entry.path for entry in ordered]
    if len(set(paths)) != len(paths):
        raise ValueError("a path is there twice")
    beside = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        # Not compressed: how well that goes depends on the machine's zlib.
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            for entry in ordered:
                info = zipfile.ZipInfo(entry.path, _DATE)
                info.create_system = _UNIX  # else it would tell the system that made it
                info.external_attr = (0o100755 if entry.executable else 0o100644) << 16
                archive.writestr(info, entry.data)
        beside.replace(to)
    except OSError as error:
        raise UsageError(
            f"{to} cannot be written: {error.strerror or error}.", next_step="Name another file with --to."
        ) from error
    finally:
        with contextlib.suppress(OSError):  # it was never made, or has its name now
            beside.unlink()
    return paths
