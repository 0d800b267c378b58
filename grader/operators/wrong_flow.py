"""Makers of wrong edits of how values flow: indices, loops, names, and what is given back."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from grader.operators.scope import Scope, dotted, number
from grader.operators.wrong import Site, Wrong

_MOST = 10  # names that are tried in the place of one
_SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)


def indices(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A subscript one place off, along another axis, always the same, or left out."""
    if not isinstance(node, ast.Subscript):
        return
    scope, words = site.scope, site.words
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [scope.text.of(part) for part in parts]
    value = scope.text.of(node.value)
    named = words.part(node.value) or words.of(node.value)
    capital = named[:1].upper() + named[1:]
    does = "is read" if isinstance(node.ctx, ast.Load) else "is written"
    where = words.where(node)
    hint = "Write down which index each round of your code uses, for a small size."

    def indexed(place: int, text: str) -> str:
        return f"{value}[{', '.join([*texts[:place], text, *texts[place + 1 :]])}]"

    for place, part in enumerate(parts):
        own = texts[place]
        if isinstance(part, ast.Slice):
            if own.replace(" ", "") == "::-1":
                yield site.wrong(
                    "not_turned", node, indexed(place, ":"), f"{capital} is not turned round{where}", hint
                )
            elif own != ":":
                yield site.wrong(
                    "not_cut", node, indexed(place, ":"), f"{capital} is taken whole{where}", hint
                )
            continue
        whole = number(part)
        if whole is None and not isinstance(part, (ast.Name, ast.BinOp)):
            continue
        if whole is None and not _counts(site, node, part):
            continue
        if whole is None:
            for text, said in ((f"{own} - 1", "one place too early"), (f"{own} + 1", "one place too late")):
                yield site.wrong(
                    "one_off", node, indexed(place, text), f"{capital} {does} {said}{where}", hint
                )
            for text in ("0", "-1"):
                title = f"The same part of {named} {does} in every round of the loop"
                yield site.wrong("always_same", node, indexed(place, text), title, hint)
            for text in (f"-1 - {site.of(part)}", f"-{site.of(part)}"):
                title = f"{capital} {does} from the other end{where}"
                yield site.wrong("from_behind", node, indexed(place, text), title, hint)
        else:
            near = {-1: (0, -2), 0: (-1, 1)}.get(whole, (whole - 1, whole + 1))
            for other in near:
                title = f"Another part of {named} {does} than is meant{where}"
                yield site.wrong("other_part", node, indexed(place, str(other)), title, hint)
        if len(parts) == 2 and texts[1 - place] == ":":
            title = f"{capital} {does} along another axis{where}"
            yield site.wrong("index_axis", node, f"{value}[{', '.join(reversed(texts))}]", title, hint)
        if len(parts) == 2 and texts[0] == ":":
            title = f"{capital} {does} along another axis{where}"
            yield site.wrong("index_axis", node, f"{value}[{own}]", title, hint)
        if isinstance(node.ctx, ast.Load) and len(parts) == 1:
            yield site.wrong(
                "index_axis", node, f"{value}[:, {own}]", f"{capital} {does} along another axis{where}", hint
            )
            yield site.wrong("not_cut", node, value, f"{capital} is taken whole{where}", hint)


def _counts(site: Site, node: ast.AST, part: ast.AST) -> bool:
    """Whether an index changes with a loop around it."""
    inside = {one.id for one in ast.walk(part) if isinstance(one, ast.Name)}
    return any(
        isinstance(one, ast.Name) and one.id in inside
        for loop in site.scope.loops(node)
        for one in ast.walk(getattr(loop, "target", loop))
    )


