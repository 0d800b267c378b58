"""What is warmed for a run is what its submissions use, by the words in their sources."""

from __future__ import annotations

import pytest

from grader.assignments import find_course, load
from grader.records import Chunk, Submission
from grader.run.pool import confinement_for
from grader.subject.confinement import Confinement
from grader.submissions import read_submissions

from .loading import ROOT


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


@pytest.mark.parametrize(
    "source", ["# torch.optim", '"vmap"', "s = '''\nfunctional_call\n'''", "optimizer = 3"]
)
def test_a_text_that_names_an_optimizer_warms_nothing(source):
    assert not warms_optimizers(source)
    assert warms_optimizers(f"x = 'it\\'s' # a comment\n{source}\nfrom torch.optim import Adam")


@pytest.mark.parametrize("name", find_course(ROOT).names())
@pytest.mark.parametrize("kind", ["py", "ipynb"])
def test_nothing_that_is_handed_out_warms_optimizers(name, kind):
    """Its texts speak of optimizers, its notebook has modules as texts; they come with whoever hands in the folder."""
    path = ROOT / "assignments" / name / f"{name}.{kind}"
    (submission,) = read_submissions(path, name)
    assert submission.source.files
    given = tuple(load(find_course(ROOT), name).given_sources.items())
    assert not confinement_for(Confinement(name, given=given), [submission]).optimizers
