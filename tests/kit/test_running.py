"""How the tests are run: a skip that was not announced fails, rewriting fails, a changed tree fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT
from .golden import OPTION, RETIRED
from .processes import environment_without
from .warm import Warm

CONFTEST = "from tests.kit.conftest import golden, pytest_addoption, pytest_configure  # noqa\n"
SKIPPING = """
import pytest
def test_that_runs(): pass
def test_that_does_not(): pytest.skip("no wings here: install the package wings")
"""
COMPARING = """
from pathlib import Path
def test_a(golden): golden.check(Path(__file__).with_name("a.txt"), "as it is\\n")
"""


@pytest.fixture
def pytest_on(tmp_path, warm: Warm):
    """Runs pytest with the kit's options on a file of tests; gives its exit status and its last line."""
    (tmp_path / "conftest.py").write_text(CONFTEST)

    def run(source: str, *options: str, **environment: str) -> tuple[int, str, str]:
        (tmp_path / "test_it.py").write_text(source)
        inherited = environment_without("PYTEST")
        more = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
        arguments = [
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            f"--rootdir={tmp_path}",
            *options,
            "test_it.py",
        ]
        done = warm.run(*arguments, module="pytest", cwd=tmp_path, env=inherited, **more)
        return done.returncode, done.stdout.rstrip().rpartition("\n")[2], done.stdout + done.stderr

    return run


BY_TWO = ("-p", "xdist", "-n", "2")
MODULE = 'import pytest\npytest.importorskip("wings")\ndef test_a(): pass\n'
XFAIL = "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False\ndef test_b(): pass\n"


def test_a_skip_is_a_skip_where_nobody_minds(pytest_on):
    status, end, _ = pytest_on(SKIPPING)
    assert status == 0
    assert "1 passed, 1 skipped" in end


@pytest.mark.parametrize(
    "number", [0, pytest.param(4, marks=pytest.mark.slow)], ids=["in one process", "in two"]
)
def test_a_skip_that_was_not_announced_fails(pytest_on, number):
    status, end, output = pytest_on(SKIPPING, "--fail-on-skip", *BY_TWO[:number])
    assert status == 1
    assert "1 failed, 1 passed" in end, "pytest's own count is the last line"
    assert "no wings here: install the package wings\nThis skip was not announced." in output


def test_a_skip_that_was_announced_is_a_skip(pytest_on):
    status, end, _ = pytest_on(SKIPPING, "--fail-on-skip", "--allow-skip", "fins", "--allow-skip", "no wings")
    assert status == 0
    assert "1 passed, 1 skipped" in end


@pytest.mark.parametrize("number", [0, 4], ids=["in one process", "in two"])
def test_a_file_that_is_skipped_fails_as_well(pytest_on, number):
    status, end, output = pytest_on(MODULE, "--fail-on-skip", *BY_TWO[:number])
    assert status != 0
    assert "1 error" in end
    assert "could not import 'wings'" in output


def test_an_expected_failure_is_no_skip(pytest_on):
    assert pytest_on(XFAIL, "--fail-on-skip")[0] == 0


def test_rewriting_fails_once_and_then_what_was_written_is_compared(pytest_on, tmp_path):
    path = tmp_path / "a.txt"
    assert pytest_on(COMPARING)[0] == 1, "there is no such file"
    assert not path.exists()
    path.write_text("as it was\n")
    status, _, output = pytest_on(COMPARING)
    assert status == 1
    assert "-as it was" in output
    assert path.read_text() == "as it was\n", "written only when asked to"
    status, end, output = pytest_on(COMPARING, OPTION)
    assert status == 1
    assert "1 failed" in end
    assert "a.txt was rewritten: look at the difference and run again without" in output
    assert path.read_text() == "as it is\n"
    assert pytest_on(COMPARING)[0] == 0
    assert pytest_on(COMPARING, OPTION)[0] == 0, "nothing was to be rewritten"


@pytest.mark.parametrize("name", RETIRED)
def test_a_retired_variable_is_refused_and_never_followed(pytest_on, tmp_path, name):
    (tmp_path / "a.txt").write_text("as it was\n")
    status, _, output = pytest_on(COMPARING, **{name: "1"})
    assert status == 4
    assert f"{name} is not read any more" in output
    assert (tmp_path / "a.txt").read_text() == "as it was\n"


