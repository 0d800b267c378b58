"""Downloads as platforms and people make them: small trees, and who must come out of them with which file.

A case is a tree, one file a line, and what is expected, one student a line:

    path = content            a folder whose name ends in .zip or .tar is packed; content is a name of CONTENTS, or text
    student: file             the file that counts
        + a.py, b/c.py        the labels of its modules
        & file                the other file: both are graded, and the better counts
        ! words               there is no file that can be read, and the problem holds these words
        ~ words               a note holds these words
        late                  the platform calls it late
    ? folder, folder          nothing is read: it is asked whose these are
"""

from __future__ import annotations

import io
import json
import tarfile
import textwrap
import zipfile
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.records import Submission
from grader.submissions import Handout, read_submission, read_submissions

SKELETON = '''
import numpy as np
from torch import nn


def helper(x):
    """Given."""
    return x[::-1]


def rnn_forward(x):
    """The loop."""
    raise NotImplementedError("your turn")


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        raise NotImplementedError("your turn: the parts")

    def forward(self, x):
        raise NotImplementedError("your turn")
'''
HANDOUT = Handout(("rnn_forward", "RNN"), (SKELETON,), frozenset({"gru", "birnn"}))
WORK = SKELETON.replace('raise NotImplementedError("your turn")', "return 2 * x")
BROKEN = WORK + "\ndef f(:\n"


def notebook(*sources: str, kind: str = "code") -> str:
    return json.dumps({"cells": [{"cell_type": kind, "source": source} for source in sources], "nbformat": 4})


METADATA = r"""---
submission_1:
  :submitters:
  - :name: 'Pat O''Neil'
    :sid: 0123
    :email: pat@x.edu
  - :name: "M\xFCller"
  :created_at: 2026-01-05 10:00:00.000000000 Z
  :results: !ruby/hash:Anything
    :tests:
    - :name: no student
submission_2:
  :submitters:
  - :name: Bo
    :sid: '007'
submission_3:
  :submitters:
  - :email: cy@x.edu
"""
CONTENTS = {
    "work": WORK,
    "more": WORK.replace("2 * x", "3 * x"),
    "half": SKELETON.replace('raise NotImplementedError("your turn")', "return 2 * x", 1),
    "blank": SKELETON,
    "restyled": SKELETON.replace('"""The loop."""', "# mine").replace("\n\n\n", "\n\n") + "\n\n",
    "passed": SKELETON.replace('raise NotImplementedError("your turn")', "return None, None"),
    "broken": BROKEN,
    "nb work": notebook(*WORK.split("\n\n\n")),
    "nb blank": notebook(*SKELETON.split("\n\n\n")),
    "nb text": notebook(SKELETON, *[""] * 3).replace('"code", "source": ""', '"markdown", "source": "..."'),
    "utils": "def f(x):\n    return x\n",
    "metadata": METADATA,
    "notes": "see you on Monday",
    "imports": "import layers.cells\nfrom utils import f\n" + WORK,
    "by ja_smith": "Name: Jan Smith (ja_smith)\nAssignment: HW_3\nDate Submitted: Monday, 5 January 2026",
    "html": "<!doctype html><p>def rnn_forward(x):</p>",
    "empty": "",
    "cut": notebook(*WORK.split("\n\n\n"))[:-30],
    "rar": "Rar!\x1a\x07",
    "link": "https://colab.research.google.com/drive/1AbC\n",
}

CASES: dict[str, tuple[str, str]] = {}


def case(name: str, tree: str, expected: str) -> None:
    CASES[name] = (textwrap.dedent(tree).strip(), textwrap.dedent(expected).strip())


# Whose it is: folders

case(
    "one student's folders are deeper than another's",
    """
    ada/src/rnn.py = work
    bob/rnn/rnn.py = work
    cy/rnn.py = work
    dee/my/own/folder/rnn.ipynb = nb work
    """,
    """
    ada: ada/src/rnn.py
    bob: bob/rnn/rnn.py
    cy: cy/rnn.py
    dee: dee/my/own/folder/rnn.ipynb
    """,
)
case(
    "logins that end, or begin, with a word for what does not count any more",
    """
    ada/rnn.py = work
    bob-draft/rnn.py = work
    Mary Old/sub/rnn.py = work
    orig_kim/rnn.py = blank
    smith1_bak/notes.txt = notes
    """,
    """
    ada: ada/rnn.py
    bob-draft: bob-draft/rnn.py
    Mary Old: Mary Old/sub/rnn.py
    orig_kim: orig_kim/rnn.py
    smith1_bak: ! found only notes.txt
    """,
)
case(
    "two students, both called old",
    "ada_old/rnn.py = work\nmary_old/rnn.py = more",
    "ada_old: ada_old/rnn.py\nmary_old: mary_old/rnn.py",
)
for copies in ("ada, ada_old", "ada_final, ada_old, bob", "ada (1), backup-ada", "Ada 2, ada2_orig"):
    case(
        f"a copy, or another student: {copies}",
        "\n".join(f"{name}/rnn.py = work" for name in copies.split(", ")),
        f"? {copies}",
    )
