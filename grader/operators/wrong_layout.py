"""Makers of wrong edits of how arrays are laid out: blocks, added axes, results in a tuple, sizes."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from grader.operators.scope import named
from grader.operators.wrong import Site, Wrong
from grader.syntax import dotted

_AXES = "Write down what each axis of your array stands for, before this line and after it."
_COMPARE = "Compare what you give back with the hand-out: how many results, in which order, of which shapes?"
_ORDER = "In which order do the parts stand in the array? Which line says so in the hand-out?"
_MOST_PARTS = 4  # parts of which every order is tried
_ZEROS = ("zeros", "new_zeros", "ones", "new_ones", "empty", "full")


def parts(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Parts of one array: in every other order, and taken in turn where each is a block."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
        return
    target, value = node.targets[0], node.value
    texts = [site.scope.text.of(inner) for inner in target.elts]
    if isinstance(value, ast.Tuple) or not 2 <= len(texts) <= _MOST_PARTS:
        return
    for order in itertools.permutations(range(len(texts))):
        moved = sum(place != number for place, number in enumerate(order))
        if moved > 2:  # two of them exchanged are `parts_exchanged`
            title = "The parts of an array are taken in another order"
            text = ", ".join(texts[place] for place in order)
            yield site.wrong("parts_order", target, text, title, _ORDER)
    yield from _in_turn(site, value, len(texts))


def _in_turn(site: Site, value: ast.expr, count: int) -> Iterator[Wrong]:
    """`split(a, 3, axis=1)` → every third column, beginning with each of the first three."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute) or len(value.args) < 1:
        return
    if value.func.attr not in ("split", "array_split", "chunk", "tensor_split", "hsplit"):
        return
    array = value.args[0] if dotted(value.func.value) in site.scope.modules else value.func.value
    title = "The parts of an array are taken in turn, where each is a block"
    for before in (":, ", "..., ", ""):
        text = f"[{site.of(array)}[{before}_k::{count}] for _k in range({count})]"
        yield site.wrong("in_turn", value, text, title, _ORDER)


def added_axes(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """An axis that a subscript adds: left out, or in another place."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [site.scope.text.of(element) for element in elements]
    if not any(text in ("None", "np.newaxis", "numpy.newaxis") for text in texts):
        return
    value, where = site.of(node.value), site.words.where(node)
    yield site.wrong("axis_not_added", node, value, f"An axis of size 1 is not added{where}", _AXES)
    for turned in dict.fromkeys(_orders(texts)):
        title = f"An axis of size 1 is added in another place{where} than is meant"
        yield site.wrong("axis_elsewhere", node, f"{value}[{', '.join(turned)}]", title, _AXES)


def side_by_side(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Two arrays that are to stand one behind the other: number by number in turn, or mixed up by reshaping them."""
    if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] not in ("concatenate", "cat"):
        return
    if not node.args or not isinstance(node.args[0], (ast.List, ast.Tuple)) or len(node.args[0].elts) != 2:
        return
    head, pair = site.scope.text.of(node.func).rpartition(".")[0], site.scope.text.of(node.args[0])
    whole, stack = site.scope.text.of(node), f"{head}.stack({pair}"
    axis = "dim" if site.scope.is_torch else "axis"
    title = (
        f"Two arrays are mixed number by number{site.words.where(node)}, where one stands behind the other"
    )
    yield site.wrong("in_turn", node, f"{stack}, {axis}=-1).reshape(({whole}).shape)", title, _AXES)
    title = f"Two arrays are stacked and reshaped{site.words.where(node)}, where one stands behind the other"
    yield site.wrong("reshaped", node, f"{stack}).reshape(({whole}).shape)", title, _AXES)
    title = f"Two arrays are stacked{site.words.where(node)}, where one stands behind the other"
    for place in ("0", "1", "-1"):
        yield site.wrong("stacked", node, f"{stack}, {axis}={place})", title, _AXES)


