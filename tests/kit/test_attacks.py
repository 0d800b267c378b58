"""The table of proofs is whole and fresh: every hostile file is in it, and what it takes away is still there."""

from __future__ import annotations

import ast
import re

import pytest

from benchmarks.attacks import __main__ as command
from benchmarks.attacks import layers
from benchmarks.attacks.bounds import BOUNDS
from benchmarks.attacks.run import BASELINE, Outcome
from benchmarks.attacks.table import load, tomllib
from grader.subject import jail

from .loading import ROOT
from .locked import needs_jail

ATTACKS = load()


def test_every_hostile_file_is_proved_or_explained():
    files = {path.stem for path in (ROOT / "tests" / "kit" / "hostile").glob("*.py")}
    assert {attack.name for attack in ATTACKS} == files - {BASELINE}
    for attack in ATTACKS:
        assert sum(map(bool, (attack.without, attack.test, attack.why_not))) == 1, attack.name
        if attack.without:
            Outcome().has(attack.gets)  # raises for a word that it does not know
        elif attack.test:
            file, _, test = attack.test.partition("::")
            text = (ROOT / file).read_text(encoding="utf-8")
            assert f"def {test}(" in text
            assert attack.name in text
        else:
            assert len(attack.why_not) > 30, attack.name


def test_a_call_of_the_kernel_gives_its_last_argument_whole():
    """The seventh lies on the stack, where ctypes fills half a word of a plain int: the kernel reads what lay there."""
    for path in sorted((ROOT / "tests" / "kit" / "hostile").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for call in ast.walk(ast.parse(text)) if ".syscall(" in text else ():
            if (
                isinstance(call, ast.Call)
                and getattr(call.func, "attr", "") == "syscall"
                and len(call.args) > 6
            ):
                plain = [ast.unparse(each) for each in call.args[6:] if isinstance(each, ast.Constant)]
                assert plain in ([], ["None"]), f"{path.name}, line {call.lineno}: {plain}"


def test_a_hostile_file_names_the_one_status_that_it_ends_with():
    several = {
        path.stem
        for path in (ROOT / "tests" / "kit" / "hostile").glob("*.py")
        if "|" in re.search(r"^# expect: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1]
    }
    assert several == set()


@pytest.mark.parametrize("name", BOUNDS)
def test_what_is_taken_away_is_still_there(name):
    assert any(attack.without == name for attack in ATTACKS), "nothing is proved by it"
    for file, old, new in BOUNDS[name].edits:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        compile(text.replace(old, new), file, "exec")


def test_the_threat_model_says_how_many_are_proved():
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    match = re.search(r"shows\s+(\d+)\s+of\s+them\s+to\s+be\s+attacks", text)
    assert match
    assert int(match[1]) == sum(attack.is_proved for attack in ATTACKS)


def test_the_threat_model_says_how_many_each_layer_stops():
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    bounds = {
        "Landlock": "landlock",
        "seccomp": "seccomp",
        "Landlock and seccomp, of which each stops them": "landlock and seccomp",
        "limits": "limits",
        "limits and seccomp, of which each stops them": "limits and seccomp",
        "environment": "environment",
        "all of the jail, of which several layers stop them": "jail",
        "the process of its own": "process",
        "the process of its own, so that it shares that of the tests": "process of the tests",
    }
    counts_told = {
        words: int(count) for words, count in re.findall(r"^\| ([^|]+) \| (\d+) \|$", text, re.MULTILINE)
    }
    counts = {words: sum(attack.without == bound for attack in ATTACKS) for words, bound in bounds.items()}
    assert counts_told == counts


def test_a_step_that_is_left_out_is_one_of_the_jail():
    assert {step for steps in layers.TOGETHER for step in steps} <= set(jail.STEPS)
    names = layers.on_the_jail(ATTACKS)
    assert {"secret_file", "escape_signal", "exhaust_descriptors", "secret_ptrace"} <= set(names)
    assert not {"crash_abort", "forge_reports", "value_nan"} & set(names)


#: What is left out for an attack that the table of proofs lists under a bound.
LEFT_OUT = {
    "landlock": "landlock",
    "seccomp": "seccomp",
    "limits": "rlimits",
    "environment": "environment",
    "landlock and seccomp": "landlock and seccomp",
    "limits and seccomp": "rlimits and seccomp",
    "jail": "everything",
}


def test_what_was_recorded_of_each_step_is_what_the_threat_model_counts():
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    root, nobody = layers.recorded()["root"], layers.recorded()["nobody"]
    assert [name for name, *_ in rows] == [*root] == [*nobody]
    assert [(int(first), int(other)) for _, first, other in rows] == [
        (len(root[name]), len(nobody[name])) for name in root
    ]
    assert root["nothing"] == nobody["nothing"] == []
    match = re.search(r"Of (\d+) attacks, so many get somewhere", text)
    assert int(match[1]) == len(root["everything"])


def test_an_attack_is_listed_under_the_least_that_has_to_go():
    bounds = {attack.name: LEFT_OUT.get(attack.without) for attack in ATTACKS}
    root = layers.recorded()["root"]
    for name in root["everything"]:
        least = next(left_out for left_out, winners in root.items() if name in winners)
        assert bounds[name] == least, name


def test_a_row_of_the_record_is_read_as_it_was_written():
    for steps in ((), ("seccomp",), ("landlock", "seccomp"), layers.EVERYTHING):
        for winners in ([], ["secret_file"], [f"attack_{number}" for number in range(30)]):
            assert tomllib.loads(layers.row(steps, winners)) == {layers.left_out(steps): sorted(winners)}


def test_what_got_nothing_is_no_proof():
    nothing = Outcome(status="graded", shown="outputs is off in 3 of 12 entries.", printed="3 failed")
    assert not any(nothing.has(attack.gets) for attack in ATTACKS if attack.without)


@needs_jail
def test_a_file_that_reads_where_nothing_is_closed_scores_and_honest_code_does_not(capsys):
    assert command.main(["--only", "secret_file", "--only", "secret_sqlite"]) == 0
    assert "2 of 2 proved" in capsys.readouterr().out


@pytest.mark.slow
@needs_jail
def test_every_attack_succeeds_where_its_layer_is_taken_away(capsys):
    assert command.main([]) == 0, capsys.readouterr().out
