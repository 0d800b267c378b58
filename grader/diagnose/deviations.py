"""How an answer deviates from the expected one: a record for each part that is wrong, with its numbers in rows.

Of an answer only numbers are shown, where numbers of this shape were wanted: it could hold anything that the program
has seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader import values
from grader.diagnose.match import same_value
from grader.problems import Deviation, Kind
from grader.subject import operations as ops
from grader.suite.compare import number_like, tolerance
from grader.suite.differences import count_text, describe, expected_array, shape_text

DIGITS, MOST_DIGITS = 4, 10
ONE_LINE = 8  # entries of an array that fit on one line
MOST_ROWS = 3  # of a larger array that are shown
LARGEST = 9999  # of whole numbers in an answer that are shown


def compared(
    expected: Mapping[str, Any], answers: Mapping[str, Any], mode: str, inside: str = ""
) -> tuple[dict[str, Any], Any, list[Deviation]]:
    """Expected and got as JSON, and how they differ.

    `inside` says what is wrong with the containers in an answer, where the answer itself has as many parts as expected.
    """
    if expected.keys() != answers.keys():
        description = describe(answers.get(""))
        names = list(expected)
        if inside:
            return plain(expected), description, [Deviation("structure", ", ".join(expected), inside)]
        if len(names) == 1 and isinstance(expected[names[0]], np.ndarray):
            return (
                plain(expected),
                description,
                [_no_array(names[0], names[0], expected[names[0]], answers.get(""))],
            )
        noun = "thing" if len(expected) == 1 else "things"
        text = f"expected {len(expected)} {noun} back ({', '.join(expected)}), got {description}"
        if container := _container(names):
            text = f"{container}: {_other_entries(container, names, answers.get(''))}"
        kind: Kind = "none" if answers.get("") is None else "structure"
        return plain(expected), description, [Deviation(kind, ", ".join(expected), text)]
    digits = max((_digits(expected[name], answers[name]) for name in expected), default=DIGITS)
    answered = {
        name: as_json(part, digits) if _may_be_shown(part, expected[name]) else _description(part, mode)
        for name, part in answers.items()
    }
    missing = [name for name in expected if mode == "gradients" and answers[name] is None]
    deviations = []
    if missing:
        cut_off = ", ".join(missing)
        deviations.append(Deviation("no_gradient", cut_off, f"no gradient reaches {cut_off}"))
    of = "the gradient of " if mode == "gradients" else ""
    for name in expected:
        if name not in missing and not same_value(answers[name], expected[name]):
            deviations.append(_deviation(of + name, name, expected[name], answers[name], digits))
    return {name: as_json(part, digits) for name, part in expected.items()}, answered, deviations


def _container(names: Sequence[str]) -> str:
    """What a list or a dict is called of which these are the entries, as "x[0]" and "x[1]" are of x; else ""."""
    containers = {name[: name.rfind("[")] if name.endswith("]") else "" for name in names}
    return containers.pop() if len(containers) == 1 else ""


def _other_entries(container: str, names: Sequence[str], answer: Any) -> str:
    """How a list or a dict has other entries than `names` say; words that the submission chose are not repeated."""
    count = f"{len(names)} {'entry' if len(names) == 1 else 'entries'}"
    if values.kind(answer) == "dict":
        missing = [name for name in names if name not in {f"{container}[{key!r}]" for key in answer}]
        entries = [name.removeprefix(container)[1:-1] for name in missing]
        return f"has no entry {', '.join(entries)}" if missing else f"expected {count}, got {len(answer)}"
    if isinstance(answer, (tuple, list)):
        return f"expected {count}, got {count_text(len(answer))}"
    return f"expected {count}, got {describe(answer)}"


def parameters(expected: Any, registered: Any) -> tuple[dict[str, Any], dict[str, Any], list[Deviation]]:
    """Registered parameters: expected, got, and what is wrong. Other names than the expected ones are only counted."""
    registered = registered if isinstance(registered, Mapping) else {}
    missing = ", ".join(name for name in expected if name not in registered)
    others = sum(name not in expected for name in registered)
    deviations = []
    if missing:
        deviations.append(Deviation("unregistered", missing, f"not registered: {missing}"))
    if others:
        text = f"{count_text(others)} more registered than the hand-out asks for"
        deviations.append(Deviation("extra", "", text))
    for name, parameter in expected.items():
        if name in registered and _shape(registered[name]) != _shape(parameter):
            deviations.append(_parameter_deviation(name, parameter, registered[name]))
    answered = {name: _shape(registered[name]) for name in expected if name in registered}
    if others:
        answered["others"] = count_text(others)
    return {name: _shape(parameter) for name, parameter in expected.items()}, answered, deviations


def plain(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an answer by name, as plain JSON."""
    return {name: as_json(part) for name, part in parts.items()}


