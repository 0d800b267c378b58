"""Bytes of .py files → text that parses, or the sentence a student reads. Written to disk and read back."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from grader.records import Submission
from grader.submissions import read_submissions
from grader.submissions.syntax_errors import cause_of

CODE = 'def rnn_forward(x):\n    """h_t = tanh(…)"""\n    return "é"\n'


def read_one(tmp_path: Path, data: bytes | str, name: str = "rnn.py") -> Submission:
    (tmp_path / "ada").mkdir(exist_ok=True)
    (tmp_path / "ada" / name).write_bytes(data.encode() if isinstance(data, str) else data)
    (submission,) = read_submissions(tmp_path / "ada", "rnn")
    return submission


@pytest.mark.parametrize(
    "data",
    [
        CODE.encode(),
        codecs.BOM_UTF8 + CODE.encode(),
        CODE.replace("\n", "\r\n").encode(),
        CODE.replace("\n", "\r").encode(),
        CODE.encode() + b"\x1a",
    ],
    ids=["plain", "BOM", "Windows", "old Mac", "DOS end of file"],
)
def test_the_text_is_the_same_however_it_was_saved(tmp_path: Path, data: bytes) -> None:
    submission = read_one(tmp_path, data)
    assert submission.chunks[0].source == CODE
    assert submission.notes == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_with_a_mark_are_read_with_a_note(tmp_path: Path, encoding: str) -> None:
    submission = read_one(tmp_path, CODE.encode(encoding))
    assert submission.chunks[0].source == CODE
    assert submission.notes == (
        f"rnn.py was saved as {encoding.upper()}; it was read all the same. Save it as UTF-8.",
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_seen(tmp_path: Path, encoding: str) -> None:
    submission = read_one(tmp_path, CODE.encode(encoding))
    assert submission.chunks[0].source == CODE
    assert submission.notes == (
        f"rnn.py was saved as {encoding.upper()}; it was read all the same. Save it as UTF-8.",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (CODE.encode("utf-32-le"), "line 1: there is a null byte"),
        (bytes(30), "holds nothing but null bytes"),
        (b"a = 1\nx\0y = 1\n" * 9, "line 2: there is a null byte"),
        (b"a = 1\nb = 'x\0'\n", "line 2: there is a null byte"),
    ],
    ids=range(4),
)
def test_null_bytes_that_may_stand_for_something_are_a_problem(
    tmp_path: Path, data: bytes, message: str
) -> None:
    assert message in read_one(tmp_path, data).problem


@pytest.mark.parametrize("encoding", ["gbk", "shift_jis", "latin-1", "euc-kr", "utf-8"])
def test_a_coding_comment_is_believed(tmp_path: Path, encoding: str) -> None:
    text = {"gbk": "中文", "shift_jis": "日本語", "latin-1": "é", "euc-kr": "한국", "utf-8": "…"}[encoding]
    source = f"#!/usr/bin/env python\n# -*- coding: {encoding} -*-\nx = '{text}'\n"
    submission = read_one(tmp_path, source.encode(encoding))
    assert submission.chunks[0].source == source
    assert submission.notes == ()


@pytest.mark.parametrize("encoding", ["rot13", "zip", "unicode_escape", "utf-7", "no-such", "idna"])
def test_an_odd_coding_comment_is_not_obeyed(tmp_path: Path, encoding: str) -> None:
    source = f"# coding: {encoding}\nx = '…'\n"
    submission = read_one(tmp_path, source)
    assert submission.chunks[0].source == source
    assert encoding in submission.notes[0]


def test_windows_1252_and_latin_1_are_read_with_a_note(tmp_path: Path) -> None:
    submission = read_one(tmp_path, "x = 1\n# caf\xe9 \u201cquoted\u201d\n".encode("cp1252"))
    assert submission.chunks[0].source == "x = 1\n# café “quoted”\n"
    assert "not UTF-8 (line 2)" in submission.notes[0]
    assert read_one(tmp_path, b"# \xe9 \x81\nx = 1\n").problem == ""


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(x)\n    return x\n", "line 1: `def f(x)`: a colon is missing"),
        ("x = 1\nfor t in range(3)\n    pass\n", "line 2: `for t in range(3)`: a colon is missing"),
        ("y = 1\nx = foo((1, 2)\n", "line 2: `x = foo((1, 2)`: this '(' is never closed"),
        ("x = [1, 2)\n", "closes another kind of bracket"),
        ("x = 1)\n", "this ')' closes nothing"),
        (
            "def f():\nreturn 1\n",
            "line 2: `return 1`: what belongs to the function definition in line 1 is missing",
        ),
        ("x = 1\n    y = 2\n", "line 2: `y = 2`: this line is indented further"),
        ("if 1:\n        x = 1\n    y = 2\n", "line 3: `y = 2`: the indentation of this line fits none"),
        ("if 1:\n\tx = 1\n        y = 2\n", "tabs and spaces are mixed"),
        ("print 'hello'\n", "`print` is a function; write print(…)"),
        ("x = “hello\n", "'“' is a typographic quote"),
        ("for\u200bt in y:\n    pass\n", "an invisible character (U+200B)"),
        ("if 1:\n\u3000x = 1\n", "an invisible character (U+3000)"),
        ("f = rnn（x）\n", "'（' is a full-width sign; switch the keyboard to English and type '('"),
        ("x = 1，2\n", "type ','"),
        ("x = 1。\n", "type '.'"),
        ("x = 3 — 1\n", "'—' is a dash"),
        (
            "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> b\n",
            "line 2: `<<<<<<< HEAD`: a merge conflict",
        ),
        ("import os\n>>> x = 1\n", "line 2: `>>> x = 1`: the prompt of an interactive session"),
        ("```python\nx = 1\n```\nor\n```python\nx = 2\n```\n", "a Markdown fence"),
        ("x = 'never closed\n", "a text in quotes is not closed on this line"),
        ('x = 1\ny = """never closed\n\n', "a text in triple quotes is never closed"),
        ("if x = 1:\n    pass\n", "`=` assigns; to compare, write `==`"),
        ("return 1\n", "line 1: `return 1`: `return` can only stand inside a function"),
        (
            "for i in y:\n    pass\nelse:\n    break\n",
            "line 4: `break`: `break` can only stand inside a loop",
        ),
        (
            "class A:\n    x = 1\n    return x\n",
            "line 3: `return x`: `return` can only stand inside a function",
        ),
        (
            "def f():\n\n\ndef g():\n    pass\n",
            "line 4: `def g():`: what belongs to the function definition in line 1",
        ),
        ("if 1:\n    pass\nelse if 2:\n    pass\n", "line 3: `else if 2:`: in Python this is written `elif`"),
        ("lambda = 3\n", "`lambda` is a word of Python itself"),
        ("x++\n", "Python has no ++"),
        ("if x && y:\n    pass\n", "Python writes `and` for &&, and `or` for ||"),
        ("while a || b:  # as in C\n    pass\n", "Python writes `and` for &&, and `or` for ||"),
        ("if x.ndim = 2:\n    pass\n", "`=` assigns; to compare, write `==`"),
        ("while x[0] = 'a==b':\n    pass\n", "`=` assigns; to compare, write `==`"),
        ("def f(x) - > int:\n    return x\n", "`->` is written without a blank"),
        ("y := 3\n", "`:=` stands inside brackets only; write `=`"),
        ("def f(x, lambda):\n    pass\n", "`lambda` is a word of Python itself"),
        ("def f(x, in=3):\n    pass\n", "`in` is a word of Python itself"),
        ("def f(x, *, class: int):\n    pass\n", "`class` is a word of Python itself"),
        ("def f(x h, y):\n    pass\n", "a comma seems to be missing between `x` and `h`"),
        ("f(x, h):\n    return x\n", "a word like `def` seems to be missing"),
        ("f(x) -> int:\n    return x\n", "a word like `def` seems to be missing"),
        ("Import numpy as np\n", "`Import` is written with a small letter in Python: `import`"),
        ("Def f(x):\n    pass\n", "`Def` is written with a small letter in Python: `def`"),
        ("if x:\n    pass\nElse:\n    pass\n", "`Else` is written with a small letter in Python: `else`"),
        ("exec 'x = 1'\n", "`exec` is a function; write exec(…)"),
        ("y = x × 2\n", "'×' is no operator of Python; type * instead"),
        ("if x ≤ 2:\n    pass\n", "'≤' is no operator of Python; type <= instead"),
        ("Here it is:\n\n```python\nx = 1\n```\nx = 2\n", "line 3: ````python`: a Markdown fence"),
        ('"""\n```\nas it should\n```\n"""\nx = (\n', "line 6: `x = (`"),
        ("diff --git a/rnn.py b/rnn.py\n@@ -1,2 +1,2 @@\n x = 1\n", "a list of changes (a diff)"),
        ("+import numpy\n+\n+def f(x):\n+    return x\n-    pass\n" * 3, "a list of changes (a diff)"),
        ("--- a/rnn.py\n+++ b/rnn.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n", "a list of changes (a diff)"),
        ("  1  x = 1\n  2  y = 2\n  3\n  4  z = (\n", "line 4: `z = (`: this '(' is never closed"),
        ("1\tx = 1\n2\ty = 2\n4\tz = 3\n", "line numbers were copied along"),
        (
            '    "import numpy\\n",\n    "x = 1\\n"\n   ]\n  }\n "nbformat": 4\n}\n',
            "the inside of a notebook file",
        ),
        ("x = 1 +* 2\n", "line 1: `x = 1 +* 2`: Python cannot read this (invalid syntax)"),
        ("x = " + "1" * 5000 + "\n", "line 1"),
        ("\x1b[31mred\x1b[0m = (\n", "line 1"),
    ],
)
def test_a_syntax_error_in_plain_words(tmp_path: Path, source: str, message: str) -> None:
    submission = read_one(tmp_path, source)
    assert submission.problem.startswith("rnn.py cannot be read, line ")
    assert message in submission.problem
    assert submission.problem.isprintable()
    assert len(submission.problem) < 300


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 100_000,
        "x = " + "-" * 900_000 + "1",
        "x = " + "+".join(["1"] * 400_000),
        "x = a" + ".b" * 400_000,
        "x = " + "lambda: " * 100_000 + "1",
        "if 1: pass\n" + "elif 1: pass\n" * 70_000,
    ],
    ids=["brackets", "signs", "sums", "attributes", "lambdas", "elifs"],
)
def test_a_parser_bomb_is_a_problem_and_no_crash(tmp_path: Path, source: str) -> None:
    assert "deeply" in read_one(tmp_path, source).problem


