"""Work that is handed in as a text: in a file that does not say it is Python, in comments, in a text in quotes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.records import Submission
from grader.submissions import read_submission, read_submissions
from grader.submissions.handout import Handout

SKELETON = "import numpy as np\n\n\ndef step(x, h):\n    raise NotImplementedError('write it')\n"
WORK = "import numpy as np\n\n\ndef step(x, h):\n    return np.tanh(x - h)\n"
HANDOUT = Handout(("step", "Net"), (SKELETON,))
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": WORK}], "nbformat": 4})


def read_one(folder: Path, **files: str) -> Submission:
    """The submission of a student who handed in these files; `__` stands for the dot of a name."""
    place = folder / "ada"
    place.mkdir()
    for name, text in files.items():
        (place / name.replace("__", ".")).write_text(text, encoding="utf-8")
    (submission,) = read_submissions(place, "rnn", HANDOUT)
    return submission


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("solution.txt", WORK),
        ("homework", WORK),
        ("rnn.md", f"# Mine\n\n```python\n{WORK}```\n"),
        ("answer.markdown", f"```\n{WORK}```\n"),
        ("rnn.json", NOTEBOOK),
        ("work.txt", NOTEBOOK),
        ("rnn.py~", WORK),
        ("rnn.py.bak", WORK),
    ],
)
@pytest.mark.parametrize("beside", [{}, {"rnn__py": SKELETON}, {"README__md": "# The hand-out\n"}])
def test_a_text_with_an_exercise_in_it_is_read_with_a_note(tmp_path, name, text, beside):
    submission = read_one(tmp_path, **{name: text}, **beside)
    assert submission.problem == ""
    assert submission.file.endswith(name)
    assert "np.tanh(x - h)" in submission.chunks[0].source
    assert f"{name} was taken; the expected name is rnn.py." in submission.notes


def test_work_under_the_name_that_was_asked_for_comes_first(tmp_path):
    submission = read_one(tmp_path, rnn__py=WORK, notes__txt=WORK.replace("-", "+"))
    assert submission.file == "rnn.py" or submission.file.endswith("/rnn.py")
    assert submission.other is None


@pytest.mark.parametrize("text", ["I found it hard.\n", SKELETON, "def helper():\n    return 1\n"])
@pytest.mark.parametrize("name", ["notes__txt", "notes__md"])
def test_a_text_without_an_exercise_is_no_answer(tmp_path, name, text):
    problem = read_one(tmp_path, **{name: text}).problem
    assert problem.startswith("rnn.py or rnn.ipynb was not handed in; found only notes.")


def test_what_is_wrong_in_a_text_with_an_exercise_is_told_with_its_line(tmp_path):
    problem = read_one(tmp_path, solution__txt=f"{WORK}x = (\n").problem
    assert problem == "solution.txt cannot be read, line 6: `x = (`: this '(' is never closed."


@pytest.mark.parametrize("name", ["rnn__txt", "rnn__md"])
def test_notes_called_as_the_exercise_never_hide_the_hand_out_beside_them(tmp_path, name):
    submission = read_one(tmp_path, rnn__py=SKELETON, **{name: "I found it (very) hard, sorry.\n"})
    assert submission.problem == ""
    assert submission.file.endswith("rnn.py")


QUOTED = f"'''\n{WORK}'''\n"
IDLE = {
    "a text": (QUOTED, "lines 1 to 7 hold `step`, but are a text in quotes: take the quotes away."),
    "a text on one line": (repr(WORK), "line 1 holds `step`, but is a text in quotes: take the quotes away."),
    "a file of data": (
        json.dumps({"code": WORK}),
        "line 1 holds `step`, but is a text in quotes: take the quotes away.",
    ),
    "comments": (
        "".join(f"# {line}\n" if line else "\n" for line in f"{WORK}\ndone = 1".split("\n")),
        "lines 1 to 7 hold `step`, but are comments: take the # at their beginning away.",
    ),
    "comments below what the hand-out says of it": (
        "# ## 2 · The step\n#\n# Write it (in one line, if you like).\n\n"
        + "".join(f"# {line}\n" for line in f"{WORK}\nI gave up here.".split("\n")),
        "lines 8 to 9 hold `step`, but are comments: take the # at their beginning away.",
    ),
    "comments without a blank": (
        SKELETON + "".join(f"#{line}\n" for line in WORK.split("\n")[3:5]),
        "lines 6 to 7 hold `step`, but are comments: take the # at their beginning away.",
    ),
}


@pytest.mark.parametrize("name", IDLE)
@pytest.mark.parametrize("beside", [{}, {"rnn__ipynb": json.dumps({"cells": [], "nbformat": 4})}])
def test_code_that_is_not_run_is_told_with_its_lines(tmp_path, name, beside):
    source, note = IDLE[name]
    submission = read_one(tmp_path, rnn__py=source, **beside)
    assert submission.misplaced == (note,)
    assert note in submission.notes


def test_an_untouched_hand_out_beside_it_does_not_hide_it(tmp_path):
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": SKELETON}], "nbformat": 4})
    assert read_one(tmp_path, rnn__py=QUOTED, rnn__ipynb=notebook).misplaced


@pytest.mark.parametrize("name", ["a text", "comments without a blank"])
def test_so_is_that_of_a_cell(tmp_path, name):
    source, note = IDLE[name]
    cells = [{"cell_type": "markdown", "source": "# Mine"}, {"cell_type": "code", "source": source}]
    submission = read_one(tmp_path, rnn__ipynb=json.dumps({"cells": cells, "nbformat": 4}))
    assert submission.misplaced == (f"cell 2, {note}",)


@pytest.mark.parametrize(
    "source",
    [
        f"{WORK}\n{QUOTED}",  # an earlier attempt, put aside
        "".join(f"# {line}\n" for line in SKELETON.split("\n")),  # what was handed out
        f"'''Call it so:\n\ndef step(x, h): what is asked for\n'''\n{SKELETON}",
        f"TEXT = {QUOTED}",  # a text that somebody uses
        "".join(f"# {line}\n" for line in ["def helper():", "    return 1"]),
    ],
)
def test_nothing_is_said_where_no_work_is_lost(tmp_path, source):
    assert read_one(tmp_path, rnn__py=source).misplaced == ()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("rnn.pyc", "A .pyc file is what Python makes of a program for itself: hand in rnn.py or rnn.ipynb"),
        ("model.pt", "That holds weights or data, and no program: hand in rnn.py or rnn.ipynb itself."),
    ],
)
def test_what_holds_no_program_is_told_as_what_it_is(tmp_path, name, advice):
    assert advice in read_one(tmp_path, **{name: "x"}).problem


def test_what_the_course_gives_is_no_answer(tmp_path):
    """A push without the answer holds the hand-out's other files: none of them is asked about."""
    for name in ("given_one.py", "given_two.py", "README.md"):
        (tmp_path / name).write_text("x = 1\n", encoding="utf-8")
    handout = Handout(("step",), (SKELETON,), modules=frozenset(["given_one", "given_two"]))
    problem = read_submission(tmp_path, "ada", "rnn", handout).problem
    assert (
        problem == "rnn.py or rnn.ipynb was not handed in; found only README.md, given_one.py, given_two.py."
    )


