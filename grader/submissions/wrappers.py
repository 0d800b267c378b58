"""What stands around a program or a notebook that was copied from a chat, a mail or a web page, and is no part of it.

Markdown fences, single backticks, `<pre>`, the marks of a mail's quotation, an indentation of the whole text: each is
taken off where one program is left, and a note says so. Every line keeps its number.

Looks at each line once, and is asked only about what does not parse.
"""

from __future__ import annotations

import html
import quopri
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from grader.syntax import tree_of

_FENCE = re.compile(r"(?P<margin> {0,3})(?P<fence>`{3,}|~{3,})(?P<about>[^`]*)\Z")
_PYTHON = re.compile(r"\{?\.?(?:i?python3?|py3?|pycon)\b.*\Z", re.IGNORECASE)
_MARGIN = re.compile(r"> ?(?!>)|[ \t]+")
#: Lines of a program, as no sentence of a chat begins.
_CODE = re.compile(
    r"(?:def \w+\s*\(|class \w+.*:\s*\Z|import \w|from [\w.]+ import|@\w|[\w.,\[\] ]+[-+*/]?=[^=])"
)
_DEFINED = re.compile(r"(?:async +)?(?:def|class) +([^\W\d]\w*)")
_AROUND = r"(?:\s*</?(?:code|div|span|figure|section|p)\b[^<>]{0,200}>){0,5}"
_TAG = re.compile(rf"{_AROUND}\s*<pre\b[^<>]{{0,200}}>{_AROUND}", re.IGNORECASE)
_END_TAG = re.compile(rf"{_AROUND}\s*</pre>{_AROUND}\s*\Z", re.IGNORECASE)
_COLOURS = re.compile(r"</?span\b[^<>]{0,200}>", re.IGNORECASE)
#: The first and the last line of a text in the languages of papers and forums.
_MARKUP = (
    (re.compile(r"\\begin\{(?:verbatim|lstlisting|minted|code)\}.{0,100}"), re.compile(r"\\end\{\w{1,20}\}")),
    (re.compile(r"\[code\b[^\[\]]{0,40}\]", re.IGNORECASE), re.compile(r"\[/code\]", re.IGNORECASE)),
    (re.compile(r"\.\. (?:code-block|code|sourcecode)::.{0,40}"), None),
)
_NUMBER = re.compile(r" {0,8}(?P<number>\d{1,6})(?:[:|.)]|(?=\s|\Z))\t?")
_CHANGES = re.compile(r"diff --git |index [0-9a-f]+\.\.|new file mode |(?:---|\+\+\+) |@@ |\\ No newline")
_QUOTED = re.compile(r"=(?![0-9A-F]{2}|\n)")  # what no text has that is quoted as mails are
#: A sign as web pages write it; the longest that is looked at is `&#x0027;`.
ENTITY = r"&(?:lt|gt|amp|quot|apos|nbsp|\#\d{1,5}|\#x[0-9A-Fa-f]{1,4});"
_ENTITY = re.compile(ENTITY)
_LONGEST_LINE = 300  # characters of a line that are looked at to know whether it is code
_ROUNDS = 3  # wrappers in wrappers that are taken off


class Mended(NamedTuple):
    """A text that may parse now, and sentences on what was changed: without any, nothing was."""

    source: str
    notes: tuple[str, ...] = ()


class Block(NamedTuple):
    """Lines between two fences, without the margin of these; what the first fence says of their language.

    `first` and `last` are the places of the fences, from 0.
    """

    first: int
    last: int
    about: str
    lines: list[str]


def unwrapped(source: str) -> Mended:
    """A text without what stands around it, where there is one way to take it off."""
    notes: tuple[str, ...] = ()
    for _ in range(_ROUNDS):
        before = source
        for step in _STEPS:
            source, more = step(source)
            notes += more
        if source == before:
            break
    return Mended(source, notes)


def fenced_documents(text: str) -> list[str]:
    """What stands between fences, or in `<pre>`, as it is written there: for what is no Python, such as a notebook."""
    if (tagged := _without_tags(text)).notes:
        return [tagged.source]
    blocks = _blocks(text.split("\n"))
    return ["\n".join(block.lines) for block in blocks or ()]


def defined_twice(lines: Sequence[str]) -> str:
    """The first name that more than one block between fences defines: which of them counts is open; else ""."""
    counts: Counter[str] = Counter()
    for block in _blocks(lines) or ():
        counts.update(_defined(block))
    return next((name for name, count in counts.items() if count > 1), "")


