"""Whether the fields of a record hold what its type hints say: files of results are edited, cut, and written by others.

It looks at types alone: which values go together is the business of whoever reads them.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

#: Scores, seconds and counts are smaller; of what is not, sums and pages cannot be made.
LARGEST = 1e15

#: Gives "" for a value that fits, else where in it the first misfit is, and what was found and expected there.
Check = Callable[[Any], str]


def misfit(record: Any) -> str:
    """The first field of a dataclass, or of one in it, that holds something else, in words; "" where there is none.

    >>> from grader.records import Chunk
    >>> misfit(Chunk("x = 1", label=3))
    'label is 3; expected a text'
    """
    hint: Any = type(record)
    return _check_of(hint)(record).removeprefix(".")


def record_from(record: type[T], fields: Mapping[str, Any]) -> T:
    """A record of fields that were read from a file. Raises TypeError, which names a field that is not as it must be.

    >>> from grader.records import Chunk
    >>> record_from(Chunk, {"text": "x = 1"})
    Traceback (most recent call last):
    TypeError: 'source' is missing
    """
    try:
        return record(**fields)
    except TypeError as error:
        declared = dataclasses.fields(record)  # type: ignore[arg-type]
        needed = [
            entry.name
            for entry in declared
            if {entry.default, entry.default_factory} == {dataclasses.MISSING}
        ]
        missing = [f"{name!r} is missing" for name in needed if name not in fields]
        unknown = [
            f"there is no field {name!r}" for name in fields if name not in {entry.name for entry in declared}
        ]
        raise TypeError((missing or unknown or [str(error)])[0]) from error


@cache
def _check_of(hint: Any) -> Check:
    """The check of a type hint."""
    if dataclasses.is_dataclass(hint):
        return _check_of_record(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _check_of_either([_check_of(argument) for argument in arguments])
    if origin is tuple:
        return _check_of_tuple(_check_of(arguments[0]))
    if origin is Literal:
        return _text
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _object
    return _PLAIN[hint]


def _check_of_record(hint: Any) -> Check:
    hints = get_type_hints(hint)
    checks = [(field.name, _check_of(hints[field.name])) for field in dataclasses.fields(hint)]

    def check(value: Any) -> str:
        if not isinstance(value, hint):
            return _misfit_in_words(value, "an object")
        return next(
            (f".{name}{wrong}" for name, check in checks if (wrong := check(getattr(value, name)))), ""
        )

    return check


def _check_of_either(checks: list[Check]) -> Check:
    def check(value: Any) -> str:
        wrongs = [check(value) for check in checks]
        return wrongs[0] if all(wrongs) else ""

    return check


def _check_of_tuple(each: Check) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, tuple):
            return _misfit_in_words(value, "a list")
        return next((f"[{place}]{wrong}" for place, entry in enumerate(value) if (wrong := each(entry))), "")

    return check


def _number(value: Any) -> str:
    is_one = isinstance(value, (int, float)) and not isinstance(value, bool) and -LARGEST < value < LARGEST
    return "" if is_one else _misfit_in_words(value, "a number")


def _whole_number(value: Any) -> str:
    return "" if isinstance(value, int) and not _number(value) else _misfit_in_words(value, "a whole number")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return _misfit_in_words(value, "a text")
    # Half a character, as JSON can spell it, can be written into no page.
    is_whole = value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)
    return "" if is_whole else _misfit_in_words(value, "a text of whole characters")


def _object(value: Any) -> str:
    return "" if isinstance(value, Mapping) else _misfit_in_words(value, "an object")


def _misfit_in_words(value: Any, expected: str) -> str:
    return f" is {ascii(value)[:60]}; expected {expected}"


_PLAIN: dict[Any, Check] = {
    str: _text,
    float: _number,
    int: _whole_number,
    bool: lambda value: "" if isinstance(value, bool) else _misfit_in_words(value, "true or false"),
    type(None): lambda value: "" if value is None else _misfit_in_words(value, "null"),
    Any: lambda value: "",
}
