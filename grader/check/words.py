"""What happened in a check, in words a tired student can use, and the one thing to do next.

Pure text, made from a Report. It never says what to write. All that came from the student's file goes through `clean`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.check import readme
from grader.check.guide import NAME as GUIDE
from grader.check.paste import lines as paste_lines
from grader.check.printed import MOST_PRINTED
from grader.check.report import CheckOutcome, Report
from grader.check.session import LIMIT_SECONDS
from grader.messages import lookup
from grader.messages.gone import loss
from grader.messages.likely import Likely, likely
from grader.records import Chunk
from grader.subject import operations as ops
from grader.submissions.syntax_errors import refusal
from grader.text import clean, points

MOST_PRINTED_LINES = 8
_NOISE = re.compile(r", with gufunc signature \S+| \(Triggered internally.*")

_SIGNATURE = re.compile(r"([\w.]{1,120})\(\) (?:takes|missing|got) ")

Place = tuple[str, int, str]


def aside(outcome: CheckOutcome) -> str:
    """What stands in brackets after a check's sentence in the list; empty where the mark says enough."""
    return "not tried" if outcome.outcome == "skipped" else ""


def happened(outcome: CheckOutcome, report: Report) -> list[str]:
    """What went wrong, in one to three sentences, each on a line of its own."""
    where = at(outcome.frames, report.chunks)
    if outcome.outcome == "todo":
        by = _caller(outcome, report)
        calls = f"; `{by}` calls it" if by else ""
        return [
            f"{_function(outcome.frames, report.chunks)} is still to be written{_brackets(where)}{calls}."
        ]
    if outcome.outcome == "missing":
        return _missing(outcome, report)
    if outcome.outcome == "exit":
        return [f"Your code ended the program{_comma(where)}.", *_cause(outcome, report)]
    if outcome.outcome == "hang":
        return [f"It did not come to an end: it was stopped{_comma(where)}.", *_slow(outcome, report)]
    if outcome.outcome == "crash":
        how = " (a fault in compiled code)" if outcome.kind == "signal" else ""
        return [f"It ended the whole program{how} instead of giving an answer."]
    if outcome.outcome == "failed" and outcome.kind == "AssertionError":
        message = clean(outcome.text, 400) or "What came back is not what the check asks for."
        asks = outcome.nothing and "return" not in message  # some checks ask it themselves
        return [message, *(["Is there a `return` at the end?"] if asks else [])]
    if not outcome.name and outcome.kind == "SyntaxError":
        return [
            refusal(report.file, _place(outcome.frames), _line(outcome.frames, report.chunks), outcome.text)
        ]
    message = _exception(outcome)
    if not outcome.name:
        return [f"Loading {report.file} raised {message}", *_indent(where), *_cause(outcome, report)]
    if outcome.outcome == "failed" and (called := _called_otherwise(outcome, report)):
        return [
            f"`{clean(called, 120)}` cannot be called as the hand-out says: {message}",
            *_cause(outcome, report),
        ]
    if outcome.outcome == "failed":
        return [f"The check could not use what came back: {message}", *_cause(outcome, report)]
    return [
        f"{_function(outcome.frames, report.chunks)} raised {message}",
        *_indent(where),
        *_cause(outcome, report),
    ]


def _missing(outcome: CheckOutcome, report: Report) -> list[str]:
    """That a name of the hand-out is not defined, and which one may be meant to be it."""
    near = lookup.near(outcome.text, lookup.names(report.chunks).names)
    slip = f"There is `{clean(near, 60)}`: is it meant to be this one?" if near else ""
    slip = lookup.enclosed(outcome.text, report.chunks)[0] or loss(outcome.text, report.chunks)[0] or slip
    return [
        f"{report.file} defines no `{clean(outcome.text, 60)}`, the name that the hand-out gives it.",
        *([slip] if slip else []),
    ]


def _paste_step(first: CheckOutcome, report: Report) -> str:
    """Where the lines to paste go, and what they show."""
    step = f"Save these lines as try.py beside {report.file} and type: python try.py"
    if report.file.endswith(".ipynb"):
        step = f"Paste these lines into a new cell of {report.file}"
    if first.compared:
        return f"{step}. Follow them by hand: where do you first differ?"
    return f"{step}. They show what comes back; the check says what should."


def to_paste(outcome: CheckOutcome, report: Report) -> list[str]:
    """The lines that show it without the check; none where the student's own line is all there is to see."""
    if not outcome.line or outcome.outcome in ("todo", "missing", "exit"):
        return []
    if outcome.outcome == "error" and not _likely(outcome, report).needs_call:
        return []
    return paste_lines(report.checks, outcome.name, outcome.line, report.name, report.is_notebook)


