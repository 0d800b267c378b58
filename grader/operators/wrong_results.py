"""Makers of wrong edits of what a function gives back: too much, too little, in another order or layout."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.wrong import Site, Wrong

_MOST = 10  # names that are tried in the place of one


def results(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Results in another order, too few, too many, or of another layout."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    text, value = site.scope.text, node.value
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    hint = "Compare what you give back with the hand-out: how many results, in which order, of which shapes?"
    texts = [text.of(part) for part in parts]
    for one, other in itertools.combinations(range(len(parts)), 2):
        turned = [*texts]
        turned[one], turned[other] = turned[other], turned[one]
        yield site.wrong(
            "results_exchanged", value, ", ".join(turned), "The results stand in another order", hint
        )
    yield site.wrong("nothing_back", value, "None", "Nothing is given back", hint)
    if len(parts) > 1:
        for kept in texts:
            yield site.wrong("one_back", value, kept, "Only one of the results is given back", hint)
        for gone in range(len(texts) if len(texts) > 2 else 0):
            rest = ", ".join([*texts[:gone], *texts[gone + 1 :]])
            yield site.wrong("result_missing", value, rest, "One of the results is missing", hint)
        named = ", ".join(f"{text!r}: {text}" for text in texts)
        yield site.wrong("in_a_dict", value, f"{{{named}}}", "The results are given back in a dict", hint)
    else:
        for name in dict.fromkeys([texts[0], *site.scope.variables[::-1]]):
            yield site.wrong(
                "two_back", value, f"{texts[0]}, {name}", "More than one result is given back", hint
            )
            yield site.wrong(
                "two_back", value, f"{name}, {texts[0]}", "More than one result is given back", hint
            )
        yield site.wrong("two_back", value, f"{texts[0]}, None", "More than one result is given back", hint)
        yield site.wrong("two_back", value, f"({texts[0]},)", "The result is given back inside a tuple", hint)
        for name in [*site.scope.parameters, *site.scope.attributes][:_MOST]:
            subject = site.words.of(ast.parse(name, mode="eval").body)
            title = f"{subject[:1].upper()}{subject[1:]} is given back where something else belongs"
            yield site.wrong("other_back", value, name, title, hint)
    for kind, (_, title) in _changes(site, "").items():
        every = [_changes(site, text)[kind][0] for text in texts]
        yield site.wrong(kind, value, ", ".join(every), title.format("Every result"), hint)
        for place, part in enumerate(parts):
            some = [*texts[:place], every[place], *texts[place + 1 :]]
            subject = site.words.name(part) or "A result"
            yield site.wrong(kind, value, ", ".join(some), title.format(subject), hint)
    for part, own in zip(parts, texts):
        turned_axes = "A result has its first two axes exchanged"
        inner = site.of(part)
        yield site.wrong("axes_exchanged", part, f"{inner}.swapaxes(0, 1)", turned_axes, hint)
        title = "The first two axes of a result are mixed up by reshaping it"
        shape = f"({inner}.shape[1], {inner}.shape[0], *{inner}.shape[2:])"
        yield site.wrong(
            "reshaped",
            part,
            f"{inner}.swapaxes(0, 1).reshape({shape[1:-1]}).reshape({inner}.shape)",
            title,
            hint,
        )
        more = f"{inner}[None]", f"{inner}[:, None]"
        for text_of_more in more:
            yield site.wrong("axis_too_many", part, text_of_more, "A result has an axis too many", hint)
        if site.scope.library:
            title = "A function is applied to a result that is to be given back as it is"
            yield site.wrong("applied_to_result", part, f"{site.scope.library}.tanh({own})", title, hint)


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