def sizes(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A fixed number where the size of an array belongs; a new array that is made on a GPU whatever comes in."""
    if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] not in _ZEROS:
        return
    every = [*node.args]
    every += [
        element for argument in node.args if isinstance(argument, ast.Tuple) for element in argument.elts
    ]
    where = site.words.where(node)
    for argument in every:
        is_size = "shape" in site.scope.text.of(argument) or dotted(argument) in site.scope.sizes
        for fixed in ("1", "2") if is_size and not isinstance(argument, ast.Tuple) else ():
            title = f"The size of a new array is a fixed number{where}"
            hint = "Try an input of another size. Which line still counts on the old one?"
            yield site.wrong("fixed_size", argument, fixed, title, hint)
    if site.scope.is_torch and site.scope.function.name != "__init__":
        title = f"A new array is made on a GPU, whatever the input is on{where}"
        hint = "Does every machine have a GPU? Where does the input say on which device it is?"
        yield site.wrong("on_a_gpu", node, f"{site.scope.text.of(node)}.cuda()", title, hint)


def _orders(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every order of a few texts; of more, those in which two have changed places."""
    if len(texts) <= _MOST_PARTS:
        yield from itertools.permutations(texts)
        return
    for first, second in itertools.combinations(range(len(texts)), 2):
        turned = [*texts]
        turned[first], turned[second] = turned[second], turned[first]
        yield tuple(turned)


def in_a_tuple(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Results that are a tuple inside the result: in another order, one of them alone or twice, or made one array."""
    if not isinstance(node, ast.Return) or not isinstance(node.value, ast.Tuple):
        return
    text = site.scope.text
    inner = [part for part in node.value.elts if isinstance(part, ast.Tuple)]
    for pair in inner:
        texts = [text.of(part) for part in pair.elts]
        if len(texts) == 1:
            title = "A result is given back without the tuple that it belongs in"
            yield site.wrong("inner_alone", pair, texts[0], title, _COMPARE)
            title = "A result has an axis too many"
            yield site.wrong("axis_too_many", pair, f"(({texts[0]})[None],)", title, _COMPARE)
            continue
        for order in _orders(texts):
            title = "Results that belong together stand in another order"
            yield site.wrong("inner_order", pair, f"({', '.join(order)})", title, _COMPARE)
        for element in texts:
            title = "Of results that belong together only one is given back"
            yield site.wrong("inner_alone", pair, element, title, _COMPARE)
        if site.scope.library:
            title = "Results that belong together are given back as one array"
            yield site.wrong(
                "inner_array", pair, f"{site.scope.library}.stack(({', '.join(texts)}))", title, _COMPARE
            )
        title = "Results have an axis too many"
        longer = ", ".join(f"({element})[None]" for element in texts)
        yield site.wrong("axis_too_many", pair, f"({longer})", title, _COMPARE)
        title = "The results stand in another order"
        yield site.wrong("results_exchanged", node.value, ", ".join(texts[::-1]), title, _COMPARE)


def other_results(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A part of another result in the place of one, or an argument."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    results = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    for part, other in itertools.permutations(results, 2):
        if isinstance(other, ast.Tuple):
            continue
        subject = site.words.name(other)
        belongs = site.words.name(part) or "another result"
        for cut, which in (("[-1]", "last"), ("[:, -1]", "last"), ("[0]", "first"), ("[:, 0]", "first")):
            title = f"The {which} part of {subject or 'one result'} is given back where {belongs} belongs"
            yield site.wrong("part_of_result", part, f"{site.of(other)}{cut}", title, _COMPARE)
    for part in results if len(results) > 1 else ():
        for name in site.scope.parameters:
            title = f"`{name}` is given back where something else belongs"
            yield site.wrong("other_back", part, name, title, _COMPARE)


def factors(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """In torch: a factor of a product without its gradient, or through numpy; anywhere, averaged over samples."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) and isinstance(node.left, ast.Name):
        name, where = node.left.id, site.words.where(node)
        subject = site.words.of(node.left)
        title = f"{subject[:1].upper()}{subject[1:]} is averaged over its first axis{where}"
        axis = "0" if site.scope.is_torch else "axis=0"
        hint = "May one sample know anything of another?"
        yield site.wrong("mixed", node.left, f"({name} * 0 + {name}.mean({axis}))", title, hint)
        if site.scope.is_torch:
            title = f"No gradient flows through {subject}{where}"
            hint = "Call `backward()` on the sum of your result. What has a gradient, and what has none?"
            yield site.wrong("cut_off", node.left, f"{name}.detach()", title, hint)
    if isinstance(node, ast.Call) and site.scope.is_torch and isinstance(node.func, ast.Attribute):
        library = dotted(node.func.value).split(".")[0]
        if library == site.scope.library and len(node.args) == 1 and not node.keywords:
            title = f"A tensor goes through numpy on its way{site.words.where(node)}"
            hint = "What does a gradient need to flow back through a step? Does numpy keep that?"
            text = f"{library}.as_tensor({site.scope.text.of(node)}.numpy())"
            yield site.wrong("through_numpy", node, text, title, hint)


def kinds_of_arguments(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """An argument tested for truth, one that must be an array, and a loop that ends at its largest number."""
    scope = site.scope
    if node is not scope.function or scope.function.name == "__init__":
        return
    start, indent = scope.text.span(scope.first)[0], scope.text.indent(scope.first)
    for name in scope.parameters:
        hint = "What does Python say to `if` with an array of several numbers?"
        edit = scope.text.edit("truth", (start, start, f"bool({name})\n{indent}"))
        yield Wrong("truth", edit, f"`{name}` is tested for truth, as if it were one number", hint)
    for name in scope.optional:
        hint = "Which kinds of values does the hand-out allow here? Try a list as well."
        for line in (f"{name}.shape", f"{name}.max()", f"{name} - 0", f"{name}.to({name}.device)"):
            text = f"if {name} is not None:\n{indent}    {line}\n{indent}"
            edit = scope.text.edit("no_list", (start, start, text))
            yield Wrong("no_list", edit, f"`{name}` must be an array: no list is accepted", hint)
    yield from _to_the_largest(site)


def _to_the_largest(site: Site) -> Iterator[Wrong]:
    text = site.scope.text
    for loop in site.scope.nodes:
        rounds = loop.iter if isinstance(loop, ast.For) else None
        if isinstance(rounds, ast.Call) and dotted(rounds.func) == "range" and len(rounds.args) == 1:
            for name in site.scope.optional - {read.id for read in named(rounds, ast.Load)}:
                title = f"The loop ends at the largest number of `{name}`"
                hint = "How long is the result to be, whatever the values are?"
                yield site.wrong("to_the_largest", rounds, f"range(max({name}))", title, hint)
    for back in site.scope.nodes:
        if not isinstance(back, ast.Return) or back.value is None:
            continue
        results = back.value.elts if isinstance(back.value, ast.Tuple) else [back.value]
        for part, name in itertools.product(results, sorted(site.scope.optional)):
            title = f"A result ends at the largest number of `{name}`"
            hint = "How long is the result to be, whatever the values are?"
            yield site.wrong("cut_to_the_largest", part, f"{text.of(part)}[:, : max({name})]", title, hint)
