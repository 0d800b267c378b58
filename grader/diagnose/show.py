"""A counterexample as students read it: the call as code, expected beside got, what differs, and a picture of it.

Everything shown comes from examples.py and from the student's own answer to it; `deviations` says how much of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import values
from grader.diagnose.deviations import as_json, close, comparable, compared, parameters, plain
from grader.diagnose.examples import Example
from grader.diagnose.paste import code
from grader.messages import explain
from grader.problems import Deviation, ExplainedProblem, Kind
from grader.records import Counterexample
from grader.subject import operations as ops
from grader.subject.harness import Harness
from grader.suite.checks import argument_named
from grader.suite.compare import difference
from grader.suite.naming import named_leaves

CHANGED = "changed in place"
MODES = {
    "call": "",
    "twice": "called twice with the same arguments; this is the second answer",
    "gradients": "the gradients of the sum of all that it returns",
    "parameters": "its registered parameters",
    "float32": "with float32 arrays",
    "float64": "with float64 tensors and weights",
}
NO_ANSWER = "no answer: it did not come back in time, or it ended the program"

#: What a student is told about an exception: of what was asked, with the weights that were to be loaded.
Explain = Callable[[ops.Raised, str, Mapping[str, Any]], ExplainedProblem]


def counterexample(
    example: Example,
    mode: str,
    expected: Sequence[ops.Answer],
    answers: Sequence[ops.Answer] | None,
    explained: Explain,
    exercise: str = "",
    harness: Harness | None = None,
    axes: Mapping[int, tuple[str, ...]] | None = None,
) -> Counterexample:
    """The counterexample of an example that was answered otherwise than `expected`.

    `exercise` is what students know the example's function by, where that is one of the course's harness.
    `axes` are the course's names for the axes of arrays.
    """
    want, have = _last_answer(expected), _last_answer(answers)
    assert isinstance(want, ops.Value)
    if not isinstance(have, ops.Value):
        sides = _without_answer(example, mode, want, have, explained, exercise)
    elif mode == "parameters":
        sides = _Sides(*parameters(want.value, have.value))
    else:
        sides = _two_answers(example, mode, want, have, (axes or {}).get(3))
    return Counterexample(
        function=exercise or example.exercise,
        way=MODES[mode],
        inputs={name: as_json(value) for name, value in {**example.arguments, **example.weights}.items()},
        call=code(example, mode, sides.changed, sides.wrong_weight, harness, _only_dtypes(sides.deviations)),
        expected=sides.expected,
        got=sides.answered,
        deviations=tuple(sides.deviations),
        picture=sides.picture,
        explanation=sides.explanation,
    )


@dataclass
class _Sides:
    """The two sides of a counterexample: what was expected, what came, and where they differ."""

    expected: dict[str, Any]
    answered: Any
    deviations: list[Deviation]
    picture: str = ""
    changed: Sequence[str] = ()
    wrong_weight: str = ""
    explanation: ExplainedProblem | None = None


def _without_answer(
    example: Example, mode: str, want: ops.Value, have: ops.Raised | None, explained: Explain, exercise: str
) -> _Sides:
    """Something was raised, or nothing came."""
    explanation = explained(have, example.exercise, example.weights) if have is not None else None
    kind: Kind = explanation.kind if explanation is not None else "no_answer"
    text = explain.one_line(explanation) if explanation is not None else NO_ANSWER
    wrong_weight = ""
    if have is not None and have.kind in ("WeightShape", "NoSuchWeight"):
        name = have.text.split(" ", 1)[0]
        wrong_weight = name if name in example.weights else ""
    return _Sides(
        plain(_parts(example, mode, want)),
        text,
        [Deviation(kind, exercise or example.exercise, text)],
        wrong_weight=wrong_weight,
        explanation=explanation,
    )


def _two_answers(
    example: Example, mode: str, expected: ops.Value, answer: ops.Value, axes: tuple[str, ...] | None
) -> _Sides:
    """Both answered: part by part, and what the call has changed in place."""
    parts, got_parts = _parts(example, mode, expected), _parts_like(expected, example, mode, answer)
    sides = _Sides(*compared(parts, got_parts, mode, _inside(example, expected, answer)))
    if mode == "gradients":
        return sides
    sides.picture = _picture(example, parts, got_parts, axes)
    if answer.changed:
        changed = [name for name in example.arguments if name in _changed_arguments(example, answer.changed)]
        names = ", ".join(changed) or "an argument"
        if isinstance(sides.answered, dict):
            sides.expected[CHANGED], sides.answered[CHANGED] = "nothing", names
        text = f"{names}: changed by the call, but must be left as it was"
        sides.deviations.append(Deviation("changed", names, text))
        sides.changed = changed
    return sides


def _only_dtypes(deviations: Sequence[Deviation]) -> bool:
    return bool(deviations) and all(deviation.kind == "dtype" for deviation in deviations)


def _inside(example: Example, want: ops.Value, have: ops.Value) -> str:
    """What is wrong with the containers in an answer, where it is not the number of its own parts; "" where it is."""
    kinds = {"tuple" if kind == "list" else kind for kind in map(values.kind, (want.value, have.value))}
    parts = values.parts(want.value)
    # Of an answer with containers in it, the names of all single parts say nothing about how many there must be.
    nested = any(values.kind(part) != "leaf" for _, part in parts)
    if len(kinds) != 1 or (len(parts) != len(values.parts(have.value)) and not nested):
        return ""
    wrong = difference(have.value, want.value, example.what)
    return "" if wrong is None else str(wrong).rstrip(".").replace("Expected", "expected")


def _last_answer(answers: Sequence[ops.Answer] | None) -> ops.Answer | None:
    return answers[-1] if answers else None


def _parts(example: Example, mode: str, value: ops.Value) -> dict[str, Any]:
    """The arrays of an answer by the names that students know."""
    if mode == "gradients":
        positional = [name for name in example.arguments if name not in example.keywords]
        gradients = dict(values.leaves(dict(zip(positional, value.input_gradients or ()))))
        tensors = {
            f"{name}{values.path_text(path)}": gradients.get((name, *path))
            for name in positional
            for path, leaf in values.leaves(example.arguments[name])
            if isinstance(leaf, np.ndarray)
        }
        return {**{name: (value.parameter_gradients or {}).get(name) for name in example.weights}, **tensors}
    return dict(named_leaves(example.what, value.value))


def _parts_like(want: ops.Value, example: Example, mode: str, value: ops.Value) -> dict[str, Any]:
    """The arrays of an answer, by name, if it is made of as many as `want`; else all of it, under no name."""
    if mode != "gradients" and not values.agree(_any_leaf, want.value, value.value):
        return {"": value.value}
    return _parts(example, mode, value)


def _any_leaf(*leaves: Any) -> bool:
    return True


def _changed_arguments(example: Example, changed: Sequence[str]) -> set[str]:
    """The names of the arguments that a call changed, as a whole or in part."""
    positional = [name for name in example.arguments if name not in example.keywords]
    named = (argument_named(path, positional) or path for path in changed)
    return {name.partition("[")[0] for name in named}


def _picture(
    example: Example, want: Mapping[str, Any], have: Mapping[str, Any], axes: tuple[str, ...] | None
) -> str:
    """A grid for each entry along the first of three axes that the course names, when x has the same first two.

    In it stands # where an entry differs and · where it agrees.
    """
    name = next(iter(want), None)
    if name is None:
        return ""
    value, expected, x = have.get(name), want[name], next(iter(example.arguments.values()), None)
    if axes is None or not comparable(value, expected):
        return ""
    if not isinstance(x, np.ndarray) or x.ndim != 3 or x.shape[1] < 2:
        return ""
    if expected.ndim != 3 or expected.shape[:2] != x.shape[:2]:
        return ""
    off = ~close(value, expected)
    if not off.any():
        return ""
    first, second, third = axes
    lines = [f"{name}, {second} × {third} (# differs, · agrees)"]
    for number, grid in enumerate(off):
        if len(off) > 1:
            lines.append(f"  {first} {number}")
        lines += [
            f"  {second[0]}={place} " + " ".join("#" if differs else "·" for differs in row)
            for place, row in enumerate(grid)
        ]
    return "\n".join(lines)
