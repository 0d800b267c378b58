"""Downloads as platforms and people make them: small trees, and who must come out of them with which file.

A case is a tree, one file a line, and what is expected, one student a line:

    path = content            a folder whose name ends in .zip or .tar is packed; content is a name of CONTENTS, or text
    student: file             the file that counts
        + a.py, b/c.py        the labels of its modules
        & file                the other file: both are graded, and the better counts
        ! words               there is no file that can be read, and the problem holds these words
        ~ words               a note holds these words
        late                  the platform calls it late
    ? folder, folder          nothing is read: it is asked whose these are
"""

from __future__ import annotations

import io
import json
import tarfile
import textwrap
import zipfile
from pathlib import Path

from grader.records import Submission
from grader.submissions import Handout

SKELETON = '''
import numpy as np
from torch import nn


def helper(x):
    """Given."""
    return x[::-1]


def rnn_forward(x):
    """The loop."""
    raise NotImplementedError("your turn")


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        raise NotImplementedError("your turn: the parts")

    def forward(self, x):
        raise NotImplementedError("your turn")
'''
HANDOUT = Handout(("rnn_forward", "RNN"), (SKELETON,), frozenset({"gru", "birnn"}))
WORK = SKELETON.replace('raise NotImplementedError("your turn")', "return 2 * x")
BROKEN = WORK + "\ndef f(:\n"


def notebook(*sources: str, kind: str = "code") -> str:
    return json.dumps({"cells": [{"cell_type": kind, "source": source} for source in sources], "nbformat": 4})


METADATA = r"""---
submission_1:
  :submitters:
  - :name: 'Pat O''Neil'
    :sid: 0123
    :email: pat@x.edu
  - :name: "M\xFCller"
  :created_at: 2026-01-05 10:00:00.000000000 Z
  :results: !ruby/hash:Anything
    :tests:
    - :name: no student
submission_2:
  :submitters:
  - :name: Bo
    :sid: '007'
submission_3:
  :submitters:
  - :email: cy@x.edu
"""
CONTENTS = {
    "work": WORK,
    "more": WORK.replace("2 * x", "3 * x"),
    "half": SKELETON.replace('raise NotImplementedError("your turn")', "return 2 * x", 1),
    "blank": SKELETON,
    "restyled": SKELETON.replace('"""The loop."""', "# mine").replace("\n\n\n", "\n\n") + "\n\n",
    "passed": SKELETON.replace('raise NotImplementedError("your turn")', "return None, None"),
    "broken": BROKEN,
    "nb work": notebook(*WORK.split("\n\n\n")),
    "nb blank": notebook(*SKELETON.split("\n\n\n")),
    "nb text": notebook(SKELETON, *[""] * 3).replace('"code", "source": ""', '"markdown", "source": "..."'),
    "utils": "def f(x):\n    return x\n",
    "metadata": METADATA,
    "notes": "see you on Monday",
    "imports": "import layers.cells\nfrom utils import f\n" + WORK,
    "by ja_smith": "Name: Jan Smith (ja_smith)\nAssignment: HW_3\nDate Submitted: Monday, 5 January 2026",
    "html": "<!doctype html><p>def rnn_forward(x):</p>",
    "empty": "",
    "cut": notebook(*WORK.split("\n\n\n"))[:-30],
    "rar": "Rar!\x1a\x07",
    "link": "https://colab.research.google.com/drive/1AbC\n",
}


Cases = dict[str, tuple[str, str]]


def case(cases: Cases, name: str, tree: str, expected: str) -> None:
    """Add a case: a tree and what must come out of it."""
    cases[name] = (textwrap.dedent(tree).strip(), textwrap.dedent(expected).strip())


def write(root: Path, tree: str) -> Path:
    """The tree below `root`; folders named .zip or .tar are packed afterwards, the innermost first."""
    root.mkdir(parents=True, exist_ok=True)
    for line in tree.splitlines():
        path, _, content = line.partition(" =")
        content = content.strip()
        if path.endswith("/"):
            (root / path).mkdir(parents=True)
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(CONTENTS.get(content, content), encoding="utf-8")
    archives = [*root.rglob("*.zip"), *root.rglob("*.tar")]
    for folder in sorted(archives, key=lambda path: -len(path.parts)):
        if folder.is_dir():
            packed = pack(folder)
            remove(folder)
            folder.write_bytes(packed)
    return root


def pack(folder: Path) -> bytes:
    held = io.BytesIO()
    if folder.suffix == ".tar":
        with tarfile.open(fileobj=held, mode="w") as tar:
            tar.add(folder, "")
        return held.getvalue()
    with zipfile.ZipFile(held, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder).as_posix())
    return held.getvalue()


def remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), key=lambda path: -len(path.parts)):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def written(submissions: list[Submission], expected: str) -> str:
    """What was found, in the words of what is expected: of notes and problems, the words that are asked for."""
    signs: dict[str, list[str]] = {}
    for line in expected.splitlines():
        if not line.startswith(" "):
            student = line.partition(": ")[0]
            signs[student] = [line.partition(": ")[2]]
        else:
            signs[student].append(line.strip())
    lines = []
    for submission in submissions:
        expected_signs = signs.get(submission.student, [])
        lines.append(
            f"{submission.student}: "
            + (
                f"! {fitting(submission.problem, expected_signs, '!')}"
                if submission.problem
                else submission.file
            )
        )
        if submission.modules:
            lines.append("    + " + ", ".join(module.label for module in submission.modules))
        if submission.other is not None:
            lines.append(f"    & {submission.other.file}")
        lines += ["    late"] if submission.late else []
        notes = " ".join(submission.notes)
        lines += [f"    ~ {fitting(notes, expected_signs, '~')}"] if notes else []
    return "\n".join(lines)


def fitting(text: str, expected_signs: list[str], sign: str) -> str:
    words = next((line[2:] for line in expected_signs if line.startswith(sign)), "")
    return words if words and words in text else text


def sorted_lines(expected: str) -> str:
    """The lines of a student in the order in which they are written."""
    order = {"+": 0, "&": 1, "l": 2, "~": 3}
    blocks: list[list[str]] = []
    for line in expected.splitlines():
        if line.startswith(" "):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return "\n".join(
        line
        for head, *rest in blocks
        for line in [head, *sorted(rest, key=lambda line: order[line.strip()[0]])]
    )
