"""How often the line is found: mistakes planted where they are known to be, and what is told of them.

    python -m benchmarks.lines rnn --most 120

Planted are the mistakes of mistakes.py, in the reference, and one edit of each operator (grader/operators) in each
correct alternative: always the same ones, spread by a digest. Of those that lose points and are graded in the ordinary
way, it prints how often a change was proved, how often the line that is told first is the planted one, how long each
took, and whether any proof is false: the changed program is graded again by itself.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.assignments import Assignment, find_course, load
from grader.diagnose.mistakes import apply, load_mistakes, variants
from grader.operators import Text, edits, scopes
from grader.records import Chunk, Result, Submission
from grader.run.path import Options, grade

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Planted:
    """A wrong program, what was planted, and the lines of it that differ from the right one."""

    name: str
    kind: str  # of what was planted: "mistakes", or an operator
    source: str
    lines: frozenset[int]


def changed_lines(right: str, wrong: str) -> frozenset[int]:
    """The lines of `wrong` that differ; where lines are gone, the two beside the gap."""
    matcher = difflib.SequenceMatcher(None, right.splitlines(), wrong.splitlines(), autojunk=False)
    lines: set[int] = set()
    for what, _, _, first, last in matcher.get_opcodes():
        if what in ("replace", "insert"):
            lines.update(range(first + 1, last + 1))
        elif what == "delete":
            lines.update((first, first + 1))
    return frozenset(lines)


def of_mistakes(assignment: Assignment) -> Iterator[Planted]:
    """The reference with each mistake."""
    right = assignment.solution.read_text(encoding="utf-8")
    for number, variant in enumerate(variants(load_mistakes(assignment))):
        wrong = apply(right, [variant])
        yield Planted(f"{variant.name} {number}", "mistakes", wrong, changed_lines(right, wrong))


def of_operators(assignment: Assignment, each: int = 1) -> Iterator[Planted]:
    """The alternatives, each with `each` edits of every operator."""
    for path in sorted((assignment.solution.parent / "alternatives").glob("*.py")):
        right = path.read_text(encoding="utf-8")
        text = Text(right)
        by_operator = defaultdict(list)
        for scope in scopes(text):
            for _, edit in edits(scope):
                by_operator[edit.operator].append(edit)
        for operator, several in sorted(by_operator.items()):
            several.sort(key=lambda edit: _digest(path.stem, edit.applied(right)))
            for edit in several[:each]:
                wrong = edit.applied(right)
                name = f"{path.stem} {operator} {edit.line} {_digest(wrong)[:6]}"
                yield Planted(name, operator, wrong, changed_lines(right, wrong))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def submission(assignment: Assignment, student: str, source: str) -> Submission:
    """A program as somebody's submission."""
    return Submission(student, f"{assignment.name}.py", _digest(source), (Chunk(source),))


@dataclass
class Shares:
    """What came of the planted mistakes."""

    planted: int = 0
    proved: int = 0
    right: int = 0
    seconds: list[float] | None = None


def measure(
    assignment_name: str, planted: Sequence[Planted], workers: int | None = None
) -> tuple[list[Result], str]:
    """Grade the planted programs with their lines looked for; the results, and what there is to say of them."""
    course = find_course(ROOT)
    assignment = load(course, assignment_name)
    by_name = {one.name: one for one in planted}
    results = grade(
        *(course, assignment, [submission(assignment, one.name, one.source) for one in planted]),
        options=Options(workers=workers, lines=True),
    )
    lost = [result for result in results if result.status == "graded" and result.score != result.max_score]
    found = [result for result in lost if result.repairs]
    right = [result for result in found if result.repairs[0].line in by_name[result.student].lines]
    out = [
        f"{assignment_name}: {len(lost)} planted mistakes that lose points",
        f"  a change is proved: {_share(len(found), len(lost))}",
        f"  the line told first is the planted one: {_share(len(right), len(found))} of these,"
        f" {_share(len(right), len(lost))} of all",
        f"  seconds: median {statistics.median(r.seconds for r in lost):.2f}, most {max(r.seconds for r in lost):.2f}",
    ]
    missed = Counter(by_name[result.student].kind for result in lost if not result.repairs)
    other = Counter(by_name[result.student].kind for result in found if result not in right)
    out.append(f"  not proved, by operator: {dict(missed.most_common())}")
    out.append(f"  another line, by operator: {dict(other.most_common())}")
    return results, "\n".join(out)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / max(whole, 1):.0f} %)"


def main() -> None:
    """Plant, grade, and print the shares."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment")
    parser.add_argument("--most", type=int, default=10_000, help="planted programs of each kind")
    parser.add_argument("--only", choices=["mistakes", "operators"])
    parser.add_argument("--show", action="store_true", help="print each that is missed, or told another line")
    options = parser.parse_args()
    assignment = load(find_course(ROOT), options.assignment)
    kinds = {"mistakes": of_mistakes, "operators": of_operators}
    for kind in [options.only] if options.only else kinds:
        planted = sorted(kinds[kind](assignment), key=lambda one: _digest(one.name))[: options.most]
        results, said = measure(options.assignment, planted)
        print(f"{kind}: {said}", flush=True)
        if options.show:
            by_name = {one.name: one for one in planted}
            for result in results:
                if result.status != "graded" or result.score == result.max_score:
                    continue
                told = [(repair.line, repair.points, repair.lost) for repair in result.repairs]
                if not told or told[0][0] not in by_name[result.student].lines:
                    print(f"    {result.student}: lines {sorted(by_name[result.student].lines)}, told {told}")
                    print(
                        "\n".join(
                            f"        {text}"
                            for repair in result.repairs[:1]
                            for text in repair.diff.splitlines()
                        )
                    )


if __name__ == "__main__":
    sys.exit(main())