NET = "class Net:\n    def forward(self, x):\n        return x\n"


def test_an_exercise_in_another_file_that_nothing_imports_is_told(tmp_path):
    submission = read_one(tmp_path, rnn__py=WORK, net__py=NET)
    note = "net.py holds `Net`, and rnn.py neither defines nor imports it: put all into one file."
    assert submission.notes == (note,)


@pytest.mark.parametrize(
    "answer",
    [f"import net\n{WORK}", f"from net import *\n{WORK}", WORK + NET, f"{WORK}from net import Net\n"],
)
def test_one_that_is_imported_or_written_twice_is_not(tmp_path, answer):
    assert read_one(tmp_path, rnn__py=answer, net__py=NET).notes == ()


def test_so_is_one_in_the_other_form_of_the_answer(tmp_path):
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": WORK}], "nbformat": 4})
    submission = read_one(tmp_path, rnn__py=NET, rnn__ipynb=notebook)
    notes = {note for half in (submission, submission.other) for note in half.notes}
    assert "rnn.py holds `Net`, and rnn.ipynb neither defines nor imports it: put all into one file." in notes


WRAPPED = '{"cells": [{"cell_type": "code", "source": "x = 1 < 2"}], "nbformat": 4}'


@pytest.mark.parametrize("name", ["rnn.ipynb", "rnn.py", "rnn.txt"])
@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{WRAPPED}\n```\n",
        f"Here it is:\n```\n{WRAPPED}\n```\nRun it.\n",
        f"<pre>{WRAPPED.replace('<', '&lt;').replace(chr(34), '&quot;')}</pre>",
    ],
)
def test_a_notebook_between_fences_is_read_as_one(tmp_path: Path, text: str, name: str) -> None:
    submission = read_one(tmp_path, **{name: text})
    assert [chunk.source for chunk in submission.chunks] == ["x = 1 < 2"]
    assert f"{name} is a notebook's text with something around it; that was taken out." in submission.notes


def test_of_two_notebooks_between_fences_none_is_taken(tmp_path: Path) -> None:
    assert read_one(tmp_path, rnn__ipynb=f"```\n{WRAPPED}\n```\n" * 2).problem