case(
    "words for copies that hold nobody's name",
    "ada/rnn.py = work\nbob/rnn.py = work\nmy_old_version/rnn.py = blank",
    "? my_old_version, ada, bob",
)
case(
    "nobody who has a folder vanishes",
    """
    ada/rnn.py = work
    bob/notes.txt = notes
    cy/ =
    dee/rnn.rar = notes
    eve/solution.pdf = notes
    README.md = notes
    grades.csv = notes
    """,
    """
    ada: ada/rnn.py
    bob: ! found only notes.txt
    cy: ! nothing was handed in
    dee: ! A .rar file is not opened here: hand in rnn.py or rnn.ipynb itself, or a .zip of it
    eve: ! No code can be run from a document
    """,
)
case(
    "folders around the class",
    """
    HW 3/submissions/ada/rnn.py = work
    HW 3/submissions/bob/work/rnn.py = work
    """,
    """
    ada: HW 3/submissions/ada/rnn.py
    bob: HW 3/submissions/bob/work/rnn.py
    """,
)
case(
    "numbers are names of students",
    """
    1001/rnn.py = work
    1002/rnn.py = work
    """,
    """
    1001: 1001/rnn.py
    1002: 1002/rnn.py
    """,
)
case(
    "two classes, or two students with copies",
    "a1/ada/rnn.py = work\na1/bob/rnn.py = work\na2/cy/rnn.py = work",
    "? a1/ada, a1/bob",
)
case(
    "two exercises with a class in each",
    """
    HW3/ada/rnn.py = work
    HW3/bob/rnn.py = work
    HW4/ada/rnn.py = work
    HW4/bob/rnn.py = work
    """,
    "? HW3/ada, HW3/bob, HW4/ada, HW4/bob",
)
case(
    "a hand-out left in the folder of a class",
    """
    ada/rnn.py = work
    bob/rnn.py = work
    rnn/rnn.py = blank
    """,
    "? rnn, ada, bob",
)
case(
    "a loose file beside a class",
    """
    ada/rnn.py = work
    bob/rnn.py = work
    rnn.py = work
    """,
    "? ada, bob",
)
case("versions at the top", "v1/rnn.py = work\nv2/rnn.py = work", "? v1, v2")
case(
    "people called Alt and Bak",
    "Alt Maria/rnn.py = work\nBak, Jin/rnn.py = work",
    "Alt Maria: Alt Maria/rnn.py\nBak, Jin: Bak, Jin/rnn.py",
)
case("exercises at the top", "ex1/rnn.py = work\nex2/rnn.py = work", "? ex1, ex2")
case("terms at the top", "ws21/rnn.py = work\nws22/rnn.py = other", "? ws21, ws22")
case(
    "one student's repository",
    """
    src/rnn.py = work
    src/utils.py = utils
    docs/index.md = notes
    tests/test_rnn.py = work
    README.md = notes
    """,
    """
    me: src/rnn.py
        + utils.py
    """,
)
case(
    "a repository with all exercises in it",
    """
    rnn/rnn.py = work
    birnn/birnn.py = work
    gru/gru.py = work
    utils.py = utils
    """,
    """
    me: rnn/rnn.py
    """,
)
case("one student, nothing", "", "me: ! nothing was handed in: expected rnn.py or rnn.ipynb")
case("one student, the wrong thing", "notes.txt = notes", "me: ! was not handed in; found only notes.txt")
case("one student, another exercise", "birnn.py = def birnn_forward(): ...", "me: ! found only birnn.py")
case(
    "one student's file of another name beside what it needs",
    """
    my_solution.py = work
    utils.py = utils
    """,
    """
    me: my_solution.py
        + utils.py
        ~ my_solution.py was taken; the expected name is rnn.py
    """,
)
case(
    "several students' files of other names",
    """
    john_smith.py = work
    john_doe.py = work
    """,
    """
    john_doe: john_doe.py
    john_smith: john_smith.py
    """,
)

# Whose it is: platforms

