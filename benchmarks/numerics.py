"""How far right programs are off, and how far the smallest mistake is, in tolerances. See docs/numerics.md.

    python -m benchmarks.numerics --evaluations 2000

For each assignment the reference and every program of alternatives/ compute fresh inputs of the suite's own kinds, in
float32 and float64, with the input's features and the hidden units in another order each time: the same numbers in
exact arithmetic, summed in another order. What comes out is compared with the reference in float64, as grading does.
Then every mistake of mistakes.py that changes numbers is asked about the suite's own cases.

"Times the tolerance" is the largest deviation of an answer over the largest that passes. The chance of a false failure
is that of a normal distribution of the logarithms of these numbers, fitted for each assignment and dtype.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import math
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.determinism import ROOT
from grader.assignments import Assignment, find_course, load
from grader.diagnose.mistakes import apply, load_hidden, load_mistakes, variants
from grader.subject.proxy import Module
from grader.subject.subjects import LocalSubject
from grader.suite.compare import difference, tolerance

SIZES = {"N": 4, "I": 6, "H": 9}  # larger than the suites', so that more is summed; all different
STEPS = (5, 5, 5, 40)
ROUNDING = 1e-6  # tolerances of float32: less than this in float64 is another order of the same sum
#: Arrays that a suite computes from those that it draws.
COMPUTED = {"hidden_states": "N L H", "h_next": "N H"}


@dataclass
class Suite:
    """What an assignment's spec.py says: its exercises, and how its inputs are drawn."""

    assignment: Assignment
    spec: Any
    exercises: list[Any] = field(default_factory=list)
    cases: list[Any] = field(default_factory=list)
    axes: dict[str, list[str]] = field(
        default_factory=lambda: {key: [text] for key, text in COMPUTED.items()}
    )

    @classmethod
    def of(cls, assignment: Assignment) -> Suite:
        """Gather the exercises and cases of an assignment's spec."""
        suite = cls(assignment, load_hidden(assignment, "spec"))
        for value in _flat(vars(suite.spec).values()):
            kind = type(value).__name__
            if kind in ("Function", "Module"):
                suite.exercises.append(value)
            elif kind == "Case":
                suite.cases.append(value)
            elif kind == "Cases":
                for key, drawn in value.arrays.items():
                    if drawn is not None:  # of a step, and of a sequence
                        suite.axes.setdefault(key, []).append(drawn[0])
        return suite

    def axes_of(self, key: str, array: np.ndarray, case: Any) -> list[str]:
        """The axes of an array of a case by name; the other way round where it is as torch keeps it."""
        for text in self.axes.get(key, ()):
            axes = text.split()
            if len(axes) != array.ndim:
                continue
            return axes if tuple(case.shape(text)) == array.shape else axes[::-1]
        return []

    def draw(self, exercise: Any, number: int, steps: int) -> Any:
        """A fresh case for an exercise, without lengths; None where the suite has no way of making one."""
        for name, sizes in (("make", {**SIZES, "L": steps}), ("step", SIZES)):
            maker = getattr(self.spec, name, None)
            if maker is not None:
                case = maker(f"drawn {number}", **sizes)
                if asks(exercise, case):
                    return case
        return None


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from value
        elif isinstance(value, dict):
            yield from value.values()
        else:
            yield value


def asks(exercise: Any, case: Any) -> bool:
    """Whether a case holds what an exercise is called with."""
    keys = [*exercise.arguments.values(), *getattr(exercise, "parameters", {}).values()]
    flat = [part for key in keys for part in (key if isinstance(key, tuple) else (key,))]
    there = all(key in case.arrays or key in case.sizes for key in flat)
    ranks = {len(text.split()) for text in exercise.axes().values()}
    return there and ("L" in case.sizes or max(ranks) < 3) and _fits(exercise, case)


def _fits(exercise: Any, case: Any) -> bool:
    """Whether x is that of one step where one step is asked for."""
    steps = any("L" in text.split() for text in exercise.axes().values())
    return "x" not in case.arrays or case["x"].ndim == (3 if steps else 2)


def reordered(suite: Suite, case: Any, orders: Mapping[str, np.ndarray]) -> Any:
    """The case with features and units in other orders."""
    arrays = {}
    for key, array in case.arrays.items():
        axes = suite.axes_of(key, array, case)
        arrays[key] = along(array, axes, orders)
    return case.instead(**arrays)


def along(array: np.ndarray, axes: Sequence[str], orders: Mapping[str, np.ndarray]) -> np.ndarray:
    """An array with its named axes in these orders; each block of an axis such as 4H alike."""
    for place, axis in enumerate(axes):
        match = re.fullmatch(r"(\d*)([A-Z])", axis)
        if match and match[2] in orders:
            order = orders[match[2]]
            blocks = [order + block * len(order) for block in range(int(match[1] or 1))]
            array = np.take(array, np.concatenate(blocks), axis=place)
    return np.array(array)


def times_the_tolerance(
    answers: Mapping[str, Any], expected: Mapping[str, Any], steps: int, dtype: Any = None
) -> float:
    """The largest deviation of the arrays of an answer over what passes; infinite where none can be taken.

    What passes is that of the expected array's dtype, or of `dtype`.
    """
    most = 0.0
    for name, want in expected.items():
        answer = answers[name]
        if not isinstance(answer, np.ndarray) or answer.shape != want.shape or not np.isfinite(answer).all():
            return math.inf
        allowed = tolerance(dtype or want.dtype, steps) * max(1.0, float(np.abs(want).max(initial=0.0)))
        most = max(most, float(np.abs(answer.astype(np.float64) - want).max(initial=0.0)) / allowed)
    return most