def scripts(folder: Path, test: str, setup: str = "") -> Path:
    """A checkout with the scripts of .ci, in which setting up is `setup` and python is `test`."""
    (folder / ".ci").mkdir()
    for name in ("test", "tree", "lacking"):
        (folder / ".ci" / name).write_bytes((ROOT / ".ci" / name).read_bytes())
    (folder / ".ci" / "setup").write_text(setup)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{test}\n")
    python.chmod(0o755)
    (folder / ".gitignore").write_text(".venv/\n")
    (folder / "a.txt").write_text("a\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "All"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    return folder


def bash_test(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name not in ("VENV", "PYTEST_ADDOPTS")}
    command = ["bash", str(folder / ".ci" / "test"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**inherited, **environment}, cwd=folder
    )


def test_the_command_says_how_long_it_takes_before_it_begins(tmp_path):
    done = bash_test(scripts(tmp_path, "echo '3 passed'"))
    assert done.returncode == 0, done.stderr
    assert "minutes" in done.stderr
    assert done.stdout == "3 passed\n"


@pytest.mark.parametrize("change", ["echo b >a.txt", "echo b >b.txt", "rm a.txt", "git rm -q --cached a.txt"])
def test_a_run_that_changes_the_tree_fails_and_says_where(tmp_path, change):
    done = bash_test(scripts(tmp_path, change))
    assert done.returncode == 1
    assert "changed during the run" in done.stderr
    assert ".txt" in done.stderr.partition("changed during the run")[2]


def test_what_was_changed_before_may_stay_so_but_not_change_again(tmp_path):
    folder = scripts(tmp_path, "true")
    (folder / "a.txt").write_text("mine\n")
    (folder / "new.txt").write_text("mine\n")
    assert bash_test(folder).returncode == 0
    (folder / ".venv" / "bin" / "python").write_text("#!/bin/sh\necho more >>new.txt\n")
    assert bash_test(folder).returncode == 1


@pytest.mark.parametrize("variables", [{}, {"PYTHONDONTWRITEBYTECODE": "1"}], ids=["usual", "no bytecode"])
def test_setting_up_compiles_the_engine_also_where_nothing_is_installed(tmp_path, variables):
    """The processes that grade write no bytecode, so nobody else would compile what they alone import."""
    for name in (".ci", "grader", "venv/bin"):
        (tmp_path / name).mkdir(parents=True)
    for name in (".ci/setup", ".ci/constraints.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "grader" / "one.py").write_text("a = 1\n")
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "venv" / "bin" / "pip").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "venv" / "bin" / "pip").chmod(0o755)
    files = (tmp_path / "pyproject.toml", tmp_path / ".ci" / "constraints.txt")
    stamp = f"{tmp_path}\n{''.join(path.read_text() for path in files)}"
    (tmp_path / "venv" / ".rnn-grader").write_text(stamp)
    environment = environment_without("PYTHON")
    done = subprocess.run(
        ["bash", str(tmp_path / ".ci" / "setup")],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "VENV": str(tmp_path / "venv"), **variables},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list((tmp_path / "grader" / "__pycache__").glob("one.*.pyc"))


def test_a_failing_run_fails_with_its_own_status(tmp_path):
    assert bash_test(scripts(tmp_path, "exit 5")).returncode == 5


def test_rewriting_is_refused(tmp_path):
    folder = scripts(tmp_path, "echo run")
    for done in (bash_test(folder, OPTION), bash_test(folder, PYTEST_ADDOPTS=f"-x {OPTION}")):
        assert done.returncode == 2
        assert "compares" in done.stderr
        assert "run" not in done.stdout


def test_variables_that_rewrite_are_unset(tmp_path):
    folder = scripts(tmp_path, "env")
    output = bash_test(folder, **dict.fromkeys(RETIRED, "1")).stdout
    assert "PATH=" in output
    assert not [name for name in RETIRED if name in output]


def announced(folder: Path, path: str) -> tuple[str, str]:
    """What `--all` announces where only the programs of `path` are, and what it hands to pytest."""
    done = bash_test(folder, "--all", PATH=path)
    assert done.returncode == 0, done.stderr
    return done.stderr, done.stdout


def test_what_is_missing_is_announced_and_only_that_may_be_skipped(tmp_path):
    folder, programs = tmp_path / "tree", tmp_path / "programs"
    for place in (folder, programs):
        place.mkdir()
    scripts(folder, 'echo "$@"')
    for name in ("bash", "dirname", "nproc", "id", "uname", "git", "sort", "sha256sum", "cut", "sh"):
        (programs / name).symlink_to(str(shutil.which(name)))
    announcement, options = announced(folder, str(programs))
    assert "No Chromium here: the tests of pages in a browser are skipped." in announcement
    assert "--fail-on-skip --allow-skip no Chromium here" in options
    (programs / "chromium").symlink_to("/bin/true")
    announcement, options = announced(folder, str(programs))
    assert "Chromium" not in announcement + options
    assert "--fail-on-skip" in options


REASONS = {
    "no Chromium here": "test_report_browser.py",
    "PostgreSQL is not installed": "gradebook_databases.py",
} | {
    "there is no git": "ci_hosts.py",
    "run by an ordinary user anyway": "test_jail.py",
    "int 0x80 is an instruction of x86": "test_jail.py",
    "no kernel headers here": "test_jail_filter.py",
    "no separate hosts here": "hosts.py",
}


def test_reasons_that_are_announced_are_those_that_tests_give():
    script = (ROOT / ".ci" / "test").read_text(encoding="utf-8")
    assert set(re.findall(r'announce "([^"]+)"', script)) == set(REASONS)
    for reason, name in REASONS.items():
        assert f'"{reason}' in (ROOT / "tests" / "kit" / name).read_text(encoding="utf-8"), reason


def test_whoever_runs_everything_compares_and_lets_nothing_be_left_out():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(name in script.partition("unset ")[2].splitlines()[0] for name in RETIRED)
    assert script.rstrip().endswith('step bash "$here/test" --all')
    assert "--all" in (ROOT / ".ci" / "test").read_text(encoding="utf-8")


PROFILE = "import hypothesis\ndef test_a(): assert hypothesis.settings().max_examples == {}\n"


@pytest.mark.parametrize(("options", "count"), [((), 50), (("--hypothesis-profile=full",), 200)])
def test_more_examples_are_tried_where_everything_is(pytest_on, options, count):
    status, _, output = pytest_on(PROFILE.format(count), "-p", "_hypothesis_pytestplugin", *options)
    assert status == 0, output
    assert options == () or options[0] in (ROOT / ".ci" / "test").read_text(encoding="utf-8")