case(
    "Moodle 4: no _ at the end, online text beside the file",
    """
    Ada King_11_assignsubmission_file/rnn.py = work
    Ada King_11_assignsubmission_onlinetext/onlinetext.html = html
    Bo Li_12_assignsubmission_onlinetext/onlinetext.html = html
    Cy_13_assignsubmission_file_/notes.txt = notes
    """,
    """
    Ada King: Ada King_11_assignsubmission_file/rnn.py
    Bo Li: ! a text was typed into the platform
    Cy: ! found only notes.txt
    """,
)
case(
    "Canvas: text, link, late, second upload",
    """
    kimjo_12356_text.html = html
    leekay_12357_link.html = html
    gauss_12350_67895_rnn.py = more
    gauss_LATE_12350_68001_rnn-1.py = work
    ada_12351_67001_rnn.py = work
    ada_12351_67002_utils.py = utils
    bo_LATE_12352_67003_rnn.ipynb = nb work
    """,
    """
    ada: ada_12351_67001_rnn.py
        + utils.py
    bo: bo_LATE_12352_67003_rnn.ipynb
        late
    gauss: gauss_LATE_12350_68001_rnn-1.py
        late
        ~ earlier: gauss_12350_67895_rnn.py
    kimjo: ! a text was typed into the platform
    leekay: ! a link was handed in, not a file
    """,
)
case(
    "Canvas, a later upload that is still as it was handed out",
    """
    gauss_12350_67895_rnn.py = work
    gauss_12350_68001_rnn-1.py = blank
    """,
    """
    gauss: gauss_12350_67895_rnn.py
        ~ no work can be read in the later gauss_12350_68001_rnn-1.py
    """,
)
case(
    "Canvas, anonymous",
    """
    anon_Ab1Cd_67890_rnn.py = blank
    anon_Ab1Cd_67891_rnn.ipynb = nb work
    LATE_anon_Xy9Zz_67892_rnn.py = work
    anon_Qq2Rr_link.html = html
    """,
    """
    anon_Ab1Cd: anon_Ab1Cd_67891_rnn.ipynb
        + rnn.py
    anon_Qq2Rr: ! a link was handed in, not a file
    anon_Xy9Zz: LATE_anon_Xy9Zz_67892_rnn.py
        late
    """,
)
case(
    "Blackboard: user names with _, after the title that all share",
    """
    HW 3_j_smith_attempt_2026-01-05-10-00-00_rnn.py = work
    HW 3_j_smith_attempt_2026-01-05-10-00-00.txt = notes
    HW 3_k_smith_attempt_2026-01-05-11-00-00_rnn.py = work
    HW 3_smith_attempt_2026-01-05-12-00-00.txt = notes
    """,
    """
    j_smith: HW 3_j_smith_attempt_2026-01-05-10-00-00_rnn.py
    k_smith: HW 3_k_smith_attempt_2026-01-05-11-00-00_rnn.py
    smith: ! nothing was handed in
    """,
)
case(
    "Blackboard, a title with _, the last attempt",
    """
    HW_3_ada_attempt_2026-01-05-10-00-00_rnn.py = more
    HW_3_ada_attempt_2026-01-06-10-00-00_rnn.py = work
    HW_3_bob_attempt_2026-01-05-10-00-00_rnn.py = work
    """,
    """
    ada: HW_3_ada_attempt_2026-01-06-10-00-00_rnn.py
        ~ earlier: HW_3_ada_attempt_2026-01-05-10-00-00_rnn.py
    bob: HW_3_bob_attempt_2026-01-05-10-00-00_rnn.py
    """,
)
case(
    "Blackboard, _ in the title and in the name of the only user: the description says whose it is",
    """
    HW_3_ja_smith_attempt_2026-01-05-10-00-00_rnn.py = work
    HW_3_ja_smith_attempt_2026-01-05-10-00-00.txt = by ja_smith
    """,
    """
    ja_smith: HW_3_ja_smith_attempt_2026-01-05-10-00-00_rnn.py
    """,
)
case(
    "Blackboard, user names that begin alike: one description tells the title of all",
    """
    HW_3_ja_smith_attempt_2026-01-05-10-00-00_rnn.py = work
    HW_3_ja_smith_attempt_2026-01-05-10-00-00.txt = by ja_smith
    HW_3_ja_doe_attempt_2026-01-05-10-00-00_rnn.py = work
    HW_3_ja_doe_attempt_2026-01-05-10-00-00.txt = notes
    """,
    """
    ja_doe: HW_3_ja_doe_attempt_2026-01-05-10-00-00_rnn.py
    ja_smith: HW_3_ja_smith_attempt_2026-01-05-10-00-00_rnn.py
    """,
)
case(
    "Blackboard, _ in the title and perhaps in the name, and nothing that says whose it is",
    "HW_3_ja_smith_attempt_2026-01-05-10-00-00_rnn.py = work",
    "? smith, ja_smith, 3_ja_smith",
)
case(
    "Blackboard, one user and a title without _, or with spaces",
    "HW3_smith_attempt_2026-01-05-10-00-00_rnn.py = work\nREADME.md = notes",
    "smith: HW3_smith_attempt_2026-01-05-10-00-00_rnn.py",
)
case(
    "Sakai",
    """
    HW3/grades.csv = notes
    HW3/Lovelace, Ada(alovel)/Submission attachment(s)/rnn.py = work
    HW3/Lovelace, Ada(alovel)/Feedback Attachment(s)/ =
    HW3/Lovelace, Ada(alovel)/timestamp.txt = notes
    HW3/Smith, Bob(bsmith)/Submission attachment(s)/rnn.ipynb = nb work
    HW3/Curie, Marie(mcurie)/Submission attachment(s)/ =
    """,
    """
    Curie, Marie: ! nothing was handed in
    Lovelace, Ada: HW3/Lovelace, Ada(alovel)/Submission attachment(s)/rnn.py
    Smith, Bob: HW3/Smith, Bob(bsmith)/Submission attachment(s)/rnn.ipynb
    """,
)
case(
    "Sakai: what the instructor said is not the student's, and nobody vanishes",
    """
    HW3/Lovelace, Ada(alovel)/Submission attachment(s)/rnn.py = half
    HW3/Lovelace, Ada(alovel)/Feedback Attachment(s)/rnn.py = more
    HW3/Curie, Marie(mcurie)/comments.txt = notes
    HW3/Curie, Marie(mcurie)/timestamp.txt = notes
    HW3/Gauss, Carl(cgauss)/timestamp.txt = notes
    HW3/Noether, Emmy(enoeth)/Feedback Attachment(s)/rnn.py = more
    """,
    """
    Curie, Marie: ! nothing was handed in
    Gauss, Carl: ! nothing was handed in
    Lovelace, Ada: HW3/Lovelace, Ada(alovel)/Submission attachment(s)/rnn.py
    Noether, Emmy: ! nothing was handed in
    """,
)
case(
    "numbers before names, and OLAT's folders",
    """
    2_submissions/01_smith/rnn.py = work
    2_submissions/02_jones/rnn.py = more
    2_submissions/003_King_Ada/rnn/rnn.py = half
    """,
    """
    01_smith: 2_submissions/01_smith/rnn.py
    02_jones: 2_submissions/02_jones/rnn.py
    003_King_Ada: 2_submissions/003_King_Ada/rnn/rnn.py
    """,
)
case(
    "Submitty: numbered attempts, the last counts",
    """
    rnn/ada/1/rnn.py = more
    rnn/ada/2/rnn.py = work
    rnn/ada/user_assignment_settings.json = {}
    rnn/bob/1/rnn.py = work
    """,
    """
    ada: rnn/ada/2/rnn.py
        ~ earlier: rnn/ada/1/rnn.py
    bob: rnn/bob/1/rnn.py
    """,
)
case(
    "Submitty: the active attempt counts, and what came before it where it holds no work",
    """
    rnn/ada/1/rnn.py = more
    rnn/ada/2/rnn.py = work
    rnn/ada/3/rnn.py = half
    rnn/ada/user_assignment_settings.json = {"active_version": 2, "history": []}
    rnn/bob/1/rnn.py = work
    rnn/bob/2/rnn.py = more
    rnn/bob/user_assignment_settings.json = {"active_version": 1}
    rnn/cy/1/rnn.py = work
    rnn/cy/2/rnn.py = blank
    rnn/cy/3/rnn.py = more
    rnn/cy/user_assignment_settings.json = {"active_version": 2}
    """,
    """
    ada: rnn/ada/2/rnn.py
        ~ active one: rnn/ada/3/rnn.py
    bob: rnn/bob/1/rnn.py
        ~ active one: rnn/bob/2/rnn.py
    cy: rnn/cy/1/rnn.py
        ~ active one: rnn/cy/3/rnn.py
    """,
)
case(
    "Submitty: a hand-in that was cancelled is none, whatever it holds",
    """
    rnn/ada/1/rnn.py = work
    rnn/ada/user_assignment_settings.json = {"active_version": 0, "history": []}
    rnn/bob/1/rnn.py = work
    rnn/bob/2/rnn.py = blank
    rnn/bob/user_assignment_settings.json = {"active_version": 0}
    rnn/cy/1/rnn.py = work
    """,
    """
    ada: ! nothing was handed in: every attempt was cancelled
    bob: ! nothing was handed in: every attempt was cancelled
    cy: rnn/cy/1/rnn.py
    """,
)
case(
    "Submitty: settings that say nothing understandable leave the last attempt",
    "\n".join(
        f"rnn/{name}/1/rnn.py = more\nrnn/{name}/2/rnn.py = work\n"
        f"rnn/{name}/user_assignment_settings.json = {settings}"
        for name, settings in {
            "ada": "no json",
            "bob": "[]",
            "cy": '{"active_version": "1"}',
            "di": '{"active_version": true}',
            "ed": '{"active_version": 7}',
            "flo": '{"active_version": 1000}',
            "gus": "[" * 50_000,
            "hal": '{"active_version": 1' + "0" * 5_000 + "}",
            "ida": '{"active_version": 1, "history": "' + "." * 1_000_000 + '"}',
        }.items()
    ),
    "\n".join(
        f"{name}: rnn/{name}/2/rnn.py\n    ~ earlier: rnn/{name}/1/rnn.py"
        for name in ("ada", "bob", "cy", "di", "ed", "flo", "gus", "hal", "ida")
    ),
)
case(
    "okpy: attempts by time",
    """
    rnn/ada@x.edu/20260105T101500/rnn.py = more
    rnn/ada@x.edu/20260106T090000/rnn.py = work
    rnn/bob@x.edu/20260105T111500/rnn.py = work
    """,
    """
    ada@x.edu: rnn/ada@x.edu/20260106T090000/rnn.py
        ~ earlier: rnn/ada@x.edu/20260105T101500/rnn.py
    bob@x.edu: rnn/bob@x.edu/20260105T111500/rnn.py
    """,
)
case(
    "Brightspace, dates that are understood",
    """
    1-2 - Ada King - 9 janvier 2026/rnn.py = more
    1-2 - Ada King - 10 jan, 2026/rnn.py = work
    3-2 - Bo - Li - Jan 5, 2026 1030 AM/rnn.py = work
    """,
    """
    Ada King: 1-2 - Ada King - 10 jan, 2026/rnn.py
        ~ earlier: 1-2 - Ada King - 9 janvier 2026/rnn.py
    Li: 3-2 - Bo - Li - Jan 5, 2026 1030 AM/rnn.py
    """,
)
case(
    "Brightspace, dates that may mean two things",
    """
    1-2 - Ada - 09.10.2026 1030/rnn.py = more
    1-2 - Ada - 10.09.2026 1030/rnn.py = work
    """,
    """
    Ada: 1-2 - Ada - 09.10.2026 1030/rnn.py
        & 1-2 - Ada - 10.09.2026 1030/rnn.py
        ~ which is the last cannot be told from their dates
    """,
)
case(
    "Brightspace, dates that are not understood",
    """
    1-2 - Ada - 9 января 2026/rnn.py = more
    1-2 - Ada - 10 января 2026/rnn.py = work
    """,
    """
    Ada: 1-2 - Ada - 10 января 2026/rnn.py
        & 1-2 - Ada - 9 января 2026/rnn.py
        ~ which is the last cannot be told from their dates: 1-2 - Ada - 10 января 2026, 1-2 - Ada - 9 января 2026
    """,
)
case(
    "Gradescope: a group, quotes, numbers, one without a name",
    """
    x/submission_1/rnn.py = work
    x/submission_2/rnn.py = work
    x/submission_3/notes.txt = notes
    x/submission_4/rnn.py = work
    x/submission_metadata.yml = metadata
    """,
    """
    Bo: x/submission_2/rnn.py
    cy@x.edu: ! found only notes.txt
    Pat O'Neil & Müller: x/submission_1/rnn.py
    submission_4: x/submission_4/rnn.py
    """,
)
case(
    "Autolab: the highest version",
    """
    ada@x.edu_2_rnn.py = more
    ada@x.edu_10_rnn.py = work
    bob_b@x.edu_1_rnn.py = work
    """,
    """
    ada@x.edu: ada@x.edu_10_rnn.py
        ~ earlier: ada@x.edu_2_rnn.py
    bob_b@x.edu: bob_b@x.edu_1_rnn.py
    """,
)
case(
    "nbgrader's exchange, its course folder, and its layout",
    """
    submitted/ada/rnn/rnn.ipynb = nb work
    submitted/ada/birnn/birnn.ipynb = nb work
    submitted/bob/birnn/birnn.ipynb = nb work
    source/rnn/rnn.ipynb = nb work
    release/rnn/rnn.ipynb = nb blank
    gradebook.db = notes
    """,
    """
    ada: submitted/ada/rnn/rnn.ipynb
    bob: ! nothing was handed in
    """,
)
case(
    "nbgrader's course folder, with logins that are called like places for files",
    """
    submitted/root/rnn/rnn.ipynb = nb work
    submitted/model/rnn/rnn.ipynb = nb work
    submitted/ada/rnn/rnn.ipynb = nb work
    submitted/desktop/birnn/birnn.ipynb = nb work
    gradebook.db = notes
    """,
    """
    ada: submitted/ada/rnn/rnn.ipynb
    desktop: ! nothing was handed in
    model: submitted/model/rnn/rnn.ipynb
    root: submitted/root/rnn/rnn.ipynb
    """,
)
case(
    "nbgrader's course folder, with the work of one student",
    """
    submitted/root/rnn/rnn.ipynb = nb work
    gradebook.db = notes
    """,
    """
    root: submitted/root/rnn/rnn.ipynb
    """,
)
case(
    "the exchange of nbgrader",
    """
    ada+rnn+2026-01-05 10:00:00.123456 UTC/rnn.ipynb = nb blank
    ada+rnn+2026-01-06 10:00:00.123456 UTC/rnn.ipynb = nb work
    bob+rnn+2026-01-05 10:00:00.123456 UTC+abcd/rnn.ipynb = nb work
    """,
    """
    ada: ada+rnn+2026-01-06 10:00:00.123456 UTC/rnn.ipynb
        ~ earlier:
    bob: bob+rnn+2026-01-05 10:00:00.123456 UTC+abcd/rnn.ipynb
    """,
)
case(
    "GitHub: clones of a classroom, and of owners",
    """
    rnn-ada/rnn.py = work
    rnn-bob-the-builder/src/rnn.py = work
    OWNER__rnn/rnn.py = work
    """,
    """
    ada: rnn-ada/rnn.py
    bob-the-builder: rnn-bob-the-builder/src/rnn.py
    OWNER__rnn: OWNER__rnn/rnn.py
    """,
)
case(
    "Teams: versions of an exercise",
    """
    Submitted files/Ada King/HW 3/Version 1/rnn.py = more
    Submitted files/Ada King/HW 3/Version 2/rnn.py = work
    Submitted files/Bo Li/HW 3/Version 1/rnn.py = work
    """,
    """
    Ada King: Submitted files/Ada King/HW 3/Version 2/rnn.py
        ~ earlier
    Bo Li: Submitted files/Bo Li/HW 3/Version 1/rnn.py
    """,
)
case(
    "Google Classroom and forms: names before and after",
    """
    Ada King - rnn.py = work
    rnn - Bo Li.py = work
    Cy_rnn.docx = notes
    """,
    """
    Ada King: Ada King - rnn.py
    Bo Li: rnn - Bo Li.py
    Cy: ! No code can be run from a document
    """,
)
case(
    "a flat folder in which somebody handed in an archive",
    """
    ada_rnn.py = work
    bob_rnn.7z = notes
    cy_essay.docx = notes
    dee.zip/work/rnn.py = work
    README.md = notes
    grades.csv = notes
    """,
    """
    ada: ada_rnn.py
    bob: ! A .7z file is not opened here
    cy: ! found only essay.docx
    dee: dee.zip/work/rnn.py
    """,
)
case(
    "a download left in its zip",
    """
    moodle.zip/Ada_11_assignsubmission_file/work.zip/rnn.py = work
    moodle.zip/Bob_12_assignsubmission_file/rnn.py = work
    """,
    """
    Ada: moodle.zip/Ada_11_assignsubmission_file/work.zip/rnn.py
    Bob: moodle.zip/Bob_12_assignsubmission_file/rnn.py
    """,
)
case(
    "a student's zip",
    "work.zip/src/rnn.py = work\nwork.zip/src/utils.py = utils",
    "me: work.zip/src/rnn.py\n    + utils.py",
)
case(
    "the grader's own output, and what systems leave behind",
    """
    ada/rnn.py = work
    bob/rnn.py = work
    results/results.json = {"schema": "grader/results/v1", "submissions": []}
    results/submissions/ada.json = {}
    results/report/index.html = html
    stopped/submissions/ada.json = {"student": "ada", "status": "graded", "score": 1, "max_score": 2, "key": ""}
    __MACOSX/ada/rnn.py = notes
    .git/rnn.py = work
    ada/.ipynb_checkpoints/rnn.ipynb = nb work
    """,
    """
    ada: ada/rnn.py
    bob: bob/rnn.py
    """,
)
case(
    "somebody else's results.json is a student's file",
    """
    ada/rnn.py = work
    bob/results.json = {"schema": "mine"}
    cy/results.json = {"schema": "grader/results/v1"}
    cy/solution.py = work
    """,
    """
    ada: ada/rnn.py
    bob: ! found only results.json
    cy: cy/solution.py
        ~ solution.py was taken
    """,
)

