"""From the bytes of a .py file to text that parses, or to the sentence that says why not. Runs nothing.

The text is only ever parsed (`ast.parse`), never compiled: compiling unfolds nested `finally` blocks and
constants, which a few lines can turn into hours. Parsing is linear, its nesting is bounded by the
interpreter, its size by us.
"""

from __future__ import annotations

import ast
import codecs
import functools
import re
import sys
import warnings
from collections.abc import Iterator

from grader.submissions.contents import is_binary, is_web_page, kind_of_data
from grader.submissions.depth import explain_depth
from grader.submissions.problems import Unreadable
from grader.submissions.syntax_errors import explain
from grader.text import clean

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
# Encodings that are plain tables. Python knows others that run little programs or are no text at all.
_ENCODINGS = re.compile(
    r"utf-8(?:-sig)?|utf-16(?:-[lb]e)?|ascii|iso8859-\d+|cp\d+|gb2312|gbk|gb18030|hz|big5(?:hkscs)?|shift_jis(?:_?\w+)?"
    r"|euc_(?:jp|jis_\w+|kr)|johab|koi8-[rtu]|mac-\w+|tis-620|kz1048|ptcp154"
)
_LINK = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[InternetShortcut\]\s*URL=)?https?://\S{1,2000}\s*\Z")
_LFS = b"version https://git-lfs.github.com/spec/"


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file and notes about how it was read. Lines end in "\\n". Raises Unreadable."""
    if not data.strip():
        raise Unreadable(f"{name} is empty; hand in the file with your work in it.", empty=True)
    if kind := kind_of_data(data):
        raise _no_text(kind, name)
    if is_web_page(data):
        raise Unreadable(f"{name} is a web page; download the file itself (the raw file) and hand that in.")
    if data.startswith(_LFS):
        raise Unreadable(
            f"{name} is a pointer of Git LFS, not the file itself; hand in the file that `git lfs pull` brings."
        )
    if _LINK.match(data[:3000]) and len(data) < 3000:
        raise Unreadable(f"{name} holds a link, not code; hand in the file that it leads to.")
    text, notes = _characters(data, name)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a")
    if text.endswith("\0"):  # a machine that went down while it saved leaves these
        text = text.rstrip("\0\n")
        if not text.strip():
            # Not `empty`: there was work, so an untouched hand-out beside it is not what was handed in.
            raise Unreadable(f"{name} holds nothing but null bytes: it was not saved. Hand it in again.")
        notes += (
            f"{name} ended in null bytes, as a file does that was not saved to its end; they were passed over.",
        )
        text += "\n"
    return text, notes


def _no_text(kind: str, name: str) -> Unreadable:
    return Unreadable(f"{name} is {kind}, whatever its name says; hand in the Python file or the notebook.")


def _characters(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return _strictly(data, "utf-32", name)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16", name)
    if wide := _wide(data):
        return _strictly(data, wide, name)
    if is_binary(data):
        raise _no_text("binary data", name)
    declared = _declared_encoding(data)
    notes: tuple[str, ...] = ()
    if declared and not data.startswith(codecs.BOM_UTF8):
        try:
            # A two-byte encoding cannot be what a readable cookie is written in.
            encoding = codecs.lookup(declared).name
            if _ENCODINGS.fullmatch(encoding) and not encoding.startswith("utf-16"):
                return data.decode(encoding), ()
            notes = (f"{name} declares the encoding {clean(declared, 40)}, which is not used here.",)
        except LookupError:
            notes = (f"{name} declares the encoding {clean(declared, 40)}, which does not exist.",)
        except UnicodeDecodeError:
            notes = (f"{name} declares the encoding {clean(declared, 40)}, but is not written in it.",)
    try:
        return data.decode("utf-8"), notes
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        notes += (f"{name} is not UTF-8 (line {line}); it was read as Windows-1252. Save it as UTF-8.",)
    try:
        return data.decode("cp1252"), notes
    except UnicodeDecodeError:
        return data.decode("latin-1"), notes


def _wide(data: bytes) -> str:
    """Which UTF-16 a file without a mark is in: of plain code every other byte is zero, and only those are."""
    head = data[:1000]
    for encoding, zeros, letters in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if len(head) >= 20 and zeros.count(0) >= 0.9 * len(zeros) and not letters.count(0):
            return encoding
    return ""


def _strictly(data: bytes, encoding: str, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        in_capitals = encoding.upper()
        raise Unreadable(
            f"{name} begins like {in_capitals} but is damaged. Save it as UTF-8 and try again."
        ) from None
    return text, (f"{name} was saved as {encoding.upper()}; it was read all the same. Save it as UTF-8.",)


def _declared_encoding(data: bytes) -> str:
    """The encoding a PEP 263 comment in the first two lines asks for, or ""."""
    for line in data[:1000].splitlines()[:2]:
        if match := _COOKIE.match(line):
            return match[1].decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return ""


# Python 3.10 builds the tree without watching its stack, so 200,000 links of `1+1+1+…` or `a.b.b.…` end the
# process. Later versions raise RecursionError.
_LINKS = "+-*/%@&|^.(["
_MOST_LINKS = 50_000 if sys.version_info < (3, 11) else sys.maxsize


def guard(source: str) -> None:
    """Raises Unreadable for a source that this version of Python must not be asked to parse."""
    if len(source) > _MOST_LINKS and sum(map(source.count, _LINKS)) > _MOST_LINKS:
        raise _too_deep(source)


# Several ask for the tree of one file, one after the other, and of a long one it takes seconds.
@functools.lru_cache(maxsize=2)
def parse(source: str) -> ast.Module:
    """The tree of `parse_anew`, which others look at as well: it must not be changed."""
    return parse_anew(source)


def parse_anew(source: str) -> ast.Module:
    """The tree of `source`, in which nothing stands at the top that may only stand in a function.

    But for `await`, which notebooks allow: a statement that waits is passed over where it is run, alone.

    Raises Unreadable with "line 3: `…`: why" for text that is no Python, or that nests too deeply to be read.
    """
    guard(source)
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        raise Unreadable(
            f"line {line}: there is a null byte, so it is no plain text; save the file as UTF-8 and hand it in again.",
            broken=True,
            line=line,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a string is the student's business, and not stderr's
            tree = ast.parse(source)
    except SyntaxError as error:
        line, sentence = explain(source, error)
        raise Unreadable(sentence, broken=True, line=line) from None
    except (RecursionError, MemoryError):
        raise _too_deep(source) from None
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"it cannot be read ({clean(str(error), 100)}).", broken=True) from None
    misplaced = _misplaced_lines(tree, may_yield="yield" in source)
    if misplaced:
        number, why = min(misplaced)
        quoted = clean(source.split("\n")[number - 1], 80)
        raise Unreadable(f"line {number}: `{quoted}`: {why}.", broken=True, line=number)
    return tree


def _too_deep(source: str) -> Unreadable:
    line, sentence = explain_depth(source)
    return Unreadable(sentence, broken=True, line=line)


_ONLY_IN_FUNCTIONS: dict[type[ast.AST], str] = {
    ast.Return: "`return` can only stand inside a function; check the indentation",
    ast.Yield: "`yield` can only stand inside a function; check the indentation",
    ast.YieldFrom: "`yield` can only stand inside a function; check the indentation",
}
_ONLY_IN_LOOPS: dict[type[ast.AST], str] = {
    ast.Break: "`break` can only stand inside a loop; check the indentation",
    ast.Continue: "`continue` can only stand inside a loop; check the indentation",
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def _misplaced_lines(tree: ast.Module, may_yield: bool) -> list[tuple[int, str]]:
    """Lines the parser lets pass although they can never run, and why. Functions are not looked into.

    Nor are expressions unless one `may_yield`: they are most of a tree, and nothing else in them can be misplaced.
    """
    misplaced: list[tuple[int, str]] = []
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, in_loop = waiting.pop()
        why = _ONLY_IN_FUNCTIONS.get(type(node)) or (not in_loop and _ONLY_IN_LOOPS.get(type(node)))
        if why and isinstance(node, (ast.stmt, ast.expr)):
            misplaced.append((node.lineno, why))
        if isinstance(node, _FUNCTIONS):
            continue
        if isinstance(node, _LOOPS):
            waiting += [(child, in_loop) for child in node.orelse]
            waiting += [(child, True) for child in node.body]
        else:
            in_loop = in_loop and not isinstance(node, ast.ClassDef)
            parts = ast.iter_child_nodes(node) if may_yield else statements_in(node)
            waiting += [(child, in_loop) for child in parts]
    return misplaced


def statements_in(node: ast.AST) -> Iterator[ast.AST]:
    """The statements that stand in a node, and what they are grouped by there: handlers and cases."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        inner = getattr(node, part, ())
        yield from inner if isinstance(inner, list) else ()
