"""Which hostile file is proved by what: table.toml, read and checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.attacks.bounds import BOUNDS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = Path(__file__).with_name("table.toml")


@dataclass(frozen=True)
class Attack:
    """One hostile file: without the bound `without` it gets `gets`; or `test`, a test of the kit, shows the like; or
    `why_not` says why that cannot be shown.
    """

    name: str
    without: str = ""
    gets: str = ""
    test: str = ""
    why_not: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether it has been seen to get somewhere."""
        return bool(self.without or self.test)


def read(path: Path) -> dict[str, Any]:
    """What stands in a TOML file."""
    contents: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return contents


def load(path: Path = TABLE) -> list[Attack]:
    """The table, in its order. Raises ValueError for a row that says neither or both, or an unknown bound."""
    table = read(path)
    attacks = [
        Attack(name, bound, gets)
        for bound, rows in table.get("without", {}).items()
        for gets, names in rows.items()
        for name in names
    ]
    attacks += [
        Attack(name, test=test) for test, names in table.get("by_tests", {}).items() for name in names
    ]
    attacks += [Attack(name, why_not=why) for name, why in table.get("not_proved", {}).items()]
    names = [attack.name for attack in attacks]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{path}: {twice[0]} stands there twice")
    if unknown := sorted({attack.without for attack in attacks if attack.without} - set(BOUNDS)):
        raise ValueError(f"{path}: there is no bound {unknown[0]!r}; known: {', '.join(BOUNDS)}")
    return attacks


def chosen(attacks: Sequence[Attack], names: Sequence[str]) -> list[Attack]:
    """Those whose names begin with one of `names`; all when none is given."""
    return [attack for attack in attacks if not names or attack.name.startswith(tuple(names))]
