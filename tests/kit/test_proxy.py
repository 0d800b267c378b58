"""The proxy and the reference behind it: what is asked of it is what is answered, in the dtype it was asked in."""

from __future__ import annotations

import numpy as np
import pytest

from grader.subject import operations as ops
from grader.subject.proxy import Module
from grader.subject.reference import ReferenceSubject
from grader.subject.subjects import SubjectLost

SOURCE = """
import numpy as np
import torch
from torch import nn

def double(x):
    return 2 * x

def dtype_of(x):
    return str(x.dtype)

class Scaler(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.calls = 0
    def forward(self, x):
        self.calls += 1
        return x * self.weight + self.calls
"""
X = np.arange(3.0)
X.flags.writeable = False


@pytest.fixture
def reference() -> Module:
    return Module(ReferenceSubject("answer", SOURCE))


class Short:
    """A subject that answers the first operations only."""

    def ask(self, batch):
        return [ops.Value(1.0)] * (len(batch) - 1)


def test_fewer_answers_than_were_asked_for_are_a_crash():
    with pytest.raises(SubjectLost, match="fewer operations"):
        Module(Short()).Scaler(3)(X)
    with pytest.raises(SubjectLost):
        Module(Short()).double(X)


def test_the_reference_computes_in_float64_and_answers_as_it_was_asked(reference):
    narrow = X.astype(np.float32)
    assert reference.dtype_of(narrow) == "float64"
    assert reference.double(narrow).dtype == np.float32
    assert reference.double(X).dtype == np.float64
    assert reference.double(np.arange(3)).dtype == np.int64


def test_an_object_of_the_reference_has_its_whole_history(reference):
    """It is made anew for each question, so everything that was done to it before is done again."""
    scaler = reference.Scaler(3)
    np.testing.assert_array_equal(scaler(X), X + 1)
    np.testing.assert_array_equal(scaler(X), X + 2)
    np.testing.assert_array_equal(scaler.load({"weight": np.full(3, 5.0)})(X), 5 * X + 3)
    np.testing.assert_array_equal(scaler(X), 5 * X + 4)
    np.testing.assert_array_equal(reference.Scaler(3)(X), X + 1)
