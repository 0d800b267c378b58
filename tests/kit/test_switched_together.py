"""Edits of one line, or of two lines, put together in one function with switches: the same answers again."""

from __future__ import annotations

import pytest

from grader.diagnose.mistakes import Mistake, Variant
from grader.errors import CourseError

from .switching import TEXT, answers, has_switches, ready, variant

STATE = "state = state + weight * row"

#: Edits of one line that can be put together.
OF_ONE_LINE = {
    "an assignment": [(STATE, "state = state - weight * row"), (STATE, "state = state + weight * row * 3")],
    "what is returned": [
        ("return result, state", "return state, result"),
        ("return result, state", "return result[1:], state"),
    ],
    "a line before what is returned": [
        ("return result, state", "result = result * 2\nreturn result, state"),
        ("return result, state", "return result, state[:1]"),
    ],
    "a question": [
        ("if start is None:", "if start is not None:"),
        ("if start is None:", "if start is None or len(x) > 9:"),
    ],
    "a call": [
        ("kept.append(state)", "kept.append(-state)"),
        ("kept.append(state)", "kept.append(state * 2)"),
    ],
    "a comprehension": [
        ("result = np.stack(kept)", "result = np.stack([2.0 * one for one in kept])"),
        ("result = np.stack(kept)", "result = np.stack(kept) + 1"),
    ],
    "two lines and one of them": [
        ("weight = 2.0\n        " + STATE, "weight = 3.0\nstate = state + weight * row"),
        (STATE, "state = state - weight * row"),
    ],
}


@pytest.mark.parametrize("changes", OF_ONE_LINE.values(), ids=list(OF_ONE_LINE))
def test_edits_of_one_line_are_put_together(changes):
    mistakes = (Mistake(change[1], title="", hint="", edits={}) for change in changes)
    edits = tuple(
        Variant(each, "total", "total", (change,)) for each, change in zip(mistakes, changes, strict=True)
    )
    source = ready(TEXT, [*edits])
    assert answers(source, edits, switched=True) == answers(source, edits, switched=False)


def test_edits_that_both_change_two_lines_are_put_together_beside_others():
    weight = "weight = 2.0"
    others = [((weight, "weight = 3.0"), (STATE, "state = state - weight * row"))]
    others += [((weight, "weight = 2.0 * 2"), (STATE, "state = state + weight * row * 3"))]
    edits = [
        Variant(Mistake(str(number), title="", hint="", edits={}), "total", "total", changes)
        for number, changes in enumerate(others)
    ]
    edits.append(variant("swapped results"))
    source = ready(TEXT, edits)
    own = answers(source, tuple(edits), switched=False)
    assert answers(source, tuple(edits), switched=True) == own
    assert answers(source, tuple(reversed(edits)), switched=True) == own


def test_what_both_put_in_may_be_what_a_third_edit_replaces():
    """Then that stands there twice, and the three are no program."""
    text = TEXT.replace("result = np.stack", "state = state - weight * row * 3\n    result = np.stack")
    changes = [*OF_ONE_LINE["an assignment"], ("state = state - weight * row * 3", "state = state * 2")]
    edits = tuple(
        Variant(Mistake(change[1], title="", hint="", edits={}), "total", "total", (change,))
        for change in changes
    )
    source = ready(text, [*edits])
    assert has_switches(source, edits[:2])
    assert not has_switches(source, edits)
    with pytest.raises(CourseError):
        source.codes(edits, "a.py")


def test_what_has_variables_of_its_own_is_not_put_together():
    changes = [
        ("return result, state", "return -result, state"),
        ("return result, state", "return result, max(one.sum() * weight for one in kept)"),
    ]
    mistakes = (Mistake(change[1], title="", hint="", edits={}) for change in changes)
    edits = tuple(
        Variant(each, "total", "total", (change,)) for each, change in zip(mistakes, changes, strict=True)
    )
    source = ready(TEXT, [*edits])
    assert answers(source, edits, switched=True) is None
    assert answers(source, edits, switched=False) is not None


def test_a_name_that_is_the_modules_as_well_is_not_put_together():
    text = TEXT.replace("import numpy as np\n", "import numpy as np\n\nweight = 1.0\n")
    changes = OF_ONE_LINE["an assignment"]
    mistakes = (Mistake(change[1], title="", hint="", edits={}) for change in changes)
    edits = tuple(
        Variant(each, "total", "total", (change,)) for each, change in zip(mistakes, changes, strict=True)
    )
    assert answers(ready(text, [*edits]), edits, switched=True) is None
