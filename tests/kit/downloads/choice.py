"""Which of a student's files counts."""

from __future__ import annotations

from . import Cases, case

CASES: Cases = {}

case(
    CASES,
    "untouched beside work of another name",
    "rnn.py = blank\nrnn_final.py = work",
    """
    me: rnn_final.py
        + rnn.py
        ~ rnn.py is still as it was handed out
    """,
)
case(
    CASES,
    "untouched but for its layout",
    "rnn.py = restyled\nmy_solution.py = work",
    """
    me: my_solution.py
        + rnn.py
        ~ of my_solution.py and rnn.py, my_solution.py was taken: rnn.py is still as it was handed out
    """,
)
case(
    CASES,
    "emptied instead of filled in",
    "rnn.py = passed\nrnn (1).ipynb = nb work",
    """
    me: rnn (1).ipynb
        + rnn.py
        ~ rnn (1).ipynb was taken; the expected name is rnn.ipynb
    """,
)
case(
    CASES,
    "an untouched notebook beside a broken file",
    "rnn.ipynb = nb blank\nrnn.py = broken",
    "me: ! rnn.py cannot be read, line\n    ~ rnn.ipynb is still as it was handed out",
)
case(
    CASES,
    "an untouched file beside a broken notebook",
    'rnn.py = blank\nrnn.ipynb = {"cells": [{"cell_type": "code", "source": "def rnn_forward(x:\\n  return"}]}',
    """
    me: ! rnn.ipynb has no code cell that can be read; cell 1 was left out
        ~ rnn.py is still as it was handed out
    """,
)
case(
    CASES,
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
    CASES,
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
    CASES,
    "a broken file beside work",
    "rnn.py = broken\nrnn.ipynb = nb work",
    """
    me: rnn.ipynb
        + rnn.py
        ~ rnn.py cannot be read
    """,
)
case(
    CASES,
    "a broken file of another name",
    "rnn.py = blank\nrnn_final.py = broken",
    "me: ! rnn_final.py cannot be read\n    ~ taken",
)
case(
    CASES,
    "an empty file beside work",
    "rnn.py = empty\nsolution.py = work",
    "me: solution.py\n    + rnn.py\n    ~ rnn.py is empty",
)
case(
    CASES,
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
    CASES,
    "an older copy put aside",
    "rnn.py = work\nrnn_old.py = more\nbackup/rnn.py = more",
    "me: rnn.py\n    + rnn_old.py, backup/rnn.py",
)
case(
    CASES,
    "the work is deeper",
    "rnn.py = blank\nsolution/rnn.py = work",
    "me: solution/rnn.py\n    ~ still as it was handed out",
)
case(
    CASES,
    "the work is in a zip",
    "ada/rnn.py = blank\nada/work.zip/rnn.py = work\nbob/rnn.py = work",
    """
    ada: ada/work.zip/rnn.py
        ~ of work.zip/rnn.py and rnn.py, work.zip/rnn.py was taken: rnn.py is still as it was handed out
    bob: bob/rnn.py
    """,
)
case(
    CASES,
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
    CASES,
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
    CASES,
    "nothing but the hand-out",
    "ada/rnn.py = blank\nada/rnn.ipynb = nb blank\nbob/rnn.py = blank",
    "ada: ada/rnn.py\nbob: bob/rnn.py",
)
case(
    CASES,
    "the answer is imported from another file",
    "rnn.py = from mine import *\nmine.py = work",
    "me: rnn.py\n    + mine.py",
)
case(
    CASES,
    "two files that each hold half",
    "one.py = def rnn_forward(x): return x\ntwo.py = class RNN: x = 1",
    """
    one: one.py
    two: two.py
    """,
)
