"""What is the student's own work in a file: judged by the course's real hand-outs, and by what students do to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.assignments import find_course, load
from grader.handouts import handout
from grader.records import Chunk
from grader.submissions import Handout
from grader.submissions.choice import BROKEN, CLOSED, NOTHING, UNTOUCHED, WORK, worth
from grader.submissions.files import Item
from grader.submissions.reading import Reading, read

COURSE = find_course(Path(__file__).parent)
FUNCTION = '''
def rnn_forward(x, lengths=None):
    """Read it."""
    state = x[0]
    raise NotImplementedError("your turn")
'''
GIVEN = """
def reverse(x):
    return x[::-1]
"""
CLASS = '''
class RNN(nn.Module):
    """A network."""

    def __init__(self):
        super().__init__()
        self.size = 3
        raise NotImplementedError("your turn: the parts")

    def forward(self, x):
        raise NotImplementedError("your turn")
'''
KNOWN = Handout(("rnn_forward", "RNN"), (FUNCTION + GIVEN + CLASS,))


def work(source: str, handout_: Handout = KNOWN) -> set[str]:
    return set(handout_.work((Chunk(source),)))


def file(path: Path) -> Item:
    return Item((path.name,), lambda limit: path.read_bytes())


@pytest.mark.parametrize("name", COURSE.names())
def test_what_is_handed_out_is_nobodys_work_and_the_reference_is(name: str) -> None:
    assignment = load(COURSE, name)
    handed_out = handout(COURSE, assignment)
    for path in (assignment.handout / f"{name}.py", assignment.handout / f"{name}.ipynb"):
        assert worth(read(file(path), handed_out), handed_out) == UNTOUCHED
    for path in (assignment.solution, *assignment.alternatives):
        reading = read(file(path), handed_out)
        assert handed_out.work(reading.chunks) >= set(assignment.exercises)
        assert worth(reading, handed_out) == WORK
    assert "self_check" in handed_out.modules


def test_layout_comments_and_docstrings_are_no_work() -> None:
    changed = FUNCTION.replace('"""Read it."""', "'''I was here.'''  # and here").replace("x[0]", "(x[0])")
    assert work(changed + GIVEN + CLASS.replace('"your turn"', '"my turn"')) == set()
    assert work(FUNCTION.replace("x[0]", "x[1]")) == set()  # it still cannot give anything back


@pytest.mark.parametrize("body", ["pass", "...", "return", "return None", "return None, None", '"""Soon."""'])
def test_what_gives_nothing_back_is_no_work(body: str) -> None:
    assert work(f"def rnn_forward(x):\n    {body}\n") == set()
    assert work(f"class RNN:\n    def forward(self):\n        {body}\n") == set()
    assert work(f"def rnn_forward(x):\n    {body}\n    return x\n") == (
        set() if body.startswith("return") else {"rnn_forward"}
    )


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def rnn_forward(x):\n    return x\n", {"rnn_forward"}),
        (CLASS.replace("self.size = 3", "self.size = 4"), set()),
        (CLASS.replace('    raise NotImplementedError("your turn: the parts")', "    self.a = 1"), {"RNN"}),
        ("rnn_forward = lambda x: x\n", {"rnn_forward"}),
        ("RNN.forward = other\n", {"RNN"}),
        ("from mine import rnn_forward\n", {"rnn_forward"}),
        ("from mine import *\n", {"*"}),
        ("try:\n    def rnn_forward(x):\n        return x\nexcept Exception:\n    pass\n", {"rnn_forward"}),
        (FUNCTION + "def plot(x):\n    return x\n", set()),
        ("def reverse(x):\n    return x.flip(0)\n", {"reverse"}),
    ],
)
def test_what_binds_a_name_that_was_asked_for_is_work(source: str, names: set[str]) -> None:
    assert work(source) == names


def test_without_the_handout_what_is_open_is_no_work() -> None:
    names_alone = Handout(("rnn_forward", "RNN"))
    assert work(FUNCTION + GIVEN + CLASS, names_alone) == set()
    assert work("def rnn_forward(x):\n    return x\n" + CLASS, names_alone) == {"rnn_forward"}


def test_numbers_and_depths_that_python_refuses_to_write_out_are_compared_all_the_same() -> None:
    number = f"def rnn_forward(x):\n    return 0x{'f' * 5000}\n"
    deep = f"def rnn_forward(x):\n    return {'(' * 80}x{')' * 80}{'.a' * 900}\n"
    assert work(number) == work(deep) == {"rnn_forward"}


def test_worth_of_what_cannot_be_read() -> None:
    item = Item(("rnn.py",), None)
    assert worth(Reading(item, problem="rnn.py is empty", empty=True)) == NOTHING
    assert worth(Reading(item, problem="rnn.py is an archive")) == CLOSED
    assert worth(Reading(item, problem="rnn.py cannot be read", broken=True)) == BROKEN
    assert worth(Reading(item, chunks=(Chunk("x = 1\n"),)), KNOWN) == NOTHING
    # The cell that does not parse may be the one that was worked in.
    assert worth(Reading(item, chunks=(Chunk(FUNCTION, "cell 1"),), broken=True), KNOWN) == WORK
