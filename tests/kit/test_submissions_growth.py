"""Reading is linear: twice as much in a file is about twice as much work. Counted in steps (steps.py)."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import types
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import grader.submissions
import grader.text
from grader.records import Chunk
from grader.submissions import Handout
from grader.submissions.files import Item
from grader.submissions.handout import _work, code
from grader.submissions.magics import drop_magics
from grader.submissions.modules import _first_names
from grader.submissions.newer_python import needed
from grader.submissions.python_source import parse
from grader.submissions.reading import read
from grader.submissions.syntax_errors import explain
from tests.kit.counted_matching import TooManySteps
from tests.kit.steps import steps_of

MODULES: list[types.ModuleType] = [grader.text] + [
    importlib.import_module(f"grader.submissions.{info.name}")
    for info in pkgutil.iter_modules(grader.submissions.__path__)
]
SIZE = 240  # characters, and then twice as many
HANDOUT = Handout(
    ("rnn_forward", "RNN"), ("def rnn_forward(x):\n    raise NotImplementedError('your turn')\n",)
)


def as_file(text: str) -> object:
    return read(Item(("rnn.py",), lambda limit: text.encode("utf-8", "replace")), HANDOUT)


def as_cells(text: str) -> object:
    cells = [{"cell_type": kind, "source": text} for kind in ("code", "markdown")]
    cells += [
        {"cell_type": "code", "source": f"%%time\n{text}"},
        {"cell_type": "code", "source": f"(\n{text}"},
    ]
    whole = json.dumps({"cells": cells, "nbformat": 4})
    return read(Item(("rnn.ipynb",), lambda limit: whole.encode()), HANDOUT)


def as_error(text: str) -> object:
    lines = text.count("\n") + 1
    return [
        explain(text, SyntaxError(message, ("rnn.py", line, 1, "", line, 1)))
        for line in (1, lines)
        for message in (
            "invalid syntax",
            "unexpected EOF",
            "f-string: expecting '}'",
            "invalid character (U+00A0)",
        )
    ]


def as_work(text: str) -> object:
    chunks = (Chunk(text),)
    return HANDOUT.work(chunks), code(chunks), HANDOUT.begun_in(text)


READERS: dict[str, Callable[[str], object]] = {
    "a file": as_file,
    "cells": as_cells,
    "an error": as_error,
    "magics": drop_magics,
    "later grammar": needed,
    "work": as_work,
}
UNITS = [
    *(
        " ",
        "\t",
        "\n",
        " \n",
        "=",
        "=======\n",
        "<<<<<<< a\n",
        "a",
        "a.",
        "a,",
        " ,a",
        "a ",
        "?",
        "%",
        "!",
        "#",
        "\\\n",
    ),
    *('"', "'", "(", ")", "[", "]", "{", ",", "+", "-", ";", "1", "_", ">>> a\n", "`", "é", "\u3000", "pip "),
    *("!ls\\\n", "def ", "def f[", "type ", "type X = f'", "f'{", "f'{a}'", "'''", "class A:\n", " if a:\n"),
    *(
        "print ",
        "else ",
        "a?\n",
        "def rnn_forward(x):\n",
        "# %%\n",
        "return\n",
        "@a\n",
        "a=",
        "0x",
        "\x00",
        "\r",
        "ﬀ",
    ),
    *("x = !ls\n", "%time a\n"),
]
BEGINNINGS = [
    "",
    "a?",
    "a++",
    "%",
    "!",
    "x = ",
    "x, y = ",
    "print ",
    "if ",
    ">>>",
    "pip ",
    "f'{",
    "def f[",
    "%time ",
    "?",
]
ENDINGS = ["", "x", ")", ";x", "#", "?x", "'", "\n(", "=", "\\"]
#: What has been seen to take minutes.
KNOWN = [
    ("", "=======\n", ""),
    ("a?", " ", "x"),
    ("a++", " ", ")"),
    ("a--", " ", "#x"),
    ("", "a.", "+"),
    ("x", " ,y", "!"),
    ("f(", ")->", "x"),
    ("1 x\n2 y\n", "3 z\n", ""),
    ("import marimo\napp = marimo.App()\n", "@app.cell\ndef _(a):\n    a = 1\n", ""),
]


def anew(reader: Callable[[str], object], text: str) -> object:
    """What a reader does with a text that nothing is remembered of."""
    for remembering in (parse, _work, code, _first_names):
        remembering.cache_clear()
    return reader(text)


def grows_linearly(reader: Callable[[str], object], beginning: str, unit: str, ending: str) -> None:
    def text(size: int) -> str:
        return beginning + unit * (size // len(unit)) + ending

    most = 4000 * SIZE
    counts = [
        steps_of(lambda size=size: anew(reader, text(size)), MODULES, most) for size in (SIZE, 2 * SIZE)
    ]
    # What is the same for every size is taken off: the growth is what counts.
    base = steps_of(lambda: anew(reader, text(len(unit))), MODULES, most)
    assert counts[1] - base <= 2.4 * max(counts[0] - base, SIZE), (counts, base)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("beginning", "unit", "ending"), KNOWN)
def test_what_was_once_quadratic_is_not(reader: str, beginning: str, unit: str, ending: str) -> None:
    grows_linearly(READERS[reader], beginning, unit, ending)


# What it finds is short as it is; making it shorter would take many times as long.
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.sampled_from(list(READERS)),
    st.sampled_from(BEGINNINGS),
    st.sampled_from(UNITS),
    st.sampled_from(ENDINGS),
)
def test_no_text_makes_reading_quadratic(reader: str, beginning: str, unit: str, ending: str) -> None:
    grows_linearly(READERS[reader], beginning, unit, ending)


BLANKS = re.compile(r"a\s*;?\s*(?:#.*)?\Z")


def by_lines(text: str) -> object:
    lines = list(text)
    return [any(line == "x" for line in lines) for line in lines]


def by_splitting(text: str) -> object:
    return [len(text.split("\n")) for _ in text]


def by_pattern(text: str) -> object:
    return BLANKS.match("a" + text + "x")


def by_search(text: str) -> object:
    return re.search(r"\s+\Z", text + "x")


@pytest.mark.parametrize("reader", [by_lines, by_splitting, by_pattern, by_search])
def test_the_count_sees_quadratic_work_of_every_kind(reader: Callable[[str], object]) -> None:
    here = importlib.import_module(__name__)

    def count(size: int) -> int:
        return steps_of(lambda: reader(" " * size), [here])

    assert count(200) > 3 * count(100)
    with pytest.raises(TooManySteps):
        steps_of(lambda: reader(" " * 1000), [here], most=50_000)


def test_the_matcher_agrees_with_the_engine() -> None:
    from tests.kit.counted_matching import Matcher, Steps

    patterns = [
        pattern
        for module in MODULES
        for value in vars(module).values()
        for pattern in (value if isinstance(value, tuple) else [value])
        if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str)
    ]
    texts = [
        "",
        "a",
        "  a?",
        "x = !ls",
        "%time f()",
        "<<<<<<< a",
        "a_1_2_b.py",
        "Ada_1_assignsubmission_file_a.py",
        "é\n",
        "((1))",
    ]
    assert len(patterns) > 20
    for pattern in patterns:
        matcher = Matcher(pattern.pattern, pattern.flags)
        for text in texts:
            match = pattern.match(text)
            assert matcher.match(text, 0, Steps(10**6)) == (match.end() if match else None), (pattern, text)
