"""A copy of this checkout with an environment of its own, in which the copy is what is imported everywhere.

The installed package is editable: its finder leads to this checkout, also in processes that start without any
variable of the environment, as the warm process does. So each copy has a small virtual environment whose only
content is a .pth file: the copy first, then the packages that are installed here, without their .pth files (and so
without the finder). The packages' folder is entered as one of `site`'s, so that the jail lets it be read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info")
#: Variables that would lead imports or pytest elsewhere, or have tests write down what they should compare.
_LEFT_OUT = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTEST_ADDOPTS",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
    "PYTEST_PLUGINS",
    "UPDATE_SCREENS",
    "GRADER_WRITE_GOLDEN",
    "VIRTUAL_ENV",
)


class Checkout:
    """A copy of the checkout at `source`, below `folder`, with its interpreter."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.root = folder / "course"
        self._environment = folder / "environment"
        shutil.copytree(source, self.root, symlinks=True, ignore=_NOT_COPIED)
        self._make_environment()
        self._prove()

    @property
    def python(self) -> Path:
        """The interpreter that imports the copy."""
        return self._environment / "bin" / "python"

    def variables(self) -> dict[str, str]:
        """The environment for processes of this copy."""
        environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
        path = os.pathsep.join([str(self.python.parent), environment.get("PATH", os.defpath)])
        return {**environment, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"}

    def _make_environment(self) -> None:
        purelib = Path(sysconfig.get_path("purelib"))
        inside = self._environment / purelib.relative_to(sys.prefix)
        inside.mkdir(parents=True)
        self.python.parent.mkdir()
        base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
        self.python.symlink_to(base)
        (self._environment / "pyvenv.cfg").write_text(
            f"home = {base.parent}\ninclude-system-site-packages = false\n", encoding="utf-8"
        )
        lines = [self.root, purelib, f"import site; site.PREFIXES.append({sys.prefix!r})"]
        (inside / "seeded.pth").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        script = self.python.parent / "grader"
        script.write_text(f"#!{self.python}\nfrom grader.cli import main\nmain()\n", encoding="utf-8")
        script.chmod(0o755)

    def _prove(self) -> None:
        """Ask an interpreter without variables, as the warm process is started, what it imports."""
        ask = "import grader, importlib.util as u; print(u.find_spec('torch') and grader.__file__)"
        answer = subprocess.run(
            [self.python, "-s", "-B", "-c", ask], env={}, cwd="/", capture_output=True, text=True, check=False
        )
        expected = str(self.root / "grader" / "__init__.py")
        if answer.stdout.strip() != expected:
            raise RuntimeError(
                f"the copy is not what would be tested: expected {expected}, got {answer.stdout}{answer.stderr}"
            )
