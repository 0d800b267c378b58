"""Operators that write one thing as its twin is written: a statement, a part of a result, a whole function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from grader.operators.scope import Scope, named
from grader.operators.siblings import adapted
from grader.operators.texts import Edit, Text
from grader.syntax import FUNCTIONS, Function

_MOST = 2  # statements that may be the twin of one
_MOST_PARTS = 6  # of a result of which one is missing, or is to be like another
_MOST_TWICE = 6  # names in the place of what is given twice
_POOR = (ast.Constant, ast.Name, ast.Attribute, ast.Subscript)
_WORD = re.compile(r"[^\W\d]\w*")


def as_twin(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`hf = 0` beside `hb = step(back, hb)` → `hf = step(forth, hf)`, with the names that go with `hf`."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target = scope.text.of(node.targets[0])
    twins = [
        other
        for other in scope.nodes
        if isinstance(other, ast.Assign)
        and not isinstance(other.value, _POOR)
        and len(other.targets) == 1
        and _letters(scope.text.of(other.targets[0]), target) is not None
    ]
    for twin in sorted(twins, key=lambda other: abs(other.lineno - node.lineno))[:_MOST]:
        letters = _letters(scope.text.of(twin.targets[0]), target)
        if letters is not None:
            text = _renamed(scope.text.of(twin.value), letters, _words(scope.text))
            if "\n" not in text:
                yield scope.text.instead("as_twin", node.value, text)


def part_as_another(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return f(a), b` → `return f(a), f(c)` for a `c` that is never read; and `return f(a), f(c), b` too."""
    if not isinstance(node, ast.Return) or not isinstance(node.value, ast.Tuple) or not scope.forgotten:
        return
    parts = node.value.elts
    if not 1 < len(parts) <= _MOST_PARTS or any(isinstance(part, ast.Starred) for part in parts):
        return
    models = [part for part in parts if isinstance(part, (ast.Call, ast.BinOp))]
    idle = re.compile(rf"\b(?:{'|'.join(map(re.escape, scope.forgotten))})\b")
    texts = [text for model in models for text in adapted(scope, model) if idle.search(text)]
    for text in dict.fromkeys(texts):
        for part in parts:
            yield scope.text.instead("part_as_another", part, text)
        for part in parts:
            start = scope.text.span(part)[0]
            yield scope.text.edit("part_as_another", (start, start, f"{text}, "))


