"""What keeps a submission from full marks, in one line; and one thing to do next. Both follow from a Result alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from grader.messages import examples
from grader.problems import Problem
from grader.records import Counterexample, Diagnosis, Result, TestResult
from grader.text import clean, counted, first_sentence, listed, where


def why(result: Result) -> str:
    """One short line: what keeps this submission from full marks; empty when nothing does."""
    if result.diagnoses:
        return _titles(result.diagnoses)
    if result.message:
        return first_sentence(result.message.splitlines()[0])
    if not result.lost:
        return ""
    if names := _unwritten(_wrong(result)):
        return f"{listed(names)} {'is' if len(names) == 1 else 'are'} still to be written"
    for example in result.counterexamples:
        if line := _of_example(example):
            return line
    worst = max(result.lost, key=lambda test: test.max_points)
    others = len(result.lost) - 1
    more = f" (and {counted(others, 'more test')})" if others else ""
    return f"{(first_sentence(worst.message) or worst.sentence).rstrip('.')}{more}"


def _titles(diagnoses: Sequence[Diagnosis]) -> str:
    """The titles of what is named: what is sure, three at most; then, where it is short, that of which one is there."""
    sure = list(
        dict.fromkeys(_title(diagnosis) for diagnosis in diagnoses if diagnosis.certainty != "one of")
    )
    offered = list(
        dict.fromkeys(diagnosis.title for diagnosis in diagnoses if diagnosis.certainty == "one of")
    )
    parts, more = sure[:3], len(sure) > 3
    if offered and not sure:
        parts, more = [" or: ".join(offered[:3])], len(offered) > 3
    elif offered and len(sure) + len(offered) <= 4:
        parts = [*parts, " or: ".join(offered)]
    elif offered:
        more = True
    return "; ".join(parts) + ("; …" if more else "")


def _title(diagnosis: Diagnosis) -> str:
    return f"{diagnosis.scope}: {diagnosis.title}" if diagnosis.scope else diagnosis.title


def next_step(result: Result) -> str:
    """One thing to do now."""
    file = clean(PurePath(result.file).name, 80)
    if result.status == "not_graded":
        return "Nothing for you to do: it will be graded again."
    if result.status == "unreadable" and not file:
        return "Hand in the file that is asked for: look that it is the right one, and all of it."
    if result.status == "unreadable" and result.problem and result.problem.number:
        return (
            f"Put that line right, run {file} once by itself, and hand it in again: most of it may be fine."
        )
    if result.status == "unreadable":
        return f"Put that right, make sure that your work is in {file}, and hand it in again."
    if result.status == "not_attempted" and not file:
        return "If you have handed something in, ask where it went. What is not finished counts as well: hand it in."
    if result.status == "not_attempted":
        return "Begin with the first exercise of the hand-out; its worked example shows when it is right."
    if result.status == "timeout":
        stop = "interrupt it" if _is_notebook(file) else "stop it with Ctrl+C"
        return (
            f"Run the hand-out's example and {stop}: the last line of yours in what Python prints is the one that"
            " keeps it busy."
        )
    if result.status == "crashed":
        return f"Run {file} by itself with the hand-out's example: where does it end?"
    if result.status == "graded" and result.message:  # the work stands where nothing is run
        return f"Do what the first line says, run {file} once by itself, and hand it in again: most of it may be fine."
    if result.counterexamples:
        return _with_call(result.counterexamples[0], file)
    wrong = _wrong(result)
    if names := _unwritten(wrong):
        right = any(test.outcome == "passed" or test not in wrong for test in result.tests)
        return f"{'What is written is right so far: go on' if right else 'Begin'} with {names[0]}."
    if missing := [test.problem for test in result.lost if test.problem and test.kind in ("missing", "gone")]:
        return _for_missing(missing, result)
    if result.diagnoses:
        return "Look for the line of yours that the question above asks about."
    if result.lost:
        return "Take the first sentence above: which line of yours makes sure of it?"
    return "Nothing is left to do: all of it is right."


def _for_gone(problem: Problem) -> str:
    """What to do about a name that was there and is not any more."""
    name = f"`{clean(problem.about, 80)}`"
    if problem.number:
        place = where(clean(problem.label, 60), problem.number)
        return f"Leave {name} alone at {place}: it is to stay what you made it."
    return f"Look for what takes {name} away again further down, or in what is called there."


def _for_missing(problems: Sequence[Problem], result: Result) -> str:
    """What to do about a name that is not there: one that was found elsewhere in the file is to be moved."""
    for problem in problems:
        if problem.kind == "gone":
            return _for_gone(problem)
        if problem.number:
            place = where(clean(problem.label, 60), problem.number)
            if (problem.label, problem.number) in {
                (remark.label, remark.line) for remark in result.passed_over
            }:
                return f"Do what the note on {place} says. Then run all from the top once."
            return f"Move what stands at {place} to the top level of the file, not indented."
    return "Give what is missing the name that the hand-out gives it, with the same arguments."


def _wrong(result: Result) -> list[TestResult]:
    """The tests that show something wrong: what only waits for a right number is no mistake of its own."""
    return [test for test in result.lost if test.kind != "withheld"]


def _unwritten(tests: Sequence[TestResult]) -> list[str]:
    """The functions that are still to be written, where that is all that points were lost for."""
    if any(test.kind != "unwritten" for test in tests):
        return []
    return list(dict.fromkeys(f"`{clean(test.problem.about, 80)}`" for test in tests if test.problem))


def _of_example(example: Counterexample) -> str:
    """A counterexample in one line; "" where no answer came and nothing was raised."""
    if explanation := example.explanation:
        return f"{explanation.said}{f' ({explanation.where})' if explanation.where else ''}"
    if not example.answered or not example.deviations:
        return ""
    mode = f" ({example.way})" if example.way else ""
    return f"{example.function}: {example.deviations[0].text}{mode}"


def _with_call(example: Counterexample, file: str) -> str:
    """What to do with a counterexample."""
    place = f"in a new cell of {file}" if _is_notebook(file) else f"at the end of {file}"
    if example.explanation and example.explanation.next:
        paste = f" The call above, pasted {place}, brings you there." if examples.call(example) else ""
        return f"{example.explanation.next}{paste}"
    if any(deviation.rows for deviation in example.deviations):
        return f"Paste the call above {place} and work it out by hand: at which line do the numbers first differ?"
    return f"Paste the call above {place} and run it after each change, until it gives what is expected."


def _is_notebook(file: str) -> bool:
    return file.lower().endswith(".ipynb")
