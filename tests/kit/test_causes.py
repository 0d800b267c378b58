"""The likely cause of an exception: each row of the table is met by faulty code that is really run, and no other is.

The snippets are faults that students make, run by the host as a submission's code is; what is checked is what the
student would read.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from grader.messages import explain
from grader.messages.causes import CAUSES, Cause
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.host import Host
from grader.subject.subjects import StudentRaised

from . import explaining
from .faults_with_causes import FAULTS
from .faulty_code import Fault, message_about, raised

nobody_types = explaining.nobody_types

CLOSED = next(row.kinds for row in CAUSES if row.kinds.startswith("PermissionError"))


#: Rows that look at the class of the exception, and some at the line that raised it: (kinds, line) -> faults.
BY_CLASS: dict[tuple[str, str], list[Fault]] = {
    (r"(?!NotImplementedError|SystemExit)\w+", r"(?:^|[:;] ?)raise\b"): [
        "if len(x) < 9: raise ValueError('too few')",
        "a = b = c = d = e = g = i = j = k = l = m = n = o = p = q = r = s = t = u = v = w; raise ValueError('far')",
        "raise ValueError('the sizes are odd')",
        "raise StopIteration",
        "raise FileNotFoundError('no data')",
        ("class Odd(Exception):\n    pass\n", "raise Odd('well')"),
    ],
    (r"BdbQuit", r""): ["breakpoint()\n    return x", "import pdb; pdb.set_trace()\n    return x"],
    (r"IndexError|ValueError", r"\bsys\.argv\b"): [
        ("import sys\n", "return int(sys.argv[99])"),
        ("import sys\n", "return int(sys.argv[0])"),
    ],
    (r"SystemExit", r"\bparse_(?:known_)?args\b"): [
        (
            "from argparse import ArgumentParser\n",
            "p = ArgumentParser()\n    p.add_argument('--n', required=True)\n    return p.parse_args([])",
        )
    ],
    (r"SystemExit|KeyboardInterrupt", r""): ["import sys; sys.exit(1)", "raise SystemExit"],
    (r"KeyError", r"\benviron\b"): [("import os\n", "return os.environ['NO_SUCH_PLACE']")],
    (CLOSED, r""): [
        "return open('weights.npz')",
        "return np.load('weights.npy')",
        "return torch.load('weights.pt')",
        ("from urllib.request import urlretrieve\n", "return urlretrieve('file:///no/such/file')"),
        ("import os\n", "return os.makedirs('/')"),
    ],
    (r"RuntimeError", r"\btorch\.(?:save|load)\b"): ["return torch.save(X, '/no/such/folder/x.pt')"],
    ("ModuleNotFoundError|ImportError", ""): ["import pandas_of_another"],
    ("RecursionError", ""): ["return f(x, h, w, lengths)"],
    ("StopIteration", ""): ["return next(iter(outputs))"],
    ("MemoryError|_ArrayMemoryError", ""): ["return np.zeros((1 << 40, 1 << 10))"],
}


def faults_of(row: Cause) -> list[Fault]:
    return FAULTS[row.text] if row.text else BY_CLASS[row.kinds, row.line]


@pytest.mark.parametrize(
    ("row", "fault"),
    [(row, fault) for row in CAUSES for fault in faults_of(row)],
    ids=lambda value: re.sub(r"\W+", "_", value)[:40] if isinstance(value, str) else None,
)
def test_faulty_code_is_told_its_likely_cause(row, fault):
    message = message_about(fault)
    answer, chunks = raised(fault)
    match = re.search(row.text, answer.text)
    says = row.says.format(**(match.groupdict() if match else {}))
    assert explain.cause(answer, chunks).endswith(says), f"{answer.kind}: {answer.text}\n{message}"
    before = explain.cause(answer, chunks).removesuffix(says)
    assert not before or (row.sizes and before.startswith("Shapes there: ")), message
    assert message.endswith(says)
    if row.kinds != "RecursionError":
        assert re.search(r", at line \d+: \S", message), "the line is shown"
    assert "site-packages" not in message
    assert len(message) < 600


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import struct; struct.unpack('i', b'')", "error"),
        ("import re; re.compile('(')", "PatternError|error"),
        ("import statistics; statistics.mean([])", "StatisticsError"),
        ("import zlib; zlib.decompress(b'x')", "error"),
        ("import pickle; pickle.loads(b'x')", "UnpicklingError"),
        ("import zipfile, io; zipfile.ZipFile(io.BytesIO())", "BadZipFile"),
        ("import tarfile, io; tarfile.open(fileobj=io.BytesIO(b'x'))", "ReadError"),
        ("import lzma; lzma.decompress(b'x')", "LZMAError"),
        ("import xml.dom.minidom as d; d.parseString('<')", "ExpatError"),
        ("import queue; queue.Queue().get_nowait()", "Empty"),
        ("import sqlite3; sqlite3.connect(':memory:').execute('x')", "OperationalError"),
        ("np.linalg.inv(np.zeros((2, 2)))", "LinAlgError"),
        ("torch.linalg.inv(torch.zeros(2, 2))", "_LinAlgError"),
        ("np.sum(x, axis=7)", "AxisError"),
    ],
)
def test_exceptions_of_libraries_are_told_by_their_name(line, name):
    assert re.search(rf" raised (?:{name})\b", message_about(line)), message_about(line)


def test_every_row_has_a_fault_and_every_fault_a_row():
    assert {row.text for row in CAUSES} == {*FAULTS}
    assert {(row.kinds, row.line) for row in CAUSES if not row.text} == {*BY_CLASS}
    assert [row for row in CAUSES if not faults_of(row)] == []


@pytest.mark.parametrize(
    ("fault", "shapes"),
    [
        ("return x @ w.T", "Shapes there: x (2, 3), w (3, 4)."),
        ("return X @ W.T", "Shapes there: X (2, 3), W (3, 4)."),
        ("return np.tanh(h @ w + x)", "Shapes there: h (2, 4), w (3, 4)."),
        ("return X + H", "Shapes there: X (2, 3), H (2, 4)."),
        ("return x[:, 3]", "Shapes there: x (2, 3)."),
        ("return (x @ w) @ (h @ w)", "Shapes there: h (2, 4), w (3, 4)."),
    ],
)
def test_shapes_of_what_does_not_fit(fault, shapes):
    """Of the expression that raised; before Python 3.11, which cannot tell it, of its whole line."""
    answer, chunks = raised(fault)
    cause = explain.cause(answer, chunks)
    for part in re.findall(r"\w+ \(\d, \d\)", shapes):
        assert part in cause


def test_weights_of_a_module_are_told_by_their_names():
    source = (
        "import torch\nfrom torch import nn\n\nclass Cell(nn.Module):\n    def __init__(self, i, h):\n"
        "        super().__init__()\n        self.w_input = nn.Parameter(torch.zeros(h, i))\n\n"
        "    def forward(self, x):\n        return torch.tanh(x @ self.w_input)\n"
    )
    host = Host("faulty")
    host.load([(source, "")])
    answer = host.run([ops.Make(1, "Cell", (3, 4)), ops.Invoke(1, (np.zeros((2, 3), np.float32),))])[-1]
    assert isinstance(answer, ops.Raised)
    assert explain.message(StudentRaised(answer, "Cell"), StudentSource("faulty.py", (Chunk(source),))) == (
        "Using `Cell` raised RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x3), at line 10:"
        " return torch.tanh(x @ self.w_input). Shapes there: x (2, 3), self.w_input (4, 3). In a product A @ B the"
        " last axis of A must be as long as the last but one of B. Which axis is which here?"
    )


def test_the_line_is_the_students_own():
    """The innermost frame is in torch; what is told is the line of the file that was handed in."""
    answer, chunks = raised("y = x\n    return nn.functional.linear(X, H)")
    assert [frame.function for frame in answer.frames] == ["f"]
    message = explain.message(StudentRaised(answer, "f"), StudentSource("faulty.py", tuple(chunks)))
    assert ": return nn.functional.linear(X, H)." in message
