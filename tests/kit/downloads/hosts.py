"""Whose it is in downloads of hosts of code and graders, and in archives of any."""

from __future__ import annotations

from . import Cases, case

CASES: Cases = {}

case(
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
    "a student's zip",
    "work.zip/src/rnn.py = work\nwork.zip/src/utils.py = utils",
    "me: work.zip/src/rnn.py\n    + utils.py",
)
case(
    CASES,
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
    CASES,
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

case(
    CASES,
    "copies of one notebook, each with its student behind",
    """
    Copy of rnn.ipynb - Ada Lovelace.ipynb = nb work
    Copy of rnn.ipynb - Bob Ray.ipynb = nb work
    Copy of Copy of rnn.ipynb - Cy.ipynb = nb work
    Kopie von rnn (2).ipynb - Zoe.ipynb = nb work
    rnn (1) - Eve Poe.py = work
    rnn.py - Fay.py = work
    Copia de rnn_gus.py = work
    """,
    """
    Ada Lovelace: Copy of rnn.ipynb - Ada Lovelace.ipynb
    Bob Ray: Copy of rnn.ipynb - Bob Ray.ipynb
    Cy: Copy of Copy of rnn.ipynb - Cy.ipynb
    Eve Poe: rnn (1) - Eve Poe.py
    Fay: rnn.py - Fay.py
    gus: Copia de rnn_gus.py
    Zoe: Kopie von rnn (2).ipynb - Zoe.ipynb
    """,
)

case(
    CASES,
    "the grader's own output in a student's folder takes nobody away",
    """
    ada/rnn.py = work
    ada/results.json = {"schema": "grader/results/v1", "submissions": []}
    ada/submissions/ada.json = {"student": "ada", "status": "graded", "score": 1, "max_score": 2, "key": ""}
    ada/sources/ada.json = {}
    ada/report/index.html = html
    bob/rnn.py = work
    bob/submissions/bob.json = {"student": "bob", "status": "graded", "score": 1, "max_score": 2, "key": ""}
    cy/src/rnn.py = work
    cy/src/results.json = {"schema": "grader/results/v1", "submissions": []}
    cy/adjustments.toml = notes
    """,
    """
    ada: ada/rnn.py
    bob: bob/rnn.py
    cy: cy/src/rnn.py
    """,
)
