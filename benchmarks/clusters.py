"""Whether students whom no mistake explains are put together as they belong, and what that costs.

    python -m benchmarks.clusters rnn --mistakes 40 --students 500

As many mistakes of mistakes.py as are asked for are handed in while the grader knows of no table, each written in three
ways whose numbers are rounded otherwise: as it is, with the terms of every sum exchanged, and with every product taken
of three times a factor. Of twins (mistakes with the same numbers) and of those that draw at random one, and none, are
taken. Printed are the adjusted Rand index of clusters and mistakes (1 when they are the same, about 0 by chance), how
often a mistake is parted or put together with another one, and the processor time that clusters add to the class.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any
from unittest import mock

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.lines import ROOT, submission
from grader.assignments import Assignment, find_course, load
from grader.clusters import clusters
from grader.diagnose import behaviour, search
from grader.diagnose.mistakes import Mistake, apply, load_mistakes, variants
from grader.records import Result
from grader.run.path import confine
from grader.run.session import Order, with_judge
from grader.subject.keeper import Keeper

FACTOR = 3  # not a power of two: the products are rounded otherwise


def as_it_is(source: str) -> str:
    """The program itself."""
    return source


class _Terms(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """`a + b` → `b + a`."""
        self.generic_visit(node)
        return ast.BinOp(node.right, node.op, node.left) if isinstance(node.op, ast.Add) else node


class _Products(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """`a @ b` → `a @ (b * 3) / 3`."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        product = ast.BinOp(node.left, ast.MatMult(), ast.BinOp(node.right, ast.Mult(), ast.Constant(FACTOR)))
        return ast.BinOp(product, ast.Div(), ast.Constant(FACTOR))


def terms_exchanged(source: str) -> str:
    """The program with the terms of every sum the other way round."""
    return ast.unparse(ast.fix_missing_locations(_Terms().visit(ast.parse(source))))


def products_scaled(source: str) -> str:
    """The program with a factor in each product of matrices that is divided out again."""
    return ast.unparse(ast.fix_missing_locations(_Products().visit(ast.parse(source))))


STYLES = (as_it_is, terms_exchanged, products_scaled)


def withheld(assignment: Assignment, most: int) -> list[tuple[str, str]]:
    """At most so many mistakes and the reference with each, no two with the same numbers: always the same ones."""
    right = assignment.solution.read_text(encoding="utf-8")
    taken: dict[str, str] = {}
    twins: set[str] = set()
    one_each: dict[str, list[str]] = defaultdict(list)
    mistakes_by_id: dict[str, Mistake] = {}
    for variant in variants(load_mistakes(assignment)):
        mistakes_by_id[variant.mistake.id] = variant.mistake
        one_each[variant.mistake.id].append(apply(right, [variant]))
    for name in sorted(one_each, key=lambda name: hashlib.sha256(name.encode()).hexdigest()):
        mistake = mistakes_by_id[name]
        if not mistake.drawn and not mistake.makes and name not in twins and len(taken) < most:
            taken[name] = one_each[name][0]
            twins |= {name, *mistake.twins}
    return [*taken.items()]


def adjusted_rand(grouping: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """How well two groupings agree, 1 when they are the same, about 0 by chance (Hubert & Arabie 1985)."""

    def pairs(counts: Counter[Hashable]) -> int:
        return sum(math.comb(count, 2) for count in counts.values())

    together = pairs(Counter(zip(grouping, other, strict=True)))
    first, second = pairs(Counter(grouping)), pairs(Counter(other))
    expected = first * second / math.comb(len(grouping), 2)
    return (together - expected) / ((first + second) / 2 - expected)


class Clock:
    """Adds up the processor seconds of a function."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        def timed(*arguments: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*arguments)
            finally:
                self.seconds += time.process_time() - begun

        return timed


def graded(assignment: Assignment, programs: Sequence[tuple[str, str]], clock: Clock) -> list[Result]:
    """The results of a class, graded in this process by one judge that knows of no table."""
    course = find_course(ROOT)
    confinement = confine(course, assignment, ())
    results: list[Result] = []
    keeper = Keeper.launch(confinement)
    try:
        keeper.wait()
        order = Order(course, assignment, confinement.stamp, True, table=False)

        def judge_all(judge) -> None:  # type: ignore[no-untyped-def]
            results.extend(judge.judge(submission(assignment, *program)) for program in programs)

        with mock.patch.object(search, "behaviour", clock.around(behaviour.behaviour)):
            with_judge(order, keeper.clone(), keeper.clone(), judge_all)
    finally:
        keeper.close()
    return results


def a_class(mistakes: Sequence[tuple[str, str]], students: int) -> Iterator[tuple[str, str, str]]:
    """Students, each with a mistake and a program with it, in one of the styles."""
    for number in range(students):
        name, source = mistakes[number % len(mistakes)]
        style = STYLES[number // len(mistakes) % len(STYLES)]
        yield f"s{number:04}", name, style(source)


def tell_mixed(pairs: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """Print each mistake that is in several clusters, and the mistakes that share one. `pairs`: mistake, cluster."""
    by_name: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    by_group: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, group in pairs:
        by_name[name].add(group)
        by_group[group].add(name)
    for name, groups_of_it in sorted(by_name.items()):
        if len(groups_of_it) > 1:
            print(f"  parted: {name}, into {len(groups_of_it)}")
    for names_in_it in by_group.values():
        if len(names_in_it) > 1:
            print(f"  together: {', '.join(sorted(names_in_it))}")


def main() -> None:
    """Grade the class, and print how well its clusters are its mistakes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--mistakes", type=whole_number, default=40)
    parser.add_argument("--students", type=whole_number, default=500)
    options = parser.parse_args()
    assignment = load(find_course(ROOT), options.assignment)
    mistakes = withheld(assignment, options.mistakes)
    students = [*a_class(mistakes, options.students)]
    clock = Clock()
    begun = time.process_time()
    results = graded(assignment, [(student, source) for student, _, source in students], clock)
    whole = time.process_time() - begun
    begun = time.process_time()
    listed = clusters(results)
    clock.seconds += time.process_time() - begun
    pairs = [
        (name, result.unexplained)
        for (_, name, _), result in zip(students, results, strict=True)
        if result.status == "graded" and result.unexplained
    ]
    names, groups = zip(*pairs)
    print(
        f"{options.assignment}: {len(mistakes)} mistakes withheld, {len(results)} submissions, {len(pairs)} of them "
        f"unexplained, {len(listed)} clusters\n"
        f"  adjusted Rand index: {adjusted_rand(names, groups):.4f}\n"
        f"  added by clusters: {clock.seconds:.2f} s of processor time, of {whole:.0f} s for the class"
    )
    tell_mixed(pairs)


if __name__ == "__main__":
    main()
