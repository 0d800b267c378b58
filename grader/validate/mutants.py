"""The claim that every mutant of the reference is failed by the suite, or explained as equivalent.

The operators are cosmic-ray's, applied to what stands between BEGIN SOLUTION and END SOLUTION, since only that is
graded. Those that take arguments (and draw random numbers) are left out.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader.assignments import Assignment
from grader.records import Result
from grader.skeletons import BEGIN, END
from grader.validate.explained import explained_mutants
from grader.validate.proofs import Proof, is_full

CLAIM = "mutants of the reference lose points, or are explained"
INSTALL = "pip install cosmic-ray"
CALL_SECONDS, TOTAL_SECONDS = (
    1.0,
    4.0,
)  # a mutant may loop for ever, so it is not waited for as long as a student


@dataclass(frozen=True)
class Mutant:
    """The reference with one line mutated. `place` is the function or method, "RNN.forward"."""

    place: str
    line: str
    mutated: str

    def __str__(self) -> str:
        return f"{self.place}: `{self.line}` as `{self.mutated}`"


def is_installed() -> bool:
    """Whether the library of mutation operators is there."""
    return importlib.util.find_spec("cosmic_ray") is not None


class Mutants:
    """All mutants of one reference that are programs at all."""

    def __init__(self, assignment: Assignment, reference: str) -> None:
        self._assignment = assignment
        self._explained = {
            Mutant(entry.place, entry.line, entry.mutated): entry for entry in explained_mutants(assignment)
        }
        self._mutants: dict[str, Mutant] = {}
        self.sources: dict[str, str] = {}
        for mutant, source in mutants(reference):
            self._mutants[str(mutant)] = mutant
            self.sources[str(mutant)] = source

    @property
    def graded_with(self) -> Assignment:
        """The assignment with the limits that mutants get."""
        limits = self._assignment.limits
        return replace(
            self._assignment,
            limits=replace(
                limits,
                call_seconds=min(limits.call_seconds, CALL_SECONDS),
                total_seconds=min(limits.total_seconds, TOTAL_SECONDS),
            ),
        )

    def proofs(self, results: Mapping[str, Result]) -> list[Proof]:
        """That every mutant loses points, from the results by name."""
        survived = {mutant for name, mutant in self._mutants.items() if is_full(results[name])}
        problems = [
            f"{name}: it could not be graded: {results[name].message}"
            for name in self._mutants
            if results[name].score is None
        ]
        problems += [
            f"{mutant}: survives, and is not explained in {self._assignment.hidden / 'surviving.toml'}"
            for mutant in self._mutants.values()
            if mutant in survived and mutant not in self._explained
        ]
        for mutant, explanation in self._explained.items():
            if mutant not in self._mutants.values():
                problems.append(
                    f"{explanation.path}: {mutant} is explained there, but there is no such mutant"
                )
            elif mutant not in survived:
                problems.append(f"{explanation.path}: {mutant} is explained there, but it loses points")
        remark = f"mutants: {len(self._mutants) - len(survived)} lose points, {len(survived)} survive"
        return [
            Proof(self._assignment.name, CLAIM, len(self._mutants), tuple(problems), (remark,)),
        ]


def not_proved(assignment: Assignment) -> Proof:
    """The proof when the operators are not installed: it fails, and says what to type."""
    return Proof(assignment.name, CLAIM, 0, (f"not proved: cosmic-ray is not installed. Type: {INSTALL}",))


def mutants(source: str) -> Iterator[tuple[Mutant, str]]:
    """Every mutant of the solution regions of a source, with its whole source; those that do not parse are left out.

    Two operators may give the same program: it comes once.
    """
    syntax = importlib.import_module("cosmic_ray.ast")
    operators = importlib.import_module("cosmic_ray.operators.provider").OperatorProvider()
    inside, places = _lines_of_solution(source), _places(source)
    nodes = list(syntax.ast_nodes(syntax.get_ast(source)))
    sources = {source}
    for name in operators:
        if operators[name].arguments():
            continue
        operator = operators[name]()
        positions = [position for node in nodes for position in operator.mutation_positions(node)]
        for number, ((line, _), _) in enumerate(positions):
            if line not in inside:
                continue
            mutated = _mutant(syntax, source, operator, number)
            if mutated in sources or not _parses(mutated):
                continue
            sources.add(mutated)
            yield Mutant(places.get(line, "the module"), *_difference(source, mutated)), mutated


def _mutant(syntax: Any, source: str, operator: Any, number: int) -> str:
    """The source with an operator applied at the `number`-th place where it can be."""

    class MutateOnce(syntax.Visitor):  # type: ignore[misc]
        passed = 0

        def visit(self, node: Any) -> Any:
            for index, _ in enumerate(operator.mutation_positions(node)):
                if self.passed == number:
                    node = operator.mutate(node, index)
                self.passed += 1
            return node

    return str(MutateOnce().walk(syntax.get_ast(source)).get_code())


def _difference(before: str, after: str) -> tuple[str, str]:
    """The first line in which two programs differ, written the one way that `ast.unparse` writes it."""
    lines = zip(*(ast.unparse(ast.parse(program)).splitlines() for program in (before, after)))
    return next((before.strip(), other.strip()) for before, other in lines if before != other)


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _lines_of_solution(source: str) -> set[int]:
    """The numbers of the lines between BEGIN SOLUTION and END SOLUTION."""
    inside, lines = False, set()
    for number, line in enumerate(source.splitlines(), 1):
        if BEGIN.match(line) or END.match(line):
            inside = bool(BEGIN.match(line))
        elif inside:
            lines.add(number)
    return lines


def _places(source: str) -> dict[int, str]:
    """Which function or method each line belongs to."""
    places: dict[int, str] = {}

    def walk(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                name = f"{prefix}{child.name}"
                places.update(
                    dict.fromkeys(range(child.lineno, (child.end_lineno or child.lineno) + 1), name)
                )
                walk(child, f"{name}.")

    walk(ast.parse(source), "")
    return places
