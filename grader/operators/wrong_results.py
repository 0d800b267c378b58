"""Makers of wrong edits of what a function gives back: too much, too little, in another order or layout."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from grader.operators.wrong import Site, Wrong

_MOST = 10  # names that are tried in the place of one
_COMPARE = "Compare what you give back with the hand-out: how many results, in which order, of which shapes?"


def results(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Results in another order, too few, too many, or of another layout."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    texts = [site.scope.text.of(part) for part in parts]
    for left, right in itertools.combinations(range(len(parts)), 2):
        turned = [*texts]
        turned[left], turned[right] = turned[right], turned[left]
        title = "The results stand in another order"
        yield site.wrong("results_exchanged", node.value, ", ".join(turned), title, _COMPARE)
    yield site.wrong("nothing_back", node.value, "None", "Nothing is given back", _COMPARE)
    if len(parts) > 1:
        yield from _fewer(site, node.value, texts)
    else:
        yield from _more_results(site, node.value, texts[0])
    yield from _changed_results(site, node.value, parts)
    for part in parts:
        yield from _laid_out(site, part)


def _fewer(site: Site, value: ast.expr, texts: Sequence[str]) -> Iterator[Wrong]:
    """Of several results one, all but one, or all in a dict."""
    for text in texts:
        yield site.wrong("one_back", value, text, "Only one of the results is given back", _COMPARE)
    for dropped in range(len(texts) if len(texts) > 2 else 0):
        text = ", ".join([*texts[:dropped], *texts[dropped + 1 :]])
        yield site.wrong("result_missing", value, text, "One of the results is missing", _COMPARE)
    entries = ", ".join(f"{text!r}: {text}" for text in texts)
    yield site.wrong("in_a_dict", value, f"{{{entries}}}", "The results are given back in a dict", _COMPARE)


def _more_results(site: Site, value: ast.expr, text: str) -> Iterator[Wrong]:
    """More than the one result, or another one."""
    title = "More than one result is given back"
    for name in dict.fromkeys([text, *site.scope.variables[::-1]]):
        yield site.wrong("two_back", value, f"{text}, {name}", title, _COMPARE)
        yield site.wrong("two_back", value, f"{name}, {text}", title, _COMPARE)
    yield site.wrong("two_back", value, f"{text}, None", title, _COMPARE)
    yield site.wrong("two_back", value, f"({text},)", "The result is given back inside a tuple", _COMPARE)
    for name in [*site.scope.parameters, *site.scope.attributes][:_MOST]:
        subject = site.words.of(ast.parse(name, mode="eval").body)
        title = f"{subject[:1].upper()}{subject[1:]} is given back where something else belongs"
        yield site.wrong("other_back", value, name, title, _COMPARE)


def _changed_results(site: Site, value: ast.expr, parts: Sequence[ast.expr]) -> Iterator[Wrong]:
    """Every result, or one of them, with something done to it that is too much."""
    texts = [site.scope.text.of(part) for part in parts]
    for kind, (_, title) in _changes(site, "").items():
        changed = [_changes(site, text)[kind][0] for text in texts]
        yield site.wrong(kind, value, ", ".join(changed), title.format("Every result"), _COMPARE)
        for index, part in enumerate(parts):
            text = ", ".join([*texts[:index], changed[index], *texts[index + 1 :]])
            subject = site.words.name(part) or "A result"
            yield site.wrong(kind, value, text, title.format(subject), _COMPARE)


def _laid_out(site: Site, part: ast.expr) -> Iterator[Wrong]:
    """A result with its axes exchanged, mixed up or too many; or with a function too many."""
    inner = site.of(part)
    title = "A result has its first two axes exchanged"
    yield site.wrong("axes_exchanged", part, f"{inner}.swapaxes(0, 1)", title, _COMPARE)
    turned = f"{inner}.shape[1], {inner}.shape[0], *{inner}.shape[2:]"
    text = f"{inner}.swapaxes(0, 1).reshape({turned}).reshape({inner}.shape)"
    title = "The first two axes of a result are mixed up by reshaping it"
    yield site.wrong("reshaped", part, text, title, _COMPARE)
    for text in (f"{inner}[None]", f"{inner}[:, None]"):
        yield site.wrong("axis_too_many", part, text, "A result has an axis too many", _COMPARE)
    if site.scope.library:
        title = "A function is applied to a result that is to be given back as it is"
        text = f"{site.scope.library}.tanh({site.scope.text.of(part)})"
        yield site.wrong("applied_to_result", part, text, title, _COMPARE)


def _changes(site: Site, text: str) -> dict[str, tuple[str, str]]:
    """What may be done to a result too much, by kind: the text with it, and a title for a name."""
    sizes = [name for name in site.scope.sizes if "." not in name]
    return {
        "result_negative": (f"-({text})", "{} has the wrong sign"),
        "squeezed": (f"({text}).squeeze()", "{} loses its axes of size 1"),
        "result_zero": (f"({text}) * 0", "{} is zero everywhere"),
        **{f"averaged_{size}": (f"({text}) / {size}", "{} is a mean where a sum is meant") for size in sizes},
        "result_cut": (f"({text}).clip(-1, 1)", "{} is cut off at a bound"),
        "result_cut_wide": (f"({text}).clip(-5, 5)", "{} is cut off at a bound"),
        "result_turned": (
            f"({text}).flip(1)" if site.scope.is_torch else f"({text})[:, ::-1]",
            "{} is turned round along an axis",
        ),
        "result_summed": (f"({text}).sum(1)", "{} is summed over an axis that it is to have"),
    }


def collecting(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """What a loop collects: all alike, or with a function too many."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return
    first = node.args[0]
    if isinstance(first, ast.Name) and first.id in site.scope.collected:
        name = first.id
        hint = "Print the first and the last entry of your list behind the loop. Do they differ?"
        for place, subject in (("-1", "last"), ("0", "first")):
            title = f"All parts of a result are as its {subject} one"
            yield site.wrong("all_alike", first, f"[{name}[{place}]] * len({name})", title, hint)
        title = "Only the last part of a result is there"
        yield site.wrong("last_alone", first, f"{name}[-1:]", title, hint)
    if node.func.attr == "append" and site.scope.library:
        title = "A function is applied to a result that is to be given back as it is"
        hint = "Which lines stand between your last formula and what you give back?"
        for function in ("tanh", "exp"):
            text = f"{site.scope.library}.{function}({site.scope.text.of(first)})"
            yield site.wrong("applied_to_result", first, text, title, hint)
