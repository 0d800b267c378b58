"""What went wrong where the course's harness used something of the student's, and no line of theirs raised.

A function gives back another number of things than were to be taken from it, an object lacks a method, or the harness
itself refuses what it was given. What is said names the student's function and the line where it is defined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from grader.messages import forms, lookup
from grader.problems import ExplainedProblem
from grader.records import Chunk
from grader.subject.subjects import StudentRaised

_UNPACKED = re.compile(
    r"(?P<which>too many|not enough) values to unpack \(expected (?P<count>\d)(?:, got \d{1,3})?\)"
)
_ONE_THING = re.compile(
    r"cannot unpack non-iterable (?P<kind>NoneType|int|float|bool|Tensor|numpy\.float(?:32|64)) object"
)


def explained(error: StudentRaised, chunks: Sequence[Chunk]) -> ExplainedProblem | None:
    """What is said of an exception that came through a harness; None where its own text says it."""
    use = error.seen
    if use is None:
        return None
    if use.lacks is not None and (owner := lookup.find(use.lacks[0], chunks)) and owner.is_class:
        attribute = use.lacks[1]
        near = lookup.near(attribute, [*lookup.methods(owner.name, chunks), *lookup.names(chunks).attributes])
        slip = f"There is `{near}`: is it meant to be this one?" if near else ""
        sentence = f"`{owner.name}` ({owner.where}) has no `{attribute}`"
        return ExplainedProblem("missing", f"{owner.name}.{attribute}", said=sentence, cause=slip)
    if use.said and forms.fit(use.filled, chunks, use.words):
        return at_definition(ExplainedProblem("raised", use.asked, said=use.said.rstrip(" .,")), chunks)
    if use.nothing:
        sentence = f"`{use.asked}` gives nothing back (is a return missing?)"
        return at_definition(ExplainedProblem("none", use.asked, said=sentence), chunks)
    gives = "" if error.raised.frames else _gives(error.raised.text[:200])
    if gives:
        return at_definition(ExplainedProblem("raised", use.asked, said=f"`{use.asked}` {gives}"), chunks)
    return None


def at_definition(
    explanation: ExplainedProblem, chunks: Sequence[Chunk], function: str = ""
) -> ExplainedProblem:
    """The same, pointing at the line where what it is about is defined, unless it says so already."""
    definition = lookup.find(function or explanation.about, chunks)
    if definition is None or definition.where in explanation.cause:
        return explanation
    return replace(
        explanation,
        label=definition.label,
        number=definition.line,
        where=definition.where,
        line=definition.head,
    )


def _gives(text: str) -> str:
    """What is said of something that does not give back as many things as were to be taken from it."""
    if match := _UNPACKED.fullmatch(text):
        than = "more" if match["which"] == "too many" else "fewer"
        return f"must give {match['count']} things back; what it gives has {than} parts"
    if match := _ONE_THING.fullmatch(text):
        kind = "nothing" if match["kind"] == "NoneType" else f"one {match['kind']}"
        return f"must give several things back, and gives {kind}"
    return ""
