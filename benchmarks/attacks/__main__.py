"""The command: python -m benchmarks.attacks. See the package's docstring, or --help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.attacks import layers
from benchmarks.attacks.bounds import BOUNDS
from benchmarks.attacks.run import without
from benchmarks.attacks.table import Attack, chosen, load


def main(arguments: Sequence[str] | None = None) -> int:
    """Take away, run, look; 0 when every file got what the table says."""
    options = _options(arguments)
    attacks = chosen(load(), options.only)
    if options.list:
        for attack in attacks:
            proof = f"without {BOUNDS[attack.without].says}: {attack.gets}" if attack.without else ""
            proof = proof or attack.test or attack.why_not
            print(f"{attack.name:32} {proof}")
        return 0
    if options.layers:
        return layers.main(attacks, options.nobody)
    if options.bound:
        for name, outcome in without(options.bound, [attack.name for attack in attacks]).items():
            print(name, outcome)
        return 0
    return _prove(attacks)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacks", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the table and run nothing")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="or the beginning of names"
    )
    parser.add_argument(
        "--try",
        dest="bound",
        choices=[*BOUNDS],
        metavar="BOUND",
        help="run without this bound, and print what came",
    )
    parser.add_argument(
        "--layers", action="store_true", help="leave out one step of the jail after the other"
    )
    parser.add_argument("--nobody", action="store_true", help="with --layers: as an ordinary user")
    return parser.parse_args(arguments)


def _prove(attacks: Sequence[Attack]) -> int:
    """Run every attack without the bound that it proves, a line each; 1 when one did not get what the table says."""
    failed = 0
    proved = [attack for attack in attacks if attack.without]
    for bound in dict.fromkeys(attack.without for attack in proved):
        members = [attack for attack in proved if attack.without == bound]
        outcomes = without(bound, [attack.name for attack in members])
        for attack in members:
            holds = outcomes[attack.name].has(attack.gets)
            failed += not holds
            status = "proved" if holds else "NOT PROVED"
            came = "" if holds else f"; came: {outcomes[attack.name]}"
            print(f"{status:10} {attack.name}: without {bound}: {attack.gets}{came}", flush=True)
    print(
        f"{len(proved) - failed} of {len(attacks)} proved, {sum(bool(attack.test) for attack in attacks)} more by"
        f" tests of the kit, {sum(bool(attack.why_not) for attack in attacks)} explained in table.toml"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