def _without_fences(source: str) -> Mended:
    """The code between the fences of a text, or below or above its only one."""
    lines = source.split("\n")
    filled = [place for place, line in enumerate(lines) if line.strip()]
    fences = _fences(lines)
    if len(fences) == 1 and len(filled) > 2:
        (place, fence), about = fences[0], fences[0][1]["about"].strip()
        if place not in (filled[0], filled[-1]) or (about and place != filled[0]):
            return Mended(source)
        blocks = [_block(lines, *((place, len(lines)) if place == filled[0] else (-1, place)), fence)]
    else:
        blocks = _blocks(lines) or []
    chosen = [block for block in blocks if _is_python(block)]
    between = {place for block in blocks for place in range(block.first, block.last + 1)}
    around = [place for place in filled if place not in between]
    # Code outside of all fences, a name in two blocks, blocks of single statements: which of it counts is open.
    defined = {name for block in chosen for name in _defined(block)}
    several = len(chosen) > 1 and (not defined or defined_twice(lines))
    if not chosen or several or any(_is_code(lines[place]) for place in around):
        return Mended(source)
    code = [""] * len(lines)
    for block in chosen:
        code[block.first + 1 : block.last] = block.lines
    first = fences[0]
    note = f"line {first[0] + 1}: the Markdown fence {first[1]['fence'][:3]} was taken out"
    if len(blocks) > 1:
        some = f"the {len(chosen)} blocks of code" if len(chosen) > 1 else "one block of code"
        note += f"; {some} between such fences {'were' if len(chosen) > 1 else 'was'} read, and nothing else"
    elif around:
        note += "; only the code between the two fences was read"
    return Mended("\n".join(code), (f"{note}.",))


def _is_python(block: Block) -> bool:
    """Whether a block holds code: it says so, or says nothing and reads like code, not like what was printed."""
    if about := block.about.strip():
        return _PYTHON.match(about) is not None
    return any(map(_is_code, block.lines)) or _parses("\n".join(block.lines))


def _defined(block: Block) -> set[str]:
    return {match[1] for line in block.lines if (match := _DEFINED.match(line))}


def _is_code(line: str) -> bool:
    return _CODE.match(line.strip()[:_LONGEST_LINE]) is not None


