"""Functions of a harness written out for students: names that are the function's own, and names that are shared."""

import textwrap

import pytest

from grader.diagnose import Example, inlined
from grader.subject.harness import Harness

SOURCE = """
import numpy as np

RATE = 0.5


def encode(student, x):
    return np.sort(student.encode(x))


def gradients(student, x, dy):
    _, cache = student.encode(x)
    return student.decode(dy, cache)


def descended(student, weights, gradients):
    returned = student.descend(weights, gradients, RATE)
    return weights, returned


def both(student, x):
    return encode(student, x)
"""


def lines(function):
    harness = Harness("harness.py", textwrap.dedent(SOURCE), ("encode", "decode", "descend"), ("numpy",))
    return inlined.lines(harness, Example(function, {}))


def test_a_function_of_the_student_may_be_called_what_one_of_the_harness_is():
    assert lines("gradients") == ([], ["_, cache = encode(x)", "print(decode(dy, cache))"])


def test_a_parameter_may_be_called_what_a_function_of_the_harness_is():
    first = ["RATE = 0.5"]
    assert lines("descended") == (
        first,
        ["returned = descend(weights, gradients, RATE)", "print((weights, returned))"],
    )


def test_what_the_module_has_stands_first():
    assert lines("encode") == (["import numpy as np"], ["print(np.sort(encode(x)))"])


def test_a_function_that_calls_another_one_of_the_harness_is_not_written_out():
    with pytest.raises(inlined.NotStraight, match="it uses"):
        lines("both")
