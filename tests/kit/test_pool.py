"""What is warmed for a run is what its submissions use, by the words in their sources."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import socket
from collections import deque

import pytest

from grader.assignments import find_course, load
from grader.records import Chunk, Submission
from grader.run.pool import Pool, Worker, confinement_for, may_hang
from grader.run.trusted import WarmStart
from grader.subject.confinement import Confinement
from grader.subject.keeper import Keeper
from grader.subject.runqueue import RunQueue
from grader.submissions import read_submissions

from .loading import ROOT


def warms_compiler(source):
    submission = Submission("ada", "rnn.py", "", (Chunk(source),))
    return confinement_for(Confinement("rnn"), [submission]).compiler


@pytest.mark.parametrize(
    "source",
    [
        "torch.func.grad(f)",
        "from torch.func import jacrev",
        "import torch._dynamo",
        "jacrev(f)",
        "checkpoint(f, x)",
        "torch.nested.nested_tensor(rows, layout=torch.jagged)",
        "nested_tensor_from_jagged(rows)",
    ],
)
def test_the_compiler_is_loaded_before_where_a_source_may_need_it(source):
    assert warms_compiler(source)


@pytest.mark.parametrize(
    "source",
    ["re.compile('a')", "compile('1', '', 'eval')", "f = torch.compile(f)", "torch.optim.SGD(w)", "func = 1"],
)
def test_what_goes_without_the_compiler_warms_nothing(source):
    """torch.compile gives back what it was given, and an optimizer only tells the compiler to keep out (`compiler`)."""
    assert not warms_compiler(source)


@pytest.mark.parametrize(
    "source", ["# torch.func", '"jacrev"', "s = '''\ncheckpoint\n'''", "checkpoints = 3"]
)
def test_a_text_that_names_what_needs_the_compiler_warms_nothing(source):
    assert not warms_compiler(source)
    assert warms_compiler(f"x = 'it\\'s' # a comment\n{source}\nfrom torch.func import grad")


@pytest.mark.parametrize(
    ("source", "harness", "given", "needed"),
    [
        ('torch.empty(2, device="meta")', "", "", True),
        ("from torch._subclasses.fake_tensor import FakeTensorMode", "", "", True),
        ("torch.vmap(f)", "", "", True),
        ("x = 1", "torch.nn.utils.skip_init(torch.nn.RNN, 2, 2)", "", True),
        ("x = 1", "", "x.to('meta')", True),
        ("import torch  # metadata, exported, vmapped", "", "", False),
        ("rnn = torch.nn.LSTM(2, 2)", "torch.zeros(2)", "torch.ones(2)", False),
    ],
)
def test_shapes_without_numbers_are_loaded_before_where_a_program_may_look_at_them(
    source, harness, given, needed
):
    confinement = Confinement("rnn", harness=harness, given=(("helpers", given),))
    submissions = [Submission("ada", "rnn.py", "", (Chunk(text),)) for text in ("y = 2", source)]
    assert confinement_for(confinement, submissions).registrations is needed


@pytest.mark.parametrize("name", find_course(ROOT).names())
@pytest.mark.parametrize("kind", ["py", "ipynb"])
def test_nothing_that_is_handed_out_warms_the_compiler(name, kind):
    """Its notebook has modules as texts; they come with whoever hands in the folder."""
    path = ROOT / "assignments" / name / f"{name}.{kind}"
    (submission,) = read_submissions(path, name)
    assert submission.source.files
    modules = tuple(load(find_course(ROOT), name).given_sources.items())
    assert not confinement_for(Confinement(name, given=modules), [submission]).compiler


@pytest.mark.parametrize(
    ("source", "hangs"),
    [
        ("while True:\n    pass\n", True),
        ("def f(x):\n    while x:\n        x -= 1\n", True),
        ("for t in range(3):\n    pass\n", False),
        ("# while it lasts\n'while'\nmeanwhile = 1\n", False),
    ],
)
def test_what_has_a_while_may_hang(source, hangs):
    assert may_hang(Submission("ada", "rnn.py", "", (Chunk(source),))) is hangs


@pytest.mark.parametrize(
    ("first", "handed_out"), [("while True:\n    pass\n", [1, 2]), ("h = 0\n", [2, 2])], ids=["hangs", "ends"]
)
def test_nobody_waits_behind_what_may_hang(first, handed_out):
    """It would be waited for by both, while another worker has nothing to do."""
    sources = [first, *["h = 0\n"] * 5]
    submissions = [
        Submission(f"s{number}", "rnn.py", "", (Chunk(text),)) for number, text in enumerate(sources)
    ]
    control, _zygote = socket.socketpair()
    pipe, _worker = multiprocessing.Pipe()
    workers = [Worker(os.getpid(), pipe, RunQueue(os.getpid())) for _ in range(2)]
    pool = Pool(
        find_course(ROOT),
        load(find_course(ROOT), "rnn_cell"),
        Confinement("rnn_cell"),
        2,
        warm=WarmStart(Keeper(control)),
    )
    with contextlib.closing(pool):
        pool._handed_over.write(enumerate(submissions), may_hang)
        waiting = deque(pool._handed_over.numbers)
        for worker in workers:
            pool._give(worker, waiting)
    assert [len(worker.busy_with) for worker in workers] == handed_out
