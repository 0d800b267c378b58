"""What students of the nbgrader course hand in, and in which forms."""

from __future__ import annotations

import json
from typing import Any

from tests.kit.course_factory import RIGHT, WRONG
from tests.kit.test_nbgrader import cell, notebook

FULL = {"numpy": 6.0, "torch": 4.0}

NOTHING = {"numpy": 0.0, "torch": 0.0}

WRONG_SCALE = {"numpy": 0.0, "torch": 4.0}

SCALE, SCALER = RIGHT.split("\n\n\nclass ")

SCALER = "class " + SCALER


def plain(*sources: str, **more: Any) -> dict[str, Any]:
    return notebook(*map(cell, sources), **more)


V3 = {
    "metadata": {"name": ""},
    "nbformat": 3,
    "nbformat_minor": 0,
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 1, "source": "Mine"},
                {"cell_type": "code", "input": RIGHT.split("\n"), "outputs": [], "prompt_number": 7},
                {"cell_type": "code", "input": RIGHT, "language": "python"},
            ]
        }
    ],
}

PICTURE = {"output_type": "display_data", "data": {"image/png": "A" * 3_000_000}, "metadata": {}}

WIDGET = {
    "output_type": "display_data",
    "data": {"application/vnd.jupyter.widget-view+json": {"model_id": "0"}},
}

NOISY = 'import sys, warnings\nprint("hello", file=sys.stderr)\nwarnings.warn("careful")\nprint("hello")\n'

HOOK = """\
ip = None
try:
    ip = get_ipython()
    ip.run_cell = lambda *a, **k: None
except NameError:
    pass
"""

#: student -> (what is handed in, the points it must get, words that the student must read)
REAL: dict[str, tuple[Any, dict[str, float], str]] = {
    "nothing_unusual": (plain(RIGHT), FULL, "10 of 10 points"),
    "magics": (
        plain("%matplotlib inline\n!pip install numpy\n%%time\n", "%time\n" + RIGHT),
        FULL,
        "passed over",
    ),
    "half_finished": (plain(RIGHT, "def more(x:\n    return"), FULL, "cell 2 was left out"),
    "out_of_order": (
        notebook(
            cell(SCALE, execution_count=9), cell(SCALER, execution_count=2), cell(SCALE, execution_count=9)
        ),
        FULL,
        "",
    ),
    "raises_in_the_middle": (
        plain(SCALE, "print(undefined_name)", SCALER),
        FULL,
        "was passed over: it raised",
    ),
    "noisy": (plain(NOISY + RIGHT), FULL, ""),
    "wrong": (plain(WRONG), WRONG_SCALE, "Every number is multiplied."),
    "hooks_the_kernel": (plain(HOOK + WRONG), WRONG_SCALE, ""),
    "plots": (notebook(cell(RIGHT, outputs=[PICTURE, WIDGET, PICTURE])), FULL, ""),
    "no_metadata": ({"cells": [{"cell_type": "code", "source": [RIGHT]}]}, FULL, ""),
    "odd_cells": (
        {
            "nbformat": 4,
            "metadata": [],
            "cells": [cell(RIGHT), None, 7, {"cell_type": "code"}, {"source": "x"}],
        },
        FULL,
        "",
    ),
    "format_3": (V3, FULL, ""),
    "markdown_and_raw": (
        notebook(
            {"cell_type": "markdown", "source": "# *"}, {"cell_type": "raw", "source": "("}, cell(RIGHT)
        ),
        FULL,
        "",
    ),
    "surrogates": (plain(RIGHT + "\nNAME = '\ud800'\n"), FULL, ""),
    "broken_off": (json.dumps(plain(RIGHT))[:-400], NOTHING, "could not be loaded"),
    "without_its_end": (json.dumps(plain(RIGHT))[:-40], FULL, ""),
    "no_notebook": ("\x00\x01 not json", NOTHING, "could not be loaded"),
    "empty": ("", NOTHING, "could not be loaded"),
    "another_language": (plain(RIGHT, metadata={"kernelspec": {"language": "julia"}}), NOTHING, "julia"),
    "nothing_done": (None, NOTHING, "nothing is filled in yet"),
}
