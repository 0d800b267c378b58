"""Benchmarks take minutes: what they cannot measure is refused in a sentence, before anything starts."""

from __future__ import annotations

import importlib

import pytest

BY_ASSIGNMENT = [
    *("clusters", "determinism", "diagnose", "grade", "lines", "named", "numerics", "parts", "push", "scale"),
    *("start", "watch"),
]


@pytest.mark.parametrize("name", BY_ASSIGNMENT)
def test_an_unknown_assignment_is_told_with_those_there_are(name, monkeypatch, capsys):
    _refused(name, ["nosuch"], monkeypatch)
    output = capsys.readouterr().err
    assert "'nosuch'" in output
    assert "rnn_cell" in output


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("scale", ["rnn_cell", "--submissions", "0"]),
        ("grade", ["birnn", "--submissions", "-1"]),
        ("report", ["--students", "many"]),
        ("faults", ["--submissions", "0"]),
        ("determinism", ["rnn_cell", "--repeats", "1.5"]),
    ],
)
def test_a_count_is_a_whole_number_above_0(name, arguments, monkeypatch, capsys):
    _refused(name, arguments, monkeypatch)
    assert f"'{arguments[-1]}' is not a whole number above 0" in capsys.readouterr().err


def _refused(name, arguments, monkeypatch):
    module = importlib.import_module(f"benchmarks.{name}")
    monkeypatch.setattr("sys.argv", [name, *arguments])
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 2
