"""Loading in the jail: what hangs or dies is passed over in a fresh child, and a child that lies harms only itself."""

from __future__ import annotations

import contextlib
from textwrap import indent

import numpy as np
import pytest

from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject import wire
from grader.subject.confinement import Confinement
from grader.subject.jailed import JailedSubject
from grader.subject.keeper import Keeper
from grader.subject.loading import MOST_LOST, Loading
from grader.subject.patience import Patience
from grader.subject.plan import Plan
from grader.subject.subjects import SubjectLost

from .locked import needs_jail

pytestmark = needs_jail

PATIENCE = Patience(call_seconds=0.6, total_seconds=3.0, statement_seconds=0.4)
ADD = "def add(x, y):\n    return x + y\n"
QUESTION = (ops.Call("add", (np.arange(2.0), 1.0)),)
CRASH = (ops.Call("crash"),)


@pytest.fixture(scope="module")
def keeper():
    modules = (("course_tools", "def tool():\n    return 4\n"),)
    keeper = Keeper.launch(Confinement.checked("answer", given=modules))
    keeper.wait()
    yield keeper
    keeper.close()


@pytest.fixture
def started(keeper):
    opened = []

    def start(source, *items, modules=(), patience=PATIENCE, loading=None, cells=None):
        plan = Plan()
        for batches in items:
            plan.start_item()
            for batch in batches:
                plan.add(batch)
        keeper.plan(plan.encoded)
        chunks = (
            [Chunk(source)]
            if cells is None
            else [Chunk(text, f"cell {n}") for n, text in enumerate(cells, 1)]
        )
        others = [Chunk(text, label) for label, text in modules]
        written = StudentSource("answer.py", tuple(chunks), tuple(others))
        opened.append(JailedSubject(keeper, written, patience, plan, loading=loading))
        return opened[-1]

    yield start
    for subject in opened:
        subject.close()


def passed(subject):
    """What was passed over for hanging or dying, as (file, line, kind)."""
    return [
        (place[0], subject.loading.statement(place).line, lost.kind)
        for place, lost in sorted(subject.loading.lost.items())
    ]


def answers(subject):
    subject.start_item(0)
    return np.array_equal(subject.ask(QUESTION)[0].value, [1.0, 2.0])


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("while True: pass", "timeout"),
        ("import time; time.sleep(100)", "timeout"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("import os; os.closerange(3, 100)", "crashed"),
    ],
)
def test_what_hangs_or_dies_is_passed_over_alone(started, statement, kind):
    subject = started(f"x = 1\n{statement}\n{ADD}", [QUESTION])
    assert subject.load().failures == ()
    assert passed(subject) == [(0, 2, kind)]
    assert answers(subject)
    assert subject.losses == [], "it is no loss of a test, so the status is not told by it"


def test_several_are_passed_over_and_each_is_waited_for_less(started):
    cells = ["import time; time.sleep(100)"] * 4 + [ADD, "import os\nos._exit(3)"]
    subject = started("", [QUESTION], cells=cells)
    subject.load()
    assert [entry[2] for entry in passed(subject)] == ["timeout"] * 4 + ["crashed"]
    seconds = [lost.seconds for _, lost in sorted(subject.loading.lost.items())]
    assert seconds[:4] == [0.4, 0.2, 0.1, 0.05]
    assert answers(subject)


def test_what_hangs_in_a_file_beside_the_answer_is_passed_over_there(started):
    modules = [("utils.py", f"import os, time\ntime.sleep(100)\n{ADD}os._exit(0)\n")]
    subject = started("import utils\nfrom utils import *\n", [QUESTION], modules=modules)
    assert subject.load().failures == ()
    assert passed(subject) == [(1, 2, "timeout"), (1, 5, "crashed")]
    assert answers(subject)


def test_after_an_import_the_statement_that_imports_is_the_one_that_hangs(started):
    source = f"import utils; x = utils.a\n__import__('other') and __import__('time').sleep(100)\n{ADD}"
    subject = started(source, [QUESTION], modules=[("utils.py", "a = 1\n"), ("other.py", "b = 1\n")])
    subject.load()
    assert passed(subject) == [(0, 2, "timeout")]
    assert answers(subject)


def test_a_long_file_has_longer_to_be_parsed():
    """A megabyte of numbers takes seconds to parse on a slow machine; nothing in it hangs."""
    short, long = (
        Loading(StudentSource("answer.py", (Chunk("#" * length),)), 2.0, 10.0) for length in (0, 500_000)
    )
    assert (short.patience(), long.patience()) == (2.0, 7.0)
    long.begins((0, 0))
    assert long.patience() == 2.0
    long.spend(9.5)
    long.request()
    assert long.patience() == 0.5, "and never more than is left"


def test_every_later_child_passes_it_over_too(started, keeper):
    source = f"import os, time\ntime.sleep(100)\n{ADD}def crash():\n    os._exit(1)\n"
    subject = started(source, [CRASH], [QUESTION])
    subject.load()
    subject.start_item(0)
    with pytest.raises(SubjectLost):
        subject.ask(CRASH)
    subject.start_item(1)
    assert np.array_equal(subject.ask(QUESTION)[0].value, [1.0, 2.0])
    other = started(source, loading=subject.loading)
    assert other.ask_all([QUESTION])[0] is not None
    assert [entry[2] for entry in passed(other)] == ["timeout"]


def test_time_for_what_is_passed_over_is_not_the_time_for_tests(started):
    patience = Patience(call_seconds=0.5, total_seconds=0.5, statement_seconds=0.4)
    subject = started(f"import time\ntime.sleep(100)\n{ADD}", [QUESTION], patience=patience)
    subject.load()
    assert answers(subject)


