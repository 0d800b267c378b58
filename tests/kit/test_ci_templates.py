"""Every template in docs/ci/ is run as it is written, as far as it runs without its host.

What stands in for the host: repositories on this disk under the names of the hosts' (git's `insteadOf`), an
environment that has the heavy packages already, folders for those of the runner, and an `apt-get` that only takes
notes. Everything else is the template's own: its steps, in its order, in the shell that its host would use.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from grader.assignments import find_course, load
from grader.bundle import bundle_course, bundle_gradescope
from grader.subject import jail
from tests.kit.processes import GUARD
from tests.kit.test_export_graders import prairielearn_faults

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "docs" / "ci"
CLASS = ROOT / "tests" / "sample_class" / "birnn"
TOKEN = "t0ken-of-the-course"
MISSING = jail.missing(jail.probe())

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"this machine lacks {', '.join(MISSING)}"),
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


class GitHub:
    """Runs a workflow's steps in a workspace."""

    def __init__(self, template: str, machine: Path, workspace: Path, hosts: dict[str, Path]) -> None:
        self.workflow = yaml.safe_load((TEMPLATES / template).read_text(encoding="utf-8"))
        self.workspace, self.machine = workspace, machine
        self.summary, self.exports = machine / "summary.md", machine / "github_env"
        for path in (self.summary, self.exports):
            path.write_text("")
        self.env = environment(
            machine,
            hosts,
            GITHUB_ACTIONS="true",
            GITHUB_WORKSPACE=str(workspace),
            GITHUB_REPOSITORY=f"CLASS/{workspace.name}",
            GITHUB_STEP_SUMMARY=str(self.summary),
            GITHUB_ENV=str(self.exports),
            GITHUB_OUTPUT=str(machine / "github_output"),
            RUNNER_TEMP=str(machine),
            **self.workflow["env"],
        )

    def run(self) -> dict[str, subprocess.CompletedProcess[str]]:
        """The outcome of each step by its name, up to the first that fails; then of those that are always run."""
        done: dict[str, subprocess.CompletedProcess[str]] = {}
        (job,) = self.workflow["jobs"].values()
        failed = False
        for step in job["steps"]:
            if "run" not in step:
                assert step["uses"].split("@")[0] in (
                    "actions/cache",
                    "actions/checkout",
                    "actions/setup-python",
                    "actions/upload-artifact",
                )
                continue
            if failed and step.get("if") != "always()":
                continue
            exported = dict(line.split("=", 1) for line in self.exports.read_text().splitlines())
            own = {name: filled(value) for name, value in step.get("env", {}).items()}
            done[step["name"]] = bash(filled(step["run"]), self.workspace, {**self.env, **exported, **own})
            failed = failed or done[step["name"]].returncode != 0
        return done


def filled(text: str) -> str:
    """The text with the host's expressions filled in; only those of secrets are used in what is run."""
    text = re.sub(r"\$\{\{ secrets\.\w+ \}\}", TOKEN, text)
    text = re.sub(r"\$\{\{ vars\.\w+ \}\}", "", text)  # a variable that nobody has set
    assert "${{" not in text
    return text


def report(done: dict[str, subprocess.CompletedProcess[str]]) -> str:
    return "\n".join(f"{name}: {step.returncode}\n{step.stdout}{step.stderr}" for name, step in done.items())


def secrets() -> set[str]:
    """Lines that stand in the hidden suite only."""
    lines = (ROOT / "tests" / "hidden" / "birnn" / "test_numpy.py").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if len(line.strip()) > 40 and not line.strip().startswith('"""')}


def wrong_thing(folder: Path) -> None:
    """What a student leaves who has not understood what is to be handed in."""
    (folder / "my work").mkdir(parents=True)
    (folder / "my work" / "notes.txt").write_text("It works on my machine.")


WRONG_THING = ("birnn.py or birnn.ipynb was not handed in", "notes.txt")


