"""A function in which nothing is written is said to be so, and no mistakes are guessed in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.messages import empty, explain
from grader.records import Chunk, Diagnosis

from .explaining import problem


def test_a_weight_of_a_class_that_is_still_empty_is_not_called_missing():
    source = "class RNN(nn.Module):\n    def __init__(self):\n        pass\n\n    def forward(self, x):\n        {}\n"
    weights = {"w_output": np.zeros((2, 3))}
    for body in ("pass", '"""Later."""', "..."):
        chunks = [Chunk(source.format(body))]
        gap = problem("NoSuchWeight", "w_output", exercise="RNN", weights=weights, chunks=chunks)
        assert (gap.kind, gap.number) == ("unwritten", 5)
        assert explain.one_line(gap) == "`RNN.forward` is still to be written (line 5)."
    written = [Chunk(source.format("return x"))]
    assert (
        problem("NoSuchWeight", "w_output", exercise="RNN", weights=weights, chunks=written).kind == "weight"
    )


@pytest.mark.parametrize("certainty", ["pair", "several", "partly", "exact", "one of"])
def test_what_only_several_mistakes_explain_is_not_named_in_an_empty_function(certainty):
    chunks = [Chunk("def f(x):\n    pass\n\ndef g(x):\n    return x\n")]
    mistake = Diagnosis("a", "A", "Why?", ("f", "g"), certainty)
    alone = replace(mistake, functions=("f",))
    together = certainty in ("pair", "several", "partly")
    left = [replace(mistake, functions=("g",))] if together else [mistake, alone]
    assert list(empty.without_guesses([mistake, alone], chunks)) == left