# Which of a student's files

case(
    "untouched beside work of another name",
    "rnn.py = blank\nrnn_final.py = work",
    """
    me: rnn_final.py
        + rnn.py
        ~ rnn.py is still as it was handed out
    """,
)
case(
    "untouched but for its layout",
    "rnn.py = restyled\nmy_solution.py = work",
    """
    me: my_solution.py
        + rnn.py
        ~ of my_solution.py and rnn.py, my_solution.py was taken: rnn.py is still as it was handed out
    """,
)
case(
    "emptied instead of filled in",
    "rnn.py = passed\nrnn (1).ipynb = nb work",
    """
    me: rnn (1).ipynb
        + rnn.py
        ~ rnn (1).ipynb was taken; the expected name is rnn.ipynb
    """,
)
case(
    "an untouched notebook beside a broken file",
    "rnn.ipynb = nb blank\nrnn.py = broken",
    "me: ! rnn.py cannot be read, line\n    ~ rnn.ipynb is still as it was handed out",
)
case(
    "an untouched file beside a broken notebook",
    'rnn.py = blank\nrnn.ipynb = {"cells": [{"cell_type": "code", "source": "def rnn_forward(x:\\n  return"}]}',
    """
    me: ! rnn.ipynb has no code cell that can be read; cell 1 was left out
        ~ rnn.py is still as it was handed out
    """,
)
case(
    "an untouched file beside what cannot be read",
    """
    ada/rnn.py = blank
    ada/rnn.ipynb = cut
    bob/rnn.py = html
    bob/rnn.ipynb = nb blank
    cem/rnn.py = blank
    cem/rnn.rar = rar
    dee/rnn.py = blank
    dee/rnn.zip = rar
    eve/rnn.py = link
    eve/rnn.ipynb = nb blank
    fay/rnn.py = blank
    fay/rnn.ipynb = empty
    """,
    """
    ada: ! rnn.ipynb is not a complete notebook: it breaks off before its end
        ~ rnn.py is still as it was handed out
    bob: ! rnn.py is a web page; download the file itself
        ~ rnn.ipynb is still as it was handed out
    cem: ! rnn.py is still as it was handed out, and rnn.rar is not opened here: hand in rnn.py or rnn.ipynb itself
    dee: ! rnn.zip is a rar file, whatever its name says
    eve: ! rnn.py holds a link, not code; hand in the file that it leads to.
        ~ rnn.ipynb is still as it was handed out
    fay: fay/rnn.py
        ~ rnn.ipynb is empty
    """,
)
case(
    "what cannot be read hides no earlier work",
    """
    gauss_12350_67895_rnn.py = work
    gauss_12350_68001_rnn-1.py = html
    """,
    """
    gauss: gauss_12350_67895_rnn.py
        ~ an earlier attempt was taken, because no work can be read in the later gauss_12350_68001_rnn-1.py
    """,
)
case(
    "a broken file beside work",
    "rnn.py = broken\nrnn.ipynb = nb work",
    """
    me: rnn.ipynb
        + rnn.py
        ~ rnn.py cannot be read
    """,
)
case(
    "a broken file of another name",
    "rnn.py = blank\nrnn_final.py = broken",
    "me: ! rnn_final.py cannot be read\n    ~ taken",
)
case(
    "an empty file beside work",
    "rnn.py = empty\nsolution.py = work",
    "me: solution.py\n    + rnn.py\n    ~ rnn.py is empty",
)
case(
    "half done, and done under another name",
    "rnn.py = half\nrnn_final.py = more",
    """
    me: rnn_final.py
        & rnn.py
        + rnn.py
        ~ rnn_final.py was taken; the expected name is rnn.py
    """,
)
case(
    "an older copy put aside",
    "rnn.py = work\nrnn_old.py = more\nbackup/rnn.py = more",
    "me: rnn.py\n    + rnn_old.py, backup/rnn.py",
)
case(
    "the work is deeper",
    "rnn.py = blank\nsolution/rnn.py = work",
    "me: solution/rnn.py\n    ~ still as it was handed out",
)
case(
    "the work is in a zip",
    "ada/rnn.py = blank\nada/work.zip/rnn.py = work\nbob/rnn.py = work",
    """
    ada: ada/work.zip/rnn.py
        ~ of work.zip/rnn.py and rnn.py, work.zip/rnn.py was taken: rnn.py is still as it was handed out
    bob: bob/rnn.py
    """,
)
case(
    "what the answer imports is in archives beside it",
    """
    rnn.py = imports
    layers.zip/layers/cells.py = utils
    layers.zip/layers/__init__.py = empty
    more.tar/work/utils.py = utils
    more.tar/work/rnn.py = blank
    more.tar/work/consts.py = utils
    other.zip/unused.py = utils
    """,
    """
    me: rnn.py
        + consts.py, utils.py, layers/__init__.py, layers/cells.py
    """,
)
case(
    "archives beside an answer that imports nothing of its own stay closed",
    """
    rnn.py = work
    more.zip/utils.py = utils
    """,
    """
    me: rnn.py
    """,
)
case(
    "nothing but the hand-out",
    "ada/rnn.py = blank\nada/rnn.ipynb = nb blank\nbob/rnn.py = blank",
    "ada: ada/rnn.py\nbob: bob/rnn.py",
)
case(
    "the answer is imported from another file",
    "rnn.py = from mine import *\nmine.py = work",
    "me: rnn.py\n    + mine.py",
)
case(
    "two files that each hold half",
    "one.py = def rnn_forward(x): return x\ntwo.py = class RNN: x = 1",
    """
    one: one.py
    two: two.py
    """,
)