@pytest.mark.parametrize(
    "chain",
    [
        "x = (" + " +\n".join(["1"] * 20_000) + ")\n",
        "x = a" + ".b" * 20_000 + "\n",
        "if x: pass\n" + "elif x: pass\n" * 20_000,
        "if x:\n    y = " + "not " * 20_000 + "y\n",
    ],
    ids=["sum", "attributes", "branches", "signs"],
)
def test_the_line_that_nests_too_deeply_is_named(tmp_path: Path, chain: str) -> None:
    line = 5 + chain.startswith("if x:\n")
    source = f"def f(x):\n    if x: return 1\n    elif not x: return 2\n\n{chain}\nz = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
    submission = read_one(tmp_path, source)
    assert submission.problem.startswith(f"rnn.py cannot be read, line {line}: `")
    assert "deeply" in submission.problem
    assert submission.line == line


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(x, x):\n    pass\n", "two parameters are called `x`; give each a name of its own"),
        ("f(a=1, a=2)\n", "`a` is given twice in one call"),
        ("nonlocal q\n", "`nonlocal` is for a variable of the function around"),
        ("def f():\n    x = 1\n    global x\n", "`global x` must come before `x` is used"),
        ("def f(x):\n    global x\n", "`x` is a parameter already; it cannot be global as well"),
        ("def f():\n    from math import *\n", "`from … import *` can only stand outside functions"),
        ("def f():\n    await g()\n", "`await` can only stand inside an `async def`"),
    ],
)
def test_what_python_finds_when_it_compiles_in_plain_words(source: str, message: str) -> None:
    with pytest.raises(SyntaxError) as raised:
        compile(source, "rnn.py", "exec")
    assert message in cause_of(str(raised.value.msg), "")


def test_a_pointer_of_git_lfs_is_no_file(tmp_path: Path) -> None:
    submission = read_one(tmp_path, "version https://git-lfs.github.com/spec/v1\noid sha256:12ab\nsize 812\n")
    assert "a pointer of Git LFS, not the file itself" in submission.problem


def test_nothing_is_run_or_compiled(tmp_path: Path) -> None:
    # Compiling this would duplicate the innermost line a million times.
    nested = "".join(" " * depth + "try: pass\n" + " " * depth + "finally:\n" for depth in range(19))
    source = nested + " " * 19 + "open('/proc/self/mem', 'w')\nraise SystemExit\n"
    assert read_one(tmp_path, source).chunks[0].source == source


def test_a_magic_in_a_py_file_is_passed_over(tmp_path: Path) -> None:
    submission = read_one(tmp_path, "%matplotlib inline\nx = 7 \\\n  % 4\n")
    assert submission.chunks[0].source == "\nx = 7 \\\n  % 4\n"
    assert submission.notes == ("notebook commands were passed over (line 1: `%matplotlib inline`).",)


def test_an_invalid_escape_warns_nobody(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    assert read_one(tmp_path, "x = '\\d'\n").problem == ""
    assert not recwarn.list
