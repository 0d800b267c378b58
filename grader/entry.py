"""The entry of the command `grader`."""

from __future__ import annotations

import contextlib
import sys

from grader import interruption, startup


def main() -> None:
    """Run the command line, in which torch is being loaded already for `grade`.

    Whoever stops it while it is still importing is told so; later the commands say it themselves.
    """
    typed = sys.argv[1:]
    try:
        with interruption.signals_to_end() if [*typed[:1]] == ["grade"] else contextlib.nullcontext():
            _run(typed)
    except KeyboardInterrupt as stop:
        interruption.say_stopped(typed)
        sys.exit(interruption.exit_status(stop))


def _run(typed: list[str]) -> None:
    startup.open_standard_streams()
    if startup.grades_here(typed):
        startup.launch()
    try:
        from grader.cli import main as run

        run()
    finally:
        if (
            keeper := startup.take_keeper()
        ) is not None:  # a command that was typed wrongly had no use for it
            keeper.close()
