"""What Python would warn of in an edited reference is nobody's business: edits are made to be wrong."""

from __future__ import annotations

import warnings

import pytest

from grader.diagnose.compiling import compiled_silently
from grader.diagnose.mistakes import Mistake, variants
from grader.diagnose.source import Source

TEXT = """
def f(x):
    pair = (x, x)
    first = pair[0]
    return first + 1


def g(x):
    values = [value for value in (x, x)]
    return values[0]
"""


def edit(place: str, old: str, new: str):
    (variant,) = variants([Mistake(f"{place}-{new}", title="", hint="", edits={place: (old, new)})])
    return variant


WARNED = [
    edit("f", "first = pair[0]", "first = (x, x)[0, 1]"),
    edit("g", "return values[0]", "return [0][0, 1]"),
    edit("f", "return first + 1", "return first is 1"),
]


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_python_would_warn_of_these():
    for variant in WARNED:
        with pytest.raises((SyntaxWarning, SyntaxError)):
            compile(Source(TEXT).whole([variant]), "f.py", "exec")


@pytest.mark.parametrize("variant", WARNED, ids=lambda variant: variant.name)
@pytest.mark.parametrize("bounded", [True, False])
def test_an_edit_alone_is_compiled_in_silence(variant, bounded):
    assert Source(TEXT).codes([variant], "f.py", bounded=bounded)


def test_a_program_with_switches_is_compiled_in_silence():
    source = Source(TEXT)
    for variant in WARNED:
        source.know(variant)
    assert source.switched([WARNED[0], WARNED[2]], "f.py")


def test_a_text_that_no_edit_has_alone_is_compiled_in_silence():
    source = Source(TEXT)
    pair = [
        edit("f", "first = pair[0]", "first = (x, 2)[0]"),
        edit("f", "first = pair[0]", "first = pair[0, 1]"),
    ]
    for variant in pair:
        source.know(variant)
    assert source.switched(pair, "f.py")


def test_what_is_no_python_is_told_all_the_same():
    with pytest.raises(SyntaxError):
        compiled_silently("return = 1", "f.py", 0)
