"""A report as it is printed: the checks, the first thing to put right opened up, the progress, the next step.

Colours only where standard output is a terminal; the same words everywhere.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from grader.check import words
from grader.check.report import CheckOutcome, Report
from grader.check.session import LIMIT_SECONDS
from grader.text import clean, points

WIDTH = 100
_MARKS = {"passed": ("✓", "+", "green"), "todo": ("·", ".", "yellow"), "skipped": ("·", ".", "dim")}
_FAULT = ("✗", "x", "bold red")
BAR = 24


def console() -> Console:
    """Standard output: at most 100 columns, so that sentences stay readable."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def show(report: Report, out: Console, limit: float = LIMIT_SECONDS) -> None:
    """Print a report."""
    for line in render(report, out, limit):
        out.print(line, soft_wrap=line.no_wrap or False)


def render(report: Report, out: Console, limit: float = LIMIT_SECONDS) -> list[Text]:
    """A report as lines; long ones are wrapped under their own beginning."""
    lines: list[Text] = [_head(report), Text()]
    for outcome in report.outcomes:
        lines += _row(outcome, out)
    if report.outcomes:
        lines.append(Text())
    first = report.first
    if report.problem:
        lines += [*_wrap(clean(report.problem, 900), out, "  "), Text()]
    elif first is not None and first.outcome != "todo":
        lines += [*_lines_of_check(first, report, out), Text()]
    for note in report.notes:
        lines += _wrap(clean(note, 500), out, "Note: ", style="dim")
    if report.notes:
        lines.append(Text())
    lines += _progress(report, out)
    lines += _wrap(words.next_step(report), out, "Next: ", style="bold")
    if first is not None and words.has_hints(first, report):
        lines += _wrap("Stuck? Type: grader check --hint", out, "      ")
    if sentence := words.slow(report, limit):
        lines += _wrap(sentence, out, "      ")
    return lines


def _head(report: Report) -> Text:
    total, passed = len(report.outcomes), sum(outcome.outcome == "passed" for outcome in report.outcomes)
    file = clean(report.file, 80)
    if report.problem:
        return Text(f"{file} cannot be read yet", style="bold red")
    if not report.outcomes:
        return Text(f"{file} cannot be loaded yet", style="bold red")
    if report.all_right:
        return Text(f"{file}: all {total} visible checks pass", style="bold green")
    if all(outcome.outcome == "todo" for outcome in report.outcomes):
        return Text(f"{file}: nothing is written yet; {total} visible checks are waiting", style="bold")
    todo = sum(outcome.outcome == "todo" for outcome in report.outcomes)
    waiting = f", {todo} {'waits' if todo == 1 else 'wait'} for code still to be written" if todo else ""
    return Text(f"{file}: {passed} of {total} visible checks pass{waiting}", style="bold")


def _row(outcome: CheckOutcome, out: Console) -> list[Text]:
    mark, plain, style = _MARKS.get(outcome.outcome, _FAULT)
    remark = words.aside(outcome)
    sentence = clean(outcome.sentence, 300) + (f" ({remark})" if remark else "")
    return _wrap(sentence, out, f"  {mark if _unicode(out) else plain} ", mark=style)


def _lines_of_check(outcome: CheckOutcome, report: Report, out: Console) -> list[Text]:
    title = (
        f"First to put right: {clean(outcome.sentence, 300)}"
        if outcome.name
        else "First to put right: loading the file."
    )
    lines = _wrap(title, out, "", style="bold")
    for sentence in words.happened(outcome, report):
        lines += _wrap(sentence, out, "  ")
    lines += [_code(f"    {line}") for line in outcome.compared]
    code = words.to_paste(outcome, report)
    if code:
        lines.append(Text("  The same without the check:", style="dim"))
        lines += [_code(f"      {line}" if line else "") for line in code]
    printed = words.printed(outcome)
    if printed:
        lines.append(Text("  Your code printed:", style="dim"))
        lines += [_code(f"      {line}") for line in printed]
    return lines


def _progress(report: Report, out: Console) -> list[Text]:
    if not report.outcomes:
        return []
    reached, total, but = words.progress(report)
    if not total:
        return [*_wrap(but, out, ""), Text()]
    filled = round(BAR * reached / total)
    full, empty = ("█", "░") if _unicode(out) else ("#", "-")
    amount = f" The passing checks stand for {points(round(reached, 1))} of {points(total)} points."
    bar = Text.assemble((full * filled, "green"), (empty * (BAR - filled), "dim"), amount)
    return [bar, *_wrap(but, out, ""), Text()]


def _code(line: str) -> Text:
    return Text(line, no_wrap=True, style="cyan")


def _wrap(text: str, out: Console, lead: str, style: str = "", mark: str = "") -> list[Text]:
    """`text` after `lead`, its further lines indented as far as the lead; `mark` colours the lead alone."""
    wrapped = Text(text).wrap(out, max(out.width - len(lead), 20)) or [Text()]
    lines = []
    for number, line in enumerate(wrapped):
        line.rstrip()
        line.stylize(style)
        begin = lead if number == 0 else " " * len(lead)
        lines.append(Text.assemble((begin, mark or style), line))
    return lines


def _unicode(out: Console) -> bool:
    try:
        "✓✗·█░".encode(out.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def say(text: str, out: Console) -> None:
    """Print a paragraph."""
    for paragraph in text.splitlines():
        for line in _wrap(paragraph, out, ""):
            out.print(line)


def show_hints(outcome: CheckOutcome, report: Report, hints: tuple[str, ...], of: int, out: Console) -> None:
    """What is to be put right first, and the hints on it so far, the newest one last; or why there is none yet."""
    lines = _wrap(clean(outcome.sentence, 300), out, "", style="bold")
    for sentence in words.happened(outcome, report):
        lines += _wrap(sentence, out, "  ")
    lines.append(Text())
    if not hints:
        lines += [*_wrap(words.no_hints(report), out, ""), Text()]
        lines += _wrap(words.next_step(report), out, "Next: ", style="bold")
        return _print(lines, out)
    for number, hint in enumerate(hints, 1):
        newest = number == len(hints)
        lines += _wrap(clean(hint, 600), out, f"Hint {number} of {of}: ", style="" if newest else "dim")
    lines.append(Text())
    more = "Type it again for the next hint." if len(hints) < of else "That was the last hint on this check."
    lines += _wrap(f"Try it, save, and look: grader check. {more}", out, "Next: ", style="bold")
    return _print(lines, out)


def _print(lines: list[Text], out: Console) -> None:
    for line in lines:
        out.print(line)
