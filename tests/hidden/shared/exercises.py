"""What a suite knows of an exercise: its arguments, results and parameters, and how a case becomes a call of it.

Names are those of the hand-out, because messages use them. An argument is the array of a case, by its key, a tuple of
arrays, or the size of an axis, by its letter; a result is its axes, or a tuple of them under a name such as
"(h_last, c_last)":

>>> FORWARD = Function("rnn_forward", {"x": "x", "h0": "h0"}, {"hidden_states": "N L H", "h_last": "N H"}, lengths=True)
>>> LSTM = Module(
...     "LSTM",
...     {"x": "x", "state": ("h0", "c0")},
...     {"outputs": "N L H", "(h_last, c_last)": ("N H", "N H")},
...     lengths=True,
...     state="state",
...     parameters={"w_input": "w_input", "w_hidden": "w_hidden", "bias": "bias"},
... )
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from grader.diagnose import Example
from grader.suite import both
from grader.suite.naming import inner, split

from .cases import GIVEN, LEFT_OUT, Case, shape

Key = Any  # the name of an array of a case, the letter of an axis, whose size is meant, or a tuple of keys


@dataclass(frozen=True)
class Exercise(ABC):
    """A function or a class that students write; see `Function` and `Module`.

    >>> exercise = Function("scale", {"x": "x", "size": "H"}, {"scaled": "N H"})
    >>> exercise.what, exercise.first, exercise.names
    ('scaled', 'scaled', 'x, size')
    """

    name: str
    arguments: Mapping[str, Key]
    results: Mapping[str, Any]
    lengths: bool = False  # whether it takes `lengths`, last
    state: str = ""  # the argument that may be None or be left out

    @property
    def what(self) -> str:
        """The names of the results, as messages and comparisons take them."""
        return ", ".join(self.results)

    @property
    def first(self) -> str:
        """The name of the first result."""
        return next(iter(self.results))

    @property
    def names(self) -> str:
        """The names of the arguments, in the order of the exercise."""
        return ", ".join([*self.arguments, *(["lengths"] if self.lengths else [])])

    def call(self, case: Case) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments of a call with this case: those by place, and those by name."""
        positional: list[Any] = []
        for name, key in self.arguments.items():
            if name == self.state and case.state != GIVEN:
                if case.state != LEFT_OUT:
                    positional.append(None)
            else:
                positional.append(_arrays(case, key))
        if case.lengths is None:
            return tuple(positional), {}
        if self.state and case.state == LEFT_OUT:
            return tuple(positional), {"lengths": case.lengths}
        return (*positional, case.lengths), {}

    def leaves(self, answer: Any, of: str = "") -> dict[str, Any]:
        """Return every array of an answer, or `of` one result, by name.

        Raise Difference when the answer is not put together as the results are.
        """
        return dict(_leaves(of or self.what, answer, self.results[of] if of else self._axes))

    def axes(self) -> dict[str, str]:
        """Return the axes of every array of an answer by name."""
        return self.leaves(self._axes)

    def shapes(self, case: Case) -> dict[str, tuple[int, ...]]:
        """Return the shape of every array of an answer by name.

        >>> FORWARD.shapes(MAIN)["h_last"] == MAIN.shape("N H")
        True
        """
        return {name: case.shape(text) for name, text in self.axes().items()}

    @property
    def _axes(self) -> Any:
        axes = tuple(self.results.values())
        return axes[0] if len(axes) == 1 else axes

    def parts(self, answer: Any) -> dict[str, Any]:
        """Return the results of an answer by name. Raise Difference when there are more or fewer."""
        if len(self.results) == 1:
            return {self.first: answer}
        return dict(zip(self.results, both(answer, self.what), strict=True))

    def part(self, answer: Any, name: str) -> Any:
        """Return one result of an answer, or the whole answer where `name` is empty or names all of them."""
        return answer if name in ("", self.what) else self.parts(answer)[name]

    @abstractmethod
    def made(self, module: Any, case: Case) -> Any:
        """Return what is called: the function, or an object with the weights of the case."""

    @abstractmethod
    def fresh(self, module: Any, case: Case) -> Any:
        """Return what is called: the function, or an object with the weights that it starts with."""

    def answer(self, module: Any, case: Case) -> Any:
        """Ask `module`, the student or the reference, about the case, and return the answer.

        >>> def test_last_state(student, reference):
        ...     assert_close(FORWARD.answer(student, MAIN), FORWARD.answer(reference, MAIN), what=FORWARD.what)
        """
        arguments, named = self.call(case)
        return self.made(module, case)(*arguments, **named)

    def example(self, case: Case) -> Example:
        """Make the call of a case into one that a counterexample may show."""
        arguments = {
            name: None if name == self.state and case.state != GIVEN else _arrays(case, key)
            for name, key in self.arguments.items()
            if not (name == self.state and case.state == LEFT_OUT)
        }
        if case.lengths is not None:
            arguments["lengths"] = case.lengths
        return Example(self.name, arguments, keywords=("lengths",), what=self.what)


@dataclass(frozen=True)
class Function(Exercise):
    """A function of arrays, as the hand-out names its arguments and results.

    >>> Function("smooth", {"x": "x", "keep": "keep"}, {"smoothed": "N L F"}).what
    'smoothed'
    """

    def made(self, module: Any, case: Case) -> Any:
        """Return the function, of the submission or of the reference."""
        return getattr(module, self.name)

    def fresh(self, module: Any, case: Case) -> Any:
        """Return the function: it has no weights that could be given."""
        return self.made(module, case)


@dataclass(frozen=True)
class Module(Exercise):
    """A torch module: `sizes` are the axes that it is made with, `parameters` map their names to keys of a case.

    >>> Module("Scale", {"x": "x"}, {"the result": "N F"}, sizes="F", parameters={"factor": "factor"}).names
    'x'
    """

    sizes: str = "I H"
    parameters: Mapping[str, str] = field(default_factory=dict)

    def weights(self, case: Case) -> dict[str, Any]:
        """Return the weights of the case by the names of the parameters."""
        return {name: case[key] for name, key in self.parameters.items()}

    def new(self, module: Any, sizes: Mapping[str, int]) -> Any:
        """Make an object for these sizes of axes, such as {"I": 2, "H": 3}."""
        return getattr(module, self.name)(*shape(self.sizes, sizes))

    def made(self, module: Any, case: Case) -> Any:
        """Make an object of the case's sizes, and load the case's weights into it."""
        return self.fresh(module, case).load(self.weights(case))

    def fresh(self, module: Any, case: Case) -> Any:
        """Make an object of the case's sizes, as it begins: with weights that it has drawn."""
        return self.new(module, case.sizes)

    def example(self, case: Case) -> Example:
        """Make the call of a case into one that a counterexample may show, with the object's sizes and weights."""
        call = super().example(case)
        return replace(call, make=case.shape(self.sizes), weights=self.weights(case))


def _leaves(what: str, answer: Any, axes: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(axes, tuple):
        names = split(inner(what) or what)
        for name, part, inside in zip(names, both(answer, inner(what) or what), axes, strict=True):
            yield from _leaves(name, part, inside)
    else:
        yield what, answer


def _arrays(case: Case, key: Key) -> Any:
    if isinstance(key, tuple):
        return tuple(_arrays(case, part) for part in key)
    return case.sizes[key] if key in case.sizes else case[key]