def as_json(value: Any, digits: int = DIGITS) -> Any:
    """Plain JSON: numbers rounded as they are shown, other values in words."""
    match values.kind(value):
        case "tuple" | "list":
            return [as_json(part, digits) for _, part in values.parts(value)]
        case "dict":
            return {str(key): as_json(part, digits) for key, part in values.parts(value)}
    if isinstance(value, (np.ndarray, np.generic)):
        return as_json(value.tolist(), digits)
    if isinstance(value, float):
        return round(value, digits) if np.isfinite(value) else str(value)
    return value if value is None or isinstance(value, (bool, int, str)) else describe(value)


def _may_be_shown(value: Any, expected: Any) -> bool:
    """Whether an answer can be told as it is: numbers beside other numbers, and whatever is right."""
    return comparable(value, expected) or same_value(value, expected)


def comparable(value: Any, expected: Any) -> bool:
    """Whether two values are arrays of one shape, whose numbers can be compared one by one."""
    arrays = isinstance(value, np.ndarray) and isinstance(expected, np.ndarray)
    return arrays and value.shape == expected.shape and value.dtype.kind == "f"


def close(value: Any, expected: Any) -> Any:
    """For each entry of two comparable arrays whether they agree, as far as what is shown can tell."""
    if expected.dtype.kind == "b":
        return value == expected
    limit = tolerance(expected.dtype, 1) * max(1.0, float(np.abs(expected).max(initial=0.0)))
    return np.abs(value - expected) <= limit


def _no_array(title: str, name: str, expected: Any, value: Any) -> Deviation:
    text = f"{title}: expected {expected_array(expected.shape, value, expected.dtype)}, got {describe(value)}"
    return Deviation("none" if value is None else "no_array", name, text)


def _no_number(title: str, name: str, want: Any, value: Any) -> Deviation:
    """A whole number, a truth value, a text, None or a container that is another one."""
    expected = describe(want) if values.kind(want) != "leaf" else repr(want)
    if type(value) is type(want) and isinstance(value, str):
        answered = "another text"
    elif isinstance(value, (bool, int)) and abs(value) <= LARGEST:
        answered = repr(value) if type(value) is type(want) else f"{value!r} ({describe(value)})"
    else:
        answered = describe(value)
    return Deviation(
        "none" if value is None else "other", name, f"{title}: expected {expected}, got {answered}"
    )


def _description(value: Any, mode: str) -> str:
    return "no gradient" if value is None and mode == "gradients" else describe(value)


def _digits(expected: Any, value: Any) -> int:
    """How many decimals it takes to see the difference."""
    if not comparable(value, expected) or value.dtype != expected.dtype or not np.isfinite(value).all():
        return DIGITS
    off = np.abs(value.astype(np.float64) - expected)[~close(value, expected)]
    smallest = float(off.min(initial=1.0))
    return min(MOST_DIGITS, max(DIGITS, 2 - int(np.floor(np.log10(smallest)))))


