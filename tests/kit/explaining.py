"""Exceptions of a student, and how tests ask what is said of them."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from grader.messages import explain
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.subjects import StudentRaised

SOURCE = """\
import numpy as np

def rnn_forward(x, h0, w_input):
    hidden = x @ w_input
    return hiden
"""


CHUNKS = [Chunk(SOURCE)]


@pytest.fixture(autouse=True)
def nobody_types(monkeypatch):
    """Code that asks for input gets the end of a file, on whatever machine."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


def problem(
    kind, text="", *, stage="call", frames=(), chunks=CHUNKS, exercise="rnn_forward", weights=None, bases=()
):
    raised = ops.Raised(kind, text, stage, tuple(frames), bases=tuple(bases))
    return explain.problem(StudentRaised(raised, exercise, weights), StudentSource("rnn.py", tuple(chunks)))


def bare_message(kind, text="", **more) -> str:
    """The message without the likely cause."""
    return explain.one_line(replace(problem(kind, text, **more), cause=""))


HERE = ops.Frame("", 5, "rnn_forward")


FORMS = {
    "NameError": ["name 'hiden' is not defined"],
    "UnboundLocalError": [
        "local variable 'hidden' referenced before assignment",
        "cannot access local variable 'hidden' where it is not associated with a value",
    ],
    "ValueError": [
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
        "(n?,k),(k,m?)->(n?,m?) (size 2 is different from 3)",
        "shapes (2,3) and (4,3) not aligned: 3 (dim 1) != 4 (dim 0)",
        "operands could not be broadcast together with shapes (2,3) (4,) ",
        "all input arrays must have the same shape",
        "need at least one array to stack",
        "not enough values to unpack (expected 2, got 1)",
        "too many values to unpack (expected 2)",
        "cannot reshape array of size 3 into shape (2,2)",
        "could not broadcast input array from shape (2,3) into shape (3,)",
        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
    ],
    "RuntimeError": [
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x3)",
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
        "expected m1 and m2 to have the same dtype, but got: float != double",
        "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1",
        "Sizes of tensors must match except in dimension 0. Expected size 3 but got size 2 for tensor number 1 "
        "in the list.",
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    ],
    "TypeError": [
        "rnn_forward() missing 2 required positional arguments: 'h0' and 'w_input'",
        "rnn_forward() got an unexpected keyword argument 'h0'",
        "rnn_forward() takes 2 positional arguments but 3 were given",
        "unsupported operand type(s) for +: 'Tensor' and 'NoneType'",
        "'NoneType' object is not subscriptable",
        "linear(): argument 'input' (position 1) must be Tensor, not numpy.ndarray",
    ],
    "AttributeError": [
        "'Tensor' object has no attribute 'hidden'",
        "module 'numpy' has no attribute 'hidden'",
    ],
    "IndexError": [
        "index 5 is out of bounds for axis 0 with size 2",
        "too many indices for array: array is 1-dimensional, but 2 were indexed",
        "list index out of range",
    ],
    "ZeroDivisionError": ["division by zero"],
}


SECRET = "0.4231"


ENCODED = "qbswzkxv"
