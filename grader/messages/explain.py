"""What student code raised, in words a student can use. Never shows text that could carry a hidden input.

The line of the student's own code is looked up in the source on the trusted side (`lookup`); `forms` decides which
texts of exceptions may be shown, `likely` what is likely behind them and what to look at next.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from grader.messages import forms, gone, lookup, through_harness
from grader.messages.likely import Likely, likely
from grader.problems import ExplainedProblem
from grader.records import Chunk, StudentSource
from grader.subject import operations as ops
from grader.subject.subjects import ENDED_ITSELF, StudentRaised, SubjectLost
from grader.text import clean, listed

MOST_MESSAGE = 600  # characters of what is made of a child's text
_GUFUNC = re.compile(r", with gufunc signature \S+")  # no help to a beginner
_NO_FORWARD = re.compile(r"Module \[\w{1,60}\] is missing the required \"forward\" function")
#: Where one line of a file does not say it: what is asked was never reached.
_NOWHERE = ("", "")


def problem(error: StudentRaised, source: StudentSource) -> ExplainedProblem:
    """What student code raised, or did not define: the facts, and the words for them."""
    raised, exercise, chunks = error.raised, error.asked, source.files
    frame = lookup.innermost(raised, chunks)
    where, line = place(frame, chunks) if frame else _NOWHERE
    inside = lookup.function_at(frame, chunks) if frame and where else ""
    label, number = (frame.label, frame.line) if frame and where else ("", 0)
    through = through_harness.explained(error, chunks)
    if through is not None:
        return through
    if raised.kind == "Missing":
        return _missing(raised, source, exercise)
    if raised.kind == "NoSuchWeight":
        return _no_weight(error, chunks)
    if raised.kind == "WeightShape":
        return ExplainedProblem("weight", exercise, said=_wrong_weight(error))
    if raised.kind == "NotImplementedError" and _NO_FORWARD.fullmatch(raised.text):
        slip = _where_forward_is(exercise, chunks)
        return _explanation(exercise, f"`{exercise}` has no method `forward`", Likely(slip, "define"))
    if raised.kind == "NotImplementedError" and (not raised.text or not where or "raise" in line):
        name = inside or exercise
        caller = lookup.caller(raised, chunks) or ("" if f"{name}.".startswith(f"{exercise}.") else exercise)
        sentence = f"`{name}` is still to be written{f' ({where})' if where else ''}"
        sentence += f"; `{caller}` calls it" if caller else ""
        return ExplainedProblem("unwritten", name, caller, label, number, said=sentence)
    activity = {"backward": "Backpropagating through", "construct": "Making"}.get(raised.stage, "Using")
    own = inside in ("", exercise, f"{exercise}.forward", f"{exercise}.__init__")
    words = error.seen.words if error.seen is not None else frozenset()
    sentence = f"{activity} `{exercise}` raised {exception(raised, chunks, words)}{'' if own else f', in `{inside}`'}"
    is_no_function = not where and raised.text.endswith("object is not callable")
    away = gone.loss(exercise, chunks)[0] if raised.stage == "construct" or is_no_function else ""
    why_likely = Likely(away, "define") if away else _likely(raised, chunks)
    explanation = _explanation(inside or exercise, sentence, why_likely, where)
    if error.seen is not None and not where:
        return through_harness.at_definition(explanation, chunks, exercise)
    return replace(explanation, label=label, number=number, where=where, line=line)


def _missing(raised: ops.Raised, source: StudentSource, exercise: str) -> ExplainedProblem:
    """A name that the program does not define, or not any more when it has run."""
    chunks = source.files
    sentence = f"`{source.name}` defines no `{exercise}`"
    why, label, number = lookup.enclosed(exercise, chunks)
    if not why and (loss := gone.loss(exercise, chunks))[0]:
        return ExplainedProblem("gone", exercise, "", *loss[1:], said=sentence, cause=loss[0])
    if not why and (definition := lookup.find(exercise, source.chunks)):
        if definition.sure:
            why = f"It stands at {definition.where}, but is not there any more when all of the file has run."
            return ExplainedProblem("gone", exercise, said=sentence, cause=why)
        why = f"It stands at {definition.where}, where it could not be made: the notes say why."
        label, number = definition.label, definition.first
    why = why or _similar_name(raised, chunks)
    return ExplainedProblem("missing", exercise, "", label, number, said=sentence, cause=why)


def _where_forward_is(exercise: str, chunks: Sequence[Chunk]) -> str:
    """Where the method `forward` of a class may be that has none: in a cell of its own, or under another name."""
    if (outside := lookup.find("forward", chunks)) is not None:
        return f"A function `forward` stands outside of it ({outside.where}): it must stand inside, indented."
    near = lookup.near("forward", lookup.methods(exercise, chunks))
    return f"There is `{near}`: is it meant to be this one?" if near else ""


def _explanation(about: str, sentence: str, likely: Likely, where: str = "") -> ExplainedProblem:
    sentence = _GUFUNC.sub("", sentence).rstrip(" .,")
    next_step = likely.next_step(where)
    return ExplainedProblem(
        "raised", about, said=sentence, cause=likely.cause, next=next_step, needs_call=likely.needs_call
    )


def one_line(explanation: ExplainedProblem) -> str:
    """All that a message says of it: what, where, and the likely cause."""
    at = f", at {explanation.place}" if explanation.place else ""
    return clean(f"{explanation.said}{at}. {explanation.cause}", MOST_MESSAGE)


def message(error: StudentRaised, source: StudentSource) -> str:
    """All that the student reads about what their code raised."""
    return one_line(problem(error, source))


def exception(raised: ops.Raised, chunks: Sequence[Chunk], also: Collection[str] = ()) -> str:
    """The exception's class, and its text where that may be shown. `also` are words that may stand in it."""
    text = forms.presentable(raised.text, chunks, also)
    kind = forms.kind(raised.kind, chunks, raised.bases)
    return f"{kind}: {text.rstrip('.')}" if text else kind


