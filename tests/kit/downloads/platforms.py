"""Whose it is in downloads of learning platforms: Moodle, Canvas, Blackboard, Sakai, Brightspace."""

from __future__ import annotations

from . import Cases, case

CASES: Cases = {}

case(
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
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
    CASES,
    "Blackboard, _ in the title and perhaps in the name, and nothing that says whose it is",
    "HW_3_ja_smith_attempt_2026-01-05-10-00-00_rnn.py = work",
    "? smith, ja_smith, 3_ja_smith",
)
case(
    CASES,
    "Blackboard, one user and a title without _, or with spaces",
    "HW3_smith_attempt_2026-01-05-10-00-00_rnn.py = work\nREADME.md = notes",
    "smith: HW3_smith_attempt_2026-01-05-10-00-00_rnn.py",
)
case(
    CASES,
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
    CASES,
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
    CASES,
    "Moodle: what the instructor gave back is no hand-in",
    """
    Ada King_11_assignsubmission_file_/rnn.py = work
    Ada King_11_assignfeedback_file_/rnn.py = more
    Bob Ray_12_assignfeedback_editpdf/rnn.py = work
    Cy Poe_13_assignfeedback_comments_/comments.html = html
    Cy Poe_13_assignsubmission_file_/rnn.py = work
    """,
    """
    Ada King: Ada King_11_assignsubmission_file_/rnn.py
    Bob Ray: ! nothing was handed in
    Cy Poe: Cy Poe_13_assignsubmission_file_/rnn.py
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
