"""Code that is right, but in a later Python than the one that grades: which version it needs.

The later grammar is taken out of the text piece by piece, without running anything: nested quotes in f-strings, type
parameters, `type X = …`, `except*`, `except A, B:`, t-strings. If what is left parses, and so does every expression of
the f-strings, the code needs the version that brought these pieces. Anything else is an ordinary mistake.
"""

from __future__ import annotations

import ast
import sys
import warnings
from dataclasses import dataclass, field

RUNNING = (sys.version_info[0], sys.version_info[1])
_LONGEST = 100_000  # characters; what people write is shorter
_LONGEST_CLAUSE = 1_000  # tokens of an `except`; so a row of them that never close costs little each
_DEEPEST = 8  # f-strings in f-strings
_PREFIXES = frozenset(("r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr", "rt"))
_KEYWORDS = frozenset(("def", "class", "type", "except"))
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class _NotUnderstood(Exception):
    """No version of the grammar known here reads this."""


@dataclass(frozen=True)
class _Token:
    kind: str  # name, text, formatted, comment, line (its end), blank, sign
    text: str
    line: int
    expressions: tuple[str, ...] = ()  # of a formatted text
    version: tuple[int, int] = (3, 0)  # that reads it


@dataclass
class _Features:
    """The versions that brought what was taken out, each with the first line that holds it."""

    lines: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, version: tuple[int, int], line: int) -> None:
        if version > RUNNING:
            self.lines.setdefault(version, line)


def needed(source: str) -> tuple[str, int]:
    """The version of Python that reads `source`, such as "3.12", and the line that needs it; ("", 0) if none does."""
    if len(source) > _LONGEST:
        return "", 0
    features = _Features()
    try:
        plain = _without(source, features, 0)
    except _NotUnderstood:
        return "", 0
    if not features.lines or not _parses(plain):
        return "", 0
    version = max(features.lines)
    return f"{version[0]}.{version[1]}", features.lines[version]


def _parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def _without(source: str, features: _Features, deep: int, line: int = 1) -> str:
    """`source` with its later grammar replaced by what every version reads, line by line the same."""
    if deep > _DEEPEST:
        raise _NotUnderstood
    tokens = _Scanner(source, line).tokens()
    written: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        following = _next_token(tokens, place) if token.text in _KEYWORDS else place
        if token.kind == "formatted":
            written.append(_plain(token, features, deep))
        elif token.text in ("def", "class") and _sign(tokens, _next_token(tokens, following), "["):
            bracket = _next_token(tokens, following)
            written += [part.text for part in tokens[place:bracket]]
            place = _skip(tokens, bracket, written, features)
            continue
        elif token.text == "type" and _begins(tokens, place) and _is_alias(tokens, following):
            features.add((3, 12), token.line)
            bracket = _next_token(tokens, following)
            written.append(tokens[following].text)
            place = (
                _skip(tokens, bracket, written, features) if _sign(tokens, bracket, "[") else following + 1
            )
            continue
        elif token.text == "except":
            place = _except(tokens, place, written, features)
            continue
        else:
            written.append(token.text)
        place += 1
    return "".join(written)


def _next_token(tokens: list[_Token], place: int) -> int:
    """The place of the next token that is no blank; the number of tokens when there is none."""
    place += 1
    while place < len(tokens) and tokens[place].kind == "blank":
        place += 1
    return place


def _sign(tokens: list[_Token], place: int, sign: str) -> bool:
    return place < len(tokens) and tokens[place].text == sign


def _begins(tokens: list[_Token], place: int) -> bool:
    """Whether a statement begins at a token."""
    while place > 0 and tokens[place - 1].kind == "blank":
        place -= 1
    return place == 0 or tokens[place - 1].kind == "line" or tokens[place - 1].text in (";", ":")


def _is_alias(tokens: list[_Token], place: int) -> bool:
    """Whether a name and then `=` or `[` follows: `type X = int`, `type X[T] = …`."""
    if place >= len(tokens) or tokens[place].kind != "name":
        return False
    after = _next_token(tokens, place)
    return _sign(tokens, after, "=") or _sign(tokens, after, "[")


def _skip(tokens: list[_Token], place: int, written: list[str], features: _Features) -> int:
    """The place behind the type parameters that begin at a bracket. Their line ends are written, nothing else."""
    depth = 0
    version = (3, 12)
    first = tokens[place].line
    while place < len(tokens):
        token = tokens[place]
        depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
        if token.text == "=" and depth == 1:
            version = (3, 13)  # a default
        if token.kind == "line":
            written.append("\\" + token.text)
        place += 1
        if depth == 0:
            features.add(version, first)
            return place
    raise _NotUnderstood


