"""`not_attempted` and its boundaries: what answers like the hand-out, or nothing, everywhere; and what is work."""

from __future__ import annotations

import pytest

from grader import attempt
from grader.run.path import Options, grade
from grader.skeletons import skeleton

from . import course_factory as factory
from .locked import needs_jail

pytestmark = needs_jail

HEAD = "import numpy as np\nimport torch\nfrom torch import nn\n\n\n"
MODULE = "class Scaler(nn.Module):\n    def __init__(self, size):\n        super().__init__()\n"
PASS = HEAD + "def scale(x, factor):\n    pass\n\n\n" + MODULE + "    def forward(self, x):\n        pass\n"
RIGHT_SCALE = factory.SOLUTION[factory.SOLUTION.index("def scale") : factory.SOLUTION.index("class Scaler")]
RIGHT_SCALER = factory.SOLUTION[factory.SOLUTION.index("class Scaler") :]
OTHER_COURSE = (
    HEAD
    + '''\
def scale(x, factor):
    """
    Inputs:
    - x: Input data, of shape (N, D)
    """
    N, D = x.shape
    out, cache = None, None
    ##############################################################################
    # TODO: Implement this.                                                      #
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    pass
    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return out, cache


class Scaler(nn.Module):
    def __init__(self, size, other=None):
        super(Scaler, self).__init__()
        self.size = size
        self.weight = None

    def forward(self, x):
        y = None
        return y


print("a trial:", scale(np.zeros((2, 3)), 2))
'''
)

