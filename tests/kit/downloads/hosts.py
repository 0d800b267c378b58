"""Whose it is in downloads of hosts of code and of forms, in archives, and beside what the grader wrote."""

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