@pytest.fixture
def push(machine, course_repository, tmp_path):
    """Runs the template for every push on one submission."""

    def run(file: Path | None, repository: Path = course_repository) -> tuple[GitHub, dict]:
        workspace = tmp_path / "workspace" / "birnn-mia"
        if file is None:
            wrong_thing(workspace)
        else:
            shutil.copytree(ROOT / "assignments" / "birnn", workspace)
            shutil.copy(file, workspace / "birnn.py")
        for name in ("course", "results"):
            shutil.rmtree(machine / name, ignore_errors=True)
        hosts = {f"https://x-access-token:{TOKEN}@github.com/": repository.parents[1]}
        host = GitHub("github-push.yml", machine, workspace, hosts)
        return host, host.run()

    return run


@pytest.mark.slow
def test_a_push_with_a_mistake_is_annotated_and_summed_up(push, machine):
    host, done = push(student_with("a mistake"))
    assert [step.returncode for step in done.values()] == [0] * len(done), report(done)
    output = done["Show the result"].stdout
    annotations = [line for line in output.splitlines() if line.startswith(("::error ", "::warning "))]
    assert 0 < len(annotations) <= 10
    assert all(re.match(r"::\w+ (\w+=[^,:]*,?)+::[^\n]+", line) for line in annotations), annotations
    assert "birnn.py" in output
    assert "of 40" in host.summary.read_text(encoding="utf-8")
    (result,) = json.loads((machine / "results" / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert (result["student"], result["status"]) == ("CLASS__birnn-mia", "graded")
    # What is left on the machine and what is shown holds neither the token nor a line of the suite.
    assert not (machine / "course" / ".git").exists()
    words = report(done) + host.summary.read_text(encoding="utf-8") + json.dumps(result)
    assert TOKEN not in words
    assert not [line for line in secrets() if line in words]


def test_a_pushs_environment_is_kept_until_the_engine_asks_for_another(course_repository, machine, tmp_path):
    """The key of the cache: the same for the same packages, another for others."""
    workflow = yaml.safe_load((TEMPLATES / "github-push.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["grade"]["steps"]
    names = [step.get("name", step.get("uses", "")) for step in steps]
    before = names.index("Name the environment")
    assert names[before : before + 3] == ["Name the environment", "actions/cache@v4", "Install the grader"]
    assert steps[before + 1]["with"]["path"] == "${{ runner.temp }}/venv", "where VENV is"
    keys = []
    for change in ("", "", "\n# another\n"):
        course = tmp_path / str(len(keys)) / "course"
        shutil.copytree(course_repository, course)
        with (course / ".ci" / "constraints.txt").open("a") as file:
            file.write(change)
        output = tmp_path / f"output{len(keys)}"
        env = environment(machine, {}, COURSE=str(course), GITHUB_OUTPUT=str(output))
        assert bash(steps[before]["run"], tmp_path, env).returncode == 0
        keys.append(output.read_text(encoding="utf-8"))
    assert keys[0] == keys[1] != keys[2]
    assert re.fullmatch(r"key=[0-9a-f]{64}\n", keys[0])


@pytest.mark.slow
def test_a_push_that_is_right_has_nothing_to_annotate(push, machine):
    host, done = push(student_with("full"))
    assert [step.returncode for step in done.values()] == [0] * len(done), report(done)
    assert "::error" not in done["Show the result"].stdout
    assert "40 of 40" in host.summary.read_text(encoding="utf-8")


def test_a_push_of_the_wrong_thing_is_a_result_and_no_fault_of_the_grader(push, machine):
    host, done = push(None)
    assert [step.returncode for step in done.values()] == [0] * len(done), report(done)
    assert "::error " in done["Show the result"].stdout
    (result,) = json.loads((machine / "results" / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert (result["status"], result["score"]) == ("unreadable", 0.0)
    assert all(words in done["Show the result"].stdout for words in WRONG_THING)
    assert "0 of 40" in host.summary.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_push_that_could_not_be_judged_fails_the_job_and_gives_no_zero(
    push, machine, course_repository, tmp_path
):
    """The reference of this course does not pass its own suite."""
    broken = tmp_path / "github" / "OWNER" / "COURSE.git"
    shutil.copytree(course_repository, broken, ignore=shutil.ignore_patterns(".git"))
    solution = broken / "solutions" / "birnn" / "birnn.py"
    solution.write_text(
        solution.read_text(encoding="utf-8") + "\ndef birnn_forward(*arguments):\n    return 0\n"
    )
    commit(broken)
    _, done = push(student_with("full"), broken)
    assert list(done)[-1] == "Grade", report(done)
    assert done["Grade"].returncode in (1, 2)
    assert "the reference itself does not pass" in done["Grade"].stderr
    assert not (machine / "results" / "results.json").exists()


def class_of(folder: Path, repositories: dict[str, str]) -> dict[str, Path]:
    """Students' repositories, and where the host's are; what is "" has nothing in it."""
    for name, score in repositories.items():
        repository = folder / f"{name}.git"
        repository.mkdir(parents=True)
        if score:
            shutil.copy(student_with(score), repository / "birnn.py")
            commit(repository)
        else:
            subprocess.run(["git", "init", "-q", "-b", "main"], cwd=repository, check=True)
    return {f"https://x-access-token:{TOKEN}@github.com/": folder}


def test_a_class_is_fetched_and_graded_by_the_course_repository(machine, course_repository, tmp_path):
    shutil.rmtree(machine / "results", ignore_errors=True)
    shutil.rmtree(machine / "submissions", ignore_errors=True)
    workspace = machine / "course"  # actions/checkout puts the course repository itself into the workspace
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(course_repository, workspace, ignore=shutil.ignore_patterns(".git"))
    repositories = {"CLASS/alba": "full", "FORK/alba": "full", "CLASS/boris": "a mistake", "CLASS/empty": ""}
    done = GitHub("github-class.yml", machine, workspace, class_of(tmp_path / "github", repositories)).run()
    *others, last = done
    assert [done[name].returncode for name in others] == [0] * len(others), report(done)
    fetched = done["Fetch the submissions"].stdout
    assert "::warning title=Not fetched::CLASS/nobody: cannot be cloned" in fetched
    assert (last, done[last].returncode) == ("Fail if somebody was not fetched", 1), "red, after all the rest"
    assert (machine / "results" / "not-fetched.txt").read_text() == "CLASS/nobody: cannot be cloned\n"
    results = json.loads((machine / "results" / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert [(result["student"], result["status"], result["score"] == 40) for result in results] == [
        ("CLASS__alba", "graded", True),
        ("CLASS__boris", "graded", False),
        ("CLASS__empty", "unreadable", False),
        ("FORK__alba", "graded", True),
    ]
    table = (machine / "results" / "grades.csv").read_text(encoding="utf-8")
    assert "CLASS__alba" in table
    assert "CLASS__boris" in table
    suites = ElementTree.parse(machine / "results" / "junit.xml").getroot()
    assert suites.find(".//testcase") is not None
    assert suites.find(".//failure") is not None
    assert list((machine / "results").rglob("*.html"))


#: students.txt → (whose folders there must be, what not-fetched.txt must say)
LISTS = {
    "no line break at the end": (b"A/x\nB/x", {"A__x", "B__x"}, ""),
    "one alone": (b"A/x", {"A__x"}, ""),
    "Windows": (b"\xef\xbb\xbfA/x\r\nB/x\r\n", {"A__x", "B__x"}, ""),
    "spaces and blank lines": (b"\n  A/x \t\n\n \nB/x\n\n", {"A__x", "B__x"}, ""),
    "comments": (b"#A/x\nB/x#first\n# x y z\nA/x # Ann King", {"A__x", "B__x"}, ""),
    "twice": (b"A/x\nA/x\n", {"A__x"}, ""),
    "as addresses": (b"https://github.com/A/x\nhttps://github.com/B/x.git/\nB/x.git\n", {"A__x", "B__x"}, ""),
    "names with dots and dashes": (b"A/x-1.y_z\n", {"A__x-1.y_z"}, ""),
    "two on a line": (b"A/x B/x\nB/x\n", {"B__x"}, "A/x B/x: expected one repository on a line\n"),
    "no repository": (b"x\nA/x\n../../etc\nA/\n", {"A__x"}, "x: expected OWNER/NAME\n"),
    "one that is not there": (b"A/nobody\nA/x", {"A__x"}, "A/nobody: cannot be cloned\n"),
    "a command": (
        b"A/x\n$(touch${IFS}owned)/x\n-u/x\n",
        {"A__x"},
        "$(touch${IFS}owned)/x: expected OWNER/NAME\n",
    ),
}


@pytest.fixture(scope="module")
def repositories(tmp_path_factory) -> dict[str, Path]:
    return class_of(tmp_path_factory.mktemp("github"), {"A/x": "full", "B/x": "full", "A/x-1.y_z": "full"})


@pytest.mark.parametrize("name", LISTS)
def test_the_list_of_the_class(name, repositories, tmp_path):
    """The step that fetches, alone."""
    text, folders, complaint = LISTS[name]
    (tmp_path / "students.txt").write_bytes(text)
    workflow = yaml.safe_load((TEMPLATES / "github-class.yml").read_text(encoding="utf-8"))
    steps = {step.get("name"): step for step in workflow["jobs"]["grade"]["steps"]}
    places = {"SUBMISSIONS": str(tmp_path / "s p"), "RESULTS": str(tmp_path / "r")}
    env = environment(tmp_path, repositories, CLASS_TOKEN=TOKEN, **places)
    done = bash(steps["Fetch the submissions"]["run"], tmp_path, env)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "s p").iterdir()} == folders
    assert all(
        [path.name for path in folder.iterdir()] == ["birnn.py"] for folder in (tmp_path / "s p").iterdir()
    )
    listed = tmp_path / "r" / "not-fetched.txt"
    words = listed.read_text() if listed.exists() else ""
    assert words.startswith(complaint)
    assert bool(words) == bool(complaint)
    assert not (tmp_path / "owned").exists()
    last = bash(steps["Fail if somebody was not fetched"]["run"], tmp_path, env)
    assert last.returncode == (1 if complaint else 0)
    assert words in last.stdout


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("A/nobody\n", "None of the repositories in students.txt could be fetched"),
        ("# nobody yet\n", "None of the repositories in students.txt could be fetched"),
        (None, "There is no students.txt beside the bundle"),
    ],
)
def test_a_class_of_which_nothing_can_be_fetched_ends_red(repositories, tmp_path, listed, message):
    if listed is not None:
        (tmp_path / "students.txt").write_text(listed)
    workflow = yaml.safe_load((TEMPLATES / "github-class.yml").read_text(encoding="utf-8"))
    step = next(
        entry for entry in workflow["jobs"]["grade"]["steps"] if entry.get("name") == "Fetch the submissions"
    )
    places = {"SUBMISSIONS": str(tmp_path / "s"), "RESULTS": str(tmp_path / "r")}
    done = bash(step["run"], tmp_path, environment(tmp_path, repositories, CLASS_TOKEN=TOKEN, **places))
    assert done.returncode == 1
    assert f"::{message}" in done.stdout


def gitlab(
    machine: Path, course_repository: Path, project: Path
) -> tuple[dict, subprocess.CompletedProcess[str]]:
    """The template's job, and what came of it for a project."""
    (job,) = yaml.safe_load((TEMPLATES / "gitlab.yml").read_text(encoding="utf-8")).values()
    shutil.rmtree(machine / "course", ignore_errors=True)
    # The host's variables of a project come before those of the file: folders of this test's.
    folders = {"COURSE": str(machine / "course"), "VENV": str(machine / "venv")}
    variables = {**job["variables"], **folders, "COURSE_PATH": "OWNER/COURSE", "COURSE_TOKEN": TOKEN}
    hosts = {f"https://course:{TOKEN}@gitlab.example.org/": course_repository.parents[1]}
    host = {"CI": "true", "CI_PROJECT_DIR": str(project), "CI_PROJECT_NAME": project.name}
    host["CI_SERVER_HOST"] = "gitlab.example.org"
    return job, bash("\n".join(job["script"]), project, environment(machine, hosts, **variables, **host))


@pytest.mark.slow
def test_gitlab_grades_a_push(machine, course_repository, tmp_path):
    project = tmp_path / "mia-birnn"
    project.mkdir()
    shutil.copy(student_with("a mistake"), project / "birnn.py")
    # What a student commits under these names must not count: a result of their own, and a link out of there.
    (project / "results").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "submissions").mkdir(parents=True)
    (tmp_path / "elsewhere" / "results.json").write_text('{"assignment": "mine"}')
    job, done = gitlab(machine, course_repository, project)
    assert done.returncode == 0, done.stdout + done.stderr
    suites = ElementTree.parse(project / job["artifacts"]["reports"]["junit"]).getroot()
    names = [(case.get("classname"), case.get("name")) for case in suites.iter("testcase")]
    assert len(names) == len(set(names)) > 20, "of cases with one name all but one are dropped"
    assert suites.find(".//failure") is not None
    (result,) = json.loads((project / "results" / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert result["student"] == "mia-birnn"
    assert (tmp_path / "elsewhere" / "results.json").read_text() == '{"assignment": "mine"}'
    assert all(list(project.glob(path)) for path in job["artifacts"]["paths"])


def test_gitlab_takes_the_wrong_thing_for_a_result(machine, course_repository, tmp_path):
    wrong_thing(tmp_path / "mia-birnn")
    _, done = gitlab(machine, course_repository, tmp_path / "mia-birnn")
    assert done.returncode == 0, done.stdout + done.stderr
    error = ElementTree.parse(tmp_path / "mia-birnn" / "junit.xml").getroot().find(".//error")
    assert error is not None
    assert all(words in error.get("message", "") for words in WRONG_THING)


@pytest.fixture(scope="module")
def gradescope(machine, tmp_path_factory) -> Path:
    """Gradescope's folder after the image was built with setup.sh."""
    folder = tmp_path_factory.mktemp("autograder")
    course = find_course(ROOT)
    bundle_gradescope(course, load(course, "birnn"), folder / "autograder.zip")
    # Not extractall: it forgets which files may be executed, as Gradescope does not.
    subprocess.run(["unzip", "-q", folder / "autograder.zip", "-d", folder / "source"], check=True)
    (folder / "venv").symlink_to(machine / "venv")
    programs = folder / "programs"
    programs.mkdir()
    (programs / "apt-get").write_text('#!/bin/sh\necho "$@" >> "$AUTOGRADER/apt"\n')
    (programs / "apt-get").chmod(0o755)
    env = environment(machine, {}, AUTOGRADER=str(folder))
    env["PATH"] = f"{programs}:{env['PATH']}"
    setup = subprocess.run(
        [folder / "source" / "setup.sh"], env=env, capture_output=True, text=True, timeout=GUARD
    )
    assert setup.returncode == 0, setup.stdout + setup.stderr
    assert "install -y -q python3 python3-venv" in (folder / "apt").read_text()
    return folder


def autograde(folder: Path, machine: Path, file: Path | None) -> subprocess.CompletedProcess[str]:
    for name in ("submission", "results"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    if file is None:
        wrong_thing(folder / "submission")
    else:
        shutil.copy(file, folder / "submission" / "birnn.py")
    env = environment(machine, {}, AUTOGRADER=str(folder))
    program = folder / "source" / "run_autograder"
    return subprocess.run([program], env=env, capture_output=True, text=True, timeout=GUARD, cwd=folder)


def test_gradescope_gets_results_it_understands(gradescope, machine):
    done = autograde(gradescope, machine, student_with("a mistake"))
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((gradescope / "results" / "results.json").read_text(encoding="utf-8"))
    assert 0 < results["score"] < 40
    assert sum(test["max_score"] for test in results["tests"]) == pytest.approx(40)
    assert not [line for line in secrets() if line in json.dumps(results) + done.stdout]


def test_gradescope_gets_a_result_for_the_wrong_thing(gradescope, machine):
    done = autograde(gradescope, machine, None)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((gradescope / "results" / "results.json").read_text(encoding="utf-8"))
    assert results["score"] == 0
    assert all(words in " ".join(results["output"].split()) for words in WRONG_THING)


@pytest.mark.slow
def test_gradescope_is_told_when_nothing_could_be_judged(gradescope, machine):
    solution = gradescope / "source" / "solutions" / "birnn" / "birnn.py"
    text = solution.read_text(encoding="utf-8")
    try:
        solution.write_text(text + "\ndef birnn_forward(*arguments):\n    return 0\n", encoding="utf-8")
        done = autograde(gradescope, machine, student_with("full"))
    finally:
        solution.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert "the reference itself does not pass" in done.stdout
    assert not list((gradescope / "results").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("handed_in", ["a mistake", "the wrong thing"])
def test_prairielearn_gets_results_it_understands(machine, course_repository, tmp_path, handed_in):
    """The entry script as it is written, in the folders that its image and PrairieLearn make."""
    template = TEMPLATES / "prairielearn"
    course = machine / "course"
    shutil.rmtree(course, ignore_errors=True)
    shutil.copytree(course_repository, course, ignore=shutil.ignore_patterns(".git"))
    for path in template.iterdir():
        shutil.copy(path, course)
    installed = bash(
        f'bash "{course}/.ci/setup"', tmp_path, environment(machine, {}, VENV=str(machine / "venv"))
    )
    assert installed.returncode == 0, installed.stderr
    student = tmp_path / "grade" / "student"
    student.mkdir(parents=True)
    if handed_in == "a mistake":
        shutil.copy(student_with("a mistake"), student / "birnn.py")
    else:
        wrong_thing(student)
    options = json.loads((template / "info.json").read_text(encoding="utf-8"))["externalGradingOptions"]
    places = {"GRADE": str(tmp_path / "grade"), "COURSE": str(course), "VENV": str(machine / "venv")}
    command = [options["entrypoint"][0].replace("/course", str(course)), *options["entrypoint"][1:]]
    done = subprocess.run(
        command,
        env=environment(machine, {}, **places),
        capture_output=True,
        text=True,
        timeout=GUARD,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((tmp_path / "grade" / "results" / "results.json").read_text(encoding="utf-8"))
    assert prairielearn_faults(results) == []
    if handed_in == "a mistake":
        assert 0 < results["score"] < 1
        assert sum(test["max_points"] for test in results["tests"]) == pytest.approx(40)
    else:
        assert results["gradable"] is False
        assert all(words in " ".join(results["format_errors"]) for words in WRONG_THING)
    assert not [line for line in secrets() if line in json.dumps(results) + done.stdout]


@pytest.mark.slow
def test_prairielearn_is_given_no_result_when_nothing_could_be_judged(machine, tmp_path):
    (tmp_path / "grade" / "student").mkdir(parents=True)
    places = {"GRADE": str(tmp_path / "grade"), "COURSE": str(tmp_path), "VENV": str(machine / "venv")}
    command = ["bash", str(TEMPLATES / "prairielearn" / "grade.sh"), "birnn"]
    done = subprocess.run(
        command, env=environment(machine, {}, **places), capture_output=True, timeout=GUARD, check=False
    )
    assert done.returncode == 1
    assert not (tmp_path / "grade" / "results").exists()


@pytest.mark.slow
def test_the_containers_steps(machine, course_repository, tmp_path):
    lines = (TEMPLATES / "Containerfile").read_text(encoding="utf-8").splitlines()
    steps = dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    assert steps["COPY"] == ". /course"
    course = machine / "course"
    shutil.rmtree(course, ignore_errors=True)
    shutil.copytree(course_repository, course, ignore=shutil.ignore_patterns(".git"))
    places = {"/course": str(course), "/venv": str(machine / "venv"), "/submissions": str(tmp_path / "class")}
    places["/results"] = str(tmp_path / "out")

    def placed(text: str) -> str:
        return re.sub("|".join(places), lambda match: places[match[0]], text)

    (tmp_path / "class" / "mia").mkdir(parents=True)
    shutil.copy(student_with("full"), tmp_path / "class" / "mia" / "birnn.py")
    built = bash(placed(steps["RUN"]), tmp_path, environment(machine, {}))
    assert built.returncode == 0, built.stderr
    documented = next(line for line in lines if "/submissions --assignment" in line)
    arguments = shlex.split(documented.lstrip("# "))[1:]
    command = [*json.loads(steps["ENTRYPOINT"]), *arguments]
    env = environment(machine, {})
    done = bash(shlex.join(map(placed, command)), Path(placed(steps["WORKDIR"])), env)
    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["submissions"]
    assert (result["student"], result["score"]) == ("mia", 40)


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
