"""A dtype that no input has is seen and named, and no word is taken for one."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from grader.diagnose.dtypes import made_in
from grader.subject import operations as ops

from . import examining
from .examining import examined, program

diagnoser = examining.diagnoser


@pytest.mark.parametrize(
    ("end", "ids"),
    {
        ".astype(np.float32)": ["dtype_float32"],
        ".astype(np.float16)": [],
        ".astype(np.float16).astype(x.dtype)": [],
    }.items(),
)
def test_a_dtype_is_called_what_it_is(diagnoser, end, ids):
    diagnoses = examined(diagnoser, program(numpy_step=f"np.tanh(x @ w + h @ u + b){end}"))
    assert [id for id, _, _ in diagnoses] == ids


@pytest.mark.parametrize("dtype_of_inputs", ["float32", "float64"])
@pytest.mark.parametrize(
    ("answer", "dtype"),
    [
        (ops.Value(np.ones(2, "float16")), "float16"),
        (
            ops.Raised("RuntimeError", "expected the same dtype, but got: c10::Half != float", "call"),
            "float16",
        ),
        (ops.Raised("RuntimeError", "mat1 has dtype c10::BFloat16", "call"), "bfloat16"),
    ],
)
def test_a_dtype_that_no_input_has_is_seen_whatever_was_asked(dtype_of_inputs, answer, dtype):
    session = SimpleNamespace(batches=[np.ones(2, dtype_of_inputs)], weighed=[True])
    assert made_in([(session, [[answer]], [[ops.Value(np.ones(2, dtype_of_inputs))]])]) == dtype


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("the second half of the sequence is missing", False),
        ("half", False),
        ("'float' object is not subscriptable", False),
        ("could not convert string to float: 'a'", False),
        ("mat1 and mat2 must have the same dtype, but got Half and Double", True),
        ("\"addmm_impl_cpu_\" not implemented for 'Half'", True),
        ("Input type (c10::Half) and bias type (double) should be the same", True),
        ("Cannot cast ufunc 'add' output from dtype('float64') to dtype('float16')", True),
    ],
)
def test_a_word_is_no_dtype(text, is_one):
    """What libraries call a dtype names it; the same letters in another sentence do not."""
    session = SimpleNamespace(batches=[np.ones(2)], weighed=[True])
    raised = ops.Raised("RuntimeError", text, "call")
    assert made_in([(session, [[raised]], [[ops.Value(np.ones(2))]])]) == ("float16" if is_one else "")


def test_two_dtypes_that_no_input_has_have_no_one_name():
    session = SimpleNamespace(batches=[np.ones(2)], weighed=[True, True])
    mixed = [[ops.Value(np.ones(2, "float16"))], [ops.Raised("RuntimeError", "dtype: BFloat16", "call")]]
    assert made_in([(session, mixed, [[ops.Value(np.ones(2))]] * 2)]) == ""


def test_a_formula_that_is_a_little_off_is_no_dtype():
    """As `sqrt(v) + eps` is for `sqrt(v + eps)`: roundings of single precision are smaller."""
    right = np.linspace(0.1, 1, 7)
    session = SimpleNamespace(batches=[np.ones(2)], weighed=[True])
    for wrong, dtype in ((right * (1 + 5e-6), ""), (right.astype("float32").astype("float64"), "float32")):
        assert made_in([(session, [[ops.Value(wrong)]], [[ops.Value(right)]])]) == dtype
