"""What stands in for the hosts of the templates in docs/ci/: a runner, repositories, a shell."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from grader.assignments import find_course
from grader.bundle import bundle_course
from tests.kit.processes import GUARD

from .locked import needs_jail

ROOT = Path(__file__).resolve().parents[2]


TEMPLATES = ROOT / "docs" / "ci"


CLASS = ROOT / "tests" / "sample_class" / "birnn"


TOKEN = "t0ken-of-the-course"


#: The marks of every module that runs a template.
NEEDS = [
    needs_jail,
    pytest.mark.skipif(not shutil.which("git"), reason="there is no git"),
]


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Path:
    """A runner's temporary folder, with an environment in it that has every package but the grader."""
    folder = tmp_path_factory.mktemp("runner")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    library = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    shutil.rmtree(library)
    try:
        shutil.copytree(sysconfig.get_path("purelib"), library, copy_function=os.link)
    except (OSError, shutil.Error):  # another file system
        shutil.rmtree(library, ignore_errors=True)
        shutil.copytree(sysconfig.get_path("purelib"), library)
    for path in [*library.glob("rnn_grader*"), *library.glob("__editable__*rnn_grader*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    pip = folder / "venv" / "bin" / "pip"
    pip.write_text(f'#!/bin/sh\nexec "{folder}/venv/bin/python" -m pip "$@"\n')
    pip.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def course_repository(tmp_path_factory) -> Path:
    """The private course repository: an unpacked bundle, and the list of the class."""
    folder = tmp_path_factory.mktemp("hosts") / "github" / "OWNER" / "COURSE.git"
    folder.mkdir(parents=True)
    bundle_course(find_course(ROOT), ["birnn"], folder.parent / "bundle.zip")
    with zipfile.ZipFile(folder.parent / "bundle.zip") as archive:
        archive.extractall(folder)
    (folder / "students.txt").write_bytes(
        b"# the class\r\nCLASS/alba\r\nCLASS/nobody\r\n\r\nFORK/alba  # of one name\r\nCLASS/empty\r\nCLASS/boris"
    )
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], [*identity, "commit", "-qm", "Hand in"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True, env={"PATH": os.environ["PATH"]})


def student_with(score: str) -> Path:
    """A .py submission of the sample class: the first with full marks, or the first with some of the points."""
    for golden in sorted(CLASS.glob("*/expected.json")):
        file = golden.parent / "birnn.py"
        expected = json.loads(golden.read_text(encoding="utf-8"))
        fits = expected["score"] == 40 if score == "full" else 0 < expected["score"] < 40
        if file.exists() and expected["status"] == "graded" and fits:
            return file
    raise AssertionError(score)


def environment(machine: Path, hosts: dict[str, Path], **more: str) -> dict[str, str]:
    """What a host gives to a step: nothing of this process's but the way to programs and packages."""
    keep = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    config = {"GIT_CONFIG_COUNT": str(len(hosts)), "GIT_TERMINAL_PROMPT": "0"}
    for number, (url, folder) in enumerate(hosts.items()):
        config[f"GIT_CONFIG_KEY_{number}"] = f"url.file://{folder}/.insteadOf"
        config[f"GIT_CONFIG_VALUE_{number}"] = url
    return {"PATH": os.environ["PATH"], "HOME": str(machine), "LANG": "C.UTF-8", **keep, **config, **more}


def bash(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as the hosts do: the first command that fails ends it."""
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=GUARD, check=False
    )


def secrets() -> set[str]:
    """Lines that stand in the hidden suite only."""
    lines = (ROOT / "tests" / "hidden" / "birnn" / "test_numpy.py").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if len(line.strip()) > 40 and not line.strip().startswith('"""')}


def wrong_thing(folder: Path) -> None:
    """What a student leaves who has not understood what is to be handed in."""
    (folder / "my work").mkdir(parents=True)
    (folder / "my work" / "notes.txt").write_text("It works on my machine.")


WRONG_THING = ("birnn.py or birnn.ipynb was not handed in", "notes.txt")
