"""The list of faults: data in faults/*.toml, one file for each part of the engine.

    [[fault]]
    id = "compare-float32-slack-times-ten"
    file = "grader/suite/compare.py"
    old = 'np.dtype("float32"): 2.4e-5'
    new = 'np.dtype("float32"): 2.4e-4'
    tests = ["tests/kit/test_compare.py::test_the_slack_of_each_dtype_is_what_the_docstring_says"]
    why = "answers that are off by ten times as much would pass"

`old` stands exactly once in `file`. `tests` are pytest's names: a file, a test, or one case of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent / "faults"
_KEYS = {"id", "file", "old", "new", "tests", "why"}


class FaultListError(Exception):
    """The list of faults is not as it must be; the text says where."""


@dataclass(frozen=True)
class Fault:
    """One fault: the text that is replaced in a file, and the tests that ought to notice."""

    id: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    why: str

    def stale(self, root: Path) -> str:
        """Why this fault cannot be seeded into the checkout at `root`; "" when it can."""
        path = root / self.file
        if not path.is_file():
            return f"{self.file} is not there"
        count = path.read_text(encoding="utf-8").count(self.old)
        if count != 1:
            return f"the text to replace stands {count} times in {self.file}, expected once"
        gone = [name for name in self.tests if not (root / name.partition("::")[0]).is_file()]
        return f"{gone[0]} is not there" if gone else ""


def load(folder: Path = FOLDER) -> list[Fault]:
    """Every fault, in the order of the files and of the entries in them. Raises FaultListError."""
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8"))["fault"]
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise FaultListError(f"{path} is no list of faults: {error}") from error
        faults += [_fault(entry, path) for entry in entries]
    ids = [fault.id for fault in faults]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise FaultListError(f"two faults have the id {twice[0]}")
    return faults


def chosen(faults: Sequence[Fault], names: Sequence[str]) -> list[Fault]:
    """The faults whose id is named, or begins with what is named. Raises FaultListError for a name without any."""
    for name in names:
        if not any(fault.id.startswith(name) for fault in faults):
            raise FaultListError(
                f"no fault has an id that begins with {name!r}; python -m benchmarks.seeded --list"
            )
    return [fault for fault in faults if not names or fault.id.startswith(tuple(names))]


def _fault(entry: dict[str, object], path: Path) -> Fault:
    name = entry.get("id", "an entry without id")
    if set(entry) != _KEYS:
        raise FaultListError(f"{path}: {name} has the keys {sorted(entry)}; expected {sorted(_KEYS)}")
    tests = entry["tests"]
    if not isinstance(tests, list) or not tests:
        raise FaultListError(f"{path}: {name} names no tests")
    texts = {key: str(entry[key]) for key in _KEYS - {"tests"}}
    if texts["old"] == texts["new"]:
        raise FaultListError(f"{path}: {name} changes nothing")
    return Fault(tests=tuple(map(str, tests)), **texts)
