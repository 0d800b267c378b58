"""Every template in docs/ci/ is run as it is written, as far as it runs without its host.

What stands in for the host: repositories on this disk under the names of the hosts' (git's `insteadOf`), an
environment that has the heavy packages already, folders for those of the runner, and an `apt-get` that only takes
notes. Everything else is the template's own: its steps, in its order, in the shell that its host would use.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from grader.assignments import find_course

from . import ci_hosts
from .ci_hosts import ROOT, TEMPLATES, bash

pytestmark = ci_hosts.NEEDS


def test_what_is_typed_first_works_as_written(tmp_path):
    """In the folder of the kit: here one that has links to its parts, so that nothing is written into it."""
    page = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    first = page.partition("## What you type first\n")[2].partition("\n## ")[0]
    script = "\n".join(line[4:] for line in first.splitlines() if line.startswith("    "))
    for part in ("solutions", "tests", "docs"):
        (tmp_path / part).symlink_to(ROOT / part)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = bash(script, tmp_path, {"PATH": programs, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert find_course(tmp_path / "course").names() == ("birnn",)
    workflow = tmp_path / "course" / ".github" / "workflows" / "grade-class.yml"
    assert workflow.read_bytes() == (TEMPLATES / "github-class.yml").read_bytes()
