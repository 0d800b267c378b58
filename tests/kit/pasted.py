"""Runs counterexamples as a student would: their code below the student's own file. A process of its own.

Reads a JSON list of {"chunks": [source, …], "call": code} and writes, for each, what the code printed: values as
plain data, or the exception that ended it. Only for submissions of our own that do no harm.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any

import numpy as np

from grader.subject import operations as ops
from grader.subject.plain import plain


def main() -> None:
    print(json.dumps([run(program["chunks"], program["call"]) for program in json.load(sys.stdin)]))


def run(chunks: list[str], call: str) -> dict[str, Any]:
    """{"printed": [the arguments of each print, …], "raised": "" or "Kind: text"}."""
    space: dict[str, Any] = {"__name__": "student"}
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        for source in chunks:
            # A notebook's cell that raises does not stop the next one; a file that raises has no counterexample.
            with contextlib.suppress(Exception):
                exec(source, space)
    printed: list[Any] = []
    space["print"] = lambda *values: printed.append([_as_printed(value) for value in values])
    try:
        exec(call, space)
    except Exception as error:
        return {"printed": printed, "raised": f"{type(error).__name__}: {error}"}
    return {"printed": printed, "raised": ""}


def _as_printed(value: Any) -> Any:
    is_dtype = type(value).__name__.lower().endswith("dtype")  # of numpy, or of torch
    return str(value).removeprefix("torch.") if is_dtype else as_json(plain(value))


def as_json(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"shape": value.shape, "dtype": str(value.dtype), "values": value.ravel().tolist()}
    if isinstance(value, ops.Opaque):
        return {"opaque": value.description}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {"dict": {key: as_json(item) for key, item in value.items()}}
    return value


if __name__ == "__main__":
    main()
