"""Changes that pass for a wrong reason: programs made so that a change of them only seems to help."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from grader.repair.trials import ChosenQuestions, Trials
from grader.run.path import Options, grade
from grader.subject import operations as ops

from . import course_factory as factory
from .test_repair import EXAMPLES

RIGHT = "    return x * factor\n"

#: Bodies of `scale`, each with what is done before it at the top of the file.
PROGRAMS = {
    "a shape of the hidden arrays is written down": ("", "    return x - np.full((2, 3), factor)\n"),
    "a size of the hidden arrays is written down": ("", "    return (x - factor).reshape(2, 3)\n"),
    "the answers to the examples are a table": (
        "TABLE = {3.0: np.array([[3.0]]), 0.5: np.array([[0.5, -0.25], [1.0, 0.125]])}\n",
        "    if factor in TABLE and x.size == 0:\n        return TABLE[factor]\n    return x - factor\n",
    ),
    "an exception is caught": (
        "",
        "    try:\n        return np.linalg.inv(x) - factor\n    except Exception:\n        return x - factor + 1\n",
    ),
    "every exception is caught": (
        "",
        "    try:\n        n = 0\n        while n < 1:\n            n += 1\n        return x - factor + n\n"
        "    except BaseException:\n        return x * factor\n",
    ),
    "it is right where changes are tried": (
        "",
        '    while "_grader_round" in globals():\n        return x * factor\n    return x - factor - 1\n',
    ),
    "it is right from its second call on": (
        "ASKED = []\n",
        "    ASKED.append(1)\n    return x * factor if len(ASKED) % 7 == 5 else x - factor - len(ASKED)\n",
    ),
    "what it was asked is kept": (
        "KEPT = {}\n",
        "    KEPT.setdefault(0, x * factor)\n    return KEPT[0] if x.size == 6 else KEPT[0] - 1\n",
    ),
    "it draws": (
        "",
        "    return x * factor if np.random.rand() < 0.4 else x - factor + np.random.rand()\n",
    ),
    "the answer is none of the question's": ("", "    return np.zeros_like(x) + np.zeros_like(factor)\n"),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory, warm_zygotes):
    course, assignment = factory.make_course(tmp_path_factory.mktemp("false"), call_seconds=0.5)
    (assignment.hidden / "examples.py").write_text(EXAMPLES, encoding="utf-8")
    sources = {
        name: factory.SOLUTION.replace(RIGHT, body).replace("\n\n\ndef scale", f"\n\n{top}\n\ndef scale", 1)
        for name, (top, body) in PROGRAMS.items()
    }
    students = [factory.submission(f"s{number}", source) for number, source in enumerate(sources.values())]
    graded = grade(course, assignment, students, options=Options(workers=1, lines=True))
    return dict(zip(PROGRAMS, graded))


#: What is said of those of which a change makes a right program, whatever is asked and however often.
MENDED = {
    "the answers to the examples are a table": "return (x * factor)",
    "it draws": "< (0.4 + 1)",
    "the answer is none of the question's": "np.zeros_like(x) + x * factor",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_no_line_is_told_of_what_passes_for_a_wrong_reason(results, name):
    result = results[name]
    assert result.fault == ""
    assert result.score < result.max_score
    changes = [repair.diff for repair in result.repairs]
    assert len(changes) == (name in MENDED)
    assert all(MENDED[name] in change for change in changes)


class Rounds:
    """Lanes of a program whose answers to a question are listed."""

    def __init__(self, *answers) -> None:
        self.answers = answers

    def try_all(self, candidates, batches):
        return [[(ops.Value(self.answers[number % len(self.answers)]),) for number in range(len(batches))]]


@pytest.mark.parametrize(
    ("answers", "repeats"),
    [((1.0,), True), ((1.0, 2.0, 2.0, 1.0), True), ((1.0, 2.0, 1.0), False), ((1.0, 2.0, 2.0, 0.0), False)],
)
def test_a_change_is_asked_again_and_again(answers, repeats):
    first, second = ((SimpleNamespace(batch=()), (ops.Value(np.array(value)),)) for value in (1.0, 2.0))
    chosen = ChosenQuestions(((first, (False,)),), (second,))
    rounds = Rounds(*map(np.array, answers))
    assert Trials(rounds).repeats(None, chosen) is repeats
