"""What the search for mistakes costs where nothing explains a submission: mistakes that are taken out of the table.

    python -m benchmarks.withheld birnn --most 25

Mistakes of the table, evenly spread, are handed in one by one, each while the table lacks it. The answers of the other
mistakes alone are computed before, as they are kept between runs; what was compiled for sets, and what they answered,
is forgotten. Printed are
the processor time of the search, as it goes, and what is named all the same: other mistakes that answer everything so.
With `--by-themselves` each set is compiled by itself, as one is that has no switches.
"""

from __future__ import annotations

import argparse
import statistics
import time

from benchmarks.arguments import assignment_name, whole_number
from benchmarks.named import Programs
from grader.diagnose import source as sources
from grader.diagnose.mistakes import Mistake


def spread(mistakes: list[Mistake], most: int) -> list[Mistake]:
    """So many of some mistakes, evenly spread."""
    step = max(1.0, len(mistakes) / most)
    return [mistakes[int(place * step)] for place in range(min(most, len(mistakes)))]


def main() -> None:
    """Hand in each, and print what the search took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("assignment", type=assignment_name)
    parser.add_argument("--most", type=whole_number, default=25, help="mistakes that are withheld (25)")
    parser.add_argument("--by-themselves", action="store_true", help="compile each set by itself")
    options = parser.parse_args()
    if options.by_themselves:
        setattr(sources.Source, "switched", lambda *_: None)  # noqa: B010
    programs = Programs(options.assignment)
    spent, named = [], []
    for mistake in spread(programs.mistakes, options.most):
        source, transcript = programs.with_one(mistake)
        for _ in range(2):  # the first one computes what each mistake does alone
            sources._compile.cache_clear()
            begun = time.process_time()
            said = programs.said_without(mistake, transcript, source)
            seconds = time.process_time() - begun
        spent.append(seconds)
        names = ", ".join(f"{one.id} ({one.certainty})" for one in said)
        named += [mistake.id] if said else []
        print(f"  {seconds:5.2f} s  {mistake.id}{': ' * bool(said)}{names}", flush=True)
    print(f"{options.assignment}: {len(spent)} mistakes, each withheld; seconds of the search: ", end="")
    print(f"median {statistics.median(spent):.2f}, most {max(spent):.2f}; {len(named)} named as others")


if __name__ == "__main__":
    main()
