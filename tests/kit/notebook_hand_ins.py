"""Notebooks as students hand them in, and how they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.records import Submission
from grader.submissions import read_submissions


def code(source: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **more}


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: Any, **more: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def read_one(tmp_path: Path, content: Any, name: str = "rnn.ipynb") -> Submission:
    (tmp_path / "ada").mkdir(exist_ok=True)
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (tmp_path / "ada" / name).write_bytes(data)
    (submission,) = read_submissions(tmp_path / "ada", "rnn")
    assert bool(submission.chunks) != bool(submission.problem)
    return submission


def chunks(submission: Submission) -> list[tuple[str, str]]:
    return [(chunk.label, chunk.source) for chunk in submission.chunks]


DONE = "def rnn_forward(x):\n    return x\n"


OPEN = "def rnn_forward(x):\n    raise NotImplementedError('your turn')\n"
