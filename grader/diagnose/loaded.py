"""Programs with switches, each loaded once for all sets, and run only where no set before ran the same text.

A run notes the sites that it comes to, in their order (`wrapping.READ`). What runs the same text at each of these comes
to the same ones and answers the same, whatever else its edits change: it is not run again. Nothing here compiles.
"""

from __future__ import annotations
from __future__ import annotations as _flag

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import is_, itemgetter
from types import BuiltinFunctionType, CodeType, FunctionType, GetSetDescriptorType, ModuleType
from typing import Any

from grader.diagnose import bounded
from grader.diagnose.match import Session
from grader.diagnose.stored import Answers
from grader.diagnose.switched import Switches
from grader.diagnose.wrapping import READ
from grader.subject.operations import Make
from grader.subject.subjects import LocalSubject

MOST_KEPT = 4000  # answers of one program, some kilobytes each: more than a search computes of one
MOST_LOADED = 8  # programs: another one is made when edits get switches that had none
#: What cannot be changed, or what edits leave alone.
_FIXED = (int, float, complex, str, bytes, type(None), ModuleType, BuiltinFunctionType, type(_flag))
_OF_A_CLASS = (staticmethod, classmethod, property, GetSetDescriptorType)
_NO_MATTER = {"__builtins__", "__annotations__", "__dict__", "__weakref__"}


@dataclass
class _Route:
    """The runs that came to the same sites in the same order: what they answered, by what stood at each."""

    at: Callable[[Switches], Any]  # what stands at its sites
    answers: dict[Any, Answers] = field(default_factory=dict)


class _LoadedProgram:
    """One program whose sites run what switches say, in one namespace."""

    def __init__(self, name: str, codes: Sequence[CodeType], switches: Switches, draws: int) -> None:
        self.codes = codes  # kept, so that no others have their place in memory
        self._name, self._draws = name, draws
        self._routes: dict[int, dict[tuple[str, ...], _Route]] = {}  # by the question, then by the sites
        self._kept = 0
        self._load(switches)
        # Code that reads a switch while it is loaded is another one for each set.
        self.is_for_all = (
            not switches[READ]
            and not self._subject.failures
            and all(_is_fixed(value, name) for value in self._own)
        )

    def _load(self, switches: Switches) -> None:
        switches[READ].clear()
        self._subject = LocalSubject.compiled(self._name, self.codes, self._draws, names=switches)
        self._names = self._subject.host.module.__dict__
        self._keys = [name for name in self._names if name not in switches and name not in _NO_MATTER]
        self._own = [self._names[name] for name in self._keys]
        here = (value for value in self._own if getattr(value, "__module__", "") == self._name)
        self._parts = [value for value in here if isinstance(value, (FunctionType, type))]
        self._inside = _inside(self._parts)

    def _is_as_loaded(self) -> bool:
        """Whether the namespace has what it had, and its functions and classes as well."""
        own = map(self._names.get, self._keys)
        return all(map(is_, own, self._own)) and _are(_inside(self._parts), self._inside)

    def answers(self, switches: Switches, number: int, session: Session) -> Answers:
        """The answers to a session, found or computed."""
        earlier = self._earlier_answers(switches, number)
        if earlier is not None:
            return earlier
        bounded.begin(session.size)
        self._names.update(switches)
        switches[READ].clear()
        if not isinstance(session.batches[0][0], Make):  # to make an object begins so by itself
            self._subject.host.begin()
        answers: Answers = [self._subject.ask(batch) for batch in session.batches]
        self._subject.host.forget()
        self._keep(switches, number, answers)
        if not self._is_as_loaded():
            self._load(switches)
        return answers

    def _earlier_answers(self, switches: Switches, number: int) -> Answers | None:
        """The answers of an earlier run that came to nothing but what these switches say as well."""
        for route in self._routes.get(number, {}).values():
            earlier = route.answers.get(route.at(switches))
            if earlier is not None:
                return earlier
        return None

    def _keep(self, switches: Switches, number: int, answers: Answers) -> None:
        if self._kept >= MOST_KEPT:
            self._routes.clear()
            self._kept = 0
        routes, places = self._routes.setdefault(number, {}), tuple(switches[READ])
        if places not in routes:
            routes[places] = _Route(itemgetter(*places) if places else _at_no_site)
        route = routes[places]
        route.answers[route.at(switches)] = answers
        self._kept += 1


def _at_no_site(switches: Switches) -> tuple[()]:
    """What stands at the sites of a run that came to none."""
    return ()


class Loads:
    """The programs with switches that are made of one reference."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loaded: dict[tuple[int, ...], _LoadedProgram] = {}

    def answers(
        self, codes: Sequence[CodeType], switches: Switches, number: int, session: Session, draws: int
    ) -> Answers | None:
        """The answers to a session with switches; None where the code cannot be used for more than one set."""
        key = (draws, *map(id, codes))
        if key not in self._loaded:
            if len(self._loaded) >= MOST_LOADED:
                self._loaded.clear()
            self._loaded[key] = _LoadedProgram(self._name, codes, switches, draws)
        loaded = self._loaded[key]
        return loaded.answers(switches, number, session) if loaded.is_for_all else None

    def forget(self) -> None:
        """Forget what was answered."""
        self._loaded.clear()


def _is_fixed(value: Any, module: str) -> bool:
    """Whether a value stays as it is, but for what `_inside` sees."""
    if isinstance(value, (tuple, frozenset)):
        return all(_is_fixed(part, module) for part in value)
    if isinstance(value, FunctionType):
        defaults = (value.__defaults__, *(value.__kwdefaults__ or {}).values())
        closed = [
            cell.cell_contents for cell in value.__closure__ or ()
        ]  # its class, where it says `super()`
        return (
            all(isinstance(content, type) for content in closed)
            and not vars(value)
            and _is_fixed(defaults, module)
        )
    if isinstance(value, type) and value.__module__ == module:
        parts = [part for name, part in vars(value).items() if name not in _NO_MATTER]
        return all(isinstance(part, _OF_A_CLASS) or _is_fixed(part, module) for part in parts)
    return isinstance(value, (*_FIXED, type))


def _inside(parts: Sequence[Any]) -> list[Any]:
    """What can be set in functions and classes."""
    inside: list[Any] = []
    for part in parts:
        if isinstance(part, FunctionType):
            inside += (part.__defaults__, part.__kwdefaults__, part.__code__)
        inside += vars(part).values()
    return inside


def _are(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))
