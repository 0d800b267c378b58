"""The list of seeded faults is fresh: each can be put where it says, and the tests that ought to notice are there."""

from __future__ import annotations

import ast
import functools

import pytest

from benchmarks.seeded import __main__ as command
from benchmarks.seeded.faults import FaultListError, chosen, load

from .loading import ROOT

FAULTS = load()


@functools.cache
def functions_of(file: str) -> set[str]:
    """The test functions of a file, of its classes too."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_can_be_seeded_and_names_tests_that_are_there(fault):
    """Where this fails, the engine has changed: bring `old` and `new` up to date, or choose another small fault."""
    assert fault.stale(ROOT) == ""
    for name in fault.tests:
        file, _, test = name.partition("::")
        assert not test or test.partition("[")[0] in functions_of(file), name
    assert fault.why.endswith(".")
    if fault.file.endswith(".py"):
        before = (ROOT / fault.file).read_text(encoding="utf-8")
        compile(before.replace(fault.old, fault.new), fault.file, "exec")


def test_what_was_forgotten_is_told(tmp_path, capsys):
    (tmp_path / "a.toml").write_text("[[fault]]\nid = 'x'\n", encoding="utf-8")
    with pytest.raises(FaultListError, match=r"a\.toml: x has the keys"):
        load(tmp_path)
    with pytest.raises(FaultListError, match="no fault has an id that begins with 'nonsense'"):
        chosen(FAULTS, ["nonsense"])
    assert command.main(["--only", "nonsense"]) == 2
    assert "--list" in capsys.readouterr().err


def test_the_command_tells_who_noticed(monkeypatch, capsys, tmp_path):
    """A fault that shows, one that no test looks for, and one whose text is gone: one of three is too few."""
    fault = chosen(FAULTS, ["compare-slack-of-float32"])[0]
    listed = f"""
[[fault]]
id = "shows"
file = "{fault.file}"
old = '{fault.old}'
new = '{fault.new}'
tests = {list(fault.tests)}
why = "x."

[[fault]]
id = "does-not-show"
file = "grader/suite/compare.py"
old = "about 200 units"
new = "about 201 units"
tests = {list(fault.tests)}
why = "x."

[[fault]]
id = "is-gone"
file = "grader/suite/compare.py"
old = "a text that stands nowhere"
new = "x"
tests = {list(fault.tests)}
why = "x."
"""
    (tmp_path / "a.toml").write_text(listed, encoding="utf-8")
    monkeypatch.setattr(command, "load", lambda: load(tmp_path))
    assert command.main(["--jobs", "1", "--record", str(tmp_path / "record.md")]) == 1
    printed = capsys.readouterr().out
    assert "noticed   shows: test_compare.py::test_the_slack_of_each_dtype[float32" in printed
    assert "survived  does-not-show" in printed
    assert "stale     is-gone: the text to replace stands 0 times" in printed
    assert "1 of 3 faults were noticed" in printed
    assert "| `shows` | `grader/suite/compare.py` | x. | `test_compare.py::test_the_slack" in (
        tmp_path / "record.md"
    ).read_text(encoding="utf-8")
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) == 1, "nothing here was changed"
