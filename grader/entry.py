"""The entry of the command `grader`."""

from __future__ import annotations

import sys

from grader import early


def main() -> None:
    """Run the command line, in which torch is being loaded already for `grade`."""
    early.open_standard_streams()
    if early.grades_here(sys.argv[1:]):
        early.launch()
    try:
        from grader.cli import main as run

        run()
    finally:
        if (keeper := early.taken()) is not None:  # a command that was typed wrongly had no use for it
            keeper.close()
