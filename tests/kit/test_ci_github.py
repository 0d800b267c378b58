"""The templates for GitHub, run as they are written: a push, and a whole class."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from . import ci_hosts
from .ci_hosts import (
    ROOT,
    TEMPLATES,
    TOKEN,
    WRONG_THING,
    bash,
    commit,
    environment,
    secrets,
    student_with,
    wrong_thing,
)

machine, course_repository = ci_hosts.machine, ci_hosts.course_repository


pytestmark = ci_hosts.NEEDS


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
        ("CLASS__empty", "not_attempted", False),
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