def _except(tokens: list[_Token], place: int, written: list[str], features: _Features) -> int:
    """The place behind `except`, its star, and several exceptions without brackets, which are written with them."""
    line = tokens[place].line
    written.append("except ")
    following = _next_token(tokens, place)
    if _sign(tokens, following, "*"):
        features.add((3, 11), line)
        place = following
    first = place + 1
    outside: set[str] = set()  # brackets, a comma there separates exceptions
    depth = 0
    for end in range(first, min(len(tokens), first + _LONGEST_CLAUSE)):
        token = tokens[end]
        depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
        if depth == 0 and token.text == ":" and "," in outside and "as" not in outside:
            features.add((3, 14), line)
            written += ["(", *(part.text for part in tokens[first:end]), ")"]
            return end
        if depth < 0 or (depth == 0 and (token.kind == "line" or token.text == ":")):
            break
        if depth == 0:
            outside.add(token.text)
    return first


def _plain(token: _Token, features: _Features, deep: int) -> str:
    """A text without expressions in the place of one with. Raises _NotUnderstood when an expression does not parse."""
    for expression in token.expressions:
        inner = _without(expression, features, deep + 1, token.line)
        if not expression.strip() or not _parses(f"({inner}\n)"):
            raise _NotUnderstood
    if token.version > (3, 0):
        features.add(token.version, token.line)
    return "('' " + "\n" * token.text.count("\n") + ")"


class _Scanner:
    """Source → tokens, by the lexical rules of Python 3.14. Each character is looked at once."""

    def __init__(self, source: str, line: int) -> None:
        self.source, self.place, self.line, self.deep = source, 0, line, 0

    def tokens(self) -> list[_Token]:
        """All tokens; put together, their texts are the source."""
        features = []
        while self.place < len(self.source):
            features.append(self._token())
        return features

    def _token(self) -> _Token:
        begin, line, character = self.place, self.line, self.source[self.place]
        if character == "\n":
            self.place, self.line = self.place + 1, self.line + 1
            return _Token("line", "\n", line)
        if character == "#":
            while self._character() and not self._at("\n"):
                self.place += 1
            return _Token("comment", self.source[begin : self.place], line)
        if character == "\\":
            self.place += 2
            self.line += self.source.startswith("\n", begin + 1)
            return _Token("blank", self.source[begin : self.place], line)
        if character.isspace():
            while self._character().isspace() and not self._at("\n"):
                self.place += 1
            return _Token("blank", self.source[begin : self.place], line)
        if character.isalnum() or character == "_":
            while self.place < len(self.source) and (self._character().isalnum() or self._character() == "_"):
                self.place += 1
            name = self.source[begin : self.place]
            if name.casefold() in _PREFIXES and (self._at("'") or self._at('"')):
                return self._text(begin, name.casefold())
            return _Token("name", name, line)
        if character in "'\"":
            return self._text(begin, "")
        self.place += 1
        return _Token("sign", character, line)

    def _character(self) -> str:
        return self.source[self.place] if self.place < len(self.source) else ""

    def _at(self, text: str) -> bool:
        return self.source.startswith(text, self.place)

    def _text(self, begin: int, prefix: str) -> _Token:
        line = self.line
        quote = self._character()
        if self._at(quote * 3):
            quote *= 3
        self.place += len(quote)
        formatted = "f" in prefix or "t" in prefix
        expressions: list[str] = []
        later = False
        while not self._at(quote):
            later = self._step(quote, formatted, expressions) or later
        self.place += len(quote)
        whole = self.source[begin : self.place]
        if not formatted:
            return _Token("text", whole, line)
        version = (3, 14) if "t" in prefix else (3, 12) if later else (3, 0)
        return _Token("formatted", whole, line, tuple(expressions), version)

    def _step(self, quote: str, formatted: bool, expressions: list[str]) -> bool:
        """Go on in a text by a character or an expression; whether that needs Python 3.12."""
        character = self._character()
        if not character or (character == "\n" and len(quote) == 1):
            raise _NotUnderstood
        if formatted and character in "{}":
            if self._at(character * 2):
                self.place += 2
                return False
            if character == "}":
                raise _NotUnderstood
            return self._expression(quote, expressions)
        if character == "\\":
            self.place += 1
            character = self._character()
        self.line += character == "\n"
        self.place += 1
        return False

    def _expression(self, quote: str, expressions: list[str]) -> bool:
        """An expression in braces, with what it says on its form; whether it needs Python 3.12."""
        self.place += 1
        self.deep += 1
        if self.deep > _DEEPEST:
            raise _NotUnderstood
        begin = self.place
        depth = 0
        later = False
        while not (depth == 0 and (self._character() in "}:" or (self._at("!") and not self._at("!=")))):
            if not self._character():
                raise _NotUnderstood
            before = self.line
            token = self._token()
            depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
            if depth < 0:
                raise _NotUnderstood
            # Earlier versions know no comment, backslash, or quote of the same kind here, nor a new line in one quote.
            later = (
                later or token.kind == "comment" or "\\" in token.text or quote[0] in token.text[: len(quote)]
            )
            later = later or (token.kind in ("text", "formatted") and quote in token.text)
            later = later or (self.line > before and len(quote) == 1)
        expressions.append(self.source[begin : self.place].rstrip().removesuffix("="))
        if self._at("!"):
            self.place += 2
        if self._at(":"):
            self.place += 1
            while not self._at("}"):
                later = self._step(quote, True, expressions) or later
        if not self._at("}"):
            raise _NotUnderstood
        self.place += 1
        self.deep -= 1
        return later
