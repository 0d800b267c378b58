"""A class of cheats: every hostile submission graded in one run by the real engine, and what came of it.

A file under hostile/ says in its header what it attacks, which status it may end with, and what it must
not achieve. Most define the right answer and give it exactly when their attack got somewhere, so that a score
above that of honest zeros is the alarm. Files that a formatter chokes on are made here.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Collection
from pathlib import Path

import pytest

from grader.records import OUTCOMES, STATUSES
from tests.kit.processes import GUARD
from tests.kit.thinned import selected, thinned

from .locked import needs_jail

ROOT = Path(__file__).resolve().parents[2]
CORPUS = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("hostile/*.py")}
CORPUS["exhaust_parser"] = "# expect: unreadable\n" + "x = " + "-" * 20_000 + "1\n" + CORPUS["honest_zeros"]
CORPUS["exhaust_parentheses"] = "# expect: unreadable\n" + "x = " + "(" * 5000 + ")" * 5000 + "\n"
CANARY = "/tmp/grader-canary"  # as the corpus spells it
#: Of each family the ones that are most unlike each other, for every run; all, where all tests run.
QUICK = {
    *("crash_abort", "crash_close_stream", "crash_like_the_machine"),
    *(
        "escape_exec",
        "escape_filter",
        "escape_int80",
        "escape_memfd",
        "escape_signal",
        "escape_tcp",
        "escape_x32",
    ),
    *(
        "exhaust_descriptors",
        "exhaust_disk",
        "exhaust_forks",
        "exhaust_loop",
        "exhaust_memory",
        "exhaust_output",
    ),
    *("exhaust_parser", "exhaust_parentheses"),
    *(
        "forge_assertion",
        "forge_equal_array",
        "forge_frames",
        "forge_host",
        "forge_host_text",
        "forge_length",
    ),
    *(
        "forge_inputs_in_many_shapes",
        "forge_inputs_in_text",
        "forge_not_attempted",
        "forge_pickle",
        "forge_skip",
    ),
    *("forge_verdict", "forge_watched", "honest_zeros", "outlive_cache", "outlive_daemon", "outlive_state"),
    *("crash_weak_reference", "escape_file_times", "forge_reports", "outlive_lock", "secret_inotify"),
    *(name for name in CORPUS if name.startswith("report_")),
    *("secret_descriptor_count", "secret_file", "secret_frames", "secret_gc", "secret_own_memory"),
    *("secret_parent_environ", "secret_plan_shown", "secret_proc_root", "secret_ptrace", "secret_solution"),
    *("value_big_int", "value_cycle", "value_deep", "value_nan", "value_object", "value_text", "value_wide"),
}
#: Looked at by name.
NEEDED = {"honest_zeros", "secret_descriptor_count", "secret_plan_shown"}
EACH = thinned(sorted(CORPUS), lambda number, name: name in QUICK)
DEADLINE = 1800  # seconds, after which it is taken to be stuck; about 20 are needed

pytestmark = needs_jail

# Grades with short limits, and then looks for processes left behind: whatever loses its parent becomes a
# child of this driver, so none can hide.
DRIVER = """
import ctypes, dataclasses, os, sys
from pathlib import Path
root, folder, out = map(Path, sys.argv[1:])
sys.path.insert(0, str(root))
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
from grader import assignments
from grader.run import path as main_path
from grader.submissions.read import read_submissions
course = assignments.find_course(root)
assignment = assignments.load(course, "rnn_cell")
limits = assignments.Limits(call_seconds=0.5, total_seconds=1.5, memory_mb=512)
assignment = dataclasses.replace(assignment, limits=limits)
main_path.grade(course, assignment, read_submissions(folder, "rnn_cell"), out)
print("done", flush=True)
try:
    while True:
        os.waitpid(-1, 0)
except ChildProcessError:
    print("nothing left")
