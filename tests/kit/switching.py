"""A small program with edits of it, and what sets of these answer with switches or compiled by themselves."""

from __future__ import annotations

import numpy as np

from grader.diagnose import bounded
from grader.diagnose.mistakes import Mistake, Variant
from grader.diagnose.source import Source
from grader.errors import CourseError
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.subjects import LocalSubject

TEXT = '''\
import numpy as np


def total(x, start=None):
    """The sum over all rows."""
    if start is None:
        start = 0.0
    kept = []
    state = start
    for row in x:
        weight = 2.0
        state = state + weight * row
        kept.append(state)
    result = np.stack(kept)
    return result, state


class Sum:
    def __init__(self, size):
        self.size = size

    def __call__(self, x):
        outputs, last = total(x)
        return outputs * self.size
'''

STATE = "state = state + weight * row"

#: Changes to `total`.
EDITS = {
    "another sum": (STATE, "state = state - weight * row"),
    "a line more": ("weight = 2.0", "weight = 2.0\nweight = weight + 1.0"),
    "a name of its own": (STATE, "more = weight * row\nstate = state + more"),
    "other rows": ("for row in x:", "for row in x[1:]:"),
    "another question": ("if start is None:", "if start is not None:"),
    "nothing kept": ("kept.append(state)", "kept = [state]"),
    "a loop more": (
        "result = np.stack(kept)",
        "for one in kept:\n    one = one * 2\nresult = np.stack(kept)",
    ),
    "a header and more": ("if start is None:\n        start = 0.0", "start = 1.0"),
    "a comprehension": ("result = np.stack(kept)", "result = np.stack([2.0 * one for one in kept])"),
    "a name without a value": ("weight = 2.0", "pass"),
    "a name that has no value yet": ("result = np.stack(kept)", "result = later\nlater = 1.0"),
    "swapped results": ("return result, state", "return state, result"),
    "a global of another": ("return result, state", "return result.T, np.asarray(state)"),
}


def variant(name: str) -> Variant:
    return Variant(Mistake(name, title="", hint="", edits={}), "total", "total", (EDITS[name],))


def ready(text: str, edits: list[Variant]) -> Source:
    """A source that knows some edits."""
    source = Source(text)
    for edit in edits:
        source.know(edit)
    return source


def answers(source: Source, edits: tuple[Variant, ...], *, switched: bool) -> bytes | None:
    """What a program answers to one call; None where it has no switches. Raises CourseError."""
    names: dict[str, int] = {}
    if switched:
        compiled = source.switched(edits, "a.py")
        if compiled is None:
            return None
        codes, names = compiled[0], dict(compiled[1])
    else:
        codes = source.codes(edits, "a.py", bounded=True)
    subject = LocalSubject.compiled("a", codes, names=names)
    bounded.begin()
    x = np.arange(8.0).reshape(4, 2)
    return wire.encode([*subject.ask((ops.Call("total", (x,), {}),)), bounded._Allowance.steps])


def has_switches(source: Source, edits: tuple[Variant, ...]) -> bool:
    try:
        return source.switched(edits, "a.py") is not None
    except CourseError:
        return False
