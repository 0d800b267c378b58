"""How often the line is found: mistakes planted where they are known to be, and what is told of them.

    python -m benchmarks.lines rnn --most 120

PlantedMistake are, always the same ones, spread by a digest:

    mistakes      those of mistakes.py, each way of each, in the reference
    alternatives  the same in each correct alternative in which the text to replace stands once
    operators     what makes a program wrong where there is no mistakes.py, of each kind two in each alternative
    edits         what repairs a program, made where nothing was wrong, of each kind one in each alternative
    switches      each switch of `tests/kit/switches.py`: programs in other styles, that nothing was made from

Of those that lose points and are graded in the ordinary way, it prints how often a change was proved, how often the
line that is told first is the planted one, how long each took, and whether any proof is false: the changed program is
graded again by itself. With `--seed WORD` it draws others of them than are always taken.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.arguments import assignment_name, whole_number
from grader.assignments import Assignment, find_course, load
from grader.diagnose.mistakes import apply, load_mistakes, variants
from grader.errors import CourseError
from grader.operators import Edit, Text, edits, scopes
from grader.operators.without_table import wrongs
from grader.records import Chunk, Result, Submission
from grader.run.path import OnResult, Options, grade
from tests.kit.switches import SWITCHES, program

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class PlantedMistake:
    """A wrong program, what was planted, and the lines of it that differ from the right one."""

    name: str
    kind: str  # of what was planted: "mistakes", or an operator
    source: str
    lines: frozenset[int]

    @property
    def is_one_line(self) -> bool:
        """Whether one line differs, or lines are gone in one place: then one change can be enough."""
        return max(self.lines) - min(self.lines) <= 1 and len(self.lines) <= 2


def changed_lines(right: str, wrong: str) -> frozenset[int]:
    """The lines of `wrong` that differ; where lines are gone, the two beside the gap."""
    matcher = difflib.SequenceMatcher(None, right.splitlines(), wrong.splitlines(), autojunk=False)
    lines: set[int] = set()
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag in ("replace", "insert"):
            lines.update(range(first + 1, last + 1))
        elif tag == "delete":
            lines.update((first, first + 1))
    return frozenset(lines)


def of_mistakes(assignment: Assignment) -> Iterator[PlantedMistake]:
    """The reference with each mistake."""
    right = assignment.solution.read_text(encoding="utf-8")
    for number, variant in enumerate(variants(load_mistakes(assignment))):
        wrong = apply(right, [variant])
        yield PlantedMistake(f"{variant.name} {number}", "mistakes", wrong, changed_lines(right, wrong))


def alternatives(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """The names and texts of the correct alternatives."""
    for path in sorted((assignment.solution.parent / "alternatives").glob("*.py")):
        yield path.stem, path.read_text(encoding="utf-8")


def in_alternatives(assignment: Assignment) -> Iterator[PlantedMistake]:
    """The alternatives with each mistake whose text stands in them."""
    known_variants = variants(load_mistakes(assignment))
    for name, right in alternatives(assignment):
        for number, variant in enumerate(known_variants):
            try:
                wrong = apply(right, [variant])
            except CourseError:  # it is written otherwise there
                continue
            yield PlantedMistake(
                f"{name} {variant.name} {number}", "alternatives", wrong, changed_lines(right, wrong)
            )


def of_operators(assignment: Assignment) -> Iterator[PlantedMistake]:
    """The alternatives, each with two wrong edits of every kind."""
    public = {*assignment.exercises}

    def wrong_edits(text: Text) -> Iterator[Edit]:
        return (wrong.edit for scope in scopes(text) for wrong in wrongs(text, scope, public))

    yield from _planted(assignment, wrong_edits, 2)


def of_edits(assignment: Assignment) -> Iterator[PlantedMistake]:
    """The alternatives, each with one edit of every operator of repairs."""

    def every(text: Text) -> Iterator[Edit]:
        return (edit for scope in scopes(text) for _, edit in edits(scope))

    yield from _planted(assignment, every, 1)


def _planted(
    assignment: Assignment, edits_of: Callable[[Text], Iterator[Edit]], each: int
) -> Iterator[PlantedMistake]:
    for name, right in alternatives(assignment):
        by_kind = defaultdict(list)
        for edit in edits_of(Text(right)):
            by_kind[edit.operator].append(edit.applied(right))
        for kind, several in sorted(by_kind.items()):
            for wrong in sorted(several, key=lambda text: _digest(name, text))[:each]:
                lines = changed_lines(right, wrong)
                yield PlantedMistake(f"{name} {kind} {min(lines)} {_digest(wrong)[:6]}", kind, wrong, lines)


def of_switches(assignment: Assignment) -> Iterator[PlantedMistake]:
    """The program of the switches with each of them."""
    right = program(assignment.name)
    for number, switch in enumerate(SWITCHES[assignment.name]):
        wrong = program(assignment.name, (switch,))
        yield PlantedMistake(f"{switch.ids[0]} {number}", "switches", wrong, changed_lines(right, wrong))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def submission(assignment: Assignment, student: str, source: str) -> Submission:
    """A program as somebody's submission."""
    return Submission(student, f"{assignment.name}.py", _digest(source), (Chunk(source),))