"""


class Run:
    """What one run over the corpus left."""

    def __init__(self, folder: Path, names: Collection[str]) -> None:
        self.names = set(names)
        self.canary, self.out = folder / "canary", folder / "out"
        self.canary.mkdir()
        self.secret = self.canary / "secret.txt"
        self.secret.write_text("canary " * 10)
        os.chmod(self.secret, 0o640)
        self.before = self.secret.stat()
        submissions = folder / "class"
        for name, source in CORPUS.items():
            if name not in self.names:
                continue
            (submissions / name).mkdir(parents=True)
            text = source.replace(CANARY, str(self.canary))
            (submissions / name / "rnn_cell.py").write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, str(ROOT), str(submissions), str(self.out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            output, errors = process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            assert not output.startswith("done"), "a process outlived the run"
            done = {path.stem for path in (self.out / "submissions").glob("*.json")}
            pytest.fail(f"not done after {DEADLINE} s; without a result: {sorted(self.names - done)[:10]}")
        assert process.returncode == 0, errors
        self.said = output
        self.document = json.loads((self.out / "results.json").read_text(encoding="utf-8"))
        self.results = {result["student"]: result for result in self.document["submissions"]}


@pytest.fixture(scope="module")
def run(request, tmp_path_factory):
    return Run(tmp_path_factory.mktemp("hostile"), {*selected(request, sorted(CORPUS), "name"), *NEEDED})


def expected(name: str) -> set[str]:
    draws = re.search(r"^# expect: (.+)$", CORPUS[name], re.MULTILINE)
    assert draws, f"{name} does not say what to expect"
    return set(draws[1].split("|"))


@pytest.mark.parametrize("name", EACH)
def test_ends_as_it_must(run, name):
    result = run.results[name]
    assert result["status"] in expected(name), result["message"]
    assert result["score"] <= run.results["honest_zeros"]["score"]


@pytest.mark.parametrize("name", EACH)
def test_shows_no_hidden_input_and_nothing_that_disturbs(run, name):
    result = run.results[name]
    texts = [result["message"], *result["notes"], *(test["message"] for test in result["tests"])]
    for text in texts:
        assert len(text) < 1000
        # Inputs are random: five digits in a row can only be theirs.
        assert not re.search(r"\d{5}|\d\.\d{4}", text), text
        hostile = [c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Cf", "Co") and c != "\n"]
        assert not hostile, text


def test_what_is_shown_was_answered_without_the_plan(run):
    """A child that is graded can find the hidden inputs in its memory; one whose answers are shown cannot."""
    result = run.results["secret_plan_shown"]
    assert any("(7,)" in test["message"] for test in result["tests"]), "the attack no longer finds the plan"
    examples = [example for example in result["counterexamples"] if example["function"] == "rnn_cell_forward"]
    assert examples
    assert "[7]" not in json.dumps(examples).replace(" ", "")
    assert "(7,)" not in json.dumps(examples)


def test_no_graded_child_is_alive_beside_the_one_whose_answers_are_shown(run):
    """It could be looked at from there: how many descriptors it holds can be had for the asking."""
    examples = run.results["secret_descriptor_count"]["counterexamples"]
    assert examples
    assert "(7,)" not in json.dumps(examples)


def test_honest_zeros_are_far_from_full_marks(run):
    """The score that the others are held against."""
    zeros = run.results["honest_zeros"]
    assert zeros["status"] == "graded"
    assert zeros["score"] < 0.2 * zeros["max_score"]


def test_nobody_is_missing_and_results_are_valid(run):
    assert set(run.results) == run.names >= NEEDED
    assert run.document["schema"] == "grader/results/v1"
    tests = {test["name"] for test in run.results["honest_zeros"]["tests"]}
    for name, result in run.results.items():
        assert result["status"] in set(STATUSES) - {"not_graded"}, name
        assert result["jail"] == "full"
        assert {test["outcome"] for test in result["tests"]} <= set(OUTCOMES)
        if result["status"] != "unreadable":
            assert {test["name"] for test in result["tests"]} == tests
        assert result["score"] == pytest.approx(sum(test["points"] for test in result["tests"]))


def test_nothing_is_left_behind(run):
    assert run.said.endswith("done\nnothing left\n")
    assert [path.name for path in run.canary.iterdir()] == ["secret.txt"]
    after = run.secret.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_nlink) == (
        run.before.st_mode,
        run.before.st_mtime_ns,
        run.before.st_nlink,
    )
    places = [
        Path("/tmp"),
        Path("/var/tmp"),
        Path("/dev/shm"),
        Path("/"),
        Path.cwd(),
        Path(os.__file__).parent,
    ]
    places += [Path(pytest.__file__).parents[1], Path(os.__file__).parent / "__pycache__"]
    assert [path for place in places for path in place.glob("*grader-hostile*")] == []


# Harmless ones that must win where there is no jail: otherwise their failure above proves nothing.
WINNERS = [
    *(
        "secret_file",
        "secret_listing",
        "secret_loader",
        "secret_linecache",
        "secret_numpy_reader",
        "secret_mmap",
    ),
    *("secret_dlopen", "secret_sqlite", "secret_relative", "secret_proc_root", "secret_raw_open"),
    *("secret_path_descriptor", "secret_parent_environ", "secret_parent_descriptors", "secret_environment"),
    *("secret_own_memory", "secret_logs", "secret_torch_reader", "exhaust_forks", "exhaust_disk"),
    *(
        "exhaust_descriptors",
        "escape_udp",
        "escape_memfd",
        "escape_signal",
        "escape_subprocess",
        "escape_mode",
    ),
    *("outlive_daemon", "outlive_death_signal"),
]


def test_the_attacks_are_real(tmp_path):
    code = "import sys, types\nfor path in sys.argv[1:]:\n"
    code += "    space = {}\n    exec(compile(open(path).read(), path, 'exec'), space)\n"
    code += "    print(path.rsplit('/', 1)[1], space['WON'])\n"
    (tmp_path / "canary").mkdir()
    (tmp_path / "canary" / "secret.txt").write_text("canary " * 10)
    files = []
    for name in WINNERS:
        text = CORPUS[name].replace(CANARY, str(tmp_path / "canary"))
        files.append(tmp_path / name)
        files[-1].write_text(text.replace('"/tmp"', repr(str(tmp_path))), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        timeout=GUARD,
    )
    lost = [line.split()[0] for line in done.stdout.splitlines() if line.endswith("False")]
    assert len(done.stdout.splitlines()) == len(WINNERS)
    # A container may forbid a few of them by itself.
    assert len(lost) <= len(WINNERS) // 4, lost
