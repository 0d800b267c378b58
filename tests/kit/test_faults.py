"""Faults lose nothing: processes of a run are killed at random moments, and the same command ends it all the same."""

from __future__ import annotations

import json

import pytest

from benchmarks import faults, undisturbed

from .locked import needs_jail


@pytest.mark.slow
@needs_jail
def test_twenty_kills_lose_nothing_and_leave_nothing(capsys):
    """The long form is `python -m benchmarks.faults`; its figures are in docs/scale.md."""
    assert faults.main(["--kills", "20", "--submissions", "24"]) == 0, capsys.readouterr().err
    assert "20 of 20: " in capsys.readouterr().out


def written(folder, **changes):
    folder.mkdir()
    entry = {"student": "ann", "score": 1.0, "seconds": 0.25, **changes}
    (folder / "results.json").write_text(json.dumps({"submissions": [entry]}), encoding="utf-8")
    return folder


def test_a_result_that_a_fault_has_changed_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "tempfile.tempdir", str(tmp_path)
    )  # where it is kept, for whoever looks for the cause
    graded_class = undisturbed.Class(
        "rnn_cell", tmp_path, 1, expected=undisturbed.without_times(written(tmp_path / "undisturbed"))
    )
    graded_class.check(written(tmp_path / "slower", seconds=9.5))
    with pytest.raises(undisturbed.Broken, match=r'expected +"score": 1\.0'):
        graded_class.check(written(tmp_path / "changed", score=0.0))