NOBODY = {
    "as handed out": skeleton(factory.SOLUTION),
    "as handed out, with a trial": skeleton(factory.SOLUTION) + "\n\nx = np.ones(3) * 2\nprint(x.sum())\n",
    "only passes": PASS,
    "only ellipses": PASS.replace("pass", "..."),
    "returns None": PASS.replace("pass", "return None"),
    "returns several None": PASS.replace("pass", "return None, (None, None)"),
    "returns": PASS.replace("pass", "return"),
    "raises something else": PASS.replace("pass", "raise Exception('to do')"),
    "asserts": PASS.replace("pass", "assert False, 'to do'"),
    "of another course": OTHER_COURSE,
    "one of the two is there": PASS[: PASS.index("class Scaler")],
    "nothing but imports": HEAD,
    "nothing at all": "",
    "other empty names": HEAD + "def multiply(x, factor):\n    pass\n",
    "only what was given": factory.SOLUTION[: factory.SOLUTION.index("def scale")] + "SEED = 3\n",
    "with checks of its own": PASS + "\n\ndef test_scale():\n    assert scale(np.ones(2), 2).sum() == 4\n",
}
WORK = {
    "one is wrong": PASS.replace("    pass", "    return x + factor", 1),
    "one is right": HEAD + RIGHT_SCALE + PASS[PASS.index("class Scaler") :],
    "the other is right": PASS[: PASS.index("class Scaler")] + RIGHT_SCALER,
    "without a return": PASS.replace("    pass", "    y = x * factor", 1),
    "an __init__ alone": PASS.replace(
        "super().__init__()\n",
        "super().__init__()\n        self.weight = nn.Parameter(torch.ones(size + 1))\n",
    ),
    "a forward alone": PASS.replace("        pass", "        return x * self.weight"),
    "a helper left open": HEAD
    + "def helper(x):\n    raise NotImplementedError\n\n\ndef scale(x, factor):\n    return helper(x) * factor\n",
    "under another name": HEAD + "def multiply(x, factor):\n    return x + factor\n",
    "without a function": HEAD + "for factor in (2, 3):\n    print(np.ones(2) + factor)\n",
    "bound by hand": HEAD + "scale = lambda x, factor: x + factor\n",
    "raises something of its own": PASS.replace("pass", "raise type('Skipped', (BaseException,), {})"),
    "raises before it is done": PASS.replace("    pass", "    y = x * factor\n    raise ValueError(y)", 1),
    "made while loading": HEAD + "globals().update(scale=lambda x, factor: x + 1)\ndef other():\n    pass\n",
}
SENTENCES = {
    "as handed out": "every exercise still raises NotImplementedError",
    "returns None": "`scale` gives nothing back and `Scaler`",
    "one of the two is there": "`scale` gives nothing back and `Scaler` is not there",
    "nothing at all": "no exercise is there (`scale`, `Scaler`)",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    course, assignment = factory.make_course(tmp_path_factory.mktemp("attempt") / "course")
    sources = {**NOBODY, **WORK, "killed": "def scale(x, factor):\n    import os\n    os.abort()\n"}
    submissions = [factory.submission(name, source) for name, source in sources.items()]
    cells = [HEAD, "def scale(x, factor):\n    pass\n", "1 / 0", MODULE + "        pass\n"]
    submissions.append(factory.submission("a notebook", *cells))
    return {r.student: r for r in grade(course, assignment, submissions, options=Options(workers=1))}


@pytest.mark.parametrize("student", [*NOBODY, "a notebook"])
def test_nothing_was_attempted(results, student):
    result = results[student]
    assert (result.status, result.score) == ("not_attempted", 0.0), result.tests
    assert result.message.startswith("Nothing has been filled in yet: ")


@pytest.mark.parametrize("student", WORK)
def test_one_exercise_written_is_work_right_or_wrong(results, student):
    assert results[student].status == "graded", results[student].message
    assert "filled in" not in results[student].message


def test_more_than_two_exercises_are_listed_as_a_sentence():
    kinds = {"step": {attempt.MISSING}, "loop": {attempt.RAISES}, "Cell": {attempt.MISSING}}
    assert attempt._sentence(kinds) == (
        "`step` is not there, `loop` still raises NotImplementedError, and `Cell` is not there"
    )
    del kinds["step"]
    assert attempt._sentence(kinds) == "`loop` still raises NotImplementedError and `Cell` is not there"


def test_a_death_is_no_skeleton(results):
    assert results["killed"].status == "crashed"


@pytest.mark.parametrize("student", SENTENCES)
def test_the_message_says_what_was_seen(results, student):
    assert SENTENCES[student] in results[student].message


WEIGHT = """\
        ### BEGIN SOLUTION: your turn
        self.weight = nn.Parameter(torch.ones(size))
        ### END SOLUTION
"""
GIVES = factory.SOLUTION.replace(WEIGHT, "        self.weight = nn.Parameter(torch.ones(size))\n")
ASKS = """\
@points(4, group="torch")
def test_scaler(student, reference):
    \"\"\"The weight multiplies.\"\"\"
    assert_close(student.Scaler(3).parameters()["weight"].value, np.ones(3, np.float32))
"""


def test_what_the_hand_out_itself_answers_is_no_attempt(tmp_path):
    """Its `Scaler` registers its parameter; other answers come only from work, wherever it is hidden."""
    suite = factory.SUITE.replace(
        factory.SUITE[factory.SUITE.index("@points(4") :].split("    weights")[0], ASKS
    )
    course, assignment = factory.make_course(tmp_path / "course", suite=suite, solution=GIVES)
    hidden_work = (
        skeleton(GIVES) + "\n\nScaler.__dict__['forward'].__code__ = (lambda self, x: x + 1).__code__\n"
    )
    submissions = [factory.submission("given", skeleton(GIVES)), factory.submission("hidden", hidden_work)]
    untouched, hidden = grade(course, assignment, submissions, options=Options(workers=1))
    assert (untouched.status, hidden.status) == ("not_attempted", "graded")


def test_whoever_has_a_point_has_attempted_something(tmp_path):
    """A hand-out that passes a test is the course's own doing; its points are not taken away by a word."""
    suite = factory.SUITE[: factory.SUITE.index("@points(4")] + ASKS
    course, assignment = factory.make_course(tmp_path / "course", suite=suite, solution=GIVES)
    (untouched,) = grade(course, assignment, [factory.submission("given", skeleton(GIVES))])
    assert (untouched.status, untouched.score) == ("graded", 4.0)