def loops(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A loop that is too short, turned round, or that carries nothing on."""
    if not isinstance(node, ast.For):
        return
    scope, text = site.scope, site.scope.text
    hint = (
        "Print the counter of your loop in each round, for a small size. Which round is missing, or too many?"
    )
    inner: ast.AST = node.iter
    turned = isinstance(inner, ast.Call) and dotted(inner.func) == "reversed" and len(inner.args) == 1
    title = "The loop runs from the other end"
    if turned and isinstance(inner, ast.Call):
        yield site.wrong("loop_turned", inner, text.of(inner.args[0]), title, hint)
        inner = inner.args[0]
    if isinstance(inner, ast.Call) and dotted(inner.func) == "range" and len(inner.args) == 1:
        size = site.of(inner.args[0])
        if not turned:
            yield site.wrong("loop_turned", inner, f"reversed(range({size}))", title, hint)
        first, last = "The loop leaves out index 0", "The loop leaves out the last index"
        yield site.wrong("loop_short", inner, f"range(1, {size})", first, hint)
        yield site.wrong("loop_short", inner, f"range({size} - 1)", last, hint)
        for other in scope.sizes:
            if other != size:
                yield site.wrong(
                    "loop_axis", inner, f"range({other})", "The loop runs over another size", hint
                )
    before = _given_before(site, node)
    for name, value in before.items():
        reads = [
            one
            for statement in node.body
            for one in ast.walk(statement)
            if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load)
        ]
        asked = "Which value does your second round begin with? Where was that computed?"
        of_name = site.words.name(ast.Name(name, ast.Load())) or "A value"
        title = f"{of_name} is not carried on: every round begins with the first value"
        several = [*reads, *[one for one in reads[:2] if len(reads) > 1]]
        groups = [reads, *[[one] for one in several[:3]]]
        for group in groups:
            edit = text.edit("not_carried", *[(*text.span(one), f"({value})") for one in group])
            yield Wrong("not_carried", edit, title, asked)
        said = "A value that the loop carries on"
        mean = f"{name} * 0 + {name}.mean(0)"
        edit = text.edit("mixed", *[(*text.span(one), f"({mean})") for one in reads])
        title = f"{said} is averaged over its first axis"
        yield Wrong("mixed", edit, title, "May one sample know anything of another?")
        if scope.is_torch:
            edit = text.edit("cut_off", *[(*text.span(one), f"{name}.detach()") for one in reads])
            title = "No gradient flows back through what the loop carries on"
            yield Wrong("cut_off", edit, title, "How far back does the gradient of your last round reach?")
        end = text.span(node.body[-1])[1]
        inside = {
            one.id
            for statement in node.body
            for one in ast.walk(statement)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id != name
        }
        for other in sorted(inside):
            edit = text.edit("carried_other", (end, end, f"\n{text.indent(node.body[-1])}{name} = {other}"))
            title = f"The loop carries {site.words.of(ast.Name(other, ast.Load()))} on, where another value belongs"
            yield Wrong("carried_other", edit, title, asked)


def _given_before(site: Site, loop: ast.For) -> dict[str, str]:
    """The names that a loop carries on, with what they were given before it."""
    stored = {
        one.id for one in ast.walk(loop) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    given: dict[str, str] = {}
    for node in site.scope.nodes:
        if isinstance(node, ast.Assign) and node.lineno < loop.lineno and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id in stored:
                given[target.id] = site.scope.text.of(node.value)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts):
                    if isinstance(one, ast.Name) and one.id in stored:
                        given[one.id] = site.scope.text.of(value)
    return {name: value for name, value in given.items() if "\n" not in value and value != "[]"}


def statements(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Sums over rounds that are overwritten; statements in another order, or left out."""
    scope, text, where = site.scope, site.scope.text, site.words.where(node)
    order = (
        "For each line, ask which values it reads. Have they been updated by then, and should they have been?"
    )
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and not node.value.elts:
        for name in scope.carried:
            value = next(
                (
                    one
                    for one in (name, *scope.parameters)
                    if one in scope.parameters or _before(scope, one, node)
                ),
                "",
            )
            for first in dict.fromkeys(one for one in (value, *scope.parameters) if one):
                title = "What the loop begins with is among its results"
                hint = "How many entries has your list after a loop of three rounds?"
                yield site.wrong("begins_with", node.value, f"[{first}]", title, hint)
    added = [one for one in scope.nodes if isinstance(one, ast.AugAssign)]
    if node is scope.function and len(added) > 1:
        hint = "What should be left of the first round when the second one is over?"
        edits = [(*text.span(one), f"{text.of(one.target)} = {text.of(one.value)}") for one in added]
        title = "Sums are overwritten in each round, not added up"
        yield Wrong("overwritten", text.edit("overwritten", *edits), title, hint)
    if isinstance(node, ast.AugAssign):
        target, value = text.of(node.target), text.of(node.value)
        said = site.words.part(node.target) or "A sum"
        hint = "What should be left of the first round when the second one is over?"
        yield site.wrong(
            "overwritten",
            node,
            f"{target} = {value}",
            f"{said} is overwritten in each round, not added up",
            hint,
        )
        yield site.wrong(
            "not_added",
            node,
            "pass",
            f"Something is never added to {site.words.part(node.target) or 'a sum'}",
            hint,
        )
        sign = "-" if isinstance(node.op, ast.Add) else "+"
        yield site.wrong(
            "term_negative", node, f"{target} {sign}= {value}", f"A part has the wrong sign{where}", hint
        )
    for field in ("body", "orelse"):
        body = getattr(node, field, None)
        if not isinstance(body, list):
            continue
        for place, one in enumerate(body):
            for other in body[place + 1 : place + 5]:
                if isinstance(one, _SIMPLE) and isinstance(other, _SIMPLE) and _matters(one, other):
                    between = text.source[text.span(one)[0] : text.span(other)[0]]
                    later = f"{text.of(other)}\n{text.indent(one)}{between.rstrip()}"
                    edit = text.edit("order", (text.span(one)[0], text.span(other)[1], later))
                    title = f"A value is used before it is updated{site.words.where(one)}"
                    yield Wrong("order", edit, title, order)
    if isinstance(node, ast.If):
        for condition, title in (
            ("True", "A case that should be told apart is not{}"),
            ("False", "A case is left out{}"),
        ):
            title = title.format(where)
            yield site.wrong(
                "case",
                node.test,
                condition,
                title,
                "For which arguments does the hand-out say that something else happens?",
            )
        test = node.test
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is):
            left = text.of(test.left)
            title = f"{site.words.name(test.left) or 'An argument'} is tested for truth, not for None"
            hint = "What does Python say to `if` with an array of several numbers?"
            yield site.wrong("truth", test, f"not {left}", title, hint)


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
        for place, said in (("-1", "last"), ("0", "first")):
            title = f"All parts of a result are as its {said} one"
            yield site.wrong("all_alike", first, f"[{name}[{place}]] * len({name})", title, hint)
        title = "Only the last part of a result is there"
        yield site.wrong("last_alone", first, f"{name}[-1:]", title, hint)
    if node.func.attr == "append" and site.scope.library:
        title = "A function is applied to a result that is to be given back as it is"
        hint = "Which lines stand between your last formula and what you give back?"
        for function in ("tanh", "exp"):
            text = f"{site.scope.library}.{function}({site.scope.text.of(first)})"
            yield site.wrong("applied_to_result", first, text, title, hint)


