"""Notebooks of marimo, which are .py files → their cells, in the order in which they run."""

from __future__ import annotations

import ast

import pytest

from grader.submissions.marimo import cells

HEAD = """import marimo

__generated_with = "0.13.0"
app = marimo.App(width="medium")
"""
END = """

if __name__ == "__main__":
    app.run()
"""


def read(body: str) -> list[tuple[str, str]]:
    source = HEAD + body + END
    return [(chunk.label, chunk.source.strip("\n")) for chunk in cells(source, ast.parse(source))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@app.cell\ndef _():\n    a = 1\n    return (a,)\n", [("cell 1", "a = 1")]),
        (
            "@app.cell(hide_code=True)\ndef f(a):\n    # why\n\n    a + 1\n    return\n",
            [("cell 1", "# why\n\na + 1")],
        ),
        (
            "@app.cell\ndef _(\n    a,\n    b,\n):\n    c = a + b\n    return (c,)\n",
            [("cell 1", "c = a + b")],
        ),
        ("@app.cell\nasync def _():\n    await f()\n    return\n", [("cell 1", "await f()")]),
        ("@app.cell\ndef _():\n    return\n", []),
        ("@app.function\ndef f(x):\n    return x\n", [("cell 1", "def f(x):\n    return x")]),
        (
            "@app.class_definition(hide_code=True)\nclass A:\n    x = 1\n",
            [("cell 1", "class A:\n    x = 1")],
        ),
        (
            "with app.setup:\n    import math\n\n@app.function\n@trace\ndef f():\n    pass\n",
            [("cell 1", "import math"), ("cell 2", "@trace\ndef f():\n    pass")],
        ),
        # a cell runs after those that define what it takes
        (
            "@app.cell\ndef _(np):\n    a = np.pi\n    return\n\n@app.cell\ndef _():\n    import numpy as np\n",
            [("cell 2", "import numpy as np"), ("cell 1", "a = np.pi")],
        ),
        (
            "@app.cell\ndef _(b):\n    a = b\n    return (a,)\n\n@app.cell\ndef _(a):\n    b = a\n    return (b,)\n",
            [("cell 2", "b = a"), ("cell 1", "a = b")],
        ),
        (
            "app._unparsable_cell(r'x = (', name='_')\n\n@app.cell\ndef _():\n    a = 1\n    return\n",
            [("cell 2", "a = 1")],
        ),
        (
            "@app.cell\ndef _(a):\n    if a:\n        return 1\n    b = 2\n    return b\n",
            [
                (
                    "cell 1",
                    "@app.cell\ndef _(a):\n    if a:\n        return 1\n    b = 2\n    return b",
                )
            ],
        ),
    ],
)
def test_cells_of_a_marimo_notebook_are_read_in_order(body: str, expected: list[tuple[str, str]]) -> None:
    assert read(body) == expected


@pytest.mark.parametrize(
    "source",
    ["x = 1", "import marimo\nx = marimo.ui.slider(1, 2)", "app = flask.App()\n@app.cell\ndef f(): pass"],
)
def test_other_programs_are_none(source: str) -> None:
    assert cells(source, ast.parse(source)) == ()
