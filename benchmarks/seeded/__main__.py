"""The command: python -m benchmarks.seeded. See the package's docstring, or --help."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.seeded.faults import Fault, FaultListError, chosen, load
from benchmarks.seeded.run import NOTICED, Outcome, outcomes

LEAST = 0.95  # of the faults must be noticed


def main(arguments: Sequence[str] | None = None) -> int:
    """Seed, ask, print; 0 when enough was noticed, 1 when not, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        faults = chosen(load(), options.only)
    except FaultListError as error:
        print(error, file=sys.stderr)
        return 2
    if options.list:
        for fault in faults:
            print(f"{fault.id}  {fault.file}\n    {fault.why}")
        print(f"{len(faults)} faults")
        return 0
    every_outcome: list[Outcome] = []
    for outcome in outcomes(faults, options.jobs):
        every_outcome.append(outcome)
        print(_line(outcome), flush=True)
    noticed = sum(outcome.verdict == NOTICED for outcome in every_outcome)
    if options.record is not None:
        options.record.write_text(_record(faults, every_outcome), encoding="utf-8")
    print(f"{noticed} of {len(faults)} faults were noticed ({LEAST:.0%} must be)")
    return 0 if noticed >= LEAST * len(faults) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seeded", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the faults and run nothing")
    parser.add_argument(
        "--only", action="append", default=[], metavar="ID", help="an id or its beginning; may be repeated"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=len(os.sched_getaffinity(0)),
        help="how many at a time (default: processors)",
    )
    parser.add_argument("--record", type=Path, metavar="FILE", help="write who noticed what, as Markdown")
    return parser


def _line(outcome: Outcome) -> str:
    named = ", ".join(_short(name) for name in outcome.by[:2]) or outcome.remark
    more = f" and {len(outcome.by) - 2} more" if len(outcome.by) > 2 else ""
    return f"{outcome.verdict:9} {outcome.fault.id}{': ' if named else ''}{named}{more}"


def _short(name: str) -> str:
    return name.removeprefix("tests/kit/")


def _record(faults: Sequence[Fault], every_outcome: Sequence[Outcome]) -> str:
    """A table of all faults, in their order: what each would mean, and who noticed."""
    by_id = {outcome.fault.id: outcome for outcome in every_outcome}
    rows = [
        "# Seeded faults",
        "",
        "Written by `python -m benchmarks.seeded --record`. Each small fault was put into a copy of the checkout by",
        "itself; the tests named noticed it.",
        "",
        "| fault | in | what it would mean | noticed by |",
        "|---|---|---|---|",
    ]
    for fault in faults:
        outcome = by_id[fault.id]
        by = ", ".join(f"`{_short(name)}`" for name in dict.fromkeys(n.partition("[")[0] for n in outcome.by))
        cells = (
            f"`{fault.id}`",
            f"`{fault.file}`",
            fault.why,
            by or f"**{outcome.verdict}** {outcome.remark}",
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    noticed = sum(outcome.verdict == NOTICED for outcome in every_outcome)
    return "\n".join([*rows, "", f"{noticed} of {len(faults)} were noticed.", ""])


if __name__ == "__main__":
    sys.exit(main())
