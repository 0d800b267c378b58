"""The entry of the command `grader`."""

from __future__ import annotations

import sys

from grader import startup


def main() -> None:
    """Run the command line, in which torch is being loaded already for `grade`."""
    startup.open_standard_streams()
    if startup.grades_here(sys.argv[1:]):
        startup.launch()
    try:
        from grader.cli import main as run

        run()
    finally:
        if (
            keeper := startup.take_keeper()
        ) is not None:  # a command that was typed wrongly had no use for it
            keeper.close()