def _deviation(title: str, name: str, expected: Any, value: Any, digits: int) -> Deviation:
    """How `value` is off; numbers as rows of expected and got, with the differing entries between > and <."""
    value = number_like(value, expected)
    if type(expected) is float and type(value) is float:
        expected, value = np.asarray(expected), np.asarray(value)
    if not isinstance(expected, np.ndarray):
        return _no_number(title, name, expected, value)
    if not isinstance(value, np.ndarray) or value.ndim == 0 < expected.ndim:
        return _no_array(title, name, expected, value)
    if value.shape != expected.shape:
        text = f"{title} has shape {shape_text(value.shape)}, expected {shape_text(expected.shape)}"
        return Deviation("shape", name, text)
    if value.dtype != expected.dtype:
        as_inputs = ", as the inputs are" if expected.dtype.kind == "f" else ""
        text = f"{title} is {value.dtype}, expected {expected.dtype}{as_inputs}"
        return Deviation("dtype", name, text)
    off = ~close(value, expected)
    finite = np.isfinite(value)
    upto = ", by up to" if off.size > 1 else " by"
    far = (
        f"{upto} {np.abs(value - expected.astype(float))[finite & off].max(initial=0):.2g}"
        if (finite & off).any()
        else ""
    )
    count = f" in {int(off.sum())} of {off.size} entries" if off.size > 1 else ""
    bad = "" if finite.all() else f"; it holds {'NaN' if np.isnan(value).any() else 'infinite numbers'}"
    head = f"{title} is off{count}{far}{bad}"
    kind: Kind = "off" if finite.all() else "not_finite"
    if off.size <= ONE_LINE or off.ndim < 2:
        return Deviation(kind, name, head, tuple(_two_lines("", expected, value, off, digits)))
    rows = [row for row in range(len(off)) if off[row].any()]
    lines = []
    for row in rows[:MOST_ROWS]:
        lines += _two_lines(f"{name}[{row}] ", expected[row], value[row], off[row], digits)
    if len(rows) > MOST_ROWS:
        lines.append(f"  and {len(rows) - MOST_ROWS} more of {name}[…]")
    return Deviation(kind, name, head, tuple(lines))


def _two_lines(label: str, want: Any, value: Any, off: Any, digits: int) -> list[str]:
    texts = [[_number(number, digits) for number in array.ravel()] for array in (want, value)]
    width = max(len(text) for row in texts for text in row)
    expected = iter([f" {text:>{width}} " for text in texts[0]])
    marked = iter(
        [
            f"{'>' + text:>{width + 1}}<" if wrong else f" {text:>{width}} "
            for text, wrong in zip(texts[1], off.ravel())
        ]
    )
    return [
        f"  {label}expected {_rows(want.shape, expected)}",
        f"  {label}got      {_rows(want.shape, marked)}",
    ]


def _rows(shape: Sequence[int], entries: Any) -> str:
    if not shape:
        return str(next(entries))
    return "[" + " ".join(_rows(shape[1:], entries) for _ in range(shape[0])) + "]"


def _number(value: Any, digits: int) -> str:
    return f"{float(value):.{digits}f}"


def _parameter_deviation(name: str, want: Any, have: Any) -> Deviation:
    """How a parameter differs from the expected one: by its shape, else by its dtype, else by not being trained."""
    value = have.value if isinstance(have, ops.Parameter) else have
    if not isinstance(value, np.ndarray):
        expected = expected_array(want.value.shape, value, want.value.dtype, noun="a tensor")
        return Deviation("no_array", name, f"{name} is {_no_tensor(value)}, expected {expected}")
    if have.value.shape != want.value.shape:
        text = f"{name} has shape {shape_text(have.value.shape)}, expected {shape_text(want.value.shape)}"
        return Deviation("shape", name, text)
    if have.value.dtype != want.value.dtype:
        text = f"{name} is {have.value.dtype}, expected {want.value.dtype}, as PyTorch makes parameters"
        return Deviation("dtype", name, text)
    return Deviation("untrained", name, f"{name} is not trained (requires_grad is False)")


def _no_tensor(value: Any) -> str:
    return describe(value) if isinstance(value, ops.Opaque) else "not a tensor"


def _shape(parameter: Any) -> str:
    if not isinstance(parameter, ops.Parameter):
        return "not a tensor"
    if not isinstance(parameter.value, np.ndarray):
        return _no_tensor(parameter.value)
    kind = "" if parameter.value.dtype == np.float32 else f", {parameter.value.dtype}"
    return f"shape {shape_text(parameter.value.shape)}{kind}{'' if parameter.trainable else ', not trained'}"
