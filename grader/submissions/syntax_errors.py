"""Python's syntax errors in plain words: which line, the student's own words there, and the likely cause.

Reads text and an exception, nothing else. Messages of the parser differ between Python versions, so every
pattern here has to fail softly: what is not recognised is told in Python's own words.
"""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

from grader.submissions.newer_python import needed
from grader.submissions.pasted import pasted
from grader.text import clean

_CONFLICT = re.compile(r"(?:<{7}|>{7})(?: |$)|={7}$")
_CHARACTER = re.compile(r"invalid (?:non-printable )?character.*?\(?U\+([0-9A-Fa-f]{4,6})")
_PROMPT = re.compile(r"\s*(?:>>>|\.\.\. |In \[\d*\]:)")
_COMMAND = re.compile(r"\s*(?:[%!]\S|\?\w|\w[\w.]*\?\??\s*$|pip3? install )")
_PRINT = re.compile(r"\s*print\s+[^(\s=.,\[]")
_BLOCK_WORD = re.compile(r"\s*(?:async\s+)?(?:if|elif|else|for|while|def|class|try|except|finally|with)\b")
_ASSIGNED_WORD = re.compile(rf"\s*({'|'.join(keyword.kwlist)})\s*=(?!=)")
_CAPITAL_WORD = re.compile(
    rf"\s*({'|'.join(word.capitalize() for word in keyword.kwlist if word.islower())})\b(?!\s*[=.(:]|\s*\Z)"
    r"|\s*(Else|Try|Finally)\s*:\s*(?:#|\Z)"
)
_INCREMENT = re.compile(r"[\w.\[\]]+(?:\+\+|--)\Z")
_SEVERAL_EXCEPTIONS = re.compile(r"\s*except\b[^#]*,")
_PLACE = re.compile(r" \([^()]*, line \d+\)\Z")  # what `str` puts behind the message
_LONGEST_MESSAGE = 300  # characters of what the parser says
_LONGEST_LINE = 400  # characters of a line that is looked into for words of other languages
_QUOTES = "“”„‟‘’‚‛«»‹›`´"
_DASHES = "‐‑‒–—―−"
_SIGNS = {
    "×": "*",
    "·": "*",
    "⋅": "*",
    "∗": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≔": "=",
    "→": "->",
}
_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")
_COMPARED = re.compile(r"\s*(?:if|elif|while)\b[^=]*[^=!<>:]=(?!=)")
_CALL_WITH_BODY = re.compile(r"\s*[^\W\d]\w*\(.*\)\s*(?:->[^:]*)?:\Z")
_PARAMETERS = re.compile(r"\s*(?:async\s+)?def\s+\w+\s*\((?P<inside>[^()]*)\)")
_NAMES_IN_A_ROW = re.compile(r"(\w+)\s+(\w+)")

