"""Reading a TOML file key by key, with an error for whatever is not as it must be.

Standard library only (tomli before Python 3.11).
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import Any

from grader.errors import CourseError, ValueFault

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Table:
    """A TOML table that is read key by key; a key nobody asked for is an error, most often a misspelling."""

    def __init__(self, path: Path, prefix: str, values: dict[str, Any]) -> None:
        self.path, self.prefix, self.values = path, prefix, values
        self.asked: list[str] = []

    def take(self, key: str, default: Any = None) -> Any:
        """The value of a key. Raises CourseError where it is missing and there is no default."""
        self.asked.append(key)
        if key not in self.values and default is None:
            raise CourseError(
                f"{self.path}: the key {self.prefix}{key} is missing.", next_step=f"Add {key} to {self.path}."
            )
        return self.values.get(key, default)

    def wrong(self, key: str, expected: str) -> CourseError:
        """The error for a value that is not what was expected."""
        place, value = f"{self.prefix}{key}", self.values.get(key)
        return ValueFault(
            f"{self.path}: {place} is {value!r}; expected {expected}.",
            next_step=f"Correct {place} in {self.path}.",
            key=place,
            found=value,
            expected=expected,
        )

    def text(self, key: str) -> str:
        """A text, without the white space around it."""
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "a text that is not empty")
        return value.strip()

    def optional_text(self, key: str) -> str:
        """A text, without the white space around it; "" where there is none."""
        value = self.take(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, "a text")
        return value.strip()

    def flag(self, key: str) -> bool:
        """true or false; false where it is not there."""
        value = self.take(key, False)
        if type(value) is not bool:
            raise self.wrong(key, "true or false")
        return value

    def number(self, key: str, default: float) -> float:
        """A number that is finite."""
        value = self.take(key, default)
        if type(value) not in (int, float) or value - value != 0:
            raise self.wrong(key, "a number")
        return float(value)

    def integer(self, key: str) -> int:
        """A whole number."""
        value = self.take(key)
        if type(value) is not int:
            raise self.wrong(key, "a whole number")
        return value

    def positive(self, key: str, default: float, *, whole: bool = False) -> float:
        """A number above 0."""
        value = self.take(key, default)
        kinds = (int,) if whole else (int, float)
        if type(value) not in kinds or not 0 < value < float("inf"):
            raise self.wrong(key, "a whole number above 0" if whole else "a number above 0")
        return float(value)

    def names(self, key: str, *, dotted: bool = False, may_be_empty: bool = False) -> tuple[str, ...]:
        """A list of names, each once."""
        value = self.take(key, [] if may_be_empty else None)
        expected = f"a list of {'module names' if dotted else 'the names students write'}, each once"
        if (
            not isinstance(value, list)
            or not (value or may_be_empty)
            or len({*map(str, value)}) != len(value)
        ):
            raise self.wrong(key, expected)
        for name in value:
            parts = name.split(".") if isinstance(name, str) and dotted else [name]
            if not all(isinstance(part, str) and part.isidentifier() for part in parts):
                raise self.wrong(key, expected)
        return tuple(value)

    def points(self, key: str) -> dict[str, float]:
        """A table of groups and their points."""
        groups = self.table(key)
        if not groups.values:
            raise self.wrong(key, "at least one group, such as numerics = 10")
        return {group: groups.positive(group, 0.0) for group in groups.values}

    def table(self, key: str, default: dict[str, Any] | None = None) -> Table:
        """A table in this one."""
        value = self.take(key, default)
        if not isinstance(value, dict):
            raise self.wrong(key, f"a table, [{key}]")
        return Table(self.path, f"{self.prefix}{key}.", value)

    def nothing_left(self) -> None:
        """Raise CourseError for a key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                close = difflib.get_close_matches(key, self.asked, 1)
                hint = f" Did you mean {close[0]}?" if close else ""
                raise CourseError(
                    f"{self.path}: the key {self.prefix}{key} is not known.{hint}",
                    next_step=f"The keys here are: {', '.join(self.asked)}.",
                )


def read(path: Path) -> dict[str, Any]:
    """The contents of a TOML file. Raises CourseError where it cannot be read, or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors on Windows begin with a mark
    except OSError as error:
        raise CourseError(
            f"{path} cannot be read: {error.strerror}.", next_step="Check its rights."
        ) from error
    except UnicodeDecodeError:
        raise CourseError(f"{path} is not UTF-8.", next_step=f"Save {path} as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is not valid TOML: {error}.", next_step=f"Correct {path}.") from error
