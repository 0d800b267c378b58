"""Makers of wrong edits of calls: a function not applied, applied twice or to something else, or another one."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import Scope, dotted, is_self
from grader.operators.wrong import Site, Wrong, terms

#: Functions that are written for one another, where words can be said of it.
ACTIVATIONS = ("tanh", "sigmoid", "relu", "sin", "exp")
_OTHERS = (
    ("mean", "sum"),
    ("zeros", "ones"),
    ("new_zeros", "new_ones"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("stack", "concatenate"),
    ("stack", "cat"),
)
_MOST_TERMS = 4


def calls(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A function that is not applied, applied twice, or another one in its place."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Attribute, ast.Name)):
        return
    scope, words = site.scope, site.words
    name = words.function(node)
    where = words.where(node)
    value = node.func.value if isinstance(node.func, ast.Attribute) else None
    method = value is not None and not is_self(value) and dotted(value).split(".")[0] not in scope.modules
    last = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    if last in ("range", "len", "super", "zip", "append", "__init__", "enumerate", "asarray", "isinstance"):
        return
    hint = f"Follow one number through your code. Where does it pass through {name}, and how often?"
    argument = value if method else (node.args[0] if node.args else None)
    if argument is None or isinstance(argument, ast.Starred):
        return
    if last == "Parameter":
        title = "A weight is no parameter of the module"
        asked = "Which weights does `list(module.parameters())` show? An optimizer sees only these."
        yield site.wrong("not_registered", node, f"({site.of(argument)})", title, asked)
        frozen = f"{scope.text.of(node)[:-1]}, requires_grad=False)"
        title = "A weight is kept from learning"
        yield site.wrong("frozen", node, frozen, title, "Does every parameter have `requires_grad`?")
        return
    not_applied = f"{name} is not applied{where}"
    if last == "where":
        not_applied = f"Two cases that `where` tells apart are treated alike{where}"
    for each in [argument, *([] if method else node.args[1:])]:
        if not isinstance(each, (ast.Constant, ast.Starred)):
            yield site.wrong("not_applied", node, f"({site.of(each)})", not_applied, hint)
    if not method and len(node.args) == 1 and not node.keywords:
        head = scope.text.of(node.func)
        twice = f"{head}({scope.text.of(argument)})"
        yield site.wrong("applied_twice", argument, twice, f"{name} is applied twice{where}", hint)
        yield from _of_terms(site, node, head, name, where)
    yield from _other(site, node, method, last)
    if last == "sum" and node.keywords and len(node.keywords) == 1:
        title = f"{name} keeps an axis that is to be gone{where}"
        kept_axis = f"{scope.text.of(node)[:-1]}, {'keepdim' if scope.is_torch else 'keepdims'}=True)"
        yield site.wrong("axis_kept", node, kept_axis, title, "Which shape should come out of this sum?")
    if last == "sum" and name:
        yield site.wrong(
            *("averaged", node, f"({scope.text.of(node)} / {site.of(argument)}.shape[0])"),
            "A mean is taken where a sum is meant",
            "Hand in the same sample twice. Should the result become twice as large?",
        )


def _of_terms(site: Site, node: ast.Call, head: str, name: str, where: str) -> Iterator[Wrong]:
    """`f(a + b)` → `f(a) + b`, and `f(a) + f(b)`."""
    several = [site.words.value(one) for one in terms(site.words.value(node.args[0]))]
    texts = [site.scope.text.of(one) for one in several]
    if not 2 <= len(several) <= _MOST_TERMS:
        return
    hint = f"What exactly stands in the brackets of your {name}, and what outside?"
    for count in range(1, len(texts)):
        for inside in itertools.combinations(texts, count):
            outside = [text for text in texts if text not in inside]
            text = f"({head}({' + '.join(inside)}) + {' + '.join(outside)})"
            yield site.wrong(
                "applied_to_a_part", node, text, f"{name} is applied to a part of the sum only{where}", hint
            )
    each = " + ".join(f"{head}({text})" for text in texts)
    title = f"{name} is applied to each term before they are added{where}"
    yield site.wrong("applied_to_each", node, f"({each})", title, hint)
    for apart in texts if len(texts) > 2 else ():
        rest = " + ".join(text for text in texts if text != apart)
        yield site.wrong("applied_to_each", node, f"({head}({rest}) + {head}({apart}))", title, hint)


def _other(site: Site, node: ast.Call, method: bool, last: str) -> Iterator[Wrong]:
    """Another function of the same family."""
    scope, words = site.scope, site.words
    where = words.where(node)
    head = f"{scope.text.of(node.func.value)}." if isinstance(node.func, ast.Attribute) else ""
    for family in _OTHERS:
        for other in family if last in family else ():
            if other != last:
                yield site.wrong(
                    *("other_function", node.func, f"{head}{other}"),
                    f"`{other}` is used where another function belongs{where}",
                    f"What does `{other}` make of a few small numbers, and what should come out?",
                )
    if last in ("zeros", "new_zeros", "zeros_like") and scope.library:
        made = scope.text.of(node)
        draws = (
            f"{scope.library}.randn_like({made})"
            if scope.is_torch
            else f"{scope.library}.random.normal(size=({made}).shape)"
        )
        title = f"Random numbers stand where zeros belong{where}"
        yield site.wrong(
            "random", node, draws, title, "Do you get the same result when you call it again?", drawn=True
        )
    if last in ACTIVATIONS and len(node.args) <= 1 and scope.library:
        argument = node.func.value if method and isinstance(node.func, ast.Attribute) else node.args[0]
        for other, text in _activations(scope, site.of(argument)):
            if other != last:
                yield site.wrong(
                    *("other_activation", node, text),
                    f"`{other}` is used where another function belongs{where}",
                    "Between which two numbers can the result lie? And with the function that you use?",
                )


def _activations(scope: Scope, inner: str) -> list[tuple[str, str]]:
    library = scope.library
    sigmoid = f"{library}.sigmoid({inner})" if scope.is_torch else f"(1 / (1 + {library}.exp(-{inner})))"
    relu = f"{library}.relu({inner})" if scope.is_torch else f"{library}.maximum({inner}, 0)"
    return [
        ("sigmoid", sigmoid),
        ("relu", relu),
        ("tanh", f"{library}.tanh({inner})"),
        ("sin", f"{library}.sin({inner})"),
    ]


def call_arguments(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Arguments of a call exchanged or left out; another axis."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Attribute, ast.Name)):
        return
    scope, name, where = site.scope, site.words.function(node), site.words.where(node)
    for keyword in node.keywords:
        if keyword.arg in ("axis", "dim", "axes") and isinstance(keyword.value, (ast.Constant, ast.UnaryOp)):
            yield from _axes(site, node, keyword.value, name)
    if isinstance(node.func, ast.Attribute) and node.func.attr in (
        "stack",
        "cat",
        "concatenate",
        "sum",
        "flip",
    ):
        for constant in node.args[-1:]:
            if isinstance(constant, ast.Constant) and isinstance(constant.value, int):
                yield from _axes(site, node, constant, name)
    for one, other in itertools.combinations(node.args[:4], 2):
        first, second = scope.text.of(one), scope.text.of(other)
        if first != second and not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred):
            edit = scope.text.edit(
                "exchanged", (*scope.text.span(one), second), (*scope.text.span(other), first)
            )
            title = f"Two arguments of {name} have changed places{where}"
            yield Wrong(
                "arguments_exchanged", edit, title, "In which order does this function take its arguments?"
            )
    for part in node.args:
        if isinstance(part, (ast.List, ast.Tuple)) and len(part.elts) == 2:
            first, second = map(scope.text.of, part.elts)
            turned = f"[{second}, {first}]" if isinstance(part, ast.List) else f"({second}, {first})"
            title = f"The parts that {name} is given stand the other way round{where}"
            yield site.wrong(
                "parts_exchanged", part, turned, title, "Which of the two comes first in the hand-out?"
            )
            both = f"[{first}, {first}]" if isinstance(part, ast.List) else f"({first}, {first})"
            title = f"{name} is given the same part twice{where}"
            yield site.wrong(
                "part_twice", part, both, title, "What are the two parts? Where does each come from?"
            )
            if name in ("`concatenate`", "`cat`"):
                title = f"Two parts are added where they are to stand side by side{where}"
                yield site.wrong(
                    "added", node, f"({first} + {second})", title, "How large is the result along each axis?"
                )


def _axes(site: Site, node: ast.Call, axis: ast.expr, name: str) -> Iterator[Wrong]:
    here = site.scope.text.of(axis)
    for other in ("0", "1", "2", "-1"):
        if other != here:
            title = f"{name} works along another axis{site.words.where(node)}"
            hint = "Write down what each axis of your array stands for. Which of them is meant here?"
            yield site.wrong("other_axis", axis, other, title, hint)