def write(root: Path, tree: str) -> Path:
    """The tree below `root`; folders named .zip or .tar are packed afterwards, the innermost first."""
    root.mkdir(parents=True, exist_ok=True)
    for line in tree.splitlines():
        path, _, content = line.partition(" =")
        content = content.strip()
        if path.endswith("/"):
            (root / path).mkdir(parents=True)
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(CONTENTS.get(content, content), encoding="utf-8")
    archives = [*root.rglob("*.zip"), *root.rglob("*.tar")]
    for folder in sorted(archives, key=lambda path: -len(path.parts)):
        if folder.is_dir():
            packed = pack(folder)
            remove(folder)
            folder.write_bytes(packed)
    return root


def pack(folder: Path) -> bytes:
    held = io.BytesIO()
    if folder.suffix == ".tar":
        with tarfile.open(fileobj=held, mode="w") as tar:
            tar.add(folder, "")
        return held.getvalue()
    with zipfile.ZipFile(held, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder).as_posix())
    return held.getvalue()


def remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), key=lambda path: -len(path.parts)):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def written(found: list[Submission], expected: str) -> str:
    """What was found, in the words of what is expected: of notes and problems, the words that are asked for."""
    asked: dict[str, list[str]] = {}
    for line in expected.splitlines():
        if not line.startswith(" "):
            student = line.partition(": ")[0]
            asked[student] = [line.partition(": ")[2]]
        else:
            asked[student].append(line.strip())
    lines = []
    for one in found:
        wanted = asked.get(one.student, [])
        lines.append(
            f"{one.student}: " + (f"! {fitting(one.problem, wanted, '!')}" if one.problem else one.file)
        )
        if one.modules:
            lines.append("    + " + ", ".join(module.label for module in one.modules))
        if one.other is not None:
            lines.append(f"    & {one.other.file}")
        lines += ["    late"] if one.late else []
        notes = " ".join(one.notes)
        lines += [f"    ~ {fitting(notes, wanted, '~')}"] if notes else []
    return "\n".join(lines)