def test_many_slow_statements_leave_the_definitions(started):
    """None of them takes too long, but all together do."""
    cells = ["import time", *["time.sleep(0.3)"] * 30, ADD, "x = add(1, 2)", "time.sleep(0.3)"]
    patience = Patience(call_seconds=0.6, total_seconds=1.0, statement_seconds=0.6)
    subject = started("", [QUESTION], cells=cells, patience=patience)
    subject.load()
    assert subject.loading.only_definitions
    assert passed(subject) == [], "none of them took the time alone"
    assert answers(subject)


def loading_that_waited(spent, *, begun=True):
    """A loading of two seconds, at its loop or not yet there, when so much of its time was counted."""
    source = StudentSource("answer.py", (Chunk(f"while True:\n    pass\n{ADD}"),))
    loading = Loading(source, statement_seconds=5.0, seconds=2.0)
    if begun:
        loading.begins((0, 0))
    loading.spend(spent)
    return loading


@pytest.mark.parametrize("begun", [True, False])
@pytest.mark.parametrize("counted", [1.9, 1.996, 2.0, 2.004])
def test_all_the_time_that_was_left_is_used_up_whatever_was_counted(counted, begun):
    """A busy machine gives a child its last moment late: less than its seconds may be counted."""
    loading = loading_that_waited(0.5, begun=begun)
    assert loading.patience() == 1.5
    loading.spend(counted - 0.5)
    assert loading.pass_over(SubjectLost("timeout", ""))
    assert loading.only_definitions
    assert loading.patience() == 2.0, "the definitions have time of their own"
    assert not loading.lost, "it need not be this statement that took the time"
    assert not loading.pass_over(SubjectLost("timeout", "")), "once"


def test_a_child_that_was_given_a_moment_before_its_first_statement_is_followed_by_another():
    """Statements that hung have left the next child no time to read the source."""
    loading = loading_that_waited(1.99, begun=False)
    assert loading.patience() == 0.05
    following = wire.decode(loading.if_it_hangs([], 0.05))
    assert following["passed"], "all loops and calls"
    assert not loading.only_definitions, "it has only been asked what would follow"


def test_a_child_that_does_not_begin_in_all_its_time_has_no_successor():
    source = StudentSource("answer.py", (Chunk(ADD),))
    loading = Loading(source, statement_seconds=1.0, seconds=10.0)
    loading.patience()
    assert not loading.pass_over(SubjectLost("timeout", ""))


def test_the_number_of_children_is_bounded(started):
    cells = ["import os", *["os._exit(0)"] * (MOST_LOST + 5), ADD]
    subject = started("", [QUESTION], cells=cells)
    with pytest.raises(SubjectLost) as caught:
        subject.load()
    assert caught.value.kind == "crashed"
    assert len(subject.loading.lost) == MOST_LOST
    assert subject.loading.place == (f"cell {MOST_LOST + 2}", 1)


def writing(*messages: object) -> str:
    """A statement that writes messages into the stream, whatever its number, as the host would."""
    data = b"".join(wire.frame(wire.encode(message)) for message in messages)
    return (
        "import os\nfor n in range(3, 64):\n    try:\n"
        f"        os.write(n, {data!r})\n    except OSError:\n        pass\n"
    )


@pytest.mark.parametrize(
    "claim",
    [(0, 0), (0, 3), (0, 99), (7, 0), (2**30, 2**30)],
    ids=["done", "later", "none", "no file", "far"],
)
def test_a_child_that_lies_about_where_it_is_harms_only_itself(started, claim):
    subject = started(f"{writing(claim)}__import__('time').sleep(100)\n{ADD}", [QUESTION])
    with contextlib.suppress(SubjectLost):
        subject.load()
        subject.start_item(0)
        subject.ask(QUESTION)
    assert len(subject.loading.lost) <= MOST_LOST
    assert subject.loading.statement(claim) is not None or claim not in subject.loading.lost


def test_a_child_that_never_stops_talking_is_ended(started):
    patience = Patience(call_seconds=0.6, total_seconds=0.2, statement_seconds=0.4)
    subject = started(f"while True:\n{indent(writing((0, 0)), '    ')}\n{ADD}", [QUESTION], patience=patience)
    subject.load()
    assert subject.loading.only_definitions
    assert answers(subject)


def test_garbage_in_the_stream_is_passed_over_as_a_crash(started):
    write = writing((0, 0)).replace("b'", "b'\\xff\\xff\\xff\\xff", 1)
    subject = started(f"def write():\n{indent(write, '    ')}\nwrite()\n{ADD}", [QUESTION])
    subject.load()
    assert [entry[2] for entry in passed(subject)] == ["crashed"]
    assert answers(subject)


def test_given_modules_and_the_list_hold_in_the_jail(started):
    subject = started(f"from course_tools import tool\nimport pytest\nx = tool()\n{ADD}", [QUESTION])
    assert [failure.kind for failure in subject.load().failures] == ["ModuleNotFoundError"]
    assert answers(subject)


def test_libraries_still_import_late_what_they_need(started):
    """The first step of an optimizer imports a good part of torch, and sympy."""
    source = (
        "import torch\nw = torch.nn.Parameter(torch.ones(2))\noptimizer = torch.optim.Adam([w])\nw.sum().backward()\n"
        f"optimizer.step()\nimport torch.fx.experimental.symbolic_shapes\n{ADD}"
    )
    subject = started(source, [QUESTION], patience=Patience(20.0, 60.0, 30.0))
    assert subject.load().failures == ()
    assert answers(subject)


def test_a_source_that_is_not_there_has_no_statements():
    loading = Loading(StudentSource("answer.py", (Chunk("x = 1"),)), 1.0, 1.0)
    assert loading.statement((0, 0)) is not None
    assert loading.statement((0, 1)) is None
    assert loading.statement((1, 0)) is None
    assert loading.place is None