def cause(raised: ops.Raised, chunks: Sequence[Chunk]) -> str:
    """The likely cause of an exception in a sentence; empty where none of the known ones fits."""
    return _likely(raised, chunks).cause


def _likely(raised: ops.Raised, chunks: Sequence[Chunk]) -> Likely:
    frame = lookup.innermost(raised, chunks)
    line = (frame and lookup.text(frame.label, frame.line, chunks, lookup.READ_OF_A_LINE)) or ""
    return likely(raised, line, chunks, lambda word: forms.is_known(word, chunks))


def explain_lost(lost: SubjectLost, chunks: Sequence[Chunk] = ()) -> str:
    """One or two sentences about a submission's process that hung or died; `chunks` may say where."""
    detail = clean(lost.detail, 80)
    because = f" ({detail})" if detail else ""
    subject = f"`{lost.asked}`" if lost.asked else ""
    if lost.kind == "killed":
        return f"The process was killed from outside, twice{because}: by the machine, not by the program."
    if lost.kind == "timeout":
        # Where there is a detail, this exercise was not asked again: the detail says why.
        begun = (
            f"{subject} gave no answer in time"
            if subject and not detail
            else f"No answer came in time{because}"
        )
        return f"{begun}{_what_is_slow(chunks, lost.asked)}"
    if lost.detail == ENDED_ITSELF:
        begun = f"{subject} ended the program" if subject else "The program ended itself"
        return f"{begun} instead of answering: does it call os._exit()?"
    return (
        f"{f'{subject} ended the program' if subject else 'The program ended'} instead of answering{because}."
    )


def _what_is_slow(chunks: Sequence[Chunk], function: str) -> str:
    """The end of a sentence about what took too long: what there is in the source that may."""
    slow = lookup.slow(chunks, function)
    if len(slow) == 1 and slow[0].kind == "loop":
        return f": does the {slow[0].what} at {slow[0].where} ever end?"
    if len(slow) == 1:
        return f": does {slow[0].what} at {slow[0].where} need to be there?"
    if slow:
        places = listed((loop.where for loop in slow[:4]), "or")
        return f": what at {places} may never end?"
    return ": is there an endless loop, or one that takes very long?"


def place(frame: ops.Frame, chunks: Sequence[Chunk]) -> tuple[str, str]:
    """A frame as ("line 12" or "cell 3, line 2", the text of that line); two empty texts where the file has none."""
    text = lookup.text(frame.label, frame.line, chunks)
    return _NOWHERE if text is None else (lookup.where(frame.label, frame.line), text)


def _no_weight(error: StudentRaised, chunks: Sequence[Chunk]) -> ExplainedProblem:
    gap = lookup.gap(error.asked, chunks)
    if gap is not None:
        sentence = f"`{gap.name}` is still to be written ({gap.where})"
        return ExplainedProblem("unwritten", gap.name, "", gap.label, gap.line, said=sentence)
    name = error.raised.text if error.raised.text in error.weights else ""
    sentence = f"`{error.asked}` has no weight called `{name}`" if name else f"`{error.asked}` lacks a weight"
    first = name.split(".")[0]
    names = lookup.names(chunks)
    uncalled = [(value, line) for attribute, value, line in names.uncalled if attribute == first]
    slip = lookup.near(first, names.attributes) if first not in names.attributes else ""
    hint = ""
    if uncalled:
        value, line = uncalled[0]
        hint = f"`self.{first}` is `{clean(value, 60)}` itself (line {line}): is it never made?"
    elif slip:
        hint = f"There is `self.{slip}`: is it meant to be this one?"
    return ExplainedProblem("weight", error.asked, said=sentence, cause=hint)


def _wrong_weight(error: StudentRaised) -> str:
    name = error.raised.text[:200].split(" ", 1)[0]
    if name not in error.weights:
        return f"A weight of `{error.asked}` has another shape than the hand-out says"
    shape = re.match(r"\(((?:\d{1,4}, ?){0,4}\d{0,4})\) ", error.raised.text[len(name) + 1 : 200])
    has = f"has shape ({shape[1]})" if shape else "has another shape"
    return f"The weight `{name}` of `{error.asked}` {has}; expected {tuple(error.weights[name].shape)}"


def _similar_name(raised: ops.Raised, chunks: Sequence[Chunk]) -> str:
    if raised.text and re.fullmatch(r"\w{1,60}", raised.text) and forms.is_known(raised.text, chunks):
        return f"There is `{raised.text}`: is it meant to be this one?"
    return ""
