"""Notebooks whose JSON was damaged: read where there is one way to read them, else told where they break."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.submissions.files import Item, too_large
from grader.submissions.reading import Reading, read
from tests.kit.downloads import HANDOUT

LINES = ["def rnn_forward(x):\n", "    return x\n", "# the end"]
WORK = "".join(LINES)


def cell(*lines: str, kind: str = "code") -> dict[str, Any]:
    return {"cell_type": kind, "execution_count": 1, "metadata": {}, "outputs": [], "source": [*lines]}


DOCUMENT = {
    "cells": [cell("# Title", kind="markdown"), cell(*LINES), cell("a = 'b'\n", "print(1)")],
    "metadata": {"kernelspec": {"language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
TEXT = json.dumps(DOCUMENT, indent=1)
OTHER = json.dumps({**DOCUMENT, "cells": [cell("x = 1")]})


def as_read(text: str, name: str = "rnn.ipynb") -> Reading:
    return read(Item((name,), lambda limit: text.encode()), HANDOUT)


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def conflict(ours: str, theirs: str, base: str = "") -> str:
    return f"<<<<<<< HEAD\n{ours}\n{base}=======\n{theirs}\n>>>>>>> feature"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (changed('"nbformat_minor": 5', '"nbformat_minor": 5,'), "put right in line 40"),
        (changed('  }\n ],\n "metadata"', '  },\n ],\n "metadata"'), "put right in line 32"),
        (changed('"print(1)"', '"print(1)",'), "put right in line 30"),
        (changed("  },\n  {", "  }\n  {"), "put right in line 11"),
        (
            changed("   ]\n  }", "   ]\n  }").replace(' ],\n "metadata"', ' ]\n "metadata"'),
            "put right in line 33",
        ),
        (changed('def rnn_forward(x):\\n",', 'def rnn_forward(x):\\n"'), "put right in line 18"),
        (changed("'b'", "'\\d'"), "put right in line 29"),
        (f"{TEXT}}}", "what stands behind its end (line 41) was passed over"),
        (f"{TEXT}\nbye", "what stands behind its end (line 42) was passed over"),
        (f"{TEXT}\n{TEXT}", "what stands behind its end (line 42) was passed over"),
        (TEXT[:-1], "it breaks off behind its last cell (line 40); no code is missing"),
        (TEXT[: TEXT.index('"nbformat"')], "it breaks off behind its last cell"),
        (
            changed(' "nbformat_minor": 5', conflict('"nbformat_minor": 5', '"nbformat_minor": 4')),
            "(line 40)",
        ),
        (
            changed(
                '   "execution_count": 1,',
                conflict('"execution_count": 1,', '"execution_count": 2,', "||||||| a\n3\n"),
            ),
            "a merge conflict was left in it (line 5); both sides hold the same code",
        ),
        (TEXT.replace('"', "&quot;"), "it was copied from a web page"),
    ],
    ids=range(15),
)
def test_what_can_be_read_in_one_way_is_read_with_a_note(text: str, note: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        json.loads(text)
    reading = as_read(text)
    assert not reading.problem
    assert reading.chunks[0].source == WORK
    assert reading.chunks[0].label == "cell 2"
    assert note in reading.notes[0]


@pytest.mark.parametrize(
    "document",
    [
        DOCUMENT["cells"],
        {"type": "notebook", "content": DOCUMENT},
        {"cells": [{**cell(*LINES), "cell_type": "Code"}]},
        {"cells": [{"outputs": [], "source": LINES}]},
        {"cells": [{**cell(), "source": [LINES]}]},
        {"cells": [{**cell(), "source": WORK}]},
        {"cells": [{"cell_type": "code"}, cell(*LINES)]},
    ],
    ids=range(7),
)
def test_other_shapes_of_a_notebook_are_read(document: Any) -> None:
    assert as_read(json.dumps(document)).chunks[0].source == WORK
    assert as_read("\ufeff\ufeff" + json.dumps(document)).chunks[0].source == WORK


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            changed('"print(1)"', '"print("1")"'),
            "line 30, column 13 (a comma is missing, or a quotation mark",
        ),
        (
            changed('"cells"', "“cells”"),
            "line 2, column 2 (a name in double quotes is missing). If it still opens",
        ),
        (changed('"execution_count": 1', '"execution_count": None'), "column 23 (a value is missing)"),
        (
            TEXT[: TEXT.index("print(1)") + 3],
            "it breaks off before its end, in line 30, within cell 3: it was not",
        ),
        (TEXT[: TEXT.index("rnn_forward")], "in line 18, within cell 2"),
        (f"{TEXT}\n{OTHER}", "two notebooks stand in it, one behind the other: the second begins in line 42"),
        (
            changed('    "print(1)"', conflict('    "print(1)"', '    "print(2)"')),
            "a merge conflict was left in it, in line 30. In a text editor, keep one of the two sides",
        ),
        ("null", "is not a notebook: it is not JSON"),
        (json.dumps(TEXT), "is not a notebook: it is not JSON"),
    ],
    ids=range(9),
)
def test_what_leaves_open_what_was_meant_is_told_with_its_place(text: str, why: str) -> None:
    reading = as_read(text)
    assert reading.chunks == ()
    assert reading.problem.startswith("rnn.ipynb is not a ")
    assert why in reading.problem


def test_a_large_notebook_of_another_name_is_read() -> None:
    pictures = {"output_type": "display_data", "data": {"image/png": "A" * 3_000_000}}
    data = json.dumps({"cells": [{**cell(*LINES), "outputs": [pictures]}]}).encode()

    def within(limit: int) -> bytes:
        if len(data) > limit:
            raise too_large("rnn.py", len(data), limit)
        return data

    assert read(Item(("rnn.py",), within), HANDOUT).chunks[0].source == WORK