#: What the parser says → what it means. First match wins; `{0}` is the first group.
_BRACKETS = "several exceptions need brackets, `except (A, B):`; a name is given by `as`, `except A as name:`"
_MEANINGS = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"Missing parentheses in call to '(\w+)'", "`{0}` is a function; write {0}(…)"),
        (r"duplicate argument '(\w+)'", "two parameters are called `{0}`; give each a name of its own"),
        (r"keyword argument repeated: (\w+)", "`{0}` is given twice in one call"),
        (
            r"name '(\w+)' is (?:assigned to|used|annotated).* (?:before|prior to) (global|nonlocal)",
            "`{1} {0}` must come before `{0}` is used",
        ),
        (
            r"name '(\w+)' is parameter and (global|nonlocal)",
            "`{0}` is a parameter already; it cannot be {1} as well",
        ),
        (r"nonlocal", "`nonlocal` is for a variable of the function around this one, and there is none"),
        (r"import \* only allowed", "`from … import *` can only stand outside functions and classes"),
        (r"'(await|async for|async with)' outside", "`{0}` can only stand inside an `async def`"),
        (
            r"asynchronous comprehension outside",
            "`await` and `async for` can only stand inside an `async def`",
        ),
        (r"'yield' outside", "`yield` can only stand inside a function"),
        (r"'(break|continue)'.* loop", "`{0}` can only stand inside a loop"),
        (
            r"annotated name '(\w+)' can't be (global|nonlocal)",
            "`{0}` is {1} here, and cannot have a type as well",
        ),
        (r"'return' with value in async generator", "an `async def` that yields cannot return a value"),
        (r"default 'except:' must be last", "`except:` takes every exception; it must be the last one"),
        (r"makes remaining patterns unreachable", "this `case` takes everything; it must be the last one"),
        (r"multiple starred expressions", "only one name can take the rest, `*`, in an assignment"),
        (
            r"starred assignment target",
            "a name with `*` takes the rest: it needs a comma, or names beside it",
        ),
        (
            r"cannot rebind comprehension iteration variable '(\w+)'",
            "`{0}` is the variable of this loop already",
        ),
        (r"cannot delete", "`del` takes names, entries and attributes only"),
        (r"'(.)' was never closed", "this '{0}' is never closed"),
        (r"unexpected EOF|was never closed", "something that was opened here or above is never closed"),
        (r"unmatched '(.)'", "this '{0}' closes nothing; a bracket too many, or one missing before it"),
        (
            r"closing parenthesis '(.)' does not match",
            "this '{0}' closes another kind of bracket than was opened",
        ),
        (
            r"expected an indented block after (.+?) on line (\d+)",
            "what belongs to the {0} in line {1} is missing or not indented",
        ),
        (r"expected an indented block", "what belongs to the line above is missing or not indented"),
        (r"unexpected indent", "this line is indented further than the lines around it"),
        (r"unindent does not match", "the indentation of this line fits none of the lines above it"),
        (
            r"inconsistent use of tabs",
            "tabs and spaces are mixed in the indentation; use four spaces everywhere",
        ),
        (r"too many levels of indentation", "blocks are nested too deeply"),
        (r"too many nested parentheses", "brackets are nested too deeply"),
        (r"expected ':'", "a colon is missing, most likely at the end of this line"),
        (r"unterminated triple-quoted|EOF while scanning triple", "a text in triple quotes is never closed"),
        (r"unterminated (?:f-)?string|EOL while scanning", "a text in quotes is not closed on this line"),
        (
            r"[Mm]aybe you meant '==' or ':='|cannot assign to comparison",
            "`=` assigns; to compare, write `==`",
        ),
        (r"cannot assign to|can't assign to", "what stands left of `=` cannot be assigned to"),
        (
            r"unexpected character after line continuation",
            "nothing may follow a backslash at the end of a line",
        ),
        (r"leading zeros in decimal", "a number may not begin with 0"),
        (r"invalid decimal literal", "a name may not begin with a digit, and a number may not hold letters"),
        (
            r"multiple exception types must be parenthesized",
            _BRACKETS,
        ),
        (r"[Pp]erhaps you forgot a comma", "a comma, an operator or a bracket is missing in this line"),
        (r"positional argument follows keyword", "arguments without a name must come before those with one"),
        (r"non-default argument follows|parameter without a default", "defaults must come last"),
        (r"f-string", "the f-string does not read: {{}} must hold an expression"),
    )
)


def explain(source: str, error: SyntaxError) -> tuple[int, str]:
    """An error that `ast.parse(source)` raised: its line, and "line 12: `for t in range(L)`: a colon is missing …"."""
    lines = source.split("\n")
    number = min(max(error.lineno or 1, 1), len(lines))
    if place := _conflict(lines):
        return _sentence(
            lines, place, "a merge conflict was left in the file; keep one side, delete the markers"
        )
    place, cause = pasted(lines)
    if place:
        return _sentence(lines, place, cause)
    version, place = needed(source)
    if version:
        running = f"{sys.version_info[0]}.{sys.version_info[1]} grades"
        if _SEVERAL_EXCEPTIONS.match(lines[place - 1]):
            return _sentence(lines, place, f"{_BRACKETS} (without them it needs Python {version}; {running})")
        return _sentence(lines, place, f"this needs Python {version}; {running}")
    message = (error.msg or "invalid syntax")[:_LONGEST_MESSAGE]
    if match := _CHARACTER.search(message):
        return _sentence(lines, number, _character(chr(int(match[1], 16))))
    if "literal" in message:
        # Python 3.10 sees `1，2` as a bad number and does not name the comma.
        foreign = [
            character for character in lines[number - 1] if unicodedata.category(character)[0] in "PSZ"
        ]
        foreign = [character for character in foreign if not character.isascii()]
        if foreign:
            return _sentence(lines, number, _character(foreign[0]))
    return _sentence(lines, number, _cause(message, lines[number - 1]))


def without_comment(line: str) -> str:
    """A line up to its comment, without the blanks before that. A `#` in a text is taken for one, too."""
    return line.partition("#")[0].rstrip()


def _sentence(lines: list[str], number: int, cause: str) -> tuple[int, str]:
    line = clean(lines[number - 1], 80)
    return number, f"line {number}: `{line}`: {cause}." if line else f"line {number}: {cause}."


