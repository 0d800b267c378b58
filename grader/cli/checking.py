"""The student's command: `check`. It needs no course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from grader.cli.common import EXIT_NOT_GRADED


def check(
    path: Annotated[
        Optional[Path],
        typer.Argument(
            metavar="[PATH]", help="Your file or its folder; default: this folder.", show_default=False
        ),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Look again at every save; Ctrl-C ends it.")] = False,
    hint: Annotated[
        bool, typer.Option("--hint", help="Give the next hint on what to put right first.")
    ] = False,
    limit: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="How long one check may take.")
    ] = 10.0,
) -> None:
    """Try the visible checks on your own work."""
    from grader.check.command import check as check_all

    if not check_all(path, watch=watch, hint=hint, limit=limit):
        raise typer.Exit(EXIT_NOT_GRADED)
