"""What each layer of the jail stops alone: the attacks on the jail, run with one step left out after the other.

    python -m benchmarks.attacks --layers             # as whoever types it
    python -m benchmarks.attacks --layers --nobody    # as an ordinary user; root alone can type this

Each run is one class by the command's own path, of a copy without that step. An attack got somewhere when it has more
points than zeros have. With all steps in place none may: that run comes first. What is printed stands in layers.toml,
and docs/threat-model.md has the counts.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.attacks.bounds import Bound, jail_without, take_away
from benchmarks.attacks.run import BASELINE, CANARY, ROOT, Prefix, cleaned, graded, sources
from benchmarks.attacks.table import Attack, read
from benchmarks.seeded.checkout import Checkout
from grader.subject.jail import STEPS

#: What these take away is the jail's: the others are about answers and words.
JAIL = ("landlock", "seccomp", "limits", "environment", "landlock and seccomp", "limits and seccomp", "jail")
#: Sets of steps that are left out together, because each of them stops what the other does.
TOGETHER = (("landlock", "seccomp"), ("rlimits", "seccomp"))
EVERYTHING = tuple(step for step in STEPS if step != "session")
RECORD = Path(__file__).with_name("layers.toml")
SECONDS = 900.0
_NOBODY = "65534"


def on_the_jail(attacks: Sequence[Attack]) -> list[str]:
    """The names of the attacks that something of the jail stops."""
    return [attack.name for attack in attacks if attack.without in JAIL]


def as_nobody() -> Prefix:
    """Words before a command that make it an ordinary user's, who can reach this Python.

    Python may lie below a home that is closed to others. In a namespace of its own it lies there below an open folder.
    """
    base = Path(os.path.realpath(sys.executable)).parents[1]
    home = Path.home()
    become = f"setpriv --reuid {_NOBODY} --regid {_NOBODY} --clear-groups"
    if not base.is_relative_to(home):
        return shlex.split(become)
    quoted = {name: shlex.quote(str(path)) for name, path in (("base", base), ("home", home))}
    script = (
        "mount -t tmpfs none /mnt && mkdir /mnt/python && mount --bind {base} /mnt/python &&"
        " mount -t tmpfs -o mode=755 none {home} && mkdir -p {base} && mount --bind /mnt/python {base} &&"
    ).format(**quoted)
    script += f' exec {become} "$@"'
    return ["unshare", "--mount", "--propagation", "private", "bash", "-c", script, "bash"]


def without_each(names: Sequence[str], prefix: Prefix) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Sets of steps that are left out, nothing first and everything last, and the attacks that got somewhere."""
    for steps in ((), *((step,) for step in STEPS), *TOGETHER, EVERYTHING):
        yield steps, _winners(steps, names, prefix)


def _winners(steps: tuple[str, ...], names: Sequence[str], prefix: Prefix) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="attacks-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        folder.chmod(0o777)
        (folder / "canary").mkdir()
        texts = {
            name: text.replace(CANARY, str(folder / "canary"))
            for name, text in sources([*names, BASELINE]).items()
        }
        copy = Checkout(ROOT, folder / "copy")
        if steps:
            take_away(Bound("", "graded", (jail_without(*steps),)), copy.root)
        with cleaned(copy):
            outcomes = graded(texts, names, copy, folder, SECONDS, prefix)
        unfinished = [name for name, outcome in outcomes.items() if outcome.ended == "failed"]
        if len(unfinished) == len(names):
            raise SystemExit(f"without {' and '.join(steps) or 'nothing'}: nobody was graded")
        return [name for name, outcome in outcomes.items() if outcome.points > 0]


def recorded() -> Mapping[str, Mapping[str, list[str]]]:
    """What layers.toml holds: by user, and by what is left out, the attacks that got somewhere."""
    return read(RECORD)


def left_out(steps: tuple[str, ...]) -> str:
    """What a row of layers.toml is called."""
    return "everything" if steps == EVERYTHING else " and ".join(steps) or "nothing"


def row(steps: tuple[str, ...], winners: Sequence[str]) -> str:
    """A row of layers.toml."""
    name = left_out(steps)
    key = json.dumps(name) if " " in name else name
    names = ", ".join(json.dumps(winner) for winner in sorted(winners))
    if len(winners) < 2:
        return f"{key} = [{names}]"
    return f"{key} = [\n{textwrap.indent(textwrap.fill(names, 108), '    ')},\n]"


def main(attacks: Sequence[Attack], nobody: bool) -> int:
    """Print a part of layers.toml; 1 where an attack gets somewhere with all steps in place."""
    names = on_the_jail(attacks)
    prefix = as_nobody() if nobody else []
    print(f"# {len(names)} attacks\n[{'root' if not nobody and os.getuid() == 0 else 'nobody'}]", flush=True)
    failed = 0
    for steps, winners in without_each(names, prefix):
        print(row(steps, winners), flush=True)
        failed += len(winners) if not steps else 0
    return int(failed > 0)
