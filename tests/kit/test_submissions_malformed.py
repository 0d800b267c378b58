"""Whatever is in a notebook or a source, reading it ends: with chunks, or with that student's sentence."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.submissions import Handout, newer_python, read_submissions
from grader.submissions.choice import worth
from grader.submissions.files import Item
from grader.submissions.newer_python import needed
from grader.submissions.reading import Reading, read
from tests.kit.downloads import HANDOUT

FEW = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["code", "markdown", "raw", "x = 1\n", "def rnn_forward(x):\n    return x", "%%bash", "(", "python"]
    ),
)
KEYS = st.sampled_from(["cell_type", "source", "input", "cells", "metadata", "name"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
KINDS = st.one_of(st.just("code"), st.just("markdown"), VALUES)
CELLS = st.one_of(VALUES, st.fixed_dictionaries({"cell_type": KINDS, "source": VALUES}))
SHEETS = st.one_of(VALUES, st.fixed_dictionaries({"cells": VALUES}))
KERNELS = st.fixed_dictionaries(
    {"language_info": VALUES, "kernelspec": st.fixed_dictionaries({"language": VALUES})}
)
NOTEBOOKS = st.fixed_dictionaries(
    {},
    optional={
        "cells": st.one_of(VALUES, st.lists(CELLS, max_size=5)),
        "worksheets": st.one_of(VALUES, st.lists(SHEETS, max_size=3)),
        "nbformat": VALUES,
        "nbformat_minor": VALUES,
        "metadata": st.one_of(VALUES, KERNELS),
    },
)
BYTES = st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode()))


def as_read(data: bytes, name: str = "rnn.ipynb") -> Reading:
    reading = read(Item((name,), lambda limit: data), HANDOUT)
    assert bool(reading.chunks) != bool(reading.problem)
    for sentence in (reading.problem, *reading.notes):
        assert len(sentence.encode()) < 4000
        assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in sentence)
    worth(reading, HANDOUT)
    return reading


@FEW
@given(NOTEBOOKS)
def test_a_notebook_of_any_shape_ends_as_chunks_or_a_sentence(notebook: Any) -> None:
    as_read(json.dumps(notebook).encode())


@FEW
@given(BYTES)
def test_any_bytes_end_as_chunks_or_a_sentence(data: bytes) -> None:
    for name in ("rnn.ipynb", "rnn.py"):
        as_read(data, name)
        as_read(b'{"cells": ' + data, name)


SCRAPS = [
    "f'",
    "{",
    "}",
    "'",
    '"',
    "def f",
    "[",
    "]",
    "(",
    ")",
    "type X ",
    "=",
    ":",
    "\n",
    " ",
    "x",
    "\\",
    "#",
    "except*",
    "t'",
    "!r",
]


@FEW
@given(st.lists(st.sampled_from(SCRAPS), max_size=25).map("".join))
def test_scraps_of_code_end_as_chunks_or_a_sentence(source: str) -> None:
    as_read(source.encode(), "rnn.py")
    needed(source)
    as_read(json.dumps({"cells": [{"cell_type": "code", "source": source}]}).encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": null, "nbformat": 4}',
        '{"cells": {}, "nbformat": 4}',
        '{"cells": [null, 3, "x", [], {"cell_type": 3}, {"cell_type": "code", "source": 3}]}',
        '{"worksheets": null}',
        '{"worksheets": [{"cells": null}, null, 3]}',
        '{"cells": ' + "[" * 100_000,
        '{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"nbformat": ' + "9" * 100_000 + ', "cells": []}',
        '{"nbformat": 1e999999, "x": NaN, "y": -Infinity, "cells": []}',
        '{"cells": [{"cell_type": "code", "source": "x = \\ud800"}], "cells": []}',
        '{"metadata": {"kernelspec": {"language": "R"}}, "cells": []}',
        '{"metadata": [], "cells": "x"}',
        '{"nbformat": "four", "cells": [{"cell_type": "code"}]}',
        "[]",
        "{",
    ],
    ids=lambda text: text[:40],
)
def test_odd_notebooks_are_their_students_sentence_and_stop_nobody(tmp_path: Path, text: str) -> None:
    for student, content in (
        ("odd", text),
        ("well", '{"cells": [{"cell_type": "code", "source": "x = 1"}]}'),
    ):
        (tmp_path / student).mkdir()
        (tmp_path / student / "rnn.ipynb").write_text(content)
    odd, well = read_submissions(tmp_path, "rnn")
    assert odd.problem.startswith("rnn.ipynb ")
    assert odd.problem.endswith((".", "?"))
    assert well.problem == ""


def test_code_in_a_text_cell_is_found_and_told() -> None:
    cells = [
        {
            "cell_type": "markdown",
            "source": "Write `def rnn_forward(x)`:\n\n```\ndef rnn_forward(x):\n    ...\n```",
        },
        {"cell_type": "code", "source": "import numpy"},
        {"cell_type": "raw", "source": "def rnn_forward(x):\n    return x"},
    ]
    reading = as_read(json.dumps({"cells": cells}).encode())
    assert reading.notes == (
        "cell 3 holds `rnn_forward`, but is a text cell: change its type to Code, run it, and save.",
    )
    only = as_read(json.dumps({"cells": cells[2:]}).encode())
    assert only.problem.startswith("rnn.ipynb has no code in its code cells; cell 1 holds `rnn_forward`")
    written = {"cell_type": "code", "source": "%%writefile rnn.py\ndef rnn_forward(x):\n    return x"}
    assert as_read(json.dumps({"cells": [cells[1], written]}).encode()).notes == (
        "cell 2 writes rnn.py, which no cell imports: it was read as code, for its `rnn_forward`.",
    )
    shell = {"cell_type": "code", "source": "%%script python\ndef rnn_forward(x):\n    return x"}
    assert as_read(json.dumps({"cells": [cells[1], shell]}).encode()).notes == (
        "cell 2 holds `rnn_forward`, but begins with %%script: take that line out, run the cell, and save.",
        "cell 2 was left out: it begins with %%script.",
    )
    done = {"cell_type": "code", "source": "def rnn_forward(x):\n    return x"}
    assert as_read(json.dumps({"cells": [*cells, done]}).encode()).notes == ()
    both = {"cell_type": "raw", "source": "class RNN:\n    x = 1\ndef rnn_forward(x):\n    return x"}
    assert as_read(json.dumps({"cells": [cells[1], both]}).encode()).notes == (
        "cell 2 holds `RNN` and `rnn_forward`, but is a text cell: change its type to Code, run it, and save.",
    )


@pytest.mark.parametrize(
    ("source", "version", "line"),
    [
        ("d = {}\nprint(f'{d['a']}')", "3.12", 2),
        ('x = f"{"\\n".join(a)}"', "3.12", 1),
        ("x = f'{a\n  + b}'", "3.12", 1),
        ("x = f'''{a  # why\n}'''", "3.12", 1),
        ("x = f'{a!r:>{d['w']}}' f'{d['a']=}'", "3.12", 1),
        ("f'{f'{f'{1}'}'}'", "3.12", 1),
        ("def f[T](x: T) -> T:\n    return x", "3.12", 1),
        ("def f[\n    T,\n](x): ...", "3.12", 1),
        ("import a\nclass C[T: int, *Ts, **P](B): ...", "3.12", 2),
        ("type X = int", "3.12", 1),
        ("if 1:\n    type X[T] = list[T]", "3.12", 2),
        ("def f[T = int](x): ...", "3.13", 1),
        ("x = t'{a}'", "3.14", 1),
        ("try:\n    a\nexcept* ValueError:\n    b", "3.11", 3),
        ("try:\n    a\nexcept ValueError, TypeError:\n    b", "3.14", 3),
        ("try:\n    a\nexcept* f(b, c), TypeError: b", "3.14", 3),
        ("x = f'{d['a']}'\ntry:\n    a\nexcept A, B:\n    b", "3.14", 4),
    ],
)
def test_the_version_that_code_needs(
    monkeypatch: pytest.MonkeyPatch, source: str, version: str, line: int
) -> None:
    monkeypatch.setattr(newer_python, "RUNNING", (3, 10))
    assert needed(source) == (version, line)


@pytest.mark.parametrize(
    "source",
    [
        *("f'{d['a'}'", "f'{}' f'{d['a']}'", "print(f'{d['a']}'", "def f[T(x): ...", "type X int", "x = ("),
        *("f'{a b}' + f'{d['a']}'", "for t in range(3)\n    print(f'{d['a']}')", "f'{" * 5000),
        *("try: a\nexcept A, B as c: d", "try: a\nexcept A, B\n: d", "try: a\nexcept (A, B: d"),
        *("type = 3\ntype (", "x = f'}'", "f'{a'"),
    ],
    ids=lambda source: source[:20],
)
def test_what_no_version_reads_needs_none(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setattr(newer_python, "RUNNING", (3, 10))
    assert needed(source) == ("", 0)


@pytest.mark.skipif(newer_python.RUNNING >= (3, 14), reason="every grammar known here is read by this Python")
def test_the_student_is_told_which_python_grades() -> None:
    reading = as_read(b"import os\n\nx = t'{os}'\n", "rnn.py")
    running = ".".join(map(str, newer_python.RUNNING))
    assert reading.problem == (
        f"rnn.py cannot be read, line 3: `x = t'{{os}}'`: this needs Python 3.14; {running} grades."
    )


@pytest.mark.skipif(newer_python.RUNNING >= (3, 14), reason="this Python reads it")
@pytest.mark.parametrize(
    "exceptions", ["ValueError, TypeError", "ValueError, error", "*ValueError, TypeError"]
)
def test_several_exceptions_without_brackets_are_told_to_be_of_a_later_python(exceptions: str) -> None:
    source = f"import os\ntry:\n    x = os\nexcept {exceptions}:\n    x = f'{{os}}'\n"
    running = ".".join(map(str, newer_python.RUNNING))
    assert as_read(source.encode(), "rnn.py").problem == (
        f"rnn.py cannot be read, line 4: `except {exceptions}:`: several exceptions need brackets, "
        f"`except (A, B):`; a name is given by `as`, `except A as name:` (without them it needs Python 3.14; "
        f"{running} grades)."
    )


def test_nothing_is_known_of_a_handout_by_itself() -> None:
    assert Handout().work(()) == frozenset()
