"""The templates for GitLab, Gradescope, PrairieLearn and containers, run as they are written."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from grader.assignments import find_course, load
from grader.bundle import bundle_gradescope
from tests.kit.processes import GUARD
from tests.kit.test_export_graders import prairielearn_faults

from . import ci_hosts
from .ci_hosts import (
    ROOT,
    TEMPLATES,
    TOKEN,
    WRONG_THING,
    bash,
    environment,
    secrets,
    student_with,
    wrong_thing,
)

machine, course_repository = ci_hosts.machine, ci_hosts.course_repository


pytestmark = ci_hosts.NEEDS


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
def test_a_container_grades_by_the_steps_of_its_file(machine, course_repository, tmp_path):
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