def patched(source: str, diff: str) -> str:
    """A program with a change that was proved, made from its difference alone."""
    lines = source.splitlines()
    hunks = re.split(r"^@@ -(\d+)(?:,(\d+))? .*$", diff, flags=re.MULTILINE)[1:]
    for first, count, body in reversed([*zip(hunks[::3], hunks[1::3], hunks[2::3])]):
        rows = body.strip("\n").split("\n")
        old = [row[1:] for row in rows if not row.startswith("+")]
        new = [row[1:] for row in rows if not row.startswith("-")]
        start = int(first) - 1
        assert len(old) == int(count or 1)
        assert lines[start : start + len(old)] == old
        lines[start : start + len(old)] = new
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class LineFigures:
    """What came of planted mistakes: those that lose points, and of these those told a line, and the planted one."""

    lost: tuple[Result, ...]
    told: tuple[Result, ...]
    right: tuple[Result, ...]
    false: tuple[str, ...]  # of whom the changed program, graded by itself, does not get what was said

    def of(self, students: Collection[str]) -> LineFigures:
        """What came of some of them."""
        lost, told, right = (
            tuple(result for result in results if result.student in students)
            for results in (self.lost, self.told, self.right)
        )
        return LineFigures(lost, told, right, tuple(name for name in self.false if name in students))

    def __str__(self) -> str:
        seconds = [result.seconds for result in self.lost] or [0.0]
        return "\n".join(
            [
                f"{len(self.lost)} planted mistakes that lose points",
                f"  a change is proved: {_share(len(self.told), len(self.lost))}; false proofs: {len(self.false)}",
                f"  the line told first is the planted one: {_share(len(self.right), len(self.told))} of those told",
                f"  grading and all: median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s",
            ]
        )


def measure(
    assignment: Assignment,
    planted: Sequence[PlantedMistake],
    workers: int | None = None,
    on_result: OnResult = lambda result: None,
) -> LineFigures:
    """Grade planted programs, look for their lines, and grade the changed programs again."""
    course = find_course(ROOT)
    by_name = {program.name: program for program in planted}
    programs = [submission(assignment, program.name, program.source) for program in planted]
    options = Options(workers=workers, lines=True)
    results = grade(course, assignment, programs, options=options, on_result=on_result)
    lost = [result for result in results if result.status == "graded" and result.score != result.max_score]
    told = [result for result in lost if result.repairs]
    right = [result for result in told if result.repairs[0].line in by_name[result.student].lines]
    changed = [
        submission(
            assignment, repaired.student, patched(by_name[repaired.student].source, repaired.repairs[0].diff)
        )
        for repaired in told
    ]
    again = grade(course, assignment, changed, options=Options(workers=workers, lines=False, diagnose=False))
    false = [before.student for before, after in zip(told, again, strict=True) if not _as_told(before, after)]
    return LineFigures(tuple(lost), tuple(told), tuple(right), tuple(false))


def _as_told(before: Result, after: Result) -> bool:
    """Whether a changed program passes what passed before, and gets the points that were promised."""
    passed = [{test.name for test in result.tests if test.outcome == "passed"} for result in (before, after)]
    gained = (after.score or 0.0) - (before.score or 0.0)
    return passed[0] <= passed[1] and abs(gained - before.repairs[0].points) < 1e-6


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / max(whole, 1):.0f} %)"


KINDS = {
    "mistakes": of_mistakes,
    "alternatives": in_alternatives,
    "operators": of_operators,
    "edits": of_edits,
    "switches": of_switches,
}


def chosen(
    assignment: Assignment,
    kind: str,
    most: int,
    *,
    one_line: bool = False,
    skip: int = 0,
    seed: str = "",
) -> list[PlantedMistake]:
    """At most so many planted programs of a kind, or those of one line alone: of one seed always the same ones.

    With `skip` those behind so many: what nobody had before them when something was mended.
    """
    candidates = [planted for planted in KINDS[kind](assignment) if planted.is_one_line or not one_line]
    begin = (seed,) if seed else ()
    return sorted(candidates, key=lambda planted: _digest(*begin, planted.name))[skip : skip + most]


def shown(result: Result, planted: PlantedMistake) -> str:
    """What was told of one that loses points, with the change where another line was told."""
    repair = result.repairs[0] if result.repairs else None
    told = (
        "nothing"
        if repair is None
        else f"line {repair.line}, for {repair.points:g} of {repair.lost:g} points"
    )
    text = f"    {result.student}: lines {sorted(planted.lines)}, told {told}, {result.seconds:.1f} s"
    if repair is None or repair.line in planted.lines:
        return text
    return "\n".join([text, *(f"        {line}" for line in repair.diff.splitlines())])


def main() -> None:
    """Plant, grade, and print the shares."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--most", type=whole_number, default=10_000, help="planted programs of each kind")
    parser.add_argument("--skip", type=whole_number, default=0, help="leave the first ones of each kind out")
    parser.add_argument("--seed", default="", help="a word: draw others")
    parser.add_argument("--only", choices=[*KINDS])
    parser.add_argument("--one-line", action="store_true", help="only what differs in one line")
    parser.add_argument(
        "--workers", type=whole_number, help="submissions at a time; 1 as for one who waits for one file"
    )
    parser.add_argument("--show", action="store_true", help="print each as it is graded")
    options = parser.parse_args()
    assignment = load(find_course(ROOT), options.assignment)
    for kind in [options.only] if options.only else KINDS:
        planted = chosen(
            *(assignment, kind, options.most),
            one_line=options.one_line,
            skip=options.skip,
            seed=options.seed,
        )
        by_name = {program.name: program for program in planted}

        def show(result: Result, by_name: Mapping[str, PlantedMistake] = by_name) -> None:
            if options.show and result.score != result.max_score:
                print(shown(result, by_name[result.student]), flush=True)

        measured = measure(assignment, planted, options.workers, on_result=show)
        print(f"{options.assignment}, {kind}: {measured}", flush=True)
        print(*(f"    false: {name}" for name in measured.false), sep="\n", flush=True)
        in_one = {program.name for program in planted if program.is_one_line}
        if len(in_one) < len(planted):
            print(f"{options.assignment}, {kind}, in one line: {measured.of(in_one)}", flush=True)


if __name__ == "__main__":
    main()