def printed(outcome: CheckOutcome) -> list[str]:
    """What the code printed in this check, as far as it can be shown."""
    rows = clean(outcome.printed[:MOST_PRINTED], MOST_PRINTED, multiline=True).splitlines()
    cut = rows[:MOST_PRINTED_LINES]
    return [clean(row, 160) for row in cut] + (["…"] if len(rows) > len(cut) else [])


def next_step(report: Report) -> str:
    """The one thing to do now."""
    first = report.first
    if report.problem:
        return "Put that right, save, and look again."
    if first is None:
        questions = readme.questions(report.readme)
        lead = f"{questions}, then hand in" if questions else "Hand in"
        return f"{lead} {report.file} under this name."
    where = _place(first.frames)
    if first.outcome == "todo":
        right = any(outcome.outcome == "passed" for outcome in report.outcomes)
        lead = "What is written is right so far. Go on with" if right else "Begin with"
        example = readme.worked_example(report.readme)
        return f"{lead} {_function(first.frames, report.chunks)}{_brackets(where)}{example}."
    if first.outcome == "missing" and report.misplaced:
        return "Do what the note above says, save, and look again."
    if first.outcome == "missing":
        return f"Define `{clean(first.text, 60)}`, with the name and the arguments of the hand-out."
    if first.outcome == "exit":
        return "Take that call out: a file that is handed in is imported, and this would end the grading too."
    if first.outcome == "hang" and (waiting := _not_a_loop(first, report)):
        return f"Take {waiting.what} out (at {waiting.where}): the exercise does not need it."
    if first.outcome == "hang":
        loop = f" around {where}" if where else ""
        return f"Look for the loop{loop}: which number in it changes, and does it ever reach the end?"
    if first.outcome == "crash":
        return (
            f"Run the file by itself: python {report.file}. The last thing it prints says how far it comes."
        )
    if not first.name:
        return (
            f"Put {where or 'that'} right, save, and look again: until the file loads, no check can be tried."
        )
    if first.outcome == "error" or (first.outcome == "failed" and _called_otherwise(first, report)):
        return _likely(first, report).next_step(where)
    if to_paste(first, report):
        return _paste_step(first, report)
    return readme.follow_example(report.readme)


def progress(report: Report) -> tuple[float, float, str]:
    """The points that the passing checks stand for, all points, and what that does not say. All 0: unknown."""
    passed = {outcome.name for outcome in report.outcomes if outcome.outcome == "passed"}
    total = sum(report.guide.points.values())
    unseen = report.guide.unseen
    worth = points(sum(report.guide.points[group] for group in unseen))
    more = f" No visible check looks at {_list_of_words(unseen)} ({worth} points)." if unseen else ""
    return (
        report.guide.stands_for(passed),
        total,
        f"Hidden tests remain, and ask more of all this: it is not your grade yet.{more}",
    )


def slow(report: Report, limit: float = LIMIT_SECONDS) -> str:
    """A word about the limit, where one was reached."""
    hung = any(outcome.outcome == "hang" for outcome in (*report.outcomes, *report.loading))
    return (
        f"A check may take {limit:g} second{'s' * (limit != 1)}; on a slow machine: grader check --limit 60"
        if hung
        else ""
    )


def at(frames: Sequence[Place], chunks: Sequence[Chunk]) -> str:
    """A place as "line 12: `the line`" or "cell 3, line 2: …"; empty where there is none."""
    line = _line(frames, chunks)
    return f"{_place(frames)}: `{line}`" if line else _place(frames)


def _place(frames: Sequence[Place]) -> str:
    """A place as "line 12" or "cell 3, line 2"; "" where there is none."""
    return lookup.where(*frames[-1][:2]) if frames else ""


def _line(frames: Sequence[Place], chunks: Sequence[Chunk]) -> str:
    """The text of the line that a place is at."""
    return (lookup.text(*frames[-1][:2], chunks) or "") if frames else ""


def _function(frames: Sequence[Place], chunks: Sequence[Chunk]) -> str:
    """The function of a place, with its class: "`BiRNN.forward`"."""
    if not frames:
        return "Your code"
    label, line, name = frames[-1]
    if name == "<module>":
        return "The file"
    return f"`{clean(lookup.function_at(ops.Frame(label, line, name), chunks) or name, 80)}`"


