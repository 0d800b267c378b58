"""Runs commands of nbgrader one after the other in one process, because importing nbgrader takes seconds.

    python nbgrader_session.py COURSE < commands.json

The input is a list of argument lists; the last line of output is the list of their exit statuses.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def run(course: Path, *commands: list[str]) -> tuple[list[int], str]:
    """The exit status of each command, run in the folder `course`, and all that was printed."""
    bin_folder = str(Path(sys.executable).parent)
    done = subprocess.run(
        [sys.executable, __file__, str(course)],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=900,  # it is stuck then
        env={**os.environ, "PATH": os.pathsep.join([bin_folder, os.environ["PATH"]])},
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    statuses: list[int] = json.loads(done.stdout.splitlines()[-1])
    return statuses, said


def main() -> None:
    from grader.nbgrader_plugin.need import need_nbgrader

    need_nbgrader()
    from jupyter_core.application import NoStart
    from nbgrader.apps import NbGraderApp

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