def as_other_direction(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(w_f), f(w_f)` → `f(w_f), f(w_b)`, for a `w_b` that is never read: one part is there twice."""
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    if not 1 < len(parts) <= _MOST_PARTS or not scope.forgotten:
        return
    texts = [scope.text.of(part) for part in parts]
    for part in parts:
        text = scope.text.of(part)
        names = dict.fromkeys(name.id for name in named(part, ast.Load)) if texts.count(text) > 1 else ()
        pairs = [_letters(name, other) for name in names for other in scope.forgotten]
        for letters in dict.fromkeys(pair for pair in pairs if pair is not None):
            yield scope.text.instead("as_other_direction", part, _renamed(text, letters, _words(scope.text)))


def given_twice(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`f(a, a)` → `f(a, b)`, `[g(a), g(a)]` → `[g(a), g(b)]`: other names in one of two places."""
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    texts = [scope.text.of(part) for part in parts]
    for part, text in zip(parts, texts):
        names = [] if texts.count(text) == 1 else named(part, ast.Load)
        for name in [name for name in names if name.id not in scope.modules and name.id != "self"][:1]:
            alike = sorted(scope.bound, key=lambda other: not _shares_an_end(other, name.id))
            for other in [other for other in alike if other != name.id][:_MOST_TWICE]:
                yield scope.text.instead("given_twice", name, other)
            for other in dict.fromkeys((*scope.spare, *alike[:_MOST_TWICE])):
                yield scope.text.instead("given_twice", part, other)
        if texts.count(text) > 1 and text in scope.attributes:
            for other in scope.attributes[:_MOST_TWICE]:
                yield scope.text.instead("given_twice", part, other)


def _shares_an_end(name: str, other: str) -> bool:
    return name[:1] == other[:1] or name[-1:] == other[-1:]


def ask_another(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`return x` → `return other(x, w)`: another function of the file, which takes what this one has."""
    poor = isinstance(node, ast.Return) and (node.value is None or isinstance(node.value, _POOR))
    if not poor or not isinstance(node, ast.Return):
        return
    for other in scope.text.tree.body:
        plain = isinstance(other, FUNCTIONS) and not other.args.vararg and not other.args.kwonlyargs
        if isinstance(other, FUNCTIONS) and plain and other.name != scope.function.name:
            parameters = [argument.arg for argument in (*other.args.posonlyargs, *other.args.args)]
            for arguments in _argument_lists(scope, parameters):
                yield scope.text.instead("ask_another", node, f"return {other.name}({', '.join(arguments)})")


def ask_helper(scope: Scope, node: ast.AST) -> Iterator[Edit]:
    """`total = part` → `total = add(total, part)`: a function of the file that nothing calls."""
    value = node.body if isinstance(node, ast.Lambda) else getattr(node, "value", None)
    if (
        not isinstance(node, (ast.Assign, ast.Return, ast.Lambda))
        or value is None
        or isinstance(value, ast.Tuple)
    ):
        return
    target = scope.text.of(node.targets[0]) if isinstance(node, ast.Assign) else ""
    for helper in scope.text.tree.body:
        if (
            isinstance(helper, FUNCTIONS)
            and helper.name not in scope.text.names
            and helper is not scope.function
        ):
            for arguments in dict.fromkeys(_given_to(scope, helper, target, value)):
                yield scope.text.instead("ask_helper", value, f"{helper.name}({arguments})")


def _given_to(scope: Scope, helper: Function, target: str, value: ast.expr) -> Iterator[str]:
    """What a helper can be given: a value, or what it is a part of, and what is called as its other arguments are."""
    parameters = [argument.arg for argument in helper.args.args]
    text = scope.text.of(value)
    if len(parameters) == 2 and target:
        yield from (f"{target}, {text}", f"{text}, {target}")
    if all(name in scope.variables for name in parameters[1:]):
        whole = value.value if isinstance(value, ast.Subscript) else value
        yield from (", ".join([first, *parameters[1:]]) for first in (text, scope.text.of(whole)))


def _argument_lists(scope: Scope, parameters: Sequence[str]) -> Iterator[list[str]]:
    """What a function can be given for its arguments: what is called as they are, and a size for one that is not."""
    missing = [name for name in parameters if name not in scope.variables]
    if not missing:
        yield [*parameters]
    elif len(missing) == 1 < len(parameters):
        sizes = [f"{name}.shape[1]" for name in scope.parameters[:2]]
        for size in dict.fromkeys((*scope.sizes, *sizes)):
            yield [size if name == missing[0] else name for name in parameters]


@lru_cache(maxsize=20_000)
def _letters(first: str, second: str) -> tuple[str, str] | None:
    """With which letters the parts begin in which two targets differ: `("f", "b")` of `out_f` and `out_b`."""
    words, others = _WORD.findall(first), _WORD.findall(second)
    if len(words) != len(others):
        return None
    pairs = {difference for pair in zip(words, others) if (difference := _difference(*pair)) is not None}
    return pairs.pop() if len(pairs) == 1 else None


@lru_cache(maxsize=20_000)
def _difference(word: str, twin: str) -> tuple[str, str] | None:
    """The first letters of the parts in which two words differ, where both have one and something is the same."""
    if word == twin:
        return None
    start = next((n for n, (a, b) in enumerate(zip(word, twin)) if a != b), min(len(word), len(twin)))
    tails = enumerate(zip(reversed(word[start:]), reversed(twin[start:])))
    end = next((n for n, (a, b) in tails if a != b), min(len(word), len(twin)) - start)
    first, second = word[start : len(word) - end], twin[start : len(twin) - end]
    return (
        (first[0], second[0]) if first and second and (start or end or len(word) == len(twin) == 1) else None
    )


@lru_cache(maxsize=64)
def _words(text: Text) -> tuple[str, ...]:
    """The words that the file uses for values."""
    attributes = (node.attr for node in text.nodes if isinstance(node, ast.Attribute))
    return tuple(dict.fromkeys((*text.names, *attributes)))


def _renamed(text: str, letters: tuple[str, str], names: Sequence[str]) -> str:
    """A text with each word that has a partner, as the two letters say, in its partner's place."""

    def partner(match: re.Match[str]) -> str:
        word = match.group()
        return next((other for other in names if _difference(word, other) == letters), word)

    return _WORD.sub(partner, text)