def fitting(text: str, wanted: list[str], sign: str) -> str:
    words = next((line[2:] for line in wanted if line.startswith(sign)), "")
    return words if words and words in text else text


def sorted_lines(expected: str) -> str:
    """The lines of a student in the order in which they are written."""
    order = {"+": 0, "&": 1, "l": 2, "~": 3}
    blocks: list[list[str]] = []
    for line in expected.splitlines():
        if line.startswith(" "):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return "\n".join(
        line
        for head, *rest in blocks
        for line in [head, *sorted(rest, key=lambda line: order[line.strip()[0]])]
    )


@pytest.mark.parametrize("name", CASES)
def test_who_comes_out_of_a_download_with_which_file(tmp_path: Path, name: str) -> None:
    tree, expected = CASES[name]
    root = write(tmp_path / "me", tree)
    if expected.startswith("?"):
        with pytest.raises(UsageError, match="it is not clear whose is what") as asked:
            read_submissions(root, "rnn", HANDOUT)
        assert all(folder in str(asked.value) for folder in expected[2:].split(", "))
        assert str(root) in (asked.value.next_step or "")
        return
    found = read_submissions(root, "rnn", HANDOUT)
    assert written(found, expected) == sorted_lines(expected)
    assert all(bool(one.chunks) != bool(one.problem) for one in found)