def _caller(outcome: CheckOutcome, report: Report) -> str:
    """The function of the student's that was entered first, where it is not the one that raised."""
    outer, inner = (
        lookup.function_at(ops.Frame(*frames[-1]), report.chunks) if frames else ""
        for frames in (outcome.entered, outcome.frames)
    )
    return clean(outer, 80) if outer != inner else ""


def _called_otherwise(outcome: CheckOutcome, report: Report) -> str:
    """The function of the student's that a check calls with other arguments than it takes; "" for other failures."""
    match = _SIGNATURE.match(outcome.text[:200]) if outcome.kind == "TypeError" else None
    if match is None:
        return ""
    owner = match[1].rpartition(".")[0]
    own = lookup.find(match[1], report.chunks) or (owner and lookup.find(owner, report.chunks))
    return match[1] if own else ""


def _slow(outcome: CheckOutcome, report: Report) -> list[str]:
    """What a line that was never left does, where it is no loop."""
    slow = _not_a_loop(outcome, report)
    if slow is None:
        return []
    return [f"There is {slow.what} at {slow.where}: nothing in the exercise needs time."]


def _not_a_loop(outcome: CheckOutcome, report: Report) -> lookup.Slow | None:
    """What takes the time at the line where a check was stopped, other than a loop."""
    place = _place(outcome.frames)
    slow = lookup.slow(report.chunks)
    return next((line for line in slow if line.where == place and line.kind != "loop"), None)


def _exception(outcome: CheckOutcome) -> str:
    text = clean(_NOISE.sub("", " ".join(outcome.text.splitlines()[:4])), 400)
    kind = clean(outcome.kind, 60)
    return f"{kind}: {text}" if text else kind


def _likely(outcome: CheckOutcome, report: Report) -> Likely:
    """The likely cause, from the grader's table of what beginners meet."""
    frames = tuple(ops.Frame(*frame) for frame in outcome.frames)
    raised = ops.Raised(outcome.kind, outcome.text, "call", frames, outcome.shapes)
    line = _line(outcome.frames, report.chunks)
    return likely(raised, line, report.chunks, lambda word: True)  # it is the student's own to see


def _cause(outcome: CheckOutcome, report: Report) -> list[str]:
    if outcome.kind == "ModuleNotFoundError" and re.search(r"'(?:numpy|torch)\b", outcome.text[:100]):
        return ["Install what the exercise needs: python -m pip install -r requirements.txt"]
    cause = _likely(outcome, report).cause
    return [cause] if cause else []


def _indent(where: str) -> list[str]:
    return [f"at {where}"] if where else []


def _brackets(where: str) -> str:
    return f" ({where})" if where else ""


def _comma(where: str) -> str:
    return f" at {where}" if where else ""


def _list_of_words(names: Sequence[str]) -> str:
    words = [name.replace("_", " ") for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def ended(report: Report | None) -> str:
    """What is said when watching ends: how far one is, and how to go on."""
    again = "To go on, type: grader check --watch"
    if report is None or not report.outcomes:
        return f"Watching has ended. Your files are as they were. {again}"
    passed = sum(outcome.outcome == "passed" for outcome in report.outcomes)
    count = f"{passed} of {len(report.outcomes)} visible checks passed for the version of {report.file} saved last."
    if report.all_right:
        return f"Watching has ended. {count} If nothing is left to do, hand in {report.file} under this name."
    return f"Watching has ended. {count} {again}"


def has_hints(outcome: CheckOutcome, report: Report) -> bool:
    """Whether the hints of a check fit what became of it: they are about answers that came, and are wrong."""
    entry = report.guide.checks.get(outcome.name)
    return bool(entry and entry.hints) and outcome.outcome == "failed" and outcome.kind == "AssertionError"


def no_hints(report: Report) -> str:
    """Why there is no hint to give."""
    if report.all_right:
        questions = readme.questions(report.readme)
        rest = f" {questions}." if questions else ""
        return f"Every visible check passes, so there is nothing to hint at.{rest}"
    if report.problem or report.loading:
        return "Hints begin once the file can be loaded; what to do about that stands above."
    if not report.guide.checks:
        return f"There are no hints for this exercise (no {GUIDE} beside the checks)."
    first = report.first
    entry = report.guide.checks.get(first.name) if first is not None else None
    if first is None or entry is None or not entry.hints:
        return "There are no hints for this check."
    if first.outcome == "todo":
        return "The hints of this check are about answers that are wrong, and there is none to look at yet."
    return (
        "The hints of this check are about the answer, and none came: what kept it from coming stands above."
    )
