"""Whose it is in downloads of graders: Submitty, okpy, Gradescope, Autolab, nbgrader."""

from __future__ import annotations

from . import Cases, case

CASES: Cases = {}

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
