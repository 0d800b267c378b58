"""What no student may get of an assignment, line by line, and a search for it in what is about to leave.

Secret are the solution regions of the reference, the alternatives, and all of the hidden suite with its inputs,
mistakes and examples; so is what suites share. Only the table of mistakes is loaded: an idea that assignments share is
written over names, and what must not leave is what it becomes in this one. Lines that say nothing (`return`, a closing
bracket, an import) may stand anywhere; so may lines of an alternative or of an edit that are in the skeleton as well,
such as a `def`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.assignments import GIVEN, TOML, Assignment
from grader.diagnose.mistakes import load_mistakes, variants
from grader.skeletons import TRIVIAL, leaks, skeleton, solution_lines

LEAST = 12  # letters and digits, below which a line of a hidden suite says nothing by itself
MISTAKES = "mistakes.py"
PUBLIC = {TOML}  # titles, names and points are told in the hand-out


@dataclass(frozen=True)
class Secret:
    """A line that must not leave, and where it stands."""

    file: Path
    number: int
    line: str


@dataclass(frozen=True)
class Leak:
    """A secret that was found, and the name of what it was found in."""

    secret: Secret
    found_in: str


def secrets(assignment: Assignment) -> list[Secret]:
    """Every secret line of the assignment. Raises CourseError when the reference's markers do not pair."""
    source = assignment.solution.read_text(encoding="utf-8")
    matches = [
        Secret(assignment.solution, number, line)
        for number, line in solution_lines(source, file=str(assignment.solution))
    ]
    # Students get the given modules, so nothing that stands in them is a secret of the suite.
    public_modules = "\n".join(assignment.given_sources.values())
    public = skeleton(source, file=str(assignment.solution)) + "\n" + public_modules
    for path in assignment.alternatives:
        matches += [secret for secret in _lines(path) if secret.line not in public]
    for path in sorted([*assignment.hidden.rglob("*"), *assignment.shared.rglob("*")]):
        if path in assignment.given or path.parent == assignment.shared / GIVEN:
            continue
        if path.suffix in (".py", ".toml") and path.name not in PUBLIC:
            matches += [secret for secret in _lines(path) if secret.line not in public_modules]
        if path.name == MISTAKES:
            matches += [secret for secret in _strings(path) if secret.line not in public]
    return matches + [secret for secret in _mistakes(assignment) if secret.line not in public]


def in_harness(assignment: Assignment) -> list[Secret]:
    """Lines of solution, alternatives and hidden tests that stand in harness.py, which submissions can read.

    Mistakes and examples are left out: their text may well be what a harness does.
    """
    apart = {assignment.harness, assignment.hidden / MISTAKES, assignment.hidden / "examples.py"}
    lines = {line.strip() for line in assignment.harness_source.splitlines()}
    return [secret for secret in secrets(assignment) if secret.file not in apart and secret.line in lines]


def find_leaks(secrets: Iterable[Secret], texts: Mapping[str, str]) -> Iterator[Leak]:
    """The secrets that stand in `texts` (name → text), whatever their indent there."""
    by_line = {secret.line: secret for secret in secrets}
    numbered = [(secret.number, line) for line, secret in by_line.items()]
    for name, text in texts.items():
        for _, line in leaks(numbered, text):
            yield Leak(by_line[line], name)


def _lines(path: Path) -> list[Secret]:
    rows = path.read_text(encoding="utf-8").splitlines()
    return [
        Secret(path, number, row.strip())
        for number, row in enumerate(rows, 1)
        if _says_something(row.strip())
    ]


def _strings(path: Path) -> list[Secret]:
    """The lines of string constants: a mistake is an edit, and its text stands in quotes."""
    return [
        Secret(path, node.lineno, line.strip())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for line in node.value.splitlines()
        if _says_something(line.strip()) and not line.strip().isidentifier()
    ]


def _mistakes(assignment: Assignment) -> Iterator[Secret]:
    """The words of each mistake, and what stands in the reference once it is made."""
    for mistake in load_mistakes(assignment):
        path, number = _place_of_id(assignment, mistake.id)
        edits = [text for variant in variants([mistake]) for _, text in variant.changes]
        lines = (line.strip() for text in (mistake.title, mistake.hint, *edits) for line in text.splitlines())
        yield from (Secret(path, number, line) for line in lines if _says_something(line))


def _place_of_id(assignment: Assignment, id: str) -> tuple[Path, int]:
    """The file and line where the id of a mistake stands in quotes; else its table."""
    table = assignment.hidden / MISTAKES
    for path in (table, *sorted(assignment.shared.rglob("*.py"))):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if f'"{id}"' in line:
                return path, number
    return table, 1


def _says_something(line: str) -> bool:
    if TRIVIAL.fullmatch(line) or line.startswith(("import ", "from ")):
        return False
    return sum(character.isalnum() for character in line) >= LEAST