def _before(scope: Scope, name: str, node: ast.stmt) -> bool:
    """Whether a name has a value before a statement."""
    return any(
        isinstance(one, ast.Assign)
        and one.lineno < node.lineno
        and any(
            isinstance(part, ast.Name) and part.id == name
            for target in one.targets
            for part in ast.walk(target)
        )
        for one in scope.nodes
    )


def _matters(one: ast.stmt, other: ast.stmt) -> bool:
    """Whether a statement reads what one before it gives."""
    given = {
        name.id for name in ast.walk(one) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }
    reads = {
        name.id for name in ast.walk(other) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
    }
    return bool(given & reads)


def comparisons(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A comparison one off, or the other way round."""
    signs: dict[type[ast.cmpop], tuple[str, ...]] = {
        ast.Lt: ("<=", ">="), ast.LtE: ("<", ">"), ast.Gt: (">=", "<="), ast.GtE: (">", "<"),
    }  # fmt: skip
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in signs:
        return
    left, right = site.of(node.left), site.of(node.comparators[0])
    hint = "Try the two numbers that lie just below and just on the border. On which side does each belong?"
    near, far = signs[type(node.ops[0])]
    where = site.words.where(node)
    yield site.wrong("border", node, f"{left} {near} {right}", f"A comparison is off by one{where}", hint)
    yield site.wrong(
        "turned", node, f"{left} {far} {right}", f"A comparison is the other way round{where}", hint
    )
    for off in ("- 1", "- 2", "+ 2"):
        yield site.wrong(
            "border",
            node,
            f"{left} {site.scope.text.of(node)[len(site.scope.text.of(node.left)) :].split()[0]} {right} {off}",
            f"A comparison is off by one{where}",
            hint,
        )


def names(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """Another name of the function in the place of one."""
    scope, words = site.scope, site.words
    attribute = isinstance(node, ast.Attribute) and dotted(node) in scope.attributes
    if not (isinstance(node, ast.Name) or attribute) or not isinstance(getattr(node, "ctx", None), ast.Load):
        return
    here = scope.text.of(node)
    if isinstance(node, ast.Name) and (here not in scope.variables or here in scope.sizes):
        return
    above = scope.parent(node)
    belongs = words.of(node)
    called = isinstance(above, ast.Call) and above.func is node
    others = scope.attributes if attribute else [*scope.parameters, *reversed(scope.bound)]
    counters = {
        one.id
        for loop in scope.loops(node)
        for one in ast.walk(getattr(loop, "target", loop))
        if isinstance(one, ast.Name)
    }
    belongs_to = "another value" if belongs.startswith(("an ", "a ")) else belongs
    if not attribute:
        siblings = [name for group in _siblings(site) if here in group for name in group]
        others = [*scope.carried, *siblings, *others]
    candidates = [name for name in dict.fromkeys(others) if name not in (here, *scope.sizes, *counters)]
    if isinstance(node, ast.Name) and here in counters:
        return
    for name in candidates[:_MOST]:
        if called and not attribute:
            continue
        other = ast.parse(name, mode="eval").body
        taken = words.of(other)
        taken = taken[:1].upper() + taken[1:]
        said = taken if taken.startswith("`") and belongs != taken else "Another value"
        title = f"{said} is taken where {belongs_to} belongs{words.where(node)}"
        yield site.wrong(
            "other_name", node, name, title, "Which values does the formula of the hand-out name here?"
        )


def _siblings(site: Site) -> list[list[str]]:
    """The names that are given the parts of one value."""
    return [
        [one.id for one in target.elts if isinstance(one, ast.Name)]
        for node in site.scope.nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Tuple)
    ]


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
            said = site.words.of(ast.parse(name, mode="eval").body)
            title = f"{said[:1].upper()}{said[1:]} is given back where something else belongs"
            yield site.wrong("other_back", value, name, title, hint)
    for kind, (_, title) in _changes(site, "").items():
        every = [_changes(site, text)[kind][0] for text in texts]
        yield site.wrong(kind, value, ", ".join(every), title.format("Every result"), hint)
        for place, part in enumerate(parts):
            some = [*texts[:place], every[place], *texts[place + 1 :]]
            said = site.words.name(part) or "A result"
            yield site.wrong(kind, value, ", ".join(some), title.format(said), hint)
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
