"""The course's own code in the child: harness.py, loaded after the file under test, and the `student` it is handed.

A harness turns objects, methods, caches and free signatures into functions of arrays. It runs beside the submission,
which can read it and undo it: it holds no answer, no test and no hidden input, and what it returns is the child's word.
"""

from __future__ import annotations

import difflib
import functools
import types
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

#: What its code is called in tracebacks: no file of a student's can have this name.
FILENAME = "<harness.py>"
_MOST_LINES = 5  # of harness.py that an exception tells about


class MissingName(AttributeError):
    """The harness asked the file under test for a name that it does not define; `near` is one like it."""

    def __init__(self, name: str, near: str) -> None:
        super().__init__(f"no {name}")
        self.missing, self.near = name, near


class Student:
    """The file under test, as a harness sees it: its names are attributes."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        self.__dict__["__wrapped__"] = members

    def __getattr__(self, name: str) -> Any:
        members = self.__dict__["__wrapped__"]
        if name.startswith("__") or name not in members:
            raise MissingName(name, near(name, members))
        return members[name]

    def __dir__(self) -> list[str]:
        return sorted(name for name in self.__dict__["__wrapped__"] if not name.startswith("_"))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a harness must not change the file under test")


class Adapter:
    """A harness, run beside one file under test. `fault` is what it raised while it was loaded, or None."""

    def __init__(
        self,
        source: str,
        members: Mapping[str, Any],
        bind: Callable[[types.ModuleType], None] = lambda module: None,
    ) -> None:
        """`bind` readies the module's imports before it runs."""
        self._student = Student(members)
        self._module = types.ModuleType("harness")
        self.fault: BaseException | None = None
        bind(self._module)
        try:
            exec(_compile(source), self._module.__dict__)
        # Told when one of its functions is asked for; on the trusted side it is the course's error before that.
        except BaseException as error:
            self.fault = error

    def look_up(self, name: str) -> Callable[..., Any]:
        """A function or class of the harness, its `student` filled in. Raises what loading it raised."""
        if self.fault is not None:
            raise self.fault
        return functools.partial(getattr(self._module, name), self._student)


def lines(error: BaseException) -> tuple[int, ...]:
    """The lines of harness.py that were busy when something was raised, the innermost last."""
    busy = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILENAME:
            busy.append(trace.tb_lineno)
        trace = trace.tb_next
    return tuple(busy[-_MOST_LINES:])


def near(name: str, members: Mapping[str, Any]) -> str:
    """The function or class of a module whose name is most like one that is missing, or ""."""
    mine = {key.lower(): key for key, value in members.items() if callable(value) and key[:1] != "_"}
    matches = difflib.get_close_matches(name.lower(), mine, n=1, cutoff=0.75)
    return mine[matches[0]] if matches else ""


@lru_cache(maxsize=4)
def _compile(source: str) -> types.CodeType:
    return compile(source, FILENAME, "exec", dont_inherit=True)
