"""Right code that its way here has changed: it is read where there is one way to read it; a note says where."""

from __future__ import annotations

import ast
import gc
import time
from pathlib import Path
from textwrap import indent
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.records import Submission
from grader.submissions import read_submissions
from grader.submissions.mended import mend
from grader.submissions.programs import read_program

from .notebook_hand_ins import read_one as read_notebook

CODE = (
    "import numpy as np\n\n\ndef step(x, h):\n"
    '    """One step."""\n    for t in range(3):\n        h = np.tanh(x - h)\n    return h\n'
)
MARK = "Paste it:\n\n```python\n"


def read_one(folder: Path, source: str, name: str = "rnn.py") -> Submission:
    (folder / "ada").mkdir(exist_ok=True)
    (folder / "ada" / name).write_bytes(source.encode())
    (submission,) = read_submissions(folder / "ada", "rnn")
    return submission


def same(source: str) -> bool:
    return ast.dump(ast.parse(source)) == ast.dump(ast.parse(CODE))


CHANGED = {
    "zero width spaces": (
        CODE.replace("(x - h)", "\u200b(x -\u200b h)"),
        "line 7: an invisible character (U+200B",
    ),
    "within a name": (CODE.replace("tanh", "ta\u200bnh"), "line 7: an invisible character (U+200B"),
    "a mark of the byte order further down": (
        CODE.replace("def", "\ufeffdef"),
        "line 4: an invisible",
    ),
    "no-break spaces as indentation": (
        CODE.replace("    ", "\u00a0" * 4),
        "line 5: an invisible character (U+00A0",
    ),
    "some of them": (CODE.replace("    return", "  \u00a0 return"), "line 8: an invisible character (U+00A0"),
    "narrow spaces": (CODE.replace("x - h", "x\u2009-\u202fh"), "line 7: an invisible character (U+2009"),
    "a wide space": (CODE.replace(", h)", ",\u3000h)"), "line 4: an invisible character (U+3000"),
    "a word joiner": (CODE.replace("return h", "return \u2060h"), "line 8: an invisible character (U+2060"),
    "a soft hyphen": (CODE.replace("range", "ran\u00adge"), "line 6: an invisible character (U+00AD"),
    "null bytes": (CODE.replace("h)\n", "h)\0\n"), "line 7: a null byte"),
    "a null byte in a comment": (CODE.replace("(3):", "(3):  # a\0b"), "line 6: a null byte"),
    "null bytes at the end": (CODE + "\0" * 300, "rnn.py ended in null bytes"),
    "colours of a terminal": (CODE.replace("def", "\x1b[32mdef\x1b[0m"), "line 4: the codes of a terminal"),
    "smart quotes": (CODE.replace('"""', "“””"), 'line 5: the typographic quote “ was read as "'),
    "a dash": (CODE.replace("x - h", "x – h"), "line 7: the dash – (U+2013) was read as a minus sign"),
    "a minus sign of mathematics": (CODE.replace("x - h", "x − h"), "line 7: the dash − (U+2212)"),
    "line separators": (
        CODE.replace("\n    return", "\u2028    return"),
        "line 7: an unusual line end (U+2028)",
    ),
    "a fence": (f"```python\n{CODE}```\n", "line 1: the Markdown fence ``` was taken out."),
    "a fence without a language": (f"\n```\n{CODE}```", "line 2: the Markdown fence ```"),
    "tildes": (f"~~~ {{.python}}\n{CODE}~~~\n", "line 1: the Markdown fence ~~~"),
    "a fence that is indented": (
        "\n".join(f"  {line}" for line in f"```py\n{CODE}```".split("\n")),
        "line 1: the",
    ),
    "its beginning alone": (f"```python\n{CODE}", "line 1: the Markdown fence"),
    "its end alone": (f"{CODE}```\n", "line 9: the Markdown fence"),
    "the talk around it": (
        f"Sure, here’s it:\n\n```python\n{CODE}```\n\nIt isn't long…\n",
        "line 3: the Markdown fence",
    ),
    "several fences": (
        f"First:\n```python\n{CODE[:20]}```\nthen\n\n```py\n{CODE[20:]}```\nIt prints\n```\ntensor(…)\n```\n",
        "line 2: the Markdown fence ``` was taken out; the 2 blocks of code between such fences were read",
    ),
    "one that is code, and one that is typed": (
        f"```bash\npip install torch\n```\n```python\n{CODE}```\n",
        "line 1: the Markdown fence ``` was taken out; one block of code between such fences was read",
    ),
    "a fence in a quotation": (
        "".join(f"> {line}\n" for line in f"```\n{CODE}```".split("\n")),
        "the mark > of a",
    ),
    "a page's tags": (
        f"<pre>\n{CODE.replace('):', ')&nbsp;:')}</pre>\n",
        "line 1: the tag <pre> of a web page was taken out, and signs such as &lt;",
    ),
    "two tags": (
        f'\n<pre class="code"><code class="language-python">{CODE}</code></pre>',
        "line 2: the tag <pre> of a web page was taken out.",
    ),
    "the colours of a page": (
        f"<div class='code'><pre><span></span>{CODE.replace('def', '<span class=k>def</span>')}</pre></div>\n",
        "line 1: the tag <pre> of a web page was taken out.",
    ),
    "a paper's": (
        f"\\begin{{lstlisting}}[language=Python]\n{CODE}\\end{{lstlisting}}\n",
        "line 1: `\\begin{lstlisting}[language=Python]` was taken out.",
    ),
    "a forum's": (f"[code]\n{CODE}[/code]\n", "line 1: `[code]`"),
    "a documentation's": (
        f".. code-block:: python\n\n{indent(CODE, '    ')}",
        "line 1: `.. code-block:: python` was taken out.",
    ),
    "line numbers": (
        "".join(f"{number:4d}  {line}\n" for number, line in enumerate(CODE.split("\n"), 1)),
        "the line numbers that were copied along were taken out of every line.",
    ),
    "line numbers with colons": (
        "".join(f"{number}: {line}\n" for number, line in enumerate(CODE.split("\n"), 98)),
        "the line numbers that were copied along",
    ),
    "a diff that only adds": (
        "diff --git a/rnn.py b/rnn.py\nnew file mode 100644\n--- /dev/null\n+++ b/rnn.py\n@@ -0,0 +1,8 @@\n"
        + "".join(f"+{line}\n" for line in CODE.split("\n")),
        "this is a list of changes (a diff) that only adds lines: these were read.",
    ),
    "a mail's": (
        CODE.replace("=", "=3D").replace("tanh(", "tan=\nh("),
        "the signs that a mail writes otherwise (=3D for =)",
    ),
    "signs of a web page": (
        CODE.replace("x - h", "x &#45; h"),
        "line 7: &#45;, as web pages write it, was read as -.",
    ),
    "backticks": (f"`{CODE}`", "line 1: the backtick ` around the code was taken out."),
    "double backticks": (f"``\n{CODE}``\n", "line 1: the backtick ` around the code was taken out."),
    "backticks in every line": (
        "\n".join(f"`{line}`" if line else "" for line in CODE.split("\n")),
        "the backticks ` were taken out of every line.",
    ),
    "prompts": (
        "\n".join(f">>> {line}" for line in CODE.split("\n")[:1]),
        "the prompts of an interactive session",
    ),
    "a quotation": (
        "".join(f"> {line}\n" if line else ">\n" for line in CODE.split("\n")),
        "the mark > of a",
    ),
    "indented as a whole": (f"\n{indent(CODE, '    ')}", "the indentation of the whole text"),
    "several": (f"```python\n{CODE.replace('(x', '(' + chr(0xA0) + 'x')}```\n", "line 1: the Markdown fence"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_file_is_read_as_it_was_meant_with_a_note(tmp_path: Path, name: str) -> None:
    source, note = CHANGED[name]
    submission = read_one(tmp_path, source)
    assert submission.problem == ""
    assert same(submission.chunks[0].source) or name == "prompts"
    assert any(sentence.startswith(note) for sentence in submission.notes), submission.notes


@pytest.mark.parametrize(
    "name",
    [name for name in CHANGED if name not in ("null bytes at the end", "prompts", "indented as a whole")],
)
def test_so_is_a_cell(tmp_path: Path, name: str) -> None:
    source, note = CHANGED[name]
    cell = {"cell_type": "code", "source": source}
    submission = read_notebook(tmp_path, {"cells": [cell], "nbformat": 4, "metadata": {}})
    assert same(submission.chunks[0].source)
    assert any(sentence.startswith(f"cell 1, {note}") for sentence in submission.notes), submission.notes


def test_so_is_a_module_beside_the_answer(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "cells.py").write_text(CODE.replace("x - h", "x\u00a0- h"), encoding="utf-8")
    submission = read_one(tmp_path, "from cells import step\n")
    assert same(submission.modules[0].source)
    assert submission.notes[0].startswith("cells.py, line 7: an invisible character (U+00A0")


def test_a_magic_beside_it_is_passed_over_as_well(tmp_path: Path) -> None:
    submission = read_one(tmp_path, f"```python\n%matplotlib inline\n{CODE}```\n")
    assert same(submission.chunks[0].source)
    assert "line 2: `%matplotlib inline`" in submission.notes[0]


@pytest.mark.parametrize(
    "source",
    [
        "return\u200bh\n",  # one name, or two words
        "for\u200bt in x:\n    pass\n",
        "a\0b = 1\n",
        "x = 'a\0'\n",
        "if 1:\n  x = 1\n\u3000\u3000y = 1\n",
        f"x = 1\n```python\n{CODE}```\n",  # which of the two is the program
        f"```python\n{CODE}```\nor so:\n```python\n{CODE}```\n",
        f"```bash\n{CODE}```\n",
        f"```python\n{CODE}```\n```python\nx = (\n",  # a fence that is never closed
        f"<pre>\n{CODE}</pre>\n<pre>\n{CODE}</pre>\n",
        f"`{CODE}",
        "1 x = 1\n2 y = 2\n4 z = 3\n",
        f"import os\n```\n{CODE}",
        "x = \u202e1 + 2\n",  # does not look as it reads
        "x = “a\n",
        "x = “a'b\"”\n",
        "x = a — b\n",
        "x = a × b\n",
        "f（x）\n",
    ],
)
def test_what_can_be_read_in_two_ways_or_was_typed_so_stays_unreadable(tmp_path: Path, source: str) -> None:
    assert read_one(tmp_path, source).problem.startswith("rnn.py cannot be read, line ")


def test_a_name_in_two_blocks_is_told_by_its_name(tmp_path: Path) -> None:
    problem = read_one(tmp_path, f"```python\n{CODE}```\nbetter:\n```python\n{CODE}```\n").problem
    assert problem.endswith(
        "several blocks between Markdown fences hold `step`: keep the one that counts, without its fences."
    )


@pytest.mark.parametrize("line", ["r = “sigmoid”(x @ w)", "r = f“{x}”(w)", "r = (“a”)(x)"])
def test_a_name_in_smart_quotes_that_is_called_was_never_run(tmp_path: Path, line: str) -> None:
    """It would be read as a text that is called: no program means that, and the sentence about the quote says more."""
    problem = read_one(tmp_path, f"def cell(x, w):\n    {line}\n    return r\n").problem
    assert "line 2" in problem
    assert "typographic quote" in problem


def test_the_sentence_is_about_what_is_wrong_beside_it(tmp_path: Path) -> None:
    problem = read_one(
        tmp_path, f"```python\n{CODE.replace('x - h', 'x' + chr(0xA0) + '- h')}x = (\n```\n"
    ).problem
    assert problem == "rnn.py cannot be read, line 10: `x = (`: this '(' is never closed."


@pytest.mark.parametrize(
    "source",
    [
        "x = 'a\u200b\u00a0“b”…'\n",
        "# “\u200b” –\nx = 1\n",
        '"""\n```python\nx = 1\n```\n"""\n',
        "ｘ = 1\n",
        "s = '\ufeff'\n",
    ],
)
def test_what_parses_is_never_touched(tmp_path: Path, source: str) -> None:
    submission = read_one(tmp_path, source)
    assert submission.chunks[0].source == source
    assert submission.notes == ()


def test_texts_and_comments_are_not_touched_where_the_code_around_them_is() -> None:
    source = "x =\u00a0['a\u00a0b', \"“c”\", '''–\n…''']  # – “d”\u200b\n"
    assert mend(source).source == source.replace("=\u00a0", "= ")


TEXTS = st.text(alphabet="ab1 =('\"\n#`~\\\0\u200b\u00a0\u3000“”’–…\u2028\x1b[m", max_size=60)


@given(TEXTS)
def test_only_known_characters_and_fences_go(source: str) -> None:
    """What is left is what was there, in its order, but for the signs that stand for others."""
    mended = mend(source)
    assert (mended.source == source) == (not mended.notes)
    if not any("fence" in note for note in mended.notes):
        before = [sign for sign in source if sign in "ab=()#`~\\"]
        assert [sign for sign in mended.source if sign in "ab=()#`~\\"] == before


@given(TEXTS)
def test_a_program_is_never_changed(source: str) -> None:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    assert read_program(source).source == source


@pytest.mark.parametrize(
    "piece",
    [
        *("“", '"""a', '“““ "', "\u200b a", "`", "```\n", "‘“", "\x1b[0", "\u3000a", "```   ", '"a\n', " \n"),
        *("x = ", ": ", "&lt;", "<pre>", "```\n```\n", "``", " <", "1 a\n", "+a\n", "=3D"),
    ],
)
def test_twice_the_text_takes_no_more_than_about_twice_the_time(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count + "`"
        started = time.process_time()
        mend(text)
        return time.process_time() - started

    gc.disable()  # else all that earlier tests have left is looked through now and then
    try:
        seconds(100)
        assert seconds(40_000) < 0.2 + 10 * seconds(10_000)
    finally:
        gc.enable()


def test_the_table_of_what_is_invisible_holds_nothing_visible() -> None:
    from grader.submissions import mended

    for sign in map(chr, range(0x3001)):
        if mended._PIECES.fullmatch(sign) and mended._PIECES.fullmatch(sign).lastgroup in ("hidden", "blank"):
            assert category(sign) in ("Cc", "Cf", "Zs")