@pytest.mark.parametrize("name", CASES)
def test_the_same_comes_out_of_a_zip_of_it(tmp_path: Path, name: str) -> None:
    tree, expected = CASES[name]
    root = write(tmp_path / "me", tree)
    (tmp_path / "packed").mkdir()
    path = tmp_path / "packed" / "me.zip"
    path.write_bytes(pack(root))
    if expected.startswith("?"):
        with pytest.raises(UsageError, match="it is not clear whose is what"):
            read_submissions(path, "rnn", HANDOUT)
        return
    assert written(read_submissions(path, "rnn", HANDOUT), expected) == sorted_lines(expected)


def test_a_folder_with_windows_separators_in_a_zip_is_somebodys(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("HW3\\ada\\rnn.py", WORK)
        archive.writestr("HW3\\bob\\rnn\\rnn.py", WORK)
        archive.writestr("HW3\\cem\\", "")
    found = {one.student: one.file for one in read_submissions(path, "rnn", HANDOUT)}
    assert found == {"ada": "HW3/ada/rnn.py", "bob": "HW3/bob/rnn/rnn.py", "cem": ""}


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if expected.count("\n") > 1])
def test_no_students_folder_changes_how_another_is_read(tmp_path: Path, name: str) -> None:
    """With one more student in the class, laid out otherwise, everybody else's lines stay."""
    tree, expected = CASES[name]
    if expected.startswith(("?", "me")):
        return
    first = tree.splitlines()[0]
    folder = first.rpartition("/")[0] if first.count("/") else ""
    above = folder.split("/")[: max(_around(tree), 0)]
    root = write(tmp_path / "me", tree)
    write(root.joinpath(*above), "zoe/some/deep/folder/rnn.py = work")
    found = [one for one in read_submissions(root, "rnn", HANDOUT) if one.student != "zoe"]
    assert written(found, expected) == sorted_lines(expected)


