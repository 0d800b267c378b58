"""Whose it is, by folders: students of a class, and one alone."""

from __future__ import annotations

from . import Cases, case

CASES: Cases = {}

case(
    CASES,
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
    CASES,
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
    CASES,
    "two students, both called old",
    "ada_old/rnn.py = work\nmary_old/rnn.py = more",
    "ada_old: ada_old/rnn.py\nmary_old: mary_old/rnn.py",
)
for copies in ("ada, ada_old", "ada_final, ada_old, bob", "ada (1), backup-ada", "Ada 2, ada2_orig"):
    case(
        CASES,
        f"a copy, or another student: {copies}",
        "\n".join(f"{name}/rnn.py = work" for name in copies.split(", ")),
        f"? {copies}",
    )
case(
    CASES,
    "words for copies that hold nobody's name",
    "ada/rnn.py = work\nbob/rnn.py = work\nmy_old_version/rnn.py = blank",
    "? my_old_version, ada, bob",
)
case(
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
    "two classes, or two students with copies",
    "a1/ada/rnn.py = work\na1/bob/rnn.py = work\na2/cy/rnn.py = work",
    "? a1/ada, a1/bob",
)
case(
    CASES,
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
    CASES,
    "a hand-out left in the folder of a class",
    """
    ada/rnn.py = work
    bob/rnn.py = work
    rnn/rnn.py = blank
    """,
    "? rnn, ada, bob",
)
case(
    CASES,
    "a loose file beside a class",
    """
    ada/rnn.py = work
    bob/rnn.py = work
    rnn.py = work
    """,
    "? ada, bob",
)
case(CASES, "versions at the top", "v1/rnn.py = work\nv2/rnn.py = work", "? v1, v2")
case(
    CASES,
    "people called Alt and Bak",
    "Alt Maria/rnn.py = work\nBak, Jin/rnn.py = work",
    "Alt Maria: Alt Maria/rnn.py\nBak, Jin: Bak, Jin/rnn.py",
)
case(CASES, "exercises at the top", "ex1/rnn.py = work\nex2/rnn.py = work", "? ex1, ex2")
case(CASES, "terms at the top", "ws21/rnn.py = work\nws22/rnn.py = other", "? ws21, ws22")
case(
    CASES,
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
    CASES,
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
case(CASES, "one student, nothing", "", "me: ! nothing was handed in: expected rnn.py or rnn.ipynb")
case(
    CASES,
    "one student, the wrong thing",
    "notes.txt = notes",
    "me: ! was not handed in; found only notes.txt",
)
case(
    CASES, "one student, another exercise", "birnn.py = def birnn_forward(): ...", "me: ! found only birnn.py"
)
case(
    CASES,
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
    CASES,
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
