"""`grader check` asks for a `return` where nothing at all came back, whatever the check calls the answer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from grader.check.nothing import came_back

HELPERS = """
def as_array(value, what):
    assert isinstance(value, float), f"{what}: got {type(value).__name__}"
    return value


def pair_of(pair):
    assert isinstance(pair, tuple), f"expected two results, got {type(pair).__name__}"
    return [as_array(part, "a result") for part in pair]


"""


def fails_on(check, answer):
    """Whether what `answer()` gives makes this check fail for the want of a `return`."""
    source = HELPERS + "def test_it():\n" + "".join(f"    {line}\n" for line in check)
    names = {"answer": answer, "given": SimpleNamespace(grad=None)}
    exec(compile(source, "checks.py", "exec"), names)
    with pytest.raises(AssertionError) as caught:
        names["test_it"]()
    entries = [entry for entry in caught.traceback if str(entry.path).endswith("checks.py")]
    return came_back(source, [(entry.frame.raw, entry.lineno + 1) for entry in entries])


@pytest.mark.parametrize(
    "check",
    {
        "its own name": ["got = answer()", "assert got == 1"],
        "another name": ["h_next = answer()", "lengths = None", "assert h_next == 1, 'off'"],
        "a helper's frame": ["as_array(answer(), 'h')"],
        "a pair in a helper's frame": ["pair_of(answer())"],
        "over several lines": ["state = answer()", "assert (", "    state", "    == 1", ")"],
    }.values(),
)
def test_nothing_came_back(check):
    assert fails_on(check, lambda: None)
    assert not fails_on(check, lambda: 2)


@pytest.mark.parametrize(
    "check",
    {
        "a None of the check's own": ["lengths = None", "state = answer()", "assert state == 1"],
        "a gradient that is not there": ["answer()", "grad = given.grad", "assert grad is not None"],
        "an attribute": ["answer()", "assert given.grad is not None"],
        "no frame of its own": ["assert answer() == 1"],
    }.values(),
)
def test_something_came_back(check):
    assert not fails_on(check, lambda: 2.5)


def test_a_result_that_is_missing_from_a_pair_is_no_missing_return():
    assert not fails_on(["pair_of(answer())"], lambda: (1.0, None))
    assert not fails_on(["outputs, hidden = answer()", "as_array(hidden, 'hidden')"], lambda: [1.0, "?"])
