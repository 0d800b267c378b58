"""Commands and zygotes that are forked from warm processes do what those do that are started: tests rely on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.run.path import grade
from grader.subject import keeper
from grader.subject.confinement import Confinement
from grader.subject.keeper import Keeper
from tests.kit.processes import fresh

from . import course_factory as factory
from .locked import needs_jail
from .warm import ForkedZygote, Warm

ON_TOP = ("Max data size", "Max address space")  # of what is mapped already, which differs a little
SHOW = """
import json, os, sys
print(json.dumps([sys.argv[1:], os.getcwd(), sorted(os.environ.items()), __name__, sys.path[0]]))
print("to the other stream", file=sys.stderr)
sys.exit(len(sys.argv))
"""


def started(module: str, *arguments: object, cwd: Path, env: dict[str, str]) -> tuple[int, str, str]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_forked_command_has_the_same_arguments_folder_environment_streams_and_status(
    warm: Warm, tmp_path: Path
):
    (tmp_path / "show.py").write_text(SHOW)
    env = {"PATH": "/bin", "LC_ALL": "C.UTF-8", "MINE": "ü"}
    forked = warm.run("a", "b c", module="show", cwd=tmp_path, env=env)
    output = forked.returncode, forked.stdout, forked.stderr
    assert output == started("show", "a", "b c", cwd=tmp_path, env=env)
    assert output[0] == 3
    assert json.loads(output[1])[3] == "__main__"


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("raise ValueError('no')", 1),
        ("import sys; sys.exit('no')", 1),
        ("import sys; sys.exit()", 0),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import os; os._exit(7)", 7),
    ],
)
def test_a_forked_command_ends_as_one_that_is_started(warm: Warm, tmp_path: Path, source: str, status: int):
    (tmp_path / "ends.py").write_text(source)
    forked = warm.run(module="ends", cwd=tmp_path, env={})
    status_of_started, out, err = started("ends", cwd=tmp_path, env={})
    assert forked.returncode == status_of_started == status
    assert forked.stdout == out
    assert forked.stderr.splitlines()[-1:] == err.splitlines()[-1:]


def test_what_one_command_does_to_its_process_is_unknown_to_the_next(warm: Warm, tmp_path: Path):
    (tmp_path / "spoils.py").write_text(
        "import grader, os, sys\ngrader.spoilt = True\nos.environ['SPOILT'] = '1'\n"
    )
    (tmp_path / "looks.py").write_text(
        "import grader, os\nprint(hasattr(grader, 'spoilt'), 'SPOILT' in os.environ)\n"
    )
    assert warm.run(module="spoils", cwd=tmp_path).returncode == 0
    assert warm.run(module="looks", cwd=tmp_path).stdout == "False False\n"


@needs_jail
def test_a_forked_zygote_is_confined_as_one_that_is_started_and_leaves_nothing(warm_zygotes: None):
    children: list[tuple[list[str], list[str], int]] = []
    forked, started = Keeper.launch(Confinement.checked("answer")), real_keeper()
    for launched, kind in ((forked, ForkedZygote), (started, subprocess.Popen)):
        launched.wait()
        child = launched.fork()
        status = Path(f"/proc/{child.pid}/status").read_text().splitlines()
        names = ("NoNewPrivs", "Seccomp", "CapEff", "CapPrm", "CapBnd", "Groups", "Threads")
        limits = [
            line
            for line in Path(f"/proc/{child.pid}/limits").read_text().splitlines()
            if not line.startswith(ON_TOP)
        ]
        descriptors = len(list(Path(f"/proc/{child.pid}/fd").iterdir()))
        children.append(([line for line in status if line.startswith(names)], limits, descriptors))
        launched.close()
        assert launched._process is not None
        assert launched._process.poll() is not None
        assert isinstance(launched._process, kind)
    assert children[0] == children[1]


def real_keeper() -> Keeper:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeper, "subprocess", subprocess)
        return Keeper.launch(Confinement.checked("answer"))


@needs_jail
def test_the_verdict_is_the_same(warm: Warm, tmp_path: Path):
    course, assignment = factory.make_course(tmp_path / "course")
    submissions = [factory.submission("ann", factory.RIGHT), factory.submission("ben", factory.WRONG)]
    with warm.in_use():
        forked = grade(course, assignment, submissions)
    folder = factory.hand_in(tmp_path / "class", assignment, {"ann": factory.RIGHT, "ben": factory.WRONG})
    command = ["grade", folder, "-a", assignment.name, "--course", course.root]
    verdicts = []
    for out, run in (("forked", warm.run), ("started", fresh)):
        assert run(*command, "--out", tmp_path / out).returncode == 0
        written = json.loads((tmp_path / out / "results.json").read_text(encoding="utf-8"))
        verdicts.append([{**entry, "seconds": 0, "cpu": 0} for entry in written["submissions"]])
    assert verdicts[0] == verdicts[1]
    assert [entry["score"] for entry in verdicts[0]] == [result.score for result in forked] == [10.0, 4.0]
