"""Names for the parts of an answer: "outputs, (h, c)" names what a function returns, as Python would unpack it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from grader import values


def split(what: str) -> list[str]:
    """Split `what` at its outermost commas, without spaces around the names. A comma at the end names nothing more.

    >>> split("outputs, (h, c)"), split("h,")
    (['outputs', '(h, c)'], ['h'])
    """
    return list(_split(what))


@lru_cache(maxsize=1024)  # a suite asks for the same few at every comparison
def _split(what: str) -> tuple[str, ...]:
    names, depth, begin = [], 0, 0
    for place, letter in enumerate(what):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            names.append(what[begin:place].strip())
            begin = place + 1
    last = what[begin:].strip()
    return tuple(names) if names and not last else (*names, last)


def inner(name: str) -> str:
    """Return the names within a group: "h, c" of "(h, c)", "h," of the tuple of one "(h,)"; empty for a plain name.

    >>> inner("(h, c)"), inner("(h1, c1), (h2, c2)")
    ('h, c', '')
    """
    return name[1:-1] if name.startswith("(") and name.endswith(")") and len(_split(name)) == 1 else ""


def plain(what: str) -> list[str]:
    """Return the names of all single parts, however they are grouped.

    >>> plain("loss, (h,)")
    ['loss', 'h']
    """
    return [name for part in split(what) for name in (plain(inner(part)) if inner(part) else [part])]


def named_leaves(what: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Return every leaf of an answer with its name; where `what` names no parts, a name with the path behind it.

    >>> list(named_leaves("outputs, (h, c)", (1, (2, 3))))
    [('outputs', 1), ('h', 2), ('c', 3)]
    >>> list(named_leaves("outputs, state", (1, (2, 3))))
    [('outputs', 1), ('state[0]', 2), ('state[1]', 3)]
    >>> list(named_leaves("loss, (h,)", (1, (2,))))
    [('loss', 1), ('h', 2)]
    """
    names = split(what)
    is_group = len(names) > 1 or bool(inner(names[0]))
    if len(names) == 1 and is_group:
        names = split(inner(names[0]))
    if values.kind(value) in ("tuple", "list") and is_group and len(value) == len(names):
        for name, part in zip(names, value, strict=True):
            yield from named_leaves(name, part)
        return
    for path, leaf in values.leaves(value):
        yield f"{what}{values.path_text(path)}", leaf