def expected_answer(reference: Any, exercise: Any, case: Any, dtype: Any) -> dict[str, np.ndarray]:
    """The reference's in float64, narrowed, as grading has it."""
    wide = exercise.leaves(exercise.answer(reference, case.astype(np.float64)))
    return {name: np.asarray(array).astype(dtype) for name, array in wide.items()}


def right_programs(suite: Suite, evaluations: int) -> dict[str, list[float]]:
    """Times the tolerance of so many right evaluations, by dtype. Raises SystemExit where one would fail."""
    assignment = suite.assignment
    paths = [assignment.solution, *sorted((assignment.solution.parent / "alternatives").glob("*.py"))]
    programs = {path.stem: program(assignment, path.read_text(encoding="utf-8")) for path in paths}
    programs = {name: loaded for name, loaded in programs.items() if loaded is not None}
    reference = next(iter(programs.values()))
    draw = np.random.default_rng(1)
    errors: dict[str, list[float]] = defaultdict(list)
    names = list(programs)
    for number in range(evaluations):
        exercise = suite.exercises[number % len(suite.exercises)]
        case = suite.draw(exercise, number, STEPS[number % len(STEPS)])
        if case is None:
            continue
        dtype = (np.float32, np.float64)[number // len(suite.exercises) % 2]
        case = case.astype(dtype)
        orders = {axis: draw.permutation(SIZES[axis]) for axis in "IH"}
        back = {axis: np.argsort(order) for axis, order in orders.items()}
        name = names[number // (2 * len(suite.exercises)) % len(names)]
        with contextlib.redirect_stdout(io.StringIO()):  # an alternative prints shapes
            answer = exercise.leaves(exercise.answer(programs[name], reordered(suite, case, orders)))
        axes = exercise.axes()
        in_order = {
            part: along(np.asarray(array), axes[part].split(), back) for part, array in answer.items()
        }
        expected = expected_answer(reference, exercise, case, dtype)
        for part, want in expected.items():
            wrong = difference(in_order[part], want, part, case.steps)
            if wrong is not None:
                raise SystemExit(f"{assignment.name}: {name} is right, and fails in {exercise.name}: {wrong}")
        errors[np.dtype(dtype).name].append(times_the_tolerance(in_order, expected, case.steps))
    return errors


def program(assignment: Assignment, source: str) -> Any:
    """A program that a suite can ask, or None where it cannot be loaded in this process (some look for their own

    module there). What it prints meanwhile is not ours.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        subject = LocalSubject(assignment.name, source)
    return None if subject.failures else Module(subject)


def mistakes(suite: Suite) -> dict[str, float]:
    """How far each mistake is off at the most in the suite's own cases, in tolerances of float32, which are the larger.

    All is computed in float64, so what is off by rounding alone is none of these, nor what raises.
    """
    source = suite.assignment.solution.read_text(encoding="utf-8")
    reference = program(suite.assignment, source)
    errors: dict[str, float] = {}
    for variant in variants(load_mistakes(suite.assignment)):
        if variant.mistake.makes:
            continue  # another dtype, which is compared before any number
        wrong = program(suite.assignment, apply(source, [variant]))
        most = max(
            (
                distance(wrong, reference, exercise, case.astype(np.float64))
                for exercise in suite.exercises
                for case in suite.cases
                if asks(exercise, case)
            ),
            default=0.0,
        )
        if most > ROUNDING:
            errors[variant.name] = most
    return errors


def distance(wrong: Any, reference: Any, exercise: Any, case: Any) -> float:
    """How far a mistake is off in one case; 0 where it raises, or gives no such array: no tolerance decides there."""
    # Whatever a wrong program does with a case says nothing of tolerances.
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            answer = exercise.leaves(exercise.answer(wrong, case))
    except Exception:
        return 0.0
    times = times_the_tolerance(
        answer, expected_answer(reference, exercise, case, np.float64), case.steps, np.float32
    )
    return 0.0 if times == math.inf else times


def chance(numbers: Sequence[float]) -> float:
    """The chance that one more is above 1, from a normal distribution of the logarithms."""
    logarithms = [math.log(number) for number in numbers if number > 0]
    spread = statistics.stdev(logarithms)
    return 0.5 * math.erfc(-statistics.mean(logarithms) / (spread * math.sqrt(2)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of right programs and one of the smallest mistakes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignments", nargs="*", type=assignment_name)
    parser.add_argument("--evaluations", type=whole_number, default=2000, help="of each assignment")
    options = parser.parse_args(arguments)
    course = find_course(ROOT)
    for name in options.assignments or course.names():
        suite = Suite.of(load(course, name))
        for dtype, numbers in sorted(right_programs(suite, options.evaluations).items()):
            print(
                f"| `{name}` | {dtype} | {len(numbers)} | {statistics.median(numbers):.1e} | {max(numbers):.1e}"
                f" | {chance(numbers):.0e} |",
                flush=True,
            )
        smallest = sorted(mistakes(suite).items(), key=lambda item: item[1])
        print(f"  {len(smallest)} mistakes; the smallest: ", end="")
        print("; ".join(f"{mistake} {times:.1e}" for mistake, times in smallest[:4]), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
