"""Makers of wrong edits of calls: a function not applied, applied twice or to something else, or another one."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from grader.operators.scope import Scope, is_self
from grader.operators.wrong import Site, Wrong, terms
from grader.syntax import dotted

#: Functions that are written for one another, where words can be said of it.
ACTIVATIONS = ("tanh", "sigmoid", "relu", "sin", "exp")
_FAMILIES = (
    ("mean", "sum"),
    ("zeros", "ones"),
    ("new_zeros", "new_ones"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("stack", "concatenate"),
    ("stack", "cat"),
)
_MOST_TERMS = 4
_LEFT_ALONE = ("range", "len", "super", "zip", "append", "__init__", "enumerate", "asarray", "isinstance")
_ALONG_AN_AXIS = ("stack", "cat", "concatenate", "sum", "flip")


def calls(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A function that is not applied, applied twice, or another one in its place."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Attribute, ast.Name)):
        return
    function = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    receiver = _receiver(site, node)
    argument = receiver or (node.args[0] if node.args else None)
    if function in _LEFT_ALONE or argument is None or isinstance(argument, ast.Starred):
        return
    if function == "Parameter":
        yield from _parameter(site, node, argument)
        return
    yield from _not_applied(site, node, [argument, *([] if receiver else node.args[1:])], function)
    if not receiver and len(node.args) == 1 and not node.keywords:
        yield from _applied_elsewhere(site, node, argument)
    yield from _other_function(site, node, function)
    yield from _random(site, node, function)
    yield from _other_activation(site, node, argument, function)
    if function == "sum":
        yield from _sums(site, node, argument)


def _receiver(site: Site, node: ast.Call) -> ast.expr | None:
    """The value whose method is called; None for a function, for one of a module, and for a method of `self`."""
    value = node.func.value if isinstance(node.func, ast.Attribute) else None
    if value is None or is_self(value) or dotted(value).split(".")[0] in site.scope.modules:
        return None
    return value


def _parameter(site: Site, node: ast.Call, weights: ast.expr) -> Iterator[Wrong]:
    """A `Parameter` that is none, or that does not learn."""
    yield site.wrong(
        *("not_registered", node, f"({site.of(weights)})", "A weight is no parameter of the module"),
        "Which weights does `list(module.parameters())` show? An optimizer sees only these.",
    )
    yield site.wrong(
        *("frozen", node, f"{site.scope.text.of(node)[:-1]}, requires_grad=False)"),
        *("A weight is kept from learning", "Does every parameter have `requires_grad`?"),
    )


def _follow(name: str) -> str:
    """The question about a function that is applied too rarely or too often."""
    return f"Follow one number through your code. Where does it pass through {name}, and how often?"


def _not_applied(site: Site, node: ast.Call, values: Sequence[ast.expr], function: str) -> Iterator[Wrong]:
    """One of the arguments in the place of the call."""
    name, where = site.words.function(node), site.words.where(node)
    title = f"{name} is not applied{where}"
    if function == "where":
        title = f"Two cases that `where` tells apart are treated alike{where}"
    for value in values:
        if not isinstance(value, (ast.Constant, ast.Starred)):
            yield site.wrong("not_applied", node, f"({site.of(value)})", title, _follow(name))


def _applied_elsewhere(site: Site, node: ast.Call, argument: ast.expr) -> Iterator[Wrong]:
    """`f(a + b)` → `f(f(a + b))`, `f(a) + b`, and `f(a) + f(b)`."""
    name, where = site.words.function(node), site.words.where(node)
    head = site.scope.text.of(node.func)
    twice = f"{head}({site.scope.text.of(argument)})"
    yield site.wrong("applied_twice", argument, twice, f"{name} is applied twice{where}", _follow(name))
    yield from _of_terms(site, node, head)


def _sums(site: Site, node: ast.Call, argument: ast.expr) -> Iterator[Wrong]:
    """A sum that keeps its axis, or that is a mean."""
    name, where = site.words.function(node), site.words.where(node)
    if len(node.keywords) == 1:
        keyword = "keepdim" if site.scope.is_torch else "keepdims"
        yield site.wrong(
            *("axis_kept", node, f"{site.scope.text.of(node)[:-1]}, {keyword}=True)"),
            f"{name} keeps an axis that is to be gone{where}",
            "Which shape should come out of this sum?",
        )
    for axis in dict.fromkeys(("0", *_axis(site, node))):
        yield site.wrong(
            *("averaged", node, f"({site.scope.text.of(node)} / {site.of(argument)}.shape[{axis}])"),
            "A mean is taken where a sum is meant",
            "Hand in the same sample twice. Should the result become twice as large?",
        )


def _axis(site: Site, node: ast.Call) -> list[str]:
    """The axis along which a sum is made, where it is a number."""
    axes = [keyword.value for keyword in node.keywords if keyword.arg in ("axis", "dim")]
    axes += node.args[0 if _receiver(site, node) else 1 :][:1]
    texts = [site.scope.text.of(value) for value in axes]
    return [text for text in texts if text.lstrip("-").isdigit()]


def _of_terms(site: Site, node: ast.Call, head: str) -> Iterator[Wrong]:
    """`f(a + b)` → `f(a) + b`, and `f(a) + f(b)`."""
    name, where = site.words.function(node), site.words.where(node)
    values = [site.words.value(term) for term in terms(site.words.value(node.args[0]))]
    texts = [site.scope.text.of(value) for value in values]
    if not 2 <= len(values) <= _MOST_TERMS:
        return
    hint = f"What exactly stands in the brackets of your {name}, and what outside?"
    for count in range(1, len(texts)):
        for inside in itertools.combinations(texts, count):
            outside = [text for text in texts if text not in inside]
            text = f"({head}({' + '.join(inside)}) + {' + '.join(outside)})"
            title = f"{name} is applied to a part of the sum only{where}"
            yield site.wrong("applied_to_a_part", node, text, title, hint)
    each = " + ".join(f"{head}({text})" for text in texts)
    title = f"{name} is applied to each term before they are added{where}"
    yield site.wrong("applied_to_each", node, f"({each})", title, hint)
    for apart in texts if len(texts) > 2 else ():
        together = " + ".join(text for text in texts if text != apart)
        yield site.wrong("applied_to_each", node, f"({head}({together}) + {head}({apart}))", title, hint)


def _other_function(site: Site, node: ast.Call, function: str) -> Iterator[Wrong]:
    """Another function of the same family."""
    where = site.words.where(node)
    head = f"{site.of(node.func.value)}." if isinstance(node.func, ast.Attribute) else ""
    for family in _FAMILIES:
        for relative in family if function in family else ():
            if relative != function:
                yield site.wrong(
                    *("other_function", node.func, f"{head}{relative}"),
                    f"`{relative}` is used where another function belongs{where}",
                    f"What does `{relative}` make of a few small numbers, and what should come out?",
                )


def _random(site: Site, node: ast.Call, function: str) -> Iterator[Wrong]:
    """Random numbers in the place of zeros."""
    scope = site.scope
    if function not in ("zeros", "new_zeros", "zeros_like") or not scope.library:
        return
    zeros = scope.text.of(node)
    draws = f"{scope.library}.random.normal(size=({zeros}).shape)"
    if scope.is_torch:
        draws = f"{scope.library}.randn_like({zeros})"
    title = f"Random numbers stand where zeros belong{site.words.where(node)}"
    hint = "Do you get the same result when you call it again?"
    yield site.wrong("random", node, draws, title, hint, drawn=True)
    if scope.is_torch:
        draws = f"{scope.library}.randn(({zeros}).shape)"
        yield site.wrong("random", node, draws, title, hint, drawn=True)


def _other_activation(site: Site, node: ast.Call, argument: ast.expr, function: str) -> Iterator[Wrong]:
    """Another activation in the place of one."""
    if function not in ACTIVATIONS or len(node.args) > 1 or not site.scope.library:
        return
    for activation, text in _activations(site.scope, site.of(argument)):
        if activation != function:
            yield site.wrong(
                *("other_activation", node, text),
                f"`{activation}` is used where another function belongs{site.words.where(node)}",
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
    yield from _other_axis(site, node)
    yield from _arguments_exchanged(site, node)
    asks_for_classes = dotted(node.func) in ("isinstance", "issubclass")
    for argument in () if asks_for_classes else node.args:
        if isinstance(argument, (ast.List, ast.Tuple)) and len(argument.elts) == 2:
            yield from _two_parts(site, node, argument)


def _other_axis(site: Site, node: ast.Call) -> Iterator[Wrong]:
    """Another axis, where one is named by its keyword or as the last argument."""
    for keyword in node.keywords:
        if keyword.arg in ("axis", "dim", "axes") and isinstance(keyword.value, (ast.Constant, ast.UnaryOp)):
            yield from _axes(site, node, keyword.value)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _ALONG_AN_AXIS:
        for argument in node.args[-1:]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, int):
                yield from _axes(site, node, argument)


def _arguments_exchanged(site: Site, node: ast.Call) -> Iterator[Wrong]:
    """Two arguments, each in the place of the other."""
    text = site.scope.text
    for left, right in itertools.combinations(node.args[:4], 2):
        if text.of(left) == text.of(right) or any(isinstance(part, ast.Starred) for part in (left, right)):
            continue
        swaps = (*text.span(left), text.of(right)), (*text.span(right), text.of(left))
        title = f"Two arguments of {site.words.function(node)} have changed places{site.words.where(node)}"
        hint = "In which order does this function take its arguments?"
        yield Wrong("arguments_exchanged", text.edit("exchanged", *swaps), title, hint)


def _two_parts(site: Site, node: ast.Call, pair: ast.List | ast.Tuple) -> Iterator[Wrong]:
    """Of a list or tuple of two parts: the other way round, one part twice, or their sum instead of the call."""
    name, where = site.words.function(node), site.words.where(node)
    first, second = map(site.scope.text.of, pair.elts)
    brackets = "[{}, {}]" if isinstance(pair, ast.List) else "({}, {})"
    yield site.wrong(
        *("parts_exchanged", pair, brackets.format(second, first)),
        f"The parts that {name} is given stand the other way round{where}",
        "Which of the two comes first in the hand-out?",
    )
    yield site.wrong(
        *("part_twice", pair, brackets.format(first, first)),
        f"{name} is given the same part twice{where}",
        "What are the two parts? Where does each come from?",
    )
    if name in ("`concatenate`", "`cat`"):
        yield site.wrong(
            *("added", node, f"({first} + {second})"),
            f"Two parts are added where they are to stand side by side{where}",
            "How large is the result along each axis?",
        )


def _axes(site: Site, node: ast.Call, axis: ast.expr) -> Iterator[Wrong]:
    """Each other number in the place of an axis."""
    for number in ("0", "1", "2", "-1"):
        if number != site.scope.text.of(axis):
            title = f"{site.words.function(node)} works along another axis{site.words.where(node)}"
            hint = "Write down what each axis of your array stands for. Which of them is meant here?"
            yield site.wrong("other_axis", axis, number, title, hint)
