"""Runs commands of nbgrader one after the other in one process, forked from one that has imported nbgrader.

    python -m tests.kit.nbgrader_session COURSE < commands.json

The input is a list of argument lists; the last line of output is the list of their exit statuses.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from .warm import Warm


@functools.cache
def warm() -> Warm:
    """A warm process that has nbgrader as well; it ends with this one."""
    return Warm(also=("tests.kit.nbgrader_loaded",))


def run(course: Path, *commands: list[str]) -> tuple[list[int], str]:
    """The exit status of each command, run in the folder `course`, and all that was printed."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = warm().run(course, module="tests.kit.nbgrader_session", input=json.dumps(commands), PATH=programs)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    statuses: list[int] = json.loads(done.stdout.splitlines()[-1])
    return statuses, output


def main() -> None:
    from jupyter_core.application import NoStart

    from .nbgrader_loaded import NbGraderApp

    os.chdir(sys.argv[1])
    statuses: list[Any] = []
    for command in json.load(sys.stdin):
        NbGraderApp.clear_instance()
        logging.getLogger("NbGraderApp").handlers.clear()
        try:
            app = NbGraderApp.instance()
            app.initialize(command)
            app.start()
            statuses.append(0)
        except NoStart:  # how a subcommand ends
            statuses.append(0)
        except SystemExit as ended:
            statuses.append(ended.code or 0)
        if app.subapp is not None:
            type(app.subapp).clear_instance()
    print(f"\n{json.dumps(statuses)}")


if __name__ == "__main__":
    main()