def _parses(text: str) -> bool:
    """Whether a short text is Python; what is longer has a line that says so."""
    try:
        return len(text) < 2000 and bool(tree_of(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _blocks(lines: Sequence[str]) -> list[Block] | None:
    """What stands between fences, in order; None where one of them is never closed."""
    blocks: list[Block] = []
    opening: tuple[int, re.Match[str]] | None = None
    for place, fence in _fences(lines):
        if opening is None:
            opening = place, fence
        elif fence["fence"].startswith(opening[1]["fence"]) and not fence["about"].strip():
            blocks.append(_block(lines, opening[0], place, opening[1]))
            opening = None
        else:
            return None
    return blocks if opening is None else None


def _block(lines: Sequence[str], first: int, last: int, fence: re.Match[str]) -> Block:
    inside = [line.removeprefix(fence["margin"]) for line in lines[first + 1 : last]]
    return Block(first, last, fence["about"], inside)


def _fences(lines: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    """The lines that are fences and stand in no text of three quotes: their places, from 0."""
    places: list[tuple[int, re.Match[str]]] = []
    quoted = ""
    for place, line in enumerate(lines):
        if not quoted and (match := _FENCE.match(line)):
            places.append((place, match))
            continue
        for quote in re.findall(r'"""|\'\'\'', line):
            quoted = quote if not quoted else "" if quote == quoted else quoted
    return places


def _without_tags(source: str) -> Mended:
    """What stands in `<pre>`, with the signs that a web page writes as `&lt;` read as what they are."""
    opening = _TAG.match(source)
    if opening is None:
        return Mended(source)
    blank = "\n" * source.count("\n", 0, opening.end())
    inside = source[opening.end() :]
    closing = _END_TAG.search(inside[-300:])
    if closing is None:
        return Mended(source)
    inside = inside[: len(inside) - len(closing[0])]
    if re.search(r"</?pre\b", inside, re.IGNORECASE):  # there are several: which of them counts is open
        return Mended(source)
    line = source.count("\n", 0, source.lower().index("<pre")) + 1
    text, count = _ENTITY.subn(lambda entity: sign_of(entity[0]), _COLOURS.sub("", inside))
    signs = ", and signs such as &lt; were read as what they stand for" if count else ""
    return Mended(blank + text, (f"line {line}: the tag <pre> of a web page was taken out{signs}.",))


def sign_of(entity: str) -> str:
    """The sign that a web page writes so: `<` of `&lt;`. A space that does not break is a space in a program."""
    return html.unescape(entity).replace("\u00a0", " ")


def _without_backticks(source: str) -> Mended:
    """A text that stands between single or double backticks as a whole, or line by line."""
    filled = [line.strip() for line in source.split("\n") if line.strip()]
    if not filled:
        return Mended(source)
    ticks = "``" if filled[0].startswith("``") and filled[-1].endswith("``") else "`"
    if filled[0].startswith("```") or not (filled[0].startswith(ticks) and filled[-1].endswith(ticks)):
        return Mended(source)
    if len(filled) > 1 and all(
        line.startswith(ticks) and line.endswith(ticks) and len(line) > 1 for line in filled
    ):
        margins = [(line, line.strip()) for line in source.split("\n")]
        code = [
            line.replace(bare, bare[len(ticks) : -len(ticks)], 1) if bare else "" for line, bare in margins
        ]
        return Mended("\n".join(code), ("the backticks ` were taken out of every line.",))
    text = source.rstrip()
    start = len(text) - len(text.lstrip())
    inside = text[start + len(ticks) : -len(ticks)]
    if len(text) - start < 2 * len(ticks) + 1 or "`" in inside:
        return Mended(source)
    line = text.count("\n", 0, start) + 1
    return Mended(text[:start] + inside, (f"line {line}: the backtick ` around the code was taken out.",))


def _without_margin(source: str) -> Mended:
    """A text without what stands before each of its lines: the marks of a mail's quotation, or blanks."""
    filled = [line for line in source.split("\n") if line.strip()]
    first = filled[0] if filled else ""
    margin = _MARGIN.match(first)
    if margin is None or len(filled) < 2:
        return Mended(source)
    prefix = margin[0]
    if not all(line.startswith(prefix) or line.strip() == prefix.strip() for line in filled):
        return Mended(source)
    lines = [line.removeprefix(prefix) if line.startswith(prefix) else "" for line in source.split("\n")]
    what = "the mark > of a quotation" if ">" in prefix else "the indentation of the whole text"
    return Mended("\n".join(lines), (f"{what} was taken out of every line.",))


def _without_markup(source: str) -> Mended:
    """A text without the lines at its beginning and end that a paper or a forum puts around code."""
    lines = source.split("\n")
    filled = [place for place, line in enumerate(lines) if line.strip()]
    if len(filled) < 3:
        return Mended(source)
    first, last = filled[0], filled[-1]
    for opening, closing in _MARKUP:
        ends = closing is None or closing.fullmatch(lines[last].strip())
        if opening.fullmatch(lines[first].strip()) and ends:
            note = f"line {first + 1}: `{lines[first].strip()[:40]}` was taken out."
            lines[first] = ""
            if closing is not None:
                lines[last] = ""
            return Mended("\n".join(lines), (note,))
    return Mended(source)


def _without_quoting(source: str) -> Mended:
    """A text in which `=` is written `=3D`, as mails are sent."""
    if "=3D" not in source or _QUOTED.search(source):
        return Mended(source)
    text = quopri.decodestring(source.encode()).decode(errors="replace")
    return Mended(
        text, ("the signs that a mail writes otherwise (=3D for =) were read as what they stand for.",)
    )


def _without_numbers(source: str) -> Mended:
    """A text without the line numbers that were copied along: each one more than the one before."""
    lines = source.split("\n")
    filled = [place for place, line in enumerate(lines) if line.strip()]
    matches = [match for place in filled if (match := _NUMBER.match(lines[place]))]
    numbers = [int(match["number"]) for match in matches]
    if not 3 <= len(matches) == len(filled) or numbers != [*range(numbers[0], numbers[0] + len(numbers))]:
        return Mended(source)
    code = [lines[place][match.end() :] for place, match in zip(filled, matches)]
    margin = min((len(line) - len(line.lstrip(" ")) for line in code if line.strip()), default=0)
    for place, line in zip(filled, code):
        lines[place] = line[margin:]
    return Mended(
        "\n".join(lines), ("the line numbers that were copied along were taken out of every line.",)
    )


def _without_additions(source: str) -> Mended:
    """The file that a list of changes makes where it only adds lines: each begins with `+`."""
    lines = source.split("\n")
    added = [line for line in lines if line.strip() and not _CHANGES.match(line)]
    if len(added) < 3 or not all(line.startswith("+") for line in added):
        return Mended(source)
    code = ["" if _CHANGES.match(line) else line.removeprefix("+") for line in lines]
    return Mended(
        "\n".join(code), ("this is a list of changes (a diff) that only adds lines: these were read.",)
    )


#: All that can be taken off, in the order in which it is tried.
_STEPS = (
    *(_without_quoting, _without_fences, _without_tags, _without_markup, _without_backticks),
    *(_without_numbers, _without_additions, _without_margin),
)