def _around(tree: str) -> int:
    """How many folders stand around the class: those that all lines share."""
    paths = [line.partition(" =")[0].split("/") for line in tree.splitlines()]
    shared = 0
    while all(len(path) > shared + 1 and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    return shared


REPOSITORIES = (
    "OWNER__rnn_2026_1_ada",
    "OWNER__rnn_2026_1_bob",
    "rnn-cem",
    "rnn_dee",
    "O__rnn-ada",
    "P__rnn-ada",
)


def test_a_file_of_blackboards_that_was_typed_is_its_users(tmp_path: Path) -> None:
    head = "HW_3_ja_smith_attempt_2026-01-05-10-00-00"
    path = tmp_path / f"{head}_rnn.py"
    path.write_text(WORK)
    with pytest.raises(UsageError, match="which of smith, ja_smith, 3_ja_smith is the user") as asked:
        read_submissions(path, "rnn", HANDOUT)
    assert "--student 'ja_smith'" in (asked.value.next_step or "")
    (tmp_path / f"{head}.txt").write_text("Naam: Jan Smith (ja_smith)\n")
    (found,) = read_submissions(path, "rnn", HANDOUT)
    assert (found.student, found.problem) == ("ja_smith", "")
    named = read_submission(path, "ja_smith", "rnn", HANDOUT)
    assert (named.student, named.problem, named.sha256) == ("ja_smith", "", found.sha256)


@pytest.mark.parametrize(
    "text", ["", "(", "Name: (a b)", "Name: a (b", "Name: Jan Smith", ")", "Name: A (mallory)", "\0" * 99]
)
def test_a_description_that_names_nobody_in_the_name_of_its_file_is_passed_over(tmp_path, text):
    head = "HW_3_ja_smith_attempt_2026-01-05-10-00-00"
    (tmp_path / f"{head}_rnn.py").write_text(WORK)
    (tmp_path / f"{head}.txt").write_text(text)
    with pytest.raises(UsageError, match="is the user"):
        read_submissions(tmp_path, "rnn", HANDOUT)


def test_folders_of_repositories_are_a_student_each(tmp_path: Path) -> None:
    """Numbers in their names are none of Canvas's."""
    for name in REPOSITORIES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "rnn.py").write_text("x = 1")
    found = {one.file.split("/")[0]: one.student for one in read_submissions(tmp_path, "rnn")}
    assert set(found) == set(REPOSITORIES)
    assert (found["rnn-cem"], found["rnn_dee"]) == ("cem", "dee")
    assert all(student == name for name, student in found.items() if "__" in name)


@pytest.mark.parametrize(
    "name", [*REPOSITORIES, "Ada King_11_assignsubmission_file", "ada king", "anon_Ab1Cd_6_7_x"]
)
def test_one_folder_of_a_class_is_the_same_student_alone(tmp_path: Path, name: str) -> None:
    """Else a run over it would add somebody new beside the one whose it is."""
    for folder in (name, "zoe"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "rnn.py").write_text("x = 1")
    students = {one.student for one in read_submissions(tmp_path, "rnn")}
    (alone,) = read_submissions(tmp_path / name, "rnn")
    (file,) = read_submissions(tmp_path / name / "rnn.py", "rnn")
    assert alone.student in students - {"zoe"}
    assert file.student == alone.student


@pytest.mark.parametrize("ending", ["rar", "7z", "tar.gz", "tgz", "tar", "RAR", "zip"])
def test_an_archive_that_was_typed_is_its_students_if_it_is_called_as_the_answer(tmp_path, ending):
    """Another one may hold a whole class: that is asked, and nobody is told that their work cannot be read."""
    for name in ("rnn", "rnn (1)", "download"):
        path = tmp_path / "ada" / f"{name}.{ending}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"packed")
        opened = ending.startswith(("t", "z"))
        if name == "download":
            said = "is not a complete" if opened else "Unpack it, and name the folder"
            with pytest.raises(UsageError, match=said):
                read_submissions(path, "rnn")
        else:
            (found,) = read_submissions(path, "rnn")
            assert (found.student, found.chunks) == ("ada", ())
            refused = (
                f"A .{ending} file is not opened here: hand in rnn.py or rnn.ipynb itself, or a .zip of it."
            )
            assert (f"{name}.{ending} is not a complete" if opened else refused) in found.problem