def _conflict(lines: list[str]) -> int:
    """The number of the first line that a merge conflict left; 0 when there is none, or only a row of `=`."""
    if not any(line.startswith(("<<<<<<<", ">>>>>>>")) for line in lines):
        return 0
    return next((place for place, line in enumerate(lines, 1) if _CONFLICT.match(line)), 0)


def _character(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if character in _QUOTES:
        return f"'{character}' is a typographic quote; type the straight quote ' or \" instead"
    if character in _DASHES:
        return f"'{character}' is a dash, not a minus sign; type - instead"
    if character in _SIGNS:
        return f"'{character}' is no operator of Python; type {_SIGNS[character]} instead"
    plain = unicodedata.normalize("NFKC", character)
    if character == "。":
        plain = "."
    if character == "、":
        plain = ","
    if plain.isspace() or unicodedata.category(character) in ("Zs", "Cf", "Cc"):
        return f"there is an invisible character ({code}) in this line; delete it and type an ordinary space"
    if plain != character and plain.isascii() and plain.isprintable():
        return f"'{character}' is a full-width sign; switch the keyboard to English and type '{plain}'"
    return f"'{clean(character)}' ({code}) cannot stand in a program outside texts and comments"


def _of_other_languages(code: str, message: str) -> str:
    """What is written as it is elsewhere, or not at all, in a line without texts and comment; "" for anything else."""
    if len(code) > _LONGEST_LINE:
        return ""
    if "&&" in code or "||" in code:
        return "Python writes `and` for &&, and `or` for ||"
    if _COMPARED.match(code) and (
        "==" in message or "cannot assign" in message or "invalid syntax" in message
    ):
        return "`=` assigns; to compare, write `==`"
    if re.match(r"\s*def\b.*\)\s*-\s+>", code):
        return "`->` is written without a blank in it"
    if re.match(r"\s*\w+\s*:=", code):
        return "`:=` stands inside brackets only; write `=`"
    if match := _PARAMETERS.match(code):
        for parameter in match["inside"].split(","):
            if keyword.iskeyword(name := parameter.strip(" *").partition("=")[0].partition(":")[0].strip()):
                return f"`{name}` is a word of Python itself and cannot be a name; choose another one"
            if pair := _NAMES_IN_A_ROW.match(parameter.strip()):
                return f"a comma seems to be missing between `{pair[1]}` and `{pair[2]}`"
    if _CALL_WITH_BODY.match(code) and not _BLOCK_WORD.match(code):
        return "a word like `def` seems to be missing at the beginning of this line"
    return ""


def refusal(file: str, place: str, line: str, message: str) -> str:
    """Why Python does not run a file that it can read: "`rnn.py` cannot be loaded, line 2: `def f(a, a)`: two …".

    `place` and `line` say where, "" where that is not known; `message` is what Python says.
    """
    where = f", {place}: `{line}`" if place and line else f", {place}" if place else ""
    return f"`{file}` cannot be loaded{where}: {cause_of(message, line)}."


def cause_of(message: str, line: str) -> str:
    """What Python says of a line that it does not accept, in plain words, without a full stop."""
    return _cause(_PLACE.sub("", message[:_LONGEST_MESSAGE]), line)


def _cause(message: str, line: str) -> str:
    if _PROMPT.match(line):
        return "the prompt of an interactive session was copied along; delete it"
    if _COMMAND.match(line) and "invalid syntax" in message:
        return "this is a notebook command, not Python; delete it"
    if match := _ASSIGNED_WORD.match(line):
        return f"`{match[1]}` is a word of Python itself and cannot be a name; choose another one"
    if match := _CAPITAL_WORD.match(line):
        word = match[1] or match[2]
        return f"`{word}` is written with a small letter in Python: `{word.lower()}`"
    if re.match(r"\s*else\s+if\b", line):
        return "in Python this is written `elif`"
    if _INCREMENT.match(without_comment(line).removesuffix(";").strip()):
        return "Python has no ++ and --; write `+= 1` or `-= 1`"
    if _PRINT.match(line):
        return "`print` is a function; write print(…)"
    if sentence := _of_other_languages(_TEXTS.sub('""', without_comment(line)), message):
        return sentence
    for pattern, meaning in _MEANINGS:
        if match := pattern.search(message):
            return meaning.format(*match.groups())
    if _BLOCK_WORD.match(line) and not line.split("#")[0].rstrip().endswith((":", ",", "(", "[", "{", "\\")):
        return "a colon seems to be missing at the end of this line"
    return f"Python cannot read this ({clean(message, 100)})"
