"""What the warm process is to be: the modules that it loads, and the locks that its children get on this machine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import JailError
from grader.subject import jail


@dataclass(frozen=True)
class Confinement:
    """What the warm process is to be: which modules it loads, and how its children are locked."""

    name: str
    preload: tuple[str, ...] = ("numpy", "torch")
    watch: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()  # the course's own modules for submissions: name and source
    harness: str = ""  # the source of the course's code that runs beside them
    memory_bytes: int = 2 << 30
    cpu_seconds: int = 20
    readable: tuple[str, ...] = ()
    skip: frozenset[str] = frozenset()
    compiler: bool = (
        True  # whether a submission may use what torch loads its compiler for, which takes seconds
    )
    registrations: bool = (
        True  # whether one may look at shapes of tensors without numbers (`subject.compiler`)
    )
    huge_pages: bool = True  # dear once, then cheaper for each child

    @classmethod
    def checked(
        cls, name: str, *, secrets: Sequence[Path] = (), allow_unsafe: Sequence[str] = (), **options: Any
    ) -> Confinement:
        """The confinement for this machine.

        Raises JailError when a layer is missing that `allow_unsafe` does not name, or when one of `secrets` lies where
        submissions can read.
        """
        if not sys.platform.startswith("linux"):
            raise JailError(
                f"There is no sandbox for {sys.platform}: grading needs Linux (WSL2 and containers will do).",
                next_step="Your own code can be checked anywhere: grader check",
            )
        absent = jail.missing(jail.probe())
        refused = [layer for layer in absent if layer not in allow_unsafe]
        if refused:
            raise JailError(
                f"This machine lacks a layer of the sandbox: {', '.join(refused)}.",
                next_step="To grade without it, for code you trust: grader grade … "
                + " ".join(f"--allow-unsafe {layer}" for layer in refused),
            )
        readable = jail.readable_paths()
        jail.check_secrets(list(secrets), readable)
        return cls(name=name, readable=tuple(map(str, readable)), skip=frozenset(allow_unsafe), **options)

    @property
    def stamp(self) -> str:
        """What results say of the jail: "full", "none", or which layers were left out."""
        if not self.skip:
            return "full"
        return "none" if {"landlock", "seccomp"} <= self.skip else f"without {', '.join(sorted(self.skip))}"
