"""What is warmed for a run is what its submissions use, by the words in their sources."""

from __future__ import annotations

import pytest

from grader.records import Chunk, Submission
from grader.run.pool import confinement_for
from grader.subject.confinement import Confinement


def warms_optimizers(source):
    submission = Submission("ada", "rnn.py", "", (Chunk(source),))
    return confinement_for(Confinement("rnn"), [submission]).optimizers


@pytest.mark.parametrize(
    "source",
    ["torch.optim.SGD(w)", "from torch.func import functional_call", "import torch._dynamo", "torch.vmap(f)"],
)
def test_optimizers_are_loaded_before_where_a_source_may_need_them(source):
    assert warms_optimizers(source)


@pytest.mark.parametrize("source", ["re.compile('a')", "compile('1', '', 'eval')", "f = torch.compile(f)"])
def test_what_compiles_warms_nothing(source):
    """torch.compile gives back what it was given (`settings.without_compiler`)."""
    assert not warms_optimizers(source)
