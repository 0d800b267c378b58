"""The few things one can ask of a student's module, and the answers it can give, as plain data.

An operation holds numpy arrays, numbers, strings, None, tuples and dicts of these; so does an answer.
Nothing here runs anything: `host` carries operations out, `wire` turns both into bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union


@dataclass(frozen=True)
class Call:
    """Call the function `function` of the module with copies of the arguments (numpy arrays stay numpy).

    With `about` it is a function of the course's harness.py, and these are the exercises that it is about.
    """

    function: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Make:
    """Construct `class_name(*args, **kwargs)` and keep it under the number `handle`. `about` as in `Call`."""

    handle: int
    class_name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Load:
    """Copy arrays into an object's weights by dotted name; the object takes on their dtype."""

    handle: int
    weights: Mapping[str, Any]


@dataclass(frozen=True)
class Invoke:
    """Call an object with tensors made from the arguments.

    With `cotangents` (one array or None for each output) also back-propagate sum_k sum(output_k * cotangent_k).
    """

    handle: int
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    cotangents: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class ListParameters:
    """List an object's registered parameters."""

    handle: int


@dataclass(frozen=True)
class Rewrite:
    """Run `text`, a definition, in place of the one at `line` of a file, until the next of these operations.

    `file` is its number in the program; with an empty text everything is again as it was loaded.
    """

    file: int
    line: int
    text: str


Operation = Union[Call, Make, Load, Invoke, ListParameters]
Batch = tuple[Operation, ...]  # operations that travel as one message; the first exception ends it
Message = Union[Batch, tuple[Rewrite]]


@dataclass(frozen=True)
class Parameter:
    """A registered parameter: its value, and whether it is trained (requires_grad)."""

    value: Any
    trainable: bool


@dataclass(frozen=True)
class Gradients:
    """Gradients of the loss of `Invoke`: one array or None per positional argument, and per weight name."""

    value: Any
    inputs: tuple[Any, ...]
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Opaque:
    """Stands where an answer held something that is not a number, an array or a container of them."""

    description: str


@dataclass(frozen=True)
class Value:
    """What an operation gave back. `changed` names the arguments that were changed in place.

    `watched` names the functions and classes that it called of those which `[watch]` in assignment.toml lists.
    """

    value: Any = None
    changed: tuple[str, ...] = ()
    input_gradients: tuple[Any, ...] | None = None
    parameter_gradients: Mapping[str, Any] | None = None
    watched: tuple[str, ...] = ()


#: What an operation gave back that has nothing to tell, as that of making an object.
NOTHING = Value()


@dataclass(frozen=True)
class Frame:
    """A place in the student's own source: the chunk's label, the line in it (from 1), the function."""

    label: str
    line: int
    function: str


#: Where an exception came from.
STAGES = ("load", "call", "construct", "weights", "backward")


#: Kinds of `Raised` that are no exceptions of the student's code.
NO_EXCEPTIONS = ("Missing", "NoSuchWeight", "WeightShape", "Syntax")


@dataclass(frozen=True)
class Raised:
    """The student's code raised. `kind` is the exception's class name or one of the names below.

    Missing: the module has no such function or class. NoSuchWeight, WeightShape: `Load` found no weight of
    that name or shape. Syntax: the chunk does not compile. `shapes` are the arrays that the failing expression
    of the innermost frame names, as (dotted name, shape).
    `lines` are those of harness.py that were busy, the innermost last; `missing` is the name that it asked for.
    `bases` are the names of the classes that the exception's own is made from, the nearest first.
    """

    kind: str
    text: str
    stage: str
    frames: tuple[Frame, ...] = ()
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    lines: tuple[int, ...] = ()
    missing: str = ""
    bases: tuple[str, ...] = ()

    @property
    def is_unwritten(self) -> bool:
        """Whether it says that code is still as it was handed out, or is not there."""
        return self.kind in ("NotImplementedError", "Missing")


@dataclass(frozen=True)
class Passed:
    """A statement that was passed over: the number of its file, its own number there, and what it raised."""

    file: int
    number: int
    raised: Raised


@dataclass(frozen=True)
class Loaded:
    """The answer to a source: the statements that raised, in order; of very many the first, and how many `more`."""

    passed: tuple[Passed, ...] = ()
    more: int = 0

    @property
    def failures(self) -> tuple[Raised, ...]:
        """What was raised, in order."""
        return tuple(passed_over.raised for passed_over in self.passed)


Answer = Union[Value, Raised]
Answers = Sequence[Answer]
