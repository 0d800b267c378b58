"""Cotangents of a suite that do not fit the reference's results: the run stops with both, and a next step."""

import numpy as np
import pytest

from grader.errors import SuiteError
from grader.subject.proxy import Module
from grader.subject.subjects import LocalSubject
from grader.suite.recorder import Recorder

STATE_IN_A_TUPLE = """
import torch


class Scale(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.factor = torch.nn.Parameter(torch.ones(3, dtype=torch.float64))

    def forward(self, x):
        return (x * self.factor).sum(), (x * self.factor,)
"""
X = np.ones((2, 3))
ONE = np.ones(())


def factor_gradient(cotangents):
    """The gradient of the factor, asked as a suite that is rehearsed asks the reference."""
    recorder = Recorder(LocalSubject("scale", STATE_IN_A_TUPLE))
    recorder.plan.start_item()
    module = Module(recorder)
    return module.Scale().gradients(X, cotangents=cotangents).parameters["factor"]


@pytest.mark.parametrize("cotangents", [(ONE, (X,)), (ONE, None), (None, (X,))])
def test_cotangents_that_are_put_together_as_the_results_are(cotangents):
    assert factor_gradient(cotangents).shape == (3,)


@pytest.mark.parametrize(
    ("cotangents", "words"),
    [
        ((ONE, X), "(array (), array (2, 3))"),
        ((ONE, (X[0],)), "(array (), (array (3,),))"),
        ((ONE,), "(array (),)"),
    ],
)
def test_others_stop_the_run_before_anybody_is_graded(cotangents, words):
    with pytest.raises(SuiteError) as caught:
        factor_gradient(cotangents)
    results = "(array (), (array (2, 3),))"
    assert caught.value.message.startswith(
        f"its cotangents, {words}, do not fit what the reference gives, {results}"
    )
    assert "laws.cotangents" in caught.value.next_step
