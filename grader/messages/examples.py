"""A counterexample in words: what it is, the call to paste, what came of it and what should have come.

`block` is all of it for a page of plain text; the other functions give its parts to whoever lays them out otherwise.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from grader.messages.layout import WIDTH, as_it_is, cut, wrapped
from grader.problems import Deviation, Kind
from grader.records import Counterexample, Result
from grader.text import clean

MOST_EXAMPLES = 4
ROOM = 26  # lines for counterexamples; one that does not fit any more is put into a sentence
SEEN_AT_ONCE = 3  # lines of a picture that say no more than the marks between > and < do
MOST_PARTS = 3  # of an answer that are wrong, each with its numbers; others are only named
_SAID_ONCE: frozenset[Kind] = frozenset(
    {"dtype", "changed"}
)  # one sentence is enough for several parts of an answer
MOST_EXPECTED = 3  # parts of an answer that did not come


def title(example: Counterexample) -> str:
    """What a counterexample is: a call that gives a wrong answer, or what the student's code raised."""
    mode = f" ({clean(example.way, 120)})" if example.way else ""
    if example.explanation:
        return f"{clean(example.explanation.said, 400)}{mode}{'' if example.explanation.where else '.'}"
    return f"The smallest call of `{clean(example.function, 80)}` that goes wrong{mode}"


def cause(example: Counterexample) -> list[str]:
    """Where the student's code raised, and what is likely behind it, each in a sentence; [] where it did not raise."""
    explanation = example.explanation
    if explanation is None:
        return []
    code = f": `{explanation.line}`" if explanation.line else ""
    at = f"at {clean(f'{explanation.where}{code}', 160)}" if explanation.where or code else ""
    return [part for part in (at, clean(explanation.cause, 600)) if part]


def call(example: Counterexample) -> list[str]:
    """The call to paste, in lines; [] where it shows no more than the line that is named: of a misspelt name, say."""
    is_shown = example.explanation is None or example.explanation.needs_call
    return [as_it_is(line, 2000) for line in example.call.splitlines()] if is_shown else []


def outcome(example: Counterexample) -> list[str]:
    """What came of a counterexample's call and what should have come, in lines with their indentation."""
    if example.explanation:
        return (
            _expectation(example.expected) if example.explanation.kind == "raised" and call(example) else []
        )
    if not example.answered:
        return [line[2:] for line in wrapped(clean(str(example.got), 700), "  ")]
    lines = []
    alike = [*_groups(example.deviations)]
    most = MOST_PARTS if len(alike) > MOST_PARTS + 1 else len(alike)
    for same in alike[:most]:
        lines += [same[0].text, *same[0].rows]
        lines += [f"also wrong: {_names(same[1:])}"] if same[1:] else []
    if others := [deviation for same in alike[most:] for deviation in same]:
        lines.append(f"also wrong: {_names(others)}")
    return cut([as_it_is(line) for line in lines])


def is_aligned(example: Counterexample) -> bool:
    """Whether numbers stand under each other in the outcome; if not, it is sentences, which may be wrapped."""
    if example.explanation:
        return any(isinstance(value, list) for value in example.expected.values())
    return any(deviation.rows for deviation in example.deviations)


def blocks(result: Result) -> Iterator[list[str]]:
    """The first counterexample opened up; another one too if it is about something else and there is room."""
    in_short: list[str] = []
    room = ROOM
    for example in result.counterexamples[:MOST_EXAMPLES]:
        lines = block(example)
        alike = example is not result.counterexamples[0] and _same_mistake(result, example)
        if example is result.counterexamples[0] or (len(lines) <= room and not alike):
            room -= len(lines)
            yield lines
        else:
            in_short += _in_short(example, "in the same way" if alike else "as well")
    yield in_short


def block(example: Counterexample) -> list[str]:
    """A counterexample: what was raised, the call to paste, then what came and what should have come."""
    lines = wrapped(title(example) + ("" if example.explanation else ":"))
    for sentence in cause(example):
        lines += wrapped(sentence, "  ")
    lines += cut([f"    {line}" for line in call(example)])
    lines += [f"  {line}" for line in outcome(example)]
    picture = example.picture.splitlines()
    if len(picture) > SEEN_AT_ONCE:
        lines += cut([f"  {as_it_is(line)}" for line in picture])
    return lines


def _same_mistake(result: Result, example: Counterexample) -> bool:
    """Whether one named mistake is behind this counterexample and the first."""
    exercises = {example.function, result.counterexamples[0].function}
    return any(exercises <= {*diagnosis.functions} for diagnosis in result.diagnoses)


def _in_short(example: Counterexample, how: str) -> list[str]:
    heads = [deviation.text for deviation in example.deviations[:1]]
    if others := example.deviations[1:]:
        heads.append(f"also wrong: {_names(others)}")
    mode = f" ({example.way})" if example.way else ""
    if explanation := example.explanation:
        place = f" ({explanation.where})" if explanation.where else ""
        heads = [f"{explanation.said}{place}. {explanation.cause}".strip()]
    sentence = clean("; ".join(heads), 500)
    return wrapped(f"`{example.function}` goes wrong {how}{mode}: {sentence}", rest="  ")


def _groups(deviations: Sequence[Deviation]) -> Iterator[list[Deviation]]:
    """Deviations in their order; those of one kind of which one sentence is enough, together."""
    groups: dict[Hashable, list[Deviation]] = {}
    for place, deviation in enumerate(deviations):
        groups.setdefault(deviation.kind if deviation.kind in _SAID_ONCE else place, []).append(deviation)
    yield from groups.values()


def _names(deviations: Sequence[Deviation]) -> str:
    return ", ".join(deviation.about or deviation.text for deviation in deviations)


def _expectation(expected: Mapping[str, Any]) -> list[str]:
    """What should have come, where nothing did."""
    lines = [f"expected {name}: {value}" for name, value in expected.items()]
    return [line for line in lines if len(line) < WIDTH - 2][:MOST_EXPECTED]
