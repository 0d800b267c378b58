"""Folders as students have them, with their work at some stage in it, for the tests of `grader check`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from .loading import ROOT

REFERENCE = (ROOT / "solutions" / "birnn" / "birnn.py").read_text(encoding="utf-8")
SKELETON = (ROOT / "assignments" / "birnn" / "birnn.py").read_text(encoding="utf-8")
LOOP = "    for t in range(num_steps):\n        x_t = x[:, t]\n"
BEGINS = "    num_samples, num_steps, _ = x.shape\n    if lengths is None:\n"


def changed(old: str, new: str, source: str = REFERENCE) -> str:
    """The reference with the first `old` replaced, which must be there."""
    assert old in source
    return source.replace(old, new, 1)


#: Stages of work on birnn, by name.
STAGES = {
    "untouched": SKELETON,
    "right": REFERENCE,
    "wrong": changed("    outputs_b = reverse(outputs_b, lengths)\n", ""),
    "half_done": REFERENCE[: REFERENCE.index("class BiRNN")] + SKELETON[SKELETON.index("class BiRNN") :],
    "syntax_error": changed("for t in range(num_steps):", "for t in range(num_steps)"),
    "hang": changed(LOOP, "    while True: pass\n" + LOOP),
    "crash": changed(BEGINS, "    import os; os._exit(3)\n" + BEGINS),
    "calls_exit": changed(BEGINS, "    exit()\n" + BEGINS),
    "raises": changed("        x_t = x[:, t]\n", '        print("step", t)\n        x_t = x[:, step]\n'),
    "returns_nothing": changed("    return outputs, hidden\n", ""),
    "other_name": REFERENCE.replace("BiRNN", "BiRnn"),
    "cannot_be_loaded": changed("def reverse", "import tensorflow_of_mine\n\n\ndef reverse"),
    "hangs_when_loaded": changed("def reverse", "while True: pass\n\n\ndef reverse"),
    "imports_a_neighbour": changed("import torch\n", "import torch\nimport helpers\n"),
}


def folder(where: Path, source: str | None, name: str = "birnn", notebook: bool = False) -> Path:
    """A copy of a hand-out in `where`, with `source` as the student's only file (None: both skeletons)."""
    place = where / name
    shutil.copytree(ROOT / "assignments" / name, place, ignore=shutil.ignore_patterns("__pycache__"))
    if source is not None and notebook:
        write_notebook(place / f"{name}.ipynb", source)
        (place / f"{name}.py").unlink()
    elif source is not None:
        (place / f"{name}.py").write_text(source, encoding="utf-8")
        (place / f"{name}.ipynb").unlink()
    return place


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook with these code cells."""
    document = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
        for n, cell in enumerate(cells)
    ]
    path.write_text(
        json.dumps({"cells": document, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8"
    )
