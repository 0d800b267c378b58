"""Makers of wrong edits of loops: too short, turned round, or carrying nothing on."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.operators.scope import named
from grader.operators.wrong import Site, Wrong
from grader.syntax import dotted

_MOST_READS = 5  # places that read one name
_SECOND_ROUND = "Which value does your second round begin with? Where was that computed?"


def loops(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """A loop that is too short, turned round, or that carries nothing on."""
    if not isinstance(node, ast.For):
        return
    yield from _rounds(site, node)
    for name, value in _values_before(site, node).items():
        yield from _not_carried(site, node, name, site.scope.text.of(value))
        yield from _begun_at_zero(site, name, value)
        yield from _carried_other(site, node, name)


def _rounds(site: Site, loop: ast.For) -> Iterator[Wrong]:
    """The rounds of a loop: from the other end, one too few, or over another size."""
    scope = site.scope
    hint = (
        "Print the counter of your loop in each round, for a small size. Which round is missing, or too many?"
    )
    rounds: ast.AST = loop.iter
    turned = isinstance(rounds, ast.Call) and dotted(rounds.func) == "reversed" and len(rounds.args) == 1
    title = "The loop runs from the other end"
    if turned and isinstance(rounds, ast.Call):
        yield site.wrong("loop_turned", rounds, scope.text.of(rounds.args[0]), title, hint)
        rounds = rounds.args[0]
    if isinstance(rounds, ast.Call) and dotted(rounds.func) == "range" and len(rounds.args) == 1:
        size = site.of(rounds.args[0])
        if not turned:
            yield site.wrong("loop_turned", rounds, f"reversed(range({size}))", title, hint)
        short = {f"range(1, {size})": "index 0", f"range({size} - 1)": "the last index"}
        for text, index in short.items():
            yield site.wrong("loop_short", rounds, text, f"The loop leaves out {index}", hint)
        for other_size in scope.sizes:
            if other_size != size:
                title = "The loop runs over another size"
                yield site.wrong("loop_axis", rounds, f"range({other_size})", title, hint)


def _not_carried(site: Site, loop: ast.For, name: str, value: str) -> Iterator[Wrong]:
    """What a loop carries on: begun anew in each round, averaged, or without its gradient."""
    text = site.scope.text
    reads = _reads(loop, name)
    of_last_round = _before_store(loop, name, reads)
    subject = site.words.name(ast.Name(name, ast.Load())) or "A value"
    title = f"{subject} is not carried on: every round begins with the first value"
    # Both leave nothing of the round before; what is read behind the update is this round's.
    for group in (reads, of_last_round) if 0 < len(of_last_round) < len(reads) else (reads,):
        edit = text.edit("not_carried", *[(*text.span(read), f"({value})") for read in group])
        yield Wrong("not_carried", edit, title, _SECOND_ROUND)
    mean = f"({name} * 0 + {name}.mean(0))"
    edit = text.edit("mixed", *[(*text.span(read), mean) for read in reads])
    title = "A value that the loop carries on is averaged over its first axis"
    yield Wrong("mixed", edit, title, "May one sample know anything of another?")
    groups = [reads, *([of_last_round] if 0 < len(of_last_round) < len(reads) else [])]
    for group in groups if site.scope.is_torch else []:
        edit = text.edit("cut_off", *[(*text.span(read), f"{name}.detach()") for read in group])
        title = "No gradient flows back through what the loop carries on"
        yield Wrong("cut_off", edit, title, "How far back does the gradient of your last round reach?")


def partly_carried(site: Site, node: ast.AST) -> Iterator[Wrong]:
    """What a loop carries on: in one place of several the value from before the first round."""
    if not isinstance(node, ast.For):
        return
    text = site.scope.text
    for name, value in _values_before(site, node).items():
        reads = _reads(node, name)
        for read in reads[:_MOST_READS] if len(reads) > 1 else ():
            edit = text.edit("partly_carried", (*text.span(read), f"({text.of(value)})"))
            subject = site.words.name(ast.Name(name, ast.Load())) or "a value"
            title = f"In one place of the loop {subject} is as it was before the first round"
            hint = "Which of your lines read it? What should each of them find there in the second round?"
            yield Wrong("partly_carried", edit, title, hint)


def _reads(loop: ast.For, name: str) -> list[ast.Name]:
    return [read for statement in loop.body for read in named(statement, ast.Load) if read.id == name]


def _before_store(loop: ast.For, name: str, reads: Sequence[ast.Name]) -> list[ast.Name]:
    """Those of the reads of a name in a loop that have the value of the round before."""
    for place, statement in enumerate(loop.body):
        if any(target.id == name for target in named(statement, ast.Store)):
            until = {node for earlier in loop.body[: place + 1] for node in ast.walk(earlier)}
            return [read for read in reads if read in until]
    return list(reads)


def _begun_at_zero(site: Site, name: str, value: ast.expr) -> Iterator[Wrong]:
    """Zeros in the place of the value before the first round."""
    if isinstance(value, ast.Constant) or "zeros" in site.scope.text.of(value):
        return
    subject = site.words.name(ast.Name(name, ast.Load())) or "A value"
    yield site.wrong(
        *("begun_at_zero", value, f"0 * {site.of(value)}", f"{subject} is zero before the first round"),
        "What should be there before the first round? Print it.",
    )


def _carried_other(site: Site, loop: ast.For, name: str) -> Iterator[Wrong]:
    """Another value of the round, carried on in the place of one."""
    text, last = site.scope.text, loop.body[-1]
    end = text.span(last)[1]
    stored = {target.id for statement in loop.body for target in named(statement, ast.Store)} - {name}
    for value in sorted(stored):
        edit = text.edit("carried_other", (end, end, f"\n{text.indent(last)}{name} = {value}"))
        subject = site.words.of(ast.Name(value, ast.Load()))
        title = f"The loop carries {subject} on, where another value belongs"
        yield Wrong("carried_other", edit, title, _SECOND_ROUND)


def _values_before(site: Site, loop: ast.For) -> dict[str, ast.expr]:
    """The names that a loop carries on, with the values that they have before it."""
    stored = {name.id for name in named(loop, ast.Store)}
    values: dict[str, ast.expr] = {}
    for node in site.scope.nodes:
        if isinstance(node, ast.Assign) and node.lineno < loop.lineno and len(node.targets) == 1:
            target = node.targets[0]
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = [*zip(target.elts, node.value.elts)]
            for name, value in pairs:
                if isinstance(name, ast.Name) and name.id in stored:
                    values[name.id] = value
    of = site.scope.text.of
    return {name: value for name, value in values.items() if "\n" not in of(value) and of(value) != "[]"}
